"""Write whole graphs a slice of resources at a time, so that neither time nor memory goes up with one format.

A slice is written into a file of its own, in every format that it is wanted in, by whichever process is
free; joining the files gives the very text that writing the graph in one go would give. Nothing is held but
the slice at work.
"""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import BinaryIO, Final

from officegraph.vocabulary.encoded import BLANK, IRI, TRIPLE_TERM, EncodedGraph
from officegraph.vocabulary.write.graph import Graph, Properties, Resource, arranged
from officegraph.vocabulary.write.order import RANKED, TYPE, rank
from officegraph.vocabulary.write.parts import Names, Part, PartWriter
from officegraph.vocabulary.write.terms import NotRepresentableError, natural

SLICE: Final = 20_000
"""Statements that a slice has at least, if the graph has as many."""

_OTHER: Final = 2
_TANGLING: Final = re.compile(bytes(f"[\\x{BLANK:02}\\x{TRIPLE_TERM:02}]", "ascii"))


class Arrangement:
    """A graph in the order in which it is written.

    Args:
        graph: The graph.
        shared: Blank nodes that are mentioned outside of the graph too.
        order: Place of each subject that is an IRI, as :func:`subject_order` returns it for several graphs at once.

    Attributes:
        graph: The graph.
        shared: Blank nodes that are mentioned elsewhere too.
        named: Subjects that are IRIs, in order.
        tangled: Subjects whose statements mention blank nodes or triple terms, or that are blank nodes.
    """

    def __init__(
        self, graph: EncodedGraph, *, shared: Iterable[str] = (), order: Mapping[int, int] | None = None
    ) -> None:
        self.graph = graph
        self.shared = frozenset(shared)
        kinds = graph.terms.kinds
        order = subject_order([graph]) if order is None else order
        self.tangled = set(entangled(graph))
        self._places = places = _places(graph)
        self.named = sorted(
            (subject for subject in graph.spans if kinds[subject] == IRI),
            key=lambda subject: (places.get(subject, _OTHER), order[subject]),
        )

    def slices(self) -> list[Sequence[int] | None]:
        """Return the subjects of each slice, at least one.

        ``None`` stands for the blank nodes that are written on their own, after all else.
        """
        found: list[Sequence[int] | None] = []
        start = statements = 0
        for index, subject in enumerate(self.named):
            begin, end = self.graph.spans[subject]
            statements += end - begin
            if statements >= SLICE:
                found.append(self.named[start : index + 1])
                start, statements = index + 1, 0
        if start < len(self.named):
            found.append(self.named[start:])
        if self.tangled or not found:
            found.append(None)
        return found

    def statements(self, subjects: Sequence[int] | None) -> int:
        """Return about how many statements a slice has."""
        spans = self.graph.spans
        return sum(
            spans[subject][1] - spans[subject][0] for subject in (self.tangled if subjects is None else subjects)
        )

    def entries(self, subjects: Sequence[int] | None) -> Iterator[tuple[Graph, str, bool]]:
        """Yield the graph to write each subject of a slice from, the subject, and whether to keep what is written.

        Each has to be written before the next is asked for.
        """
        texts = self.graph.terms.texts
        if subjects is None:
            # What stands within the resources with IRIs has to be known, though these were written before.
            tangled = self.tangle()
            for root in tangled.roots():
                yield tangled, root, root.startswith("_:")
            return
        tangled = Graph(()) if self.tangled.isdisjoint(subjects) else self.tangle()
        for subject in subjects:
            if subject in self.tangled:
                yield tangled, texts[subject], True
            else:
                yield self.resource(subject), texts[subject], True

    def resource(self, subject: int) -> Resource:
        """Return a subject that is not tangled."""
        place = self._places.get(subject, _OTHER)
        return Resource(self.graph.terms.texts[subject], self._properties(subject), place)

    def tangle(self) -> Graph:
        """Return the graph of the tangled subjects."""
        spans = [self.graph.spans[subject] for subject in sorted(self.tangled)]
        lines = [line for start, end in spans for line in self.graph.lines(start, end)]
        return Graph(lines, shared=self.shared)

    def _properties(self, subject: int) -> Properties:
        graph, texts = self.graph, self.graph.terms.texts
        start, end = graph.spans[subject]
        objects: dict[str, list[str]] = {}
        before = -1
        values: list[str] = []
        for predicate, value in zip(graph.predicates[start:end], graph.objects[start:end], strict=True):
            if predicate == before:
                values.append(texts[value])
            else:
                before = predicate
                objects[texts[predicate]] = values = [texts[value]]
        return arranged(objects)


