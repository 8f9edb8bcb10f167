"""``/sparql``: the query operation of the SPARQL 1.1 Protocol, its formats and its errors."""

from __future__ import annotations

import csv
import io
import json
from urllib.parse import quote
from xml.etree import ElementTree as ET

import pyoxigraph
import pytest
from flask.testing import FlaskClient
from pyoxigraph import NamedNode
from werkzeug.test import TestResponse

from officegraph.model.formats import PYOXIGRAPH_RDF

SELECT = """PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
SELECT ?label WHERE { <https://example.org/voc/plain> skos:prefLabel ?label } ORDER BY ?label"""
ASK = "ASK { ?s ?p ?o }"
CONSTRUCT = "CONSTRUCT WHERE { <https://example.org/voc/plain> ?p ?o }"
DESCRIBE = "DESCRIBE <https://example.org/voc/plain>"
QUERY_TYPE = "application/sparql-query"
FORM = "application/x-www-form-urlencoded"

RESULTS = {
    "json": "application/sparql-results+json",
    "xml": "application/sparql-results+xml",
    "csv": "text/csv",
    "tsv": "text/tab-separated-values",
}
GRAPHS = {
    "ttl": "text/turtle",
    "nt": "application/n-triples",
    "rdf": "application/rdf+xml",
    "jsonld": "application/ld+json",
    "trig": "application/trig",
    "nq": "application/n-quads",
}


def get(client: FlaskClient, query: str, more: str = "", **headers: str) -> TestResponse:
    return client.get(f"/sparql?query={quote(query, safe='')}{more}", headers=headers)


def post(
    client: FlaskClient, body: str | bytes, content_type: str | None = QUERY_TYPE, url: str = "/sparql", **headers: str
) -> TestResponse:
    return client.post(url, data=body, content_type=content_type, headers=headers)


def rows(response: TestResponse) -> list[dict[str, str]]:
    assert response.status_code == 200, response.get_data(as_text=True)
    bindings = json.loads(response.get_data())["results"]["bindings"]
    return [{name: term["value"] for name, term in binding.items()} for binding in bindings]


def truth(response: TestResponse) -> bool:
    assert response.status_code == 200, response.get_data(as_text=True)
    return json.loads(response.get_data())["boolean"]  # type: ignore[no-any-return]


# The same query in all the ways there are


@pytest.mark.parametrize("url", ["/sparql", "/sparql/"])
def test_every_operation_gives_the_same_answer(client: FlaskClient, url: str) -> None:
    escaped = quote(SELECT, safe="")
    answers = [
        client.get(f"{url}?query={escaped}"),
        client.get(f"{url}?query={escaped.replace('%20', '+')}"),
        client.post(url, data=f"query={escaped}", content_type=FORM),
        client.post(url, data=f"query={escaped}", content_type=f"{FORM}; charset=UTF-8"),
        client.post(url, data=SELECT, content_type=QUERY_TYPE),
        client.post(url, data=SELECT, content_type=f"{QUERY_TYPE}; charset=utf-8"),
        client.post(url, data=SELECT, content_type=f"{QUERY_TYPE.upper()};charset=UTF-8"),
        client.post(f"{url}?unknown=1", data=SELECT, content_type=QUERY_TYPE),
        client.open(url, method="QUERY", data=SELECT, content_type=QUERY_TYPE),
        client.open(url, method="QUERY", data=f"query={escaped}", content_type=FORM),
        client.get(f"{url}?query={escaped}&format=json&output=json&results=json&inference=true&savedquery="),
    ]
    for answer in answers:
        assert answer.status_code == 200
        assert answer.mimetype == RESULTS["json"]
        assert answer.get_data() == answers[0].get_data()
    assert [row["label"] for row in rows(answers[0])] == ["plain", "schlicht"]


@pytest.mark.parametrize("iri", ["a%20b", "a%2Fb", "a%252Fb", "caf%C3%A9", "n\u00e4", "na\u0308", "x+y", "only#one"])
def test_iris_in_queries_are_never_decoded(client: FlaskClient, iri: str) -> None:
    query = f"ASK {{ <https://example.org/voc/{iri}> ?p ?o }}"
    other = f"ASK {{ <https://example.org/voc/{iri}x> ?p ?o }}"
    for text, expected in ((query, True), (other, False)):
        escaped = quote(text, safe="")
        assert truth(client.get(f"/sparql?query={escaped}")) is expected
        assert truth(post(client, f"query={escaped}", FORM)) is expected
        assert truth(post(client, text.encode())) is expected


