"""The embedded engine as an event loop uses it: many queries wait for their children, and none holds a thread."""

from __future__ import annotations

import asyncio
import contextlib
from typing import TYPE_CHECKING, Any, Final

from officegraph.engine import wire
from officegraph.engine.arrivals import Arrivals
from officegraph.engine.channel import Channel
from officegraph.engine.interface import Answer, EngineUnavailableError, QueryCancelledError, QueryTimeoutError
from officegraph.engine.pool import CONNECT_TIMEOUT, answer_of, died_idle, request_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from officegraph.engine.admission import Place
    from officegraph.engine.embedded import EmbeddedEngine
    from officegraph.engine.interface import Cancellation, Query
    from officegraph.engine.pool import Connection
    from officegraph.settings import Settings

IDLE: Final = 2.0
"""Seconds after which children are let go that had nothing to do in all that time, but for one."""


class AsynchronousEngine:
    """Evaluates queries in the children of an embedded engine; used by one event loop at a time, in its thread.

    Args:
        engine: The engine, whose places and server these queries share.
        settings: The limits.
        connect: Returns a connection to a new child; called in a thread.
    """

    def __init__(self, engine: EmbeddedEngine, settings: Settings, connect: Callable[[float], Connection]) -> None:
        self._engine = engine
        self._settings = settings
        self._connect = connect
        self._arrivals = Arrivals(engine.admission)
        self._idle: list[Channel] = []
        self._least_idle = 0
        self._loop: asyncio.AbstractEventLoop | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._closed = False

    async def evaluate(self, query: Query) -> Answer:
        """Evaluate ``query`` within the limits of the settings; raises what :meth:`EmbeddedEngine.evaluate` does."""
        request, timeout = request_of(query, self._settings)
        loop = asyncio.get_running_loop()
        if loop is not self._loop:
            self._begin(loop)
        place = await self._arrivals.enter(timeout, query.cancellation)
        try:
            return Answer(await self._ask(request, timeout, place, query.cancellation), query.format)
        finally:
            self._arrivals.leave(place)

    def _begin(self, loop: asyncio.AbstractEventLoop) -> None:
        """Begin to work in ``loop``, and let go of what belonged to one that has ended."""
        self._loop, self._timer = loop, None
        self._arrivals = Arrivals(self._engine.admission)
        self._drop()

    def _drop(self) -> None:
        """Let go of all children, without the loop that they were used in."""
        for channel in self._idle:
            channel.connection.close()
        self._idle = []

    async def _ask(
        self, request: dict[str, Any], timeout: float, place: Place, cancellation: Cancellation | None
    ) -> bytes:
        """Send ``request`` to a child and return the answer."""
        patience = min(timeout, CONNECT_TIMEOUT)
        channel, fresh = (self._idle.pop(), False) if self._idle else (await self._open(patience), True)
        self._least_idle = min(self._least_idle, len(self._idle))
        kind, body = await self._exchange(channel, request, timeout, place, cancellation)
        if kind == wire.ENDED and not fresh and not channel.connection.slow and died_idle(body):
            # The child had ended, or ended with its server, before it could take the query: ask another.
            kind, body = await self._exchange(await self._open(patience), request, timeout, place, cancellation)
        return answer_of(kind, body, timeout, self._settings)

    async def _exchange(
        self,
        channel: Channel,
        request: dict[str, Any],
        timeout: float,
        place: Place,
        cancellation: Cancellation | None,
    ) -> tuple[int, bytes]:
        """Send ``request`` over ``channel``, keep or close that, and return kind and body of the reply."""
        kind, body = wire.ENDED, b"{}"
        hang_up = channel.connection.interrupt
        if cancellation is not None:
            cancellation.begin(hang_up)
        try:
            kind, body = await channel.ask(request, timeout, self._settings.query_result_size, place.make_slow)
        except TimeoutError:
            raise QueryTimeoutError(timeout) from None
        except (wire.BrokenFrameError, OSError):
            pass  # the child has ended, and its server too, or the server would have said so
        finally:
            if cancellation is not None:
                cancellation.end(hang_up)
            self._give_back(channel, failed=kind == wire.ENDED)
        if kind == wire.ENDED and cancellation is not None and cancellation.cancelled:
            raise QueryCancelledError
        return kind, body

    async def _open(self, patience: float) -> Channel:
        """Return a channel to a new child."""
        if self._closed:
            raise EngineUnavailableError("The engine has been closed.")
        loop = asyncio.get_running_loop()
        connection = await loop.run_in_executor(None, self._connect, patience)
        return Channel(connection, loop, self._forget)

    def _forget(self, channel: Channel) -> None:
        """Let go of a channel whose child has ended with nothing to do."""
        with contextlib.suppress(ValueError):
            self._idle.remove(channel)
        channel.close()

    def _give_back(self, channel: Channel, *, failed: bool) -> None:
        """Keep ``channel`` for the next query, or close it."""
        if not failed:
            self._engine.note_answer()
            if not self._closed and channel.usable():
                self._idle.append(channel)
                if self._timer is None:
                    self._timer = asyncio.get_running_loop().call_later(IDLE, self._thin_out)
                return
        channel.close(kill=failed)

    def _thin_out(self) -> None:
        """Let go of the children, but for one, that have had nothing to do since the last look."""
        spare = self._idle[: max(0, min(self._least_idle, len(self._idle) - 1))]
        for channel in spare:
            self._forget(channel)
        self._least_idle = len(self._idle)
        again = len(self._idle) > 1 or spare
        self._timer = asyncio.get_running_loop().call_later(IDLE, self._thin_out) if again else None

    def close(self) -> None:
        """Evaluate no more queries, and let go of all children that have nothing to do; from any thread."""
        self._closed = True
        if self._loop is None:
            return
        try:
            self._loop.call_soon_threadsafe(self._let_go)
        except RuntimeError:  # the loop has ended
            self._drop()

    def _let_go(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
        for channel in list(self._idle):
            self._forget(channel)
