"""Which way text is written, for the attribute ``dir``.

An element that has the attribute is isolated from the text around it (HTML, section 15.3.5), so the words, numbers and
control characters in it leave their neighbours where they are (Unicode Bidirectional Algorithm, UAX #9).
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from babel.core import get_global

RIGHT_TO_LEFT: Final = frozenset(
    [
        "adlm", "arab", "aran", "armi", "avst", "chrs", "cprt", "elym", "gara", "hatr", "hebr", "hung", "khar", "lydi",
        "mand", "mani", "mend", "merc", "mero", "narb", "nbat", "nkoo", "orkh", "ougr", "palm", "phli", "phlp", "phnx",
        "prti", "rohg", "samr", "sarb", "sogd", "sogo", "syrc", "syre", "syrj", "syrn", "thaa", "todr", "yezi",
    ]
)  # fmt: skip
"""Scripts (ISO 15924) whose letters are written from right to left (UAX #9, classes R and AL)."""

_UNLISTED: Final = {"pnb": "arab"}
"""Scripts of languages that CLDR does not list."""


def direction(language: str | None, stated: object = None) -> str:
    """Return the base direction of text: as stated (RDF 1.2), by its language, else left to the browser.

    Args:
        language: BCP 47 tag, or ``None``.
        stated: Base direction of the literal, if it has one.

    >>> direction("ar"), direction("ar-Latn"), direction("uz-AF"), direction(None)
    ('rtl', 'ltr', 'rtl', 'auto')
    """
    if stated is not None:
        return "rtl" if str(stated).lower().endswith("rtl") else "ltr"
    if not language:
        return "auto"
    script = _script(language.lower())
    return "auto" if script is None else "rtl" if script in RIGHT_TO_LEFT else "ltr"


@lru_cache(maxsize=512)
def _script(tag: str) -> str | None:
    """Return the script of text with a language tag in lower case, or ``None`` where it cannot be told.

    The script subtag, else the one that a language is mostly written in, there or anywhere (UTS #35, likely subtags).
    """
    primary, *rest = tag.split("-")
    if len(primary) == 1:
        return None
    script = _subtag(rest, 4)
    if script is not None or primary in {"mis", "mul", "und", "zxx"}:
        return script
    aliases, likely = get_global("language_aliases"), get_global("likely_subtags")
    region = _subtag(rest, 2)
    known = aliases.get(primary, primary)
    found = region and likely.get(f"{known}_{region.upper()}")
    found = found or likely.get(known) or likely.get(known.partition("_")[0])
    return _UNLISTED.get(primary) if found is None else found.split("_")[1].lower()


def _subtag(subtags: list[str], length: int) -> str | None:
    """Return the first of ``subtags`` with letters alone and a length, before what extends the tag (RFC 5646, 2.2)."""
    for subtag in subtags:
        if len(subtag) == 1:
            return None
        if len(subtag) == length and subtag.isalpha():
            return subtag
    return None
