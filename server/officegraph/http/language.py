"""Which language a client wants: ``Accept-Language`` (RFC 9110, section 12.5.4; RFC 4647, section 3.4)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Final

from officegraph.http.fields import weighted

_LONGEST_CACHED: Final = 512
_LANGUAGE_RANGE: Final = re.compile(r"[a-z]{1,8}(?:-[a-z0-9]{1,8}){0,15}|\*")
"""A basic language range (RFC 4647, section 2.1), of a length that a tag can have."""


def parse_accept_language(header: str | None) -> tuple[str, ...]:
    """Return the language ranges that a client wants, the dearest first, in lower case.

    Args:
        header: Value of ``Accept-Language``, or ``None`` without the field.

    >>> parse_accept_language("en;q=0.8, de-CH, fr;q=0")
    ('de-ch', 'en')
    """
    members = _members(header) if header else []
    # sorted() is stable: ranges of the same weight stay in the client's order
    return tuple(name for name, weight in sorted(members, key=lambda member: -member[1]) if weight > 0)


def negotiate_language(header: str | None, available: Sequence[str], default: str) -> str:
    """Return the language to answer in.

    Each range, the dearest first, is shortened from its end until it is one of the available
    tags (RFC 4647, section 3.4). If none is found so, a tag that a range is a prefix of
    will do (``de-AT`` for ``de``), which the section leaves to the server as the way to the default.
    ``*`` asks for the default. A language with weight 0 is avoided as long as there is another.

    Args:
        header: Value of ``Accept-Language``, or ``None`` without the field.
        available: Tags there are, in the server's order of preference.
        default: The tag where the client has no wish that can be met.

    Returns:
        One of ``available``, spelled as there, or ``default``.

    >>> negotiate_language("de-CH, en;q=0.8", ["de", "en"], "en")
    'de'
    """
    if not header or not header.strip(" \t"):
        return default
    if len(header) > _LONGEST_CACHED:
        return _negotiate(header, tuple(available), default)
    return _cached(header, tuple(available), default)


def _negotiate(header: str, available: tuple[str, ...], default: str) -> str:
    members = _members(header)
    weights: dict[str, float] = {}
    for name, weight in members:
        weights[name] = max(weight, weights.get(name, 0.0))
    spelling: dict[str, str] = {}
    for tag in available:
        if _accepted(tag.lower(), weights):
            spelling.setdefault(tag.lower(), tag)
    wanted = [name for name in parse_accept_language(header) if name != "*"]
    for name in wanted:
        for shorter in _shortened(name):
            if shorter in spelling:
                return spelling[shorter]
    for name in wanted:
        for tag, written in spelling.items():
            if tag.startswith(f"{name}-"):
                return written
    if default.lower() in spelling or not spelling or _accepted(default.lower(), weights):
        return default
    return next(iter(spelling.values()))


_cached = lru_cache(maxsize=512)(_negotiate)


def _members(header: str) -> list[tuple[str, float]]:
    """Return the ranges of the field with their weights; what is no language range is left out."""
    return [member for member in weighted(header) if _LANGUAGE_RANGE.fullmatch(member[0])]


def _shortened(name: str) -> list[str]:
    """Return ``name`` and what is left of it by dropping subtags from the end (RFC 4647, section 3.4).

    A single letter or digit introduces what follows it and goes with it.
    """
    subtags = name.split("-")
    shorter = []
    while subtags:
        shorter.append("-".join(subtags))
        subtags.pop()
        while subtags and len(subtags[-1]) == 1:
            subtags.pop()
    return shorter


def _accepted(tag: str, weights: dict[str, float]) -> bool:
    """Return whether the closest range to ``tag`` has a weight above 0; without a range it has."""
    subtags = tag.split("-")
    for length in range(len(subtags), 0, -1):
        weight = weights.get("-".join(subtags[:length]))
        if weight is not None:
            return weight > 0
    # "*;q=0" refuses what is not named.
    return weights.get("*", 1.0) > 0
