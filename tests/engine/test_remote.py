import json
import threading
import time
from contextlib import contextmanager
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs

import pytest

from officegraph.engine.interface import (
    EngineBusyError,
    EngineUnavailableError,
    NotRepresentableError,
    Query,
    QueryRefusedError,
    QuerySyntaxError,
    QueryTimeoutError,
    ResultTooLargeError,
)
from officegraph.engine.remote import RemoteEngine
from officegraph.model.formats import RESULTS_JSON, TURTLE

from .conftest import SETTINGS

TRUE = b'{"head":{},"boolean":true}'


@contextmanager
def service(status=200, body=TRUE, content_type="application/sparql-results+json", headers=(), pause=0.0):
    """A SPARQL service that answers everything alike; yields its URL and the list of requests."""
    requests = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            length = int(self.headers.get("Content-Length", 0))
            requests.append((self.path, dict(self.headers), parse_qs(self.rfile.read(length).decode())))
            time.sleep(pause)
            self.send_response(status)
            for name, value in [("Content-Type", content_type), ("Content-Length", str(len(body))), *headers]:
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        do_GET = do_POST  # noqa: N815 - names of the base class

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = False
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/sparql", requests
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def ask(url, text="ASK {}", settings=SETTINGS, **options):
    return RemoteEngine(url, settings).evaluate(Query(**{"text": text, "format": RESULTS_JSON, **options}))


def test_the_query_is_posted_with_its_dataset_and_its_format():
    with service() as (url, requests):
        answer = ask(url, default_graphs=("http://a/", "http://b/"), named_graphs=("http://c/",))
    assert json.loads(answer.body)["boolean"] is True
    path, headers, form = requests[0]
    assert path == "/sparql"
    assert headers["Accept"] == "application/sparql-results+json"
    assert form == {
        "query": ["ASK {}"],
        "default-graph-uri": ["http://a/", "http://b/"],
        "named-graph-uri": ["http://c/"],
    }


@pytest.mark.parametrize("text", ["SELECT * { SERVICE <http://e/> {} }", "INSERT DATA { <a:b> <a:b> 1 }"])
def test_what_is_refused_here_is_not_sent(text):
    with service() as (url, requests), pytest.raises(QueryRefusedError):
        ask(url, text)
    assert requests == []


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (400, QuerySyntaxError),
        (403, QueryRefusedError),
        (404, EngineUnavailableError),
        (406, NotRepresentableError),
        (413, QueryRefusedError),
        (429, EngineBusyError),
        (500, EngineUnavailableError),
        (503, EngineBusyError),
        (504, QueryTimeoutError),
    ],
)
def test_a_status_is_told_apart(status, error):
    with service(status=status, headers=[("Retry-After", "7")]) as (url, _), pytest.raises(error) as caught:
        ask(url)
    assert getattr(caught.value, "retry_after", 7) == 7


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_not_followed(status):
    with (
        service() as (elsewhere, requests),
        service(status=status, headers=[("Location", elsewhere)]) as (url, _),
        pytest.raises(EngineUnavailableError),
    ):
        ask(url)
    assert requests == []


def test_a_service_that_is_slow_is_given_up():
    with service(pause=0.6) as (url, _), pytest.raises(QueryTimeoutError):
        ask(url, timeout=0.2)


def test_an_answer_that_is_too_large_is_refused():
    with service(body=b"x" * 2_000) as (url, _), pytest.raises(ResultTooLargeError):
        ask(url, settings=replace(SETTINGS, query_result_size=1_000))


def test_an_answer_in_another_format_is_no_answer():
    with service(content_type="text/html") as (url, _), pytest.raises(EngineUnavailableError, match="text/html"):
        ask(url)


def test_an_answer_in_an_alias_of_the_format_is_one():
    with service(body=b"<a:b> <a:b> 1 .", content_type="application/x-turtle; charset=utf-8") as (url, _):
        assert ask(url, "CONSTRUCT WHERE { ?s ?p ?o }", format=TURTLE).body == b"<a:b> <a:b> 1 ."


def test_a_service_that_is_not_there_is_unavailable():
    engine = RemoteEngine("http://127.0.0.1:9/sparql", SETTINGS)
    assert not engine.ready()
    with pytest.raises(EngineUnavailableError):
        engine.evaluate(Query(text="ASK {}", format=RESULTS_JSON))


def test_a_service_that_answers_is_ready():
    with service() as (url, _):
        assert RemoteEngine(url, SETTINGS).ready()


@pytest.mark.parametrize("url", ["file:///etc/passwd", "ftp://example.org/", "sparql"])
def test_only_http_is_spoken(url):
    with pytest.raises(ValueError, match="begins with"):
        RemoteEngine(url, SETTINGS)
