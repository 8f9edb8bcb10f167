"""Comparisons: what sources say of one function, by segment and by source, and how two offices differ."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from pyoxigraph import NamedNode

from officegraph.model.namespaces import CITO, DCTERMS, PROV, RDF
from officegraph.web.pages import placements
from officegraph.web.pages.assignments import Assignment
from officegraph.web.pages.blocks import Office, PlacementRow, UsualOffice
from officegraph.web.pages.browse import address
from officegraph.web.pages.browse_offices import office_of, office_order
from officegraph.web.pages.concept import definition
from officegraph.web.pages.environment import render
from officegraph.web.pages.site import Site
from officegraph.web.pages.statements import Statements
from officegraph.web.pages.subject import Describer
from officegraph.web.pages.terms import Link, Terms, Text, Value
from officegraph.web.pages.wording import _

PATH: Final = "/compare"

LISTED: Final = 250
"""Functions of one list of a page."""

CHOICES: Final = 800
"""Functions that the form offers."""

CLAIMS_READ: Final = 40
"""Claims about the relation of two offices that a page looks up."""


@dataclass(frozen=True, slots=True)
class Voice:
    """What one source says.

    Attributes:
        source: The source.
        reliability: How reliable it is.
        partial: What it says its statement is limited to.
        record: The placement.
    """

    source: Link
    reliability: Link | None
    partial: Sequence[Link | Text]
    record: Link | None


@dataclass(frozen=True, slots=True)
class SegmentRow:
    """A segment, with the sources that name each office.

    Attributes:
        segment: The segment; ``None`` where sources name none.
        cells: The sources by office, in the order of the offices.
        usual: What the rule finds.
    """

    segment: Link | None
    cells: Sequence[Sequence[Voice]]
    usual: UsualOffice | None

    @property
    def disagree(self) -> bool:
        """Whether sources name more than one office."""
        return sum(1 for cell in self.cells if cell) > 1


@dataclass(frozen=True, slots=True)
class Naming:
    """An office that a source names; ``partial`` if for a part of the function only."""

    office: Office
    partial: bool
    record: Link | None


@dataclass(frozen=True, slots=True)
class SourceRow:
    """A source, with the offices that it names for each segment, in the order of the segments."""

    source: Link
    reliability: Link | None
    cells: Sequence[Sequence[Naming]]


@dataclass(frozen=True, slots=True, kw_only=True)
class FunctionComparison:
    """What sources say of one function.

    Attributes:
        function: The function.
        definition: What it is.
        offices: The offices that are named.
        segments: The segments for which they are, as rows.
        sources: The sources, as rows.
        overall: What the rule finds over all segments.
        disagreements: In how many segments sources disagree.
    """

    function: Link
    definition: Text | None
    offices: Sequence[Office]
    segments: Sequence[SegmentRow]
    sources: Sequence[SourceRow]
    overall: UsualOffice | None
    disagreements: int


@dataclass(frozen=True, slots=True)
class InOffice:
    """A segment for which sources place a function in an office; ``both`` if others place it in the other one."""

    segment: Link | None
    sources: Sequence[Link]
    both: bool


@dataclass(frozen=True, slots=True)
class Shared:
    """A function that sources place in one of two offices, or in both.

    Attributes:
        function: The function.
        href: Where the sources on it are compared.
        first: Where it is in the first office.
        second: Where it is in the second one.
    """

    function: Link
    href: str
    first: Sequence[InOffice]
    second: Sequence[InOffice]


@dataclass(frozen=True, slots=True)
class Relation:
    """A relation between two offices.

    Attributes:
        subject: The office that it leads from.
        property: What it says.
        object: The office that it leads to.
        mutual: Whether it leads back as well.
        claims: The claims that state it.
        sources: Their sources.
    """

    subject: Link
    property: Link
    object: Link
    mutual: bool
    claims: Sequence[Link]
    sources: Sequence[Link]


@dataclass(frozen=True, slots=True)
class Said:
    """What a source says of an office in one respect."""

    words: Link | None
    answers: Sequence[Value]
    sources: Sequence[Link]


@dataclass(frozen=True, slots=True)
class AspectRow:
    """One respect in which offices can be compared, with what is said of either."""

    aspect: Link | None
    first: Sequence[Said]
    second: Sequence[Said]


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficeComparison:
    """How two offices differ.

    Attributes:
        first: An office.
        second: Another one.
        definitions: What they are.
        relations: What is stated between them.
        aspects: What is said of them, by respect.
        only_first: Functions that sources place in the first, and none in the second.
        only_second: Functions the other way round.
        both: Functions that sources place in both.
    """

    first: Office
    second: Office
    definitions: tuple[Text | None, Text | None]
    relations: Sequence[Relation]
    aspects: Sequence[AspectRow]
    only_first: Sequence[Shared]
    only_second: Sequence[Shared]
    both: Sequence[Shared]


@dataclass(frozen=True, slots=True)
class Option:
    """A choice of a form."""

    link: Link
    chosen: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CompareForm:
    """The forms to choose what to compare.

    Attributes:
        functions: Functions to choose from; none where there are too many of them.
        first: Offices for the first choice.
        second: Offices for the second choice.
        contested: Functions on which sources disagree most, with the number of offices that they name.
    """

    functions: Sequence[Option]
    first: Sequence[Option]
    second: Sequence[Option]
    contested: Sequence[tuple[Link, str, int]]


def function_comparison(page: Describer) -> FunctionComparison:
    """Return what sources say of the resource of a page."""
    lead = definition(page, page.main)
    block = placements.placements(page)
    rows = [row for row in block.rows if row.office and _is(row.function, page.iri)] if block else []
    outcomes = [usual for usual in block.usual if _is(usual.function, page.iri)] if block else []
    named = {row.office.link.iri: row.office for row in rows if row.office}
    offices = sorted(named.values(), key=office_order)
    found = {row.segment.iri if row.segment else "": row.segment for row in rows}
    segments = sorted(found.values(), key=_segment_order)
    by_segment = [_segment_row(segment, offices, rows, outcomes) for segment in segments]
    return FunctionComparison(
        function=page.terms.link(page.iri),
        definition=lead,
        offices=offices,
        segments=by_segment,
        sources=_source_rows(segments, rows),
        overall=next((usual for usual in outcomes if usual.segment is None), None),
        disagreements=sum(1 for row in by_segment if row.disagree),
    )


def _is(link: Link | None, iri: str) -> bool:
    return link is not None and link.iri == iri


def _segment_order(segment: Link | None) -> tuple[bool, str]:
    return (segment is not None, segment.text.value.casefold() if segment else "")


def _iri(link: Link | None) -> str | None:
    return link.iri if link else None


def _segment_row(
    segment: Link | None, offices: Sequence[Office], rows: Sequence[PlacementRow], outcomes: Sequence[UsualOffice]
) -> SegmentRow:
    own = [row for row in rows if _iri(row.segment) == _iri(segment)]
    cells = [
        [
            Voice(source.link, source.reliability, row.remarks, row.link)
            for row in own
            if row.office and row.office.link.iri == office.link.iri
            for source in row.sources
        ]
        for office in offices
    ]
    usual = next((u for u in outcomes if segment is not None and _iri(u.segment) == segment.iri), None)
    return SegmentRow(segment, cells, usual)


def _source_rows(segments: Sequence[Link | None], rows: Sequence[PlacementRow]) -> list[SourceRow]:
    """Return the sources by name, each with what it says of each segment."""
    said: dict[str, dict[str | None, list[Naming]]] = {}
    views = {}
    for row in rows:
        for source in row.sources:
            views[source.link.iri] = source
            if row.office:
                naming = Naming(row.office, bool(row.remarks), row.link)
                said.setdefault(source.link.iri, {}).setdefault(_iri(row.segment), []).append(naming)
    return [
        SourceRow(views[iri].link, views[iri].reliability, [said[iri].get(_iri(segment), []) for segment in segments])
        for iri in sorted(said, key=lambda iri: (views[iri].link.text.value.casefold(), iri))
    ]


def office_comparison(first: Describer, second: Describer, all_assignments: Iterable[Assignment]) -> OfficeComparison:
    """Return how two offices differ.

    Args:
        first: The document of the one.
        second: The document of the other.
        all_assignments: All assignments: those of sources count; those of the rule where there are no others.
    """
    terms = first.terms
    known = [a for a in all_assignments if a.office in (first.iri, second.iri)]
    stated = [a for a in known if not a.usual] or known
    by_function: dict[str, dict[str, dict[str | None, dict[str, None]]]] = {}
    for assignment in stated:
        if assignment.office is not None:
            segments = by_function.setdefault(assignment.function, {}).setdefault(assignment.office, {})
            segments.setdefault(assignment.segment, {}).update(dict.fromkeys(assignment.sources))
    shared = sorted(
        (_shared(terms, function, said, first.iri, second.iri) for function, said in by_function.items()),
        key=lambda item: (item.function.text.value.casefold(), item.function.iri),
    )
    return OfficeComparison(
        first=office_of(terms, first.iri),
        second=office_of(terms, second.iri),
        definitions=(definition(first, first.main), definition(second, second.main)),
        relations=_relations(first, second),
        aspects=_aspects(first, second),
        only_first=[item for item in shared if not item.second],
        only_second=[item for item in shared if not item.first],
        both=[item for item in shared if item.first and item.second],
    )


def _shared(
    terms: Terms, function: str, said: dict[str, dict[str | None, dict[str, None]]], first: str, second: str
) -> Shared:
    def places(office: str, other: str) -> list[InOffice]:
        found = [
            InOffice(
                terms.link(segment) if segment else None,
                [terms.link(source) for source in sources],
                segment in said.get(other, {}),
            )
            for segment, sources in said.get(office, {}).items()
        ]
        return sorted(found, key=lambda place: (not place.both, *_segment_order(place.segment)))

    href = terms.site.url(address(PATH, concept=function))
    return Shared(terms.link(function), href, places(first, second), places(second, first))


def _relations(first: Describer, second: Describer) -> list[Relation]:
    """Return what is stated between two offices, each with the claims that state it."""
    directions: dict[str, dict[str, None]] = {}
    claims: dict[str, dict[str, Link]] = {}
    sources: dict[str, dict[str, Link]] = {}
    for one, other in ((first, second), (second, first)):
        for predicate, objects in one.statements.of(one.main).items():
            if predicate in one.ofo and other.main in objects:
                directions.setdefault(predicate.value, {})[one.iri] = None
    for subject, predicate_iri, claim, cited in _claims_between(first, second):
        directions.setdefault(predicate_iri, {})[subject] = None
        claims.setdefault(predicate_iri, {})[claim.iri] = claim
        sources.setdefault(predicate_iri, {}).update((source.iri, source) for source in cited)
    found = []
    for predicate_iri in sorted(directions):
        begins = next(iter(directions[predicate_iri]))
        ends = second.iri if begins == first.iri else first.iri
        found.append(
            Relation(
                first.terms.link(begins),
                first.terms.property(NamedNode(predicate_iri)),
                first.terms.link(ends),
                len(directions[predicate_iri]) > 1,
                list(claims.get(predicate_iri, {}).values()),
                list(sources.get(predicate_iri, {}).values()),
            )
        )
    return found


def _claims_between(first: Describer, second: Describer) -> list[tuple[str, str, Link, list[Link]]]:
    """Return the claims that relate one office to the other: subject, property, claim and its sources."""
    nodes = [
        node
        for page in (first, second)
        for node in page.statements.subjects_of(page.main, RDF.subject, RDF.object)
        if isinstance(node, NamedNode)
    ]
    found = []
    for node in list(dict.fromkeys(nodes))[:CLAIMS_READ]:
        told = Statements(first.site.statements(node.value))
        ends = [told.nodes(node, RDF.subject)[:1], told.nodes(node, RDF.object)[:1]]
        predicate = next((p for p in told.nodes(node, RDF.predicate) if isinstance(p, NamedNode)), None)
        if predicate is None or {e for end in ends for e in end} != {first.main, second.main}:
            continue
        cited = told.nodes(node, PROV.hadPrimarySource, CITO.citesAsEvidence, DCTERMS.source)
        sources = [first.terms.link(source.value) for source in cited if isinstance(source, NamedNode)]
        found.append((ends[0][0].value, predicate.value, first.terms.link(node.value), sources))
    return found


def _aspects(first: Describer, second: Describer) -> list[AspectRow]:
    """Return what is said of two offices by the respect in which it is said, what both have first."""
    sides: list[dict[str, list[Said]]] = []
    aspects: dict[str, Link | None] = {}
    for page in (first, second):
        said: dict[str, list[Said]] = {}
        block = placements.claims(page)
        for row in block.rows if block else ():
            aspect = next((value for value in row.aspects if isinstance(value, Link)), None)
            key = aspect.iri if aspect else ""
            aspects[key] = aspect
            said.setdefault(key, []).append(Said(row.link, row.answers, row.sources))
        sides.append(said)
    one, other = sides
    rows = [AspectRow(aspect, one.get(key, []), other.get(key, [])) for key, aspect in aspects.items()]
    return sorted(
        rows,
        key=lambda row: (not (row.first and row.second), row.aspect.text.value.casefold() if row.aspect else "\uffff"),
    )


def compare_form(
    site: Site,
    languages: Sequence[str],
    all_assignments: Iterable[Assignment],
    *,
    concept: str | None = None,
    offices: Sequence[str] = (),
) -> CompareForm:
    """Return the forms to choose what to compare.

    Args:
        site: The site.
        languages: Languages of the reader, best first.
        all_assignments: All assignments.
        concept: The function that is shown.
        offices: The two offices that are shown.
    """
    terms = Terms(site, languages, site.labels)
    named: dict[str, dict[str, None]] = {}
    all_offices: dict[str, None] = {}
    for assignment in all_assignments:
        if assignment.office is not None:
            all_offices[assignment.office] = None
            if not assignment.usual:
                named.setdefault(assignment.function, {})[assignment.office] = None
    functions = sorted((terms.link(iri) for iri in named), key=lambda link: (link.text.value.casefold(), link.iri))
    choices = sorted((office_of(terms, iri) for iri in all_offices), key=office_order)
    chosen = [*offices, *(o.link.iri for o in choices if o.link.iri not in offices)][:2]
    contested = [
        (link, site.url(address(PATH, concept=link.iri)), len(named[link.iri]))
        for link in functions
        if len(named[link.iri]) > 1
    ]
    contested.sort(key=lambda item: -item[2])
    return CompareForm(
        functions=[Option(link, link.iri == concept) for link in functions] if len(functions) <= CHOICES else [],
        first=[Option(o.link, o.link.iri in chosen[:1]) for o in choices],
        second=[Option(o.link, o.link.iri in chosen[1:]) for o in choices],
        contested=contested[:LISTED],
    )


def render_compare(
    site: Site,
    form: CompareForm,
    *,
    function: FunctionComparison | None = None,
    offices: OfficeComparison | None = None,
    canonical: str,
) -> str:
    """Return the page of a comparison, or of the forms where there is none."""
    title = _("Compare")
    if function is not None:
        title = _("Compare: %(name)s") % {"name": function.function.text.short}
    elif offices is not None:
        title = _("Compare: %(first)s and %(second)s") % {
            "first": offices.first.link.text.short,
            "second": offices.second.link.text.short,
        }
    return render(
        "compare.html", site=site, form=form, function=function, offices=offices, title=title, canonical=canonical,
        action=site.url(PATH), limit=LISTED,
    )  # fmt: skip
