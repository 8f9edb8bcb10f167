"""Counts of a graph, as VoID defines them; counted once, stated everywhere."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from pyoxigraph import Literal, NamedNode, Triple

from officegraph.model.namespaces import OWL, RDF, RDFS, SKOS
from officegraph.release.linksets import LinksetKey

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
    triples: Collection[Triple],
    base: str,
    uri_spaces: Iterable[str] = (),
    linksets: Iterable[LinksetKey] = (),
) -> Statistics:
    """Count a graph.

    Args:
        triples: The graph, each triple once.
        base: IRI under which the data set's own resources are.
        uri_spaces: ``void:uriSpace`` of the data sets that links lead to; the longest that fits names the
            target of a link, else the namespace of the linked IRI does.
        linksets: Linksets that the data set describes. Their links are counted whatever their property, and
            also where the target is under ``base``, as the codes of a classification without IRIs are.
    """
    stated = frozenset(linksets)
    spaces = sorted(set(uri_spaces) - {base}, key=lambda space: (-len(space), space))
    mapping = frozenset(MAPPING_PROPERTIES)
    linking = mapping | {NamedNode(predicate) for predicate, _ in stated}
    subjects: set[object] = set()
    objects: set[object] = set()
    classes: dict[str, int] = {}
    properties: dict[NamedNode, int] = {}
    links: dict[str, dict[str, int]] = {}
    concepts: set[object] = set()
    in_scheme: dict[str, set[object]] = {}
    languages: dict[str, int] = {}
    # Looked up once: the loop runs millions of times.
    a, concept, scheme_of = RDF.type, SKOS.Concept, SKOS.inScheme
    naming = frozenset((SKOS.prefLabel, RDFS.label))
    for subject, predicate, value in triples:
        subjects.add(subject)
        objects.add(value)
        properties[predicate] = properties.get(predicate, 0) + 1
        if predicate == a:
            if isinstance(value, NamedNode):
                classes[value.value] = classes.get(value.value, 0) + 1
                if value == concept:
                    concepts.add(subject)
        elif predicate == scheme_of:
            if isinstance(value, NamedNode):
                in_scheme.setdefault(value.value, set()).add(subject)
        elif predicate in linking and _under(subject, base) and isinstance(value, NamedNode):
            iri = value.value
            target = next((space for space in spaces if iri.startswith(space)), None) or namespace_of(iri)
            if (predicate.value, target) in stated or (predicate in mapping and not iri.startswith(base)):
                targets = links.setdefault(predicate.value, {})
                targets[target] = targets.get(target, 0) + 1
        elif predicate in naming and isinstance(value, Literal) and value.language:
            languages[value.language] = languages.get(value.language, 0) + 1
    return Statistics(
        triples=len(triples),
        entities=sum(_under(subject, base) for subject in subjects),
        distinct_subjects=len(subjects),
        distinct_objects=len(objects),
        classes=dict(sorted(classes.items())),
        properties={node.value: properties[node] for node in sorted(properties, key=lambda node: node.value)},
        linksets={p: dict(sorted(links[p].items())) for p in sorted(links)},
        concepts={scheme: len(in_scheme[scheme] & concepts) for scheme in sorted(in_scheme)},
        concept_count=len(concepts),
        languages=dict(sorted(languages.items())),
    )


def _under(node: object, base: str) -> bool:
    return isinstance(node, NamedNode) and node.value.startswith(base)
