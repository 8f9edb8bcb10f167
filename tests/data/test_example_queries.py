"""The example queries for users: they run as they stand and find something."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from pyoxigraph import QueryBoolean, QuerySolutions, QueryTriples, Store

QUERIES = sorted((Path(__file__).parents[2] / "data" / "queries").glob("*.rq"))

each_query = pytest.mark.parametrize("path", QUERIES, ids=[path.stem for path in QUERIES])


def header(text: str) -> dict[str, str]:
    """Return the fields of the comment lines at the top."""
    return dict(re.findall(r"^# (\w+): (.+)$", text.split("\n\n", 1)[0], re.MULTILINE))


def test_there_are_a_dozen_examples_at_least_with_titles_of_their_own() -> None:
    titles = [header(path.read_text(encoding="utf-8"))["title"] for path in QUERIES]
    assert len(titles) >= 12
    assert len(set(titles)) == len(titles)


@each_query
def test_an_example_says_what_it_is_for(path: Path) -> None:
    assert re.fullmatch(r"[a-z]+(-[a-z]+)*", path.stem)
    fields = header(path.read_text(encoding="utf-8"))
    assert list(fields) == ["title", "description"]
    assert fields["description"].endswith(".")


@each_query
def test_an_example_declares_the_prefixes_that_it_uses_and_no_others(path: Path) -> None:
    declarations, _, body = path.read_text(encoding="utf-8").split("\n\n", 1)[1].partition("\n\n")
    declared = re.findall(r"^PREFIX ([\w-]+): ", declarations, re.MULTILINE)
    assert declared == sorted(set(re.findall(r"(?<![\w:?])([a-z]+):[\w-]", body)))


@each_query
def test_an_example_finds_something(path: Path, release_store: Store) -> None:
    answer = release_store.query(path.read_text(encoding="utf-8"))
    if isinstance(answer, QueryBoolean):
        return
    assert isinstance(answer, QuerySolutions | QueryTriples)
    assert len(list(answer)) > 0


def test_an_example_is_given_for_each_form_of_query(release_store: Store) -> None:
    forms = {type(release_store.query(path.read_text(encoding="utf-8"))) for path in QUERIES}
    assert forms == {QuerySolutions, QueryBoolean, QueryTriples}


def test_solutions_bind_every_variable_somewhere(release_store: Store) -> None:
    """A column that is always empty is a pattern that misses."""
    for path in QUERIES:
        answer = release_store.query(path.read_text(encoding="utf-8"))
        if isinstance(answer, QuerySolutions):
            variables = answer.variables
            rows = list(answer)
            empty = [v.value for v in variables if not any(row[v] is not None for row in rows)]
            assert empty == [], path.stem
