"""The service description of the SPARQL endpoint (https://www.w3.org/TR/sparql11-service-description/)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from officegraph.model.formats import RDF_FORMATS, RESULT_FORMATS, Format
from officegraph.model.namespaces import DCTERMS, RDF, RDFS, SD, VOID
from officegraph.release.metadata.dcat import service_iri
from officegraph.release.metadata.model import DatasetModel
from officegraph.release.metadata.statements import Statements, integer

SIMPLE_ENTAILMENT: Final = NamedNode("http://www.w3.org/ns/entailment/Simple")

LANGUAGES: Final = (SD.SPARQL10Query, SD.SPARQL11Query, SD.SPARQL12Query)
"""Languages that the embedded engine evaluates; ``sd:SPARQL12Query`` is named by the draft of version 1.2."""


def service_description(
    model: DatasetModel,
    site: str,
    *,
    languages: Sequence[NamedNode] = LANGUAGES,
    formats: Sequence[Format] = (*RESULT_FORMATS, *RDF_FORMATS),
    limits: Sequence[str] = (),
) -> list[Triple]:
    """Describe the SPARQL service.

    The features named are those that the engine has: neither federated queries nor dereferencing of
    graphs, since a query never causes traffic. ``sd:UnionDefaultGraph`` is stated only where the default
    graph has exactly the triples of all named graphs together.

    Args:
        model: The data set that is queried.
        site: Root URL that it is served at, ending in ``/``; the endpoint is ``{site}sparql``.
        languages: Query languages that the engine evaluates.
        formats: Formats of results.
        limits: Sentences in English that say what limits queries have.
    """
    out = Statements("sd")
    service = service_iri(model)
    out.add(service, RDF.type, SD.Service)
    out.add(service, SD.endpoint, NamedNode(f"{site}sparql"))
    out.add(service, SD.supportedLanguage, *languages)
    out.add(service, SD.resultFormat, *(NamedNode(f.iri) for f in formats if f.iri is not None))
    out.add(service, SD.defaultEntailmentRegime, SIMPLE_ENTAILMENT)
    if model.manifest.union_default:
        out.add(service, SD.feature, SD.UnionDefaultGraph)
    out.add(service, RDFS.comment, *(Literal(limit, language="en") for limit in limits))
    out.add(service, DCTERMS.license, *model.licenses)
    _dataset(model, service, out)
    return out.triples()


def _dataset(model: DatasetModel, service: NamedNode, out: Statements) -> None:
    dataset, default, available = out.node(), out.node(), out.node()
    out.add(service, SD.defaultDataset, dataset)
    out.add(service, SD.availableGraphs, available)
    out.add(dataset, RDF.type, SD.Dataset)
    out.add(dataset, DCTERMS.isPartOf, model.release)
    out.add(dataset, SD.defaultGraph, default)
    out.add(default, RDF.type, SD.Graph, VOID.Dataset)
    out.add(default, VOID.triples, integer(model.manifest.default_triples))
    out.add(available, RDF.type, SD.GraphCollection)
    for graph in model.graphs:
        if graph.name.startswith("_:"):
            continue
        node, content = out.node(), out.node()
        out.add(dataset, SD.namedGraph, node)
        out.add(available, SD.namedGraph, node)
        _named_graph(node, content, graph.name, graph.triples, out)


def _named_graph(node: BlankNode, content: BlankNode, name: str, triples: int, out: Statements) -> None:
    out.add(node, RDF.type, SD.NamedGraph)
    out.add(node, SD.name, NamedNode(name))
    out.add(node, SD.entailmentRegime, SIMPLE_ENTAILMENT)
    out.add(node, SD.graph, content)
    out.add(content, RDF.type, SD.Graph, VOID.Dataset)
    out.add(content, VOID.triples, integer(triples))
