"""Files for download: the whole data set in every format, and each scheme in Turtle.

A scheme that speaks several languages has a second file in the default language alone, since some tools take no
more than one label and one definition for a concept.
"""

from __future__ import annotations

import gzip
import os
import re
import shutil
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Final

import zstandard

from officegraph.model.dataset import GraphName
from officegraph.model.formats import N_QUADS, RDF_FORMATS, TRIG, TURTLE, Format
from officegraph.release.manifest import Dump
from officegraph.release.parallel import processors
from officegraph.vocabulary.encoded import EncodedGraph

CHECKSUMS: Final = "SHA256SUMS"
"""Name of the file that ``sha256sum --check`` reads."""

UNAVAILABLE: Final = ".unavailable"
"""Ending of a file that says why there is no dump in a format; it is gone once that is known."""

_SMALL: Final = 8 * 1024 * 1024
"""Bytes up to which a dump is compressed as well as can be; beyond, it would take three times as long for a tenth."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """What the dumps are made of.

    Attributes:
        name: Short name, which the names of the files begin with.
        version: Version of the data.
        default: The default graph.
        graphs: The named graphs.
        quads: Whether the dataset was given as quads, so that the default graph is none of the merge.
        prefixes: Prefixes for the formats that have them.
        language_tags: Spelling of language tags.
        schemes: Subjects of the statements in the file of each concept scheme, by its IRI.
        language: Language of the files that have one only.
    """

    name: str
    version: str
    language: str
    default: EncodedGraph
    graphs: Mapping[GraphName, EncodedGraph]
    quads: bool
    prefixes: Mapping[str, str]
    language_tags: Mapping[str, str]
    schemes: Mapping[str, Sequence[int]]

    def scheme_triples(self, iri: str) -> int:
        """Return how many statements the file of a scheme holds."""
        spans = self.default.spans
        return sum(spans[subject][1] - spans[subject][0] for subject in self.schemes[iri])


def file_name(content: Content, format_: Format, part: str = "") -> str:
    """Return the name of a dump: ``officegraph-0.1.0.ttl``."""
    middle = f"-{part}" if part else ""
    return f"{content.name}-{content.version}{middle}.{format_.extension}"


def slug(text: str) -> str:
    """Return ``text`` as it may stand in a file name and a URL path, in lower case; empty if nothing is left.

    >>> slug("Öffice functions (draft)")
    'öffice-functions-draft'
    """
    return re.sub(r"[\W_]+", "-", text.casefold()).strip("-")[:60].rstrip("-")


def scheme_slugs(schemes: Sequence[str]) -> dict[str, str]:
    """Return a short name for each scheme, taken from the last part of its IRI; no two are the same."""
    names: dict[str, str] = {}
    taken: set[str] = set()
    for iri in schemes:
        wanted = slug(re.split(r"[/#:]", iri.rstrip("/#:"))[-1]) or "scheme"
        name, number = wanted, 1
        while name in taken:
            number += 1
            name = f"{wanted}-{number}"
        taken.add(name)
        names[iri] = name
    return names


def language_slugs(slugs: Mapping[str, str], language: str) -> dict[str, str]:
    """Return a short name for the file in one language of each scheme; none is the short name of a scheme.

    >>> language_slugs({"urn:a": "fruit", "urn:b": "fruit-en"}, "en")
    {'urn:a': 'fruit-en-2', 'urn:b': 'fruit-en-en'}
    """
    taken = set(slugs.values())
    names: dict[str, str] = {}
    for iri, part in slugs.items():
        wanted = f"{part}-{slug(language)}"
        name, number = wanted, 1
        while name in taken:
            number += 1
            name = f"{wanted}-{number}"
        taken.add(name)
        names[iri] = name
    return names


def compress(path: Path, size: int) -> None:
    """Write ``path`` again with gzip and with zstd, without time or name inside: the bytes stay the same."""
    with (
        path.open("rb") as source,
        path.with_name(path.name + ".gz").open("wb") as target,
        gzip.GzipFile("", "wb", 9 if size <= _SMALL else 6, target, mtime=0) as compressed,
    ):
        shutil.copyfileobj(source, compressed, 1 << 20)
    compressor = zstandard.ZstdCompressor(level=12 if size <= _SMALL else 3, write_checksum=True)
    with path.open("rb") as source, path.with_name(path.name + ".zst").open("wb") as target:
        compressor.copy_stream(source, target, size=size)


def describe(
    content: Content, folder: Path, spoken_triples: Mapping[str, int], digests_of: Mapping[str, str]
) -> tuple[list[Dump], dict[str, str]]:
    """Measure the dumps in ``folder`` and write their checksums.

    Args:
        content: What they are made of.
        folder: Where they are.
        spoken_triples: Statements in the file in one language of each scheme that has one.
        digests_of: SHA-256 of each file, by its name.

    Returns:
        The dumps, in the order in which they are listed; and the reason for each format that has none.
    """

    def measure(path: Path, format_: Format, encoding: str | None, triples: int, **limits: str) -> Dump:
        return Dump(
            name=path.name,
            extension=format_.extension,
            encoding=encoding,
            size=path.stat().st_size,
            sha256=digests_of[path.name],
            triples=triples,
            **limits,
        )

    dumps: list[Dump] = []
    unavailable: dict[str, str] = {}
    named = sum(map(len, content.graphs.values()))
    for format_ in RDF_FORMATS:
        name = file_name(content, format_)
        reason = folder / f"{name}{UNAVAILABLE}"
        if reason.exists():
            unavailable[format_.extension] = reason.read_text(encoding="utf-8")
            reason.unlink()
            continue
        triples = len(content.default)
        if format_ in (N_QUADS, TRIG):
            triples = named + (triples if content.quads else 0)
        for ending, encoding in (("", None), (".gz", "gzip"), (".zst", "zstd")):
            dumps.append(measure(folder / (name + ending), format_, encoding, triples))
    parts = scheme_slugs(list(content.schemes))
    spoken = language_slugs(parts, content.language)
    for iri, part in parts.items():
        path = folder / file_name(content, TURTLE, part)
        dumps.append(measure(path, TURTLE, None, content.scheme_triples(iri), scheme=iri))
        path = folder / file_name(content, TURTLE, spoken[iri])
        if path.exists():
            dumps.append(measure(path, TURTLE, None, spoken_triples[iri], scheme=iri, language=content.language))
    lines = [f"{dump.sha256}  {dump.name}\n" for dump in sorted(dumps, key=lambda dump: dump.name)]
    (folder / CHECKSUMS).write_text("".join(lines), encoding="utf-8")
    return dumps, unavailable


def digest(path: Path) -> str:
    """Return the SHA-256 of a file, hexadecimal."""
    found = sha256()
    with path.open("rb") as file:
        while block := file.read(1 << 20):
            found.update(block)
        os.fstat(file.fileno())
    return found.hexdigest()


def digests(paths: Mapping[str, Path]) -> dict[str, str]:
    """Return the SHA-256 of each of ``paths`` by its name, with all processors at work."""
    with ThreadPoolExecutor(processors()) as pool:
        return dict(zip(paths, pool.map(digest, paths.values()), strict=True))
