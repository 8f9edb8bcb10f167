"""Placements of one function, by segment: what the rule finds in each, and what the sources say."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from officegraph.web.pages.blocks import Office, PlacementRow, Placements, UsualOffice
from officegraph.web.pages.terms import Link

FEW: Final = 12
"""Placements up to which one table shows them all."""


@dataclass(frozen=True, slots=True)
class SegmentEvidence:
    """What is said for one segment.

    Attributes:
        segment: The segment; ``None`` for placements that name none.
        usual: What the published rule finds.
        offices: How many placements name each office.
        rows: The placements.
        open: Whether the rows are in view at first.
    """

    segment: Link | None
    usual: UsualOffice | None
    offices: Sequence[tuple[Office, int]]
    rows: Sequence[PlacementRow]
    open: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupedPlacements(Placements):
    """Placements of one function, by segment.

    Attributes:
        overall: What the published rule finds over all segments.
        groups: The segments.
    """

    overall: UsualOffice | None = None
    groups: Sequence[SegmentEvidence] = ()


def grouped(block: Placements | None) -> Placements | None:
    """Return ``block`` by segment where it is long and all about one function; else as it is.

    Segments in which sources disagree are open at first: they are what a reader has to see.
    """
    if block is None or len(block.rows) <= FEW or "function" in block.columns or "segment" not in block.columns:
        return block
    usual = {view.segment.iri if view.segment else "": view for view in block.usual}
    rows: dict[str, list[PlacementRow]] = {}
    links: dict[str, Link | None] = {}
    for row in block.rows:
        key = row.segment.iri if row.segment else ""
        rows.setdefault(key, []).append(row)
        links[key] = row.segment
    for key, view in usual.items():
        if key and key not in rows:
            rows[key] = []
            links[key] = view.segment
    groups = [_group(links[key], usual.get(key) if key else None, found) for key, found in rows.items()]
    groups.sort(key=lambda group: group.segment.text.value.casefold() if group.segment else "")
    return GroupedPlacements(
        id=block.id,
        title=block.title,
        short=block.short,
        template="evidence",
        count=block.count,
        query=block.query,
        rows=block.rows,
        usual=block.usual,
        columns=block.columns - {"segment"},
        overall=usual.get(""),
        groups=groups,
    )


def _group(segment: Link | None, usual: UsualOffice | None, rows: list[PlacementRow]) -> SegmentEvidence:
    counts: dict[str, int] = {}
    offices: dict[str, Office] = {}
    for row in rows:
        if row.office is not None:
            offices[row.office.link.iri] = row.office
            counts[row.office.link.iri] = counts.get(row.office.link.iri, 0) + 1
    ordered = [(offices[iri], counts[iri]) for iri in sorted(counts, key=lambda iri: -counts[iri])]
    return SegmentEvidence(segment, usual, ordered, rows, open=len(ordered) > 1)
