"""DCAT 3: the data set as a catalogue lists it (https://www.w3.org/TR/vocab-dcat-3/)."""

from __future__ import annotations

from typing import Final

from pyoxigraph import Literal, NamedNode, Triple

from officegraph.model.namespaces import DCAT, DCTERMS, PAV, RDF, SPDX, XSD
from officegraph.release.manifest import Dump
from officegraph.release.metadata.model import (
    ENCODING_MEDIA_TYPES,
    DatasetModel,
    format_of,
    media_type_iri,
)
from officegraph.release.metadata.statements import Statements

SPARQL_PROTOCOL: Final = NamedNode("https://www.w3.org/TR/sparql11-protocol/")
"""What the query service conforms to."""

_OF_EVERY_VERSION: Final = (DCTERMS.description, DCTERMS.publisher, DCTERMS.creator)


def service_iri(model: DatasetModel) -> NamedNode:
    """Return the IRI of the SPARQL service, the same in DCAT and in the service description."""
    return NamedNode(f"{model.iri.value}#sparql")


def distribution_iri(model: DatasetModel, dump: Dump) -> NamedNode:
    """Return the IRI of the distribution that ``dump`` is a file of."""
    return NamedNode(f"{model.release.value}#{dump.name}")


def dcat(model: DatasetModel, site: str) -> list[Triple]:
    """Describe catalogue, data set, version, distributions and service in DCAT 3.

    Args:
        model: The data set.
        site: Root URL that it is served at, ending in ``/``.
    """
    out = Statements("dcat")
    version = Literal(model.manifest.version)
    for resource in (model.iri, model.release):
        out.add(resource, RDF.type, DCAT.Dataset)
        out.add(resource, DCTERMS.title, *model.titles)
        out.add(resource, DCTERMS.license, *model.licenses)
    if not any(t.subject == model.iri and t.predicate == DCAT.version for t in model.statements):
        out.add(model.iri, DCAT.version, version)
    out.add(model.release, DCAT.version, version)
    out.add(model.iri, DCAT.hasVersion, model.release)
    out.add(model.iri, DCAT.hasCurrentVersion, model.release)
    out.add(model.iri, DCAT.landingPage, NamedNode(site))
    out.add(model.release, DCTERMS.isVersionOf, model.iri)
    out.add(model.release, PAV.version, version)
    for triple in model.statements:
        if triple.subject == model.iri and triple.predicate in _OF_EVERY_VERSION:
            out.add(model.release, triple.predicate, triple.object)
    for dump in model.dumps:
        _distribution(model, dump, site, out)
    _service(model, site, out)
    _catalog(model, site, out)
    return out.triples()


def _distribution(model: DatasetModel, dump: Dump, site: str, out: Statements) -> None:
    node = distribution_iri(model, dump)
    format_ = format_of(dump)
    out.add(model.iri, DCAT.distribution, node)
    out.add(model.release, DCAT.distribution, node)
    out.add(node, RDF.type, DCAT.Distribution)
    title = f"{format_.name}{f', compressed by {dump.encoding}' if dump.encoding else ''}"
    if dump.language is not None:
        title += f", in one language ({dump.language})"
    out.add(node, DCTERMS.title, Literal(title, language="en"))
    out.add(node, DCTERMS.license, *model.licenses)
    out.add(node, DCAT.accessURL, NamedNode(f"{site}dumps/"))
    out.add(node, DCAT.downloadURL, NamedNode(f"{site}dumps/{dump.name}"))
    out.add(node, DCAT.mediaType, media_type_iri(format_.media_type))
    if format_.iri is not None:
        out.add(node, DCTERMS.conformsTo, NamedNode(format_.iri))
    if dump.encoding is not None:
        out.add(node, DCAT.compressFormat, media_type_iri(ENCODING_MEDIA_TYPES[dump.encoding]))
    out.add(node, DCAT.byteSize, Literal(str(dump.size), datatype=XSD.nonNegativeInteger))
    checksum = out.node()
    out.add(node, SPDX.checksum, checksum)
    out.add(checksum, RDF.type, SPDX.Checksum)
    out.add(checksum, SPDX.algorithm, SPDX.checksumAlgorithm_sha256)
    out.add(checksum, SPDX.checksumValue, Literal(dump.sha256, datatype=XSD.hexBinary))


def _service(model: DatasetModel, site: str, out: Statements) -> None:
    service = service_iri(model)
    out.add(service, RDF.type, DCAT.DataService)
    out.add(service, DCTERMS.title, Literal("SPARQL endpoint", language="en"))
    out.add(service, DCAT.endpointURL, NamedNode(f"{site}sparql"))
    out.add(service, DCAT.endpointDescription, NamedNode(f"{site}sparql"))
    out.add(service, DCAT.servesDataset, model.iri)
    out.add(service, DCTERMS.conformsTo, SPARQL_PROTOCOL)
    out.add(service, DCTERMS.license, *model.licenses)


def _catalog(model: DatasetModel, site: str, out: Statements) -> None:
    catalog = NamedNode(f"{model.iri.value}#catalog")
    out.add(catalog, RDF.type, DCAT.Catalog)
    out.add(catalog, DCTERMS.title, *model.titles)
    what = Literal("The data set, its versions, its files and its query service.", language="en")
    out.add(catalog, DCTERMS.description, what)
    out.add(catalog, DCTERMS.publisher, *model.values(DCTERMS.publisher))
    out.add(catalog, DCTERMS.license, *model.licenses)
    out.add(catalog, DCAT.landingPage, NamedNode(site))
    out.add(catalog, DCAT.dataset, model.iri)
    out.add(catalog, DCAT.service, service_iri(model))
