"""Each code of the check: one small vocabulary that has just this fault, and a clean one that has none."""

import pytest
from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, parse

from officegraph.model.dataset import Dataset
from officegraph.vocabulary.check import CODES, Finding, Severity, check, report_text

BASE = "https://example.org/"
PREFIXES = """
@prefix : <https://example.org/> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix skosxl: <http://www.w3.org/2008/05/skos-xl#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""
CLEAN = """
:s a skos:ConceptScheme ; skos:prefLabel "scheme"@en ; skos:hasTopConcept :top .
:top a skos:Concept ; skos:topConceptOf :s ; skos:prefLabel "top"@en ; skos:definition "The top."@en .
:mid a skos:Concept ; skos:inScheme :s ; skos:broader :top ; skos:prefLabel "middle"@en , "centre"@en-gb ;
    skos:altLabel "center"@en-us ; skos:notation "M" ; skos:definition "Between."@en .
:low a skos:Concept ; skos:inScheme :s ; skos:broader :mid ; skos:prefLabel "low"@en ;
    skos:definition "The lowest."@en ; skos:related :other ; skos:exactMatch <http://other.example/low> .
:other a skos:Concept ; skos:inScheme :s ; skos:broader :top ; skos:prefLabel "other"@en ;
    skos:definition "Beside."@en ; skosxl:prefLabel :label ; dcterms:created "2026-01-15"^^xsd:date .
