"""Terms that share one document, such as the classes and properties of an ontology."""

from __future__ import annotations

from typing import Final
from urllib.parse import urlencode

from pyoxigraph import NamedNode

from officegraph.model.namespaces import OWL, RDF, RDFS, SKOS
from officegraph.web.pages.blocks import TermList, TermView
from officegraph.web.pages.concept import DEFINITIONS, definition
from officegraph.web.pages.site import in_query
from officegraph.web.pages.statements import LABELS
from officegraph.web.pages.subject import Describer
from officegraph.web.pages.terms import Link
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
_USES: Final = {"page-classes": "class", "page-properties": "property"}
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
            kind=_USES.get(kind[0], ""),
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
    domain, range_ = (page.views(statements.objects(node, p)) for p in (RDFS.domain, RDFS.range))
    having = [n for n in statements.subjects_of(node, RDFS.domain) if isinstance(n, NamedNode)]
    properties = {p: terms for p, terms in statements.of(node).items() if p not in shown}
    statements.take_all(node)
    return TermView(
        anchor="" if fragment.startswith("page-") or not fragment.strip() else fragment,
        link=link,
        name=page.site.shorten(node.value),
        definition=text,
        rows=page.rows(properties, frozenset({page.main, node})),
        domain=domain,
        range=range_,
        properties=_by_label([page.link(n) for n in having]),
        uses=page.site.uses(node.value),
        examples=_examples(page, node),
    )


def _by_label(links: list[Link]) -> list[Link]:
    return sorted(links, key=lambda link: (link.text.value.casefold(), link.iri))


def _examples(page: Describer, node: NamedNode) -> str:
    """Return the URL of a query that gives some uses of a class or property, or nothing where there are none."""
    term = in_query(node.value)
    kind = _USES.get(_kind(page, node)[0])
    if term is None or kind is None or not page.site.uses(node.value):
        return ""
    pattern = f"?example a {term}" if kind == "class" else f"?example {term} ?value"
    return page.site.url("/sparql?" + urlencode({"query": f"SELECT * WHERE {{\n  {pattern}\n}}\nLIMIT 20"}))
