"""The answer to a query as a page shows it, and what leads on from it."""

from __future__ import annotations

import json
import subprocess
from typing import Any
from urllib.parse import parse_qs

import html5lib
import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Literal

from officegraph.engine.scan import scan
from officegraph.model.namespaces import SKOS, XSD
from officegraph.settings import Settings
from officegraph.web.pages.examples import Example, Profile, by_topic, vocabulary_examples
from officegraph.web.pages.highlight import highlight
from officegraph.web.pages.programs import curl, python
from officegraph.web.pages.results import (
    BARS_SHOWN,
    CHARACTERS_SHOWN,
    TEXT_SHOWN,
    VALUE_SHOWN,
    graph_results,
    read_results,
    with_raw,
)
from officegraph.web.pages.site import Site
from officegraph.web.pages.sparql import QueryForm, common_prefixes, query_error, render_form, render_result
from officegraph.web.pages.terms import Link, Text

BASE = "https://example.org/v/"
HTML = "{http://www.w3.org/1999/xhtml}"
LABELS = {f"{BASE}x": [Literal("eggs", language="en"), Literal("Eier", language="de")]}
SITE = Site(
    name="Words",
    base=BASE,
    path_of=lambda iri: "/" + iri[len(BASE) :] if iri.startswith(BASE) else None,
    document_path=lambda iri, ending: f"/{iri[len(BASE) :]}.{ending}",
    prefixes={"v": BASE},
    endpoint="https://example.net/sparql",
    labels=lambda iri: LABELS.get(iri, ()),
)
NASTY = [
    "</td><script>alert(1)</script>",
    "\"'><img src=x onerror=alert(1)>",
    "<!--",
    "]]>",
    "&lt;",
    "\x00\x0b",
    "{{ 1 }}",
]


def uri(value: str) -> dict[str, str]:
    return {"type": "uri", "value": value}


def text(value: str, **more: str) -> dict[str, str]:
    return {"type": "literal", "value": value, **more}


def number(value: object, datatype: str = "integer") -> dict[str, str]:
    return text(str(value), datatype=XSD[datatype].value)


def answer(*rows: dict[str, Any], variables: list[str] | None = None) -> bytes:
    names = variables or list(dict.fromkeys(name for row in rows for name in row))
    return json.dumps({"head": {"vars": names}, "results": {"bindings": rows}}).encode()


def page(body: bytes, kind: str = "SELECT", query: str = "SELECT * {}", **more: Any) -> Any:
    return html5lib.HTMLParser(strict=True).parse(render_result(SITE, QueryForm(query), kind, body, **more))


def words(element: Any) -> str:
    return " ".join("".join(element.itertext()).split())


def of_class(tree: Any, name: str) -> list[Any]:
    return [element for element in tree.iter() if name in (element.get("class") or "").split()]


def test_rows_are_numbered_and_stand_in_the_order_of_the_answer() -> None:
    tree = page(answer({"a": text("z")}, {"a": text("a")}, {"a": text("m")}))
    (table,) = of_class(tree, "results")
    assert [words(row) for row in table.iter(f"{HTML}tr")] == ["Row?a", "1z", "2a", "3m"]


@pytest.mark.parametrize(("languages", "label"), [(("de",), "Eier"), (("en",), "eggs"), ((), "eggs")])
def test_labels_stand_beside_what_they_name(languages: tuple[str, ...], label: str) -> None:
    tree = page(answer({"s": uri(f"{BASE}x"), "o": uri(f"{BASE}y")}), languages=languages)
    assert [words(element) for element in of_class(tree, "beside")] == [label]


def test_a_label_that_the_row_has_anyway_is_not_said_twice() -> None:
    tree = page(answer({"s": uri(f"{BASE}x"), "l": text("eggs", **{"xml:lang": "en"})}))
    assert of_class(tree, "beside") == []


