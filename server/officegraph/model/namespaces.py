"""Namespaces of the vocabularies that the publisher knows by name."""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

from pyoxigraph import NamedNode


class Namespace:
    """A namespace whose terms are its attributes.

    Not a subclass of ``str``: ``DCTERMS.title`` and ``PROV.index`` are terms, not methods.

    >>> Namespace("http://www.w3.org/2004/02/skos/core#").prefLabel
    <NamedNode value=http://www.w3.org/2004/02/skos/core#prefLabel>
    """

    __slots__ = ("__dict__", "_terms", "iri")

    def __init__(self, iri: str) -> None:
        """Make the namespace of ``iri``."""
        self.iri = iri
        self._terms: dict[str, NamedNode] = {}

    def __getattr__(self, name: str) -> NamedNode:
        if name.startswith("__"):
            raise AttributeError(name)
        node = self.__dict__[name] = self[name]  # from now on an attribute like any other, found without this method
        return node

    def __getitem__(self, name: str) -> NamedNode:
        """Return the term ``name``, also where it is no Python identifier."""
        node = self._terms.get(name)
        if node is None:
            node = self._terms[name] = NamedNode(self.iri + name)
        return node

    def __contains__(self, node: object) -> bool:
        return isinstance(node, NamedNode) and node.value.startswith(self.iri)

    def __repr__(self) -> str:
        return f"Namespace({self.iri!r})"


RDF: Final = Namespace("http://www.w3.org/1999/02/22-rdf-syntax-ns#")
RDFS: Final = Namespace("http://www.w3.org/2000/01/rdf-schema#")
OWL: Final = Namespace("http://www.w3.org/2002/07/owl#")
XSD: Final = Namespace("http://www.w3.org/2001/XMLSchema#")
SKOS: Final = Namespace("http://www.w3.org/2004/02/skos/core#")
SKOSXL: Final = Namespace("http://www.w3.org/2008/05/skos-xl#")
ISO_THES: Final = Namespace("http://purl.org/iso25964/skos-thes#")
DCTERMS: Final = Namespace("http://purl.org/dc/terms/")
DCAT: Final = Namespace("http://www.w3.org/ns/dcat#")
VOID: Final = Namespace("http://rdfs.org/ns/void#")
ADMS: Final = Namespace("http://www.w3.org/ns/adms#")
PAV: Final = Namespace("http://purl.org/pav/")
VANN: Final = Namespace("http://purl.org/vocab/vann/")
PROV: Final = Namespace("http://www.w3.org/ns/prov#")
SD: Final = Namespace("http://www.w3.org/ns/sparql-service-description#")
SCHEMA: Final = Namespace("https://schema.org/")
FOAF: Final = Namespace("http://xmlns.com/foaf/0.1/")
SH: Final = Namespace("http://www.w3.org/ns/shacl#")
SPDX: Final = Namespace("http://spdx.org/rdf/terms#")
ORG: Final = Namespace("http://www.w3.org/ns/org#")
CITO: Final = Namespace("http://purl.org/spar/cito/")
FABIO: Final = Namespace("http://purl.org/spar/fabio/")
ONTOLEX: Final = Namespace("http://www.w3.org/ns/lemon/ontolex#")
LEXICOG: Final = Namespace("http://www.w3.org/ns/lemon/lexicog#")
LIME: Final = Namespace("http://www.w3.org/ns/lemon/lime#")
DECOMP: Final = Namespace("http://www.w3.org/ns/lemon/decomp#")
VARTRANS: Final = Namespace("http://www.w3.org/ns/lemon/vartrans#")
LEXINFO: Final = Namespace("http://www.lexinfo.net/ontology/3.0/lexinfo#")
LEMONETY: Final = Namespace("http://lari-datasets.ilc.cnr.it/lemonEty#")
FORMATS: Final = Namespace("http://www.w3.org/ns/formats/")
SSSOM: Final = Namespace("https://w3id.org/sssom/")
SEMAPV: Final = Namespace("https://w3id.org/semapv/vocab/")

OFFICEGRAPH_BASE: Final = "https://w3id.org/officegraph/"
"""The permanent base of the graph that this project publishes."""

OFO: Final = Namespace(f"{OFFICEGRAPH_BASE}ontology#")

PREFIXES: Final = MappingProxyType(
    {
        "adms": ADMS.iri,
        "cito": CITO.iri,
        "dcat": DCAT.iri,
        "dcterms": DCTERMS.iri,
        "decomp": DECOMP.iri,
        "fabio": FABIO.iri,
        "foaf": FOAF.iri,
        "formats": FORMATS.iri,
        "iso-thes": ISO_THES.iri,
        "lemonety": LEMONETY.iri,
        "lexicog": LEXICOG.iri,
        "lexinfo": LEXINFO.iri,
        "lime": LIME.iri,
        "ontolex": ONTOLEX.iri,
        "org": ORG.iri,
        "owl": OWL.iri,
        "pav": PAV.iri,
        "prov": PROV.iri,
        "rdf": RDF.iri,
        "rdfs": RDFS.iri,
        "schema": SCHEMA.iri,
        "sd": SD.iri,
        "semapv": SEMAPV.iri,
        "sh": SH.iri,
        "skos": SKOS.iri,
        "skosxl": SKOSXL.iri,
        "spdx": SPDX.iri,
        "sssom": SSSOM.iri,
        "vann": VANN.iri,
        "vartrans": VARTRANS.iri,
        "void": VOID.iri,
        "xsd": XSD.iri,
    }
)
"""Prefixes that need no declaration by a source: used where the source itself names none."""
