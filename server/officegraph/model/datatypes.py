"""Lexical spaces of the datatypes that RDF 1.1 Concepts, section 5.1, knows (XSD 1.1 part 2 defines them)."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable, Mapping
from typing import Final

from officegraph.model.namespaces import RDF, XSD

_DIGITS: Final = r"[+-]?[0-9]+"
_ZONE: Final = r"(?:Z|[+-](?:(?:0[0-9]|1[0-3]):[0-5][0-9]|14:00))?"
_YEAR: Final = r"-?(?:[1-9][0-9]{3,}|0[0-9]{3})"
_MONTH: Final = r"(?:0[1-9]|1[0-2])"
_DAY: Final = r"(?:0[1-9]|[12][0-9]|3[01])"
_TIME: Final = r"(?:(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:\.[0-9]+)?|24:00:00(?:\.0+)?)"
_NUMBER: Final = r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)"
_FLOAT: Final = rf"{_NUMBER}(?:[eE][+-]?[0-9]+)?|[+-]?INF|NaN"
_YEARS_MONTHS: Final = r"-?P(?!$)(?:[0-9]+Y)?(?:[0-9]+M)?"
_DAYS_TIME: Final = r"(?:[0-9]+D)?(?:T(?=[0-9])(?:[0-9]+H)?(?:[0-9]+M)?(?:[0-9]+(?:\.[0-9]+)?S)?)?"
_BASE64: Final = (
    r"(?:(?:[A-Za-z0-9+/] ?){4})*"
    r"(?:(?:[A-Za-z0-9+/] ?){3}[A-Za-z0-9+/]|(?:[A-Za-z0-9+/] ?){2}[AEIMQUYcgkosw048] ?=|"
    r"[A-Za-z0-9+/] ?[AQgw] ?= ?=)?"
)

_PATTERNS: Final[Mapping[str, str]] = {
    "boolean": "true|false|0|1",
    "decimal": _NUMBER,
    "double": _FLOAT,
    "float": _FLOAT,
    "date": rf"{_YEAR}-{_MONTH}-{_DAY}{_ZONE}",
    "time": rf"{_TIME}{_ZONE}",
    "dateTime": rf"{_YEAR}-{_MONTH}-{_DAY}T{_TIME}{_ZONE}",
    "dateTimeStamp": rf"{_YEAR}-{_MONTH}-{_DAY}T{_TIME}{_ZONE.removesuffix('?')}",
    "gYear": rf"{_YEAR}{_ZONE}",
    "gYearMonth": rf"{_YEAR}-{_MONTH}{_ZONE}",
    "gMonth": rf"--{_MONTH}{_ZONE}",
    "gMonthDay": rf"--{_MONTH}-{_DAY}{_ZONE}",
    "gDay": rf"---{_DAY}{_ZONE}",
    "duration": rf"-?P(?!$)(?:[0-9]+Y)?(?:[0-9]+M)?{_DAYS_TIME}",
    "dayTimeDuration": rf"-?P(?!$){_DAYS_TIME}",
    "yearMonthDuration": _YEARS_MONTHS,
    "hexBinary": "(?:[0-9a-fA-F]{2})*",
    "base64Binary": _BASE64,
    "language": "[a-zA-Z]{1,8}(?:-[a-zA-Z0-9]{1,8})*",
    **dict.fromkeys(
        (
            "integer", "nonNegativeInteger", "nonPositiveInteger", "positiveInteger", "negativeInteger",
            "long", "int", "short", "byte", "unsignedLong", "unsignedInt", "unsignedShort", "unsignedByte",
        ),
        _DIGITS,
    ),
}  # fmt: skip

_RANGES: Final[Mapping[str, tuple[int | None, int | None]]] = {
    "nonNegativeInteger": (0, None),
    "nonPositiveInteger": (None, 0),
    "positiveInteger": (1, None),
    "negativeInteger": (None, -1),
    "long": (-(2**63), 2**63 - 1),
    "int": (-(2**31), 2**31 - 1),
    "short": (-(2**15), 2**15 - 1),
    "byte": (-(2**7), 2**7 - 1),
    "unsignedLong": (0, 2**64 - 1),
    "unsignedInt": (0, 2**32 - 1),
    "unsignedShort": (0, 2**16 - 1),
    "unsignedByte": (0, 2**8 - 1),
}
_MONTH_DAY: Final = re.compile(r"(?P<year>-?[0-9]{4,})-(?P<month>[0-9]{2})-(?P<day>[0-9]{2})")
_ENOUGH_DIGITS: Final = 40


def _in_range(name: str) -> Callable[[str], bool]:
    low, high = _RANGES[name]

    def test(text: str) -> bool:
        digits = text.lstrip("+-").lstrip("0")
        number = int(f"{'-' if text.startswith('-') else ''}{digits[:_ENOUGH_DIGITS] or '0'}")
        return (low is None or number >= low) and (high is None or number <= high)

    return test


def _is_day(text: str) -> bool:
    """Return whether the month has the day, in the proleptic Gregorian calendar."""
    match = _MONTH_DAY.match(text)
    if match is None:
        return False
    year = int(match["year"][-4:])
    if len(match["year"].lstrip("-")) > 4 or year == 0 or match["year"].startswith("-"):
        year = 2000 + (int(match["year"].lstrip("-")[-4:]) % 400)
    return int(match["day"]) <= monthrange(year, int(match["month"]))[1]


def _is_month_day(text: str) -> bool:
    return int(text[5:7]) <= monthrange(2000, int(text[2:4]))[1]


_COMPILED: Final = {XSD[name].value: re.compile(pattern) for name, pattern in _PATTERNS.items()}
_TESTS: Final[Mapping[str, Callable[[str], bool]]] = {
    **{XSD[name].value: _in_range(name) for name in _RANGES},
    **{XSD[name].value: _is_day for name in ("date", "dateTime", "dateTimeStamp")},
    XSD.gMonthDay.value: _is_month_day,
}
_ANY_TEXT: Final = frozenset({XSD.string.value, XSD.anyURI.value, RDF.langString.value})


def is_well_typed(text: str, datatype: str) -> bool | None:
    """Return whether ``text`` is in the lexical space of ``datatype``.

    White space around the text is not part of it: XSD collapses it in XML documents before it looks at the
    lexical space (XSD 1.1 part 2, section 4.3.6), and RDF has no such step.

    Args:
        text: Lexical form of a literal.
        datatype: IRI of its datatype.

    Returns:
        The answer; ``None`` for a datatype whose lexical space is not known here.

    >>> is_well_typed("2026-02-29", "http://www.w3.org/2001/XMLSchema#date")
    False
    >>> is_well_typed("+014", "http://www.w3.org/2001/XMLSchema#integer")
    True
    """
    pattern = _COMPILED.get(datatype)
    if pattern is None:
        return True if datatype in _ANY_TEXT else None
    if pattern.fullmatch(text) is None:
        return False
    test = _TESTS.get(datatype)
    return test is None or test(text)
