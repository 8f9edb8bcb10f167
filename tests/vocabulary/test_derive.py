"""The usual office of a function, by the steps of the published rule."""

import pytest
from pyoxigraph import NamedNode, RdfFormat, Triple, parse

from officegraph.model.namespaces import PROV, RDF, RDFS, Namespace
from officegraph.vocabulary.derive import derive

BASE = "https://example.org/offices/"
OFO = Namespace(f"{BASE}ontology#")
PREFIXES = f"""
@prefix ofo: <{BASE}ontology#> .
@prefix concept: <{BASE}concept/> .
@prefix segment: <{BASE}segment/> .
@prefix source: <{BASE}source/> .
@prefix placement: <{BASE}placement/> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix prov: <http://www.w3.org/ns/prov#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
source:high1 ofo:reliability ofo:high .      source:high2 ofo:reliability ofo:high .
source:medium1 ofo:reliability ofo:medium .  source:medium2 ofo:reliability ofo:medium .
source:medium3 ofo:reliability ofo:medium .  source:medium4 ofo:reliability ofo:medium .
source:low1 ofo:reliability ofo:low .        source:low2 ofo:reliability ofo:low .
source:text1 ofo:reliability ofo:founding .  source:text2 ofo:reliability ofo:founding .
segment:banking ofo:shortcutProperty ofo:usualOfficeInBanking .
ofo:usualOfficeInBanking rdfs:subPropertyOf ofo:usualOfficeInSomeSegment .
segment:insurance ofo:shortcutProperty ofo:usualOfficeInInsurance .
"""


def triples(turtle: str) -> list[Triple]:
    return [quad.triple for quad in parse(PREFIXES + turtle, RdfFormat.TURTLE)]


def claims(text: str) -> str:
    """Write ``function segment source office [extent]`` a line as placements."""
    turtle = ""
    for number, line in enumerate(filter(str.strip, text.splitlines())):
        function, segment, source, office, *extent = line.split()
        turtle += f"""placement:p{number} a ofo:Placement ; ofo:function concept:{function} ;
            ofo:segment segment:{segment} ; prov:hadPrimarySource source:{source} ;
            ofo:office concept:{office}-office ."""
        turtle += f" placement:p{number} ofo:extent ofo:{extent[0]} ." if extent else ""
    return turtle


def outcome(graph: list[Triple], function: str, segment: str | None = "banking") -> dict[str, str] | None:
    """Return what the usual placement says, by local name, or ``None`` if there is none."""
    node = NamedNode(f"{BASE}placement/usual/{function}" + (f"/{segment}" if segment else ""))
    found = {
        triple.predicate.value.removeprefix(OFO.iri): triple.object.value.rsplit("/", 1)[-1].rsplit("#", 1)[-1]
        for triple in graph
        if triple.subject == node and triple.predicate in OFO
    }
    return found or None


STATED = {
    "the highest reliability decides, whatever the number of the others": (
        "a banking high1 back \n a banking medium1 middle \n a banking medium2 middle",
        {"office": "back-office", "contested": "true", "votesFor": "1", "votesAgainst": "0"},
    ),
    "medium comes before low": (
        "a banking low1 back \n a banking low2 back \n a banking medium1 middle",
        {"office": "middle-office", "contested": "true", "votesFor": "1", "votesAgainst": "0"},
    ),
    "the majority of one level decides": (
        "a banking medium1 back \n a banking medium2 back \n a banking medium3 middle",
        {"office": "back-office", "contested": "true", "votesFor": "2", "votesAgainst": "1"},
    ),
    "equal votes give no office": (
        "a banking medium1 back \n a banking medium2 middle",
        {"contested": "true"},
    ),
    "one source that names two offices is a tie": (
        "a banking low1 back \n a banking low1 middle",
        {"contested": "true"},
    ),
    "agreement is not contested": (
        "a banking medium1 back \n a banking low1 back",
        {"office": "back-office", "contested": "false", "votesFor": "1", "votesAgainst": "0"},
    ),
    "founding texts do not vote beside others, but their dissent counts": (
        "a banking low1 back \n a banking text1 middle \n a banking text2 middle",
        {"office": "back-office", "contested": "true", "votesFor": "1", "votesAgainst": "0"},
    ),
    "founding texts decide where nothing else speaks": (
        "a banking text1 back",
        {"office": "back-office", "contested": "false", "votesFor": "1", "votesAgainst": "0"},
    ),
    "another segment has no say": (
        "a banking medium1 back \n a insurance high1 front",
        {"office": "back-office", "contested": "false", "votesFor": "1", "votesAgainst": "0"},
    ),
}


