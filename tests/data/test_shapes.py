"""The shapes hold for the graph, and each of them notices what it is there to notice."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from pyoxigraph import RdfFormat, parse, serialize
from pyshacl import validate
from rdflib import RDF, SH, Graph, URIRef

from officegraph.vocabulary.derive import derive
from officegraph.vocabulary.entail import entail

ROOT = Path(__file__).parents[2]
SHAPES = sorted((ROOT / "ontology" / "shapes").glob("*.ttl"))

PREFIXES = """
@prefix claim: <https://w3id.org/officegraph/claim/> .
@prefix concept: <https://w3id.org/officegraph/concept/> .
@prefix ofo: <https://w3id.org/officegraph/ontology#> .
@prefix placement: <https://w3id.org/officegraph/placement/> .
@prefix scheme: <https://w3id.org/officegraph/scheme/> .
@prefix segment: <https://w3id.org/officegraph/segment/> .
@prefix source: <https://w3id.org/officegraph/source/> .
@prefix adms: <http://www.w3.org/ns/adms#> .
@prefix dcat: <http://www.w3.org/ns/dcat#> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix org: <http://www.w3.org/ns/org#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix prov: <http://www.w3.org/ns/prov#> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix schema: <https://schema.org/> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix skosxl: <http://www.w3.org/2008/05/skos-xl#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""

SCHEMES = "".join(
    f"""
scheme:{name} a skos:ConceptScheme ; skos:prefLabel "{name}"@en ; skos:definition "All {name} that matter."@en ;
    skos:historyNote "Drawn up for {name}."@en ; schema:license <https://example.org/> ;
    schema:creator <https://w3id.org/officegraph/agent/p> ; schema:publisher <https://w3id.org/officegraph/agent/p> ;
    schema:dateCreated "2026-01-01"^^xsd:date ; schema:dateModified "2026-01-01"^^xsd:date .
"""
    for name in ("functions", "offices", "roles", "segments")
)

GOOD = (
    SCHEMES
    + """
ofo:high a ofo:ReliabilityLevel .
ofo:officeNamed a ofo:Reading .
ofo:secondLine a ofo:Reading .
ofo:some a ofo:Extent .
ofo:stated a ofo:Basis .
ofo:revenueAspect a ofo:Aspect .
ofo:usualOfficeInInsurance rdfs:subPropertyOf ofo:usualOfficeInSomeSegment .

concept:back-office a ofo:Office , skos:Concept ; skos:inScheme scheme:offices ;
    skos:prefLabel "back office"@en ; skos:definition "Part of a firm that does its paperwork."@en .
concept:front-office a ofo:Office , skos:Concept ; skos:inScheme scheme:offices ;
    skos:prefLabel "front office"@en ; skos:definition "Part of a firm that deals with customers."@en ;
    ofo:supports concept:back-office .
concept:settlement a skos:Concept ; skos:inScheme scheme:functions ;
    skos:prefLabel "settlement"@en ; skos:definition "Exchange of asset and money after a trade."@en .
concept:trading a skos:Concept ; skos:inScheme scheme:functions ; ofo:precedes concept:settlement ;
    skos:prefLabel "trading"@en ; skos:definition "Buying and selling in a market, day by day."@en ;
    ofo:mustBeSegregatedFrom concept:settlement .
concept:clerk a skos:Concept ; skos:inScheme scheme:roles ; ofo:carriesOut concept:settlement ;
    skos:prefLabel "clerk"@en ; skos:definition "Employee who handles papers by routine."@en .
segment:insurance a ofo:Segment , skos:Concept ; skos:inScheme scheme:segments ;
    skos:prefLabel "insurance"@en ; skos:definition "Firms that take over risks for premiums."@en ;
    ofo:shortcutProperty ofo:usualOfficeInInsurance .

source:a a prov:Entity ; rdfs:label "A"@en ; dcterms:title "A"@en ; dcterms:identifier "A" ;
    dcterms:publisher <https://w3id.org/officegraph/agent/p> ; schema:url "https://example.org/a"^^xsd:anyURI ;
    ofo:sourceKind "glossary"@en ; ofo:reliability ofo:high .
<https://w3id.org/officegraph/agent/p> a schema:Organization ; schema:name "P" .

placement:one a ofo:Placement ; rdfs:label "one"@en ; ofo:function concept:settlement ;
    ofo:office concept:back-office ; ofo:segment segment:insurance ; ofo:reading ofo:officeNamed ;
    prov:hadPrimarySource source:a .
placement:usual a ofo:UsualPlacement ; ofo:function concept:settlement ; ofo:office concept:back-office ;
    ofo:basis ofo:stated ; ofo:contested false ; ofo:votesFor 1 ; ofo:votesAgainst 0 ;
    prov:wasDerivedFrom placement:one .
placement:open a ofo:UndecidedPlacement ; rdfs:label "open"@en ; ofo:function concept:settlement ;
    ofo:segment segment:insurance ; prov:hadPrimarySource source:a .

claim:one a ofo:Claim ; rdfs:label "It earns nothing."@en ; ofo:about concept:back-office ;
    ofo:aspect ofo:revenueAspect ; rdf:value false ; prov:hadPrimarySource source:a .
claim:two a ofo:RelationClaim ; rdfs:label "It helps."@en ; rdf:subject concept:front-office ;
    rdf:predicate ofo:supports ; rdf:object concept:back-office ; prov:hadPrimarySource source:a .
claim:three a ofo:RelationClaim ; rdfs:label "They are apart."@en ; rdf:subject concept:trading ;
    rdf:predicate ofo:mustBeSegregatedFrom ; rdf:object concept:settlement ; prov:hadPrimarySource source:a .
"""
)
"""A tiny graph to which all shapes of this test conform."""