# Formats


@pytest.mark.parametrize("query", [SELECT, ASK])
@pytest.mark.parametrize("extension", RESULTS)
def test_solutions_come_in_every_result_format(client: FlaskClient, query: str, extension: str) -> None:
    media_type = RESULTS[extension]
    answers = [
        get(client, query, Accept=media_type),
        post(client, query, Accept=f"{media_type};q=0.9, image/png"),
        get(client, query, f"&format={extension}", Accept="image/png"),
        get(client, query, f"&output={quote(media_type, safe='')}"),
        get(client, query, f"&results={quote(media_type, safe='')}", Accept="text/html"),
    ]
    for answer in answers:
        assert answer.status_code == 200
        assert answer.mimetype == media_type
        assert answer.get_data() == answers[0].get_data()
    assert ("charset=utf-8" in answers[0].headers["Content-Type"]) == (extension in {"csv", "tsv"})
    text = answers[0].get_data(as_text=True)
    if extension == "json":
        assert set(json.loads(text)) >= {"head"}
    elif extension == "xml":
        assert ET.fromstring(text).tag == "{http://www.w3.org/2005/sparql-results#}sparql"
    elif query == SELECT:
        lines = text.split("\r\n" if extension == "csv" else "\n")
        assert lines[0] == ("label" if extension == "csv" else "?label")
        assert lines[1] == ("plain" if extension == "csv" else '"plain"@en')
    else:
        assert text.strip() == "true"


@pytest.mark.parametrize("query", [CONSTRUCT, DESCRIBE])
@pytest.mark.parametrize("extension", GRAPHS)
def test_graphs_come_in_every_rdf_format(client: FlaskClient, query: str, extension: str) -> None:
    media_type = GRAPHS[extension]
    for answer in (get(client, query, Accept=media_type), get(client, query, f"&format={extension}")):
        assert answer.status_code == 200
        assert answer.mimetype == media_type
        graph = list(pyoxigraph.parse(answer.get_data(), format=PYOXIGRAPH_RDF[extension]))
        assert {quad.subject for quad in graph} >= {NamedNode("https://example.org/voc/plain")}
        assert len({quad.triple for quad in graph}) == len(graph)


