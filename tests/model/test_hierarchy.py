"""Hierarchies with cycles, several parents and any depth, held against naive algorithms."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from officegraph.model.hierarchy import (
    ClosureTooLargeError,
    ancestors,
    cycles,
    redundant,
    roots,
    strongly_connected,
    transitive_closure,
)

nodes = st.integers(min_value=0, max_value=9)
graphs = st.dictionaries(nodes, st.lists(nodes, max_size=4, unique=True), max_size=10)


def naive_closure(edges: dict[int, list[int]]) -> set[tuple[int, int]]:
    """Return the least transitive relation that contains ``edges``, by repeating until nothing is new."""
    pairs = {(source, target) for source, targets in edges.items() for target in targets}
    while True:
        more = {(a, d) for a, b in pairs for c, d in pairs if b == c} - pairs
        if not more:
            return pairs
        pairs |= more


@given(graphs)
def test_the_closure_is_the_least_transitive_relation(edges):
    closure = transitive_closure(edges)
    assert {(node, other) for node, others in closure.items() for other in others} == naive_closure(edges)
    assert all(len(others) == len(set(others)) for others in closure.values())


@given(graphs)
def test_ancestors_are_the_closure_of_one_node_with_the_fewest_steps(edges):
    for start in range(10):
        found = ancestors(edges, start)
        assert {(start, other) for other in found} == {pair for pair in naive_closure(edges) if pair[0] == start}
        assert list(found.values()) == sorted(found.values())
        level = {start}
        for step in range(1, 12):
            level = {target for node in level for target in edges.get(node, ())}
            for node in level:
                assert found[node] <= step


@given(graphs)
def test_components_hold_what_reaches_each_other_and_come_after_what_they_lead_to(edges):
    components = strongly_connected(edges)
    pairs = naive_closure(edges)
    place = {node: at for at, component in enumerate(components) for node in component}
    assert sorted(place) == sorted({*edges, *(target for targets in edges.values() for target in targets)})
    for (a, at), (b, other) in product(place.items(), repeat=2):
        assert (at == other) == (a == b or ((a, b) in pairs and (b, a) in pairs))
        if (a, b) in pairs:
            assert other <= at


@given(graphs)
def test_every_cycle_found_is_one_and_a_graph_without_any_has_none(edges):
    found = cycles(edges)
    assert bool(found) == any(a == b for a, b in naive_closure(edges))
    for path in found:
        assert len(path) == len(set(path))
        for node, following in zip(path, path[1:] + path[:1], strict=True):
            assert following in edges[node]


@given(graphs)
def test_a_step_is_redundant_when_another_one_leads_there_too(edges):
    for node, target, between in redundant(edges):
        assert target in edges[node]
        assert between in edges[node]
        assert target in ancestors(edges, between)
        assert len({node, target, between}) == 3


def test_a_grandparent_beside_the_parent_is_redundant():
    assert list(redundant({"c": ["a", "b"], "b": ["a"]})) == [("c", "a", "b")]
    assert list(redundant({"c": ["a", "b"], "b": ["d"], "a": ["d"]})) == []


def test_roots_lead_nowhere():
    assert roots({"b": ["a"], "c": []}, ["a", "b", "c", "d"]) == ["a", "c", "d"]


def test_depth_is_no_limit():
    depth = 50_000
    edges = {level: [level - 1] for level in range(depth, 0, -1)}
    assert cycles(edges) == []
    assert len(ancestors(edges, depth)) == depth
    edges[0] = [depth]
    assert len(cycles(edges)[0]) == depth + 1


def test_a_closure_beyond_the_limit_is_refused_before_it_is_made():
    edges = {level: [level - 1] for level in range(2_000, 0, -1)}
    with pytest.raises(ClosureTooLargeError, match="more than 1,000 pairs"):
        transitive_closure(edges, limit=1_000)
    assert len(transitive_closure({2: [1], 1: [0]}, limit=3)) == 2
