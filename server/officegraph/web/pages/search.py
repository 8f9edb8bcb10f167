"""The page of search results: what was found and why, what to limit it by, and where to look otherwise."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final
from urllib.parse import urlencode

from officegraph.release.search.model import FacetCount, Hit, Kind, MatchKind, Property, SearchResult
from officegraph.web.pages.asked import FILTERS, Asked
from officegraph.web.pages.blocks import Office
from officegraph.web.pages.environment import render
from officegraph.web.pages.marking import Marked, marked
from officegraph.web.pages.placements import STYLES
from officegraph.web.pages.search_query import as_sparql
from officegraph.web.pages.site import Site
from officegraph.web.pages.terms import Link, Terms, Text, matches
from officegraph.web.pages.wording import _, language_name, ngettext
from officegraph.web.pages.words import class_name

VALUES_SHOWN: Final = 8
"""Values of a facet that are not folded away."""

STEPS_SHOWN: Final = 3
"""Broader concepts that a hit is shown below, the nearest; each is a document to look into."""

PAGES_AROUND: Final = 2


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a hit matches, where its name does not show it.

    Attributes:
        words: What the text is to the hit.
        text: The text, with marks.
        quoted: Whether the text is a name.
        language: Name of its language, where the reader asked for another.
    """

    words: str
    text: Marked
    quoted: bool
    language: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class HitView:
    """A hit as the page shows it.

    Attributes:
        link: The resource.
        name: Its name, marked where it matches.
        kind: What sort of thing it is, unless it is a concept.
        note: Its short IRI, which tells apart what has the same name.
        badge: That it matches exactly, or is only similar.
        path: Its scheme and broader concepts, the broadest first.
        offices: Its offices.
        definition: Its definition, marked where it matches.
        reason: Why it matches, where neither name nor definition show it.
        is_deprecated: Whether it should no longer be used.
    """

    link: Link
    name: Marked
    kind: str | None
    note: str | None
    badge: tuple[str, str] | None
    path: Sequence[Link]
    offices: Sequence[Office]
    definition: Marked | None
    reason: Reason | None
    is_deprecated: bool


@dataclass(frozen=True, slots=True)
class FacetValue:
    """A value that results can be limited to.

    Attributes:
        value: The value as the address has it.
        text: What it is called.
        style: Colour of an office.
        count: How many results have it.
        is_chosen: Whether they are limited to it.
        removal: Path to the results without this limit.
    """

    value: str
    text: Text
    style: str
    count: int
    is_chosen: bool
    removal: str


@dataclass(frozen=True, slots=True)
class Facet:
    """What results can be limited by."""

    name: str
    title: str
    values: Sequence[FacetValue]
    folded: Sequence[FacetValue]


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchPage:
    """What the page shows.

    Attributes:
        asked: The question.
        heading: What was found, in words.
        total: How many results there are.
        similar: How many of them are only similar.
        hits: Those on this page.
        facets: What to limit them by.
        chosen: What they are limited to.
        pages: Number and path of pages to go to; no path stands for pages left out.
        previous: Path of the page before.
        next: Path of the page after.
        forms: Name, media type and path of the same list in other forms.
        sparql: Path of a query that looks for the words.
        instead: Names to look for instead, and where.
        unfiltered: Results that there would be without limits, if there are none.
    """

    asked: Asked
    heading: str
    total: int
    similar: int
    hits: Sequence[HitView]
    facets: Sequence[Facet]
    chosen: Sequence[FacetValue]
    pages: Sequence[tuple[int, str | None]]
    previous: str | None
    next: str | None
    forms: Sequence[tuple[str, str, str]]
    sparql: str
    instead: Sequence[tuple[Marked, str]]
    unfiltered: int


def kind_name(kind: str) -> str:
    """Return what a kind of thing is called."""
    names: dict[str, str] = {
        Kind.CONCEPT: _("Concept"),
        Kind.COLLECTION: _("Collection"),
        Kind.SCHEME: _("Concept scheme"),
        Kind.TERM: _("Term of the ontology"),
        Kind.ENTRY: _("Dictionary entry"),
        Kind.RESOURCE: _("Other resource"),
    }
    return names.get(kind, kind)


def facet_title(name: str) -> str:
    """Return what a facet is called."""
    return {
        "kind": _("Kind"),
        "scheme": _("Scheme"),
        "office": _("Office"),
        "segment": _("Segment"),
        "language": _("Matches in"),
    }[name]


