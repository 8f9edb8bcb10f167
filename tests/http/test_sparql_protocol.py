"""Requests of the SPARQL protocol.

The cases are those of the protocol tests of the W3C (query part) and of clients.
"""

from urllib.parse import quote, urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import NamedNode

from officegraph.http.problem import ProblemError
from officegraph.http.sparql_protocol import (
    FORM,
    SPARQL_QUERY,
    SPARQL_UPDATE,
    ProtocolQuery,
    format_values,
    parameter_values,
    parse_request,
)

ASK = "ASK {}"
G1, G2 = "http://kasei.us/2009/09/sparql/data/data1.rdf", "http://kasei.us/2009/09/sparql/data/data2.rdf"


def encoded(*pairs: tuple[str, str]) -> bytes:
    return urlencode(pairs).encode()


def get(*pairs: tuple[str, str], method: str = "GET") -> ProtocolQuery | None:
    return parse_request(method, encoded(*pairs))


def status_of(*arguments) -> tuple[int, str]:
    with pytest.raises(ProblemError) as caught:
        parse_request(*arguments)
    return caught.value.problem.status, caught.value.problem.type.removeprefix("/problems/")


def test_a_query_comes_in_the_url():
    assert get(("query", ASK)) == ProtocolQuery(ASK)
    assert get(("query", ASK), method="HEAD") == ProtocolQuery(ASK)


@pytest.mark.parametrize("method", ["POST", "QUERY"])
@pytest.mark.parametrize(
    "content_type", [FORM, f"{FORM}; charset=UTF-8", f'{FORM.upper()};charset="utf-8"', f"{FORM};"]
)
def test_a_query_comes_in_a_form(method, content_type):
    assert parse_request(method, b"", content_type, encoded(("query", ASK))) == ProtocolQuery(ASK)


@pytest.mark.parametrize("method", ["POST", "QUERY"])
@pytest.mark.parametrize(
    "content_type",
    [
        SPARQL_QUERY,
        f"{SPARQL_QUERY};charset=utf-8",
        f"{SPARQL_QUERY}; charset=UTF-8; x=y",
        "Application/SPARQL-Query",
    ],
)
def test_a_query_is_the_body(method, content_type):
    assert parse_request(method, b"", content_type, b"ASK {}") == ProtocolQuery(ASK)


def test_graphs_are_named_in_the_url_whatever_the_body():
    url = encoded(("default-graph-uri", G1), ("named-graph-uri", G2), ("default-graph-uri", G2))
    expected = ProtocolQuery(ASK, default_graphs=(G1, G2), named_graphs=(G2,))
    assert parse_request("POST", url, SPARQL_QUERY, b"ASK {}") == expected
    assert parse_request("POST", url, FORM, encoded(("query", ASK))) == expected
    assert parse_request("GET", url + b"&query=ASK+%7B%7D") == expected


def test_graphs_are_named_in_the_form():
    body = encoded(("query", ASK), ("default-graph-uri", G1), ("named-graph-uri", G2))
    assert parse_request("POST", b"", FORM, body) == ProtocolQuery(ASK, (G1,), (G2,))


def test_a_request_that_names_any_graph_names_the_whole_dataset():
    assert get(("query", ASK), ("named-graph-uri", G1)) == ProtocolQuery(ASK, (), (G1,))
    assert get(("query", ASK), ("default-graph-uri", G1)) == ProtocolQuery(ASK, (G1,), ())


def test_a_graph_that_is_named_twice_is_one_graph():
    found = get(("query", ASK), ("default-graph-uri", G1), ("default-graph-uri", G1))
    assert found == ProtocolQuery(ASK, (G1,), ())


@pytest.mark.parametrize("parameter", ["default-graph-uri", "named-graph-uri"])
@pytest.mark.parametrize(
    "iri",
    ["", "graph", "/graph", "//e.example/g", "http://e.example/a b", "http://e/<>", "1a:b", "http://e/a%"],
)
def test_a_graph_is_an_absolute_iri(parameter, iri):
    assert status_of("GET", encoded(("query", ASK), (parameter, iri))) == (400, "graph-not-absolute")


@pytest.mark.parametrize("iri", ["urn:x-arq:UnionGraph", "tag:a,2026:b", "http://e.example/ü#ü", "urn:uuid:1?=a"])
def test_any_absolute_iri_names_a_graph(iri):
    assert get(("query", ASK), ("default-graph-uri", iri)) == ProtocolQuery(ASK, (iri,), ())


@pytest.mark.parametrize("method", ["GET", "HEAD"])
@pytest.mark.parametrize("url", [b"", b"&", b"unknown=1", b"format=ttl", b"timeout=abc", b"Query=ASK"])
def test_a_bare_request_asks_for_the_service_description(method, url):
    assert parse_request(method, url) is None


