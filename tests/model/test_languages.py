"""Languages are chosen as RFC 4647 does."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Literal

from officegraph.model.languages import best_literal, lookup


@pytest.mark.parametrize(
    ("ranges", "available", "found"),
    [
        (["zh-Hant-CN-x-private1-private2"], ["zh-Hant-CN-x-private1"], "zh-Hant-CN-x-private1"),
        (["zh-Hant-CN-x-private1-private2"], ["zh-Hant-CN", "zh"], "zh-Hant-CN"),
        (["zh-Hant-CN-x-private1-private2"], ["zh-Hant-CN-x", "zh"], "zh"),
        (["zh-Hant-CN"], ["zh-Hant-TW", "zh-Hans"], "default"),
        (["fr-FR", "zh-Hant"], ["zh", "en"], "zh"),
        (["de-CH", "en"], ["en", "de"], "de"),
        (["DE-ch"], ["de-CH"], "de-CH"),
        (["de"], ["de-CH"], "default"),
        (["*"], ["de"], "default"),
        (["*", "de"], ["de"], "de"),
        ([], ["de"], "default"),
        (["de"], [], "default"),
        (["de"], ["DE", "de"], "DE"),
        (["d"], ["de"], "default"),
    ],
)
def test_lookup_follows_section_3_4(ranges, available, found):
    assert lookup(ranges, available, "default") == found


TAGS = st.lists(st.sampled_from(["en", "en-GB", "de", "de-CH", "zh-Hant", "x-y"]), max_size=5)


@given(TAGS, TAGS)
def test_lookup_finds_what_is_asked_for_word_for_word(ranges, available):
    found = lookup(ranges, available, None)
    assert found is None or found in available
    if ranges and ranges[0] in available:
        assert found == ranges[0]


LITERALS = [
    Literal("plain"), Literal("colour", language="en-GB"), Literal("Farbe", language="de"),
    Literal("couleur", language="fr"),
    Literal("Couleur", language="fr"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("ranges", "default", "found"),
    [
        (["de-CH"], "en", "Farbe"),
        (["fr"], "en", "Couleur"),
        (["en"], "de", "colour"),
        (["it"], "de", "Farbe"),
        (["it"], "en", "colour"),
        (["it"], "es", "plain"),
        ([], None, "plain"),
        (["*"], "de", "Farbe"),
    ],
)
def test_the_best_literal_falls_back_by_and_by(ranges, default, found):
    assert best_literal(LITERALS, ranges, default).value == found
    assert best_literal(reversed(LITERALS), ranges, default).value == found


def test_a_literal_in_any_language_is_better_than_none():
    assert best_literal([Literal("b", language="sv"), Literal("a", language="sk")], ["it"], "en").value == "a"
    assert best_literal([], ["it"], "en") is None
