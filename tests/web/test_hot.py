"""The cache in front of the application changes no byte of any answer, and keeps only what lasts."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import quote

import pytest
from flask import Flask
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from werkzeug.test import EnvironBuilder

from officegraph.web.hot import LARGEST, Hot
from officegraph.web.publication import EXTENSION, Publication

Answer = tuple[str, list[tuple[str, str]], bytes]
Wsgi = Callable[[dict[str, Any], Any], Iterable[bytes]]

ENDINGS = ["", ".ttl", ".nt", ".rdf", ".jsonld", ".trig", ".nq", ".csv", ".html", ".xyz", "/"]
NAMES = [
    "plain", "file", "file.ttl", "section-1.5", "a%20b", "a%2Fb", "caf%C3%A9", "n%C3%A4", "hash", "only",
    "item?id=1&x=2", "ark://x/y", "sub/", "sparql", "dumps", "resource", "x+y", "p;q=r,s", "odd", "missing", "",
    "plain?lang=de", "hash?lang=en",
]  # fmt: skip
PREFIX = "PREFIX skos: <http://www.w3.org/2004/02/skos/core#> "
QUERIES = [
    "ASK {}",
    PREFIX + "SELECT ?l { ?c skos:prefLabel ?l } ORDER BY ?l",
    PREFIX + "CONSTRUCT WHERE { ?c skos:related ?o }",
    "SELECT (RAND() AS ?r) {}",
    "SELECT (1/0 AS ?e) {}",
    "SELECT nonsense",
    "",
]
TARGETS = [
    *(f"/{name}{ending}" for name in NAMES for ending in ENDINGS),
    *(f"{path}?query={quote(query)}" for path in ("/sparql", "/sparql/") for query in QUERIES),
    f"/sparql?format=csv&query={quote(QUERIES[1])}",
    *("/", "/dataset", "/dataset.ttl", "/dumps/", "/static/site.css", "/health/live", "/sparql", "/resource.ttl"),
    f"/resource?uri={quote('urn:isbn:9780262', safe='')}",
    f"/resource.ttl?uri={quote('urn:isbn:9780262', safe='')}",
    f"/resource.ttl?uri={quote('https://elsewhere.example/thing', safe='')}",
]
FIELDS = {
    "Accept": ["*/*", "text/turtle", "text/html", "application/json", "text/csv", "image/png", "text/turtle;q=0"],
    "Accept-Encoding": ["gzip", "identity", "gzip;q=0, *", "br, zstd"],
    "Accept-Language": ["de", "en", "fr, de;q=0.5"],
    "If-Modified-Since": ["Sat, 01 Jan 2000 00:00:00 GMT", "Tue, 01 Jan 2999 00:00:00 GMT", "yesterday"],
    "If-Unmodified-Since": ["Sat, 01 Jan 2000 00:00:00 GMT", "Tue, 01 Jan 2999 00:00:00 GMT"],
    "If-Match": ["*", '"other"'],
    "If-None-Match": ["*", '"other"', 'W/"other"'],
    "Range": ["bytes=0-3"],
    "Host": ["localhost", "other.example:8080"],
    "Authorization": ["Basic eDp5"],
}


def request(
    target: str, method: str = "GET", headers: Mapping[str, str] | None = None, *, raw: bool = False
) -> dict[str, Any]:
    """Return the environment of a request; ``raw`` has the server hand over the target as it came."""
    path, _, query = target.partition("?")
    builder = EnvironBuilder(path, method=method, headers=dict(headers or {}), query_string=query)
    environ = builder.get_environ()
    builder.close()
    if raw:
        environ["REQUEST_URI"] = environ["RAW_URI"] = target
    else:
        del environ["REQUEST_URI"], environ["RAW_URI"]
    return environ


def ask(application: Wsgi, environ: dict[str, Any]) -> Answer:
    said: list[Any] = []

    def start_response(status: str, headers: list[tuple[str, str]], error: Any = None) -> None:
        said[:] = [status, list(headers)]

    chunks = application(dict(environ), start_response)
    try:
        body = b"".join(chunks)
    finally:
        close = getattr(chunks, "close", None)
        if close is not None:
            close()
    return said[0], said[1], body


@pytest.fixture(scope="module")
def publication(app: Flask) -> Publication:
    found = app.extensions[EXTENSION]
    assert isinstance(found, Publication)
    return found


@pytest.fixture(scope="module")
def cold(app: Flask) -> Wsgi:
    """Return the application without the cache."""
    hot = app.wsgi_app
    assert isinstance(hot, Hot)
    return hot._application


@pytest.fixture(scope="module")
def shared(cold: Wsgi, publication: Publication) -> Hot:
    """Return a cache that fills up from one example to the next, so that they meet each other's answers."""
    return Hot(cold, publication)


