"""The fields that every answer carries, whatever its route and status: CORS, security.

Cross-origin rules follow the WHATWG Fetch standard, section 3.2: everything published is public and
read without credentials, so the origin is ``*`` and stands exactly once on every status.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Final

from officegraph.web.image_style import IMAGE_STYLE_SOURCE

if TYPE_CHECKING:
    from officegraph.settings import Settings
    from officegraph.web.answer import Answer

EXPOSED: Final = (
    "Accept-Post, Accept-Query, Accept-Ranges, Allow, Content-Disposition, Content-Encoding, Content-Language, "
    "Content-Length, Content-Location, Content-Range, ETag, Last-Modified, Link, Location, Repr-Digest, "
    "RateLimit, RateLimit-Policy, Retry-After, Vary"
)
"""Headers that scripts of other origins may read."""

PAGE_FIELDS: Final = {
    "Content-Security-Policy": (
        f"default-src 'none'; script-src 'self'; style-src 'self' {IMAGE_STYLE_SOURCE}; "
        "img-src 'self' data:; font-src 'self'; connect-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=(), browsing-topics=()",
    "Cross-Origin-Opener-Policy": "same-origin",
}
"""What bounds a page in the browser, itself and what is put into it; other content is no page."""

PAGE_TYPES: Final = ("text/html", "image/svg+xml", "application/xhtml+xml")
"""Media types of what a browser shows as a page of its own, scripts and all."""

STRICT_TRANSPORT: Final = "max-age=31536000"
"""A year of HTTPS alone (RFC 6797), where the operator says that the site is one of HTTPS."""


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
