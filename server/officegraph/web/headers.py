"""Where Flask's answers get the headers that every answer carries, and answers to ``OPTIONS``."""

from __future__ import annotations

from typing import Final

from flask import Flask, Response, request

from officegraph.http.sparql_protocol import ACCEPT_POST, ACCEPT_QUERY
from officegraph.model.formats import HTML
from officegraph.web.fields import PAGE_TYPES, common_fields, is_https
from officegraph.web.pages.wording import language
from officegraph.web.publication import publication

ALLOWED_REQUEST_HEADERS: Final = (
    "Accept, Accept-Language, Cache-Control, Content-Type, If-Match, If-Modified-Since, If-None-Match, "
    "If-Range, If-Unmodified-Since, Range, X-Requested-With"
)


def add_vary(response: Response, *fields: str) -> None:
    """Add request header ``fields`` to ``Vary`` (RFC 9110, section 12.5.5), each once."""
    present = [field.strip() for field in response.headers.get("Vary", "").split(",") if field.strip()]
    known = {field.lower() for field in present}
    present += [field for field in fields if field.lower() not in known]
    if present:
        response.headers["Vary"] = ", ".join(present)


def finish(response: Response) -> Response:
    """Set what every answer carries, whatever its route and status."""
    headers = response.headers
    for name, value in common_fields(page=response.mimetype in PAGE_TYPES, https=is_https(publication().settings)):
        headers[name] = value
    if response.mimetype == HTML.media_type:
        headers["Content-Language"] = language()
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
