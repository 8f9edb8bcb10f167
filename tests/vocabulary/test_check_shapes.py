"""SHACL in the check: results as findings, and nothing but the data at hand."""

import logging
import socket

import pytest
from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, parse

from officegraph.model.dataset import Dataset
from officegraph.vocabulary.check import Severity, check, check_sources, report_text, shacl
from officegraph.vocabulary.check.names import Names
from officegraph.vocabulary.check.shacl import SIZE_LIMIT, to_rdflib

PREFIXES = """
@prefix : <https://example.org/> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""
DATA = """
:s a skos:ConceptScheme ; skos:prefLabel "s"@en ; skos:hasTopConcept :a .
:a a skos:Concept ; skos:topConceptOf :s ; skos:prefLabel "a"@en ; skos:definition "A."@en ; skos:notation "12" .
:b a skos:Concept ; skos:inScheme :s ; skos:broader :a ; skos:prefLabel "b"@en ; skos:definition "B."@en .
"""
NOTATION = """
:NotationShape a sh:NodeShape ; sh:targetClass skos:Concept ;
    sh:property [ sh:path skos:notation ; sh:maxLength 1 ; sh:message "One letter." ; sh:severity %s ] .
"""
SPARQL = """
:SparqlShape a sh:NodeShape ; sh:targetClass skos:Concept ; sh:sparql [
    sh:message "Too high: {?value}." ;
    sh:prefixes [ sh:declare [ sh:prefix "skos" ; sh:namespace "http://www.w3.org/2004/02/skos/core#"^^xsd:anyURI ] ] ;
    sh:select \"\"\"%s\"\"\" ] .
"""


def refuse(*args: object) -> None:
    pytest.fail("a connection was tried")


def triples(turtle: str) -> list[Triple]:
    return [quad.triple for quad in parse(PREFIXES + turtle, RdfFormat.TURTLE)]


def dataset(turtle: str = DATA) -> Dataset:
    return Dataset(default=triples(turtle), prefixes={"": "https://example.org/"})


@pytest.mark.parametrize(
    ("term", "severity"),
    [("sh:Violation", Severity.VIOLATION), ("sh:Warning", Severity.WARNING), ("sh:Info", Severity.INFO)],
)
def test_a_result_becomes_a_finding_with_the_severity_of_its_shape(term, severity):
    (finding,) = check(dataset(), triples(NOTATION % term))
    assert (finding.code, finding.severity) == ("shacl", severity)
    assert finding.focus == NamedNode("https://example.org/a")
    assert finding.path == NamedNode("http://www.w3.org/2004/02/skos/core#notation")
    assert finding.value == Literal("12")
    assert finding.message == ':a, skos:notation "12": One letter.'


def test_shapes_see_what_is_entailed():
    shape = ":N a sh:NodeShape ; sh:targetNode :a ; sh:property [ sh:path skos:narrower ; sh:maxCount 0 ] ."
    assert [finding.code for finding in check(dataset(), triples(shape))] == ["shacl"]


def test_shapes_in_a_graph_of_their_own_are_found_and_not_validated_themselves():
    own = triples(
        NOTATION % "sh:Violation"
        + "<https://example.org/shapes> a owl:Ontology ."
        + ":O a sh:NodeShape ; sh:targetClass owl:Ontology ; sh:property [ sh:path skos:note ; sh:minCount 1 ] ."
    )
    data = dataset()
    data.graphs = {
        NamedNode("https://example.org/graph/data"): triples(DATA),
        NamedNode("https://example.org/graph/shapes"): own,
    }
    data.default += own
    (finding,) = check(data, base="https://example.org/")
    assert finding.path == NamedNode("http://www.w3.org/2004/02/skos/core#notation")
    assert finding.graph == NamedNode("https://example.org/graph/data")


def test_sparql_constraints_are_evaluated_for_each_focus_node():
    shape = SPARQL % "SELECT $this ?value WHERE { $this skos:notation ?value . FILTER(xsd:integer(?value) > 10) }"
    shape = shape.replace(
        "sh:declare [",
        'sh:declare [ sh:prefix "xsd" ; sh:namespace "http://www.w3.org/2001/XMLSchema#"^^xsd:anyURI ] , [',
    )
    (finding,) = check(dataset(), triples(shape))
    assert finding.focus == NamedNode("https://example.org/a")
    assert finding.value == Literal("12")
    assert "Too high: 12." in finding.message


CONSTRAINTS = {
    "focus node only": "SELECT $this WHERE { $this skos:notation ?n }",
    "value and path": "SELECT $this ?value ?path WHERE { $this ?path ?value . FILTER(isLiteral(?value)) }",
    "negation": "SELECT $this WHERE { FILTER NOT EXISTS { $this skos:notation ?n } }",
    "nested negation": "SELECT $this WHERE { $this skos:inScheme ?s . FILTER NOT EXISTS { ?o skos:inScheme ?s "
    "FILTER NOT EXISTS { $this skos:broader ?o } } }",
    "union": "SELECT $this ?value WHERE { { $this skos:broader ?value } UNION { $this skos:notation ?value } }",
    "path": "SELECT $this ?value WHERE { $this skos:broader+ ?value }",
    "aggregate": "SELECT $this WHERE { ?n skos:broader $this } GROUP BY $this HAVING (COUNT(?n) > 0)",
    "optional": "SELECT $this ?value WHERE { $this a ?c OPTIONAL { $this skos:notation ?value } }",
    "bind": "SELECT $this ?value WHERE { $this skos:prefLabel ?l BIND(STR(?l) AS ?value) }",
    "minus is left to pySHACL, which refuses it": "SELECT $this WHERE { $this a ?c MINUS { $this skos:notation ?n } }",
    "unknown function": "SELECT $this WHERE { $this a ?c FILTER(<http://e.example/f>($this)) }",
    "malformed": "SELECT $this WHERE { $this a ?c",
    "current shape": "SELECT $this ?value WHERE { $this a ?c BIND($currentShape AS ?value) }",
}
TARGETS = {
    "class": "sh:targetClass skos:Concept",
    "sub-class": "sh:targetClass :Thing",
    "node": "sh:targetNode :a , 'literal'@en",
    "subjects": "sh:targetSubjectsOf skos:broader",
    "objects": "sh:targetObjectsOf skos:broader",
    "two": "sh:targetNode :a ; sh:targetClass skos:Concept",
    "implicit class": "a <http://www.w3.org/2000/01/rdf-schema#Class>",
    "deactivated": "sh:targetNode :a ; sh:deactivated true",
    "severity": "sh:targetNode :a ; sh:severity sh:Warning",
}


def both(shapes: str, monkeypatch: pytest.MonkeyPatch) -> tuple[set[tuple[str, ...]], set[tuple[str, ...]]]:
    """Return the results with the engine and with pySHACL alone."""
    data = triples(
        DATA
        + "skos:Concept <http://www.w3.org/2000/01/rdf-schema#subClassOf> :Thing ."
        + ":c a :SparqlShape ; skos:notation '1' . _:x a skos:Concept ; skos:broader :a ."
    )

    def results() -> set[tuple[str, ...]]:
        found = shacl.check_shapes(data, triples(shapes), Names())
        return {
            (finding.code, *map(str, (finding.focus, finding.path, finding.value, finding.severity, finding.message)))
            if finding.code == "shacl"
            else (finding.code,)
            for finding in found
        }

    ours = results()
    monkeypatch.setattr(shacl, "evaluate", lambda _, shapes: ([], list(shapes)))
    return ours, results()


@pytest.mark.parametrize("query", CONSTRAINTS.values(), ids=CONSTRAINTS)
def test_the_engine_and_pyshacl_agree_on_a_constraint(query, monkeypatch):
    ours, theirs = both(SPARQL % query, monkeypatch)
    assert ours == theirs


def test_a_message_that_the_query_binds_comes_before_that_of_the_constraint():
    """SHACL, section 5.3.2, where pySHACL has it the other way round."""
    (finding,) = check(dataset(), triples(SPARQL % "SELECT $this ?message WHERE { $this skos:notation ?message }"))
    assert finding.message == ":a: 12"


@pytest.mark.parametrize("target", TARGETS.values(), ids=TARGETS)
def test_the_engine_and_pyshacl_agree_on_the_focus_nodes(target, monkeypatch):
    shapes = SPARQL.replace("sh:targetClass skos:Concept", target) % "SELECT $this ?value WHERE { $this ?p ?value }"
    ours, theirs = both(shapes, monkeypatch)
    assert ours == theirs
    assert bool(ours) == ("deactivated" not in target)


@pytest.mark.parametrize(
    "query",
    [
        "SELECT $this WHERE { SERVICE <http://127.0.0.1:9/> { $this ?p ?value } }",
        "SELECT $this WHERE { { sErViCe<http://127.0.0.1:9/> { $this ?p ?value } } }",
        "SELECT $this FROM <http://127.0.0.1:9/> WHERE { $this ?p ?value }",
        "SELECT $this WHERE { # harmless\\n SERVICE SILENT <http://127.0.0.1:9/> { $this ?p ?value } }",
    ],
)
def test_a_constraint_that_reaches_for_other_data_is_refused(query, monkeypatch):
    monkeypatch.setattr(socket.socket, "connect", refuse)
    (finding,) = check(dataset(), triples(SPARQL % query))
    assert finding.code == "shacl-failed"
    assert "SERVICE" in finding.message


def test_words_that_only_look_like_service_are_no_reason_to_refuse():
    query = "SELECT $this ?value WHERE { $this skos:notation ?value, 'SERVICE', <http://e/FROM/x> . } # FROM here"
    assert check(dataset(), triples(SPARQL % query)) == []


def test_imports_are_not_followed(monkeypatch):
    monkeypatch.setattr(socket.socket, "connect", refuse)
    shapes = (
        NOTATION % "sh:Warning" + "<https://example.org/shapes> a owl:Ontology ; owl:imports <http://127.0.0.1:9/x> ."
    )
    data = dataset(DATA + "<https://example.org/o> a owl:Ontology ; owl:imports <http://127.0.0.1:9/y> .")
    assert [finding.code for finding in check(data, triples(shapes))] == ["shacl"]


def test_shapes_that_cannot_be_read_are_reported_and_do_not_raise():
    (finding,) = check(dataset(), triples(":x a sh:NodeShape ; sh:targetClass skos:Concept ; sh:property 'text' ."))
    assert finding.code == "shacl-failed"
    assert "\n" not in finding.message


def test_large_data_are_validated_on_request_only(monkeypatch):
    monkeypatch.setattr("officegraph.vocabulary.check.run.SIZE_LIMIT", 5)
    shapes = triples(NOTATION % "sh:Violation")
    (finding,) = check(dataset(), shapes)
    assert (finding.code, finding.severity) == ("shacl-skipped", Severity.INFO)
    assert [finding.code for finding in check(dataset(), shapes, shacl=True)] == ["shacl"]
    assert check(dataset(), shapes=()) == []
    assert SIZE_LIMIT >= 50_000


def test_shapes_can_be_left_out():
    assert [finding.code for finding in check(dataset(), triples(NOTATION % "sh:Violation"), shacl=False)] == [
        "shacl-skipped"
    ]


def test_literals_keep_their_form_on_the_way_to_rdflib():
    turtle = ':a :p "01"^^xsd:integer , "1.50"^^xsd:decimal , "x"@en-GB , "2026-02-30"^^xsd:date , "a" .'
    graph = to_rdflib(triples(turtle))
    assert {(str(value), value.datatype and value.datatype.fragment, value.language) for value in graph.objects()} == {
        ("01", "integer", None),
        ("1.50", "decimal", None),
        ("x", None, "en-gb"),
        ("2026-02-30", "date", None),
        ("a", "string", None),
    }


def test_the_check_leaves_logging_as_it_was():
    logger = logging.getLogger("pyshacl-validate")
    before = logger.level, logger.handlers[:]
    check(dataset(), triples(NOTATION % "sh:Violation"))
    assert (logger.level, logger.handlers[:]) == before


def test_sources_are_read_and_findings_name_their_files(tmp_path):
    (tmp_path / "thesaurus.ttl").write_text(PREFIXES + DATA, encoding="utf-8")
    (tmp_path / "shapes.ttl").write_text(PREFIXES + NOTATION % "sh:Violation", encoding="utf-8")
    (finding,) = check_sources([tmp_path / "thesaurus.ttl"], shapes=[tmp_path / "shapes.ttl"])
    assert finding.file == str(tmp_path / "thesaurus.ttl")
    assert str(tmp_path / "thesaurus.ttl") in report_text([finding])
    assert check_sources([tmp_path / "thesaurus.ttl"]) == []


def test_shapes_among_the_sources_and_shapes_beside_them_stay_apart(tmp_path):
    """Both files have a blank node that comes first; taken for one it would have two paths."""
    shape = """
        @prefix sh: <http://www.w3.org/ns/shacl#> .
        @prefix skos: <http://www.w3.org/2004/02/skos/core#> .
        <http://example.org/{name}> a sh:NodeShape ; sh:targetClass skos:Concept ;
            sh:property [ sh:path skos:{name} ; sh:minCount 1 ; sh:message "no {name}" ] .
    """
    (tmp_path / "thesaurus.ttl").write_text(
        "@prefix skos: <http://www.w3.org/2004/02/skos/core#> . <http://example.org/a> a skos:Concept ."
    )
    (tmp_path / "notation.ttl").write_text(shape.replace("{name}", "notation"))
    (tmp_path / "example.ttl").write_text(shape.replace("{name}", "example"))
    findings = check_sources([tmp_path / "thesaurus.ttl", tmp_path / "notation.ttl"], shapes=[tmp_path / "example.ttl"])
    messages = " ".join(finding.message for finding in findings)
    assert "no notation" in messages
    assert "no example" in messages
