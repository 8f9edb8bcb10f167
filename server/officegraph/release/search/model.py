"""What is asked of the search, and what it answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum, StrEnum
from typing import Final

from officegraph.model.labels import Label


class Kind(StrEnum):
    """What sort of thing a resource is; the first sorts first among equal matches."""

    CONCEPT = "concept"
    COLLECTION = "collection"
    SCHEME = "scheme"
    TERM = "term"
    ENTRY = "entry"
    RESOURCE = "resource"


class Property(IntEnum):
    """What a text is to its resource; the first sorts first."""

    PREFERRED = 0
    ALTERNATIVE = 1
    ABBREVIATION = 2
    HIDDEN = 3
    NOTATION = 4
    DEFINITION = 5
    NOTE = 6

    @property
    def is_label(self) -> bool:
        """Whether the text names the resource."""
        return self < Property.DEFINITION


class MatchKind(IntEnum):
    """How a resource matches; the first sorts first.

    Attributes:
        PREFERRED: The preferred label is what was asked for.
        ALTERNATIVE: An alternative label or abbreviation is.
        HIDDEN: A hidden label or notation is.
        SPELLING: A label is what was asked for, spelled otherwise or in the singular.
        PREFIX: A preferred label begins with it.
        WORDS: All words are in the labels of one language; the last may be the beginning of a word.
        INFIX: All words are within words of the labels of one language.
        NOTE: All words are in the labels, definitions and notes of one language.
        SIMILAR: A label is similar.
        LISTED: Nothing was asked for, and the filters let it through.
    """

    PREFERRED = 0
    ALTERNATIVE = 1
    HIDDEN = 2
    SPELLING = 3
    PREFIX = 4
    WORDS = 5
    INFIX = 6
    NOTE = 7
    SIMILAR = 8
    LISTED = 9


LONGEST_TEXT: Final = 256
"""Characters of a question that are looked at."""

MOST_WORDS: Final = 12
"""Words of a question that are looked for."""

LARGEST_LIMIT: Final = 1000
"""Hits in one answer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchRequest:
    """What to search for.

    The values of one filter are alternatives; different filters all hold.

    Attributes:
        text: What was typed: any string. What is longer than :data:`LONGEST_TEXT` is cut.
        languages: Language ranges of the reader (RFC 4647, section 2.1), the most wanted first: what matches in one of
            them comes first.
        prefix: Whether the last word may be the beginning of one.
        notes: Whether definitions and notes are searched.
        similar: Whether to look for similar labels where few others match.
        kinds: Kinds to limit the result to.
        types: IRIs of classes to limit it to.
        schemes: IRIs of concept schemes to limit it to.
        offices: IRIs of offices to limit it to.
        segments: IRIs of segments to limit it to.
        in_languages: Language ranges that what matches must be in (basic filtering, RFC 4647, section 3.3.1).
        deprecated: Whether deprecated resources are found.
        facets: Whether to count facets.
        definitions: Whether hits come with a definition.
        offset: How many hits to leave out.
        limit: How many hits to return at most.

    Raises:
        ValueError: ``offset`` or ``limit`` is negative, or ``limit`` is above :data:`LARGEST_LIMIT`.
    """

    text: str
    languages: tuple[str, ...] = ()
    prefix: bool = True
    notes: bool = True
    similar: bool = True
    kinds: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    schemes: tuple[str, ...] = ()
    offices: tuple[str, ...] = ()
    segments: tuple[str, ...] = ()
    in_languages: tuple[str, ...] = ()
    deprecated: bool = False
    facets: bool = True
    definitions: bool = False
    offset: int = 0
    limit: int = 20

    def __post_init__(self) -> None:
        if self.offset < 0:
            raise ValueError("the offset must not be negative")
        if not 0 <= self.limit <= LARGEST_LIMIT:
            raise ValueError(f"the limit must be from 0 to {LARGEST_LIMIT}")

    @property
    def is_limited(self) -> bool:
        """Whether any filter limits what resources are found."""
        return any((self.kinds, self.types, self.schemes, self.offices, self.segments))


@dataclass(frozen=True, slots=True)
class Match:
    """The text that matches, and where.

    Attributes:
        property: What the text is to the resource.
        text: The text.
        language: Its language tag as the sources spell it; empty for a plain string.
        spans: Begin and end of what matches, as positions of characters in ``text``, in order, not overlapping.
    """

    property: Property
    text: str
    language: str
    spans: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Features:
    """What the score of a hit is made of.

    Attributes:
        kind: How it matches.
        language: Place of the language of the match among those wanted: 0 for the most wanted or none, then the
            others, the fallback language, and last all other languages.
        whole_words: Whether whole words match, not beginnings or parts of words.
        preferred: Whether all words are in preferred labels.
        similarity: How similar the label is to what was asked for, from 0 to 1.
    """

    kind: MatchKind
    language: int
    whole_words: bool
    preferred: bool
    similarity: float


@dataclass(frozen=True, slots=True)
class Hit:
    """A resource that matches.

    Attributes:
        iri: Its IRI.
        kind: What sort of thing it is.
        types: IRIs of its classes.
        schemes: IRIs of its concept schemes.
        offices: IRIs of the offices that it is usually placed in.
        segments: IRIs of the segments that it is placed in.
        deprecated: Whether it is deprecated.
        label: Its label for the reader; see ``model.labels``.
        match: The text that matches.
        score: From 0 to 100; never higher than that of the hit before.
        features: What the score is made of.
        definition: A definition for the reader, if the request asks for one and there is one.
    """

    iri: str
    kind: Kind
    types: tuple[str, ...]
    schemes: tuple[str, ...]
    offices: tuple[str, ...]
    segments: tuple[str, ...]
    deprecated: bool
    label: Label
    match: Match
    score: float
    features: Features
    definition: Label | None = None


@dataclass(frozen=True, slots=True)
class FacetCount:
    """How many resources of a result have a value.

    Attributes:
        value: A kind, an IRI, or a language tag.
        count: The resources.
    """

    value: str
    count: int


FACETS: Final = ("kind", "type", "scheme", "office", "segment", "language")
"""What a result is counted by. Language is that of the texts that match."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchResult:
    """What was found.

    Attributes:
        total: Resources that match, whatever ``offset`` and ``limit``.
        hits: The hits asked for, the best first, one for each resource.
        facets: Counts over the whole result by facet, the highest first; see :data:`FACETS`. Facets without a value
            in the whole release are left out; so are values that no resource of the result has.
        similar: How many of the resources are only similar to what was asked for.
    """

    total: int
    hits: tuple[Hit, ...]
    facets: Mapping[str, tuple[FacetCount, ...]] = field(default_factory=dict)
    similar: int = 0
