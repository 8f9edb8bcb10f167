"""Write the index of a release: postings of words, keys of labels, sets of facets and records of resources.

Resources are numbered in the order in which equal matches are shown. A *posting* of a word says which resources have
it, apart for each language and *level*: 0 first word of a preferred label, 1 another word of one, 2 a word of another
label or notation, 3 a word of a definition or note; each resource stands at the lowest.

SQLite keeps it: a sorted, paged file that any number of threads and processes read at once. Its own full-text
tables are not used, since what they find has to be counted row by row, and a page with facets needs all of them.

The same resources give the same bytes: one thread inserts in the order of the keys into a new file, and nothing
depends on time.
"""

from __future__ import annotations

import json
import sqlite3
import struct
from array import array
from collections.abc import Iterable, Iterator
from contextlib import closing
from itertools import groupby
from pathlib import Path
from typing import Final

from officegraph.release.search import sets
from officegraph.release.search.folding import key, word_texts
from officegraph.release.search.model import Property
from officegraph.release.search.resources import Searched

FILE: Final = "search.sqlite"
FORMAT: Final = 1
LONGEST_KEY: Final = 128
"""Characters of a label that are compared as a whole."""

GRAM: Final = 3
"""Characters of the parts by which words are found from within."""

MANY: Final = 64
"""A beginning that more words than this have gets a posting of its own."""

LEVELS: Final = 4
_LABEL_LEVELS: Final = 3
_APPLICATION: Final = 0x4F464753
_SECTION: Final = struct.Struct("<HBI")
_RESOURCE_BITS: Final = 32
_RESOURCE: Final = (1 << _RESOURCE_BITS) - 1
_ENCODE: Final = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
_SCHEMA: Final = """
CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE language (id INTEGER PRIMARY KEY, tag TEXT NOT NULL);
CREATE TABLE resource (id INTEGER PRIMARY KEY, record TEXT NOT NULL, notes TEXT);
CREATE TABLE word (id INTEGER PRIMARY KEY, text TEXT NOT NULL, posting BLOB NOT NULL);
CREATE TABLE prefix (text TEXT PRIMARY KEY, posting BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE gram (text TEXT PRIMARY KEY, words BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE facet (name TEXT, value TEXT, resources BLOB NOT NULL, PRIMARY KEY (name, value)) WITHOUT ROWID;
CREATE TABLE label (
    key TEXT, property INTEGER, language INTEGER, resource INTEGER, PRIMARY KEY (key, property, language, resource)
) WITHOUT ROWID;
"""


def write_index(path: Path, resources: Iterable[Searched], language: str) -> None:
    """Write the index of ``resources``, which are in the order of their numbers.

    Args:
        path: The file to make; what is left of an attempt before is replaced.
        resources: What can be found.
        language: Language that labels fall back to.
    """
    path.unlink(missing_ok=True)
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.executescript(
            "PRAGMA page_size = 4096; PRAGMA encoding = 'UTF-8'; PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;"
            f"PRAGMA locking_mode = EXCLUSIVE; PRAGMA application_id = {_APPLICATION}; PRAGMA user_version = {FORMAT};"
            + _SCHEMA
        )
        connection.execute("BEGIN")
        _Writer(connection).write(resources, language)
        connection.execute("COMMIT")


