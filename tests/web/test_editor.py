"""``/sparql/…``: prefixes, terms and checks for the editor, and the bundle that it comes in."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from officegraph.engine.interface import EngineBusyError, QueryTimeoutError
from officegraph.settings import Settings
from officegraph.web.metrics import route_of
from officegraph.web.pages import environment
from officegraph.web.query_check import check_query
from officegraph.web.views import static

SKOS = "http://www.w3.org/2004/02/skos/core#"


def test_prefixes_are_those_of_the_release_and_the_well_known(client: FlaskClient) -> None:
    response = client.get("/sparql/prefixes")
    assert response.mimetype == "application/json"
    prefixes = json.loads(response.get_data())["prefixes"]
    assert prefixes["skos"] == SKOS
    assert "owl" in prefixes


@pytest.mark.parametrize(
    ("parameters", "first"),
    [
        ("kind=class&q=Conc", "skos:Concept"),
        ("kind=class&q=skos:ConceptS", "skos:ConceptScheme"),
        ("kind=property&q=pref", "skos:prefLabel"),
        ("kind=property&q=skos%3Aalt", "skos:altLabel"),
        ("kind=concept&q=schlicht", ":plain"),
        ("kind=concept&q=odd+thi", None),
        ("q=prefL", "skos:prefLabel"),
        ("kind=any&q=plain", ":plain"),
        ("kind=concept&q=without+a+ho", "urn:isbn:9780262"),
    ],
)
def test_terms_are_offered_by_name_and_by_label(client: FlaskClient, parameters: str, first: str | None) -> None:
    response = client.get(f"/sparql/terms?{parameters}")
    assert response.status_code == 200
    assert "Accept-Language" in response.headers["Vary"]
    terms = json.loads(response.get_data())["terms"]
    assert len({term["iri"] for term in terms}) == len(terms)
    if first is not None:
        assert (terms[0]["name"] or terms[0]["iri"]) in {first, f"voc{first}", "https://example.org/voc/plain"}


@pytest.mark.parametrize(
    "parameters",
    ["kind=class&q=nothing-like-it", "kind=concept&q=%00", "q=%22%5C%27%29", "kind=concept&q=", "kind=concept&q=:"],
)
def test_odd_text_finds_nothing_and_does_no_harm(client: FlaskClient, parameters: str) -> None:
    response = client.get(f"/sparql/terms?{parameters}")
    assert response.status_code == 200
    assert json.loads(response.get_data()) == {"terms": []}


@pytest.mark.parametrize("parameters", ["kind=nothing", "q=%FF"])
def test_a_wrong_request_for_terms_is_a_problem(client: FlaskClient, parameters: str) -> None:
    assert client.get(f"/sparql/terms?{parameters}").status_code == 400


def test_terms_are_kept_by_their_validator(client: FlaskClient) -> None:
    response = client.get("/sparql/terms?q=con")
    again = client.get("/sparql/terms?q=con", headers={"If-None-Match": response.headers["ETag"]})
    assert again.status_code == 304


CHECKS = [
    ("ASK {}", True, None, None, ""),
    ("SELECT * { ?s ?p ?o }", True, None, None, ""),
    ("CONSTRUCT WHERE { ?s ?p ?o }", True, None, None, ""),
    ("DESCRIBE <x>", True, None, None, ""),
    ("SELECT * FROM <http://e/g> { GRAPH ?g { ?s ?p ?o } }", True, None, None, ""),
    ("SELECT * {\n  ?s ?p }", False, 2, 10, "not valid"),
    ("ASK { ?s nope:p ?o }", False, 1, 10, "'nope:' is not declared"),
    ("", False, 1, 1, "no query form"),
    ("\u00e4", False, 1, 1, "Unexpected"),
    ("ASK { \U0001f600 }", False, 1, 7, "Unexpected"),
    ("CLEAR ALL", False, None, None, "read only"),
    ("ASK { SERVICE <http://127.0.0.1:9/> {} }", False, None, None, "SERVICE"),
    ("ASK {" + "(" * 60, False, None, None, "deep"),
]


@pytest.mark.parametrize(("query", "valid", "line", "column", "words"), CHECKS)
def test_a_check_says_what_is_wrong_and_where(
    client: FlaskClient, query: str, valid: bool, line: int | None, column: int | None, words: str
) -> None:
    response = client.post("/sparql/check", data=query.encode(), content_type="application/sparql-query")
    assert response.status_code == 200
    assert response.headers["Cache-Control"] == "no-store"
    said = json.loads(response.get_data())
    assert said["valid"] is valid
    for error in said["errors"]:
        assert (error["line"], error["column"]) == (line, column)
        assert words in error["message"]
    assert len(said["errors"]) == (not valid)


def test_a_check_evaluates_nothing_over_the_data(client: FlaskClient) -> None:
    slow = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l . ?m ?n2 ?o }"
    assert json.loads(client.post("/sparql/check", data=slow).get_data()) == {"valid": True, "errors": []}


@pytest.mark.parametrize(("content", "status"), [(b"ASK { '\xff' }", 400), (b"x" * 1_100_000, 413)])
def test_what_is_no_text_or_too_long_is_a_problem(client: FlaskClient, content: bytes, status: int) -> None:
    assert client.post("/sparql/check", data=content).status_code == status


class Failing:
    """An engine that has no place or time."""

    admission: Any = None

    def __init__(self, error: Exception) -> None:
        self.error = error

    def evaluate(self, _query: object) -> Any:
        raise self.error

    def ready(self) -> bool:
        return False

    def close(self) -> None:
        pass


@pytest.mark.parametrize("error", [EngineBusyError(1), QueryTimeoutError(1)])
def test_without_place_or_time_nothing_is_said_to_be_wrong(error: Exception) -> None:
    assert check_query("ASK {}", Failing(error), Settings(), "http://e/").as_json() == {"valid": None, "errors": []}


def test_a_remote_engine_is_not_sent_what_is_being_typed() -> None:
    engine = Failing(AssertionError("it was asked"))
    assert check_query("ASK {}", engine, Settings(engine="http://127.0.0.1:9/"), "http://e/").valid is True


@pytest.mark.parametrize(
    ("path", "route"),
    [
        ("/sparql", "sparql"),
        ("/sparql/", "sparql"),
        ("/sparql/check", "sparql"),
        ("/sparql/terms", "page"),
        ("/sparql/prefixes", "page"),
    ],
)
def test_what_evaluates_queries_counts_as_that(path: str, route: str) -> None:
    assert route_of(path) == route


# The bundle


@pytest.mark.parametrize("there", [True, False])
def test_the_page_asks_for_the_editor_only_where_it_was_bundled(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch, there: bool
) -> None:
    address = "/static/sparql-editor.js?v=0123456789ab"

    def address_of(name: str, *folder: str) -> str:
        if folder and not there:
            raise FileNotFoundError
        return address if folder else f"/static/{name}"

    monkeypatch.setattr(environment, "_address_of", address_of)
    environment.bundled.cache_clear()
    page = client.get(f"/sparql?format=html&{there}").get_data(as_text=True)
    environment.bundled.cache_clear()
    assert (f'<script type="module" src="{address}"></script>' in page) is there
    assert (" data-editor" in page) is there
    assert '<textarea id="query" name="query"' in page


def test_files_of_the_bundle_are_static_files(app: Flask, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    folder = tmp_path / "static" / "dist"
    folder.mkdir(parents=True)
    (folder / "sparql-editor.js").write_text("editor()", "utf-8")
    (folder / "THIRD-PARTY-LICENSES.txt").write_text("MIT", "utf-8")
    (tmp_path / "static" / "site.css").write_text("a {}", "utf-8")
    monkeypatch.setattr(static, "files", lambda _package: tmp_path)
    static.static_content.cache_clear()
    try:
        client = app.test_client()
        assert client.get("/static/sparql-editor.js").mimetype == "text/javascript"
        assert client.get("/static/THIRD-PARTY-LICENSES.txt").get_data() == b"MIT"
        assert client.get("/static/site.css").status_code == 200
        assert client.get("/static/dist").status_code == 404
    finally:
        static.static_content.cache_clear()
