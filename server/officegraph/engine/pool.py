"""Connections to query children, and how many of them may be at work."""

from __future__ import annotations

import contextlib
import json
import os
import secrets
import select
import signal
import socket
import threading
import time
from typing import TYPE_CHECKING, Any, Final, Self

from officegraph.engine import wire
from officegraph.engine.interface import (
    EngineBusyError,
    EngineError,
    EngineUnavailableError,
    NotRepresentableError,
    QueryMemoryError,
    QueryRefusedError,
    QuerySyntaxError,
    QueryTimeoutError,
    ResultTooLargeError,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

SLOW: Final = 0.1
"""Seconds after which a query counts as slow: it gives way to others, and its child is retired."""

NICENESS: Final = 15
"""Niceness of a child with a slow query."""

GRACE: Final = 0.03
"""Seconds that a client waits beyond the deadline for the kernel to end the child."""

CONNECT_TIMEOUT: Final = 30.0
"""Seconds that a server may take to fork a child and open the store."""

LIFE: Final = 5_000
"""Queries after which a child is replaced: reading a shared store makes its pages the child's own."""

RETRY_AFTER: Final = 5.0
"""Seconds after which a client that was turned away may try again."""


class Connection:
    """A connection to a query child of its own.

    Args:
        path: Socket of the query server.

    Raises:
        OSError: There is no server.
        EngineBusyError: The server has as many children as it may have.
        EngineUnavailableError: The child did not start.
    """

    def __init__(self, path: Path) -> None:
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self._handle: int | None = None
        self.queries = 0
        self.slow = False
        try:
            self._socket.settimeout(CONNECT_TIMEOUT)
            self._socket.connect(str(path))
            (self.pid,) = wire.GREETING.unpack(wire.receive(self._socket, wire.GREETING.size))
        except BaseException as error:
            self._socket.close()
            if isinstance(error, wire.BrokenFrameError):
                raise EngineUnavailableError("The query child did not start.") from error
            raise
        if self.pid == 0:
            self._socket.close()
            raise EngineBusyError(RETRY_AFTER)
        if hasattr(os, "pidfd_open"):
            with contextlib.suppress(OSError):
                self._handle = os.pidfd_open(self.pid)

    def usable(self) -> bool:
        """Return whether the child waits for a request: it says nothing unless it has ended."""
        try:
            return not self.slow and self.queries < LIFE and not select.select([self._socket], [], [], 0)[0]
        except (OSError, ValueError):
            return False

    def ask(
        self, request: dict[str, Any], timeout: float, limit: int, on_slow: Callable[[], None]
    ) -> tuple[int, bytes]:
        """Send ``request`` and return kind and body of the reply.

        Args:
            request: What the child gets.
            timeout: Seconds till the deadline.
            limit: Bytes that the answer may have.
            on_slow: Called once if the query turns out to be slow.

        Raises:
            TimeoutError: There was no reply at the deadline.
            wire.BrokenFrameError: The child and its server have ended.
            OSError: The same.
        """
        self.queries += 1
        nonce = secrets.token_bytes(wire.NONCE_LENGTH)
        deadline = time.monotonic() + timeout
        self._socket.settimeout(timeout + GRACE)
        self._socket.sendall(wire.pack_request(nonce, {"request": request, "timeout": timeout}))
        waiting = select.poll()
        waiting.register(self._socket, select.POLLIN)
        if not waiting.poll(min(SLOW, timeout) * 1000):
            self.renice()
            on_slow()
            if not waiting.poll(max(0.0, deadline + GRACE - time.monotonic()) * 1000):
                raise TimeoutError
        self._socket.settimeout(CONNECT_TIMEOUT)
        return wire.receive_reply(self._socket, nonce, limit + 4096)

    def renice(self) -> None:
        """Let the child give way to others; it is not given back its rank, but retired."""
        self.slow = True
        with contextlib.suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, self.pid, NICENESS)

    def close(self, *, kill: bool = False) -> None:
        """Close the connection, by which the child ends; ``kill`` it if it may be stuck."""
        self._socket.close()
        if self._handle is not None:
            if kill and hasattr(signal, "pidfd_send_signal"):
                with contextlib.suppress(OSError):
                    signal.pidfd_send_signal(self._handle, signal.SIGKILL)
            os.close(self._handle)
            self._handle = None

    def forget(self) -> None:
        """Let go of the connection in a forked copy of this process."""
        self._socket.close()
        if self._handle is not None:
            os.close(self._handle)
            self._handle = None


