"""No request, however odd, makes the server fail; every answer has what all answers have."""

from __future__ import annotations

from itertools import pairwise
from urllib.parse import quote, quote_from_bytes, unquote_to_bytes

import pytest
from flask import Flask
from hypothesis import given, settings
from hypothesis import strategies as st

APPLICATION: list[Flask] = []


@pytest.fixture(autouse=True)
def application(app: Flask) -> None:
    """Make the application known to the tests, which Hypothesis runs many times each."""
    APPLICATION[:] = [app]


def answer(target: str, method: str = "GET", body: bytes = b"", *, raw: bool = True, **headers: str) -> None:
    """Send a request and check what holds for every answer."""
    path, _, query = target.partition("?")
    environ = {
        "PATH_INFO": bytes_of(path).decode("latin-1"),
        "QUERY_STRING": query,
        "REQUEST_URI": target if raw else "",
        "RAW_URI": "",
        **{f"HTTP_{name.upper()}": value for name, value in headers.items() if name != "Content_Type"},
    }
    if "Content_Type" in headers:
        environ["CONTENT_TYPE"] = headers["Content_Type"]
    response = APPLICATION[0].test_client().open("/", method=method, data=body, environ_overrides=environ)
    assert response.status_code < 500, (response.status_code, response.get_data(as_text=True)[:500])
    assert response.headers.getlist("Access-Control-Allow-Origin") == ["*"]
    assert len(response.headers.getlist("Cache-Control")) == 1
    assert "Set-Cookie" not in response.headers
    for name, value in response.headers:
        assert "\r" not in value, name
        assert "\n" not in value, name
        value.encode("latin-1")
    if response.status_code in {200, 206} and method == "GET":
        assert int(response.headers["Content-Length"]) == len(response.get_data())


def bytes_of(path: str) -> bytes:
    return unquote_to_bytes(path.encode("latin-1", "replace"))


# What fields of requests can hold: all of latin-1 but line ends and NUL (RFC 9110, section 5.5).
VALUE = st.text(st.characters(max_codepoint=255, exclude_characters="\r\n\0"), max_size=60)
PATHS = st.one_of(
    st.binary(max_size=40).map(lambda data: "/" + quote_from_bytes(data)),
    st.lists(
        st.sampled_from(
            [
                "plain",
                "odd",
                "only",
                "%",
                "%2",
                "%2F",
                "%252F",
                "%00",
                "%FF",
                "..",
                ".",
                "//",
                ".ttl",
                ".html",
                ";",
                "a%20b",
                "sparql",
                "dumps",
                "resource",
                "dataset",
                "static",
                "problems",
                "sitemap-1.xml",
                "%E2%80%AE",
                "%0d%0a",
                "latest",
                "~",
                "'",
                "+",
            ]
        ),
        max_size=5,
    ).map(lambda parts: "/" + "/".join(parts)),
    st.lists(st.sampled_from(["plain", ".", "ttl", "html", "%2e", "x", "#", "\xe4", "nt", "rdf"]), max_size=6).map(
        lambda parts: "/" + "".join(parts)
    ),
    VALUE.map(lambda text: "/" + text.replace("?", "")),
)
QUERIES = st.one_of(
    st.just(""),
    VALUE.map(lambda text: f"?{text}"),
    st.text(max_size=40).map(lambda text: f"?uri={quote(text, safe='', errors='replace')}"),
    st.lists(
        st.tuples(
            st.sampled_from(
                ["query", "update", "uri", "lang", "format", "timeout", "default-graph-uri", "v", "%71uery", ""]
            ),
            st.sampled_from(
                [
                    "",
                    "ASK{}",
                    "%FF",
                    "x",
                    "https%3A%2F%2Fexample.org%2Fvoc%2Fplain",
                    "1e9",
                    "-1",
                    "%00",
                    "de",
                    "ttl",
                    "a%20b",
                ]
            ),
        ),
        max_size=4,
    ).map(lambda pairs: "?" + "&".join(f"{name}={value}" for name, value in pairs)),
)
ACCEPT = st.one_of(
    VALUE,
    st.lists(
        st.tuples(
            st.sampled_from(
                [
                    "text/turtle",
                    "*/*",
                    "text/*",
                    "text/html",
                    "application/json",
                    "*",
                    "a/b",
                    "text",
                    "/",
                    "application/ld+json",
                ]
            ),
            st.sampled_from(
                [
                    "",
                    ";q=0",
                    ";q=1",
                    ";q=0.5",
                    ";q=2",
                    ";q=",
                    ";charset=utf-8",
                    ';profile="a,b"',
                    ";q=0.1234",
                    ";;",
                    '";',
                ]
            ),
        ),
        max_size=5,
    ).map(lambda pairs: ", ".join(f"{name}{parameter}" for name, parameter in pairs)),
)
CODINGS = st.one_of(
    VALUE,
    st.lists(
        st.sampled_from(["gzip", "br", "zstd", "identity", "*", "gzip;q=0", "*;q=0", "identity;q=0", ";"]), max_size=4
    ).map(", ".join),
)
LANGUAGES = st.one_of(
    VALUE,
    st.lists(
        st.sampled_from(["de", "de-CH", "en;q=0.5", "*", "*;q=0", "x-", "-", "i-default", "zh-Hant-TW"]), max_size=4
    ).map(", ".join),
)
CONDITIONS = st.one_of(
    VALUE,
    st.sampled_from(
        [
            "*",
            '"',
            '""',
            'W/""',
            'W/"a", "b"',
            '"a" "b"',
            ",,,",
            "Sat, 01 Jan 2000 00:00:00 GMT",
            "Sat, 99 Foo 2000 99:99:99 GMT",
            "0",
        ]
    ),
)
RANGES = st.one_of(
    VALUE,
    st.lists(st.integers(-9, 10**20), max_size=6).map(
        lambda numbers: "bytes=" + ",".join(f"{a}-{b}" for a, b in pairwise(numbers))
    ),
)

