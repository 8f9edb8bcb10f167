"""The page model of the search: questions and their addresses, marks, results and the query in SPARQL."""

from __future__ import annotations

import csv
import io
import json
from urllib.parse import parse_qs, urlsplit

import html5lib
import pyoxigraph
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from officegraph.model.labels import Label
from officegraph.release.search.model import (
    LONGEST_TEXT,
    FacetCount,
    Features,
    Hit,
    Kind,
    Match,
    MatchKind,
    Property,
    SearchResult,
)
from officegraph.web.pages.asked import Asked, AskedError
from officegraph.web.pages.marking import marked
from officegraph.web.pages.search import SearchPage, SearchResults, page_numbers, pages_of, render_search
from officegraph.web.pages.search_lists import as_csv, as_json, distinct
from officegraph.web.pages.search_query import as_sparql
from officegraph.web.pages.site import Site

BASE = "https://example.org/v/"
MANY = settings(deadline=None)
PARENTS = {"b": "a", "c": "b", "x": "y", "y": "x"}
SITE = Site(
    name="Words",
    base=BASE,
    path_of=lambda iri: "/" + iri[len(BASE) :] if iri.startswith(BASE) else None,
    document_path=lambda iri, ending: f"/{iri[len(BASE) :]}.{ending}",
    prefixes={"v": BASE},
    labels=lambda iri: [pyoxigraph.Literal(iri[len(BASE) :].replace("-", " "), language="en")],
    parents=lambda iri: [BASE + PARENTS[iri[len(BASE) :]]] if iri[len(BASE) :] in PARENTS else [],
)


def hit(slug: str = "c", **changes: object) -> Hit:
    values: dict[str, object] = {
        "iri": BASE + slug,
        "kind": Kind.CONCEPT,
        "types": (),
        "schemes": (f"{BASE}work",),
        "offices": (f"{BASE}back-office",),
        "segments": (),
        "deprecated": False,
        "label": Label("settlement", "en"),
        "match": Match(Property.PREFERRED, "settlement", "en", ((0, 6),)),
        "score": 76.0,
        "features": Features(MatchKind.PREFIX, 0, False, True, 1.0),
        "definition": None,
    }
    return Hit(**(values | changes))  # type: ignore[arg-type]


def page(result: SearchResult, *, language: str = "en", **asked: object) -> SearchPage:
    question = Asked(text="settle", base=BASE)
    for name, value in asked.items():
        question = Asked(**{**{f: getattr(question, f) for f in question.__slots__}, name: value})  # type: ignore[arg-type]
    return SearchResults(SITE, (language,), question).page(result)


def found(*hits: Hit, total: int | None = None, **more: object) -> SearchResult:
    return SearchResult(total=len(hits) if total is None else total, hits=hits, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("parameters", "path"),
    [
        ({}, "/search"),
        ({"q": ["  settle ment "]}, "/search?q=settle%20ment"),
        ({"q": ["é&x=1"]}, "/search?q=%C3%A9%26x%3D1"),
        ({"q": ["a"], "office": [f"{BASE}z", f"{BASE}b"], "kind": ["term"]}, "/search?q=a&kind=term&office=b&office=z"),
        ({"q": ["a"], "office": ["b", f"{BASE}b"]}, "/search?q=a&office=b"),
        ({"q": ["a"], "scheme": ["http://other.example/s"]}, "/search?q=a&scheme=http://other.example/s"),
        ({"scheme": [f"{BASE}a:b"]}, f"/search?scheme={BASE}a:b"),
        ({"q": ["a"], "language": ["fr", "de", ""]}, "/search?q=a&language=de&language=fr"),
        ({"q": ["a"], "page": ["1"], "limit": ["20"], "lang": [""]}, "/search?q=a"),
        ({"q": ["a"], "page": ["3"], "limit": ["50"], "lang": ["de"]}, "/search?q=a&page=3&limit=50&lang=de"),
        ({"q": ["\ud800"]}, "/search?q=%3F"),
        ({"q": ["a"], "lang": ["de, en;q=0.5"]}, "/search?q=a"),
        ({"q": ["a"], "lang": ["x" * 9999], "kind": ["y" * 9999]}, f"/search?q=a&kind={'y' * 1024}"),
    ],
)
def test_the_same_question_has_one_address(parameters: dict[str, list[str]], path: str) -> None:
    assert Asked.of(parameters, BASE).path() == path


