"""Queries that try to make the server reach something, in every spelling and place, and queries broken at random.

A listener on loopback must hear nothing but from the one service that an operator allows.
"""

from __future__ import annotations

import re
import socket
import threading
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path
from urllib.parse import urlencode

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import example, given, settings
from hypothesis import strategies as st
from werkzeug.test import TestResponse

from officegraph import create_app

DATA = """
@prefix : <https://example.org/voc/> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
: a skos:ConceptScheme ; skos:prefLabel "Offices"@en .
:back a skos:Concept ; skos:inScheme : ; skos:prefLabel "back office"@en, "Back-Office"@de ; skos:broader :office .
:front a skos:Concept ; skos:inScheme : ; skos:prefLabel "front office"@en ; skos:broader :office ; skos:related :back .
:office a skos:Concept ; skos:inScheme : ; skos:topConceptOf : ; skos:prefLabel "office"@en ; skos:notation "1" .
"""


class Listener:
    """Counts the connections to one port of loopback, over IPv4 and, where there is one, over IPv6."""

    def __init__(self) -> None:
        self.sockets = [socket.create_server(("127.0.0.1", 0))]
        self.port: int = self.sockets[0].getsockname()[1]
        with suppress(OSError):
            self.sockets.append(socket.create_server(("::1", self.port), family=socket.AF_INET6))
        self.heard = 0
        self.stopped = threading.Event()
        self.threads = [threading.Thread(target=self.listen, args=(each,)) for each in self.sockets]
        for each in self.sockets:
            each.settimeout(0.05)
        for thread in self.threads:
            thread.start()

    def listen(self, ear: socket.socket) -> None:
        while not self.stopped.is_set():
            with suppress(TimeoutError):
                connection, _ = ear.accept()
                self.heard += 1
                connection.close()

    def close(self) -> None:
        self.stopped.set()
        for thread in self.threads:
            thread.join()
        for each in self.sockets:
            each.close()


def serve(folder: Path, **limits: object) -> Flask:
    source = folder / "offices.ttl"
    source.write_text(DATA, "utf-8")
    return create_app([source], **limits)


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    app = serve(tmp_path_factory.mktemp("offices"), query_timeout=2, query_workers=2, query_result_size=2_000_000)
    with closing(app.extensions["officegraph"]):
        yield app


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture(scope="module")
def ear() -> Iterator[Listener]:
    with closing(Listener()) as listener:
        yield listener


@pytest.fixture
def listener(ear: Listener) -> Iterator[Listener]:
    ear.heard = 0
    yield ear
    threading.Event().wait(0.1)  # a connection is accepted a moment after it is made
    assert ear.heard == 0


def spelled(text: str, listener: Listener) -> str:
    """Return ``text`` with the address of the listener."""
    return text.replace("PORT", str(listener.port))


def ask(client: FlaskClient, query: str) -> list[TestResponse]:
    """Send a query in each way of the protocol (SPARQL 1.1 Protocol, section 2.1)."""
    form = urlencode({"query": query})
    answers = [
        client.get(f"/sparql?{form}"),
        client.post("/sparql", data=query.encode(), content_type="application/sparql-query"),
        client.post("/sparql", data=form, content_type="application/x-www-form-urlencoded"),
    ]
    assert all("root:" not in answer.get_data(as_text=True) for answer in answers)
    return answers


def statuses(client: FlaskClient, query: str) -> set[int]:
    return {answer.status_code for answer in ask(client, query)}


HERE = "http://127.0.0.1:PORT/"
PROLOGUE = f"BASE <{HERE}> PREFIX : <{HERE}> PREFIX a.b: <{HERE}x#> PREFIX service: <{HERE}>\n"

