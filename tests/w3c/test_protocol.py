"""The query part of the W3C's SPARQL 1.1 Protocol tests, over HTTP.

They run where ``OFFICEGRAPH_RDF_TESTS`` names a checkout of https://github.com/w3c/rdf-tests.
"""

from __future__ import annotations

import json
import os
import re
from functools import lru_cache
from pathlib import Path

import pyoxigraph
import pytest
from flask.testing import FlaskClient
from rdflib import Graph, Namespace, URIRef
from rdflib.collection import Collection
from rdflib.term import Node

from officegraph import create_app

MF = Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#")
UT = Namespace("http://www.w3.org/2009/sparql/tests/test-update#")
HT = Namespace("http://www.w3.org/2011/http#")
CNT = Namespace("http://www.w3.org/2011/content#")
LABEL = URIRef("http://www.w3.org/2000/01/rdf-schema#label")
BASE = "http://manifest.example/"
SOLUTIONS = {
    "application/sparql-results+json",
    "application/sparql-results+xml",
    "text/csv",
    "text/tab-separated-values",
}

CHECKOUT = os.environ.get("OFFICEGRAPH_RDF_TESTS")

if not CHECKOUT:
    pytest.skip("OFFICEGRAPH_RDF_TESTS names no checkout of w3c/rdf-tests", allow_module_level=True)

FOLDER = Path(CHECKOUT).resolve() / "sparql" / "sparql11" / "protocol"


@lru_cache(maxsize=1)
def manifest() -> Graph:
    return Graph().parse(data=(FOLDER / "manifest.ttl").read_bytes(), format="turtle", publicID=BASE)


def cases() -> list[str]:
    """Return the names of the query tests; those of updates ask for what is not offered."""
    graph = manifest()
    entries = Collection(graph, graph.value(URIRef(BASE), MF.entries))
    return [str(entry) for entry in entries if "update" not in str(entry)]


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> FlaskClient:
    """Return a client of an application over the graphs that the tests name."""
    store = pyoxigraph.Dataset()
    graph = manifest()
    for data in set(graph.objects(predicate=UT.graphData)):
        file = str(graph.value(data, UT.graph)).removeprefix(BASE)
        name = pyoxigraph.NamedNode(str(graph.value(data, LABEL)))
        for quad in pyoxigraph.parse((FOLDER / file).read_bytes(), format=pyoxigraph.RdfFormat.N_TRIPLES):
            store.add(pyoxigraph.Quad(*quad.triple, name))
    source = tmp_path_factory.mktemp("protocol") / "data.nq"
    source.write_bytes(pyoxigraph.serialize(store, format=pyoxigraph.RdfFormat.N_QUADS))
    return create_app([source]).test_client()


def test_the_suite_has_the_known_number_of_query_tests() -> None:
    assert len(cases()) >= 19


@pytest.mark.parametrize("case", cases(), ids=lambda case: case.partition("#")[2])
def test_protocol(client: FlaskClient, case: str) -> None:
    graph = manifest()
    connection = graph.value(URIRef(case), MF.action)
    for request in Collection(graph, graph.value(connection, HT.requests)):
        send(client, graph, request)


def send(client: FlaskClient, graph: Graph, request: Node) -> None:
    """Send one request of a test and compare the answer with what it expects."""
    path = str(graph.value(request, HT.absolutePath))
    fields = graph.value(request, HT.headers)
    headers = [
        (str(graph.value(field, HT.fieldName)), str(graph.value(field, HT.fieldValue)))
        for field in (Collection(graph, fields) if fields is not None else ())
    ]
    body = graph.value(request, HT.body)
    content = b""
    if body is not None:
        encoding = str(graph.value(body, CNT.characterEncoding) or "utf-8")
        content = str(graph.value(body, CNT.chars)).encode(encoding)
    answer = client.open(path, method=str(graph.value(request, HT.methodName)), headers=headers, data=content)
    expected = graph.value(request, HT.resp)
    wanted = {re.sub(r".*StatusCode", "", str(status)) for status in graph.objects(expected, MF.expectedStatus)}
    assert any(matches(answer.status_code, status) for status in wanted), (answer.status_code, wanted)
    boolean = graph.value(expected, MF.expectedBoolean)
    if boolean is not None:
        assert json.loads(answer.get_data())["boolean"] == boolean.toPython()
    form = graph.value(expected, MF.expectedFormat)
    if form is not None:
        assert (answer.mimetype in SOLUTIONS) == (str(form) in {"boolean", "tabular"})


def matches(status: int, pattern: str) -> bool:
    return re.fullmatch(pattern.replace("x", r"\d"), str(status)) is not None
