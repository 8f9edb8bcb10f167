"""What the sources say of the data set itself: its IRI, title, version, licence."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, count
from typing import Final

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from officegraph.model.dataset import Subject, Term
from officegraph.model.labels import best_label, labels_by_language
from officegraph.model.namespaces import (
    ADMS,
    DCAT,
    DCTERMS,
    OWL,
    PAV,
    RDF,
    RDFS,
    SCHEMA,
    SKOS,
    VANN,
    VOID,
)
from officegraph.release.dumps import slug
from officegraph.release.linksets import LinksetKey, stated_linksets
from officegraph.release.schemes import AGENT_PROPERTIES
from officegraph.vocabulary.encoded import IRI, EncodedGraph

DATASET_CLASSES: Final = (VOID.Dataset, DCAT.Dataset, ADMS.Asset, SCHEMA.Dataset)
VERSION_PROPERTIES: Final = (DCAT.version, OWL.versionInfo, PAV.version, SCHEMA.version)
LICENSE_PROPERTIES: Final = (DCTERMS.license, SCHEMA.license)

_PARTS: Final = frozenset({VOID.subset, VOID.objectsTarget})
"""Properties that lead to parts of the data set, linksets among them, and to what linksets lead to."""

_FOLLOWED: Final = frozenset({*AGENT_PROPERTIES, DCAT.contactPoint, ADMS.identifier, *_PARTS})
"""Properties whose objects are described along with the data set."""

_SAID_OF_PARTS: Final = (VOID, DCTERMS, DCAT, PAV, RDF, RDFS)
"""Vocabularies that describe data sets: of a part, what it holds is not taken over with them."""

_EXAMPLES: Final = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class SelfDescription:
    """What the sources say of the data set.

    Attributes:
        iri: The data set.
        described: Whether the sources describe it.
        statements: Their statements about it, with those of its blank nodes and agents.
        title: Title by language tag.
        prefix: Preferred prefix of its namespace (``vann:preferredNamespacePrefix``), if it states one.
        version: Version, fit for a file name and a URL path; ``None`` if they state none.
        licenses: IRIs of licences.
        schemes: IRIs of the concept schemes.
        examples: Some resources that show what there is.
        uri_spaces: ``void:uriSpace`` of every data set that they describe.
        linksets: Property and target of each linkset of the data set that they describe.
    """

    iri: str
    described: bool
    statements: tuple[Triple, ...]
    title: Mapping[str, str]
    prefix: str
    version: str | None
    licenses: tuple[str, ...]
    schemes: tuple[str, ...]
    examples: tuple[str, ...]
    uri_spaces: tuple[str, ...]
    linksets: tuple[LinksetKey, ...]


def describe_self(
    graph: EncodedGraph, base: str, schemes: Sequence[str], language_tags: Mapping[str, str]
) -> SelfDescription:
    """Find what ``graph`` says of the data set at ``base``.

    The data set is the resource of one of :data:`DATASET_CLASSES` whose ``void:uriSpace`` is the base, else
    one under the base, else the only one; link sets and parts of other data sets do not count. Where it
    says nothing of version, title or licence, the only concept scheme speaks for it.
    """
    terms = graph.terms
    candidates: dict[NamedNode, None] = {}
    excluded: set[int] = set()
    linksets: dict[int, None] = {}
    tops: set[int] = set()
    concepts: set[int] = set()
    a, linkset, target, top, concept = map(
        terms.find, (RDF.type, VOID.Linkset, VOID.target, SKOS.topConceptOf, SKOS.Concept)
    )
    classes = terms.find_all(DATASET_CLASSES)
    parts = terms.find_all((VOID.subset, VOID.objectsTarget, DCAT.distribution))
    relevant = {a, target, top, *parts}
    for subject, predicate, value in zip(graph.subjects, graph.predicates, graph.objects, strict=True):
        if predicate not in relevant:
            continue
        if predicate == a:
            if value == concept:
                concepts.add(subject)
            elif value in classes:
                if terms.kinds[subject] == IRI:
                    candidates[NamedNode(terms[subject][1:-1])] = None
            elif value == linkset:
                excluded.add(subject)
                linksets[subject] = None
        elif predicate == target:
            excluded.add(subject)
        elif predicate in parts:
            excluded.add(value)
        else:
            tops.add(subject)
    top_concepts = [terms[number][1:-1] for number in tops or concepts if terms.kinds[number] == IRI]
    wanted: set[Subject] = {*(NamedNode(iri) for iri in schemes), *candidates}
    about, found_linksets = _statements(graph, wanted, linksets)
    spaces = {
        node: [v.value for p, v in about.get(node, ()) if p == VOID.uriSpace and isinstance(v, Literal)]
        for node in candidates
    }
    left_out: set[Term] = {node for node in candidates if terms.find(node) in excluded}
    iri = _choose(candidates, left_out, spaces, base)
    statements: tuple[Triple, ...] = ()
    if iri is not None:
        own = [node for node in found_linksets if (VOID.subjectsTarget, iri) in about.get(node, ())]
        statements = tuple(_reachable(about, iri, own))
    scheme = NamedNode(schemes[0]) if len(schemes) == 1 else None
    speakers = [node for node in (iri, scheme) if node is not None]
    return SelfDescription(
        iri=iri.value if iri is not None else unused_iri(f"{base}dataset", graph),
        described=iri is not None,
        statements=statements,
        title=next(filter(None, (labels_by_language(about.get(n, ()), language_tags) for n in speakers)), {}),
        prefix=_first_text(about, speakers, (VANN.preferredNamespacePrefix,)),
        version=_version(about, speakers),
        licenses=_licenses(about, speakers),
        schemes=tuple(schemes),
        examples=tuple(sorted(top_concepts)[:_EXAMPLES]),
        uri_spaces=tuple(sorted({space for found in spaces.values() for space in found})),
        linksets=tuple(sorted(stated_linksets(statements, iri))) if iri is not None else (),
    )


def _statements(
    graph: EncodedGraph, wanted: Iterable[Subject], linksets: Iterable[int]
) -> tuple[dict[Subject, list[tuple[NamedNode, Term]]], list[Subject]]:
    """Return what is said of ``wanted`` and ``linksets`` and of what they lead to, and the link sets as terms."""
    about: dict[Subject, list[tuple[NamedNode, Term]]] = {}
    found: dict[int, Subject] = {}
    waiting = [*linksets, *graph.terms.find_all(wanted)]
    while waiting:
        number = waiting.pop()
        if number in found:
            continue
        for subject, predicate, value in graph.about(number):
            found[number] = subject
            about.setdefault(subject, []).append((predicate, value))
            if isinstance(value, BlankNode) or (isinstance(value, NamedNode) and predicate in _FOLLOWED):
                waiting += graph.terms.find_all([value])
    return about, [found[number] for number in linksets]


def unused_iri(iri: str, graph: EncodedGraph) -> str:
    """Return ``iri``, with a number added if ``graph`` describes something else by that name."""
    names = chain((iri,), (f"{iri}-{number}" for number in count(1)))
    return next(name for name in names if graph.terms.find(NamedNode(name)) not in graph.spans)


def _choose(
    candidates: Iterable[NamedNode],
    excluded: set[Term],
    spaces: Mapping[NamedNode, Sequence[str]],
    base: str,
) -> NamedNode | None:
    fitting = sorted(
        (node for node in candidates if node not in excluded), key=lambda node: (len(node.value), node.value)
    )
    for node in fitting:
        if base in spaces[node]:
            return node
    for node in fitting:
        if node.value.startswith(base) or node.value == base.rstrip("/#"):
            return node
    return fitting[0] if len(fitting) == 1 and not spaces[fitting[0]] else None


def _reachable(
    about: Mapping[Subject, Sequence[tuple[NamedNode, Term]]], start: Subject, parts: Sequence[Subject]
) -> Iterator[Triple]:
    waiting: list[Subject] = list(dict.fromkeys((start, *parts)))
    seen: set[Subject] = set(waiting)
    part = seen - {start}
    while waiting:
        subject = waiting.pop(0)
        for predicate, value in about.get(subject, ()):
            if subject in part and not any(predicate in vocabulary for vocabulary in _SAID_OF_PARTS):
                continue
            yield Triple(subject, predicate, value)
            linked = isinstance(value, BlankNode) or (isinstance(value, NamedNode) and predicate in _FOLLOWED)
            if linked and isinstance(value, NamedNode | BlankNode) and value not in seen:
                seen.add(value)
                waiting.append(value)
                if predicate in _PARTS:
                    part.add(value)


def _first_text(
    about: Mapping[Subject, Sequence[tuple[NamedNode, Term]]],
    speakers: Iterable[NamedNode],
    properties: Iterable[NamedNode],
) -> str:
    """Return the first value, by speaker, property and code point; empty if there is none."""
    for node in speakers:
        for wanted in properties:
            found = [v.value for p, v in about.get(node, ()) if p == wanted and isinstance(v, Literal)]
            if found:
                return min(found)
    return ""


def _version(about: Mapping[Subject, Sequence[tuple[NamedNode, Term]]], speakers: Iterable[NamedNode]) -> str | None:
    text = _first_text(about, speakers, VERSION_PROPERTIES)
    return re.sub(r"[^A-Za-z0-9._-]+", "-", text).strip("-.")[:40] or None


def _licenses(
    about: Mapping[Subject, Sequence[tuple[NamedNode, Term]]], speakers: Iterable[NamedNode]
) -> tuple[str, ...]:
    for node in speakers:
        values = [value for predicate, value in about.get(node, ()) if predicate in LICENSE_PROPERTIES]
        found = {value.value for value in values if not isinstance(value, Triple) and _is_iri(value)}
        if found:
            return tuple(sorted(found))
    return ()


def _is_iri(value: Term) -> bool:
    if isinstance(value, NamedNode):
        return True
    return isinstance(value, Literal) and value.value.startswith(("http://", "https://"))


def short_name(itself: SelfDescription, first_source: str, language: str) -> str:
    """Return the short name of a data set, which the names of its dumps begin with.

    Args:
        itself: What the sources say of it: the prefix that they prefer names it, else its title.
        first_source: Name of its first source file, for want of these.
        language: Language that labels fall back to.
    """
    label = best_label(itself.title, (), language)
    return (
        slug(itself.prefix)
        or (slug(label.text) if label is not None else "")
        or slug(first_source.rsplit("/", 1)[-1])
        or "dataset"
    )
