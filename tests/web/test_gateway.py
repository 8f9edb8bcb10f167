"""The gateway by itself: what it makes of requests, and that nothing depends on which way an answer took."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from officegraph.release.build import build_release
from officegraph.settings import Settings
from officegraph.web.answer import FilePart
from officegraph.web.gateway import BODY_LIMIT, FIELDS_LIMIT, Gateway
from officegraph.web.generations import Generations
from officegraph.web.metrics import Metrics
from officegraph.web.state import WORKERS, State
from web.conftest import ODD


class Headers:
    def __init__(self, items: list[tuple[str, str]]) -> None:
        self._items = items

    def items(self) -> list[tuple[str, str]]:
        return self._items


class Scope:
    proto, server, scheme = "http", "127.0.0.1:8000", "http"

    def __init__(self, target: str, method: str = "GET", *headers: tuple[str, str], **more: Any) -> None:
        self.path, _, self.query_string = target.partition("?")
        self.method = method
        self.headers = Headers([*((("host", host),) if (host := more.get("host", "localhost")) else ()), *headers])
        self.http_version = more.get("http_version", "1.1")
        self.client = more.get("client", "127.0.0.1:5000")
        self.authority = more.get("authority")


class Protocol:
    """A client that reads what it is sent."""

    def __init__(self, pieces: tuple[bytes, ...] = (), *, pause: float = 0, gone: bool = False) -> None:
        self.pieces, self.pause, self.gone = pieces, pause, gone
        self.sent: tuple[int, dict[str, str], bytes] | None = None

    async def __aiter__(self) -> Any:
        for piece in self.pieces:
            await asyncio.sleep(self.pause)
            yield piece

    async def client_disconnect(self) -> None:
        await asyncio.sleep(0.2 if self.gone else 3600)

    def response_bytes(self, status: int, headers: list[tuple[str, str]], body: bytes) -> None:
        assert self.sent is None
        assert type(body) is bytes
        self.sent = status, {name.lower(): value for name, value in headers}, body

    def response_file_range(self, status: int, headers: list[tuple[str, str]], path: str, first: int, end: int) -> None:
        assert self.sent is None
        with Path(path).open("rb") as file:
            file.seek(first)
            self.sent = status, {name.lower(): value for name, value in headers}, file.read(end - first)


Ask = Callable[..., tuple[int, dict[str, str], bytes]]


@pytest.fixture(scope="module")
def gateway(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gateway]:
    folder = tmp_path_factory.mktemp("gateway")
    (folder / "odd.ttl").write_text(ODD, "utf-8")
    chosen = Settings(request_timeout=0.3, query_timeout=5)
    (folder / WORKERS).mkdir()
    State(1, build_release([folder / "odd.ttl"], folder / "releases", chosen), None).write(folder)
    made = Gateway(Generations(folder, chosen, os.getppid()), chosen, Metrics(folder / "figures"))
    yield made
    made._generations.close()


@pytest.fixture(scope="module")
def ask(gateway: Gateway) -> Ask:
    def one(
        target: str, method: str = "GET", *headers: tuple[str, str], protocol: Protocol | None = None, **more: Any
    ) -> tuple[int, dict[str, str], bytes]:
        client = protocol or Protocol()
        asyncio.run(gateway.__rsgi__(Scope(target, method, *headers, **more), client))  # type: ignore[arg-type]
        assert client.sent is not None
        return client.sent

    return one


def test_what_is_known_is_answered_as_it_was(ask: Ask, gateway: Gateway) -> None:
    for target in ("/plain.ttl", "/plain", "/plain.html", "/sparql?query=ASK%7B%7D", "/nothing", "/"):
        first = ask(target)
        assert [ask(target) for _ in range(3)] == [first] * 3
    assert gateway._generations.current.known


@settings(max_examples=80, deadline=None)
@given(
    target=st.sampled_from(
        ["/plain.ttl", "/plain", "/plain.html", "/a%20b", "/nothing", "/sparql?query=ASK%7B%7D", "/", "/dumps/", "/%00"]
    ),
    method=st.sampled_from(["GET", "HEAD", "OPTIONS", "POST", "DELETE"]),
    headers=st.lists(
        st.sampled_from(
            [
                ("accept", "text/html"), ("accept", "application/ld+json"), ("accept", "*/*;q=0"),
                ("accept-language", "de"), ("accept-encoding", "gzip"), ("if-none-match", "*"),
                ("if-none-match", '"x"'), ("if-match", '"x"'), ("range", "bytes=0-3"), ("host", "other.example"),
                ("x_forwarded_for", "1.2.3.4"), ("user-agent", "a"), ("cookie", "a=b"),
                ("if-modified-since", "Tue, 01 Jan 2999 00:00:00 GMT"),
            ]
        ),
        max_size=4,
    ),
)  # fmt: skip
def test_an_answer_is_the_same_whichever_way_it_takes(
    ask: Ask, gateway: Gateway, target: str, method: str, headers: list[tuple[str, str]]
) -> None:
    gateway._generations.current.known.clear()
    slow = ask(target, method, *headers)
    assert ask(target, method, *headers) == slow
    assert ask(target, method, *headers) == slow
    assert slow[0] < 500
    assert slow[1]["access-control-allow-origin"] == "*"


def test_the_environment_is_that_of_wsgi(gateway: Gateway) -> None:
    scope = Scope(
        "/caf\u00e9?a=b", "POST", ("accept", "a"), ("accept", "b"), ("content-type", "x/y"), ("content-length", "3"),
        ("x_accept", "no"), client="[2001:db8::1]:5000", authority="real.example",
    )  # fmt: skip
    environ = gateway._environ_of(scope)  # type: ignore[arg-type]
    expected = {
        "REQUEST_METHOD": "POST", "PATH_INFO": "/caf\u00c3\u00a9", "QUERY_STRING": "a=b", "HTTP_ACCEPT": "a,b",
        "CONTENT_TYPE": "x/y", "CONTENT_LENGTH": "3", "HTTP_HOST": "real.example", "REMOTE_ADDR": "2001:db8::1",
        "SERVER_NAME": "127.0.0.1", "SERVER_PORT": "8000", "SERVER_PROTOCOL": "HTTP/1.1", "wsgi.url_scheme": "http",
    }  # fmt: skip
    assert {name: environ[name] for name in expected} == expected
    assert not [name for name in environ if "X_ACCEPT" in name]


@pytest.mark.parametrize(
    ("pieces", "status"),
    [
        ((b"ASK", b" {}"), 200),
        ((b"ASK {} #" + b"x" * (BODY_LIMIT - 8),), 400),
        ((b"x" * 1000,) * 1100, 413),
        ((b"x" * BODY_LIMIT,) * 40, 413),
        ((), 400),
    ],
    ids=["query", "longest", "too long in pieces", "endless", "nothing"],
)
def test_content_is_read_up_to_its_limit(ask: Ask, pieces: tuple[bytes, ...], status: int) -> None:
    headers = (("content-type", "application/sparql-query"), ("transfer-encoding", "chunked"))
    assert ask("/sparql", "POST", *headers, protocol=Protocol(pieces))[0] == status


def test_content_that_does_not_come_is_waited_for_only_so_long(ask: Ask) -> None:
    headers = (("content-type", "application/sparql-query"), ("content-length", "100"))
    status, fields, body = ask("/sparql", "POST", *headers, protocol=Protocol((b"A",) * 100, pause=0.1))
    assert (status, fields["connection"]) == (408, "close")
    assert b"request-timeout" in body


@pytest.mark.parametrize(
    ("field", "pieces", "status"),
    [
        (("content-length", "5"), (b"ASK{}", b""), 200),
        (("content-length", "50"), (b"ASK{}", b"", b""), 400),
        (("content-length", "50"), (b"ASK{}", b""), 400),
        (("transfer-encoding", "chunked"), (b"ASK", b"{}", b""), 200),
        (("transfer-encoding", "Chunked"), (b"ASK", b"{}", b""), 200),
        (("transfer-encoding", "chunked"), (b"ASK{}", b"", b""), 400),
        (("transfer-encoding", "gzip, chunked"), (b"ASK{}", b""), 400),
    ],
)
def test_content_counts_only_if_it_has_arrived_whole(
    ask: Ask, field: tuple[str, str], pieces: tuple[bytes, ...], status: int
) -> None:
    headers = (("content-type", "application/sparql-query"), field)
    found, _, body = ask("/sparql", "POST", *headers, protocol=Protocol(pieces))
    assert found == status, body
    assert status == 200 or b"/problems/bad-request" in body


@pytest.mark.parametrize(
    ("coding", "status"), [("identity", 200), ("gzip", 415), ("gzip, identity", 415), ("br", 415), ("", 200)]
)
def test_content_in_a_coding_is_refused(ask: Ask, coding: str, status: int) -> None:
    headers = (("content-type", "application/sparql-query"), ("content-length", "5"), ("content-encoding", coding))
    found, fields, body = ask("/sparql", "POST", *headers, protocol=Protocol((b"ASK{}", b"")))
    assert found == status, body
    assert status == 200 or fields["accept-encoding"] == "identity"


@pytest.mark.parametrize(
    ("host", "more", "version", "status"),
    [
        ("localhost", (), "1.1", 303),
        ("my_app:8000", (), "1.1", 303),
        ("", (), "1", 303),
        ("", (), "1.1", 400),
        ("", (("host", ""),), "1.1", 400),
        ("a", (("host", "b"),), "1.1", 400),
        ("a", (("host", "a"),), "1", 400),
        ("<script>", (), "1.1", 400),
        ("a b", (), "1.1", 400),
        ("user@a", (), "1.1", 400),
    ],
)
def test_a_request_names_one_host(
    ask: Ask, host: str, more: tuple[tuple[str, str], ...], version: str, status: int
) -> None:
    for _ in range(2):
        found, fields, body = ask("/plain", "GET", *more, host=host, http_version=version)
        assert found == status, body
        assert "http:///" not in fields.get("location", "")
    if status == 303:
        assert fields["location"].startswith(f"http://{host or '127.0.0.1:8000'}/plain.")


def test_the_host_of_an_absolute_target_is_checked_too(ask: Ask) -> None:
    assert ask("/plain", authority="my_app:8000")[1]["location"].startswith("http://my_app:8000/plain.")
    assert ask("/plain", authority="user@x")[0] == 400


def test_no_other_protocol_is_spoken(ask: Ask) -> None:
    upgrade = (("connection", "upgrade"), ("upgrade", "websocket"), ("sec-websocket-version", "13"))
    assert ask("/plain.ttl", "GET", *upgrade) == ask("/plain.ttl")
    assert ask("/", "GET", *upgrade) == ask("/")


def test_fields_that_are_too_large_are_refused(ask: Ask) -> None:
    status, fields, body = ask("/plain.ttl", "GET", ("x", "y" * FIELDS_LIMIT))
    assert status == 431
    assert b"fields-too-large" in body
    assert fields["access-control-allow-origin"] == "*"


def test_the_query_of_a_client_that_goes_away_is_cancelled(ask: Ask, gateway: Gateway) -> None:
    bomb = "/sparql?query=SELECT(COUNT(*)AS?n)%7B?a?b?c.?d?e?f.?g?h?i.?j?k?l%7D"
    ask(bomb, protocol=Protocol(gone=True))
    assert gateway._generations.current.admission.running == 0
    assert 'outcome="cancelled"} 1\n' in gateway._metrics.exposition({}, {})
    assert 'route="sparql",status="499"} 1\n' in gateway._metrics.exposition({}, {})


def test_an_application_that_fails_is_no_end(ask: Ask, gateway: Gateway, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise ZeroDivisionError

    with monkeypatch.context() as patch:
        patch.setattr(gateway._generations.current.hot, "_application", fail)
        assert ask("/never-asked-before")[0] == 500
    assert ask("/never-asked-before")[0] == 404


def test_a_part_of_a_file_is_what_it_says(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(bytes(range(256)))
    part = FilePart(tmp_path / "file", 10, 20)
    assert b"".join(part) == bytes(range(10, 30))
    assert len(part) == 20
