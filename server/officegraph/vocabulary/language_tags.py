"""Recover how sources spell their language tags, which the parser folds to lower case.

RDF 1.1 Concepts, section 3.3, compares tags without regard to case and lets implementations fold
it; a publisher that gives back what it was given keeps the spelling. It is kept by tag, not
by literal: where one tag is spelled in several ways, the most frequent spelling stands for all.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from typing import Final

from pyoxigraph import Literal, Triple

from officegraph.model.formats import JSON_LD, N_QUADS, N_TRIPLES, RDF_XML, Format

_TAG: Final = r"[A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8})*"

# A tag may be parted from its text by blanks (Turtle, production [128s]).
_TURTLE: Final = re.compile(rf"""["']\s*@({_TAG})""")
# In N-Triples and N-Quads nothing parts them but, rarely, blanks; the search for two characters is quick.
_LINES: Final = re.compile(rf'"@({_TAG})')
_PARTED: Final = re.compile(r'"[ \t]+@')
_XML: Final = re.compile(rf"""\sxml:lang\s*=\s*["']({_TAG})["']""")
_JSON_VALUE: Final = re.compile(rf'"@language"\s*:\s*"({_TAG})"')
_JSON_KEY: Final = re.compile(rf'"({_TAG})"\s*:')

# What a tag could be mistaken in, and strings with their tag: for texts that are not plain.
_TURTLE_TOKENS: Final = re.compile(
    r"""#[^\n]*|<[^<>\s]*>|(?:\"{3}(?:\"{0,2}(?:[^"\\]|\\.))*\"{3}|'{3}(?:'{0,2}(?:[^'\\]|\\.))*'{3}"""
    rf"""|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')(?:\s*@({_TAG}))?""",
    re.DOTALL,
)


def spellings(text: str, form: Format, triples: Iterable[Triple]) -> Counter[str]:
    """Return how often each spelling of a language tag occurs in ``text``.

    Args:
        text: A source.
        form: The format it is in.
        triples: The triples it holds; looked at only where the text does not settle what is a tag.
    """
    if form is RDF_XML:
        return Counter(_XML.findall(text))
    if form is JSON_LD:
        found = Counter(_JSON_VALUE.findall(text))
        keys = Counter(_JSON_KEY.findall(text))
        if any(key != key.lower() for key in keys):
            used = _languages(triples)
            found.update({key: count for key, count in keys.items() if key.lower() in used})
        return found
    plain = form in (N_TRIPLES, N_QUADS) and not _PARTED.search(text)
    found = Counter((_LINES if plain else _TURTLE).findall(text))
    if len({tag.lower() for tag in found}) < len(found):
        # One of the spellings may stand within a text, as in "the tag \"@EN": tell texts from tags.
        found = Counter(match[1] for match in _TURTLE_TOKENS.finditer(text) if match[1])
    return found


def _languages(triples: Iterable[Triple]) -> set[str]:
    """Return the language tags of ``triples``."""
    return {
        triple.object.language
        for triple in triples
        if isinstance(triple.object, Literal) and triple.object.language is not None
    }


def settle(found: Counter[str]) -> tuple[dict[str, str], list[str]]:
    """Choose one spelling for each tag.

    Args:
        found: How often each spelling occurs.

    Returns:
        The spelling of each tag that is not written in lower case, by the tag in lower case; and
        a note on each tag that is spelled in several ways.
    """
    by_tag: defaultdict[str, list[str]] = defaultdict(list)
    for spelling in found:
        by_tag[spelling.lower()].append(spelling)
    chosen: dict[str, str] = {}
    notes: list[str] = []
    for tag, written in sorted(by_tag.items()):
        best = min(written, key=lambda spelling: (-found[spelling], spelling != recommended(spelling), spelling))
        if best != tag:
            chosen[tag] = best
        if len(written) > 1:
            ways = ", ".join(f"{spelling} ({found[spelling]} times)" for spelling in sorted(written))
            notes.append(f"the language tag {tag} is written {ways}; it is published as {best}")
    return chosen, notes


def recommended(tag: str) -> str:
    """Return ``tag`` in the case that RFC 5646, section 2.1.1, recommends.

    >>> recommended("MN-cYRL-mn-x-AB")
    'mn-Cyrl-MN-x-ab'
    """
    subtags = tag.lower().split("-")
    private = False
    for index, subtag in enumerate(subtags):
        if index and not private:
            if len(subtag) == 2:
                subtags[index] = subtag.upper()
            elif len(subtag) == 4 and subtag.isalpha():
                subtags[index] = subtag.title()
        private = private or len(subtag) == 1
    return "-".join(subtags)