@pytest.mark.parametrize("name", ["page", "limit"])
@pytest.mark.parametrize("value", ["0", "-1", "1.5", "x", "01", "9" * 5000, "\u0663"])
def test_numbers_that_are_none_are_refused(name: str, value: str) -> None:
    with pytest.raises(AskedError, match=name):
        Asked.of({"q": ["a"], name: [value]})


def test_a_long_text_is_cut_and_says_so() -> None:
    asked = Asked.of({"q": ["x" * 1000]})
    assert (len(asked.text), asked.is_cut) == (LONGEST_TEXT, True)


def test_filters_come_off_one_by_one_and_lead_to_the_first_page() -> None:
    asked = Asked.of({"q": ["a"], "kind": ["term", "entry"], "office": ["b"], "page": ["4"]}, BASE)
    assert asked.without("kind", "entry").path() == "/search?q=a&kind=term&office=b"
    assert asked.without("kind").path() == "/search?q=a&office=b"
    assert asked.unfiltered().path() == "/search?q=a"


@MANY
@given(st.text(max_size=300), st.text(max_size=20), st.text(max_size=20))
def test_an_address_asks_what_it_was_made_from(text: str, kind: str, office: str) -> None:
    asked = Asked.of({"q": [text], "kind": [kind], "office": [office]}, BASE)
    again = Asked.of(parse_qs(urlsplit(asked.path()).query, keep_blank_values=True), BASE)
    assert (again.text, again.filters, again.path()) == (asked.text, asked.filters, asked.path())


@MANY
@given(st.text(max_size=600), st.lists(st.integers(0, 600), max_size=8, unique=True))
def test_marks_keep_the_text_and_stay_within_its_bound(text: str, cuts: list[int]) -> None:
    places = sorted(place for place in cuts if place <= len(text))
    spans = tuple(zip(places[::2], places[1::2], strict=False))
    shown = marked(text, "en", spans, longest=100)
    assert len(shown.plain) <= 100 + len("… …")
    assert shown.plain.removeprefix("… ").removesuffix("…") in text
    if len(text) <= 100:
        assert shown.plain == text
        assert [part.text for part in shown.parts if part.is_marked] == [text[a:b] for a, b in spans]
    elif spans:
        assert any(part.is_marked for part in shown.parts)


def test_the_name_is_marked_where_it_matches() -> None:
    view = page(found(hit())).hits[0]
    assert [(part.text, part.is_marked) for part in view.name.parts] == [("settle", True), ("ment", False)]
    assert view.reason is None
    assert [step.text.value for step in view.path] == ["work", "a", "b"]
    assert [(office.style, office.link.text.value) for office in view.offices] == [("back", "back office")]


@pytest.mark.parametrize(
    ("property_", "words"),
    [
        (Property.PREFERRED, "Called"),
        (Property.ALTERNATIVE, "Also called"),
        (Property.ABBREVIATION, "Short form"),
        (Property.HIDDEN, "Also found by"),
        (Property.NOTATION, "Notation"),
        (Property.DEFINITION, "Definition:"),
        (Property.NOTE, "Note:"),
    ],
)
def test_what_matches_otherwise_is_told_with_its_language(property_: Property, words: str) -> None:
    match = Match(property_, "règlement-livraison", "fr", ((0, 9),))
    reason = page(found(hit(match=match))).hits[0].reason
    assert reason is not None
    assert (reason.words, reason.language, reason.quoted) == (words, "French", property_.is_label)
    assert reason.text.parts[0].text == "règlement"
    assert reason.text.parts[0].is_marked