@pytest.mark.parametrize(("placements", "expected"), STATED.values(), ids=STATED)
def test_the_rule_on_placements_of_the_function_itself(placements, expected):
    derived = derive(triples(claims(placements)))
    assert outcome(derived, "a") == {"function": "a", "segment": "banking", "basis": "stated", **expected}


DEPENDENT = {
    "a copy": "source:medium2 prov:wasDerivedFrom source:medium1 .",
    "a copy, stated the other way round": "source:medium1 prov:wasDerivedFrom source:medium2 .",
    "one origin that makes no claim itself": "source:medium1 prov:wasDerivedFrom source:page . "
    "source:medium2 prov:wasDerivedFrom source:old . source:old prov:wasDerivedFrom source:page .",
    "the same text": "source:medium1 <http://www.w3.org/2002/07/owl#sameAs> source:medium2 .",
}


@pytest.mark.parametrize("statement", DEPENDENT.values(), ids=DEPENDENT)
def test_sources_that_share_a_text_vote_as_one(statement):
    text = claims("a banking medium1 back \n a banking medium2 back \n a banking medium3 middle")
    assert outcome(derive(triples(text)), "a")["office"] == "back-office"
    assert "office" not in outcome(derive(triples(text + statement)), "a")


def test_a_concept_taken_from_two_sources_does_not_make_them_one():
    text = claims("a banking medium1 back \n a banking medium2 back \n a banking medium3 middle")
    origin = "concept:a prov:wasDerivedFrom source:medium1 , source:medium2 ."
    assert outcome(derive(triples(text + origin)), "a")["office"] == "back-office"


def test_the_overall_office_takes_all_segments_together():
    derived = derive(triples(claims("a banking medium1 back \n a insurance high1 front")))
    assert outcome(derived, "a", None) == {
        "function": "a",
        "office": "front-office",
        "contested": "true",
        "basis": "stated",
        "votesFor": "1",
        "votesAgainst": "0",
    }


def test_a_function_without_placements_inherits_from_the_nearest_broader_function():
    derived = derive(
        triples(
            claims("top banking high1 front \n parent banking medium1 back \n parent banking low1 middle")
            + "concept:parent skos:broader concept:top . concept:child skos:broader concept:parent ."
            + "concept:top skos:narrower concept:other . concept:other skos:narrower concept:leaf ."
        )
    )
    assert outcome(derived, "child") == {
        "function": "child",
        "segment": "banking",
        "office": "back-office",
        "contested": "true",
        "basis": "inherited",
    }
    assert outcome(derived, "leaf")["office"] == "front-office"
    assert outcome(derived, "leaf")["contested"] == "false"
    node = NamedNode(f"{BASE}placement/usual/child/banking")
    origin = NamedNode(f"{BASE}placement/usual/parent/banking")
    assert Triple(node, PROV.wasDerivedFrom, origin) in derived


NOT_INHERITED = {
    "the votes on the broader function are equal": "parent banking low1 back \n parent banking low2 middle",
    "it was placed with a reservation": "parent banking low1 middle some",
    "it was placed in another segment": "parent insurance low1 middle",
    "two broader functions differ": "parent banking low1 back \n uncle banking low1 middle",
}


@pytest.mark.parametrize("placements", NOT_INHERITED.values(), ids=NOT_INHERITED)
def test_nothing_is_inherited_where(placements):
    derived = derive(
        triples(
            claims(placements + "\n top banking high1 front")
            + "concept:child skos:broader concept:parent , concept:uncle ."
            + ("concept:parent skos:broader concept:top ." if "insurance" not in placements else "")
        )
    )
    assert outcome(derived, "child") is None


def test_a_reservation_gives_way_to_claims_without_one_whatever_their_weight():
    derived = derive(triples(claims("a banking high1 back possibly \n a banking low1 middle")))
    assert outcome(derived, "a") == {
        "function": "a",
        "office": "middle-office",
        "segment": "banking",
        "basis": "stated",
        "contested": "true",
        "votesFor": "1",
        "votesAgainst": "0",
    }