@st.composite
def fields(draw: st.DrawFn) -> dict[str, str]:
    names = draw(st.lists(st.sampled_from(sorted(FIELDS)), unique=True, max_size=4))
    return {name: draw(st.sampled_from(FIELDS[name])) for name in names}


def volatile(target: str) -> bool:
    return "RAND" in target


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    target=st.sampled_from([target for target in TARGETS if not volatile(target)]),
    method=st.sampled_from(["GET", "GET", "GET", "HEAD", "POST", "OPTIONS"]),
    headers=fields(),
    raw=st.booleans(),
)
@example(target="/plain.ttl", method="HEAD", headers={"If-None-Match": "*"}, raw=False)
@example(target="/plain.ttl", method="GET", headers={"If-Match": '"other"'}, raw=False)
def test_every_answer_is_the_same_with_and_without_the_cache(
    cold: Wsgi, shared: Hot, target: str, method: str, headers: dict[str, str], *, raw: bool
) -> None:
    environ = request(target, method, headers, raw=raw)
    expected = ask(cold, environ)
    for _ in range(2):
        assert ask(shared, environ) == expected
    etag = dict(expected[1]).get("ETag")
    if etag is not None:
        # A validator of any variant, sent with any other fields.
        again = {**environ, "HTTP_IF_NONE_MATCH": etag}
        assert ask(shared, again) == ask(cold, again)


@pytest.mark.parametrize("name", [name for name in NAMES if name])
def test_every_document_is_the_same_with_and_without_the_cache(cold: Wsgi, publication: Publication, name: str) -> None:
    hot = Hot(cold, publication)
    for ending in ENDINGS:
        for headers in ({}, {"Accept": "text/html"}, {"Accept-Encoding": "gzip"}, {"Accept-Language": "de"}):
            for method in ("HEAD", "GET", "HEAD"):
                environ = request(f"/{name}{ending}", method, headers, raw=True)
                expected = ask(cold, environ)
                assert ask(hot, environ) == expected
                unchanged = {**environ, "HTTP_IF_NONE_MATCH": dict(expected[1]).get("ETag", '"x"')}
                assert ask(hot, unchanged) == ask(cold, unchanged)


