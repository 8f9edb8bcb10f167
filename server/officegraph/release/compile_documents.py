"""Compile the documents, labels and hierarchy of a release into its tables."""

from __future__ import annotations

import json
import struct
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Final

from pyoxigraph import NamedNode, Triple

from officegraph.model.formats import N_QUADS
from officegraph.model.labels import best_label
from officegraph.model.namespaces import SKOS
from officegraph.release.describing import Describer
from officegraph.release.documents import DOCUMENT_FORMATS, columns, encode_record
from officegraph.release.parallel import processors
from officegraph.release.table import TableWriter

FOLDER: Final = "documents"
DOCUMENTS_TABLE: Final = f"{FOLDER}/documents.table"
LABELS_TABLE: Final = f"{FOLDER}/labels.table"
CHILDREN_TABLE: Final = f"{FOLDER}/children.table"

PRECOMPUTED_DOCUMENTS: Final = 20_000
"""Documents of own resources up to which every representation is stored; above, one is, which the others
are made from. Of resources outside the base (the targets of mappings, say) only that one is ever stored."""

_SLICE: Final = 200
_FRAME: Final = struct.Struct("<II")


def stored_columns(documents: Iterable[str], base: str) -> list[str]:
    """Return the columns that the table of ``documents`` of a dataset at ``base`` stores."""
    if sum(iri.startswith(base) for iri in documents) <= PRECOMPUTED_DOCUMENTS:
        return columns(DOCUMENT_FORMATS, plain=True)
    return columns((N_QUADS,), plain=False)


def jobs(
    describer: Describer,
    stored: Sequence[str],
    prefixes: Mapping[str, str],
    language_tags: Mapping[str, str],
    folder: Path,
    base: str,
) -> list[Callable[[], None]]:
    """Return the jobs that write all records, each into a file of its own; :func:`join` joins these."""
    iris = list(describer.documents)
    width = max(_SLICE, -(-len(iris) // (4 * processors())))

    def job(number: int) -> Callable[[], None]:
        part = iris[number * width : (number + 1) * width]

        def write() -> None:
            with _part(folder, number).open("wb") as file:
                for iri in part:
                    described = describer.describe(iri)
                    own = iri.startswith(base)
                    record = encode_record(iri, described, stored, prefixes, language_tags, complete=own)
                    key = iri.encode()
                    file.write(_FRAME.pack(len(key), len(record)))
                    file.write(key)
                    file.write(record)

        return write

    return [job(number) for number in range(-(-len(iris) // width))]


def _part(folder: Path, number: int) -> Path:
    return folder / FOLDER / f"part-{number:06}"


def join(folder: Path) -> int:
    """Join the parts into the table of documents, and return how many documents it has."""
    with TableWriter(folder / DOCUMENTS_TABLE) as table:
        count = 0
        for part in sorted((folder / FOLDER).glob("part-*")):
            with part.open("rb") as file:
                while frame := file.read(_FRAME.size):
                    key_length, length = _FRAME.unpack(frame)
                    table.add(file.read(key_length).decode(), file.read(length))
                    count += 1
            part.unlink()
    return count


def write_labels(folder: Path, describer: Describer, language_tags: Mapping[str, str]) -> dict[str, dict[str, str]]:
    """Write the table of labels, and return it: label by language tag, by IRI."""
    labels: dict[str, dict[str, str]] = {}
    with TableWriter(folder / LABELS_TABLE) as table:
        for resources in describer.documents.values():
            for resource in resources:
                found = describer.labels(resource, language_tags)
                if found:
                    labels[resource.value] = found
                    table.add(resource.value, _json(found))
    return labels


def write_children(
    folder: Path, triples: Iterable[Triple], labels: Mapping[str, Mapping[str, str]], language: str
) -> None:
    """Write the table of narrower concepts and of top concepts, in the order of their labels.

    Args:
        folder: The release.
        triples: The default graph.
        labels: Labels, as :func:`write_labels` returns them.
        language: Language whose labels order the concepts.
    """
    children: dict[str, set[str]] = {}
    downwards = frozenset((SKOS.narrower, SKOS.hasTopConcept))
    upwards = frozenset((SKOS.broader, SKOS.topConceptOf))
    for subject, predicate, value in triples:
        if not isinstance(subject, NamedNode) or not isinstance(value, NamedNode):
            continue
        if predicate in downwards:
            children.setdefault(subject.value, set()).add(value.value)
        elif predicate in upwards:
            children.setdefault(value.value, set()).add(subject.value)

    def order(iri: str) -> tuple[str, str]:
        label = best_label(labels.get(iri, {}), (), language)
        return (label.text.casefold() if label is not None else iri, iri)

    with TableWriter(folder / CHILDREN_TABLE) as table:
        for parent in sorted(children):
            table.add(parent, _json(sorted(children[parent], key=order)))


def _json(content: object) -> bytes:
    return json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()
