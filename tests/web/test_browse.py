"""Browsing: trees that end, alphabets of all scripts, offices, schemes; and the routes that send them."""

from __future__ import annotations

import doctest
import json
from collections.abc import Sequence
from pathlib import Path

import html5lib
import pytest
from flask.testing import FlaskClient
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import Literal

from officegraph import create_app
from officegraph.web import concept_lists
from officegraph.web.concept_lists import start_of
from officegraph.web.pages import browse
from officegraph.web.pages.site import Site

BASE = "https://example.org/v/"
HTML = "{http://www.w3.org/1999/xhtml}"
PREFIXES = """
@prefix : <https://example.org/v/> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
"""
TREE = (
    PREFIXES
    + """
:s a skos:ConceptScheme ; skos:prefLabel "things"@en ; skos:definition "All there is."@en ; skos:hasTopConcept :top .
:empty a skos:ConceptScheme ; skos:prefLabel "nothing"@en .
:top a skos:Concept ; skos:inScheme :s ; skos:prefLabel "top"@en , "oben"@de .
:left a skos:Concept ; skos:inScheme :s ; skos:prefLabel "left"@en , "links"@de ; skos:broader :top .
:right a skos:Concept ; skos:inScheme :s ; skos:prefLabel "right"@en , "rechts"@de ; skos:broader :top .
:shared a skos:Concept ; skos:inScheme :s ; skos:prefLabel "shared"@en ; skos:broader :left , :right .
:round a skos:Concept ; skos:inScheme :s ; skos:prefLabel "round"@en ; skos:broader :about .
:about a skos:Concept ; skos:inScheme :s ; skos:prefLabel "about"@en ; skos:broader :round .
:alone a skos:Concept ; skos:prefLabel "alone"@en ; owl:deprecated true .
:orphan a skos:Concept ; skos:inScheme :s ; skos:prefLabel "orphan <b>"@en .
:arabic a skos:Concept ; skos:inScheme :s ; skos:prefLabel "تسوية"@ar .
:greek a skos:Concept ; skos:inScheme :s ; skos:prefLabel "Άλφα"@el .
:han a skos:Concept ; skos:inScheme :s ; skos:prefLabel "后台"@zh-Hans .
:kana a skos:Concept ; skos:inScheme :s ; skos:prefLabel "ガイド"@ja .
:hangul a skos:Concept ; skos:inScheme :s ; skos:prefLabel "금융"@ko .
:digit a skos:Concept ; skos:inScheme :s ; skos:prefLabel "3D printing"@en .
:accent a skos:Concept ; skos:inScheme :s ; skos:prefLabel "Éclair"@fr .
:unnamed a skos:Concept ; skos:broader :top .
"""
)


def site_of(children: dict[str, Sequence[str]]) -> Site:
    return Site(
        name="x",
        base=BASE,
        path_of=lambda iri: "/" + iri.removeprefix(BASE) if iri.startswith(BASE) else None,
        document_path=lambda iri, ending: f"/{iri.removeprefix(BASE)}.{ending}",
        labels=lambda iri: [Literal(iri.removeprefix(BASE), language="en")],
        children=lambda iri: children.get(iri, ()),
    )


def tree_of(children: dict[str, Sequence[str]], tops: Sequence[str], **changes: object) -> browse.TreePage:
    return browse.tree_page(site_of(children), ("en",), scheme=f"{BASE}s", tops=tops, schemes={}, **changes)  # type: ignore[arg-type]


def shown(items: Sequence[browse.Branch]) -> int:
    return sum(1 + shown(item.children) for item in items)


def test_a_circle_is_shown_once_round_and_marked() -> None:
    a, b = f"{BASE}a", f"{BASE}b"
    page = tree_of({a: [b], b: [a]}, [a], circles=[[a, b]])
    again = page.items[0].children[0].children[0]
    assert (again.link.iri, again.again, again.children, again.more) == (a, True, [], 0)
    assert [[link.iri for link in circle] for circle in page.circles] == [[a, b]]


def test_a_concept_that_is_broader_than_itself_ends_the_tree() -> None:
    a = f"{BASE}a"
    assert tree_of({a: [a]}, [a]).items[0].children[0].again


