"""The one place where headers that every answer carries are set: CORS, security, ``Vary``.

Cross-origin rules follow the WHATWG Fetch standard, section 3.2: everything published is public and
read without credentials, so the origin is ``*`` and stands exactly once on every status.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Final

from flask import Flask, Response, request

from officegraph.http.sparql_protocol import ACCEPT_POST, ACCEPT_QUERY
from officegraph.web.publication import publication

if TYPE_CHECKING:
    from officegraph.settings import Settings
    from officegraph.web.answer import Answer

EXPOSED: Final = (
    "Accept-Post, Accept-Query, Accept-Ranges, Allow, Content-Disposition, Content-Encoding, Content-Language, "
    "Content-Length, Content-Location, Content-Range, ETag, Last-Modified, Link, Location, Repr-Digest, "
    "RateLimit, RateLimit-Policy, Retry-After, Vary"
)
"""Headers that scripts of other origins may read."""

ALLOWED_REQUEST_HEADERS: Final = (
    "Accept, Accept-Language, Cache-Control, Content-Type, If-Match, If-Modified-Since, If-None-Match, "
    "If-Range, If-Unmodified-Since, Range, X-Requested-With"
)

PAGE_FIELDS: Final = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
        "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=(), browsing-topics=()",
    "Cross-Origin-Opener-Policy": "same-origin",
}
"""What bounds a page in the browser, itself and what is put into it; other content is no page."""

PAGE_TYPES: Final = ("text/html", "image/svg+xml", "application/xhtml+xml")
"""Media types of what a browser shows as a page of its own, scripts and all."""

STRICT_TRANSPORT: Final = "max-age=31536000"
"""A year of HTTPS alone (RFC 6797), where the operator says that the site is one of HTTPS."""


def add_vary(response: Response, *fields: str) -> None:
    """Add request header ``fields`` to ``Vary`` (RFC 9110, section 12.5.5), each once."""
    present = [field.strip() for field in response.headers.get("Vary", "").split(",") if field.strip()]
    known = {field.lower() for field in present}
    present += [field for field in fields if field.lower() not in known]
    if present:
        response.headers["Vary"] = ", ".join(present)


@lru_cache(maxsize=8)
def common_fields(*, page: bool, https: bool) -> tuple[tuple[str, str], ...]:
    """Return the fields that every answer carries, whatever its route and status.

    Args:
        page: Whether its content is a page.
        https: Whether the site is one of HTTPS.
    """
    fields = [
        ("Access-Control-Allow-Origin", "*"),
        ("Access-Control-Expose-Headers", EXPOSED),
        ("X-Content-Type-Options", "nosniff"),
        ("Referrer-Policy", "strict-origin-when-cross-origin"),
        ("Cross-Origin-Resource-Policy", "cross-origin"),
    ]
    if page:
        fields += PAGE_FIELDS.items()
    if https:
        fields.append(("Strict-Transport-Security", STRICT_TRANSPORT))
    return tuple(fields)


def is_https(settings: Settings) -> bool:
    """Return whether the operator says that the site is one of HTTPS."""
    return (settings.public_url or "").startswith("https://")


def complete(answer: Answer, settings: Settings) -> Answer:
    """Give ``answer``, which says itself how long it lasts, the fields that every answer carries; return it."""
    media_type = next((value for name, value in answer.headers if name == "Content-Type"), "").partition(";")[0]
    answer.headers += common_fields(page=media_type in PAGE_TYPES, https=is_https(settings))
    return answer


def finish(response: Response) -> Response:
    """Set what every answer carries, whatever its route and status."""
    headers = response.headers
    for name, value in common_fields(page=response.mimetype in PAGE_TYPES, https=is_https(publication().settings)):
        headers[name] = value
    if "Cache-Control" not in headers:
        headers["Cache-Control"] = "no-store" if response.status_code >= 500 else "no-cache"
    return response


def preflight() -> Response | None:
    """Answer ``OPTIONS`` on any route with what it allows (RFC 9110, section 9.3.7; Fetch, section 4.8)."""
    if request.method != "OPTIONS" or request.url_rule is None:
        return None
    methods = sorted(request.url_rule.methods or ())
    response = Response(status=204)
    del response.headers["Content-Type"]
    response.headers["Allow"] = ", ".join(methods)
    if "Access-Control-Request-Method" in request.headers:
        response.headers["Access-Control-Allow-Methods"] = ", ".join(methods)
        response.headers["Access-Control-Allow-Headers"] = ALLOWED_REQUEST_HEADERS
        response.headers["Access-Control-Max-Age"] = "86400"
    if "QUERY" in methods:
        response.headers["Accept-Post"] = ACCEPT_POST
        response.headers["Accept-Query"] = ACCEPT_QUERY
    response.headers["Cache-Control"] = "public, max-age=86400"
    return response


def install(app: Flask) -> None:
    """Install the headers on every answer of ``app``."""
    app.before_request(preflight)
    app.after_request(finish)
