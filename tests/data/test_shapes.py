"""The shapes hold for the graph, and each of them notices what it is there to notice."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from pyshacl import validate
from rdflib import RDF, SH, Graph, URIRef

from officegraph.model.namespaces import OFFICEGRAPH_BASE
from officegraph.vocabulary.bundled import bundled_sources
from officegraph.vocabulary.check import check_sources

ROOT = Path(__file__).parents[2]
SHAPES = sorted((ROOT / "ontology" / "shapes").glob("*.ttl"))

PREFIXES = """
@prefix claim: <https://w3id.org/officegraph/claim/> .
@prefix concept: <https://w3id.org/officegraph/concept/> .
@prefix mapping: <https://w3id.org/officegraph/mapping/> .
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
@prefix sssom: <https://w3id.org/sssom/> .
@prefix void: <http://rdfs.org/ns/void#> .
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

TWO_EXACT = """mapping:set a sssom:MappingSet ; sssom:mappings mapping:m , mapping:n .
    mapping:m owl:annotatedSource concept:clerk ; owl:annotatedProperty skos:exactMatch ; owl:annotatedTarget ofo:some .
    mapping:n owl:annotatedProperty skos:exactMatch ; owl:annotatedTarget ofo:some .
"""
"""Two exact matches with one target; where the second one starts is left to the example."""

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
    ("", "concept:x skos:prefLabel 'x'@en ; a skos:Concept .", "in a scheme that the graph describes", "concept/x"),
    ("", "concept:settlement skos:hiddenLabel 'settlement'@en .", "preferred and hidden", "concept/settlement"),
    ("", "scheme:roles schema:dateCreated 'then' .", "when it was made", "scheme/roles"),
    ('skos:historyNote "Drawn up for functions."@en ;', "", "scheme says where it comes from", "scheme/functions"),
    ("", "concept:trading ofo:precedes concept:clerk .", "a step precedes is a function", "concept/trading"),
    ("", "concept:x ofo:supportsFunction concept:clerk .", "a system supports is a function", "concept/x"),
    ("", "concept:x ofo:responsibleFor concept:clerk .", "a unit is responsible for is a function", "concept/x"),
    ("", "concept:x ofo:counterpartIn concept:clerk .", "takes part in is a function or", "concept/x"),
    ("", "concept:x ofo:producedOrUsedBy concept:clerk .", "uses a document is a function", "concept/x"),
    ("", "segment:insurance ofo:shortcutProperty ofo:other .", "one property that leads", "segment/insurance"),
    (
        "ofo:Segment , skos:Concept ; skos:inScheme scheme:segments",
        "ofo:Segment , skos:Concept ; skos:inScheme scheme:roles",
        "in the scheme of segments",
        "segment/insurance",
    ),
    ("", "concept:p a org:Post ; org:role concept:clerk .", "in a unit or an organisation", "concept/p"),
    ("", "concept:p a org:Post ; org:role concept:trading .", "is said by a role", "concept/p"),
    ("", "concept:u a org:OrganizationalUnit ; org:purpose concept:clerk .", "there for is a function", "concept/u"),
    (
        "",
        "concept:u a org:OrganizationalUnit ; org:classification concept:back-office .",
        "The kind of a unit is one of",
        "concept/u",
    ),
    (
        "",
        """concept:p a org:Post ; org:role concept:clerk ; org:postIn concept:u .
            concept:u a org:OrganizationalUnit ; org:purpose concept:trading .""",
        "from what its unit is there for",
        "concept/p",
    ),
    (
        "",
        """concept:p org:role concept:clerk ; org:reportsTo concept:q . concept:q org:role concept:trader .
            concept:trader ofo:carriesOut concept:trading .""",
        "The post reports to",
        "concept/p",
    ),
    (
        "",
        """concept:p org:role concept:clerk . concept:q org:role concept:trader .
            concept:ann org:holds concept:p , concept:q .
            concept:trader ofo:carriesOut concept:trading .""",
        "One person holds two posts",
        "concept/ann",
    ),
    ('rdfs:label "one"@en ; ofo:function', "ofo:function", "A placement has a label that says", "placement/one"),
    ('rdfs:label "open"@en ;', "", "An undecided placement has a label", "placement/open"),
    (
        "",
        "placement:open ofo:function concept:trading .",
        "undecided placement has exactly one function",
        "placement/open",
    ),
    ("", "placement:open ofo:segment segment:x .", "undecided placement has exactly one segment", "placement/open"),
    (
        "ofo:segment segment:insurance ; prov:hadPrimarySource source:a .\n\nclaim",
        "ofo:segment segment:insurance .\n\nclaim",
        "undecided placement names at least one source",
        "placement/open",
    ),
    (
        "",
        "placement:usual ofo:function concept:trading .",
        "A usual placement has exactly one function",
        "placement/usual",
    ),
    ("", "placement:usual ofo:office concept:front-office .", "at most one office", "placement/usual"),
    ("", "placement:usual ofo:segment segment:x .", "one segment, or none", "placement/usual"),
    ("ofo:votesAgainst 0", "ofo:votesAgainst -1", "whole number from nought", "placement/usual"),
    (
        "ofo:votesAgainst 0 ;\n    prov:wasDerivedFrom placement:one .",
        "ofo:votesAgainst 0 .",
        "names the placements from which",
        "placement/usual",
    ),
    ('rdfs:label "It earns nothing."@en ;', "", "A claim is retold in one sentence", "claim/one"),
    ("", "claim:one ofo:aspect ofo:some .", "concerns exactly one aspect", "claim/one"),
    ("", "claim:one ofo:concerns source:a .", "a claim concerns is a concept", "claim/one"),
    ("", "claim:one ofo:segment concept:clerk .", "segment of a claim", "claim/one"),
    (
        "rdf:value false ; prov:hadPrimarySource source:a .",
        "rdf:value false .",
        "A claim names its source",
        "claim/one",
    ),
    ('rdfs:label "It helps."@en ;', "", "A relation claim is retold", "claim/two"),
    ("", "claim:two rdf:subject concept:trading .", "relation claim has exactly one subject", "claim/two"),
    ("", "claim:two rdf:predicate ofo:precedes .", "relation claim has exactly one predicate", "claim/two"),
    ("", "claim:two rdf:object concept:trading .", "relation claim has exactly one object", "claim/two"),
    (
        "rdf:object concept:back-office ; prov:hadPrimarySource source:a .",
        "rdf:object concept:back-office .",
        "A relation claim names its source",
        "claim/two",
    ),
    ("source:a a prov:Entity ;", "source:a", "A source is a prov:Entity", "source/a"),
    ('rdfs:label "A"@en ;', "", "a label that tells it from other sources", "source/a"),
    ('dcterms:identifier "A" ;', "", "one short identifier", "source/a"),
    ("", "source:a ofo:reliability ofo:some .", "has one reliability, taken", "source/a"),
    ('ofo:sourceKind "glossary"@en ;', "", "which kind of text", "source/a"),
    ("", "source:a prov:wasDerivedFrom ofo:some .", "The origin of a source is described", "source/a"),
    (
        "dcterms:publisher <https://w3id.org/officegraph/agent/p>",
        "dcterms:publisher ofo:some",
        "publisher of a source is a described",
        "source/a",
    ),
    ("", "ofo:new a owl:Class ; skos:definition 'New.'@en .", "has one label in a language", "ontology#new"),
    ("", "ofo:new a owl:Class ; rdfs:label 'new'@en .", "by which ontology it is defined", "ontology#new"),
    ("", "concept:d a adms:Asset .", "The dataset has a title", "concept/d"),
    ("", "concept:d a adms:Asset .", "The dataset has a description", "concept/d"),
    ("", "concept:d a adms:Asset .", "The dataset has exactly one licence", "concept/d"),
    ("", "concept:d a adms:Asset .", "The dataset has exactly one publisher", "concept/d"),
    ("", "concept:d a adms:Asset .", "The dataset has a creator", "concept/d"),
    ("", "concept:d a adms:Asset .", "The dataset says when it was issued", "concept/d"),
    ("", "concept:d a adms:Asset .", "The dataset says when it was last changed", "concept/d"),
    ("", "concept:d a adms:Asset .", "The dataset has one version of three numbers", "concept/d"),
    ("", "concept:o a owl:Ontology .", "The ontology has a title", "concept/o"),
    ("", "concept:o a owl:Ontology .", "The ontology has a licence, named by its IRI", "concept/o"),
    ("", "concept:o a owl:Ontology .", "The ontology has a version IRI", "concept/o"),
    ("", "concept:o a owl:Ontology .", "The ontology has a preferred prefix", "concept/o"),
    ("", "concept:o a owl:Ontology .", "The ontology has a preferred namespace", "concept/o"),
    ("", "mapping:set sssom:mappings mapping:m .", "A mapping has one concept as its source", "mapping/m"),
    ("", "mapping:set sssom:mappings mapping:m .", "A mapping has one property", "mapping/m"),
    ("", "mapping:set sssom:mappings mapping:m .", "A mapping has one target", "mapping/m"),
    ("", "mapping:set sssom:mappings mapping:m .", "A mapping has one justification", "mapping/m"),
    ("", "mapping:set sssom:mappings mapping:m .", "A mapping belongs to one set", "mapping/m"),
    (
        "",
        "mapping:set sssom:mappings mapping:m . mapping:m ofo:degreeOfMatch ofo:some .",
        "degree of a match",
        "mapping/m",
    ),
    (
        "",
        """mapping:set sssom:mappings mapping:m . mapping:m owl:annotatedSource concept:clerk ;
            owl:annotatedProperty skos:closeMatch ; owl:annotatedTarget <https://example.org/> .""",
        "not stated as a link of its own",
        "mapping/m",
    ),
    ("", "mapping:set a sssom:MappingSet .", "leads to one target, which is described", "mapping/set"),
    ("", "mapping:set a sssom:MappingSet .", "a linkset for each property", "mapping/set"),
    ("", TWO_EXACT + "mapping:n owl:annotatedSource concept:trading .", "an exact match", "mapping/set"),
    ("", TWO_EXACT + "mapping:n owl:annotatedSource concept:clerk .", "has two exact matches", "mapping/set"),
    ("", "mapping:links a void:Linkset .", "A linkset starts in one dataset", "mapping/links"),
    ("", "mapping:links a void:Linkset .", "A linkset leads to one dataset", "mapping/links"),
    ("", "mapping:links a void:Linkset .", "A linkset has one link predicate", "mapping/links"),
]


