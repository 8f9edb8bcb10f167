"""Who asks a query may go away: then nobody needs its answer.

The server takes a client that has closed its half of the connection for one that has gone, whether it still reads or
not (hyper, ``http1::Builder::half_close``, which granian leaves off), so such a client gets no answer at all.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from officegraph.engine.interface import Cancellation

if TYPE_CHECKING:
    import asyncio

    from granian._granian import RSGIHTTPProtocol as HTTPProtocol

WATCH_AFTER: Final = 0.1
"""Seconds after which it is worth watching whether the client of a query is still there."""


class Watch:
    """Cancels a query when its client goes away; begins a little late, since most queries are answered by then.

    Args:
        loop: The event loop.
        protocol: The client.

    Attributes:
        cancellation: What tells those who work on the query.
    """

    __slots__ = ("_loop", "_protocol", "_task", "_timer", "cancellation")

    def __init__(self, loop: asyncio.AbstractEventLoop, protocol: HTTPProtocol) -> None:
        self.cancellation = Cancellation()
        self._loop = loop
        self._protocol = protocol
        self._task: asyncio.Task[None] | None = None
        self._timer = loop.call_later(WATCH_AFTER, self._begin)

    def _begin(self) -> None:
        self._task = self._loop.create_task(self._wait())

    async def _wait(self) -> None:
        await self._protocol.client_disconnect()
        self.cancellation.cancel()

    def end(self) -> None:
        """Watch no longer."""
        self._timer.cancel()
        if self._task is not None:
            self._task.cancel()