SERVICES = {
    "plain": f"SERVICE <{HERE}>",
    "silent": f"SERVICE SILENT <{HERE}>",
    "mixed case": f"sErViCe SiLeNt <{HERE}>",
    "glued": f"SERVICE<{HERE}>",
    "glued silent": f"SERVICE SILENT<{HERE}>",
    "after a comment": f"# SERVICE\n SERVICE #>\n SILENT#<a>\r<{HERE}>",
    "after a string": f"?a ?b '''SERVICE ' ''' . SERVICE <{HERE}>",
    "after an escaped quote": f'?a ?b "\\\\\\"" . SERVICE <{HERE}>',
    "after a number": f"?a ?b 1.SERVICE <{HERE}>",
    "after a language tag": f"?a ?b 'x'@en.SERVICE <{HERE}>",
    "after an empty prefixed name": f"?a ?b :.SERVICE <{HERE}>",
    "between tabs and line ends": f"\t\rSERVICE\r\n\tSILENT\n\n\t<{HERE}>",
    "a prefixed name": "SERVICE :sparql",
    "an empty prefixed name": "SERVICE SILENT :",
    "a prefixed name with dots": "SERVICE a.b:c.d",
    "a prefix called service": "SERVICE service:service",
    "an escaped local name": "SERVICE :x\\/y%2F",
    "relative to the base": "SERVICE <sparql>",
    "nothing but the base": "SERVICE SILENT <>",
    "relative to the scheme": "SERVICE <//127.0.0.1:PORT/x>",
    "escaped in the IRI": "SERVICE <\\u0068ttp://127.0.0.1:PORT/>",
    "wholly escaped in the IRI": "SERVICE <http\\U0000003A//127.0.0.1:PORT/\\u00e9>",
    "upper case scheme": "SERVICE <HTTP://127.0.0.1:PORT/>",
    "https": "SERVICE SILENT <https://127.0.0.1:PORT/>",
    "by name": "SERVICE <http://localhost:PORT/>",
    "by name with a final dot": "SERVICE <http://LocalHost.:PORT/>",
    "IPv6": "SERVICE <http://[::1]:PORT/>",
    "IPv4 in IPv6": "SERVICE <http://[::ffff:127.0.0.1]:PORT/>",
    "short IPv4": "SERVICE <http://127.1:PORT/>",
    "IPv4 as a number": "SERVICE <http://2130706433:PORT/>",
    "IPv4 in hexadecimal": "SERVICE <http://0x7f000001:PORT/>",
    "any address": "SERVICE SILENT <http://0.0.0.0:PORT/>",
    "with a user": "SERVICE <http://example.org@127.0.0.1:PORT/>",
    "with a query and a fragment": f"SERVICE <{HERE}?query=ASK%7B%7D#x>",
    "a file": "SERVICE <file:///etc/passwd>",
    "another scheme": "SERVICE SILENT <ftp://127.0.0.1:PORT/>",
    "a variable": f"VALUES ?u {{ <{HERE}> }} SERVICE ?u",
    "a variable with a dollar": f"BIND(IRI('{HERE}') AS $u) SERVICE SILENT $u",
    "a variable called service": f"BIND(<{HERE}> AS ?service) SERVICE ?service",
    "a variable without a value": "SERVICE SILENT ?nothing",
}
"""Spellings of a service; those of ``SERVICES`` and ``PLACES`` are all put together."""

PLACES = {
    "alone": "SELECT * WHERE { %s { ?s ?p ?o } }",
    "glued to braces": "SELECT*{%s{?s ?p ?o}}",
    "joined": "SELECT * { ?s ?p ?o . %s { ?s ?q ?r } ?o ?x ?y }",
    "optional": "SELECT * { ?s ?p ?o OPTIONAL { %s { ?s ?q ?r } } }",
    "in a union": "SELECT * { { ?s ?p ?o } UNION { %s { ?s ?q ?r } } }",
    "in minus": "SELECT * { ?s ?p ?o MINUS { %s { ?s ?q ?r } } }",
    "in exists": "SELECT * { ?s ?p ?o FILTER EXISTS { %s { ?s ?q ?r } } }",
    "in not exists in an expression": "SELECT * { ?s ?p ?o FILTER(1 = 1 || NOT EXISTS { %s { ?s ?q ?r } }) }",
    "in exists of a bind": "SELECT * { ?s ?p ?o BIND(EXISTS { %s { ?s ?q ?r } } AS ?x) }",
    "in exists of a column": "SELECT (EXISTS { %s { ?s ?q ?r } } AS ?x) { ?s ?p ?o }",
    "in exists of an order": "SELECT * { ?s ?p ?o } ORDER BY EXISTS { %s { ?s ?q ?r } }",
    "in exists of having": "SELECT ?s { ?s ?p ?o } GROUP BY ?s HAVING (EXISTS { %s { ?s ?q ?r } })",
    "in a graph": "SELECT * { GRAPH ?g { %s { ?s ?q ?r } } }",
    "in a sub-select": "SELECT * { { SELECT DISTINCT ?s { %s { ?s ?q ?r } } LIMIT 1 } }",
    "deep": "SELECT * { { { OPTIONAL { { SELECT * { GRAPH ?g { { %s { ?s ?q ?r } } } } } } } } }",
    "in a service": f"SELECT * {{ SERVICE SILENT <{HERE}outer> {{ %s {{ ?s ?q ?r }} }} }}",
    "asked": "ASK { %s { ?s ?p ?o } }",
    "constructed": "CONSTRUCT { ?s ?p ?o } WHERE { %s { ?s ?p ?o } }",
    "described": "DESCRIBE ?s <https://example.org/voc/back> WHERE { %s { ?s ?p ?o } }",
    "behind nothing": "SELECT * { FILTER(false) %s { ?s ?p ?o } } LIMIT 0",
}
"""Places where a query may have a service, as far as the grammar allows."""