@pytest.mark.parametrize(
    ("query", "accept", "mimetype"),
    [
        (SELECT, None, "application/sparql-results+json"),
        (SELECT, "*/*", "application/sparql-results+json"),
        (SELECT, "application/json", "application/sparql-results+json"),
        (SELECT, "application/xml", "application/sparql-results+xml"),
        (
            SELECT,
            "application/sparql-results+json, application/sparql-results+xml;q=0.9, text/csv;q=0.8",
            "application/sparql-results+json",
        ),
        (SELECT, "application/sparql-results+xml; charset=utf-8", "application/sparql-results+xml"),
        (SELECT, "text/csv;q=0.5, text/tab-separated-values", "text/tab-separated-values"),
        (SELECT, "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "text/html"),
        (SELECT, "text/turtle", None),
        (SELECT, "image/png", None),
        (SELECT, "application/sparql-results+json;q=0", None),
        (CONSTRUCT, None, "text/turtle"),
        (CONSTRUCT, "application/sparql-results+json, */*;q=0.1", "text/turtle"),
        (CONSTRUCT, "application/json", "application/ld+json"),
        (CONSTRUCT, "application/rdf+xml, text/turtle;q=0.5", "application/rdf+xml"),
        (CONSTRUCT, "application/sparql-results+json", None),
        (ASK, None, "application/sparql-results+json"),
        (ASK, "text/html", "text/html"),
        (DESCRIBE, "text/html", "text/html"),
    ],
)
def test_the_answer_is_negotiated_by_the_form_of_the_query(
    client: FlaskClient, query: str, accept: str | None, mimetype: str | None
) -> None:
    response = get(client, query, **({} if accept is None else {"Accept": accept}))
    assert "Accept" in response.headers["Vary"].split(", ")
    if mimetype is None:
        assert response.status_code == 406
        assert len(json.loads(response.get_data())["offers"]) >= 5
    else:
        assert response.status_code == 200
        assert response.mimetype == mimetype


@pytest.mark.parametrize(
    "query",
    [
        "# CONSTRUCT { ?s ?p ?o }\nSELECT * { ?s ?p ?o } LIMIT 1",
        "SELECT ('CONSTRUCT' AS ?x) { }",
        "PREFIX construct: <http://example.org/describe/> SELECT ?ask { ?ask ?p construct:ask } LIMIT 1",
        "BASE <http://example.org/ASK> SELECT * { ?s ?p <DESCRIBE> } LIMIT 1",
    ],
)
def test_the_form_of_the_query_is_not_found_in_comments_strings_or_names(client: FlaskClient, query: str) -> None:
    response = get(client, query)
    assert response.status_code == 200
    assert response.mimetype == RESULTS["json"]


def test_turtle_has_the_prefixes_of_the_vocabulary(client: FlaskClient) -> None:
    text = get(client, CONSTRUCT).get_data(as_text=True)
    assert "@prefix skos: <http://www.w3.org/2004/02/skos/core#> ." in text
    assert "a skos:Concept" in text


def test_terms_survive_in_json_and_xml_alike(client: FlaskClient) -> None:
    query = """PREFIX xsd: <http://www.w3.org/2001/XMLSchema#> SELECT * { VALUES ?x {
        "a"@de <http://e.example/%20> "1"^^xsd:integer "<&\\"\\n" UNDEF "x"^^<http://e.example/t> "" } }"""
    from_json = [
        tuple((term["type"], term["value"], term.get("datatype"), term.get("xml:lang")) for term in row.values())
        for row in json.loads(get(client, query, Accept=RESULTS["json"]).get_data())["results"]["bindings"]
    ]
    space = "{http://www.w3.org/2005/sparql-results#}"
    root = ET.fromstring(get(client, query, Accept=RESULTS["xml"]).get_data())
    from_xml = [
        tuple(
            (
                term.tag.removeprefix(space),
                term.text or "",
                term.get("datatype"),
                term.get("{http://www.w3.org/XML/1998/namespace}lang"),
            )
            for binding in result
            for term in binding
        )
        for result in root.iter(f"{space}result")
    ]
    assert from_json == from_xml
    assert len(from_json) == 7


def test_csv_has_the_line_ends_and_quotes_of_its_specification(client: FlaskClient) -> None:
    response = get(client, 'SELECT ?a ?b { VALUES (?a ?b) { ("x,\\"y\\"" "1\\n2") } }', Accept="text/csv")
    text = response.get_data(as_text=True)
    assert text.startswith("a,b\r\n")
    assert list(csv.reader(io.StringIO(text, newline=""))) == [["a", "b"], ['x,"y"', "1\n2"]]


# Datasets


GRAPH_QUERY = "SELECT DISTINCT ?label { ?s <http://www.w3.org/2004/02/skos/core#altLabel> ?label }"
G1, G2 = "https://example.org/q/g1", "https://example.org/q/g2"


@pytest.mark.parametrize(
    ("query", "parameters", "expected"),
    [
        ("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }", "", "2"),
        ("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }", f"&default-graph-uri={G1}", "2"),
        ("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }", f"&default-graph-uri={G1}&default-graph-uri={G2}", "4"),
        ("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }", f"&default-graph-uri={G1}&default-graph-uri={G1}", "2"),
        ("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }", f"&named-graph-uri={G1}", "0"),
        ("SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } }", f"&named-graph-uri={G1}", "2"),
        ("SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } }", f"&default-graph-uri={G1}", "0"),
        ("SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } }", "", "5"),
        (f"SELECT (COUNT(*) AS ?n) FROM <{G1}> {{ ?s ?p ?o }}", "", "2"),
        (f"SELECT (COUNT(*) AS ?n) FROM <{G1}> FROM <{G2}> {{ ?s ?p ?o }}", "", "4"),
        (f"SELECT (COUNT(*) AS ?n) FROM <{G1}> {{ ?s ?p ?o }}", f"&default-graph-uri={G2}", "3"),
        (f"SELECT (COUNT(*) AS ?n) FROM <{G1}> {{ ?s ?p ?o }}", f"&named-graph-uri={G2}", "0"),
        (f"SELECT (COUNT(*) AS ?n) FROM NAMED <{G1}> {{ GRAPH ?g {{ ?s ?p ?o }} }}", f"&named-graph-uri={G2}", "3"),
    ],
)
def test_the_dataset_of_the_protocol_goes_before_that_of_the_query(
    quads: FlaskClient, query: str, parameters: str, expected: str
) -> None:
    escaped = quote(query, safe="")
    url = "/sparql?" + parameters.lstrip("&")
    answers = [
        quads.get(f"/sparql?query={escaped}{parameters}"),
        quads.post("/sparql", data=f"query={escaped}{parameters}", content_type=FORM),
        quads.post(url, data=query, content_type=QUERY_TYPE),
        quads.open(url, method="QUERY", data=query, content_type=QUERY_TYPE),
    ]
    assert [rows(answer)[0]["n"] for answer in answers] == [expected] * 4


@pytest.mark.parametrize(
    "parameters",
    [
        "&default-graph-uri=relative",
        "&named-graph-uri=",
        "&default-graph-uri=http%3A%2F%2Fe%2Fa%25%20b",
        "&default-graph-uri=%FF",
    ],
)
def test_graphs_are_named_by_absolute_iris(client: FlaskClient, parameters: str) -> None:
    assert get(client, ASK, parameters).status_code == 400


# Errors


ERRORS = [
    ("GET", "/sparql?query=", None, None, 400, "query-missing"),
    ("GET", "/sparql?default-graph-uri=http://e/", None, None, 400, "query-missing"),
    ("GET", f"/sparql?query={quote(ASK)}&query={quote(ASK)}", None, None, 400, "query-repeated"),
    ("GET", "/sparql?query=%FF", None, None, 400, "query-encoding"),
    ("GET", "/sparql?query=ASK%20%7B%22%C3%28%22%7D", None, None, 400, "query-encoding"),
    ("GET", "/sparql?update=CLEAR+ALL", None, None, 400, "bad-request"),
    ("GET", "/sparql?query=CLEAR+ALL", None, None, 403, "update-refused"),
    ("GET", "/sparql?query=SELECT", None, None, 400, "query-syntax"),
    ("POST", "/sparql", ASK, None, 415, "unsupported-media-type"),
    ("POST", "/sparql", ASK, "text/plain", 415, "unsupported-media-type"),
    ("POST", "/sparql", ASK, "application/json", 415, "unsupported-media-type"),
    ("POST", "/sparql", "query=ASK%7B%7D&query=ASK%7B%7D", FORM, 400, "query-repeated"),
    ("POST", "/sparql?query=ASK%7B%7D", "query=ASK%7B%7D", FORM, 400, "query-repeated"),
    ("POST", "/sparql?query=ASK%7B%7D", ASK, QUERY_TYPE, 400, "query-repeated"),
    ("POST", "/sparql?query=ASK%7B%7D", "", FORM, 400, "query-missing"),
    ("POST", "/sparql", "", QUERY_TYPE, 400, "query-missing"),
    ("POST", "/sparql", b"ASK { ?s ?p '\xff' }", QUERY_TYPE, 400, "query-encoding"),
    ("POST", "/sparql", "ASK {}".encode("utf-16"), f"{QUERY_TYPE};charset=utf-16", 400, "query-encoding"),
    ("POST", "/sparql", "query=%FF", FORM, 400, "query-encoding"),
    ("POST", "/sparql", "CLEAR ALL", "application/sparql-update", 403, "update-refused"),
    ("POST", "/sparql", "update=CLEAR+ALL", FORM, 403, "update-refused"),
    ("POST", "/sparql", "CLEAR ALL", QUERY_TYPE, 403, "update-refused"),
    ("QUERY", "/sparql", "CLEAR ALL", "application/sparql-update", 403, "update-refused"),
    ("POST", "/sparql", "x" * 1_100_000, QUERY_TYPE, 413, "too-large"),
    ("POST", "/sparql", "ASK {" + "(" * 60 + "}", QUERY_TYPE, 400, "query-refused"),
    ("POST", "/sparql", "ASK { " + " " * 200_000 + "}", QUERY_TYPE, 400, "query-refused"),
    ("GET", "/sparql?query=ASK%7B%7D&timeout=soon", None, None, 400, "bad-request"),
    ("GET", "/sparql?query=ASK%7BSERVICE%20%3Chttp://127.0.0.1:9/%3E%7B%7D%7D", None, None, 400, "query-refused"),
]


@pytest.mark.parametrize(("method", "url", "body", "content_type", "status", "kind"), ERRORS)
def test_a_wrong_request_is_a_problem(
    client: FlaskClient,
    method: str,
    url: str,
    body: str | bytes | None,
    content_type: str | None,
    status: int,
    kind: str,
) -> None:
    response = client.open(url, method=method, data=body, content_type=content_type)
    assert response.status_code == status
    assert response.mimetype == "application/problem+json"
    problem = json.loads(response.get_data())
    assert problem["type"] == f"/problems/{kind}"
    assert problem["status"] == status
    assert problem["title"]
    assert client.get(problem["type"]).status_code == 200
    if status == 415:
        assert QUERY_TYPE in response.headers["Accept-Post"]
        assert QUERY_TYPE in response.headers["Accept-Query"]


def test_a_length_that_is_announced_is_refused_before_it_is_read(client: FlaskClient) -> None:
    response = client.post(
        "/sparql",
        content_type=QUERY_TYPE,
        environ_overrides={"CONTENT_LENGTH": str(10**12), "wsgi.input": io.BytesIO(b"ASK {}")},
    )
    assert response.status_code == 413


@pytest.mark.parametrize(
    ("query", "line", "column"),
    [
        ("SELECT * WHERE {\n  ?s ?p ?o .\n  ?s ?p }", 3, 9),
        ("ASK { ?s ?p }", 1, 13),
        ("ASK {\n", 1, 5),
        ("\u00e4\u00f6", 1, 1),
        ("SELECT * { ?s nope:p ?o }", 1, 15),
    ],
)
def test_a_syntax_error_says_where_it_is(client: FlaskClient, query: str, line: int, column: int) -> None:
    response = post(client, query.encode())
    problem = json.loads(response.get_data())
    assert response.status_code == 400
    assert problem["line"] == line
    assert abs(problem["column"] - column) <= 2
    assert problem["query"] == query


@pytest.mark.parametrize(
    ("accept", "mimetype"),
    [
        (None, "application/problem+json"),
        ("application/sparql-results+json", "application/problem+json"),
        ("text/csv", "application/problem+json"),
        ("application/json", "application/problem+json"),
        ("text/plain", "text/plain"),
        ("text/html", "text/html"),
    ],
)
def test_errors_are_json_unless_text_or_a_page_is_asked_for(
    client: FlaskClient, accept: str | None, mimetype: str
) -> None:
    response = get(client, "SELECT <script>alert(1)</script>", **({} if accept is None else {"Accept": accept}))
    assert response.status_code == 400
    assert response.mimetype == mimetype
    if mimetype == "text/html":
        assert "<script>alert" not in response.get_data(as_text=True)
    if mimetype == "text/plain":
        assert "line: 1" in response.get_data(as_text=True)


UPDATES = [
    "INSERT DATA { <urn:a> <urn:b> <urn:c> }",
    "DELETE WHERE { ?s ?p ?o }",
    "CLEAR ALL",
    "DROP ALL",
    "LOAD <http://127.0.0.1:9/x>",
    "CREATE GRAPH <urn:g>",
    "COPY DEFAULT TO <urn:g>",
    "PREFIX a: <urn:a> INSERT { ?s ?p a: } WHERE { ?s ?p ?o }",
    "WITH <urn:g> DELETE { ?s ?p ?o } WHERE { ?s ?p ?o }",
    "# ASK {}\nCLEAR SILENT DEFAULT",
    "ASK {} ; CLEAR ALL",
]


@pytest.mark.parametrize("update", UPDATES)
def test_no_way_of_sending_an_update_changes_anything(client: FlaskClient, update: str) -> None:
    def state() -> bytes:
        return get(client, "SELECT (COUNT(*) AS ?n) { { ?s ?p ?o } UNION { GRAPH ?g { ?s ?p ?o } } }").get_data()

    before = state()
    escaped = quote(update, safe="")
    attempts = [
        client.get(f"/sparql?query={escaped}"),
        client.get(f"/sparql?update={escaped}"),
        client.post("/sparql", data=f"query={escaped}", content_type=FORM),
        client.post("/sparql", data=f"update={escaped}", content_type=FORM),
        client.post(f"/sparql?update={escaped}"),
        client.post("/sparql", data=update, content_type=QUERY_TYPE),
        client.post("/sparql", data=update, content_type="application/sparql-update"),
        client.open("/sparql", method="QUERY", data=update, content_type="application/sparql-update"),
        client.put("/sparql", data="<urn:a> <urn:b> <urn:c> .", content_type="text/turtle"),
        client.delete("/sparql?default"),
        client.patch("/sparql", data=update, content_type="application/sparql-update"),
    ]
    assert all(400 <= attempt.status_code < 500 for attempt in attempts), [a.status_code for a in attempts]
    assert state() == before


def test_a_query_that_takes_too_long_is_stopped_and_the_next_is_answered(client: FlaskClient) -> None:
    slow = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l . ?m ?n2 ?o }"
    response = get(client, slow, "&timeout=0.3")
    assert response.status_code == 503
    assert int(response.headers["Retry-After"]) > 0
    assert response.headers["Cache-Control"] == "no-store"
    assert json.loads(response.get_data())["type"] == "/problems/query-timeout"
    assert truth(get(client, ASK))


