"""Each scheme, as it is published in a file of its own, keeps the VocPub profile; and the shapes notice when not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Triple
from pyshacl import validate
from rdflib import RDF, SH, Graph

from officegraph.model.formats import TURTLE
from officegraph.model.namespaces import OFFICEGRAPH_BASE, PREFIXES, SKOS
from officegraph.release.assemble import assemble
from officegraph.release.single_language import in_language
from officegraph.settings import Settings
from officegraph.vocabulary.bundled import bundled_sources
from officegraph.vocabulary.write import write

SHAPES = Path(__file__).parents[2] / "ontology" / "shapes" / "profiles" / "vocpub.ttl"

SCHEMES = ["lexicon/concepts"] + [
    f"scheme/{name}"
    for name in (
        "arrangements",
        "artefacts",
        "aspects",
        "bases",
        "defining-aspects",
        "extents",
        "functions",
        "notation-systems",
        "offices",
        "parties",
        "readings",
        "reliability-levels",
        "roles",
        "segments",
        "subject-fields",
        "systems",
        "units",
    )
]

each_scheme = pytest.mark.parametrize("scheme", SCHEMES)


@pytest.fixture(scope="module")
def files() -> Mapping[str, Sequence[Triple]]:
    """Return what the file of each scheme holds, as a release has it."""
    assembled = assemble(bundled_sources(), Settings(), lambda _stage, _done, _total: None)
    return {
        iri: [triple for subject in subjects for triple in assembled.default.about(subject)]
        for iri, subjects in assembled.schemes.items()
    }


@cache
def shapes() -> Graph:
    return Graph().parse(SHAPES)


def findings(turtle: bytes | str) -> list[tuple[str, str]]:
    """Return message and focus node of every result for the Turtle of one file, warnings included."""
    _, report, _ = validate(Graph().parse(data=turtle, format="turtle"), shacl_graph=shapes(), advanced=False)
    return sorted(
        (str(report.value(result, SH.resultMessage)), str(report.value(result, SH.focusNode)))
        for result in report.subjects(RDF.type, SH.ValidationResult)
    )


def as_turtle(triples: Sequence[Triple], scheme: str) -> bytes:
    return write(TURTLE, triples, prefixes=PREFIXES, language_tags={}, about=NamedNode(OFFICEGRAPH_BASE + scheme))


def test_every_scheme_has_a_file(files: Mapping[str, Sequence[Triple]]) -> None:
    assert sorted(files) == [OFFICEGRAPH_BASE + scheme for scheme in SCHEMES]


@each_scheme
def test_the_file_of_a_scheme_keeps_the_profile(scheme: str, files: Mapping[str, Sequence[Triple]]) -> None:
    assert findings(as_turtle(files[OFFICEGRAPH_BASE + scheme], scheme)) == []


@each_scheme
def test_the_file_in_one_language_has_one_label_and_one_definition_for_each_concept(
    scheme: str, files: Mapping[str, Sequence[Triple]]
) -> None:
    triples = in_language(files[OFFICEGRAPH_BASE + scheme], "en")
    for predicate in (SKOS.prefLabel, SKOS.definition):
        told = [triple.subject for triple in triples if triple.predicate == predicate]
        assert len(told) == len(set(told)) > 0
    assert {
        (triple.object.language or "en").split("-")[0] for triple in triples if isinstance(triple.object, Literal)
    } == {"en"}
    assert findings(as_turtle(triples, scheme)) == []


GOOD = """
@prefix : <https://example.org/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix schema: <https://schema.org/> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .

:fruit a skos:ConceptScheme ; skos:prefLabel "fruit"@en , "Obst"@de ; skos:definition "What grows on trees."@en ;
    schema:dateCreated "2026-01-01"^^xsd:date ; schema:dateModified "2026-01-02"^^xsd:date ;
    schema:creator :press ; schema:publisher :press ; schema:copyrightHolder :press ; schema:license :licence ;
    schema:version "1.0.0" ; skos:historyNote "Drawn up for a test."@en ; skos:hasTopConcept :pome .
:press a schema:Organization ; schema:name "Press" ; schema:url "https://example.org/"^^xsd:anyURI .
:pome a skos:Concept ; skos:inScheme :fruit ; skos:topConceptOf :fruit ; rdfs:isDefinedBy :fruit ;
    skos:prefLabel "pome"@en ; skos:definition "Fruit with a core."@en ; skos:historyNote "Added."@en .
