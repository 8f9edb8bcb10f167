"""What is known of how a resource came about and changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from pyoxigraph import Literal

from officegraph.model.namespaces import DCTERMS, OWL, PAV, PROV, RDF, SCHEMA, SKOS
from officegraph.web.pages.blocks import Block
from officegraph.web.pages.wording import _

if TYPE_CHECKING:
    from pyoxigraph import NamedNode

    from officegraph.model.dataset import Subject
    from officegraph.web.pages.subject import Describer
    from officegraph.web.pages.terms import Text

CHANGE_NOTES: Final = (SKOS.changeNote, OWL.versionInfo)

_MADE: Final = (DCTERMS.created, PAV.createdOn, SCHEMA.dateCreated)
_ISSUED: Final = (DCTERMS.issued, SCHEMA.datePublished)
_CHANGED: Final = (DCTERMS.modified, PAV.lastUpdateOn, SCHEMA.dateModified)
_WHEN: Final = (DCTERMS.date, DCTERMS.created, DCTERMS.issued, DCTERMS.modified, PROV.generatedAtTime)


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that is known.

    Attributes:
        date: When it was; ``None`` where that is not said.
        kind: What it is, in a word or two.
        words: What is said of it.
    """

    date: Text | None
    kind: str
    words: Text | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes(Block):
    """Changes, the latest first."""

    rows: Sequence[Change] = field(default_factory=tuple)


def changes(page: Describer) -> Changes | None:
    """Return the dates and change notes of the resource, or ``None`` where there are none.

    A note may be text, or a node with text and date (SKOS Primer, section 4.2).
    """
    rows = [*_dates(page), *_notes(page)]
    if not rows:
        return None
    rows.sort(key=lambda row: row.date.value if row.date else "", reverse=True)
    return Changes(id="page-changes", title=_("Changes"), template="changes", count=f"{len(rows):,}", rows=rows)


def _dates(page: Describer) -> list[Change]:
    statements = page.statements
    rows = []
    for predicates, words in ((_MADE, _("Created")), (_ISSUED, _("Issued")), (_CHANGED, _("Changed"))):
        texts = page.texts(statements.literals(page.main, *predicates))
        rows += [Change(text, words) for text in {text.value: text for text in texts}.values()]
        statements.take_literals(page.main, *predicates)
    return rows


def _notes(page: Describer) -> list[Change]:
    statements = page.statements
    rows: list[Change] = []
    for predicate in CHANGE_NOTES:
        kind = _("Version") if predicate == OWL.versionInfo else _("Change note")
        texts = page.texts(statements.take_literals(page.main, predicate))
        rows += [Change(None, kind, text) for text in texts]
    for node in statements.nodes(page.main, SKOS.changeNote):
        words = page.terms.best(_literals(page, node, RDF.value, DCTERMS.description, SKOS.note))
        date = page.terms.best(_literals(page, node, *_WHEN))
        if words is not None:
            statements.mark(page.main, SKOS.changeNote, node)
            statements.take(node, RDF.value, DCTERMS.description, SKOS.note, *_WHEN)
            rows.append(Change(date, _("Change note"), words))
    return rows


def _literals(page: Describer, node: Subject, *predicates: NamedNode) -> list[Literal]:
    return page.statements.literals(node, *predicates)
