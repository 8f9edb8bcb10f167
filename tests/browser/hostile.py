"""A vocabulary whose words try to break the pages that show them."""

from __future__ import annotations

from browser.kinds import Kind

MARKUP = r"</title></textarea></script><script>alert(1)</script><img src=x onerror=alert(2)>\"' onmouseover='alert(3)"
OVERRIDE = "\u202egnissecorp\u202c \u2066isolated\u200f\u200e"
"""Words that are told to run from right to left, and isolates that are never ended."""

LONG = "Vermögensverwaltungsgesellschaft" * 12

VOCABULARY = f"""
@prefix : <https://hostile.example/v/> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix ofo: <https://w3id.org/officegraph/ontology#> .
@prefix ontolex: <http://www.w3.org/ns/lemon/ontolex#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix prov: <http://www.w3.org/ns/prov#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix void: <http://rdfs.org/ns/void#> .

:dataset a void:Dataset ; dcterms:title "{MARKUP}"@en , "{OVERRIDE}"@fa ; dcterms:description "{MARKUP}"@en ;
    dcterms:license <javascript:alert(4)> ; dcterms:publisher <data:text/html,%3Cscript%3Ealert(5)%3C/script%3E> .
:scheme a skos:ConceptScheme ; skos:prefLabel "{MARKUP}"@en , "مخطط"@ar ; skos:hasTopConcept :markup , :long .
:markup a skos:Concept ; skos:inScheme :scheme ; skos:topConceptOf :scheme ; skos:prefLabel "{MARKUP}"@en ;
    skos:altLabel "{OVERRIDE}"@en , "{{{{ 7 * 7 }}}} {{% raw %}} ${{7*7}}"@en ; skos:hiddenLabel "{MARKUP}"@x-odd ;
    skos:definition "{MARKUP} {MARKUP}"@en ; skos:example "{MARKUP}" ; skos:scopeNote "{LONG}"@de ;
    skos:notation "{MARKUP}" ; skos:narrower :arabic , :long , <https://hostile.example/v/%22%3E%3Cscript%3E> ;
    skos:exactMatch <javascript:alert(6)> , <JavaScript:alert(7)> , <vbscript:x> , <data:text/html,x> ;
    skos:closeMatch <https://hostile.example.net/{LONG}> ; rdfs:seeAlso <javascript:alert(8)> , <file:///etc/passwd> ;
    dcterms:source "javascript:alert(9)" ; owl:deprecated true ; dcterms:isReplacedBy <javascript:alert(10)> .
:arabic a skos:Concept ; skos:inScheme :scheme ; skos:broader :markup ; skos:prefLabel "تسوية المعاملات"@ar ,
    "{OVERRIDE}"@he ; skos:altLabel "{LONG}"@ar ; skos:definition "تبادل الأصول والأموال (settlement) بين الأطراف"@ar .
:long a skos:Concept ; skos:inScheme :scheme ; skos:broader :markup ; skos:related :arabic ;
    skos:prefLabel "{LONG}"@de ; skos:altLabel "{LONG}{LONG}"@de ;
    skos:definition "{LONG}"@de ; skos:notation "{LONG}" .
<https://hostile.example/v/%22%3E%3Cscript%3E> a skos:Concept ; skos:inScheme :scheme ; skos:broader :markup ;
    skos:prefLabel "an address with markup"@en .
:collection a skos:Collection ; skos:prefLabel "{MARKUP}"@en ; skos:member :markup , :arabic , :long .
:placement a ofo:Placement ; ofo:function :markup ; ofo:office :long ; ofo:segment :arabic ;
    prov:hadPrimarySource :source ; rdfs:comment "{MARKUP}"@en .
:source a prov:Entity ; dcterms:title "{MARKUP}"@en ; dcterms:creator "{MARKUP}" ; dcterms:date "{MARKUP}" .
:word a ontolex:Word ; rdfs:label "{MARKUP}"@en ; ontolex:canonicalForm :form ; ontolex:sense :sense .
:form a ontolex:Form ; ontolex:writtenRep "{MARKUP}"@en ; ontolex:phoneticRep "{MARKUP}"@en-fonipa .
:sense a ontolex:LexicalSense ; skos:definition "{MARKUP}"@en ; ontolex:reference :markup .
"""

KINDS = (
    Kind("home", "/"),
    Kind("concept", "/markup"),
    Kind("concept in Arabic", "/arabic"),
    Kind("concept with long words", "/long"),
    Kind("concept with an odd address", "/resource?uri=https%3A%2F%2Fhostile.example%2Fv%2F%2522%253E%253Cscript%253E"),
    Kind("scheme", "/scheme"),
    Kind("collection", "/collection"),
    Kind("placement", "/placement"),
    Kind("source", "/source"),
    Kind("word", "/word"),
    Kind("dataset", "/dataset"),
    Kind("downloads", "/dumps/"),
    Kind("SPARQL table", "/sparql?query=SELECT%20*%20WHERE%20%7B%20%3Fs%20%3Fp%20%3Fo%20%7D"),
    Kind("SPARQL graph", "/sparql?query=CONSTRUCT%20WHERE%20%7B%20%3Fs%20%3Fp%20%3Fo%20%7D"),
    Kind("SPARQL error", "/sparql?query=%3C%2Ftextarea%3E%3Cscript%3Ealert(1)%3C%2Fscript%3E", 400),
    Kind("not found", "/%22%3E%3Cscript%3Ealert(1)%3C%2Fscript%3E", 404),
    Kind("problem with markup", "/resource?uri=%22%3E%3Cscript%3Ealert(1)%3C%2Fscript%3E", 404),
    Kind("kind of problem with markup", "/problems/%22%3E%3Cscript%3Ealert(1)%3C%2Fscript%3E", 404),
)
"""The pages of that vocabulary."""

COMING = (
    Kind("search", "/search?q=script"),
    Kind("search with markup", "/search?q=%22%3E%3Cscript%3Ealert(1)%3C%2Fscript%3E"),
    Kind("browse", "/browse"),
    Kind("browse alphabetical", "/browse/alphabetical"),
    Kind("compare", "/compare?concept=https%3A%2F%2Fhostile.example%2Fv%2Fmarkup"),
    Kind("graph", "/graph?concept=https%3A%2F%2Fhostile.example%2Fv%2Fmarkup"),
    Kind("about", "/about"),
    Kind("sources", "/sources"),
    Kind("changes", "/changes"),
)
"""Pages that are not served yet; a row moves up to :data:`KINDS` when its page is."""
