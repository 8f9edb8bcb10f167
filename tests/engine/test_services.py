"""Federated queries: to the services that an operator allows, and to no other."""

import http.server
import json
import threading
from contextlib import contextmanager
from dataclasses import replace

import pytest

from officegraph.engine import pool
from officegraph.engine.embedded import EmbeddedEngine
from officegraph.engine.interface import Query, QueryRefusedError, QueryTimeoutError, ServiceFailedError
from officegraph.engine.scan import scan
from officegraph.model.formats import RESULTS_JSON
from officegraph.settings import Settings

from .conftest import SETTINGS

ALLOWED = Settings(allowed_services=("https://good.example/sparql", "http://other.example/"))


@pytest.mark.parametrize(
    ("query", "services"),
    [
        ("ASK { SERVICE <https://good.example/sparql> {} }", ["<https://good.example/sparql>"]),
        ("ASK { SERVICE SILENT <https://good.example/sparql?a=b> {} }", ["<https://good.example/sparql?a=b>"]),
        ("ASK { service<http://other.example/a.b/..c>{} }", ["<http://other.example/a.b/..c>"]),
        ("ASK { ?s ?p 1SERVICE <http://other.example/>{} }", ["<http://other.example/>"]),
        (
            (
                "ASK { SERVICE <http://other.example/1> { SERVICE <http://other.example/2> {} } "
                "SERVICE <http://other.example/1> {} }"
            ),
            ["<http://other.example/1>", "<http://other.example/2>"],
        ),
    ],
)
def test_a_service_that_is_allowed_passes(query, services):
    found = scan(query, ALLOWED)
    assert list(found.services) == services
    assert found.volatile, "the answer of another may be another each time"


@pytest.mark.parametrize(
    "service",
    [
        "<https://good.example/>",
        "<https://good.example/Sparql>",
        "<HTTPS://good.example/sparql>",
        "<https://good.example:444/sparql>",
        "<https://good.example.evil.example/sparql>",
        "<https://good.example@evil.example/sparql>",
        "<http://other.example@evil.example/>",
        "<http://other.example:80/>",
        "<http://other.example>",
        "<http://127.0.0.1/>",
        "<http://other.example/../a>",
        "<http://other.example/a/..>",
        "<http://other.example/%2e%2E/a>",
        "<http://other.example/.%2e>",
        "<http://other.example/./a>",
        "<http://other.example/\\u002E\\u002E/a>",
        "<\\u0068ttp://other.example/a>",
        "<//other.example/a>",
        "<a>",
        "<>",
        "x:a",
        ":",
        "?u",
        "$u",
        "SILENT ?u",
        "SILENT x:a",
        "SILENT <http://evil.example/>",
        "<http://other.example/> {} SERVICE <http://evil.example/>",
        "<http://other.example/> { SERVICE ?u {} } FILTER EXISTS",
    ],
)
def test_any_other_service_is_refused(service):
    prologue = "BASE <http://other.example/> PREFIX x: <http://other.example/> PREFIX : <http://other.example/> "
    with pytest.raises(QueryRefusedError, match=r"begin with https://good\.example/sparql") as caught:
        scan(prologue + f"ASK {{ VALUES ?u {{ <http://other.example/> }} SERVICE {service} {{}} }}", ALLOWED)
    assert caught.value.reason == "service"


@pytest.mark.parametrize(
    "query",
    [
        "PREFIX SERVICEx: <http://y/> ASK { SERVICEx:a {} }",
        "ASK { VALUES ?u { <http://e/> } FILTER(?u<?a)SERVICE?u#>\n{} }",
    ],
)
def test_what_only_the_engine_reads_as_a_service_is_refused_still(query):
    with pytest.raises(QueryRefusedError):
        scan(query, ALLOWED)


class Service(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        heard = self.rfile.read(int(self.headers["Content-Length"])).decode()
        self.server.heard.append((self.path, heard))
        if self.path == "/allowed/redirect":
            self.send_response(302)
            self.send_header("Location", "/elsewhere")
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        if self.path == "/allowed/slow":
            self.server.stopped.wait(20)
        body = json.dumps(
            {"head": {"vars": ["x"]}, "results": {"bindings": [{"x": {"type": "literal", "value": "far"}}]}}
        ).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/sparql-results+json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_arguments):
        """Say nothing."""


@contextmanager
def service():
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Service)
    server.heard, server.stopped, server.daemon_threads = [], threading.Event(), True
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield server
    finally:
        server.stopped.set()
        server.shutdown()
        thread.join()
        server.server_close()


def test_an_engine_calls_the_services_that_are_allowed_and_no_other(store, monkeypatch):
    with service() as far:
        root = f"http://127.0.0.1:{far.server_port}"
        engine = EmbeddedEngine(store, {}, replace(SETTINGS, allowed_services=(f"{root}/allowed",)))

        def ask(url, silent=""):
            text = f"SELECT ?x {{ SERVICE {silent} <{root}{url}> {{ ?x ?y ?z }} }}"
            bindings = json.loads(engine.evaluate(Query(text=text, format=RESULTS_JSON)).body)["results"]["bindings"]
            return [binding["x"]["value"] for binding in bindings if binding]

        try:
            assert ask("/allowed") == ["far"]
            assert [path for path, _ in far.heard] == ["/allowed"]
            assert "SELECT" in far.heard.pop()[1]
            with pytest.raises(QueryRefusedError):
                ask("/other")
            with pytest.raises(ServiceFailedError):
                ask("/allowed/redirect")
            assert ask("/allowed/redirect", "SILENT") == []
            with pytest.raises(QueryTimeoutError):
                ask("/allowed/slow")
            assert {path for path, _ in far.heard} == {"/allowed/redirect", "/allowed/slow"}
        finally:
            engine.close()


def test_no_query_calls_out_where_none_is_allowed(store, monkeypatch):
    """Nor would it if the scan were fooled."""
    with service() as far:
        engine = EmbeddedEngine(store, {}, SETTINGS)
        text = f"ASK {{ SERVICE <http://127.0.0.1:{far.server_port}/allowed> {{ ?x ?y ?z }} }}"
        passed = scan("ASK {}", SETTINGS)
        monkeypatch.setattr(pool, "scan", lambda *_: replace(passed, text=text))
        try:
            with pytest.raises(QueryRefusedError):
                engine.evaluate(Query(text=text, format=RESULTS_JSON))
            assert far.heard == []
        finally:
            engine.close()
