import socket
import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from officegraph.engine import wire

NONCE = b"12345678"


@pytest.fixture
def pair():
    near, far = socket.socketpair()
    near.settimeout(2)
    far.settimeout(2)
    with near, far:
        yield near, far


def send(connection, data):
    thread = threading.Thread(target=lambda: (connection.sendall(data), connection.shutdown(socket.SHUT_WR)))
    thread.start()
    return thread


@pytest.mark.parametrize("body", [b"", b"x", b"y" * 3_000_000])
def test_a_reply_arrives_as_it_was_sent(pair, body):
    near, far = pair
    thread = threading.Thread(target=wire.send_reply, args=(far, NONCE, wire.ANSWER, body))
    thread.start()
    assert wire.receive_reply(near, NONCE, 4_000_000) == (wire.ANSWER, body)
    thread.join()


def test_a_request_arrives_as_it_was_sent(pair):
    near, far = pair
    near.sendall(wire.pack_request(NONCE, {"text": "ASK { 'é😀' ?p 1 }"}))
    assert wire.receive_request(far) == (NONCE, {"text": "ASK { 'é😀' ?p 1 }"})


def test_the_server_may_say_that_a_child_has_ended(pair):
    near, far = pair
    wire.send_reply(far, wire.NO_NONCE, wire.ENDED, b"{}")
    assert wire.receive_reply(near, NONCE, 100) == (wire.ENDED, b"{}")


@given(st.integers(0, 60))
def test_a_reply_that_is_cut_is_none(length):
    near, far = socket.socketpair()
    with near, far:
        frame = wire.REPLY.pack(NONCE, wire.ANSWER, 50) + b"b" * 50 + NONCE
        thread = send(far, frame[:length])
        with pytest.raises(wire.BrokenFrameError):
            wire.receive_reply(near, NONCE, 100)
        thread.join()


@pytest.mark.parametrize(
    "frame",
    [
        wire.REPLY.pack(b"otherone", wire.ANSWER, 1) + b"botherone",
        wire.REPLY.pack(wire.NO_NONCE, wire.ANSWER, 1) + b"b" + wire.NO_NONCE,
        wire.REPLY.pack(NONCE, wire.ANSWER, 1) + b"b" + wire.NO_NONCE,
        wire.REPLY.pack(NONCE, wire.ANSWER, 101) + b"b" * 101 + NONCE,
    ],
    ids=["another request", "no request", "cut and ended", "too long"],
)
def test_a_reply_to_something_else_is_none(pair, frame):
    near, far = pair
    thread = send(far, frame)
    with pytest.raises(wire.BrokenFrameError):
        wire.receive_reply(near, NONCE, 100)
    thread.join()
