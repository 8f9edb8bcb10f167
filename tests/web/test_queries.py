"""Queries are answered by the same rules in the event loop and in the view: no byte tells them apart."""

from __future__ import annotations

import asyncio
import io
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from officegraph import create_app
from officegraph.web.app import PLAIN
from officegraph.web.problems import OUTCOME, PROBLEM
from officegraph.web.publication import EXTENSION
from officegraph.web.queries import LONG_ANSWER, LONG_REQUEST, answer
from web.conftest import ODD

Answered = tuple[int, dict[str, str], bytes]

SELECT = "SELECT ?s ?o { ?s a ?o } ORDER BY ?s LIMIT 3"
CONSTRUCT = "CONSTRUCT { ?s a ?o } { ?s a ?o } LIMIT 2"
FORM = "application/x-www-form-urlencoded"


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    source = tmp_path_factory.mktemp("queries") / "odd.ttl"
    source.write_text(ODD, "utf-8")
    app = create_app([source], query_timeout=5)
    yield app
    app.extensions[EXTENSION].close()


def environ_of(method: str, target: str, body: bytes, fields: dict[str, str]) -> dict[str, Any]:
    path, _, query = target.partition("?")
    environ = {
        "REQUEST_METHOD": method, "PATH_INFO": path, "QUERY_STRING": query, "SCRIPT_NAME": "",
        "SERVER_NAME": "127.0.0.1", "SERVER_PORT": "8000", "SERVER_PROTOCOL": "HTTP/1.1", "HTTP_HOST": "localhost",
        "wsgi.url_scheme": "http", "wsgi.input": io.BytesIO(body), "wsgi.version": (1, 0), "wsgi.errors": io.StringIO(),
        "wsgi.multithread": False, "wsgi.multiprocess": False, "wsgi.run_once": False, "wsgi.input_terminated": True,
    }  # fmt: skip
    if body:
        environ["CONTENT_LENGTH"] = str(len(body))
    for name, value in fields.items():
        key = name.upper().replace("-", "_")
        environ[key if key in {"CONTENT_TYPE", "CONTENT_LENGTH"} else f"HTTP_{key}"] = value
    return environ


def by_view(app: Any, environ: dict[str, Any]) -> Answered:
    said: list[Any] = []
    body = app.extensions[PLAIN](environ, lambda *answer: said.extend(answer))
    content = b"".join(body)
    body.close()
    return int(said[0][:3]), dict(sorted((name.lower(), value) for name, value in said[1])), content


def by_loop(app: Any, environ: dict[str, Any]) -> Answered | None:
    current = app.extensions[EXTENSION]
    found = asyncio.run(answer(environ, current, current.engine.asynchronous()))
    if found is None:
        return None
    assert len({name.lower() for name, _ in found.headers}) == len(found.headers)
    return found.status, dict(sorted((name.lower(), value) for name, value in found.headers)), bytes(found.body)


def get(query: str, **more: str) -> str:
    return f"/sparql?query={quote(query, safe='')}" + "".join(f"&{name}={quote(value)}" for name, value in more.items())


@pytest.mark.parametrize(
    ("method", "target", "body", "fields"),
    [
        ("GET", get(SELECT), b"", {}),
        ("GET", get(SELECT), b"", {"Accept": "text/csv"}),
        ("GET", get(SELECT), b"", {"Accept": "application/sparql-results+xml;q=0.9, text/tab-separated-values"}),
        ("HEAD", get(SELECT), b"", {"Accept": "application/sparql-results+json"}),
        ("GET", get(SELECT, format="tsv"), b"", {"Accept": "text/html"}),
        ("GET", get("ASK {}", output="xml"), b"", {}),
        ("GET", get(CONSTRUCT), b"", {"Accept": "application/ld+json"}),
        ("GET", get("DESCRIBE ?s { ?s a ?o } LIMIT 1"), b"", {}),
        ("GET", get("SELECT (NOW() AS ?now) { FILTER(false) }"), b"", {}),
        ("GET", get("SELECT * { ?s ?p ?o }"), b"", {"Accept-Encoding": "gzip"}),
        ("GET", get(SELECT), b"", {"If-None-Match": "*"}),
        ("GET", get(SELECT), b"", {"If-None-Match": '"other"'}),
        ("POST", "/sparql", f"query={quote(SELECT)}".encode(), {"Content-Type": FORM}),
        ("POST", "/sparql?timeout=2", SELECT.encode(), {"Content-Type": "application/sparql-query"}),
        ("QUERY", "/sparql", SELECT.encode(), {"Content-Type": "application/sparql-query; charset=utf-8"}),
        ("GET", get(SELECT, **{"default-graph-uri": "https://nowhere.example/"}), b"", {}),
        ("GET", get("SELECT ?b FROM <x> { ?s ?p ?b }"), b"", {"Host": "other.example:81"}),
    ],
)  # fmt: skip
def test_both_ways_give_the_same_answer(
    app: Any, method: str, target: str, body: bytes, fields: dict[str, str]
) -> None:
    environ = environ_of(method, target, body, fields)
    found = by_loop(app, environ)
    view = by_view(app, environ_of(method, target, body, fields))
    assert found is not None
    assert found == view
    assert environ[OUTCOME] == "answered"


