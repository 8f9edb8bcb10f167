"""The pages that are not about a resource: home, queries and results, downloads, problems."""

import json

import html5lib
import pytest
from pyoxigraph import Literal

from officegraph.http.problem import PROBLEM_TYPES, make_problem
from officegraph.model.namespaces import XSD
from officegraph.web.pages import (
    DumpFile,
    HomeContent,
    QueryForm,
    SchemeSummary,
    Site,
    render_dumps,
    render_form,
    render_home,
)
from officegraph.web.pages.dumps import read_listing
from officegraph.web.pages.environment import as_json, asset, bytes_in_words
from officegraph.web.pages.examples import GENERAL_EXAMPLES, read_examples
from officegraph.web.pages.problems import render_problem, render_problem_type
from officegraph.web.pages.results import ROWS_SHOWN, TEXT_SHOWN, graph_results, read_results
from officegraph.web.pages.sparql import query_error, render_result

BASE = "https://example.org/v/"
HTML_NAMESPACE = "{http://www.w3.org/1999/xhtml}"
SITE = Site(
    name="Words",
    base=BASE,
    path_of=lambda iri: "/" + iri[len(BASE) :] if iri.startswith(BASE) else None,
    document_path=lambda iri, ending: f"/{iri[len(BASE) :]}.{ending}",
    prefixes={"v": BASE},
    endpoint="https://example.net/sparql",
)


def tree_of(html):
    return html5lib.HTMLParser(strict=True).parse(html)


def elements(html, name):
    """Return the elements of a name, but those of the search box that every page has in its head."""
    tree = tree_of(html)
    boxes = [box for box in tree.iter(HTML_NAMESPACE + "form") if box.get("role") == "search"]
    known = {element for box in boxes for element in box.iter()}
    return [element for element in tree.iter(HTML_NAMESPACE + name) if element not in known]


def text_of(html):
    return " ".join(" ".join(tree_of(html).itertext()).split())


def results(variables, *rows):
    return json.dumps({"head": {"vars": variables}, "results": {"bindings": list(rows)}}).encode()


def test_the_form_works_without_script_and_starts_with_an_example():
    html = render_form(SITE)
    form = elements(html, "form")[0]
    assert (form.get("action"), form.get("method")) == ("/sparql", "get")
    assert elements(html, "textarea")[0].text == GENERAL_EXAMPLES[0].query
    assert elements(html, "label")[0].get("for") == elements(html, "textarea")[0].get("id")


@pytest.mark.parametrize("query", ["\n\nSELECT", "</textarea><script>", "ASK {} # ü", "SELECT\t*"])
def test_the_query_comes_back_as_it_was(query):
    assert elements(render_form(SITE, QueryForm(query)), "textarea")[0].text == query


def test_graphs_of_the_request_stay_in_the_form():
    html = render_form(SITE, QueryForm("ASK {}", ("http://g/1",), ("http://g/2",)))
    hidden = {(e.get("name"), e.get("value")) for e in elements(html, "input")}
    assert hidden == {("default-graph-uri", "http://g/1"), ("named-graph-uri", "http://g/2")}


def test_results_are_a_table_with_links_languages_and_datatypes():
    body = results(
        ["c", "l", "n", "none"],
        {
            "c": {"type": "uri", "value": f"{BASE}x"},
            "l": {"type": "literal", "value": "مرحبا", "xml:lang": "ar"},
            "n": {"type": "literal", "value": "P1D", "datatype": XSD.duration.value},
        },
    )
    html = render_result(SITE, QueryForm("SELECT * {}"), "SELECT", body, seconds=0.0123)
    assert "v:x" in [a.text for a in elements(html, "a") if a.get("href") == "/x"]
    assert '<span class="literal" lang="ar" dir="rtl">مرحبا</span>' in html
    assert '<span class="tag">xsd:duration</span>' in html
    assert "1 row in 12 ms" in text_of(html)


