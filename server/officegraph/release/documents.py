"""The documents of a release: every representation that can be sent, ready in one mapped file.

A record of the table holds, for each stored column (a format, plain or compressed), offset and
length, then the bodies, each preceded by the SHA-256 of its bytes. Formats that are not stored are
rendered from the stored N-Quads when they are sent, and kept for a while; the writers are
deterministic, so the bytes are the same every time. Entity tags of these come from the digest of the N-Quads and
from all that shapes the text, so that a request with a validator costs no rendering.
"""

from __future__ import annotations

import gzip
import json
import struct
import threading
from collections import OrderedDict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Final

import pyoxigraph
import zstandard
from pyoxigraph import DefaultGraph, NamedNode, RdfFormat, Triple

from officegraph.model.dataset import Dataset, GraphName
from officegraph.model.formats import CSV, JSON_LD, N_QUADS, N_TRIPLES, RDF_XML, TRIG, TURTLE, Format
from officegraph.release.table import Table
from officegraph.version import __version__

FOLDER: Final = "documents"
DOCUMENTS_TABLE: Final = f"{FOLDER}/documents.table"
LABELS_TABLE: Final = f"{FOLDER}/labels.table"
CHILDREN_TABLE: Final = f"{FOLDER}/children.table"

DOCUMENT_FORMATS: Final = (TURTLE, N_TRIPLES, RDF_XML, JSON_LD, TRIG, N_QUADS, CSV)
"""Formats of documents, besides the pages, which the web layer makes from :meth:`Document.triples`."""

ALWAYS: Final = frozenset({TURTLE, N_TRIPLES, TRIG, N_QUADS, CSV})
"""Formats of documents that can express everything."""

SOURCE: Final = f"{N_QUADS.extension}.zst"
"""The column that all other representations can be made from; it is not one that is sent."""

IDENTITY: Final = "identity"
GZIP: Final = "gzip"

RENDERED_KEPT: Final = 1024
"""How many representations that were rendered on demand are kept."""

_SOURCE_LEVEL: Final = 3
_CELL: Final = struct.Struct("<II")
_ABSENT: Final = 0
_ON_DEMAND: Final = 1
_DIGEST_SIZE: Final = 32
_EXTENSIONS: Final = {format_.extension: format_ for format_ in DOCUMENT_FORMATS}


def document_iri(iri: str) -> str:
    """Return the IRI of the document that describes ``iri``: the part before its fragment."""
    return iri.partition("#")[0]


@dataclass(slots=True)
class Description:
    """What a document says.

    Attributes:
        default: Statements of the default graph.
        graphs: Statements of each named graph; only a dataset that was given as quads has them.
    """

    default: list[Triple] = field(default_factory=list)
    graphs: dict[GraphName, list[Triple]] = field(default_factory=dict)

    def triples(self) -> list[Triple]:
        """Return the statements of all graphs together, without repetition."""
        if not self.graphs:
            return self.default
        return list(dict.fromkeys([*self.default, *(t for graph in self.graphs.values() for t in graph)]))


def columns(formats: Sequence[Format], *, plain: bool) -> list[str]:
    """Return the names of the columns that store ``formats``: ``ttl``, ``ttl.gz`` and so on."""
    names: list[str] = []
    for format_ in formats:
        if plain:
            names.append(format_.extension)
        names.append(f"{format_.extension}.gz")
    return names


def source_of(body: bytes) -> bytes:
    """Return what the column :data:`SOURCE` has for a document whose N-Quads are ``body``."""
    return zstandard.ZstdCompressor(level=_SOURCE_LEVEL).compress(body)


def render(
    iri: str,
    description: Description,
    format_: Format,
    prefixes: Mapping[str, str],
    language_tags: Mapping[str, str],
) -> bytes | None:
    """Write the description that the document ``iri`` gives in a format.

    Returns:
        The bytes, or ``None`` if the format cannot express the description.
    """
    # Slow to load, and what is stored is sent as it is.
    from officegraph.vocabulary.write import NotRepresentableError, write  # noqa: PLC0415

    format_ = written_as(format_, graphs=bool(description.graphs))
    if format_.quads:
        data: Dataset | list[Triple] = Dataset(default=description.default, graphs=description.graphs)
    else:
        data = description.triples()
    try:
        return write(format_, data, prefixes=prefixes, language_tags=language_tags, about=NamedNode(iri))
    except NotRepresentableError:
        return None


def written_as(format_: Format, *, graphs: bool) -> Format:
    """Return the format whose text ``format_`` has as well where there are no named graphs.

    Every Turtle document is one of TriG, and every N-Triples document one of N-Quads.
    """
    return format_ if graphs else {TRIG: TURTLE, N_QUADS: N_TRIPLES}.get(format_, format_)


def compress(body: bytes) -> bytes | None:
    """Return ``body`` compressed by gzip (RFC 1952, no time, no name), or ``None`` if that saves nothing."""
    compressed = _gzip(body)
    return compressed if len(compressed) < len(body) else None


