"""The concepts of a release in the order of their names, read from the index of the search."""

from __future__ import annotations

import unicodedata
from array import array
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from officegraph.release.search import sets
from officegraph.release.search.model import Kind
from officegraph.release.search.read import IndexFile, Record

DIGITS: Final = "0-9"
HAN: Final = "\u6f22"
OTHER: Final = "#"

_CONSONANTS: Final = "ㄱㄱㄴㄷㄷㄹㅁㅂㅂㅅㅅㅇㅈㅈㅊㅋㅌㅍㅎ"
"""Initial consonants of Hangul syllables in the order of Unicode, doubled ones with the single ones."""

_SMALL_KANA: Final = dict(zip("ぁぃぅぇぉっゃゅょゎゕゖ", "あいうえおつやゆよわかけ", strict=True))


def initial(key: str) -> str:
    """Return what a name is listed under, from its key (``folding.key``): a letter, or what stands for many.

    Han characters share one heading, since there are as many of them as of names; syllables of Hangul stand under
    their initial consonant, and kana, hiragana or katakana, under the plain hiragana.

    >>> initial("settlement"), initial("3d"), initial("バックオフィス"), initial("前台"), initial("한국")
    ('S', '0-9', 'は', '漢', 'ㅎ')
    """
    first = key[:1]
    if first.isdecimal():
        return DIGITS
    if not first.isalpha():
        return OTHER
    code = ord(first)
    if first.isascii():
        return first.upper()
    if 0x3400 <= code <= 0x9FFF or 0xF900 <= code <= 0xFAFF or code >= 0x20000:
        return HAN
    if 0xAC00 <= code <= 0xD7A3:
        return _CONSONANTS[(code - 0xAC00) // 588]
    if 0x30A1 <= code <= 0x30F6:
        first = chr(code - 0x60)
    if 0x3041 <= ord(first) <= 0x3096:
        first = unicodedata.normalize("NFD", first)[0]
        return _SMALL_KANA.get(first, first)
    upper = first.upper()
    return upper if len(upper) == 1 else first


def _place(letter: str) -> tuple[int, str]:
    """Return what orders the headings: digits, letters by script, then the rest."""
    return (0 if letter == DIGITS else 2 if letter == OTHER else 1, letter)


@dataclass(frozen=True, slots=True)
class Alphabet:
    """Concepts by name in one language.

    Attributes:
        numbers: Their numbers in the index, in order.
        starts: Where each heading begins in ``numbers``, in the order of the headings.
    """

    numbers: array[int]
    starts: Mapping[str, int]

    def section(self, letter: str) -> Sequence[int]:
        """Return the numbers under a heading; none where there is no such heading."""
        start = self.starts.get(letter)
        if start is None:
            return ()
        places = list(self.starts.values())
        following = bisect_right(places, start)
        return self.numbers[start : places[following] if following < len(places) else len(self.numbers)]


class Names:
    """The concepts of an index. Safe for threads and forks.

    Args:
        file: The index.
    """

    def __init__(self, file: IndexFile) -> None:
        self._file = file

    @property
    def concepts(self) -> int:
        """The set of concepts; see ``sets``."""
        return self._file.facets().get("kind", {}).get(Kind.CONCEPT, 0)

    @property
    def schemes(self) -> Mapping[str, int]:
        """The set of resources of each scheme, by IRI."""
        return self._file.facets().get("scheme", {})

    @property
    def placed(self) -> int:
        """The set of resources that any office or segment is stated for."""
        found = 0
        for name in ("office", "segment"):
            for bits in self._file.facets().get(name, {}).values():
                found |= bits
        return found

    def record(self, number: int) -> Record:
        """Return what the index keeps of a resource."""
        return self._file.record(number)

    def iris(self, wanted: int) -> Iterator[tuple[int, str]]:
        """Yield number and IRI of a set of resources, by number."""
        inside = sets.to_bytes(wanted)
        for number, iri in self._file.iris(wanted.bit_length()):
            if inside[number >> 3] >> (number & 7) & 1:
                yield number, iri

    def alphabet(self, ranks: Mapping[str, int], within: int) -> Alphabet:
        """Return resources by their preferred names, each by the one in the language with the lowest rank.

        Args:
            ranks: Rank of each language tag, as the index spells it; others come after all of these, by tag.
            within: The set of resources.
        """
        tags = sorted(self._file.languages.items(), key=lambda item: (ranks.get(item[1], len(ranks)), item[1]))
        rank_of = {number: rank for rank, (number, _) in enumerate(tags)}
        size = within.bit_length()
        inside = sets.to_bytes(within)
        best = array("I", [len(rank_of)]) * size
        keys = [""] * size
        for key, language, resource in self._file.preferred():
            if resource < size and inside[resource >> 3] >> (resource & 7) & 1:
                rank = rank_of[language]
                if rank < best[resource]:
                    best[resource] = rank
                    keys[resource] = key
        ordered = sorted(
            (_place(initial(keys[number])), keys[number], number) for number in sets.members(within) if keys[number]
        )
        starts: dict[str, int] = {}
        for place, ((_, letter), _, _) in enumerate(ordered):
            starts.setdefault(letter, place)
        return Alphabet(array("I", (number for _, _, number in ordered)), starts)
