"""Every term that the graph uses is one that its vocabulary defines."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, RdfFormat, parse

from officegraph.model.namespaces import OFFICEGRAPH_BASE, OFO, PREFIXES, RDF

ROOT = Path(__file__).parents[2]
TERMS = Path(__file__).parent / "terms"

FILES = sorted([*(ROOT / "ontology").rglob("*.ttl"), *(ROOT / "data").rglob("*.ttl")])

DEFINED = {
    PREFIXES[path.stem] + term: path.name
    for path in sorted(TERMS.glob("*.txt"))
    for term in path.read_text(encoding="utf-8").split()
}
"""Terms looked up in the vocabularies, from their IRI to the list that holds them."""

MEMBERSHIP = re.compile(re.escape(RDF.iri) + r"_[1-9][0-9]*")
"""Container membership properties, which RDF Schema (section 5.1.5) defines without number."""


def iris_of(path: Path) -> set[tuple[str, bool]]:
    """Return the IRIs in ``path``, datatypes included, and whether each is used as property or class."""
    found = set()
    for quad in parse(path=str(path), format=RdfFormat.TURTLE):
        found.add((quad.predicate.value, True))
        value = quad.object
        if isinstance(value, Literal):
            found.add((value.datatype.value, True))
        elif isinstance(value, NamedNode):
            found.add((value.value, quad.predicate == RDF.type))
    return found


def is_own(iri: str) -> bool:
    """Tell whether ``iri`` is minted by this project."""
    return iri.startswith(OFFICEGRAPH_BASE)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_terms_of_public_vocabularies_are_defined_there(path: Path) -> None:
    namespaces = tuple(PREFIXES.values())
    foreign = {
        iri
        for iri, as_term in iris_of(path)
        if not is_own(iri) and (as_term or (iri.startswith(namespaces) and iri not in namespaces))
    }
    unknown = {iri for iri in foreign if iri not in DEFINED and not MEMBERSHIP.fullmatch(iri)}
    assert not unknown, "Look these terms up in their vocabularies and add them to tests/data/terms/"


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_terms_of_the_own_ontology_are_declared_in_it(path: Path) -> None:
    declared = {
        quad.subject.value
        for file in (ROOT / "ontology").glob("*.ttl")
        for quad in parse(path=str(file), format=RdfFormat.TURTLE)
        if isinstance(quad.subject, NamedNode)
    }
    shapes = {
        quad.subject.value
        for quad in parse(path=str(path), format=RdfFormat.TURTLE)
        if isinstance(quad.subject, NamedNode)
    }
    used = {iri for iri, _ in iris_of(path) if iri.startswith(OFO.iri) and iri != OFO.iri}
    assert used <= declared | shapes


def test_no_list_holds_a_term_that_nothing_uses() -> None:
    used = {iri for path in FILES for iri, _ in iris_of(path)}
    assert {iri: name for iri, name in DEFINED.items() if iri not in used} == {}