def _gzip(body: bytes) -> bytes:
    compressed = gzip.compress(body, compresslevel=6, mtime=0)
    # Byte 9 names the operating system that compressed; 255 is "unknown", the same everywhere.
    return compressed[:9] + b"\xff" + compressed[10:]


def encode_record(
    write_as: Callable[[Format], bytes | None],
    stored: Sequence[str],
    *,
    graphs: bool = False,
    complete: bool = True,
) -> bytes:
    """Return the record of a document: its stored representations.

    Args:
        write_as: Writes the document in a format; returns ``None`` if the format cannot express it.
        stored: The columns to fill, as :func:`columns` names them.
        graphs: Whether the document has named graphs.
        complete: Whether to store all columns, rather than N-Quads only, from which the others can be made.
    """
    parts: list[bytes] = []
    cells: list[bytes] = []
    offset = len(stored) * _CELL.size
    rendered: dict[str, bytes | None] = {}
    places: dict[bytes, tuple[int, int]] = {}
    compressed: dict[bytes, bytes | None] = {}
    for column in stored:
        extension, _, encoding = column.partition(".")
        if not complete and extension != N_QUADS.extension:
            cells.append(_CELL.pack(_ON_DEMAND, 0))
            continue
        written = written_as(_EXTENSIONS[extension], graphs=graphs)
        if written.extension not in rendered:
            rendered[written.extension] = write_as(written)
        body = rendered[written.extension]
        if body is not None and column == SOURCE:
            body = source_of(body)
        elif body is not None and encoding:
            if body not in compressed:
                compressed[body] = compress(body)
            body = compressed[body]
        if body is None:
            cells.append(_CELL.pack(_ABSENT, 0))
            continue
        place = places.get(body)
        if place is None:
            place = places[body] = (offset, len(body))
            parts += (sha256(body).digest(), body)
            offset += _DIGEST_SIZE + len(body)
        cells.append(_CELL.pack(*place))
    return b"".join((*cells, *parts))


@dataclass(frozen=True, slots=True)
class Representation:
    """Bytes that can be sent as they are.

    Attributes:
        load: Returns the bytes, which may have to be made.
        format: Their format.
        encoding: ``identity`` or ``gzip``, as in ``Content-Encoding``.
        digest: What changes whenever the bytes do: of stored ones their SHA-256, of others that of what they
            are made from.
    """

    load: Callable[[], memoryview | bytes]
    format: Format
    encoding: str
    digest: bytes

    @property
    def body(self) -> memoryview | bytes:
        """The bytes."""
        return self.load()

    @property
    def length(self) -> int:
        """How many bytes there are."""
        return len(self.body)

    @property
    def etag(self) -> str:
        """A strong entity tag (RFC 9110, section 8.8.3), quoted; it differs in every format and coding."""
        coding = "" if self.encoding == IDENTITY else f".{self.encoding}"
        return f'"{self.digest[:16].hex()}.{self.format.extension}{coding}"'


