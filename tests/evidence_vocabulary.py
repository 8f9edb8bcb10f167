"""A small vocabulary with placements, sources, a lexicon and mappings that say why, for tests of pages."""

BASE = "https://example.org/e/"

_HEAD = """
@prefix : <https://example.org/e/> .
@prefix concept: <https://example.org/e/concept/> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix dcat: <http://www.w3.org/ns/dcat#> .
@prefix lexicon: <https://example.org/e/lexicon/> .
@prefix lexinfo: <http://www.lexinfo.net/ontology/3.0/lexinfo#> .
@prefix mapping: <https://example.org/e/mapping/> .
@prefix oa: <http://www.w3.org/ns/oa#> .
@prefix ofo: <https://w3id.org/officegraph/ontology#> .
@prefix ontolex: <http://www.w3.org/ns/lemon/ontolex#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix placement: <https://example.org/e/placement/> .
@prefix prov: <http://www.w3.org/ns/prov#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix schema: <https://schema.org/> .
@prefix segment: <https://example.org/e/segment/> .
@prefix semapv: <https://w3id.org/semapv/vocab/> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix source: <https://example.org/e/source/> .
@prefix sssom: <https://w3id.org/sssom/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .

:dataset a dcat:Dataset ; dcterms:title "Deeds"@en ; dcterms:creator "A. & B. Editor" ;
    dcterms:issued "2026-05-01"^^xsd:date ; dcterms:modified "2026-05-01"^^xsd:date ;
    dcterms:created "2026-04-01"^^xsd:date ; dcat:version "1.2.0" ;
    dcterms:license <https://creativecommons.org/licenses/by/4.0/> ;
    skos:editorialNote "Sources: facts are taken from them."@en .
:scheme a skos:ConceptScheme ; skos:prefLabel "deeds"@en ; skos:hasTopConcept concept:work .
concept:work a skos:Concept ; skos:prefLabel "work"@en ; skos:inScheme :scheme ; skos:topConceptOf :scheme ;
    skos:narrower concept:settling , concept:selling .
concept:selling a skos:Concept ; skos:prefLabel "selling"@en ; skos:inScheme :scheme ; skos:broader concept:work ;
    skos:definition "Finding those who buy."@en .
concept:settling a skos:Concept ; skos:prefLabel "settling"@en , "Abwicklung"@de ; skos:altLabel "settle-up"@en ;
    skos:hiddenLabel "setling"@en ; skos:inScheme :scheme ; skos:broader concept:work ; skos:related concept:selling ;
    skos:narrower concept:netting ; skos:definition "Exchanging what was agreed."@en ;
    skos:scopeNote "Not quarrels."@en ;
    skos:changeNote "Split from selling."@en ; dcterms:created "2026-04-02"^^xsd:date ;
    prov:wasDerivedFrom source:s1 ; skos:closeMatch lexicon:meaning , <http://other.example/settle> ;
    rdfs:seeAlso <http://other.example/class> .
concept:netting a skos:Concept ; skos:prefLabel "netting"@en ; skos:inScheme :scheme ; skos:broader concept:settling .
concept:old a skos:Concept ; skos:prefLabel "old"@en ; skos:inScheme :scheme ; owl:deprecated true ;
    dcterms:isReplacedBy concept:settling .
concept:front-office a skos:Concept ; skos:prefLabel "front office"@en ; skos:inScheme :scheme .
concept:back-office a skos:Concept ; skos:prefLabel "back office"@en ; skos:inScheme :scheme .
segment:a a skos:Concept ; skos:prefLabel "banks"@en . segment:b a skos:Concept ; skos:prefLabel "funds"@en .
ofo:low a skos:Concept ; skos:prefLabel "low"@en . ofo:high a skos:Concept ; skos:prefLabel "high"@en .
lexicon:meaning a skos:Concept , ontolex:LexicalConcept ; skos:prefLabel "settling (of trades)"@en .
lexicon:settling a ontolex:Word ; rdfs:label "settling"@en ; lexinfo:partOfSpeech lexinfo:noun ;
    ontolex:canonicalForm lexicon:form ; ontolex:sense lexicon:sense-1 , lexicon:sense-2 ;
    ontolex:evokes lexicon:meaning .
lexicon:form a ontolex:Form ; ontolex:writtenRep "settling"@en ; ontolex:phoneticRep "setlin"@en-GB-x-plain .
lexicon:sense-1 a ontolex:LexicalSense ; rdfs:label "settling: of a quarrel"@en .
lexicon:sense-2 a ontolex:LexicalSense ; rdfs:label "settling: of trades"@en ;
    ontolex:isLexicalizedSenseOf lexicon:meaning .
mapping:set a sssom:MappingSet ; rdfs:label "to others"@en ; sssom:object_source :others ; sssom:mappings mapping:one ,
    mapping:two ; dcterms:created "2026-03-03"^^xsd:date .
:others rdfs:label "Other things"@en ; dcterms:title "Other things"@en .
mapping:one a owl:Axiom ; owl:annotatedSource concept:settling ; owl:annotatedProperty skos:closeMatch ;
    owl:annotatedTarget <http://other.example/settle> ; sssom:mapping_justification semapv:ManualMappingCuration ;
    rdfs:comment "Nearly the same."@en .
mapping:two a owl:Axiom ; owl:annotatedSource concept:settling ; owl:annotatedProperty rdfs:seeAlso ;
    owl:annotatedTarget <http://other.example/class> ; ofo:degreeOfMatch skos:broadMatch ;
    sssom:mapping_justification semapv:MappingReview .
<http://other.example/settle> rdfs:label "Settle"@en .
"""


def vocabulary(sources: int = 14) -> str:
    """Return the vocabulary with ``sources`` sources, each of which places settling; the last one differs."""
    parts = [_HEAD]
    for number in range(1, sources + 1):
        office = "front-office" if number == sources else "back-office"
        segment = "a" if number % 2 else "b"
        words = f'; prov:value "Words {number}."@en ; schema:pagination "{number}"' if number < 3 else ""
        parts.append(
            f'source:s{number} a prov:Entity ; rdfs:label "Source {number}"@en ; ofo:reliability ofo:low ;\n'
            f'    dcterms:issued "20{number:02}"^^xsd:gYear ; ofo:sourceKind "book"@en .\n'
            f'placement:p{number} a ofo:Placement ; rdfs:label "settling by source {number}"@en ;\n'
            f"    ofo:function concept:settling ; ofo:office concept:{office} ; ofo:segment segment:{segment} ;\n"
            f"    prov:hadPrimarySource source:s{number} {words} .\n"
        )
    parts.append(
        'placement:q1 a ofo:Placement ; rdfs:label "selling by source 1"@en ; ofo:function concept:selling ;\n'
        "    ofo:office concept:front-office ; prov:hadPrimarySource source:s1 .\n"
        "source:s2 prov:wasDerivedFrom source:s1 .\n"
    )
    return "".join(parts)
