"""Compile the documents, labels and hierarchy of a release into its tables."""

from __future__ import annotations

import json
import struct
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Final

from officegraph.model.labels import best_label
from officegraph.model.namespaces import SKOS
from officegraph.release.describing import Describer
from officegraph.release.documents import (
    CHILDREN_TABLE,
    DOCUMENT_FORMATS,
    DOCUMENTS_TABLE,
    FOLDER,
    LABELS_TABLE,
    SOURCE,
    columns,
    encode_record,
)
from officegraph.release.parallel import processors
from officegraph.release.rendering import Renderer
from officegraph.release.table import TableWriter
from officegraph.vocabulary.encoded import IRI

PRECOMPUTED_DOCUMENTS: Final = 20_000
"""Documents of own resources up to which every representation is stored; above, only what they are made from
when they are asked for. Of resources outside the base (the targets of mappings, say) only that one is ever stored."""

_SLICE: Final = 200
_JOBS: Final = 2
"""Jobs for each processor: more share the load more evenly, but what one has written the next does not know."""

_FRAME: Final = struct.Struct("<II")


def stored_columns(documents: Iterable[str], base: str) -> list[str]:
    """Return the columns that the table of ``documents`` of a dataset at ``base`` stores."""
    if sum(iri.startswith(base) for iri in documents) <= PRECOMPUTED_DOCUMENTS:
        return columns(DOCUMENT_FORMATS, plain=True)
    return [SOURCE]


def jobs(
    describer: Describer, renderer: Renderer, stored: Sequence[str], folder: Path, base: str
) -> list[Callable[[], None]]:
    """Return the jobs that write all records, each into a file of its own; :func:`join` joins these."""
    iris = list(describer.documents)
    width = max(_SLICE, -(-len(iris) // (_JOBS * processors())))

    def job(number: int) -> Callable[[], None]:
        part = iris[number * width : (number + 1) * width]

        def write() -> None:
            with _part(folder, number).open("wb") as file:
                for iri in part:
                    document = renderer.prepare(iri)
                    own = iri.startswith(base)
                    record = encode_record(document.write, stored, graphs=document.has_graphs, complete=own)
                    key = iri.encode()
                    file.write(_FRAME.pack(len(key), len(record)))
                    file.write(key)
                    file.write(record)

        return write

    return [job(number) for number in range(-(-len(iris) // width))]


def _part(folder: Path, number: int) -> Path:
    return folder / FOLDER / f"part-{number:06}"


def join(folder: Path) -> None:
    """Join the parts into the table of documents."""
    parts = sorted((folder / FOLDER).glob("part-*"))
    with _table(folder / DOCUMENTS_TABLE) as table:
        for part in parts:
            with part.open("rb") as file:
                while frame := file.read(_FRAME.size):
                    key_length, length = _FRAME.unpack(frame)
                    table.add(file.read(key_length).decode(), file.read(length))
    for part in parts:
        part.unlink()


def write_names(folder: Path, describer: Describer, language_tags: Mapping[str, str], language: str) -> None:
    """Write the table of labels, and that of narrower concepts and of top concepts in the order of their labels.

    Args:
        folder: The release.
        describer: The dataset.
        language_tags: Spelling of language tags.
        language: Language whose labels order the concepts.
    """
    terms = describer.terms
    orders: dict[int, str] = {}
    with _table(folder / LABELS_TABLE) as table:
        for resources in describer.documents.values():
            for resource in resources:
                found = describer.labels(resource, language_tags)
                label = best_label(found, (), language)
                if label is not None:
                    orders[resource] = label.text.casefold()
                    table.add(terms[resource][1:-1], _json(found))

    def order(concept: int) -> tuple[str, str]:
        iri = terms[concept][1:-1]
        return orders.get(concept, iri), iri

    children = _children(describer)
    with _table(folder / CHILDREN_TABLE) as table:
        for above, parent in sorted((terms[parent][1:-1], parent) for parent in children):
            table.add(above, _json([iri for _, iri in sorted(map(order, children[parent]))]))


def _children(describer: Describer) -> dict[int, set[int]]:
    """Return the narrower concepts of each concept and the top concepts of each scheme."""
    terms, kinds = describer.terms, describer.kinds
    children: dict[int, set[int]] = {}
    downwards = terms.find_all((SKOS.narrower, SKOS.hasTopConcept))
    upwards = terms.find_all((SKOS.broader, SKOS.topConceptOf))
    relevant = downwards | upwards
    for s, p, o in zip(describer.subjects, describer.predicates, describer.objects, strict=True):
        if p in relevant and kinds[s] == IRI and kinds[o] == IRI:
            above, below = (s, o) if p in downwards else (o, s)
            children.setdefault(above, set()).add(below)
    return children


def _table(path: Path) -> TableWriter:
    """Begin a table, from the start if an attempt before has failed."""
    path.unlink(missing_ok=True)
    return TableWriter(path)


def _json(content: object) -> bytes:
    return json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()