def test_a_definition_that_matches_is_marked_in_place() -> None:
    definition = Label("Things settle here.", "en")
    match = Match(Property.DEFINITION, definition.text, "en", ((7, 13),))
    view = page(found(hit(definition=definition, match=match))).hits[0]
    assert view.reason is None
    assert view.definition is not None
    assert [part.text for part in view.definition.parts if part.is_marked] == ["settle"]


def test_what_is_in_another_language_than_that_of_the_reader_is_told() -> None:
    view = page(found(hit(definition=Label("Handel", "de"))), language="en-GB").hits[0]
    assert view.definition is not None
    assert view.definition.foreign
    view = page(found(hit(definition=Label("3", "")))).hits[0]
    assert view.definition is not None
    assert not view.definition.foreign
    assert not view.name.foreign


def test_suggestions_that_look_alike_come_once_and_concepts_always() -> None:
    entry = {"kind": Kind.ENTRY}
    views = SearchResults(SITE, ("en",), Asked())
    hits = [hit("a"), hit("b"), hit("c", **entry), hit("x", **entry), hit("y", kind=Kind.SCHEME)]
    assert [h.iri.removeprefix(BASE) for h in distinct(hits, views, 9)] == ["a", "b", "c", "y"]
    assert len(distinct(hits, views, 2)) == 2


def test_concepts_on_a_cycle_have_a_path() -> None:
    assert [step.text.value for step in page(found(hit("x"))).hits[0].path] == ["work", "y"]


def test_facets_are_values_to_choose_with_what_is_chosen_first_in_sight() -> None:
    counts = tuple(FacetCount(f"{BASE}s{n}", 50 - n) for n in range(12))
    view = page(found(hit(), facets={"scheme": counts}), filters={"scheme": (f"{BASE}s11", f"{BASE}gone")})
    (facet,) = view.facets
    assert (len(facet.values), len(facet.folded)) == (10, 3)
    assert [(value.value, value.count) for value in view.chosen] == [("s11", 39), ("gone", 0)]
    assert view.chosen[0].removal == "/search?q=settle&scheme=gone"


def test_a_facet_of_one_value_is_left_out() -> None:
    assert page(found(hit(), facets={"kind": (FacetCount("concept", 1),)})).facets == []


@pytest.mark.parametrize(
    ("result", "asked", "heading"),
    [
        (found(), {"text": ""}, "Search"),
        (found(), {}, "Nothing matches “settle”"),
        (found(hit()), {}, "1 result for “settle”"),
        (found(hit(), total=1200), {}, "1,200 results for “settle”"),
        (found(hit(), similar=1), {}, "1 name is like “settle”"),
        (found(hit(), total=2, similar=2), {}, "2 names are like “settle”"),
        (found(hit(), total=2), {"text": "", "filters": {"kind": ("concept",)}}, "2 results"),
    ],
)
def test_the_heading_says_what_was_found(result: SearchResult, asked: dict[str, object], heading: str) -> None:
    assert page(result, **asked).heading == heading


def test_pages_follow_each_other() -> None:
    view = page(found(hit(), total=45), page=2)
    assert view.previous == "/search?q=settle"
    assert view.next == "/search?q=settle&page=3"
    assert [number for number, _ in view.pages] == [1, 2, 3]
    assert page(found(hit(), total=45), page=3).next is None


@MANY
@given(st.integers(1, 500), st.integers(1, 500))
def test_every_page_is_near_first_and_last(page_: int, last: int) -> None:
    numbers = page_numbers(min(page_, last), last)
    if last == 1:
        assert numbers == []
        return
    assert numbers[0] == 1
    assert numbers[-1] == last
    assert min(page_, last) in numbers
    assert len(numbers) <= 9


