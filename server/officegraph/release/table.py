"""A read-only table from strings to records, mapped into memory: no server, no parsing, opened at once.

Layout of the file, all numbers little endian::

    header      magic, number of records, number of slots, offsets of directory and slots
    records     key in UTF-8, then the record, one after the other, in the order of writing
    directory   for each record: offset of its key, length of the key, length of the record
    slots       open-addressed hash table; a slot holds the record's number + 1, or 0

A look-up hashes the key, walks a slot or two and compares the key itself, so that a collision
of hashes cannot answer for another resource.
"""

from __future__ import annotations

import mmap
import os
import struct
from collections.abc import Iterator
from hashlib import blake2b
from pathlib import Path
from types import TracebackType
from typing import Final, Self

MAGIC: Final = b"OGTABLE1"
_HEADER: Final = struct.Struct("<8sQQQQ")
_ENTRY: Final = struct.Struct("<QIQ")
_SLOT: Final = struct.Struct("<I")


class TableError(ValueError):
    """A file is no table, or is cut short."""


def _hash(key: bytes) -> int:
    return int.from_bytes(blake2b(key, digest_size=8).digest(), "little")


class TableWriter:
    """Writes a table; the file is complete after :meth:`close`.

    Args:
        path: The file to make.
    """

    def __init__(self, path: Path) -> None:
        self._file = path.open("xb")
        self._file.write(bytes(_HEADER.size))
        self._offset = _HEADER.size
        self._keys: dict[bytes, None] = {}
        self._entries: list[tuple[int, int, int]] = []

    def add(self, key: str, record: bytes) -> None:
        """Append ``record`` under ``key``.

        Raises:
            ValueError: The key is there already.
        """
        encoded = key.encode()
        if encoded in self._keys:
            raise ValueError(f"{key!r} is in the table already")
        self._keys[encoded] = None
        self._file.write(encoded)
        self._file.write(record)
        self._entries.append((self._offset, len(encoded), len(record)))
        self._offset += len(encoded) + len(record)

    def close(self) -> None:
        """Write directory, slots and header, and bring the file to the disk."""
        try:
            self._finish()
        finally:
            self._file.close()

    def _finish(self) -> None:
        slot_count = 8
        while slot_count < 2 * len(self._entries):
            slot_count *= 2
        slots = [0] * slot_count
        for number, key in enumerate(self._keys, start=1):
            slot = _hash(key) & (slot_count - 1)
            while slots[slot]:
                slot = (slot + 1) & (slot_count - 1)
            slots[slot] = number
        directory = self._offset
        self._file.write(b"".join(_ENTRY.pack(*entry) for entry in self._entries))
        start = directory + len(self._entries) * _ENTRY.size
        self._file.write(struct.pack(f"<{slot_count}I", *slots))
        self._file.seek(0)
        self._file.write(_HEADER.pack(MAGIC, len(self._entries), slot_count, directory, start))
        self._file.flush()
        os.fsync(self._file.fileno())

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is None:
            self.close()
        else:
            self._file.close()


class Table:
    """Reads a table. Safe for use by several threads, and by processes forked after it was opened.

    Args:
        path: The file to map.

    Raises:
        TableError: The file is no table, or is cut short.
        OSError: The file cannot be read.
    """

    def __init__(self, path: Path) -> None:
        with path.open("rb") as file:
            size = os.fstat(file.fileno()).st_size
            if size < _HEADER.size:
                raise TableError(f"{path} is cut short")
            self._map = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        self._count: int
        magic, self._count, slots, self._directory, self._slots = _HEADER.unpack_from(self._map, 0)
        if magic != MAGIC or size != self._slots + slots * _SLOT.size:
            self._map.close()
            raise TableError(f"{path} is no table of this version, or is cut short")
        self._path = path
        self._mask = slots - 1
        self._view = memoryview(self._map)

    def get(self, key: str) -> memoryview | None:
        """Return the record under ``key`` without copying it, or ``None``."""
        try:
            encoded = key.encode()
        except UnicodeEncodeError:  # a lone surrogate, which no key has
            return None
        slot = _hash(encoded) & self._mask
        while number := _SLOT.unpack_from(self._map, self._slots + slot * _SLOT.size)[0]:
            offset, key_length, length = _ENTRY.unpack_from(self._map, self._directory + (number - 1) * _ENTRY.size)
            start = offset + key_length
            if key_length == len(encoded) and self._map[offset:start] == encoded:
                return self._view[start : start + length]
            slot = (slot + 1) & self._mask
        return None

    def __contains__(self, key: object) -> bool:
        return isinstance(key, str) and self.get(key) is not None

    def __len__(self) -> int:
        return self._count

    def __iter__(self) -> Iterator[str]:
        """Yield the keys in the order of writing.

        They are read and not looked up in the mapping, of which this would bring every page into memory.
        """
        with self._path.open("rb", buffering=0) as file:
            for number in range(self._count):
                offset, length, _ = _ENTRY.unpack_from(self._map, self._directory + number * _ENTRY.size)
                yield os.pread(file.fileno(), length, offset).decode()

    def close(self) -> None:
        """Release the mapping, unless a record of it is still in use, which then keeps it."""
        try:
            self._view.release()
            self._map.close()
        except BufferError:
            return
