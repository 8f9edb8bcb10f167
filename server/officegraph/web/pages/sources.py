"""The page that lists all sources, the most reliable first."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pyoxigraph import NamedNode

from officegraph.model.namespaces import DCTERMS, SCHEMA
from officegraph.web.pages.blocks import Office
from officegraph.web.pages.concept import definition
from officegraph.web.pages.environment import render
from officegraph.web.pages.placements import RELIABILITY, office
from officegraph.web.pages.site import Site
from officegraph.web.pages.subject import Describer
from officegraph.web.pages.terms import Link, Text


@dataclass(frozen=True, slots=True)
class SourceRow:
    """A source in the list.

    Attributes:
        link: The source.
        kind: What kind of text it is.
        publisher: Who published it.
        date: When.
        placements: How many placements it has.
        offices: How many of them name each office.
        agreed: On how many functions most of the others name the same office.
        shared: How many functions others place too.
    """

    link: Link
    kind: Text | None
    publisher: Link | None
    date: Text | None
    placements: int
    offices: Sequence[tuple[Office, int]]
    agreed: int
    shared: int


@dataclass(frozen=True, slots=True)
class SourceGroup:
    """Sources of one level of reliability; ``level`` is ``None`` for those without one."""

    level: Link | None
    definition: Text | None
    rows: Sequence[SourceRow]

    @property
    def anchor(self) -> str:
        """Fragment identifier of the group."""
        return f"page-{self.level.iri.rpartition('#')[2].rpartition('/')[2]}" if self.level else "page-other"


def source_groups(site: Site, names: Iterable[str], languages: Sequence[str]) -> list[SourceGroup]:
    """Return the sources ``names`` by reliability.

    Args:
        site: The site.
        names: IRIs of the sources.
        languages: Languages of the reader, best first.
    """
    evidence = site.evidence()
    groups: dict[str, list[SourceRow]] = {}
    levels: dict[str, Link] = {}
    page = Describer.of(site, site.base, (), languages)
    for iri in names:
        page = Describer.of(site, iri, site.statements(iri), languages)
        level = page.first_link(page.main, page.ofo.reliability)
        key = level.iri if level else ""
        if level is not None:
            levels[key] = level
        agreed, shared = evidence.standing(iri)
        groups.setdefault(key, []).append(
            SourceRow(
                link=page.terms.link(iri),
                kind=page.terms.best(page.statements.literals(page.main, page.ofo.sourceKind)),
                publisher=page.first_link(page.main, DCTERMS.publisher, SCHEMA.publisher),
                date=page.terms.best(page.statements.literals(page.main, DCTERMS.issued, DCTERMS.date)),
                placements=len(evidence.of(iri)),
                offices=[(office(page, NamedNode(n)), count) for n, count in evidence.offices(iri).most_common()],
                agreed=agreed,
                shared=shared,
            )
        )
    found = []
    for key, rows in groups.items():
        rows.sort(key=lambda row: (-row.placements, row.link.text.value.casefold()))
        found.append(SourceGroup(levels.get(key), _definition(site, key, languages), rows))
    return sorted(found, key=_order)


def _order(group: SourceGroup) -> tuple[int, str]:
    iri = group.level.iri if group.level else ""
    return (RELIABILITY.get(iri.rpartition("#")[2].rpartition("/")[2], len(RELIABILITY)), iri)


def _definition(site: Site, iri: str, languages: Sequence[str]) -> Text | None:
    if not iri:
        return None
    page = Describer.of(site, iri, site.statements(iri), languages)
    return definition(page, page.main)


def render_sources(site: Site, groups: Sequence[SourceGroup], canonical: str) -> str:
    """Return the page that lists the sources by reliability."""
    rows = [row for group in groups for row in group.rows]
    return render(
        "sources.html",
        site=site,
        groups=groups,
        canonical=canonical,
        total=len(rows),
        placements=sum(row.placements for row in rows),
    )
