"""What is found in a small vocabulary, in which order, and why; and that no question fails."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from officegraph.release.build import build_release
from officegraph.release.manifest import Manifest, ReleaseError
from officegraph.release.open import Release, open_release
from officegraph.release.search.model import FACETS, Kind, MatchKind, Property, SearchRequest
from officegraph.release.search.read import SearchIndexError
from officegraph.release.search.service import SearchIndex
from officegraph.release.search.write import FILE, write_index
from officegraph.release.verify import verify
from officegraph.settings import Settings

from .conftest import searched

BASE = "https://example.org/v/"
VOCABULARY = """
@prefix : <https://example.org/v/> .
@prefix ofo: <https://w3id.org/officegraph/ontology#> .
@prefix ontolex: <http://www.w3.org/ns/lemon/ontolex#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix skosxl: <http://www.w3.org/2008/05/skos-xl#> .

:one a skos:ConceptScheme ; skos:prefLabel "One"@en ; skos:hasTopConcept :custody .
:two a skos:ConceptScheme ; skos:prefLabel "Two"@en .
:group a skos:Collection ; skos:prefLabel "Custody work"@en ; skos:member :custody .

:custody a skos:Concept ; skos:prefLabel "custody"@en , "Verwahrung"@de , "保管業務"@ja ; skos:notation "K-7" ;
    skos:altLabel "safekeeping"@en ; skos:hiddenLabel "custodie"@en ;
    skos:definition "Keeping assets safe for their owners."@en .
:global-custody a skos:Concept ; skos:inScheme :one ; skos:broader :custody ;
    skos:prefLabel "global custody"@en , "globale Verwahrung"@de-CH ; skos:note [ rdf:value "Across borders."@en ] .
:custody-fees a skos:Concept ; skos:inScheme :one , :two ; skos:prefLabel "custody fees"@en , "Depotgebühren"@de .
:keeper a skos:Concept ; skos:inScheme :two ; skos:prefLabel "keeper"@en ; skos:altLabel "custody"@en .
:profit a skos:Concept ; skos:inScheme :two ; skos:prefLabel "profit and loss"@en ; skosxl:altLabel :pl-label .
:pl-label a skosxl:Label ; skosxl:literalForm "P&L"@en ; ofo:shortFormOf :profit-label .
:profit-label a skosxl:Label ; skosxl:literalForm "profit and loss"@en .
:organisation a skos:Concept ; skos:inScheme :two ; skos:prefLabel "organisation of work"@en .
:old a skos:Concept ; skos:inScheme :two ; skos:prefLabel "custody of old"@en ; owl:deprecated true .
:chat-fr a skos:Concept ; skos:inScheme :two ; skos:prefLabel "chat"@fr , "cat"@en .
:chat-en a skos:Concept ; skos:inScheme :two ; skos:prefLabel "chat"@en , "causette"@fr .
:entry a ontolex:Word ; rdfs:label "custody"@en .
:Thing a owl:Class ; rdfs:label "thing that is kept"@en ; rdfs:comment "Whatever is in custody."@en .
<https://elsewhere.example/x> rdfs:label "only a label"@en .

:front a skos:Concept , ofo:Office ; skos:prefLabel "front"@en .
:back a skos:Concept , ofo:Office ; skos:prefLabel "back"@en .
:bank a skos:Concept , ofo:Segment ; skos:prefLabel "bank"@en .
:p1 a ofo:Placement ; rdfs:label "custody: back office"@en ; ofo:function :custody ;
    ofo:office :back ; ofo:segment :bank .
