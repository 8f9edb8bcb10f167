"""No query and no source makes the server call anybody: a listener on loopback must hear nothing."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from urllib.parse import quote

import pytest
from flask.testing import FlaskClient

from officegraph import create_app
from officegraph.vocabulary.read import SourceErrors


class Listener:
    """Counts who connects to a port of loopback."""

    def __init__(self) -> None:
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.socket.settimeout(0.05)
        self.port: int = self.socket.getsockname()[1]
        self.heard: list[bytes] = []
        self.stopped = threading.Event()
        self.thread = threading.Thread(target=self.listen)
        self.thread.start()

    def listen(self) -> None:
        while not self.stopped.is_set():
            try:
                connection, _ = self.socket.accept()
            except TimeoutError:
                continue
            with connection:
                connection.settimeout(0.2)
                try:
                    self.heard.append(connection.recv(200))
                except TimeoutError:
                    self.heard.append(b"")

    def close(self) -> None:
        self.stopped.set()
        self.thread.join()
        self.socket.close()


@pytest.fixture
def listener() -> Iterator[Listener]:
    heard = Listener()
    yield heard
    heard.close()
    assert heard.heard == []


def test_the_listener_hears(listener: Listener) -> None:
    with socket.create_connection(("127.0.0.1", listener.port)) as connection:
        connection.sendall(b"x")
    for _ in range(100):
        if listener.heard:
            break
        threading.Event().wait(0.02)
    assert listener.heard == [b"x"]
    listener.heard.clear()


# U is the address of the listener.
REFUSED = [
    "SELECT * { SERVICE <U> { ?s ?p ?o } }",
    "SELECT * { SERVICE SILENT <U> { ?s ?p ?o } }",
    "SELECT * { service silent <U> { ?s ?p ?o } }",
    "SELECT * { sErViCe<U>{?s ?p ?o} }",
    "SELECT * { SERVICE\n#x\n<U> { ?s ?p ?o } }",
    "SELECT * { SERVICE # <x>\n SILENT # {\n <U> { ?s ?p ?o } }",
    "PREFIX u: <U> SELECT * { SERVICE u: { ?s ?p ?o } }",
    "PREFIX u: <U> SELECT * { SERVICE SILENT u:x { ?s ?p ?o } }",
    "BASE <U> SELECT * { SERVICE <sparql> { ?s ?p ?o } }",
    "SELECT * { BIND (<U> AS ?u) SERVICE ?u { ?s ?p ?o } }",
    "SELECT * { VALUES ?u { <U> } SERVICE SILENT ?u { ?s ?p ?o } }",
    "SELECT * { ?s ?p ?o OPTIONAL { SERVICE <U> { ?s ?p ?o } } }",
    "SELECT * { { SELECT * { SERVICE SILENT <U> { ?s ?p ?o } } } }",
    "SELECT * { FILTER EXISTS { SERVICE <U> { ?s ?p ?o } } }",
    "SELECT * { ?s ?p ?o MINUS { SERVICE <U> { ?s ?p ?o } } }",
    "SELECT * { {} UNION { SERVICE <U> { ?s ?p ?o } } }",
    "SELECT * { GRAPH ?g { SERVICE <U> { ?s ?p ?o } } }",
    "ASK { SERVICE <U> { ?s ?p ?o } }",
    "CONSTRUCT { ?s ?p ?o } WHERE { SERVICE SILENT <U> { ?s ?p ?o } }",
    "DESCRIBE ?s WHERE { SERVICE SILENT <U> { ?s ?p ?o } }",
    "LOAD <U>",
    "LOAD SILENT <U> INTO GRAPH <urn:g>",
    "INSERT { ?s ?p ?o } WHERE { SERVICE <U> { ?s ?p ?o } }",
    "COPY <U> TO DEFAULT",
    "SELECT * { \\u0053ERVICE <U> { ?s ?p ?o } }",
]

HARMLESS = [
    "SELECT * FROM <U> { ?s ?p ?o }",
    "SELECT * FROM NAMED <U> { GRAPH ?g { ?s ?p ?o } }",
    "SELECT * FROM <U> FROM NAMED <Ux> { GRAPH <Ux> { ?s ?p ?o } }",
    "CONSTRUCT FROM <U> WHERE { ?s ?p ?o }",
    "DESCRIBE <U>",
    "DESCRIBE <U> FROM <U>",
    "ASK FROM <file:///etc/passwd> { ?s ?p ?o }",
    "ASK FROM NAMED <file:///etc/passwd> { GRAPH ?g { ?s ?p ?o } }",
    "SELECT * { GRAPH <U> { ?s ?p ?o } }",
    "SELECT (<U>(1) AS ?x) {}",
    "SELECT * { ?s ?p '# SERVICE <U> {}' }",
    "SELECT * { ?service ?p <U> } # SERVICE <U> {}",
]


@pytest.mark.parametrize("query", REFUSED)
def test_what_asks_others_is_refused(client: FlaskClient, listener: Listener, query: str) -> None:
    text = query.replace("U>", f"http://127.0.0.1:{listener.port}/>")
    answers = [
        client.get(f"/sparql?query={quote(text, safe='')}"),
        client.post("/sparql", data=text, content_type="application/sparql-query"),
        client.post("/sparql", data=f"update={quote(text)}", content_type="application/x-www-form-urlencoded"),
    ]
    assert all(400 <= answer.status_code < 500 for answer in answers), [a.get_data(as_text=True) for a in answers]


@pytest.mark.parametrize("query", HARMLESS)
@pytest.mark.parametrize(
    "parameters", ["", "&default-graph-uri=U", "&named-graph-uri=U", "&default-graph-uri=file:///etc/passwd"]
)
def test_graphs_that_are_not_there_are_empty_and_not_fetched(
    client: FlaskClient, listener: Listener, query: str, parameters: str
) -> None:
    address = f"http://127.0.0.1:{listener.port}/"
    text = query.replace("U>", f"{address}>").replace("Ux>", f"{address}x>")
    response = client.get(f"/sparql?query={quote(text, safe='')}{parameters.replace('U', quote(address, safe=''))}")
    assert response.status_code in {200, 400}
    assert b"root:" not in response.get_data()


@pytest.mark.parametrize(
    ("name", "source"),
    [
        ("a.jsonld", '{"@context": "U", "@id": "urn:a", "http://e.example/p": "x"}'),
        ("b.jsonld", '{"@context": ["U", {"p": "urn:p"}], "@id": "urn:a", "p": "x"}'),
        ("c.jsonld", '{"@context": {"@import": "U"}, "@id": "urn:a"}'),
        ("d.jsonld", '{"@context": {"p": {"@id": "urn:p", "@context": "U"}}, "@id": "urn:a", "p": {"@id": "urn:b"}}'),
        ("e.ttl", "@prefix owl: <http://www.w3.org/2002/07/owl#> . <urn:a> owl:imports <U> ; a <U> ."),
        ("f.rdf", '<!DOCTYPE r SYSTEM "U"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"/>'),
        (
            "g.rdf",
            (
                '<!DOCTYPE r [<!ENTITY x SYSTEM "U">]><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
                '<rdf:Description rdf:about="urn:a"><rdf:value>&x;</rdf:value></rdf:Description></rdf:RDF>'
            ),
        ),
        (
            "h.rdf",
            (
                '<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
                '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
                '<rdf:Description rdf:about="urn:a"><rdf:value>&x;</rdf:value></rdf:Description></rdf:RDF>'
            ),
        ),
    ],
)
def test_sources_fetch_nothing(tmp_path: Path, listener: Listener, name: str, source: str) -> None:
    path = tmp_path / name
    path.write_text(source.replace("U", f"http://127.0.0.1:{listener.port}/"), "utf-8")
    failed = None
    try:
        app = create_app([path])
    except SourceErrors as error:
        failed = str(error)
    if failed is not None:
        assert failed.startswith(f"{path}:")
        return
    with closing(app.extensions["officegraph"]):
        body = app.test_client().get("/sparql?query=SELECT%20*%20%7B%3Fs%20%3Fp%20%3Fo%7D").get_data()
    assert b"root:" not in body
