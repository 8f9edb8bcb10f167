"""The access log: one line of JSON a request, with nothing in it by which a person could be known.

No address, no query, no path, no ``User-Agent``: the kind of route, and of a query a digest by which equal queries
can be told to be equal.
"""

from __future__ import annotations

import hashlib
import json
import logging
import os
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

STANDARD_ERROR: Final = Path("-")

DIGITS: Final = 16
"""Hexadecimal digits of a digest that are logged."""

QUIET: Final = 60.0
"""Seconds for which it is not said again that the log cannot be written."""

_log: Final = logging.getLogger("officegraph")


class AccessLog:
    """Appends to the log; lines of several processes do not mix, since each is one write.

    A log that cannot be written, since the disk is full or its folder has gone, is said to be so now and then, and
    loses lines: answers do not depend on it.

    Args:
        path: The file, or ``-`` for standard error.

    Raises:
        OSError: The file cannot be opened.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._complained = -QUIET
        self._file = self._open()

    def _open(self) -> int:
        if self._path == STANDARD_ERROR:
            return 2
        return os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o640)

    def write(
        self, *, method: str, route: str, status: int, size: int, seconds: float, query: str | None, outcome: str | None
    ) -> None:
        """Write the line of one request.

        Args:
            method: Its method.
            route: The kind of route that answered it.
            status: Status code of the answer.
            size: Bytes of content that were sent.
            seconds: What it took.
            query: The query, of which the digest is written.
            outcome: What became of the query.
        """
        line: dict[str, object] = {
            "time": datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            "method": method if len(method) <= 16 else "other",
            "route": route,
            "status": status,
            "bytes": size,
            "ms": round(seconds * 1000, 2),
        }
        if query is not None:
            line["query"] = hashlib.sha256(query.encode("utf-8", "surrogatepass")).hexdigest()[:DIGITS]
        if outcome is not None:
            line["outcome"] = outcome
        try:
            os.write(self._file, f"{json.dumps(line)}\n".encode())
        except OSError as error:
            self._complain(error)

    def follow(self) -> None:
        """Open the file anew if it has been renamed or removed, as those do that rotate logs."""
        if self._path == STANDARD_ERROR:
            return
        try:
            self._follow()
        except OSError as error:
            self._complain(error)

    def _complain(self, error: OSError) -> None:
        """Tell the operator, but not with every request, that lines are lost."""
        if time.monotonic() - self._complained >= QUIET:
            self._complained = time.monotonic()
            _log.error("The access log cannot be written: %s", error)

    def _follow(self) -> None:
        """Open the file anew if it is another one.

        Raises:
            OSError: It cannot be opened.
        """
        mine = os.fstat(self._file)
        try:
            there = self._path.stat()
        except FileNotFoundError:
            pass
        else:
            if (there.st_ino, there.st_dev) == (mine.st_ino, mine.st_dev):
                return
        old, self._file = self._file, self._open()
        os.close(old)

    def close(self) -> None:
        """Close the file."""
        if self._path != STANDARD_ERROR:
            os.close(self._file)
