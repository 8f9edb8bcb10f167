"""The concepts of an index by name."""

from __future__ import annotations

from pathlib import Path

import pytest

from officegraph.release.search import sets
from officegraph.release.search.folding import key
from officegraph.release.search.model import Kind, Property
from officegraph.release.search.names import HAN, OTHER, initial
from officegraph.release.search.resources import Searched, Text
from officegraph.release.search.service import SearchIndex
from officegraph.release.search.write import write_index


def concept(iri: str, *labels: tuple[str, str], scheme: str = "s:1") -> Searched:
    texts = tuple(Text(Property.PREFERRED, text, language) for text, language in labels)
    return Searched(
        iri=iri, kind=Kind.CONCEPT, types=(), schemes=(scheme,), offices=(), segments=(), deprecated=False,
        labels=texts, notes=(),
    )  # fmt: skip


@pytest.fixture
def index(tmp_path: Path) -> SearchIndex:
    resources = [
        concept("x:1", ("beta", "en"), ("Zeta", "de")),
        concept("x:2", ("alpha", "en"), scheme="s:2"),
        concept("x:3", ("Ärger", "de")),
        concept("x:4", ("???", "en")),
        concept("x:5", ("gamma", "")),
    ]
    path = tmp_path / "index"
    write_index(path, resources, "en")
    return SearchIndex(path)


def listed(index: SearchIndex, **ranks: int) -> list[str]:
    names = index.names
    return [names.record(number).iri for number in names.alphabet(ranks, names.concepts).numbers]


def test_each_concept_is_listed_by_its_name_in_the_first_language(index: SearchIndex) -> None:
    assert listed(index, en=0, de=1) == ["x:2", "x:3", "x:1", "x:5"]
    assert listed(index, de=0, en=1) == ["x:2", "x:3", "x:5", "x:1"]


def test_a_list_can_be_limited(index: SearchIndex) -> None:
    names = index.names
    found = names.alphabet({"en": 0}, names.schemes["s:2"])
    assert [names.record(number).iri for number in found.numbers] == ["x:2"]
    assert list(found.starts) == ["A"]
    assert not names.alphabet({}, 0).numbers


def test_sections_are_the_list_in_parts(index: SearchIndex) -> None:
    found = index.names.alphabet({"de": 0, "en": 1}, index.names.concepts)
    assert list(found.starts) == ["A", "G", "Z"]
    assert [list(found.section(letter)) for letter in found.starts] == [[1, 2], [4], [0]]
    assert not found.section("X")


def test_numbers_and_iris_belong_together(index: SearchIndex) -> None:
    assert dict(index.names.iris(sets.from_members([1, 3]))) == {1: "x:2", 3: "x:4"}


@pytest.mark.parametrize(
    ("text", "letter"),
    [
        ("Übergang", "U"), ("ошибка", "\u041e"), ("ṣalāt", "S"), ("\uff57ide", "W"), ("ﬁsh", "F"), ("汉", HAN),
        ("𠀀", HAN), ("ャ", "や"), ("パイ", "は"), ("까치", "ㄱ"), ("שלום", "ש"), ("हिन्दी", "ह"), ("Ⅷ", "V"),
        ("", OTHER),
    ],
)  # fmt: skip
def test_headings(text: str, letter: str) -> None:
    assert initial(key(text)) == letter
