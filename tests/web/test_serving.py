"""``officegraph serve`` over the wire: what the WSGI server makes of requests and answers."""

from __future__ import annotations

import gzip
import http.client
import json
import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path

import pytest

from live_server import COMMAND, LiveServer, free_port, live_server, wait
from officegraph import create_app
from officegraph.release.build import build_release
from officegraph.settings import Settings
from officegraph.web.serving import root_url
from web.conftest import ODD


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveServer]:
    folder = tmp_path_factory.mktemp("serving")
    (folder / "odd.ttl").write_text(ODD, "utf-8")
    with live_server(folder, str(folder / "odd.ttl")) as running:
        yield running


def send(server: LiveServer, request: bytes) -> tuple[int, dict[str, str], bytes]:
    """Send raw bytes and return status, fields and content of the answer."""
    with socket.create_connection(("127.0.0.1", server.port), timeout=20) as connection:
        connection.sendall(request)
        answer = http.client.HTTPResponse(connection, method=request.split(b" ", 1)[0].decode())
        answer.begin()
        return answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read()


def get(server: LiveServer, target: str, method: str = "GET", **headers: str) -> tuple[int, dict[str, str], bytes]:
    fields = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in headers.items())
    head = f"{method} {target} HTTP/1.1\r\nHost: localhost:{server.port}\r\nConnection: close\r\n{fields}\r\n"
    return send(server, head.encode("latin-1"))


@pytest.mark.parametrize(
    ("target", "status"),
    [
        ("/plain", 303),
        ("/a%20b", 303),
        ("/a%2Fb", 303),
        ("/a%23b", 303),
        ("/caf%C3%A9", 303),
        ("/n%C3%A4", 303),
        ("/na%CC%88", 303),
        ("/ark://x/y", 303),
        ("/item?id=1&x=2", 303),
        ("/x+y", 303),
        ("/p;q=r,s", 303),
        ("/sub/", 303),
        ("/file.ttl", 303),
        ("/only", 303),
        ("/sub", 308),
        ("/plain/", 308),
        ("/nothing", 404),
        ("/%FF", 404),
        ("/%00", 404),
        ("/%", 404),
        ("//plain", 404),
        ("/../plain.exe", 404),
        ("/sparql/", 200),
        ("/sparql?query=%FF", 400),
        ("/resource?uri=https%3A%2F%2Fexample.org%2Fvoc%2Fa%252Fb", 303),
    ],
)
def test_targets_arrive_as_they_were_sent(server: LiveServer, target: str, status: int) -> None:
    found, fields, body = get(server, target, Accept="text/turtle")
    assert found == status
    assert fields["access-control-allow-origin"] == "*"
    if status == 303:
        while found == 303:
            location = fields["location"].removeprefix(f"http://localhost:{server.port}")
            found, fields, body = get(server, location, Accept="text/turtle")
        assert (found, fields["content-type"]) == (200, "text/turtle; charset=utf-8"), body


@pytest.mark.parametrize(
    "target",
    ["/plain.ttl", "/plain.html", "/plain", "/nothing", "/sparql", "/dumps/", "/dumps.json", "/dataset.nt", "/"],
)
def test_head_has_the_fields_of_get_over_the_wire(server: LiveServer, target: str) -> None:
    status, fields, body = get(server, target)
    head_status, head_fields, nothing = get(server, target, "HEAD")
    assert nothing == b""
    assert head_status == status
    assert int(fields["content-length"]) == len(body)
    del fields["date"], head_fields["date"]
    assert head_fields == fields


def test_304_has_no_content_and_the_connection_goes_on(server: LiveServer) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=20)
    connection.request("GET", "/plain.ttl")
    first = connection.getresponse()
    first.read()
    etag = first.headers["ETag"]
    for _ in range(2):
        connection.request("GET", "/plain.ttl", headers={"If-None-Match": etag})
        answer = connection.getresponse()
        assert (answer.status, answer.read(), answer.headers["ETag"]) == (304, b"", etag)
    connection.request("OPTIONS", "/sparql")
    answer = connection.getresponse()
    assert (answer.status, answer.read()) == (204, b"")
    connection.request("GET", "/plain.ttl", headers={"Accept-Encoding": "gzip"})
    answer = connection.getresponse()
    assert b"skos:Concept" in (gzip.decompress(answer.read()) if answer.headers["Content-Encoding"] else answer.read())
    connection.close()


def test_a_dump_comes_whole_and_in_parts(server: LiveServer) -> None:
    _, _, listing = get(server, "/dumps.json")
    dump = next(d for d in json.loads(listing)["dumps"] if d["name"].endswith(".nt"))
    status, fields, whole = get(server, f"/dumps/{dump['name']}")
    assert (status, len(whole)) == (200, dump["bytes"])
    status, fields, part = get(server, f"/dumps/{dump['name']}", Range="bytes=10-19")
    assert (status, part, fields["content-range"]) == (206, whole[10:20], f"bytes 10-19/{len(whole)}")
    status, fields, _ = get(server, f"/dumps/{dump['name']}", Range="bytes=999999999-")
    assert (status, fields["content-range"]) == (416, f"bytes */{len(whole)}")


