"""``/static/``: style sheets, scripts and icons, which come with the package and are small."""

from __future__ import annotations

import hashlib
import mimetypes
from functools import lru_cache
from importlib.resources import files
from typing import Final

from flask import Blueprint, Response, request

from officegraph.http.problem import ProblemError, make_problem
from officegraph.http.sparql_protocol import parameter_values
from officegraph.web.answer import of_bytes
from officegraph.web.respond import deliver

blueprint = Blueprint("static", __name__)

FOR_GOOD: Final = "public, max-age=31536000, immutable"
"""For an address that holds the digest of the content (RFC 8246)."""


@blueprint.get("/static/<name>")
def static_file(name: str) -> Response:
    """Send a static file; it may be kept for good where the address holds its digest."""
    content = static_content().get(name)
    if content is None:
        raise ProblemError(make_problem("not-found", f"There is no file {name!r}."))
    body, content_type, digest = content
    version = next(iter(parameter_values(request.query_string, "v")), "")
    current = len(version) >= 12 and digest.startswith(version)
    return deliver(of_bytes(body, content_type, cache_control=FOR_GOOD if current else None))


@lru_cache(maxsize=1)
def static_content() -> dict[str, tuple[bytes, str, str]]:
    """Return content, ``Content-Type`` and SHA-256 of every static file by its name, those of the bundle included."""
    found = {}
    folder = files("officegraph.web").joinpath("static")
    bundle = folder.joinpath("dist")
    for file in (*(bundle.iterdir() if bundle.is_dir() else ()), *folder.iterdir()):
        if file.is_file():
            body = file.read_bytes()
            found[file.name] = (body, content_type_of(file.name), hashlib.sha256(body).hexdigest())
    return found


def content_type_of(name: str) -> str:
    """Return the ``Content-Type`` of a static file, the same whatever the system's own table says."""
    known = {".js": "text/javascript", ".woff2": "font/woff2", ".svg": "image/svg+xml", ".css": "text/css"}
    extension = name[name.rfind(".") :]
    media_type = known.get(extension) or mimetypes.guess_type(name)[0] or "application/octet-stream"
    return f"{media_type}; charset=utf-8" if media_type.startswith("text/") else media_type
