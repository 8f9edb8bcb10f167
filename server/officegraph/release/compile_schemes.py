"""Compile the files of single schemes.

What the file of a scheme says of a resource is what the dump of all says of it, to the letter, as long as no blank
node is mentioned. So such files take their parts from the slices of that dump while these are written; only the
others are written on their own.
"""

from __future__ import annotations

import json
from array import array
from collections.abc import Callable, Collection, Iterator
from pathlib import Path
from typing import Final

from pyoxigraph import NamedNode, RdfFormat, parse

from officegraph.model.formats import TURTLE
from officegraph.model.namespaces import SKOSXL
from officegraph.release.dumps import Content, file_name, language_slugs, scheme_slugs
from officegraph.release.single_language import in_language, spoken_properties
from officegraph.release.slices import Joined, Output
from officegraph.vocabulary.write import turtle
from officegraph.vocabulary.write.graph import Graph, Resource
from officegraph.vocabulary.write.parts import Part
from officegraph.vocabulary.write.turtle import TurtleWriter

_COUNT: Final = "count"
_EVERY: Final = "every"
_SPOKEN: Final = "spoken"
_ABOUT: Final = 0
"""Number of the slice with the resource that a file begins with; the slices of the dump follow."""


class SchemeCompiler:
    """Writes the file of each scheme, and that in one language alone where it speaks several.

    Args:
        content: What the dumps are made of.
        folder: Where the files are written.
        parts: Where what is not joined yet is written.
        tangled: Subjects in whose statements blank nodes or triple terms occur.
    """

    def __init__(self, content: Content, folder: Path, parts: Path, tangled: Collection[int]) -> None:
        self._content = content
        self._folder = folder
        self._parts = parts
        self._iris = list(content.schemes)
        self._slugs = scheme_slugs(self._iris)
        self._spoken_slugs = language_slugs(self._slugs, content.language)
        has_labels = content.default.terms.find(SKOSXL.literalForm) is not None
        apart = {iri for iri in self._iris if has_labels or not set(content.schemes[iri]).isdisjoint(tangled)}
        self.apart = [iri for iri in self._iris if iri in apart]
        self._shared = [number for number, iri in enumerate(self._iris) if iri not in apart]
        # A number for each subject, which stands for the schemes that it is in the files of.
        self._groups: list[tuple[int, ...]] = [()]
        self._owners = array("I", bytes(4 * len(content.default.terms) if self._shared else 0))
        known: dict[tuple[int, ...], int] = {(): 0}
        for number in self._shared:
            for subject in content.schemes[self._iris[number]]:
                group = (*self._groups[self._owners[subject]], number)
                if group not in known:
                    known[group] = len(self._groups)
                    self._groups.append(group)
                self._owners[subject] = known[group]

    def owners(self, subject: str) -> tuple[int, ...]:
        """Return the numbers of the schemes whose files take what the dump says of ``subject``."""
        number = self._content.default.terms.find(subject) if self._shared else None
        return () if number is None else self._groups[self._owners[number]]

    def output(self, number: int, path: Path) -> Output:
        """Return the output of slice ``number`` of the dump in Turtle, from which the files of schemes are made too."""
        writer = TurtleWriter(self._content.prefixes)
        return _SharedOutput(path, writer, self, number) if self._shared else Output(path, writer)

    def part_files(self, scheme: int, slice_number: int) -> tuple[Path, Path, Path]:
        """Return the files for the parts of a scheme, those in one language, and how many statements these have."""
        place = self._parts / f"scheme-{scheme}"
        place.mkdir(exist_ok=True)
        every, spoken, count = (place / f"{kind}-{slice_number:06}" for kind in (_EVERY, _SPOKEN, _COUNT))
        return every, spoken, count

    @property
    def language(self) -> str:
        """The language of the files in one language alone."""
        return self._content.language

    def slice_number(self, scheme: int, subject: str, number: int) -> int:
        """Return the slice in which ``subject`` of slice ``number`` of the dump is in the file of a scheme."""
        return _ABOUT if subject == f"<{self._iris[scheme]}>" else number + 1

    def write_apart(self, iri: str) -> Callable[[], None]:
        """Return the job that writes the file of a scheme that is in :attr:`apart`."""
        content = self._content

        def write() -> None:
            spans = content.default.spans
            lines = [line for s in sorted(content.schemes[iri]) for line in content.default.lines(*spans[s])]
            text = "\n".join([*lines, ""])
            triples = [quad.triple for quad in parse(text.encode(), format=RdfFormat.N_TRIPLES)]
            kept = in_language(triples, content.language)
            for target, said in zip(self._targets(iri), (triples, kept), strict=True):
                written = turtle(said, content.prefixes, content.language_tags, about=NamedNode(iri))
                target.write_text(written, encoding="utf-8", newline="")
            self._settle(iri, len(kept))

        return write

    def join(self) -> None:
        """Join what the slices hold of each scheme."""
        writer = TurtleWriter(self._content.prefixes)
        for number in self._shared:
            iri = self._iris[number]
            place = self._parts / f"scheme-{number}"
            for kind, target in zip((_EVERY, _SPOKEN), self._targets(iri), strict=True):
                joined = Joined(path for path in sorted(place.glob(f"{kind}-*")) if path.suffix != ".json")
                with target.open("wb") as file:
                    file.write(writer.head(joined.names).encode())
                    joined.write(file, writer.separator)
            self._settle(iri, sum(json.loads(path.read_bytes()) for path in place.glob(f"{_COUNT}-*")))

    def spoken(self) -> dict[str, int]:
        """Return how many statements the file in one language has, of each scheme that has one."""
        found = ((iri, self._parts / f"{slug}.{_SPOKEN}") for iri, slug in self._slugs.items())
        return {iri: json.loads(path.read_bytes()) for iri, path in found if path.exists()}

    def _targets(self, iri: str) -> Iterator[Path]:
        for slugs in (self._slugs, self._spoken_slugs):
            yield self._folder / file_name(self._content, TURTLE, slugs[iri])

    def _settle(self, iri: str, count: int) -> None:
        """Keep the file in one language only if it is another than that of the scheme; note its statements."""
        _, spoken = self._targets(iri)
        if count == self._content.scheme_triples(iri):
            spoken.unlink()  # the file of the scheme is in one language as it is
        else:
            (self._parts / f"{self._slugs[iri]}.{_SPOKEN}").write_text(json.dumps(count), encoding="utf-8")


