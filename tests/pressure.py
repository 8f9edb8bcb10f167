"""Clients that press a server: with many requests, slowly, or not to the end."""

from __future__ import annotations

import http.client
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

BOMB = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
"""A query that ends at its deadline only."""


def concepts(count: int) -> str:
    """Return a vocabulary of ``count`` concepts, enough for a bomb to go off."""
    head = (
        "@prefix : <https://example.org/voc/> . @prefix skos: <http://www.w3.org/2004/02/skos/core#> .\n"
        ': a skos:ConceptScheme ; skos:prefLabel "Pressed"@en .\n'
    )
    return head + "".join(
        f':c{number} a skos:Concept ; skos:inScheme : ; skos:prefLabel "concept {number}"@en .\n'
        for number in range(count)
    )


def target(query: str, **parameters: str) -> str:
    """Return the target that asks ``query``."""
    return "/sparql?" + "&".join(
        f"{name}={quote(value, safe='')}" for name, value in [("query", query), *parameters.items()]
    )


@dataclass
class Asked:
    """What became of requests.

    Attributes:
        statuses: Status codes of the answers.
        seconds: What each took.
        failures: Requests that have no answer, and why.
        etags: Their entity tags.
        by_target: What each took, by target.
    """

    statuses: list[int] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)
    etags: list[str | None] = field(default_factory=list)
    by_target: dict[str, list[float]] = field(default_factory=dict)

    def quantile(self, part: float) -> float:
        ordered = sorted(self.seconds)
        return ordered[min(len(ordered) - 1, int(part * len(ordered)))]


def ask(port: int, targets: list[str], count: int, asked: Asked, stop: threading.Event | None = None) -> None:
    """Send requests over one connection after another answer, till ``count`` or till told to ``stop``."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    for number in range(count):
        if stop is not None and stop.is_set():
            break
        begun = time.monotonic()
        try:
            connection.request("GET", targets[number % len(targets)], headers={"Accept": "*/*"})
            answer = connection.getresponse()
            answer.read()
        except (OSError, http.client.HTTPException) as error:
            asked.failures.append(f"{targets[number % len(targets)]}: {error!r}")
            connection.close()
            if isinstance(error, ConnectionRefusedError):
                break
            continue
        asked.seconds.append(time.monotonic() - begun)
        asked.statuses.append(answer.status)
        asked.etags.append(answer.headers["ETag"])
        asked.by_target.setdefault(targets[number % len(targets)], []).append(asked.seconds[-1])
    connection.close()


@contextmanager
def pressing(port: int, targets: list[str], clients: int) -> Iterator[Asked]:
    """Have ``clients`` ask within the context, as fast as they are answered."""
    asked, stop = Asked(), threading.Event()
    threads = [
        threading.Thread(
            target=ask, args=(port, targets[n % len(targets) :] + targets[: n % len(targets)], 10**6, asked, stop)
        )
        for n in range(clients)
    ]
    for thread in threads:
        thread.start()
    try:
        yield asked
    finally:
        stop.set()
        for thread in threads:
            thread.join()


@contextmanager
def opened(port: int, count: int, request: bytes) -> Iterator[list[socket.socket]]:
    """Hold ``count`` connections on which ``request`` has been sent."""
    connections = []
    try:
        for _ in range(count):
            connection = socket.create_connection(("127.0.0.1", port), timeout=30)
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            connections.append(connection)
            connection.sendall(request)
        yield connections
    finally:
        for connection in connections:
            connection.close()


def children(pid: int) -> list[int]:
    """Return the children of a process."""
    found: list[int] = []
    try:
        for path in Path(f"/proc/{pid}/task").glob("*/children"):
            found += map(int, path.read_text().split())
    except (FileNotFoundError, ProcessLookupError):
        pass
    return found


def is_query_server(pid: int) -> bool:
    try:
        return b"fork_server" in Path(f"/proc/{pid}/cmdline").read_bytes()
    except (FileNotFoundError, ProcessLookupError):
        return False


def processes(supervisor: int) -> tuple[list[int], list[int]]:
    """Return the processes that answer HTTP, and the query servers, of the server whose first process is given."""
    all_ = children(supervisor)
    return [pid for pid in all_ if not is_query_server(pid)], [pid for pid in all_ if is_query_server(pid)]
