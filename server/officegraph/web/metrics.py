"""Figures for Prometheus: what all worker processes have counted, in one table that they share.

Every process has a row of whole numbers in a mapped file, so counting is an addition without a lock; a process that
takes the place of one that died goes on with its row, so no count is lost. (The client library of Prometheus in its
mode for several processes takes thirty times as long for the same counts, and leaves files behind for every process
that there ever was.) The text is that of the exposition format 0.0.4
(https://prometheus.io/docs/instrumenting/exposition_formats/).
"""

from __future__ import annotations

import contextlib
import fcntl
import mmap
import os
from bisect import bisect_left
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

CONTENT_TYPE: Final = "text/plain; version=0.0.4; charset=utf-8"

METRICS: Final = "officegraph.metrics"
"""Key in the environment of a request: the :class:`Metrics` of the process."""

ROUTES: Final = ("resource", "page", "sparql", "dump", "dataset", "operations", "static")
STATUSES: Final = (
    200, 204, 206, 301, 302, 303, 304, 308, 400, 403, 404, 405, 406, 408, 410, 412, 413, 415, 416, 429, 499, 500, 503,
)  # fmt: skip
BUCKETS: Final = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)
OUTCOMES: Final = (
    "answered", "cached", "syntax", "refused", "not-acceptable", "timeout", "memory", "size", "busy", "cancelled",
    "unavailable",
)  # fmt: skip

ROWS: Final = 64
"""Processes that can count at a time."""

_STATUS_AT: Final = {status: position for position, status in enumerate(STATUSES)}
_OUTCOME_AT: Final = {outcome: position for position, outcome in enumerate(OUTCOMES)}
_ROUTE_AT: Final = {route: position for position, route in enumerate(ROUTES)}
_OTHER: Final = len(STATUSES)

_REQUESTS: Final = 0
_ROUTE_WIDTH: Final = (len(STATUSES) + 1) + (len(BUCKETS) + 1) + 2
_QUERIES: Final = _ROUTE_WIDTH * len(ROUTES)
_RUNNING: Final = _QUERIES + len(OUTCOMES)
_WAITING: Final = _RUNNING + 1
_WIDTH: Final = _WAITING + 1


