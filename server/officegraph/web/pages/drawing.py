"""The layout of a neighbourhood graph: panels around a concept, placed by plain arithmetic.

The same neighbourhood gives the same picture. Panels above say what is broader, panels below what is narrower, on the
right stands what is related, on the left what is mapped; one line leads to each panel. Text is measured by the
classes of its characters, since a server knows no fonts, and cut where it would not fit.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from officegraph.web.pages.terms import Link, Text
from officegraph.web.pages.wording import _

BOX_HEIGHT: Final = 32
GAP: Final = 12
ROW_GAP: Final = 9
PADDING: Final = 12
TITLE_HEIGHT: Final = 26
WIDEST_BOX: Final = 236
WIDEST_COLUMN: Final = 184
TALLEST_COLUMN: Final = 8
"""Boxes of a panel beside the concept in the wide picture."""

EDGE: Final = 34
MARGIN: Final = 10
LANDSCAPE: Final = 720
PORTRAIT: Final = 350
FOCUS_HEIGHT: Final = 46
_BELOW: Final = ("narrower", "narrower-2")
_LETTER: Final = 8.3
_NARROW: Final = 5.2
_WIDE_LETTER: Final = 13.8
_NARROW_LETTERS: Final = frozenset("fijlrtI.,:;'|!()[] ")


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A concept around another.

    Attributes:
        link: The concept.
        how: In which relation it stands, in words.
        href: Where its box leads.
        external: Whether it belongs to another vocabulary.
    """

    link: Link
    how: str
    href: str | None
    external: bool = False


@dataclass(frozen=True, slots=True)
class Group:
    """Neighbours that are drawn in one panel.

    Attributes:
        kind: ``broader``, ``narrower``, ``related``, ``mapped``, ``beside``, or the first two with ``-2``.
        title: What the panel is called.
        neighbours: Those that are drawn.
        total: How many there are.
        href: Where all of them are listed.
    """

    kind: str
    title: str
    neighbours: Sequence[Neighbour]
    total: int
    href: str | None = None

    @property
    def more(self) -> int:
        """How many are not drawn."""
        return self.total - len(self.neighbours)


@dataclass(frozen=True, slots=True)
class Box:
    """A box with a label.

    Attributes:
        x: Its left side.
        y: Its top.
        width: Its width.
        label: What it shows, cut to fit.
        neighbour: What it stands for; ``None`` for the number of those that are left out.
        href: Where it leads.
    """

    x: float
    y: float
    width: float
    label: Text
    neighbour: Neighbour | None
    href: str | None

    @property
    def middle(self) -> float:
        """Where its label is centred."""
        return round(self.x + self.width / 2, 1)


@dataclass(frozen=True, slots=True)
class Panel:
    """A titled group of boxes."""

    kind: str
    title: str
    x: float
    y: float
    width: float
    height: float
    boxes: Sequence[Box]

    @property
    def middle(self) -> float:
        """Where its title is centred."""
        return round(self.x + self.width / 2, 1)


@dataclass(frozen=True, slots=True)
class Edge:
    """A line; ``kind`` is that of the panel it leads to."""

    path: str
    kind: str


@dataclass(frozen=True, slots=True)
class Focus:
    """The box in the middle."""

    x: float
    y: float
    width: float
    height: float
    label: Text

    @property
    def middle(self) -> float:
        """Where its label is centred."""
        return round(self.x + self.width / 2, 1)


@dataclass(frozen=True, slots=True)
class Drawing:
    """A picture, measured in CSS pixels."""

    width: float
    height: float
    focus: Focus
    panels: Sequence[Panel]
    edges: Sequence[Edge]


_Content = tuple[float, Text, Neighbour | None, str | None]
"""Width, label, meaning and target of a box."""


def text_width(text: str) -> float:
    """Return about how wide ``text`` is in the fonts of the pages; rather too much than too little."""
    width = 0.0
    for character in text:
        if character in _NARROW_LETTERS:
            width += _NARROW
        elif unicodedata.east_asian_width(character) in "WF":
            width += _WIDE_LETTER
        elif not unicodedata.combining(character):
            width += _LETTER * (1.35 if character.isupper() or character in "mwMW@%" else 1)
    return width


