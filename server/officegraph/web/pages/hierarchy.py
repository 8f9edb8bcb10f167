"""Where a concept stands: the tree beside its page, opened along one path."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from pyoxigraph import NamedNode

from officegraph.model.namespaces import SKOS
from officegraph.web.pages.concept import paths
from officegraph.web.pages.subject import Describer
from officegraph.web.pages.terms import Link

SIBLINGS: Final = 40
"""Concepts that one level of the tree shows."""

BUDGET: Final = 120
"""Concepts off the path that the whole tree shows, so that it stays a small part of the page."""

DEEPEST: Final = 12


@dataclass(frozen=True, slots=True)
class Branch:
    """A concept in the tree.

    Attributes:
        link: The concept.
        current: Whether it is the one that the page is about.
        open: Whether what is below it is in view at first.
        count: How many concepts are directly below it.
        children: Those that are shown.
        more: How many are left out of ``children``, where some are shown.
    """

    link: Link
    current: bool = False
    open: bool = False
    count: int = 0
    children: Sequence[Branch] = ()
    more: int = 0


@dataclass(frozen=True, slots=True)
class Hierarchy:
    """The tree beside the page of a concept.

    Attributes:
        scheme: The scheme that it is part of.
        branches: Its top level.
        more: How many concepts of the top level are left out.
    """

    scheme: Link | None
    branches: Sequence[Branch]
    more: int = 0


class _Grower:
    """Grows the tree within its budget; the hierarchy may have cycles."""

    def __init__(self, page: Describer, path: Sequence[str]) -> None:
        self.page = page
        self.path = path
        self.left = BUDGET

    def level(self, names: Sequence[str], depth: int) -> tuple[list[Branch], int]:
        """Return one level of the tree, and how many of its concepts are left out."""
        names = list(dict.fromkeys(names))
        on_path = self.path[depth] if depth < len(self.path) else None
        others = [name for name in names if name != on_path][: min(SIBLINGS, max(0, self.left))]
        self.left -= len(others)
        shown = set(others) | ({on_path} if on_path is not None else set())
        ordered = [name for name in names if name in shown]
        if on_path is not None and on_path not in ordered:
            ordered.append(on_path)
        grown = [self.branch(name, depth) if name == on_path else None for name in ordered]
        branches = [
            branch if branch is not None else self.closed(name) for name, branch in zip(ordered, grown, strict=True)
        ]
        branches.sort(key=lambda branch: (branch.link.text.value.casefold(), branch.link.iri))
        return branches, max(0, len(names) - len(others) - (on_path in names))

    def branch(self, iri: str, depth: int) -> Branch:
        """Return a concept on the path, with what is below it."""
        below = [name for name in self.page.site.children(iri) if name not in self.path[: depth + 1]]
        children, more = self.level(below, depth + 1) if below or depth + 1 < len(self.path) else ([], 0)
        return Branch(
            link=self.page.terms.link(iri),
            current=iri == self.page.iri,
            open=True,
            count=len(set(below)),
            children=children,
            more=more,
        )

    def closed(self, iri: str) -> Branch:
        """Return a concept off the path, with what is directly below it as long as there is room."""
        below = list(dict.fromkeys(name for name in self.page.site.children(iri) if name != iri))
        shown = below if len(below) <= min(SIBLINGS, self.left) else []
        self.left -= len(shown)
        children = sorted(
            (Branch(self.page.terms.link(name)) for name in shown),
            key=lambda branch: (branch.link.text.value.casefold(), branch.link.iri),
        )
        return Branch(self.page.terms.link(iri), count=len(below), children=children)


def hierarchy(page: Describer) -> Hierarchy | None:
    """Return the tree that the concept of the page stands in, or ``None`` where nothing is above or below it.

    Where a concept has several broader ones, the tree is opened along the first path; the others are in the
    breadcrumbs.
    """
    if SKOS.Concept.value not in page.statements.types(page.main):
        return None
    above = next(iter(paths(page, deepest=DEEPEST)), [])
    if not above and not page.site.children(page.iri):
        return None
    path = [*above, page.iri]
    grower = _Grower(page, path)
    for scheme in page.statements.nodes(page.main, SKOS.inScheme, SKOS.topConceptOf):
        tops = page.site.children(scheme.value) if isinstance(scheme, NamedNode) else ()
        if path[0] in tops:
            branches, more = grower.level(tops, 0)
            return Hierarchy(page.link(scheme), branches, more)
    branches, _ = grower.level(path[:1], 0)
    return Hierarchy(None, branches)
