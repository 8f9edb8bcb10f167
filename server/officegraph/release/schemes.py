"""The part of a vocabulary that belongs to one concept scheme."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from pyoxigraph import BlankNode, NamedNode, Triple

from officegraph.model.dataset import Subject, Term
from officegraph.model.namespaces import DCTERMS, RDF, SCHEMA, SKOS
from officegraph.release.describing import COMPONENT_PROPERTIES

AGENT_PROPERTIES: Final = frozenset(
    {
        DCTERMS.creator,
        DCTERMS.contributor,
        DCTERMS.publisher,
        DCTERMS.rightsHolder,
        SCHEMA.creator,
        SCHEMA.publisher,
        SCHEMA.copyrightHolder,
    }
)
"""Properties from a scheme to the agents that are described along with it."""


def schemes_of(triples: Sequence[Triple]) -> list[str]:
    """Return the IRIs of the concept schemes that ``triples`` describe or that concepts are in, sorted."""
    found: set[str] = set()
    a, scheme = RDF.type, SKOS.ConceptScheme
    for subject, predicate, value in triples:
        if predicate == a and value == scheme and isinstance(subject, NamedNode):
            found.add(subject.value)
    return sorted(found)


class SchemeParts:
    """Finds what a file of one scheme holds.

    That is the scheme, its concepts and the collections of these, each with its blank nodes and components
    (SKOS-XL labels, …), and the agents that the scheme names. Nothing is said of concepts of other schemes,
    so that tools which expect one scheme in a file find one.

    Args:
        triples: The default graph.
    """

    def __init__(self, triples: Sequence[Triple]) -> None:
        self._by_subject: dict[Subject, list[Triple]] = {}
        self._in_scheme: dict[Term, dict[Subject, None]] = {}
        self._collections: dict[Term, list[Subject]] = {}
        # Looked up once: the loop runs millions of times.
        in_scheme = frozenset((SKOS.inScheme, SKOS.topConceptOf))
        has_top, member = SKOS.hasTopConcept, SKOS.member
        for triple in triples:
            subject, predicate, value = triple
            self._by_subject.setdefault(subject, []).append(triple)
            if predicate in in_scheme:
                self._in_scheme.setdefault(value, {})[subject] = None
            elif predicate == has_top and isinstance(value, NamedNode):
                self._in_scheme.setdefault(subject, {})[value] = None
            elif predicate == member:
                self._collections.setdefault(value, []).append(subject)

    def of(self, scheme: NamedNode) -> list[Triple]:
        """Return the triples that a file of ``scheme`` holds, each once."""
        chosen: dict[Subject, None] = {scheme: None, **self._in_scheme.get(scheme, {})}
        for member in list(chosen):
            chosen.update(dict.fromkeys(self._collections.get(member, ())))
        waiting = list(chosen)
        while waiting:
            subject = waiting.pop()
            followed = COMPONENT_PROPERTIES | AGENT_PROPERTIES if subject == scheme else COMPONENT_PROPERTIES
            for _, predicate, value in self._by_subject.get(subject, ()):
                linked = isinstance(value, NamedNode) and predicate in followed
                if (linked or isinstance(value, BlankNode)) and value not in chosen:
                    chosen[value] = None
                    waiting.append(value)
        return [triple for subject in chosen for triple in self._by_subject.get(subject, ())]