@cache
def shapes(*paths: Path) -> Graph:
    graph = Graph()
    for path in paths:
        graph.parse(path)
    return graph


@cache
def shapes_that_say(message: str) -> Graph:
    """Return the shapes that have ``message`` in a message of theirs, and the prefixes of their queries."""
    chosen = Graph()
    for path in SHAPES:
        if message in path.read_text(encoding="utf-8"):
            graph = shapes(path)
            for node in set(graph.subjects(RDF.type, SH.NodeShape)) | set(graph.subjects(SH.declare)):
                shape = graph.cbd(node)
                if (node, SH.declare, None) in graph or any(message in str(o) for o in shape.objects(None, SH.message)):
                    chosen += shape
    return chosen


def findings(data: Graph, chosen: Graph) -> Iterator[tuple[str, str]]:
    """Yield message and focus node of every result of the validation of ``data`` by the shapes ``chosen``."""
    _, report, _ = validate(data, shacl_graph=chosen, inference="none", advanced=False)
    for result in report.subjects(RDF.type, SH.ValidationResult):
        yield str(report.value(result, SH.resultMessage)), str(report.value(result, SH.focusNode))


def test_the_graph_has_no_finding_by_shapes_nor_by_integrity_nor_by_quality() -> None:
    """Each query of a shape is evaluated once for all its resources here, which pySHACL would not do."""
    assert list(map(str, check_sources(bundled_sources(), base=OFFICEGRAPH_BASE, shacl=True))) == []


