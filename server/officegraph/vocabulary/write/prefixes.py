"""Shorten IRIs by prefixes, in the ways that Turtle, JSON-LD and XML allow."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Final

# Productions PN_CHARS_BASE, PN_CHARS and PN_LOCAL of Turtle, and NCName of Namespaces in XML; written so
# that no name needs an escape: an IRI that does is easier to read in full.
_BASE: Final = (
    "A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u1fff\u200c\u200d\u2070-\u218f"
    "\u2c00-\u2fef\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd\U00010000-\U000effff"
)
_CHARS: Final = rf"{_BASE}_0-9\-\u00b7\u0300-\u036f\u203f\u2040"
_PERCENT: Final = "%[0-9A-Fa-f]{2}"
LOCAL: Final = re.compile(f"(?:[{_BASE}_0-9:]|{_PERCENT})(?:(?:[{_CHARS}.:]|{_PERCENT})*(?:[{_CHARS}:]|{_PERCENT}))?")
PREFIX: Final = re.compile(f"[{_BASE}](?:[{_CHARS}.]*[{_CHARS}])?")
XML_NAME: Final = re.compile(f"[{_BASE}_][{_CHARS}.]*")

_CACHED: Final = 200_000


class Names:
    """The short names of IRIs under a set of prefixes.

    Attributes:
        namespaces: The prefixes in use, namespace to prefix.
    """

    def __init__(self, prefixes: Mapping[str, str]) -> None:
        """Use ``prefixes``; of several with one namespace, the shortest and then the first by alphabet."""
        self.namespaces: dict[str, str] = {}
        for prefix in sorted(prefixes, key=lambda name: (len(name), name)):
            if prefixes[prefix] and (not prefix or PREFIX.fullmatch(prefix)):
                self.namespaces.setdefault(prefixes[prefix], prefix)
        longest_first = sorted(self.namespaces, key=lambda namespace: (-len(namespace), namespace))
        self._begins = re.compile("|".join(map(re.escape, longest_first)) or "(?!)")
        self._splits: dict[str, tuple[str, str] | None] = {}

    def split(self, term: str) -> tuple[str, str] | None:
        """Return prefix and local name of the IRI ``term`` in N-Triples; ``None`` if it has to stand in full."""
        try:
            return self._splits[term]
        except KeyError:
            pass
        match = self._begins.match(term, 1)
        found = None
        if match and (match.end() == len(term) - 1 or LOCAL.fullmatch(term, match.end(), len(term) - 1)):
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
