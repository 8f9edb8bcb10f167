"""Read the index of a release."""

from __future__ import annotations

import json
import os
import sqlite3
import sys
import threading
from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

from officegraph.release.search import sets
from officegraph.release.search.model import Kind, Property
from officegraph.release.search.resources import Text
from officegraph.release.search.write import FORMAT, GRAM, LEVELS, LONGEST_KEY, posting_sections

Posting = Mapping[int, Sequence[int]]
"""By language, the resources that have a word at each level or a lower one."""

_LAST: Final = "\U0010ffff"
_MOST_EQUAL: Final = 2000
_MOST_CANDIDATES: Final = 1000
_MOST_IN_KEYS: Final = 20_000


class SearchIndexError(Exception):
    """A file is no index of this version, or is damaged."""


@dataclass(frozen=True, slots=True)
class Record:
    """What the index keeps of a resource; see ``resources.Searched``."""

    iri: str
    kind: Kind
    types: tuple[str, ...]
    schemes: tuple[str, ...]
    offices: tuple[str, ...]
    segments: tuple[str, ...]
    deprecated: bool
    labels: tuple[Text, ...]


class _Connection:
    """A connection that is closed when nothing uses it any more."""

    def __init__(self, path: Path) -> None:
        self.process = os.getpid()
        # Closed from any thread, but used by one.
        self.raw = sqlite3.connect(
            f"file:{quote(str(path))}?mode=ro&immutable=1", uri=True, check_same_thread=False, isolation_level=None
        )

    def __del__(self) -> None:
        if hasattr(self, "raw"):
            self.raw.close()


