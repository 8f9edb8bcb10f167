"""Competency: every fact of the founding texts follows from the published graph."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from pyoxigraph import BlankNode, Literal, NamedNode, QuerySolutions, Store

from officegraph.model.namespaces import OFFICEGRAPH_BASE, PROV

FACTS: list[dict[str, Any]] = tomllib.loads(
    (Path(__file__).parent / "founding_facts.toml").read_text(encoding="utf-8")
)["fact"]

NATIVE = {"http://www.w3.org/2001/XMLSchema#" + name for name in ("boolean", "decimal", "integer")}

each_fact = pytest.mark.parametrize("fact", FACTS, ids=[fact["id"] for fact in FACTS])


def as_turtle(term: NamedNode | BlankNode | Literal | None, prefixes: Mapping[str, str]) -> str:
    """Write ``term`` as Turtle does; the empty string stands for an unbound variable."""
    if term is None:
        return ""
    if isinstance(term, NamedNode):
        for prefix, namespace in prefixes.items():
            if term.value.startswith(namespace):
                return f"{prefix}:{term.value.removeprefix(namespace)}"
    if isinstance(term, Literal) and term.datatype.value in NATIVE:
        return term.value
    return str(term)


def normalized(rows: list[list[str]]) -> list[list[str]]:
    """Sort ``rows``, and write language tags in lower case, since RDF 1.1 (3.3) compares them so."""
    return sorted([re.sub(r'(?<=")@[A-Za-z0-9-]+$', lambda tag: tag[0].lower(), cell) for cell in row] for row in rows)


Ask = Callable[[Store, str], list[list[str]]]


@pytest.fixture
def ask(graph_prefixes: dict[str, str], prefix_declarations: str) -> Ask:
    def answer(store: Store, query: str) -> list[list[str]]:
        solutions = store.query(prefix_declarations + query)
        assert isinstance(solutions, QuerySolutions)
        return normalized([[as_turtle(term, graph_prefixes) for term in row] for row in solutions])

    return answer


def test_every_fact_has_one_question() -> None:
    assert [fact["id"] for fact in FACTS] == [f"SF{number:03}" for number in range(1, 121)]
    assert all(fact["question"].endswith("?") for fact in FACTS)


@each_fact
def test_the_graph_answers_the_question(fact: dict[str, Any], published_store: Store, ask: Ask) -> None:
    assert ask(published_store, fact["query"]) == normalized(fact["expected"])


@pytest.fixture(scope="session")
def store_without_founding_texts(published_store: Store) -> Store:
    """Return the graph without the resources that name a founding text as their source."""
    texts = {NamedNode(f"{OFFICEGRAPH_BASE}source/text{number}") for number in (1, 2)}
    told = {
        quad.subject for text in texts for quad in published_store.quads_for_pattern(None, PROV.hadPrimarySource, text)
    }
    store = Store()
    store.extend(quad for quad in published_store if quad.subject not in told)
    return store


@each_fact
def test_the_answer_stands_on_what_the_founding_texts_say(
    fact: dict[str, Any], store_without_founding_texts: Store, ask: Ask
) -> None:
    for store in (Store(), store_without_founding_texts):
        assert ask(store, fact["query"]) != normalized(fact["expected"])


@each_fact
def test_the_query_does_not_contain_its_answer(fact: dict[str, Any]) -> None:
    """No cell that tells something occurs in the query: neither as a term nor as a word of a literal."""
    terms = set(re.findall(r'"[^"]*"(?:@[\w-]+)?|[\w-]+:[\w-]+', fact["query"]))
    for row in fact["expected"]:
        assert any(cell and cell not in terms for cell in row)
    assert not re.search(r"\b(?:BIND|VALUES)\b", fact["query"])