@pytest.mark.parametrize("place", PLACES)
def test_a_service_is_refused_however_it_is_spelled_wherever_it_stands(
    client: FlaskClient, listener: Listener, place: str
) -> None:
    for name, service in SERVICES.items():
        query = spelled(PROLOGUE + PLACES[place] % service, listener)
        for answer in ask(client, query):
            # Refused for what it asks, and not for want of an understanding of it.
            assert answer.status_code in {400, 403}, (name, query)
            assert answer.get_json()["reason"] == "service", (name, query)


DATASETS = [
    f"SELECT * FROM <{HERE}> {{ ?s ?p ?o }}",
    f"SELECT * FROM<{HERE}>FROM NAMED<{HERE}a>{{?s ?p ?o}}",
    f"select * from named <{HERE}> {{ graph <{HERE}> {{ ?s ?p ?o }} }}",
    f"PREFIX : <{HERE}> SELECT * FROM :data.ttl {{ ?s ?p ?o }}",
    f"PREFIX : <{HERE}> SELECT * FROM NAMED : {{ GRAPH ?g {{ ?s ?p ?o }} }}",
    f"BASE <{HERE}> SELECT * FROM <data.ttl> {{ ?s ?p ?o }}",
    f"BASE <{HERE}> ASK FROM NAMED <../data.trig> {{ GRAPH ?g {{ ?s ?p ?o }} }}",
    "SELECT * FROM <//127.0.0.1:PORT/> { ?s ?p ?o }",
    "SELECT * FROM <HTTP://LOCALHOST:PORT/> { ?s ?p ?o }",
    "SELECT * FROM <http://[::1]:PORT/> { ?s ?p ?o }",
    "SELECT * FROM <\\u0068ttp://127.0.0.1:PORT/> { ?s ?p ?o }",
    "SELECT * # FROM\nFROM # <x>\n<http://127.0.0.1:PORT/> { ?s ?p ?o }",
    "SELECT * FROM <https://127.0.0.1:PORT/> { ?s ?p ?o }",
    "SELECT * FROM <file:///etc/passwd> { ?s ?p ?o }",
    "SELECT * FROM <FILE:/etc/passwd> { ?s ?p ?o }",
    "SELECT * FROM <file://localhost/etc/passwd> FROM NAMED <file:///etc/hosts> { ?s ?p ?o }",
    "BASE <file:///etc/> SELECT * FROM <passwd> { ?s ?p ?o }",
    "BASE <file:///etc/> SELECT * FROM NAMED <passwd> { GRAPH <passwd> { ?s ?p ?o } }",
    "SELECT * FROM <data:text/turtle,%3Ca:b%3E%20a%20%3Ca:c%3E.> { ?s ?p ?o }",
    "SELECT * FROM <../../../../etc/passwd> { ?s ?p ?o }",
    "CONSTRUCT { ?s ?p ?o } FROM <http://127.0.0.1:PORT/a> FROM <http://127.0.0.1:PORT/b> WHERE { ?s ?p ?o }",
    "CONSTRUCT FROM NAMED <http://127.0.0.1:PORT/a> WHERE { ?s ?p ?o }",
    "DESCRIBE <http://127.0.0.1:PORT/> FROM NAMED <http://127.0.0.1:PORT/>",
    "DESCRIBE <http://127.0.0.1:PORT/a> <http://[::1]:PORT/b> <http://localhost:PORT/c>",
    "BASE <http://127.0.0.1:PORT/> DESCRIBE <x> <> <#y>",
    "DESCRIBE ?x { VALUES ?x { <http://127.0.0.1:PORT/> <file:///etc/passwd> } }",
    "DESCRIBE ?x { BIND(IRI('http://127.0.0.1:PORT/') AS ?x) }",
    "SELECT * { GRAPH <http://127.0.0.1:PORT/> { ?s ?p ?o } }",
    "SELECT * { VALUES ?g { <http://127.0.0.1:PORT/> <file:///etc/passwd> } GRAPH ?g { ?s ?p ?o } }",
    "SELECT * { { SELECT * { GRAPH <file:///etc/passwd> { ?s ?p ?o } } } }",
    "SELECT * { <http://127.0.0.1:PORT/> (<http://127.0.0.1:PORT/p>|!<http://127.0.0.1:PORT/q>)* ?o }",
    "SELECT (<http://127.0.0.1:PORT/f>('x') AS ?x) {}",
    "SELECT (<java:java.lang.Runtime>('x') AS ?x) (<file:///etc/passwd>() AS ?y) {}",
    "SELECT * { ?s ?p ?o FILTER(<http://127.0.0.1:PORT/f>(?o, DISTINCT ?s)) }",
    "SELECT (<http://127.0.0.1:PORT/f>(DISTINCT ?o) AS ?x) { ?s ?p ?o }",
    "SELECT * { ?s <http://jena.apache.org/text#query> ('office' 'http://127.0.0.1:PORT/') }",
    "SELECT * { ?s <http://www.bigdata.com/rdf#serviceParam> <http://127.0.0.1:PORT/> }",
    'SELECT * { BIND("x"^^<http://127.0.0.1:PORT/datatype> AS ?x) FILTER(?x = ?x) }',
    "SELECT (STRDT('<!DOCTYPE x SYSTEM \"http://127.0.0.1:PORT/\"><x/>', <urn:XML>) AS ?x) {}",
    "CONSTRUCT { <http://127.0.0.1:PORT/> <http://www.w3.org/2002/07/owl#imports> <http://127.0.0.1:PORT/o> } {}",
    "#SERVICE <http://127.0.0.1:PORT/> {}\nSELECT * { ?s ?p 'SERVICE <http://127.0.0.1:PORT/>' }",
    'PREFIX SERVICE: <http://127.0.0.1:PORT/> SELECT ?SERVICE { ?SERVICE SERVICE:SERVICE """SERVICE <x> {"""@en }',
]
"""Queries that name what is not here: it is empty, and an IRI is a name and no address."""


