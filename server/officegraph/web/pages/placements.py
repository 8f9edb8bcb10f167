"""Which office, according to whom: placements, what they come to, and claims about a concept."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import Final

from pyoxigraph import Literal, NamedNode

from officegraph.model.dataset import Subject
from officegraph.model.namespaces import CITO, DCTERMS, PROV, RDF, RDFS, SCHEMA, SKOS
from officegraph.web.pages.blocks import (
    Claim,
    Claims,
    Office,
    PlacementRow,
    Placements,
    Share,
    SourceView,
    UsualOffice,
    Verdict,
)
from officegraph.web.pages.subject import Describer
from officegraph.web.pages.terms import Link, Text
from officegraph.web.pages.wording import _, counted, number

STYLES: Final = {
    "front-office": "front",
    "middle-office": "middle",
    "back-office": "back",
    "independent-assurance": "assurance",
}
"""Last part of the IRI of an office, and its colour and shape."""

_ORDER: Final = {style: position for position, style in enumerate(STYLES.values())}
RELIABILITY: Final = {"founding": 0, "high": 1, "medium": 2, "low": 3}
"""Levels of reliability, by the last part of their IRIs, and their order."""

SOURCES_READ: Final = 60
"""Sources whose own statements a page looks up, so that one page stays one bounded piece of work."""


def office(page: Describer, node: Subject) -> Office:
    """Return ``node`` as an office."""
    link = page.link(node)
    return Office(link, STYLES.get(link.iri.rstrip("/").rpartition("/")[2], ""))


def _office_order(view: Office | None) -> tuple[int, str]:
    if view is None:
        return (len(_ORDER) + 1, "")
    return (_ORDER.get(view.style, len(_ORDER)), view.link.text.value)


def _nodes(page: Describer) -> list[Subject]:
    """Return the nodes that assign an office and that this document describes."""
    ofo = page.ofo
    found = page.statements.subjects_of(page.main, ofo.function, ofo.office, ofo.segment, PROV.hadPrimarySource)
    own = [page.main] if page.statements.nodes(page.main, ofo.function) else []
    return [node for node in dict.fromkeys([*own, *found]) if page.statements.nodes(node, ofo.function)]


def _first(page: Describer, node: Subject, predicate: NamedNode) -> Link | None:
    return page.first_link(node, predicate)


def _source(page: Describer, node: Subject) -> SourceView:
    statements = page.statements
    details: list[Text] = []
    for predicates in (
        (DCTERMS.publisher, SCHEMA.publisher),
        (DCTERMS.issued, DCTERMS.date, SCHEMA.datePublished),
    ):
        text = page.terms.best(statements.literals(node, *predicates))
        if text is not None:
            details.append(text)
    publisher = _first(page, node, DCTERMS.publisher) or _first(page, node, SCHEMA.publisher)
    view = SourceView(page.link(node), details, _first(page, node, page.ofo.reliability), publisher)
    # Titles often end with the name of the publisher, and need not say it twice.
    named = publisher is not None and publisher.text.value.casefold() in view.link.text.value.casefold()
    return replace(view, publisher=None) if named else view


def _sources_of(page: Describer, node: Subject) -> list[Subject]:
    return page.statements.nodes(node, PROV.hadPrimarySource, CITO.citesAsEvidence, DCTERMS.source)


def _look_up_sources(page: Describer, nodes: list[Subject]) -> None:
    """Add the statements about the cited sources, where this document has only their labels."""
    wanted = dict.fromkeys(s for node in nodes for s in _sources_of(page, node) if isinstance(s, NamedNode))
    for source in list(wanted)[:SOURCES_READ]:
        if source != page.main and not page.statements.described(source):
            shown = (DCTERMS.publisher, DCTERMS.issued, page.ofo.reliability, *_NAMES)
            page.statements.add_context(
                triple
                for triple in page.site.statements(source.value)
                if triple.subject == source and triple.predicate in shown
            )


QUOTATIONS: Final = (PROV.value, RDF.value, SCHEMA.text, NamedNode("http://www.w3.org/ns/oa#exact"))
"""Properties of a placement that give the words of its source."""

PLACES: Final = (
    SCHEMA.pagination,
    DCTERMS.bibliographicCitation,
    NamedNode("http://purl.org/ontology/bibo/locator"),
    NamedNode("http://purl.org/ontology/bibo/pages"),
)
"""Properties of a placement that say where in its source the words are."""

_NAMES: Final = (SKOS.prefLabel, RDFS.label, DCTERMS.title)


def _reliability_order(view: SourceView) -> int:
    iri = view.reliability.iri if view.reliability else ""
    return RELIABILITY.get(iri.rpartition("#")[2].rpartition("/")[2], len(RELIABILITY))


def _row(page: Describer, node: Subject) -> PlacementRow:
    ofo, statements = page.ofo, page.statements
    places = statements.nodes(node, ofo.office)
    sources = sorted(
        (_source(page, source) for source in _sources_of(page, node)),
        key=lambda view: view.link.text.value.casefold(),
    )
    remarks: list[Link | Text] = [page.link(n) for n in statements.nodes(node, ofo.extent, ofo.reading)]
    remarks = [remark for remark in remarks if not remark_is_plain(remark)]
    remarks += page.texts(statements.literals(node, SKOS.note, SKOS.editorialNote, SKOS.scopeNote, RDFS.comment))
    return PlacementRow(
        link=page.link(node) if isinstance(node, NamedNode) else None,
        function=_first(page, node, ofo.function),
        office=office(page, places[0]) if places else None,
        segment=_first(page, node, ofo.segment),
        sources=sources,
        remarks=remarks,
        quotations=page.texts(statements.literals(node, *QUOTATIONS)),
        places=page.texts(statements.literals(node, *PLACES)),
    )


def remark_is_plain(remark: Link | Text) -> bool:
    """Return whether a remark only says that the source names the office in so many words."""
    return isinstance(remark, Link) and remark.iri.endswith(("#officeNamed", "#all"))


def _usual(page: Describer, node: Subject) -> UsualOffice:
    ofo, statements = page.ofo, page.statements
    places = statements.nodes(node, ofo.office)
    contested = any(literal.value in ("true", "1") for literal in statements.literals(node, ofo.contested))
    votes = [literal.value for p in (ofo.votesFor, ofo.votesAgainst) for literal in statements.literals(node, p)[:1]]
    return UsualOffice(
        link=page.link(node) if isinstance(node, NamedNode) else None,
        function=_first(page, node, ofo.function),
        segment=_first(page, node, ofo.segment),
        office=office(page, places[0]) if places else None,
        contested=contested,
        votes=" : ".join(votes) if len(votes) == 2 else "",
        basis=_first(page, node, ofo.basis),
    )


_SHOWN: Final = (
    "function",
    "office",
    "segment",
    "extent",
    "reading",
    "contested",
    "votesFor",
    "votesAgainst",
    "basis",
)


def _take(page: Describer, node: Subject) -> None:
    """Mark what the table shows of ``node``, and the provenance that repeats for each row."""
    if node == page.main:
        return
    shown = [page.ofo[name] for name in _SHOWN]
    page.statements.take(node, *shown, RDF.type, PROV.hadPrimarySource, CITO.citesAsEvidence, DCTERMS.source)
    page.statements.take(node, PROV.wasGeneratedBy, PROV.wasAttributedTo, PROV.wasDerivedFrom)
    page.statements.take(node, SKOS.note, SKOS.editorialNote, SKOS.scopeNote, RDFS.comment, *_NAMES)
    page.statements.take(node, *QUOTATIONS, *PLACES)


def placements(page: Describer) -> Placements | None:
    """Return the placements that concern the resource, or ``None`` where there are none.

    The page may be that of a function, a segment or a source: the column that would say the same in each row is
    left out.
    """
    ofo = page.ofo
    nodes = [node for node in _nodes(page) if node != page.main]
    usual_type = ofo.UsualPlacement.value
    derived = [node for node in nodes if usual_type in page.statements.types(node)]
    known = set(derived)
    claims = [node for node in nodes if node not in known]
    if not claims and not derived:
        return None
    _look_up_sources(page, claims)
    rows = sorted((_row(page, node) for node in claims), key=_row_order)
    usual = sorted((_usual(page, node) for node in derived), key=_usual_order)
    for node in nodes:
        _take(page, node)
    for predicate in list(page.statements.of(page.main)):
        if predicate.value.startswith(ofo.usualOffice.value):
            page.statements.take(page.main, predicate)
    columns = {
        name
        for name in ("function", "segment")
        if len({getattr(row, name).iri for row in [*rows, *usual] if getattr(row, name)}) > 1
        or any(getattr(row, name) and getattr(row, name).iri != page.iri for row in [*rows, *usual])
    }
    if any(not row.sources or row.sources[0].link.iri != page.iri for row in rows):
        columns.add("source")
    if any(row.remarks for row in rows):
        columns.add("remarks")
    if any(row.quotations or row.places for row in rows):
        columns.add("words")
    sources = {view.link.iri for row in rows for view in row.sources}
    count = number(len(rows))
    if "source" in columns:
        count = counted("%(number)s source", "%(number)s sources", len(sources))
    return Placements(
        id="page-placements",
        title=_("Which office, according to whom"),
        short=_("Which office"),
        template="placements",
        count=count if rows else "",
        rows=rows,
        usual=usual,
        columns=frozenset(columns),
    )


def _row_order(row: PlacementRow) -> tuple[str, str, tuple[int, str], int, str]:
    source = row.sources[0] if row.sources else None
    return (
        row.segment.text.value.casefold() if row.segment else "",
        row.function.text.value.casefold() if row.function else "",
        _office_order(row.office),
        _reliability_order(source) if source else len(RELIABILITY),
        source.link.text.value.casefold() if source else "",
    )


def _usual_order(view: UsualOffice) -> tuple[bool, str, str]:
    return (
        view.segment is not None,
        view.segment.text.value.casefold() if view.segment else "",
        view.function.text.value.casefold() if view.function else "",
    )


def verdict(page: Describer, block: Placements | None) -> Verdict | None:
    """Return what the placements of a function come to: how many sources name which office.

    A source counts once for each office that it names. One office leads if more than half of the sources name it;
    else the sources disagree. Nothing is weighed here: the rule that weighs has its own table.
    """
    if block is None:
        return None
    votes: dict[str, set[str]] = {}
    offices: dict[str, Office] = {}
    for row in block.rows:
        if row.office is None or row.function is None or row.function.iri != page.iri:
            continue
        offices[row.office.link.iri] = row.office
        votes.setdefault(row.office.link.iri, set()).update(view.link.iri for view in row.sources)
    counts = Counter({iri: len(sources) for iri, sources in votes.items() if sources})
    if not counts:
        return None
    total = len(set().union(*votes.values()))
    leading = min(counts, key=lambda iri: (-counts[iri], _office_order(offices[iri])))
    most = counts[leading]
    all_votes = sum(counts.values())
    shares = []
    start = 0.0
    for iri in sorted(counts, key=lambda iri: _office_order(offices[iri])):
        width = round(100 * counts[iri] / all_votes, 2)
        shares.append(Share(offices[iri], counts[iri], round(start, 2), width))
        start += width
    return Verdict(most * 2 > total, most, total, offices[leading], shares)


def claims(page: Describer) -> Claims | None:
    """Return what sources say about the resource beyond placing it."""
    statements, ofo = page.statements, page.ofo
    nodes = [
        node
        for node in statements.subjects_of(page.main, ofo.about)
        if statements.literals(node, RDF.value, SKOS.note, DCTERMS.description, SKOS.definition)
        or statements.nodes(node, RDF.predicate)
    ]
    if not nodes:
        return None
    rows = []
    for node in nodes:
        answers = statements.take(node, RDF.value)
        words = statements.take(node, SKOS.note, DCTERMS.description, SKOS.definition, RDFS.comment)
        aspects = statements.take(node, ofo.aspect)
        relation = statements.take(node, RDF.predicate)
        objects = statements.take(node, RDF.object)
        sources = [page.link(n) for n in _sources_of(page, node)]
        statements.take(node, ofo.about, RDF.type, RDF.subject, PROV.hadPrimarySource, CITO.citesAsEvidence, *_NAMES)
        rows.append(
            Claim(
                link=page.link(node) if isinstance(node, NamedNode) else None,
                aspects=page.views(aspects),
                relation=[page.terms.property(n) for n in relation if isinstance(n, NamedNode)],
                objects=page.views(objects),
                answers=page.views(answers),
                words=page.texts(t for t in words if isinstance(t, Literal)),
                sources=sources,
            )
        )
    rows.sort(key=lambda row: (_name(row), row.link.iri if row.link else ""))
    return Claims(id="page-claims", title=_("What sources say"), template="claims", count=number(len(rows)), rows=rows)


def _name(row: Claim) -> str:
    first = row.aspects[0] if row.aspects else row.relation[0] if row.relation else None
    return first.text.value.casefold() if isinstance(first, Link) else ""
