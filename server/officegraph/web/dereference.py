"""Answer for resources and their documents from what is stored, with nothing but look-ups.

Cool URIs for the Semantic Web, https://www.w3.org/TR/cooluris/; RFC 9110, section 15.4.4. The views answer by the
same functions; what takes more than a look-up (pages, errors, formats that are not stored) is theirs alone.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

from officegraph.http.accept import Offers
from officegraph.http.iris import by_extension
from officegraph.http.problem import ProblemError
from officegraph.http.sparql_protocol import parameter_values
from officegraph.model.formats import HTML, Format
from officegraph.release.documents import DOCUMENT_FORMATS, GZIP, IDENTITY
from officegraph.web.answer import Answer, Representation, not_acceptable, refer, represent
from officegraph.web.locate import locate

if TYPE_CHECKING:
    from wsgiref.types import WSGIEnvironment

    from officegraph.release.documents import Document
    from officegraph.web.publication import Publication

OFFERS: Final = Offers((*DOCUMENT_FORMATS, HTML))
"""Turtle is what a client without a wish gets; browsers name HTML."""

FORMATS: Final = by_extension(OFFERS.formats)

WHAT: Final = "A document about the resource"


def dereference(environ: WSGIEnvironment, current: Publication) -> Answer | None:
    """Return the whole answer to a request for a resource or a document, if look-ups are enough for it.

    Args:
        environ: The WSGI environment of a GET or HEAD without content.
        current: The publication.
    """
    if not current.addresses.is_free(environ.get("PATH_INFO", "")):
        return None
    found = locate(environ, current, FORMATS)
    if found is None or found.moved is not None or found.format is HTML or found.iri == current.dataset_iri:
        return None
    document = current.release.documents.get(found.iri)
    formats = None if document is None else document.formats()
    if document is None or formats is None:
        return None
    offers = _offers(formats)
    try:
        if found.format is None:
            answer = see_document(found.iri, offers, environ, current)
        else:
            answer = stored_document(found.iri, document, offers, found.format, environ, current)
    except ProblemError:
        return None
    if environ["REQUEST_METHOD"] == "HEAD":
        answer.body = b""
    answer.headers += current.common_fields
    return answer


def offers_of(document: Document) -> Offers:
    """Return the formats that a document comes in; some content has no RDF/XML."""
    formats = document.formats()
    if formats is None:
        formats = tuple(item for item in DOCUMENT_FORMATS if document.representation(item) is not None)
    return _offers(formats)


def _offers(formats: tuple[Format, ...]) -> Offers:
    return OFFERS if formats is DOCUMENT_FORMATS else _other_offers(formats)


@lru_cache(maxsize=64)
def _other_offers(formats: tuple[Format, ...]) -> Offers:
    return Offers((*formats, HTML))


def see_document(iri: str, offers: Offers, environ: WSGIEnvironment, current: Publication) -> Answer:
    """Return the redirect from a resource to the document that the request accepts.

    Raises:
        ProblemError: 406, where it accepts none.
    """
    addresses, site = current.addresses, current.root_url(environ)
    before, after = stem = addresses.stem(iri)
    links = (addresses.link_field(iri, offers, site, stem=stem),)
    chosen = offers.negotiate(environ.get("HTTP_ACCEPT"))
    if chosen is None:
        raise not_acceptable(offers, WHAT, links)
    location = f"{site[:-1]}{before}.{chosen.extension}{after}"
    if chosen == HTML and (languages := parameter_values(environ.get("QUERY_STRING", "").encode("latin-1"), "lang")):
        location += f"{'&' if '?' in location else '?'}lang={quote(languages[0], safe='')}"
    return refer(location, 303, current.caching, vary=("Accept",), links=links)


def stored_document(
    iri: str, document: Document, offers: Offers, format_: Format, environ: WSGIEnvironment, current: Publication
) -> Answer:
    """Return the answer that sends a document about a resource as data.

    Raises:
        ProblemError: 406, where the format cannot express it; 412, where a precondition fails.
    """
    addresses = current.addresses
    before, after = stem = addresses.stem(iri)
    links = (addresses.link_field(iri, offers, current.root_url(environ), format_.extension, stem),)
    plain = document.representation(format_)
    if plain is None:
        raise not_acceptable(offers, "A document about this resource cannot be written so; it", links)

    def load(coding: str) -> bytes | memoryview:
        packed = document.representation(format_, coding) if coding != IDENTITY else None
        return plain.body if packed is None else packed.body

    return represent(
        Representation(
            content_type=format_.content_type,
            digest=plain.digest.hex(),
            variant=format_.extension,
            load=load,
            codings=(GZIP,) if document.is_packed(format_) else (),
            links=links,
            last_modified=current.last_modified,
            headers={"Content-Location": f"{before}.{format_.extension}{after}"},
        ),
        environ,
        current.caching,
    )
