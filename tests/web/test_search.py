"""``/search``, ``/suggest`` and ``/opensearch.xml``: forms, fields, errors, and that no text breaks them."""

from __future__ import annotations

import csv
import io
import json
from urllib.parse import quote
from xml.etree import ElementTree as ET

import html5lib
import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given, settings
from hypothesis import strategies as st

XHTML = "{http://www.w3.org/1999/xhtml}"
APPLICATION: list[Flask] = []


@pytest.fixture(autouse=True)
def application(app: Flask) -> None:
    """Make the application known to the tests, which Hypothesis runs many times each."""
    APPLICATION[:] = [app]


FORMS = [
    ("/search?q=odd", None, "text/html; charset=utf-8", {"Accept", "Accept-Language", "Accept-Encoding"}),
    ("/search?q=odd", "*/*", "text/html; charset=utf-8", {"Accept", "Accept-Language", "Accept-Encoding"}),
    ("/search?q=odd", "application/json", "application/json", {"Accept", "Accept-Language", "Accept-Encoding"}),
    ("/search?q=odd", "text/csv", "text/csv; charset=utf-8", {"Accept", "Accept-Language", "Accept-Encoding"}),
    ("/search?q=odd&lang=de", "text/csv", "text/csv; charset=utf-8", {"Accept", "Accept-Encoding"}),
    ("/search?q=odd&format=json", "text/html", "application/json", {"Accept-Language", "Accept-Encoding"}),
    ("/search?q=odd&format=csv&lang=en", None, "text/csv; charset=utf-8", {"Accept-Encoding"}),
    ("/search.json?q=odd", "text/html", "application/json", {"Accept-Language", "Accept-Encoding"}),
    ("/search.csv?q=odd", "image/png", "text/csv; charset=utf-8", {"Accept-Language", "Accept-Encoding"}),
    ("/search.html?q=odd&lang=de", "image/png", "text/html; charset=utf-8", {"Accept-Encoding"}),
    ("/search", None, "text/html; charset=utf-8", {"Accept", "Accept-Language", "Accept-Encoding"}),
    ("/suggest?q=pl", None, "application/json", {"Accept", "Accept-Language"}),
    ("/suggest?q=pl&lang=en", "text/html, */*;q=0.1", "application/json", {"Accept"}),
    ("/suggest?q=pl&format=opensearch&lang=en", None, "application/x-suggestions+json", set()),
    ("/opensearch.xml", None, "application/opensearchdescription+xml", set()),
]