def test_results_link_to_every_format():
    html = render_result(SITE, QueryForm("SELECT * { ?s ?p 'ü&' }"), "SELECT", results(["s"]))
    links = [a.get("href") for a in elements(html, "a") if "format=" in (a.get("href") or "")]
    assert [link.rpartition("=")[2] for link in links] == ["json", "xml", "csv", "tsv"]
    assert all("query=SELECT+%2A+%7B+%3Fs+%3Fp+%27%C3%BC%26%27+%7D" in link for link in links)


def test_triple_terms_and_base_directions_of_sparql_12_are_understood():
    triple = {
        "subject": {"type": "uri", "value": f"{BASE}s"},
        "predicate": {"type": "uri", "value": f"{BASE}p"},
        "object": {"type": "literal", "value": "o", "xml:lang": "en", "its:dir": "rtl"},
    }
    (row,) = read_results(SITE, results(["t"], {"t": {"type": "triple", "value": triple}})).rows
    assert (row[0].kind, row[0].object.direction) == ("quoted", "rtl")


def test_a_long_result_is_cut_on_the_page_and_says_so():
    rows = [{"n": {"type": "literal", "value": str(n)}} for n in range(ROWS_SHOWN + 5)]
    found = read_results(SITE, results(["n"], *rows))
    assert (len(found.rows), found.total, found.cut) == (ROWS_SHOWN, ROWS_SHOWN + 5, True)


@pytest.mark.parametrize(("answer", "word"), [(True, "Yes"), (False, "No")])
def test_ask_is_answered_in_words(answer, word):
    body = json.dumps({"head": {}, "boolean": answer}).encode()
    html = render_result(SITE, QueryForm("ASK {}"), "ASK", body)
    assert f"<strong>{word}</strong>" in html


def test_a_graph_is_shown_as_text():
    html = render_result(SITE, QueryForm("CONSTRUCT"), "CONSTRUCT", b"<http://e/a> <http://e/b> '</code>' .\n")
    assert "<http://e/a> <http://e/b> '</code>' ." in text_of(html)
    assert graph_results("x" * (TEXT_SHOWN + 1)).cut


def test_hostile_results_stay_text():
    nasty = "</td><script>alert(1)</script>"
    body = results([nasty], {nasty: {"type": "literal", "value": nasty}})
    scripts = elements(render_result(SITE, QueryForm(nasty), "SELECT", body), "script")
    assert scripts
    assert all(script.get("src", "").startswith("/static/") and not script.text for script in scripts)


def test_an_error_marks_line_and_column():
    error = query_error("Not valid", "expected }", "SELECT *\nWHERE { ?s ? }\n", 2, 12)
    html = render_form(SITE, QueryForm("SELECT *\nWHERE { ?s ? }\n"), error=error)
    assert [e.text for e in elements(html, "mark")] == ["?"]
    assert "at line 2, column 12" in text_of(html)
    assert elements(html, "textarea")[0].get("aria-describedby") == "query-error"


@pytest.mark.parametrize(("line", "column"), [(1, 1), (3, 1), (99, 5), (1, 999), (None, None)])
def test_a_place_outside_the_query_does_no_harm(line, column):
    tree_of(render_form(SITE, QueryForm("ASK"), error=query_error("t", "d", "ASK", line, column)))


def test_a_syntax_problem_shows_the_query_again():
    problem = make_problem("query-syntax", "expected }", line=1, column=3, query="ASK { <script>")
    html = render_problem(problem, SITE)
    assert elements(html, "textarea")[0].text == "ASK { <script>"
    assert len(elements(html, "mark")) == 1


@pytest.mark.parametrize("name", sorted(PROBLEM_TYPES))
def test_every_kind_of_problem_has_a_page(name):
    kind = PROBLEM_TYPES[name]
    assert f"{kind.status} {kind.title}" in text_of(render_problem(make_problem(name, "Detail <b>"), SITE))
    assert kind.description in text_of(render_problem_type(name, SITE))


