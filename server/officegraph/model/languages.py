"""Choose among languages as RFC 4647 does."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from pyoxigraph import Literal


def lookup(ranges: Sequence[str], available: Iterable[str], default: str | None) -> str | None:
    """Return the language of ``available`` that suits ``ranges`` best (Lookup, RFC 4647, section 3.4).

    Each range is tried in turn, cut from its end until a tag equals it: ``zh-Hant-CN-x-private``, then
    ``zh-Hant-CN``, then ``zh-Hant``, then ``zh``; a subtag of one letter goes with the one after it.
    The range ``*`` names no language and is passed over (section 3.4.1 leaves it to the default).

    Args:
        ranges: Basic language ranges (section 2.1), the most wanted first.
        available: Language tags to choose from; compared without regard to case, returned as they are.
        default: What to return if no range matches.

    >>> lookup(["de-CH"], ["en", "de"], "en")
    'de'
    >>> lookup(["fr", "*"], ["en", "de"], "en")
    'en'
    """
    tags: dict[str, str] = {}
    for tag in available:
        tags.setdefault(tag.lower(), tag)
    for language_range in ranges:
        subtags = language_range.lower().split("-")
        while subtags:
            tag_found = tags.get("-".join(subtags))
            if tag_found is not None:
                return tag_found
            subtags.pop()
            if subtags and len(subtags[-1]) == 1:
                subtags.pop()
    return default


def best_literal(literals: Iterable[Literal], ranges: Sequence[str], default: str | None) -> Literal | None:
    """Return the literal whose language suits ``ranges`` best, falling back rather than returning nothing.

    Where Lookup finds nothing, a variant of a wanted language will do (``de-CH`` for ``de``), then the
    language ``default`` or a variant of it, then a literal without a language, and at last the language
    that comes first by alphabet. Of several literals in one language the first by alphabet is
    taken, so that the answer does not depend on their order.

    Args:
        literals: What to choose from.
        ranges: Basic language ranges, the most wanted first.
        default: Language to fall back to.

    Returns:
        The literal; ``None`` only if there are none.
    """
    by_language: dict[str, Literal] = {}
    for literal in literals:
        language = literal.language or ""
        known = by_language.get(language)
        if known is None or literal.value < known.value:
            by_language[language] = literal
    if not by_language:
        return None
    languages = sorted(language for language in by_language if language)
    found = lookup(ranges, languages, None) or _variant(ranges, languages)
    if found is None and default is not None:
        found = lookup([default], languages, None) or _variant([default], languages)
    if found is None:
        found = "" if "" in by_language else languages[0]
    return by_language[found]


def _variant(ranges: Sequence[str], tags: Sequence[str]) -> str | None:
    """Return the first of ``tags`` that extends one of ``ranges`` (RFC 4647, section 3.3.1), if any."""
    for language_range in ranges:
        prefix = f"{language_range.lower()}-"
        for tag in tags:
            if tag.lower().startswith(prefix):
                return tag
    return None