# Caching


def test_answers_of_queries_that_change_by_themselves_are_not_kept(client: FlaskClient) -> None:
    assert "max-age" in get(client, SELECT).headers["Cache-Control"]
    assert get(client, "SELECT (NOW() AS ?now) {}").headers["Cache-Control"] == "no-cache"
    assert get(client, "SELECT (RAND() AS ?r) {}").headers["Cache-Control"] == "no-cache"
    assert post(client, SELECT).headers["Cache-Control"] == "no-store"


def test_relative_iris_are_resolved_against_the_endpoint(client: FlaskClient) -> None:
    assert rows(get(client, "SELECT (<x> AS ?iri) {}"))[0]["iri"] == "http://localhost/x"


# The service description


SD = "http://www.w3.org/ns/sparql-service-description#"


@pytest.mark.parametrize("extension", GRAPHS)
def test_the_bare_endpoint_describes_itself_in_every_format(client: FlaskClient, extension: str) -> None:
    graphs = []
    for answer in (
        client.get("/sparql", headers={"Accept": GRAPHS[extension]}),
        client.get(f"/sparql?format={extension}"),
    ):
        assert answer.status_code == 200
        assert answer.mimetype == GRAPHS[extension]
        graphs.append({q.triple for q in pyoxigraph.parse(answer.get_data(), format=PYOXIGRAPH_RDF[extension])})
    predicates = {triple.predicate.value for triple in graphs[0]}
    assert {f"{SD}endpoint", f"{SD}resultFormat", f"{SD}supportedLanguage", f"{SD}defaultDataset"} <= predicates