@pytest.mark.parametrize(("path", "accept", "content_type", "vary"), FORMS)
def test_the_form_is_the_one_asked_for(
    client: FlaskClient, path: str, accept: str | None, content_type: str, vary: set[str]
) -> None:
    fields = {} if accept is None else {"Accept": accept}
    answer = client.get(path, headers=fields)
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == content_type
    assert {name for name in answer.headers.get("Vary", "").split(", ") if name} == vary
    assert answer.headers["Cache-Control"].startswith("public, max-age=")
    assert client.head(path, headers=fields).headers == answer.headers
    again = client.get(path, headers={**fields, "If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304
    assert again.headers.get("Vary") == answer.headers.get("Vary")


def test_no_two_forms_or_languages_or_questions_share_an_entity_tag(client: FlaskClient) -> None:
    tags = [
        client.get(f"/search.{ending}?q={text}&lang={language}", headers={"Accept-Encoding": coding}).headers["ETag"]
        for ending in ("html", "json", "csv")
        for text in ("odd", "plain", "plain&page=1&limit=5", "plain&kind=concept")
        for language in ("en", "de")
        for coding in ("identity", "gzip")
    ]
    assert len(tags) == len(set(tags))


ERRORS = [
    ("/search?q=odd", "image/png", 406),
    ("/suggest?q=odd", "image/png", 406),
    ("/search.ttl?q=odd", None, 404),
    ("/search?q=%FF", None, 400),
    ("/suggest?q=%FF", None, 400),
    ("/search?q=odd&page=0", None, 400),
    ("/search?q=odd&page=x", None, 400),
    ("/search?q=odd&limit=101", None, 400),
    ("/search?q=odd&page=9999", None, 404),
    ("/search?q=zzzz&page=2", None, 404),
]


@pytest.mark.parametrize(("path", "accept", "status"), ERRORS)
def test_errors_are_problem_documents(client: FlaskClient, path: str, accept: str | None, status: int) -> None:
    answer = client.get(path, headers={"Accept": accept or "application/json"})
    assert answer.status_code == status
    assert answer.mimetype == "application/problem+json"
    assert json.loads(answer.data)["status"] == status


def test_pages_of_a_list_link_to_each_other_and_to_its_other_forms(client: FlaskClient) -> None:
    answer = client.get("/search.json?q=a&limit=3&page=2")
    fields = answer.headers["Link"]
    assert '<http://localhost/search.json?q=a&limit=3>; rel="prev"' in fields
    assert '<http://localhost/search.json?q=a&page=3&limit=3>; rel="next"' in fields
    assert '<http://localhost/search.csv?q=a&page=2&limit=3>; rel="alternate"; type="text/csv"' in fields
    first, second = (client.get(f"/search.json?q=a&limit=3&page={page}").get_json() for page in (1, 2))
    assert first["total"] == second["total"] > 6
    assert not {hit["iri"] for hit in first["results"]} & {hit["iri"] for hit in second["results"]}


def test_json_csv_and_page_list_the_same(client: FlaskClient) -> None:
    listed = [hit["iri"] for hit in client.get("/search.json?q=a&limit=7").get_json()["results"]]
    rows = csv.DictReader(io.StringIO(client.get("/search.csv?q=a&limit=7").get_data(as_text=True), newline=""))
    assert [row["iri"] for row in rows] == listed
    tree = html5lib.HTMLParser(strict=True).parse(client.get("/search?q=a&limit=7").get_data(as_text=True))
    hits = next(e for e in tree.iter(f"{XHTML}ol") if e.get("class") == "hits")
    assert len(list(hits)) == len(listed) == 7


def test_the_address_of_a_hit_leads_to_it(client: FlaskClient) -> None:
    for hit in client.get("/search.json?q=with&limit=50").get_json()["results"]:
        assert client.get(hit["url"].removeprefix("http://localhost")).status_code == 303


def test_result_pages_are_not_for_search_engines_and_the_empty_page_is(client: FlaskClient) -> None:
    for path in ("/search?q=odd", "/search.json?q=odd", "/search?kind=concept", "/suggest?q=o"):
        assert client.get(path).headers["X-Robots-Tag"] == "noindex, follow"
    assert 'name="robots"' in client.get("/search?q=odd").get_data(as_text=True)
    assert "X-Robots-Tag" not in client.get("/search").headers


def test_crawlers_are_kept_from_lists_without_end(client: FlaskClient) -> None:
    lines = client.get("/robots.txt").get_data(as_text=True).splitlines()
    assert {"Disallow: /search?", "Disallow: /suggest?"} <= set(lines)
    assert "Disallow: /search" not in lines


def test_the_canonical_address_leaves_out_what_says_nothing(client: FlaskClient) -> None:
    html = client.get("/search?page=1&x=1&q=+plain+&limit=20").get_data(as_text=True)
    assert '<link rel="canonical" href="http://localhost/search?q=plain">' in html


def test_an_iri_leads_to_its_resource(client: FlaskClient) -> None:
    path = f"/search?q={quote('https://example.org/voc/plain', safe='')}"
    answer = client.get(path, headers={"Accept": "text/html"})
    assert (answer.status_code, answer.headers["Location"]) == (303, "http://localhost/plain")
    assert answer.headers["Vary"] == "Accept"
    assert client.get(path, headers={"Accept": "application/json"}).status_code == 200


def test_filters_alone_list_all_that_they_let_through(client: FlaskClient) -> None:
    listed = client.get("/search.json?kind=concept&limit=100").get_json()
    assert listed["total"] == len(listed["results"]) > 20
    assert {hit["kind"] for hit in listed["results"]} == {"concept"}


def test_a_facet_is_counted_as_if_it_did_not_limit(client: FlaskClient) -> None:
    html = client.get("/search?q=odd&kind=scheme").get_data(as_text=True)
    tree = html5lib.HTMLParser(strict=True).parse(html)
    boxes = {e.get("value"): "checked" in e.attrib for e in tree.iter(f"{XHTML}input") if e.get("name") == "kind"}
    assert boxes["scheme"]
    assert not boxes["concept"]


def test_nothing_found_says_what_to_try(client: FlaskClient) -> None:
    html = client.get("/search?q=zzzzzzzz&kind=concept").get_data(as_text=True)
    assert "Nothing matches" in html
    assert 'href="/sparql?query=PREFIX' in html
    assert "Search without the filters" not in html
    assert "Search without the filters: 1 result<" in client.get("/search?q=schlicht&kind=scheme").get_data(
        as_text=True
    )
    assert "Did you mean" in client.get("/search?q=fragmant").get_data(as_text=True)


def test_suggestions_say_what_matches_and_where_it_leads(client: FlaskClient) -> None:
    (first, *_) = client.get("/suggest?q=schl&lang=en").get_json()
    assert first["iri"] == "https://example.org/voc/plain"
    assert (first["label"], first["matched"], first["language"], first["kind"]) == (
        "plain",
        "schlicht",
        "de",
        "concept",
    )
    assert first["spans"] == [[0, 4]]
    assert first["url"] == "http://localhost/plain"
    assert first["office"] == []
    assert len(client.get("/suggest?q=w&limit=3").get_json()) == 3
    assert client.get("/suggest?q=").get_json() == []
    assert client.get("/suggest").get_json() == []


def test_suggestions_for_browsers_are_four_lists(client: FlaskClient) -> None:
    text, labels, notes, urls = json.loads(client.get("/suggest?q=schl&lang=en&format=opensearch").data)
    assert (text, labels[0], notes[0], urls[0]) == ("schl", "plain", "schlicht", "http://localhost/plain")


def test_the_description_names_addresses_that_answer(client: FlaskClient) -> None:
    space = "{http://a9.com/-/spec/opensearch/1.1/}"
    root = ET.fromstring(client.get("/opensearch.xml").data)
    assert len(root.findtext(f"{space}ShortName") or "") <= 16
    for url in root.iter(f"{space}Url"):
        path = url.attrib["template"].replace("{searchTerms}", "odd").replace("{startPage?}", "")
        answer = client.get(path.removeprefix("http://localhost"))
        assert (answer.status_code, answer.mimetype) == (200, url.attrib["type"])


def test_every_page_has_the_box_and_says_where_its_description_is(client: FlaskClient) -> None:
    for path in ("/", "/search", "/plain.html", "/dumps.html", "/sparql?format=html", "/problems/not-found"):
        tree = html5lib.HTMLParser(strict=True).parse(
            client.get(path, headers={"Accept": "text/html"}).get_data(as_text=True)
        )
        boxes = [e for e in tree.iter(f"{XHTML}form") if e.get("role") == "search"]
        assert [e.get("action") for e in boxes] == ["/search"], path
        (field,) = list(boxes[0].iter(f"{XHTML}input"))
        assert (field.get("name"), field.get("type")) == ("q", "text")
        assert any(e.get("rel") == "search" for e in tree.iter(f"{XHTML}link"))


def test_the_home_page_links_to_schemes_tops_and_letters(client: FlaskClient) -> None:
    html = client.get("/", headers={"Accept": "text/html"}).get_data(as_text=True)
    tree = html5lib.HTMLParser(strict=True).parse(html)
    links = {e.get("href"): "".join(e.itertext()) for e in tree.iter(f"{XHTML}a")}
    assert links["/plain"] == "plain"
    assert links["/browse/alphabetical?letter=P"] == "P"
    assert "/browse/alphabetical?letter=Z" not in links


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=300), st.sampled_from(["en", "de"]))
def test_any_text_is_answered_in_every_form(text: str, language: str) -> None:
    client = APPLICATION[0].test_client()
    asked = quote(text, safe="", errors="replace")
    answer = client.get(f"/search.html?q={asked}&lang={language}")
    assert answer.status_code in {200, 303}
    if answer.status_code == 200:
        html5lib.HTMLParser(strict=True).parse(answer.get_data(as_text=True))
    listed = client.get(f"/search.json?q={asked}&lang={language}").get_json()
    assert len(listed["results"]) <= listed["total"]
    assert isinstance(client.get(f"/suggest?q={asked}&lang={language}").get_json(), list)


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["q", "kind", "scheme", "office", "segment", "language", "page", "limit"]),
            st.text(max_size=12),
        ),
        max_size=6,
    )
)
def test_no_parameters_make_it_fail(pairs: list[tuple[str, str]]) -> None:
    query = "&".join(f"{name}={quote(value, safe='', errors='replace')}" for name, value in pairs)
    answer = APPLICATION[0].test_client().get(f"/search?{query}", headers={"Accept": "text/html"})
    assert answer.status_code in {200, 303, 400, 404}
    html5lib.HTMLParser(strict=True).parse(answer.get_data(as_text=True)) if answer.status_code != 303 else None
