"""Write documents from encoded statements: what many documents say of a resource is written once.

Most of a document consists of the labels of the resources that it mentions, and these stand in hundreds of
documents alike. So the text of each resource is kept by which of its statements are in the document. Statements
with blank nodes are written anew in each document, since where a blank node stands depends on all of them.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Final

from pyoxigraph import RdfFormat, Triple, parse

from officegraph.model.dataset import GraphName
from officegraph.model.formats import CSV, JSON_LD, N_TRIPLES, RDF_XML, TURTLE, Format
from officegraph.model.namespaces import FOAF, RDF
from officegraph.release.describing import Describer
from officegraph.release.documents import Description, render
from officegraph.vocabulary.encoded import IRI, LITERAL
from officegraph.vocabulary.write.graph import Graph, Properties, Resource, arranged
from officegraph.vocabulary.write.json_ld import ClashError, JsonLdWriter, json_ld_of
from officegraph.vocabulary.write.order import TYPE, rank, subject_key
from officegraph.vocabulary.write.parts import Part, PartWriter
from officegraph.vocabulary.write.rdf_xml import RdfXmlWriter
from officegraph.vocabulary.write.table import CsvWriter
from officegraph.vocabulary.write.terms import NotRepresentableError
from officegraph.vocabulary.write.turtle import TurtleWriter

_KEPT: Final = 50_000
_OTHER: Final = 2
_ITSELF: Final = "_:document "

Entry = tuple[Graph, str]
"""A resource to write, and the graph that it is written from."""


class DependsOnDocumentError(Exception):
    """What is said of a resource is written in different ways in different documents."""


class _Block(Resource):
    """What some documents say of one resource, in the formats that it was written in."""

    def __init__(self, subject: str, properties: Properties, place: int) -> None:
        super().__init__(subject, properties, place)
        self.order = subject_key(subject, place, None)[1:]
        self.parts: dict[str, Part | Exception] = {}


class Renderer:
    """Writes the documents of a describer.

    Args:
        describer: What the documents say.
        prefixes: Prefixes that may be used.
        language_tags: Spelling of language tags.
        metadata: Predicate and object, in N-Triples, of each statement that every document makes about itself.
        names: Names of the graphs of the describer after the first; none if these are parts of the default graph.
    """

    def __init__(
        self,
        describer: Describer,
        prefixes: Mapping[str, str],
        language_tags: Mapping[str, str],
        *,
        metadata: Sequence[tuple[str, str]] = (),
        names: Sequence[GraphName] = (),
    ) -> None:
        self._describer = describer
        self._language_tags = language_tags
        self._names = names
        self._metadata = metadata
        self._prefixes = prefixes
        self._blocks: dict[tuple[int, ...], _Block] = {}
        self._writers: dict[str, PartWriter] = {
            TURTLE.extension: TurtleWriter(prefixes),
            RDF_XML.extension: RdfXmlWriter(prefixes),
            JSON_LD.extension: JsonLdWriter(prefixes),
            CSV.extension: CsvWriter(),
        }

    def prepare(self, iri: str) -> Prepared | PreparedDataset:
        """Return the document ``iri``, ready to be written in any format."""
        describer = self._describer
        positions = sorted(describer.describe(iri))
        if self._names and positions[-1] >= describer.ends[0]:
            return self._dataset(iri, positions)
        return Prepared(self, iri, positions, sorted(self._about_itself(describer.documents[iri])))

    def parts(self, positions: Iterable[int]) -> tuple[list[_Block], list[str]]:
        """Return the resources that can be written apart, and the statements that cannot."""
        subjects = self._describer.subjects
        by_subject: dict[int, list[int]] = {}
        for position in positions:
            by_subject.setdefault(subjects[position], []).append(position)
        blocks: list[_Block] = []
        tangled: list[str] = []
        for subject, statements in by_subject.items():
            if self._is_plain(subject, statements):
                blocks.append(self._block(subject, tuple(statements)))
            else:
                tangled.extend(self.lines(statements))
        return blocks, tangled

    def _dataset(self, iri: str, positions: Sequence[int]) -> PreparedDataset:
        ends = self._describer.ends
        description = Description()
        for number, (start, end) in enumerate(pairwise((0, *ends))):
            lines = self.lines(positions[bisect_left(positions, start) : bisect_left(positions, end)])
            if number == 0:
                description.default = _triples([*lines, *self._about_itself(self._describer.documents[iri])])
            elif lines:
                description.graphs[self._names[number - 1]] = _triples(lines)
        return PreparedDataset(iri, description, self._prefixes, self._language_tags)

    def _is_plain(self, subject: int, positions: Iterable[int]) -> bool:
        kinds, objects = self._describer.kinds, self._describer.objects
        return kinds[subject] == IRI and all(kinds[objects[at]] in (IRI, LITERAL) for at in positions)

    def lines(self, positions: Sequence[int]) -> list[str]:
        """Return the statements at ``positions``, which are in order, in N-Triples, ordered by code point."""
        describer = self._describer
        texts = describer.terms.texts
        subjects, predicates, objects = describer.subjects, describer.predicates, describer.objects
        lines = [f"{texts[subjects[at]]} {texts[predicates[at]]} {texts[objects[at]]} ." for at in positions]
        if positions and positions[-1] >= describer.ends[0]:
            lines.sort()
        return lines

    def _block(self, subject: int, positions: tuple[int, ...]) -> _Block:
        block = self._blocks.get(positions)
        if block is not None:
            return block
        describer = self._describer
        texts = describer.terms.texts
        statements = [(describer.predicates[at], describer.objects[at]) for at in positions]
        if positions[-1] >= describer.ends[0]:
            statements.sort()
        objects: dict[str, list[str]] = {}
        for predicate, value in statements:
            objects.setdefault(texts[predicate], []).append(texts[value])
        place = min(map(rank, objects.get(TYPE, ())), default=_OTHER)
        block = _Block(texts[subject], arranged(objects), place)
        if len(self._blocks) >= _KEPT:
            self._blocks.clear()
        self._blocks[positions] = block
        return block

    def _about_itself(self, resources: Sequence[int]) -> Iterator[str]:
        if not self._metadata:
            return
        texts = self._describer.terms.texts
        yield f"{_ITSELF}{RDF.type} {FOAF.Document} ."
        # The document's own IRI sorts before those with a fragment.
        if len(resources) == 1 or "#" not in texts[resources[0]]:
            yield f"{_ITSELF}{FOAF.primaryTopic} {texts[resources[0]]} ."
        for predicate, value in self._metadata:
            yield f"{_ITSELF}{predicate} {value} ."

    def part(self, block: _Block, extension: str) -> Part:
        """Return ``block`` in a format, written now or before.

        Raises:
            NotRepresentableError: The format has no way to write it.
            DependsOnDocumentError: It is not the same in every document.
        """
        found = block.parts.get(extension)
        if found is None:
            try:
                found = self.fresh_part(block, block.subject, extension)
            except (NotRepresentableError, DependsOnDocumentError) as error:
                found = error
            block.parts[extension] = found
        if isinstance(found, Exception):
            raise found
        return found

    def fresh_part(self, graph: Graph, subject: str, extension: str) -> Part:
        """Return what ``graph`` says of ``subject`` in a format.

        Raises:
            NotRepresentableError: The format has no way to write it.
            DependsOnDocumentError: It is not the same in every document.
        """
        writer = self._writers[extension]
        part = writer.part(graph, subject)
        if isinstance(writer, RdfXmlWriter) and writer.numbered:
            self._writers[extension] = RdfXmlWriter(self._prefixes)
            raise DependsOnDocumentError
        return part

    def write(self, prepared: Prepared, extension: str) -> str:
        """Return ``prepared`` in a format.

        Raises:
            NotRepresentableError: The format has no way to write it.
        """
        if extension == N_TRIPLES.extension:
            return prepared.n_triples()
        try:
            parts = [
                self.part(graph, extension) if isinstance(graph, _Block) else self.fresh_part(graph, subject, extension)
                for graph, subject in prepared.entries()
            ]
            # A JSON-LD document of one node has a layout of its own.
            if len(parts) > 1 or extension != JSON_LD.extension:
                return self._writers[extension].joined(parts)
        except (DependsOnDocumentError, ClashError):
            pass
        about, lines = prepared.about, prepared.lines()
        if extension == JSON_LD.extension:
            return json_ld_of(lines, self._prefixes, about=about)
        return RdfXmlWriter(self._prefixes).document(Graph(lines, about=about))


class Prepared:
    """A document that can be written in any format.

    Attributes:
        about: IRI of the document, in N-Triples.
    """

    has_graphs = False

    def __init__(self, renderer: Renderer, iri: str, positions: Sequence[int], itself: list[str]) -> None:
        self.about = f"<{iri}>"
        self._renderer = renderer
        self._positions = positions
        self._itself = itself
        self._arranged: tuple[list[_Block], list[str]] | None = None
        self._graph: Graph | None = None

    def _parts(self) -> tuple[list[_Block], list[str]]:
        """Return the resources that are written apart, in order, and the statements that are not."""
        if self._arranged is None:
            blocks, tangled = self._renderer.parts(self._positions)
            blocks.sort(key=lambda block: (block.subject != self.about, block.order))
            self._arranged = blocks, sorted([*tangled, *self._itself])
        return self._arranged

    def entries(self) -> Iterator[Entry]:
        """Yield what the document consists of, in order; each part has to be written before the next is asked for."""
        blocks, tangled = self._parts()
        graph = self._graph
        # Nothing is written within a document's statements of itself, so that they can be written again.
        if graph is None or len(tangled) > len(self._itself):
            graph = self._graph = Graph(tangled, about=self.about)
        waiting = iter(blocks)
        block = next(waiting, None)
        for root in graph.roots():
            named = not root.startswith("_:")
            while block is not None and not (named and graph.key(root) < (block.subject != self.about, *block.order)):
                yield block, block.subject
                block = next(waiting, None)
            yield graph, root
        while block is not None:
            yield block, block.subject
            block = next(waiting, None)

    def lines(self) -> list[str]:
        """Return the statements in N-Triples, ordered by code point."""
        lines = [*self._renderer.lines(self._positions), *self._itself]
        lines.sort()  # what is in order already takes next to no time
        return lines

    def n_triples(self) -> str:
        """Return the document in N-Triples."""
        return "\n".join([*self.lines(), ""])

    def write(self, format_: Format) -> bytes | None:
        """Return the document in a format without named graphs, or ``None`` if that cannot express it."""
        try:
            return self._renderer.write(self, format_.extension).encode()
        except NotRepresentableError:
            return None


class PreparedDataset:
    """A document with named graphs; there are few of these, so that they are not made of parts.

    Args:
        iri: IRI of the document.
        description: What it says.
        prefixes: Prefixes that may be used.
        language_tags: Spelling of language tags.
    """

    has_graphs = True

    def __init__(
        self, iri: str, description: Description, prefixes: Mapping[str, str], language_tags: Mapping[str, str]
    ) -> None:
        self._arguments = (prefixes, language_tags)
        self._iri = iri
        self._description = description

    def write(self, format_: Format) -> bytes | None:
        """Return the document in a format, or ``None`` if that cannot express it."""
        return render(self._iri, self._description, format_, *self._arguments)


def _triples(lines: Sequence[str]) -> list[Triple]:
    return [quad.triple for quad in parse("\n".join([*lines, ""]).encode(), format=RdfFormat.N_TRIPLES)]
