"""Negotiation of languages."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from officegraph.http.language import negotiate_language, parse_accept_language

AVAILABLE = ("en", "de", "fr", "pt", "pt-BR", "zh-Hant", "de-AT")


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        (None, "en"),
        ("", "en"),
        ("*", "en"),
        ("de", "de"),
        ("DE", "de"),
        ("de-CH", "de"),
        ("de-CH, en;q=0.8", "de"),
        ("de-Latn-CH-1996", "de"),
        ("de-AT", "de-AT"),
        ("de-at", "de-AT"),
        ("pt-BR", "pt-BR"),
        ("pt-br,pt;q=0.9,en;q=0.8", "pt-BR"),
        ("pt-PT", "pt"),
        ("pt", "pt"),
        ("en;q=0.1, fr;q=0.2", "fr"),
        ("fr;q=0.2, en;q=0.2", "fr"),
        ("es, fr;q=0.5", "fr"),
        ("es", "en"),
        ("es, *;q=0.5", "en"),
        ("*, fr;q=0.5", "fr"),  # RFC 4647, 3.4: "*" is skipped where other ranges are
        ("de;q=0, *", "en"),
        ("en;q=0, *", "de"),
        ("en;q=0", "de"),
        ("en;q=0, fr", "fr"),
        ("de;q=0, de-CH", "en"),  # shortening does not lead to what is refused
        ("de;q=0, de-AT", "de-AT"),
        ("*;q=0, fr", "fr"),
        ("*;q=0", "en"),
        ("zh", "zh-Hant"),
        ("zh-TW, zh;q=0.9", "zh-Hant"),
        ("zh-Hant-x-a-b", "zh-Hant"),
        ("de;q=abc, fr;q=0.1", "fr"),
        ("de;q=2, fr", "fr"),
        (",,fr ; q=0.9 ,", "fr"),
        ("tlh, x-klingon", "en"),
        ("en-US,en;q=0.9,de;q=0.8", "en"),
        ("fr-CH, fr;q=0.9, en;q=0.8, de;q=0.7, *;q=0.5", "fr"),
    ],
)
def test_a_field_gets_the_language_it_asks_for(header, expected):
    assert negotiate_language(header, AVAILABLE, "en") == expected


def test_a_single_letter_goes_with_what_it_introduces():
    # RFC 4647, 3.4: from zh-Hant-CN-x-private1 to zh-Hant-CN, never to zh-Hant-CN-x
    assert negotiate_language("zh-Hant-CN-x-private1", ["zh-Hant-CN-x", "zh-Hant-CN"], "en") == "zh-Hant-CN"


def test_the_default_stands_where_nothing_is_available():
    assert negotiate_language("fr", [], "en") == "en"


def test_ranges_are_sorted_by_weight_and_then_as_sent():
    assert parse_accept_language("a;q=0.5, b, c;q=0.5, d;q=0, e") == ("b", "e", "a", "c")
    assert parse_accept_language(None) == ()


@given(st.text(st.sampled_from("deftpnBR-*;q=0.19, "), max_size=40))
def test_no_field_is_too_odd(header):
    assert negotiate_language(header, AVAILABLE, "en") in AVAILABLE


@given(st.text(st.sampled_from("de-,"), min_size=600, max_size=900))
def test_long_fields_are_answered_like_short_ones(header):
    assert negotiate_language(header, ("fr",), "fr") == "fr"
