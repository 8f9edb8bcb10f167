"""A query child: a process that evaluates queries, one at a time, until its client goes away.

The kernel ends it: the interval timer by SIGALRM at the deadline of a query, the connection by SIGIO when
the client closes it during a query, the limit on the address space by an aborted allocation. All of
them work while the engine runs, which cannot be interrupted from within.
"""

from __future__ import annotations

import fcntl
import json
import os
import select
import signal
import socket
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NoReturn

from officegraph.engine import wire
from officegraph.engine.confinement import confine
from officegraph.engine.evaluation import Request, evaluate
from officegraph.engine.interface import (
    EngineError,
    NotRepresentableError,
    QueryRefusedError,
    QuerySyntaxError,
    ResultTooLargeError,
)
from officegraph.engine.memory import IDLE, LITTLE, MOST, OwnMemory

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from pyoxigraph import Store

SEND_TIMEOUT = 60
"""Seconds that a client may take to read an answer."""


@dataclass(frozen=True, slots=True)
class Work:
    """What a child works with.

    Attributes:
        open_store: Returns the dataset.
        prefixes: Prefixes for the formats of graphs, prefix to namespace.
        memory: Bytes of memory that queries may take beside the store.
        network: Whether queries may call services; the scan has let through only those that are allowed.
    """

    open_store: Callable[[], Store]
    prefixes: Mapping[str, str]
    memory: int
    network: bool = False


def run(connection: socket.socket, work: Work) -> NoReturn:
    """Answer the requests of ``connection``; never returns."""
    status = 1
    try:
        for number in (signal.SIGALRM, signal.SIGIO, signal.SIGTERM, signal.SIGINT):
            signal.signal(number, signal.SIG_DFL)
        signal.set_wakeup_fd(-1)
        devnull = os.open(os.devnull, os.O_RDWR)
        for descriptor in (0, 1, 2):
            os.dup2(devnull, descriptor)
        os.close(devnull)
        store = work.open_store()
        confine(work.memory, network=work.network)
        watch = Watch(connection)
        connection.sendall(wire.GREETING.pack(os.getpid()))
        memory = OwnMemory()
        waiting = select.poll()
        waiting.register(connection, select.POLLIN)
        while waiting.poll(IDLE * 1000) or not memory.look(LITTLE):
            nonce, message = wire.receive_request(connection)
            kind, body = answer(watch, store, message, work)
            wire.send_reply(connection, nonce, kind, body)
            signal.setitimer(signal.ITIMER_REAL, 0)
            if memory.look(MOST):
                break
        # Heard at once, also by a client that is just sending its next query and then asks another child.
        connection.shutdown(socket.SHUT_RDWR)
        status = 0
    except (wire.BrokenFrameError, OSError, ValueError):
        status = 0
    finally:
        os._exit(status)


def answer(watch: Watch, store: Store, message: dict[str, Any], work: Work) -> tuple[int, bytes]:
    """Evaluate the request ``message`` between setting and lifting the bounds of this one query."""
    request = Request(**message["request"])
    signal.setitimer(signal.ITIMER_REAL, max(message["timeout"], 0.001))
    watch.begin()
    try:
        body, kind = evaluate(store, request, work.prefixes), wire.ANSWER
    except BaseException as error:  # noqa: BLE001 - also the engine's panics, which are no Exception
        body, kind = json.dumps(describe(error, network=work.network)).encode(), wire.ERROR
    watch.end()
    signal.setitimer(signal.ITIMER_REAL, SEND_TIMEOUT)
    return kind, body


class Watch:
    """Has the kernel end this process when the client closes the connection during a query.

    Args:
        connection: The connection.
    """

    def __init__(self, connection: socket.socket) -> None:
        self._descriptor = connection.fileno()
        self._flags = fcntl.fcntl(connection, fcntl.F_GETFL) & ~os.O_ASYNC
        self._news = select.poll()
        self._news.register(connection, select.POLLIN)
        fcntl.fcntl(connection, fcntl.F_SETOWN, os.getpid())

    def begin(self) -> None:
        """Watch from now on.

        Raises:
            wire.BrokenFrameError: The client has closed the connection already.
        """
        fcntl.fcntl(self._descriptor, fcntl.F_SETFL, self._flags | os.O_ASYNC)
        if self._news.poll(0):
            raise wire.BrokenFrameError

    def end(self) -> None:
        """Watch no longer."""
        fcntl.fcntl(self._descriptor, fcntl.F_SETFL, self._flags)


def describe(error: BaseException, *, network: bool = False) -> dict[str, Any]:
    """Return ``error`` as it travels; where there is a ``network``, a service may be at fault."""
    if isinstance(error, QuerySyntaxError):
        return {
            "kind": "syntax",
            "message": error.message,
            "line": error.line,
            "column": error.column,
            "detail": error.detail,
        }
    if isinstance(error, QueryRefusedError):
        return {"kind": "refused", "message": str(error), "reason": error.reason}
    if isinstance(error, NotRepresentableError):
        return {"kind": "format", "message": str(error)}
    if isinstance(error, ResultTooLargeError):
        return {"kind": "size", "message": str(error)}
    if isinstance(error, MemoryError):
        return {"kind": "memory", "message": ""}
    if network and isinstance(error, OSError):
        return {"kind": "service", "message": str(error)}
    if isinstance(error, (RuntimeError, ValueError, OSError, EngineError)):
        return {"kind": "refused", "message": f"The engine refuses the query: {error}.", "reason": "engine"}
    return {"kind": "failed", "message": f"{type(error).__name__}: {error}"}
