"""When a query child has taken so much memory of its own that another one is to take its place.

A child begins with the pages of the server's store, shared with all others. Reading a store in memory counts
references, by which its pages become the child's own: half of it within some thousand queries.
"""

from __future__ import annotations

import resource
from pathlib import Path
from typing import Final

MEBIBYTE: Final = 1024 * 1024

MOST: Final = 48 * MEBIBYTE
"""Bytes of its own beyond those at its start with which a child ends, once it has sent its answer.

The pages that nearly every query touches are less than that at 10,000 concepts, so that forking and copying anew
costs a small query some percent at the most."""

LITTLE: Final = 8 * MEBIBYTE
"""Bytes of its own up to which a child without work may wait for some."""

IDLE: Final = 10.0
"""Seconds without work after which another child ends."""

_STATUS: Final = Path("/proc/self/smaps_rollup")


class OwnMemory:
    """What memory of its own this process has taken since it began; looked at only when it may have become more.

    Taking a page is a fault of this process, and counting those costs less than a microsecond, while the system has
    to walk through all pages to tell whose they are. Where it does not tell, the answer is always that there is
    little; the client replaces such a child by the number of its queries.
    """

    def __init__(self) -> None:
        self._begin = own()
        self._taken = 0
        self._faults = faults()

    def look(self, bound: int) -> bool:
        """Return whether it has taken more than ``bound`` bytes."""
        if self._begin is None:
            return False
        if self._taken <= bound:
            now = faults()
            if self._taken + (now - self._faults) * resource.getpagesize() <= bound:
                return False
            self._faults = now
            self._taken = max(0, (own() or 0) - self._begin)
        return self._taken > bound


def faults() -> int:
    """Return how many pages this process has been given or has come to share."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt


def own() -> int | None:
    """Return the bytes of memory that this process has written and shares with no other, if the system tells."""
    try:
        lines = _STATUS.read_bytes().splitlines()
        return next(int(line.split()[1]) * 1024 for line in lines if line.startswith(b"Private_Dirty:"))
    except (OSError, ValueError, IndexError, StopIteration):
        return None
