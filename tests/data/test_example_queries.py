"""The example queries for users: they say what they are for, run as they stand, quickly, and find something."""

from __future__ import annotations

import re
import time
from pathlib import Path

import pytest
from pyoxigraph import QueryBoolean, QuerySolutions, QueryTriples, Store

QUERIES = sorted((Path(__file__).parents[2] / "data" / "queries").glob("*.rq"))

TOPICS = [
    "First questions",
    "Placements",
    "Contested and undecided",
    "Sources and evidence",
    "Functions and their hierarchy",
    "Roles, units, documents and systems",
    "The offices",
    "Names and languages",
    "The words",
    "The dataset",
]
"""The topics in the order of the first digit of a file name, which is the order on the SPARQL page."""

each_query = pytest.mark.parametrize("path", QUERIES, ids=[path.stem for path in QUERIES])


def header(path: Path) -> dict[str, str]:
    """Return the fields of the comment lines at the top."""
    return dict(re.findall(r"^# (\w+): (.+)$", path.read_text(encoding="utf-8").split("\n\n", 1)[0], re.MULTILINE))


def without_literals(text: str) -> str:
    """Return a query without strings, IRIs and comments, in which prefixes are easily mistaken."""
    return re.sub(r'"(?:[^"\\]|\\.)*"|<[^<>\s]*>|#[^\n]*', "", text)


def test_there_are_sixty_examples_at_least_with_titles_of_their_own() -> None:
    titles = [header(path)["title"] for path in QUERIES]
    assert len(titles) >= 60
    assert len(set(titles)) == len(titles)


@each_query
def test_an_example_says_what_it_is_for(path: Path) -> None:
    assert re.fullmatch(r"[0-9]{2}(-[a-z]+)+", path.stem)
    fields = header(path)
    assert list(fields) == ["title", "description", "topic"]
    assert re.fullmatch(r"[A-Z].{10,70}", fields["title"])
    assert re.fullmatch(r"[A-Z].{30,150}[.?]", fields["description"])
    assert fields["topic"] == TOPICS[int(path.stem[0])]


def test_no_two_examples_have_the_same_number() -> None:
    numbers = [path.stem[:2] for path in QUERIES]
    assert len(set(numbers)) == len(numbers)


@each_query
def test_an_example_declares_the_prefixes_that_it_uses_and_no_others(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    declared = re.findall(r"^PREFIX ([\w-]+): ", text, re.MULTILINE)
    body = without_literals(re.sub(r"^PREFIX .*$", "", text, flags=re.MULTILINE))
    assert declared == sorted(set(re.findall(r"(?<![\w:?-])([a-z][a-z-]*):[\w-]", body)))


@each_query
def test_solutions_come_in_a_stated_order(path: Path) -> None:
    body = without_literals(path.read_text(encoding="utf-8"))
    if "SELECT" in body and path.stem != "90-about-the-dataset":  # which has one solution
        assert re.search(r"^ORDER BY ", body, re.MULTILINE)


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
    text = "".join(path.read_text(encoding="utf-8") for path in QUERIES)
    assert all(re.search(rf"^{form}\b", text, re.MULTILINE) for form in ("SELECT", "ASK", "CONSTRUCT", "DESCRIBE"))


@each_query
def test_every_variable_is_bound_somewhere_and_no_solution_comes_twice(path: Path, release_store: Store) -> None:
    """A column that is always empty is a pattern that misses; a solution twice is a language or a join too many."""
    answer = release_store.query(path.read_text(encoding="utf-8"))
    if isinstance(answer, QuerySolutions):
        variables = answer.variables
        rows = [tuple(row[variable] for variable in variables) for row in answer]
        assert [v.value for v, column in zip(variables, zip(*rows, strict=True), strict=True) if not any(column)] == []
        assert len(set(rows)) == len(rows)


def processor_time(store: Store, text: str) -> float:
    """Return the seconds of the processor that a query takes, at best of three."""
    times = []
    for _ in range(3):
        start = time.thread_time()
        answer = store.query(text)
        if not isinstance(answer, QueryBoolean):
            list(answer)
        times.append(time.thread_time() - start)
    return min(times)


@pytest.fixture(scope="module")
def counting(release_store: Store) -> float:
    """Seconds of the processor that it takes to look at every statement twice."""
    return processor_time(release_store, "SELECT ?p (COUNT(DISTINCT ?s) AS ?n) { ?s ?p ?o } GROUP BY ?p")


@each_query
def test_an_example_takes_no_longer_than_to_look_at_everything(
    path: Path, release_store: Store, counting: float
) -> None:
    assert processor_time(release_store, path.read_text(encoding="utf-8")) < 4 * counting


@each_query
def test_an_example_calls_nobody_else(path: Path) -> None:
    """The endpoint answers from its own data: no federation, no graphs from elsewhere, no updates."""
    body = without_literals(path.read_text(encoding="utf-8"))
    assert not re.search(r"\b(SERVICE|FROM|LOAD|INSERT|DELETE|CLEAR|DROP)\b", body)