class Document:
    """One document of a release; :class:`Documents` makes it.

    Attributes:
        iri: IRI of the document: what its resources' IRIs have before the fragment.
    """

    __slots__ = ("_owner", "_record", "iri")

    def __init__(self, iri: str, record: memoryview, owner: Documents) -> None:
        self.iri = iri
        self._record = record
        self._owner = owner

    def representation(self, format_: Format, encoding: str = IDENTITY) -> Representation | None:
        """Return the document in a format and a content coding.

        Args:
            format_: One of :data:`DOCUMENT_FORMATS`.
            encoding: ``identity`` or ``gzip``.

        Returns:
            ``None`` if the format cannot express the document (RDF/XML has no way to write some
            predicates), if there is no such format, or if compressing would save nothing.
        """
        column = format_.extension if encoding == IDENTITY else f"{format_.extension}.gz"
        if encoding not in (IDENTITY, GZIP) or format_.extension not in _EXTENSIONS:
            return None
        number = self._owner.column_numbers.get(column)
        if number is None:
            return self._owner.on_demand(self, format_, encoding)
        offset, length = _CELL.unpack_from(self._record, number * _CELL.size)
        if offset == _ABSENT:
            return None
        if offset == _ON_DEMAND:
            return self._owner.on_demand(self, format_, encoding)
        start = offset + _DIGEST_SIZE
        body = self._record[start : start + length]
        return Representation(lambda: body, format_, encoding, bytes(self._record[offset:start]))

    def stored_size(self, format_: Format) -> int | None:
        """Return how many bytes the document has in a format, or ``None`` where it is not stored in it."""
        number = self._owner.column_numbers.get(format_.extension)
        offset, length = (_ON_DEMAND, 0) if number is None else _CELL.unpack_from(self._record, number * _CELL.size)
        return length if offset > _ON_DEMAND else None

    def is_packed(self, format_: Format) -> bool:
        """Return whether the document comes compressed in a format; cheaper than to ask for it."""
        number = self._owner.column_numbers.get(f"{format_.extension}.gz")
        offset = _ON_DEMAND if number is None else _CELL.unpack_from(self._record, number * _CELL.size)[0]
        return offset > _ON_DEMAND or (offset == _ON_DEMAND and self.representation(format_, GZIP) is not None)

    def formats(self) -> tuple[Format, ...] | None:
        """Return the formats that the document comes in, or ``None`` where its record does not say."""
        offsets = self._owner.cells.unpack_from(self._record)[::2]
        if _ON_DEMAND in offsets or len(self._owner.plain) < len(DOCUMENT_FORMATS):
            return None
        if _ABSENT not in offsets:
            return DOCUMENT_FORMATS
        return tuple(
            format_
            for format_, number in zip(DOCUMENT_FORMATS, self._owner.plain, strict=True)
            if offsets[number] != _ABSENT
        )

    @property
    def digest(self) -> bytes:
        """The SHA-256 of what the document is stored as: the same only where it says the same."""
        offset, _ = self._stored()[0]
        return bytes(self._record[offset : offset + _DIGEST_SIZE])

    def _stored(self) -> tuple[tuple[int, int], bool]:
        """Return where the statements are, and whether they are compressed."""
        number = self._owner.column_numbers.get(N_QUADS.extension)
        packed = number is None
        if number is None:
            number = self._owner.column_numbers[SOURCE]
        offset, length = _CELL.unpack_from(self._record, number * _CELL.size)
        return (offset, length), packed

    def description(self) -> Description:
        """Return the statements of the document by graph, as they were stored."""
        (offset, length), packed = self._stored()
        body = bytes(self._record[offset + _DIGEST_SIZE : offset + _DIGEST_SIZE + length])
        text = zstandard.ZstdDecompressor().decompress(body) if packed else body
        description = Description()
        for quad in pyoxigraph.parse(text, format=RdfFormat.N_QUADS):
            name = quad.graph_name
            if isinstance(name, DefaultGraph):
                description.default.append(quad.triple)
            else:
                description.graphs.setdefault(name, []).append(quad.triple)
        return description

    def triples(self) -> list[Triple]:
        """Return the statements of the document, those of all graphs together."""
        return self.description().triples()


class Documents:
    """The documents of a release, by IRI. Safe for threads, and for processes forked after opening.

    Args:
        path: The table of documents.
        stored: Its columns.
        prefixes: Prefixes for the formats that have them.
        language_tags: Spelling of language tags.
        always: Formats that can express every document, besides those that can express everything.

    Raises:
        TableError: The file is damaged.
        OSError: The file cannot be read.
    """

    def __init__(
        self,
        path: Path,
        stored: Sequence[str],
        prefixes: Mapping[str, str],
        language_tags: Mapping[str, str],
        always: Collection[Format] = (),
    ) -> None:
        self._table = Table(path)
        self._always = ALWAYS.union(always)
        shape = json.dumps([__version__, sorted(prefixes.items()), sorted(language_tags.items())])
        self._shape = sha256(shape.encode()).digest()
        self.column_numbers = {name: number for number, name in enumerate(stored)}
        self.cells = struct.Struct(f"<{2 * len(self.column_numbers)}I")
        self.plain = [
            self.column_numbers[format_.extension]
            for format_ in DOCUMENT_FORMATS
            if format_.extension in self.column_numbers
        ]
        self._prefixes = prefixes
        self._language_tags = language_tags
        self._kept: OrderedDict[tuple[str, str, str], bytes | None] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, iri: str) -> Document | None:
        """Return the document that describes the resource ``iri``, or ``None`` if there is none."""
        name = document_iri(iri)
        record = self._table.get(name)
        return None if record is None else Document(name, record, self)

    def __contains__(self, iri: object) -> bool:
        return isinstance(iri, str) and document_iri(iri) in self._table

    def __len__(self) -> int:
        return len(self._table)

    def __iter__(self) -> Iterator[str]:
        """Yield the IRIs of all documents in order of code points."""
        return iter(self._table)

    def on_demand(self, document: Document, format_: Format, encoding: str) -> Representation | None:
        """Return a representation that is not stored; it is rendered only where it has to be."""

        def load() -> bytes:
            return self._rendered(document, format_, encoding) or b""

        if format_ not in self._always and self._rendered(document, format_, IDENTITY) is None:
            return None
        return Representation(load, format_, encoding, sha256(self._shape + document.digest).digest())

    def _rendered(self, document: Document, format_: Format, encoding: str) -> bytes | None:
        """Return the bytes of a representation, from those kept or newly made."""
        key = (document.iri, format_.extension, encoding)
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
        if encoding == GZIP:
            plain = self._rendered(document, format_, IDENTITY)
            body = None if plain is None else _gzip(plain)
        else:
            body = render(document.iri, document.description(), format_, self._prefixes, self._language_tags)
        with self._lock:
            self._kept[key] = body
            while len(self._kept) > RENDERED_KEPT:
                self._kept.popitem(last=False)
        return body

    def close(self) -> None:
        """Release the file; representations in use stay readable."""
        self._table.close()
