"""Resources and their documents: 303 from the thing to a document, 200 on the document.

Cool URIs for the Semantic Web, https://www.w3.org/TR/cooluris/; RFC 9110, section 15.4.4.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from urllib.parse import quote

from flask import Blueprint, Response, request
from werkzeug.routing import BaseConverter

from officegraph.http.accept import Offers
from officegraph.http.iris import by_extension
from officegraph.http.problem import ProblemError, make_problem
from officegraph.http.sparql_protocol import parameter_values
from officegraph.model.formats import CSV, HTML, RDF_FORMATS, Format
from officegraph.web.links import absolute, document_path, document_url, resource_links, resource_path
from officegraph.web.locate import locate, owner, owner_of
from officegraph.web.pages.resource import render_resource
from officegraph.web.publication import publication
from officegraph.web.respond import Representation, compressed, deliver, negotiated, not_acceptable, redirect
from officegraph.web.site_model import reader_languages, site_model

if TYPE_CHECKING:
    from flask.blueprints import BlueprintSetupState

    from officegraph.release.documents import Document

blueprint = Blueprint("resources", __name__)

OFFERS: Final = Offers((*RDF_FORMATS, CSV, HTML))
"""Turtle is what a client without a wish gets; browsers name HTML."""

FORMATS: Final = by_extension(OFFERS.formats)
WHAT: Final = "A document about the resource"


class EverythingConverter(BaseConverter):
    """A path of any form: the view reads the request target itself."""

    regex = ".*?"
    part_isolating = False


@blueprint.record_once
def add_catch_all(state: BlueprintSetupState) -> None:
    """Make the converter known before the rule that uses it."""
    state.app.url_map.converters["everything"] = EverythingConverter
    state.add_url_rule("/<everything:path>", "resource", resource, methods=["GET"])


def resource(path: str) -> Response:
    """Answer for the resource or document that the request target names."""
    del path
    current = publication()
    found = locate(request.environ, current, FORMATS)
    if found is None:
        return see_owner(owner(request.environ, current), request.url)
    if found.moved is not None:
        query = f"?{request.query_string.decode('latin-1')}" if request.query_string else ""
        return redirect(absolute(found.moved) + query, 308)
    if found.format is None:
        return see_document(found.iri)
    return document(found.iri, found.format)


@blueprint.get("/resource")
def by_iri() -> Response:
    """Redirect from any IRI of the graph to a document about it."""
    iri = one_iri()
    if iri not in publication().release.documents:
        return see_owner(owner_of(iri, publication()), iri)
    path = resource_path(iri)
    if path.startswith("/resource?"):
        return see_document(iri)
    return redirect(absolute(path), 303, links=resource_links(iri, available(iri)))


@blueprint.get("/resource.<extension>")
def document_by_iri(extension: str) -> Response:
    """Send a document about any IRI of the graph."""
    iri = one_iri()
    format_ = FORMATS.get(extension)
    if format_ is None:
        raise ProblemError(
            make_problem("not-found", f"No document has the ending {extension!r}; there are {', '.join(FORMATS)}.")
        )
    if iri not in publication().release.documents:
        raise unknown(iri)
    return document(iri, format_)


def see_owner(iri: str | None, what: str) -> Response:
    """Redirect from ``what``, which has no document of its own, to ``iri``, whose document describes it.

    Raises:
        ProblemError: 404, where there is none.
    """
    if iri is None:
        raise unknown(what)
    return redirect(absolute("/dataset" if iri == publication().dataset_iri else resource_path(iri)), 303)


def one_iri() -> str:
    """Return the one ``uri`` parameter of the request, decoded once.

    Raises:
        ProblemError: 400, where there is none or more than one.
    """
    values = parameter_values(request.query_string, "uri")
    if len(values) != 1 or not values[0]:
        raise ProblemError(
            make_problem("bad-request", f"Give one IRI in the parameter 'uri'; the request has {len(values)}.")
        )
    return values[0]


def unknown(what: str) -> ProblemError:
    """Return the problem of a resource that the release does not know."""
    return ProblemError(make_problem("not-found", f"Nothing is known here about {what}", search=absolute("/sparql")))


def available(iri: str) -> list[Format]:
    """Return the formats that documents about ``iri`` come in; some content has no RDF/XML."""
    found = publication().release.documents.get(iri)
    if found is None:
        return []
    return [format_ for format_ in OFFERS.formats if format_ == HTML or found.representation(format_) is not None]


def see_document(iri: str) -> Response:
    """Redirect from a resource to the document that the request accepts."""
    formats = available(iri)
    links = resource_links(iri, formats)
    chosen = negotiated(OFFERS if len(formats) == len(OFFERS.formats) else Offers(formats), WHAT, lambda: links)
    location = document_url(iri, chosen.extension)
    if chosen == HTML and (languages := parameter_values(request.query_string, "lang")):
        location += f"{'&' if '?' in location else '?'}lang={quote(languages[0], safe='')}"
    return redirect(location, 303, vary=("Accept",), links=links)


def document(iri: str, format_: Format) -> Response:
    """Send a document, whatever ``Accept`` says: its URL names its format."""
    current = publication()
    found = current.release.documents.get(iri)
    if found is None:
        raise unknown(iri)
    links = resource_links(iri, available(iri), format_)
    if format_ == HTML:
        return deliver(page(iri, found, links))
    plain = found.representation(format_)
    if plain is None:
        raise not_acceptable(Offers(available(iri)), "A document about this resource cannot be written so; it", links)
    packed = found.representation(format_, "gzip")

    def load(coding: str) -> bytes | memoryview:
        return packed.body if coding == "gzip" and packed is not None else plain.body

    return deliver(
        Representation(
            content_type=format_.content_type,
            digest=plain.digest.hex(),
            variant=format_.extension,
            load=load,
            codings=("gzip",) if packed is not None else (),
            links=links,
            last_modified=current.last_modified,
            headers={"Content-Location": document_path(iri, format_.extension)},
        )
    )


def page(iri: str, found: Document, links: list[str]) -> Representation:
    """Return the page about a resource in the reader's language; it is rendered only when it is sent."""
    current = publication()
    language, vary = reader_languages()

    def load(coding: str) -> bytes:
        formats = [format_ for format_ in available(iri) if format_ != HTML]
        body = render_resource(site_model(), iri, found.triples(), formats, (language,)).encode()
        return compressed(body) if coding == "gzip" else body

    return Representation(
        content_type=HTML.content_type,
        digest=current.page_digest(iri, language),
        variant=f"html-{language}",
        load=load,
        codings=("gzip",),
        vary=vary,
        links=links,
        last_modified=current.last_modified,
        headers={"Content-Language": language},
    )
