"""Sets come back as they were stored, whatever their form."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from officegraph.release.search import sets
from officegraph.release.search.write import LEVELS, encode_posting, posting_sections

NUMBERS = st.sets(st.integers(0, 20_000), min_size=1, max_size=300)
DENSE = st.integers(1, 400).flatmap(lambda size: st.sets(st.integers(0, size), min_size=1))


@given(NUMBERS | DENSE)
def test_a_set_comes_back(numbers: set[int]) -> None:
    ordered = sorted(numbers)
    stored = sets.encode(ordered)
    assert sets.decode(stored) == sets.from_members(ordered) == sum(1 << number for number in numbers)
    assert list(sets.members(sets.decode(stored))) == list(sets.members_of(stored)) == ordered


def test_a_small_set_is_a_list_and_a_full_one_bits() -> None:
    assert sets.is_list(sets.encode([5, 100_000]))
    assert not sets.is_list(sets.encode(range(1000)))
    assert len(sets.encode(range(1000))) == 126


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, LEVELS - 1), st.integers(0, 50)), min_size=1))
def test_a_posting_keeps_the_lowest_level_of_each_resource(entries: list[tuple[int, int, int]]) -> None:
    stored = encode_posting((language * LEVELS + level) << 32 | resource for language, level, resource in entries)
    found = {
        (language, resource): level
        for language, level, members in posting_sections(stored)
        for resource in sets.members_of(members)
    }
    expected: dict[tuple[int, int], int] = {}
    for language, level, resource in entries:
        expected[language, resource] = min(level, expected.get((language, resource), LEVELS))
    assert found == expected
