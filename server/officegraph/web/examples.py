"""The example queries of the SPARQL page."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from officegraph.vocabulary.bundled import bundled_root
from officegraph.web.pages.examples import GENERAL_EXAMPLES, Example, Profile, read_examples, vocabulary_examples
from officegraph.web.publication import publication


def examples() -> Sequence[Example]:
    """Return the queries to start from: ours where our graph is served, else such as suit the vocabulary."""
    if publication().release.manifest.name == "officegraph":
        return bundled_examples()
    return vocabulary_examples(profile())


def profile() -> Profile:
    """Return what is in the vocabulary that is served."""
    release = publication().release
    statistics = release.manifest.statistics
    sizes = {iri: statistics.concepts.get(iri, 0) for iri in release.manifest.schemes}
    labels = {}
    for iri in sorted(sizes, key=lambda iri: (-sizes[iri], iri)):
        label = release.labels.best(iri)
        labels[iri] = iri if label is None else label.text
    return Profile(
        schemes=labels,
        languages=sorted(statistics.languages, key=lambda tag: (-statistics.languages[tag], tag)),
        properties=frozenset(statistics.properties),
    )


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
