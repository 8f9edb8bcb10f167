"""Answers that are remembered by the words of a request are bounded in number and bytes."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from officegraph.web.known import Known, KnownAnswers


def known(body: bytes | memoryview = b"") -> Known:
    return Known(200, [], body, "resource", None)


@given(st.lists(st.integers(0, 40), max_size=60))
def test_there_is_never_more_than_there_may_be(sizes: list[int]) -> None:
    answers = KnownAnswers(requests=5, capacity=30)
    for number, size in enumerate(sizes):
        answers.remember((number,), known(b"x" * size))
        assert len(answers) <= 5
        assert answers.size == sum(len(answer.body) for answer in answers.values()) <= 30
        assert ((number,) in answers) == (size <= 30)


def test_views_of_the_mapped_file_take_no_room() -> None:
    answers = KnownAnswers(capacity=10)
    for number in range(3):
        answers.remember((number,), known(memoryview(b"x" * 100)))
    assert len(answers) == 3
    assert answers.size == 0


def test_what_is_forgotten_makes_room() -> None:
    answers = KnownAnswers(capacity=10)
    answers.remember((1,), known(b"x" * 10))
    answers.clear()
    answers.remember((2,), known(b"x" * 10))
    assert list(answers) == [(2,)]
    assert answers.size == 10
