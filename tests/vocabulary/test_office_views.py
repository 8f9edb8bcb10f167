"""The collections of what is usually in an office."""

from pyoxigraph import NamedNode, RdfFormat, parse

from officegraph.model.namespaces import PROV, RDF, SKOS
from officegraph.vocabulary.derive import derive
from officegraph.vocabulary.entail import entail

SOURCE = """
@prefix ofo: <https://example.org/ontology#> .
@prefix concept: <https://example.org/concept/> .
@prefix segment: <https://example.org/segment/> .
@prefix prov: <http://www.w3.org/ns/prov#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
<https://example.org/source/a> ofo:reliability ofo:high .
concept:back-office skos:prefLabel "back office"@en , "Backoffice"@de .
concept:front-office skos:prefLabel "front office"@en .
concept:payroll skos:prefLabel "payroll"@en ; skos:broader concept:finance .
<https://example.org/placement/1> a ofo:Placement ; ofo:function concept:finance ; ofo:office concept:back-office ;
    ofo:segment segment:banking ; prov:hadPrimarySource <https://example.org/source/a> .
<https://example.org/placement/2> a ofo:Placement ; ofo:function concept:sales ; ofo:office concept:front-office ;
    ofo:segment segment:banking ; prov:hadPrimarySource <https://example.org/source/a> .
"""
TRIPLES = [quad.triple for quad in parse(SOURCE, RdfFormat.TURTLE)]
BACK = NamedNode("https://example.org/collection/usually-back-office")


def members(collection):
    return {
        triple.object.value.rsplit("/", 1)[-1]
        for triple in derive(TRIPLES)
        if triple.subject == collection and triple.predicate == SKOS.member
    }


def test_a_collection_gathers_what_is_usually_in_the_office_stated_or_inherited():
    assert members(BACK) == {"finance", "payroll"}
    assert members(NamedNode("https://example.org/collection/usually-front-office")) == {"sales"}


def test_a_collection_says_what_it_is_and_where_it_comes_from():
    about = {triple.predicate: triple.object for triple in derive(TRIPLES) if triple.subject == BACK}
    assert about[RDF.type] == SKOS.Collection
    assert about[SKOS.prefLabel].value == "usually back office"
    assert "view" in about[SKOS.definition].value
    assert about[PROV.wasDerivedFrom] == NamedNode("https://example.org/concept/back-office")


def test_an_office_is_no_collection_and_a_collection_no_concept():
    """SKOS S37: collections are disjoint with concepts and schemes."""
    derived = derive(TRIPLES)
    everything = [*TRIPLES, *derived, *entail([*TRIPLES, *derived])]
    collections = {t.subject for t in everything if t.predicate == RDF.type and t.object == SKOS.Collection}
    assert collections
    assert not collections & {t.subject for t in everything if t.predicate in (SKOS.broader, SKOS.inScheme)}
