"""Answers to requests in certain words: what a request that comes again in the very same words gets at once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from officegraph.web.answer import Headers

KNOWN: Final = 8192
"""Requests whose very words are remembered."""

CAPACITY: Final = 16 * 1024 * 1024
"""Bytes that the content of remembered answers may take that is not in the mapped file of documents anyway."""


@dataclass(frozen=True, slots=True)
class Known:
    """An answer to a request in certain words.

    Attributes:
        status: Status code.
        headers: Its fields.
        body: Its content.
        route: The kind of route that gave it.
        outcome: What became of it, if it is a query.
    """

    status: int
    headers: Headers
    body: bytes | memoryview
    route: str
    outcome: str | None


class KnownAnswers(dict[tuple[object, ...], Known]):
    """Answers by all that is in a request; all are forgotten where there is no room for another.

    Args:
        requests: How many there may be.
        capacity: Bytes that their content may take.

    Attributes:
        size: Bytes that it takes.
    """

    def __init__(self, requests: int = KNOWN, capacity: int = CAPACITY) -> None:
        super().__init__()
        self.size = 0
        self._requests = requests
        self._capacity = capacity

    def remember(self, words: tuple[object, ...], known: Known) -> None:
        """Remember what the request in ``words``, which is not known yet, was answered."""
        size = len(known.body) if isinstance(known.body, bytes) else 0
        if size > self._capacity:
            return
        if len(self) >= self._requests or self.size + size > self._capacity:
            self.clear()
        self[words] = known
        self.size += size

    def clear(self) -> None:
        """Forget all."""
        super().clear()
        self.size = 0
