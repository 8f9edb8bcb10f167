"""Texts with marks on what matches, cut to what a reader looks at."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from officegraph.web.pages.direction import direction

LONGEST: Final = 220
"""Characters of a text that are shown."""

_BEFORE: Final = 70
"""Characters that are shown before the first mark of a text that is cut."""


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a text."""

    text: str
    is_marked: bool = False


@dataclass(frozen=True, slots=True)
class Marked:
    """A text with marks.

    Attributes:
        parts: Its pieces in order.
        language: BCP 47 tag, or ``None``.
        direction: ``ltr``, ``rtl`` or ``auto``, for the attribute ``dir``.
        foreign: Whether it is in none of the languages that the reader asked for.
    """

    parts: Sequence[Part]
    language: str | None
    direction: str
    foreign: bool = False

    @property
    def plain(self) -> str:
        """The text without its marks."""
        return "".join(part.text for part in self.parts)


def marked(text: str, language: str, spans: Sequence[tuple[int, int]] = (), longest: int = LONGEST) -> Marked:
    """Return ``text`` with marks, cut at blanks before and after the first of them where it is long.

    Args:
        text: The text.
        language: Its language tag, or nothing.
        spans: Begin and end of what is marked, in order, not overlapping.
        longest: Characters that may be shown.

    >>> [part.text for part in marked("cash settlement", "en", ((5, 15),)).parts]
    ['cash ', 'settlement']
    """
    start, end = window(text, spans[0][0] if spans else 0, longest)
    parts: list[Part] = []
    at = start
    for first, last in spans:
        if first >= end:
            break
        shown, until = max(first, at), min(last, end)
        if shown < until:
            parts += [Part(text[at:shown]), Part(text[shown:until], is_marked=True)]
            at = until
    parts.append(Part(text[at:end]))
    if start:
        parts.insert(0, Part("… "))
    if end < len(text):
        parts.append(Part("…"))
    return Marked([part for part in parts if part.text], language or None, direction(language or None))


def window(text: str, first: int, longest: int) -> tuple[int, int]:
    """Return begin and end of the part of ``text`` to show, so that position ``first`` is in it."""
    if len(text) <= longest:
        return 0, len(text)
    start = max(0, first - _BEFORE) if first > longest - _BEFORE else 0
    if start:
        blank = text.find(" ", start, first)
        start = blank + 1 if blank >= 0 else start
    end = min(len(text), start + longest)
    if end < len(text):
        blank = text.rfind(" ", first + 1, end)
        end = blank if blank > start + longest // 2 else end
    return start, end