:label a skosxl:Label ; skosxl:literalForm "other"@en .
:group a skos:Collection ; skos:prefLabel "group"@en ; skos:member :low , :other .
"""
CONCEPT = ' a skos:Concept ; skos:inScheme :s ; skos:definition "Defined."@en '


def triples(turtle: str) -> list[Triple]:
    return [quad.triple for quad in parse(PREFIXES + turtle, RdfFormat.TURTLE, lenient=True)]


def dataset(*sources: str) -> Dataset:
    graphs = {NamedNode(f"{BASE}graph/{number}"): triples(source) for number, source in enumerate(sources, start=1)}
    everything = dict.fromkeys(triple for graph in graphs.values() for triple in graph)
    return Dataset(default=list(everything), graphs=graphs, prefixes={"": BASE})


def findings(turtle: str, **options: object) -> list[Finding]:
    return check(dataset(CLEAN, turtle), base=BASE, **options)


# The code, the statements beside the clean vocabulary, the resource that it is about.
FAULTS = [
    ("scheme-is-concept", ":s a skos:Concept ; skos:definition 'D'@en ; skos:topConceptOf :s .", ":s"),
    ("scheme-is-concept", ":low skos:inScheme :mid . :mid skos:hasTopConcept :top .", ":mid"),
    ("collection-is-concept-or-scheme", ":group a skos:ConceptScheme .", ":group"),
    ("collection-is-concept-or-scheme", ":low skos:member :other .", ":low"),
    ("label-is-other-resource", ":label a skos:ConceptScheme ; skos:prefLabel 'label'@en .", ":label"),
    ("untyped-concept", (":new skos:broader :top ; skos:inScheme :s ; skos:prefLabel 'new'@en ; "
     "skos:definition 'New.'@en ."), ":new"),
    ("label-properties-overlap", ":low skos:altLabel 'low'@en .", ":low"),
    ("label-properties-overlap", ":mid skos:hiddenLabel 'center'@en-US .", ":mid"),
    ("label-properties-overlap", ":other skosxl:altLabel :l . :l skosxl:literalForm 'other'@en .", ":other"),
    ("several-preferred-labels", ":low skos:prefLabel 'lowest'@en .", ":low"),
    ("several-preferred-labels", ":low skosxl:prefLabel :l . :l skosxl:literalForm 'lowest'@en .", ":low"),
    ("label-not-plain", ":low skos:altLabel :other .", ":low"),
    ("label-not-plain", ":low skos:altLabel '1'^^xsd:integer .", ":low"),
    ("malformed-language-tag", ":low skos:note 'note'@en-abcdefghi .", ":low"),
    ("missing-preferred-label", f":new {CONCEPT}; skos:broader :top .", ":new"),
    ("missing-preferred-label", ":new a skos:Collection ; skos:member :low .", ":new"),
    ("missing-preferred-label", ":new a skos:ConceptScheme .", ":new"),
    ("missing-definition", (":new a skos:Concept ; skos:inScheme :s ; skos:broader :top ; "
     "skos:prefLabel 'new'@en ."), ":new"),
    ("empty-label", ":low skos:altLabel ' '@en .", ":low"),
    ("control-character-in-label", ":low skos:altLabel 'l\\u0007w'@en .", ":low"),
    ("control-character-in-label", ":low skos:altLabel 'l\\uFFFDw'@en .", ":low"),
    ("label-without-language", ":low skos:altLabel 'lower' .", ":low"),
    ("duplicate-preferred-label", f":new {CONCEPT}; skos:broader :top ; skos:prefLabel 'low'@en .", ":new"),
    ("overlapping-labels", ":low skos:altLabel 'other'@en .", ":low"),
    ("literal-form-count", ":label skosxl:literalForm 'others'@en-GB .", ":label"),
    ("literal-form-count", ":other skosxl:altLabel :l . :l a skosxl:Label .", ":l"),
    ("xl-label-properties-overlap", ":other skosxl:hiddenLabel :label .", ":other"),
    ("duplicate-notation", ":low skos:notation 'M' .", ":low"),
    ("relation-to-literal", ":low skos:broader 'top' .", ":low"),
    ("relation-to-literal", ":p rdfs:subPropertyOf skos:related . :low :p 'other' .", ":low"),
    ("related-to-ancestor", ":low skos:related :top .", ":low"),
    ("related-to-ancestor", ":mid skos:related :low .", ":low"),
    ("related-to-ancestor", ":p rdfs:subPropertyOf skos:related . :top :p :low .", ":low"),
    ("hierarchy-cycle", (f":a {CONCEPT}; skos:prefLabel 'a'@en ; skos:broader :b ."
     f":b {CONCEPT}; skos:prefLabel 'b'@en ; skos:broader :a ."), ":a"),
    ("related-to-itself", ":low skos:related :low .", ":low"),
    ("related-to-itself", ":low skos:broader :low .", ":low"),
    ("related-to-itself", ":low skos:closeMatch :low .", ":low"),
    ("hierarchical-redundancy", ":low skos:broader :top .", ":low"),
    ("hierarchical-redundancy", ":top skos:narrower :low .", ":low"),
    ("transitive-stated", ":other skos:broaderTransitive :mid .", ":other"),
    ("orphan-concept", f":new {CONCEPT}; skos:prefLabel 'new'@en .", ":new"),
    ("several-member-lists", (":o a skos:OrderedCollection ; skos:prefLabel 'o'@en ; "
     "skos:memberList ( :low ) , ( :other ) ."), ":o"),
    ("concept-without-scheme", (":new a skos:Concept ; skos:broader :top ; skos:prefLabel 'new'@en ; "
     "skos:definition 'New.'@en ."), ":new"),
    ("top-concept-with-broader", ":mid skos:topConceptOf :s .", ":mid"),
    ("top-concept-with-broader", ":s skos:hasTopConcept :low .", ":low"),
    ("scheme-without-top-concept", ":t a skos:ConceptScheme ; skos:prefLabel 't'@en . :low skos:inScheme :t .",
     ":t"),
    ("exact-match-clash", ":low skos:broadMatch <http://other.example/low> .", ":low"),
    ("exact-match-clash", "<http://other.example/low> skos:relatedMatch :low .", "<http://other.example/low>"),
    ("exact-match-clash", ("<http://other.example/low> skos:exactMatch <http://third.example/l> . "
     ":low skos:narrowMatch <http://third.example/l> ."), "<http://third.example/l>"),
    ("mapping-within-scheme", ":low skos:closeMatch :mid .", ":low"),
    ("shared-exact-match", ":other skos:exactMatch <http://other.example/low> .", ":low"),
    ("several-exact-matches", ":low skos:exactMatch <http://other.example/lower> .", ":low"),
    ("broken-link", ":low rdfs:isDefinedBy :nothing .", ":low"),
    ("broken-link", ":low :undefined 'x' .", ":low"),
    ("broken-link", ":low skos:note 'x'^^:undefined .", ":low"),
    ("no-web-identifier", "<urn:example:c> a skos:Collection ; skos:prefLabel 'urn'@en .", "<urn:example:c>"),
    ("ill-typed-literal", ":low dcterms:modified '2026-02-30'^^xsd:date .", ":low"),
]  # fmt: skip

SHAPE = """
:shape a sh:NodeShape ; sh:targetClass skos:Concept ; sh:severity %s ;
    sh:property [ sh:path skos:notation ; sh:maxLength 1 ; sh:message "A notation is one letter." ] .