def test_a_problem_can_be_shown_without_a_release():
    assert "Not found" in text_of(render_problem(make_problem("not-found")))


def test_what_there_is_instead_is_listed():
    html = render_problem(make_problem("not-acceptable", offers=["text/turtle"]), SITE)
    assert "text/turtle" in [e.text for e in elements(html, "code")]


def test_a_404_offers_other_places():
    html = render_problem(make_problem("not-found"), SITE, suggestions=[("near", "/near")])
    assert "/near" in [a.get("href") for a in elements(html, "a")]
    assert [form.get("action") for form in elements(html, "form")] == ["/resource"]


def test_home_lists_schemes_with_their_top_concepts():
    labels = {"scheme": "Work", "top": "trading"}
    site = Site(
        name="Words",
        base=BASE,
        path_of=SITE.path_of,
        document_path=SITE.document_path,
        labels=lambda iri: [Literal(labels[iri[len(BASE) :]], language="en")] if iri[len(BASE) :] in labels else [],
        children=lambda iri: [f"{BASE}top"] if iri.endswith("scheme") else [],
    )
    content = HomeContent(
        title=[Literal("Title", language="en"), Literal("Titel", language="de")],
        schemes=[SchemeSummary(f"{BASE}scheme", 1)],
        figures=[("triples", 12345)],
    )
    html = render_home(site, ("en",), content)
    text = text_of(html)
    assert "Work 1 concept trading" in text
    assert "12,345" in text
    assert [e.text for e in elements(html, "h1")] == ["Title"]


def test_home_of_an_empty_vocabulary_is_valid():
    tree_of(render_home(SITE, ("en",), HomeContent()))


def test_dumps_show_size_and_digest():
    row = {
        "name": "words-1.ttl.gz", "url": "/dumps/words-1.ttl.gz", "mediaType": "text/turtle", "contentEncoding": "gzip",
        "scheme": None, "statements": 3, "bytes": 1536, "sha256": "ab" * 32,
    }  # fmt: skip
    files = [read_listing(row, "Turtle")]
    assert files == [
        DumpFile(
            name="words-1.ttl.gz", href="/dumps/words-1.ttl.gz", format="Turtle", media_type="text/turtle",
            size=1536, sha256="ab" * 32, compression="gzip",
        )
    ]  # fmt: skip
    text = text_of(render_dumps(SITE, files, checksums="/dumps/SHA256SUMS", index="/dumps.json", triples=3))
    assert "Turtle, gzip 1.5 kB" in text
    assert "ab" * 32 in text


def test_examples_are_read_with_their_header(tmp_path):
    (tmp_path / "b.rq").write_text("# title: Second\n# description: What.\n\nASK { } # stays\n", "utf-8")
    (tmp_path / "a-first.rq").write_text("SELECT * { ?s ?p ?o }", "utf-8")
    first, second = read_examples(tmp_path)
    assert (first.title, first.query) == ("a first", "SELECT * { ?s ?p ?o }")
    assert (second.title, second.description, second.query) == ("Second", "What.", "ASK { } # stays")


@pytest.mark.parametrize("value", ["</script>", "<!--", "&", "\u2028", {"a": ["<"]}])
def test_json_in_a_page_cannot_end_its_element(value):
    text = str(as_json(value))
    assert not set(text) & set("<>&\u2028\u2029")
    assert json.loads(text) == value


@pytest.mark.parametrize(
    ("size", "words"), [(0, "0 bytes"), (999, "999 bytes"), (1000, "1.0 kB"), (2_500_000, "2.5 MB")]
)
def test_sizes_are_told_in_words(size, words):
    assert bytes_in_words(size) == words


@pytest.mark.parametrize("name", ["site.css", "site.js", "icons.svg", "icon.svg"])
def test_static_files_are_addressed_by_their_content(name):
    path, _, version = asset(name).partition("?v=")
    assert path == f"/static/{name}"
    assert len(version) == 12
