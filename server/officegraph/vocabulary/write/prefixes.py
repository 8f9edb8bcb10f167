"""Shorten IRIs by prefixes, in the ways that Turtle, JSON-LD and XML allow."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache, lru_cache
from typing import Final

# Productions PN_CHARS_BASE, PN_CHARS and PN_LOCAL of Turtle; written so
# that no name needs an escape: an IRI that does is easier to read in full.
_BASE: Final = (
    "A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u1fff\u200c\u200d\u2070-\u218f"
    "\u2c00-\u2fef\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd\U00010000-\U000effff"
)
_CHARS: Final = rf"{_BASE}_0-9\-\u00b7\u0300-\u036f\u203f\u2040"
_PERCENT: Final = "%[0-9A-Fa-f]{2}"

# Names that the fourth and the fifth edition of XML 1.0 agree on: many parsers know the fourth only.
_XML_BASE: Final = (
    "A-Za-z_\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u0131\u0134-\u013e\u0141-\u0148\u014a-\u017e\u0388-\u038a"
    "\u038c\u038e-\u03a1\u03a3-\u03ce\u0401-\u040c\u040e-\u044f\u0451-\u045c\u045e-\u0481\u05d0-\u05ea"
    "\u0621-\u063a\u0641-\u064a\u0905-\u0939\u0e01-\u0e2e\u3041-\u3094\u30a1-\u30fa\u4e00-\u9fa5\uac00-\ud7a3"
)

_CACHED: Final = 200_000


# Compiled when they are first needed: with so many ranges that takes longer than loading all else that writes.
@cache
def local_name() -> re.Pattern[str]:
    """Return the pattern of local names that need no escape."""
    return re.compile(
        f"(?:[{_BASE}_0-9:]|{_PERCENT})(?:(?:[{_CHARS}.:]|{_PERCENT})*(?:[{_CHARS}:]|{_PERCENT}))?",
    )


@cache
def prefix_name() -> re.Pattern[str]:
    """Return the pattern of prefixes (PN_PREFIX)."""
    return re.compile(f"[{_BASE}](?:[{_CHARS}.]*[{_CHARS}])?")


@cache
def xml_name() -> re.Pattern[str]:
    """Return the pattern of names without a colon that every XML parser knows."""
    return re.compile(rf"[{_XML_BASE}][{_XML_BASE}0-9.\-\u00b7]*")


class Names:
    """The short names of IRIs under a set of prefixes.

    Attributes:
        namespaces: The prefixes in use, namespace to prefix.
    """

    def __init__(self, prefixes: Mapping[str, str]) -> None:
        """Use ``prefixes``; of several with one namespace, the shortest and then the first by alphabet."""
        self.namespaces: dict[str, str] = {}
        for prefix in sorted(prefixes, key=lambda name: (len(name), name)):
            if prefixes[prefix] and (not prefix or prefix_name().fullmatch(prefix)):
                self.namespaces.setdefault(prefixes[prefix], prefix)
        longest_first = sorted(self.namespaces, key=lambda namespace: (-len(namespace), namespace))
        self._begins = re.compile("|".join(map(re.escape, longest_first)) or "(?!)")
        self._is_local = local_name().fullmatch
        self._splits: dict[str, tuple[str, str] | None] = {}

    def split(self, term: str) -> tuple[str, str] | None:
        """Return prefix and local name of the IRI ``term`` in N-Triples; ``None`` if it has to stand in full."""
        try:
            return self._splits[term]
        except KeyError:
            pass
        match = self._begins.match(term, 1)
        found = None
        if match and (match.end() == len(term) - 1 or self._is_local(term, match.end(), len(term) - 1)):
            found = self.namespaces[match[0]], term[match.end() : -1]
        if len(self._splits) >= _CACHED:
            self._splits.clear()
        self._splits[term] = found
        return found


@lru_cache(maxsize=32)
def _names(prefixes: tuple[tuple[str, str], ...]) -> Names:
    return Names(dict(prefixes))


def names(prefixes: Mapping[str, str]) -> Names:
    """Return the short names under ``prefixes``, the same object for the same prefixes."""
    return _names(tuple(prefixes.items()))
