"""A connection to a query child, as an event loop uses it."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Any, Final

from officegraph.engine import wire
from officegraph.engine.pace import SLOW, Pace
from officegraph.engine.pool import GRACE

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Callable

    from officegraph.engine.pool import Connection

_FIRST: Final = 1 << 16
"""Bytes that are read at first; few answers are longer."""


class Channel:
    """Asks the child of a connection one question at a time; used by the thread of the loop alone.

    Args:
        connection: The connection, which is the channel's from now on.
        loop: The event loop.
        on_end: Called when the child has ended while nothing was asked.

    Attributes:
        connection: The connection.
        ended: Whether the child or its server has ended.
    """

    __slots__ = (
        "_answer", "_deadline", "_limit", "_loop", "_nonce", "_on_end", "_on_slow", "_pace", "_received", "_rest",
        "_timer", "_unsent", "_view", "connection", "ended",
    )  # fmt: skip

    def __init__(
        self, connection: Connection, loop: asyncio.AbstractEventLoop, on_end: Callable[[Channel], None]
    ) -> None:
        self.connection = connection
        self.ended = False
        self._loop = loop
        self._on_end = on_end
        self._answer: asyncio.Future[tuple[int, bytes]] | None = None
        self._received = b""
        self._rest: bytearray | None = None
        self._view = memoryview(b"")
        connection.socket.setblocking(False)
        loop.add_reader(connection.socket, self._read)

    def usable(self) -> bool:
        """Return whether the child waits for a request."""
        return not self.ended and not self.connection.worn

    async def ask(
        self, request: dict[str, Any], timeout: float, limit: int, on_slow: Callable[[], object]
    ) -> tuple[int, bytes]:
        """Send ``request`` and return kind and body of the reply.

        Args:
            request: What the child gets.
            timeout: Seconds till the deadline.
            limit: Bytes that the answer may have.
            on_slow: Called if the query takes long, and again while it does.

        Raises:
            TimeoutError: There was no reply at the deadline.
            wire.BrokenFrameError: The child and its server have ended, or sent what is no reply.
            OSError: The same.
        """
        loop = self._loop
        self.connection.queries += 1
        self._nonce = secrets.token_bytes(wire.NONCE_LENGTH)
        self._deadline = loop.time() + timeout
        self._limit = limit + wire.MORE
        self._on_slow = on_slow
        answer: asyncio.Future[tuple[int, bytes]] = loop.create_future()
        self._answer = answer
        self._pace = Pace(self.connection.pid)
        self._timer = loop.call_later(min(SLOW, timeout), self._judge)
        try:
            self._send(wire.pack_request(self._nonce, {"request": request, "timeout": timeout}))
            return await answer
        finally:
            self._timer.cancel()
            self._answer = None

    def _judge(self) -> None:
        """Let a query that takes long give way to others, and wait for it till its deadline; or look again later."""
        self._on_slow()
        left = min(self._pace.left(), self._deadline - self._loop.time())
        if left > 0:
            self._timer = self._loop.call_later(left, self._judge)
            return
        self.connection.renice()
        self._timer = self._loop.call_later(max(0.0, self._deadline + GRACE - self._loop.time()), self._expire)

    def _expire(self) -> None:
        self._fail(TimeoutError())

    def _fail(self, error: Exception) -> None:
        if self._answer is not None and not self._answer.done():
            self._answer.set_exception(error)

    def _send(self, frame: bytes) -> None:
        """Send ``frame``, what the socket does not take at once when it can."""
        try:
            sent = self.connection.socket.send(frame)
        except BlockingIOError:
            sent = 0
        if sent < len(frame):
            self._unsent = frame[sent:]
            self._loop.add_writer(self.connection.socket, self._send_more)

    def _send_more(self) -> None:
        self._loop.remove_writer(self.connection.socket)
        try:
            self._send(self._unsent)
        except OSError as error:
            self._fail(error)

    def _read(self) -> None:
        """Take what has arrived."""
        rest = self._rest
        try:
            if rest is not None:
                size = self.connection.socket.recv_into(self._view)
                self._view = self._view[size:]
                if size and not self._view:
                    self._view = memoryview(b"")
                    self._rest = None
                    self._take(bytes(rest))
                    return
                arrived = b"" if not size else None
            else:
                arrived = self.connection.socket.recv(_FIRST)
        except BlockingIOError:
            return
        except OSError:
            arrived = b""
        if arrived is None:
            return
        if not arrived:
            self._end()
            return
        received = self._received = self._received + arrived if self._received else arrived
        if len(received) < wire.REPLY.size:
            return
        length = wire.frame_length(received)
        if len(received) >= length:
            self._received = b""
            self._take(received[:length])
            if len(received) > length:
                self._end()  # nothing but the news of its end follows a reply
        elif self._answer is None or length > self._limit:
            self._end()
        else:
            self._received = b""
            self._rest = rest = bytearray(length)
            rest[: len(received)] = received
            self._view = memoryview(rest)[len(received) :]

    def _take(self, frame: bytes) -> None:
        """Take a whole reply."""
        answer = self._answer
        if answer is None or answer.done():
            self._end()
            return
        try:
            kind, body = wire.unpack_reply(frame, self._nonce)
        except wire.BrokenFrameError as error:
            answer.set_exception(error)
            return
        if kind == wire.ENDED:
            self.ended = True
        answer.set_result((kind, body))

    def _end(self) -> None:
        """Take note that the child has ended."""
        self.ended = True
        self._loop.remove_reader(self.connection.socket)
        if self._answer is None:
            self._on_end(self)
        else:
            self._fail(wire.BrokenFrameError())

    def close(self, *, kill: bool = False) -> None:
        """Close the connection, by which the child ends; ``kill`` it if it may be stuck."""
        self.ended = True
        self._loop.remove_reader(self.connection.socket)
        self._loop.remove_writer(self.connection.socket)
        self.connection.close(kill=kill)