:apple a skos:Concept ; skos:inScheme :fruit ; skos:broader :pome ; rdfs:isDefinedBy :fruit ;
    skos:prefLabel "apple"@en , "Apfel"@de ; skos:definition "Round pome."@en ; skos:historyNote "Added."@en .
:red a skos:Collection ; skos:inScheme :fruit ; skos:member :apple ;
    skos:prefLabel "red fruit"@en ; skos:definition "Fruit that is red."@en .
:ann a schema:Person ; schema:name "Ann" ; schema:email "mailto:ann@example.org"^^xsd:anyURI .
"""


def test_a_good_file_has_no_findings() -> None:
    assert findings(GOOD) == []


@pytest.mark.parametrize(
    ("out", "into", "message", "focus"),
    [
        ("", ":more a skos:ConceptScheme .", "exactly one scheme", "ConceptScheme"),
        ('skos:prefLabel "fruit"@en , "Obst"@de ;', "", "one title in each of its languages (2.1.4)", "fruit"),
        ("", ':fruit skos:definition "Another."@en .', "one definition in each of its languages (2.1.4)", "fruit"),
        ('"2026-01-01"^^xsd:date', '"today"', "date of creation", "fruit"),
        ("", ':fruit schema:dateModified "2026-01-03"^^xsd:date .', "date of its last change", "fruit"),
        ("schema:creator :press", "schema:creator :nobody", "has a creator", "fruit"),
        ("", ":fruit schema:publisher :ann .", "exactly one publisher", "fruit"),
        ('skos:historyNote "Drawn up for a test."@en ;', "", "scheme says where it comes from", "fruit"),
        ("", ':fruit <http://www.w3.org/ns/prov#wasDerivedFrom> "a book" .', "is derived from is named", "fruit"),
        ("skos:hasTopConcept :pome", "skos:hasTopConcept :cherry", "leads to its top concepts", "fruit"),
        ("schema:license :licence ;", "", "has a licence", "fruit"),
        ("schema:copyrightHolder :press ;", "", "holds the copyright", "fruit"),
        ('schema:version "1.0.0"', "schema:version 1.0", "one plain string", "fruit"),
        ("", ":pome skos:broader :apple .", "runs in a circle", "fruit"),
        ("", ':apple skos:prefLabel "pippin"@en .', "one preferred label in each", "apple"),
        ('skos:definition "Round pome."@en ;', "", "A concept has one definition", "apple"),
        ("", ":apple skos:inScheme :more .", "in the one scheme", "apple"),
        ("skos:broader :pome ;", "", "reaches the scheme", "apple"),
        ("", ":apple skos:broader :tree .", "broader or narrower concept is in the file", "apple"),
        ("", ":apple rdfs:isDefinedBy :tree .", "says what defines it", "apple"),
        (
            'skos:definition "Round pome."@en ; skos:historyNote "Added."@en',
            'skos:definition "Round pome."@en',
            "concept says where it comes from",
            "apple",
        ),
        ("", ":apple skos:notation :a .", "notations are literals", "apple"),
        ("", ':apple <http://purl.org/dc/terms/replaces> "crab" .', "is named by its IRI", "apple"),
        ('skos:prefLabel "red fruit"@en ;', "", "collection has one title", "red"),
        ('; skos:definition "Fruit that is red."@en', "", "collection has one definition", "red"),
        (":red a skos:Collection ; skos:inScheme :fruit ;", ":red a skos:Collection ;", "A collection is in", "red"),
        ("skos:member :apple ;", "", "has members", "red"),
        ('schema:name "Press" ;', "", "exactly one name", "press"),
        ('"https://example.org/"^^xsd:anyURI', '"example"', "has a web address", "press"),
        ('; schema:email "mailto:ann@example.org"^^xsd:anyURI', "", "address for mail", "ann"),
    ],
)
def test_a_shape_of_the_profile_notices(out: str, into: str, message: str, focus: str) -> None:
    assert out in GOOD
    bad = GOOD.replace(out, into, 1) if out else GOOD + into
    found = findings(bad)
    assert any(message in text and node.endswith(focus) for text, node in found), found


def test_every_constraint_has_a_failing_example() -> None:
    messages = {str(message) for message in shapes().objects(None, SH.message)}
    (examples,) = [
        mark.args[1] for mark in test_a_shape_of_the_profile_notices.pytestmark if mark.name == "parametrize"
    ]
    assert [message for message in messages if not any(example[2] in message for example in examples)] == []
