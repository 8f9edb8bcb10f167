"""Start query servers, and find one that runs."""

from __future__ import annotations

import contextlib
import json
import os
import select
import shutil
import subprocess
import sys
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

import officegraph
from officegraph.engine.folders import make_folder
from officegraph.engine.interface import EngineUnavailableError
from officegraph.engine.stores import find_store

if TYPE_CHECKING:
    from collections.abc import Mapping

    from officegraph.settings import Settings

CLOSE_TIMEOUT: Final = 5.0
"""Seconds after which a server that was told to end is killed."""

BLOCKS_KEPT: Final = 2048
"""Blocks of memory of each size that the allocator keeps at hand in a query server."""

LONGEST_SOCKET: Final = 103
"""Bytes that the path of a Unix socket may have: 107 on Linux, 103 on other systems."""

READY: Final = "ready"
"""Name of the file beside the socket of a shared server that is there as long as the server has loaded its store."""


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