@pytest.mark.parametrize("query", DATASETS)
def test_what_a_query_names_is_not_fetched(client: FlaskClient, listener: Listener, query: str) -> None:
    found = statuses(client, spelled(query, listener))
    assert found in ({200}, {400})


UPDATES = [
    "LOAD <http://127.0.0.1:PORT/>",
    "load silent<http://127.0.0.1:PORT/>into graph<urn:g>",
    "LOAD <file:///etc/passwd>",
    "BASE <http://127.0.0.1:PORT/> LOAD <x>",
    "PREFIX : <http://127.0.0.1:PORT/> LOAD :x INTO GRAPH :y",
    "ASK {} ; LOAD <http://127.0.0.1:PORT/>",
    "ASK {} LOAD <http://127.0.0.1:PORT/>",
    "CLEAR ALL",
    "CLEAR SILENT DEFAULT ; LOAD <http://127.0.0.1:PORT/>",
    "DROP GRAPH <http://127.0.0.1:PORT/>",
    "CREATE GRAPH <http://127.0.0.1:PORT/>",
    "ADD <http://127.0.0.1:PORT/> TO DEFAULT",
    "MOVE SILENT <http://127.0.0.1:PORT/> TO <urn:g>",
    "COPY DEFAULT TO <http://127.0.0.1:PORT/>",
    "INSERT DATA { <urn:s> <urn:p> <urn:o> }",
    "DELETE WHERE { ?s ?p ?o }",
    "DELETE { ?s ?p ?o } USING <http://127.0.0.1:PORT/> WHERE { ?s ?p ?o }",
    "WITH <http://127.0.0.1:PORT/> INSERT { ?s ?p ?o } WHERE { SERVICE SILENT <http://127.0.0.1:PORT/> { ?s ?p ?o } }",
    "SELECT * { ?s ?p ?o } ; DELETE WHERE { ?s ?p ?o }",
]


@pytest.mark.parametrize("update", UPDATES)
def test_an_update_is_refused_and_changes_nothing(client: FlaskClient, listener: Listener, update: str) -> None:
    text = spelled(update, listener)
    assert statuses(client, text) <= {400, 403}
    answers = [
        client.get("/sparql", query_string={"update": text}),
        client.post("/sparql", data={"update": text}),
        client.post("/sparql", data={"query": "ASK {}", "update": text}),
        client.post("/sparql", data=text.encode(), content_type="application/sparql-update"),
    ]
    assert all(400 <= answer.status_code < 500 for answer in answers)
    assert is_answered(client)