class _SharedOutput(Output):
    """A slice of the dump in Turtle, whose parts go into the files of schemes as well."""

    def __init__(self, path: Path, writer: TurtleWriter, schemes: SchemeCompiler, number: int) -> None:
        super().__init__(path, writer)
        self._schemes = schemes
        self._number = number
        self._turtle = writer
        self._of_schemes: dict[tuple[int, int], tuple[Output, Output]] = {}
        self._counts: dict[tuple[int, int], int] = {}

    def write(self, graph: Graph, subject: str, *, keep: bool = True) -> Part | None:
        """Write what ``graph`` says of ``subject``."""
        part = super().write(graph, subject, keep=keep)
        schemes = self._schemes.owners(subject) if part is not None and keep else ()
        if part is None or not schemes:
            return part
        said = spoken_properties(graph.properties(subject), self._schemes.language)
        spoken = self._turtle.part(Resource(subject, said, 0), subject) if said else None
        count = sum(len(objects) for _, objects in said)
        for scheme in schemes:
            key = scheme, self._schemes.slice_number(scheme, subject, self._number)
            outputs = self._of_schemes.get(key)
            if outputs is None:
                every, one, _ = self._schemes.part_files(*key)
                outputs = self._of_schemes[key] = Output(every, self._turtle), Output(one, self._turtle)
            outputs[0].add(part)
            if spoken is not None:
                outputs[1].add(spoken)
            self._counts[key] = self._counts.get(key, 0) + count
        return part

    def close(self) -> None:
        """Close the files."""
        super().close()
        for key, outputs in self._of_schemes.items():
            for output in outputs:
                output.close()
            self._schemes.part_files(*key)[-1].write_text(json.dumps(self._counts[key]), encoding="utf-8")
