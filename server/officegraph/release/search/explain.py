"""Why a resource matches: which of its texts does, and which characters of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Final

from rapidfuzz.distance import OSA

from officegraph.release.search.folding import Word, fold, key, spellings, words
from officegraph.release.search.matching import Question, other_beginnings
from officegraph.release.search.model import Match, MatchKind, Property
from officegraph.release.search.resources import Text

Span = tuple[int, int]

_WHOLE: Final = {
    MatchKind.PREFERRED: (Property.PREFERRED,),
    MatchKind.ALTERNATIVE: (Property.ALTERNATIVE, Property.ABBREVIATION),
    MatchKind.HIDDEN: (Property.HIDDEN, Property.NOTATION),
}


def best_match(question: Question, kind: MatchKind, texts: Iterable[Text], tier: Callable[[str], int]) -> Match | None:
    """Return the text that explains a match of ``kind``: the one with most of the words.

    Args:
        question: What was typed.
        kind: How the resource matches.
        texts: Its labels, and its notes if these count.
        tier: Place of a language tag among those wanted.

    Returns:
        Of equal texts that in the language most wanted, then the better label, then the shorter;
        ``None`` if there is no text.
    """
    best: tuple[tuple[int, int, int, int, str], Text, list[Span]] | None = None
    others = set(question.other_keys()) if kind == MatchKind.SPELLING else set()
    for text in texts:
        spans: list[Span] = []
        if kind in _WHOLE or kind == MatchKind.SPELLING:
            compared = key(text.text)
            fits = text.property in _WHOLE[kind] and compared == question.key if kind in _WHOLE else compared in others
            count = int(fits)
            if fits:
                spans = [(0, len(text.text))]
        elif (
            kind == MatchKind.PREFIX
            and text.property == Property.PREFERRED
            and (beginning := begins(text.text, question)) is not None
        ):
            spans, count = [beginning], len(question.words) + 1
        elif best is not None and -best[0][0] > len(question.words):
            continue  # no text can have more of the words than a label that begins with the question
        else:
            spans, count = found_words(question, text.text, within=kind == MatchKind.INFIX)
        rank = (-count, tier(text.language), text.property, len(text.text), text.text)
        if best is None or rank < best[0]:
            best = (rank, text, spans)
    if best is None:
        return None
    _, text, spans = best
    return Match(text.property, text.text, text.language, tuple(merged(spans)))


def begins(text: str, question: Question) -> Span | None:
    """Return the characters at the beginning of ``text`` that the question is, or ``None``."""
    if not key(text).startswith(question.key):
        return None
    end = shortest(text, question.key, key)
    start = next((word.start for word in words(text)), 0)
    return (start, end) if end > start else None


def shortest(text: str, beginning: str, form: Callable[[str], str]) -> int:
    """Return how many characters of ``text``, whose form has ``beginning``, it takes until the form has it."""
    end = min(len(beginning), len(text))  # right unless a character is left out or becomes several
    while end < len(text) and not form(text[:end]).startswith(beginning):
        end += 1
    while end > 1 and form(text[: end - 1]).startswith(beginning):
        end -= 1
    return end


def found_words(question: Question, text: str, *, within: bool) -> tuple[list[Span], int]:
    """Return where the words of the question are in ``text``, and how many of them are.

    Args:
        question: What was typed.
        text: Where to look.
        within: Whether they may be within words.
    """
    spans: list[Span] = []
    found: set[int] = set()
    taken_apart: list[Word] | None = None
    for place, asked in enumerate(question.words):
        others = spellings(asked)
        last = question.prefix and place == len(question.words) - 1
        stems = other_beginnings(asked) if last else ()
        taken_apart = taken_apart if taken_apart is not None else words(text)
        for word in taken_apart:
            if word.text == asked or word.text in others:
                spans.append((word.start, word.end))
            elif last and word.text.startswith(asked):
                spans.append((word.start, word.start + shortest(text[word.start : word.end], asked, fold)))
            elif stems and word.text.startswith(stems):
                spans.append((word.start, word.end))
            elif within and asked in word.text:
                spans.append(_inside(text, word, asked))
            else:
                continue
            found.add(place)
    return spans, len(found)


def _inside(text: str, word: Word, asked: str) -> Span:
    """Return the characters of ``word`` that ``asked`` is; all of it, where folding changes its length."""
    at = word.text.find(asked)
    original = text[word.start : word.end]
    if len(fold(original)) == len(original):
        return word.start + at, word.start + at + len(asked)
    return word.start, word.end


def similar_spans(question: Question, text: str) -> list[Span]:
    """Return the words of ``text`` that are like a word of the question."""
    return [
        (word.start, word.end)
        for word in words(text)
        if any(OSA.normalized_similarity(asked, word.text, score_cutoff=0.6) for asked in question.words)
    ]


def merged(spans: Sequence[Span]) -> list[Span]:
    """Return ``spans`` in order, those that overlap or touch joined.

    >>> merged([(4, 6), (0, 2), (1, 3)])
    [(0, 3), (4, 6)]
    """
    found: list[Span] = []
    for start, end in sorted(spans):
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        else:
            found.append((start, end))
    return found
