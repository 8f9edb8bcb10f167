"""Keep a query server running that several processes share: one that has ended or hangs is followed by another."""

from __future__ import annotations

import contextlib
import logging
import os
import shutil
import subprocess
import threading
import time
import weakref
from typing import TYPE_CHECKING, Final

from officegraph.engine.folders import make_again, show_use
from officegraph.engine.interface import EngineUnavailableError
from officegraph.engine.launch import CLOSE_TIMEOUT, READY, socket_folder, start_server

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from officegraph.settings import Settings

SHORTEST_PAUSE: Final = 0.05
"""Seconds before a server that has ended is started again, the first time."""

LONGEST_PAUSE: Final = 5.0
"""The same, for one that keeps ending."""

LOOK: Final = 1.0
"""Seconds after which a supervisor looks at its server again."""

HUNG: Final = 20.0
"""Seconds without a sign of life after which a process is ended, for another to take its place."""

SHOW_USE: Final = 60.0
"""Seconds after which temporary folders are shown to be in use."""

_log: Final = logging.getLogger("officegraph")

_supervisors: weakref.WeakSet[Supervisor] = weakref.WeakSet()


class Supervisor:
    """A query server that several processes share, started anew whenever it ends or hangs.

    Clients find it by one path that stays the same: a link to the socket of the server that runs. It is there as
    soon as the server listens, and who connects before the store is loaded waits.

    Args:
        store: The store of a release.
        prefixes: Prefixes for the formats of graphs, prefix to namespace.
        settings: The limits.
        on_failure: Called, by another thread, if the store cannot be loaded; then no server is started any more.

    Raises:
        EngineUnavailableError: There is no store, or no process could be started; the message says so.

    Attributes:
        socket: The path.
        failure: Why the store could not be loaded, if so.
    """

    def __init__(
        self,
        store: Path,
        prefixes: Mapping[str, str],
        settings: Settings,
        on_failure: Callable[[], None] | None = None,
    ) -> None:
        self._arguments = (store, prefixes, settings)
        self._on_failure = on_failure
        self._ended = threading.Event()
        self._listening = threading.Event()
        self._decided = threading.Event()
        self.failure: EngineUnavailableError | None = None
        self._server = start_server(*self._arguments)
        self._folder = socket_folder("officegraph-queries-")
        self.socket = self._folder / "socket"
        self._ready = self._folder / READY
        self._thread = threading.Thread(target=self._watch, name="query-server-supervisor", daemon=True)
        self._thread.start()
        _supervisors.add(self)

    def wait_until_listening(self) -> None:
        """Return once clients can connect, who then wait until the store is loaded.

        Raises:
            EngineUnavailableError: The server did not start; the message says why.
        """
        self._listening.wait()
        if self.failure is not None:
            raise self.failure

    def wait_until_ready(self) -> None:
        """Return once the store is loaded.

        Raises:
            EngineUnavailableError: It cannot be; the message says why.
        """
        self._decided.wait()
        if self.failure is not None:
            raise self.failure

    def _link(self) -> None:
        make_again(self._folder)
        new = self._folder / "next"
        new.unlink(missing_ok=True)
        new.symlink_to(self._server.socket)
        new.replace(self.socket)

    def _watch(self) -> None:
        pause = SHORTEST_PAUSE
        while True:
            begun = time.monotonic()
            try:
                self._server.wait_until_listening()
                self._link()
                self._listening.set()
                self._server.wait_until_ready()
            except (EngineUnavailableError, OSError) as error:
                if not self._decided.is_set():
                    self._fail(EngineUnavailableError(str(error)))
                    return
            else:
                self._ready.touch()
                self._decided.set()
                self._attend()
                self._ready.unlink(missing_ok=True)
            if self._ended.is_set():
                return
            # A server that ends as soon as it starts is not started in a tight loop.
            pause = SHORTEST_PAUSE if time.monotonic() - begun > LONGEST_PAUSE else min(2 * pause, LONGEST_PAUSE)
            if self._ended.wait(pause):
                return
            self._server.close()
            with contextlib.suppress(EngineUnavailableError, OSError):
                self._server = start_server(*self._arguments)
            if self._ended.is_set():
                self._server.close()
                return

    def _attend(self) -> None:
        """Return once the server has ended, or has been ended since nobody can reach it."""
        server, silent, looks = self._server, 0, 0
        while True:
            with contextlib.suppress(subprocess.TimeoutExpired):
                server.process.wait(LOOK)
                return
            looks += 1
            silent = 0 if server.answers() else silent + 1
            if silent * LOOK >= HUNG:  # looks, not time: this process may have been stopped itself
                _log.error("The query server %d hangs and is ended", server.process.pid)
                server.process.kill()
            elif not server.socket.exists() and not self._ended.is_set():
                _log.error("The socket of the query server has been removed, so another is started")
                server.process.kill()
            elif not (self.socket.exists() and self._ready.exists()):
                with contextlib.suppress(OSError):  # next time, then
                    self._link()
                    self._ready.touch()
            elif looks * LOOK % SHOW_USE < LOOK:
                show_use(self._folder)
                show_use(server.socket.parent)

    def _fail(self, error: EngineUnavailableError) -> None:
        """Tell that the store cannot be loaded, unless it was no longer wanted."""
        self.failure = error
        self._listening.set()
        self._decided.set()
        if self._on_failure is not None and not self._ended.is_set():
            self._on_failure()

    def forget(self) -> None:
        """Let go of the server in a forked copy of this process: it ends when none holds its standard input."""
        self._server.forget()

    def close(self) -> None:
        """End the server, and with it the supervision."""
        self._ended.set()
        self._server.close()
        self._thread.join(CLOSE_TIMEOUT)
        # One that was being started at that moment.
        self._server.close()
        shutil.rmtree(self._folder, ignore_errors=True)


def _forget_all() -> None:
    for supervisor in list(_supervisors):
        supervisor.forget()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget_all)
