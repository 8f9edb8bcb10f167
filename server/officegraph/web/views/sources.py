"""The list of sources."""

from __future__ import annotations

from flask import Blueprint, Response
from pyoxigraph import NamedNode

from officegraph.model.formats import HTML
from officegraph.model.namespaces import DCTERMS
from officegraph.web.answer import Representation, compressed
from officegraph.web.links import absolute
from officegraph.web.pages.sources import render_sources, source_groups
from officegraph.web.publication import publication
from officegraph.web.respond import deliver
from officegraph.web.site_model import reader_languages, site_model

blueprint = Blueprint("sources", __name__)


@blueprint.get("/sources")
def sources() -> Response:
    """Send the page that lists all sources."""
    current = publication()
    language, vary = reader_languages()

    def load(coding: str) -> bytes:
        site = site_model()
        groups = source_groups(site, source_iris(), (language,))
        body = render_sources(site, groups, absolute("/sources")).encode()
        return compressed(body) if coding == "gzip" else body

    return deliver(
        Representation(
            content_type=HTML.content_type, digest=current.page_digest("sources", language), load=load,
            variant=f"html-{language}", codings=("gzip",), vary=vary,
            last_modified=current.last_modified, headers={"Content-Language": language},
        )
    )  # fmt: skip


def source_iris() -> list[str]:
    """Return the sources of the release: those that place something, those beside them, and those of the data set."""
    release = publication().release
    evidence = site_model().evidence()
    start = f"{release.base}source/"
    beside = [iri for iri in release.documents if iri.startswith(start)] if evidence.sources else []
    named = [node.value for node in release.description.values(DCTERMS.source) if isinstance(node, NamedNode)]
    return list(dict.fromkeys([*evidence.sources, *beside, *named]))
