"""The page about the vocabulary: scope, method, licence, use."""

from __future__ import annotations

from flask import Blueprint, Response

from officegraph.model.formats import HTML
from officegraph.web.answer import Representation, compressed
from officegraph.web.dataset_facts import DatasetFacts
from officegraph.web.links import absolute
from officegraph.web.pages.about import about_page, render_about
from officegraph.web.pages.wording import _, language_name
from officegraph.web.publication import publication
from officegraph.web.respond import deliver
from officegraph.web.site_model import reader_languages, site_model

blueprint = Blueprint("about", __name__)


@blueprint.get("/about")
def about() -> Response:
    """Send the page about the vocabulary."""
    current = publication()
    language, vary = reader_languages()

    def load(coding: str) -> bytes:
        body = page(language).encode()
        return compressed(body) if coding == "gzip" else body

    return deliver(
        Representation(
            content_type=HTML.content_type, digest=current.page_digest("about", language), load=load,
            variant=f"html-{language}", codings=("gzip",), vary=vary,
            last_modified=current.last_modified, headers={"Content-Language": language},
        )
    )  # fmt: skip


def page(language: str) -> str:
    """Return the page in a language."""
    release = publication().release
    manifest = release.manifest
    site = site_model()
    counts = manifest.statistics.concepts
    return render_about(
        site,
        about_page(
            site,
            manifest.dataset,
            DatasetFacts.of(release.description, site.labels).statements,
            (language,),
            figures=[(_("concepts"), manifest.statistics.concept_count), (_("triples"), manifest.default_triples)],
            schemes=[(iri, counts.get(iri, 0)) for iri in manifest.schemes],
            content_languages=[language_name(tag) or tag for tag in manifest.statistics.languages],
            example=next(iter(manifest.examples), None),
        ),
        absolute("/about"),
    )
