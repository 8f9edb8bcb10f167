"""Conditional requests: validators and preconditions (RFC 9110, sections 8.8 and 13)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Final, Literal

from officegraph.http.fields import parse_http_date

_ENTITY_TAG: Final = re.compile(r'(?P<weak>W/)?"(?P<opaque>[\x21\x23-\x7e\x80-\xff]*)"')
_SEPARATOR: Final = re.compile(r"[ \t]*(?:,[ \t]*)+")

_SAFE: Final = frozenset({"GET", "HEAD", "QUERY"})

Outcome = Literal[200, 304, 412]
"""What preconditions come to: perform the method, not modified, precondition failed."""


@dataclass(frozen=True, slots=True)
class EntityTag:
    """An entity tag (RFC 9110, section 8.8.3).

    Attributes:
        opaque: What stands between the quotation marks.
        weak: Whether it is a weak validator.
    """

    opaque: str
    weak: bool = False

    def matches_strongly(self, other: EntityTag) -> bool:
        """Return whether both are strong and the same (RFC 9110, section 8.8.3.2)."""
        return not self.weak and not other.weak and self.opaque == other.opaque

    def matches_weakly(self, other: EntityTag) -> bool:
        """Return whether both are the same, weak or strong (RFC 9110, section 8.8.3.2)."""
        return self.opaque == other.opaque


@dataclass(frozen=True, slots=True)
class Condition:
    """The precondition fields of a request, each ``None`` where the field is absent."""

    if_match: str | None = None
    if_none_match: str | None = None
    if_modified_since: str | None = None
    if_unmodified_since: str | None = None

    @classmethod
    def of(cls, environ: Mapping[str, object]) -> Condition | None:
        """Return the precondition fields of a WSGI environment, or ``None`` if it has none."""
        fields = tuple(map(environ.get, _NAMES))
        if fields == _NONE:
            return None
        return cls(*(str(field) if field is not None else None for field in fields))


_NAMES: Final = ("HTTP_IF_MATCH", "HTTP_IF_NONE_MATCH", "HTTP_IF_MODIFIED_SINCE", "HTTP_IF_UNMODIFIED_SINCE")
_NONE: Final = (None,) * len(_NAMES)


def strong_etag(digest: str, encoding: str = "identity", *, variant: str = "") -> str:
    """Return a strong entity tag, unlike that of any other representation.

    Two representations may have the same bytes (a graph in Turtle and in TriG) and the codings of one
    representation must not share a strong tag (RFC 9110, section 8.8.3.3), so format and coding are in it.

    Args:
        digest: Hexadecimal digest of the content before coding; the first 32 digits are kept.
        encoding: Content coding, ``"identity"`` for none.
        variant: What tells apart representations of the same resource: file ending, language.

    >>> strong_etag("0123456789abcdef", "gzip", variant="ttl")
    '"0123456789abcdef-ttl-gzip"'
    """
    parts = (digest[:32], variant, "" if encoding == "identity" else encoding)
    return '"' + "-".join(filter(None, parts)) + '"'


@lru_cache(maxsize=1024)
def parse_etag(value: str) -> EntityTag | None:
    """Return the entity tag that ``value`` is, or ``None`` if it is none."""
    match = _ENTITY_TAG.fullmatch(value.strip(" \t"))
    return EntityTag(match["opaque"], match["weak"] is not None) if match else None


def parse_etags(header: str) -> tuple[EntityTag, ...]:
    """Return the entity tags of a list; what is no entity tag is left out.

    Commas may stand inside an entity tag.

    >>> [tag.opaque for tag in parse_etags('"a,b", W/"c"')]
    ['a,b', 'c']
    """
    header = header.strip(" \t")
    tags: list[EntityTag] = []
    position = 0
    while position < len(header):
        if match := _ENTITY_TAG.match(header, position):
            tags.append(EntityTag(match["opaque"], match["weak"] is not None))
            position = match.end()
        elif match := _SEPARATOR.match(header, position):
            position = match.end()
        else:
            comma = header.find(",", position)
            position = comma if comma >= 0 else len(header)
    return tuple(tags)


def evaluate(
    method: str,
    condition: Condition | None,
    etag: str | None = None,
    last_modified: datetime | None = None,
    *,
    exists: bool = True,
) -> Outcome:
    """Return what the preconditions of a request come to, in the order of RFC 9110, section 13.2.2.

    To be asked after negotiation, about the very representation that would be sent, and only
    if the answer would be a 2xx without preconditions (section 13.2.1).

    Args:
        method: Method of the request. ``QUERY`` is safe and treated as ``GET``.
        condition: The precondition fields, or ``None`` for none.
        etag: ``ETag`` of the representation, as sent.
        last_modified: ``Last-Modified`` of the representation.
        exists: Whether there is a current representation at all.
    """
    if condition is None:
        return 200
    if condition.if_match is not None:
        if not _if_match(condition.if_match, etag, exists):
            return 412
    elif condition.if_unmodified_since is not None and last_modified is not None:
        since = parse_http_date(condition.if_unmodified_since)
        if since is not None and last_modified.replace(microsecond=0) > since:
            return 412
    if condition.if_none_match is not None:
        if not _if_none_match(condition.if_none_match, etag, exists):
            return 304 if method in _SAFE else 412
    elif condition.if_modified_since is not None and last_modified is not None and method in _SAFE:
        since = parse_http_date(condition.if_modified_since)
        if since is not None and last_modified.replace(microsecond=0) <= since:
            return 304
    return 200


def _if_match(header: str, etag: str | None, exists: bool) -> bool:
    """Section 13.1.1: any of the tags, by strong comparison; ``*`` is any representation."""
    if header.strip(" \t") == "*":
        return exists
    current = parse_etag(etag) if etag is not None else None
    return current is not None and any(current.matches_strongly(tag) for tag in parse_etags(header))


def _if_none_match(header: str, etag: str | None, exists: bool) -> bool:
    """Section 13.1.2: none of the tags, by weak comparison; ``*`` is no representation."""
    if header == etag:
        return False  # the usual case: a cache that sends back the one tag it got
    if header.strip(" \t") == "*":
        return not exists
    current = parse_etag(etag) if etag is not None else None
    return current is None or not any(current.matches_weakly(tag) for tag in parse_etags(header))


def if_range_holds(header: str | None, etag: str | None, last_modified: datetime | None) -> bool:
    """Return whether a ``Range`` may be honoured (RFC 9110, section 13.1.5).

    Args:
        header: Value of ``If-Range``, or ``None`` without the field.
        etag: ``ETag`` of the representation, as sent; only a strong one can hold.
        last_modified: ``Last-Modified`` of the representation; it has to be the very date.
    """
    if header is None:
        return True
    wanted = parse_etag(header)
    if wanted is not None:
        current = parse_etag(etag) if etag is not None else None
        return current is not None and current.matches_strongly(wanted)
    since = parse_http_date(header)
    return since is not None and last_modified is not None and last_modified.replace(microsecond=0) == since
