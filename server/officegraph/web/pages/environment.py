"""The templates and how they are rendered: everything is escaped, nothing is undefined, no control characters."""

from __future__ import annotations

import hashlib
import json
import re
from functools import lru_cache
from importlib.resources import files
from typing import Final

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from officegraph.version import __version__
from officegraph.web.pages.wording import counted, gettext, gettext_noop, language, language_name, ngettext, number

_CONTROL: Final = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufdd0-\ufdef\ufffe\uffff"
    + "".join(f"{chr(plane * 0x10000 + 0xFFFE)}{chr(plane * 0x10000 + 0xFFFF)}" for plane in range(1, 17))
    + "]"
)
"""Characters that HTML does not allow in a document (HTML Living Standard, section 13.2.3.5)."""

_PLAIN: Final = bytes(code for code in range(0x80) if not _CONTROL.match(chr(code)))
"""What can be left out when those characters are looked for: nearly all of a page."""

_JSON_ESCAPES: Final = {
    "<": "\\u003c",
    ">": "\\u003e",
    "&": "\\u0026",
    "\u2028": "\\u2028",
    "\u2029": "\\u2029",
}


_UNITS: Final = (gettext_noop("%(number)s kB"), gettext_noop("%(number)s MB"), gettext_noop("%(number)s GB"))


@lru_cache(maxsize=64)
def asset(name: str) -> str:
    """Return the path of a static file with a digest of its content, so that it can be cached for good.

    Raises:
        FileNotFoundError: There is no such file.
    """
    return _address_of(name)


@lru_cache(maxsize=64)
def bundled(name: str) -> str | None:
    """Return the path of a script that was bundled when the package was built, or ``None`` where it was left out."""
    try:
        return _address_of(name, "dist")
    except FileNotFoundError:
        return None


def _address_of(name: str, *folder: str) -> str:
    content = files("officegraph.web").joinpath("static", *folder, name).read_bytes()
    return f"/static/{name}?v={hashlib.sha256(content).hexdigest()[:12]}"


def as_json(value: object) -> Markup:
    """Return ``value`` as JSON that cannot end the script element around it (HTML, section 4.12.1.3)."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return Markup(re.sub("[<>&\u2028\u2029]", lambda match: _JSON_ESCAPES[match[0]], text))  # noqa: S704  # escaped


def bytes_in_words(size: int) -> str:
    """Return ``size`` for people.

    >>> bytes_in_words(1_536)
    '1.5 kB'
    """
    if size < 1000:
        return counted("%(number)s byte", "%(number)s bytes", size)
    thousands, unit = size / 1000, _UNITS[0]
    for unit in _UNITS:
        if thousands < 1000 or unit == _UNITS[-1]:
            break
        thousands /= 1000
    return gettext(unit) % {"number": number(thousands, 1)}


@lru_cache(maxsize=1)
def environment() -> Environment:
    """Return the one template environment."""
    env = Environment(
        loader=PackageLoader("officegraph.web"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        extensions=["jinja2.ext.i18n"],
    )
    # https://jinja.palletsprojects.com/en/stable/extensions/#i18n-extension: what is put into a message is escaped.
    env.install_gettext_callables(gettext, ngettext, newstyle=True)  # type: ignore[attr-defined]  # the extension's
    env.filters["as_json"] = as_json
    env.filters["bytes_in_words"] = bytes_in_words
    env.filters["thousands"] = number
    env.filters["translated"] = gettext  # of what stands in constants
    env.globals["counted"] = counted
    env.globals["interface_language"] = language
    env.globals["language_name"] = language_name
    env.filters["primary"] = lambda tag: tag.partition("-")[0].lower()
    env.globals["asset"] = asset
    env.globals["bundled"] = bundled
    env.globals["software_version"] = __version__
    return env


def render(template: str, **context: object) -> str:
    """Return the page that ``template`` makes of ``context``, with characters replaced that HTML forbids."""
    return without_controls(environment().get_template(template).render(**context))


def without_controls(text: str) -> str:
    """Return ``text`` with the characters replaced that HTML forbids."""
    rest = text.encode("utf-8", "surrogatepass").translate(None, _PLAIN)
    if _CONTROL.search(rest.decode("utf-8", "surrogatepass")) is None:
        return text
    return _CONTROL.sub("\ufffd", text)
