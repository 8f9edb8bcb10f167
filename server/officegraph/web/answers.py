"""Answers that are kept, by what chose them: the store of a shared cache (RFC 9111, sections 3 and 4)."""

from __future__ import annotations

import threading
from collections import OrderedDict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from datetime import datetime
    from wsgiref.types import WSGIEnvironment

    from officegraph.web.answer import Headers

VARIANTS: Final = 32
"""Answers that are kept for one target; clients vary ``Accept`` at will."""

_TARGET: Final = (
    "wsgi.url_scheme", "HTTP_HOST", "SERVER_NAME", "SERVER_PORT",
    "SCRIPT_NAME", "PATH_INFO", "QUERY_STRING", "REQUEST_URI", "RAW_URI",
)  # fmt: skip
"""What makes up the target URI of a request (RFC 9110, section 7.1), in all shapes that servers hand it over in."""


@dataclass(frozen=True, slots=True)
class Kept:
    """An answer that is kept.

    Attributes:
        status: Status code.
        headers: Its fields.
        body: Its content.
        etag: Its entity tag, if it has one.
        last_modified: Its ``Last-Modified``.
        unchanged: The fields of the 304 that stands for it.
        vary: Request fields that it depends on, as in the WSGI environment.
        cost: Bytes that it takes.
    """

    status: int
    headers: Headers
    body: bytes
    etag: str | None
    last_modified: datetime | None
    unchanged: Headers
    vary: tuple[str, ...]
    cost: int


@dataclass(slots=True)
class Target:
    """What is kept for one target URI.

    Attributes:
        cost: Bytes that it takes, answers included.
        vary: Request fields, as in the WSGI environment, that choose among the answers.
        answers: The answers by the values of those fields.
    """

    cost: int
    vary: tuple[str, ...] = ()
    answers: dict[tuple[object, ...], Kept] = field(default_factory=dict)

    def find(self, environ: WSGIEnvironment) -> Kept | None:
        """Return the answer to a request, if it is kept (RFC 9111, section 4.1)."""
        return self.answers.get(tuple(map(environ.get, self.vary)))

    def add(self, kept: Kept, environ: WSGIEnvironment) -> None:
        """Keep the answer to a request; the others go where they cannot be told apart any more, or are too many."""
        if not set(kept.vary) <= set(self.vary) or len(self.answers) >= VARIANTS:
            self.vary = tuple(dict.fromkeys((*self.vary, *kept.vary)))
            self.cost -= sum(answer.cost for answer in self.answers.values())
            self.answers.clear()
        values = tuple(map(environ.get, self.vary))
        replaced = self.answers.get(values)
        self.answers[values] = kept
        self.cost += kept.cost - (0 if replaced is None else replaced.cost)


class Answers:
    """Answers to requests, those not asked for longest let go where room is short. Safe for threads.

    Args:
        capacity: Bytes that all of them may take.

    Attributes:
        size: Bytes that they take.
    """

    def __init__(self, capacity: int) -> None:
        self.size = 0
        self._capacity = capacity
        self._targets: OrderedDict[tuple[object, ...], Target] = OrderedDict()
        self._lock = threading.Lock()

    def find(self, environ: WSGIEnvironment) -> Kept | None:
        """Return the answer to the request in ``environ``, if it is kept."""
        key = tuple(map(environ.get, _TARGET))
        with self._lock:
            target = self._targets.get(key)
            if target is None:
                return None
            self._targets.move_to_end(key)
            return target.find(environ)

    def keep(self, kept: Kept, environ: WSGIEnvironment) -> None:
        """Keep the answer to the request in ``environ``."""
        key = tuple(map(environ.get, _TARGET))
        with self._lock:
            target = self._targets.get(key)
            if target is None:
                target = self._targets[key] = Target(cost=sum(len(part) for part in key if isinstance(part, str)))
            else:
                self.size -= target.cost
            target.add(kept, environ)
            self.size += target.cost
            self._targets.move_to_end(key)
            while self.size > self._capacity:
                _, oldest = self._targets.popitem(last=False)
                self.size -= oldest.cost

    def __len__(self) -> int:
        with self._lock:
            return sum(len(target.answers) for target in self._targets.values())
