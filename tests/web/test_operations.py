"""A server under pressure: what is cheap is answered at once, whatever queries and slow clients do."""

from __future__ import annotations

import contextlib
import http.client
import itertools
import json
import os
import signal
import socket
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from live_server import LiveServer, live_server
from pressure import BOMB, Asked, ask, children, concepts, opened, pressing, processes, target

OPTIONS = (
    "--workers", "2", "--query-workers", "2", "--query-queue", "3", "--query-timeout", "1.5", "--request-timeout", "2",
)  # fmt: skip
POST = b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Type: application/sparql-query\r\n"
CHEAP = ["/c1.ttl", "/c2.html", "/c3", "/health/live", "/health/ready", "/dumps/", "/", "/robots.txt"]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveServer]:
    folder = tmp_path_factory.mktemp("operations")
    (folder / "voc.ttl").write_text(concepts(300), "utf-8")
    with live_server(folder, str(folder / "voc.ttl"), *OPTIONS) as running:
        yield running


@pytest.fixture(scope="module")
def calm(server: LiveServer) -> float:
    """Return the 99th percentile of what cheap requests take while nothing else happens."""
    asked = Asked()
    ask(server.port, CHEAP, 200, asked)
    assert not asked.failures
    return asked.quantile(0.99)


def assert_unaffected(asked: Asked, calm: float) -> None:
    """Hold that cheap requests were all answered, and as fast as on a calm server, but for the noise of a machine."""
    assert asked.failures == []
    assert set(asked.statuses) <= {200, 303}
    slowest = {target: max(seconds) for target, seconds in asked.by_target.items()}
    assert asked.quantile(0.99) < 5 * calm + 0.3, slowest
    assert asked.quantile(0.5) < 0.2


def get(server: LiveServer, path: str, **headers: str) -> tuple[int, dict[str, str], bytes]:
    request = urllib.request.Request(f"{server.root}{path[1:]}", headers=headers)
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:
            return answer.status, {name.lower(): value for name, value in answer.headers.items()}, answer.read()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, {name.lower(): value for name, value in error.headers.items()}, error.read()


def eventually(condition: Callable[[], object], seconds: float = 10) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.05)


def test_queries_that_take_all_places_keep_nothing_waiting(server: LiveServer, calm: float) -> None:
    bombs = [target(BOMB + f" #{number}") for number in range(12)]
    _, (queries,) = processes(server.process.pid)
    with pressing(server.port, bombs, 12) as hostile:
        time.sleep(0.5)
        cheap, most = Asked(), 0
        watching = threading.Event()

        def watch() -> None:
            nonlocal most
            while not watching.wait(0.05):
                most = max(most, len(children(queries)))

        thread = threading.Thread(target=watch)
        thread.start()
        ask(server.port, CHEAP, 400, cheap)
        watching.set()
        thread.join()
    assert_unaffected(cheap, calm)
    assert hostile.failures == []
    assert set(hostile.statuses) == {503}, "stopped at the deadline, or turned away"
    assert 2 <= most <= 8, "two processes together evaluate three, and keep a few ready"
    assert get(server, target("ASK {}"))[0] == 200


def test_a_query_that_takes_too_long_says_what_stopped_it_and_how_to_go_on(server: LiveServer) -> None:
    begun = time.monotonic()
    status, fields, body = get(server, target(BOMB), Accept="application/sparql-results+json")
    assert status == 503
    assert time.monotonic() - begun < 1.5 + 0.5 + 1.5, "with a place in the queue at worst"
    problem = json.loads(body)
    assert (problem["type"], problem["setting"], problem["limit"]) == ("/problems/query-timeout", "query_timeout", 1.5)
    assert problem["dumps"] == f"{server.root}dumps/"
    assert int(fields["retry-after"]) > 0


def test_a_client_may_grant_less_time(server: LiveServer) -> None:
    status, _, body = get(server, target(BOMB, timeout="0.3"))
    assert (status, json.loads(body)["limit"]) == (503, 0.3)


