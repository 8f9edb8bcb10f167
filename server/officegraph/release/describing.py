"""Which statements describe a resource: what its document says.

A *document* is what the IRI without its fragment identifies, so all resources of a hash namespace
share one. The description of a document's resources holds, in this order:

1. their own statements;
2. the statements of blank nodes reached from those, and of *components*: nodes that have an IRI
   but say nothing on their own, such as the forms and senses of a lexical entry or the SKOS-XL
   labels of a concept (:data:`COMPONENT_PROPERTIES`), as deep as they nest;
3. the nodes that make claims about the resource, in full (placements: :data:`CLAIM_PROPERTIES`);
4. statements of others that point to it, at most :data:`INCOMING_LIMIT` for each property, save
   those that only mirror a statement of its own, that sort things into classes, schemes and data sets or
   say who made them, or whose subject is a blank node, which says nothing when cut off from its owner;
5. the preferred labels, in all languages, of every resource mentioned so far, so that nothing has to
   be fetched to show the description;
6. what is known of the document itself (``foaf:primaryTopic``, licence, release).

Left out is entailed ``skos:narrowerTransitive``, which for a top concept lists the whole scheme;
``skos:broaderTransitive`` says the same, briefly, in the other direction.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from officegraph.model.dataset import GraphName, Subject, Term
from officegraph.model.labels import label_rank, labels_by_language
from officegraph.model.namespaces import (
    ADMS,
    DCAT,
    DCTERMS,
    DECOMP,
    FOAF,
    ISO_THES,
    LEMONETY,
    LEXICOG,
    OFO,
    ONTOLEX,
    PROV,
    RDF,
    RDFS,
    SH,
    SKOS,
    SKOSXL,
    VOID,
)

COMPONENT_PROPERTIES: Final = frozenset(
    {
        SKOSXL.prefLabel,
        SKOSXL.altLabel,
        SKOSXL.hiddenLabel,
        ONTOLEX.canonicalForm,
        ONTOLEX.otherForm,
        ONTOLEX.lexicalForm,
        ONTOLEX.sense,
        ONTOLEX.isLexicalizedSenseOf,
        LEXICOG.usageExample,
        LEXICOG.subComponent,
        DECOMP.constituent,
        LEMONETY.etymology,
        LEMONETY.startingLink,
        LEMONETY.hasEtyLink,
        ADMS.identifier,
        DCAT.contactPoint,
        DCTERMS.temporal,
        SH.property,
        OFO.pronunciation,
        OFO.soundSpelling,
    }
)
"""Properties whose objects are parts of their subject, and are described with it."""

CLAIM_PROPERTIES: Final = frozenset({OFO.function, OFO.about})
"""Properties from a node that makes a claim to the resource that the claim is about."""

INCOMING_LIMIT: Final = 500
"""How many statements of one property may point to a resource in its description."""

_MEMBERSHIP: Final = RDF.iri + "_"
_INVERSES: Final = {
    SKOS.broader: SKOS.narrower,
    SKOS.narrower: SKOS.broader,
    SKOS.broadMatch: SKOS.narrowMatch,
    SKOS.narrowMatch: SKOS.broadMatch,
    SKOS.hasTopConcept: SKOS.topConceptOf,
    SKOS.topConceptOf: SKOS.hasTopConcept,
    **{
        ISO_THES[f"{one}{kind}"]: ISO_THES[f"{other}{kind}"]
        for kind in ("Generic", "Partitive", "Instantial")
        for one, other in (("broader", "narrower"), ("narrower", "broader"))
    },
    **{p: p for p in (SKOS.related, SKOS.exactMatch, SKOS.closeMatch, SKOS.relatedMatch)},
}
_UNREVERSED: Final = frozenset(
    {
        RDF.type,
        RDFS.isDefinedBy,
        SKOS.inScheme,
        SKOS.broaderTransitive,
        SKOS.narrowerTransitive,
        VOID.inDataset,
        VOID.exampleResource,
        PROV.wasGeneratedBy,
        PROV.wasAttributedTo,
        DCTERMS.isPartOf,
        DCTERMS.license,
        DCTERMS.language,
        DCTERMS.creator,
        DCTERMS.publisher,
    }
)


def document_iri(iri: str) -> str:
    """Return the IRI of the document that describes ``iri``: the part before its fragment."""
    return iri.partition("#")[0]


@dataclass(slots=True)
class Description:
    """What a document says.

    Attributes:
        default: Statements of the default graph.
        graphs: Statements of each named graph; only a dataset that was given as quads has them.
    """

    default: list[Triple] = field(default_factory=list)
    graphs: dict[GraphName, list[Triple]] = field(default_factory=dict)

    def triples(self) -> list[Triple]:
        """Return the statements of all graphs together, without repetition."""
        if not self.graphs:
            return self.default
        return list(dict.fromkeys([*self.default, *(t for graph in self.graphs.values() for t in graph)]))


class Describer:
    """Finds the description of every document of a dataset.

    Args:
        default: Triples of the default graph.
        graphs: Triples of the named graphs, where these hold more than the default graph.
        base: IRI of the dataset; terms under its ``ontology#`` mean what those of ``ofo:`` mean.
        metadata: Predicate and object of each statement that every document makes about itself.
    """

    def __init__(
        self,
        default: Sequence[Triple],
        graphs: Mapping[GraphName, Sequence[Triple]] | None = None,
        *,
        base: str,
        metadata: Sequence[tuple[NamedNode, Term]] = (),
    ) -> None:
        self._metadata = metadata
        self._names: list[GraphName | None] = [None, *(graphs or {})]
        self._triples: list[Triple] = list(default)
        self._graph_ends = [len(self._triples)]
        for graph in (graphs or {}).values():
            self._triples.extend(graph)
            self._graph_ends.append(len(self._triples))
        own = f"{base}ontology#"
        rebased = own != OFO.iri
        self._components = COMPONENT_PROPERTIES | (
            {NamedNode(own + "pronunciation"), NamedNode(own + "soundSpelling")} if rebased else set()
        )
        self._claims = CLAIM_PROPERTIES | (
            {NamedNode(own + "function"), NamedNode(own + "about")} if rebased else set()
        )
        self._index()

    def _index(self) -> None:
        by_subject: dict[Subject, list[int]] = {}
        incoming: dict[NamedNode, list[int]] = {}
        for position, triple in enumerate(self._triples):
            subject, predicate, value = triple
            by_subject.setdefault(subject, []).append(position)
            if isinstance(value, NamedNode) and predicate not in _UNREVERSED and subject != value:
                incoming.setdefault(value, []).append(position)
        self._by_subject, self._incoming = by_subject, incoming
        documents: dict[str, list[NamedNode]] = {}
        for iri in sorted(node.value for node in by_subject if isinstance(node, NamedNode)):
            documents.setdefault(document_iri(iri), []).append(NamedNode(iri))
        self.documents: Mapping[str, Sequence[NamedNode]] = dict(sorted(documents.items()))

    def statements(self, subject: Subject) -> Iterator[Triple]:
        """Yield the statements about ``subject``."""
        for position in self._by_subject.get(subject, ()):
            yield self._triples[position]

    def labels(self, subject: Subject, language_tags: Mapping[str, str]) -> dict[str, str]:
        """Return the label of ``subject`` by language tag; see ``model.labels``."""
        return labels_by_language(((t.predicate, t.object) for t in self.statements(subject)), language_tags)

    def describe(self, iri: str) -> Description:
        """Return the description that the document ``iri`` gives.

        Raises:
            KeyError: There is no such document.
        """
        resources = self.documents[iri]
        positions: dict[int, None] = {}
        described: set[Subject] = set()
        self._add_with_parts(resources, positions, described)
        own = {self._triples[position] for position in positions}
        claims: list[Subject] = []
        for resource in resources:
            for predicate, found in sorted(self._pointing_to(resource, own, described).items()):
                if NamedNode(predicate) in self._claims:
                    for position in found:
                        subject, _, _ = self._triples[position]
                        claims.append(subject)
                positions.update(dict.fromkeys(found))
        self._add_with_parts(claims, positions, described)
        self._add_labels(positions, described)
        return self._compose(resources, positions)

    def _add_with_parts(self, subjects: Iterable[Subject], positions: dict[int, None], described: set[Subject]) -> None:
        waiting = list(subjects)
        while waiting:
            subject = waiting.pop()
            if subject in described:
                continue
            described.add(subject)
            for position in self._by_subject.get(subject, ()):
                positions[position] = None
                triple = self._triples[position]
                waiting.extend(self._parts(triple.predicate, triple.object))

    def _parts(self, predicate: NamedNode, value: Term) -> Iterator[Subject]:
        if isinstance(value, BlankNode):
            yield value
        elif isinstance(value, NamedNode):
            if predicate in self._components or predicate.value.startswith(_MEMBERSHIP):
                yield value
        elif isinstance(value, Triple):
            subject, inner, inside = value
            if isinstance(subject, BlankNode):
                yield subject
            yield from self._parts(inner, inside)

    def _pointing_to(self, resource: NamedNode, own: set[Triple], described: set[Subject]) -> dict[str, list[int]]:
        """Return the positions of statements that point to ``resource``, by property, in order."""
        found: dict[str, dict[Subject, list[int]]] = {}
        for position in self._incoming.get(resource, ()):
            subject, predicate, _ = self._triples[position]
            if subject in described or (isinstance(subject, BlankNode) and predicate not in self._claims):
                continue
            inverse = _INVERSES.get(predicate)
            if inverse is not None and Triple(resource, inverse, subject) in own:
                continue
            found.setdefault(predicate.value, {}).setdefault(subject, []).append(position)
        chosen: dict[str, list[int]] = {}
        for predicate_iri, by_subject in found.items():
            subjects = sorted(by_subject, key=str)[:INCOMING_LIMIT]
            chosen[predicate_iri] = [position for subject in subjects for position in by_subject[subject]]
        return chosen

    def _add_labels(self, positions: dict[int, None], described: set[Subject]) -> None:
        mentioned: dict[Subject, None] = {}
        for position in positions:
            subject, _, value = self._triples[position]
            if subject not in described:
                mentioned[subject] = None
            if isinstance(value, NamedNode) and value not in described:
                mentioned[value] = None
        for resource in mentioned:
            best: int | None = None
            labels: list[int] = []
            for position in self._by_subject.get(resource, ()):
                triple = self._triples[position]
                rank = label_rank(triple.predicate)
                if rank is None or not isinstance(triple.object, Literal):
                    continue
                if best is None or rank < best:
                    best, labels = rank, [position]
                elif rank == best:
                    labels.append(position)
            positions.update(dict.fromkeys(labels))

    def _compose(self, resources: Sequence[NamedNode], positions: Iterable[int]) -> Description:
        description = Description()
        default_end = self._graph_ends[0]
        default: dict[Triple, None] = {}
        graphs: dict[int, dict[Triple, None]] = {}
        for position in positions:
            triple = self._triples[position]
            if position < default_end:
                default[triple] = None
                continue
            number = next(n for n, end in enumerate(self._graph_ends) if position < end)
            graphs.setdefault(number, {})[triple] = None
        if self._metadata:
            document = BlankNode("document")
            default[Triple(document, RDF.type, FOAF.Document)] = None
            topic = resources[0]  # the document's own IRI sorts before those with a fragment
            if len(resources) == 1 or "#" not in topic.value:
                default[Triple(document, FOAF.primaryTopic, topic)] = None
            for predicate, value in self._metadata:
                default[Triple(document, predicate, value)] = None
        description.default = list(default)
        for number in sorted(graphs):
            name = self._names[number]
            if name is not None:
                description.graphs[name] = list(graphs[number])
        return description
