"""An RDF dataset in memory, as read from sources: terms exactly as they were written."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

Subject = NamedNode | BlankNode
Term = NamedNode | BlankNode | Literal | Triple
GraphName = NamedNode | BlankNode


@dataclass(slots=True)
class Dataset:
    """Triples by graph, with what the parser does not keep in the terms.

    ``pyoxigraph`` keeps every lexical form but folds language tags to lower case (as RDF 1.1
    Concepts, section 3.3, permits). The spelling of the sources is kept beside the terms,
    and every writer puts it back.

    Attributes:
        default: Triples of the default graph, without repetition, in order of first mention.
        graphs: Triples of each named graph, likewise.
        prefixes: Prefixes that the sources declare, prefix to namespace.
        language_tags: Spelling of language tags, from the lower-cased tag to the tag as written
            (``{"en-gb": "en-GB"}``); a tag that is lower case in the sources may be left out.
        quads: Whether the dataset was given as quads, so that the default graph is not a merge.
    """

    default: list[Triple] = field(default_factory=list)
    graphs: dict[GraphName, list[Triple]] = field(default_factory=dict)
    prefixes: dict[str, str] = field(default_factory=dict)
    language_tags: dict[str, str] = field(default_factory=dict)
    quads: bool = False


def unique(triples: Iterable[Triple]) -> list[Triple]:
    """Return ``triples`` without repetition, in order of first mention."""
    return list(dict.fromkeys(triples))


def merge(graphs: Mapping[GraphName, Iterable[Triple]]) -> list[Triple]:
    """Return the RDF merge of ``graphs``; blank nodes are already apart, since reading renames them."""

    def triples() -> Iterator[Triple]:
        for graph in graphs.values():
            yield from graph

    return unique(triples())
