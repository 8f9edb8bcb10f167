"""Resources and their documents: 303 from the thing to a document, 200 on the document.

Cool URIs for the Semantic Web, https://www.w3.org/TR/cooluris/; RFC 9110, section 15.4.4.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, Response, request
from werkzeug.routing import BaseConverter

from officegraph.http.problem import ProblemError, make_problem
from officegraph.http.sparql_protocol import parameter_values
from officegraph.model.formats import HTML, Format
from officegraph.web import dereference
from officegraph.web.answer import Representation, compressed
from officegraph.web.dereference import FORMATS, offers_of
from officegraph.web.links import absolute, resource_path
from officegraph.web.locate import locate, owner, owner_of
from officegraph.web.pages.resource import render_resource
from officegraph.web.publication import publication
from officegraph.web.respond import deliver, redirect, response_of
from officegraph.web.site_model import reader_languages, site_model

if TYPE_CHECKING:
    from flask.blueprints import BlueprintSetupState

    from officegraph.release.documents import Document

blueprint = Blueprint("resources", __name__)


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
    return redirect(site_model().in_language(absolute(path)), 303, links=(link_field(iri),))


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
    path = "/dataset" if iri == publication().dataset_iri else resource_path(iri)
    return redirect(site_model().in_language(absolute(path)), 303)


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


def described(iri: str) -> Document:
    """Return the document about ``iri``.

    Raises:
        ProblemError: 404, where there is none.
    """
    found = publication().release.documents.get(iri)
    if found is None:
        raise unknown(iri)
    return found


def link_field(iri: str, own: str | None = None) -> str:
    """Return the value of ``Link`` for a resource, or for its document with the file ending ``own``."""
    current = publication()
    return current.addresses.link_field(iri, offers_of(described(iri)), current.site_url(), own)


def see_document(iri: str) -> Response:
    """Redirect from a resource to the document that the request accepts."""
    return response_of(dereference.see_document(iri, offers_of(described(iri)), request.environ, publication()))


def document(iri: str, format_: Format) -> Response:
    """Send a document, whatever ``Accept`` says: its URL names its format."""
    found = described(iri)
    if format_ == HTML:
        return deliver(page(iri, found))
    return response_of(
        dereference.stored_document(iri, found, offers_of(found), format_, request.environ, publication())
    )


def page(iri: str, found: Document) -> Representation:
    """Return the page about a resource in the reader's language; it is rendered only when it is sent."""
    current = publication()
    language, vary = reader_languages()

    def load(coding: str) -> bytes:
        formats = [format_ for format_ in offers_of(found).formats if format_ != HTML]
        sizes = {format_.extension: size for format_ in formats if (size := found.stored_size(format_)) is not None}
        body = render_resource(site_model(), iri, found.triples(), formats, (language,), sizes).encode()
        return compressed(body) if coding == "gzip" else body

    return Representation(
        content_type=HTML.content_type,
        digest=current.page_digest(iri, language),
        variant=f"html-{language}",
        load=load,
        codings=("gzip",),
        vary=vary,
        links=(link_field(iri, HTML.extension),),
        last_modified=current.last_modified,
    )
