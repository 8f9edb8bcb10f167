"""Sets of small numbers: whole numbers of Python whose bits are the members, and how they are stored.

Union, intersection and size of sets of a hundred thousand members take microseconds so, and numbers are given to
resources in the order in which they are shown, so that the first hits of a result are its lowest bits.
"""

from __future__ import annotations

import sys
from array import array
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

_LIST: Final = b"\x00"
_BITS: Final = b"\x01"
_FEW: Final = 8


def encode(members: Sequence[int]) -> bytes:
    """Return the stored form of a set: as a list or as bits, whichever is shorter.

    Args:
        members: Its members in order, without repetition, at least one.
    """
    if 4 * len(members) <= members[-1] // 8 + 1:
        return _LIST + _little_endian(array("I", members)).tobytes()
    return _BITS + to_bytes(from_members(members))


def decode(stored: bytes) -> int:
    """Return the set that :func:`encode` stored."""
    if stored[:1] == _BITS:
        return int.from_bytes(memoryview(stored)[1:], "little")
    return from_members(listed(stored))


def is_list(stored: bytes) -> bool:
    """Return whether a set is stored as a list."""
    return stored[:1] == _LIST


def listed(stored: bytes) -> array[int]:
    """Return the members of a set that is stored as a list."""
    members = array("I")
    members.frombytes(memoryview(stored)[1:])
    return _little_endian(members)


def members_of(stored: bytes) -> Sequence[int]:
    """Return the members of a stored set in order."""
    return listed(stored) if is_list(stored) else list(members(decode(stored)))


def _little_endian(numbers: array[int]) -> array[int]:
    if sys.byteorder == "big":
        numbers.byteswap()
    return numbers


def from_members(numbers: Iterable[int]) -> int:
    """Return the set of ``numbers``, which may repeat."""
    found = numbers if isinstance(numbers, Sequence) else list(numbers)
    if len(found) <= _FEW:
        bits = 0
        for number in found:
            bits |= 1 << number
        return bits
    buffer = bytearray(max(found) // 8 + 1)
    for number in found:
        buffer[number >> 3] |= 1 << (number & 7)
    return int.from_bytes(buffer, "little")


def to_bytes(bits: int) -> bytes:
    """Return the bits of a set, the lowest first."""
    return bits.to_bytes((bits.bit_length() + 7) // 8, "little")


def members(bits: int) -> Iterator[int]:
    """Yield the members of a set in order.

    >>> list(members(0b10110))
    [1, 2, 4]
    """
    data = to_bytes(bits)
    for start in range(0, len(data), 64):
        part = int.from_bytes(data[start : start + 64], "little")
        while part:
            lowest = part & -part
            yield 8 * start + lowest.bit_length() - 1
            part ^= lowest
