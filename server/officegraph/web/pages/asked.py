"""What is asked of the search page, and the addresses that ask it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final, Self
from urllib.parse import quote, urlencode

from officegraph.release.search.model import LONGEST_TEXT, SearchRequest

FILTERS: Final = ("kind", "scheme", "office", "segment", "language")
"""What results are limited by: facets of the search, in the order in which addresses name them."""

_IRIS: Final = frozenset({"scheme", "office", "segment"})

PAGE_SIZE: Final = 20
LARGEST_PAGE: Final = 100
"""Results on one page, unless ``limit`` asks for another number, and at most."""

MOST_VALUES: Final = 20
"""Values of one filter that are looked at."""

LONGEST_VALUE: Final = 1024
"""Characters of a value that are looked at."""

_LANGUAGE: Final = re.compile("[A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8}){0,4}")
_PAGE: Final = re.compile("[1-9][0-9]{0,5}")


class AskedError(ValueError):
    """A parameter has a value that it cannot have."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A question to the search.

    Attributes:
        text: What to search for, without blanks around it, cut to the length that is looked at.
        filters: Values by name of the filter: kinds, IRIs or language tags.
        page: Which page of the results, from 1.
        size: Results on a page.
        language: Language that the reader chose by ``lang``, if any; what is no single tag is left out of addresses.
        base: IRI that filters may leave out at the beginning of IRIs.
        is_cut: Whether the text was longer.
    """

    text: str = ""
    filters: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    page: int = 1
    size: int = PAGE_SIZE
    language: str | None = None
    base: str = ""
    is_cut: bool = False

    @classmethod
    def of(cls, parameters: Mapping[str, Sequence[str]], base: str = "") -> Self:
        """Read a question from the values of each parameter; values of filters that nothing has find nothing.

        Raises:
            AskedError: ``page`` or ``limit`` is no number that it can be.
        """
        text = _scalar(next(iter(parameters.get("q", ())), "")).strip()
        language = next(iter(parameters.get("lang", ())), "")
        filters = {}
        for name in FILTERS:
            said = (_scalar(value)[:LONGEST_VALUE] for value in parameters.get(name, ()))
            values = dict.fromkeys(value for value in said if value.strip())
            if name in _IRIS:
                values = dict.fromkeys(value if ":" in value else base + value for value in values)
            if values:
                filters[name] = tuple(sorted(values)[:MOST_VALUES])
        return cls(
            text=text[:LONGEST_TEXT].strip(),
            filters=filters,
            page=_number(parameters, "page", 1, 999_999),
            size=_number(parameters, "limit", PAGE_SIZE, LARGEST_PAGE),
            language=language if _LANGUAGE.fullmatch(language) else None,
            base=base,
            is_cut=len(text) > LONGEST_TEXT,
        )

    @property
    def is_empty(self) -> bool:
        """Whether nothing is asked for."""
        return not self.text and not set(self.filters) - {"language"}

    @property
    def offset(self) -> int:
        """How many results are on the pages before."""
        return (self.page - 1) * self.size

    def request(self, languages: Sequence[str]) -> SearchRequest:
        """Return the request to the search for a reader of ``languages``."""
        return SearchRequest(
            text=self.text,
            languages=tuple(languages),
            kinds=self.filters.get("kind", ()),
            schemes=self.filters.get("scheme", ()),
            offices=self.filters.get("office", ()),
            segments=self.filters.get("segment", ()),
            in_languages=self.filters.get("language", ()),
            definitions=True,
            offset=self.offset,
            limit=self.size,
        )

    def at(self, page: int) -> Self:
        """Return the question for another page of the results."""
        return replace(self, page=page)

    def without(self, name: str, value: str | None = None) -> Self:
        """Return the question without a filter, or without one of its values, from its first page."""
        rest = tuple(kept for kept in self.filters.get(name, ()) if value is not None and kept != value)
        filters = {other: rest if other == name else values for other, values in self.filters.items()}
        return replace(self, filters={other: values for other, values in filters.items() if values}, page=1)

    def unfiltered(self) -> Self:
        """Return the question without any filter, from its first page."""
        return replace(self, filters={}, page=1)

    def asking(self, text: str) -> Self:
        """Return the question for another text, with no filter, from its first page."""
        return replace(self, text=text[:LONGEST_TEXT], filters={}, page=1, is_cut=False)

    def short(self, name: str, value: str) -> str:
        """Return a value of a filter as addresses have it: without the base where it begins with it."""
        rest = value[len(self.base) :] if name in _IRIS and self.base and value.startswith(self.base) else ""
        return rest if rest and ":" not in rest else value

    def parameters(self, **more: str) -> list[tuple[str, str]]:
        """Return the parameters that ask this, in the order in which they always are, and ``more``."""
        found = [("q", self.text)] if self.text else []
        found += [(name, self.short(name, value)) for name in FILTERS for value in self.filters.get(name, ())]
        if self.page > 1:
            found.append(("page", str(self.page)))
        if self.size != PAGE_SIZE:
            found.append(("limit", str(self.size)))
        if self.language:
            found.append(("lang", self.language))
        return found + list(more.items())

    def path(self, ending: str = "", **more: str) -> str:
        """Return the path and query that ask this: the same for the same question.

        Args:
            ending: File ending of a form of the results, with its dot.
            more: Further parameters.
        """
        query = urlencode(self.parameters(**more), quote_via=quote, safe="/:", errors="replace")
        return f"/search{ending}{'?' if query else ''}{query}"


def _scalar(text: str) -> str:
    """Return ``text`` without lone surrogates, which no text that is sent can hold."""
    return text.encode("utf-8", "replace").decode()


def _number(parameters: Mapping[str, Sequence[str]], name: str, default: int, most: int) -> int:
    said = next(iter(parameters.get(name, ())), "")
    if not said:
        return default
    if _PAGE.fullmatch(said) is None or int(said) > most:
        raise AskedError(f"The parameter '{name}' is a whole number from 1 to {most:,}.")
    return int(said)
