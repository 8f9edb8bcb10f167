"""Counts of a graph, as VoID defines them; counted once, stated everywhere."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final, TypeVar

from pyoxigraph import NamedNode

from officegraph.model.namespaces import OWL, RDF, RDFS, SKOS
from officegraph.release.linksets import LinksetKey
from officegraph.vocabulary.encoded import IRI, LITERAL, EncodedGraph
from officegraph.vocabulary.write.terms import literal

_Value = TypeVar("_Value")

MAPPING_PROPERTIES: Final = (
    SKOS.exactMatch,
    SKOS.closeMatch,
    SKOS.broadMatch,
    SKOS.narrowMatch,
    SKOS.relatedMatch,
    OWL.sameAs,
)
"""Properties whose statements link a data set to others."""


def namespace_of(iri: str) -> str:
    """Return ``iri`` up to its last ``#`` or, without one, its last ``/`` (or ``:``)."""
    for mark in "#/:":
        cut = iri.rfind(mark)
        if cut >= 0:
            return iri[: cut + 1]
    return iri


@dataclass(frozen=True, slots=True)
class Statistics:
    """What VoID counts (https://www.w3.org/TR/void/#statistics), of one graph.

    Attributes:
        triples: ``void:triples``.
        entities: ``void:entities``: distinct subjects that are IRIs under the data set's ``void:uriSpace``.
        distinct_subjects: ``void:distinctSubjects``, blank nodes included.
        distinct_objects: ``void:distinctObjects``, literals and blank nodes included.
        classes: Instances of each class, by its IRI.
        properties: Triples of each property, by its IRI.
        linksets: Links by property and by namespace of what they lead to: mappings to other data sets, and
            what the data set itself describes as a linkset.
        concepts: Concepts of each scheme, by the scheme's IRI.
        concept_count: Resources that are a ``skos:Concept``.
        languages: Names of resources in each language, by its tag in lower case.
    """

    triples: int = 0
    entities: int = 0
    distinct_subjects: int = 0
    distinct_objects: int = 0
    classes: Mapping[str, int] = field(default_factory=dict)
    properties: Mapping[str, int] = field(default_factory=dict)
    linksets: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    concepts: Mapping[str, int] = field(default_factory=dict)
    concept_count: int = 0
    languages: Mapping[str, int] = field(default_factory=dict)


def count(
    graph: EncodedGraph, base: str, uri_spaces: Iterable[str] = (), linksets: Iterable[LinksetKey] = ()
) -> Statistics:
    """Count a graph.

    Args:
        graph: The graph.
        base: IRI under which the data set's own resources are.
        uri_spaces: ``void:uriSpace`` of the data sets that links lead to; the longest that fits names the
            target of a link, else the namespace of the linked IRI does.
        linksets: Linksets that the data set describes. Their links are counted whatever their property, and
            also where the target is under ``base``, as the codes of a classification without IRIs are.
    """
    stated = frozenset(linksets)
    terms = graph.terms
    texts, kinds = terms.texts, terms.kinds
    own = range(bisect_left(texts, f"<{base}"), bisect_left(texts, f"<{base}\U0010ffff"))
    spaces = sorted(set(uri_spaces) - {base}, key=lambda space: (-len(space), space))
    a, concept, scheme_of = (terms.find(term) for term in (RDF.type, SKOS.Concept, SKOS.inScheme))
    mapping = terms.find_all(MAPPING_PROPERTIES)
    linking = mapping | terms.find_all(NamedNode(predicate) for predicate, _ in stated)
    naming = terms.find_all((SKOS.prefLabel, RDFS.label))
    counted = {a, scheme_of, *linking, *naming}
    classes: Counter[int] = Counter()
    links: dict[int, Counter[str]] = {}
    concepts: set[int] = set()
    in_scheme: dict[int, set[int]] = {}
    languages: Counter[str] = Counter()
    for subject, predicate, value in zip(graph.subjects, graph.predicates, graph.objects, strict=True):
        if predicate not in counted:
            continue
        if predicate in naming:
            if kinds[value] == LITERAL and (language := literal(texts[value]).language):
                languages[language.lower()] += 1
        elif kinds[value] != IRI:
            continue
        elif predicate == a:
            classes[value] += 1
            if value == concept:
                concepts.add(subject)
        elif predicate == scheme_of:
            in_scheme.setdefault(value, set()).add(subject)
        elif subject in own:
            iri = texts[value][1:-1]
            target = next((space for space in spaces if iri.startswith(space)), None) or namespace_of(iri)
            if (texts[predicate][1:-1], target) in stated or (predicate in mapping and value not in own):
                links.setdefault(predicate, Counter())[target] += 1

    def by_iri(found: Mapping[int, _Value]) -> dict[str, _Value]:
        return dict(sorted((texts[number][1:-1], value) for number, value in found.items()))

    return Statistics(
        triples=len(graph),
        entities=sum(subject in own for subject in graph.spans),
        distinct_subjects=len(graph.spans),
        distinct_objects=len(set(graph.objects)),
        classes=by_iri(classes),
        properties=by_iri(Counter(graph.predicates)),
        linksets=by_iri({predicate: dict(sorted(found.items())) for predicate, found in links.items()}),
        concepts=by_iri({scheme: len(members & concepts) for scheme, members in in_scheme.items()}),
        concept_count=len(concepts),
        languages=dict(sorted(languages.items())),
    )
