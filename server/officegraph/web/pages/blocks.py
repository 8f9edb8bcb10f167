"""The blocks that a page about a resource is made of. Each has its own template under ``templates/blocks``."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from officegraph.web.pages.terms import Link, Node, Row, Text, Value


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """A section of a page.

    Attributes:
        id: Fragment identifier of the section.
        title: Its heading.
        template: Name of its template, without folder and ending.
        count: What stands beside the heading, such as ``7 sources``.
        short: Its name in the contents, where the heading is long.
        query: URL of the query that gives what the section shows, or empty.
    """

    id: str
    title: str
    template: str
    count: str = ""
    short: str = ""
    query: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Notes(Block):
    """Pairs of a kind of note and its texts."""

    rows: Sequence[Row]
    folded: bool = False


@dataclass(frozen=True, slots=True)
class NameRow:
    """The names in one language."""

    tag: str
    language: str
    preferred: Sequence[Text]
    alternative: Sequence[Text]
    hidden: Sequence[Text]


@dataclass(frozen=True, slots=True, kw_only=True)
class Names(Block):
    """Names by language."""

    rows: Sequence[NameRow]
    hidden: bool


@dataclass(frozen=True, slots=True)
class Related:
    """A resource that stands in a relation.

    Attributes:
        link: The resource.
        how: Properties that say more precisely how this page's resource is related to it.
        back: Properties that say how it is related to this page's resource.
        definition: What it is.
    """

    link: Link
    how: Sequence[Link] = ()
    back: Sequence[Link] = ()
    definition: Text | None = None


@dataclass(frozen=True, slots=True)
class RelationGroup:
    """Resources that stand in the same relation."""

    title: str
    items: Sequence[Related]
    up: bool = False
    wide: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Relations(Block):
    """Relations within the vocabulary."""

    groups: Sequence[RelationGroup]


@dataclass(frozen=True, slots=True)
class Mapping:
    """A match with a concept of another vocabulary.

    Attributes:
        match: How well the two match.
        exact: Whether they are said to mean the same.
        link: The other concept.
        vocabulary: Where it is from, as far as its IRI tells.
        how: The property that links the two, where it says more than the match.
        source: The vocabulary that it is from, where that is described.
        justification: Why the two were found to match.
        remark: What is said of the match.
        date: When it was made.
        record: The mapping as a resource of its own.
    """

    match: str
    exact: bool
    link: Link
    vocabulary: str
    how: Link | None = None
    source: Link | None = None
    justification: Link | None = None
    remark: Text | None = None
    date: Text | None = None
    record: Link | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Mappings(Block):
    """Mappings to other vocabularies."""

    rows: Sequence[Mapping]


@dataclass(frozen=True, slots=True)
class Office:
    """An office with its colour and shape; ``style`` is empty for an office that has none."""

    link: Link
    style: str


@dataclass(frozen=True, slots=True)
class SourceView:
    """A source as a placement cites it."""

    link: Link
    details: Sequence[Text]
    reliability: Link | None
    publisher: Link | None = None


@dataclass(frozen=True, slots=True)
class PlacementRow:
    """One placement: what one source says."""

    link: Link | None
    function: Link | None
    office: Office | None
    segment: Link | None
    sources: Sequence[SourceView]
    remarks: Sequence[Link | Text]
    quotations: Sequence[Text] = ()
    places: Sequence[Text] = ()


@dataclass(frozen=True, slots=True)
class Share:
    """The part of the bar that belongs to one office."""

    office: Office
    count: int
    start: float
    width: float


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the sources come to.

    Attributes:
        agreed: Whether one office has more than half of the votes.
        most: How many placing sources name the leading office.
        total: How many sources place the function at all.
        office: The leading office.
        shares: Parts of the bar.
    """

    agreed: bool
    most: int
    total: int
    office: Office
    shares: Sequence[Share]


@dataclass(frozen=True, slots=True)
class UsualOffice:
    """The office that the published rule finds for a segment."""

    link: Link | None
    function: Link | None
    segment: Link | None
    office: Office | None
    contested: bool
    votes: str
    basis: Link | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Placements(Block):
    """Which office, according to whom."""

    rows: Sequence[PlacementRow]
    usual: Sequence[UsualOffice] = ()
    columns: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Claim:
    """What a source says about a concept, other than placing it."""

    link: Link | None
    aspects: Sequence[Value]
    relation: Sequence[Link]
    objects: Sequence[Value]
    answers: Sequence[Value]
    words: Sequence[Text]
    sources: Sequence[Link]


@dataclass(frozen=True, slots=True, kw_only=True)
class Claims(Block):
    """Claims about a concept."""

    rows: Sequence[Claim]


@dataclass(frozen=True, slots=True)
class FormView:
    """One form of a word: how it is written and said."""

    written: Sequence[Text]
    features: Sequence[Value]
    sounds: Sequence[Text]
    node: Node


@dataclass(frozen=True, slots=True)
class SenseView:
    """One sense of a word."""

    anchor: str
    link: Link
    name: Text | None
    definition: Text | None
    usage: Sequence[Link]
    examples: Sequence[Text]
    concepts: Sequence[Link]
    sources: Sequence[Link]
    node: Node


@dataclass(frozen=True, slots=True)
class OriginView:
    """One account of where a word comes from."""

    name: Text | None
    words: Sequence[Text]
    sources: Sequence[Link]
    node: Node


@dataclass(frozen=True, slots=True, kw_only=True)
class Lexicon(Block):
    """Forms and senses of a word."""

    forms: Sequence[FormView]
    senses: Sequence[SenseView]
    origins: Sequence[OriginView]


@dataclass(frozen=True, slots=True)
class TermView:
    """A term that a document defines, such as a class or property of an ontology.

    Attributes:
        anchor: Fragment identifier; empty where the fragment of its IRI cannot be one of the page.
        link: The term.
        name: Its name with a prefix.
        definition: What it means.
        rows: What else is said of it.
        domain: Classes of what has the property.
        range: Classes of its values.
        properties: Properties that have the class as their domain.
        uses: How many instances or statements the release has.
        examples: URL of a query that gives some of them.
    """

    anchor: str
    link: Link
    name: str
    definition: Text | None
    rows: Sequence[Row]
    domain: Sequence[Value] = ()
    range: Sequence[Value] = ()
    properties: Sequence[Value] = ()
    uses: int | None = None
    examples: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TermList(Block):
    """Terms of one kind.

    Attributes:
        kind: ``class``, ``property`` or empty.
        terms: The terms.
    """

    terms: Sequence[TermView]
    kind: str = ""


@dataclass(frozen=True, slots=True)
class TreeItem:
    """A concept in a tree, with as much of what is below it as is shown."""

    link: Link
    children: Sequence[TreeItem] = ()
    more: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Tree(Block):
    """Concepts of a scheme, or members of a collection, from the top."""

    items: Sequence[TreeItem]
    more: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures(Block):
    """A table of what a dataset holds."""

    heads: Sequence[str]
    rows: Sequence[Sequence[Value]] = field(default_factory=tuple)
    caption: str = ""


@dataclass(frozen=True, slots=True)
class IncomingRow:
    """Resources that lead here by one property: those that are shown, and how many there are."""

    property: Link
    values: Sequence[Link]
    total: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Incoming(Block):
    """Where else the resource is mentioned."""

    rows: Sequence[IncomingRow]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rest(Block):
    """What no other block shows, by resource."""

    nodes: Sequence[Node]
