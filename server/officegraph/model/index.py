"""Triples by predicate, then by subject or object: the look-ups that rules and checks need."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from pyoxigraph import Literal, NamedNode, Triple

from officegraph.model.dataset import Subject, Term
from officegraph.model.namespaces import RDF


class TripleIndex:
    """Look-ups over triples, for one pass of rules over a graph that fits into memory.

    Order is the order of the triples, so that whatever is computed from an index is deterministic.

    Attributes:
        by_predicate: Subject and object of each triple, by predicate.
    """

    __slots__ = ("_objects", "_subjects", "by_predicate")

    def __init__(self, triples: Iterable[Triple]) -> None:
        """Index ``triples``, which must not repeat."""
        by_predicate: dict[NamedNode, list[tuple[Subject, Term]]] = {}
        for subject, predicate, value in triples:
            pairs = by_predicate.get(predicate)
            if pairs is None:
                pairs = by_predicate[predicate] = []
            pairs.append((subject, value))
        self.by_predicate = by_predicate
        self._objects: dict[NamedNode, dict[Subject, list[Term]]] = {}
        self._subjects: dict[NamedNode, dict[Term, list[Subject]]] = {}

    def pairs(self, predicate: NamedNode) -> Sequence[tuple[Subject, Term]]:
        """Return subject and object of all triples with ``predicate``."""
        return self.by_predicate.get(predicate, ())

    def objects_by_subject(self, predicate: NamedNode) -> dict[Subject, list[Term]]:
        """Return the objects of ``predicate`` by subject; the mapping is shared, do not change it."""
        found = self._objects.get(predicate)
        if found is None:
            found = self._objects[predicate] = {}
            for subject, value in self.pairs(predicate):
                found.setdefault(subject, []).append(value)
        return found

    def subjects_by_object(self, predicate: NamedNode) -> dict[Term, list[Subject]]:
        """Return the subjects of ``predicate`` by object; the mapping is shared, do not change it."""
        found = self._subjects.get(predicate)
        if found is None:
            found = self._subjects[predicate] = {}
            for subject, value in self.pairs(predicate):
                found.setdefault(value, []).append(subject)
        return found

    def objects(self, subject: Subject, predicate: NamedNode) -> Sequence[Term]:
        """Return the objects of the triples with ``subject`` and ``predicate``."""
        return self.objects_by_subject(predicate).get(subject, ())

    def subjects(self, predicate: NamedNode, value: Term) -> Sequence[Subject]:
        """Return the subjects of the triples with ``predicate`` and the object ``value``."""
        return self.subjects_by_object(predicate).get(value, ())

    def instances(self, class_: NamedNode) -> Sequence[Subject]:
        """Return the resources whose ``rdf:type`` is stated to be ``class_``."""
        return self.subjects(RDF.type, class_)

    def rdf_list(self, head: Term) -> list[Term]:
        """Return the members of the RDF collection at ``head``; a circular one ends where it began.

        The structure is that of RDF Schema 1.1, section 5.2.
        """
        members: list[Term] = []
        seen: set[Term] = set()
        node = head
        while node != RDF.nil and node not in seen and not isinstance(node, Literal | Triple):
            seen.add(node)
            members += self.objects(node, RDF.first)[:1]
            following = self.objects(node, RDF.rest)
            if not following:
                break
            node = following[0]
        return members
