"""What operators and crawlers ask for: health, figures, ``robots.txt``, ``sitemap.xml``."""

from __future__ import annotations

import os
from collections.abc import Iterator
from itertools import islice
from typing import TYPE_CHECKING, Final
from xml.sax.saxutils import escape

from flask import Blueprint, Response, request

from officegraph.http.problem import ProblemError, make_problem
from officegraph.version import __version__
from officegraph.web.answer import of_bytes
from officegraph.web.clients import is_forwarded, is_loopback
from officegraph.web.links import document_url
from officegraph.web.memory import memory_by_role
from officegraph.web.metrics import CONTENT_TYPE, METRICS
from officegraph.web.problems import files_missing
from officegraph.web.publication import publication
from officegraph.web.respond import deliver

if TYPE_CHECKING:
    from officegraph.web.metrics import Metrics

blueprint = Blueprint("operations", __name__)

SITEMAP_SIZE: Final = 50_000
"""URLs that one sitemap may list (sitemaps.org protocol 0.9)."""

XML: Final = '<?xml version="1.0" encoding="UTF-8"?>\n'
SITEMAP_NAMESPACE: Final = "http://www.sitemaps.org/schemas/sitemap/0.9"


@blueprint.get("/health/live")
def live() -> Response:
    """Tell that the process answers."""
    return Response("live\n", content_type="text/plain; charset=utf-8", headers={"Cache-Control": "no-store"})


@blueprint.get("/health/ready")
def ready() -> Response:
    """Tell whether documents and queries can be answered."""
    if not publication().engine.ready():
        raise ProblemError(make_problem("busy", "The query engine does not answer.", headers=(("Retry-After", "5"),)))
    if not publication().release.path.is_dir():
        raise files_missing()
    return Response("ready\n", content_type="text/plain; charset=utf-8", headers={"Cache-Control": "no-store"})


@blueprint.get("/metrics")
def metrics() -> Response:
    """Send the figures for Prometheus to those who may have them."""
    figures: Metrics | None = request.environ.get(METRICS)
    if figures is None or not may_read_metrics():
        raise ProblemError(make_problem("not-found"))
    manifest = publication().release.manifest
    text = figures.exposition(
        memory_by_role(os.getppid()),
        {"name": manifest.name, "version": manifest.version, "digest": manifest.digest, "software": __version__},
    )
    return Response(text, content_type=CONTENT_TYPE, headers={"Cache-Control": "no-store"})


def may_read_metrics() -> bool:
    """Return whether the client of the request may have the figures.

    Where a proxy stands in front, every client seems to be on this machine, so none is believed to be.
    """
    settings = publication().settings
    if settings.metrics != "loopback":
        return settings.metrics == "on"
    behind = settings.public_url is not None or settings.trusted_proxies or is_forwarded(request.environ)
    return not behind and is_loopback(request.remote_addr or "")


@blueprint.get("/robots.txt")
def robots() -> Response:
    """Let crawlers read documents and keep them from running queries and searches without end (RFC 9309)."""
    site = publication().site_url()
    closed = "".join(f"Disallow: /{path}\n" for path in ("sparql?", "resource?", "search?", "suggest?"))
    text = f"User-agent: *\n{closed}Allow: /\n\nSitemap: {site}sitemap.xml\n"
    return whole(text, "text/plain; charset=utf-8")


@blueprint.get("/sitemap.xml")
def sitemap() -> Response:
    """List the pages of the resources under the base, or the sitemaps that do."""
    current = publication()
    count = sum(1 for _ in local_documents())
    if count <= SITEMAP_SIZE:
        return page(0)
    entries = "".join(
        f"<sitemap><loc>{current.site_url()}sitemap-{number}.xml</loc></sitemap>\n"
        for number in range((count + SITEMAP_SIZE - 1) // SITEMAP_SIZE)
    )
    return whole(f'{XML}<sitemapindex xmlns="{SITEMAP_NAMESPACE}">\n{entries}</sitemapindex>\n', "application/xml")


@blueprint.get("/sitemap-<int:number>.xml")
def sitemap_page(number: int) -> Response:
    """List one part of the pages."""
    return page(number)


def local_documents() -> Iterator[str]:
    """Yield the IRIs of the documents under the base."""
    release = publication().release
    return (iri for iri in release.documents if iri.startswith(release.base))


def page(number: int) -> Response:
    """Send sitemap ``number``, counted from 0."""
    start = number * SITEMAP_SIZE
    entries = "".join(
        f"<url><loc>{escape(document_url(iri, 'html'))}</loc></url>\n"
        for iri in islice(local_documents(), start, start + SITEMAP_SIZE)
    )
    if number and not entries:
        raise ProblemError(make_problem("not-found", f"There is no sitemap {number}."))
    return whole(f'{XML}<urlset xmlns="{SITEMAP_NAMESPACE}">\n{entries}</urlset>\n', "application/xml")


def whole(text: str, content_type: str) -> Response:
    """Send a text that depends on the release alone."""
    return deliver(of_bytes(text.encode(), content_type, last_modified=publication().last_modified))