def test_the_bare_endpoint_is_a_form_for_people_and_406_for_nobody(client: FlaskClient) -> None:
    page = client.get("/sparql", headers={"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"})
    assert page.mimetype == "text/html"
    assert "<form" in page.get_data(as_text=True)
    assert client.get("/sparql").mimetype == "text/turtle"
    assert client.get("/sparql", headers={"Accept": "image/png"}).status_code == 406


def described(client: FlaskClient) -> set[pyoxigraph.Triple]:
    body = client.get("/sparql?format=nt").get_data()
    return {quad.triple for quad in pyoxigraph.parse(body, format=pyoxigraph.RdfFormat.N_TRIPLES)}


def test_what_the_description_claims_is_true(client: FlaskClient) -> None:
    triples = described(client)
    by = {}  # type: ignore[var-annotated]
    for triple in triples:
        by.setdefault(triple.predicate.value, set()).add(
            triple.object.value if hasattr(triple.object, "value") else None
        )
    assert by[f"{SD}endpoint"] == {"http://localhost/sparql"}
    for iri in by[f"{SD}resultFormat"]:
        graph = any(name in iri for name in ("Turtle", "N-Triples", "RDF_XML", "JSON-LD", "TriG", "N-Quads"))
        answer = get(client, CONSTRUCT if graph else SELECT, f"&format={quote(iri, safe='')}", Accept="image/png")
        assert answer.status_code == 200, iri
    for name in by.get(f"{SD}name", ()):
        assert truth(get(client, f"ASK {{ GRAPH <{name}> {{ ?s ?p ?o }} }}")), name
    assert f"{SD}BasicFederatedQuery" not in by.get(f"{SD}feature", ())
    counts = {
        triple.subject: triple.object.value
        for triple in triples
        if triple.predicate.value == "http://rdfs.org/ns/void#triples"
    }
    names = {t.subject: t.object for t in triples if t.predicate.value == f"{SD}name"}
    graphs = {t.object: names[t.subject] for t in triples if t.predicate.value == f"{SD}graph" and t.subject in names}
    for node, count in counts.items():
        if node in graphs:
            asked = f"SELECT (COUNT(*) AS ?n) {{ GRAPH <{graphs[node].value}> {{ ?s ?p ?o }} }}"
            assert rows(get(client, asked))[0]["n"] == count
