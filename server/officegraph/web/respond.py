"""Turn a representation into a response: conditions, coding, caching and links in one place.

The order is that of RFC 9110: negotiation first, then the preconditions of section 13.2.2 against the
validators of the representation that was chosen, so that a 304 never mixes representations.
"""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from flask import Response, request

from officegraph.http.accept import Offers
from officegraph.http.conditional import Condition, evaluate, strong_etag
from officegraph.http.encoding import negotiate_encoding
from officegraph.http.iris import iri_to_uri
from officegraph.http.links import link_header
from officegraph.http.problem import ProblemError, make_problem
from officegraph.web.headers import add_vary
from officegraph.web.publication import publication

if TYPE_CHECKING:
    from datetime import datetime

    from officegraph.model.formats import Format

SMALLEST_COMPRESSED: Final = 1024
"""Bytes under which compressing costs more than it saves."""

CODINGS: Final = ("gzip",)


@dataclass(slots=True, kw_only=True)
class Representation:
    """A representation that is ready to send.

    Attributes:
        content_type: Value of ``Content-Type``.
        digest: Hexadecimal digest of the content, from which entity tags are made.
        load: Gives the bytes in a content coding (``identity`` or one of ``codings``); called only
            when they are really sent.
        variant: What tells the representation from others with the same bytes, such as its file ending.
        codings: Content codings beside ``identity`` that ``load`` can give.
        vary: Request fields that the choice of this representation depended on.
        links: Members of the field ``Link``.
        last_modified: When the content last changed.
        cache_control: Value of ``Cache-Control``; the setting of the application if ``None``.
        headers: Further fields.
    """

    content_type: str
    digest: str
    load: Callable[[str], bytes | memoryview]
    variant: str = ""
    codings: Sequence[str] = ()
    vary: Sequence[str] = ()
    links: Sequence[str] = ()
    last_modified: datetime | None = None
    cache_control: str | None = None
    headers: dict[str, str] = field(default_factory=dict)


def of_bytes(body: bytes, content_type: str, **more: Any) -> Representation:
    """Return the representation whose bytes are at hand; it is compressed when asked for."""
    return Representation(
        content_type=content_type,
        digest=hashlib.sha256(body).hexdigest(),
        load=lambda coding: compressed(body) if coding == "gzip" else body,
        codings=CODINGS if len(body) >= SMALLEST_COMPRESSED else (),
        **more,
    )


@lru_cache(maxsize=64)
def compressed(body: bytes) -> bytes:
    """Return ``body`` in the coding ``gzip``; the same bytes every time."""
    return gzip.compress(body, 5, mtime=0)


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


def not_acceptable(offers: Offers, what: str, links: Sequence[str] = ()) -> ProblemError:
    """Return the problem of a request that accepts none of ``offers``."""
    return ProblemError(
        make_problem(
            "not-acceptable",
            f"{what} is offered as {', '.join(offer.media_type for offer in offers.formats)}.",
            headers=(("Link", link_header(links)),) if links else (),
            offers=offers.listing(),
        )
    )


def deliver(representation: Representation) -> Response:
    """Return the response for ``representation``, 200 or 304, with all its fields.

    Raises:
        ProblemError: 412, where a precondition of the request fails.
    """
    coding = "identity"
    if representation.codings:
        coding = negotiate_encoding(request.headers.get("Accept-Encoding"), representation.codings)
    etag = strong_etag(representation.digest, coding, variant=representation.variant)
    outcome = evaluate(request.method, Condition.of(request.environ), etag, representation.last_modified)
    if outcome == 412:
        raise ProblemError(make_problem("precondition-failed"))
    response = Response(status=outcome)
    if outcome == 200:
        response.set_data(bytes(representation.load(coding)))
        response.headers["Content-Type"] = representation.content_type
        if coding != "identity":
            response.headers["Content-Encoding"] = coding
    else:
        del response.headers["Content-Type"]
    response.headers.update(representation.headers)
    response.headers["ETag"] = etag
    response.headers["Cache-Control"] = representation.cache_control or shared_caching()
    if representation.last_modified is not None:
        response.last_modified = representation.last_modified
    if representation.links:
        response.headers["Link"] = link_header(representation.links)
    add_vary(response, *representation.vary, *(("Accept-Encoding",) if representation.codings else ()))
    return response


def shared_caching() -> str:
    """Return the ``Cache-Control`` of what depends on the release alone."""
    return f"public, max-age={publication().settings.cache_age}"


def redirect(
    location: str,
    status: int,
    *,
    vary: Sequence[str] = (),
    links: Sequence[str] = (),
    cache_control: str | None = None,
) -> Response:
    """Return a redirect to the absolute URL ``location``; the status is always explicit."""
    location = iri_to_uri(location)
    response = Response(f"{location}\n", status=status, content_type="text/plain; charset=utf-8")
    response.autocorrect_location_header = False
    response.headers["Location"] = location
    response.headers["Cache-Control"] = cache_control or shared_caching()
    if links:
        response.headers["Link"] = link_header(links)
    add_vary(response, *vary)
    return response
