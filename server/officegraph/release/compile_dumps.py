"""Compile the dumps of a release, and the file that its store is loaded from.

First every slice of every graph is written, in several formats at once; then the slices are joined and
compressed. Nothing is ever held as a whole.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from operator import itemgetter
from pathlib import Path
from typing import Final

from pyoxigraph import NamedNode

from officegraph.model.dataset import GraphName
from officegraph.model.formats import JSON_LD, N_QUADS, N_TRIPLES, RDF_XML, TRIG, TURTLE, Format
from officegraph.release import dumps
from officegraph.release.compile_schemes import SchemeCompiler
from officegraph.release.dumps import Content, file_name
from officegraph.release.parallel import processors
from officegraph.release.slices import SLICE, Arrangement, Joined, Output, subject_order
from officegraph.vocabulary.encoded import BLANK, IRI, TRIPLE_TERM, EncodedGraph
from officegraph.vocabulary.write.json_ld import ClashError, JsonLdWriter, json_ld_of
from officegraph.vocabulary.write.order import TYPE
from officegraph.vocabulary.write.parts import Names, PartWriter
from officegraph.vocabulary.write.rdf_xml import RdfXmlWriter
from officegraph.vocabulary.write.terms import blank_nodes_within, natural
from officegraph.vocabulary.write.turtle import TurtleWriter

PARTS: Final = ".parts"
"""Folder of what is not joined yet; it is removed at the end."""

_JOBS: Final = 16
"""Jobs for each processor, at most: many share the load evenly, but each costs a process."""

_INDENT: Final = "    "

Job = Callable[[], None]
_Task = tuple[int, Job]
"""Statements to write, and what writes them."""


class DumpCompiler:
    """Writes the dumps of a release.

    Args:
        content: What the dumps are made of.
        folder: Where they are written.
    """

    def __init__(self, content: Content, folder: Path) -> None:
        self._content = content
        self._folder = folder
        self._parts = folder / PARTS
        self._parts.mkdir()
        order = subject_order([content.default, *content.graphs.values()])
        self._default = Arrangement(content.default, order=order)
        self._default_slices = self._default.slices()
        self._schemes = SchemeCompiler(content, folder, self._parts, self._default.tangled)
        self._numbers_namespaces = _numbers_namespaces(content.default, content.prefixes)
        # N-Quads and TriG carry the default graph only where it is not the merge of the others.
        own = content.default if content.quads else EncodedGraph(content.default.terms, ())
        shared = _shared_blank_nodes([own, *content.graphs.values()], content.graphs)
        self._trig: list[tuple[GraphName | None, Arrangement]] = [(None, Arrangement(own, shared=shared, order=order))]
        for name, graph in sorted(content.graphs.items(), key=lambda item: natural(str(item[0]))):
            self._trig.append((name, Arrangement(graph, shared=shared, order=order)))
        self._trig_slices = [arrangement.slices() for _, arrangement in self._trig]

    def slices(self) -> list[Job]:
        """Return the jobs that write the slices, and what needs no joining; they do not depend on each other."""
        content = self._content
        everything = len(content.default) + sum(map(len, content.graphs.values()))
        tasks: list[_Task] = [(everything, self._n_quads)]
        tasks += [(2 * content.scheme_triples(iri), self._schemes.write_apart(iri)) for iri in self._schemes.apart]
        tasks.append((len(content.default), self._n_triples))
        if self._numbers_namespaces:
            tasks.append((len(content.default), self._rdf_xml))
        for number, subjects in enumerate(self._default_slices):
            tasks.append((4 * self._default.statements(subjects), self._default_slice(number)))
        for graph, slices in enumerate(self._trig_slices):
            for number, subjects in enumerate(slices):
                tasks.append((self._trig[graph][1].statements(subjects), self._trig_slice(graph, number)))
        least = max(SLICE, sum(weight for weight, _ in tasks) // (_JOBS * processors()))
        return list(_together(tasks, least))

    def joins(self) -> list[Job]:
        """Return the jobs that join and compress what the slices hold; they do not depend on each other."""
        return [
            lambda: self._compress(N_QUADS),
            lambda: self._compress(N_TRIPLES),
            lambda: self._join_default(RDF_XML),
            lambda: self._join_default(TURTLE),
            lambda: self._join_default(JSON_LD),
            self._join_trig,
            self._schemes.join,
        ]

    def finish(self) -> dict[str, int]:
        """Remove what was joined.

        Returns:
            Statements in the file in one language of each scheme that has one.
        """
        spoken = self._schemes.spoken()
        shutil.rmtree(self._parts)
        return spoken

    def _part(self, kind: str, number: int) -> Path:
        return self._parts / f"{kind}-{number:06}"

    # Slices of the default graph

    def _default_slice(self, number: int) -> Job:
        prefixes = self._content.prefixes

        def write() -> None:
            outputs = [
                self._schemes.output(number, self._part(TURTLE.extension, number)),
                Output(self._part(JSON_LD.extension, number), JsonLdWriter(prefixes)),
            ]
            if not self._numbers_namespaces:
                outputs.append(Output(self._part(RDF_XML.extension, number), RdfXmlWriter(prefixes)))
            _write(self._default, self._default_slices[number], outputs)

        return write

    def _rdf_xml(self) -> None:
        """Write all of RDF/XML with one writer, which numbers namespaces as it meets them."""
        writer = RdfXmlWriter(self._content.prefixes)
        for number, subjects in enumerate(self._default_slices):
            _write(self._default, subjects, [Output(self._part(RDF_XML.extension, number), writer)])

    def _join_default(self, format_: Format) -> None:
        path = self._folder / file_name(self._content, format_)
        joined = Joined(self._part(format_.extension, number) for number in range(len(self._default_slices)))
        if joined.reason is not None:
            path.with_name(path.name + dumps.UNAVAILABLE).write_text(joined.reason, encoding="utf-8")
            return
        writer = _WRITERS[format_](self._content.prefixes)
        with path.open("wb") as file:
            # A JSON-LD document of one node has a layout of its own.
            head = _head(writer, joined.names) if format_ is not JSON_LD or joined.parts > 1 else None
            if head is None:
                file.write(json_ld_of(self._content.default.lines(), self._content.prefixes).encode())
            else:
                file.write(head.encode())
                joined.write(file, writer.separator)
                file.write(writer.tail.encode())
        dumps.compress(path, path.stat().st_size)

    # Slices of the named graphs

    def _trig_slice(self, graph: int, number: int) -> Job:
        def write() -> None:
            name, arrangement = self._trig[graph]
            writer = TurtleWriter(self._content.prefixes, "" if name is None else _INDENT)
            output = Output(self._part(f"{TRIG.extension}-{graph}", number), writer)
            _write(arrangement, self._trig_slices[graph][number], [output])

        return write

    def _join_trig(self) -> None:
        path = self._folder / file_name(self._content, TRIG)
        writer = TurtleWriter(self._content.prefixes)
        graphs = [
            (name, Joined(self._part(f"{TRIG.extension}-{graph}", number) for number in range(len(slices))))
            for graph, ((name, _), slices) in enumerate(zip(self._trig, self._trig_slices, strict=True))
        ]
        openings = [None if name is None else writer.opening(str(name)) for name, _ in graphs]
        names: Names = frozenset().union(
            *(joined.names for _, joined in graphs), *(opening.names for opening in openings if opening is not None)
        )
        with path.open("wb") as file:
            file.write(writer.head(names).encode())
            between = b""
            for opening, (_, joined) in zip(openings, graphs, strict=True):
                if opening is None and not joined.parts:
                    continue
                file.write(between)
                between = writer.separator.encode()
                file.write(opening.text.encode() if opening is not None else b"")
                joined.write(file, writer.separator)
                file.write(b"}\n" if opening is not None else b"")
        dumps.compress(path, path.stat().st_size)

    # Lines

    def _n_triples(self) -> None:
        with (self._folder / file_name(self._content, N_TRIPLES)).open("w", encoding="utf-8") as file:
            graph = self._content.default
            for start in range(0, len(graph), SLICE):
                file.writelines(f"{line}\n" for line in graph.lines(start, start + SLICE))

    def _n_quads(self) -> None:
        graphs: list[tuple[str, EncodedGraph]] = [(f" {name} .\n", g) for name, g in self._content.graphs.items()]
        if self._content.quads:
            graphs.append((" .\n", self._content.default))
        _write_quads(self._folder / file_name(self._content, N_QUADS), graphs)

    def write_quads(self, path: Path) -> None:
        """Write the default graph and the named graphs as N-Quads, which the store is loaded from."""
        graphs = [(f" {name} .\n", graph) for name, graph in self._content.graphs.items()]
        _write_quads(path, [(" .\n", self._content.default), *graphs])

    def _compress(self, format_: Format) -> None:
        path = self._folder / file_name(self._content, format_)
        dumps.compress(path, path.stat().st_size)


_WRITERS: Final[Mapping[Format, Callable[[Mapping[str, str]], PartWriter]]] = {
    TURTLE: TurtleWriter,
    RDF_XML: RdfXmlWriter,
    JSON_LD: JsonLdWriter,
}


def _head(writer: PartWriter, names: Names) -> str | None:
    """Return the head of a document, or ``None`` if parts that were written apart cannot be in one."""
    try:
        return writer.head(names)
    except ClashError:
        return None


def _write(arrangement: Arrangement, subjects: Sequence[int] | None, outputs: Sequence[Output]) -> None:
    if subjects is not None and arrangement.tangled.isdisjoint(subjects):
        for graph, subject, _ in arrangement.entries(subjects):
            for output in outputs:
                output.write(graph, subject)
    else:
        # Which blank nodes have been written differs by format.
        for output in outputs:
            for graph, subject, keep in arrangement.entries(subjects):
                output.write(graph, subject, keep=keep)
    for output in outputs:
        output.close()


def _write_quads(path: Path, graphs: Sequence[tuple[str, EncodedGraph]]) -> None:
    """Write ``graphs`` as ordered N-Quads; each with what stands after the object in its lines."""
    path.parent.mkdir(exist_ok=True)
    endings = [ending for ending, _ in sorted(graphs, key=itemgetter(0))]
    # The space and the full stop of the default graph come before the name of any graph.
    spans: dict[int, list[tuple[int, EncodedGraph, int, int]]] = {}
    for ending, graph in graphs:
        number = endings.index(ending)
        for subject, (start, end) in graph.spans.items():
            spans.setdefault(subject, []).append((number, graph, start, end))
    with path.open("w", encoding="utf-8") as file:
        for subject in sorted(spans):
            found = spans[subject]
            texts = found[0][1].terms.texts
            quads = [
                (p, o, number)
                for number, graph, start, end in found
                for p, o in zip(graph.predicates[start:end], graph.objects[start:end], strict=True)
            ]
            if len(found) > 1:
                quads.sort()
            name = texts[subject]
            file.writelines([f"{name} {texts[p]} {texts[o]}{endings[number]}" for p, o, number in quads])


def _together(tasks: Iterable[_Task], least: int) -> Iterator[Job]:
    """Yield jobs that are worth a process each, with ``least`` statements, those that take longest first."""

    def job(bundle: Sequence[Job]) -> Job:
        def run() -> None:
            for one in bundle:
                one()

        return run

    bundle: list[Job] = []
    statements = 0
    for weight, task in sorted(tasks, key=itemgetter(0), reverse=True):
        bundle.append(task)
        statements += weight
        if statements >= least:
            yield job(bundle)
            bundle, statements = [], 0
    if bundle:
        yield job(bundle)


def _numbers_namespaces(graph: EncodedGraph, prefixes: Mapping[str, str]) -> bool:
    """Return whether RDF/XML may have to make up prefixes, which it numbers from the beginning to the end."""
    terms = graph.terms
    type_ = terms.find(TYPE)
    used = set(graph.predicates)
    if type_ is not None:
        used |= {o for p, o in zip(graph.predicates, graph.objects, strict=True) if p == type_}
    writer = RdfXmlWriter(prefixes)
    for number in sorted(used):
        if terms.kinds[number] == IRI:
            writer.element(terms.texts[number])
    return bool(writer.numbered)


def _shared_blank_nodes(graphs: Iterable[EncodedGraph], names: Iterable[GraphName]) -> set[str]:
    """Return the blank nodes that name a graph or are in more than one of ``graphs``."""
    seen: set[str] = set()
    shared = {str(name) for name in names if not isinstance(name, NamedNode)}
    for graph in graphs:
        texts, kinds = graph.terms.texts, graph.terms.kinds
        mentioned: set[str] = set()
        for number in {*graph.spans, *graph.objects}:
            if kinds[number] == BLANK:
                mentioned.add(texts[number])
            elif kinds[number] == TRIPLE_TERM:
                mentioned.update(blank_nodes_within(texts[number]))
        shared |= mentioned & seen
        seen |= mentioned
    return shared
