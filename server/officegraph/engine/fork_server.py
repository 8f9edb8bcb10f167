"""The query server: a process with one thread that holds the store and forks a child for each connection.

``python -m officegraph.engine.fork_server`` reads its configuration as one line of JSON from standard
input, listens on a Unix socket and says ``listening``, loads the store and says ``ready``: clients that connect
while it loads wait for their greeting. What it is sent then it answers by a dot, as a sign of life. It ends,
with all its children, when standard input is closed: its owner holds the other end, so that no way of dying
leaves a server behind.

It must never have a second thread, since only a process with one thread can be forked safely. So a store
on disk, which comes with threads, is opened by each child and not here.
"""

from __future__ import annotations

import contextlib
import gc
import json
import os
import selectors
import signal
import socket
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import pyoxigraph as ox

from officegraph.engine import wire
from officegraph.engine.child import Work, run
from officegraph.engine.stores import find_store

CHILDREN: Final = 64
"""Children that a server has at most; its clients bound theirs far below."""

_BACKLOG: Final = 128


@dataclass(slots=True)
class QueryServer:
    """The loop of the query server.

    Attributes:
        listener: The socket that clients connect to.
        work: What the children work with.
    """

    listener: socket.socket
    work: Work
    _children: dict[int, socket.socket] = field(default_factory=dict)
    _selector: selectors.BaseSelector = field(default_factory=selectors.DefaultSelector)
    _wakeup: tuple[socket.socket, socket.socket] = field(default_factory=socket.socketpair)

    def serve(self) -> None:
        """Fork children till standard input is closed."""
        for end in self._wakeup:
            end.setblocking(False)
        signal.set_wakeup_fd(self._wakeup[1].fileno(), warn_on_full_buffer=False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        self.listener.setblocking(False)
        self._selector.register(self.listener, selectors.EVENT_READ, self.accept)
        self._selector.register(self._wakeup[0], selectors.EVENT_READ, self.reap)
        self._selector.register(sys.stdin, selectors.EVENT_READ, None)
        try:
            while True:
                for key, _ in self._selector.select():
                    if key.data is None:
                        if not os.read(sys.stdin.fileno(), 4096):
                            return
                        with contextlib.suppress(OSError):
                            os.write(sys.stdout.fileno(), b".")
                    else:
                        key.data()
        finally:
            for pid in self._children:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)

    def accept(self) -> None:
        """Fork a child for the next connection."""
        try:
            connection, _ = self.listener.accept()
        except OSError:
            return
        with contextlib.suppress(OSError):
            connection.setblocking(True)
            if len(self._children) < CHILDREN:
                pid = os.fork()
                if pid == 0:
                    self.become_child(connection)
                self._children[pid] = connection
                return
            connection.sendall(wire.GREETING.pack(0))
        connection.close()

    def become_child(self, connection: socket.socket) -> None:
        """Let go of what is the server's and evaluate queries; never returns."""
        try:
            self._selector.close()
            self.listener.close()
            for end in self._wakeup:
                end.close()
            for other in self._children.values():
                other.close()
            run(connection, self.work)
        finally:
            os._exit(1)

    def reap(self) -> None:
        """Tell the clients of children that have ended how they did."""
        with contextlib.suppress(BlockingIOError):
            self._wakeup[0].recv(4096)
        while self._children:
            try:
                pid, status = os.waitpid(-1, os.WNOHANG)
            except ChildProcessError:
                return
            if pid == 0:
                return
            connection = self._children.pop(pid, None)
            if connection is None:
                continue
            code = os.waitstatus_to_exitcode(status)
            body = json.dumps({"signal": max(-code, 0), "status": max(code, 0)}).encode()
            with connection, contextlib.suppress(OSError):
                connection.setblocking(False)
                wire.send_reply(connection, wire.NO_NONCE, wire.ENDED, body)


def load(path: Path) -> ox.Store:
    """Return a store in memory with the N-Quads of ``path``."""
    store = ox.Store()
    # In one transaction, which in memory takes 90 MB less than loading in bulk at 400,000 quads; and what a build has
    # written needs no validation of its IRIs, which takes a third of the time.
    store.load(path=str(path), format=ox.RdfFormat.N_QUADS, lenient=True)
    return store


def prepare(configuration: dict[str, Any]) -> Work:
    """Return the work of the children: the store is loaded now, or opened by each of them."""
    path, on_disk = find_store(Path(configuration["store"]))
    rest = (configuration["prefixes"], configuration["memory"], configuration["network"])
    if on_disk:
        return Work(lambda: ox.Store.read_only(str(path)), *rest)
    store = load(path)
    gc.collect()
    gc.freeze()
    return Work(lambda: store, *rest)


def main() -> int:
    """Run the query server; return its exit status."""
    configuration = json.loads(sys.stdin.readline())
    for number in (signal.SIGINT, signal.SIGHUP):  # meant for the owner, who closes standard input
        signal.signal(number, signal.SIG_IGN)
    path = Path(configuration["socket"])
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        try:
            listener.bind(str(path))
            listener.listen(_BACKLOG)
            sys.stdout.write("listening\n")
            sys.stdout.flush()
            work = prepare(configuration)
        except (OSError, SyntaxError, ValueError) as error:
            sys.stdout.write(f"{error}\n")
            return 1
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        QueryServer(listener, work).serve()
    finally:
        listener.close()
        with contextlib.suppress(OSError):
            path.unlink()
            path.parent.rmdir()
    return 0


if __name__ == "__main__":
    sys.exit(main())