def test_the_limits_are_stated_where_clients_look(server: LiveServer) -> None:
    _, _, described = get(server, "/sparql", Accept="text/turtle")
    _, _, page = get(server, "/sparql", Accept="text/html")
    assert b"1.5 seconds" in described
    assert b"1.5 seconds" in page
    assert b"parameter timeout" in described


def test_a_client_that_goes_away_frees_its_place(tmp_path: Path) -> None:
    (tmp_path / "voc.ttl").write_text(concepts(300), "utf-8")
    options = ("--query-workers", "1", "--query-queue", "0", "--query-timeout", "60")
    with live_server(tmp_path, str(tmp_path / "voc.ttl"), *options) as running:
        number = itertools.count()

        def status() -> int:
            return get(running, target(f"ASK {{ ?s ?p {next(number)} }}"))[0]  # none that is known already

        for _ in range(3):
            with opened(running.port, 1, f"GET {target(BOMB)} HTTP/1.1\r\nHost: x\r\n\r\n".encode()):
                time.sleep(0.5)  # for it to take the place, before others do
                eventually(lambda: status() == 503)
            eventually(lambda: status() == 200, 5)
        figures = get(running, "/metrics")[2].decode()
        assert 'officegraph_queries_total{outcome="cancelled"} 3\n' in figures
        assert "officegraph_queries_running 0\n" in figures or "officegraph_queries_running 1\n" in figures


@pytest.mark.parametrize(
    "request_",
    [
        b"GET /c1.ttl HTTP/1.1\r\nHost: x\r\nX-Slow: ",
        POST + b"Content-Length: 1000\r\n\r\nASK",
        POST + b"Transfer-Encoding: chunked\r\n\r\n",
        b"POST /c1.ttl HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n",
    ],
    ids=["fields", "content", "chunks", "content where none belongs"],
)
def test_clients_that_send_slowly_hold_up_nobody_and_are_let_go(
    server: LiveServer, calm: float, request_: bytes
) -> None:
    cheap = Asked()
    with opened(server.port, 200, request_) as slow:
        stop = threading.Event()

        def drip() -> None:
            while not stop.wait(0.5):
                for connection in slow:
                    with contextlib.suppress(OSError):
                        connection.send(b"1\r\nx\r\n" if b"chunked" in request_ else b"x")

        dripping = threading.Thread(target=drip)
        dripping.start()
        ask(server.port, [*CHEAP, target("ASK {}")], 200, cheap)
        stop.set()
        dripping.join()
        assert_unaffected(cheap, calm)
        slow[0].settimeout(10)
        answer = b""
        try:
            while piece := slow[0].recv(4096):
                answer += piece
        except ConnectionResetError:
            pass
        assert not answer or answer.startswith((b"HTTP/1.1 408", b"HTTP/1.1 405"))


def test_a_request_that_does_not_arrive_in_time_is_told_so(server: LiveServer) -> None:
    request = (
        b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Type: application/sparql-query\r\nContent-Length: 9\r\n\r\nASK"
    )
    with socket.create_connection(("127.0.0.1", server.port), timeout=20) as connection:
        connection.sendall(request)
        answer = http.client.HTTPResponse(connection)
        answer.begin()
        assert answer.status == 408
        assert json.loads(answer.read())["type"] == "/problems/request-timeout"
        assert answer.headers["Access-Control-Allow-Origin"] == "*"


def test_clients_that_do_not_read_hold_up_nobody(server: LiveServer, calm: float) -> None:
    _, _, listing = get(server, "/dumps.json")
    largest = max(json.loads(listing)["dumps"], key=lambda dump: dump["bytes"])["name"]
    cheap = Asked()
    with opened(server.port, 40, f"GET /dumps/{largest} HTTP/1.1\r\nHost: x\r\n\r\n".encode()):
        ask(server.port, [*CHEAP, target("ASK {}")], 200, cheap)
    assert_unaffected(cheap, calm)