class Metrics:
    """The table of figures, and the row of this process in it. Counting is for one thread.

    Args:
        path: The mapped file; made if it is not there.

    Raises:
        OSError: The file cannot be made, or too many processes count.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._begin()

    def _begin(self) -> None:
        """Open the table and take a row of it."""
        self._file = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        os.ftruncate(self._file, ROWS * _WIDTH * 8)
        self._cells = memoryview(mmap.mmap(self._file, ROWS * _WIDTH * 8)).cast("Q")
        self._row = next((row for row in range(ROWS) if self._claim(row)), None)
        if self._row is None:
            os.close(self._file)
            raise OSError("More processes count than the table has rows.")
        self._start = self._row * _WIDTH
        self.show(running=0, waiting=0)

    def _claim(self, row: int) -> bool:
        """Lock ``row``; return whether no other process has it. The kernel frees the rows of those that die."""
        try:
            fcntl.lockf(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB, 1, row)
        except OSError:
            return False
        return True

    def count(self, route: str, status: int, seconds: float, size: int, outcome: str | None = None) -> None:
        """Count a request that has been answered.

        Args:
            route: One of :data:`ROUTES`.
            status: Status code of the answer.
            seconds: What it took.
            size: Bytes of its content.
            outcome: One of :data:`OUTCOMES`, if it was a query.
        """
        cells = self._cells
        start = self._start + _ROUTE_AT[route] * _ROUTE_WIDTH
        cells[start + _STATUS_AT.get(status, _OTHER)] += 1
        start += _OTHER + 1
        cells[start + bisect_left(BUCKETS, seconds)] += 1
        start += len(BUCKETS) + 1
        cells[start] += int(seconds * 1e6)
        cells[start + 1] += size
        if outcome is not None:
            cells[self._start + _QUERIES + _OUTCOME_AT[outcome]] += 1

    def show(self, *, running: int, waiting: int) -> None:
        """Show how many queries this process evaluates, and how many wait in it."""
        self._cells[self._start + _RUNNING] = running
        self._cells[self._start + _WAITING] = waiting

    def follow(self) -> None:
        """Go on in another table, with what this process has counted, if this one has been removed.

        Raises:
            OSError: It cannot be made.
        """
        with contextlib.suppress(FileNotFoundError):
            if os.path.samestat(self._path.stat(), os.fstat(self._file)):
                return
        old, cells, row, start = self._file, self._cells, self._row, self._start
        try:
            self._begin()
        except OSError:
            self._file, self._cells, self._row = old, cells, row
            raise
        for position in range(_RUNNING):
            self._cells[self._start + position] += cells[start + position]
        cells.release()
        os.close(old)

    def _sum(self, position: int, rows: Iterable[int] = range(ROWS)) -> int:
        return sum(self._cells[row * _WIDTH + position] for row in rows)

    def _living(self) -> list[int]:
        """Return the rows of processes that live."""
        living = []
        for row in range(ROWS):
            if row != self._row and self._claim(row):
                fcntl.lockf(self._file, fcntl.LOCK_UN, 1, row)
            else:
                living.append(row)
        return living

    def exposition(self, memory: Mapping[str, int], release: Mapping[str, str]) -> str:
        """Return all figures as text.

        Args:
            memory: Bytes of memory of the processes, by what they do.
            release: What identifies the release that is served.
        """
        living = self._living()
        lines = _head("requests_total", "counter", "Requests by kind of route and status.")
        for route in ROUTES:
            start = _ROUTE_AT[route] * _ROUTE_WIDTH
            for status, position in (*_STATUS_AT.items(), ("other", _OTHER)):
                if number := self._sum(start + position):
                    lines.append(_line("requests_total", {"route": route, "status": str(status)}, number))
        lines += _head("request_duration_seconds", "histogram", "Time from the request to its answer.")
        sizes = _head("response_bytes_total", "counter", "Bytes of content that were sent.")
        for route in ROUTES:
            start = _ROUTE_AT[route] * _ROUTE_WIDTH + _OTHER + 1
            total = 0
            for position, bound in enumerate((*BUCKETS, "+Inf")):
                total += self._sum(start + position)
                lines.append(_line("request_duration_seconds_bucket", {"route": route, "le": str(bound)}, total))
            start += len(BUCKETS) + 1
            lines.append(_line("request_duration_seconds_sum", {"route": route}, self._sum(start) / 1e6))
            lines.append(_line("request_duration_seconds_count", {"route": route}, total))
            sizes.append(_line("response_bytes_total", {"route": route}, self._sum(start + 1)))
        lines += sizes
        lines += _head("queries_total", "counter", "Queries by what became of them.")
        lines += [_line("queries_total", {"outcome": o}, self._sum(_QUERIES + i)) for o, i in _OUTCOME_AT.items()]
        shown = {
            "queries_running": ("Queries that are being evaluated.", self._sum(_RUNNING, living)),
            "queries_waiting": ("Queries that wait for their turn.", self._sum(_WAITING, living)),
            "workers": ("Processes that answer HTTP.", len(living)),
        }
        for name, (about, value) in shown.items():
            lines += [*_head(name, "gauge", about), _line(name, {}, value)]
        lines += _head("memory_bytes", "gauge", "Memory that the processes have to themselves, by what they do.")
        lines += [_line("memory_bytes", {"role": role}, value) for role, value in memory.items()]
        lines += [*_head("release_info", "gauge", "The release that is served."), _line("release_info", release, 1)]
        return "\n".join(lines) + "\n"

    def close(self) -> None:
        """Give the row back, for another process to go on with."""
        self._cells.release()
        os.close(self._file)


def _head(name: str, kind: str, about: str) -> list[str]:
    return [f"# HELP officegraph_{name} {about}", f"# TYPE officegraph_{name} {kind}"]


def _line(name: str, labels: Mapping[str, str], value: float) -> str:
    written = ",".join(f'{label}="{_escaped(text)}"' for label, text in labels.items())
    return f"officegraph_{name}{{{written}}} {value!r}" if written else f"officegraph_{name} {value!r}"


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")


def route_of(path: str) -> str:
    """Return the kind of route, one of :data:`ROUTES`, that answers requests for ``path``."""
    return _ROUTES_BY_PATH.get(path) or _ROUTES_BY_SEGMENT.get(path[1:].partition("/")[0].partition(".")[0], "resource")


_ROUTES_BY_PATH: Final = {"/sparql/prefixes": "page", "/sparql/terms": "page"}
"""Where the first segment does not tell: what is near the endpoint and evaluates no query."""

_ROUTES_BY_SEGMENT: Final = {
    "": "page",
    "sparql": "sparql",
    "dumps": "dump",
    "dataset": "dataset",
    "problems": "page",
    "static": "static",
    "search": "page",
    "suggest": "page",
    "opensearch": "page",
    "health": "operations",
    "metrics": "operations",
    "robots": "operations",
    "sitemap": "operations",
}