class _Writer:
    """Holds the postings while resources go by, then writes them; the resources themselves are written at once."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._languages: dict[str, int] = {"": 0}
        self._words: dict[str, array[int]] = {}
        self._facets: dict[tuple[str, str], array[int]] = {}
        self._keys: list[tuple[str, int, int, int]] = []

    def write(self, resources: Iterable[Searched], language: str) -> None:
        execute = self._connection.executemany
        execute("INSERT INTO resource VALUES (?, ?, ?)", self._records(resources))
        execute("INSERT INTO meta VALUES (?, ?)", [("language", language), ("resources", str(self._count))])
        execute("INSERT INTO language VALUES (?, ?)", ((number, tag) for tag, number in self._languages.items()))
        execute(
            "INSERT INTO facet VALUES (?, ?, ?)",
            ((*name, sets.encode(self._facets[name])) for name in sorted(self._facets)),
        )
        self._facets.clear()
        self._keys.sort()
        execute("INSERT OR IGNORE INTO label VALUES (?, ?, ?, ?)", self._keys)
        self._keys.clear()
        ordered = sorted(self._words)
        execute("INSERT INTO gram VALUES (?, ?)", self._grams(ordered))
        execute("INSERT INTO prefix VALUES (?, ?)", self._prefixes(ordered))
        execute("INSERT INTO word VALUES (?, ?, ?)", self._postings(ordered))
        self._connection.execute("CREATE UNIQUE INDEX word_text ON word (text)")

    def _records(self, resources: Iterable[Searched]) -> Iterator[tuple[int, str, str | None]]:
        self._count = 0
        for number, resource in enumerate(resources):
            self._count += 1
            self._count_facets(number, resource)
            for text in (*resource.labels, *resource.notes):
                self._add_words(number, text.property, text.text, self._language(text.language))
            for label in resource.labels:
                compared = key(label.text)[:LONGEST_KEY]
                if compared:
                    self._keys.append((compared, label.property, self._language(label.language), number))
            record = [
                resource.iri,
                resource.kind,
                resource.types,
                resource.schemes,
                resource.offices,
                resource.segments,
                resource.deprecated,
                [[text.property, text.text, text.language] for text in resource.labels],
            ]
            notes = [[text.property, text.text, text.language] for text in resource.notes]
            yield number, _ENCODE(record), _ENCODE(notes) if notes else None

    def _language(self, tag: str) -> int:
        return self._languages.setdefault(tag, len(self._languages))

    def _count_facets(self, number: int, resource: Searched) -> None:
        values = {
            "kind": (resource.kind.value,),
            "type": resource.types,
            "scheme": resource.schemes,
            "office": resource.offices,
            "segment": resource.segments,
            "deprecated": ("true",) if resource.deprecated else (),
        }
        for name, found in values.items():
            for value in found:
                self._facets.setdefault((name, value), array("I")).append(number)

    def _add_words(self, number: int, property_: Property, text: str, language: int) -> None:
        """Note the words of a text. An entry is language, level and resource in one number, to be sorted as one."""
        level = 1 if property_ == Property.PREFERRED else 2 if property_.is_label else 3
        found = self._words
        entry = (language * LEVELS + level) << _RESOURCE_BITS | number
        first = (language * LEVELS) << _RESOURCE_BITS | number if level == 1 else entry
        for word in word_texts(text):
            posting = found.get(word)
            if posting is None:
                found[word] = array("Q", (first,))
            elif posting[-1] != first:
                posting.append(first)
            first = entry

    def _grams(self, ordered: list[str]) -> Iterator[tuple[str, bytes]]:
        """Yield the words of labels that each part of three characters is in."""
        grams: dict[str, array[int]] = {}
        in_notes = LEVELS - 1
        for number, word in enumerate(ordered):
            if len(word) >= GRAM and any(
                entry >> _RESOURCE_BITS & LEVELS - 1 != in_notes for entry in self._words[word]
            ):
                for gram in {word[at : at + GRAM] for at in range(len(word) - GRAM + 1)}:
                    grams.setdefault(gram, array("I")).append(number)
        for gram in sorted(grams):
            yield gram, sets.encode(grams[gram])

    def _prefixes(self, ordered: list[str]) -> Iterator[tuple[str, bytes]]:
        """Yield the beginnings that many words have, each with the union of their postings."""
        yield from sorted(self._shared(ordered, 0, len(ordered), 0))

    def _shared(self, ordered: list[str], start: int, end: int, length: int) -> Iterator[tuple[str, bytes]]:
        while start < end:
            if len(ordered[start]) <= length:
                start += 1
                continue
            beginning = ordered[start][: length + 1]
            stop = _after(ordered, beginning, start, end)
            if stop - start > MANY:
                entries = array("Q")
                for word in ordered[start:stop]:
                    entries.extend(self._words[word])
                yield beginning, encode_posting(entries)
                del entries
                yield from self._shared(ordered, start, stop, length + 1)
            start = stop

    def _postings(self, ordered: list[str]) -> Iterator[tuple[int, str, bytes]]:
        for number, word in enumerate(ordered):
            yield number, word, encode_posting(self._words.pop(word))


def _after(ordered: list[str], beginning: str, start: int, end: int) -> int:
    """Return the place after the last of the words from ``start`` that have ``beginning``."""
    while start < end:
        middle = (start + end) // 2
        if ordered[middle].startswith(beginning):
            start = middle + 1
        else:
            end = middle
    return start


def encode_posting(entries: Iterable[int]) -> bytes:
    """Return the stored form of a posting: for each language and level the set of resources.

    Args:
        entries: ``(language * LEVELS + level) << 32 | resource``, in any order, also repeated and at several levels.
    """
    found: list[bytes] = []
    seen: set[int] = set()
    last = -1
    for group, members in groupby(sorted(set(entries)), _group):
        language, level = divmod(group, LEVELS)
        if language != last:
            seen, last = set(), language
        resources = [resource for entry in members if (resource := entry & _RESOURCE) not in seen]
        if resources:
            seen.update(resources)
            stored = sets.encode(resources)
            found.append(_SECTION.pack(language, level, len(stored)))
            found.append(stored)
    return b"".join(found)


def _group(entry: int) -> int:
    return entry >> _RESOURCE_BITS


def posting_sections(posting: bytes) -> Iterator[tuple[int, int, bytes]]:
    """Yield language, level and stored set of each section of a stored posting."""
    at = 0
    while at < len(posting):
        language, level, length = _SECTION.unpack_from(posting, at)
        at += _SECTION.size
        yield language, level, posting[at : at + length]
        at += length
