"""Parts of a representation: byte ranges (RFC 9110, section 14)."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from functools import lru_cache
from typing import Final

from officegraph.http.conditional import if_range_holds

MOST_RANGES: Final = 32
"""Ranges of one request; a field with more is ignored, since it costs more than it saves (section 14.2)."""

_MOST_DIGITS: Final = 18
_RANGES: Final = re.compile(r"bytes=(?P<set>.*)", re.IGNORECASE | re.ASCII)
_RANGE: Final = re.compile(r"(?P<first>\d*)-(?P<last>\d*)", re.ASCII)


class Unsatisfiable(Enum):
    """That a valid field names no byte that the representation has (status 416)."""

    UNSATISFIABLE = "unsatisfiable"


UNSATISFIABLE: Final = Unsatisfiable.UNSATISFIABLE
"""The answer to ranges that all lie behind the end of the representation."""


@dataclass(frozen=True, slots=True)
class Range:
    """Bytes from ``first`` to ``last``, both included."""

    first: int
    last: int

    def __len__(self) -> int:
        """Return how many bytes it has."""
        return self.last - self.first + 1

    def content_range(self, size: int) -> str:
        """Return the value of ``Content-Range`` for a representation of ``size`` bytes (section 14.4)."""
        return f"bytes {self.first}-{self.last}/{size}"

    def as_slice(self) -> slice:
        """Return the slice that cuts it out of the representation."""
        return slice(self.first, self.last + 1)


@lru_cache(maxsize=256)
def _parse(header: str, size: int) -> tuple[Range, ...] | Unsatisfiable | None:
    field = _RANGES.fullmatch(header.strip(" \t"))
    if field is None:
        return None
    members = [member for part in field["set"].split(",") if (member := part.strip(" \t"))]
    if not members or len(members) > MOST_RANGES:
        return None
    found: list[Range] = []
    satisfiable = False
    for member in members:
        match = _RANGE.fullmatch(member)
        if match is None or len(match["first"]) > _MOST_DIGITS or len(match["last"]) > _MOST_DIGITS:
            return None
        if match["first"]:
            first = int(match["first"])
            last = int(match["last"]) if match["last"] else size - 1
            if match["last"] and last < first:
                return None
            if first < size:
                found.append(Range(first, min(last, size - 1)))
        elif match["last"]:
            length = int(match["last"])
            satisfiable = satisfiable or length > 0
            if length > 0 and size > 0:
                found.append(Range(max(size - length, 0), size - 1))
        else:
            return None
    if found:
        return tuple(_coalesced(found))
    # The last bytes of an empty representation are all of it, which no Content-Range can say.
    return None if satisfiable else UNSATISFIABLE


def _coalesced(ranges: list[Range]) -> list[Range]:
    """Join ranges that overlap or touch, in the order of first mention (section 15.3.7.2)."""
    joined: list[tuple[int, Range]] = []
    for place, item in sorted(enumerate(ranges), key=lambda pair: pair[1].first):
        if joined and item.first <= joined[-1][1].last + 1:
            first_place, before = joined[-1]
            joined[-1] = (min(place, first_place), Range(before.first, max(before.last, item.last)))
        else:
            joined.append((place, item))
    return [item for _, item in sorted(joined, key=lambda pair: pair[0])]


def parse_range(header: str | None, size: int) -> list[Range] | Unsatisfiable | None:
    """Return the byte ranges that ``header`` asks for.

    Args:
        header: Value of ``Range``, or ``None`` without the field.
        size: Bytes of the representation, in the content coding that is sent.

    Returns:
        Ranges in the order asked for, joined where they overlap or touch (status 206);
        ``UNSATISFIABLE`` (status 416); or ``None`` if the field is to be ignored because it is
        absent, malformed, in another unit or asks for too many parts (status 200).
    """
    if header is None:
        return None
    found = _parse(header, size)
    return list(found) if isinstance(found, tuple) else found


def select_ranges(
    method: str,
    header: str | None,
    size: int,
    *,
    if_range: str | None = None,
    etag: str | None = None,
    last_modified: datetime | None = None,
) -> list[Range] | Unsatisfiable | None:
    """Return what :func:`parse_range` does, if the method and ``If-Range`` permit ranges at all.

    Only ``GET`` defines ranges, so ``HEAD`` is answered as without the field (section 14.2).
    To be asked after the other preconditions have been found to hold.
    """
    if header is None or method != "GET" or not if_range_holds(if_range, etag, last_modified):
        return None
    return parse_range(header, size)


def unsatisfied(size: int) -> str:
    """Return the value of ``Content-Range`` of a 416 (section 14.4)."""
    return f"bytes */{size}"


def boundary(etag: str, ranges: Sequence[Range]) -> str:
    """Return a boundary for the parts of a multipart answer: the same for the same answer.

    128 bits of a digest, which no representation holds by chance.
    """
    seed = f"{etag} {[(item.first, item.last) for item in ranges]}"
    return hashlib.sha256(seed.encode()).hexdigest()[:32]


@dataclass(frozen=True, slots=True)
class Multipart:
    """A body of several parts (section 14.6).

    Attributes:
        content_type: Value of ``Content-Type`` of the answer.
        parts: For each part the bytes that go before it, and the range.
        end: The bytes that go after the last part.
        length: Bytes of the whole body.
    """

    content_type: str
    parts: tuple[tuple[bytes, Range], ...]
    end: bytes
    length: int


def multipart(ranges: Sequence[Range], size: int, content_type: str, etag: str) -> Multipart:
    """Return how to send ``ranges`` of a representation as ``multipart/byteranges``.

    Args:
        ranges: Two or more ranges.
        size: Bytes of the representation.
        content_type: Value of ``Content-Type`` of the representation.
        etag: ``ETag`` of the representation; the boundary is made from it.
    """
    mark = boundary(etag, ranges)
    parts = tuple(
        (
            (
                ("" if position == 0 else "\r\n") + f"--{mark}\r\nContent-Type: {content_type}\r\n"
                f"Content-Range: {item.content_range(size)}\r\n\r\n"
            ).encode("latin-1"),
            item,
        )
        for position, item in enumerate(ranges)
    )
    end = f"\r\n--{mark}--\r\n".encode("latin-1")
    length = sum(len(head) + len(item) for head, item in parts) + len(end)
    return Multipart(f"multipart/byteranges; boundary={mark}", parts, end, length)
