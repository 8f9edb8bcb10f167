"""Graphs as numbers: each term stands once, as text, and a statement is three numbers.

What a release is compiled from is looked at many times: counted, described, written in every format. Terms
as objects would take a kilobyte a statement then; numbers take twelve bytes, can be compared and
sorted at once, and are shared by processes without being copied.

Numbers follow the order of the terms as texts by code point. So statements in the order of their
numbers are lines of N-Triples in the order of the lines.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain, count, islice
from typing import Final

from pyoxigraph import RdfFormat, Triple, parse

from officegraph.model.dataset import GraphName
from officegraph.vocabulary.statements import lines
from officegraph.vocabulary.write.terms import respelled

IRI: Final = 0
BLANK: Final = 1
LITERAL: Final = 2
TRIPLE_TERM: Final = 3

_KINDS: Final = {"<": IRI, "_": BLANK, '"': LITERAL}
_CHUNK: Final = 10_000


class Terms(Sequence[str]):
    """The terms of a dataset in N-Triples, ordered by code point, with language tags as they were spelled.

    Attributes:
        texts: The terms; the place of a term is its number.
        kinds: What each term is: :data:`IRI`, :data:`BLANK`, :data:`LITERAL` or :data:`TRIPLE_TERM`.
    """

    __slots__ = ("kinds", "texts")

    def __init__(self, texts: list[str]) -> None:
        """Take ``texts``, which are in order and do not repeat."""
        self.texts = texts
        self.kinds = bytes(TRIPLE_TERM if text.startswith("<<") else _KINDS[text[0]] for text in texts)

    def find(self, text: object) -> int | None:
        """Return the number of the term ``text``, or of a term of ``pyoxigraph``; ``None`` if it is not in use."""
        wanted = str(text)
        number = bisect_left(self.texts, wanted)
        return number if number < len(self.texts) and self.texts[number] == wanted else None

    def find_all(self, terms: Iterable[object]) -> set[int]:
        """Return the numbers of those of ``terms`` that are in use."""
        return {number for term in terms if (number := self.find(term)) is not None}

    def __getitem__(self, number):  # type: ignore[no-untyped-def]  # as that of list
        return self.texts[number]

    def __len__(self) -> int:
        return len(self.texts)


class EncodedGraph:
    """A graph whose statements are numbers of terms, in order.

    It is a collection of triples, too: iterating makes them anew, with language tags in lower case.

    Attributes:
        terms: The terms.
        subjects: Subject of each statement.
        predicates: Its predicate.
        objects: Its object.
        spans: Where the statements of each subject begin and end, by subject, in order.
    """

    __slots__ = ("objects", "predicates", "spans", "subjects", "terms")

    def __init__(self, terms: Terms, keys: Iterable[int]) -> None:
        """Take the statements that ``keys`` stand for, ordered and without repetition; see :func:`_key_bits`."""
        self.terms = terms
        bits = _key_bits(len(terms))
        mask = (1 << bits) - 1
        self.subjects = array("I")
        self.predicates = array("I")
        self.objects = array("I")
        rest = iter(keys)
        while chunk := list(islice(rest, _CHUNK)):
            self.subjects.extend([key >> (2 * bits) for key in chunk])
            self.predicates.extend([key >> bits & mask for key in chunk])
            self.objects.extend([key & mask for key in chunk])
        self.spans: dict[int, tuple[int, int]] = {}
        start, before = 0, -1
        for position, subject in enumerate(self.subjects):
            if subject != before:
                if before >= 0:
                    self.spans[before] = (start, position)
                start, before = position, subject
        if before >= 0:
            self.spans[before] = (start, len(self.subjects))

    def line(self, position: int) -> str:
        """Return the statement at ``position`` in N-Triples, without the line break."""
        texts = self.terms.texts
        return f"{texts[self.subjects[position]]} {texts[self.predicates[position]]} {texts[self.objects[position]]} ."

    def lines(self, start: int = 0, end: int | None = None) -> list[str]:
        """Return the statements from ``start`` to ``end`` in N-Triples, without line breaks."""
        texts = self.terms.texts
        columns = (self.subjects[start:end], self.predicates[start:end], self.objects[start:end])
        return [f"{texts[s]} {texts[p]} {texts[o]} ." for s, p, o in zip(*columns, strict=True)]

    def about(self, subject: int) -> list[Triple]:
        """Return the statements about ``subject`` as triples."""
        lines = self.lines(*self.spans.get(subject, (0, 0)))
        return [quad.triple for quad in parse("\n".join([*lines, ""]).encode(), format=RdfFormat.N_TRIPLES)]

    def __len__(self) -> int:
        return len(self.subjects)

    def __iter__(self) -> Iterator[Triple]:
        for start in range(0, len(self), _CHUNK):
            text = "\n".join([*self.lines(start, start + _CHUNK), ""])
            for quad in parse(text.encode(), format=RdfFormat.N_TRIPLES):
                yield quad.triple

    def has_same_statements(self, other: EncodedGraph) -> bool:
        """Return whether the graph has the very statements of ``other``, which has the same terms."""
        mine, others = ((g.subjects, g.predicates, g.objects) for g in (self, other))
        return mine == others

    def renumbered(self, terms: Terms, numbers: Sequence[int]) -> EncodedGraph:
        """Return the graph with ``terms``, where the number of each term is that in ``numbers``, in the same order."""
        graph = EncodedGraph.__new__(EncodedGraph)
        graph.terms = terms
        for column in ("subjects", "predicates", "objects"):
            setattr(graph, column, array("I", map(numbers.__getitem__, getattr(self, column))))
        graph.spans = {numbers[subject]: span for subject, span in self.spans.items()}
        return graph


class Encoder:
    """Gives numbers to the terms of several graphs.

    Args:
        language_tags: Spelling of language tags, by the tag in lower case.
    """

    def __init__(self, language_tags: Mapping[str, str]) -> None:
        self._spellings = {tag: spelling for tag, spelling in language_tags.items() if tag != spelling}
        self._numbers = _numbering()
        self._drafts: dict[GraphName, array[int]] = {}

    def add(self, name: GraphName, triples: Iterable[Triple]) -> int:
        """Add ``triples`` to the graph ``name``, and return how many these are."""
        draft = self._drafts.setdefault(name, array("I"))
        before = len(draft)
        _number(lines(triples), self._numbers, draft)
        return (len(draft) - before) // 3

    def finish(self) -> dict[GraphName, EncodedGraph]:
        """Return the graphs, and forget them."""
        texts = [_spelled(text, self._spellings) for text in self._numbers]
        self._numbers = _numbering()
        order = sorted(range(len(texts)), key=texts.__getitem__)
        places = array("I", bytes(4 * len(order)))
        for place, number in enumerate(order):
            places[number] = place
        terms = Terms([texts[number] for number in order])
        del texts, order
        graphs: dict[GraphName, EncodedGraph] = {}
        while self._drafts:
            name = next(iter(self._drafts))
            graphs[name] = EncodedGraph(terms, _keys(self._drafts.pop(name), places, len(terms)))
        return graphs


def _numbering() -> defaultdict[str, int]:
    """Return what gives each text that it is asked for a number, from 0 on, in order of first mention."""
    return defaultdict(count().__next__)


def _number(found: Iterable[str], numbers: defaultdict[str, int], draft: array[int]) -> None:
    rest = iter(found)
    while chunk := list(islice(rest, _CHUNK)):
        draft.extend([numbers[term] for line in chunk for term in line[:-2].split(" ", 2)])


def _spelled(text: str, spellings: Mapping[str, str]) -> str:
    return respelled(text, spellings) if spellings and text[0] in '"<' and '"@' in text else text


def _keys(draft: array[int], places: Sequence[int], terms: int) -> Iterable[int]:
    """Return the keys of the statements of ``draft``, ordered and without repetition."""
    bits = _key_bits(terms)
    columns = iter(map(places.__getitem__, draft))
    return _in_order([(s << bits | p) << bits | o for s, p, o in zip(columns, columns, columns, strict=True)])


def _in_order(keys: list[int]) -> Iterable[int]:
    # Keys that are mostly in order are sorted at once; a set would lose the order.
    keys.sort()
    return dict.fromkeys(keys)


def _key_bits(terms: int) -> int:
    """Return how many bits the number of a term takes in the key of a statement, which holds three of them."""
    return max(terms, 1).bit_length()


def merged(graphs: Sequence[EncodedGraph]) -> EncodedGraph:
    """Return the merge of ``graphs``, whose terms are the same object."""
    if len(graphs) == 1:
        return graphs[0]
    terms = graphs[0].terms if graphs else Terms([])
    bits = _key_bits(len(terms))
    keys: list[int] = []
    for graph in graphs:
        columns = zip(graph.subjects, graph.predicates, graph.objects, strict=True)
        keys += [(s << bits | p) << bits | o for s, p, o in columns]
    return EncodedGraph(terms, _in_order(keys))


def without(graph: EncodedGraph, other: EncodedGraph) -> EncodedGraph:
    """Return the statements of ``graph`` that ``other``, which has the same terms, does not have."""
    bits = _key_bits(len(graph.terms))
    kept: list[int] = []
    for subject, (start, end) in graph.spans.items():
        begin, stop = other.spans.get(subject, (0, 0))
        known = set(zip(other.predicates[begin:stop], other.objects[begin:stop], strict=True))
        said = zip(graph.predicates[start:end], graph.objects[start:end], strict=True)
        kept += [(subject << bits | p) << bits | o for p, o in said if (p, o) not in known]
    return EncodedGraph(graph.terms, kept)


def with_graph(
    graphs: Sequence[EncodedGraph], triples: Iterable[Triple], language_tags: Mapping[str, str]
) -> tuple[list[EncodedGraph], EncodedGraph]:
    """Return ``graphs`` and the graph of ``triples``, all with the same terms: those of ``graphs`` and the new ones."""
    spellings = {tag: spelling for tag, spelling in language_tags.items() if tag != spelling}
    numbers = _numbering()
    draft = array("I")
    _number(lines(triples), numbers, draft)
    added = [_spelled(text, spellings) for text in numbers]
    before = graphs[0].terms if graphs else Terms([])
    fresh = sorted(text for text in added if before.find(text) is None)
    terms = Terms(sorted(chain(before.texts, fresh)))
    shifts = [bisect_left(before.texts, text) for text in fresh]
    moved = array("I")
    for shift, end in enumerate((*shifts, len(before))):
        moved.extend(range(len(moved) + shift, end + shift))
    places = [number for text in added if (number := terms.find(text)) is not None]
    return [graph.renumbered(terms, moved) for graph in graphs], EncodedGraph(terms, _keys(draft, places, len(terms)))
