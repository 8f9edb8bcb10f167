"""The spelling of language tags is recovered from the text of sources."""

from collections import Counter

import pytest

from officegraph.model.formats import JSON_LD, N_TRIPLES, RDF_XML, TRIG, TURTLE
from officegraph.vocabulary.language_tags import recommended, settle, spellings
from officegraph.vocabulary.wording import in_plain_words


@pytest.mark.parametrize(
    ("text", "form", "found"),
    [
        ('"a"@en-GB, \'b\' @de , """c"""@zh-Hant, "d"@ar--rtl', TURTLE, {"en-GB": 1, "de": 1, "zh-Hant": 1, "ar": 1}),
        ('"say \\"@EN" , "x"@en', TURTLE, {"en": 1}),
        ('"""say "@EN"""@en', TRIG, {"en": 1}),
        ('# "x"@EN\n<http://e/"@EN> "x"@en . "a\\\\"@en', N_TRIPLES, {"en": 2}),
        ("'''it''s \"x\"@EN'''@en", TURTLE, {"en": 1}),
        ("<a xml:lang=\"en-GB\" /><b\nxml:lang = 'de'/>", RDF_XML, {"en-GB": 1, "de": 1}),
        ('{"@language": "en-GB", "@value": "x"}', JSON_LD, {"en-GB": 1}),
    ],
)
def test_spellings_are_counted_where_they_are_tags(text, form, found):
    assert spellings(text, form, []) == found


@pytest.mark.parametrize(
    ("found", "chosen"),
    [
        ({"en": 2}, {}),
        ({"en-GB": 1}, {"en-gb": "en-GB"}),
        ({"en-GB": 1, "en-gb": 2}, {}),
        ({"en-GB": 1, "EN-GB": 1, "en-gb": 1}, {"en-gb": "en-GB"}),
        ({"EN": 1, "En": 1}, {"en": "EN"}),
    ],
)
def test_the_most_frequent_spelling_stands_for_all_and_the_recommended_one_breaks_ties(found, chosen):
    spelled, notes = settle(Counter(found))
    assert spelled == chosen
    assert len(notes) == (len(found) > 1)


@pytest.mark.parametrize(
    "tag", ["en-GB", "zh-Hant-TW", "mn-Cyrl-MN", "en-US-x-twain", "sl-rozaj-biske-1994", "de-1996", "i-klingon"]
)
def test_the_recommended_case_is_that_of_rfc_5646(tag):
    assert recommended(tag.upper()) == recommended(tag.lower()) == tag


@pytest.mark.parametrize(
    ("said", "plain"),
    [
        ("Parser error at line 1 column 2: Some new message (line 1)", "Some new message"),
        ("Parser error between line 1 column 2 and line 3 column 4: Bad", "Bad"),
        ("Some new message with: a colon", "Some new message with: a colon"),
        ("Parser error at line 1 between columns 1 and 2: \ufeff\x00 is bad", "U+FEFFU+0000 is bad"),
        ("", "malformed"),
    ],
)
def test_what_has_no_plain_words_is_left_as_the_parser_says_it(said, plain):
    assert in_plain_words(said) == plain
