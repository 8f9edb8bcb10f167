"""Connections to query children, and what their replies mean."""

from __future__ import annotations

import contextlib
import json
import os
import secrets
import select
import signal
import socket
import time
from typing import TYPE_CHECKING, Any, Final

from officegraph.engine import wire
from officegraph.engine.admission import RETRY_AFTER
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
    ServiceFailedError,
)
from officegraph.engine.pace import SLOW, Pace
from officegraph.engine.scan import scan

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from officegraph.engine.interface import Query
    from officegraph.settings import Settings

NICENESS: Final = 15
"""Niceness of a child with a slow query."""

GRACE: Final = 0.03
"""Seconds that a client waits beyond the deadline for the kernel to end the child."""

CONNECT_TIMEOUT: Final = 30.0
"""Seconds that a server may take to fork a child and open the store, at the most."""

LIFE: Final = 5_000
"""Queries after which a child is replaced: reading a shared store makes its pages the child's own."""


class Connection:
    """A connection to a query child of its own.

    Args:
        path: Socket of the query server.
        patience: Seconds that the server may take to fork a child, and this to open the store.

    Raises:
        OSError: There is no server.
        EngineBusyError: The server has as many children as it may have.
        EngineUnavailableError: The child did not start.

    Attributes:
        socket: The connection.
        pid: Number of the child.
        queries: How many it has been asked.
        slow: Whether one of them was slow.
    """

    def __init__(self, path: Path, patience: float = CONNECT_TIMEOUT) -> None:
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self._handle: int | None = None
        self.queries = 0
        self.slow = False
        try:
            self.socket.settimeout(patience)
            self.socket.connect(str(path))
            (self.pid,) = wire.GREETING.unpack(wire.receive(self.socket, wire.GREETING.size))
        except BaseException as error:
            self.socket.close()
            if isinstance(error, wire.BrokenFrameError):
                raise EngineUnavailableError("The query child did not start.") from error
            raise
        if self.pid == 0:
            self.socket.close()
            raise EngineBusyError(RETRY_AFTER)
        if hasattr(os, "pidfd_open"):
            with contextlib.suppress(OSError):
                self._handle = os.pidfd_open(self.pid)

    @property
    def worn(self) -> bool:
        """Whether the child is to be replaced by another one."""
        return self.slow or self.queries >= LIFE

    def usable(self) -> bool:
        """Return whether the child waits for a request: it says nothing unless it has ended."""
        try:
            return not self.worn and not select.select([self.socket], [], [], 0)[0]
        except (OSError, ValueError):
            return False

    def ask(
        self, request: dict[str, Any], timeout: float, limit: int, on_slow: Callable[[], None] | None = None
    ) -> tuple[int, bytes]:
        """Send ``request`` and return kind and body of the reply.

        Args:
            request: What the child gets.
            timeout: Seconds till the deadline.
            limit: Bytes that the answer may have.
            on_slow: Called if the query takes long, if given.

        Raises:
            TimeoutError: There was no reply at the deadline.
            wire.BrokenFrameError: The child and its server have ended.
            OSError: The same.
        """
        self.queries += 1
        nonce = secrets.token_bytes(wire.NONCE_LENGTH)
        deadline = time.monotonic() + timeout
        self.socket.settimeout(timeout + GRACE)
        self.socket.sendall(wire.pack_request(nonce, {"request": request, "timeout": timeout}))
        pace = Pace(self.pid)
        waiting = select.poll()
        waiting.register(self.socket, select.POLLIN)
        answered = waiting.poll(min(SLOW, timeout) * 1000)
        if not answered and on_slow is not None:
            on_slow()
        while not answered and (left := min(pace.left(), deadline - time.monotonic())) > 0:
            answered = waiting.poll(left * 1000)
        if not answered:
            self.renice()
            if not waiting.poll(max(0.0, deadline + GRACE - time.monotonic()) * 1000):
                raise TimeoutError
        self.socket.settimeout(CONNECT_TIMEOUT)
        return wire.receive_reply(self.socket, nonce, limit + wire.MORE)

    def renice(self) -> None:
        """Let the child give way to others; it is not given back its rank, but retired."""
        self.slow = True
        with contextlib.suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, self.pid, NICENESS)

    def interrupt(self) -> None:
        """Hang up, from any thread: the kernel ends the child at once, and who waits for its reply hears so."""
        with contextlib.suppress(OSError):
            self.socket.shutdown(socket.SHUT_RDWR)

    def close(self, *, kill: bool = False) -> None:
        """Close the connection, by which the child ends; ``kill`` it if it may be stuck."""
        self.socket.close()
        if self._handle is not None:
            if kill and hasattr(signal, "pidfd_send_signal"):
                with contextlib.suppress(OSError):
                    signal.pidfd_send_signal(self._handle, signal.SIGKILL)
            os.close(self._handle)
            self._handle = None

    def forget(self) -> None:
        """Let go of the connection in a forked copy of this process."""
        self.socket.close()
        if self._handle is not None:
            os.close(self._handle)
            self._handle = None


def request_of(query: Query, settings: Settings) -> tuple[dict[str, Any], float]:
    """Return what a child is to be asked for ``query``, and the seconds that it has.

    Raises:
        QuerySyntaxError: The text is no query.
        QueryRefusedError: It is an update, calls a service or is more than the engine can bear.
    """
    found = query.scanned or scan(query.text, settings)
    request: dict[str, Any] = {
        "text": found.text,
        "format": query.format.extension,
        "limit": settings.query_result_size,
        "base": query.base,
        "default_graphs": query.default_graphs,
        "named_graphs": query.named_graphs,
    }
    if found.functions or found.from_graphs or found.from_named:
        request["prologue"] = found.prologue
        request["functions"] = found.functions
        request["from_graphs"] = found.from_graphs
        request["from_named"] = found.from_named
    if found.star is not None:
        request["star"] = found.star
        request["variables"] = found.variables
    return request, min(settings.query_timeout, query.timeout or settings.query_timeout)


def answer_of(kind: int, body: bytes, timeout: float, settings: Settings) -> bytes:
    """Return the answer that the reply of a child is.

    Args:
        kind: Kind of the reply.
        body: Its body.
        timeout: Seconds that the query had.
        settings: The limits.

    Raises:
        EngineError: It is none; the error says why.
    """
    if kind == wire.ANSWER:
        return body
    if kind == wire.ENDED:
        raise error_of_end(body, timeout, settings.query_memory)
    raise error_of(body, settings.query_result_size, settings.query_memory)


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
        case "service":
            return ServiceFailedError(message)
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
