"""The access log: one line of JSON a request, with nothing in it by which a person could be known.

No address, no query, no path, no ``User-Agent``: the kind of route, and of a query a digest by which equal queries
can be told to be equal.
"""

from __future__ import annotations

import hashlib
import json
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

STANDARD_ERROR: Final = Path("-")

DIGITS: Final = 16
"""Hexadecimal digits of a digest that are logged."""


class AccessLog:
    """Appends to the log; lines of several processes do not mix, since each is one write.

    Args:
        path: The file, or ``-`` for standard error.

    Raises:
        OSError: The file cannot be opened.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
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
        os.write(self._file, f"{json.dumps(line)}\n".encode())

    def follow(self) -> None:
        """Open the file anew if it has been renamed or removed, as those do that rotate logs."""
        if self._path == STANDARD_ERROR:
            return
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
