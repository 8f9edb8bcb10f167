"""What no other block shows, so that a page hides nothing."""

from __future__ import annotations

from pyoxigraph import BlankNode, NamedNode

from officegraph.model.dataset import Subject
from officegraph.model.namespaces import FOAF
from officegraph.web.pages.blocks import Incoming, Notes, Rest
from officegraph.web.pages.statements import LABEL_PARTS
from officegraph.web.pages.subject import Describer, sort_key
from officegraph.web.pages.terms import Node, Row


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
        title="Further statements",
        template="statements",
        count=f"{sum(len(row.values) for row in rows):,}",
        rows=rows,
    )


def incoming(page: Describer) -> Incoming | None:
    """Return the resources that mention this one, by the property with which they do."""
    rows = []
    for predicate, subjects in page.statements.incoming(page.main).items():
        if predicate == FOAF.primaryTopic:
            continue
        left = [
            subject
            for subject in subjects
            if isinstance(subject, NamedNode)
            and subject != page.main
            and not page.statements.taken(subject, predicate, page.main)
        ]
        if left:
            for subject in left:
                page.statements.mark(subject, predicate, page.main)
            links = sorted((page.link(subject) for subject in left), key=sort_key)
            rows.append(Row(page.terms.property(predicate), links))
    if not rows:
        return None
    rows.sort(key=lambda row: row.property.text.value.casefold())
    return Incoming(
        id="page-incoming",
        title="Mentioned by",
        template="incoming",
        count=f"{sum(len(row.values) for row in rows):,}",
        rows=rows,
    )


def parts(page: Describer) -> Rest | None:
    """Return the nodes that the document describes beside the resource, and that no block has shown."""
    nodes: list[Node] = []
    for subject in list(page.statements.subjects()):
        if subject == page.main or _is_document(page, subject):
            continue
        left = page.statements.rest(subject)
        if any(predicate not in LABEL_PARTS for predicate in left):
            nodes.append(page.node(subject))
    if not nodes:
        return None
    return Rest(
        id="page-parts", title="Also described here", template="rest", count=f"{len(nodes):,}", nodes=nodes
    )


def record(page: Describer) -> Notes | None:
    """Return what the document says of itself."""
    rows: list[Row] = []
    for subject in page.statements.subjects_of(page.main, FOAF.primaryTopic):
        properties = {p: terms for p, terms in page.statements.of(subject).items() if p != FOAF.primaryTopic}
        page.statements.take_all(subject)
        rows += page.rows(properties, frozenset({page.main, subject}))
    return Notes(id="page-record", title="About this record", template="notes", rows=rows) if rows else None


def _is_document(page: Describer, subject: Subject) -> bool:
    return isinstance(subject, BlankNode | NamedNode) and page.main in page.statements.nodes(
        subject, FOAF.primaryTopic
    )
