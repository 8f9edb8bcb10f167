"""What is usually in which office, for all segments together or for one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from officegraph.web.pages.assignments import Assignment
from officegraph.web.pages.blocks import Office
from officegraph.web.pages.browse import OfficeMark, Pager, address, link_data, pager, tabs
from officegraph.web.pages.environment import render
from officegraph.web.pages.placements import STYLES
from officegraph.web.pages.site import Site
from officegraph.web.pages.terms import Link, Terms, Text
from officegraph.web.pages.wording import _

PATH: Final = "/browse/offices"

SHOWN: Final = 250
"""Functions of one office on a page that shows all offices; on the page of an office this many at a time."""

_ORDER: Final = {style: place for place, style in enumerate(STYLES.values())}


@dataclass(frozen=True, slots=True)
class Placed:
    """A function in an office.

    Attributes:
        link: The function.
        contested: Whether a source says otherwise.
        inherited: Whether it is concluded from a broader function.
        href: Where the sources are compared.
    """

    link: Link
    contested: bool
    inherited: bool
    href: str


@dataclass(frozen=True, slots=True)
class OfficeSection:
    """An office and what is in it.

    Attributes:
        office: The office; ``None`` for functions for which as many speak for one office as for another.
        definition: What it is.
        href: The page of this office alone.
        total: How many functions are in it.
        functions: Those that are shown, by name.
    """

    office: Office | None
    definition: Text | None
    href: str
    total: int
    functions: Sequence[Placed]

    @property
    def more(self) -> int:
        """How many functions are not shown."""
        return self.total - len(self.functions)


@dataclass(frozen=True, slots=True)
class SegmentChoice:
    """A segment to choose.

    Attributes:
        link: The segment; ``None`` for all together.
        href: The page for it.
        count: How many functions have an outcome in it.
        current: Whether it is the one that is shown.
    """

    link: Link | None
    href: str
    count: int
    current: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficesPage:
    """What the page of the offices shows.

    Attributes:
        sections: The offices.
        segments: The segments.
        segment: The one that is shown; ``None`` for all together.
        single: The office that alone is shown, if one is.
        pager: The place in the list of its functions.
        back: The page of all offices for the same segment.
    """

    sections: Sequence[OfficeSection]
    segments: Sequence[SegmentChoice]
    segment: Link | None
    single: Office | None
    pager: Pager | None
    back: str


def office_of(terms: Terms, iri: str) -> Office:
    """Return an office by its IRI, with its colour and shape."""
    return Office(terms.link(iri), STYLES.get(iri.rstrip("/").rpartition("/")[2], ""))


def office_order(view: Office | None) -> tuple[int, str]:
    """Return what orders offices: front to back, then by name, and what has none last."""
    if view is None:
        return (len(_ORDER) + 1, "")
    return (_ORDER.get(view.style, len(_ORDER)), view.link.text.value.casefold())


def usual_marks(terms: Terms, usual: Iterable[Assignment]) -> Callable[[str], OfficeMark | None]:
    """Return what finds the mark of a function's usual office over all segments."""
    of: dict[str, str] = {a.function: a.office for a in usual if a.usual and a.segment is None and a.office}

    def mark(iri: str) -> OfficeMark | None:
        if iri not in of:
            return None
        office = office_of(terms, of[iri])
        return OfficeMark(office.link.text, office.style)

    return mark


def offices_page(
    site: Site,
    languages: Sequence[str],
    all_assignments: Iterable[Assignment],
    definitions: Callable[[str], Text | None],
    *,
    segment: str | None = None,
    office: str | None = None,
    page: int = 1,
) -> OfficesPage:
    """Return what the page of the offices shows.

    Args:
        site: The site.
        languages: Languages of the reader, best first.
        all_assignments: All assignments; those that the rule found are shown, and where it found none, what the
            sources say.
        definitions: What an office is.
        segment: The segment; all together where it is not given.
        office: The office that alone is to be shown.
        page: Which part of its functions, from 1.
    """
    terms = Terms(site, languages, site.labels)
    known = list(all_assignments)
    outcomes = [a for a in known if a.usual] or known
    counts = Counter(
        segment for _function, segment in {(a.function, a.segment) for a in outcomes if office in (None, a.office)}
    )
    chosen: dict[str | None, dict[str, Assignment]] = {}
    for outcome in outcomes:
        if outcome.segment == segment or (segment is None and not outcome.usual):
            chosen.setdefault(outcome.office, {}).setdefault(outcome.function, outcome)
    sections = []
    for iri, functions in chosen.items():
        if office is not None and iri != office:
            continue
        placed = sorted(
            (
                Placed(terms.link(f), a.contested, a.inherited, site.url(address("/compare", concept=f)))
                for f, a in functions.items()
            ),
            key=lambda item: (item.link.text.value.casefold(), item.link.iri),
        )
        start = (page - 1) * SHOWN if office is not None else 0
        sections.append(
            OfficeSection(
                office=office_of(terms, iri) if iri is not None else None,
                definition=definitions(iri) if iri is not None else None,
                href=site.url(address(PATH, segment=segment, office=iri)),
                total=len(placed),
                functions=placed[start : start + SHOWN],
            )
        )
    sections.sort(key=lambda section: office_order(section.office))
    choices = [
        SegmentChoice(
            terms.link(iri) if iri is not None else None, site.url(address(PATH, segment=iri, office=office)), count,
            iri == segment,
        )
        for iri, count in counts.items()
    ]  # fmt: skip
    choices.sort(key=lambda c: (c.link is not None, c.link.text.value.casefold() if c.link else ""))
    place = None
    if office is not None:
        total = sections[0].total if sections else 0
        place = pager(site, PATH, page, SHOWN, total, segment=segment, office=office)
    return OfficesPage(
        sections=sections,
        segments=choices,
        segment=terms.link(segment) if segment else None,
        single=office_of(terms, office) if office else None,
        pager=place,
        back=site.url(address(PATH, segment=segment)),
    )


def render_offices(site: Site, page: OfficesPage, *, canonical: str, data: str) -> str:
    """Return the page of the offices."""
    return render(
        "browse-offices.html", site=site, page=page, canonical=canonical, data=data, everywhere=_("All segments"),
        tabs=tabs(site, PATH, offices=True),
    )  # fmt: skip


def offices_data(page: OfficesPage) -> dict[str, object]:
    """Return the offices as they are sent as JSON."""
    return {
        "segment": page.segment.iri if page.segment else None,
        "offices": [
            {
                "office": link_data(section.office.link) if section.office else None,
                "total": section.total,
                "functions": [
                    {**link_data(item.link), "contested": item.contested, "inherited": item.inherited}
                    for item in section.functions
                ],
            }
            for section in page.sections
        ],
    }