REFUSED = [
    # no query
    ("GET", b"query=", None, b"", 400, "query-missing"),
    ("GET", b"query", None, b"", 400, "query-missing"),
    ("GET", b"query=%20%0A", None, b"", 400, "query-missing"),
    ("GET", b"default-graph-uri=urn:a", None, b"", 400, "query-missing"),
    ("GET", b"named-graph-uri=urn:a", None, b"", 400, "query-missing"),
    ("GET", b"using-graph-uri=urn:a", None, b"", 400, "query-missing"),
    ("POST", b"", FORM, b"", 400, "query-missing"),
    ("POST", b"", FORM, b"query=", 400, "query-missing"),
    ("POST", b"query=ASK%7B%7D", FORM, b"", 400, "query-missing"),
    ("POST", b"", SPARQL_QUERY, b"", 400, "query-missing"),
    ("POST", b"", SPARQL_QUERY, b" \n", 400, "query-missing"),
    ("QUERY", b"", SPARQL_QUERY, b"", 400, "query-missing"),
    # more than one
    ("GET", b"query=ASK%20%7B%7D&query=SELECT%20%2A%20%7B%7D", None, b"", 400, "query-repeated"),
    ("GET", b"query=ASK{}&query=", None, b"", 400, "query-repeated"),
    ("GET", b"query=ASK{}&%71uery=ASK{}", None, b"", 400, "query-repeated"),
    ("POST", b"", FORM, b"query=ASK{}&query=ASK{}", 400, "query-repeated"),
    ("POST", b"query=ASK{}", FORM, b"query=ASK{}", 400, "query-repeated"),
    ("POST", b"query=ASK{}", SPARQL_QUERY, b"ASK{}", 400, "query-repeated"),
    # no UTF-8
    ("GET", b"query=ASK%20%7B%FF%7D", None, b"", 400, "query-encoding"),
    ("GET", b"query=ASK {\xff}", None, b"", 400, "query-encoding"),
    ("GET", b"query=ASK{}&default-graph-uri=urn:%FF", None, b"", 400, "query-encoding"),
    ("POST", b"", FORM, b"query=%C3", 400, "query-encoding"),
    ("POST", b"", FORM, b"query=\xe9", 400, "query-encoding"),
    ("POST", b"", SPARQL_QUERY, b"ASK {} # \xe9", 400, "query-encoding"),
    ("POST", b"", SPARQL_QUERY, "ASK {}".encode("utf-16"), 400, "query-encoding"),
    ("POST", b"", f"{SPARQL_QUERY}; charset=UTF-16", "ASK {}".encode("utf-16-be"), 400, "query-encoding"),
    ("POST", b"", f"{FORM}; charset=iso-8859-1", b"query=ASK{}", 400, "query-encoding"),
    # another body
    ("POST", b"", "text/plain", b"ASK {}", 415, "unsupported-media-type"),
    ("POST", b"", None, b"ASK {}", 415, "unsupported-media-type"),
    ("POST", b"", None, b"query=ASK%20%7B%7D", 415, "unsupported-media-type"),
    ("POST", b"", "", b"ASK {}", 415, "unsupported-media-type"),
    ("POST", b"", ";charset=utf-8", b"ASK {}", 415, "unsupported-media-type"),
    ("POST", b"", "multipart/form-data; boundary=a", b"", 415, "unsupported-media-type"),
    ("POST", b"query=ASK{}", "application/json", b"{}", 415, "unsupported-media-type"),
    ("QUERY", b"", "text/plain", b"ASK {}", 415, "unsupported-media-type"),
    # updates
    ("GET", b"update=CLEAR%20ALL", None, b"", 400, "bad-request"),
    ("GET", b"query=ASK{}&update=CLEAR%20ALL", None, b"", 400, "bad-request"),
    ("POST", b"", FORM, b"update=CLEAR%20ALL", 403, "update-refused"),
    ("POST", b"", FORM, b"update=CLEAR%20NAMED&update=CLEAR%20DEFAULT", 403, "update-refused"),
    ("POST", b"", FORM, b"query=ASK{}&update=CLEAR%20ALL", 400, "bad-request"),
    ("POST", b"update=CLEAR%20ALL", SPARQL_QUERY, b"ASK {}", 403, "update-refused"),
    ("POST", b"", SPARQL_UPDATE, b"CLEAR ALL", 403, "update-refused"),
    ("POST", b"", f"{SPARQL_UPDATE}; charset=UTF-16", b"CLEAR ALL", 403, "update-refused"),
    ("POST", b"", None, b"update=CLEAR%20NAMED", 415, "unsupported-media-type"),
    # the rest
    ("PUT", b"query=ASK{}", FORM, b"", 405, "method-not-allowed"),
    ("DELETE", b"", None, b"", 405, "method-not-allowed"),
    ("GET", b"query=ASK{}&timeout=abc", None, b"", 400, "bad-request"),
    ("GET", b"query=ASK{}&timeout=0", None, b"", 400, "bad-request"),
    ("GET", b"query=ASK{}&timeout=-1", None, b"", 400, "bad-request"),
    ("GET", b"query=ASK{}&timeout=nan", None, b"", 400, "bad-request"),
    ("GET", b"query=ASK{}&timeout=1e9", None, b"", 400, "bad-request"),
    ("GET", b"query=ASK{}&timeout=", None, b"", 400, "bad-request"),
]  # fmt: skip


