"""``/dataset`` and ``/.well-known/void``: what the data set says of itself."""

from __future__ import annotations

from typing import Final

from flask import Blueprint, Response

from officegraph.http.accept import Offers
from officegraph.http.iris import by_extension
from officegraph.http.links import link
from officegraph.http.problem import ProblemError, make_problem
from officegraph.model.formats import HTML, RDF_FORMATS
from officegraph.web.answer import Representation, compressed, of_bytes
from officegraph.web.descriptions import dataset_description, dataset_triples
from officegraph.web.links import absolute
from officegraph.web.pages.resource import FormatLink, render_description
from officegraph.web.pages.wording import _
from officegraph.web.publication import publication
from officegraph.web.respond import deliver, negotiated, redirect
from officegraph.web.site_model import reader_languages, site_model

blueprint = Blueprint("dataset", __name__)

OFFERS: Final = Offers((*RDF_FORMATS, HTML))
FORMATS: Final = by_extension(OFFERS.formats)


def links(own: str | None = None) -> list[str]:
    """Return the members of ``Link`` for the data set or the document with the ending ``own``."""
    current = publication()
    return [
        *(
            link(absolute(f"/dataset.{extension}"), "alternate", type=format_.media_type)
            for extension, format_ in FORMATS.items()
            if extension != own
        ),
        link(current.dataset_iri, "canonical"),
        link(current.dataset_iri, "cite-as"),
        *(link(license_, "license") for license_ in current.release.manifest.licenses),
    ]


@blueprint.get("/dataset")
def dataset() -> Response:
    """Redirect from the data set to a document that describes it."""
    chosen = negotiated(OFFERS, "The description of the data set", links)
    target = absolute(f"/dataset.{chosen.extension}")
    if chosen == HTML:
        target = site_model().in_language(target)
    return redirect(target, 303, vary=("Accept",), links=links())


@blueprint.get("/.well-known/void")
def well_known() -> Response:
    """Redirect to the data set (VoID, section 7.2)."""
    return redirect(absolute("/dataset"), 302)


@blueprint.get("/dataset.<extension>")
def document(extension: str) -> Response:
    """Send the description of the data set in one format."""
    current = publication()
    format_ = FORMATS.get(extension)
    if format_ is None:
        raise ProblemError(make_problem("not-found", f"The description of the data set has no format {extension!r}."))
    if format_ != HTML:
        return deliver(
            of_bytes(
                dataset_description(format_), format_.content_type, variant=extension, links=links(extension),
                last_modified=current.last_modified,
            )
        )  # fmt: skip
    language, vary = reader_languages()

    def load(coding: str) -> bytes:
        formats = [FormatLink(offer.name, offer.media_type, f"/dataset.{offer.extension}") for offer in RDF_FORMATS]
        body = render_description(
            site_model(), current.dataset_iri, dataset_triples(), formats, (language,), title=_("The data set")
        ).encode()
        return compressed(body) if coding == "gzip" else body

    return deliver(
        Representation(
            content_type=HTML.content_type, digest=current.page_digest("dataset", language), load=load,
            variant=f"html-{language}", codings=("gzip",), vary=vary, links=links("html"),
            last_modified=current.last_modified,
        )
    )  # fmt: skip
