"""Start query servers, and find one that runs."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

import officegraph
from officegraph.engine.interface import EngineUnavailableError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from officegraph.settings import Settings

CLOSE_TIMEOUT: Final = 5.0
"""Seconds after which a server that was told to end is killed."""

BLOCKS_KEPT: Final = 2048
"""Blocks of memory of each size that the allocator keeps at hand in a query server."""

LONGEST_SOCKET: Final = 103
"""Bytes that the path of a Unix socket may have: 107 on Linux, 103 on other systems."""

SHORTEST_PAUSE: Final = 0.05
"""Seconds before a server that has ended is started again, the first time."""

LONGEST_PAUSE: Final = 5.0
"""The same, for one that keeps ending."""


@dataclass(slots=True)
class ServerProcess:
    """A query server that this process owns.

    Attributes:
        process: The process.
        socket: Where it listens.
    """

    process: subprocess.Popen[bytes]
    socket: Path

    def alive(self) -> bool:
        """Return whether it runs."""
        return self.process.poll() is None

    def close(self) -> None:
        """End it and remove its socket."""
        if self.process.stdin:
            with contextlib.suppress(OSError):
                self.process.stdin.close()
        if self.process.stdout:
            self.process.stdout.close()
        try:
            self.process.wait(CLOSE_TIMEOUT)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        shutil.rmtree(self.socket.parent, ignore_errors=True)

    def forget(self) -> None:
        """Let go of it in a forked copy of its owner, without ending it."""
        for pipe in (self.process.stdin, self.process.stdout):
            if pipe:
                with contextlib.suppress(OSError):
                    os.close(pipe.fileno())
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
    folder = Path(tempfile.mkdtemp(prefix=prefix))
    if len(os.fsencode(folder / "socket")) <= LONGEST_SOCKET:
        return folder
    folder.rmdir()
    return Path(tempfile.mkdtemp(prefix=prefix, dir="/tmp"))


def start_server(store: Path, prefixes: Mapping[str, str], settings: Settings) -> ServerProcess:
    """Start a query server and return once it is ready.

    Args:
        store: The store of a release.
        prefixes: Prefixes for the formats of graphs, prefix to namespace.
        settings: The limits.

    Raises:
        EngineUnavailableError: It did not start; the message says why.
    """
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
    said = b""
    try:
        if process.stdin and process.stdout:
            process.stdin.write(json.dumps(configuration).encode() + b"\n")
            process.stdin.flush()
            said = process.stdout.readline().strip()
    except OSError:
        pass
    except BaseException:
        server.close()
        raise
    if said != b"ready":
        server.close()
        reason = said.decode(errors="replace") or f"it ended with status {process.returncode}"
        raise EngineUnavailableError(f"The query server did not start: {reason}.")
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
                self._server = start_server(*self._arguments)
            return self._server.socket

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

    def close(self) -> None:
        """Do nothing: its owner ends it."""

    def forget(self) -> None:
        """Do nothing: a forked copy of this process may use it as well."""


class Supervisor:
    """A query server that several processes share, started anew whenever it ends.

    Clients find it by one path that stays the same: a link to the socket of the server that runs.

    Args:
        store: The store of a release.
        prefixes: Prefixes for the formats of graphs, prefix to namespace.
        settings: The limits.

    Raises:
        EngineUnavailableError: It did not start; the message says why.
    """

    def __init__(self, store: Path, prefixes: Mapping[str, str], settings: Settings) -> None:
        self._arguments = (store, prefixes, settings)
        self._ended = threading.Event()
        self._server = start_server(*self._arguments)
        self._folder = socket_folder("officegraph-queries-")
        self.socket = self._folder / "socket"
        self._link()
        self._thread = threading.Thread(target=self._watch, name="query-server-supervisor", daemon=True)
        self._thread.start()

    def _link(self) -> None:
        new = self._folder / "next"
        new.symlink_to(self._server.socket)
        new.replace(self.socket)

    def _watch(self) -> None:
        pause = SHORTEST_PAUSE
        while True:
            begun = time.monotonic()
            self._server.process.wait()
            if self._ended.is_set():
                return
            # A server that ends as soon as it starts is not started in a tight loop.
            pause = SHORTEST_PAUSE if time.monotonic() - begun > LONGEST_PAUSE else min(2 * pause, LONGEST_PAUSE)
            if self._ended.wait(pause):
                return
            self._server.close()
            with contextlib.suppress(EngineUnavailableError, OSError):
                self._server = start_server(*self._arguments)
                self._link()

    def close(self) -> None:
        """End the server, and with it the supervision."""
        self._ended.set()
        self._server.close()
        self._thread.join(CLOSE_TIMEOUT)
        # One that was being started at that moment.
        self._server.close()
        shutil.rmtree(self._folder, ignore_errors=True)
