"""Releases: the immutable folder that ``build`` compiles and ``serve`` publishes."""
