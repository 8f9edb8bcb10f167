"""The embedded engine: evaluates queries in child processes that can be stopped."""

from __future__ import annotations

import atexit
import contextlib
import os
import threading
import time
import weakref
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from officegraph.engine import wire
from officegraph.engine.admission import Admission
from officegraph.engine.asynchronous import AsynchronousEngine
from officegraph.engine.interface import (
    Answer,
    EngineBusyError,
    EngineError,
    EngineUnavailableError,
    Query,
    QueryCancelledError,
    QueryTimeoutError,
)
from officegraph.engine.launch import OwnServer, SharedServer
from officegraph.engine.pool import CONNECT_TIMEOUT, Connection, answer_of, died_idle, request_of
from officegraph.engine.supervisor import Supervisor

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from officegraph.engine.admission import Place
    from officegraph.engine.interface import Cancellation
    from officegraph.settings import Settings

PROBE_TIMEOUT: Final = 1.0
"""Seconds in which an engine that works answers a query that needs no data."""

RECENT: Final = 1.0
"""Seconds for which an answer shows that the engine works."""

_engines: weakref.WeakSet[EmbeddedEngine] = weakref.WeakSet()


class EmbeddedEngine:
    """Evaluates queries over the store of a release; safe to use from many threads, and after a fork.

    Queries run in the children of a query server (:mod:`officegraph.engine.fork_server`), which is started
    with the first query, or is another process's if the setting ``engine_socket`` names one.

    Args:
        store: The store of a release: a folder with ``data.nq`` or ``rocksdb/``, or either of them.
        prefixes: Prefixes for the formats of graphs, prefix to namespace.
        settings: The limits.
    """

    def __init__(self, store: Path | str, prefixes: Mapping[str, str], settings: Settings) -> None:
        self._settings = settings
        self._server: OwnServer | SharedServer = (
            OwnServer(Path(store), prefixes, settings)
            if settings.engine_socket is None
            else SharedServer(settings.engine_socket)
        )
        self.admission = self._make_admission()
        self._idle: list[Connection] = []
        self._lock = threading.Lock()
        self._closed = False
        self._answered = -RECENT
        self._asynchronous: AsynchronousEngine | None = None
        _engines.add(self)
        atexit.register(self.close)

    def asynchronous(self) -> AsynchronousEngine:
        """Return this engine as an event loop uses it, always the same; the loop has to be the same too."""
        if self._asynchronous is None:
            self._asynchronous = AsynchronousEngine(self, self._settings, self._connect)
        return self._asynchronous

    def note_answer(self) -> None:
        """Note that a child has answered just now, by which the engine is known to work."""
        self._answered = time.monotonic()

    def _make_admission(self) -> Admission:
        settings = self._settings
        return Admission(settings.query_workers, settings.query_queue, settings.engine_places)

    def evaluate(self, query: Query) -> Answer:
        """Evaluate ``query`` within the limits of the settings.

        Raises:
            QuerySyntaxError: The text is no query.
            QueryRefusedError: It is an update, calls a service or is more than the engine can bear.
            NotRepresentableError: The format cannot carry the answer.
            QueryTimeoutError: It took longer than its time.
            QueryMemoryError: It took more memory than it may.
            ResultTooLargeError: The answer is too large.
            EngineBusyError: All workers are taken.
            QueryCancelledError: The client has gone.
            ServiceFailedError: A service that the query calls has failed.
            EngineUnavailableError: The query server does not run and does not start.
        """
        request, timeout = request_of(query, self._settings)
        cancellation = query.cancellation
        with self.admission.enter(timeout, cancellation) as place:
            return Answer(self._ask(request, timeout, place, cancellation), query.format)

    def _ask(self, request: dict[str, Any], timeout: float, place: Place, cancellation: Cancellation | None) -> bytes:
        """Send ``request`` to a child and return the answer."""
        patience = min(timeout, CONNECT_TIMEOUT)
        connection, fresh = self._connection(patience)
        kind, body = self._exchange(connection, request, timeout, place, cancellation)
        if kind == wire.ENDED and not fresh and not connection.slow and died_idle(body):
            # The child had ended, or ended with its server, before it could take the query: ask another.
            kind, body = self._exchange(self._connect(patience), request, timeout, place, cancellation)
        return answer_of(kind, body, timeout, self._settings)

    def _exchange(
        self,
        connection: Connection,
        request: dict[str, Any],
        timeout: float,
        place: Place,
        cancellation: Cancellation | None,
    ) -> tuple[int, bytes]:
        """Send ``request`` over ``connection``, keep or close that, and return kind and body of the reply."""
        kind, body = wire.ENDED, b"{}"
        watched = contextlib.nullcontext() if cancellation is None else cancellation.calling(connection.interrupt)
        try:
            with watched:
                kind, body = connection.ask(request, timeout, self._settings.query_result_size, place.make_slow)
        except TimeoutError:
            raise QueryTimeoutError(timeout) from None
        except (wire.BrokenFrameError, OSError):
            pass  # the child has ended, and its server too, or the server would have said so
        finally:
            self._give_back(connection, failed=kind == wire.ENDED)
        if kind == wire.ENDED and cancellation is not None and cancellation.cancelled:
            raise QueryCancelledError
        return kind, body

    def _connection(self, patience: float) -> tuple[Connection, bool]:
        """Return a connection to a child, and whether it is a fresh one."""
        while True:
            with self._lock:
                if self._closed:
                    raise EngineUnavailableError("The engine has been closed.")
                if not self._idle:
                    break
                connection = self._idle.pop()
            if connection.usable():
                return connection, False
            connection.close()
        return self._connect(patience), True

    def _connect(self, patience: float) -> Connection:
        """Return a connection to a new child, of a new server if need be."""
        for attempt in range(3):
            try:
                return Connection(self._server.socket(), patience)
            except OSError as error:
                if attempt == 2 or isinstance(error, TimeoutError):
                    raise EngineUnavailableError(f"The query server cannot be reached: {error}.") from error
            except EngineBusyError:
                raise
            except EngineUnavailableError:
                if attempt == 2:
                    raise
        raise AssertionError  # pragma: no cover - the loop returns or raises

    def _give_back(self, connection: Connection, *, failed: bool) -> None:
        """Keep ``connection`` for the next query, or close it."""
        if not failed:
            self.note_answer()
        if not failed and connection.usable():
            with self._lock:
                if not self._closed and len(self._idle) < self.admission.capacity:
                    self._idle.append(connection)
                    return
        connection.close(kill=failed)

    def ready(self) -> bool:
        """Return whether queries are answered: one was just now, or is within a second.

        Two children are asked in turn, since a busy machine may let one wait. Starts the query server if need be.
        """
        if time.monotonic() - self._answered < RECENT:
            return True
        return self._server.loaded() and (self._probe() or self._probe())

    def _probe(self) -> bool:
        """Return whether a child answers a query that needs no data."""
        try:
            connection, _ = self._connection(PROBE_TIMEOUT)
        except EngineBusyError:
            return True
        except EngineError:
            return False
        kind = wire.ENDED
        with contextlib.suppress(wire.BrokenFrameError, OSError):
            kind, _ = connection.ask({"text": "ASK {}", "format": "json", "limit": 1000}, PROBE_TIMEOUT, 1000)
        self._give_back(connection, failed=kind == wire.ENDED)
        return kind == wire.ANSWER

    def close(self) -> None:
        """End the query server if it is this engine's own, with all queries that still run."""
        with self._lock:
            self._closed = True
            idle, self._idle = self._idle, []
        for connection in idle:
            connection.close()
        if self._asynchronous is not None:
            self._asynchronous.close()
        self._server.close()
        atexit.unregister(self.close)

    def after_fork(self) -> None:
        """Begin anew in a forked copy of the process, and leave server and connections to the original."""
        self._lock = threading.Lock()
        self.admission.forget()
        self.admission = self._make_admission()
        for connection in self._idle:
            connection.forget()
        self._idle = []
        self._asynchronous = None
        self._server.forget()


def _begin_anew() -> None:
    for engine in list(_engines):
        engine.after_fork()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_begin_anew)


@contextlib.contextmanager
def query_server(store: Path | str, prefixes: Mapping[str, str], settings: Settings) -> Iterator[Path]:
    """Run a query server that several processes share, by the setting ``engine_socket``; it is restarted if it ends.

    Args:
        store: The store of a release.
        prefixes: Prefixes for the formats of graphs, prefix to namespace.
        settings: The limits.

    Yields:
        The socket that it listens on.

    Raises:
        EngineUnavailableError: It did not start; the message says why.
    """
    server = Supervisor(Path(store), prefixes, settings)
    try:
        server.wait_until_ready()
        yield server.socket
    finally:
        server.close()
