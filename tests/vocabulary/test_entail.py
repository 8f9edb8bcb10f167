"""The SKOS entailments that the release materialises, and those that it leaves out."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import NamedNode, RdfFormat, Triple, parse

from officegraph.model.namespaces import SKOS
from officegraph.vocabulary.entail import entail

PREFIXES = """
@prefix : <https://example.org/> .
@prefix iso-thes: <http://purl.org/iso25964/skos-thes#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix skosxl: <http://www.w3.org/2008/05/skos-xl#> .
"""


def triples(turtle: str) -> list[Triple]:
    return [quad.triple for quad in parse(PREFIXES + turtle, RdfFormat.TURTLE)]


CASES = {
    "S25 broader and narrower are inverse": (
        ":a skos:broader :b .",
        ":b skos:narrower :a . :a skos:broaderTransitive :b . :b skos:narrowerTransitive :a .",
    ),
    "S25 narrower alone gives broader": (
        ":b skos:narrower :a .",
        ":a skos:broader :b . :a skos:broaderTransitive :b . :b skos:narrowerTransitive :a .",
    ),
    "S24 broaderTransitive has all levels and is not reflexive": (
        ":a skos:broader :b . :c skos:narrower :b .",
        """:b skos:narrower :a ; skos:broader :c . :a skos:broaderTransitive :b , :c .
           :b skos:broaderTransitive :c ; skos:narrowerTransitive :a .
           :c skos:narrowerTransitive :b , :a .
        """,
    ),
    "S26 a stated broaderTransitive counts as a level": (
        ":a skos:broaderTransitive :b . :b skos:broader :c .",
        """:b skos:narrowerTransitive :a . :a skos:broaderTransitive :c . :c skos:narrower :b ;
           skos:narrowerTransitive :a , :b . :b skos:broaderTransitive :c .""",
    ),
    "S8 and S7 a top concept is in its scheme": (
        ":a skos:topConceptOf :s .",
        ":s skos:hasTopConcept :a . :a skos:inScheme :s .",
    ),
    "S8 and S7 from the side of the scheme": (
        ":s skos:hasTopConcept :a .",
        ":a skos:topConceptOf :s ; skos:inScheme :s .",
    ),
    "S23 related is symmetric": (":a skos:related :b .", ":b skos:related :a ."),
    "S44 matches are symmetric, also with a foreign subject": (
        ":a skos:exactMatch <http://other.example/x> ; skos:closeMatch :y ; skos:relatedMatch :z .",
        """<http://other.example/x> skos:exactMatch :a . :y skos:closeMatch :a . :z skos:relatedMatch :a .""",
    ),
    "S43 broadMatch and narrowMatch are inverse and stay out of the hierarchy (S41)": (
        ":a skos:broadMatch <http://other.example/x> ; skos:narrowMatch :y .",
        "<http://other.example/x> skos:narrowMatch :a . :y skos:broadMatch :a .",
    ),
    "S45 exactMatch is not chained": (
        ":a skos:exactMatch :b . :b skos:exactMatch :a , :c . :c skos:exactMatch :b .",
        "",
    ),
    "S36 members of a list are members": (
        ":c skos:memberList ( :a :b ) .",
        ":c skos:member :a , :b .",
    ),
    "S29 an ordered collection is a collection": (
        ":c a skos:OrderedCollection .",
        ":c a skos:Collection .",
    ),
    "S55 to S57 plain labels from SKOS-XL": (
        """:a skosxl:prefLabel :l1 ; skosxl:altLabel :l2 ; skosxl:hiddenLabel :l3 .
           :l1 skosxl:literalForm "one"@en-GB . :l2 skosxl:literalForm "two"@en .
           :l3 skosxl:literalForm "three" .""",
        """:a skos:prefLabel "one"@en-GB ; skos:altLabel "two"@en ; skos:hiddenLabel "three" .""",
    ),
    "S62 label relations are symmetric": (
        ":l1 skosxl:labelRelation :l2 .",
        ":l2 skosxl:labelRelation :l1 .",
    ),
    "ISO 25964 refinements give broader": (
        ":a iso-thes:broaderGeneric :b .",
        """:a skos:broader :b ; skos:broaderTransitive :b .
           :b skos:narrower :a ; iso-thes:narrowerGeneric :a ; skos:narrowerTransitive :a .""",
    ),
    "ISO 25964 refinements give narrower": (
        ":b iso-thes:narrowerPartitive :a .",
        """:a skos:broader :b ; iso-thes:broaderPartitive :b ; skos:broaderTransitive :b .
           :b skos:narrower :a ; skos:narrowerTransitive :a .""",
    ),
    "a sub-property that the data declare, over several levels": (
        """:q rdfs:subPropertyOf :p . :p rdfs:subPropertyOf skos:related . :a :q :b .""",
        ":a :p :b ; skos:related :b . :b skos:related :a .",
    ),
    "a symmetric sub-property": (
        ":p a owl:SymmetricProperty ; rdfs:subPropertyOf skos:related . :a :p :b .",
        ":a skos:related :b . :b :p :a ; skos:related :a .",
    ),
    "a sub-property with an inverse": (
        ":p rdfs:subPropertyOf skos:related ; owl:inverseOf :q . :a :q :b .",
        ":a skos:related :b . :b :p :a ; skos:related :a .",
    ),
    "a property that is no semantic relation is left alone": (
        ":q rdfs:subPropertyOf :p . :p owl:inverseOf :r . :a :q :b .",
        "",
    ),
    "statements about SKOS itself do not widen the rules": (
        "skos:broadMatch rdfs:subPropertyOf skos:broader . :a skos:broadMatch :b .",
        ":b skos:narrowMatch :a .",
    ),
    "S27 related is not made between a concept and its ancestor": (
        """:a skos:broader :b . :b skos:broader :c ; skos:narrower :a .
           :c skos:related :a ; skos:narrower :b .""",
        """:a skos:broaderTransitive :b , :c . :b skos:broaderTransitive :c ; skos:narrowerTransitive :a .
           :c skos:narrowerTransitive :a , :b .""",
    ),
    "a cycle makes its concepts ancestors of each other and of themselves": (
        ":a skos:broader :b ; skos:narrower :b . :b skos:broader :a ; skos:narrower :a .",
        """:a skos:broaderTransitive :a , :b ; skos:narrowerTransitive :a , :b .
           :b skos:broaderTransitive :a , :b ; skos:narrowerTransitive :a , :b .""",
    ),
    "a relation to a literal entails nothing": (':a skos:broader "b" ; skos:related "c" .', ""),
}