class Admission:
    """How many queries are evaluated at a time, and how many wait for their turn.

    A query that turns out to be slow makes room for another one, up to half as many again, so that a few
    slow queries leave places to the quick ones.

    Args:
        workers: Queries that are evaluated at the same time.
        queue: Queries that may wait.
    """

    def __init__(self, workers: int, queue: int) -> None:
        self._places = workers
        self._slow_places = workers // 2
        self._queue = queue
        self._active = 0
        self._slow = 0
        self._waiting = 0
        self._changed = threading.Condition()

    @property
    def capacity(self) -> int:
        """How many queries are evaluated at the same time at most."""
        return self._places + self._slow_places

    def enter(self, patience: float) -> Place:
        """Return a place once there is one.

        Args:
            patience: Seconds to wait.

        Raises:
            EngineBusyError: There is none, and the queue is full or the time is over.
        """
        with self._changed:
            if self._active >= self._places or self._waiting:
                if self._waiting >= self._queue:
                    raise EngineBusyError(RETRY_AFTER)
                self._waiting += 1
                try:
                    if not self._changed.wait_for(lambda: self._active < self._places, patience):
                        raise EngineBusyError(RETRY_AFTER)
                finally:
                    self._waiting -= 1
            self._active += 1
        return Place(self)

    def make_slow(self) -> bool:
        """Move a query among the slow ones; return whether there was room."""
        with self._changed:
            if self._slow >= self._slow_places:
                return False
            self._slow += 1
            self._active -= 1
            self._changed.notify()
            return True

    def leave(self, *, slow: bool) -> None:
        """Give back a place."""
        with self._changed:
            if slow:
                self._slow -= 1
            else:
                self._active -= 1
                self._changed.notify()


class Place:
    """The place of one query that is being evaluated; a context manager that gives it back.

    Args:
        admission: Where it belongs.
    """

    __slots__ = ("_admission", "_slow")

    def __init__(self, admission: Admission) -> None:
        self._admission = admission
        self._slow = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._admission.leave(slow=self._slow)

    def make_slow(self) -> None:
        """Make room for another query, if there still is some."""
        self._slow = self._slow or self._admission.make_slow()


def error_of(body: bytes, limit: int, memory: int) -> EngineError:
    """Return the error that a child reports."""
    said = json.loads(body)
    message = said["message"]
    match said["kind"]:
        case "syntax":
            return QuerySyntaxError(message, said["line"], said["column"], said["detail"])
        case "refused":
            return QueryRefusedError(said["reason"], message)
        case "format":
            return NotRepresentableError(message)
        case "size":
            return ResultTooLargeError(limit)
        case "memory":
            return QueryMemoryError(memory)
    return QueryRefusedError("engine", f"The engine failed on this query: {message}.")


def died_idle(body: bytes) -> bool:
    """Return whether a child ended by no fault of the query that was sent to it last."""
    return json.loads(body).get("signal", signal.SIGKILL) in {0, signal.SIGKILL, signal.SIGTERM, signal.SIGIO}


def error_of_end(body: bytes, timeout: float, memory: int) -> EngineError:
    """Return the error of a query whose child has ended."""
    ended = json.loads(body).get("signal")
    match ended:
        case signal.SIGALRM:
            return QueryTimeoutError(timeout)
        case signal.SIGABRT:
            return QueryMemoryError(memory)
        case signal.SIGSEGV | signal.SIGBUS | signal.SIGILL | signal.SIGFPE:
            return QueryRefusedError("complexity", "The query is too complex for the engine.")
    return EngineUnavailableError("The query was interrupted, since its process or the query server ended.")
