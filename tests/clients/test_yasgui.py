"""The requests of YASGUI, as its query editor (npm package @triply/yasqe 4.2, ``src/sparql.ts``) sends them.

It runs in a page of another origin, sends a form by POST unless told otherwise, and its own ``Accept``.
"""

from __future__ import annotations

import http.client
import json
from urllib.parse import urlencode

import pyoxigraph
import pytest

from benchmarks import generator as g
from live_server import LiveServer

SOLUTIONS = "application/sparql-results+json,*/*;q=0.9"
GRAPH = "application/n-triples,*/*;q=0.9"
ORIGIN = {"Origin": "https://yasgui.example", "Referer": "https://yasgui.example/"}
FORM = {"Content-Type": "application/x-www-form-urlencoded"}

FIRST = (
    "PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>\n"
    "PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>\n"
    "SELECT * WHERE {\n  ?sub ?pred ?obj .\n} LIMIT 10"
)
"""The query that stands in the editor when it is opened."""

CONCEPT = f"<{g.concept_iri(7)}>"


def send(
    server: LiveServer, method: str, arguments: list[tuple[str, str]], accept: str
) -> tuple[int, dict[str, str], bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)
    encoded = urlencode(arguments)
    headers = {"Accept": accept, **ORIGIN, **(FORM if method == "POST" else {})}
    target = "/sparql" if method == "POST" else f"/sparql?{encoded}"
    connection.request(method, target, body=encoded if method == "POST" else None, headers=headers)
    answer = connection.getresponse()
    fields = {name.lower(): value for name, value in answer.getheaders()}
    body = answer.read()
    connection.close()
    assert fields["access-control-allow-origin"] == "*", "else the page may not read the answer, whatever it is"
    return answer.status, fields, body


@pytest.mark.parametrize("method", ["POST", "GET"])
def test_the_first_query_is_answered(served: LiveServer, method: str) -> None:
    status, fields, body = send(served, method, [("query", FIRST)], SOLUTIONS)
    assert (status, fields["content-type"]) == (200, "application/sparql-results+json")
    content = json.loads(body)
    assert content["head"]["vars"] == ["sub", "pred", "obj"], "columns in the order of the query"
    assert len(content["results"]["bindings"]) == 10


@pytest.mark.parametrize("method", ["POST", "GET"])
@pytest.mark.parametrize("query", [f"DESCRIBE {CONCEPT}", f"CONSTRUCT {{ {CONCEPT} ?p ?o }} {{ {CONCEPT} ?p ?o }}"])
def test_graphs_come_as_n_triples(served: LiveServer, method: str, query: str) -> None:
    status, fields, body = send(served, method, [("query", query)], GRAPH)
    assert (status, fields["content-type"]) == (200, "application/n-triples")
    found = {str(quad.triple) for quad in pyoxigraph.parse(body, format=pyoxigraph.RdfFormat.N_TRIPLES)}
    assert {f'{CONCEPT} <{g.SKOS}prefLabel> "{g.label(7, "en")}"@en'} <= found


def test_an_answer_of_yes_or_no(served: LiveServer) -> None:
    status, _, body = send(served, "POST", [("query", f"ASK {{ {CONCEPT} ?p ?o }}")], SOLUTIONS)
    assert (status, json.loads(body)["boolean"]) == (200, True)


def test_graphs_are_chosen_by_arguments_that_repeat(served: LiveServer) -> None:
    listed = [("query", "SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o } } ORDER BY ?g")]
    _, _, body = send(served, "POST", listed, SOLUTIONS)
    names = [row["g"]["value"] for row in json.loads(body)["results"]["bindings"]]
    assert len(names) >= 2
    chosen = [("named-graph-uri", name) for name in names[:2]]
    status, _, body = send(served, "POST", [*listed, *chosen], SOLUTIONS)
    assert status == 200
    assert [row["g"]["value"] for row in json.loads(body)["results"]["bindings"]] == names[:2]


def test_what_is_wrong_is_told_in_words_that_can_be_shown(served: LiveServer) -> None:
    status, fields, body = send(served, "POST", [("query", "SELECT * {\n  ?s ?p }")], SOLUTIONS)
    assert status == 400
    assert fields["content-type"].startswith("application/problem+json")
    assert json.loads(body)["line"] == 2


def test_fields_that_a_user_adds_are_allowed_before_they_are_sent(served: LiveServer) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", served.port, timeout=30)
    asked = {
        **ORIGIN,
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "content-type,x-of-a-user",
    }
    connection.request("OPTIONS", "/sparql", headers=asked)
    answer = connection.getresponse()
    answer.read()
    connection.close()
    assert answer.status in {200, 204}
    assert "POST" in answer.headers["Access-Control-Allow-Methods"]
    allowed = answer.headers["Access-Control-Allow-Headers"].lower().replace(" ", "").split(",")
    assert "content-type" in allowed
