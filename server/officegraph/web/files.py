"""Send files whole or in part: validators, ranges, digests (RFC 9110, sections 13 and 14; RFC 9530)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Final

from flask import Response, request

from officegraph.http.conditional import Condition, evaluate, strong_etag
from officegraph.http.digest import repr_digest
from officegraph.http.disposition import attachment
from officegraph.http.problem import ProblemError, make_problem
from officegraph.http.ranges import UNSATISFIABLE, Range, Unsatisfiable, multipart, select_ranges, unsatisfied
from officegraph.web.answer import FilePart
from officegraph.web.headers import add_vary
from officegraph.web.respond import shared_caching

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

MULTIPART_LIMIT: Final = 16 * 1024 * 1024
"""Bytes that several ranges may have together; of more the whole is sent, as if none had been asked for."""


def send_file(
    path: Path,
    *,
    content_type: str,
    sha256: str,
    coding: str,
    filename: str,
    last_modified: datetime,
    vary: Sequence[str],
) -> Response:
    """Return the response that sends a file for download.

    Args:
        path: The file.
        content_type: Its ``Content-Type``, that of the content without the coding.
        sha256: Hexadecimal digest of its bytes.
        coding: Content coding that its bytes are in, ``identity`` for none.
        filename: Name to save it under.
        last_modified: When the content last changed.
        vary: Request fields that the choice of the file depended on.

    Raises:
        ProblemError: 412 or 416.
    """
    size = path.stat().st_size
    etag = strong_etag(sha256, coding)
    outcome = evaluate(request.method, Condition.of(request.environ), etag, last_modified)
    if outcome == 412:
        raise ProblemError(make_problem("precondition-failed"))
    ranges: list[Range] | Unsatisfiable | None = None
    if outcome == 200:
        ranges = select_ranges(
            request.method, request.headers.get("Range"), size,
            if_range=request.headers.get("If-Range"), etag=etag, last_modified=last_modified,
        )  # fmt: skip
    if ranges is UNSATISFIABLE:
        raise ProblemError(
            make_problem("range-not-satisfiable", headers=(("Content-Range", unsatisfied(size)),), size=size)
        )
    response = Response(status=outcome)
    if outcome == 304:
        del response.headers["Content-Type"]
    else:
        fill(response, path, size, content_type, etag, ranges if isinstance(ranges, list) else None)
        if coding != "identity":
            response.headers["Content-Encoding"] = coding
        response.headers["Content-Disposition"] = attachment(filename)
        response.headers["Repr-Digest"] = repr_digest(bytes.fromhex(sha256))
    response.headers["Accept-Ranges"] = "bytes"
    response.headers["ETag"] = etag
    response.headers["Cache-Control"] = shared_caching()
    response.last_modified = last_modified
    add_vary(response, *vary)
    return response


def fill(response: Response, path: Path, size: int, content_type: str, etag: str, ranges: list[Range] | None) -> None:
    """Give ``response`` the whole file, one range of it, or several as multipart."""
    response.headers["Content-Type"] = content_type
    if ranges is not None and len(ranges) > 1 and sum(map(len, ranges)) > MULTIPART_LIMIT:
        ranges = None  # as RFC 9110, section 14.2, permits
    if ranges is None or len(ranges) == 1:
        part = FilePart(path, 0, size)
        if ranges:
            response.status_code = 206
            response.headers["Content-Range"] = ranges[0].content_range(size)
            part = FilePart(path, ranges[0].first, len(ranges[0]))
        response.response, response.direct_passthrough = part, True
        length = part.length
    else:
        response.status_code = 206
        parts = multipart(ranges, size, content_type, etag)
        response.headers["Content-Type"] = parts.content_type
        response.response, length = read(path, parts.parts, parts.end), parts.length
    response.headers["Content-Length"] = str(length)


def read(path: Path, parts: Sequence[tuple[bytes, Range]], end: bytes) -> Iterator[bytes]:
    """Yield the parts of a file, each with the bytes that go before it."""
    for head, part in parts:
        yield head
        yield from FilePart(path, part.first, len(part))
    yield end
