"""URLs on the serving host for the IRIs of the graph, as the current request sees the host."""

from __future__ import annotations

from officegraph.web.publication import publication


def resource_path(iri: str) -> str:
    """Return the path on this host that stands for ``iri`` and redirects to a document about it."""
    return publication().addresses.resource_path(iri)


def document_path(iri: str, extension: str) -> str:
    """Return the path on this host of the document about ``iri`` in a format; the fragment is left out."""
    return publication().addresses.document_path(iri, extension)


def absolute(path: str) -> str:
    """Return the URL of a path on this host."""
    return publication().site_url() + path[1:]


def document_url(iri: str, extension: str) -> str:
    """Return the absolute URL of the document about ``iri`` in a format."""
    return absolute(document_path(iri, extension))
