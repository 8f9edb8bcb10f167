"""Waiting for a place in an event loop, where no thread may be held for it."""

from __future__ import annotations

import asyncio
from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from officegraph.engine.admission import RETRY_AFTER
from officegraph.engine.interface import EngineBusyError, QueryCancelledError

if TYPE_CHECKING:
    from officegraph.engine.admission import Admission, Place
    from officegraph.engine.interface import Cancellation

GLANCE: Final = 0.001
"""Seconds after which those who wait look whether another process or thread has left a place."""

PASSED_ON: Final = 8
"""Times in a row that a place is passed on within the process before others may take it."""


@dataclass(slots=True)
class _Waiter:
    """One who waits.

    Attributes:
        place: Will be the place.
        end: When patience is over, in the time of the loop.
    """

    place: asyncio.Future[Place]
    end: float

    def refuse(self, error: Exception) -> None:
        """Let the wait end with ``error``, if it has not ended."""
        if not self.place.done():
            self.place.set_exception(error)


class Arrivals:
    """Those who wait in one event loop for a place, first come first served; used by the thread of the loop alone.

    Args:
        admission: Whose places they are.
    """

    def __init__(self, admission: Admission) -> None:
        self._admission = admission
        self._waiters: deque[_Waiter] = deque()
        self._passed_on = 0
        self._timer: asyncio.TimerHandle | None = None

    async def enter(self, patience: float, cancellation: Cancellation | None = None) -> Place:
        """Return a place once there is one; it goes back by :meth:`leave`.

        Args:
            patience: Seconds to wait.
            cancellation: Ends the wait when it is cancelled, in the thread of the loop.

        Raises:
            EngineBusyError: There is none, and the queue is full or the time is over.
            QueryCancelledError: The client has gone.
        """
        if not self._waiters and (place := self._admission.take()) is not None:
            return place
        if not self._admission.queue_up():
            raise EngineBusyError(RETRY_AFTER)
        loop = asyncio.get_running_loop()
        waiter = _Waiter(loop.create_future(), loop.time() + patience)
        self._waiters.append(waiter)
        if self._timer is None:
            self._timer = loop.call_later(GLANCE, self._look, loop)
        try:
            if cancellation is None:
                return await waiter.place
            with cancellation.calling(lambda: waiter.refuse(QueryCancelledError())):
                return await waiter.place
        except asyncio.CancelledError:
            if waiter.place.done() and not waiter.place.cancelled() and waiter.place.exception() is None:
                self.leave(waiter.place.result())
            raise
        finally:
            self._admission.leave_queue()

    def leave(self, place: Place) -> None:
        """Give back a place: to the one who waits longest here, or to whoever takes it first."""
        self._forget_ended()
        if self._waiters and not place.slow and self._passed_on < PASSED_ON:
            self._passed_on += 1
            self._waiters.popleft().place.set_result(place)
            return
        self._passed_on = 0
        place.leave()

    def _forget_ended(self) -> None:
        """Let go of those at the front whose wait has ended."""
        while self._waiters and self._waiters[0].place.done():
            self._waiters.popleft()

    def _look(self, loop: asyncio.AbstractEventLoop) -> None:
        """Look for places that were left, and end the wait of those whose patience is over."""
        now = loop.time()
        for waiter in self._waiters:
            if waiter.end <= now:
                waiter.refuse(EngineBusyError(RETRY_AFTER))
        self._forget_ended()
        while self._waiters and (place := self._admission.take()) is not None:
            self._waiters.popleft().place.set_result(place)
            self._forget_ended()
        self._timer = loop.call_later(GLANCE, self._look, loop) if self._waiters else None