def test_reserved_claims_decide_where_there_are_no_others():
    derived = derive(triples(claims("a banking low1 middle some")))
    assert outcome(derived, "a")["office"] == "middle-office"


def test_an_unreserved_claim_beside_a_reserved_one_is_inherited():
    derived = derive(
        triples(
            claims("a banking low1 middle some \n a banking low2 middle all") + "concept:b skos:broader concept:a ."
        )
    )
    assert outcome(derived, "a")["votesFor"] == "1"
    assert outcome(derived, "b")["office"] == "middle-office"


def test_sources_of_one_publisher_vote_as_one():
    derived = derive(
        triples(
            claims("a banking medium1 middle \n a banking medium2 middle")
            + """source:medium1 dcterms:publisher concept:press . source:medium2 dcterms:publisher concept:press ."""
        )
    )
    assert outcome(derived, "a")["votesFor"] == "1"


def test_a_cycle_of_broader_functions_ends():
    graph = (
        claims("a banking low1 back")
        + "concept:b skos:broader concept:c . concept:c skos:broader concept:b , concept:a ."
    )
    assert outcome(derive(triples(graph)), "b")["basis"] == "inherited"


def test_back_office_in_banking_is_one_triple_pattern():
    derived = derive(
        triples(claims("a banking low1 back \n b banking low1 back \n c banking low1 front \n d insurance low1 back"))
    )
    back = NamedNode(f"{BASE}concept/back-office")
    in_banking = [
        triple.subject.value.rsplit("/", 1)[-1]
        for triple in derived
        if triple.predicate == OFO.usualOfficeInBanking and triple.object == back
    ]
    assert in_banking == ["a", "b"]
    function = NamedNode(f"{BASE}concept/a")
    assert Triple(function, OFO.usualOfficeInSomeSegment, back) in derived
    assert Triple(function, OFO.usualOffice, back) in derived


def test_a_tie_has_no_direct_property():
    derived = derive(triples(claims("a banking low1 back \n a banking low2 middle")))
    assert not [triple for triple in derived if triple.subject == NamedNode(f"{BASE}concept/a")]


def test_each_usual_placement_says_what_it_came_from_and_by_which_rule():
    derived = derive(
        triples(
            claims("a banking low1 back \n a banking medium1 middle")
            + 'concept:a skos:prefLabel "settlement"@en . segment:banking skos:prefLabel "banking"@en .'
            + 'concept:middle-office skos:prefLabel "middle office"@en , "Middle Office"@de .'
        )
    )
    node = NamedNode(f"{BASE}placement/usual/a/banking")
    about = {(triple.predicate, triple.object) for triple in derived if triple.subject == node}
    assert (RDF.type, OFO.UsualPlacement) in about
    assert {value for predicate, value in about if predicate == PROV.wasDerivedFrom} == {
        NamedNode(f"{BASE}placement/p0"),
        NamedNode(f"{BASE}placement/p1"),
    }
    assert [value.value for predicate, value in about if predicate == RDFS.label] == [
        "settlement: usually middle office in banking"
    ]
    (activity,) = (value for predicate, value in about if predicate == PROV.wasGeneratedBy)
    (association,) = (
        triple.object
        for triple in derived
        if triple.subject == activity and triple.predicate == PROV.qualifiedAssociation
    )
    assert Triple(association, PROV.hadPlan, OFO.usualOfficeRule) in derived


INCOMPLETE = {
    "no placements": "concept:a skos:broader concept:b .",
    "no office": "placement:p a ofo:Placement ; ofo:function concept:a ; ofo:segment segment:banking ; "
    "prov:hadPrimarySource source:low1 .",
    "a source without reliability": claims("a banking unknown back"),
    "a literal for a source": "placement:p a ofo:Placement ; ofo:function concept:a ; "
    'ofo:segment segment:banking ; ofo:office concept:back-office ; prov:hadPrimarySource "x" .',
}


@pytest.mark.parametrize("graph", INCOMPLETE.values(), ids=INCOMPLETE)
def test_no_outcome_without_a_complete_placement(graph):
    assert [triple for triple in derive(triples(graph)) if triple.predicate == OFO.function] == []


def test_the_order_of_the_sources_does_not_matter():
    graph = triples(
        claims("a banking low1 back \n b banking low2 front \n c insurance low1 middle \n a insurance low1 back")
        + "concept:d skos:broader concept:a ."
    )
    assert derive(graph) == derive(graph[::-1])