BAD = [
    # (what is taken out of the good graph, what is added, the message that must come, about what)
    ("ofo:office concept:back-office ; ofo:segment", "ofo:segment", "exactly one office", "placement/one"),
    (
        "",
        "placement:one ofo:office concept:front-office .",
        "exactly one office",
        "placement/one",
    ),
    ("", "placement:one ofo:function concept:trading .", "exactly one function", "placement/one"),
    ("", "placement:one ofo:segment segment:unknown .", "exactly one segment", "placement/one"),
    (
        "ofo:reading ofo:officeNamed ;\n    prov:hadPrimarySource source:a .",
        "ofo:reading ofo:officeNamed .",
        "at least one source",
        "placement/one",
    ),
    ("ofo:reliability ofo:high .", "ofo:extent ofo:some .", "has no weight", "placement/one"),
    ("", "placement:one ofo:extent ofo:partly .", "at most one extent", "placement/one"),
    ("ofo:reading ofo:officeNamed ;", "", "exactly one reading", "placement/one"),
    (
        "ofo:reading ofo:officeNamed ;",
        "ofo:reading ofo:secondLine ;",
        "a second line as the middle office",
        "placement/one",
    ),
    (
        "",
        """placement:two a ofo:Placement ; ofo:function concept:settlement ; ofo:office concept:back-office ;
            ofo:segment segment:insurance ; prov:hadPrimarySource source:a .""",
        "repeats another one",
        "concept/settlement",
    ),
    ("", "placement:open ofo:office concept:back-office .", "has no office", "placement/open"),
    ("ofo:contested false ;", "", "whether it is contested", "placement/usual"),
    ("ofo:votesFor 1 ;", "ofo:votesFor 0 ;", "whole number from one", "placement/usual"),
    ("ofo:basis ofo:stated ;", "", "on which basis", "placement/usual"),
    ("rdf:value false ;", "", "has a value, or a concept", "claim/one"),
    ("", "claim:one ofo:about concept:front-office .", "exactly one concept", "claim/one"),
    (";\n    ofo:supports concept:back-office .", ".", "is not stated", "claim/two"),
    ("", "concept:back-office ofo:enables concept:front-office .", "No claim says who", "concept/back-office"),
    (
        "",
        "concept:settlement ofo:contrastsWith concept:trading .",
        "No claim says who",
        "concept/settlement",
    ),
    ("", "concept:settlement skos:prefLabel 'settling'@en .", "one preferred label", "concept/settlement"),
    (
        'skos:prefLabel "settlement"@en',
        'skos:prefLabel "Abwicklung"@de',
        "English preferred label",
        "concept/settlement",
    ),
    ("Exchange of asset and money after a trade.", "Exchange.", "English definition", "concept/settlement"),
    ("", "concept:settlement skos:altLabel ' settling '@en .", "no blank", "concept/settlement"),
    ("", "concept:settlement skos:altLabel 'settling' .", "has a language", "concept/settlement"),
    ("", "concept:settlement skos:altLabel 'settlement'@en .", "preferred and alternative", "concept/settlement"),
    (
        "",
        "concept:settlement skos:altLabel 's'@en ; skos:hiddenLabel 's'@en .",
        "alternative and hidden",
        "concept/settlement",
    ),
    ("", "concept:trading skos:altLabel 'settlement'@en .", "share a label", "scheme/functions"),
    ("schema:creator <https://w3id.org/officegraph/agent/p> ;", "", "has a creator", "scheme/functions"),
    ("", "scheme:roles schema:license 'free' .", "exactly one licence, named", "scheme/roles"),
    ("", "scheme:roles schema:publisher <https://example.org/> .", "exactly one publisher", "scheme/roles"),
    ("", "scheme:roles schema:dateModified 'today' .", "last changed", "scheme/roles"),
    (
        "",
        "concept:settlement skosxl:altLabel concept:l . concept:l skosxl:literalForm 'settling'@en .",
        "no plain SKOS label",
        "concept/settlement",
    ),
    (
        "",
        "concept:trading skos:broader concept:settlement . concept:settlement skos:broader concept:back-office .",
        "never by skos:broader",
        "concept/trading",
    ),
    ("", "concept:clerk skos:broader concept:settlement .", "in another scheme", "concept/clerk"),
    ("", "concept:settlement ofo:carriesOut concept:trading .", "Only a role", "concept/settlement"),
    ("", "concept:clerk ofo:carriesOut concept:back-office .", "carries out is a function", "concept/clerk"),
    ("", "concept:clerk ofo:responsibleFor concept:settlement .", "Only an organisational unit", "concept/clerk"),
    ("", "concept:clerk ofo:producedOrUsedBy concept:settlement .", "Only a document", "concept/clerk"),
    ("", "concept:clerk ofo:supportsFunction concept:settlement .", "Only an information system", "concept/clerk"),
    ("", "concept:clerk ofo:counterpartIn concept:settlement .", "Only an outside party", "concept/clerk"),
    ("", "concept:settlement ofo:precedes concept:trading .", "run in a circle", "concept/trading"),
    (
        "ofo:usualOfficeInInsurance rdfs:subPropertyOf ofo:usualOfficeInSomeSegment .",
        "",
        "declared",
        "segment/insurance",
    ),
    (
        "",
        "concept:u a org:OrganizationalUnit ; org:purpose concept:trading , concept:settlement .",
        "One unit serves two functions",
        "concept/u",
    ),
    (
        "",
        "concept:p a org:Post ; org:role concept:clerk . concept:clerk ofo:carriesOut concept:trading .",
        "One post carries out two functions",
        "concept/p",
    ),
    ('dcterms:title "A"@en ;', "", "has a title", "source/a"),
    ('schema:url "https://example.org/a"^^xsd:anyURI ;', "", "has an address and a publisher", "source/a"),
    ('"https://example.org/a"^^xsd:anyURI', '"example.org"', "as xsd:anyURI", "source/a"),
    ("", "source:a prov:wasDerivedFrom source:a .", "derived from itself", "source/a"),
    ("", "claim:one prov:hadPrimarySource source:b .", "is described, with a reliability", "source/b"),
    ('schema:name "P"', 'schema:url "p"', "has one name", "agent/p"),
    ("", "ofo:new a owl:ObjectProperty ; rdfs:label 'new'@en .", "one definition", "ontology#new"),
]


