"""What is offered while one types a query."""

from __future__ import annotations

import pytest

from officegraph.model.labels import Label
from officegraph.release.search.model import Features, Hit, Kind, Match, MatchKind, Property
from officegraph.web.completion import MOST, find_used, of_hits, prefixed_name

PREFIXES = {"": "http://e/", "a": "http://e/a/", "ab": "http://e/a/b#", "bad prefix": "http://x/", "skos": "http://s#"}


@pytest.mark.parametrize(
    ("iri", "name"),
    [
        ("http://e/x", ":x"),
        ("http://e/a/x", "a:x"),
        ("http://e/a/b#x-1.2", "ab:x-1.2"),
        ("http://e/a/x/y", None),
        ("http://e/a/", None),
        ("http://e/a/x.", None),
        ("http://e/a/-x", None),
        ("http://e/a/x,y", None),
        ("http://e/a/\u00fc", None),
        ("http://e/a/x y", None),
        ("http://x/y", None),
        ("urn:other", None),
    ],
)
def test_a_prefixed_name_needs_no_escape(iri: str, name: str | None) -> None:
    found = prefixed_name(iri, PREFIXES)
    assert (None if found is None else str(found)) == name
    assert found is None or found.namespace + found.local == iri


COUNTS = {
    "http://s#Concept": 9,
    "http://s#ConceptScheme": 2,
    "http://s#prefLabel": 20,
    "http://e/a/Thing": 5,
    "http://e/a/partConcept": 50,
    "http://elsewhere/#Concealed": 1,
}
LABELS = {
    "http://e/a/Thing": {"en": "thing", "de": "Konzept an sich"},
    "http://s#prefLabel": {"en": "preferred label"},
}


def names(text: str) -> list[str]:
    found = find_used(COUNTS, "class", text, PREFIXES, lambda iri: LABELS.get(iri, {}))
    return [str(term.name or term.iri) for term in found]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Con", ["skos:Concept", "skos:ConceptScheme", "http://elsewhere/#Concealed", "a:partConcept"]),
        ("conc", ["skos:Concept", "skos:ConceptScheme", "http://elsewhere/#Concealed", "a:partConcept"]),
        ("skos:C", ["skos:Concept", "skos:ConceptScheme"]),
        ("SKOS:c", ["skos:Concept", "skos:ConceptScheme"]),
        ("http://elsewhere/", ["http://elsewhere/#Concealed"]),
        ("konzept", ["a:Thing"]),
        ("sich", ["a:Thing"]),
        ("sko", ["skos:prefLabel", "skos:Concept", "skos:ConceptScheme"]),
        ("nothing", []),
        ("none:", []),
        ("(", []),
    ],
)
def test_terms_are_found_by_name_and_label_the_most_used_first(text: str, expected: list[str]) -> None:
    assert names(text) == expected


def test_nothing_typed_finds_everything_by_use() -> None:
    assert names("")[:3] == ["a:partConcept", "skos:prefLabel", "skos:Concept"]


def test_the_label_is_that_of_the_reader_and_the_match_another() -> None:
    (term,) = find_used(COUNTS, "class", "konz", PREFIXES, lambda iri: LABELS.get(iri, {}), ("en",))
    assert (term.label, term.match, term.count) == (Label("thing", "en"), Label("Konzept an sich", "de"), 5)
    assert term.as_json() == {
        "iri": "http://e/a/Thing", "kind": "class", "name": "a:Thing", "prefix": "a", "namespace": "http://e/a/",
        "label": "thing", "language": "en", "match": "Konzept an sich", "count": 5,
    }  # fmt: skip


def test_no_more_are_offered_than_fit() -> None:
    assert len(find_used({f"http://e/x{n}": n for n in range(99)}, "property", "x", PREFIXES, lambda _iri: {})) == MOST


def hit(iri: str, label: str, match: str) -> Hit:
    return Hit(
        iri=iri, kind=Kind.CONCEPT, types=(), schemes=(), offices=(), segments=(), deprecated=False,
        label=Label(label, "en"), match=Match(Property.PREFERRED, match, "de", ()), score=1.0,
        features=Features(MatchKind.PREFIX, 0, True, True, 1.0),
    )  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), [("ab", ["a:one", ":two", None]), ("a:", ["a:one"]), ("b:", [])])
def test_hits_are_held_to_the_prefix_that_was_typed(text: str, expected: list[str | None]) -> None:
    hits = [hit("http://e/a/one", "one", "eins"), hit("http://e/two", "two", "two"), hit("urn:three", "three", "x")]
    terms = of_hits(hits, text, PREFIXES)
    assert [None if term.name is None else str(term.name) for term in terms] == expected
    assert [term.match is None for term in terms] == [False, True, False][: len(terms)]
