"""One resource and everything a block needs to describe it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from officegraph.model.dataset import Subject, Term
from officegraph.model.namespaces import OFO, Namespace
from officegraph.web.pages.site import Site
from officegraph.web.pages.statements import LABEL_PARTS, LABELS, Statements
from officegraph.web.pages.terms import Link, Node, Row, Terms, Text, Value
from officegraph.web.pages.wording import _, language

DEEPEST = 6
"""Levels of nested nodes that a page shows."""


@dataclass(slots=True)
class Describer:
    """A resource, the statements of its document, and how their terms are shown.

    Attributes:
        iri: The resource.
        site: The site.
        statements: Statements of the document.
        terms: Views of terms.
        main: The resource as a term.
        ofo: Namespace of the ontology of offices: under the base if the release was built with another one.
    """

    iri: str
    site: Site
    statements: Statements
    terms: Terms
    main: NamedNode = field(init=False)
    ofo: Namespace = field(init=False)

    def __post_init__(self) -> None:
        """Make the term of the resource and find the ontology."""
        self.main = NamedNode(self.iri)
        self.ofo = Namespace(self.site.prefixes.get("ofo", OFO.iri))

    @classmethod
    def of(cls, site: Site, iri: str, triples: Iterable[Triple], languages: Sequence[str]) -> Describer:
        """Describe ``iri`` by the ``triples`` of its document for a reader of ``languages``."""
        statements = Statements(triples)

        def labels(name: str) -> Sequence[Literal]:
            own = statements.labels(NamedNode(name))
            return own or list(site.labels(name))

        return cls(iri, site, statements, Terms(site, languages, labels))

    def link(self, node: Subject) -> Link:
        """Return the link to ``node``; a blank node is named by its label."""
        if isinstance(node, NamedNode):
            return self.terms.link(node.value)
        text = self.terms.best(self.statements.labels(node))
        return Link(
            "", text or Text(_("(unnamed)"), language(), "ltr"), None, external=False, labelled=text is not None
        )

    def first_link(self, subject: Subject, *predicates: NamedNode) -> Link | None:
        """Return the link to the first IRI that ``subject`` has for ``predicates``."""
        nodes = self.statements.nodes(subject, *predicates)
        return self.link(nodes[0]) if nodes else None

    def texts(self, literals: Iterable[Literal]) -> list[Text]:
        """Return views of ``literals``, the reader's languages first."""
        return [self.terms.text(literal) for literal in sorted(literals, key=self.terms.order)]

    def view(self, term: Term, seen: frozenset[Subject] = frozenset()) -> Value:
        """Return the view of ``term``.

        A node that the document describes, and that the page has not shown yet, is shown in place, and its
        statements count as shown; anything else is a link or text.
        """
        if isinstance(term, NamedNode | BlankNode) and self._nests(term, seen):
            return self.node(term, seen)
        return self.terms.value(term)

    def _nests(self, node: Subject, seen: frozenset[Subject]) -> bool:
        return node not in seen and len(seen) < DEEPEST and self.untold(node)

    def in_focus(self, node: Term) -> bool:
        """Return whether the page is about ``node``: the resource, or one of those that share its document."""
        return node == self.main or (isinstance(node, NamedNode) and node.value.startswith(f"{self.iri}#"))

    def untold(self, node: Subject) -> bool:
        """Return whether the document says things of ``node`` that the page has not shown.

        What ``node`` is called, and that it points to the resource of the page, does not count.
        """
        if self.in_focus(node):
            return False
        return any(
            predicate not in LABEL_PARTS and any(not self.in_focus(term) for term in terms)
            for predicate, terms in self.statements.rest(node).items()
        )

    def views(self, terms: Iterable[Term], seen: frozenset[Subject] = frozenset()) -> list[Value]:
        """Return views of ``terms``: literals in order of language, then links in order of their labels."""
        literals: list[Literal] = []
        others: list[Value] = []
        for term in terms:
            if isinstance(term, Literal):
                literals.append(term)
            else:
                others.append(self.view(term, seen))
        return [*self.texts(literals), *sorted(others, key=sort_key)]

    def node(self, node: Subject, seen: frozenset[Subject] = frozenset()) -> Node:
        """Return the statements about ``node`` in place, and take them."""
        inside = seen | {node}
        properties = {p: terms for p, terms in self.statements.of(node).items() if not self._names(node, p)}
        self.statements.take_all(node)
        link = self.terms.link(node.value) if isinstance(node, NamedNode) else None
        return Node(link, self.rows(properties, inside))

    def _names(self, node: Subject, predicate: NamedNode) -> bool:
        """Return whether ``predicate`` only gives the one label under which ``node`` is shown anyway."""
        if not isinstance(node, NamedNode) or predicate not in LABELS:
            return False
        return len(self.statements.objects(node, *LABELS)) == 1

    def rows(self, properties: dict[NamedNode, list[Term]], seen: frozenset[Subject] = frozenset()) -> list[Row]:
        """Return ``properties`` with the views of their values, in the order of the properties' names."""
        rows = [Row(self.terms.property(p), self.views(terms, seen)) for p, terms in properties.items()]
        return sorted(rows, key=lambda row: (row.property.text.value.casefold(), row.property.iri))


def sort_key(value: Value) -> tuple[int, str, str]:
    """Return what orders views of terms: links by label, then what has no label."""
    if isinstance(value, Link):
        return (0, value.text.value.casefold(), value.iri)
    if isinstance(value, Text):
        return (1, value.value, "")
    if isinstance(value, Node):
        name = value.link.text.value.casefold() if value.link else ""
        return (2, name, repr(value.rows))
    return (3, repr(value), "")