class IndexFile:
    """The file of an index. Safe for threads and forks: each thread of each process reads by a connection of its own.

    Args:
        path: The file.

    Raises:
        SearchIndexError: The file is no index of this version.

    Attributes:
        language: Language that labels fall back to.
        languages: Language tag by number, as the sources spell it; number 0 is that of plain strings.
        resources: How many resources there are.
    """

    def __init__(self, path: Path) -> None:
        self._path = path.resolve()
        self._local = threading.local()
        try:
            if self._one("PRAGMA user_version") != (FORMAT,):
                raise SearchIndexError(f"{path} is no index of this version")
            meta = dict(self._all("SELECT name, value FROM meta"))
            self.languages: dict[int, str] = dict(self._all("SELECT id, tag FROM language"))
        except sqlite3.Error as error:
            raise SearchIndexError(f"{path}: {error}") from error
        self.language: str = meta["language"]
        self.resources = int(meta["resources"])
        self._facets: dict[str, dict[str, int]] | None = None

    def _connection(self) -> sqlite3.Connection:
        connection: _Connection | None = getattr(self._local, "connection", None)
        if connection is None or connection.process != os.getpid():
            connection = self._local.connection = _Connection(self._path)
        return connection.raw

    def _one(self, query: str, *values: object) -> Any:
        return self._connection().execute(query, values).fetchone()

    def _all(self, query: str, *values: object) -> list[Any]:
        return self._connection().execute(query, values).fetchall()

    def close(self) -> None:
        """Let go of the connection of this thread; those of others are closed as their threads end."""
        self._local = threading.local()

    def facets(self) -> Mapping[str, Mapping[str, int]]:
        """Return the set of resources for each value of each facet."""
        if self._facets is None:
            found: dict[str, dict[str, int]] = {}
            for name, value, stored in self._all("SELECT name, value, resources FROM facet"):
                found.setdefault(name, {})[value] = sets.decode(stored)
            self._facets = found
        return self._facets

    def with_word(self, words: Iterable[str]) -> Posting:
        """Return the resources that have one of ``words``."""
        return _union(row[0] for word in words if (row := self._one("SELECT posting FROM word WHERE text = ?", word)))

    def beginning_with(self, beginning: str) -> Posting:
        """Return the resources that have a word with ``beginning``."""
        shared = self._one("SELECT posting FROM prefix WHERE text = ?", beginning)
        if shared is not None:
            return _union([shared[0]])
        rows = self._all("SELECT posting FROM word WHERE text >= ? AND text < ?", beginning, beginning + _LAST)
        return _union(row[0] for row in rows)

    def words_with_grams(self, grams: Iterable[str]) -> Iterator[array[int]]:
        """Yield the numbers of the words of labels that each of ``grams`` is in."""
        for gram in grams:
            row = self._one("SELECT words FROM gram WHERE text = ?", gram)
            yield array("I", sets.members_of(row[0])) if row is not None else array("I")

    def words(self, numbers: Sequence[int]) -> list[str]:
        """Return the words with ``numbers``, by alphabet."""
        query = "SELECT text FROM word WHERE id IN (SELECT value FROM json_each(?)) ORDER BY id"
        return [row[0] for row in self._all(query, json.dumps(list(numbers)))]

    def within_words(self, part: str, most: int) -> list[str]:
        """Return the words of labels that ``part`` is in, not as their beginning: at most ``most``, by alphabet."""
        found: set[int] | None = None
        grams = {part[at : at + GRAM] for at in range(len(part) - GRAM + 1)}
        for numbers in sorted(self.words_with_grams(grams), key=len):
            found = set(numbers) if found is None else found.intersection(numbers)
            if not found:
                return []
        candidates = sorted(found or ())[:_MOST_CANDIDATES]
        return [word for word in self.words(candidates) if part in word[1:]][:most]

    def equal(self, keys: Iterable[str]) -> list[tuple[Property, int, int]]:
        """Return property, language and resource of the labels whose key is one of ``keys``."""
        query = "SELECT property, language, resource FROM label WHERE key = ? LIMIT ?"
        return [row for key in keys for row in self._all(query, key[:LONGEST_KEY], _MOST_EQUAL)]

    def preferred_from(self, beginning: str) -> list[tuple[int, int]]:
        """Return language and resource of the preferred labels whose key has ``beginning``."""
        return self._all(
            "SELECT language, resource FROM label WHERE key >= ? AND key < ? AND property = 0 LIMIT ?",
            beginning[:LONGEST_KEY],
            beginning[:LONGEST_KEY] + _LAST,
            _MOST_IN_KEYS,
        )

    def preferred(self) -> Iterator[tuple[str, int, int]]:
        """Yield key, language and resource of all preferred labels, in the order of the keys."""
        yield from self._connection().execute("SELECT key, language, resource FROM label WHERE property = 0")

    def iris(self, end: int) -> Iterator[tuple[int, str]]:
        """Yield number and IRI of the resources before number ``end``."""
        yield from self._connection().execute(
            "SELECT id, json_extract(record, '$[0]') FROM resource WHERE id < ? ORDER BY id", (end,)
        )

    def record(self, resource: int) -> Record:
        """Return what is kept of a resource."""
        (content,) = self._one("SELECT record FROM resource WHERE id = ?", resource)
        iri, kind, types, schemes, offices, segments, deprecated, labels = json.loads(content)
        return Record(
            iri, Kind(kind), tuple(types), tuple(schemes), tuple(offices), tuple(segments), deprecated, _texts(labels)
        )

    def initials(self, languages: frozenset[int], within: int) -> Iterator[str]:
        """Yield the characters that keys of preferred labels begin with, in order; a key is read for each, or few.

        Args:
            languages: Numbers of the languages that labels may be in.
            within: The set of resources that they may be of.
        """
        query = "SELECT key, language, resource FROM label WHERE key >= ? AND property = 0"
        start: str | None = ""
        while start is not None:
            following = None
            for key, language, resource in self._connection().execute(query, (start,)):
                if key and language in languages and within >> resource & 1:
                    yield key[0]
                    following = _after(key[0])
                    break
            start = following

    def notes(self, resource: int) -> tuple[Text, ...]:
        """Return the definitions and notes of a resource."""
        (content,) = self._one("SELECT notes FROM resource WHERE id = ?", resource)
        return _texts(json.loads(content)) if content else ()


def _after(character: str) -> str | None:
    """Return the character after ``character``, leaving out surrogates, or ``None`` after the last."""
    code = ord(character) + 1
    code = 0xE000 if 0xD800 <= code < 0xE000 else code
    return chr(code) if code <= sys.maxunicode else None


def _texts(found: Iterable[tuple[int, str, str]]) -> tuple[Text, ...]:
    return tuple(Text(Property(property_), text, language) for property_, text, language in found)


def _union(postings: Iterable[bytes]) -> Posting:
    lists: dict[tuple[int, int], array[int]] = {}
    bits: dict[int, list[int]] = {}
    for posting in postings:
        for language, level, stored in posting_sections(posting):
            if sets.is_list(stored):
                lists.setdefault((language, level), array("I")).extend(sets.listed(stored))
            else:
                bits.setdefault(language, [0] * LEVELS)[level] |= sets.decode(stored)
    for (language, level), numbers in lists.items():
        bits.setdefault(language, [0] * LEVELS)[level] |= sets.from_members(numbers)
    for levels in bits.values():
        for level in range(1, LEVELS):
            levels[level] |= levels[level - 1]
    return bits
