"""Sources of a vocabulary: read, entail, derive, check and write them."""
