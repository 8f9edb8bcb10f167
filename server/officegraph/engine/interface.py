"""What evaluates SPARQL, seen from the layers above: one call, and the ways in which it can fail."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, Protocol

if TYPE_CHECKING:
    from officegraph.engine.admission import Admission
    from officegraph.engine.scan import Scan
    from officegraph.model.formats import Format

Form = Literal["SELECT", "ASK", "CONSTRUCT", "DESCRIBE"]
"""The four query forms (SPARQL 1.1 Query Language, section 16)."""


class Cancellation:
    """Tells whoever works on a query that its client has gone. Safe for threads.

    Attributes:
        cancelled: Whether it has.
    """

    def __init__(self) -> None:
        self.cancelled = False
        self._lock = threading.Lock()
        self._actions: list[Callable[[], object]] = []

    def cancel(self) -> None:
        """Tell that the client has gone."""
        with self._lock:
            self.cancelled = True
            for action in self._actions:
                action()

    def begin(self, action: Callable[[], object]) -> None:
        """Call ``action``, which must be quick, when the client goes, or at once if it has gone."""
        with self._lock:
            self._actions.append(action)
            if self.cancelled:
                action()

    def end(self, action: Callable[[], object]) -> None:
        """Call ``action`` no more."""
        with self._lock:
            self._actions.remove(action)

    @contextmanager
    def calling(self, action: Callable[[], object]) -> Iterator[None]:
        """Call ``action`` if the client goes within the context or has gone before."""
        self.begin(action)
        try:
            yield
        finally:
            self.end(action)


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """A query to evaluate, with what the protocol says about it.

    Attributes:
        text: The query.
        default_graphs: IRIs of the graphs that are merged into the default graph; ``None`` if the request
            names no graph of this kind. If either list is given, both replace the dataset clause of the
            query (SPARQL 1.1 Protocol, section 2.1.4).
        named_graphs: IRIs of the named graphs of the dataset, likewise.
        format: Format of the answer: one of a result for SELECT and ASK, else one of RDF.
        timeout: Seconds that the client grants; the setting ``query_timeout`` bounds it.
        base: IRI against which relative IRIs of the query are resolved; without it they are errors.
        cancellation: Ends the evaluation when it is cancelled.
        scanned: What the scan of ``text`` found, if that has been done.
    """

    text: str
    default_graphs: tuple[str, ...] | None = None
    named_graphs: tuple[str, ...] | None = None
    format: Format
    timeout: float | None = None
    base: str | None = None
    cancellation: Cancellation | None = None
    scanned: Scan | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """The whole serialised answer to a query.

    Attributes:
        body: The bytes, complete: an answer that breaks off is an error, never an ``Answer``.
        format: Their format.
    """

    body: bytes
    format: Format


class Engine(Protocol):
    """What evaluates SPARQL queries over one release.

    Attributes:
        admission: The places of its queries.
    """

    admission: Admission

    def evaluate(self, query: Query) -> Answer:
        """Evaluate ``query``.

        Raises:
            EngineError: One of its subclasses says why there is no answer.
        """

    def ready(self) -> bool:
        """Return whether a query would be evaluated now."""

    def close(self) -> None:
        """Free all resources; evaluation that still runs is stopped."""


class EngineError(Exception):
    """There is no answer; the subclass says why."""


class QuerySyntaxError(EngineError):
    """The text is not a SPARQL query.

    Attributes:
        message: What is wrong, in a sentence.
        line: Line, counted from 1, if it is known.
        column: Column in characters, counted from 1, if it is known.
        detail: The engine's own words, if it gave any.
    """

    def __init__(
        self, message: str, line: int | None = None, column: int | None = None, detail: str | None = None
    ) -> None:
        where = "" if line is None else f" (line {line}, column {column})"
        super().__init__(message + where)
        self.message = message
        self.line = line
        self.column = column
        self.detail = detail


class QueryRefusedError(EngineError):
    """The query is not evaluated here, whatever it would give.

    Attributes:
        reason: ``service``, ``update``, ``length``, ``depth``, ``complexity`` or ``graph``.
    """

    def __init__(self, reason: str, message: str) -> None:
        super().__init__(message)
        self.reason = reason


class NotRepresentableError(EngineError):
    """The answer holds what the format cannot carry."""


class QueryTimeoutError(EngineError):
    """Evaluation was stopped at its deadline.

    Attributes:
        seconds: The time that the query had.
    """

    def __init__(self, seconds: float) -> None:
        super().__init__(f"The query was stopped after {seconds:g} seconds.")
        self.seconds = seconds


class QueryMemoryError(EngineError):
    """Evaluation was stopped since it took too much memory.

    Attributes:
        limit: Bytes that the query had.
    """

    def __init__(self, limit: int) -> None:
        super().__init__(f"The query needs more than the {limit:,} bytes of memory that it may take.")
        self.limit = limit


class ResultTooLargeError(EngineError):
    """The answer has more bytes than allowed; nothing of it is sent.

    Attributes:
        limit: Bytes that an answer may have.
    """

    def __init__(self, limit: int) -> None:
        super().__init__(f"The answer has more than the {limit:,} bytes that an answer may have.")
        self.limit = limit


class ServiceFailedError(EngineError):
    """A service that the query calls did not answer as it should."""

    def __init__(self, message: str) -> None:
        super().__init__(f"A service that the query calls has failed: {message.strip()}")


class EngineBusyError(EngineError):
    """All workers are taken and the queue is full.

    Attributes:
        retry_after: Seconds after which a new attempt makes sense.
    """

    def __init__(self, retry_after: float) -> None:
        super().__init__("All query workers are busy.")
        self.retry_after = retry_after


class QueryCancelledError(EngineError):
    """The client has gone before there was an answer."""

    def __init__(self) -> None:
        super().__init__("The client has gone.")


class EngineUnavailableError(EngineError):
    """The engine cannot be reached or did not start."""