def test_a_branch_that_leads_back_to_its_own_concept_is_marked() -> None:
    a, b = f"{BASE}a", f"{BASE}b"
    page = browse.tree_page(site_of({a: [b], b: [a]}), ("en",), branch=a, tops=[b], schemes={})
    assert [child.again for child in page.items[0].children] == [True]


def test_a_concept_with_several_parents_is_under_each_and_says_so() -> None:
    top, left, right, both = (f"{BASE}{name}" for name in ("top", "left", "right", "both"))
    page = tree_of({top: [left, right], left: [both], right: [both]}, [top], several=frozenset([both]))
    below = [child for side in page.items[0].children for child in side.children]
    assert [(item.link.iri, item.several) for item in below] == [(both, True), (both, True)]
    assert page.several


def test_five_thousand_children_take_a_page_of_their_own() -> None:
    top = f"{BASE}top"
    many = [f"{BASE}n{number}" for number in range(5000)]
    item = tree_of({top: many}, [top]).items[0]
    assert (len(item.children), item.more) == (browse.LEVEL_SIZE, 5000 - browse.LEVEL_SIZE)
    assert item.href == "/browse?branch=https%3A%2F%2Fexample.org%2Fv%2Ftop"
    page = browse.tree_page(site_of({top: many}), ("en",), branch=top, tops=many, schemes={}, page=25)
    assert len(page.items) == browse.PAGE_SIZE
    assert (page.pager.number, page.pager.pages, page.pager.following) == (25, 25, None)
    assert page.pager.previous == "/browse?branch=https%3A%2F%2Fexample.org%2Fv%2Ftop&page=24"


@given(st.dictionaries(st.integers(0, 30), st.lists(st.integers(0, 30), max_size=12), max_size=30))
@settings(deadline=None)
def test_any_hierarchy_ends_within_the_budget(edges: dict[int, list[int]]) -> None:
    children = {f"{BASE}{node}": [f"{BASE}{target}" for target in targets] for node, targets in edges.items()}
    tops = [f"{BASE}{node}" for node in edges]
    page = tree_of(children, tops)
    assert shown(page.items) <= max(browse.TREE_BUDGET, len(tops))
    json.dumps(browse.tree_data(page))


@given(st.dictionaries(st.integers(0, 12), st.lists(st.integers(0, 12), max_size=4), max_size=12))
@settings(deadline=None)
def test_what_a_walk_begins_with_leads_to_everything(edges: dict[int, list[int]]) -> None:
    nodes = {*edges, *(target for targets in edges.values() for target in targets)}
    whole = {node: edges.get(node, []) for node in nodes}
    reached = set(begin := start_of(whole))
    waiting = list(begin)
    while waiting:
        fresh = set(whole[waiting.pop()]) - reached
        reached |= fresh
        waiting += fresh
    assert reached == nodes
    entered = {target for node, targets in whole.items() for target in targets if target != node}
    assert all(node in begin for node in nodes - entered)


def test_the_examples_in_the_documentation_hold() -> None:
    from officegraph.release.search import names

    for module in (concept_lists, names):
        assert doctest.testmod(module).failed == 0


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> FlaskClient:
    source = tmp_path_factory.mktemp("tree") / "tree.ttl"
    source.write_text(TREE, encoding="utf-8")
    return create_app([source]).test_client()


def text_of(client: FlaskClient, path: str, **headers: str) -> str:
    response = client.get(path, headers=headers)
    assert response.status_code == 200, response.get_data(as_text=True)
    html = response.get_data(as_text=True)
    html5lib.HTMLParser(strict=True).parse(html)
    assert "style=" not in html
    return html


def data_of(client: FlaskClient, path: str, **headers: str) -> dict:  # type: ignore[type-arg]
    response = client.get(path, headers=headers)
    assert response.status_code == 200
    assert response.mimetype == "application/json"
    return response.get_json()  # type: ignore[no-any-return]


def names(items: Sequence[dict]) -> list[str]:  # type: ignore[type-arg]
    return [item["label"] for item in items]


def test_the_tree_shows_tops_roots_that_are_none_and_one_of_each_circle(tree: FlaskClient) -> None:
    data = data_of(tree, f"/browse?scheme={BASE}s&format=json")
    shown_first = names(data["items"])
    assert shown_first[0] == "top"
    assert set(shown_first) > {"orphan <b>", "تسوية"}
    assert len({"round", "about"} & set(shown_first)) == 1
    assert len(data["circles"]) == 1
    assert "alone" not in shown_first
    html = text_of(tree, f"/browse?scheme={BASE}s")
    assert "The hierarchy leads round in a circle." in html
    assert "orphan &lt;b&gt;" in html
    assert 'lang="ar" dir="rtl">تسوية' in html


