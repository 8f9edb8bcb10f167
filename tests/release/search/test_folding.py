"""Words as they are compared: tables, and what holds for every text."""

from __future__ import annotations

import doctest

import pytest
from hypothesis import given
from hypothesis import strategies as st

from officegraph.release.search import explain, folding, service, sets, similar
from officegraph.release.search.folding import LONGEST_WORD, asked_words, fold, key, spellings, word_texts, words


@pytest.mark.parametrize("module", [explain, folding, service, sets, similar])
def test_examples_of_the_documentation(module) -> None:
    assert doctest.testmod(module).failed == 0


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Büro", "buro"),
        ("Bu\u0308ro", "buro"),
        ("STRASSE", "strasse"),
        ("straße", "strasse"),
        ("Ærø", "aero"),
        ("Łódź", "lodz"),
        ("cœur", "coeur"),
        ("\uff2b\uff39\uff23", "kyc"),
        ("İstanbul", "istanbul"),
        ("ΜΆΪΟΣ", "μαιοσ"),
        ("ёлка", "елка"),
        ("مُحَمَّد", "محمد"),
        ("שָׁלוֹם", "שלום"),
        ("ﾊﾞｯｸ", "バック"),
        ("ガ", "ガ"),
        ("हिन्दी", "हिन्दी"),
        ("a\ud800b", "ab"),
    ],
)
def test_folding(text: str, folded: str) -> None:
    assert fold(text) == folded


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("front-office", ["front", "office"]),
        ("P&L", ["pl"]),
        ("P & L, FP&A", ["pl", "fpa"]),
        ("health & safety", ["health", "safety"]),
        ("the U.S. market", ["the", "us", "market"]),
        ("lavoro d'ufficio", ["lavoro", "d", "ufficio"]),
        ("C++ / C#", ["c", "c"]),
        ("snake_case", ["snake", "case"]),
        ("バック", ["バッ", "ック", "ク"]),
        ("IT部門", ["it", "部門", "門"]),
        ("x" * 100, ["x" * LONGEST_WORD]),
        ("हिन्दी भाषा", ["हिन्दी", "भाषा"]),
        ('"; NEAR(a, b) *:^', ["near", "a", "b"]),
        ("\0\n\t", []),
        ("", []),
    ],
)
def test_words(text: str, found: list[str]) -> None:
    assert [word.text for word in words(text)] == found
    assert word_texts(text) == found


@given(st.text())
def test_words_stand_where_they_are_said_to(text: str) -> None:
    for word in words(text):
        assert 0 <= word.start < word.end <= len(text)
        assert word.text
        assert fold(text[word.start : word.end]).startswith(word.text[:1]) or "&" in text or "." in text


@given(st.text())
def test_words_without_places_are_the_same(text: str) -> None:
    assert word_texts(text) == [word.text for word in words(text)]


@given(st.text(alphabet=st.characters(codec="utf-8")))
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)
    assert key(key(text)) == key(text)


@given(st.text())
def test_case_makes_no_difference_to_ascii(text: str) -> None:
    plain = text.encode("ascii", "ignore").decode()
    assert key(plain.upper()) == key(plain.lower()) == key(plain)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("organisation", "organization"),
        ("organizing", "organising"),
        ("analyse", "analyze"),
        ("colour", "color"),
        ("labor", "labour"),
        ("centre", "center"),
        ("centers", "centres"),
        ("catalogue", "catalog"),
        ("modelling", "modeling"),
        ("labeling", "labelling"),
        ("licence", "license"),
        ("programme", "program"),
        ("cheque", "check"),
        ("checks", "cheques"),
        ("fulfilment", "fulfillment"),
        ("judgement", "judgment"),
        ("enrolment", "enrollment"),
        ("policies", "policy"),
        ("branches", "branch"),
        ("settlements", "settlement"),
        ("pruefung", "prufung"),
    ],
)
def test_spellings(one: str, other: str) -> None:
    assert other in spellings(one)


@given(st.text())
def test_spellings_of_any_word_are_few_and_others(word: str) -> None:
    assert len(spellings(word)) <= 8
    assert word not in spellings(word)


@given(st.text())
def test_every_character_without_spaces_begins_a_word(text: str) -> None:
    run = "前台" + "".join(character for character in text if "一" <= character <= "鿿") + "後"
    beginnings = {word.text[0] for word in words(run)}
    assert beginnings >= set(fold(run))
    assert asked_words(run)