def test_links_lead_to_pages_here_and_elsewhere_and_nowhere_dangerous() -> None:
    tree = page(answer({"s": uri(f"{BASE}x")}, {"s": uri("http://other.example/")}, {"s": uri("javascript:alert(1)")}))
    (table,) = of_class(tree, "results")
    assert [(a.get("href"), a.get("rel")) for a in table.iter(f"{HTML}a")] == [
        ("/x", None),
        ("http://other.example/", "external noopener noreferrer"),
    ]
    assert "javascript:alert(1)" in words(table)


@pytest.mark.parametrize("nasty", NASTY)
@pytest.mark.parametrize("view", ["table", "chart", "raw", "nothing"])
def test_hostile_values_stay_text(nasty: str, view: str) -> None:
    rows = [{"l": text(nasty), "n": number(n)} for n in (1, 2)]
    tree = page(answer(*rows), query=f"SELECT {nasty}", view=view)
    assert all(script.get("src") and not script.text for script in tree.iter(f"{HTML}script"))
    assert not list(tree.iter(f"{HTML}img"))
    assert not [e for e in tree.iter() if isinstance(e.tag, str) and any(name.startswith("on") for name in e.attrib)]


@pytest.mark.parametrize("nasty", NASTY)
def test_a_hostile_graph_stays_text(nasty: str) -> None:
    tree = page(f"<{BASE}x> <{BASE}p> {json.dumps(nasty)} .\n".encode(), "CONSTRUCT")
    assert all(script.get("src") and not script.text for script in tree.iter(f"{HTML}script"))
    assert not list(tree.iter(f"{HTML}img"))


@pytest.mark.parametrize(
    ("term", "direction", "language"),
    [
        (text("\u05e9\u05dc\u05d5\u05dd", **{"xml:lang": "he"}), "rtl", "he"),
        (text("x", **{"xml:lang": "ar-Latn"}), "ltr", "ar-Latn"),
        (text("x", **{"xml:lang": "en", "its:dir": "rtl"}), "rtl", "en"),
        (text("x"), "auto", None),
    ],
)
def test_text_has_its_direction_and_language(term: dict[str, str], direction: str, language: str | None) -> None:
    (cell,) = of_class(page(answer({"t": term})), "literal")
    assert (cell.get("dir"), cell.get("lang")) == (direction, language)


def test_long_values_are_folded_and_very_long_ones_cut() -> None:
    tree = page(answer({"t": text("word " * 100)}))
    (fold,) = of_class(tree, "long")
    assert words(fold).endswith("word")
    (row,) = read_results(SITE, answer({"t": text("x" * (VALUE_SHOWN + 1))})).rows
    assert isinstance(row[0], Text)
    assert len(row[0].value) == VALUE_SHOWN