def fitted(text: Text, width: float) -> Text:
    """Return ``text`` on one line of ``width`` at most, with an ellipsis where it is cut."""
    value = " ".join(text.value.split())
    if text_width(value) <= width:
        return Text(value, text.language, text.direction, text.foreign)
    kept = ""
    room = width - _WIDE_LETTER
    for character in value:
        room -= text_width(character)
        if room < 0:
            break
        kept += character
    return Text(f"{kept.rstrip()}…", text.language, text.direction, text.foreign)


def _boxes(group: Group, widest: float) -> list[_Content]:
    """Return width, label and target of each box of a panel."""
    found: list[_Content] = []
    for neighbour in group.neighbours:
        label = fitted(neighbour.link.text, widest - 24)
        found.append((max(48, min(widest, text_width(label.value) + 24)), label, neighbour, neighbour.href))
    if group.more > 0:
        label = Text(_("and %(count)s more") % {"count": f"{group.more:,}"}, None, "ltr")
        found.append((max(48, text_width(label.value) + 24), label, None, group.href))
    return [(round(width, 1), label, neighbour, href) for width, label, neighbour, href in found]


def _rows(group: Group, room: float, widest: float) -> Panel:
    """Return a panel at the origin with its boxes in rows no wider than ``room``."""
    rows: list[list[_Content]] = [[]]
    used = 0.0
    for box in _boxes(group, min(widest, room - 2 * PADDING)):
        if rows[-1] and used + GAP + box[0] > room - 2 * PADDING:
            rows.append([])
            used = 0.0
        used += box[0] + (GAP if rows[-1] else 0)
        rows[-1].append(box)
    widths = [sum(box[0] for box in row) + GAP * (len(row) - 1) for row in rows]
    width = max(*widths, text_width(group.title)) + 2 * PADDING
    boxes = []
    y = float(TITLE_HEIGHT)
    for row, row_width in zip(rows, widths, strict=True):
        x = (width - row_width) / 2
        for box_width, label, neighbour, href in row:
            boxes.append(Box(x, y, box_width, label, neighbour, href))
            x += box_width + GAP
        y += BOX_HEIGHT + ROW_GAP
    return Panel(group.kind, group.title, 0, 0, width, y - ROW_GAP + PADDING, boxes)


def _columns(groups: Sequence[Group]) -> list[Panel]:
    """Return panels at the origin with their boxes one below the other, all of one width."""
    shown = [
        group if group.total <= TALLEST_COLUMN + 1 else replace(group, neighbours=group.neighbours[:TALLEST_COLUMN])
        for group in groups
    ]
    found = [(group, _boxes(group, WIDEST_COLUMN)) for group in shown]
    inner = max(
        (width for group, boxes in found for width in (text_width(group.title), *(b[0] for b in boxes))), default=0
    )
    return [_column(group, boxes, round(inner, 1)) for group, boxes in found]


def _column(group: Group, found: Sequence[_Content], inner: float) -> Panel:
    boxes = [
        Box(PADDING, TITLE_HEIGHT + number * (BOX_HEIGHT + ROW_GAP), inner, label, neighbour, href)
        for number, (_, label, neighbour, href) in enumerate(found)
    ]
    height = TITLE_HEIGHT + len(found) * (BOX_HEIGHT + ROW_GAP) - ROW_GAP + PADDING
    return Panel(group.kind, group.title, 0, 0, inner + 2 * PADDING, height, boxes)


def _moved(panel: Panel, x: float, y: float) -> Panel:
    boxes = [
        Box(round(b.x + x, 1), round(b.y + y, 1), round(b.width, 1), b.label, b.neighbour, b.href) for b in panel.boxes
    ]
    return Panel(
        panel.kind, panel.title, round(x, 1), round(y, 1), round(panel.width, 1), round(panel.height, 1), boxes
    )


def _focus(label: Text, room: float) -> tuple[float, Text]:
    shown = fitted(label, (room - 40) / 1.2)
    return max(90.0, text_width(shown.value) * 1.2 + 40), shown


