"""The synthetic vocabulary is right, its queries are, and the benchmark runs without any peer."""

from __future__ import annotations

import argparse
from pathlib import Path

import pyoxigraph
import pytest
from pyoxigraph import QueryResultsFormat, RdfFormat

from benchmarks import generator, load, measure, processes, queries, report, run
from benchmarks.peers import MEMORY, NGINX, OURS

SIZE = 300


@pytest.fixture(scope="module")
def store() -> pyoxigraph.Store:
    found = pyoxigraph.Store()
    found.bulk_load("".join(generator.n_triples(SIZE)).encode(), format=RdfFormat.N_TRIPLES)
    return found


def test_parents_and_children_agree() -> None:
    for concept in range(SIZE):
        for below in generator.children(concept, SIZE):
            assert generator.parent(below) == concept
            assert generator.scheme(below) == generator.scheme(concept)
    assert sum(len(generator.children(concept, SIZE)) for concept in range(SIZE)) == SIZE - generator.TOPS


def test_related_concepts_are_siblings() -> None:
    for concept in range(SIZE):
        other = generator.mate(concept, SIZE)
        assert other is None or generator.parent(other) == generator.parent(concept)
    assert generator.mate(SIZE, SIZE + 1) is None


@pytest.mark.parametrize("size", [8, 9, 300, 3001])
def test_every_line_is_a_triple_of_its_own(size: int) -> None:
    lines = list(generator.n_triples(size))
    parsed = list(pyoxigraph.parse("".join(lines), format=RdfFormat.N_TRIPLES))
    assert len({str(quad.triple) for quad in parsed}) == len(lines)


def test_a_concept_has_about_14_5_triples() -> None:
    assert 14 <= sum(1 for _ in generator.n_triples(3000)) / 3000 <= 15


def test_labels_are_unique_in_each_language() -> None:
    for language in generator.QUALITIES:
        assert len({generator.label(concept, language) for concept in range(3000)}) == 3000


@pytest.mark.parametrize("size", [8, 300, 10_007])
def test_a_sample_stays_within_the_vocabulary(size: int) -> None:
    found = generator.sample(size, 200)
    assert min(found) >= 0
    assert max(found) < size
    assert len(set(found)) > min(size, 200) * 0.5


@pytest.mark.parametrize("question", [*queries.small(SIZE, 45), *queries.heavy(SIZE)], ids=lambda one: one.kind)
def test_expected_answers_are_those_of_a_store(store: pyoxigraph.Store, question: queries.Question) -> None:
    found = store.query(question.text)
    if isinstance(found, pyoxigraph.QueryTriples):
        body = found.serialize(format=RdfFormat.TURTLE)
    else:
        body = found.serialize(format=QueryResultsFormat.JSON)
    assert body is not None
    assert question.holds(body)


def test_other_answers_are_wrong() -> None:
    empty = b'{"head": {"vars": []}, "results": {"bindings": []}}'
    for question in queries.small(SIZE, 45):
        body = b"" if question.accept == queries.GRAPH else empty
        if question.kind == "ASK":
            body = b'{"head": {}, "boolean": false}'
        # The top concepts have no ancestors, and childless concepts no mappings below.
        assert question.kind in {"ancestors", "mappings"} or not question.holds(body)


def test_one_query_in_ten_of_the_mix_is_heavy() -> None:
    kinds = {question.kind for question in queries.heavy(SIZE)}
    assert sum(question.kind in kinds for question in queries.mix(SIZE, 100)) == 10


def test_a_request_is_written_as_http() -> None:
    assert load.Request("/a?n={n}", {"Accept": "*/*"}).as_bytes("h:1") == (
        b"GET /a?n={n} HTTP/1.1\r\nHost: h:1\r\nAccept: */*\r\n\r\n"
    )


def test_a_tiny_run_without_peers_finds_right_answers_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # wrk runs for a second at least; the built-in client takes its place where it is absent.
    monkeypatch.setattr(load, "wrk_path", lambda: None)
    monkeypatch.setattr(measure, "warm_up", lambda *_: None)
    chosen: argparse.Namespace = run.arguments(
        ["--concepts", "40", "--rounds", "1", "--seconds", "0.1", "--workers", "1", "--connections", "2",
         "--peers", OURS, "--workloads", "document ttl", "304", "303", "sparql small", "--starts", "1",
         "--folder", str(tmp_path)]
    )  # fmt: skip
    outcome = run.run(chosen)
    assert not outcome.absent
    assert set(outcome.series) == {"document ttl", "304", "303", "sparql small", "sparql small, c=1"}
    for peers in outcome.series.values():
        assert peers[OURS].wrong == []
        assert peers[OURS].failed == 0
        assert peers[OURS].rps > 0
    text = report.report(outcome)
    assert "| document ttl | officegraph |" in text
    assert "P13" in text


def test_ratios_are_ours_to_theirs() -> None:
    from benchmarks.load import Figures
    from benchmarks.measure import Outcome, Series

    def series(requests: int, cpu: float) -> Series:
        return Series([Figures(requests, 1.0, 0, 0, 0.001, 0.002)], [cpu])

    outcome = Outcome(
        series={
            "document ttl": {OURS: series(600, 0.045), NGINX: series(1000, 0.03)},
            "304": {OURS: series(400, 0.03), NGINX: series(1000, 0.02)},
        }
    )
    found = {(number, what): (value, reached) for number, what, value, _, reached in report.goals(outcome)}
    value, reached = found["P1", "document ttl to nginx"]
    assert value == pytest.approx(0.6)
    assert reached
    assert found["P1", "document ttl to nginx, CPU"][0] == pytest.approx(2.5)
    assert not found["P4", "304 to nginx"][1]
    assert not any(MEMORY in what for _, what in found)


def test_the_own_process_tree_uses_cpu_and_memory() -> None:
    import os

    before = processes.cpu(os.getpid())
    sum(number * number for number in range(300_000))
    assert processes.cpu(os.getpid()) >= before
    assert processes.memory(os.getpid()) > 1


def test_refusals_are_no_answers() -> None:
    from benchmarks.load import Figures
    from benchmarks.measure import Series

    series = Series([Figures(requests=100, seconds=2.0, refused=80, broken=0, p50=0.1, p99=0.2)], [1.0])
    assert series.rps == 10
    assert series.micros == pytest.approx(50_000)
    assert series.fails