def pages_of(total: int, size: int) -> int:
    """Return how many pages a list of results has, at least 1."""
    return max(1, -(-total // size))


class SearchResults:
    """Makes the page of the results for one question and one reader.

    Args:
        site: The site.
        languages: Languages of the reader, best first.
        asked: The question.
    """

    def __init__(self, site: Site, languages: Sequence[str], asked: Asked) -> None:
        self.site = site
        self.asked = asked
        self.terms = Terms(site, languages, site.labels)

    def page(
        self, result: SearchResult, facets: Mapping[str, Sequence[FacetCount]] | None = None, unfiltered: int = 0
    ) -> SearchPage:
        """Return what the page shows.

        Args:
            result: What was found.
            facets: Counts by facet, each as if it did not limit the results; those of the result if not given.
            unfiltered: Results that there would be without limits, if there are none.
        """
        asked, site = self.asked, self.site
        counted = result.facets if facets is None else facets
        views = [view for name in FILTERS if (view := self._facet(name, counted.get(name, ())))]
        last = pages_of(result.total, asked.size)
        every = [value for facet in views for value in (*facet.values, *facet.folded)]
        return SearchPage(
            asked=asked,
            heading=self._heading(result),
            total=result.total,
            similar=result.similar,
            hits=[self.hit(hit, mixed=result.similar < result.total) for hit in result.hits],
            facets=views,
            chosen=[value for value in every if value.is_chosen],
            pages=[
                (number, None if number == 0 else site.url(asked.at(number).path()))
                for number in page_numbers(asked.page, last)
            ],
            previous=site.url(asked.at(asked.page - 1).path()) if asked.page > 1 else None,
            next=site.url(asked.at(asked.page + 1).path()) if asked.page < last else None,
            forms=[
                ("JSON", "application/json", site.url(asked.path(".json"))),
                ("CSV", "text/csv", site.url(asked.path(".csv"))),
            ],
            sparql=site.url(f"/sparql?{urlencode({'query': as_sparql(asked, self.terms.languages[0], site)})}"),
            instead=self._instead(result),
            unfiltered=unfiltered,
        )

    def _heading(self, result: SearchResult) -> str:
        if self.asked.is_empty:
            return _("Search")
        words = {"number": f"{result.total:,}", "text": self.asked.text}
        if not self.asked.text:
            return ngettext("%(number)s result", "%(number)s results", result.total) % words
        if result.total == 0:
            return _("Nothing matches “%(text)s”") % words
        if result.total == result.similar:
            return (
                ngettext("%(number)s name is like “%(text)s”", "%(number)s names are like “%(text)s”", result.total)
                % words
            )
        return ngettext("%(number)s result for “%(text)s”", "%(number)s results for “%(text)s”", result.total) % words

    def _instead(self, result: SearchResult) -> list[tuple[Marked, str]]:
        """Return the names nearest to a text that nothing matches."""
        if not result.total or result.total != result.similar or self.asked.page > 1:
            return []
        names: dict[str, tuple[Marked, str]] = {}
        for hit in result.hits:
            name = marked(hit.match.text, hit.match.language)
            names.setdefault(hit.match.text.casefold(), (name, self.site.url(self.asked.asking(hit.match.text).path())))
        return list(names.values())[:3]

    def hit(self, hit: Hit, *, mixed: bool = True) -> HitView:
        """Return the view of a hit.

        Args:
            hit: The hit.
            mixed: Whether there are both names that match and names that are only similar.
        """
        link = self.terms.link(hit.iri)
        in_name = hit.match.text == hit.label.text and hit.match.property.is_label
        in_definition = hit.definition is not None and hit.match.text == hit.definition.text
        definition = None
        if hit.definition is not None:
            spans = hit.match.spans if in_definition else ()
            definition = self._read(marked(hit.definition.text, hit.definition.language, spans))
        return HitView(
            link=link,
            name=self._read(marked(hit.label.text, hit.label.language, hit.match.spans if in_name else ())),
            kind=self.kind(hit),
            note=self.site.shorten(hit.iri) if hit.kind not in (Kind.CONCEPT, Kind.ENTRY) else None,
            badge=badge(hit.features.kind) if mixed or hit.features.kind != MatchKind.SIMILAR else None,
            path=self.path(hit),
            offices=self.offices(hit.offices),
            definition=definition,
            reason=None if in_name or in_definition or hit.features.kind == MatchKind.LISTED else self._reason(hit),
            is_deprecated=hit.deprecated,
        )

    def _read(self, text: Marked) -> Marked:
        """Return ``text`` with a note of whether it is in a language of the reader."""
        return replace(text, foreign=not matches(text.language, self.terms.languages))

    def kind(self, hit: Hit) -> str | None:
        """Return what sort of thing a hit is, as closely as its classes say, unless it is a concept."""
        if hit.kind == Kind.CONCEPT:
            return None
        if hit.kind == Kind.RESOURCE:
            if not hit.iri.startswith(self.site.base):
                return _("Elsewhere")
            for iri in hit.types:
                link = self.terms.link(iri)
                if name := class_name(iri) or (link.text.short if link.labelled else None):
                    return name
        return kind_name(hit.kind)

    def _reason(self, hit: Hit) -> Reason:
        match = hit.match
        words = {
            Property.PREFERRED: _("Called"),
            Property.ALTERNATIVE: _("Also called"),
            Property.ABBREVIATION: _("Short form"),
            Property.HIDDEN: _("Also found by"),
            Property.NOTATION: _("Notation"),
            Property.DEFINITION: _("Definition:"),
            Property.NOTE: _("Note:"),
        }[match.property]
        foreign = bool(match.language) and match.language.partition("-")[0] != self.terms.languages[0].partition("-")[0]
        return Reason(
            words,
            marked(match.text, match.language, match.spans),
            match.property.is_label,
            (language_name(match.language) or match.language) if foreign else None,
        )

    def offices(self, iris: Sequence[str]) -> list[Office]:
        """Return offices in their order."""
        styles = list(STYLES.values())
        views = [Office(self.terms.link(iri), STYLES.get(iri.rstrip("/").rpartition("/")[2], "")) for iri in iris]
        return sorted(views, key=lambda view: styles.index(view.style) if view.style else len(styles))

    def path(self, hit: Hit) -> list[Link]:
        """Return the scheme of a hit and the first way from there, the broadest concept first."""
        if hit.kind != Kind.CONCEPT:
            return []
        steps = [hit.iri]
        while len(steps) <= STEPS_SHOWN:
            parent = next((iri for iri in self.site.parents(steps[-1]) if iri not in steps), None)
            if parent is None:
                break
            steps.append(parent)
        return [self.terms.link(iri) for iri in (*hit.schemes[:1], *reversed(steps[1:]))]

    def _facet(self, name: str, counts: Sequence[FacetCount]) -> Facet | None:
        chosen = self.asked.filters.get(name, ())
        found = {count.value: count.count for count in counts}
        values = [
            FacetValue(
                value=self.asked.short(name, value),
                text=self._called(name, value),
                style=STYLES.get(value.rpartition("/")[2], "") if name == "office" else "",
                count=found.get(value, 0),
                is_chosen=value in chosen,
                removal=self.site.url(self.asked.without(name, value).path()),
            )
            for value in (*found, *(value for value in chosen if value not in found))
        ]
        if len(values) < 2 and not chosen:  # one value limits nothing
            return None
        first = [v for place, v in enumerate(values) if place < VALUES_SHOWN or v.is_chosen]
        return Facet(name, facet_title(name), first, [v for v in values if v not in first])

    def _called(self, name: str, value: str) -> Text:
        if name == "kind":
            return Text(kind_name(value))
        if name == "language":
            called = language_name(value)
            return Text(f"{called} ({value})" if called and "-" in value else called or value)
        return self.terms.link(value).text


def badge(kind: MatchKind) -> tuple[str, str] | None:
    """Return the colour and words that tell how closely a hit matches."""
    if kind == MatchKind.PREFERRED:
        return "good", _("exact name")
    if kind == MatchKind.SIMILAR:
        return "warn", _("similar")
    return None


def page_numbers(page: int, last: int) -> list[int]:
    """Return the pages to link to: the first, the last and those around; 0 stands for pages left out.

    >>> page_numbers(6, 20)
    [1, 0, 4, 5, 6, 7, 8, 0, 20]
    """
    if last == 1:
        return []
    wanted = sorted({1, last, *range(max(1, page - PAGES_AROUND), min(last, page + PAGES_AROUND) + 1)})
    numbers: list[int] = []
    for number in wanted:
        if numbers and number - numbers[-1] == 2:
            numbers.append(number - 1)
        elif numbers and number - numbers[-1] > 2:
            numbers.append(0)
        numbers.append(number)
    return numbers


def render_search(page: SearchPage, site: Site, *, canonical: str) -> str:
    """Return the page of results.

    Args:
        page: What it shows.
        site: The site.
        canonical: Its URL.
    """
    return render("search.html", page=page, site=site, canonical=canonical, searched=page.asked.text)