def test_concepts_without_a_scheme_have_a_tree(tree: FlaskClient) -> None:
    assert names(data_of(tree, "/browse?scheme=none&format=json")["items"]) == ["alone"]


def test_a_branch_shows_what_is_below_a_concept_and_what_is_above_it(tree: FlaskClient) -> None:
    data = data_of(tree, f"/browse?branch={BASE}left&format=json")
    assert names(data["items"]) == ["shared"]
    assert "Above:" in text_of(tree, f"/browse?branch={BASE}left")


def test_a_link_is_never_within_a_summary(tree: FlaskClient) -> None:
    root = html5lib.parse(text_of(tree, "/browse?open=1"))
    assert list(root.iter(f"{HTML}summary"))
    assert not [a for summary in root.iter(f"{HTML}summary") for a in summary.iter(f"{HTML}a")]


@pytest.mark.parametrize(
    ("letter", "expected"),
    [
        ("A", ["about", "alone"]),
        ("a", ["about", "alone"]),
        ("E", ["Éclair"]),
        ("0-9", ["3D printing"]),
        ("漢", ["后台"]),
        ("か", ["ガイド"]),
        ("ㄱ", ["금융"]),
        ("\u0391", ["Άλφα"]),
        ("ت", ["تسوية"]),
    ],
)
def test_names_of_all_scripts_have_a_heading(tree: FlaskClient, letter: str, expected: list[str]) -> None:
    response = tree.get("/browse/alphabetical", query_string={"letter": letter, "format": "json"})
    assert names(response.get_json()["concepts"]) == expected


def test_the_alphabet_follows_the_language_of_the_reader(tree: FlaskClient) -> None:
    assert names(data_of(tree, "/browse/alphabetical?letter=L&lang=de&format=json")["concepts"]) == ["links"]
    assert names(data_of(tree, "/browse/alphabetical?letter=O&lang=de&format=json")["concepts"]) == [
        "oben",
        "orphan <b>",
    ]
    assert "no longer in use" in text_of(tree, "/browse/alphabetical?letter=A")


def test_the_alphabet_can_be_limited_to_a_scheme(tree: FlaskClient) -> None:
    data = data_of(tree, f"/browse/alphabetical?letter=A&scheme={BASE}s&format=json")
    assert names(data["concepts"]) == ["about"]


def test_every_concept_with_a_name_is_in_the_alphabet_once(tree: FlaskClient) -> None:
    data = data_of(tree, "/browse/alphabetical?format=json")
    found: list[str] = []
    for letter in data["letters"]:
        page = tree.get("/browse/alphabetical", query_string={"letter": letter, "format": "json"}).get_json()
        found += [item["iri"] for item in page["concepts"]]
    assert len(found) == len(set(found)) == data["total"] == TREE.count("a skos:Concept ;") - 1


def test_the_schemes_are_listed_with_their_definitions(tree: FlaskClient) -> None:
    html = text_of(tree, "/browse/schemes")
    assert "All there is." in html
    assert "nothing" not in html


def test_a_vocabulary_without_placements_has_no_offices(tree: FlaskClient) -> None:
    assert tree.get("/browse/offices").status_code == 404
    assert "By office" not in text_of(tree, "/browse")
    assert "By hierarchy" in text_of(tree, "/browse")


WRONG = {
    "/browse?page=0": 400,
    "/browse?page=x": 400,
    "/browse?page=%C2%B2": 400,
    "/browse?page=9999999": 400,
    "/browse?page=9": 404,
    "/browse?page=1&page=2": 400,
    "/browse?branch=%FF": 400,
    "/browse?branch=https://example.org/v/nothing": 404,
    "/browse?scheme=https://example.org/v/nothing": 404,
    "/browse?scheme=https://example.org/v/top": 404,
    "/browse?format=xml": 400,
    "/browse/alphabetical?letter=Q": 404,
    "/browse/alphabetical?letter=%F0%9F%98%80": 404,
    "/browse/alphabetical?scheme=x": 404,
    "/browse/alphabetical?letter=A&page=2": 404,
    "/browse/schemes?page=2": 404,
}


