"""pandas through sparql-dataframe, which asks for CSV."""

from __future__ import annotations

import pandas as pd
import pytest
import sparql_dataframe

from benchmarks import generator as g
from clients.conftest import SIZE
from live_server import LiveServer

LABELS = (
    f"PREFIX skos: <{g.SKOS}> SELECT ?concept ?label ?parent "
    "{ ?concept skos:prefLabel ?label FILTER(LANG(?label) = 'de') OPTIONAL { ?concept skos:broader ?parent } }"
)


@pytest.mark.parametrize("post", [False, True], ids=["GET", "POST"])
def test_solutions_become_a_frame(served: LiveServer, post: bool) -> None:
    frame = sparql_dataframe.get(f"{served.root}sparql", LABELS, post=post)
    assert list(frame.columns) == ["concept", "label", "parent"]
    rows = {row.concept: row for row in frame.itertuples()}
    assert set(rows) == {g.concept_iri(concept) for concept in range(SIZE)}
    for concept in range(SIZE):
        row, above = rows[g.concept_iri(concept)], g.parent(concept)
        assert row.label == g.label(concept, "de")
        assert pd.isna(row.parent) if above is None else row.parent == g.concept_iri(above)


def test_numbers_are_numbers(served: LiveServer) -> None:
    frame = sparql_dataframe.get(f"{served.root}sparql", f"SELECT (COUNT(*) AS ?n) {{ ?c a <{g.SKOS}Concept> }}")
    assert frame["n"].tolist() == [SIZE]


def test_a_query_that_is_none_raises(served: LiveServer) -> None:
    from SPARQLWrapper.SPARQLExceptions import QueryBadFormed

    with pytest.raises(QueryBadFormed):
        sparql_dataframe.get(f"{served.root}sparql", "SELECT nonsense { ?s ?p ?o }")
