"""Terms that share one document, such as the classes and properties of an ontology."""

from __future__ import annotations

from typing import Final

from pyoxigraph import NamedNode

from officegraph.model.namespaces import OWL, RDF, RDFS, SKOS
from officegraph.web.pages.blocks import TermList, TermView
from officegraph.web.pages.concept import DEFINITIONS, definition
from officegraph.web.pages.statements import LABELS
from officegraph.web.pages.subject import Describer
from officegraph.web.pages.wording import _, gettext_noop, number

_KINDS: Final = (
    ("page-classes", gettext_noop("Classes"), frozenset({OWL.Class.value, RDFS.Class.value})),
    (
        "page-properties",
        gettext_noop("Properties"),
        frozenset(
            {
                OWL.ObjectProperty.value,
                OWL.DatatypeProperty.value,
                OWL.AnnotationProperty.value,
                RDF.Property.value,
            }
        ),
    ),
    ("page-datatypes", gettext_noop("Datatypes"), frozenset({RDFS.Datatype.value})),
    ("page-concepts", gettext_noop("Concepts"), frozenset({SKOS.Concept.value})),
)
_OTHERS: Final = ("page-terms", gettext_noop("Other terms"))


def term_lists(page: Describer) -> list[TermList]:
    """Return what the document defines under hash IRIs, by kind; empty for a document about one resource."""
    start = f"{page.iri}#"
    found: dict[tuple[str, str], list[NamedNode]] = {}
    for subject in page.statements.subjects():
        if isinstance(subject, NamedNode) and subject.value.startswith(start) and page.statements.described(subject):
            found.setdefault(_kind(page, subject), []).append(subject)
    order = [(identifier, title) for identifier, title, _ in _KINDS] + [_OTHERS]
    return [
        TermList(
            id=kind[0],
            title=_(kind[1]),
            template="terms",
            count=number(len(found[kind])),
            terms=sorted((_term(page, node) for node in found[kind]), key=lambda term: term.name.casefold()),
        )
        for kind in order
        if kind in found
    ]


def _kind(page: Describer, node: NamedNode) -> tuple[str, str]:
    types = page.statements.types(node)
    for identifier, title, classes in _KINDS:
        if types & classes:
            return identifier, title
    return _OTHERS


def _term(page: Describer, node: NamedNode) -> TermView:
    statements = page.statements
    text = definition(page, node)
    link = page.link(node)
    fragment = node.value.partition("#")[2]
    shown: set[NamedNode] = set()
    if text is not None:
        best = next(p for p in DEFINITIONS if page.terms.best(statements.literals(node, p)) is not None)
        if len(statements.objects(node, best)) == 1:
            shown.add(best)
    labels = [p for p in LABELS if p in statements.of(node)]
    if link.labelled and len(statements.objects(node, *labels)) == 1:
        shown.update(labels)
    if statements.objects(node, RDFS.isDefinedBy) == [page.main]:
        shown.add(RDFS.isDefinedBy)  # every term of the page is
    properties = {p: terms for p, terms in statements.of(node).items() if p not in shown}
    statements.take_all(node)
    return TermView(
        anchor="" if fragment.startswith("page-") or not fragment.strip() else fragment,
        link=link,
        name=page.site.shorten(node.value),
        definition=text,
        rows=page.rows(properties, frozenset({page.main, node})),
    )
