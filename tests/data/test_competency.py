"""Competency: the graph answers the questions of users, those on the SPARQL page, as it should."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from pyoxigraph import BlankNode, Literal, NamedNode, QueryBoolean, QuerySolutions, QueryTriples, Store, Triple

QUERIES = Path(__file__).parents[2] / "data" / "queries"
QUESTIONS: list[dict[str, Any]] = tomllib.loads(
    (Path(__file__).parent / "competency.toml").read_text(encoding="utf-8")
)["question"]

each_question = pytest.mark.parametrize("question", QUESTIONS, ids=[question["query"] for question in QUESTIONS])


def cell(term: NamedNode | BlankNode | Literal | Triple | None, prefixes: Mapping[str, str]) -> str:
    """Write ``term`` as the table does: its lexical value, an IRI with the longest prefix that fits."""
    if isinstance(term, NamedNode):
        fitting = [item for item in prefixes.items() if term.value.startswith(item[1])]
        prefix, namespace = max(fitting, key=lambda item: len(item[1]), default=("", ""))
        return f"{prefix}:{term.value.removeprefix(namespace)}" if prefix else term.value
    return "" if term is None else term.value if isinstance(term, Literal) else str(term)


def missing(patterns: list[list[str]], rows: list[list[str]]) -> list[list[str]]:
    """Return the patterns that fit no row; ``*`` in a pattern stands for any value but an unbound one."""
    return [
        pattern
        for pattern in patterns
        if not any(
            len(row) == len(pattern)
            and all(value == wanted or (wanted == "*" and value) for value, wanted in zip(row, pattern, strict=True))
            for row in rows
        )
    ]


def test_every_example_query_has_one_expectation() -> None:
    assert [question["query"] for question in QUESTIONS] == [path.stem for path in sorted(QUERIES.glob("*.rq"))]
    assert len(QUESTIONS) >= 60


@each_question
def test_an_expectation_says_what_it_expects(question: dict[str, Any]) -> None:
    expected = question.keys() - {"query"}
    assert expected <= {"answer", "exactly", "contains", "lacks", "every", "at_least", "orders"}
    assert expected & {"answer", "exactly", "contains", "every"}


@each_question
def test_the_graph_answers_as_expected(
    question: dict[str, Any], release_store: Store, graph_prefixes: dict[str, str]
) -> None:
    answer = release_store.query((QUERIES / f"{question['query']}.rq").read_text(encoding="utf-8"))
    if isinstance(answer, QueryBoolean):
        assert bool(answer) is question["answer"]
        return
    variables: list[str] = []
    if isinstance(answer, QuerySolutions):
        variables = [variable.value for variable in answer.variables]
    else:
        assert isinstance(answer, QueryTriples)
    rows = [[cell(term, graph_prefixes) for term in row] for row in answer]
    if "exactly" in question:
        assert missing(question["exactly"], rows) == []
        assert len(rows) == len(question["exactly"])
        assert all(not missing([wanted], [row]) for wanted, row in zip(question["exactly"], rows, strict=True))
    assert missing(question.get("contains", []), rows) == []
    lacks = question.get("lacks", [])
    assert missing(lacks, rows) == lacks
    assert len(rows) >= question.get("at_least", 1)
    for variable, allowed in question.get("every", {}).items():
        assert {row[variables.index(variable)] for row in rows} <= set(allowed)
    for key in question.get("orders", ()):
        values = [float(row[variables.index(key.lstrip("-"))]) for row in rows]
        assert all(one >= two if key.startswith("-") else one <= two for one, two in pairwise(values))


@each_question
def test_an_empty_graph_answers_otherwise(question: dict[str, Any], graph_prefixes: dict[str, str]) -> None:
    """What is expected is told by the graph, not by the query."""
    answer = Store().query((QUERIES / f"{question['query']}.rq").read_text(encoding="utf-8"))
    if isinstance(answer, QueryBoolean):
        assert bool(answer) is not question["answer"] or not question["answer"]
        return
    assert isinstance(answer, QuerySolutions | QueryTriples)
    rows = [[cell(term, graph_prefixes) for term in row] for row in answer]
    assert len(rows) < question.get("at_least", 1) or missing(question.get("contains", []), rows)
