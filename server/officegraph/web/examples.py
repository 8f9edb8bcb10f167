"""The example queries of the SPARQL page."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from officegraph.vocabulary.bundled import bundled_root
from officegraph.web.pages.sparql import GENERAL_EXAMPLES, Example, read_examples
from officegraph.web.publication import publication


def examples() -> Sequence[Example]:
    """Return the queries to start from: ours where our graph is served, else such as suit any vocabulary."""
    return bundled_examples() if publication().release.manifest.name == "officegraph" else GENERAL_EXAMPLES


def words_to_try() -> Sequence[str]:
    """Return words to try the search with: a name, an abbreviation, and names in other languages, of our graph."""
    ours = publication().release.manifest.name == "officegraph"
    return ("settlement", "KYC", "rapprochement", "Personalwesen") if ours else ()


@lru_cache(maxsize=1)
def bundled_examples() -> Sequence[Example]:
    """Return the example queries that come with the graph of office functions."""
    try:
        folder = bundled_root() / "data" / "queries"
    except FileNotFoundError:
        return GENERAL_EXAMPLES
    return tuple(read_examples(folder)) or GENERAL_EXAMPLES
