"""How an engine and its query children talk: frames on a Unix socket.

A child greets with its process id. Then each request is answered by one reply that begins and ends with
the eight random bytes of the request, so that a reply which is cut or mixed up is never taken for whole.
If the child ends before its reply, the query server says so in its place.
"""

from __future__ import annotations

import marshal
import socket
import struct
from typing import Any, Final

GREETING: Final = struct.Struct("!I")
REQUEST: Final = struct.Struct("!8sI")
REPLY: Final = struct.Struct("!8sBQ")

NONCE_LENGTH: Final = 8
NO_NONCE: Final = bytes(NONCE_LENGTH)

ANSWER: Final = 0
"""The body of the reply is the answer."""
ERROR: Final = 1
"""The body is a JSON object with ``kind`` and ``message``."""
ENDED: Final = 2
"""The child has ended; the body is a JSON object with ``signal`` and ``status``."""

MORE: Final = 4096
"""Bytes that a reply may have beyond the limit of an answer: an error is one too."""

_CHUNK = 1 << 20


class BrokenFrameError(Exception):
    """The other side closed the connection or sent what is no frame."""


def receive(connection: socket.socket, length: int) -> bytes:
    """Return exactly ``length`` bytes.

    Raises:
        BrokenFrameError: The other side closed before.
        TimeoutError: The time-out of the socket passed without a byte.
    """
    first = connection.recv(min(length, _CHUNK))
    if len(first) == length:
        return first
    if not first:
        raise BrokenFrameError
    buffer = bytearray(first)
    while len(buffer) < length:
        piece = connection.recv(min(length - len(buffer), _CHUNK))
        if not piece:
            raise BrokenFrameError
        buffer += piece
    return bytes(buffer)


def pack_request(nonce: bytes, request: dict[str, Any]) -> bytes:
    """Return the frame of ``request``.

    Requests go from a process to one that was forked of its own, so the quickest format of the interpreter will do.
    What comes back is never read so: a child evaluates what strangers have written.
    """
    body = marshal.dumps(request)
    return REQUEST.pack(nonce, len(body)) + body


def receive_request(connection: socket.socket) -> tuple[bytes, dict[str, Any]]:
    """Return nonce and content of the next request.

    Raises:
        BrokenFrameError: The other side closed.
    """
    nonce, length = REQUEST.unpack(receive(connection, REQUEST.size))
    return nonce, marshal.loads(receive(connection, length))  # noqa: S302 - sent by the owner of this process


def send_reply(connection: socket.socket, nonce: bytes, kind: int, body: bytes) -> None:
    """Send a reply of ``kind``."""
    header = REPLY.pack(nonce, kind, len(body))
    if len(body) < _CHUNK:
        connection.sendall(header + body + nonce)
    else:
        connection.sendall(header)
        connection.sendall(body)
        connection.sendall(nonce)


def frame_length(frame: bytes) -> int:
    """Return how many bytes the reply has that begins with ``frame``, which has its head at least."""
    length: int
    _, _, length = REPLY.unpack_from(frame)
    return REPLY.size + length + NONCE_LENGTH


def unpack_reply(frame: bytes, nonce: bytes) -> tuple[int, bytes]:
    """Return kind and body of the reply ``frame`` to the request of ``nonce``.

    Raises:
        BrokenFrameError: It belongs to another request, or its end is not that of its beginning.
    """
    answered, kind, length = REPLY.unpack_from(frame)
    if not frame.endswith(answered) or (answered != nonce and not (answered == NO_NONCE and kind == ENDED)):
        raise BrokenFrameError
    return kind, frame[REPLY.size : REPLY.size + length]


def receive_reply(connection: socket.socket, nonce: bytes, limit: int) -> tuple[int, bytes]:
    """Return kind and body of the reply to the request of ``nonce``.

    Raises:
        BrokenFrameError: The reply is cut, belongs to another request or is longer than ``limit`` bytes.
        TimeoutError: The time-out of the socket passed without a byte.
    """
    answered, kind, length = REPLY.unpack(receive(connection, REPLY.size))
    if length > limit or (answered != nonce and not (answered == NO_NONCE and kind == ENDED)):
        raise BrokenFrameError
    body = receive(connection, length) if length else b""
    if receive(connection, NONCE_LENGTH) != answered:
        raise BrokenFrameError
    return kind, body
