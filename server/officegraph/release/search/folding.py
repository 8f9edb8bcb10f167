"""Words as they are compared: without case, diacritics and width; where they stand in a text; other spellings.

A text is taken apart into *words*. Scripts that are written without spaces between words (Chinese, Japanese,
Thai and others) are taken apart into pairs of neighbouring characters and the last character on its own, so that
every pair and every single character of a text is the beginning of one of its words.
"""

from __future__ import annotations

import re
import sys
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from itertools import pairwise
from typing import Final, NamedTuple

LONGEST_WORD: Final = 64
"""Characters of a word that are compared."""

_UNDECOMPOSED: Final = {
    "æ": "ae",
    "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ħ": "h", "\u0131": "i", "ŧ": "t", "ŋ": "n",
    "ƒ": "f", "ß": "ss",
}  # fmt: skip
"""Letters that Unicode does not take apart into a letter and a mark, in lower case."""

_TABLE: Final = str.maketrans(_UNDECOMPOSED)
_ACCENTS: Final = re.compile(
    "[\u0300-\u036f\u0483-\u0487\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0640\u064b-\u0652\u0670"
    "\u1ab0-\u1aff\u1dc0-\u1dff\u200c\u200d\u20d0-\u20ff\ufe20-\ufe2f]+"
)
"""Marks that readers leave out: not those of Indic scripts or of kana, which tell words apart."""


def _character_class(first: int, last: int, prefix: str) -> str:
    """Return the ranges of characters from ``first`` to ``last`` whose category begins with ``prefix``."""
    found: list[str] = []
    start: int | None = None
    for code in range(first, last + 2):
        inside = code <= last and unicodedata.category(chr(code)).startswith(prefix)
        if inside and start is None:
            start = code
        elif not inside and start is not None:
            found.append(f"{chr(start)}-{chr(code - 1)}")
            start = None
    return "".join(found)


_MARKS: Final = _character_class(0x300, 0xFFFF, "M")
_UNSPACED: Final = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3005-\u3007\u3041-\u3096\u309d-\u309f\u30a1-\u30fa\u30fc-\u30ff"
    "\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff66-\uff9f\U00020000-\U0003ffff"
)
_RUN: Final = re.compile(
    rf"(?P<unspaced>[{_UNSPACED}{_MARKS}]*[{_UNSPACED}][{_UNSPACED}{_MARKS}]*)"
    r"|(?P<joined>(?<![\w&])[^\W_]{1,2}(?: ?& ?[^\W_]{1,2}){1,3}(?![\w&])|(?<!\w)(?:[^\W\d_]\.){2,}(?:[^\W\d_](?!\w))?)"
    rf"|(?P<word>(?:[^\W_{_UNSPACED}]|[{_MARKS}])+)"
)
_WORD_IN_ASCII: Final = re.compile(r"[A-Za-z0-9]+")
_JOINS_IN_ASCII: Final = re.compile(r"&|[A-Za-z]\.[A-Za-z]\.")


_APART: Final = re.compile(rf"[{_UNSPACED}&]|\w\.\w\.")
_PLAIN_WORD: Final = re.compile(rf"(?:[^\W_]|[{_MARKS}])+")
_BETWEEN: Final = re.compile(rf"[^\w{_MARKS}]+|_+")


class Word(NamedTuple):
    """A word of a text.

    Attributes:
        text: The word as it is compared.
        start: Where it begins in the text.
        end: Where it ends in the text.
    """

    text: str
    start: int
    end: int


def fold(text: str) -> str:
    r"""Return ``text`` without what readers do not type: case, diacritics, ligatures, full width.

    Compatibility decomposition (Unicode Standard Annex 15), full case folding, marks left out, and what Unicode does
    not decompose replaced. Lone surrogates, which no data have, are left out.

    >>> fold("Straße, Łódź, CŒUR, \uff21\uff22")
    'strasse, lodz, coeur, ab'
    """
    if text.isascii():
        return text.lower()
    folded = _folded(text)
    # Folding may lead to what folds again, such as the Greek iota below; a few rounds come to rest.
    return folded if folded.isascii() else _folded(folded)


def _folded(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text).casefold()
    plain = _ACCENTS.sub("", unicodedata.normalize("NFKD", decomposed)).translate(_TABLE)
    return unicodedata.normalize("NFC", plain.encode("utf-8", "ignore").decode())


def words(text: str) -> list[Word]:
    """Take ``text`` apart into its words.

    Letters joined by ``&`` or by full stops are one word: ``P&L``, ``FP & A``, ``U.S.``

    >>> [word.text for word in words("P&L of the U.S.-Büro")]
    ['pl', 'of', 'the', 'us', 'buro']
    >>> [word.text for word in words("一般事務")]
    ['一般', '般事', '事務', '務']
    """
    if text.isascii() and not _JOINS_IN_ASCII.search(text):
        return [
            Word(match[0].lower()[:LONGEST_WORD], match.start(), match.end()) for match in _WORD_IN_ASCII.finditer(text)
        ]
    found: list[Word] = []
    for match in _RUN.finditer(text):
        start, end = match.span()
        if match.lastgroup == "unspaced":
            found.extend(_pairs(match[0], start))
            continue
        folded = fold(match[0])
        if match.lastgroup == "joined":
            folded = re.sub(r"[\W_]+", "", folded)
        if folded:
            found.append(Word(folded[:LONGEST_WORD], start, end))
    return found


