"""What is known of changes: a page, an Atom feed, a JSON feed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from flask import Blueprint, Response

from officegraph.http.links import link
from officegraph.model.formats import HTML
from officegraph.web.answer import of_bytes
from officegraph.web.links import absolute
from officegraph.web.pages.feed import Entry, as_atom, as_json_feed, entries, release_entry, render_changes
from officegraph.web.publication import publication
from officegraph.web.respond import deliver
from officegraph.web.site_model import reader_languages, site_model

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pyoxigraph import Triple

blueprint = Blueprint("changes", __name__)

SCHEMES_READ: Final = 100
"""Schemes whose dates are looked up: a vocabulary may have any number."""


@blueprint.get("/changes")
def changes() -> Response:
    """Send the page of changes."""
    language, vary = reader_languages()
    body = render_changes(site_model(), known_changes(language), absolute("/changes")).encode()
    current = publication()
    return deliver(
        of_bytes(
            body, HTML.content_type, variant=f"html-{language}", vary=vary, links=links(),
            last_modified=current.last_modified, headers={"Content-Language": language},
        )
    )  # fmt: skip


@blueprint.get("/changes.atom")
def atom() -> Response:
    """Send the changes as an Atom feed."""
    current = publication()
    manifest = current.release.manifest
    body = as_atom(site_model(), known_changes(manifest.language), current.site_url(), manifest.created)
    return deliver(of_bytes(body, "application/atom+xml", variant="atom", last_modified=current.last_modified))


@blueprint.get("/changes.json")
def json_feed() -> Response:
    """Send the changes as a JSON feed."""
    current = publication()
    body = as_json_feed(site_model(), known_changes(current.release.manifest.language), current.site_url())
    return deliver(of_bytes(body, "application/feed+json", variant="json", last_modified=current.last_modified))


def links() -> list[str]:
    """Return the members of ``Link`` of the page."""
    return [
        link(absolute("/changes.atom"), "alternate", type="application/atom+xml"),
        link(absolute("/changes.json"), "alternate", type="application/feed+json"),
        link(absolute("/changes"), "canonical"),
    ]


def known_changes(language: str) -> list[Entry]:
    """Return the changes that the data set and its schemes state; else when the release was made."""
    manifest = publication().release.manifest
    site = site_model()
    return entries(site, _described(), (language,)) or [release_entry(site, manifest.dataset, manifest.created)]


def _described() -> Iterator[tuple[str, list[Triple]]]:
    release = publication().release
    yield release.manifest.dataset, list(release.description.statements)
    for iri in release.manifest.schemes[:SCHEMES_READ]:
        document = release.documents.get(iri)
        if document is not None and iri != release.manifest.dataset:
            yield iri, document.triples()