@pytest.mark.parametrize("case", REFUSED)
def test_what_is_no_query_of_the_protocol_is_refused(case):
    *request, status, kind = case
    assert status_of(*request) == (status, kind)


def test_a_refusal_says_what_is_taken():
    with pytest.raises(ProblemError) as caught:
        parse_request("POST", b"", "text/plain", b"")
    fields = dict(caught.value.problem.headers)
    assert fields["Accept-Post"] == fields["Accept-Query"] == f"{SPARQL_QUERY}, {FORM}"
    with pytest.raises(ProblemError) as caught:
        parse_request("PUT", b"")
    assert dict(caught.value.problem.headers) == {"Allow": "GET, HEAD, POST, QUERY, OPTIONS"}


@pytest.mark.parametrize(
    ("url", "text"),
    [
        (b"query=ASK+%7B+%3Chttp%3A%2F%2Fe%2Fa%2520b%3E+%3Fp+1+%7D", "ASK { <http://e/a%20b> ?p 1 }"),
        (b"query=ASK%20{?s%20?p%20%221%2B1%22}", 'ASK {?s ?p "1+1"}'),
        (b"query=ASK+{?s+?p+%22a%26b%3Dc%22}", 'ASK {?s ?p "a&b=c"}'),
        (b"query=a=b", "a=b"),
        (b"query=100%+%zz+%4", "100% %zz %4"),
        (b"query=%C3%A9+cafe%CC%81", "\u00e9 cafe\u0301"),
        (b"query=\xc3\xa9", "\u00e9"),
        (b"%71%75ery=ASK", "ASK"),
        (b"query=a;b", "a;b"),
        (b"query=%EF%BB%BFASK{}", "ASK{}"),
        (b"query=ASK{}&junk=%FF&%FF=1", "ASK{}"),
    ],
)
def test_a_form_is_decoded_once_in_the_url_and_in_the_body(url, text):
    assert parse_request("GET", url) == ProtocolQuery(text)
    assert parse_request("POST", b"", FORM, url) == ProtocolQuery(text)


def test_a_body_is_taken_as_it_is():
    text = 'SELECT * { ?s ?p "a+b%20c&d=é" }'
    assert parse_request("POST", b"", SPARQL_QUERY, text.encode()) == ProtocolQuery(text)


def test_a_body_of_a_get_has_no_meaning():
    assert parse_request("GET", b"", FORM, b"query=ASK{}") is None


def test_formats_are_handed_on():
    # SPARQLWrapper sends all three, some of them twice
    url = "query=ASK{}&results=tsv&format=tsv&output=tsv&format=text%2Ftab-separated-values&format="
    found = parse_request("GET", url.encode())
    assert found is not None
    assert found.formats == ("tsv", "text/tab-separated-values", "tsv", "tsv")
    assert format_values(b"format=ttl&output=nt") == ("ttl", "nt")


@pytest.mark.parametrize(("value", "seconds"), [("5", 5), ("0.5", 0.5), (".5", 0.5), ("30.", 30)])
def test_a_client_may_name_its_patience(value, seconds):
    found = get(("query", ASK), ("timeout", value))
    assert found is not None
    assert found.timeout == seconds


def test_values_of_any_parameter_can_be_had():
    assert parameter_values(b"uri=a%2520b&x=1&uri=c+d", "uri") == ("a%20b", "c d")
    assert parameter_values(b"", "uri") == ()
    with pytest.raises(ProblemError):
        parameter_values(b"uri=%FF", "uri")


@given(st.text(min_size=1).filter(str.strip))
def test_every_way_carries_every_query(text):
    if text.startswith("\ufeff"):
        return
    form = ("query=" + quote(text)).encode()
    expected = ProtocolQuery(text)
    assert parse_request("GET", form) == expected
    assert parse_request("POST", b"", FORM, form) == expected
    assert parse_request("POST", b"", FORM, encoded(("query", text))) == expected
    assert parse_request("POST", b"", SPARQL_QUERY, text.encode()) == expected


@given(st.binary(max_size=40), st.binary(max_size=40), st.sampled_from([None, FORM, SPARQL_QUERY, "x"]))
def test_no_request_is_worse_than_refused(url, body, content_type):
    for method in ("GET", "POST"):
        try:
            parse_request(method, b"query=" + url, content_type, b"query=" + body)
        except ProblemError as error:
            assert 400 <= error.problem.status < 500  # noqa: PT017


@given(st.text(max_size=20))
def test_the_engine_takes_every_graph_that_is_let_through(text):
    iri = "http://e.example/" + text
    try:
        found = get(("query", ASK), ("default-graph-uri", iri))
    except ProblemError:
        return
    assert found is not None
    assert found.default_graphs == (NamedNode(iri).value,)
