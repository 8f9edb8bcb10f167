"""What every answer has to carry, on every route, method and status."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

METHODS = ("GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "QUERY", "TRACE", "PROPFIND")

ROUTES = {
    "/": 200,
    "/plain": 303,
    "/plain.ttl": 200,
    "/plain.html": 200,
    "/plain/": 308,
    "/nothing": 404,
    "/resource?uri=https%3A%2F%2Fexample.org%2Fvoc%2Fplain": 303,
    "/resource.nt?uri=https%3A%2F%2Fexample.org%2Fvoc%2Fplain": 200,
    "/resource": 400,
    "/sparql": 200,
    "/sparql/": 200,
    "/sparql?query=ASK%20%7B%7D": 200,
    "/sparql?query=nonsense": 400,
    "/sparql?update=x": 400,
    "/sparql/prefixes": 200,
    "/sparql/terms?q=pl": 200,
    "/sparql/terms?kind=x": 400,
    "/dataset": 303,
    "/dataset.ttl": 200,
    "/.well-known/void": 302,
    "/dumps/": 200,
    "/dumps.json": 200,
    "/dumps/SHA256SUMS": 200,
    "/dumps/latest": 302,
    "/dumps/nothing.ttl": 404,
    "/context.jsonld": 200,
    "/problems/not-found": 200,
    "/browse": 200,
    "/browse?format=json": 200,
    "/browse?page=0": 400,
    "/browse/alphabetical": 200,
    "/browse/schemes": 200,
    "/browse/offices": 404,
    "/compare": 404,
    "/graph": 200,
    "/graph?concept=https%3A%2F%2Fexample.org%2Fvoc%2Fplain": 200,
    "/graph?concept=x": 404,
    "/graph.svg": 400,
    "/graph.svg?concept=https%3A%2F%2Fexample.org%2Fvoc%2Fplain": 200,
    "/search": 200,
    "/search?q=plain": 200,
    "/search.json?q=plain": 200,
    "/search.csv?q=plain": 200,
    "/search.ttl": 404,
    "/search?page=0": 400,
    "/suggest?q=pl": 200,
    "/opensearch.xml": 200,
    "/robots.txt": 200,
    "/sitemap.xml": 200,
    "/sitemap-9.xml": 404,
    "/health/live": 200,
    "/health/ready": 200,
    "/static/site.css": 200,
    "/static/nothing.css": 404,
}


def allowed(path: str) -> set[str]:
    methods = {"GET", "HEAD", "OPTIONS"}
    return methods | {"POST", "QUERY"} if path.partition("?")[0] in {"/sparql", "/sparql/"} else methods


def check(response: TestResponse) -> None:
    """Check what holds for every answer."""
    fields = response.headers
    assert fields.getlist("Access-Control-Allow-Origin") == ["*"]
    assert "Access-Control-Allow-Credentials" not in fields
    assert "Set-Cookie" not in fields
    assert fields.getlist("X-Content-Type-Options") == ["nosniff"]
    assert len(fields.getlist("Cache-Control")) == 1
    assert len(fields.getlist("Vary")) <= 1
    varied = [name.strip().lower() for name in fields.get("Vary", "").split(",") if name.strip()]
    assert len(varied) == len(set(varied))
    exposed = {name.strip() for name in fields["Access-Control-Expose-Headers"].split(",")}
    assert {"ETag", "Link", "Retry-After", "Location", "Repr-Digest"} <= exposed
    assert "Content-Length" in fields or response.status_code in {204, 304}
    if response.status_code >= 400:
        assert "Accept" in fields["Vary"]
        assert response.mimetype in {"application/problem+json", "text/plain", "text/html", "text/turtle"}
    if response.status_code in {204, 304}:
        assert "Content-Type" not in fields
        assert response.get_data() == b""


@pytest.mark.parametrize("path", ROUTES)
@pytest.mark.parametrize("method", METHODS)
def test_every_route_answers_every_method_with_the_common_fields(client: FlaskClient, path: str, method: str) -> None:
    response = client.open(path, method=method)
    check(response)
    if method == "OPTIONS":
        assert response.status_code == 204
        assert set(response.headers["Allow"].split(", ")) == allowed(path)
    elif method in {"GET", "HEAD"}:
        assert response.status_code == ROUTES[path]
    elif method in allowed(path):
        assert response.status_code in {400, 403, 415}
    else:
        assert response.status_code == 405
        assert set(response.headers["Allow"].split(", ")) == allowed(path)


@pytest.mark.parametrize("path", ROUTES)
@pytest.mark.parametrize("accept", [None, "text/turtle", "text/html", "image/png", "text/plain"])
def test_head_has_the_fields_of_get_and_no_content(client: FlaskClient, path: str, accept: str | None) -> None:
    request = {} if accept is None else {"Accept": accept}
    get = client.get(path, headers=request)
    head = client.head(path, headers=request)
    assert head.status_code == get.status_code
    assert head.get_data() == b""
    assert dict(head.headers) == dict(get.headers)
    assert int(get.headers["Content-Length"]) == len(get.get_data())


@pytest.mark.parametrize("path", ROUTES)
def test_a_preflight_is_answered_once_for_all_methods_and_fields(client: FlaskClient, path: str) -> None:
    response = client.options(
        path,
        headers={
            "Origin": "https://app.example",
            "Access-Control-Request-Method": "GET",
            "Access-Control-Request-Headers": "accept, range, if-none-match, content-type",
        },
    )
    check(response)
    assert response.status_code == 204
    assert set(response.headers["Access-Control-Allow-Methods"].split(", ")) == allowed(path)
    fields = {name.strip().lower() for name in response.headers["Access-Control-Allow-Headers"].split(",")}
    assert {"accept", "accept-language", "content-type", "range", "if-none-match"} <= fields
    assert "Access-Control-Max-Age" in response.headers


@pytest.mark.parametrize("origin", ["https://app.example", "null", "http://localhost:3000"])
def test_cors_does_not_depend_on_the_origin(client: FlaskClient, origin: str) -> None:
    response = client.get("/plain.ttl", headers={"Origin": origin})
    check(response)
    assert "Origin" not in response.headers.get("Vary", "")


VARY = [
    ("/", {}, 200, {"Accept", "Accept-Language", "Accept-Encoding"}),
    ("/?lang=de", {}, 200, {"Accept", "Accept-Encoding"}),
    ("/", {"Accept": "text/turtle"}, 303, {"Accept"}),
    ("/", {"Accept": "image/png"}, 406, {"Accept"}),
    ("/plain", {}, 303, {"Accept"}),
    ("/plain", {"Accept": "image/png"}, 406, {"Accept"}),
    ("/plain.ttl", {}, 200, {"Accept-Encoding"}),
    ("/plain.ttl", {"Accept": "text/html"}, 200, {"Accept-Encoding"}),
    ("/plain.html", {}, 200, {"Accept-Language", "Accept-Encoding"}),
    ("/plain.html?lang=de", {}, 200, {"Accept-Encoding"}),
    ("/browse", {}, 200, {"Accept-Language", "Accept-Encoding"}),
    ("/browse?lang=de&format=json", {}, 200, {"Accept-Encoding"}),
    ("/browse/alphabetical", {}, 200, {"Accept-Language", "Accept-Encoding"}),
    ("/graph", {"Accept": "image/png"}, 200, {"Accept-Language", "Accept-Encoding"}),
    ("/browse?page=0", {}, 400, {"Accept"}),
    ("/dataset", {}, 303, {"Accept"}),
    ("/dataset.ttl", {}, 200, {"Accept-Encoding"}),
    ("/dumps/", {}, 200, {"Accept", "Accept-Encoding"}),
    ("/dumps.json", {}, 200, {"Accept-Encoding"}),
    ("/sparql", {}, 200, {"Accept", "Accept-Encoding"}),
    ("/sparql?format=ttl", {}, 200, {"Accept-Encoding"}),
    ("/sparql?query=ASK%7B%7D", {}, 200, {"Accept"}),
    ("/sparql?query=ASK%7B%7D&format=json", {}, 200, set()),
    ("/sparql?query=ASK%7B%7D", {"Accept": "image/png"}, 406, {"Accept"}),
    ("/sparql?query=nonsense", {}, 400, {"Accept"}),
    ("/sparql", {"Accept": "text/html"}, 200, {"Accept", "Accept-Language", "Accept-Encoding"}),
    ("/sparql?lang=de", {"Accept": "text/html"}, 200, {"Accept", "Accept-Encoding"}),
    ("/sparql?query=ASK%7B%7D&format=html", {}, 200, {"Accept-Language", "Accept-Encoding"}),
    ("/sparql?query=ASK%7B%7D", {"Accept": "text/html"}, 200, {"Accept", "Accept-Language", "Accept-Encoding"}),
    ("/sparql?query=nonsense", {"Accept": "text/html"}, 400, {"Accept", "Accept-Language"}),
    ("/dumps.html", {}, 200, {"Accept-Language", "Accept-Encoding"}),
    ("/dataset.html", {}, 200, {"Accept-Language", "Accept-Encoding"}),
    ("/problems/busy", {}, 200, {"Accept-Language", "Accept-Encoding"}),
    ("/nothing.html?lang=de", {"Accept": "text/html"}, 404, {"Accept"}),
    ("/plain/", {}, 308, set()),
    ("/nothing.ttl", {}, 404, {"Accept"}),
]


@pytest.mark.parametrize(("path", "headers", "status", "expected"), VARY)
def test_vary_names_exactly_what_the_answer_depended_on(
    client: FlaskClient, path: str, headers: dict[str, str], status: int, expected: set[str]
) -> None:
    response = client.get(path, headers=headers)
    assert response.status_code == status
    assert {name.strip() for name in response.headers.get("Vary", "").split(",") if name.strip()} == expected


CACHED = [path for path, status in ROUTES.items() if status == 200 and not path.startswith("/health")]


@pytest.mark.parametrize("coding", ["identity", "gzip"])
@pytest.mark.parametrize("path", CACHED)
def test_a_validator_sent_back_gets_304_with_the_fields_a_cache_needs(
    client: FlaskClient, path: str, coding: str
) -> None:
    request = {"Accept-Encoding": coding}
    first = client.get(path, headers=request)
    etag = first.headers["ETag"]
    assert not etag.startswith("W/")
    for condition in (etag, f"W/{etag}", f'"x", {etag}', "*"):
        for method in ("GET", "HEAD"):
            again = client.open(path, method=method, headers={**request, "If-None-Match": condition})
            check(again)
            assert again.status_code == 304, condition
            for name in ("ETag", "Vary", "Cache-Control", "Content-Location", "Link"):
                assert again.headers.get(name) == first.headers.get(name), name
            assert not {"Content-Encoding", "Content-Language"} & set(again.headers.keys()), (
                "metadata of the content go"
            )
    changed = client.get(
        path, headers={**request, "If-None-Match": '"other"', "If-Modified-Since": "Sat, 01 Jan 2050 00:00:00 GMT"}
    )
    assert changed.status_code == 200, "If-None-Match goes before If-Modified-Since"
    assert client.get(path, headers={**request, "If-Match": '"other"'}).status_code == 412


@pytest.mark.parametrize("path", CACHED)
def test_answers_have_a_date_of_change_if_the_release_alone_decides(client: FlaskClient, path: str) -> None:
    response = client.get(path)
    if "query=" in path or path.startswith(("/static", "/problems")):
        assert "Last-Modified" not in response.headers
        return
    date = response.headers["Last-Modified"]
    assert client.get(path, headers={"If-Modified-Since": date}).status_code == 304
    assert client.get(path, headers={"If-Modified-Since": "Sat, 01 Jan 2000 00:00:00 GMT"}).status_code == 200
    assert client.get(path, headers={"If-Unmodified-Since": "Sat, 01 Jan 2000 00:00:00 GMT"}).status_code == 412


def test_no_two_representations_share_an_entity_tag(client: FlaskClient) -> None:
    tags: list[str] = []
    for path in ("/plain", "/odd", "/hash", "/only", "/dataset"):
        for extension in ("ttl", "nt", "rdf", "jsonld", "trig", "nq", "csv", "html?lang=en", "html?lang=de"):
            codings = {
                client.get(f"{path}.{extension}", headers={"Accept-Encoding": coding}).headers.get("ETag")
                for coding in ("identity", "gzip")
            }
            tags += codings - {None}
    assert len(tags) > 50
    assert len(tags) == len(set(tags))


@pytest.mark.parametrize("path", ["/sparql", "/sparql?query=CONSTRUCT%20WHERE%7B%3Fs%20%3Fp%20%3Fo%7D", "/dumps/", "/"])
def test_the_tag_of_one_format_does_not_validate_another(client: FlaskClient, path: str) -> None:
    kinds = (
        ("text/turtle", "application/ld+json", "text/html")
        if path.startswith("/sparql")
        else ("application/json", "text/html")
    )
    for one in kinds:
        etag = client.get(path, headers={"Accept": one}).headers.get("ETag", '"none"')
        for other in kinds:
            answer = client.get(path, headers={"Accept": other, "If-None-Match": etag})
            assert answer.status_code in ({304} if one == other and etag != '"none"' else {200, 303, 406})


def test_the_tag_of_a_format_sent_to_the_document_of_another_gets_the_document(client: FlaskClient) -> None:
    turtle = client.get("/plain.ttl").headers["ETag"]
    assert client.get("/plain.jsonld", headers={"If-None-Match": turtle}).status_code == 200


@pytest.mark.parametrize("path", ["/plain.html", "/dataset.ttl", "/sparql", "/dumps.json"])
def test_text_is_compressed_when_asked_for(client: FlaskClient, path: str) -> None:
    import gzip

    plain = client.get(path, headers={"Accept-Encoding": "identity"})
    packed = client.get(path, headers={"Accept-Encoding": "gzip"})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert "Content-Encoding" not in plain.headers
    assert gzip.decompress(packed.get_data()) == plain.get_data()
    assert packed.headers["ETag"] != plain.headers["ETag"]
    assert client.get(path, headers={"Accept-Encoding": "gzip;q=0"}).headers.get("Content-Encoding") is None


def statuses(client: FlaskClient) -> dict[int, list[TestResponse]]:
    """Return answers of every status that there is."""
    dump = client.get("/dumps.json").get_json()["dumps"][0]["url"].removeprefix("http://localhost")
    etag = client.get("/plain.ttl").headers["ETag"]
    query = "application/sparql-query"
    slow = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l . ?m ?n2 ?o }"
    return {
        200: [client.get(dump), client.post("/sparql", data="ASK {}", content_type=query)],
        204: [client.options("/plain"), client.options("/nothing")],
        206: [client.get(dump, headers={"Range": span}) for span in ("bytes=0-9", "bytes=0-1,4-5")],
        302: [client.get("/dumps/latest"), client.get("/.well-known/void")],
        303: [client.get("/plain"), client.get("/dataset"), client.get("/", headers={"Accept": "text/turtle"})],
        304: [
            client.get("/plain.ttl", headers={"If-None-Match": etag}),
            client.get(dump, headers={"If-None-Match": "*"}),
        ],
        308: [client.get("/plain/")],
        400: [client.get("/sparql?query=x"), client.get("/resource"), client.get("/plain.html?lang=%FF")],
        403: [client.post("/sparql", data="CLEAR ALL", content_type="application/sparql-update")],
        404: [client.get("/nothing"), client.get("/dumps/x"), client.get("/plain.ttl/x"), client.get("/problems/x")],
        405: [client.put("/plain"), client.delete("/sparql"), client.post(dump)],
        406: [client.get(path, headers={"Accept": "image/png"}) for path in ("/plain", "/sparql", "/dumps/", "/")],
        412: [client.get(path, headers={"If-Match": '"x"'}) for path in ("/plain.ttl", dump, "/sparql")],
        413: [client.post("/sparql", data="x" * 1_100_000, content_type=query)],
        415: [client.post("/sparql", data="ASK {}", content_type="text/plain")],
        416: [client.get(dump, headers={"Range": "bytes=999999999-"})],
        503: [client.get("/sparql", query_string={"query": slow, "timeout": "0.2"})],
    }


def test_every_status_has_the_common_fields(client: FlaskClient) -> None:
    for status, responses in statuses(client).items():
        for response in responses:
            assert response.status_code == status, response.request.path
            check(response)
            if status in {405, 204}:
                assert "GET" in response.headers["Allow"]
            if status in {302, 303, 308}:
                assert response.headers["Location"].startswith("http://localhost/")
            if status == 503:
                assert response.headers["Retry-After"].isdecimal()
            if status in {406, 303} and response.request.path in {"/plain", "/dataset"}:
                assert 'rel="alternate"' in response.headers["Link"]


def test_the_endpoint_says_what_it_takes(client: FlaskClient) -> None:
    response = client.options("/sparql")
    for name in ("Accept-Post", "Accept-Query"):
        assert response.headers[name] == "application/sparql-query, application/x-www-form-urlencoded"


def test_an_error_in_a_view_is_a_problem_that_tells_nothing(app, monkeypatch: pytest.MonkeyPatch) -> None:  # type: ignore[no-untyped-def]
    from officegraph.web.views import dataset

    def fail(*_: object) -> None:
        raise RuntimeError("a secret of the server")

    monkeypatch.setattr(dataset, "dataset_description", fail)
    for accept in ("application/json", "text/html", "text/plain", "image/png"):
        response = app.test_client().get("/dataset.ttl", headers={"Accept": accept})
        check(response)
        assert response.status_code == 500
        assert "secret" not in response.get_data(as_text=True)
        assert "Traceback" not in response.get_data(as_text=True)
        assert response.headers["Cache-Control"] == "no-store"
