"""Sources and releases that the tests of this folder share."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from officegraph.release.build import build_release
from officegraph.release.open import Release, open_release
from officegraph.settings import Settings

VOCABULARY = """
@prefix : <https://example.org/fruit/> .
@prefix dcat: <http://www.w3.org/ns/dcat#> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix skosxl: <http://www.w3.org/2008/05/skos-xl#> .
@prefix void: <http://rdfs.org/ns/void#> .
@prefix wd: <http://www.wikidata.org/entity/> .

<https://example.org/fruit/dataset> a void:Dataset , dcat:Dataset ;
    dcterms:title "Fruit"@en , "Obst"@de ;
    dcterms:description "Kinds of fruit."@en ;
    dcterms:license <https://creativecommons.org/licenses/by/4.0/> ;
    dcterms:publisher <https://example.org/fruit/us> ;
    dcat:version "2.1" ;
    void:triples 3 ;
    void:uriSpace "https://example.org/fruit/" .

<https://example.org/fruit/us> a <http://xmlns.com/foaf/0.1/Organization> ;
    <http://xmlns.com/foaf/0.1/name> "The orchard" .

:kinds a skos:ConceptScheme ; skos:prefLabel "Kinds of fruit"@en ; skos:hasTopConcept :fruit .
:uses a skos:ConceptScheme ; skos:prefLabel "Uses of fruit"@en .

:fruit a skos:Concept ; skos:inScheme :kinds ; skos:prefLabel "fruit"@en , "Obst"@de .
:apple a skos:Concept ; skos:inScheme :kinds ; skos:broader :fruit ;
    skos:prefLabel "apple"@en-GB , "Apfel"@de ;
    skosxl:altLabel :apple-label ;
    skos:closeMatch wd:Q89 ; skos:exactMatch <https://example.net/apples#Apple> ;
    skos:note [ <http://www.w3.org/1999/02/22-rdf-syntax-ns#value> "a note"@en ] .
:apple-label a skosxl:Label ; skosxl:literalForm "pomaceous fruit"@en .
:braeburn a skos:Concept ; skos:inScheme :kinds ; skos:broader :apple ; skos:prefLabel "Braeburn"@en .
:juice a skos:Concept ; skos:topConceptOf :uses ; skos:inScheme :uses ; skos:prefLabel "juice"@en ;
    skos:related :apple .
:red a skos:Collection ; skos:prefLabel "red fruit"@en ; skos:member :apple .
"""

NASTY = r"""
@prefix : <https://example.org/nasty/> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .

:s a skos:ConceptScheme ; skos:prefLabel "Scheme"@en-GB .
:c a skos:Concept ; skos:inScheme :s ; skos:prefLabel "colour"@en-GB , "Farbe"@de-CH-1996 ;
    skos:notation "007"^^xsd:integer , "1.50"^^xsd:decimal , "1"^^xsd:boolean , "1.0E0"^^xsd:double ,
        "+5"^^xsd:int , "2018-08-27T18:55:49.000Z"^^xsd:dateTime , "2020-01-01+00:00"^^xsd:date ,
        "PT60S"^^xsd:duration , "no number"^^xsd:integer , "x"^^<https://example.org/nasty/type> ;
    skos:note "" , " " , "line\nbreak" , "tab\treturn\r" , "quote \" and ''' and \"\"\"" , "back\\slash" ,
        "ends in a quote\"" , "\uFEFFmark" , "\U0001F34E" , "<b>&amp;</b>" , "]]>" , "=1+1" ;
    skos:related <https://example.org/nasty/%20/%2F/é/é?q=1&r=(2)> , <https://example.org/nasty/a'b> .
<https://example.org/nasty/%20/%2F/é/é?q=1&r=(2)> skos:prefLabel "odd"@en .
"""

CONTROL = """
<https://example.org/c/x> a <http://www.w3.org/2004/02/skos/core#Concept> ;
    <http://www.w3.org/2004/02/skos/core#prefLabel> "bell \\u0007"@en .
<https://example.org/c/y> a <http://www.w3.org/2004/02/skos/core#Concept> ;
    <http://www.w3.org/2004/02/skos/core#prefLabel> "quiet"@en .
"""

QUADS = """
@prefix : <https://example.org/q/> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
:x a skos:Concept ; skos:prefLabel "in the default graph"@en .
:g1 { :x skos:altLabel "in g1"@en ; skos:broader :y . }
:g2 { :y a skos:Concept ; skos:prefLabel "y"@en . :x skos:altLabel "in g1"@en . }
"""


@pytest.fixture
def source(tmp_path: Path) -> Callable[[str, str], Path]:
    """Return a function that writes a source file and returns its path."""

    def write(text: str, name: str = "source.ttl") -> Path:
        path = tmp_path / "sources" / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    return write


def _release(tmp: Path, text: str, name: str) -> Release:
    (tmp / name).write_text(text, encoding="utf-8")
    build_release([tmp / name], tmp / "releases", Settings())
    return open_release(tmp / "releases")


@pytest.fixture(scope="session")
def fruit(tmp_path_factory: pytest.TempPathFactory) -> Release:
    """Return a release of a small vocabulary."""
    return _release(tmp_path_factory.mktemp("fruit"), VOCABULARY, "fruit.ttl")


@pytest.fixture(scope="session")
def nasty(tmp_path_factory: pytest.TempPathFactory) -> Release:
    """Return a release of literals and IRIs that are easily damaged."""
    return _release(tmp_path_factory.mktemp("nasty"), NASTY, "nasty.ttl")


@pytest.fixture(scope="session")
def control(tmp_path_factory: pytest.TempPathFactory) -> Release:
    """Return a release with a character that XML cannot hold."""
    return _release(tmp_path_factory.mktemp("control"), CONTROL, "control.ttl")


@pytest.fixture(scope="session")
def quads(tmp_path_factory: pytest.TempPathFactory) -> Release:
    """Return a release of a dataset that was given as quads."""
    return _release(tmp_path_factory.mktemp("quads"), QUADS, "quads.trig")
