"""The words of the interface, in the language of its reader.

Modules and templates write what they say in English, inside ``_()`` or, in templates, ``{% trans %}``; the catalogues
of gettext have the rest (https://www.gnu.org/software/gettext/manual/). The language is set for the time in which one
page is made; without it, the words stay as they are written.
"""

from __future__ import annotations

from contextlib import contextmanager
from contextvars import ContextVar
from gettext import NullTranslations
from typing import TYPE_CHECKING, Final

from babel import Locale
from babel.numbers import format_decimal

from officegraph.model.messages import gettext_noop

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = [
    "SOURCE_LANGUAGE",
    "_",
    "counted",
    "gettext",
    "gettext_noop",
    "language",
    "language_name",
    "ngettext",
    "number",
    "speaking",
]

SOURCE_LANGUAGE: Final = "en"
"""The language that the interface is written in."""

_WRITTEN: Final = NullTranslations()
_current: ContextVar[NullTranslations] = ContextVar("officegraph.wording", default=_WRITTEN)


@contextmanager
def speaking(translations: NullTranslations) -> Iterator[None]:
    """Have the words of the interface come from ``translations`` within the context."""
    token = _current.set(translations)
    try:
        yield
    finally:
        _current.reset(token)


def language() -> str:
    """Return the tag of the language that the interface speaks, as its catalogue has it."""
    return _current.get().info().get("language", SOURCE_LANGUAGE)


def gettext(message: str) -> str:
    """Return ``message`` in the language of the reader."""
    return _current.get().gettext(message) if message else ""  # the empty message is the head of a catalogue


def ngettext(singular: str, plural: str, number: int) -> str:
    """Return ``singular`` or ``plural``, whichever goes with ``number``, in the language of the reader."""
    return _current.get().ngettext(singular, plural, number)


def number(value: float, places: int = 0) -> str:
    """Return ``value`` in digits, grouped and with a decimal mark as the reader is used to.

    Args:
        value: The number.
        places: How many digits follow the decimal mark.

    >>> number(1234567)
    '1,234,567'
    >>> number(1.25, 1)
    '1.2'
    """
    tag = language()
    if tag == SOURCE_LANGUAGE:
        return f"{value:,.{places}f}"
    return str(format_decimal(value, "#,##0." + "0" * places if places else "#,##0", locale=tag))


def counted(singular: str, plural: str, count: int) -> str:
    """Return ``singular`` or ``plural`` with ``count`` in the place of ``%(number)s``.

    >>> counted("%(number)s concept", "%(number)s concepts", 1234)
    '1,234 concepts'
    """
    return ngettext(singular, plural, count) % {"number": number(count)}


def language_name(tag: str) -> str | None:
    """Return what the reader calls the primary language of a BCP 47 ``tag``, or ``None`` where it has no name.

    >>> language_name("de-CH")
    'German'
    """
    return Locale(language()).languages.get(tag.partition("-")[0].lower())


_ = gettext
