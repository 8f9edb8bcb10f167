"""What the sources say of the data set as a whole, in plain values for pages, citations and feeds."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Self

from pyoxigraph import Literal, NamedNode

from officegraph.model.namespaces import DCTERMS, FOAF, SCHEMA

if TYPE_CHECKING:
    from officegraph.release.metadata.model import DatasetModel

_AUTHORS: Final = (DCTERMS.creator, SCHEMA.creator, FOAF.maker, DCTERMS.publisher, SCHEMA.publisher)
_ISSUED: Final = (DCTERMS.modified, DCTERMS.issued, SCHEMA.dateModified, SCHEMA.datePublished, DCTERMS.created)
_TITLES: Final = (DCTERMS.title, DCTERMS.alternative)


@dataclass(frozen=True, slots=True)
class DatasetFacts:
    """The data set.

    Attributes:
        title: Its title; empty where it has none.
        issued: Day of its last issue or change (ISO 8601); empty where that is not said.
        authors: Names of those who made it, else of those who publish it.
        statements: All that is said of it, by property.
    """

    title: str
    issued: str
    authors: Sequence[str]
    statements: dict[NamedNode, list[Literal | NamedNode]]

    @classmethod
    def of(cls, model: DatasetModel, labels: Callable[[str], Iterable[Literal]]) -> Self:
        """Return the facts of ``model``.

        Args:
            model: The model that descriptions of the data set are made from.
            labels: Labels of an IRI.
        """
        said: dict[NamedNode, list[Literal | NamedNode]] = {}
        for triple in model.statements:
            if triple.subject == model.iri and isinstance(triple.object, Literal | NamedNode):
                said.setdefault(triple.predicate, []).append(triple.object)
        language = model.manifest.language
        titles = [
            _named(term, language, labels) for term in (*said.get(_TITLES[0], ()), *said.get(_TITLES[1], ()))[:2]
        ] or [_best(model.titles, language)]
        issued = next((term.value for p in _ISSUED for term in said.get(p, ()) if isinstance(term, Literal)), "")
        makers = next((said[p] for p in _AUTHORS if p in said), [])
        return cls(
            title=": ".join(dict.fromkeys(titles)),
            issued=issued[:10],
            authors=[_named(term, language, labels) for term in makers],
            statements=said,
        )


def _named(term: Literal | NamedNode, language: str, labels: Callable[[str], Iterable[Literal]]) -> str:
    if isinstance(term, Literal):
        return term.value
    return _best(tuple(labels(term.value)), language) or term.value


def _best(literals: Sequence[Literal], language: str) -> str:
    ordered = sorted(literals, key=lambda literal: (literal.language or "") != language)
    return ordered[0].value if ordered else ""