@pytest.mark.parametrize(
    "parameter", ["default-graph-uri", "named-graph-uri", "using-graph-uri", "using-named-graph-uri", "default-graph"]
)
@pytest.mark.parametrize(
    "graph", [HERE, "HTTP://localhost:PORT", "http://[::1]:PORT/", "file:///etc/passwd", "data:,x", "//127.0.0.1:PORT/"]
)
def test_a_graph_of_the_request_is_not_fetched(
    client: FlaskClient, listener: Listener, parameter: str, graph: str
) -> None:
    query = {"query": "SELECT * { { ?s ?p ?o } UNION { GRAPH ?g { ?s ?p ?o } } }", parameter: spelled(graph, listener)}
    for answer in (client.get("/sparql", query_string=query), client.post("/sparql", data=query)):
        assert answer.status_code in {200, 400}
        assert b"root:" not in answer.get_data()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("Accept", 'application/ld+json;profile="http://127.0.0.1:PORT/"'),
        ("Link", '<http://127.0.0.1:PORT/>; rel="http://www.w3.org/ns/json-ld#context"'),
        ("Host", "127.0.0.1:PORT"),
        ("X-Forwarded-Host", "127.0.0.1:PORT"),
        ("Referer", HERE),
        ("Origin", "http://127.0.0.1:PORT"),
        ("Slug", HERE),
    ],
)
def test_an_address_in_a_field_of_the_request_is_not_called(
    client: FlaskClient, listener: Listener, field: str, value: str
) -> None:
    query = "CONSTRUCT WHERE { ?s ?p ?o }"
    answer = client.get("/sparql", query_string={"query": query}, headers={field: spelled(value, listener)})
    assert answer.status_code in {200, 400}


def test_the_one_service_that_is_allowed_is_heard(tmp_path: Path, ear: Listener) -> None:
    """The counter-proof: where the listener hears nothing, it is not for want of ears."""
    ear.heard = 0
    app = serve(tmp_path, allowed_services=(f"http://127.0.0.1:{ear.port}/",))
    with closing(app.extensions["officegraph"]):
        found = statuses(app.test_client(), f"SELECT * {{ SERVICE <http://127.0.0.1:{ear.port}/> {{ ?s ?p ?o }} }}")
    assert found == {503}  # it hangs up
    assert ear.heard >= 1


VALID = [
    "SELECT * { ?s ?p ?o }",
    "SELECT DISTINCT ?s (COUNT(*) AS ?n) { ?s ?p ?o } GROUP BY ?s HAVING(COUNT(*) > 1) ORDER BY DESC(?n) ?s LIMIT 3",
    "PREFIX skos: <http://www.w3.org/2004/02/skos/core#> SELECT ?l { ?c skos:broader+/skos:prefLabel ?l }",
    "PREFIX s: <http://www.w3.org/2004/02/skos/core#> ASK { ?c s:prefLabel 'office'@en ; s:notation \"1\" }",
    "CONSTRUCT { ?o ?p [ ?q ?s ] } WHERE { ?s ?p ?o OPTIONAL { ?o ?q ?r } FILTER(ISIRI(?o) && !BOUND(?r)) }",
    "DESCRIBE <https://example.org/voc/back> ?x { ?x a ?c }",
    "SELECT * { { ?s a ?c } UNION { ?s ?p 1, 1.5, 1e0, true, 'a\\t'@en-GB, '''x'''^^<urn:t> } MINUS { ?c ?d ?e } }",
    "SELECT * FROM <urn:a> FROM NAMED <urn:b> { GRAPH ?g { ?s ?p ?o } } VALUES (?s ?p) { (UNDEF <urn:p>) }",
    "SELECT ?x { BIND(REPLACE(CONCAT('a', STR(1 + 2 * -3)), '[a-z]+', '$0$0', 'i') AS ?x) FILTER(?x IN ('b', ?x)) }",
    "BASE <https://example.org/> SELECT (GROUP_CONCAT(DISTINCT ?l; SEPARATOR=', ') AS ?n) { <voc/back> !(a|^<b>)* ?l }",
    "SELECT * { { SELECT ?s (MAX(STRLEN(STR(?o))) AS ?m) { ?s ?p ?o } GROUP BY ?s } ?s ?q ( 1 [ ?p 2 ] _:b ) }",
    "SELECT (SHA256(STR(NOW())) AS ?a) (COALESCE(1 / 0, IF(RAND() < 2, UUID(), BNODE())) AS ?b) {} # end",
]

