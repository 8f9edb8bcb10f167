"""Mappings that say why: what a mapping node (SSSOM as OWL annotation) adds to a link to another vocabulary."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Final

from pyoxigraph import NamedNode

from officegraph.model.dataset import Subject
from officegraph.model.namespaces import DCTERMS, OWL, PAV, RDFS, SEMAPV, SKOS, SSSOM
from officegraph.web.pages.blocks import Mapping, Mappings
from officegraph.web.pages.concept import MATCHES
from officegraph.web.pages.statements import Statements
from officegraph.web.pages.subject import Describer
from officegraph.web.pages.terms import Link, Text
from officegraph.web.pages.wording import _, ngettext

MOST: Final = 60
"""Mapping nodes that are looked up for one page."""

_CAPITAL: Final = re.compile("[A-Z]")
_DATES: Final = (SSSOM.mapping_date, DCTERMS.modified, DCTERMS.created, DCTERMS.date, PAV.createdOn)


@dataclass(frozen=True, slots=True)
class _Set:
    """What a set of mappings says of all of them."""

    target: Link | None
    date: Text | None


def with_reasons(page: Describer, block: Mappings | None) -> Mappings | None:
    """Return ``block`` with what mapping nodes say of its rows, and with the links that only they call mappings.

    A link to a code or a class of another vocabulary is no SKOS mapping, since its target is no concept; its node
    still says how well the two match.
    """
    rows = {(row.link.iri, row.match): row for row in block.rows} if block is not None else {}
    sets: dict[Subject, _Set] = {}
    for node in page.statements.subjects_of(page.main, OWL.annotatedSource)[:MOST]:
        if isinstance(node, NamedNode):
            _add(page, node, rows, sets)
    if not rows:
        return block
    ordered = sorted(rows.values(), key=lambda row: (_rank(row.match), row.link.text.value.casefold(), row.link.iri))
    base = block or Mappings(
        id="page-mappings",
        title=_("Mappings to other vocabularies"),
        short=_("Mappings"),
        template="mappings",
        rows=(),
    )
    count = ngettext("%d mapping", "%d mappings", len(ordered)) % len(ordered)
    return replace(base, rows=ordered, count=count)


def _rank(match: str) -> int:
    order = list(dict.fromkeys(MATCHES.values()))
    return order.index(match) if match in order else len(order)


def _add(page: Describer, node: NamedNode, rows: dict[tuple[str, str], Mapping], sets: dict[Subject, _Set]) -> None:
    """Add what the mapping ``node`` says to ``rows``."""
    own = page.statements
    said = own if own.nodes(node, OWL.annotatedTarget) else Statements(page.site.statements(node.value))
    targets = [target for target in said.nodes(node, OWL.annotatedTarget) if isinstance(target, NamedNode)]
    properties = [p for p in said.nodes(node, OWL.annotatedProperty) if isinstance(p, NamedNode)]
    if len(targets) != 1 or len(properties) != 1 or targets[0] not in own.objects(page.main, properties[0]):
        return
    target, how = targets[0], properties[0]
    degree = next((n for n in said.nodes(node, page.ofo.degreeOfMatch) if isinstance(n, NamedNode)), how)
    match = MATCHES.get(degree, "")
    row = rows.get((target.value, match))
    if row is None:
        row = Mapping(match or _("linked"), degree == SKOS.exactMatch, page.link(target), _where(target))
    details = _set_of(page, said, node, sets)
    reasons = [_reason(page, n) for n in said.nodes(node, SSSOM.mapping_justification)]
    date = page.terms.best(said.literals(node, *_DATES))
    rows[(target.value, match)] = replace(
        row,
        how=None if how in MATCHES else page.terms.property(how),
        source=details.target,
        justification=reasons[0] if reasons else None,
        remark=page.terms.best(said.literals(node, RDFS.comment, SSSOM.comment)),
        date=date or details.date,
        record=page.link(node),
    )
    own.mark(page.main, how, target)
    own.mark(node, OWL.annotatedSource, page.main)


def _reason(page: Describer, node: Subject) -> Link:
    """Return a justification; the terms of SEMAPV have names that are English words run together."""
    link = page.link(node)
    if link.labelled or not link.iri.startswith(SEMAPV.iri):
        return link
    words = _CAPITAL.sub(lambda match: f" {match[0].lower()}", link.iri[len(SEMAPV.iri) :]).strip()
    return replace(link, text=Text(words, "en", "ltr"), labelled=True)


def _where(target: NamedNode) -> str:
    return target.value.partition("//")[2].partition("/")[0]


def _set_of(page: Describer, said: Statements, node: NamedNode, sets: dict[Subject, _Set]) -> _Set:
    """Return what the set of the mapping ``node`` says; each set is looked up once for a page."""
    parent = next((n for n in said.subjects_of(node, SSSOM.mappings) if isinstance(n, NamedNode)), None)
    if parent is None:
        return _Set(None, None)
    if parent not in sets:
        statements = Statements(page.site.statements(parent.value))
        target = next(iter(statements.nodes(parent, SSSOM.object_source)), None)
        sets[parent] = _Set(
            page.link(target) if target is not None else None,
            page.terms.best(statements.literals(parent, *_DATES)),
        )
    return sets[parent]