@pytest.mark.parametrize(
    ("method", "target", "body", "fields", "outcome"),
    [
        ("GET", get("SELECT * {"), b"", {}, "syntax"),
        ("GET", get("SELECT ?x { ?x <a:b> }"), b"", {}, "syntax"),
        ("GET", get("SELECT * { SERVICE <http://127.0.0.1/> {} }"), b"", {}, "refused"),
        ("GET", get("DROP ALL"), b"", {}, "refused"),
        ("GET", get("ASK {}", timeout="0"), b"", {}, None),
        ("GET", get(SELECT), b"", {"Accept": "image/png"}, None),
        ("GET", get(SELECT), b"", {"If-Match": '"other"'}, None),
        ("GET", "/sparql?query=", b"", {}, None),
        ("GET", "/sparql?query=%FF", b"", {}, None),
        ("POST", "/sparql", b"x", {"Content-Type": "text/plain"}, None),
        ("POST", "/sparql", b"update=x", {"Content-Type": FORM}, None),
    ],
)
def test_what_is_wrong_is_left_to_the_application_to_tell(
    app: Any, method: str, target: str, body: bytes, fields: dict[str, str], outcome: str | None
) -> None:
    environ = environ_of(method, target, body, fields)
    assert by_loop(app, environ) is None
    assert PROBLEM in environ
    assert environ.get(OUTCOME) in {outcome, "answered"}
    assert by_view(app, environ) == by_view(app, environ_of(method, target, body, fields))


@pytest.mark.parametrize(
    ("method", "target", "body", "fields"),
    [
        ("GET", "/sparql", b"", {}),
        ("GET", get(SELECT), b"", {"Accept": "text/html"}),
        ("OPTIONS", "/sparql", b"", {}),
        ("DELETE", "/sparql", b"", {}),
        ("GET", get(SELECT + "#" * LONG_REQUEST), b"", {}),
        ("POST", "/sparql", b"", {"Content-Type": FORM, "Content-Length": "100000000"}),
    ],
)  # fmt: skip
def test_the_rest_is_left_untouched(app: Any, method: str, target: str, body: bytes, fields: dict[str, str]) -> None:
    environ = environ_of(method, target, body, fields)
    assert by_loop(app, environ) is None
    assert environ == environ_of(method, target, body, fields) | {
        key: environ[key] for key in environ if key.startswith(("wsgi.", "officegraph.query"))
    }


def test_a_long_answer_is_the_same_too(app: Any) -> None:
    target = get("SELECT * { ?a ?b ?c . ?d ?e ?f } LIMIT 4000", format="json")
    for fields in ({}, {"Accept-Encoding": "gzip"}):
        found = by_loop(app, environ_of("GET", target, b"", fields))
        assert found is not None
        assert found == by_view(app, environ_of("GET", target, b"", fields))
        assert fields or len(found[2]) > LONG_ANSWER


FIELDS = {
    "Accept": ["text/csv", "*/*", "text/turtle;q=0", "application/json", "a", "", "text/turtle, text/html;q=0.1"],
    "Accept-Encoding": ["gzip", "identity;q=0", "*", "br"],
    "If-None-Match": ["*", '"x"', "W/"],
    "If-Modified-Since": ["Tue, 01 Jan 2999 00:00:00 GMT", "never"],
    "Host": ["other.example", "[::1]:8000"],
}


@settings(max_examples=60, deadline=None)
@given(
    query=st.sampled_from([SELECT, CONSTRUCT, "ASK {}", "SELECT * {", "DESCRIBE <x>", "ASK { FILTER(RAND() < 2) }"]),
    method=st.sampled_from(["GET", "HEAD"]),
    fields=st.fixed_dictionaries({}, optional={name: st.sampled_from(values) for name, values in FIELDS.items()}),
)
def test_no_request_tells_the_ways_apart(app: Any, query: str, method: str, fields: dict[str, str]) -> None:
    found = by_loop(app, environ_of(method, get(query), b"", fields))
    if found is not None:
        status, headers, body = by_view(app, environ_of(method, get(query), b"", fields))
        assert found == (status, headers, b"" if method == "HEAD" else body)


@pytest.mark.parametrize("path", ["/sparql/check", "/sparql/terms", "/sparql/nothing"])
def test_only_what_is_sent_to_the_endpoint_is_a_query(app: Any, path: str) -> None:
    environ = environ_of("POST", path, b"ASK {}", {"Content-Type": "application/sparql-query"})
    assert by_loop(app, environ) is None
