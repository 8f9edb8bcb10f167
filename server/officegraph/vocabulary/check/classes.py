"""Classes that exclude each other, and concepts that are not said to be any."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pyoxigraph import NamedNode

from officegraph.model.dataset import Subject
from officegraph.model.namespaces import RDF, SKOS, SKOSXL
from officegraph.vocabulary.check.finding import Finding
from officegraph.vocabulary.check.view import View


def check_classes(view: View) -> Iterator[Finding]:
    """Find resources of classes that are disjoint (S9, S37, S48), and concepts without a type."""
    concepts = _with_reasons(view.typed_concepts, view.used_as_concepts)
    schemes = _with_reasons(view.instances(SKOS.ConceptScheme), view.used_as_schemes)
    collections = _with_reasons(
        {**view.instances(SKOS.Collection), **view.instances(SKOS.OrderedCollection)},
        {
            collection: property_
            for property_ in (SKOS.member, SKOS.memberList)
            for collection in view.index.objects_by_subject(property_)
        },
    )
    labels = dict.fromkeys(view.instances(SKOSXL.Label), RDF.type)

    for resource in schemes:
        if resource in concepts:
            yield view.finding(
                "scheme-is-concept",
                resource,
                f"{view.names(resource)} is a concept scheme ({view.names(schemes[resource])}) "
                f"and a concept ({view.names(concepts[resource])})",
                path=_telling(schemes[resource], concepts[resource]),
            )
    for resource in collections:
        for other, name in ((concepts, "concept"), (schemes, "concept scheme")):
            if resource in other:
                yield view.finding(
                    "collection-is-concept-or-scheme",
                    resource,
                    f"{view.names(resource)} is a collection ({view.names(collections[resource])}) "
                    f"and a {name} ({view.names(other[resource])})",
                    path=_telling(collections[resource], other[resource]),
                )
    for resource in labels:
        for other, name in (
            (concepts, "concept"),
            (schemes, "concept scheme"),
            (collections, "collection"),
        ):
            if resource in other:
                yield view.finding(
                    "label-is-other-resource",
                    resource,
                    f"{view.names(resource)} is a SKOS-XL label and a {name} ({view.names(other[resource])})",
                    path=other[resource],
                )
    for resource, property_ in view.used_as_concepts.items():
        if (
            resource in view.concepts
            and resource not in view.typed_concepts
            and resource not in schemes
            and resource not in collections
        ):
            yield view.finding(
                "untyped-concept",
                resource,
                f"{view.names(resource)} is a concept by {view.names(property_)} and has no type that says so",
                path=RDF.type,
            )


def _with_reasons(typed: Mapping[Subject, None], used: Mapping[Subject, NamedNode]) -> dict[Subject, NamedNode]:
    """Return what makes each resource a member of the class: its type, else a property that entails it."""
    return {**used, **dict.fromkeys(typed, RDF.type)}


def _telling(first: NamedNode, second: NamedNode) -> NamedNode:
    """Return the property that is not the type, if there is one: it is more likely to be the mistake."""
    return second if first == RDF.type else first
