"""Where resources and their documents are on the serving host, and the ``Link`` fields that say so."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

from officegraph.http.iris import iri_to_uri, path_of
from officegraph.http.links import link, link_header

if TYPE_CHECKING:
    from werkzeug.routing import Map

    from officegraph.http.accept import Offers
    from officegraph.web.publication import Publication

SKOS_PROFILE: Final = "http://www.w3.org/2004/02/skos/core"
"""The profile that the representations of documents follow until others are offered (RFC 6906)."""

FALLBACK: Final = "/resource"

CATCH_ALL: Final = "resources.resource"
"""Endpoint of the route that takes whatever no other takes."""


def first_segment(path: str) -> str:
    """Return the first segment of ``path``, without file ending and fragment."""
    return path[1:].split("/", 1)[0].split("#", 1)[0].split(".", 1)[0]


def reserved_segments(routes: Map) -> frozenset[str]:
    """Return the first path segments that the application's own ``routes`` take, without extension."""
    return frozenset(
        first_segment(rule.rule).split("<", 1)[0] for rule in routes.iter_rules() if rule.endpoint != CATCH_ALL
    ) - {""}


class Addresses:
    """The addresses of all that a publication has documents about.

    Args:
        current: The publication.
        reserved: First path segments that are no resources'.

    Attributes:
        reserved: The same.
    """

    def __init__(self, current: Publication, reserved: frozenset[str]) -> None:
        self._current = current
        self.reserved = reserved
        # A route with a number in its first segment takes what begins like it.
        self._begun = tuple(segment for segment in reserved if segment.endswith("-"))
        self._pattern = lru_cache(maxsize=256)(self._make_pattern)

    def is_free(self, path: str) -> bool:
        """Return whether ``path``, decoded as routes see it, is left to resources and their documents."""
        first = first_segment(path)
        return bool(first) and first not in self.reserved and not first.startswith(self._begun) and "\n" not in path

    def resource_path(self, iri: str) -> str:
        """Return the path on this host that stands for ``iri`` and redirects to a document about it.

        ``/resource?uri=`` serves IRIs that are outside the base, are the base itself, or whose path clients would
        change, another route would answer, or servers that keep no escapes would take for that of another IRI.
        """
        current = self._current
        path = path_of(iri, current.release.base, fallback=FALLBACK)
        first = first_segment(path)
        if (
            path.startswith(f"{FALLBACK}?")
            or (first in self.reserved and iri != current.dataset_iri)
            or not first
            or current.is_ambiguous(iri, path)
        ):
            return f"{FALLBACK}?uri={quote(iri, safe='', errors='surrogatepass')}"
        return path

    def stem(self, iri: str) -> tuple[str, str]:
        """Return what stands before and after the file ending in the paths of the documents about ``iri``."""
        path = self.resource_path(iri)
        if path.startswith(f"{FALLBACK}?"):
            return FALLBACK, path[len(FALLBACK) :]
        return path.partition("#")[0], ""

    def document_path(self, iri: str, extension: str) -> str:
        """Return the path on this host of the document about ``iri`` in a format; the fragment is left out."""
        before, after = self.stem(iri)
        return f"{before}.{extension}{after}"

    def link_field(
        self, iri: str, offers: Offers, site: str, own: str | None = None, stem: tuple[str, str] | None = None
    ) -> str:
        """Return the value of ``Link`` for a resource or one of its documents.

        Args:
            iri: The resource.
            offers: The formats that its documents come in.
            site: Root URL of this host.
            own: File ending of the document that the field goes with; ``None`` on the resource itself.
            stem: What :meth:`stem` says of the resource, where that is known already.

        Returns:
            ``alternate`` for every other format (RFC 8288), ``canonical`` (RFC 6596), ``cite-as`` (RFC 8574),
            ``describedby``, ``license`` (RFC 4946) and ``profile`` (RFC 6906).
        """
        before, after = self.stem(iri) if stem is None else stem
        return self._pattern(offers, site, own).format(before, after, iri_to_uri(iri))

    def _make_pattern(self, offers: Offers, site: str, own: str | None) -> str:
        """Return ``Link`` with places for what differs from resource to resource: its stem and its URI.

        Nothing else in it has braces, since no URI has them.
        """
        host = iri_to_uri(site[:-1])
        alternates = [
            f'<{host}{{0}}.{item.extension}{{1}}>; rel="alternate"; type="{item.media_type}"'
            for item in offers.formats
            if item.extension != own
        ]
        licenses = [link(license_, "license") for license_ in self._current.release.manifest.licenses]
        return link_header(
            [
                *alternates,
                '<{2}>; rel="canonical"',
                '<{2}>; rel="cite-as"',
                link(f"{site}dataset", "describedby"),
                *licenses,
                link(SKOS_PROFILE, "profile"),
            ]
        )
