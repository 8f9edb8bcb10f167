"""The concepts of a vocabulary from the top: trees that end where they have grown, and the list of schemes."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import urlencode

from officegraph.web.pages.environment import render
from officegraph.web.pages.placements import STYLES
from officegraph.web.pages.site import Site
from officegraph.web.pages.terms import Link, Terms, Text
from officegraph.web.pages.wording import _

TREE_BUDGET: Final = 800
"""Concepts that one tree shows."""

LEVEL_SIZE: Final = 60
"""Concepts that are shown below one that is not the subject of the page."""

PAGE_SIZE: Final = 200
"""Concepts of the first level on one page."""

DEEPEST: Final = 12
"""Levels of a tree on one page."""

NO_SCHEME: Final = "none"
"""Stands for the concepts that are in no scheme."""

OPENED: Final = 40
"""A tree with no more concepts than this is shown unfolded."""


@dataclass(frozen=True, slots=True)
class OfficeMark:
    """The usual office of a concept.

    Attributes:
        name: What it is called.
        style: Its colour and shape.
    """

    name: Text
    style: str


@dataclass(slots=True)
class Branch:
    """A concept in a tree.

    Attributes:
        link: The concept.
        below: How many concepts are directly below it.
        children: Those of them that are shown.
        href: Where all that is below it is shown, if some of it is not shown here.
        several: Whether it has more than one broader concept, so that it is in the tree more than once.
        again: Whether it is above itself here: the hierarchy leads round in a circle.
        mark: Its usual office.
    """

    link: Link
    below: int = 0
    children: list[Branch] = field(default_factory=list)
    href: str | None = None
    several: bool = False
    again: bool = False
    mark: OfficeMark | None = None

    @property
    def more(self) -> int:
        """How many concepts directly below it are not shown."""
        return 0 if self.again else self.below - len(self.children)


@dataclass(frozen=True, slots=True)
class Pager:
    """The place of a page among those of a long list.

    Attributes:
        number: Number of the page, from 1.
        pages: How many there are.
        total: How long the list is.
        previous: Address of the page before.
        following: Address of the page after.
    """

    number: int
    pages: int
    total: int
    previous: str | None
    following: str | None


@dataclass(frozen=True, slots=True)
class Tab:
    """A way to browse."""

    title: str
    href: str
    current: bool


@dataclass(frozen=True, slots=True)
class SchemeChoice:
    """A scheme that can be browsed.

    Attributes:
        link: The scheme itself.
        href: Where its tree is.
        concepts: How many concepts it has.
        current: Whether it is the one that is shown.
        definition: What it holds.
        letters: Where its concepts are listed by alphabet.
    """

    link: Link | None
    href: str
    concepts: int
    current: bool = False
    definition: Text | None = None
    letters: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TreePage:
    """What the page of a tree shows.

    Attributes:
        subject: The scheme or concept whose tree it is; ``None`` for concepts without a scheme.
        is_branch: Whether the subject is a concept.
        above: What is directly above that concept.
        items: The first level.
        unfolded: Whether all of it is shown unfolded.
        fold: Address of the same page folded, or unfolded.
        pager: The place of the page in a long first level.
        schemes: All schemes.
        circles: Concepts that lead round in a circle.
        several: Whether a concept of it has more than one broader concept.
        marks: Usual offices that the tree marks, for the legend.
    """

    subject: Link | None
    is_branch: bool
    above: Sequence[Link]
    items: Sequence[Branch]
    unfolded: bool
    fold: str
    pager: Pager
    schemes: Sequence[SchemeChoice]
    circles: Sequence[Sequence[Link]]
    several: bool
    marks: Sequence[OfficeMark]


def address(path: str, **parameters: str | int | None) -> str:
    """Return the address of a page with the parameters that have a value."""
    given = {name: value for name, value in parameters.items() if value is not None}
    return f"{path}?{urlencode(given)}" if given else path


def pager(site: Site, path: str, number: int, size: int, total: int, **parameters: str | None) -> Pager:
    """Return the place of page ``number`` in a list of ``total``, with ``size`` on each page."""
    pages = max(1, -(-total // size))

    def at(page: int) -> str | None:
        if not 1 <= page <= pages:
            return None
        return site.url(address(path, **parameters, page=page if page > 1 else None))

    return Pager(number, pages, total, at(number - 1), at(number + 1))


def tabs(site: Site, current: str, *, offices: bool) -> list[Tab]:
    """Return the ways to browse; ``current`` is the path of the one that is shown."""
    ways = [
        (_("By kind of work") if offices else _("By hierarchy"), "/browse"),
        *([(_("By office"), "/browse/offices")] if offices else []),
        (_("A to Z"), "/browse/alphabetical"),
        (_("Schemes"), "/browse/schemes"),
    ]
    return [Tab(title, site.url(path), path == current) for title, path in ways]


class Grower:
    """Grows trees level by level, so that what is cut off where the tree is large enough lies deep.

    Args:
        site: The site.
        terms: Makes the links.
        several: Concepts with more than one broader concept.
        marks: Usual office of a concept.
    """

    def __init__(
        self,
        site: Site,
        terms: Terms,
        several: frozenset[str],
        marks: Callable[[str], OfficeMark | None],
    ) -> None:
        self._site = site
        self._terms = terms
        self._several = several
        self._marks = marks

    def branch(self, iri: str) -> Branch:
        """Return a concept without what is below it."""
        below = dict.fromkeys(self._site.children(iri))
        return Branch(
            self._terms.link(iri),
            below=len(below),
            href=self._site.url(address("/browse", branch=iri)) if below else None,
            several=iri in self._several,
            mark=self._marks(iri),
        )

    def grow(self, tops: Sequence[str], above: Sequence[str] = (), budget: int = TREE_BUDGET) -> list[Branch]:
        """Return the trees below ``tops``.

        A concept that is above itself is shown once more, marked, and not followed.

        Args:
            tops: The first level, all of which is shown.
            above: What the trees stand below.
            budget: How many concepts may be shown; the first level always is.
        """
        found = [self.branch(iri) for iri in tops]
        budget -= len(found)
        waiting = deque((item, (*above, item.link.iri)) for item in found)
        for item in found:
            item.again = item.link.iri in above
        while waiting and budget > 0:
            item, path = waiting.popleft()
            if not item.below or item.again or len(path) >= DEEPEST + len(above):
                continue
            for iri in list(dict.fromkeys(self._site.children(item.link.iri)))[: min(LEVEL_SIZE, budget)]:
                child = self.branch(iri)
                child.again = iri in path
                item.children.append(child)
                budget -= 1
                waiting.append((child, (*path, iri)))
        return found


def _no_mark(_iri: str) -> OfficeMark | None:
    return None


def tree_page(
    site: Site,
    languages: Sequence[str],
    *,
    scheme: str | None = None,
    branch: str | None = None,
    tops: Sequence[str],
    schemes: Mapping[str, int],
    without_scheme: int = 0,
    circles: Sequence[Sequence[str]] = (),
    several: frozenset[str] = frozenset(),
    marks: Callable[[str], OfficeMark | None] = _no_mark,
    page: int = 1,
    unfold: bool | None = None,
) -> TreePage:
    """Return what the page of a tree shows.

    Args:
        site: The site.
        languages: Languages of the reader, best first.
        scheme: The scheme, if its tree is shown.
        branch: The concept, if what is below it is shown.
        tops: The first level of the tree.
        schemes: How many concepts each scheme has.
        without_scheme: How many concepts a tree of what is in no scheme begins with.
        circles: Concepts that lead round in a circle.
        several: Concepts with more than one broader concept.
        marks: Usual office of a concept.
        page: Which part of a long first level to show, from 1.
        unfold: Whether to show all of it unfolded; as long as it is small where ``None``.
    """
    terms = Terms(site, languages, site.labels)
    subject = branch or (scheme if scheme != NO_SCHEME else None)
    shown = tops[(page - 1) * PAGE_SIZE : page * PAGE_SIZE]
    items = Grower(site, terms, several, marks).grow(shown, (branch,) if branch else ())
    everything = list(_all(items))
    unfolded = len(everything) <= OPENED if unfold is None else unfold
    own = {"branch": branch, "scheme": scheme if branch is None else None}
    fold = address("/browse", **own, page=page if page > 1 else None, open="0" if unfolded else "1")
    used = {item.mark.style: item.mark for item in everything if item.mark is not None}
    return TreePage(
        subject=terms.link(subject) if subject else None,
        is_branch=branch is not None,
        above=[terms.link(iri) for iri in dict.fromkeys(site.parents(branch))] if branch else [],
        items=items,
        unfolded=unfolded,
        fold=site.url(fold),
        pager=pager(site, "/browse", page, PAGE_SIZE, len(tops), **own),
        schemes=scheme_choices(site, terms, schemes, scheme, without_scheme),
        circles=[[terms.link(iri) for iri in circle[:PAGE_SIZE]] for circle in circles],
        several=any(item.several for item in everything),
        marks=[used[style] for style in (*STYLES.values(), "") if style in used],
    )


def _all(items: Sequence[Branch]) -> Sequence[Branch]:
    found = list(items)
    for item in found:
        found += item.children
    return found


def scheme_choices(
    site: Site, terms: Terms, schemes: Mapping[str, int], current: str | None, without_scheme: int = 0
) -> list[SchemeChoice]:
    """Return the schemes that can be browsed, those with most concepts first."""
    found = [
        SchemeChoice(
            terms.link(iri), site.url(address("/browse", scheme=iri)), concepts, iri == current,
            letters=site.url(address("/browse/alphabetical", scheme=iri)),
        )
        for iri, concepts in schemes.items()
    ]  # fmt: skip
    found.sort(key=lambda choice: (-choice.concepts, choice.link.text.value.casefold() if choice.link else ""))
    if without_scheme:
        found.append(
            SchemeChoice(None, site.url(address("/browse", scheme=NO_SCHEME)), without_scheme, current == NO_SCHEME)
        )
    return found


def main_scheme(site: Site, schemes: Mapping[str, int]) -> str | None:
    """Return the scheme to begin with: the one with most concepts below others, else the largest."""
    if not schemes:
        return None
    below = {iri: concepts - len(site.children(iri)) for iri, concepts in schemes.items()}
    return min(schemes, key=lambda iri: (-max(0, below[iri]), -schemes[iri], iri))


def render_tree(site: Site, page: TreePage, *, offices: bool, canonical: str, data: str) -> str:
    """Return the page of a tree."""
    return render(
        "browse.html", site=site, page=page, canonical=canonical, data=data,
        tabs=tabs(site, "/browse", offices=offices),
    )  # fmt: skip


def tree_data(page: TreePage) -> dict[str, object]:
    """Return the tree as it is sent as JSON."""
    return {
        "subject": link_data(page.subject) if page.subject else None,
        "total": page.pager.total,
        "page": page.pager.number,
        "pages": page.pager.pages,
        "items": [_branch_data(item) for item in page.items],
        "circles": [[link.iri for link in circle] for circle in page.circles],
    }


def link_data(link: Link) -> dict[str, object]:
    """Return a link as it is sent as JSON."""
    return {"iri": link.iri, "label": link.text.value if link.labelled else None, "language": link.text.language}


def _branch_data(item: Branch) -> dict[str, object]:
    """Return a concept of a tree; trees are no deeper than :data:`DEEPEST`, so this ends soon."""
    found = {**link_data(item.link), "below": item.below}
    if item.again:
        found["again"] = True
    if item.children:
        found["children"] = [_branch_data(child) for child in item.children]
    return found


def schemes_page(
    site: Site,
    languages: Sequence[str],
    schemes: Mapping[str, int],
    definitions: Callable[[str], Text | None],
    page: int = 1,
) -> tuple[list[SchemeChoice], Pager]:
    """Return one page of the list of schemes, and its place.

    Args:
        site: The site.
        languages: Languages of the reader, best first.
        schemes: How many concepts each scheme has.
        definitions: What a scheme holds.
        page: Which page, from 1.
    """
    terms = Terms(site, languages, site.labels)
    choices = scheme_choices(site, terms, schemes, None)
    shown = choices[(page - 1) * PAGE_SIZE : page * PAGE_SIZE]
    return [
        SchemeChoice(c.link, c.href, c.concepts, False, definitions(c.link.iri), c.letters) for c in shown if c.link
    ], pager(site, "/browse/schemes", page, PAGE_SIZE, len(choices))


def render_schemes(
    site: Site, schemes: Sequence[SchemeChoice], place: Pager, *, offices: bool, canonical: str, data: str
) -> str:
    """Return the page that lists the schemes."""
    return render(
        "browse-schemes.html", site=site, schemes=schemes, pager=place, canonical=canonical, data=data,
        tabs=tabs(site, "/browse/schemes", offices=offices),
    )  # fmt: skip
