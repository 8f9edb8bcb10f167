"""The manifest of a release: what it is, what is in it, and the digest of every file."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any, Final, Self

from officegraph.release.statistics import Statistics

FORMAT: Final = 2
"""Version of the layout of a release folder; another version cannot be opened."""

MANIFEST: Final = "manifest.json"


class ReleaseError(Exception):
    """A folder is no release that this software can open, or it is damaged."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceFile:
    """A file that the release was made from.

    Attributes:
        name: Its name as the reader of sources gives it, relative to what was named on the command line.
        sha256: Digest of its bytes, hexadecimal.
    """

    name: str
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Graph:
    """A named graph that the release serves.

    Attributes:
        name: Its IRI, or ``_:label`` of a blank node.
        triples: How many triples it has.
        kind: ``source``, ``entailed``, ``derived``, ``description``, or ``given`` for a graph of a dataset
            that was given as quads.
        source: Name of the source file, of a graph that holds one.
    """

    name: str
    triples: int
    kind: str
    source: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Dump:
    """A file for download.

    Attributes:
        name: File name.
        extension: Ending of its format, as in ``model.formats``, without that of the compression.
        encoding: ``None``, ``gzip`` or ``zstd``.
        size: Bytes.
        sha256: Digest of its bytes, hexadecimal.
        triples: Statements in it; of a format with named graphs, quads.
        scheme: IRI of the concept scheme that it is limited to.
        language: Language that its names and notes are limited to.
    """

    name: str
    extension: str
    encoding: str | None
    size: int
    sha256: str
    triples: int
    scheme: str | None = None
    language: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """What a release says of itself; the content of ``manifest.json``.

    Attributes:
        software: Version of the software that made it.
        name: Short name, which the names of dumps begin with.
        version: Version of the data: stated by the sources, else ``0-`` and part of the digest.
        base: IRI under which its resources are.
        language: Language that labels fall back to.
        created: When it was made: RFC 3339, UTC.
        content_digest: SHA-256 of the statements, prefixes and spellings that were read, derived
            and entailed; the same for the same content, whatever time or machine made it.
        digest: SHA-256 over the digests of all files and everything here but ``created``; names the release.
        settings: Settings that shaped it.
        quads: Whether the dataset was given as quads, and is served as it was given.
        union_default: Whether the default graph is the merge of all named graphs.
        sources: The files that it was made from.
        graphs: Its named graphs.
        default_triples: Triples of the default graph.
        statistics: Counts of the default graph (of a dataset given as quads, of all graphs merged).
        dumps: Files for download.
        unavailable: Formats that could not express the data, with the reason.
        prefixes: Prefixes for serialisations.
        language_tags: Spelling of language tags.
        schemes: Concept schemes, in order.
        documents: How many documents there are.
        columns: Columns of the table of documents.
        store: Path of what the engine opens, relative to the release.
        dataset: IRI of the data set.
        described: Whether the sources describe the data set themselves.
        description: Statements about the data set from the sources, as N-Triples.
        title: Title of the data set by language tag.
        licenses: IRIs of licences.
        examples: Some resources that show what there is.
        files: SHA-256 of every file of the release but this one, by path.
    """

    software: str
    name: str
    version: str
    base: str
    language: str
    created: str
    content_digest: str
    digest: str = ""
    settings: Mapping[str, Any]
    quads: bool
    union_default: bool
    sources: tuple[SourceFile, ...]
    graphs: tuple[Graph, ...]
    default_triples: int
    statistics: Statistics
    dumps: tuple[Dump, ...]
    unavailable: Mapping[str, str] = field(default_factory=dict)
    prefixes: Mapping[str, str]
    language_tags: Mapping[str, str]
    schemes: tuple[str, ...]
    documents: int
    columns: tuple[str, ...]
    store: str
    dataset: str
    described: bool
    description: str
    title: Mapping[str, str]
    licenses: tuple[str, ...]
    examples: tuple[str, ...]
    files: Mapping[str, str]

    @property
    def release_iri(self) -> str:
        """IRI of this version of the data set."""
        return f"{self.dataset}/{self.version}"

    @property
    def folder(self) -> str:
        """Name of the release's folder."""
        return f"{self.version}-{self.digest[:12]}"

    def identity(self) -> str:
        """Compute ``digest``."""
        content = self._content()
        del content["created"], content["digest"]
        return sha256(json.dumps(content, sort_keys=True, ensure_ascii=False).encode()).hexdigest()

    def as_json(self) -> bytes:
        """Serialise the manifest, readably and deterministically."""
        return (json.dumps(self._content(), indent=2, ensure_ascii=False) + "\n").encode()

    def _content(self) -> dict[str, Any]:
        return {"format": FORMAT, **asdict(self)}

    @classmethod
    def from_json(cls, text: bytes) -> Self:
        """Read a manifest.

        Raises:
            ReleaseError: The text is no manifest, or one of another format version.
        """
        try:
            content = json.loads(text)
            version = content.pop("format")
        except (ValueError, AttributeError, KeyError, TypeError) as error:
            raise ReleaseError("the manifest cannot be read") from error
        if version != FORMAT:
            raise ReleaseError(f"the release has format {version}; this software opens format {FORMAT}")
        try:
            content["sources"] = tuple(SourceFile(**item) for item in content["sources"])
            content["graphs"] = tuple(Graph(**item) for item in content["graphs"])
            content["dumps"] = tuple(Dump(**item) for item in content["dumps"])
            content["statistics"] = Statistics(**content["statistics"])
            for name in ("schemes", "columns", "licenses", "examples"):
                content[name] = tuple(content[name])
            return cls(**content)
        except (KeyError, TypeError) as error:
            raise ReleaseError(f"the manifest is not complete: {error}") from error

    @classmethod
    def read(cls, folder: Path) -> Self:
        """Read the manifest of a release folder.

        Raises:
            ReleaseError: There is none, or it cannot be used.
        """
        try:
            text = (folder / MANIFEST).read_bytes()
        except OSError as error:
            raise ReleaseError(f"{folder} is no release: {error.strerror}") from error
        try:
            return cls.from_json(text)
        except ReleaseError as error:
            raise ReleaseError(f"{folder}: {error}") from error
