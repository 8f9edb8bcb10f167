"""A small builder of triples."""

from __future__ import annotations

from collections.abc import Iterator

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from officegraph.model.dataset import Subject, Term
from officegraph.model.namespaces import XSD


class Statements:
    """Collects triples in order, each once; blank nodes are numbered, so the result is deterministic.

    Args:
        prefix: Start of the labels of blank nodes.
    """

    def __init__(self, prefix: str) -> None:
        self._prefix = prefix
        self._nodes = 0
        self._triples: dict[Triple, None] = {}

    def add(self, subject: Subject, predicate: NamedNode, *objects: Term) -> None:
        """State each of ``objects``."""
        for value in objects:
            self._triples[Triple(subject, predicate, value)] = None

    def extend(self, triples: Iterator[Triple] | list[Triple]) -> None:
        """State ``triples``."""
        self._triples.update(dict.fromkeys(triples))

    def node(self) -> BlankNode:
        """Return a new blank node."""
        self._nodes += 1
        return BlankNode(f"{self._prefix}{self._nodes}")

    def triples(self) -> list[Triple]:
        """Return what was stated."""
        return list(self._triples)


def integer(number: int) -> Literal:
    """Return ``number`` as ``xsd:integer``, the range of VoID's counts."""
    return Literal(str(number), datatype=XSD.integer)
