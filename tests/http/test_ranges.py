"""Byte ranges."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from officegraph.http.ranges import (
    MOST_RANGES,
    UNSATISFIABLE,
    Range,
    boundary,
    multipart,
    parse_range,
    select_ranges,
    unsatisfied,
)

CASES = [
    (None, None),
    ("bytes=0-0", [(0, 0)]),
    ("bytes=0-499", [(0, 499)]),
    ("bytes=500-999", [(500, 999)]),
    ("bytes=999-999", [(999, 999)]),
    ("bytes=999-", [(999, 999)]),
    ("bytes=0-", [(0, 999)]),
    ("bytes=0-5000", [(0, 999)]),
    ("bytes=-1", [(999, 999)]),
    ("bytes=-500", [(500, 999)]),
    ("bytes=-1000", [(0, 999)]),
    ("bytes=-5000", [(0, 999)]),
    ("BYTES=0-0", [(0, 0)]),
    ("bytes= 0-0 , 2-2", [(0, 0), (2, 2)]),
    ("bytes=0-0,-1", [(0, 0), (999, 999)]),
    ("bytes=500-600,0-9", [(500, 600), (0, 9)]),
    ("bytes=0-9,5-20", [(0, 20)]),
    ("bytes=0-9,10-20", [(0, 20)]),
    ("bytes=100-200,0-10,150-300", [(100, 300), (0, 10)]),
    ("bytes=0-0,,2-2,", [(0, 0), (2, 2)]),
    ("bytes=0-9,2000-3000", [(0, 9)]),
    ("bytes=1000-", UNSATISFIABLE),
    ("bytes=1000-1000", UNSATISFIABLE),
    ("bytes=2000-3000,4000-", UNSATISFIABLE),
    ("bytes=-0", UNSATISFIABLE),
    ("bytes=5-2", None),
    ("bytes=0-9,5-2", None),
    ("bytes=", None),
    ("bytes=-", None),
    ("bytes=a-b", None),
    ("bytes=0", None),
    ("bytes=0-0-0", None),
    ("bytes=+1-2", None),
    ("bytes=0x0-0x1", None),
    ("bytes=\u0660-\u0669", None),
    ("bytes 0-0", None),
    ("bytes = 0-0", None),
    ("items=0-0", None),
    ("seconds=1-2", None),
    ("", None),
    ("bytes=" + "9" * 30 + "-", None),
    ("bytes=" + ",".join(f"{n * 2}-{n * 2}" for n in range(MOST_RANGES + 1)), None),
]


@pytest.mark.parametrize(("header", "expected"), CASES)
def test_a_field_selects_the_bytes_it_names(header, expected):
    found = parse_range(header, 1000)
    if isinstance(expected, list):
        expected = [Range(*pair) for pair in expected]
    assert found == expected


def test_an_empty_representation_has_no_ranges():
    assert parse_range("bytes=0-", 0) is UNSATISFIABLE
    assert parse_range("bytes=-5", 0) is None


@given(
    st.integers(1, 60),
    st.lists(st.tuples(st.integers(0, 80), st.integers(0, 80)), min_size=1, max_size=6),
)
def test_exactly_the_bytes_that_were_asked_for_are_selected_once(size, pairs):
    pairs = [(min(pair), max(pair)) for pair in pairs]
    found = parse_range("bytes=" + ",".join(f"{first}-{last}" for first, last in pairs), size)
    wanted = {byte for first, last in pairs for byte in range(first, last + 1) if byte < size}
    if not wanted:
        assert found is UNSATISFIABLE
        return
    assert isinstance(found, list)
    selected = [byte for item in found for byte in range(size)[item.as_slice()]]
    assert len(selected) == len(set(selected)) == sum(map(len, found))
    assert set(selected) == wanted


def test_only_get_has_ranges():
    assert select_ranges("GET", "bytes=0-0", 10) == [Range(0, 0)]
    assert select_ranges("HEAD", "bytes=0-0", 10) is None
    assert select_ranges("POST", "bytes=0-0", 10) is None
    assert select_ranges("GET", None, 10) is None


def test_if_range_turns_ranges_off_when_the_representation_is_another():
    moment = datetime(2026, 3, 1, tzinfo=UTC)
    date = "Sun, 01 Mar 2026 00:00:00 GMT"
    assert select_ranges("GET", "bytes=0-0", 10, if_range='"a"', etag='"a"') == [Range(0, 0)]
    assert select_ranges("GET", "bytes=0-0", 10, if_range='"a"', etag='"b"') is None
    assert select_ranges("GET", "bytes=90-", 10, if_range='"a"', etag='"b"') is None
    assert select_ranges("GET", "bytes=0-0", 10, if_range=date, last_modified=moment) == [Range(0, 0)]
    assert select_ranges("GET", "bytes=0-0", 10, if_range=date) is None


def test_content_range_names_first_last_and_size():
    assert Range(0, 0).content_range(10) == "bytes 0-0/10"
    assert unsatisfied(10) == "bytes */10"
    assert b"abcdef"[Range(1, 2).as_slice()] == b"bc"


def test_several_parts_make_one_body_of_the_announced_length():
    data = bytes(range(100))
    ranges = [Range(90, 99), Range(0, 4)]
    body = multipart(ranges, len(data), "text/turtle; charset=utf-8", '"abc"')
    joined = b"".join(head + data[item.as_slice()] for head, item in body.parts) + body.end
    assert len(joined) == body.length
    mark = boundary('"abc"', ranges).encode()
    assert body.content_type == f"multipart/byteranges; boundary={mark.decode()}"
    start, first, second, end = joined.split(b"--" + mark)
    assert start == b""
    assert end == b"--\r\n"
    assert first == (
        b"\r\nContent-Type: text/turtle; charset=utf-8\r\nContent-Range: bytes 90-99/100\r\n\r\n" + data[90:] + b"\r\n"
    )
    assert b"Content-Range: bytes 0-4/100\r\n\r\n" + data[:5] in second


def test_a_boundary_is_the_same_for_the_same_answer_only():
    assert boundary('"a"', [Range(0, 1)]) == boundary('"a"', [Range(0, 1)])
    assert boundary('"a"', [Range(0, 1)]) != boundary('"b"', [Range(0, 1)])
    assert boundary('"a"', [Range(0, 1)]) != boundary('"a"', [Range(0, 2)])