def test_the_good_example_conforms() -> None:
    assert sorted(findings(Graph().parse(data=PREFIXES + GOOD), shapes(*SHAPES))) == []


@pytest.mark.parametrize(("out", "into", "message", "focus"), BAD, ids=[f"{row[2]}: {row[3]}" for row in BAD])
def test_a_shape_notices(out: str, into: str, message: str, focus: str) -> None:
    assert out in GOOD
    bad = GOOD.replace(out, into, 1) if out else GOOD + into
    found = list(findings(Graph().parse(data=PREFIXES + bad), shapes_that_say(message)))
    assert any(message in text and node.endswith(focus) for text, node in found), found


@pytest.mark.parametrize("path", [path for path in SHAPES if path.stem != "lexicon"], ids=lambda path: path.stem)
def test_every_constraint_has_a_failing_example(path: Path) -> None:
    """What the shapes of the lexicon notice is shown in the tests of the lexicon."""
    messages = {str(message) for message in Graph().parse(path).objects(None, SH.message)}
    assert sorted(message for message in messages if not any(row[2] in message for row in BAD)) == []


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
        assert re.fullmatch(r"[A-Z].*[.]", str(message))
        assert graph.value(constraint, SH.severity) in (SH.Violation, SH.Warning, SH.Info)


def test_shapes_have_names_of_their_own() -> None:
    names = [node for path in SHAPES for node in set(Graph().parse(path).subjects(RDF.type, SH.NodeShape))]
    assert all(isinstance(name, URIRef) for name in names)
    assert len(names) == len(set(names))
