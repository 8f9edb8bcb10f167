"""Preconditions."""

from datetime import UTC, datetime, timedelta

import pytest

from officegraph.http.conditional import (
    Condition,
    EntityTag,
    evaluate,
    if_range_holds,
    parse_etag,
    parse_etags,
    strong_etag,
)
from officegraph.http.fields import http_date

MODIFIED = datetime(2026, 3, 1, 12, 0, 0, 999_999, tzinfo=UTC)
SAME = http_date(MODIFIED)
BEFORE = http_date(MODIFIED - timedelta(seconds=1))
AFTER = http_date(MODIFIED + timedelta(days=1))
ETAG = '"abc-ttl"'

CASES = [
    # If-None-Match: weak comparison, lists, *
    ("GET", {"if_none_match": '"abc-ttl"'}, 304),
    ("GET", {"if_none_match": 'W/"abc-ttl"'}, 304),
    ("GET", {"if_none_match": '"x", "abc-ttl"'}, 304),
    ("GET", {"if_none_match": '"x,abc-ttl","abc-ttl"'}, 304),
    ("GET", {"if_none_match": '"x" ,, W/"abc-ttl"'}, 304),
    ("GET", {"if_none_match": ' "abc-ttl" '}, 304),
    ("GET", {"if_none_match": "*"}, 304),
    ("GET", {"if_none_match": '"abc-jsonld"'}, 200),
    ("GET", {"if_none_match": '"abc-ttl-gzip"'}, 200),
    ("GET", {"if_none_match": '"x, abc-ttl"'}, 200),
    ("GET", {"if_none_match": "abc-ttl"}, 200),
    ("GET", {"if_none_match": 'w/"abc-ttl"'}, 200),
    ("GET", {"if_none_match": ""}, 200),
    ("GET", {"if_none_match": 'nonsense, "abc-ttl"'}, 304),
    ("HEAD", {"if_none_match": '"abc-ttl"'}, 304),
    ("QUERY", {"if_none_match": '"abc-ttl"'}, 304),
    ("POST", {"if_none_match": '"abc-ttl"'}, 412),
    ("PUT", {"if_none_match": "*"}, 412),
    ("POST", {"if_none_match": '"x"'}, 200),
    # If-Match: strong comparison
    ("GET", {"if_match": '"abc-ttl"'}, 200),
    ("GET", {"if_match": '"x", "abc-ttl"'}, 200),
    ("GET", {"if_match": 'W/"abc-ttl"'}, 412),
    ("GET", {"if_match": '"x"'}, 412),
    ("GET", {"if_match": "*"}, 200),
    ("GET", {"if_match": "nonsense"}, 412),
    ("PUT", {"if_match": '"x"'}, 412),
    # If-Modified-Since
    ("GET", {"if_modified_since": SAME}, 304),
    ("GET", {"if_modified_since": AFTER}, 304),
    ("GET", {"if_modified_since": BEFORE}, 200),
    ("HEAD", {"if_modified_since": SAME}, 304),
    ("POST", {"if_modified_since": SAME}, 200),
    ("GET", {"if_modified_since": "yesterday"}, 200),
    ("GET", {"if_modified_since": f"{SAME}, {SAME}"}, 200),
    # If-Unmodified-Since
    ("GET", {"if_unmodified_since": SAME}, 200),
    ("GET", {"if_unmodified_since": AFTER}, 200),
    ("GET", {"if_unmodified_since": BEFORE}, 412),
    ("GET", {"if_unmodified_since": "yesterday"}, 200),
    # precedence, section 13.2.2
    ("GET", {"if_none_match": '"x"', "if_modified_since": AFTER}, 200),
    ("GET", {"if_none_match": '"abc-ttl"', "if_modified_since": BEFORE}, 304),
    ("GET", {"if_match": '"abc-ttl"', "if_unmodified_since": BEFORE}, 200),
    ("GET", {"if_match": '"abc-ttl"', "if_none_match": '"abc-ttl"'}, 304),
    ("GET", {"if_match": '"x"', "if_none_match": '"abc-ttl"'}, 412),
    ("GET", {"if_unmodified_since": BEFORE, "if_none_match": '"abc-ttl"'}, 412),
    ("GET", {"if_match": '"abc-ttl"', "if_modified_since": AFTER}, 304),
    ("GET", {}, 200),
]


@pytest.mark.parametrize(("method", "fields", "expected"), CASES)
def test_preconditions_come_to_what_the_specification_says(method, fields, expected):
    assert evaluate(method, Condition(**fields), ETAG, MODIFIED) == expected


def test_no_condition_is_no_obstacle():
    assert evaluate("GET", None, ETAG, MODIFIED) == 200


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"if_none_match": '"a"'}, 200),
        ({"if_none_match": "*"}, 304),
        ({"if_match": '"a"'}, 412),
        ({"if_match": "*"}, 200),
        ({"if_modified_since": AFTER}, 200),
        ({"if_unmodified_since": BEFORE}, 200),
    ],
)
def test_a_representation_without_validators_matches_only_the_asterisk(fields, expected):
    assert evaluate("GET", Condition(**fields)) == expected


def test_the_asterisk_is_about_existence():
    assert evaluate("PUT", Condition(if_match="*"), exists=False) == 412
    assert evaluate("PUT", Condition(if_none_match="*"), exists=False) == 200


def test_a_weak_tag_of_ours_never_matches_strongly():
    assert evaluate("GET", Condition(if_match='W/"a"'), 'W/"a"') == 412
    assert evaluate("GET", Condition(if_none_match='"a"'), 'W/"a"') == 304


def test_conditions_are_found_in_the_environment():
    assert Condition.of({"HTTP_ACCEPT": "*/*"}) is None
    found = Condition.of({"HTTP_IF_NONE_MATCH": '"a"', "HTTP_IF_UNMODIFIED_SINCE": "x"})
    assert found == Condition(if_none_match='"a"', if_unmodified_since="x")


def test_entity_tags_are_read_from_lists():
    assert parse_etags('"a,b", W/"c" ,bad, "", "é"') == (
        EntityTag("a,b"),
        EntityTag("c", weak=True),
        EntityTag(""),
        EntityTag("é"),
    )
    assert parse_etags("") == ()
    assert parse_etags('"unclosed') == ()


@pytest.mark.parametrize("value", ["", "a", '"', '"a', '"a b"', '"a""b"', '"a", "b"', "*"])
def test_what_is_no_entity_tag_is_none(value):
    assert parse_etag(value) is None


def test_no_two_representations_share_a_strong_tag():
    digest = "0123456789abcdef" * 4
    tags = {
        strong_etag(digest, encoding, variant=variant)
        for encoding in ("identity", "gzip", "zstd", "br")
        for variant in ("", "ttl", "trig", "html-de")
    }
    assert len(tags) == 16
    assert all((tag := parse_etag(text)) and not tag.weak for text in tags)


@pytest.mark.parametrize(
    ("header", "etag", "expected"),
    [
        (None, ETAG, True),
        (ETAG, ETAG, True),
        ('W/"abc-ttl"', ETAG, False),
        ('"x"', ETAG, False),
        ('W/"a"', 'W/"a"', False),
        (ETAG, None, False),
        (f"{ETAG}, {ETAG}", ETAG, False),
        (SAME, ETAG, True),
        (BEFORE, ETAG, False),
        (AFTER, ETAG, False),
        ("nonsense", ETAG, False),
        ("", ETAG, False),
    ],
)
def test_if_range_wants_the_very_same_representation(header, etag, expected):
    assert if_range_holds(header, etag, MODIFIED) is expected