@pytest.mark.parametrize("path", WRONG)
def test_wrong_parameters_are_problems(tree: FlaskClient, path: str) -> None:
    response = tree.get(path)
    assert response.status_code == WRONG[path]
    assert response.mimetype == "application/problem+json"
    assert tree.get(path, headers={"Accept": "text/html"}).mimetype == "text/html"


PAGES = ["/browse", "/browse?open=1", "/browse/alphabetical", "/browse/schemes", "/graph"]


@pytest.mark.parametrize("path", PAGES)
def test_pages_depend_on_the_language_and_have_a_validator(tree: FlaskClient, path: str) -> None:
    english, german = (tree.get(path, headers={"Accept-Language": language}) for language in ("en", "de"))
    assert english.headers["ETag"] != german.headers["ETag"]
    assert english.headers["Vary"] == "Accept-Language, Accept-Encoding"
    assert english.headers["Content-Language"] == "en"
    explicit = tree.get(f"{path}{'&' if '?' in path else '?'}lang=de")
    assert explicit.headers["Vary"] == "Accept-Encoding"
    assert explicit.headers["Content-Language"] == german.headers["Content-Language"] == "de"
    again = tree.get(path, headers={"If-None-Match": english.headers["ETag"], "Accept-Language": "en"})
    assert again.status_code == 304


@pytest.mark.parametrize("path", PAGES)
def test_pages_say_what_they_are(tree: FlaskClient, path: str) -> None:
    root = html5lib.parse(text_of(tree, path))
    links = {link.get("rel"): link.get("href") for link in root.iter(f"{HTML}link")}
    assert links["canonical"].startswith("http://localhost/")
    assert links["alternate"]
    assert tree.get(links["alternate"]).status_code == 200
    named = {meta.get("name") or meta.get("property"): meta.get("content") for meta in root.iter(f"{HTML}meta")}
    assert named["og:url"] == links["canonical"]
    assert named["description"] == named["og:description"]


LINKS = {f"{HTML}a", f"{HTML}link", "{http://www.w3.org/2000/svg}a"}


def crawl(client: FlaskClient, begin: Sequence[str], *, most: int = 250) -> int:
    """Follow the links within these pages and to whatever they lead; return how many were followed."""
    waiting, seen = list(begin), set(begin)
    while waiting and len(seen) < most:
        path = waiting.pop()
        response = client.get(path, headers={"Accept": "text/html"})
        assert response.status_code in {200, 303}, path
        if response.status_code == 303 or response.mimetype != "text/html":
            continue
        if not path.startswith(("/browse", "/graph", "/compare")):
            continue
        root = html5lib.HTMLParser(strict=True).parse(response.get_data(as_text=True))
        ids = [element.get("id") for element in root.iter() if isinstance(element.tag, str) and element.get("id")]
        assert len(ids) == len(set(ids)), path
        for element in root.iter():
            if element.tag not in LINKS:
                continue
            href = element.get("href") or ""
            if href.startswith("#"):
                assert href[1:] in ids, (path, href)
            elif href.startswith("/") and href not in seen:
                seen.add(href)
                waiting.append(href)
    return len(seen)


def test_all_links_lead_somewhere(tree: FlaskClient) -> None:
    assert crawl(tree, PAGES) > 40


def test_all_links_of_an_odd_vocabulary_lead_somewhere(client: FlaskClient) -> None:
    assert crawl(client, PAGES) > 60


def test_a_dataset_without_schemes_can_be_browsed(quads: FlaskClient) -> None:
    assert names(data_of(quads, "/browse?format=json")["items"]) == ["y"]
    assert "The concepts are in no scheme." in text_of(quads, "/browse/schemes")
    assert crawl(quads, PAGES) > 5


def test_a_vocabulary_without_concepts_has_pages(tmp_path: Path) -> None:
    source = tmp_path / "none.ttl"
    source.write_text('<https://example.org/v/x> <http://www.w3.org/2000/01/rdf-schema#label> "x" .', encoding="utf-8")
    client = create_app([source]).test_client()
    assert "There are no concepts here." in text_of(client, "/browse")
    assert "No concept has a name." in text_of(client, "/browse/alphabetical")
    assert client.get("/graph").status_code == 404
