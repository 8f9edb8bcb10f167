"""What a resource is called: the properties that name things, and the choice among languages."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final, NamedTuple

from pyoxigraph import Literal, NamedNode

from officegraph.model.dataset import Term
from officegraph.model.languages import best_literal
from officegraph.model.namespaces import DCTERMS, FOAF, ONTOLEX, RDF, RDFS, SCHEMA, SKOS, SKOSXL, Namespace

DC: Final = Namespace("http://purl.org/dc/elements/1.1/")
SCHEMA_HTTP: Final = Namespace("http://schema.org/")

LABEL_PROPERTIES: Final = (
    SKOS.prefLabel,
    RDFS.label,
    DCTERMS.title,
    SCHEMA.name,
    SKOSXL.literalForm,
    FOAF.name,
    ONTOLEX.writtenRep,
    DC.title,
    SCHEMA_HTTP.name,
    RDF.value,
    SKOS.notation,
)
"""Properties that name their subject, the best first."""

_RANKS: Final = {property_: rank for rank, property_ in enumerate(LABEL_PROPERTIES)}


class Label(NamedTuple):
    """A name of a resource and the tag of its language, which is empty for a plain string."""

    text: str
    language: str


def label_rank(predicate: NamedNode) -> int | None:
    """Return the place of ``predicate`` among the label properties, 0 for the best, or ``None``."""
    return _RANKS.get(predicate)


def labels_by_language(
    statements: Iterable[tuple[NamedNode, Term]], language_tags: Mapping[str, str] | None = None
) -> dict[str, str]:
    """Choose one label per language among the statements of one resource.

    Args:
        statements: Predicate and object of each statement.
        language_tags: Spelling of language tags, from the lower-cased tag; see ``Dataset.language_tags``.

    Returns:
        The label by language tag, sorted by tag; the empty tag stands for no language. In each
        language the property that ranks first wins, and among its values the first by code point,
        so that the choice does not depend on the order of statements.
    """
    best: dict[str, tuple[int, str]] = {}
    for predicate, value in statements:
        rank = _RANKS.get(predicate)
        if rank is None or not isinstance(value, Literal) or not value.value.strip():
            continue
        language = value.language or ""
        found = best.get(language)
        if found is None or (rank, value.value) < found:
            best[language] = (rank, value.value)
    tags = language_tags or {}
    return {tags.get(language, language): best[language][1] for language in sorted(best)}


def best_label(labels: Mapping[str, str], ranges: Sequence[str], default: str = "en") -> Label | None:
    """Choose the label for a reader.

    Args:
        labels: Label by language tag, as :func:`labels_by_language` returns it.
        ranges: The reader's language ranges, the most wanted first.
        default: Language to fall back to.

    Returns:
        The label that ``languages.best_literal`` chooses, by Lookup of RFC 4647 and its fallbacks; ``None``
        if there is no label at all.
    """
    literals = {Literal(text, language=tag) if tag else Literal(text): tag for tag, text in labels.items()}
    found = best_literal(literals, ranges, default)
    return None if found is None else Label(found.value, literals[found])