@pytest.mark.parametrize(("total", "pages"), [(0, 1), (1, 1), (20, 1), (21, 2), (40, 2), (41, 3)])
def test_there_is_always_one_page(total: int, pages: int) -> None:
    assert pages_of(total, 20) == pages


def test_names_to_look_for_instead_come_once() -> None:
    alike = [
        hit(
            slug,
            match=Match(Property.PREFERRED, text, "en", ()),
            features=Features(MatchKind.SIMILAR, 0, False, False, 0.9),
        )
        for slug, text in (("a", "settlement"), ("b", "Settlement"), ("c", "settling"))
    ]
    view = page(found(*alike, similar=3))
    assert [(name.plain, path) for name, path in view.instead] == [
        ("settlement", "/search?q=settlement"),
        ("settling", "/search?q=settling"),
    ]
    assert view.hits[0].badge is None, "all of them are similar, as the heading says"
    assert page(found(*alike, total=4, similar=3)).hits[0].badge == ("warn", "similar")


@MANY
@given(st.text(max_size=300), st.text(max_size=40), st.text(min_size=1, max_size=40))
def test_no_text_breaks_the_page(text: str, name: str, language: str) -> None:
    asked = Asked.of({"q": [text], "kind": [name], "language": [language]}, BASE)
    shown = hit(label=Label(text, language), match=Match(Property.NOTE, name, language, ()), definition=Label(name, ""))
    result = found(shown, total=50, facets={"kind": (FacetCount(name, 1), FacetCount("concept", 2))})
    view = SearchResults(SITE, ("en",), asked).page(result)
    html = render_search(view, SITE, canonical=BASE + asked.path()[1:])
    tree = html5lib.HTMLParser(strict=True).parse(html)
    assert len(list(tree.iter("{http://www.w3.org/1999/xhtml}h1"))) == 1


@MANY
@given(st.text(max_size=300), st.sampled_from(["en", "de-CH", 'x" }', ""]))
def test_the_query_for_any_words_is_one(text: str, language: str) -> None:
    filters = {"scheme": (f"{BASE}s", "a b>"), "office": (f"{BASE}o",), "language": ("fr", '"')}
    query = as_sparql(Asked.of({"q": [text], **{k: list(v) for k, v in filters.items()}}, BASE), language, SITE)
    list(pyoxigraph.Store().query(query))


def test_the_query_finds_what_has_every_word() -> None:
    store = pyoxigraph.Store()
    store.update(
        "PREFIX skos: <http://www.w3.org/2004/02/skos/core#> INSERT DATA { "
        '<urn:a> skos:prefLabel "Trade Settlement"@en ; skos:altLabel "x" . <urn:b> skos:prefLabel "trade"@en }'
    )
    query = as_sparql(Asked.of({"q": ["settle TRADE"]}), "en", SITE)
    assert [(row["resource"].value, row["matched"].value) for row in store.query(query)] == [
        ("urn:a", "Trade Settlement")
    ]


def test_lists_for_programs_say_the_same() -> None:
    result = found(
        hit(definition=Label('It, "quoted"\nin two lines', "en"), segments=(f"{BASE}s1", f"{BASE}s2")), total=45
    )
    asked = Asked.of({"q": ["settle"], "page": ["2"]}, BASE)
    read = json.loads(as_json(asked, result, lambda iri: f"u:{iri}", lambda path: f"https://x.example{path}"))
    assert read["next"] == "https://x.example/search.json?q=settle&page=3"
    assert read["previous"] == "https://x.example/search.json?q=settle"
    (row,) = csv.DictReader(io.StringIO(as_csv(result, lambda iri: f"u:{iri}").decode(), newline=""))
    (same,) = read["results"]
    assert row["definition"] == same["definition"]
    assert row["segments"].split() == same["segments"]
    assert (row["url"], row["deprecated"], row["score"]) == (f"u:{BASE}c", "false", "76.0")
    assert same["spans"] == [[0, 6]]
