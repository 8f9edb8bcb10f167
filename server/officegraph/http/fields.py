"""Pieces that many HTTP fields are made of: lists, parameters, weights, dates (RFC 9110, section 5.6)."""

from __future__ import annotations

import re
from binascii import a2b_qp
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Final
from urllib.parse import unquote_to_bytes

TOKEN: Final = re.compile(r"[!#$%&'*+\-.^_`|~0-9A-Za-z]+")
"""A token (RFC 9110, section 5.6.2)."""

_WEIGHT: Final = re.compile(r"(?:[01](?:\.[0-9]*)?|\.[0-9]+)")
_DAYS: Final = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_MONTH_NUMBER: Final = {name: number for number, name in enumerate(_MONTHS, start=1)}

_DATES: Final = (
    # IMF-fixdate: Sun, 06 Nov 1994 08:49:37 GMT
    re.compile(
        r"(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), (?P<day>\d\d) (?P<month>[A-Z][a-z]{2}) (?P<year>\d{4})"
        r" (?P<hour>\d\d):(?P<minute>\d\d):(?P<second>\d\d) GMT",
        re.ASCII,
    ),
    # RFC 850: Sunday, 06-Nov-94 08:49:37 GMT
    re.compile(
        r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day, (?P<day>\d\d)-(?P<month>[A-Z][a-z]{2})-(?P<year>\d\d)"
        r" (?P<hour>\d\d):(?P<minute>\d\d):(?P<second>\d\d) GMT",
        re.ASCII,
    ),
    # asctime: Sun Nov  6 08:49:37 1994
    re.compile(
        r"(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) (?P<month>[A-Z][a-z]{2}) (?P<day>[ \d]\d)"
        r" (?P<hour>\d\d):(?P<minute>\d\d):(?P<second>\d\d) (?P<year>\d{4})",
        re.ASCII,
    ),
)


_NOT_ESCAPED: Final = re.compile(rb"%(?![0-9A-Fa-f]{2})|[\r\n]")


def percent_decoded(data: bytes) -> bytes:
    """Return ``data`` with its percent-escapes decoded, once (URL Standard, section 1.3).

    What is no escape stays as it is. The same as :func:`urllib.parse.unquote_to_bytes`, in a tenth of its time: those
    escapes are the ones of quoted-printable (RFC 2045, section 6.7) but for their sign, and that is decoded in C.

    >>> percent_decoded(b"a%20b%2")
    b'a b%2'
    """
    if b"%" not in data:
        return data
    if _NOT_ESCAPED.search(data):
        return unquote_to_bytes(data)
    return a2b_qp(data.replace(b"=", b"=3D").replace(b"%", b"="))


def split_quoted(value: str, separator: str) -> Iterator[str]:
    """Yield the members of ``value`` between ``separator``, which may stand inside quoted strings.

    Optional white space around a member is dropped, and so are empty members (RFC 9110,
    sections 5.6.1 and 5.6.4). An unclosed quoted string reaches to the end.

    >>> list(split_quoted('a;p="x,y", b', ","))
    ['a;p="x,y"', 'b']
    """
    if '"' not in value:
        for member in value.split(separator):
            if stripped := member.strip(" \t"):
                yield stripped
        return
    start = position = 0
    quoted = False
    while position < len(value):
        character = value[position]
        if quoted and character == "\\":
            position += 1
        elif character == '"':
            quoted = not quoted
        elif character == separator and not quoted:
            if stripped := value[start:position].strip(" \t"):
                yield stripped
            start = position + 1
        position += 1
    if stripped := value[start:].strip(" \t"):
        yield stripped


def unquote(value: str) -> str:
    """Return what ``value``, a token or a quoted string, stands for (RFC 9110, section 5.6.4)."""
    if len(value) >= 2 and value[0] == value[-1] == '"':
        return re.sub(r"\\(.)", r"\1", value[1:-1], flags=re.DOTALL)
    return value


def quote(value: str) -> str:
    r"""Return ``value`` as a quoted string (RFC 9110, section 5.6.4).

    >>> quote('the "back" office')
    '"the \\"back\\" office"'
    """
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'


def parse_weight(value: str) -> float | None:
    """Return the weight that ``value`` stands for, or ``None`` if it stands for none.

    RFC 9110, section 12.4.2, asks for ``0`` to ``1`` with at most three decimals. Weights
    with more decimals or without the leading zero are understood too: old clients send
    ``q=.2`` and clients that calculate send ``q=0.6666``.
    """
    if _WEIGHT.fullmatch(value) is None:
        return None
    weight = float(value)
    return weight if weight <= 1 else None


def weighted(header: str) -> list[tuple[str, float]]:
    """Return the members of a list of values with weights, in lower case, with those weights.

    For fields whose members have no other parameters: ``Accept-Encoding``,
    ``Accept-Language`` (RFC 9110, sections 12.5.3 and 12.5.4). A member with a
    malformed weight is left out.
    """
    members: list[tuple[str, float]] = []
    for member in split_quoted(header, ","):
        name, *parameters = (part.strip(" \t").lower() for part in member.split(";"))
        weight: float | None = 1.0
        for parameter in parameters:
            key, _, value = parameter.partition("=")
            if key.strip(" \t") == "q":
                weight = parse_weight(value.strip(" \t"))
        if name and weight is not None:
            members.append((name, weight))
    return members


def http_date(moment: datetime) -> str:
    """Return ``moment`` as an HTTP date in the preferred form (RFC 9110, section 5.6.7).

    Args:
        moment: A moment that knows its offset from UTC.

    >>> http_date(datetime(1994, 11, 6, 8, 49, 37, tzinfo=UTC))
    'Sun, 06 Nov 1994 08:49:37 GMT'
    """
    utc = moment.astimezone(UTC)
    return (
        f"{_DAYS[utc.weekday()]}, {utc.day:02} {_MONTHS[utc.month - 1]} {utc.year:04}"
        f" {utc.hour:02}:{utc.minute:02}:{utc.second:02} GMT"
    )


@lru_cache(maxsize=256)
def parse_http_date(value: str) -> datetime | None:
    """Return the moment of an HTTP date in any of the three forms of RFC 9110, section 5.6.7.

    Returns:
        A moment in UTC, or ``None`` if ``value`` is no HTTP date: such a field is to be ignored.
    """
    for form in _DATES:
        match = form.fullmatch(value.strip(" \t"))
        if match is None:
            continue
        year = int(match["year"])
        if len(match["year"]) == 2:
            year = _full_year(year)
        try:
            return datetime(
                year,
                _MONTH_NUMBER[match["month"]],
                int(match["day"]),
                int(match["hour"]),
                int(match["minute"]),
                59 if match["second"] == "60" else int(match["second"]),  # a leap second
                tzinfo=UTC,
            )
        except (KeyError, ValueError):
            return None
    return None


def _full_year(year: int) -> int:
    """Return the year that two digits stand for: at most 50 years ahead (RFC 9110, section 5.6.7)."""
    limit = (datetime.now(UTC) + timedelta(days=50 * 365.2425)).year
    return year + 100 * ((limit - year) // 100)
