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

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import accumulate
from typing import Final

from pyoxigraph import Literal, NamedNode

from officegraph.model.dataset import Term
from officegraph.model.labels import LABEL_PROPERTIES, labels_by_language
from officegraph.model.namespaces import (
    ADMS,
    DCAT,
    DCTERMS,
    DECOMP,
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
from officegraph.release.documents import document_iri
from officegraph.vocabulary.encoded import BLANK, IRI, LITERAL, TRIPLE_TERM, EncodedGraph
from officegraph.vocabulary.write.terms import lexical_form, literal, triple_term

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


class Describer:
    """Finds the description of every document of a dataset.

    Args:
        graphs: The graphs, all with the same terms.
        base: IRI of the dataset; terms under its ``ontology#`` mean what those of ``ofo:`` mean.
        stated: The graphs among them whose ``skos:narrowerTransitive`` is shown, since it is not entailed.
    """

    def __init__(self, graphs: Sequence[EncodedGraph], *, base: str, stated: Sequence[EncodedGraph]) -> None:
        self.graphs = graphs
        self.terms = terms = graphs[0].terms
        self.ends = list(accumulate(map(len, graphs)))
        self.kinds = terms.kinds
        own = f"{base}ontology#"
        rebased = own != OFO.iri
        components = COMPONENT_PROPERTIES | (
            {NamedNode(own + "pronunciation"), NamedNode(own + "soundSpelling")} if rebased else set()
        )
        claims = CLAIM_PROPERTIES | ({NamedNode(own + "function"), NamedNode(own + "about")} if rebased else set())
        members = range(bisect_left(terms.texts, f"<{_MEMBERSHIP}"), bisect_left(terms.texts, f"<{_MEMBERSHIP}~"))
        self._components = terms.find_all(components).union(members)
        self._claims = terms.find_all(claims)
        self._inverses = {
            first: second
            for one, other in _INVERSES.items()
            if (first := terms.find(one)) is not None and (second := terms.find(other)) is not None
        }
        self._label_ranks = {
            number: rank
            for rank, property_ in enumerate(LABEL_PROPERTIES)
            if (number := terms.find(property_)) is not None
        }
        self._label_positions: dict[int, tuple[int, ...]] = {}
        self._index(stated)

    def _index(self, stated: Sequence[EncodedGraph]) -> None:
        unreversed = self.terms.find_all(_UNREVERSED)
        kinds = self.kinds
        self.subjects, self.predicates, self.objects = array("I"), array("I"), array("I")
        self._spans: dict[int, list[tuple[int, int]]] = {}
        start = 0
        for graph in self.graphs:
            self.subjects.extend(graph.subjects)
            self.predicates.extend(graph.predicates)
            self.objects.extend(graph.objects)
            for subject, (begin, end) in graph.spans.items():
                self._spans.setdefault(subject, []).append((begin + start, end + start))
            start += len(graph)
        self._hide(self.terms.find(SKOS.narrowerTransitive), stated)
        self._incoming: dict[int, array[int]] = {}
        for position, (s, p, o) in enumerate(zip(self.subjects, self.predicates, self.objects, strict=True)):
            if kinds[o] == IRI and p not in unreversed and s != o:
                found = self._incoming.get(o)
                if found is None:
                    self._incoming[o] = array("I", (position,))
                else:
                    found.append(position)
        documents: dict[str, list[int]] = {}
        texts = self.terms.texts
        for subject in sorted((s for s in self._spans if kinds[s] == IRI), key=lambda s: texts[s][1:-1]):
            documents.setdefault(document_iri(texts[subject][1:-1]), []).append(subject)
        self.documents: Mapping[str, Sequence[int]] = dict(sorted(documents.items()))

    def _hide(self, predicate: int | None, stated: Sequence[EncodedGraph]) -> None:
        """Leave out of the spans what ``predicate`` says and is not in one of ``stated``."""
        if predicate is None:
            return
        shown = {
            (s, o)
            for graph in stated
            for s, p, o in zip(graph.subjects, graph.predicates, graph.objects, strict=True)
            if p == predicate
        }
        for subject, spans in self._spans.items():
            kept: list[tuple[int, int]] = []
            for start, end in spans:
                first = bisect_left(self.predicates, predicate, start, end)
                last = bisect_right(self.predicates, predicate, first, end)
                inner = [(at, at + 1) for at in range(first, last) if (subject, self.objects[at]) in shown]
                kept += [span for span in ((start, first), *inner, (last, end)) if span[0] < span[1]]
            spans[:] = kept

    def positions(self, subject: int) -> Iterator[int]:
        """Yield where the statements about ``subject`` are."""
        for start, end in self._spans.get(subject, ()):
            yield from range(start, end)

    def statements(self, subject: int) -> Iterator[tuple[int, int]]:
        """Yield predicate and object of the statements about ``subject``."""
        for start, end in self._spans.get(subject, ()):
            yield from zip(self.predicates[start:end], self.objects[start:end], strict=True)

    def labels(self, subject: int, language_tags: Mapping[str, str]) -> dict[str, str]:
        """Return the label of ``subject`` by language tag; see ``model.labels``."""
        found: list[tuple[NamedNode, Term]] = []
        texts = self.terms.texts
        for position in self.positions(subject):
            rank = self._label_ranks.get(self.predicates[position])
            value = texts[self.objects[position]]
            if rank is not None and value.startswith('"'):
                text = literal(value)
                form = lexical_form(text.quoted)
                found.append(
                    (LABEL_PROPERTIES[rank], Literal(form, language=text.language) if text.language else Literal(form))
                )
        return labels_by_language(found, language_tags) if found else {}

    def describe(self, iri: str) -> dict[int, None]:
        """Return where the statements are that the document ``iri`` makes.

        Raises:
            KeyError: There is no such document.
        """
        resources = self.documents[iri]
        positions: dict[int, None] = {}
        described: set[int] = set()
        self._add_with_parts(resources, positions, described)
        own = {(self.subjects[at], self.predicates[at], self.objects[at]) for at in positions}
        claims: list[int] = []
        for resource in resources:
            for predicate, found in sorted(self._pointing_to(resource, own, described).items()):
                if predicate in self._claims:
                    claims.extend(self.subjects[position] for position in found)
                positions.update(dict.fromkeys(found))
        self._add_with_parts(claims, positions, described)
        self._add_labels(positions, described)
        return positions

    def _add_with_parts(self, subjects: Iterable[int], positions: dict[int, None], described: set[int]) -> None:
        waiting = list(subjects)
        kinds, objects, predicates, components = self.kinds, self.objects, self.predicates, self._components
        while waiting:
            subject = waiting.pop()
            if subject in described:
                continue
            described.add(subject)
            for position in self.positions(subject):
                positions[position] = None
                value = objects[position]
                kind = kinds[value]
                if kind == BLANK or (kind == IRI and predicates[position] in components):
                    waiting.append(value)
                elif kind == TRIPLE_TERM:
                    waiting.extend(self._within(self.terms.texts[value]))

    def _within(self, term: str) -> Iterator[int]:
        """Yield the nodes that the triple term ``term`` has as parts of its subject."""
        subject, predicate, value = triple_term(term)
        found = [subject] if subject.startswith("_:") else []
        if value.startswith("<<("):
            yield from self._within(value)
        elif value.startswith("_:") or (value.startswith("<") and self.terms.find(predicate) in self._components):
            found.append(value)
        yield from self.terms.find_all(found)

    def _pointing_to(
        self, resource: int, own: Collection[tuple[int, int, int]], described: Collection[int]
    ) -> dict[int, list[int]]:
        """Return the positions of statements that point to ``resource``, by property, in order."""
        found: dict[int, dict[int, list[int]]] = {}
        for position in self._incoming.get(resource, ()):
            subject, predicate = self.subjects[position], self.predicates[position]
            if subject in described or (self.kinds[subject] == BLANK and predicate not in self._claims):
                continue
            inverse = self._inverses.get(predicate)
            if inverse is not None and (resource, inverse, subject) in own:
                continue
            found.setdefault(predicate, {}).setdefault(subject, []).append(position)
        return {
            predicate: [position for subject in sorted(by_subject)[:INCOMING_LIMIT] for position in by_subject[subject]]
            for predicate, by_subject in found.items()
        }

    def _add_labels(self, positions: dict[int, None], described: Collection[int]) -> None:
        mentioned: dict[int, None] = {}
        kinds = self.kinds
        for position in positions:
            subject, value = self.subjects[position], self.objects[position]
            if subject not in described:
                mentioned[subject] = None
            if kinds[value] == IRI and value not in described:
                mentioned[value] = None
        for resource in mentioned:
            labels = self._label_positions.get(resource)
            if labels is None:
                labels = self._label_positions[resource] = self._best_labels(resource)
            positions.update(dict.fromkeys(labels))

    def _best_labels(self, resource: int) -> tuple[int, ...]:
        best: int | None = None
        labels: list[int] = []
        for position in self.positions(resource):
            rank = self._label_ranks.get(self.predicates[position])
            if rank is None or self.kinds[self.objects[position]] != LITERAL:
                continue
            if best is None or rank < best:
                best, labels = rank, [position]
            elif rank == best:
                labels.append(position)
        return tuple(labels)