def _pairs(run: str, start: int) -> Iterator[Word]:
    """Yield the pairs of characters of ``run``, which begins at ``start``, and its last character."""
    spots: list[tuple[str, int, int]] = []
    for offset, character in enumerate(run, start):
        folded = fold(character)
        if unicodedata.combining(character) and spots:  # a voicing mark that stands apart goes with its kana
            spots[-1] = (fold(spots[-1][0] + character), spots[-1][1], offset + 1)
        elif folded:
            spots.append((folded, offset, offset + 1))
    for (one, begin, _), (other, _, end) in pairwise(spots):
        yield Word(one + other, begin, end)
    if spots:
        yield Word(*spots[-1])


def asked_words(text: str) -> list[str]:
    """Return the words to look for when ``text`` is typed, without repetition.

    As :func:`words`, but of a run without spaces the pairs alone, since its last character need not be the last of a
    run in what is found.

    >>> asked_words("一般事務 一般")
    ['一般', '般事', '事務']
    """
    found = words(text)
    kept = [
        word.text
        for position, word in enumerate(found)
        if not (position and word.end == found[position - 1].end and word.start > found[position - 1].start)
    ]
    return list(dict.fromkeys(kept))


def word_texts(text: str) -> list[str]:
    """Return the words of ``text`` as :func:`words` does, without their places, in less time."""
    if text.isascii():
        if not _JOINS_IN_ASCII.search(text):
            return [word[:LONGEST_WORD] for word in _WORD_IN_ASCII.findall(text.lower())]
    elif not _APART.search(text) and unicodedata.is_normalized("NFKC", text):
        return [word[:LONGEST_WORD] for word in _PLAIN_WORD.findall(fold(text))]
    return [word.text for word in words(text)]


def key(text: str) -> str:
    """Return ``text`` as whole texts are compared: without what stands between words, be it nothing, space or hyphen.

    >>> key("Front-Office") == key("front office") == key("frontoffice")
    True
    """
    if text.isascii():
        return "".join(_WORD_IN_ASCII.findall(text)).lower()
    return _BETWEEN.sub("", fold(text))


_SPELLINGS: Final = tuple(
    (re.compile(pattern), replacement)
    for pattern, replacement in (
        # British and American English
        (r"(?<=[a-z]{3})is(?=[ae]|ing)", "iz"),
        (r"(?<=[a-z]{3})iz(?=[ae]|ing)", "is"),
        (r"yse(d|s|r|rs)?$", r"yze\1"),
        (r"yze(d|s|r|rs)?$", r"yse\1"),
        (r"([lbvn])our", r"\1or"),
        (r"(col|lab|fav|hon|behavi|neighb|harb|end?eav)or", r"\1our"),
        (r"(cent|theat|fib|met|lit)re(s?)$", r"\1er\2"),
        (r"(cent|theat|fib|met|lit)er(s?)$", r"\1re\2"),
        (r"ogue(s?)$", r"og\1"),
        (r"(catal|anal|dial)og(s?)$", r"\1ogue\2"),
        (r"ll(ed|er|ers|ing|or|ors)$", r"l\1"),
        (r"([aeu])l(ed|er|ers|ing|or|ors)$", r"\1ll\2"),
        (r"^(licen|defen|offen|preten)ce", r"\1se"),
        (r"^(licen|defen|offen|preten)se", r"\1ce"),
        (r"^programme", "program"),
        (r"^program(s?)$", r"programme\1"),
        (r"^cheque", "check"),
        (r"^check", "cheque"),
        (r"^fulfil(ment|s?)$", r"fulfill\1"),
        (r"^fulfill", "fulfil"),
        (r"^(judg|acknowledg)ement", r"\1ment"),
        (r"^(judg|acknowledg)ment", r"\1ement"),
        (r"^enrol(ment|s?)$", r"enroll\1"),
        (r"^enroll(ment)", r"enrol\1"),
        # German umlauts as typed without them; folding takes the dots away, and typists write an e
        (r"([aou])e", r"\1"),
    )
)
_SINGULARS: Final = ((re.compile(r"(?<=[a-z]{2}[^aeiou])ies$"), "y"), (re.compile(r"(?<=s|x|z)es$|(?<=[cs]h)es$"), ""),
                     (re.compile(r"(?<=[a-z]{2}[^us])s$"), ""))  # fmt: skip
"""The rules of the S-stemmer (D. Harman, How effective is suffixing?, 1991), for words in plural."""


def singulars(word: str) -> tuple[str, ...]:
    """Return what ``word`` may be the English plural of.

    >>> singulars("policies"), singulars("settlements"), singulars("business")
    (('policy', 'policie'), ('settlement',), ())
    """
    return tuple(dict.fromkeys(rule.sub(ending, word) for rule, ending in _SINGULARS if rule.search(word)))


@lru_cache(maxsize=4096)
def spellings(word: str) -> tuple[str, ...]:
    """Return other words that may be meant by ``word``: its singular, British and American spellings, umlauts.

    The beginning of a word has others, too, as far as it shows.

    They are guesses; what is no word of the index finds nothing.

    >>> spellings("organizations")
    ('organization', 'organisations', 'organisation')
    """
    found: dict[str, None] = dict.fromkeys(singulars(word))
    for base in (word, *found):
        for pattern, replacement in _SPELLINGS:
            other = pattern.sub(replacement, base)
            if other != base:
                found[sys.intern(other)] = None
    found.pop(word, None)
    return tuple(found)[:_MOST_SPELLINGS]


_MOST_SPELLINGS: Final = 8