TOKENS = [
    *"{}()[].;,|/^*+?!<>=&-'\"\\#@:$_% \t\n\r\0",
    *("\N{NO-BREAK SPACE}", "\N{BYTE ORDER MARK}", "\N{RIGHT-TO-LEFT OVERRIDE}", "\N{OFFICE BUILDING}", "\\u0000"),
    *("\\uD800", "\\U0010FFFF", "\\U99999999", "<<(", ")>>", "{|", "|}", "^^", "''' ", "'''", '"""', "&&", "||"),
    *(" SERVICE ", " SELECT ", " FILTER ", " EXISTS ", " OPTIONAL ", " GRAPH ", " VALUES ", " BIND(", " AS ?z)"),
    *(" ORDER BY ", " GROUP BY ", " LIMIT -1", " OFFSET 99999999999999999999", " UNDEF ", " a ", " 1e999 ", " -0 "),
    *("?s", "?p", "_:b", "<urn:x>", "<", "<a b>", "<%>", ":::", "@en--ltr", "1..2", "'x'^^<y>", "REGEX('a', '(a+)+$')"),
    *("REPEAT", "REPLACE('aaaaaaaaaaaaaaaaaaaaaaaa', '(a*)*b', '')", "NOT IN ()", "{1,9999}", "LATERAL {", "IN ()"),
]


@st.composite
def mutated(draw: st.DrawFn) -> str:
    """Return a query that was good until something was left out, doubled, put in, exchanged or joined to it."""
    text = draw(st.sampled_from(VALID))
    for _ in range(draw(st.integers(1, 5))):
        start = draw(st.integers(0, len(text)))
        end = min(len(text), start + draw(st.integers(0, 30)))
        piece = draw(
            st.one_of(
                st.just(""),
                st.just(text[start:end] * draw(st.integers(2, 12))),
                st.sampled_from(TOKENS),
                st.text(max_size=3),
                st.sampled_from(VALID),
            )
        )
        text = text[:start] + piece + text[end:]
    return text


APPLICATION: list[Flask] = []


@pytest.fixture
def application(app: Flask) -> None:
    """Make the application known to a test that Hypothesis runs many times."""
    APPLICATION[:] = [app]


def is_answered(client: FlaskClient) -> bool:
    """Return whether a good query has its answer, over all the data as they were."""
    answer = client.post(
        "/sparql",
        data=b"SELECT (COUNT(*) AS ?n) { ?c a <http://www.w3.org/2004/02/skos/core#Concept> }",
        content_type="application/sparql-query",
        headers={"Accept": "text/csv"},
    )
    return answer.status_code == 200 and answer.get_data() == b"n\r\n3\r\n"


@pytest.mark.usefixtures("application")
@settings(max_examples=250, deadline=None)
@given(mutated(), st.sampled_from(["*/*", "text/csv", "application/ld+json", "text/html", "application/rdf+xml"]))
@example("SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l . ?m ?n ?o }", "*/*")
@example("SELECT (COUNT(*) AS ?n) {" + "".join(f" ?a{n} ?b{n} ?c{n} ." for n in range(9)) + " }", "text/csv")
@example("SELECT * { ?s ?p ?o FILTER(" + "!" * 9_999 + "?o) }", "*/*")
@example("SELECT * {" + "{} UNION " * 9_999 + "{} }", "*/*")
@example("SELECT * { ?s ?p " + "(" * 9_999 + ")" * 9_999 + " }", "*/*")
@example("SELECT * { ?s ?p '" + "a" * 90_000 + "' }", "*/*")
def test_a_broken_query_breaks_nothing(query: str, accept: str) -> None:
    client = APPLICATION[0].test_client()
    answer = client.post(
        "/sparql",
        data=query.encode("utf-8", "surrogatepass"),
        content_type="application/sparql-query",
        headers={"Accept": accept},
    )
    if answer.status_code >= 500:
        text = answer.get_data(as_text=True)
        assert answer.status_code == 503, text
        # What is too large now is too large later: only what may pass says when to try again.
        if not re.search("The answer is too large|The query took too much memory", text):
            assert int(answer.headers["Retry-After"]) >= 1, text
    if answer.status_code >= 400:
        assert answer.mimetype in {"application/problem+json", "text/html", "text/plain"}
    assert is_answered(client)
