"""Find the files that a dataset is read from, and give each the name that its graph bears."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import quote

from officegraph.model.formats import JSON_LD, RDF_XML, SOURCE_EXTENSIONS, Format
from officegraph.vocabulary.errors import SourceError, SourceErrors

COMPRESSED: Final = ".gz"
"""Ending that a compressed source has after the ending of its format."""

_GENERIC: Final = {"json": (JSON_LD, b'"@'), "xml": (RDF_XML, b"http://www.w3.org/1999/02/22-rdf-syntax-ns#")}
"""Endings that other kinds of file share, and what the beginning of a source has that bears one."""

# RFC 3987 lets these stand in a path segment as they are; all other ASCII is percent-encoded.
_SEGMENT: Final = "/-._~!$&'()*+,;=:@"


@dataclass(frozen=True, slots=True)
class Source:
    """A file that triples are read from.

    Attributes:
        path: The file, as it was named.
        name: Relative path with ``/`` between its parts and without the ending: what the graph of the
            source is named after. No two sources of a dataset share a name.
        format: The format it is read as.
        compressed: Whether it is compressed with gzip.
    """

    path: Path
    name: str
    format: Format
    compressed: bool = False


def find_sources(paths: Sequence[Path]) -> list[Source]:
    """Return the sources at ``paths``, ordered by name.

    A folder stands for all files in it and its folders that have a known ending; hidden ones are
    left out. The names of its files begin with the name of the folder itself, so that names do
    not depend on where the folder lies. A file that is named twice is one source.

    Raises:
        SourceErrors: A path does not exist, has an ending that is not known or a name that is not UTF-8, or is a
            folder without sources; or there are no paths.
    """
    errors: list[SourceError] = []
    found: dict[Path, tuple[Path, str, str]] = {}
    for path in paths:
        try:
            for file, name in _files(path):
                _check_name(file, name)
                found.setdefault(file.resolve(), (file, *_split(name)))
        except SourceError as error:
            errors.append(error)
    if not paths:
        errors.append(SourceError(Path(), None, None, "no sources are given"))
    if errors:
        raise SourceErrors(errors)
    return _named(list(found.values()))


def _files(path: Path) -> Iterator[tuple[Path, str]]:
    """Yield the files that ``path`` stands for, each with its relative path."""
    if path.is_dir():
        root = path.resolve().name
        empty = True
        for folder, folders, files in os.walk(path, followlinks=False):
            folders[:] = [name for name in folders if not name.startswith(".")]
            for file in (Path(folder, name) for name in files if not name.startswith(".")):
                if _is_source(file):
                    empty = False
                    yield file, "/".join((root, *file.relative_to(path).parts)).lstrip("/")
        if empty:
            raise SourceError(path, None, None, f"the folder has no sources; their endings are {_endings()}")
    elif not path.exists():
        raise SourceError(path, None, None, "there is no such file or folder")
    elif _split(path.name)[1].removesuffix(COMPRESSED) not in SOURCE_EXTENSIONS:
        message = f"the ending does not say which format it is; known endings are {_endings()}"
        raise SourceError(path, None, None, message)
    else:
        yield path, path.name


def _check_name(file: Path, name: str) -> None:
    """Refuse a name that no IRI can hold: bytes that are not UTF-8 arrive as surrogates (PEP 383)."""
    if any("\ud800" <= character <= "\udfff" for character in name):
        raise SourceError(file, None, None, "the name of the file is not UTF-8, so that no graph can be named after it")


def _endings() -> str:
    return f"{', '.join(f'.{ending}' for ending in SOURCE_EXTENSIONS)}, and each with {COMPRESSED}"


def _is_source(file: Path) -> bool:
    """Return whether ``file``, met in a folder, is a source: by its ending, or by its content as well."""
    ending = _split(file.name)[1]
    if ending.removesuffix(COMPRESSED) not in SOURCE_EXTENSIONS or not file.is_file():
        return False
    if ending not in _GENERIC:
        return True
    with file.open("rb") as stream:
        return _GENERIC[ending][1] in stream.read(1 << 16)


def _split(name: str) -> tuple[str, str]:
    """Split ``name`` into what comes before its ending and the ending, in lower case.

    >>> _split("data/a.b.TTL.gz")
    ('data/a.b', 'ttl.gz')
    """
    stem, _, ending = name.rpartition(".")
    if f".{ending.lower()}" == COMPRESSED:
        stem, _, ending = stem.rpartition(".")
        return stem, ending.lower() + COMPRESSED
    return stem, ending.lower()


def _named(found: list[tuple[Path, str, str]]) -> list[Source]:
    """Return the sources, ordered by name, with names that tell them apart."""
    uses = Counter(stem for _, stem, _ in found)
    taken: set[str] = set()
    sources: list[Source] = []
    for path, stem, ending in sorted(found, key=lambda entry: (entry[1], entry[2], str(entry[0]))):
        wanted = name = stem if uses[stem] == 1 else f"{stem}.{ending}"
        number = 1
        while name in taken:
            number += 1
            name = f"{wanted}-{number}"
        taken.add(name)
        extension = ending.removesuffix(COMPRESSED)
        sources.append(Source(path, name, SOURCE_EXTENSIONS[extension], ending != extension))
    return sources


def graph_name(base: str, name: str) -> str:
    """Return the IRI of the graph of the source ``name`` of a dataset at ``base``.

    Characters that an IRI cannot hold are percent-encoded (RFC 3987, section 3.1); letters beyond
    ASCII stay as they are.

    >>> graph_name("https://w3id.org/officegraph/", "data/two words")
    'https://w3id.org/officegraph/graph/data/two%20words'
    """
    encoded = "".join(c if ord(c) > 0x9F and c.isalnum() else quote(c, safe=_SEGMENT) for c in name)
    return f"{base}graph/{encoded}"
