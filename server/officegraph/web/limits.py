"""How many queries one client may send: a limit on clients, kept by all processes together.

Clients hear of it by the fields ``RateLimit-Policy`` and ``RateLimit`` (draft-ietf-httpapi-ratelimit-headers-09) and
by 429 with ``Retry-After`` (RFC 6585, section 4). They are told apart by their address, of which only a digest with
a key of this run is held in memory, as long as the limit's window lasts.
"""

from __future__ import annotations

import fcntl
import hashlib
import math
import mmap
import os
import secrets
import struct
import threading
import time
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from limits import parse
from limits.storage import MemoryStorage, Storage
from limits.strategies import FixedWindowRateLimiter

from officegraph.http.problem import make_problem
from officegraph.web.clients import client_address, is_loopback, network_of
from officegraph.web.problems import PROBLEM

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

    from officegraph.settings import Settings

POLICY: Final = "sparql"
"""Name of the one policy that there is."""

LIMITED: Final = frozenset({"/sparql", "/sparql/", "/sparql/check"})
"""Paths of what costs more than a look-up."""

KEY: Final = "client-key"
COUNTERS: Final = "client-counters"


class SharedStorage(Storage):
    """Counters in a file that processes share, for :mod:`limits`.

    A hash table of a fixed size: where it is full of clients that are all counted still, one gives way to another,
    so a flood of addresses makes the limit laxer and takes no memory.

    Args:
        path: The file.
    """

    STORAGE_SCHEME = None

    SLOT: Final = struct.Struct("=8sdQ")
    SLOTS: Final = 1 << 16
    PROBES: Final = 8

    def __init__(self, path: Path) -> None:
        super().__init__()
        self._file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        os.ftruncate(self._file, self.SLOT.size * self.SLOTS)
        self._table = mmap.mmap(self._file, self.SLOT.size * self.SLOTS)
        self._lock = threading.Lock()

    @property
    def base_exceptions(self) -> type[Exception]:
        """The errors that this storage raises."""
        return OSError

    @contextmanager
    def _locked(self) -> Iterator[None]:
        with self._lock:
            fcntl.flock(self._file, fcntl.LOCK_EX)
            try:
                yield
            finally:
                fcntl.flock(self._file, fcntl.LOCK_UN)

    def _find(self, key: str) -> tuple[int, bytes, float, int]:
        """Return the offset of the slot for ``key``, its name there, the end of its window and its count."""
        name = hashlib.blake2b(key.encode(), digest_size=8).digest()
        first = int.from_bytes(name, "little")
        best, soonest = 0, math.inf
        for probe in range(self.PROBES):
            offset = (first + probe) % self.SLOTS * self.SLOT.size
            found, end, count = self.SLOT.unpack_from(self._table, offset)
            if found == name:
                return (offset, name, end, count) if end > time.time() else (offset, name, 0.0, 0)
            if end < soonest:
                best, soonest = offset, end
        return best, name, 0.0, 0

    def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        """Count ``amount`` for ``key`` in a window of ``expiry`` seconds; return the count."""
        with self._locked():
            offset, name, end, count = self._find(key)
            count += amount
            self.SLOT.pack_into(self._table, offset, name, end or time.time() + expiry, count)
            return count

    def get(self, key: str) -> int:
        """Return the count of ``key``."""
        with self._locked():
            return self._find(key)[3]

    def get_expiry(self, key: str) -> float:
        """Return when the window of ``key`` ends, in seconds of the epoch."""
        with self._locked():
            return self._find(key)[2] or time.time()

    def check(self) -> bool:
        """Return whether the storage works."""
        return True

    def reset(self) -> int | None:
        """Forget all counts."""
        with self._locked():
            self._table[:] = bytes(len(self._table))
        return None

    def clear(self, key: str) -> None:
        """Forget the count of ``key``."""
        with self._locked():
            offset, *_ = self._find(key)
            self._table[offset : offset + self.SLOT.size] = bytes(self.SLOT.size)


class ClientLimit:
    """WSGI middleware that turns away clients who send more queries than they may.

    Args:
        application: What answers queries, in whatever way.
        refusing: The application that answers with the problem in the environment.
        settings: ``rate_limit``, which is set; ``trusted_proxies``; and ``engine_places``, the folder by which
            processes share what belongs to all of them.
    """

    def __init__(self, application: WSGIApplication, refusing: WSGIApplication, settings: Settings) -> None:
        self._application = application
        self._refusing = refusing
        self._proxies = settings.trusted_proxies
        self._limit = parse(settings.rate_limit or "")
        folder = settings.engine_places
        self._key = shared_key(folder)
        self._counting = FixedWindowRateLimiter(MemoryStorage() if folder is None else SharedStorage(folder / COUNTERS))
        self._policy = f'"{POLICY}";q={self._limit.amount};w={self._limit.get_expiry()}'

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer the request in ``environ``."""
        if environ.get("PATH_INFO") not in LIMITED or not (fields := self.judge(environ)):
            return self._application(environ, start_response)

        def with_fields(status: str, headers: list[tuple[str, str]], *more: Any) -> Any:
            return start_response(status, [*headers, *fields], *more)

        return (self._refusing if PROBLEM in environ else self._application)(environ, with_fields)

    def judge(self, environ: WSGIEnvironment) -> list[tuple[str, str]]:
        """Count the query in ``environ``, and leave the problem there if it is one too many.

        Returns:
            The fields that tell the client; none if it is not limited.
        """
        address = client_address(environ, self._proxies)
        if environ["REQUEST_METHOD"] == "OPTIONS" or is_loopback(address):
            return []
        client = hashlib.blake2b(network_of(address).encode(), key=self._key, digest_size=16).hexdigest()
        passed = self._counting.hit(self._limit, client)
        stats = self._counting.get_window_stats(self._limit, client)
        reset = max(1, math.ceil(stats.reset_time - time.time()))
        if not passed:
            environ[PROBLEM] = replace(
                make_problem(
                    "too-many-requests",
                    f"A client may send {self._limit.amount:,} queries in {self._limit.get_expiry():,} seconds.",
                    headers=(("Retry-After", str(reset)),),
                ),
                extensions={"violated-policies": [POLICY]},
            )
        return [
            ("RateLimit-Policy", self._policy),
            ("RateLimit", f'"{POLICY}";r={max(0, stats.remaining)};t={reset}'),
        ]


def shared_key(folder: Path | None) -> bytes:
    """Return the key for digests of addresses: of this process, or of all that share ``folder``."""
    if folder is None:
        return secrets.token_bytes(32)
    folder.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(folder / KEY, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        key = os.read(descriptor, 32)
        if len(key) < 32:
            key = secrets.token_bytes(32)
            os.pwrite(descriptor, key, 0)
        return key
    finally:
        os.close(descriptor)
