"""Which resources match a question, and how: sets of resources in the order in which they are shown."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice, product
from typing import Final

from officegraph.release.search import sets
from officegraph.release.search.folding import asked_words, key, spellings
from officegraph.release.search.model import LONGEST_TEXT, MOST_WORDS, MatchKind, Property
from officegraph.release.search.read import IndexFile, Posting
from officegraph.release.search.write import GRAM

_ENDS_JOINED: Final = re.compile(r"\w ?& ?\w{1,2}\s*$")
_MOST_WITHIN: Final = 128
_MOST_KEYS: Final = 24
_SHORTEST_STEM: Final = 4
_PREFERRED, _LABELS, _NOTES = 1, 2, 3

BySet = Mapping[int, int]
"""Sets of resources by the language of what matches."""

_EXACT: Final = {
    Property.PREFERRED: MatchKind.PREFERRED,
    Property.ALTERNATIVE: MatchKind.ALTERNATIVE,
    Property.ABBREVIATION: MatchKind.ALTERNATIVE,
    Property.HIDDEN: MatchKind.HIDDEN,
    Property.NOTATION: MatchKind.HIDDEN,
}


@dataclass(frozen=True, slots=True)
class Stage:
    """Resources that match alike.

    Attributes:
        kind: How they match.
        whole_words: Whether whole words match.
        preferred: Whether all words are in preferred labels.
        found: The resources, by the language of what matches.
    """

    kind: MatchKind
    whole_words: bool
    preferred: bool
    found: BySet


@dataclass(frozen=True, slots=True)
class Question:
    """What was typed, taken apart.

    Attributes:
        text: What was typed, cut to a bounded length.
        key: The text as whole labels are compared.
        words: Its words, at most :data:`MOST_WORDS`.
        prefix: Whether the last word may be the beginning of one.
    """

    text: str
    key: str
    words: tuple[str, ...]
    prefix: bool

    @classmethod
    def of(cls, text: str, *, prefix: bool) -> Question:
        """Take ``text`` apart, whatever it is."""
        cut = text[:LONGEST_TEXT]
        asked = tuple(asked_words(cut)[:MOST_WORDS])
        # "P&L" is complete as it is: what begins with "pl" is not meant.
        return cls(cut, key(cut), asked, prefix and not _ENDS_JOINED.search(cut))

    def other_keys(self) -> list[str]:
        """Return keys of the question in other spellings, the words together and in their order."""
        choices = [(word, *spellings(word)) for word in self.words]
        joined = ("".join(words) for words in islice(product(*choices), _MOST_KEYS))
        return [other for other in dict.fromkeys(joined) if other != self.key]


def stages(index: IndexFile, question: Question, *, notes: bool) -> Iterator[Stage]:
    """Yield the resources that match, the best first; a resource may come up again in a later stage.

    Args:
        index: The index.
        question: What was typed; a question without words matches nothing.
        notes: Whether words of definitions and notes match.
    """
    if not question.words:
        return
    # Characters that this version of Unicode does not know are words in some scripts, and leave no key.
    yield from _exact(index.equal([question.key] if question.key else []))
    other = [(1, language, resource) for _, language, resource in index.equal(question.other_keys())]
    if other:
        yield Stage(MatchKind.SPELLING, True, False, _gathered((lang, resource) for _, lang, resource in other))
    whole = [index.with_word([word, *spellings(word)]) for word in question.words]
    begun = [*whole[:-1], _begun(index, question.words[-1], whole[-1])] if question.prefix else whole
    words = [
        Stage(MatchKind.WORDS, True, True, _all_of(whole, _PREFERRED)),
        Stage(MatchKind.WORDS, True, False, _all_of(whole, _LABELS)),
    ]
    if question.prefix:
        words += [
            Stage(MatchKind.WORDS, False, True, _all_of(begun, _PREFERRED)),
            Stage(MatchKind.WORDS, False, False, _all_of(begun, _LABELS)),
        ]
    single = len(question.words) == 1
    if single:
        yield Stage(MatchKind.PREFIX, True, True, _at_level(whole[0], 0))
    if question.prefix:
        if single and any(words[2].found.values()):
            yield Stage(MatchKind.PREFIX, False, True, _at_level(begun[0], 0))
        elif question.key:
            yield Stage(MatchKind.PREFIX, False, True, _gathered(index.preferred_from(question.key)))
    yield from words
    within = [_within(index, word, found) for word, found in zip(question.words, begun, strict=True)]
    yield Stage(MatchKind.INFIX, False, False, _all_of(within, _LABELS))
    if notes:
        yield Stage(MatchKind.NOTE, True, False, _all_of(whole, _NOTES))
        if question.prefix:
            yield Stage(MatchKind.NOTE, False, False, _all_of(begun, _NOTES))


def _exact(rows: Sequence[tuple[Property, int, int]]) -> Iterator[Stage]:
    by_kind: dict[MatchKind, list[tuple[int, int]]] = {}
    for property_, language, resource in rows:
        by_kind.setdefault(_EXACT[Property(property_)], []).append((language, resource))
    for kind in sorted(by_kind):
        yield Stage(kind, True, kind == MatchKind.PREFERRED, _gathered(by_kind[kind]))


def _gathered(rows: Iterable[tuple[int, int]]) -> BySet:
    found: dict[int, list[int]] = {}
    for language, resource in rows:
        found.setdefault(language, []).append(resource)
    return {language: sets.from_members(resources) for language, resources in found.items()}


def _begun(index: IndexFile, word: str, whole: Posting) -> Posting:
    found = [index.beginning_with(word), whole]
    found += [index.beginning_with(stem) for stem in other_beginnings(word)]
    return _either(found)


def other_beginnings(word: str) -> tuple[str, ...]:
    """Return the other spellings of a word that is still typed, unless they are too short to mean anything."""
    return tuple(stem for stem in spellings(word) if len(stem) >= _SHORTEST_STEM)


def _within(index: IndexFile, word: str, begun: Posting) -> Posting:
    if len(word) < GRAM:
        return begun
    containing = index.within_words(word, _MOST_WITHIN)
    return _either([begun, index.with_word(containing)]) if containing else begun


def _either(postings: Sequence[Posting]) -> Posting:
    filled = [posting for posting in postings if posting]
    if len(filled) == 1:
        return filled[0]
    found: dict[int, list[int]] = {}
    for posting in filled:
        for language, levels in posting.items():
            known = found.get(language)
            found[language] = list(levels) if known is None else [a | b for a, b in zip(known, levels, strict=True)]
    return found


def _at_level(posting: Posting, level: int) -> BySet:
    return {language: levels[level] for language, levels in posting.items()}


def _all_of(postings: Sequence[Posting], level: int) -> BySet:
    """Return the resources that have a word of each posting in one language; plain strings count for every language."""
    plain = [posting[0][level] if 0 in posting else 0 for posting in postings]
    found: dict[int, int] = {}
    for language in sorted({language for posting in postings for language in posting}):
        in_all, in_any = -1, 0
        for posting, without in zip(postings, plain, strict=True):
            with_word = posting[language][level] if language in posting else 0
            in_any |= with_word
            in_all &= with_word | without
            if not in_all:
                break
        if in_all & in_any:
            found[language] = in_all & in_any
    return found
