"""VoID, DCAT and the service description are valid, and true."""

from __future__ import annotations

from pathlib import Path

import pyoxigraph
import pyshacl
import pytest
import rdflib
from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, RdfFormat, Triple

from officegraph.model.formats import RDF_FORMATS, RESULT_FORMATS
from officegraph.model.namespaces import (
    DCAT,
    DCTERMS,
    FOAF,
    RDF,
    SD,
    SKOS,
    SPDX,
    VOID,
    XSD,
)
from officegraph.release.metadata.dcat import dcat
from officegraph.release.metadata.service_description import service_description
from officegraph.release.metadata.void import void
from officegraph.release.open import Release
from officegraph.release.store import open_store

SITE = "https://data.example/"
SHAPES = Path(__file__).with_name("description_shapes.ttl")
DATASET = NamedNode("https://example.org/fruit/dataset")


def description(release: Release) -> list[Triple]:
    model = release.description
    return [*void(model, SITE), *dcat(model, SITE), *service_description(model, SITE)]


def values(triples: list[Triple], subject: object, predicate: NamedNode) -> list[pyoxigraph.Literal]:
    return [t.object for t in triples if t.subject == subject and t.predicate == predicate]  # type: ignore[misc]


def value(triples: list[Triple], subject: object, predicate: NamedNode) -> str:
    (found,) = values(triples, subject, predicate)
    return found.value


@pytest.mark.parametrize("name", ["fruit", "described_quads"])
def test_the_description_conforms_to_its_shapes(name: str, request: pytest.FixtureRequest) -> None:
    text = pyoxigraph.serialize(description(request.getfixturevalue(name)), format=RdfFormat.N_TRIPLES)
    data, shapes = rdflib.Graph(), rdflib.Graph()
    data.parse(data=text, format="nt")
    shapes.parse(SHAPES)
    conforms, _, report = pyshacl.validate(data, shacl_graph=shapes, inference="none", meta_shacl=False)
    assert conforms, report


def test_concepts_are_examples_where_none_is_a_top_concept(tmp_path: Path) -> None:
    from officegraph.release.build import build_release
    from officegraph.release.open import open_release
    from officegraph.settings import Settings

    source = tmp_path / "flat.nt"
    source.write_text("".join(f"<https://example.org/{n}> {RDF.type} {SKOS.Concept} .\n" for n in "bacd"), "utf-8")
    with open_release(build_release([source], tmp_path / "out", Settings())) as release:
        examples = values(void(release.description, SITE), NamedNode(release.manifest.dataset), VOID.exampleResource)
        assert [node.value for node in examples] == [f"https://example.org/{n}" for n in "abcd"]


@pytest.fixture
def described_quads(tmp_path: Path) -> Release:
    from officegraph.release.build import build_release
    from officegraph.release.open import open_release
    from officegraph.settings import Settings

    from .conftest import VOCABULARY

    prefixes, _, rest = VOCABULARY.partition("\n\n")
    (tmp_path / "fruit.trig").write_text(f"{prefixes}\n<https://example.org/fruit/g> {{ {rest} }}")
    build_release([tmp_path / "fruit.trig"], tmp_path / "out", Settings(merge=True))
    return open_release(tmp_path / "out")


def test_the_shapes_refuse_a_description_without_counts_and_checksums(fruit: Release) -> None:
    broken = [t for t in description(fruit) if t.predicate not in (VOID.triples, SPDX.checksum)]
    data, shapes = rdflib.Graph(), rdflib.Graph()
    data.parse(data=pyoxigraph.serialize(broken, format=RdfFormat.N_TRIPLES), format="nt")
    shapes.parse(SHAPES)
    conforms, report, _ = pyshacl.validate(data, shacl_graph=shapes, inference="none")
    assert not conforms
    paths = {str(path) for path in report.objects(None, rdflib.SH.resultPath)}
    assert paths == {VOID.triples.value, VOID.propertyPartition.value, SPDX.checksum.value}


def test_counts_are_those_that_the_endpoint_finds(fruit: Release) -> None:
    store = open_store(fruit.store_path)

    def ask(query: str) -> str:
        (row,) = store.query(query)  # type: ignore[misc]
        return row[0].value  # type: ignore[index,union-attr,no-any-return]

    triples = void(fruit.description, SITE)
    base = fruit.base
    for predicate, query in {
        VOID.triples: "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }",
        VOID.distinctSubjects: "SELECT (COUNT(DISTINCT ?s) AS ?n) { ?s ?p ?o }",
        VOID.distinctObjects: "SELECT (COUNT(DISTINCT ?o) AS ?n) { ?s ?p ?o }",
        VOID.properties: "SELECT (COUNT(DISTINCT ?p) AS ?n) { ?s ?p ?o }",
        VOID.classes: "SELECT (COUNT(DISTINCT ?o) AS ?n) { ?s a ?o }",
        VOID.entities: f"""
            SELECT (COUNT(DISTINCT ?s) AS ?n) {{ ?s ?p ?o . FILTER(ISIRI(?s) && STRSTARTS(STR(?s), "{base}")) }}
        """,
    }.items():
        assert value(triples, DATASET, predicate) == ask(query), predicate
    for partition in values(triples, DATASET, VOID.classPartition):
        class_ = value(triples, partition, VOID["class"])
        assert value(triples, partition, VOID.entities) == ask(f"SELECT (COUNT(*) AS ?n) {{ ?s a <{class_}> }}")
    for partition in values(triples, DATASET, VOID.propertyPartition):
        property_ = value(triples, partition, VOID.property)
        assert value(triples, partition, VOID.triples) == ask(f"SELECT (COUNT(*) AS ?n) {{ ?s <{property_}> ?o }}")