def test_a_table_of_long_values_ends_early_and_says_so() -> None:
    rows = [{"t": text("x" * VALUE_SHOWN)} for _ in range(CHARACTERS_SHOWN // VALUE_SHOWN + 50)]
    found = read_results(SITE, answer(*rows))
    assert found.cut
    assert len(found.rows) == CHARACTERS_SHOWN // VALUE_SHOWN + 1
    assert f"the first {len(found.rows)} of {len(rows)} rows" in words(page(answer(*rows)))


# Charts

PAIR = [{"l": text("a"), "n": number(4)}, {"l": text("b"), "n": number(1)}]


@pytest.mark.parametrize(
    ("rows", "widths"),
    [
        (PAIR, [100.0, 25.0]),
        ([{"l": text("a"), "n": number("1.5", "decimal")}, {"l": text("b"), "n": number("3e0", "double")}], [50, 100]),
        ([{"l": text("a"), "n": number(0)}, {"l": text("b"), "n": number(0)}], [0, 0]),
        ([{"s": uri(f"{BASE}{x}"), "l": text(x), "n": number(1), "m": number(2)} for x in "ab"], [100, 100]),
        (PAIR[:1], None),
        ([{"l": text("a"), "n": number(-1)}, {"l": text("b"), "n": number(1)}], None),
        ([{"l": text("a"), "n": number("INF", "double")}, {"l": text("b"), "n": number(1)}], None),
        ([{"l": text("a"), "n": number("x")}, {"l": text("b"), "n": number(1)}], None),
        ([{"l": text("a"), "n": number(1)}, {"l": text("b")}], None),
        ([{"n": number(1)}, {"n": number(2)}], None),
        ([{"l": text("a")}, {"l": text("b")}], None),
        ([{"a": text("a"), "b": text("b"), "c": text("c"), "n": number(n)} for n in (1, 2)], None),
    ],
)
def test_a_chart_is_made_where_numbers_stand_beside_names(
    rows: list[dict[str, Any]], widths: list[float] | None
) -> None:
    chart = read_results(SITE, answer(*rows)).chart
    assert (None if chart is None else [bar.width for bar in chart.bars]) == widths


def test_bars_are_named_by_labels() -> None:
    rows = [{"s": uri(f"{BASE}x"), "n": number(1)}, {"n": number(2)}, {"s": uri("urn:y"), "n": number(3)}]
    chart = read_results(SITE, answer(*rows), ("de",)).chart
    assert chart is not None
    first, second, third = (bar.label for bar in chart.bars)
    assert isinstance(first, Link)
    assert (first.text.value, first.href) == ("Eier", "/x")
    assert second == Text("\u2013")
    assert isinstance(third, Link)
    assert third.href is None


def test_a_long_chart_is_cut_and_says_so() -> None:
    rows = [{"l": text(str(n)), "n": number(n)} for n in range(BARS_SHOWN + 3)]
    chart = read_results(SITE, answer(*rows)).chart
    assert chart is not None
    assert (len(chart.bars), chart.cut) == (BARS_SHOWN, True)
    assert f"the first {BARS_SHOWN} rows" in words(page(answer(*rows), view="chart"))


@pytest.mark.parametrize(
    ("body", "views"),
    [
        (answer(*PAIR), ["Table", "Chart", "Raw answer"]),
        (answer(*PAIR[:1]), ["Table", "Raw answer"]),
        (answer(variables=["x"]), []),
        (b'{"head": {}, "boolean": true}', []),
    ],
)
@pytest.mark.parametrize("view", ["table", "chart", "raw"])
def test_there_is_a_choice_of_views_where_it_makes_sense(body: bytes, views: list[str], view: str) -> None:
    navigation = of_class(page(body, view=view), "views")
    assert [words(item) for tab in navigation for item in tab.iter(f"{HTML}li")] == views
    current = [a for tab in navigation for a in tab.iter(f"{HTML}a") if a.get("aria-current")]
    assert len(current) == bool(views)


def test_the_raw_answer_is_the_answer() -> None:
    body = answer(*PAIR)
    shown = with_raw(read_results(SITE, body), body)
    assert shown.raw is not None
    assert json.loads(shown.raw) == json.loads(body)
    long = answer({"l": text("x" * (TEXT_SHOWN + 1))})
    assert with_raw(read_results(SITE, long), long).raw_cut


# Graphs

TURTLE = f'''@prefix v: <{BASE}> .
# a comment with "quotes" and <x>
v:x a v:Kind ; v:p "a # b"@en-GB , """long
"text" """ , 1.5e3 , true ; v:q <http://other.example/> , <{BASE}y> .'''


def test_the_tokens_of_a_graph_are_told_apart() -> None:
    tokens = highlight(TURTLE, SITE)
    kinds = {token.text: token.kind for token in tokens}
    assert kinds["@prefix"] == kinds["a"] == kinds["true"] == "keyword"
    assert kinds['# a comment with "quotes" and <x>'] == "comment"
    assert kinds['"a # b"'] == kinds['"""long\n"text" """'] == "string"
    assert (kinds["@en-GB"], kinds["1.5e3"], kinds["v:p"]) == ("language", "number", "name")


def test_names_in_a_graph_lead_to_pages_of_this_site() -> None:
    links = {token.text: token.href for token in highlight(TURTLE, SITE) if token.href}
    assert links == {f"<{BASE}>": "/", "v:x": "/x", "v:Kind": "/Kind", "v:p": "/p", "v:q": "/q", f"<{BASE}y>": "/y"}


@given(st.text(alphabet=st.sampled_from("<>\"'#@:.;,\\ \n\tav1-_é%"), max_size=60))
def test_no_character_of_a_graph_is_lost(turtle: str) -> None:
    assert "".join(token.text for token in highlight(turtle, SITE)) == turtle


def test_a_long_graph_is_cut() -> None:
    found = graph_results("<urn:a> <urn:b> <urn:c> .\n" * TEXT_SHOWN)
    assert found.cut
    assert found.text is not None
    assert len(found.text) == TEXT_SHOWN


# Programs and links

QUERIES = [
    "ASK {}",
    "SELECT * {\n  ?s ?p 'it''s' }",
    'ASK { ?s ?p """a\\b""" }',
    'SELECT ("$HOME `x` \\\\" AS ?x) {}',
    "\u00e4\r\n\x1b",
]


@pytest.mark.parametrize("query", QUERIES)
@pytest.mark.parametrize("graph", [True, False])
def test_the_command_line_sends_the_query_as_it_is(query: str, graph: bool) -> None:
    line = curl("https://example.net/it's", query, (("default-graph-uri", "http://g/'"),), graph=graph)
    shell = "curl() { printf '%s\\0' curl \"$@\"; }\n" + line
    said = subprocess.run(["/bin/sh", "-c", shell], capture_output=True, check=True).stdout
    arguments = said.decode().split("\0")[:-1]
    assert arguments[:3] == ["curl", "--get", "https://example.net/it's"]
    assert arguments[-3:] == ["default-graph-uri=http://g/'", "--data-urlencode", f"query={query}"]
    assert ("Accept: text/turtle" in arguments) is graph


@pytest.mark.parametrize("query", QUERIES)
@pytest.mark.parametrize("form", ["SELECT", "ASK", "CONSTRUCT", "DESCRIBE"])
def test_the_program_sends_the_query_as_it_is(query: str, form: str) -> None:
    program = python("https://example.net/sparql", query, (("named-graph-uri", 'http://g/"'),), form=form)
    compile(program, "program", "exec")
    variables: dict[str, Any] = {}
    exec(program.partition("with urlopen")[0], variables)
    sent = parse_qs(variables["request"].data.decode(), keep_blank_values=True)
    assert sent == {"query": [query], "named-graph-uri": ['http://g/"']}


def test_the_link_to_a_query_asks_the_same() -> None:
    form = QueryForm("ASK { ?s ?p 'a&b=c' }", ("http://g/1",), ("http://g/2",))
    tree = html5lib.HTMLParser(strict=True).parse(render_result(SITE, form, "ASK", b'{"head": {}, "boolean": true}'))
    (link,) = [field.get("value") for field in tree.iter(f"{HTML}input") if field.get("id") == "share"]
    endpoint, _, parameters = link.partition("?")
    assert endpoint == SITE.endpoint
    assert parse_qs(parameters) == {
        "query": [form.query], "default-graph-uri": ["http://g/1"], "named-graph-uri": ["http://g/2"],
    }  # fmt: skip


def test_a_query_too_long_for_a_link_has_none() -> None:
    tree = page(answer(*PAIR), query="ASK {} #" + "x" * 9000)
    assert not [field for field in tree.iter(f"{HTML}input") if field.get("id") == "share"]
    assert of_class(tree, "views") == []


# Errors


@pytest.mark.parametrize(
    ("column", "mark"),
    [(1, "ASK"), (4, "{"), (8, "?s"), (13, "v:p"), (17, ";"), (19, "}"), (20, " "), (99, " ")],
)
def test_the_word_at_the_place_is_marked(column: int, mark: str) -> None:
    error = query_error("t", "d", "ASK {  ?s   v:p ; }", 1, column, "expected one of [_]")
    tree = html5lib.HTMLParser(strict=True).parse(render_form(SITE, QueryForm("ASK"), error=error))
    assert [element.text for element in tree.iter(f"{HTML}mark")] == [mark]
    assert "What the engine saysexpected one of [_]" in words(tree)


# Examples

HOSTILE = Profile(
    schemes={f"{BASE}s": "<b>S</b>", "http://bad iri/>": "bad", f"{BASE}t": "T", f"{BASE}u": "U", f"{BASE}w": "W"},
    languages=["en", 'x" } #', "de-CH"],
    properties=frozenset(
        node.value
        for node in (SKOS.broader, SKOS.topConceptOf, SKOS.definition, SKOS.related, SKOS.exactMatch, SKOS.relatedMatch)
    ),
)


@pytest.mark.parametrize("profile", [Profile(), HOSTILE])
def test_examples_for_a_vocabulary_are_valid_queries(profile: Profile) -> None:
    made = vocabulary_examples(profile)
    assert len({example.title for example in made}) == len(made)
    for example in made:
        scan(example.query, Settings())
        assert example.topic


def test_examples_follow_what_the_vocabulary_has() -> None:
    titles = " ".join(example.title for example in vocabulary_examples(HOSTILE))
    assert "<b>S</b>" in titles
    assert "bad" not in titles
    assert "no name in \u201cde-CH\u201d" in titles
    assert "Mappings" in titles
    assert "Mappings" not in " ".join(example.title for example in vocabulary_examples(Profile()))


def test_examples_of_the_served_vocabulary_are_all_answered(client: FlaskClient) -> None:
    tree = html5lib.HTMLParser(strict=True).parse(client.get("/sparql", headers={"Accept": "text/html"}).get_data(True))
    addresses = [a.get("href") for links in of_class(tree, "ex") for a in links.iter(f"{HTML}a")]
    assert len(addresses) >= 6
    for address in addresses:
        response = client.get(address, headers={"Accept": "text/html"})
        assert response.status_code == 200
        html5lib.HTMLParser(strict=True).parse(response.get_data(True))


def test_examples_stand_together_by_topic() -> None:
    examples = [Example(name, "", "ASK {}", topic=topic) for name, topic in (("a", "1"), ("b", "2"), ("c", "1"))]
    assert [(t.name, [e.title for e in t.examples]) for t in by_topic(examples)] == [("1", ["a", "c"]), ("2", ["b"])]


def test_the_prefixes_that_examples_need_come_first() -> None:
    examples = [Example("", "", "PREFIX owl: <x>\nPREFIX v: <y>\nASK {}"), Example("", "", "PREFIX v: <y>\nASK {}")]
    assert [name for name, _ in common_prefixes(SITE, examples)] == ["skos", "v", "owl"]


@pytest.mark.parametrize("view", ["", "&view=chart", "&view=raw", "&view=%FFx", "&view="])
def test_the_view_is_a_parameter_of_the_page(client: FlaskClient, view: str) -> None:
    response = client.get(
        "/sparql?query=SELECT+%3Fc+(COUNT(*)+AS+%3Fn)+%7B+%3Fs+a+%3Fc+%7D+GROUP+BY+%3Fc" + view,
        headers={"Accept": "text/html"},
    )
    if "%FF" in view:
        assert response.status_code == 400
        return
    assert response.status_code == 200
    assert "Accept-Language" in response.headers["Vary"]
    tree = html5lib.HTMLParser(strict=True).parse(response.get_data(True))
    assert len(of_class(tree, "chart")) == (view == "&view=chart")