"""


@pytest.mark.parametrize(("code", "turtle", "focus"), FAULTS, ids=[fault[0] for fault in FAULTS])
def test_a_fault_gives_its_code_and_no_other(code, turtle, focus):
    base = None if code == "no-web-identifier" else BASE
    found = check(dataset(CLEAN, turtle), base=base) if base else check_without_base(turtle)
    assert [finding.code for finding in found] == [code], report_text(found)
    (finding,) = found
    expected = focus.strip("<>") if focus.startswith("<") else BASE + focus[1:]
    assert finding.focus == NamedNode(expected)
    assert finding.severity == CODES[code].severity
    assert finding.kind.title
    assert finding.kind.remedy


def check_without_base(turtle: str) -> list[Finding]:
    """Check a vocabulary whose base cannot be found, so that everything in it is its own."""
    return check(dataset(turtle), base=None)


def test_a_clean_vocabulary_has_no_findings():
    assert findings("") == []
    assert findings("", shapes=triples(SHAPE % "sh:Violation")) == []


def test_every_code_has_a_test():
    elsewhere = {"shacl", "shacl-failed", "shacl-skipped", "hierarchy-too-large"}
    assert {fault[0] for fault in FAULTS} | elsewhere == set(CODES)


def test_codes_are_documented_and_named_in_one_style():
    for code in CODES.values():
        assert code.code == code.code.lower().replace("_", "-").replace(" ", "-")
        assert code.title[0].isupper()
        assert not code.title.endswith(".")
        assert code.remedy.endswith(".")
        assert code.clause or code.severity == Severity.INFO


def test_quality_of_foreign_resources_is_not_our_business_but_integrity_is():
    found = findings(
        "<http://other.example/x> a skos:Concept ; skos:prefLabel 'x'@en , 'y'@en . "
        ":low skos:closeMatch <http://other.example/x> ."
    )
    assert [finding.code for finding in found] == ["several-preferred-labels"]


def test_a_finding_names_the_source_that_states_it():
    files = {NamedNode(f"{BASE}graph/1"): "clean.ttl", NamedNode(f"{BASE}graph/2"): "faulty.ttl"}
    (finding,) = findings(":low skos:altLabel 'low'@en .", files=files)
    assert finding.file == "faulty.ttl"
    assert finding.graph == NamedNode(f"{BASE}graph/2")
    (finding,) = findings(":top skos:related :low .", files=files)
    assert finding.file in files.values()


def test_messages_use_the_prefixes_and_language_tags_of_the_source():
    data = dataset(CLEAN, ":low skos:altLabel 'low'@en-gb ; skos:hiddenLabel 'low'@en-gb .")
    data.language_tags["en-gb"] = "en-GB"
    (finding,) = check(data, base=BASE)
    assert finding.message == ':low has "low"@en-GB as skos:altLabel and as skos:hiddenLabel'


def test_a_dataset_of_quads_is_checked_in_all_its_graphs():
    data = Dataset(
        default=triples(CLEAN),
        graphs={NamedNode("http://g.example/1"): triples(":low skos:altLabel 'low'@en .")},
        quads=True,
    )
    assert [finding.code for finding in check(data, base=BASE)] == ["label-properties-overlap"]


def test_an_empty_dataset_has_no_findings():
    assert check(Dataset()) == []


def test_the_kinds_found_do_not_depend_on_the_order_of_the_triples():
    faults = "".join(turtle for _, turtle, _ in FAULTS)
    data = dataset(CLEAN + faults)
    turned = Dataset(default=data.default[::-1], graphs={name: graph[::-1] for name, graph in data.graphs.items()})
    found = [finding.code for finding in check(data, base=BASE)]
    assert len(set(found)) >= 30
    assert found == [finding.code for finding in check(turned, base=BASE)]


def test_the_report_groups_and_counts():
    found = findings(":low skos:altLabel 'low'@en , 'lower' . :mid skos:altLabel 'middle'@en .")
    assert report_text(found).splitlines() == [
        (
            "violation label-properties-overlap (2): One label is given by two label properties. "
            "Keep the label in one of skos:prefLabel, skos:altLabel and skos:hiddenLabel."
        ),
        '  :low has "low"@en as skos:prefLabel and as skos:altLabel',
        '  :mid has "middle"@en as skos:prefLabel and as skos:altLabel',
        "",
        (
            "warning label-without-language: A label does not say its language. "
            "Add a language tag; put codes into skos:notation."
        ),
        '  :low has skos:altLabel "lower", which has no language tag',
        "",
        "2 violations, 1 warning",
    ]
    assert "… and 1 more" in report_text(found, shown=1)
    assert report_text([]) == "No findings."


def test_long_values_do_not_flood_a_message():
    data = dataset(CLEAN, ":low skos:altLabel :x .")
    data.default.append(
        Triple(
            NamedNode(f"{BASE}low"),
            NamedNode("http://www.w3.org/2004/02/skos/core#altLabel"),
            Literal("x" * 10_000 + "\n"),
        )
    )
    assert all(len(finding.message) < 300 for finding in check(data, base=BASE))
