"""Applications that the tests of this folder share."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from officegraph import create_app

ODD = """
@prefix : <https://example.org/voc/> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .

: a skos:ConceptScheme ; skos:prefLabel "Odd things"@en , "Seltsames"@de ; skos:hasTopConcept :plain ;
    dcterms:license <https://creativecommons.org/licenses/by/4.0/> .
:plain a skos:Concept ; skos:inScheme : ; skos:prefLabel "plain"@en , "schlicht"@de ;
    skos:altLabel "<script>alert(1)</script>"@en ; skos:notation "1.50"^^xsd:decimal ;
    skos:definition "Nothing is odd about it: it has a path without escapes, and many words to be said of it."@en ;
    skos:related :odd .
<https://example.org/voc/file.ttl> a skos:Concept ; skos:inScheme : ; skos:prefLabel "like a file"@en .
<https://example.org/voc/section-1.5> a skos:Concept ; skos:inScheme : ; skos:prefLabel "with a dot"@en .
<https://example.org/voc/a%20b> a skos:Concept ; skos:inScheme : ; skos:prefLabel "with an escaped blank"@en .
<https://example.org/voc/a%2Fb> a skos:Concept ; skos:inScheme : ; skos:prefLabel "with an escaped slash"@en .
<https://example.org/voc/a%23b> a skos:Concept ; skos:inScheme : ; skos:prefLabel "with an escaped hash"@en .
<https://example.org/voc/a%252Fb> a skos:Concept ; skos:inScheme : ; skos:prefLabel "escaped twice"@en .
<https://example.org/voc/caf%C3%A9> a skos:Concept ; skos:inScheme : ; skos:prefLabel "escaped letter"@en .
<https://example.org/voc/n\u00e4> a skos:Concept ; skos:inScheme : ; skos:prefLabel "one code point"@en .
<https://example.org/voc/na\u0308> a skos:Concept ; skos:inScheme : ; skos:prefLabel "combining mark"@en .
<https://example.org/voc/hash> a skos:Collection ; skos:prefLabel "both"@en ; skos:member :plain .
<https://example.org/voc/hash#one> a skos:Concept ; skos:inScheme : ; skos:prefLabel "fragment one"@en .
<https://example.org/voc/only#one> a skos:Concept ; skos:inScheme : ; skos:prefLabel "only a fragment"@en .
<https://example.org/voc/only#two> a skos:Concept ; skos:inScheme : ; skos:prefLabel "another fragment"@en .
<https://example.org/voc/item?id=1&x=2> a skos:Concept ; skos:inScheme : ; skos:prefLabel "with a query"@en .
<https://example.org/voc/ark://x/y> a skos:Concept ; skos:inScheme : ; skos:prefLabel "with two slashes"@en .
<https://example.org/voc/sub/> a skos:Concept ; skos:inScheme : ; skos:prefLabel "with a slash at its end"@en .
<https://example.org/voc/sparql> a skos:Concept ; skos:inScheme : ; skos:prefLabel "like the endpoint"@en .
<https://example.org/voc/dumps> a skos:Concept ; skos:inScheme : ; skos:prefLabel "like the dumps"@en .
<https://example.org/voc/resource> a skos:Concept ; skos:inScheme : ; skos:prefLabel "like a route"@en .
<https://example.org/voc/x+y> a skos:Concept ; skos:inScheme : ; skos:prefLabel "with a plus"@en .
<https://example.org/voc/p;q=r,s> a skos:Concept ; skos:inScheme : ; skos:prefLabel "with delimiters"@en .
<https://example.org/voc/odd> a skos:Concept ; skos:inScheme : ; skos:prefLabel "not for RDF/XML"@en ;
    <http://example.org/1> "a predicate without a local name" .
<https://elsewhere.example/thing> a skos:Concept ; skos:inScheme : ; skos:prefLabel "outside the base"@en .
<urn:isbn:9780262> a skos:Concept ; skos:inScheme : ; skos:prefLabel "without a host"@en .
"""

QUADS = """
@prefix : <https://example.org/q/> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
:x a skos:Concept ; skos:prefLabel "in the default graph"@en .
:g1 { :x skos:altLabel "shared"@en ; skos:broader :y . }
:g2 { :y a skos:Concept ; skos:prefLabel "y"@en . :x skos:altLabel "shared"@en . }
"""


def make(folder: Path, name: str, text: str, **settings: object) -> Flask:
    source = folder / name
    source.write_text(text, encoding="utf-8")
    return create_app([source], **settings)


@pytest.fixture(scope="session")
def app(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """Return an application over IRIs of every odd kind."""
    return make(tmp_path_factory.mktemp("odd"), "odd.ttl", ODD)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture(scope="session")
def quads_app(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """Return an application over a dataset that was given as quads."""
    return make(tmp_path_factory.mktemp("quads"), "quads.trig", QUADS)


@pytest.fixture
def quads(quads_app: Flask) -> FlaskClient:
    return quads_app.test_client()