@pytest.mark.parametrize("method", ["POST", "QUERY"])
def test_content_may_come_in_chunks(server: LiveServer, method: str) -> None:
    query = b"ASK { ?s ?p ?o }"
    request = (
        f"{method} /sparql HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n"
        "Content-Type: application/sparql-query\r\n\r\n"
    ).encode()
    chunks = b"".join(b"%x\r\n%s\r\n" % (len(piece), piece) for piece in (query[:4], query[4:])) + b"0\r\n\r\n"
    status, _, body = send(server, request + chunks)
    assert status == 200
    assert json.loads(body)["boolean"] is True


def test_content_that_is_too_long_is_refused(server: LiveServer) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=20)
    connection.request("POST", "/sparql", b"x" * 1_200_000, {"Content-Type": "application/sparql-query"})
    answer = connection.getresponse()
    assert answer.status == 413
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    answer.read()
    connection.close()


QUERY_HEAD = b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Type: application/sparql-query\r\nConnection: close\r\n"


@pytest.mark.parametrize(
    ("request_", "status"),
    [
        (QUERY_HEAD + b"Content-Length: 50\r\n\r\nASK{}", 400),
        (QUERY_HEAD + b"Transfer-Encoding: chunked\r\n\r\n5\r\nASK{}\r\n", 400),
        (QUERY_HEAD + b"Transfer-Encoding: chunked\r\n\r\n9\r\nASK{}", 400),
        (QUERY_HEAD + b"Transfer-Encoding: chunked\r\n\r\n5\r\nASK{}\r\nzz\r\n", 400),
        (QUERY_HEAD + b"Transfer-Encoding: chunked\r\n\r\n5\r\nASK{}\r\n0\r\n\r\n", 200),
        (QUERY_HEAD + b"Transfer-Encoding: gzip, chunked\r\n\r\n5\r\nASK{}\r\n0\r\n\r\n", 400),
        (QUERY_HEAD + b"Content-Encoding: gzip\r\nContent-Length: 5\r\n\r\nASK{}", 415),
        (QUERY_HEAD + b"Content-Length: 5\r\n\r\nASK{}", 200),
        (b"GET /plain HTTP/1.1\r\nConnection: close\r\n\r\n", 400),
        (b"GET /plain HTTP/1.1\r\nHost:\r\nConnection: close\r\n\r\n", 400),
        (b"GET /plain HTTP/1.1\r\nHost: a\r\nHost: b\r\nConnection: close\r\n\r\n", 400),
        (b"GET /plain HTTP/1.1\r\nHost: my_app:8000\r\nConnection: close\r\n\r\n", 303),
        (b"GET /plain HTTP/1.0\r\n\r\n", 303),
        ((b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close, upgrade\r\nUpgrade: websocket\r\n"
         b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"), 200),
    ],
)  # fmt: skip
def test_a_request_is_taken_as_it_is_or_refused(server: LiveServer, request_: bytes, status: int) -> None:
    with socket.create_connection(("127.0.0.1", server.port), timeout=20) as connection:
        connection.sendall(request_)
        if status == 400 and b"POST" in request_ and b"gzip" not in request_:
            connection.shutdown(socket.SHUT_WR)  # nothing more comes
        answer = http.client.HTTPResponse(connection)
        answer.begin()
        assert answer.status == status, answer.read()


@pytest.mark.parametrize(
    "request_",
    [
        b"GET /plain HTTP/1.1\r\nHost: a\r\nHost: b\r\nConnection: close\r\n\r\n",
        b"GET /plain HTTP/1.1\r\nHost: <script>\r\nConnection: close\r\n\r\n",
        b"GET /plain HTTP/1.0\r\n\r\n",
        b"GET http://other.example/plain HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
        b"OPTIONS * HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
        b"GET /\xe4 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
        b"GET /?\xff\xfe HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
        b"GET /plain.html?lang=%FF HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
        b"GET /plain HTTP/1.1\r\nHost: x\r\nAccept: \xff\xfe\r\nConnection: close\r\n\r\n",
        b"GET /plain HTTP/1.1\r\nHost: x\r\nAccept: text/turtle\r\nAccept: text/html\r\nConnection: close\r\n\r\n",
        b"PROPFIND /plain HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
        b"GET /sparql?query=" + b"x" * 20_000 + b" HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
    ],
)
def test_no_odd_request_is_an_error_of_the_server(server: LiveServer, request_: bytes) -> None:
    status, _, body = send(server, request_)
    assert status < 500, body


def test_long_queries_fit_into_the_target(server: LiveServer) -> None:
    status, _, body = get(server, "/sparql?query=ASK%7B%7D%23" + "x" * 30_000)
    assert status == 200, body[:200]


def test_the_server_stops_when_told_and_leaves_no_process(tmp_path: Path) -> None:
    (tmp_path / "odd.ttl").write_text(ODD, "utf-8")
    with live_server(tmp_path, str(tmp_path / "odd.ttl"), "--workers", "2") as running:
        assert get(running, "/sparql?query=ASK%7B%7D")[0] == 200
        children = descendants(running.process.pid)
        assert children
        running.process.send_signal(signal.SIGTERM)
        running.process.wait(30)
    for _ in range(100):
        left = [pid for pid in children if Path(f"/proc/{pid}").exists() and "Z" not in state(pid)]
        if not left:
            break
        time.sleep(0.1)
    assert left == []
    assert "Traceback" not in running.log.read_text("utf-8")


def test_no_worker_outlives_a_server_that_is_killed(tmp_path: Path) -> None:
    (tmp_path / "odd.ttl").write_text(ODD, "utf-8")
    with live_server(tmp_path, str(tmp_path / "odd.ttl")) as running:
        children = descendants(running.process.pid)
        running.process.kill()
        running.process.wait(30)
    for _ in range(100):
        left = [pid for pid in children if state(pid) != "Z"]
        if not left:
            break
        time.sleep(0.1)
    assert left == []


def test_a_new_worker_serves_the_same_release_as_the_others(tmp_path: Path) -> None:
    source, out = tmp_path / "odd.ttl", tmp_path / "out"
    source.write_text(ODD, "utf-8")
    build_release([source], out, Settings())
    with live_server(tmp_path, "--release", str(out)) as running:
        for number in range(4):
            source.write_text(f"{ODD}\n:new{number} a skos:Concept .", "utf-8")
            build_release([source], out, Settings())
        for pid in descendants(running.process.pid):
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        wait(running, 30)
        assert get(running, "/plain.ttl")[0] == 200
        assert get(running, "/new0.ttl")[0] == 404
        assert json.loads(get(running, "/sparql?query=ASK%7B%3Chttps://example.org/voc/new0%3E%3Fp%3Fo%7D")[2]) == {
            "head": {},
            "boolean": False,
        }
        _, fields, _ = get(running, "/dumps/odd-things-latest.ttl")
        assert get(running, fields["location"].removeprefix(f"http://localhost:{running.port}"))[0] == 200


@pytest.mark.parametrize("broken", ["store", "manifest.json"])
def test_a_release_that_cannot_be_served_ends_the_server_with_a_message(tmp_path: Path, broken: str) -> None:
    (tmp_path / "odd.ttl").write_text(ODD, "utf-8")
    release = build_release([tmp_path / "odd.ttl"], tmp_path / "out", Settings())
    path = release / ("store/data.nq" if broken == "store" else broken)
    path.write_text(path.read_text("utf-8") + "<broken\n", "utf-8")
    command = [str(COMMAND), "serve", "--release", str(release), "--port", str(free_port())]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert ended.returncode == 1
    assert "Error: " in ended.stderr
    assert path.name in ended.stderr or "manifest" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_another_application_can_ask_it_as_its_engine(server: LiveServer, tmp_path: Path) -> None:
    source = tmp_path / "other.ttl"
    source.write_text('<https://other.example/a> <http://www.w3.org/2004/02/skos/core#prefLabel> "a"@en .', "utf-8")
    app = create_app([source], engine=f"{server.root}sparql")
    with closing(app.extensions["officegraph"]):
        client = app.test_client()
        for query, accept, text in (
            ("ASK { <https://example.org/voc/plain> ?p ?o }", "application/sparql-results+json", "true"),
            ("SELECT ?l { <https://example.org/voc/plain> ?p ?l }", "text/csv", "schlicht"),
            ("DESCRIBE <https://example.org/voc/plain>", "text/turtle", "Concept"),
        ):
            answer = client.get("/sparql", query_string={"query": query}, headers={"Accept": accept})
            assert answer.status_code == 200, answer.get_data(as_text=True)
            assert answer.mimetype == accept
            assert text in answer.get_data(as_text=True)
        assert client.get("/sparql?query=SELECT").status_code == 400
        assert client.get("/health/ready").status_code == 200
    gone = create_app([source], engine=f"http://127.0.0.1:{free_port()}/sparql")
    with closing(gone.extensions["officegraph"]):
        answer = gone.test_client().get("/sparql?query=ASK%7B%7D")
        assert answer.status_code == 503
        assert "Retry-After" in answer.headers
        assert gone.test_client().get("/health/ready").status_code == 503
        assert gone.test_client().get("/a.ttl").status_code == 200


@pytest.mark.parametrize(
    ("host", "url"),
    [
        ("127.0.0.1", "http://127.0.0.1:80/"),
        ("localhost", "http://localhost:80/"),
        ("0.0.0.0", "http://127.0.0.1:80/"),
        ("::1", "http://[::1]:80/"),
        ("::", "http://[::1]:80/"),
    ],
)
def test_the_address_that_is_printed_can_be_opened(host: str, url: str) -> None:
    assert root_url(host, 80) == url


def descendants(pid: int) -> list[int]:
    found: list[int] = []
    for path in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in map(int, path.read_text().split()):
            found += [child, *descendants(child)]
    return found


def state(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return "Z"
