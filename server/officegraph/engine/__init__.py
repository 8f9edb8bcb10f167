"""Evaluate SPARQL over a release, bounded in time, memory and size of the answer."""
