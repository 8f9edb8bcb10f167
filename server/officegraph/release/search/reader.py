"""The languages of an index as a reader wants them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence


class Reader:
    """Says which languages come first, and which do not count.

    Plain strings, such as notations, are in everybody's language.

    Args:
        languages: Language tag by number; the empty tag is that of plain strings.
        fallback: The language that labels fall back to.
        ranges: Language ranges of the reader, the most wanted first; without any, the fallback language is wanted.
        only: Language ranges that what matches must be in (basic filtering, RFC 4647, section 3.3.1), if any.

    Attributes:
        allowed: Numbers of the languages that what matches may be in.
        tiers: These numbers, the most wanted first: those of each range, of the fallback language, all others.
        places: Place among the tiers of each language tag that is allowed.
    """

    def __init__(self, languages: Mapping[int, str], fallback: str, ranges: Sequence[str], only: Sequence[str]) -> None:
        limits = [language_range.lower() for language_range in only]
        wanted = [language_range.lower() for language_range in (*(ranges or (fallback,)), fallback)]
        self.allowed = [
            number
            for number, tag in languages.items()
            if not limits or any(_covers(limit, tag.lower()) for limit in limits)
        ]
        self.tiers: list[list[int]] = [[] for _ in range(len(wanted) + 1)]
        self.places: dict[str, int] = {}
        self._numbers = {tag: number for number, tag in languages.items()}
        for number in self.allowed:
            tag = languages[number]
            suiting = (place for place, wish in enumerate(wanted) if not tag or _suits(wish, tag.lower()))
            self.places[tag] = next(suiting, len(wanted))
            self.tiers[self.places[tag]].append(number)

    def place(self, tag: str) -> int:
        """Return the place of a language tag among the tiers."""
        return self.places.get(tag, len(self.tiers))

    def number(self, tag: str) -> int:
        """Return the number of the language ``tag``."""
        return self._numbers[tag]


def _covers(language_range: str, tag: str) -> bool:
    """Return whether a basic language range matches a tag (RFC 4647, section 3.3.1)."""
    return language_range in ("*", tag) or tag.startswith(f"{language_range}-")


def _suits(language_range: str, tag: str) -> bool:
    """Return whether Lookup (RFC 4647, section 3.4) could come upon ``tag``, or ``tag`` is a variant of the range."""
    return _covers(language_range, tag) or language_range.startswith(f"{tag}-")
