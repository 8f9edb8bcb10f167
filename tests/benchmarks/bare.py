"""The least that a WSGI application can do."""

from __future__ import annotations

from collections.abc import Callable, Iterable

BODY = b"x" * 1100
HEADERS = [("Content-Type", "text/turtle; charset=utf-8"), ("Content-Length", "1100")]


def application(environ: dict[str, object], start_response: Callable[..., object]) -> Iterable[bytes]:
    """Answer 200 with the same bytes."""
    start_response("200 OK", HEADERS)
    return [BODY]
