"""Answers as plain values: status, fields and content, made from what a request says, without a framework.

The order is that of RFC 9110: negotiation first, then the preconditions of section 13.2.2 against the
validators of the representation that was chosen, so that a 304 never mixes representations.
"""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from officegraph.http.conditional import Condition, evaluate, strong_etag
from officegraph.http.encoding import negotiate_encoding
from officegraph.http.fields import http_date
from officegraph.http.iris import iri_to_uri
from officegraph.http.links import link_header
from officegraph.http.problem import ProblemError, make_problem

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from officegraph.http.accept import Offers

SMALLEST_COMPRESSED: Final = 1024
"""Bytes under which compressing costs more than it saves."""

CODINGS: Final = ("gzip",)

CHUNK: Final = 256 * 1024

_date = lru_cache(maxsize=16)(http_date)

Headers = list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class FilePart:
    """Part of a file as the content of an answer.

    A server that knows this class sends the file itself; for any other it is an iterable of bytes, as WSGI has it.

    Attributes:
        path: The file.
        first: Position of the first byte.
        length: How many bytes there are.
    """

    path: Path
    first: int
    length: int

    def __iter__(self) -> Iterator[bytes]:
        with self.path.open("rb") as file:
            file.seek(self.first)
            left = self.length
            while left > 0 and (chunk := file.read(min(CHUNK, left))):
                left -= len(chunk)
                yield chunk

    def __len__(self) -> int:
        return self.length


@dataclass(slots=True)
class Answer:
    """An answer that is ready to send.

    Attributes:
        status: Status code.
        headers: Its fields.
        body: Its content, or the part of a file that is its content.
    """

    status: int
    headers: Headers
    body: bytes | memoryview | FilePart = b""

    @property
    def content(self) -> bytes:
        """Its content in memory."""
        return b"".join(self.body) if isinstance(self.body, FilePart) else bytes(self.body)


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
        cache_control: Value of ``Cache-Control``; that of what depends on the release alone if ``None``.
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


def represent(representation: Representation, environ: Mapping[str, object], caching: str) -> Answer:
    """Return the answer that sends ``representation``, 200 or 304, without the fields of every answer.

    Args:
        representation: What is sent.
        environ: The WSGI environment of the request: its method, preconditions and accepted codings count.
        caching: ``Cache-Control`` of what depends on the release alone.

    Raises:
        ProblemError: 412, where a precondition of the request fails.
    """
    coding = "identity"
    if representation.codings:
        accepted = environ.get("HTTP_ACCEPT_ENCODING")
        coding = negotiate_encoding(None if accepted is None else str(accepted), representation.codings)
    etag = strong_etag(representation.digest, coding, variant=representation.variant)
    outcome = evaluate(str(environ["REQUEST_METHOD"]), Condition.of(environ), etag, representation.last_modified)
    if outcome == 412:
        raise ProblemError(make_problem("precondition-failed"))
    headers: Headers = []
    body: bytes | memoryview = b""
    if outcome == 200:
        body = representation.load(coding)
        headers += [("Content-Type", representation.content_type), ("Content-Length", str(len(body)))]
        if coding != "identity":
            headers.append(("Content-Encoding", coding))
    # The metadata of content are left to the answers that have it (RFC 9110, section 15.4.5).
    headers += [
        (name, value) for name, value in representation.headers.items() if outcome == 200 or name != "Content-Language"
    ]
    headers += [("ETag", etag), ("Cache-Control", representation.cache_control or caching)]
    if outcome == 200 and representation.last_modified is not None:
        headers.append(("Last-Modified", _date(representation.last_modified)))
    if representation.links:
        headers.append(("Link", link_header(representation.links)))
    if vary := varied(representation.vary, ("Accept-Encoding",) if representation.codings else ()):
        headers.append(("Vary", vary))
    return Answer(outcome, headers, body)


def refer(
    location: str,
    status: int,
    caching: str,
    *,
    vary: Sequence[str] = (),
    links: Sequence[str] = (),
) -> Answer:
    """Return the redirect to the absolute URL ``location``, without the fields of every answer.

    Args:
        location: URL or IRI.
        status: Status code, always explicit.
        caching: ``Cache-Control``.
        vary: Request fields that the choice of the location depended on.
        links: Members of the field ``Link``.
    """
    location = iri_to_uri(location)
    body = f"{location}\n".encode()
    headers = [
        ("Content-Type", "text/plain; charset=utf-8"),
        ("Content-Length", str(len(body))),
        ("Location", location),
        ("Cache-Control", caching),
    ]
    if links:
        headers.append(("Link", link_header(links)))
    if vary:
        headers.append(("Vary", varied(vary)))
    return Answer(status, headers, body)


def varied(*fields: Sequence[str]) -> str:
    """Return the value of ``Vary`` that names the request ``fields`` (RFC 9110, section 12.5.5), each once."""
    return _varied(tuple(name for names in fields for name in names))


@lru_cache(maxsize=64)
def _varied(fields: tuple[str, ...]) -> str:
    named: dict[str, str] = {}
    for name in fields:
        named.setdefault(name.lower(), name)
    return ", ".join(named.values())


def not_acceptable(offers: Offers, what: str, links: Sequence[str] = ()) -> ProblemError:
    """Return the problem of a request that accepts none of ``offers`` (RFC 9110, section 15.5.7)."""
    return ProblemError(
        make_problem(
            "not-acceptable",
            f"{what} is offered as {', '.join(offer.media_type for offer in offers.formats)}.",
            headers=(("Link", link_header(links)),) if links else (),
            offers=offers.listing(),
        )
    )
