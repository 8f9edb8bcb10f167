"""The page of a source: what it places where, and which of the other sources agree."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from pyoxigraph import NamedNode

from officegraph.model.namespaces import DCTERMS, FOAF, PROV, SCHEMA
from officegraph.web.pages.blocks import Block, Notes
from officegraph.web.pages.placements import office
from officegraph.web.pages.terms import Row
from officegraph.web.pages.wording import _, ngettext

if TYPE_CHECKING:
    from officegraph.web.pages.blocks import Office
    from officegraph.web.pages.subject import Describer
    from officegraph.web.pages.terms import Link

PLACEMENTS_READ: Final = 260
"""Placements whose own statements a page looks up: more stay a list that leads to them."""

OTHERS_SHOWN: Final = 12


@dataclass(frozen=True, slots=True)
class OtherSource:
    """Another source, and how far it agrees."""

    link: Link
    shared: int
    same: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing(Block):
    """How a source stands among the others.

    Attributes:
        offices: How many of its placements name each office.
        placements: How many placements it has.
        agreed: On how many functions most of the others name the same office.
        shared: How many functions others place too.
        others: The sources that share most functions with it.
        more: How many more share some.
        depends: Sources that it is derived from.
        dependents: Sources that are derived from it.
    """

    offices: Sequence[tuple[Office, int]] = field(default_factory=tuple)
    placements: int = 0
    agreed: int = 0
    shared: int = 0
    others: Sequence[OtherSource] = field(default_factory=tuple)
    more: int = 0
    depends: Sequence[Link] = field(default_factory=tuple)
    dependents: Sequence[Link] = field(default_factory=tuple)


def look_up_placements(page: Describer) -> None:
    """Add the statements of the placements that name the resource as source or segment, where only labels are here."""
    ofo, statements = page.ofo, page.statements
    nodes = [
        node
        for node in statements.subjects_of(page.main, PROV.hadPrimarySource, ofo.segment)
        if isinstance(node, NamedNode) and not statements.nodes(node, ofo.function) and _is_placement(page, node)
    ]
    if len(nodes) > PLACEMENTS_READ:
        return
    wanted = (ofo.function, ofo.office, ofo.segment, ofo.extent, ofo.reading, PROV.hadPrimarySource)
    for node in nodes:
        statements.add_context(
            triple
            for triple in page.site.statements(node.value)
            if triple.subject == node and triple.predicate in wanted
        )


def facts(page: Describer) -> Notes | None:
    """Return what a source is, who published it and where it can be read; ``None`` for what is no source."""
    statements = page.statements
    if not (statements.objects(page.main, page.ofo.reliability) or statements.objects(page.main, page.ofo.sourceKind)):
        return None
    shown = (
        page.ofo.sourceKind, page.ofo.reliability, DCTERMS.publisher, DCTERMS.creator, DCTERMS.issued, DCTERMS.date,
        SCHEMA.url, FOAF.page, page.ofo.segment,
    )  # fmt: skip
    rows = []
    for predicate in shown:
        terms = statements.take(page.main, predicate)
        if terms:
            rows.append(Row(page.terms.property(predicate), page.views(terms)))
    return Notes(id="page-facts", title=_("The source"), template="notes", rows=rows)


def _is_placement(page: Describer, node: NamedNode) -> bool:
    start = f"{page.site.base}placement/"
    return node.value.startswith(start) and not node.value.startswith(f"{start}usual/")


def standing(page: Describer) -> Standing | None:
    """Return how the source of the page stands among the others, or ``None`` where it places nothing."""
    evidence = page.site.evidence()
    placings = evidence.of(page.iri)
    if not placings:
        return None
    agreed, shared = evidence.standing(page.iri)
    agreements = evidence.agreements(page.iri)
    counts = evidence.offices(page.iri)
    statements = page.statements
    return Standing(
        id="page-standing",
        title=_("Among the sources"),
        template="standing",
        count=ngettext("%d placement", "%d placements", len(placings)) % len(placings),
        offices=[(office(page, NamedNode(iri)), number) for iri, number in counts.most_common()],
        placements=len(placings),
        agreed=agreed,
        shared=shared,
        others=[OtherSource(page.terms.link(a.other), a.shared, a.same) for a in agreements[:OTHERS_SHOWN]],
        more=max(0, len(agreements) - OTHERS_SHOWN),
        depends=[page.link(node) for node in statements.nodes(page.main, PROV.wasDerivedFrom)],
        dependents=[
            page.link(node)
            for node in statements.subjects_of(page.main, PROV.wasDerivedFrom)
            if isinstance(node, NamedNode) and evidence.of(node.value)
        ],
    )
