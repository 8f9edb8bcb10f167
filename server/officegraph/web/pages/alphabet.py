"""The concepts of a vocabulary by alphabet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from officegraph.release.search.names import DIGITS, HAN, OTHER
from officegraph.web.pages.browse import Pager, SchemeChoice, address, pager, scheme_choices, tabs
from officegraph.web.pages.environment import render
from officegraph.web.pages.site import Site
from officegraph.web.pages.terms import Link, Terms
from officegraph.web.pages.wording import _

PAGE_SIZE: Final = 240
"""Names on one page."""

PATH: Final = "/browse/alphabetical"


@dataclass(frozen=True, slots=True)
class Letter:
    """A heading of the alphabet.

    Attributes:
        name: The letter, or what stands for many.
        words: What it is called, where the letter does not say.
        href: Where its names are.
        count: How many names there are.
        current: Whether it is the one that is shown.
    """

    name: str
    words: str
    href: str
    count: int
    current: bool


@dataclass(frozen=True, slots=True)
class Entry:
    """A concept by its name; ``deprecated`` if it should no longer be used."""

    link: Link
    deprecated: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class AlphabetPage:
    """What one page of the alphabet shows.

    Attributes:
        letters: The headings.
        current: The heading that is shown; ``None`` where there are no names at all.
        entries: The names.
        pager: The place of the page.
        scheme: The scheme that the list is limited to.
        schemes: The schemes there are.
        total: How many names there are under all headings.
    """

    letters: Sequence[Letter]
    current: Letter | None
    entries: Sequence[Entry]
    pager: Pager
    scheme: Link | None
    schemes: Sequence[SchemeChoice]
    total: int


def words_of(letter: str) -> str:
    """Return what a heading is called that is no letter; nothing for letters."""
    return {DIGITS: _("digits"), HAN: _("Han characters"), OTHER: _("other signs")}.get(letter, "")


def alphabet_page(
    site: Site,
    languages: Sequence[str],
    *,
    counts: Mapping[str, int],
    letter: str | None,
    entries: Sequence[tuple[str, bool]],
    schemes: Mapping[str, int],
    scheme: str | None = None,
    page: int = 1,
) -> AlphabetPage:
    """Return what one page of the alphabet shows.

    Args:
        site: The site.
        languages: Languages of the reader, best first.
        counts: How many names each heading has, in the order of the headings.
        letter: The heading that is shown.
        entries: IRI of each concept of the page, and whether it is deprecated.
        schemes: How many concepts each scheme has.
        scheme: Scheme that the list is limited to.
        page: Which page of the heading, from 1.
    """
    terms = Terms(site, languages, site.labels)
    letters = [
        Letter(name, words_of(name), site.url(address(PATH, scheme=scheme, letter=name)), count, name == letter)
        for name, count in counts.items()
    ]
    return AlphabetPage(
        letters=letters,
        current=next((item for item in letters if item.current), None),
        entries=[Entry(terms.link(iri), deprecated) for iri, deprecated in entries],
        pager=pager(site, PATH, page, PAGE_SIZE, counts.get(letter or "", 0), scheme=scheme, letter=letter),
        scheme=terms.link(scheme) if scheme else None,
        schemes=scheme_choices(site, terms, schemes, scheme),
        total=sum(counts.values()),
    )


def render_alphabet(site: Site, page: AlphabetPage, *, offices: bool, canonical: str, data: str) -> str:
    """Return a page of the alphabet."""
    return render(
        "browse-alphabetical.html", site=site, page=page, tabs=tabs(site, PATH, offices=offices), canonical=canonical,
        data=data, everything=site.url(PATH),
    )  # fmt: skip
