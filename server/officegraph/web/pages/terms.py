"""RDF terms as pages show them: text with its language and direction, links, nested nodes."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from officegraph.http.iris import iri_to_uri
from officegraph.model.dataset import Term
from officegraph.model.namespaces import LEXINFO, RDF, XSD
from officegraph.web.pages.direction import direction
from officegraph.web.pages.site import Site
from officegraph.web.pages.wording import language as spoken
from officegraph.web.pages.words import property_name

OBVIOUS_DATATYPES: Final = frozenset(
    term.value
    for term in (
        XSD.string, XSD.integer, XSD.decimal, XSD.double, XSD.boolean, XSD.date, XSD.dateTime, XSD.gYear,
        XSD.gYearMonth, XSD.anyURI, XSD.nonNegativeInteger, XSD.positiveInteger, RDF.langString, RDF.dirLangString,
    )
)  # fmt: skip
"""Datatypes that need no mention beside the value."""

_CAPITAL: Final = re.compile("[A-Z]")

LONGEST_LABEL: Final = 200
"""Characters of a label that a link or heading shows."""


@dataclass(frozen=True, slots=True)
class Text:
    """Text of a literal.

    Attributes:
        value: The characters.
        language: BCP 47 tag, or ``None``.
        direction: ``ltr``, ``rtl`` or ``auto``, for the attribute ``dir``.
        foreign: Whether it is in none of the languages that the reader asked for.
        datatype: Short name of a datatype worth telling, or ``None``.
        href: Address that the literal itself is (``xsd:anyURI``), or ``None``.
    """

    value: str
    language: str | None = None
    direction: str = "auto"
    foreign: bool = False
    datatype: str | None = None
    href: str | None = None

    kind = "text"

    @property
    def short(self) -> str:
        """The characters, cut where a heading or link would no longer be readable."""
        return shorten(self.value, LONGEST_LABEL)


@dataclass(frozen=True, slots=True)
class Link:
    """A resource by its label.

    Attributes:
        iri: Its IRI.
        text: Its label, or its short name where it has none.
        href: Where the link leads; ``None`` if it cannot be followed.
        external: Whether that is another site.
        labelled: Whether the text is a label of the resource rather than its name.
    """

    iri: str
    text: Text
    href: str | None
    external: bool
    labelled: bool

    kind = "link"


@dataclass(frozen=True, slots=True)
class Row:
    """A property of a node, with its values."""

    property: Link
    values: Sequence[Value]


@dataclass(frozen=True, slots=True)
class Node:
    """A node whose statements are shown in place: a blank node, or a part of the resource.

    Attributes:
        link: The node itself, where it has an IRI.
        rows: Its statements.
    """

    link: Link | None
    rows: Sequence[Row]

    kind = "node"


@dataclass(frozen=True, slots=True)
class Quoted:
    """A triple term (RDF 1.2)."""

    subject: Value
    property: Link
    object: Value

    kind = "quoted"


Value = Text | Link | Node | Quoted


def shorten(text: str, length: int) -> str:
    """Return ``text`` in at most ``length`` characters, cut at a space where there is one."""
    text = " ".join(text.split())
    if len(text) <= length:
        return text
    cut = text[: length - 1]
    space = cut.rfind(" ", length // 2)
    return (cut[:space] if space > 0 else cut) + "…"


def matches(language: str | None, ranges: Iterable[str]) -> bool:
    """Return whether one of ``ranges`` covers ``language`` (RFC 4647, section 3.3.1); text without language always."""
    if not language:
        return True
    tag = language.lower()
    return any(r == "*" or tag == r.lower() or tag.startswith(f"{r.lower()}-") for r in ranges)


class Terms:
    """Makes the views of terms, in the languages of one reader."""

    def __init__(self, site: Site, languages: Sequence[str], labels: Callable[[str], Iterable[Literal]]) -> None:
        """Make views for ``site``.

        Args:
            site: The site.
            languages: Languages of the reader, best first.
            labels: Labels of an IRI, those of the best property first.
        """
        self.site = site
        self.languages = tuple(languages) or (site.language,)
        self._labels = labels
        self._links: dict[str, Link] = {}

    def text(self, literal: Literal) -> Text:
        """Return the view of ``literal``."""
        tag = literal.language
        datatype = literal.datatype.value
        value = literal.value
        href = None
        if datatype == XSD.anyURI.value and value.lower().startswith(("http://", "https://")):
            href = iri_to_uri(value)
        return Text(
            value=value,
            language=self.site.language_tags.get(tag, tag) if tag else None,
            direction="ltr" if href else direction(tag, literal.direction),
            foreign=not matches(tag, self.languages),
            datatype=None if tag or datatype in OBVIOUS_DATATYPES else self.site.shorten(datatype),
            href=href,
        )

    def order(self, literal: Literal) -> tuple[int, str, str]:
        """Return what sorts literals: languages of the reader first, then the fallback, then the others by tag."""
        tag = (literal.language or "").lower()
        ranges = (*self.languages, self.site.language)
        for rank, wanted in enumerate(ranges):
            if tag and (tag == wanted.lower() or tag.startswith(f"{wanted.lower()}-")):
                return (rank, tag, literal.value)
        return (len(ranges) if not tag else len(ranges) + 1, tag, literal.value)

    def best(self, literals: Iterable[Literal]) -> Text | None:
        """Return the literal to show to the reader, or ``None`` where all are blank.

        The literal in the first language that has one; else in the fallback language of the site; else one
        without language; else any, in the order of tags. The first of equals wins, since callers give the best
        property first.
        """
        candidates = [literal for literal in literals if literal.value.strip()]
        if not candidates:
            return None
        return self.text(min(candidates, key=lambda literal: self.order(literal)[:2]))

    def link(self, iri: str) -> Link:
        """Return the link to ``iri`` by its label."""
        link = self._links.get(iri)
        if link is None:
            text = self.best(self._labels(iri))
            href, external = self.site.href(iri)
            link = self._links[iri] = Link(
                iri=iri,
                text=text or self.name(iri),
                href=href,
                external=external,
                labelled=text is not None,
            )
        return link

    def name(self, iri: str) -> Text:
        """Return what to call ``iri`` where it has no label."""
        if iri.startswith(LEXINFO.iri) and iri != LEXINFO.iri:  # its local names are English words
            return Text(_CAPITAL.sub(lambda match: f" {match[0].lower()}", iri[len(LEXINFO.iri) :]), "en", "ltr")
        return Text(self.site.shorten(iri), direction="ltr")

    def property(self, node: NamedNode) -> Link:
        """Return the link to a property, by the plain words this project has for it or by its label."""
        words = property_name(node.value)
        link = self.link(node.value)
        if words is None:
            return link
        return Link(node.value, Text(words, spoken(), "ltr"), link.href, link.external, labelled=True)

    def value(self, term: Term) -> Value:
        """Return the view of ``term``; a blank node without its statements."""
        if isinstance(term, NamedNode):
            return self.link(term.value)
        if isinstance(term, Literal):
            return self.text(term)
        if isinstance(term, BlankNode):
            return Text(f"_:{term.value[:8]}", direction="ltr")
        return self.quoted(term)

    def quoted(self, triple: Triple) -> Quoted:
        """Return the view of a triple term."""
        return Quoted(self.value(triple.subject), self.property(triple.predicate), self.value(triple.object))