@pytest.fixture
def counted(cold: Wsgi, publication: Publication) -> tuple[Hot, list[str]]:
    """Return a cache, and the list of what the application behind it is asked."""
    asked: list[str] = []

    def application(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        asked.append(f"{environ['REQUEST_METHOD']} {environ['PATH_INFO']}")
        return cold(environ, start_response)

    return Hot(application, publication), asked


@pytest.mark.parametrize(
    ("target", "times"),
    [("/plain", 0), ("/plain.ttl", 0), ("/plain.jsonld", 0), ("/plain.html", 1),
     (f"/sparql?query={quote(QUERIES[1])}", 1)],
)  # fmt: skip
def test_what_is_stored_is_never_asked_for_and_what_lasts_once(
    counted: tuple[Hot, list[str]], target: str, times: int
) -> None:
    hot, asked = counted
    first = ask(hot, request(target))
    assert ask(hot, request(target)) == first
    head = ask(hot, request(target, "HEAD"))
    assert head == (first[0], first[1], b"")
    etag = dict(first[1]).get("ETag")
    if etag is not None:
        assert ask(hot, request(target, headers={"If-None-Match": etag}))[0] == "304 NOT MODIFIED"
    assert len(asked) == times


@pytest.mark.parametrize(
    "target",
    ["/missing", "/plain.xyz", "/health/live", "/dataset.ttl", "/sparql?query=nonsense",
     f"/sparql?query={quote('SELECT (RAND() AS ?r) {}')}"],
)  # fmt: skip
def test_what_does_not_last_is_asked_for_every_time(counted: tuple[Hot, list[str]], target: str) -> None:
    hot, asked = counted
    for _ in range(3):
        ask(hot, request(target))
    assert len(asked) == 3


def test_a_volatile_query_is_evaluated_every_time(shared: Hot) -> None:
    answers = {ask(shared, request(f"/sparql?query={quote('SELECT (RAND() AS ?r) {}')}"))[2] for _ in range(3)}
    assert len(answers) == 3


def test_the_first_conditional_request_is_enough(counted: tuple[Hot, list[str]], cold: Wsgi) -> None:
    hot, asked = counted
    etag = dict(ask(cold, request("/plain.html"))[1])["ETag"]
    for _ in range(3):
        assert ask(hot, request("/plain.html", headers={"If-None-Match": etag}))[0] == "304 NOT MODIFIED"
    assert asked == ["GET /plain.html"]


@pytest.mark.parametrize(
    "environ",
    [
        request("/plain.html", "POST"),
        request("/plain.html", headers={"Range": "bytes=0-3"}),
        request("/plain.html", headers={"Authorization": "Basic eDp5"}),
        {**request("/plain.html"), "CONTENT_LENGTH": "3"},
        request("/plain.html", headers={"Transfer-Encoding": "chunked"}),
    ],
    ids=["method", "range", "authorization", "content", "chunks"],
)
def test_other_requests_go_through(counted: tuple[Hot, list[str]], environ: dict[str, Any]) -> None:
    hot, asked = counted
    ask(hot, request("/plain.html"))
    ask(hot, environ)
    assert len(asked) == 2


def test_answers_of_another_service_are_not_kept(cold: Wsgi, publication: Publication) -> None:
    asked = []

    def application(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        asked.append(environ["PATH_INFO"])
        return cold(environ, start_response)

    remote = replace(publication, settings=replace(publication.settings, engine="http://localhost:1/sparql"))
    hot = Hot(application, remote)
    for _ in range(2):
        ask(hot, request("/sparql?query=ASK%7B%7D"))
        ask(hot, request("/plain.html"))
    assert asked == ["/sparql", "/plain.html", "/sparql"]


def test_documents_take_no_memory(cold: Wsgi, publication: Publication) -> None:
    hot = Hot(cold, publication)
    for ending in (".ttl", ".nt", ""):
        ask(hot, request(f"/plain{ending}"))
    assert len(hot._answers) == 0
    found = hot.again(request("/plain.ttl"))
    assert found is not None
    assert isinstance(found.body, memoryview)


class Chunks:
    """Content of an answer that tells whether it was read and closed."""

    def __init__(self, *parts: bytes) -> None:
        self.parts = parts
        self.read = False
        self.closed = False

    def __iter__(self) -> Iterator[bytes]:
        self.read = True
        return iter(self.parts)

    def close(self) -> None:
        self.closed = True


LASTING = [("Cache-Control", "public, max-age=300"), ("Content-Length", "2")]


@pytest.mark.parametrize(
    ("status", "headers", "kept"),
    [
        ("200 OK", LASTING, True),
        ("303 SEE OTHER", LASTING, True),
        ("404 NOT FOUND", LASTING, False),
        ("500 INTERNAL SERVER ERROR", LASTING, False),
        ("206 PARTIAL CONTENT", LASTING, False),
        ("200 OK", [("Cache-Control", "no-cache"), ("Content-Length", "2")], False),
        ("200 OK", [("Content-Length", "2")], False),
        ("200 OK", LASTING[:1], False),
        ("200 OK", [LASTING[0], ("Content-Length", str(LARGEST + 1))], False),
        ("200 OK", [*LASTING, ("Set-Cookie", "a=b")], False),
        ("200 OK", [*LASTING, ("Accept-Ranges", "bytes")], False),
        ("200 OK", [*LASTING, ("Vary", "*")], False),
    ],
)
def test_only_whole_lasting_answers_are_kept(
    publication: Publication, status: str, headers: list[tuple[str, str]], *, kept: bool
) -> None:
    chunks = Chunks(b"o", b"k")

    def application(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        start_response(status, headers)
        return chunks

    hot = Hot(application, publication)
    said: list[Any] = []
    content = hot(request("/plain.html"), lambda *answer: said.append(answer))
    assert said == [(status, headers)]
    assert len(hot._answers) == kept
    # What is not kept is handed on as it is, not read into memory.
    assert chunks.read == kept
    assert chunks.closed == kept
    assert (content is chunks) != kept
    assert b"".join(content) == b"ok"


def test_an_error_after_the_start_is_handed_on(publication: Publication) -> None:
    error = (ValueError, ValueError("late"), None)

    def application(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        start_response("200 OK", LASTING)
        start_response("500 INTERNAL SERVER ERROR", [], error)
        return [b""]

    said: list[Any] = []
    hot = Hot(application, publication)
    list(hot(request("/plain.html"), lambda *answer: said.append(answer)))
    assert said == [("500 INTERNAL SERVER ERROR", [], error)]
    assert len(hot._answers) == 0


def test_a_caller_that_changes_the_fields_it_got_changes_no_later_answer(cold: Wsgi, publication: Publication) -> None:
    hot = Hot(cold, publication)

    def spoil(status: str, headers: list[tuple[str, str]], error: Any = None) -> Any:
        headers.append(("X-Spoilt", status))

    for headers in ({}, {"If-None-Match": "*"}):
        list(hot(request("/plain.html", headers=headers), spoil))
        list(hot(request("/plain.html", headers=headers), spoil))
        assert ask(hot, request("/plain.html", headers=headers)) == ask(cold, request("/plain.html", headers=headers))