:p2 a ofo:Placement ; rdfs:label "fees: front office"@en ; ofo:function :custody-fees ; ofo:office :front .
"""


@pytest.fixture(scope="module")
def index(index_of: Callable[..., SearchIndex]) -> SearchIndex:
    """Return the index of the vocabulary above."""
    return index_of(VOCABULARY)


def names(index: SearchIndex, text: str, **wishes: object) -> list[str]:
    """Return the last parts of the IRIs that are found."""
    return [hit.iri.removeprefix(BASE) for hit in index.search(SearchRequest(text=text, **wishes)).hits]  # type: ignore[arg-type]


def in_order(spans: tuple[tuple[int, int], ...], length: int) -> bool:
    """Return whether ``spans`` are within a text of ``length``, in order, and apart."""
    return all(0 <= start < end <= length for start, end in spans) and all(a[1] < b[0] for a, b in pairwise(spans))


def test_how_it_matches_comes_before_all_else(index: SearchIndex) -> None:
    hits = index.search(SearchRequest(text="custody", similar=False)).hits
    found = [(hit.iri.removeprefix(BASE), hit.features.kind) for hit in hits]
    assert found == [
        ("custody", MatchKind.PREFERRED),
        ("keeper", MatchKind.ALTERNATIVE),
        ("entry", MatchKind.PREFERRED),  # a word of the dictionary comes after concepts that are called so
        ("custody-fees", MatchKind.PREFIX),
        ("group", MatchKind.PREFIX),
        ("global-custody", MatchKind.WORDS),
        ("Thing", MatchKind.NOTE),
    ]
    scores = [hit.score for hit in hits]
    assert scores == sorted(scores, reverse=True)
    assert scores[0] == 100


@pytest.mark.parametrize(
    ("text", "iri", "kind", "property_", "shown"),
    [
        ("CUSTODY", "custody", MatchKind.PREFERRED, Property.PREFERRED, "[custody]"),
        ("safe keeping", "custody", MatchKind.ALTERNATIVE, Property.ALTERNATIVE, "[safekeeping]"),
        ("custodie", "custody", MatchKind.HIDDEN, Property.HIDDEN, "[custodie]"),
        ("k7", "custody", MatchKind.HIDDEN, Property.NOTATION, "[K-7]"),
        ("p & l", "profit", MatchKind.ALTERNATIVE, Property.ABBREVIATION, "[P&L]"),
        ("keepers", "keeper", MatchKind.SPELLING, Property.PREFERRED, "[keeper]"),
        ("organizat", "organisation", MatchKind.PREFIX, Property.PREFERRED, "[organisation] of work"),
        ("organization", "organisation", MatchKind.PREFIX, Property.PREFERRED, "[organisation] of work"),
        ("depotgeb", "custody-fees", MatchKind.PREFIX, Property.PREFERRED, "[Depotgeb]ühren"),
        ("depotgebu", "custody-fees", MatchKind.PREFIX, Property.PREFERRED, "[Depotgebü]hren"),
        ("depotgebue", "custody-fees", MatchKind.PREFIX, Property.PREFERRED, "[Depotgebühren]"),
        ("loss pro", "profit", MatchKind.WORDS, Property.PREFERRED, "[pro]fit and [loss]"),
        ("gebühr", "custody-fees", MatchKind.INFIX, Property.PREFERRED, "Depot[gebühr]en"),
        ("業務", "custody", MatchKind.WORDS, Property.PREFERRED, "保管[業務]"),
        ("管業", "custody", MatchKind.WORDS, Property.PREFERRED, "保[管業]務"),
        ("務", "custody", MatchKind.WORDS, Property.PREFERRED, "保管業[務]"),
        ("assets owners", "custody", MatchKind.NOTE, Property.DEFINITION, "Keeping [assets] safe for their [owners]."),
        ("borders", "global-custody", MatchKind.NOTE, Property.NOTE, "Across [borders]."),
        ("custdoy", "custody", MatchKind.SIMILAR, Property.PREFERRED, "[custody]"),
        ("only a label", "https://elsewhere.example/x", MatchKind.PREFERRED, Property.PREFERRED, "[only a label]"),
    ],
)
def test_the_first_hit_says_why_it_matches(
    index: SearchIndex, text: str, iri: str, kind: MatchKind, property_: Property, shown: str
) -> None:
    hit = index.search(SearchRequest(text=text)).hits[0]
    assert (hit.iri.removeprefix(BASE), hit.features.kind, hit.match.property) == (iri, kind, property_)
    marked = hit.match.text
    for start, end in reversed(hit.match.spans):
        marked = f"{marked[:start]}[{marked[start:end]}]{marked[end:]}"
    assert marked == shown


def test_what_matches_in_the_language_of_the_reader_comes_first(index: SearchIndex) -> None:
    assert names(index, "chat", languages=("fr",)) == ["chat-fr", "chat-en"]
    assert names(index, "chat", languages=("en",)) == ["chat-en", "chat-fr"]
    assert names(index, "chat", languages=("de", "fr-CA")) == ["chat-fr", "chat-en"]
    assert names(index, "chat", languages=()) == ["chat-en", "chat-fr"]  # the language of the data
    tiers = [hit.features.language for hit in index.search(SearchRequest(text="chat", languages=("de", "fr"))).hits]
    assert tiers == [1, 2]


def test_labels_are_in_the_language_of_the_reader(index: SearchIndex) -> None:
    hit = index.search(SearchRequest(text="custody", languages=("de-AT",))).hits[0]
    assert (hit.label.text, hit.label.language) == ("Verwahrung", "de")
    assert (hit.match.text, hit.match.language) == ("custody", "en")


def test_filters_and_their_counts(index: SearchIndex) -> None:
    everything = index.search(SearchRequest(text="custody", similar=False))
    facets = {name: {facet.value: facet.count for facet in counts} for name, counts in everything.facets.items()}
    assert tuple(facets) == FACETS
    assert facets["kind"] == {"concept": 4, "collection": 1, "entry": 1, "term": 1}
    assert facets["scheme"] == {f"{BASE}one": 3, f"{BASE}two": 2}
    assert facets["office"] == {f"{BASE}back": 1, f"{BASE}front": 1}
    assert facets["segment"] == {f"{BASE}bank": 1}
    assert facets["language"] == {"en": 7}
    for wish, values in (("kinds", "kind"), ("types", "type"), ("schemes", "scheme"), ("offices", "office")):
        for value, count in facets[values].items():
            limited = index.search(SearchRequest(text="custody", similar=False, **{wish: (value,)}))  # type: ignore[arg-type]
            assert limited.total == len(limited.hits) == count
    assert names(index, "custody", segments=(f"{BASE}bank",)) == ["custody"]
    assert names(index, "verwahrung", in_languages=("de",)) == ["custody", "global-custody"]
    assert names(index, "verwahrung", in_languages=("de-CH",)) == ["global-custody"]
    assert names(index, "custody", in_languages=("de",)) == []
    assert names(index, "custody", schemes=("https://example.org/no",)) == []
    assert names(index, "custody", kinds=("collection", "term")) == ["group", "Thing"]


def test_a_filter_by_a_kind_takes_its_member(index: SearchIndex) -> None:
    assert names(index, "custody", kinds=(Kind.ENTRY,)) == ["entry"]


def test_filters_without_words_list_all_that_they_let_through(index: SearchIndex) -> None:
    assert names(index, "", schemes=(f"{BASE}one",)) == ["custody", "custody-fees", "global-custody"]
    assert names(index, " ?! ", offices=(f"{BASE}back",)) == ["custody"]
    assert names(index, "", schemes=(f"{BASE}one",), offset=1, limit=1) == ["custody-fees"]
    assert names(index, "", schemes=("https://example.org/no",)) == []
    listed = index.search(SearchRequest(text="", kinds=("concept",)))
    assert listed.total == 11, "all but what is deprecated"
    assert {hit.features.kind for hit in listed.hits} == {MatchKind.LISTED}
    assert {hit.score for hit in listed.hits} == {0.0}
    assert "old" in names(index, "", kinds=("concept",), deprecated=True)


@pytest.mark.parametrize("wishes", [{}, {"in_languages": ("de",)}, {"languages": ("ja",)}])
def test_nothing_asked_for_finds_nothing(index: SearchIndex, wishes: dict[str, tuple[str, ...]]) -> None:
    assert names(index, "", **wishes) == []


def test_definitions_come_when_asked_for(index: SearchIndex) -> None:
    hits = index.search(SearchRequest(text="custody", definitions=True, languages=("de",))).hits
    definitions = {hit.iri.removeprefix(BASE): hit.definition for hit in hits}
    assert definitions["custody"] == ("Keeping assets safe for their owners.", "en")
    assert definitions["custody-fees"] is None
    assert index.search(SearchRequest(text="custody")).hits[0].definition is None


@pytest.mark.parametrize(
    ("languages", "initials"),
    [
        ((), "bcfgkop"),
        (("en",), "bcfgkop"),
        (("de", "en"), "dgv"),
        (("de-CH",), "dgv"),
        (("ja",), "保"),
        (("x-no",), "bcfgkop"),
    ],
)
def test_initials_are_those_of_concepts_in_the_language_of_the_reader(
    index: SearchIndex, languages: tuple[str, ...], initials: str
) -> None:
    assert "".join(index.initials(languages)) == initials


def test_a_release_without_placements_has_no_facet_for_them(fruit: Release) -> None:
    assert fruit.search.search(SearchRequest(text="apple")).facets.keys() == {"kind", "type", "scheme", "language"}


def test_deprecated_resources_are_found_when_asked_for(index: SearchIndex) -> None:
    assert "old" not in names(index, "custody")
    hits = index.search(SearchRequest(text="custody of old", deprecated=True)).hits
    assert hits[0].iri == f"{BASE}old"
    assert hits[0].deprecated


def test_placements_and_parts_are_not_found_themselves(index: SearchIndex) -> None:
    assert not {"p1", "p2", "pl-label"} & set(names(index, "custody fees office", notes=True))
    assert names(index, "P&L") == ["profit"]


def test_a_whole_word_only_where_none_is_still_typed(index: SearchIndex) -> None:
    assert names(index, "cust", prefix=False, similar=False) == []
    assert names(index, "cust", similar=False)[0] == "custody"


def test_pages_of_a_result_follow_each_other(index: SearchIndex) -> None:
    whole = index.search(SearchRequest(text="c"))
    pages = [index.search(SearchRequest(text="c", offset=offset, limit=2)) for offset in range(0, whole.total + 2, 2)]
    assert [hit for page in pages for hit in page.hits] == list(whole.hits)
    assert {page.total for page in pages} == {whole.total} == {len(whole.hits)}
    assert pages[-1].hits == ()


def test_pages_of_similar_hits_follow_each_other(index: SearchIndex) -> None:
    whole = index.search(SearchRequest(text="custodi feas"))
    assert whole.total == whole.similar > 1
    pages = [index.search(SearchRequest(text="custodi feas", offset=n, limit=1)).hits for n in range(whole.total)]
    assert [hit for page in pages for hit in page] == list(whole.hits)


def test_suggestions_have_each_resource_once(index: SearchIndex) -> None:
    hits = index.suggest("cus", ("en",), limit=3)
    assert [hit.iri.removeprefix(BASE) for hit in hits] == ["custody", "custody-fees", "group"]


@pytest.mark.parametrize("wrong", [{"offset": -1}, {"limit": -1}, {"limit": 1001}])
def test_numbers_out_of_bounds_are_refused(wrong: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="must"):
        SearchRequest(text="x", **wrong)  # type: ignore[arg-type]


HOSTILE = ['"', '"" OR 1', "NEAR(a b, 2)", "*", "custody*", "^custody", "-custody", "label:custody", "a AND NOT b",
           "\0", "cust\0ody", "\ud800", "%", "_", "'; DROP TABLE label; --", "(" * 500, "custody " * 5000,
           "x" * 100_000, "\U0010ffff", "ﷺ", "½", "a\u0301" * 300, "&" * 50, "...", "&.&.&", "İıſ", "\u3099",
           "ก" * 400]  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE)
def test_no_text_makes_the_search_fail(index: SearchIndex, text: str) -> None:
    for request in (SearchRequest(text=text), SearchRequest(text=text, languages=("*", "x", ""), prefix=False)):
        result = index.search(request)
        assert len(result.hits) <= result.total


def test_a_text_without_a_key_does_not_begin_every_label(index: SearchIndex) -> None:
    assert names(index, "\U0002ebe1") == []


@given(
    text=st.text() | st.text(alphabet='custodyfe &*":()^-\0üß保管務'),
    languages=st.lists(st.text(max_size=5), max_size=3),
)
def test_any_text_is_answered_in_order_and_explained(index: SearchIndex, text: str, languages: list[str]) -> None:
    result = index.search(SearchRequest(text=text, languages=tuple(languages), deprecated=True))
    assert result.total == len(result.hits)
    assert len({hit.iri for hit in result.hits}) == len(result.hits)
    scores = [hit.score for hit in result.hits]
    assert scores == sorted(scores, reverse=True)
    assert all(0 < score <= 100 for score in scores)
    for hit in result.hits:
        assert in_order(hit.match.spans, len(hit.match.text))
        if hit.features.kind != MatchKind.SIMILAR:
            assert hit.match.spans
    assert sum(facet.count for facet in result.facets["kind"]) == result.total


@given(
    st.sampled_from(["custody", "safekeeping", "Depotgebühren", "profit and loss", "保管業務", "organisation of work"])
)
def test_a_label_is_found_by_every_beginning(index: SearchIndex, label: str) -> None:
    whole = index.search(SearchRequest(text=label)).hits[0].iri
    for end in range(1, len(label) + 1):
        assert whole in {hit.iri for hit in index.search(SearchRequest(text=label[:end], similar=False)).hits}


def test_threads_and_forks_read_at_once(index: SearchIndex) -> None:
    expected = names(index, "custody")
    found: list[list[str]] = []
    threads = [threading.Thread(target=lambda: found.append(names(index, "custody"))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [expected] * 8
    child = os.fork()
    if not child:
        os._exit(0 if names(index, "custody") == expected else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert names(index, "custody") == expected


def test_the_same_resources_give_the_same_bytes(tmp_path: Path) -> None:
    (tmp_path / "v.ttl").write_text(VOCABULARY, encoding="utf-8")
    resources, language = searched([tmp_path / "v.ttl"])
    for name in ("one", "other"):
        write_index(tmp_path / name, resources, language)
    assert (tmp_path / "one").read_bytes() == (tmp_path / "other").read_bytes()
    assert not list(tmp_path.glob("*-journal"))


def test_writing_again_replaces_what_an_attempt_left(tmp_path: Path) -> None:
    (tmp_path / FILE).write_bytes(b"cut short")
    write_index(tmp_path / FILE, [], "en")
    assert SearchIndex(tmp_path / FILE).search(SearchRequest(text="anything")).total == 0


def test_a_file_that_is_no_index_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SearchIndexError):
        SearchIndex(tmp_path / "missing.sqlite")
    (tmp_path / "other.sqlite").write_bytes(b"no database, but some bytes" * 100)
    with pytest.raises(SearchIndexError):
        SearchIndex(tmp_path / "other.sqlite")


def test_a_release_has_the_index_in_its_manifest(tmp_path: Path) -> None:
    (tmp_path / "v.ttl").write_text(VOCABULARY, encoding="utf-8")
    path = build_release([tmp_path / "v.ttl"], tmp_path / "out", Settings())
    assert FILE in Manifest.read(path).files
    with open_release(path) as release:
        assert release.search is release.search
        assert release.search.search(SearchRequest(text="custody")).hits[0].iri == f"{BASE}custody"
    (path / FILE).unlink()
    assert any(FILE in fault for fault in verify(path))
    with open_release(path) as release, pytest.raises(ReleaseError, match="damaged"):
        _ = release.search