def subject_order(graphs: Sequence[EncodedGraph]) -> dict[int, int]:
    """Return the place of each subject of ``graphs`` that is an IRI, by alphabet and the value of numbers."""
    terms = graphs[0].terms
    subjects = {subject for graph in graphs for subject in graph.spans if terms.kinds[subject] == IRI}
    ordered = sorted(subjects, key=lambda subject: natural(terms.texts[subject]))
    return {subject: place for place, subject in enumerate(ordered)}


def entangled(graph: EncodedGraph) -> Iterator[int]:
    """Yield the subjects that are blank nodes or have a statement that mentions one or a triple term."""
    kinds = graph.terms.kinds
    for match in _TANGLING.finditer(bytes(map(kinds.__getitem__, graph.objects))):
        yield graph.subjects[match.start()]
    yield from (subject for subject in graph.spans if kinds[subject] == BLANK)


def _places(graph: EncodedGraph) -> dict[int, int]:
    """Return the least rank of the types of each subject, where it is not that of most."""
    terms = graph.terms
    type_ = terms.find(TYPE)
    places: dict[int, int] = {}
    if type_ is None:
        return places
    ranks = {number: rank(type_text) for type_text in RANKED if (number := terms.find(type_text)) is not None}
    if ranks:
        for subject, predicate, value in zip(graph.subjects, graph.predicates, graph.objects, strict=True):
            if predicate == type_ and value in ranks:
                places[subject] = min(ranks[value], places.get(subject, _OTHER))
    return places


class Output:
    """Parts that are being written into a file, with the names that they use.

    Args:
        path: The file.
        writer: What writes the parts.
    """

    def __init__(self, path: Path, writer: PartWriter) -> None:
        self._path = path
        self._writer = writer
        self._reason: str | None = None
        self._names: set[Names] = set()
        self._parts = 0
        self._file = path.open("w", encoding="utf-8", newline="")

    def write(self, graph: Graph, subject: str, *, keep: bool = True) -> Part | None:
        """Write what ``graph`` says of ``subject``, and return it, unless the format has failed to say something."""
        if self._reason is not None:
            return None
        try:
            part = self._writer.part(graph, subject)
        except NotRepresentableError as error:
            self._reason = str(error)
            return None
        if keep:
            self.add(part)
        return part

    def add(self, part: Part) -> None:
        """Write ``part``, which is in the format already."""
        self._names.add(part.names)
        if self._parts:
            self._file.write(self._writer.separator)
        self._file.write(part.text)
        self._parts += 1

    def close(self) -> None:
        """Close the file, and write one beside it with what joining the files needs to know."""
        self._file.close()
        names: Names = frozenset().union(*self._names)
        known = json.dumps([self._parts, sorted(names), self._reason])
        _beside(self._path).write_text(known, encoding="utf-8")


def _beside(path: Path) -> Path:
    return path.with_name(f"{path.name}.json")


class Joined:
    """Files of parts, about to become one text.

    Args:
        paths: The files, in order.

    Attributes:
        parts: How many parts they have.
        names: The names that these use.
        reason: Why the format has no way to write one of them, if so.
    """

    def __init__(self, paths: Iterable[Path]) -> None:
        self.parts = 0
        self.reason: str | None = None
        self._paths: list[Path] = []
        names: set[tuple[str, str]] = set()
        for path in paths:
            parts, used, reason = json.loads(_beside(path).read_text(encoding="utf-8"))
            self.reason = self.reason or reason
            self.parts += parts
            names.update((name, meaning) for name, meaning in used)
            if parts:
                self._paths.append(path)
        self.names = frozenset(names)

    def write(self, target: BinaryIO, separator: str) -> None:
        """Write the parts."""
        between = b""
        for path in self._paths:
            target.write(between)
            between = separator.encode()
            with path.open("rb") as source:
                shutil.copyfileobj(source, target, 1 << 20)
