"""Answers of Flask's views, made of the plain values of :mod:`officegraph.web.answer`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Response, request

from officegraph.web.answer import not_acceptable, refer, represent
from officegraph.web.publication import publication

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from officegraph.http.accept import Offers
    from officegraph.model.formats import Format
    from officegraph.web.answer import Answer, Representation


def negotiated(offers: Offers, what: str, links: Callable[[], Sequence[str]] | None = None) -> Format:
    """Return the one of ``offers`` that the request accepts.

    Args:
        offers: The formats there are.
        what: What comes in them, as the subject of a sentence.
        links: Gives the members of ``Link`` that name where each is, if they have addresses.

    Raises:
        ProblemError: 406, with what there is (RFC 9110, section 15.5.7).
    """
    chosen = offers.negotiate(request.headers.get("Accept"))
    if chosen is None:
        raise not_acceptable(offers, what, links() if links else ())
    return chosen


def deliver(representation: Representation) -> Response:
    """Return the response for ``representation``, 200 or 304, with all its fields.

    Raises:
        ProblemError: 412, where a precondition of the request fails.
    """
    return response_of(represent(representation, request.environ, shared_caching()))


def redirect(
    location: str,
    status: int,
    *,
    vary: Sequence[str] = (),
    links: Sequence[str] = (),
    cache_control: str | None = None,
) -> Response:
    """Return a redirect to the absolute URL ``location``; the status is always explicit."""
    return response_of(refer(location, status, cache_control or shared_caching(), vary=vary, links=links))


def response_of(answer: Answer) -> Response:
    """Return ``answer`` as a response of Flask, which gives it the fields of every answer on its way out."""
    response = Response(answer.content, status=answer.status, headers=answer.headers)
    if answer.status == 304:
        del response.headers["Content-Type"]
    response.autocorrect_location_header = False
    return response


def shared_caching() -> str:
    """Return the ``Cache-Control`` of what depends on the release alone."""
    return publication().caching