def landscape(focus: Text, groups: Sequence[Group]) -> Drawing:
    """Return the picture for a wide container: broader above, narrower below, mapped left, related right."""
    above = [_rows(g, LANDSCAPE - 2 * MARGIN, WIDEST_BOX) for g in _of(groups, "broader-2", "broader")]
    below = [_rows(g, LANDSCAPE - 2 * MARGIN, WIDEST_BOX) for g in _of(groups, "narrower", "narrower-2")]
    left = _columns(_of(groups, "beside", "mapped"))
    right = _columns(_of(groups, "related"))
    width = LANDSCAPE
    panels: list[Panel] = []
    edges: list[Edge] = []
    middle = width / 2
    y = float(MARGIN)
    for panel in above:
        panels.append(_moved(panel, middle - panel.width / 2, y))
        y += panel.height + EDGE
    tall = max(FOCUS_HEIGHT, *(_stack_height(side) for side in (left, right)))
    beside = max((panel.width for panel in (*left, *right)), default=0)
    focus_width, label = _focus(focus, width - 2 * (MARGIN + beside + EDGE))
    centre = y + tall / 2
    box = Focus(
        round(middle - focus_width / 2, 1), round(centre - FOCUS_HEIGHT / 2, 1), round(focus_width, 1), FOCUS_HEIGHT,
        label,
    )  # fmt: skip
    bottom = box.y + box.height
    edges += _chain(panels, middle, box.y)
    for side, stack in (("left", left), ("right", right)):
        at = centre - _stack_height(stack) / 2
        for panel in stack:
            x = float(MARGIN) if side == "left" else width - MARGIN - panel.width
            moved = _moved(panel, x, at)
            panels.append(moved)
            edges.append(_across(box, moved, side))
            at += panel.height + GAP
    y += tall + EDGE
    for panel in below:
        moved = _moved(panel, middle - panel.width / 2, y)
        panels.append(moved)
        edges.append(_down(middle, bottom, moved.y, moved.kind))
        bottom = moved.y + moved.height
        y = bottom + EDGE
    return Drawing(width, round(y - EDGE + MARGIN, 1), box, panels, edges)


def portrait(focus: Text, groups: Sequence[Group]) -> Drawing:
    """Return the picture for a narrow container: all panels one below the other.

    Lines lead along the hierarchy alone, since what is related does not stand below what is narrower.
    """
    room, middle = PORTRAIT - 2 * MARGIN, PORTRAIT / 2
    panels: list[Panel] = []
    edges: list[Edge] = []
    y = float(MARGIN)
    for group in _of(groups, "broader-2", "broader"):
        panel = _rows(group, room, WIDEST_BOX)
        panels.append(_moved(panel, middle - panel.width / 2, y))
        y += panel.height + EDGE
    focus_width, label = _focus(focus, room)
    box = Focus(round(middle - focus_width / 2, 1), round(y, 1), round(focus_width, 1), FOCUS_HEIGHT, label)
    edges += _chain(panels, middle, box.y)
    bottom = y + FOCUS_HEIGHT
    y = bottom + EDGE
    for group in _of(groups, *_BELOW, "related", "mapped", "beside"):
        panel = _rows(group, room, WIDEST_BOX)
        moved = _moved(panel, middle - panel.width / 2, y)
        panels.append(moved)
        if group.kind in _BELOW:
            edges.append(_down(middle, bottom, moved.y, moved.kind))
        bottom = moved.y + moved.height
        y = bottom + EDGE
    return Drawing(PORTRAIT, round(y - EDGE + MARGIN, 1), box, panels, edges)


def _of(groups: Sequence[Group], *kinds: str) -> list[Group]:
    return [group for kind in kinds for group in groups if group.kind == kind]


def _stack_height(stack: Sequence[Panel]) -> float:
    return sum(panel.height for panel in stack) + GAP * max(0, len(stack) - 1)


def _down(x: float, start: float, end: float, kind: str) -> Edge:
    return Edge(f"M{x:g},{start:g}V{end:g}", kind)


def _chain(panels: Sequence[Panel], x: float, end: float) -> list[Edge]:
    """Return the lines from each of ``panels``, the highest first, down to the next, and from the last to ``end``."""
    tops = [*(panel.y for panel in panels[1:]), end]
    return [_down(x, panel.y + panel.height, top, panel.kind) for panel, top in zip(panels, tops, strict=False)]


def _across(box: Focus, panel: Panel, side: str) -> Edge:
    """Return the line from the box in the middle to a panel beside it."""
    start = box.x if side == "left" else box.x + box.width
    end = panel.x + panel.width if side == "left" else panel.x
    y, target = box.y + box.height / 2, panel.y + panel.height / 2
    bend = (start + end) / 2
    return Edge(f"M{start:g},{y:g}C{bend:g},{y:g} {bend:g},{target:g} {end:g},{target:g}", panel.kind)
