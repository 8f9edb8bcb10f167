"""The example organisation shows how to use the vocabulary, and its shapes notice duties that are not kept apart."""

from __future__ import annotations

from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, QuerySolutions, RdfFormat, Store, Triple, parse

from officegraph.model.dataset import Dataset
from officegraph.model.namespaces import OFFICEGRAPH_BASE, RDFS
from officegraph.vocabulary.check import check

ROOT = Path(__file__).parents[2]
NORTHGATE = ROOT / "data" / "example" / "northgate.ttl"
UNSEGREGATED = Path(__file__).parent / "unsegregated_northgate.ttl"


def triples_of(*paths: Path) -> list[Triple]:
    return [quad.triple for path in paths for quad in parse(path=str(path), format=RdfFormat.TURTLE)]


def findings_about_northgate(*more: Path) -> set[tuple[str, str, str]]:
    """Return severity, message and subject of what the check of the graph with ``more`` says of the example."""
    paths = [path for folder in ("ontology", "data") for path in sorted((ROOT / folder).rglob("*.ttl"))]
    triples = triples_of(*(path for path in paths if "shapes" not in path.parts), *more)
    shapes = triples_of(*(path for path in paths if "shapes" in path.parts))
    return {
        (finding.severity.value, finding.message, str(finding.focus).rpartition("northgate-")[2].rstrip(">"))
        for finding in check(Dataset(default=triples), shapes, base=OFFICEGRAPH_BASE, added=(), shacl=True)
        if "example/northgate" in str(finding.focus)
    }


def test_everything_in_the_example_is_labelled_as_fictitious() -> None:
    triples = triples_of(NORTHGATE)
    labels = {triple.subject: triple.object for triple in triples if triple.predicate == RDFS.label}
    assert {triple.subject for triple in triples} == set(labels)
    for label in labels.values():
        assert isinstance(label, Literal)
        assert "Northgate Brokers (fictitious)" in label.value


def test_the_example_conforms() -> None:
    assert findings_about_northgate() == set()


OFFICES = """
SELECT ?unit (GROUP_CONCAT(DISTINCT STR(?name); separator=", ") AS ?offices) WHERE {
  ?firm a org:FormalOrganization ; org:classification/ofo:shortcutProperty ?property .
  ?unit org:subOrganizationOf*/org:unitOf ?firm ; org:purpose ?function .
  ?function ?property ?office .
  ?office skos:prefLabel ?name .
  FILTER (lang(?name) = "en")
} GROUP BY ?unit
"""


@pytest.mark.parametrize(
    ("unit", "office"),
    [
        ("dealing", "front office"),
        ("bond-desk", "front office"),
        ("risk", "middle office"),
        ("compliance", "middle office"),
        ("settlements", "back office"),
        ("operations", "back office"),
        ("records", "back office"),
        ("internal-audit", "independent assurance"),
    ],
)
def test_the_office_of_a_unit_follows_from_its_functions_and_the_line_of_business(
    release_store: Store, prefix_declarations: str, unit: str, office: str
) -> None:
    answer = release_store.query(prefix_declarations + OFFICES)
    assert isinstance(answer, QuerySolutions)
    offices = {row["unit"]: row["offices"] for row in answer}
    assert offices[NamedNode(f"{OFFICEGRAPH_BASE}example/northgate-{unit}")] == Literal(office)


NOT_APART = {
    ("violation", "One unit serves two functions", "records"),
    ("violation", "What a unit is there for is a function", "compliance"),
    ("violation", "The kind of a unit is one of", "risk"),
    ("violation", "One post carries out two functions", "post-operations-manager"),
    ("violation", "must be segregated from what its unit is there for", "post-bond-trader"),
    ("warning", "The post reports to", "post-settlements-clerk"),
    ("violation", "One person holds two posts", "person"),
}
"""Severity, part of the message and subject of everything that is wrong in the bad variant."""


def test_duties_that_are_not_kept_apart_are_noticed() -> None:
    found = findings_about_northgate(UNSEGREGATED)
    matched = {
        (severity, part, subject) for severity, message, subject in found for _, part, _ in NOT_APART if part in message
    }
    assert matched == NOT_APART
    assert {(severity, subject) for severity, _, subject in found} == {row[::2] for row in NOT_APART}
