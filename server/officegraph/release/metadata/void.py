"""VoID: what the data set holds, counted, and where it can be had (https://www.w3.org/TR/void/)."""

from __future__ import annotations

from typing import Final

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from officegraph.model.namespaces import DCTERMS, FOAF, RDF, VOID
from officegraph.release.linksets import stated_linksets
from officegraph.release.metadata.model import DatasetModel
from officegraph.release.metadata.statements import Statements, integer

WELL_KNOWN: Final = ".well-known/void"
"""Path of the description, registered for VoID (section 7.2)."""

GENERATED: Final = frozenset(
    {
        VOID.triples,
        VOID.entities,
        VOID.distinctSubjects,
        VOID.distinctObjects,
        VOID.classes,
        VOID.properties,
        VOID.dataDump,
        VOID.sparqlEndpoint,
        VOID.uriLookupEndpoint,
    }
)
"""Properties of the data set whose values are found by counting and serving, not taken from sources."""

_GRAPH_TITLES: Final = {
    "source": "Statements of the source {source}",
    "entailed": "Statements that follow from the sources by the semantics of SKOS",
    "derived": "Statements derived from the sources by a published rule",
    "description": "Description of the data set",
}


def void(model: DatasetModel, site: str | None = None) -> list[Triple]:
    """Describe the data set in VoID.

    Args:
        model: The data set.
        site: Root URL that it is served at, ending in ``/``; without it nothing is said of dumps and
            services, so that the description holds wherever it is served.
    """
    out = Statements("void")
    dataset = model.iri
    _taken_over(model, out)
    out.add(dataset, RDF.type, VOID.Dataset)
    out.add(dataset, DCTERMS.title, *model.titles)
    out.add(dataset, DCTERMS.license, *model.licenses)
    if model.manifest.base:
        out.add(dataset, VOID.uriSpace, Literal(model.manifest.base))
    _statistics(model, out)
    out.add(dataset, VOID.vocabulary, *model.vocabularies)
    if not model.values(VOID.exampleResource):
        out.add(dataset, VOID.exampleResource, *(NamedNode(iri) for iri in model.manifest.examples))
    out.add(dataset, VOID.feature, *(NamedNode(f.iri) for f in model.formats if f.iri is not None))
    _linksets(model, out)
    for graph in model.graphs:
        if graph.name.startswith("_:"):
            continue
        name = NamedNode(graph.name)
        if name != dataset:
            out.add(dataset, VOID.subset, name)
            out.add(name, RDF.type, VOID.Dataset)
            out.add(name, VOID.triples, integer(graph.triples))
            title = _GRAPH_TITLES.get(graph.kind)
            if title is not None:
                out.add(name, DCTERMS.title, Literal(title.format(source=graph.source), language="en"))
    if site is not None:
        _access(model, site, out)
    return out.triples()


def _taken_over(model: DatasetModel, out: Statements) -> None:
    counted = {model.iri, *stated_linksets(model.statements, model.iri).values()}
    out.extend([t for t in model.statements if not (t.subject in counted and t.predicate in GENERATED)])


def _statistics(model: DatasetModel, out: Statements) -> None:
    dataset, counts = model.iri, model.statistics
    for predicate, number in (
        (VOID.triples, counts.triples),
        (VOID.entities, counts.entities),
        (VOID.distinctSubjects, counts.distinct_subjects),
        (VOID.distinctObjects, counts.distinct_objects),
        (VOID.classes, len(counts.classes)),
        (VOID.properties, len(counts.properties)),
    ):
        out.add(dataset, predicate, integer(number))
    for iri, number in counts.classes.items():
        partition = out.node()
        out.add(dataset, VOID.classPartition, partition)
        out.add(partition, VOID["class"], NamedNode(iri))
        out.add(partition, VOID.entities, integer(number))
    for iri, number in counts.properties.items():
        partition = out.node()
        out.add(dataset, VOID.propertyPartition, partition)
        out.add(partition, VOID.property, NamedNode(iri))
        out.add(partition, VOID.triples, integer(number))


def _linksets(model: DatasetModel, out: Statements) -> None:
    """Count the linksets that the sources describe, and describe those that they do not."""
    stated = stated_linksets(model.statements, model.iri)
    counts = {
        (predicate, space): number
        for predicate, links in model.statistics.linksets.items()
        for space, number in links.items()
    }
    placed = {triple.object for triple in model.statements if triple.predicate == VOID.subset}
    for key, linkset in stated.items():
        out.add(linkset, VOID.triples, integer(counts.pop(key, 0)))
        if linkset not in placed:
            out.add(model.iri, VOID.subset, linkset)
    targets: dict[str, BlankNode] = {}
    for (predicate, space), number in counts.items():
        linkset = out.node()
        out.add(model.iri, VOID.subset, linkset)
        out.add(linkset, RDF.type, VOID.Linkset)
        out.add(linkset, VOID.linkPredicate, NamedNode(predicate))
        out.add(linkset, VOID.triples, integer(number))
        out.add(linkset, VOID.subjectsTarget, model.iri)
        target = targets.get(space)
        if target is None:
            targets[space] = target = out.node()
            out.add(target, RDF.type, VOID.Dataset)
            out.add(target, VOID.uriSpace, Literal(space))
        out.add(linkset, VOID.objectsTarget, target)


def _access(model: DatasetModel, site: str, out: Statements) -> None:
    dataset = model.iri
    whole = [dump for dump in model.dumps if dump.scheme is None]
    out.add(dataset, VOID.dataDump, *(NamedNode(f"{site}dumps/{dump.name}") for dump in whole))
    out.add(dataset, VOID.sparqlEndpoint, NamedNode(f"{site}sparql"))
    out.add(dataset, VOID.uriLookupEndpoint, NamedNode(f"{site}resource?uri="))
    document = NamedNode(site + WELL_KNOWN)
    out.add(document, RDF.type, VOID.DatasetDescription)
    out.add(document, FOAF.primaryTopic, dataset)
    out.add(document, DCTERMS.title, Literal("Description of the data set", language="en"))
