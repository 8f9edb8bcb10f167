"""Pieces of HTTP fields."""

from datetime import UTC, datetime, timedelta, timezone
from urllib.parse import unquote_to_bytes

import pytest
from hypothesis import given
from hypothesis import strategies as st

from officegraph.http.fields import (
    http_date,
    parse_http_date,
    parse_weight,
    percent_decoded,
    quote,
    split_quoted,
    unquote,
)

MOMENT = datetime(1994, 11, 6, 8, 49, 37, tzinfo=UTC)


@pytest.mark.parametrize(
    "value",
    ["Sun, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994"],
)
def test_all_three_forms_of_a_date_are_understood(value):
    assert parse_http_date(value) == MOMENT


@pytest.mark.parametrize(
    "value",
    [
        "",
        "yesterday",
        "1994-11-06T08:49:37Z",
        "Sun, 06 Nov 1994 08:49:37",
        "Sun, 06 Nov 1994 08:49:37 +0100",
        "Sun, 31 Feb 1994 08:49:37 GMT",
        "Sun, 06 Foo 1994 08:49:37 GMT",
        "Sun, 06 Nov 1994 25:49:37 GMT",
        "Sun, 6 Nov 1994 08:49:37 GMT",
        "sun, 06 nov 1994 08:49:37 gmt",
        "0",
        "Sun, 06 Nov 1994 08:49:37 GMT, Sun, 06 Nov 1994 08:49:37 GMT",
        "Sun, \u0660\u0666 Nov 1994 08:49:37 GMT",
    ],
)
def test_what_is_no_date_is_none(value):
    assert parse_http_date(value) is None


def test_two_digits_are_a_year_at_most_fifty_years_ahead():
    this_year = datetime.now(UTC).year
    for year in range(this_year - 45, this_year + 46):
        found = parse_http_date(f"Sunday, 06-Nov-{year % 100:02} 08:49:37 GMT")
        assert found is not None
        assert found.year == year


def test_a_leap_second_is_a_date():
    found = parse_http_date("Sat, 31 Dec 2016 23:59:60 GMT")
    assert found == datetime(2016, 12, 31, 23, 59, 59, tzinfo=UTC)


@given(st.datetimes(min_value=datetime(1000, 1, 1), timezones=st.just(UTC)))
def test_a_date_survives_writing_and_reading(moment):
    assert parse_http_date(http_date(moment)) == moment.replace(microsecond=0)


def test_a_date_is_written_in_gmt():
    assert http_date(MOMENT.astimezone(timezone(timedelta(hours=2)))) == "Sun, 06 Nov 1994 08:49:37 GMT"


@pytest.mark.parametrize(
    ("value", "expected"),
    [("0", 0), ("1", 1), ("0.5", 0.5), ("1.000", 1), ("0.", 0), (".2", 0.2), ("0.6666", 0.6666)]
    + [(bad, None) for bad in ("", "2", "1.001", "-1", "abc", "nan", "inf", "1e-1", "0,5", "00.5", " 1", "\u0660")],
)
def test_a_weight_is_from_0_to_1(value, expected):
    assert parse_weight(value) == expected


@given(st.text(st.characters(min_codepoint=32, max_codepoint=126)))
def test_quoting_is_undone_by_unquoting(value):
    assert unquote(quote(value)) == value
    assert list(split_quoted(f"a, {quote(value)} ,b", ",")) == ["a", quote(value), "b"]


PIECES = (b"%20", b"%c3", b"%", b"=", b"=41", b" ", b"%0d", b"\r\n", b"a")


@given(st.one_of(st.binary(max_size=60), st.lists(st.sampled_from(PIECES)).map(b"".join)))
def test_escapes_are_decoded_as_the_standard_library_does(data):
    assert percent_decoded(data) == unquote_to_bytes(data)
