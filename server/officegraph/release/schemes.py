"""The part of a vocabulary that belongs to one concept scheme."""

from __future__ import annotations

from typing import Final

from pyoxigraph import NamedNode

from officegraph.model.namespaces import DCTERMS, RDF, SCHEMA, SKOS
from officegraph.release.describing import COMPONENT_PROPERTIES
from officegraph.vocabulary.encoded import BLANK, IRI, EncodedGraph

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


def schemes_of(graph: EncodedGraph) -> list[str]:
    """Return the IRIs of the concept schemes that ``graph`` describes, sorted."""
    terms = graph.terms
    a, scheme = terms.find(RDF.type), terms.find(SKOS.ConceptScheme)
    if a is None or scheme is None:
        return []
    found = {
        subject
        for subject, predicate, value in zip(graph.subjects, graph.predicates, graph.objects, strict=True)
        if value == scheme and predicate == a and terms.kinds[subject] == IRI
    }
    return sorted(terms.texts[number][1:-1] for number in found)


class SchemeParts:
    """Finds what a file of one scheme holds.

    That is the scheme, its concepts and the collections of these alone, each with its blank nodes and components
    (SKOS-XL labels, …), and the agents that the scheme names. Nothing is said of concepts of other schemes,
    nor of collections with members of several, so that tools which expect one scheme in a file find one.

    Args:
        graph: The default graph.
    """

    def __init__(self, graph: EncodedGraph) -> None:
        self._graph = graph
        self._terms = terms = graph.terms
        self._in_scheme: dict[int, dict[int, None]] = {}
        self._members: dict[int, list[int]] = {}
        self._components = terms.find_all(COMPONENT_PROPERTIES)
        self._agents = terms.find_all(AGENT_PROPERTIES)
        in_scheme = terms.find_all((SKOS.inScheme, SKOS.topConceptOf))
        has_top, member = terms.find(SKOS.hasTopConcept), terms.find(SKOS.member)
        relevant = {*in_scheme, has_top, member}
        for subject, predicate, value in zip(graph.subjects, graph.predicates, graph.objects, strict=True):
            if predicate not in relevant:
                continue
            if predicate in in_scheme:
                self._in_scheme.setdefault(value, {})[subject] = None
            elif predicate == member:
                self._members.setdefault(subject, []).append(value)
            elif terms.kinds[value] == IRI:
                self._in_scheme.setdefault(subject, {})[value] = None

    def of(self, scheme: str) -> list[int]:
        """Return the subjects of the statements that a file of ``scheme`` holds."""
        number = self._terms.find(NamedNode(scheme))
        if number is None:
            return []
        graph, kinds = self._graph, self._terms.kinds
        chosen: dict[int, None] = {number: None, **self._in_scheme.get(number, {})}
        for collection, members in self._members.items():
            if all(member in chosen for member in members):
                chosen[collection] = None
        waiting = list(chosen)
        while waiting:
            subject = waiting.pop()
            followed = self._components | self._agents if subject == number else self._components
            start, end = graph.spans.get(subject, (0, 0))
            for predicate, value in zip(graph.predicates[start:end], graph.objects[start:end], strict=True):
                linked = predicate in followed and kinds[value] == IRI
                if (linked or kinds[value] == BLANK) and value not in chosen:
                    chosen[value] = None
                    waiting.append(value)
        return [subject for subject in chosen if subject in graph.spans]