@pytest.mark.parametrize(("given_", "expected"), CASES.values(), ids=CASES)
def test_entailment(given_, expected):
    entailed = entail(triples(given_))
    assert set(entailed) == set(triples(expected))
    assert len(entailed) == len(set(entailed))


def test_a_list_that_runs_in_a_circle_ends():
    circular = triples(
        """@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
           :c skos:memberList :l . :l rdf:first :a ; rdf:rest :l ."""
    )
    assert entail(circular) == triples(":c skos:member :a .")


def test_transitive_relations_are_left_out_beyond_the_limit_and_the_rest_stays():
    chain = triples(" ".join(f":c{level} skos:broader :c{level + 1} ." for level in range(100)))
    entailed = entail(chain, transitive_limit=99)
    assert {triple.predicate for triple in entailed} == {SKOS.narrower}
    assert len(entailed) == 100


relations = st.sampled_from(
    [
        SKOS.broader,
        SKOS.narrower,
        SKOS.related,
        SKOS.broaderTransitive,
        SKOS.topConceptOf,
        SKOS.exactMatch,
        SKOS.broadMatch,
    ]
)
resources = st.sampled_from([NamedNode(f"https://example.org/{name}") for name in "abcdef"])
statements = st.lists(st.builds(Triple, resources, relations, resources), max_size=12, unique=True)


@given(statements)
def test_entailing_twice_adds_nothing(graph):
    entailed = entail(graph)
    assert entail(graph + entailed) == []
    assert not set(graph) & set(entailed)


@given(statements)
def test_no_related_is_made_that_contradicts_the_hierarchy(graph):
    entailed = set(entail(graph))
    everything = entailed | set(graph)
    for triple in entailed:
        if triple.predicate == SKOS.related:
            assert Triple(triple.subject, SKOS.broaderTransitive, triple.object) not in everything
            assert Triple(triple.object, SKOS.broaderTransitive, triple.subject) not in everything
