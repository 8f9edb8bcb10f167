"""Turtle with the kinds of its tokens told apart, and its names as links, for a page."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from officegraph.web.pages.site import Site

_TOKEN: Final = re.compile(
    r"""
    (?P<comment>\#[^\n]*)
  | (?P<iri><[^<>\s"{}|^`\\]*>)
  | (?P<string>\"\"\"(?:[^"\\]|\\.|"(?!""))*(?:\"\"\"|\Z) | '''(?:[^'\\]|\\.|'(?!''))*(?:'''|\Z)
      | "(?:[^"\\\n]|\\.)*" | '(?:[^'\\\n]|\\.)*')
  | (?P<keyword>@prefix\b|@base\b|\b(?:PREFIX|BASE)\b|(?<![\w:@-])(?:a|true|false)(?![\w:-]))
  | (?P<language>@[A-Za-z]+(?:-[A-Za-z0-9]+)*)
  | (?P<name>(?:[^\W\d_][\w.-]*)?:(?:[\w:%](?:[\w:%.-]*[\w:%-])?)?)
  | (?P<number>(?<![\w.])[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)
    """,
    re.VERBOSE | re.DOTALL,
)
_PREFIX: Final = re.compile(r"^(?:@prefix|PREFIX)\s+([^\s:]*):\s*<([^<>\s]*)>", re.MULTILINE | re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of text.

    Attributes:
        text: The characters.
        kind: What it is, as a class of the style sheet; empty for what needs no colour.
        href: Where its link leads, or ``None``.
    """

    text: str
    kind: str = ""
    href: str | None = None


def highlight(turtle: str, site: Site) -> list[Token]:
    """Return the tokens of ``turtle``, which need not be whole; their texts together are ``turtle``.

    Args:
        turtle: The text.
        site: The site; IRIs that it has pages about are links.
    """
    return list(_tokens(turtle, site, dict(_PREFIX.findall(turtle))))


def _tokens(turtle: str, site: Site, prefixes: dict[str, str]) -> Iterator[Token]:
    end = 0
    for found in _TOKEN.finditer(turtle):
        if found.start() > end:
            yield Token(turtle[end : found.start()])
        kind, text = found.lastgroup or "", found[0]
        iri = None
        if kind == "iri":
            iri = text[1:-1]
        elif kind == "name":
            prefix, _, local = text.partition(":")
            iri = prefixes[prefix] + local if prefix in prefixes and local else None
        path = site.path_of(iri) if iri else None
        yield Token(text, kind, site.href(iri)[0] if iri and path is not None else None)
        end = found.end()
    if end < len(turtle):
        yield Token(turtle[end:])
