"""The sources of a page, numbered: what each is used for, and where the page refers to it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from pyoxigraph import NamedNode

from officegraph.model.namespaces import DCTERMS, PROV
from officegraph.web.pages.blocks import Block, Placements, SourceView
from officegraph.web.pages.wording import _, ngettext

if TYPE_CHECKING:
    from officegraph.web.pages.subject import Describer
    from officegraph.web.pages.terms import Link

_DEFINING: Final = (PROV.wasDerivedFrom, PROV.hadPrimarySource, DCTERMS.source)
"""Properties by which a concept itself names what it was drawn from."""


@dataclass(slots=True)
class Reference:
    """A numbered source.

    Attributes:
        number: Its number on the page.
        source: The source.
        placements: How many placements rest on it.
        concept: Whether the concept itself names it as its source.
    """

    number: int
    source: SourceView
    placements: int = 0
    concept: bool = False

    @property
    def uses(self) -> str:
        """What the source is used for, in words."""
        words = [_("this entry")] if self.concept else []
        if self.placements:
            words.append(ngettext("%d placement", "%d placements", self.placements) % self.placements)
        return ", ".join(words)


@dataclass(frozen=True, slots=True, kw_only=True)
class References(Block):
    """The numbered sources of a page."""

    items: Sequence[Reference] = field(default_factory=tuple)

    @property
    def numbers(self) -> dict[str, int]:
        """The number of each source, by its IRI."""
        return {item.source.link.iri: item.number for item in self.items}

    @property
    def of_the_concept(self) -> list[int]:
        """Numbers of the sources that the concept itself names."""
        return [item.number for item in self.items if item.concept]


def references(page: Describer, placed: Placements | None) -> References | None:
    """Return the sources that the page rests on, those of the concept itself first.

    Only where placements rest on sources; else the few properties of the resource say all there is.
    """
    rows = placed.rows if placed is not None else ()
    if not any(view.link.iri != page.iri for row in rows for view in row.sources):
        return None
    found: dict[str, Reference] = {}

    def note(view: SourceView) -> Reference:
        return found.setdefault(view.link.iri, Reference(len(found) + 1, view))

    cited = {view.link.iri: view for row in rows for view in row.sources}
    for node in page.statements.nodes(page.main, *_DEFINING):
        if isinstance(node, NamedNode):
            link: Link = page.link(node)
            note(cited.get(link.iri, SourceView(link, (), None))).concept = True
            for predicate in _DEFINING:
                if node in page.statements.objects(page.main, predicate):
                    page.statements.mark(page.main, predicate, node)
    for row in rows:
        for view in row.sources:
            note(view).placements += 1
    return References(
        id="page-references",
        title=_("Sources"),
        template="references",
        count=f"{len(found):,}",
        items=list(found.values()),
    )