MANY = settings(max_examples=150, deadline=None)


@MANY
@given(PATHS, QUERIES, st.booleans())
def test_any_target(path: str, query: str, raw: bool) -> None:
    answer(path + query, raw=raw)
    answer(path + query, raw=raw, Accept="text/html")


@MANY
@given(
    st.sampled_from(
        [
            "/",
            "/plain",
            "/plain.html",
            "/dataset",
            "/dumps/",
            "/sparql",
            "/sparql?query=ASK%7B%7D",
            "/nothing",
            "/resource",
        ]
    ),
    ACCEPT,
    LANGUAGES,
    CODINGS,
)
def test_any_negotiation(path: str, accept: str, language: str, coding: str) -> None:
    answer(path, Accept=accept, Accept_Language=language, Accept_Encoding=coding)


@MANY
@given(st.data(), CONDITIONS, CONDITIONS, CONDITIONS, RANGES)
def test_any_condition_and_range(data: st.DataObject, one: str, other: str, third: str, span: str) -> None:
    names = [dump.name for dump in APPLICATION[0].extensions["officegraph"].release.dumps]
    path = data.draw(
        st.sampled_from(["/plain.ttl", "/plain.html", "/dataset.ttl", *(f"/dumps/{name}" for name in names[:2])])
    )
    answer(path, If_None_Match=one, If_Modified_Since=other, Range=span)
    answer(path, If_Match=one, If_Unmodified_Since=other, Range=span)
    answer(path, Range=span, If_Range=third)


@MANY
@given(
    st.sampled_from(["GET", "HEAD", "POST", "QUERY", "PUT", "OPTIONS", "X"]),
    QUERIES,
    st.one_of(
        st.binary(max_size=60), st.sampled_from([b"query=ASK%7B%7D", b"ASK {}", b"query=%FF", b"\xff", b"a=&&=b"])
    ),
    st.one_of(
        VALUE,
        st.sampled_from(
            [
                "application/sparql-query",
                "application/x-www-form-urlencoded",
                "application/sparql-query; charset",
                "multipart/form-data; boundary=x",
                "",
            ]
        ),
    ),
)
def test_any_request_to_the_endpoint(method: str, query: str, body: bytes, content_type: str) -> None:
    answer(f"/sparql{query}", method, body, Content_Type=content_type)


@MANY
@given(st.text(max_size=200))
def test_any_text_as_a_query(text: str) -> None:
    answer(f"/sparql?query={quote(text, safe='', errors='surrogatepass')}&timeout=2")
    answer(
        "/sparql",
        "POST",
        text.encode("utf-8", "surrogatepass"),
        Content_Type="application/sparql-query",
        Accept="text/html",
    )


@pytest.mark.parametrize("length", [2_000, 8_000, 70_000, 1_000_000])
@pytest.mark.parametrize(
    "pattern",
    [
        "/{}",
        "/sparql?query={}",
        "/resource?uri={}",
        "/search?q={}",
        "/search?lang={}",
        "/suggest?q={}",
        "/plain?{}",
        "/dumps/{}",
        "/static/{}",
        "/plain/{}",
    ],
)
def test_very_long_targets(pattern: str, length: int) -> None:
    answer(pattern.format("x" * length))
    answer(pattern.format("%20" * (length // 3)))
    answer(pattern.format("/" * min(length, 70_000)))


@pytest.mark.parametrize(
    "name", ["Accept", "Accept_Language", "Accept_Encoding", "If_None_Match", "Range", "If_Modified_Since", "If_Range"]
)
def test_very_long_fields(name: str) -> None:
    for value in (
        "x" * 100_000,
        "a/b," * 25_000,
        '"x",' * 25_000,
        ";" * 100_000,
        '"' * 100_000,
        "bytes=" + "0-0," * 25_000,
        "-" * 100_000,
    ):
        answer("/plain", **{name: value})
        answer("/plain.html", **{name: value})
