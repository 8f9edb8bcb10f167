"""The graph as it is published: the sources of this repository with what they entail."""

from __future__ import annotations

from pathlib import Path

import pytest
from pyoxigraph import Quad, RdfFormat, Store, Triple, parse

from officegraph.model.namespaces import OFFICEGRAPH_BASE, PREFIXES
from officegraph.release.assemble import assemble
from officegraph.settings import Settings
from officegraph.vocabulary.bundled import bundled_sources
from officegraph.vocabulary.entail import entail

ROOT = Path(__file__).parents[2]

KINDS = (
    "claim",
    "collection",
    "concept",
    "example",
    "graph",
    "lexicon",
    "mapping",
    "placement",
    "scheme",
    "segment",
    "source",
)

GRAPH_PREFIXES = (
    dict(PREFIXES)
    | {kind: f"{OFFICEGRAPH_BASE}{kind}/" for kind in KINDS}
    | {
        "country": "http://publications.europa.eu/resource/authority/country/",
        "ofo": f"{OFFICEGRAPH_BASE}ontology#",
    }
)


def parse_sources(*folders: str) -> list[Triple]:
    """Return the triples of all Turtle files below ``folders`` of the repository, shapes left out."""
    paths = sorted(path for folder in folders for path in (ROOT / folder).rglob("*.ttl"))
    return [
        quad.triple
        for path in paths
        if "shapes" not in path.parts
        for quad in parse(path=str(path), format=RdfFormat.TURTLE)
    ]


def store_of(triples: list[Triple]) -> Store:
    """Return a store with ``triples`` in its default graph."""
    store = Store()
    store.extend(Quad(*triple) for triple in triples)
    return store


@pytest.fixture(scope="session")
def published_store() -> Store:
    """Return what the sources state and entail."""
    triples = parse_sources("ontology", "data")
    return store_of([*triples, *entail(triples)])


@pytest.fixture(scope="session")
def release_store() -> Store:
    """Return a release: stated, entailed and derived in the default graph, and each graph by its name."""
    assembled = assemble(bundled_sources(), Settings(), lambda _stage, _done, _total: None)
    store = store_of(list(assembled.default))
    store.extend(
        Quad(triple.subject, triple.predicate, triple.object, name)
        for name, triples in assembled.graphs.items()
        for triple in triples
    )
    return store


@pytest.fixture(scope="session")
def graph_prefixes() -> dict[str, str]:
    """Return the prefixes of the graph: those of the vocabularies and one for each kind of resource."""
    return GRAPH_PREFIXES


@pytest.fixture(scope="session")
def prefix_declarations() -> str:
    """Return the declarations of all prefixes, to be put before a query."""
    return "".join(f"PREFIX {prefix}: <{iri}>\n" for prefix, iri in sorted(GRAPH_PREFIXES.items()))