def test_link_sets_are_counted_by_property_and_target(fruit: Release) -> None:
    triples = void(fruit.description, SITE)
    found = set()
    for linkset in values(triples, DATASET, VOID.subset):
        if Triple(linkset, RDF.type, VOID.Linkset) in triples:  # type: ignore[arg-type]
            (target,) = values(triples, linkset, VOID.objectsTarget)
            found.add((value(triples, linkset, VOID.linkPredicate), value(triples, target, VOID.uriSpace)))
            assert value(triples, linkset, VOID.triples) == "1"
    assert found == {
        (SKOS.closeMatch.value, "http://www.wikidata.org/entity/"),
        (SKOS.exactMatch.value, "https://example.net/apples#"),
    }


def test_what_the_sources_say_of_the_data_set_is_taken_over_but_not_their_counts(fruit: Release) -> None:
    triples = void(fruit.description, SITE)
    assert Triple(DATASET, DCTERMS.description, Literal("Kinds of fruit.", language="en")) in triples
    assert Triple(NamedNode("https://example.org/fruit/us"), FOAF.name, Literal("The orchard")) in triples
    assert [number.value for number in values(triples, DATASET, VOID.triples)] == [str(fruit.manifest.default_triples)]


def test_every_dump_is_a_distribution_with_its_size_and_checksum(fruit: Release) -> None:
    triples = dcat(fruit.description, SITE)
    by_url = {value(triples, node, DCAT.downloadURL): node for node in values(triples, DATASET, DCAT.distribution)}
    assert set(by_url) == {f"{SITE}dumps/{dump.name}" for dump in fruit.dumps}
    for dump in fruit.dumps:
        node = by_url[f"{SITE}dumps/{dump.name}"]
        assert values(triples, node, DCAT.byteSize) == [Literal(str(dump.size), datatype=XSD.nonNegativeInteger)]
        (checksum,) = values(triples, node, SPDX.checksum)
        assert value(triples, checksum, SPDX.checksumValue) == dump.sha256


def test_the_service_description_names_graphs_formats_and_features_that_are_there(fruit: Release) -> None:
    triples = service_description(fruit.description, SITE)
    (service,) = [t.subject for t in triples if t.predicate == RDF.type and t.object == SD.Service]
    assert value(triples, service, SD.endpoint) == f"{SITE}sparql"
    formats = {node.value for node in values(triples, service, SD.resultFormat)}
    assert formats == {f.iri for f in (*RDF_FORMATS, *RESULT_FORMATS)}
    assert not values(triples, service, SD.feature)
    (dataset,) = values(triples, service, SD.defaultDataset)
    store = open_store(fruit.store_path)
    stated = {}
    for named in values(triples, dataset, SD.namedGraph):
        (content,) = values(triples, named, SD.graph)
        stated[NamedNode(value(triples, named, SD.name))] = int(value(triples, content, VOID.triples))
    assert stated == {name: len(list(store.quads_for_pattern(None, None, None, name))) for name in store.named_graphs()}
    (default,) = values(triples, dataset, SD.defaultGraph)
    in_default = len(list(store.quads_for_pattern(None, None, None, DefaultGraph())))
    assert int(value(triples, default, VOID.triples)) == in_default


def test_a_default_graph_that_is_the_union_of_the_named_ones_is_said_to_be_so(described_quads: Release) -> None:
    triples = service_description(described_quads.description, SITE)
    assert SD.UnionDefaultGraph in {t.object for t in triples if t.predicate == SD.feature}


def test_a_description_without_a_site_says_nothing_of_places(fruit: Release) -> None:
    predicates = {triple.predicate for triple in void(fruit.description)}
    assert not predicates & {VOID.dataDump, VOID.sparqlEndpoint, VOID.uriLookupEndpoint}


def test_the_stored_description_states_its_own_size(fruit: Release) -> None:
    (graph,) = [graph for graph in fruit.manifest.graphs if graph.kind == "description"]
    store = open_store(fruit.store_path)
    found = list(store.quads_for_pattern(None, None, None, NamedNode(graph.name)))
    assert len(found) == graph.triples == len(void(fruit.description))
    # The store labels blank nodes anew.
    stated = {t for t in void(fruit.description) if not any(isinstance(term, BlankNode) for term in t)}
    assert stated <= {quad.triple for quad in found}
