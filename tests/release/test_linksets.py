"""A linkset that the sources describe is counted where it stands, and not described a second time."""

from __future__ import annotations

from pathlib import Path

import pyoxigraph
import pytest
from pyoxigraph import BlankNode, NamedNode, RdfFormat, Triple

from officegraph.model.namespaces import RDF, SKOS, VOID, Namespace
from officegraph.release.build import build_release
from officegraph.release.linksets import stated_linksets
from officegraph.release.metadata.void import void
from officegraph.release.open import open_release
from officegraph.settings import Settings

EX = Namespace("https://example.org/fruit/")

PREFIXES = """
@prefix : <https://example.org/fruit/> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix void: <http://rdfs.org/ns/void#> .
"""

VOCABULARY = f"""{PREFIXES}
:dataset a void:Dataset ; dcterms:title "Fruit"@en ; void:uriSpace "https://example.org/fruit/" ;
    void:subset :mapping .
:mapping a void:Dataset ; dcterms:title "Mapping"@en ; :holds :apple , :pear ; void:subset :close , :codes .
:close a void:Linkset ; void:subjectsTarget :dataset ; void:objectsTarget :other ;
    void:linkPredicate skos:closeMatch ; void:triples 99 .
:codes a void:Linkset ; void:subjectsTarget :dataset ; void:objectsTarget :register ;
    void:linkPredicate :hasCode .
:classes a void:Linkset ; void:subjectsTarget :dataset ; void:objectsTarget :other ;
    void:linkPredicate rdfs:seeAlso .
:other a void:Dataset ; dcterms:title "Other"@en ; void:uriSpace "https://other.example/id/" .
:register a void:Dataset ; dcterms:title "Register"@en ; void:uriSpace "https://example.org/fruit/code/" .
:elsewhere a void:Linkset ; void:subjectsTarget :other ; void:objectsTarget :register ;
    void:linkPredicate skos:broadMatch .

:kinds a skos:ConceptScheme ; skos:prefLabel "Kinds"@en ; skos:hasTopConcept :apple , :pear .
:apple a skos:Concept ; skos:inScheme :kinds ; skos:prefLabel "apple"@en ; :hasCode <code/1> ;
    skos:closeMatch <https://other.example/id/1> , <https://third.example/1> ;
    skos:exactMatch <https://other.example/id/2> ;
    rdfs:seeAlso <https://other.example/id/page> , <https://pages.example/apple> .
:pear a skos:Concept ; skos:inScheme :kinds ; skos:prefLabel "pear"@en ; :hasCode <code/2> , <code/3> ;
    skos:closeMatch <https://other.example/id/3> .
""".replace("<code/", "<https://example.org/fruit/code/")


def parse(text: str) -> list[Triple]:
    return [quad.triple for quad in pyoxigraph.parse(PREFIXES + text, format=RdfFormat.TURTLE)]


@pytest.fixture
def triples(tmp_path: Path) -> list[Triple]:
    """Return the VoID description of the vocabulary."""
    (tmp_path / "fruit.ttl").write_text(VOCABULARY, encoding="utf-8")
    build_release([tmp_path / "fruit.ttl"], tmp_path / "out", Settings())
    with open_release(tmp_path / "out") as release:
        return void(release.description)


def values(triples: list[Triple], subject: object, predicate: NamedNode) -> list[str]:
    return [str(t.object.value) for t in triples if t.subject == subject and t.predicate == predicate]  # type: ignore[union-attr]


def linksets(triples: list[Triple]) -> list[object]:
    return [t.subject for t in triples if t.predicate == RDF.type and t.object == VOID.Linkset]


@pytest.mark.parametrize(("linkset", "links"), [("close", 2), ("codes", 3), ("classes", 1)])
def test_a_linkset_that_the_sources_describe_is_counted(triples: list[Triple], linkset: str, links: int) -> None:
    assert values(triples, EX[linkset], VOID.triples) == [str(links)]


def test_other_links_get_a_linkset_each_by_property_and_target(triples: list[Triple]) -> None:
    found = {}
    for linkset in linksets(triples):
        if isinstance(linkset, BlankNode):
            (target,) = [t.object for t in triples if t.subject == linkset and t.predicate == VOID.objectsTarget]
            (predicate,) = values(triples, linkset, VOID.linkPredicate)
            found[predicate, *values(triples, target, VOID.uriSpace)] = values(triples, linkset, VOID.triples)
    assert found == {
        (SKOS.closeMatch.value, "https://third.example/"): ["1"],
        (SKOS.exactMatch.value, "https://other.example/id/"): ["1"],
    }


def test_every_linkset_is_a_subset_of_the_data_set_or_of_one_of_its_parts(triples: list[Triple]) -> None:
    parts = {t.object for t in triples if t.predicate == VOID.subset}
    assert set(linksets(triples)) <= parts
    assert EX.classes.value in values(triples, EX.dataset, VOID.subset)
    assert EX.close.value not in values(triples, EX.dataset, VOID.subset)


def test_targets_and_parts_are_described_but_not_what_they_hold(triples: list[Triple]) -> None:
    assert values(triples, EX.other, VOID.uriSpace) == ["https://other.example/id/"]
    assert values(triples, EX.mapping, VOID.subset)
    assert not values(triples, EX.mapping, EX.holds)


def test_linksets_of_other_data_sets_are_left_to_them(triples: list[Triple]) -> None:
    assert EX.elsewhere not in linksets(triples)


LINKSET = ":links a void:Linkset ; void:subjectsTarget :dataset ; void:linkPredicate skos:closeMatch ; "
TARGET = ':other void:uriSpace "https://other.example/" . '


@pytest.mark.parametrize(
    "text",
    [
        LINKSET + "void:objectsTarget :other .",
        LINKSET + f'void:objectsTarget :other . {TARGET} :other void:uriSpace "https://also.example/" .',
        LINKSET + f"void:linkPredicate skos:exactMatch ; void:objectsTarget :other . {TARGET}",
        LINKSET + f"void:subjectsTarget :more ; void:objectsTarget :other . {TARGET}",
        LINKSET
        + f"void:objectsTarget :other . {TARGET}"
        + (LINKSET + "void:objectsTarget :other .").replace(":links", ":again"),
    ],
    ids=["no space", "two spaces", "two predicates", "two starts", "two linksets alike"],
)
def test_a_linkset_whose_links_cannot_be_told_is_not_counted(text: str) -> None:
    assert stated_linksets(parse(text), EX.dataset) == {}


def test_a_linkset_need_not_say_where_it_starts() -> None:
    text = LINKSET.replace("void:subjectsTarget :dataset ; ", "") + f"void:objectsTarget :other . {TARGET}"
    assert stated_linksets(parse(text), EX.dataset) == {(SKOS.closeMatch.value, "https://other.example/"): EX.links}


def test_an_empty_linkset_is_said_to_be_empty(tmp_path: Path) -> None:
    source = VOCABULARY.replace("rdfs:seeAlso <", ":page <")
    (tmp_path / "fruit.ttl").write_text(source, encoding="utf-8")
    build_release([tmp_path / "fruit.ttl"], tmp_path / "out", Settings())
    with open_release(tmp_path / "out") as release:
        assert values(void(release.description), EX.classes, VOID.triples) == ["0"]
