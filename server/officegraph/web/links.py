"""URLs on the serving host for the IRIs of the graph, and the ``Link`` headers of documents."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from urllib.parse import quote

from flask import current_app

from officegraph.http.iris import path_of
from officegraph.http.links import link
from officegraph.web.publication import publication

if TYPE_CHECKING:
    from collections.abc import Iterable

    from officegraph.model.formats import Format

SKOS_PROFILE: Final = "http://www.w3.org/2004/02/skos/core"
"""The profile that the representations of documents follow until others are offered (RFC 6906)."""

FALLBACK: Final = "/resource"


def reserved_segments() -> frozenset[str]:
    """Return the first path segments that the application's own routes take, without extension."""
    segments: frozenset[str] | None = current_app.extensions.get("officegraph.reserved")
    if segments is None:
        segments = frozenset(
            rule.rule.strip("/").split("/")[0].split("<")[0].split(".")[0]
            for rule in current_app.url_map.iter_rules()
            if rule.endpoint != "resources.resource"
        ) - {""}
        current_app.extensions["officegraph.reserved"] = segments
    return segments


def resource_path(iri: str) -> str:
    """Return the path on this host that stands for ``iri`` and redirects to a document about it.

    ``/resource?uri=`` serves IRIs that are outside the base, are the base itself, or whose path clients would
    change, another route would answer, or servers that keep no escapes would take for that of another IRI.
    """
    current = publication()
    base = current.release.base
    path = path_of(iri, base, fallback=FALLBACK)
    first = path[1:].split("/")[0].split("#")[0].split(".")[0]
    if (
        path.startswith(f"{FALLBACK}?")
        or (first in reserved_segments() and iri != current.dataset_iri)
        or not first
        or current.is_ambiguous(iri, path)
    ):
        return f"{FALLBACK}?uri={quote(iri, safe='', errors='surrogatepass')}"
    return path


def document_path(iri: str, extension: str) -> str:
    """Return the path on this host of the document about ``iri`` in a format; the fragment is left out."""
    path = resource_path(iri)
    if path.startswith(f"{FALLBACK}?"):
        return f"{FALLBACK}.{extension}{path[len(FALLBACK) :]}"
    return f"{path.partition('#')[0]}.{extension}"


def absolute(path: str) -> str:
    """Return the URL of a path on this host."""
    return publication().site_url() + path[1:]


def document_url(iri: str, extension: str) -> str:
    """Return the absolute URL of the document about ``iri`` in a format."""
    return absolute(document_path(iri, extension))


def resource_links(iri: str, formats: Iterable[Format], own: Format | None = None) -> list[str]:
    """Return the members of ``Link`` for a resource or one of its documents.

    Args:
        iri: The resource.
        formats: The formats that its documents come in.
        own: The format of the document that the field goes with; ``None`` on the resource itself.

    Returns:
        ``alternate`` for every other format (RFC 8288), ``canonical`` (RFC 6596), ``cite-as`` (RFC 8574),
        ``describedby``, ``license`` (RFC 4946) and ``profile`` (RFC 6906).
    """
    current = publication()
    links = [
        link(document_url(iri, format_.extension), "alternate", type=format_.media_type)
        for format_ in formats
        if format_ != own
    ]
    links += [link(iri, "canonical"), link(iri, "cite-as"), link(absolute("/dataset"), "describedby")]
    links += [link(license_, "license") for license_ in current.release.manifest.licenses]
    links.append(link(SKOS_PROFILE, "profile"))
    return links
