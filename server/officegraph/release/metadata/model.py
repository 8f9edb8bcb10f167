"""The one model that every description of the data set is made from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Self

import pyoxigraph
from pyoxigraph import Literal, NamedNode, RdfFormat, Triple

from officegraph.model.formats import PYOXIGRAPH_RDF, RDF_FORMATS, SOURCE_EXTENSIONS, Format
from officegraph.release.manifest import Dump, Graph, Manifest
from officegraph.release.statistics import Statistics, namespace_of

IANA: Final = "https://www.iana.org/assignments/media-types/"
"""Namespace of registered media types, as DCAT 3 asks for (section 6.8.17)."""

ENCODING_MEDIA_TYPES: Final = {"gzip": "application/gzip", "zstd": "application/zstd"}


@dataclass(frozen=True, slots=True, kw_only=True)
class DatasetModel:
    """What is to be said about a data set and the release of it that is served.

    Attributes:
        iri: The data set.
        release: This version of it.
        manifest: The manifest of the release, which has the counts.
        statements: What the sources state about the data set.
    """

    iri: NamedNode
    release: NamedNode
    manifest: Manifest
    statements: tuple[Triple, ...]

    @classmethod
    def of(cls, manifest: Manifest) -> Self:
        """Make the model of a release."""
        parsed = pyoxigraph.parse(manifest.description.encode(), format=RdfFormat.N_TRIPLES)
        return cls(
            iri=NamedNode(manifest.dataset),
            release=NamedNode(manifest.release_iri),
            manifest=manifest,
            statements=tuple(quad.triple for quad in parsed),
        )

    @property
    def statistics(self) -> Statistics:
        """Counts of the default graph."""
        return self.manifest.statistics

    @property
    def graphs(self) -> tuple[Graph, ...]:
        """The named graphs."""
        return self.manifest.graphs

    @property
    def dumps(self) -> tuple[Dump, ...]:
        """The files for download."""
        return self.manifest.dumps

    @property
    def formats(self) -> tuple[Format, ...]:
        """Formats that documents and graphs come in."""
        return tuple(format_ for format_ in RDF_FORMATS if format_.extension in PYOXIGRAPH_RDF)

    @property
    def titles(self) -> tuple[Literal, ...]:
        """Title in every language that it has, or the short name."""
        titles: Mapping[str, str] = self.manifest.title or {"": self.manifest.name}
        return tuple(Literal(text, language=tag) if tag else Literal(text) for tag, text in titles.items())

    @property
    def licenses(self) -> tuple[NamedNode, ...]:
        """Licences of the data set."""
        return tuple(NamedNode(iri) for iri in self.manifest.licenses)

    @property
    def vocabularies(self) -> tuple[NamedNode, ...]:
        """Namespaces of the properties and classes in use."""
        used = {namespace_of(iri) for iri in (*self.statistics.properties, *self.statistics.classes)}
        return tuple(NamedNode(iri) for iri in sorted(used))

    def values(self, predicate: NamedNode) -> list[NamedNode]:
        """Return the resources that the sources give as ``predicate`` of the data set."""
        return [
            triple.object
            for triple in self.statements
            if triple.subject == self.iri and triple.predicate == predicate and isinstance(triple.object, NamedNode)
        ]


def format_of(dump: Dump) -> Format:
    """Return the format of a dump."""
    return SOURCE_EXTENSIONS[dump.extension]


def media_type_iri(media_type: str) -> NamedNode:
    """Return the IRI of a registered media type."""
    return NamedNode(IANA + media_type)
