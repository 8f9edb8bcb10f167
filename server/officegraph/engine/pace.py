"""Which queries are slow: those that have used the processor, not those that wait for it on a busy machine."""

from __future__ import annotations

import sys
import time
from typing import Final

SLOW: Final = 0.1
"""Seconds of work after which a query counts as slow: it gives way to others, and its child is retired.

Its place it leaves to another after as many seconds in any case, worked or waited."""

LONGEST: Final = 0.5
"""Seconds after which it does whatever it has worked, since it may wait for something else than the processor."""

_PROCESSOR_CLOCK: Final = 2
"""What the clock of a process counts: the time that it was given a processor (``CPUCLOCK_SCHED`` of Linux)."""


def processor_time(pid: int) -> float | None:
    """Return the seconds that the process ``pid`` has been given a processor, if the system tells.

    Linux makes the number of the clock out of that of the process (clock_getcpuclockid(3)); elsewhere numbers of
    clocks mean something else.
    """
    if sys.platform != "linux":
        return None
    try:
        return time.clock_gettime((~pid << 3) | _PROCESSOR_CLOCK)
    except OSError:
        return None


class Pace:
    """Judges one query of a child, from when it is sent.

    A query that has hardly been given a processor is not slow, the machine is: to let its child give way and start
    another in its place would make that worse.

    Args:
        pid: Number of the child.
    """

    __slots__ = ("_begun", "_pid", "_used")

    def __init__(self, pid: int) -> None:
        self._pid = pid
        self._begun = time.monotonic()
        self._used = processor_time(pid)

    def left(self) -> float:
        """Return the seconds after which to judge again; none if the query is slow."""
        passed = time.monotonic() - self._begun
        now = processor_time(self._pid)
        if self._used is None or now is None:
            return max(0.0, SLOW - passed)
        worked = now - self._used
        if passed >= LONGEST or (passed >= SLOW and worked >= SLOW / 2):
            return 0.0
        return min(SLOW - worked if passed >= SLOW else SLOW - passed, LONGEST - passed)
