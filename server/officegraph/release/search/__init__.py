"""Full-text search: an index that is built with each release, and the search over it."""
