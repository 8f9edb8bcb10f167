"""Encoded graphs are the graphs that they encode."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, Triple

from officegraph.model.dataset import unique
from officegraph.vocabulary.encoded import EncodedGraph, Encoder, Terms, merged, with_graph, without
from officegraph.vocabulary.write.terms import spelled_lines
from rdf_strategies import graphs

TAGS = {"de-ch": "de-CH", "en-gb-oed": "en-GB-oed"}
SOME = (NamedNode("urn:x:one"), NamedNode("urn:x:two"), NamedNode("urn:x:three"))


def encoded(*given_: list[Triple]) -> list[EncodedGraph]:
    encoder = Encoder(TAGS)
    for name, triples in zip(SOME, given_, strict=False):
        encoder.add(name, triples)
    return list(encoder.finish().values())


@given(graphs)
def test_the_lines_are_those_of_the_triples_ordered_and_spelled(triples: list[Triple]) -> None:
    (graph,) = encoded(triples)
    assert graph.lines() == spelled_lines(triples, TAGS)
    assert [graph.line(position) for position in range(len(graph))] == graph.lines()
    assert list(graph.terms) == sorted(set(graph.terms))


@given(graphs)
def test_iterating_gives_the_triples_back(triples: list[Triple]) -> None:
    (graph,) = encoded(triples)
    assert set(graph) == set(triples)
    assert len(graph) == len(set(triples))


@given(graphs)
def test_the_statements_of_a_subject_are_found_by_its_number(triples: list[Triple]) -> None:
    (graph,) = encoded(triples)
    for subject in graph.spans:
        assert {str(triple.subject) for triple in graph.about(subject)} == {graph.terms[subject]}
    assert sum(end - start for start, end in graph.spans.values()) == len(graph)


@given(graphs, graphs)
def test_a_merge_has_each_statement_once(first: list[Triple], second: list[Triple]) -> None:
    together = merged(encoded(first, second))
    assert together.lines() == spelled_lines([*first, *second], TAGS)
    assert together.has_same_statements(merged(encoded(second, first)))


@given(graphs, graphs)
def test_what_another_graph_says_can_be_taken_away(first: list[Triple], second: list[Triple]) -> None:
    left = without(*encoded(first, second))
    assert left.lines() == spelled_lines([t for t in unique(first) if t not in second], TAGS)


@given(graphs, graphs, graphs)
def test_a_graph_that_comes_later_changes_no_other(
    first: list[Triple], second: list[Triple], third: list[Triple]
) -> None:
    known, added = with_graph(encoded(first, second), third, TAGS)
    assert [graph.lines() for graph in known] == [spelled_lines(triples, TAGS) for triples in (first, second)]
    assert added.lines() == spelled_lines(third, TAGS)
    for graph in (*known, added):
        assert graph.terms is added.terms
        assert all(graph.lines(*span)[0].startswith(graph.terms[number]) for number, span in graph.spans.items())


@given(st.lists(st.text(alphabet="abc", max_size=3)))
def test_terms_are_found_by_their_text(texts: list[str]) -> None:
    known = sorted({f'"{text}"' for text in texts})
    terms = Terms(known)
    assert [terms.find(text) for text in known] == list(range(len(known)))
    assert terms.find('"abcd"') is None
    assert terms.find_all([*map(Literal, texts), NamedNode("urn:x:other")]) == set(range(len(known)))


def test_no_graphs_make_an_empty_one() -> None:
    assert len(merged([])) == 0
    assert Encoder({}).finish() == {}
