"""Resources whose labels are similar to what was typed: misspellings, and words that are left out or too many."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from operator import itemgetter
from typing import Final

from rapidfuzz import fuzz, process
from rapidfuzz.distance import OSA

from officegraph.release.search import sets
from officegraph.release.search.folding import fold
from officegraph.release.search.matching import Question
from officegraph.release.search.read import IndexFile, Posting, Record
from officegraph.release.search.resources import Text
from officegraph.release.search.write import GRAM, LEVELS

LEAST: Final = 0.62
"""A label that is less similar than this does not match."""

_MOST_WORDS: Final = 200
_MOST_LIKE: Final = 8
_MOST_RESOURCES: Final = 60
_FREQUENT: Final = 2000
_AT_LABELS: Final = LEVELS - 2
_PART: Final = 0.9


def similar_words(index: IndexFile, word: str) -> list[str]:
    """Return the words of labels that ``word`` may be a misspelling of, the most similar first.

    Counted are letters put in, left out, changed and swapped with their neighbour (optimal string alignment):
    one in a word of up to five letters, two up to nine, three above.
    """
    grams = {word[at : at + GRAM] for at in range(len(word) - GRAM + 1)}
    shared: Counter[int] = Counter()
    for having in sorted(index.words_with_grams(grams), key=len):
        if len(having) > _FREQUENT and shared:
            break
        shared.update(having[:_FREQUENT])
    numbers = [number for number, _ in sorted(shared.items(), key=lambda item: (-item[1], item[0]))[:_MOST_WORDS]]
    allowed = 1 if len(word) <= 5 else 2 if len(word) <= 9 else 3
    found = process.extract(word, index.words(numbers), scorer=OSA.distance, score_cutoff=allowed, limit=_MOST_LIKE)
    return [other for other, distance, _ in sorted(found, key=lambda item: (item[1], item[0]))]


def similarity(question: str, label: str) -> float:
    """Return how similar two folded texts are, from 0 to 1: as wholes, with words in order, or as a part.

    >>> similarity("setlement", "settlement") > 0.9
    True
    """
    whole = max(fuzz.ratio(question, label), fuzz.token_sort_ratio(question, label))
    return float(max(whole, _PART * fuzz.token_set_ratio(question, label))) / 100


def similar_resources(
    index: IndexFile, question: Question, allowed: int, tiers: Mapping[str, int]
) -> list[tuple[float, int, Record, Text]]:
    """Return similarity, number, record and label of similar resources.

    Args:
        index: The index.
        question: What was typed.
        allowed: The resources to look among.
        tiers: Place of each language tag among those wanted; labels in other languages are not looked at.

    Returns:
        The most similar first, then by language, property and number.
    """
    with_word = [_having(index, word) & allowed for word in question.words]
    candidates = _with_most(with_word)
    folded = fold(question.text)
    found: list[tuple[tuple[float, int, int, int], Record, Text]] = []
    for number in candidates:
        record = index.record(number)
        ranked = [
            ((-similarity(folded, fold(label.text)), tiers[label.language], label.property.value, number), label)
            for label in record.labels
            if label.language in tiers
        ]
        if ranked:
            rank, label = min(ranked, key=itemgetter(0))
            if -rank[0] >= LEAST:
                found.append((rank, record, label))
    found.sort(key=itemgetter(0))
    return [(-rank[0], rank[3], record, label) for rank, record, label in found]


def _having(index: IndexFile, word: str) -> int:
    """Return the resources with ``word`` in a label; if there are none, those with similar words."""
    known = _in_labels(index.with_word([word]))
    if known or len(word) < GRAM or word.isdecimal():
        return known
    return _in_labels(index.with_word(similar_words(index, word)))


def _in_labels(posting: Posting) -> int:
    bits = 0
    for levels in posting.values():
        bits |= levels[_AT_LABELS]
    return bits


def _with_most(with_word: Sequence[int]) -> list[int]:
    """Return the members of those sets that most of them have, and at least half; a bounded number."""
    at_least = [0] * (len(with_word) + 1)
    for bits in with_word:
        for count in range(len(with_word), 1, -1):
            at_least[count] |= at_least[count - 1] & bits
        at_least[1] |= bits
    found: dict[int, None] = {}
    for count in range(len(with_word), (len(with_word) - 1) // 2, -1):
        for number in sets.members(at_least[count]):
            found[number] = None
            if len(found) == _MOST_RESOURCES:
                return list(found)
    return list(found)
