"""Start query servers, and find one that runs."""

from __future__ import annotations

import contextlib
import json
import logging
import os
import select
import shutil
import subprocess
import sys
import threading
import time
import weakref
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

import officegraph
from officegraph.engine.folders import make_again, make_folder, show_use
from officegraph.engine.interface import EngineUnavailableError
from officegraph.engine.stores import find_store

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from officegraph.settings import Settings

CLOSE_TIMEOUT: Final = 5.0
"""Seconds after which a server that was told to end is killed."""

BLOCKS_KEPT: Final = 2048
"""Blocks of memory of each size that the allocator keeps at hand in a query server."""

LONGEST_SOCKET: Final = 103
"""Bytes that the path of a Unix socket may have: 107 on Linux, 103 on other systems."""

READY: Final = "ready"
"""Name of the file beside the socket of a shared server that is there as long as the server has loaded its store."""

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


@dataclass(slots=True)
class ServerProcess:
    """A query server that this process owns.

    Attributes:
        process: The process.
        socket: Where it listens.
        ready: Whether it has said that it is ready.
    """

    process: subprocess.Popen[bytes]
    socket: Path
    ready: bool = False

    def alive(self) -> bool:
        """Return whether it runs."""
        return self.process.poll() is None

    def answers(self) -> bool:
        """Return whether it has given a sign of life since this was asked last, and ask for the next one."""
        heard = False
        with contextlib.suppress(OSError, ValueError):  # it has ended, or is being closed
            if self.process.stdin and self.process.stdout:
                waiting = select.poll()
                waiting.register(self.process.stdout, select.POLLIN)
                heard = bool(waiting.poll(0)) and bool(os.read(self.process.stdout.fileno(), 4096))
                self.process.stdin.write(b"\n")
                self.process.stdin.flush()
        return heard

    def wait_until_listening(self) -> None:
        """Return once it listens; who connects then waits until it is ready. Close it if it cannot.

        Raises:
            EngineUnavailableError: It did not start; the message says why.
        """
        self._hear(b"listening")

    def wait_until_ready(self) -> None:
        """Return once it has loaded the store; close it if it cannot. To be called once it listens.

        Raises:
            EngineUnavailableError: It did not start; the message says why.
        """
        self._hear(b"ready")
        self.ready = True

    def _hear(self, word: bytes) -> None:
        """Wait for it to say ``word``."""
        said = b""
        try:
            if self.process.stdout:
                said = self.process.stdout.readline().strip()
        except (OSError, ValueError):
            pass  # it was closed meanwhile
        except BaseException:
            self.close()
            raise
        if said != word:
            self.close()
            reason = said.decode(errors="replace") or f"it ended with status {self.process.returncode}"
            raise EngineUnavailableError(f"The query server did not start: {reason}.")

    def close(self) -> None:
        """End it and remove its socket."""
        if not self.ready:
            self.process.kill()  # it hears nothing while it loads the store
        if self.process.stdin:
            with contextlib.suppress(OSError):
                self.process.stdin.close()
        try:
            self.process.wait(CLOSE_TIMEOUT)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        if self.process.stdout:
            # Only now: another thread may be reading from it, and then holds it until the process has ended.
            self.process.stdout.close()
        shutil.rmtree(self.socket.parent, ignore_errors=True)

    def forget(self) -> None:
        """Let go of it in a forked copy of its owner, without ending it."""
        nothing = os.open(os.devnull, os.O_RDWR | os.O_CLOEXEC)
        for pipe in (self.process.stdin, self.process.stdout):
            # Whatever still holds the pipe may close it later: by then its number must not be another file's.
            with contextlib.suppress(OSError, ValueError):
                if pipe:
                    os.dup2(nothing, pipe.fileno(), inheritable=False)
        os.close(nothing)
        self.process.returncode = 0  # so that its finalizer does not wait for another's child


def environment(own: Mapping[str, str]) -> dict[str, str]:
    """Return the environment of a query server: ``own``, and more memory that threads of glibc keep for reuse.

    An evaluation makes and frees thousands of small blocks; by default only seven of each size are kept at hand, and
    all others cost a fifth of its time (https://sourceware.org/glibc/manual/html_node/Memory-Allocation-Tunables.html).
    """
    tunables = own.get("GLIBC_TUNABLES", "")
    if "glibc.malloc.tcache_count" in tunables:
        return dict(own)
    return {**own, "GLIBC_TUNABLES": ":".join(filter(None, (tunables, f"glibc.malloc.tcache_count={BLOCKS_KEPT}")))}


