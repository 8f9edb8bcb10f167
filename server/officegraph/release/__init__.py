"""Compile a release from sources, open it, verify it."""