@cache
def shapes(*paths: Path) -> Graph:
    graph = Graph()
    for path in paths:
        graph.parse(path)
    return graph


def findings(data: Graph, *paths: Path) -> Iterator[tuple[str, str]]:
    """Yield message and focus node of every result of the validation of ``data`` by the shapes in ``paths``."""
    _, report, _ = validate(data, shacl_graph=shapes(*paths), inference="none", advanced=False)
    for result in report.subjects(RDF.type, SH.ValidationResult):
        yield str(report.value(result, SH.resultMessage)), str(report.value(result, SH.focusNode))


def test_the_graph_of_a_release_conforms_to_the_shapes() -> None:
    paths = [
        path
        for folder in ("ontology", "data")
        for path in sorted((ROOT / folder).rglob("*.ttl"))
        if "shapes" not in path.parts
    ]
    stated = [quad.triple for path in paths for quad in parse(path=str(path), format=RdfFormat.TURTLE)]
    whole = serialize([*stated, *entail(stated), *derive(stated)], format=RdfFormat.N_TRIPLES)
    assert whole is not None
    assert sorted(findings(Graph().parse(data=whole, format="nt"), *SHAPES)) == []


def test_the_good_example_conforms() -> None:
    assert sorted(findings(Graph().parse(data=PREFIXES + GOOD), *SHAPES)) == []


@pytest.mark.parametrize(("out", "into", "message", "focus"), BAD, ids=[f"{row[2]}: {row[3]}" for row in BAD])
def test_a_shape_notices(out: str, into: str, message: str, focus: str) -> None:
    assert out in GOOD
    bad = GOOD.replace(out, into, 1) if out else GOOD + into
    homes = [path for path in SHAPES if message in path.read_text(encoding="utf-8")]
    found = list(findings(Graph().parse(data=PREFIXES + bad), *homes))
    assert any(message in text and node.endswith(focus) for text, node in found), found


@pytest.mark.parametrize("path", SHAPES, ids=lambda path: path.stem)
def test_every_constraint_says_in_a_sentence_what_is_wrong(path: Path) -> None:
    graph = Graph().parse(path)
    constraints = {
        *graph.objects(None, SH.property),
        *graph.objects(None, SH.sparql),
    }
    inner = {
        constraint
        for holder in (SH["or"], SH["and"], SH.xone)
        for head in graph.objects(None, holder)
        for member in graph.items(head)
        for constraint in graph.objects(member, SH.property)
    }
    assert constraints
    for constraint in constraints - inner:
        message = graph.value(constraint, SH.message)
        assert message is not None
        assert re.fullmatch(r"[A-Z].*[.]", message)
        assert graph.value(constraint, SH.severity) in (SH.Violation, SH.Warning, SH.Info)


def test_shapes_have_names_of_their_own() -> None:
    names = [node for path in SHAPES for node in set(Graph().parse(path).subjects(RDF.type, SH.NodeShape))]
    assert all(isinstance(name, URIRef) for name in names)
    assert len(names) == len(set(names))
