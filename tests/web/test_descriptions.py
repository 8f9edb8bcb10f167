"""The description of the data set has what the sources say of it, and true counts in place of theirs."""

from __future__ import annotations

from pathlib import Path

from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, parse

from officegraph import create_app
from officegraph.model.namespaces import DCTERMS, SKOS, VOID
from officegraph.release.build import build_release
from officegraph.settings import Settings

SOURCE = """
@prefix : <https://example.org/fruit/> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix void: <http://rdfs.org/ns/void#> .

:dataset a void:Dataset ; dcterms:title "Fruit"@en ; dcterms:subject "apples"@en ; void:triples 3 ;
    void:uriSpace "https://example.org/fruit/" ; void:subset :links .
:links a void:Linkset ; void:subjectsTarget :dataset ; void:objectsTarget :other ;
    void:linkPredicate skos:closeMatch ; void:triples 99 .
:other a void:Dataset ; dcterms:title "Other"@en ; void:uriSpace "https://other.example/" .
:kinds a skos:ConceptScheme ; skos:prefLabel "Kinds"@en ; skos:hasTopConcept :apple .
:apple a skos:Concept ; skos:inScheme :kinds ; skos:prefLabel "apple"@en ;
    skos:closeMatch <https://other.example/1> , <https://other.example/2> .
"""


def test_counts_of_the_sources_give_way_to_those_that_were_counted(tmp_path: Path) -> None:
    (tmp_path / "fruit.ttl").write_text(SOURCE, encoding="utf-8")
    release = build_release([tmp_path / "fruit.ttl"], tmp_path / "out", Settings())
    body = create_app(release=release).test_client().get("/dataset.nt").get_data()
    triples = [quad.triple for quad in parse(body, format=RdfFormat.N_TRIPLES)]
    base = "https://example.org/fruit/"
    dataset, linkset = NamedNode(f"{base}dataset"), NamedNode(f"{base}links")

    def counts(subject: NamedNode) -> list[str]:
        found = [t.object for t in triples if t.subject == subject and t.predicate == VOID.triples]
        return [value.value for value in found if isinstance(value, Literal)]

    assert len(counts(dataset)) == 1
    assert counts(dataset) != ["3"]
    assert counts(linkset) == ["2"]
    assert Triple(dataset, DCTERMS.subject, Literal("apples", language="en")) in triples
    assert Triple(linkset, VOID.linkPredicate, SKOS.closeMatch) in triples
