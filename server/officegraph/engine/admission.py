"""How many queries are evaluated at a time, by one process or by several that share the places."""

from __future__ import annotations

import contextlib
import fcntl
import os
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, Final, Protocol, Self

from officegraph.engine.interface import EngineBusyError, QueryCancelledError

if TYPE_CHECKING:
    from officegraph.engine.interface import Cancellation

RETRY_AFTER: Final = 5.0
"""Seconds after which a client that was turned away may try again."""

GLANCE: Final = 0.005
"""Seconds after which one who waits looks whether another process has left a place."""

OWN_GLANCE: Final = 0.1
"""Seconds after which one who waits for a place of this process looks whether its client has gone."""


class Places(Protocol):
    """A number of places, each of which one query may take. Not safe for threads by itself."""

    def take(self) -> bool:
        """Take a place; return whether there was one."""

    def give_back(self) -> None:
        """Give back a place that was taken."""

    def forget(self) -> None:
        """Let go of all places in a forked copy of the process that holds them."""


class OwnPlaces:
    """Places of one process.

    Args:
        count: How many there are.
    """

    def __init__(self, count: int) -> None:
        self._free = count

    def take(self) -> bool:
        """Take a place; return whether there was one."""
        if self._free <= 0:
            return False
        self._free -= 1
        return True

    def give_back(self) -> None:
        """Give back a place."""
        self._free += 1

    def forget(self) -> None:
        """Do nothing: a copy counts by itself."""


class SharedPlaces:
    """Places that processes share: each is a file, and taken while it is locked.

    The kernel frees the places of a process that dies, in whatever way.

    Args:
        folder: Folder of the files.
        name: What these places are for.
        count: How many there are.
    """

    def __init__(self, folder: Path, name: str, count: int) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        flags = os.O_RDWR | os.O_CREAT | os.O_CLOEXEC
        self._free = [os.open(folder / f"{name}-{number}", flags, 0o600) for number in range(count)]
        self._taken: list[int] = []

    def take(self) -> bool:
        """Take a place; return whether there was one."""
        for position, place in enumerate(self._free):
            try:
                fcntl.flock(place, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                continue
            self._taken.append(self._free.pop(position))
            return True
        return False

    def give_back(self) -> None:
        """Give back a place."""
        place = self._taken.pop()
        fcntl.flock(place, fcntl.LOCK_UN)
        # To the front: the next one finds it at once.
        self._free.insert(0, place)

    def forget(self) -> None:
        """Close the files: a lock ends when the last copy of its descriptor is closed."""
        for place in (*self._free, *self._taken):
            with contextlib.suppress(OSError):
                os.close(place)
        self._free, self._taken = [], []

    def __del__(self) -> None:
        self.forget()


class Admission:
    """How many queries are evaluated at a time, and how many wait for their turn.

    A query that turns out to be slow makes room for another one, up to half as many again, so that a few
    slow queries leave places to the quick ones.

    Args:
        workers: Queries that are evaluated at the same time.
        queue: Queries that may wait.
        folder: Folder by which several processes share the places; without one they are this process's own.
    """

    def __init__(self, workers: int, queue: int, folder: Path | None = None) -> None:
        self.capacity = workers + workers // 2
        self.queue = queue
        self.running = 0
        self.waiting = 0
        self._quick = places(folder, "quick", workers)
        self._slow = places(folder, "slow", workers // 2)
        self._queue = places(folder, "queue", queue)
        self._glance = OWN_GLANCE if folder is None else GLANCE
        self._changed = threading.Condition()

    def enter(self, patience: float, cancellation: Cancellation | None = None) -> Place:
        """Return a place once there is one.

        Args:
            patience: Seconds to wait.
            cancellation: Ends the wait when it is cancelled.

        Raises:
            EngineBusyError: There is none, and the queue is full or the time is over.
            QueryCancelledError: The client has gone.
        """
        with self._changed:
            if self.waiting or not self._quick.take():
                self._wait(patience, cancellation)
            self.running += 1
        return Place(self)

    def take(self) -> Place | None:
        """Return a place if there is one, whoever waits."""
        with self._changed:
            if not self._quick.take():
                return None
            self.running += 1
        return Place(self)

    def queue_up(self) -> bool:
        """Begin to wait elsewhere than in :meth:`enter`; return whether the queue had room."""
        with self._changed:
            if not self._queue.take():
                return False
            self.waiting += 1
            return True

    def leave_queue(self) -> None:
        """Wait no longer, after :meth:`queue_up`."""
        with self._changed:
            self.waiting -= 1
            self._queue.give_back()

    def _wait(self, patience: float, cancellation: Cancellation | None) -> None:
        """Wait for a place in the queue, and take it."""
        if not self._queue.take():
            raise EngineBusyError(RETRY_AFTER)
        self.waiting += 1
        end = time.monotonic() + patience
        try:
            while not self._quick.take():
                left = end - time.monotonic()
                if left <= 0:
                    raise EngineBusyError(RETRY_AFTER)
                if cancellation is not None and cancellation.cancelled:
                    raise QueryCancelledError
                # The more wait, the less often each looks: one of them finds a place that is left as soon.
                self._changed.wait(min(left, self._glance * self.waiting))
        finally:
            self.waiting -= 1
            self._queue.give_back()

    def make_slow(self) -> bool:
        """Move a query among the slow ones; return whether there was room."""
        with self._changed:
            if not self._slow.take():
                return False
            self._quick.give_back()
            self._changed.notify()
            return True

    def leave(self, *, slow: bool) -> None:
        """Give back a place."""
        with self._changed:
            self.running -= 1
            (self._slow if slow else self._quick).give_back()
            self._changed.notify()

    def forget(self) -> None:
        """Let go of all places in a forked copy of this process."""
        for each in (self._quick, self._slow, self._queue):
            each.forget()


def places(folder: Path | None, name: str, count: int) -> Places:
    """Return ``count`` places, shared by ``folder`` if there is one."""
    return OwnPlaces(count) if folder is None else SharedPlaces(folder, name, count)


class Place:
    """The place of one query that is being evaluated; a context manager that gives it back.

    Args:
        admission: Where it belongs.

    Attributes:
        slow: Whether it is one of those for slow queries.
    """

    __slots__ = ("_admission", "slow")

    def __init__(self, admission: Admission) -> None:
        self._admission = admission
        self.slow = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.leave()

    def leave(self) -> None:
        """Give the place back."""
        self._admission.leave(slow=self.slow)

    def make_slow(self) -> None:
        """Make room for another query, if there still is some."""
        self.slow = self.slow or self._admission.make_slow()