@pytest.mark.parametrize(
    ("request_", "status"),
    [
        (b"GET /c1.ttl HTTP/1.1\r\nHost: x\r\nX: " + b"x" * 100_000 + b"\r\n\r\n", 431),
        (b"GET /c1.ttl HTTP/1.1\r\nHost: x\r\n" + b"X: y\r\n" * 500 + b"\r\n", 431),
        (b"GET /sparql?query=" + b"x" * 65_536 + b" HTTP/1.1\r\nHost: x\r\n\r\n", 414),
        (b"GET /sparql?query=" + b"x" * 120_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n", 414),
        (b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999\r\n\r\n", 413),
        (b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n", 400),
        (b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n", 400),
        (b"GET /c1.ttl HTTP/1.1\r\nHost: x\r\nA b: c\r\n\r\n", 400),
        (b"GET /c1.ttl HTTP/9.9\r\nHost: x\r\n\r\n", 400),
        (b"\x16\x03\x01\x02\x00\x01\x00", 400),
    ],
    ids=lambda value: value[:40].decode("latin-1") if isinstance(value, bytes) else str(value),
)
def test_what_is_too_large_or_no_http_is_refused_at_once(server: LiveServer, request_: bytes, status: int) -> None:
    with socket.create_connection(("127.0.0.1", server.port), timeout=20) as connection:
        begun = time.monotonic()
        try:
            connection.sendall(request_)
            answer = connection.recv(4096)
        except (ConnectionResetError, BrokenPipeError):
            answer = b""
        assert time.monotonic() - begun < 5
        assert not answer or int(answer.split()[1]) in ({431, 414} if status in {431, 414} else {status})
    assert get(server, "/c1.ttl")[0] == 200


def test_a_process_that_dies_is_replaced(server: LiveServer) -> None:
    workers, _ = processes(server.process.pid)
    assert len(workers) == 2
    os.kill(workers[0], signal.SIGKILL)
    eventually(lambda: len(set(processes(server.process.pid)[0]) - {workers[0]}) == 2)
    eventually(lambda: get(server, "/health/ready")[0] == 200)
    before = get(server, "/metrics")[2].decode()
    assert "officegraph_workers 2\n" in before or "officegraph_workers 1\n" in before


def test_a_query_server_that_dies_is_replaced_and_readiness_tells_the_truth(server: LiveServer) -> None:
    _, (queries,) = processes(server.process.pid)
    os.kill(queries, signal.SIGSTOP)
    for child in children(queries):
        os.kill(child, signal.SIGSTOP)
    try:
        eventually(lambda: get(server, "/health/ready")[0] == 503)
        assert get(server, "/health/ready")[1]["cache-control"] == "no-store"
        assert get(server, "/health/live")[0] == 200
        assert get(server, "/c4.ttl")[0] == 200
    finally:
        os.kill(queries, signal.SIGKILL)
    eventually(lambda: get(server, "/health/ready")[0] == 200)
    assert processes(server.process.pid)[1] != [queries]
    assert get(server, target("ASK { ?s ?p 'after' }"))[0] == 200


@pytest.mark.parametrize("first", [b"", b"GET /c1.ttl HTTP/1.1\r\nHost: x\r\n\r\n"], ids=["silent", "kept alive"])
def test_connections_that_say_nothing_are_let_go_when_others_come(tmp_path: Path, first: bytes) -> None:
    (tmp_path / "voc.ttl").write_text(concepts(5), "utf-8")
    options = ("--connections", "20", "--request-timeout", "1")
    with live_server(tmp_path, str(tmp_path / "voc.ttl"), *options) as running, opened(running.port, 30, first):
        asked = Asked()
        ask(running.port, ["/c1.ttl"], 3, asked)
        assert asked.statuses == [200] * 3
        assert max(asked.seconds) < 10
