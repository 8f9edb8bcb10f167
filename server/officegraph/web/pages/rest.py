"""What no other block shows, so that a page hides nothing."""

from __future__ import annotations

from typing import Final

from pyoxigraph import BlankNode, NamedNode

from officegraph.model.dataset import Subject
from officegraph.model.namespaces import CITO, DCTERMS, FOAF, PAV, PROV, RDFS, SCHEMA
from officegraph.web.pages.blocks import Incoming, IncomingRow, Notes, Rest
from officegraph.web.pages.subject import Describer, sort_key
from officegraph.web.pages.terms import Row
from officegraph.web.pages.wording import _, number

INCOMING_SHOWN: Final = 60
"""Resources that the page lists for each property that leads to it."""

SOURCES: Final = (
    PROV.hadPrimarySource,
    PROV.wasDerivedFrom,
    DCTERMS.source,
    SCHEMA.citation,
    CITO.citesAsEvidence,
    DCTERMS.creator,
    DCTERMS.contributor,
    DCTERMS.publisher,
    SCHEMA.creator,
    SCHEMA.publisher,
    PAV.curatedBy,
    PAV.retrievedOn,
    RDFS.isDefinedBy,
)
"""Properties that say where statements come from, in the order in which they are shown."""


def further(page: Describer) -> Notes | None:
    """Return the statements about the resource that no block has shown."""
    left = page.statements.rest(page.main)
    if not left:
        return None
    for predicate in left:
        page.statements.take(page.main, predicate)
    rows = page.rows(left, frozenset({page.main}))
    return Notes(
        id="page-further",
        title=_("Further statements"),
        template="statements",
        count=number(sum(len(row.values) for row in rows)),
        rows=rows,
    )


def incoming(page: Describer) -> Incoming | None:
    """Return the resources that mention this one, by the property with which they do.

    At most ``INCOMING_SHOWN`` for each property; how many there are is said, and a query lists them.
    """
    sharing = [node for node in page.statements.subjects() if node != page.main and page.in_focus(node)]
    focus: list[Subject] = [page.main, *sharing]
    found: dict[NamedNode, list[NamedNode]] = {}
    for node in focus:
        for predicate, subjects in page.statements.incoming(node).items():
            for subject in subjects:
                if predicate == FOAF.primaryTopic or page.in_focus(subject) or not isinstance(subject, NamedNode):
                    continue
                if not page.statements.taken(subject, predicate, node):
                    page.statements.mark(subject, predicate, node)
                    found.setdefault(predicate, []).append(subject)
    if not found:
        return None
    rows = []
    for predicate, mentioning in found.items():
        links = sorted((page.link(subject) for subject in dict.fromkeys(mentioning)), key=sort_key)
        rows.append(IncomingRow(page.terms.property(predicate), links[:INCOMING_SHOWN], len(links)))
    rows.sort(key=lambda row: (row.property.text.value.casefold(), row.property.iri))
    return Incoming(
        id="page-incoming",
        title=_("Mentioned by"),
        template="incoming",
        count=number(sum(row.total for row in rows)),
        rows=rows,
    )


def sources(page: Describer) -> Notes | None:
    """Return where what is said of the resource comes from, and who said it."""
    left = page.statements.rest(page.main)
    shown = [predicate for predicate in SOURCES if predicate in left]
    page.statements.take(page.main, *shown)
    rows = [Row(page.terms.property(predicate), page.views(left[predicate])) for predicate in shown]
    return Notes(id="page-sources", title=_("Sources"), template="notes", rows=rows) if rows else None


def parts(page: Describer) -> Rest | None:
    """Return the nodes that the document describes beside the resource, and that no block has shown."""
    # In order: a node that is shown inside an earlier one is told by the time its turn comes.
    nodes = [
        page.node(subject)
        for subject in list(page.statements.subjects())
        if not _is_document(page, subject) and page.untold(subject)
    ]
    if not nodes:
        return None
    return Rest(id="page-parts", title=_("Also described here"), template="rest", count=number(len(nodes)), nodes=nodes)


def record(page: Describer) -> Notes | None:
    """Return what the document says of itself."""
    rows: list[Row] = []
    for subject in page.statements.subjects_of(page.main, FOAF.primaryTopic):
        properties = {p: terms for p, terms in page.statements.of(subject).items() if p != FOAF.primaryTopic}
        page.statements.take_all(subject)
        rows += page.rows(properties, frozenset({page.main, subject}))
    return Notes(id="page-record", title=_("About this record"), template="notes", rows=rows) if rows else None


def _is_document(page: Describer, subject: Subject) -> bool:
    return isinstance(subject, BlankNode | NamedNode) and page.main in page.statements.nodes(subject, FOAF.primaryTopic)
