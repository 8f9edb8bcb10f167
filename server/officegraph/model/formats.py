"""The formats that representations come in: one table for reading, writing and negotiation."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from pyoxigraph import QueryResultsFormat, RdfFormat

from officegraph.model.namespaces import FORMATS


@dataclass(frozen=True, slots=True)
class Format:
    """A serialisation that a representation may have.

    Attributes:
        name: What people call it, as in ``Turtle``.
        extension: File ending without the dot, as in ``ttl``; also the value of ``format=``.
        media_type: The registered media type, without parameters.
        aliases: Other media types that clients ask for and that mean the same thing.
        charset: Whether a ``charset=utf-8`` parameter is defined for the media type.
        quads: Whether it carries named graphs.
        iri: Its IRI under ``http://www.w3.org/ns/formats/``, if it has one.
    """

    name: str
    extension: str
    media_type: str
    aliases: tuple[str, ...] = ()
    charset: bool = False
    quads: bool = False
    iri: str | None = None

    def __hash__(self) -> int:
        """Return the hash of what alone differs most: formats are keys wherever answers are remembered."""
        return hash(self.media_type)

    @property
    def content_type(self) -> str:
        """The value of ``Content-Type``, with a charset where the media type defines one."""
        return f"{self.media_type}; charset=utf-8" if self.charset else self.media_type


HTML: Final = Format("HTML", "html", "text/html", ("application/xhtml+xml",), charset=True)
TURTLE: Final = Format(
    "Turtle", "ttl", "text/turtle", ("application/x-turtle", "application/turtle", "text/n3", "text/rdf+n3"),
    charset=True, iri=FORMATS["Turtle"].value,
)  # fmt: skip
N_TRIPLES: Final = Format("N-Triples", "nt", "application/n-triples", ("text/plain",), iri=FORMATS["N-Triples"].value)
RDF_XML: Final = Format(
    "RDF/XML", "rdf", "application/rdf+xml", ("application/xml", "text/xml"), iri=FORMATS["RDF_XML"].value
)
JSON_LD: Final = Format(
    "JSON-LD",
    "jsonld",
    "application/ld+json",
    ("application/json",),
    quads=True,
    iri=FORMATS["JSON-LD"].value,
)
TRIG: Final = Format("TriG", "trig", "application/trig", quads=True, iri=FORMATS["TriG"].value)
N_QUADS: Final = Format("N-Quads", "nq", "application/n-quads", quads=True, iri=FORMATS["N-Quads"].value)
CSV: Final = Format("CSV", "csv", "text/csv", charset=True, iri=FORMATS["SPARQL_Results_CSV"].value)
TSV: Final = Format("TSV", "tsv", "text/tab-separated-values", charset=True, iri=FORMATS["SPARQL_Results_TSV"].value)
JSON: Final = Format("JSON", "json", "application/json")
RESULTS_JSON: Final = Format(
    "SPARQL results JSON", "json", "application/sparql-results+json", ("application/json", "text/json"),
    iri=FORMATS["SPARQL_Results_JSON"].value,
)  # fmt: skip
RESULTS_XML: Final = Format(
    "SPARQL results XML", "xml", "application/sparql-results+xml", ("application/xml", "text/xml"),
    iri=FORMATS["SPARQL_Results_XML"].value,
)  # fmt: skip

RDF_FORMATS: Final = (TURTLE, N_TRIPLES, RDF_XML, JSON_LD, TRIG, N_QUADS)
"""Formats of a graph, in the server's order of preference."""

RESULT_FORMATS: Final = (RESULTS_JSON, RESULTS_XML, CSV, TSV)
"""Formats of the solutions of a query, in the server's order of preference."""

PYOXIGRAPH_RDF: Final = {
    TURTLE.extension: RdfFormat.TURTLE,
    N_TRIPLES.extension: RdfFormat.N_TRIPLES,
    RDF_XML.extension: RdfFormat.RDF_XML,
    JSON_LD.extension: RdfFormat.JSON_LD,
    TRIG.extension: RdfFormat.TRIG,
    N_QUADS.extension: RdfFormat.N_QUADS,
}
PYOXIGRAPH_RESULTS: Final = {
    RESULTS_JSON.extension: QueryResultsFormat.JSON,
    RESULTS_XML.extension: QueryResultsFormat.XML,
    CSV.extension: QueryResultsFormat.CSV,
    TSV.extension: QueryResultsFormat.TSV,
}

SOURCE_EXTENSIONS: Final = {
    "ttl": TURTLE,
    "turtle": TURTLE,
    "nt": N_TRIPLES,
    "rdf": RDF_XML,
    "xml": RDF_XML,
    "owl": RDF_XML,
    "jsonld": JSON_LD,
    "json": JSON_LD,
    "trig": TRIG,
    "nq": N_QUADS,
}
"""File endings of sources, and the format each is read as."""
