"""Triples as text: a line of N-Triples tells more in less time than the terms of a triple one by one.

``pyoxigraph`` writes N-Triples in the canonical form of RDF 1.2, in which each term has exactly one
spelling, no blank stands within an IRI or a blank node, and no line break within a literal. So the terms
of a line can be told apart by splitting it, and compared as strings.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Final, NamedTuple

from pyoxigraph import RdfFormat, Triple, serialize

CHUNK: Final = 50_000
"""Triples that are turned into text at a time, which bounds the memory that this takes."""


class Statement(NamedTuple):
    """A triple, each term in N-Triples."""

    subject: str
    predicate: str
    object: str


def lines(triples: Iterable[Triple]) -> Iterator[str]:
    """Yield each of ``triples`` as a line of canonical N-Triples, with the dot but without the line break."""
    if isinstance(triples, Sequence) and len(triples) <= CHUNK:
        yield from _text(triples).split("\n")[:-1]
        return
    rest = iter(triples)
    while chunk := list(islice(rest, CHUNK)):
        yield from _text(chunk).split("\n")[:-1]


def _text(triples: Sequence[Triple]) -> str:
    return (serialize(triples, format=RdfFormat.N_TRIPLES) or b"").decode()


def split(line: str) -> Statement:
    """Return the terms of a line of canonical N-Triples.

    >>> split('<http://a> <http://b> "a text"@en .').object
    '"a text"@en'
    """
    return Statement._make(line[:-2].split(" ", 2))