def socket_folder(prefix: str) -> Path:
    """Make a folder for a socket, only for its owner: in the usual place, unless the path would be too long for one."""
    folder = make_folder(prefix)
    if len(os.fsencode(folder / "socket")) <= LONGEST_SOCKET:
        return folder
    folder.rmdir()
    return make_folder(prefix, "/tmp")  # noqa: S108 - made under a name of its own


def start_server(store: Path, prefixes: Mapping[str, str], settings: Settings) -> ServerProcess:
    """Start a query server and return at once: it does not listen yet.

    Args:
        store: The store of a release.
        prefixes: Prefixes for the formats of graphs, prefix to namespace.
        settings: The limits.

    Raises:
        EngineUnavailableError: There is no store, or no process could be started; the message says so.
    """
    try:
        find_store(Path(store))
    except OSError as error:
        raise EngineUnavailableError(f"The query server did not start: {error}.") from error
    folder = socket_folder("officegraph-query-")
    socket = folder / "socket"
    configuration = {
        "store": str(Path(store).resolve()),
        "socket": str(socket),
        "prefixes": dict(prefixes),
        "memory": settings.query_memory,
        "network": bool(settings.allowed_services),
    }
    package = str(Path(officegraph.__file__).resolve().parent.parent)
    path = os.pathsep.join(filter(None, (package, os.environ.get("PYTHONPATH"))))
    try:
        process = subprocess.Popen(
            [sys.executable, "-m", "officegraph.engine.fork_server"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=environment(os.environ) | {"PYTHONPATH": path},
            start_new_session=True,  # so that Ctrl+C reaches the owner alone
        )
    except OSError as error:
        shutil.rmtree(folder, ignore_errors=True)
        raise EngineUnavailableError(f"The query server could not be started: {error}.") from error
    server = ServerProcess(process, socket)
    try:
        if process.stdin:
            process.stdin.write(json.dumps(configuration).encode() + b"\n")
            process.stdin.flush()
    except OSError:
        pass  # it has ended, which is told when somebody waits for it
    except BaseException:
        server.close()
        raise
    return server


class OwnServer:
    """A query server that is started when it is first needed, and again when it has died.

    Args:
        store: The store of a release.
        prefixes: Prefixes for the formats of graphs, prefix to namespace.
        settings: The limits.
    """

    def __init__(self, store: Path, prefixes: Mapping[str, str], settings: Settings) -> None:
        self._arguments = (store, prefixes, settings)
        self._lock = threading.Lock()
        self._server: ServerProcess | None = None

    def socket(self) -> Path:
        """Return where the server listens.

        Raises:
            EngineUnavailableError: It does not start.
        """
        server = self._server
        if server is not None and server.alive():
            return server.socket
        with self._lock:
            if self._server is not None and not self._server.alive():
                self._server.close()
                self._server = None
            if self._server is None:
                server = start_server(*self._arguments)
                server.wait_until_listening()
                server.wait_until_ready()
                self._server = server
            return self._server.socket

    def loaded(self) -> bool:
        """Return whether the server has loaded the store; it is started if need be."""
        return True

    def close(self) -> None:
        """End the server."""
        with self._lock:
            if self._server is not None:
                self._server.close()
                self._server = None

    def forget(self) -> None:
        """Let go of the server in a forked copy of this process."""
        self._lock = threading.Lock()
        if self._server is not None:
            self._server.forget()
            self._server = None


class SharedServer:
    """A query server that another process owns.

    Args:
        path: Where it listens.
    """

    def __init__(self, path: Path) -> None:
        self._path = path

    def socket(self) -> Path:
        """Return where the server listens."""
        return self._path

    def loaded(self) -> bool:
        """Return whether the server has loaded the store, as its owner says."""
        return self._path.with_name(READY).exists()

    def close(self) -> None:
        """Do nothing: its owner ends it."""

    def forget(self) -> None:
        """Do nothing: a forked copy of this process may use it as well."""


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
