"""The graph of office functions: its files, its thesaurus, its placements, its sources."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Triple, parse
from rdflib import Graph

from officegraph.model.namespaces import (
    DCTERMS,
    OFFICEGRAPH_BASE,
    OFO,
    PROV,
    RDF,
    RDFS,
    SCHEMA,
    SKOS,
    Namespace,
)
from officegraph.vocabulary.derive import derive
from officegraph.vocabulary.entail import entail

ROOT = Path(__file__).parents[2]
FILES = sorted(
    path
    for folder in ("ontology", "data")
    for path in (ROOT / folder).rglob("*.ttl")
    if "shapes" not in path.parts and "lexicon" not in path.parts
)
EVERY_FILE = sorted(path for folder in ("ontology", "data") for path in (ROOT / folder).rglob("*.ttl"))

CONCEPT = Namespace(f"{OFFICEGRAPH_BASE}concept/")
SCHEME = Namespace(f"{OFFICEGRAPH_BASE}scheme/")
SEGMENT = Namespace(f"{OFFICEGRAPH_BASE}segment/")
SOURCE = Namespace(f"{OFFICEGRAPH_BASE}source/")
OFFICES = {CONCEPT[name] for name in ("front-office", "middle-office", "back-office", "independent-assurance")}


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@cache
def triples_of(path: Path) -> tuple[Triple, ...]:
    return tuple(quad.triple for quad in parse(path=str(path), format=RdfFormat.TURTLE))


class Asserted:
    """What the sources state, the shapes left out."""

    def __init__(self) -> None:
        paths = [path for path in EVERY_FILE if "shapes" not in path.parts]
        self.triples = list(dict.fromkeys(triple for path in paths for triple in triples_of(path)))
        self.by_predicate: dict[NamedNode, list[Triple]] = defaultdict(list)
        self.objects_of: dict[tuple[NamedNode | BlankNode, NamedNode], list[object]] = defaultdict(list)
        for triple in self.triples:
            self.by_predicate[triple.predicate].append(triple)
            self.objects_of[triple.subject, triple.predicate].append(triple.object)

    def subjects(self, predicate: NamedNode, value: object) -> list[NamedNode]:
        return [triple.subject for triple in self.by_predicate[predicate] if triple.object == value]

    def english(self, subject: NamedNode, predicate: NamedNode) -> list[str]:
        return [
            value.value
            for value in self.objects_of[subject, predicate]
            if isinstance(value, Literal) and value.language == "en"
        ]


@pytest.fixture(scope="module")
def graph() -> Asserted:
    return Asserted()


@pytest.fixture(scope="module")
def concepts(graph: Asserted) -> list[NamedNode]:
    """Return the concepts of the thesaurus, without codes and meanings of words."""
    return [node for node in graph.subjects(RDF.type, SKOS.Concept) if node in CONCEPT]


# Files


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_a_file_says_in_its_first_line_what_it_holds(path: Path) -> None:
    first, second = path.read_text(encoding="utf-8").split("\n")[:2]
    assert re.fullmatch(r"# \S.{15,}\.", first)
    assert second == ""


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_a_file_declares_the_prefixes_that_it_uses_and_no_others(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    declared = re.findall(r"^@prefix ([\w-]*):", text, re.MULTILINE)
    body = re.sub(r'^@prefix.*$|^#.*$|"(?:[^"\\]|\\.)*"|<[^>]*>', "", text, flags=re.MULTILINE)
    used = set(re.findall(r"(?<![\w-])([A-Za-z][\w-]*):", body))
    used |= set(re.findall(r"\^\^([\w-]+):", text))
    assert len(declared) == len(set(declared))
    assert set(declared) == used


def is_mapping(path: Path) -> bool:
    """Tell whether ``path`` links the graph with another vocabulary, and so speaks of what is not its own."""
    return path.parent == ROOT / "data" / "mappings"


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_a_file_has_no_blank_nodes_and_describes_only_own_resources(path: Path) -> None:
    for triple in triples_of(path):
        assert isinstance(triple.subject, NamedNode)
        assert triple.subject.value.startswith(OFFICEGRAPH_BASE) or is_mapping(path)
        assert not isinstance(triple.object, BlankNode)


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_two_parsers_read_a_file_alike(path: Path) -> None:
    assert len(Graph().parse(path, format="turtle")) == len(set(triples_of(path)))


def test_no_resource_is_described_in_two_files() -> None:
    homes: dict[NamedNode | BlankNode, set[str]] = defaultdict(set)
    for path in FILES:
        if is_mapping(path):  # what these may say of others is held in test_mappings
            continue
        for triple in triples_of(path):
            homes[triple.subject].add(name_of(path))
    assert {subject.value: files for subject, files in homes.items() if len(files) > 1} == {}


def test_links_inside_the_graph_lead_to_something_described(graph: Asserted) -> None:
    outside = {
        OFFICEGRAPH_BASE,  # the home page
        f"{OFFICEGRAPH_BASE}ontology#",  # a namespace
        f"{OFFICEGRAPH_BASE}ontology/1.0.0",  # a version of a document
    }
    described = {triple.subject for triple in graph.triples}
    broken = {
        (triple.subject.value, triple.object.value)
        for triple in graph.triples
        if isinstance(triple.object, NamedNode)
        and triple.object.value.startswith(OFFICEGRAPH_BASE)
        and triple.object not in described
        and triple.object.value not in outside
    }
    assert broken == set()


# Thesaurus


def slug(label: str) -> str:
    ascii_only = unicodedata.normalize("NFKD", label).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", ascii_only.replace("'", "")).strip("-")


def test_a_concept_is_named_by_its_english_preferred_label(graph: Asserted) -> None:
    for kind, class_ in ((CONCEPT, SKOS.Concept), (SEGMENT, OFO.Segment), (SCHEME, SKOS.ConceptScheme)):
        for node in graph.subjects(RDF.type, class_):
            if node not in kind or kind is SCHEME:
                continue
            (label,) = graph.english(node, SKOS.prefLabel)
            assert node.value == kind.iri + slug(label)


def test_a_concept_has_one_scheme_which_also_defines_it(graph: Asserted, concepts: list[NamedNode]) -> None:
    for concept in concepts:
        (scheme,) = graph.objects_of[concept, SKOS.inScheme]
        assert graph.objects_of[concept, RDFS.isDefinedBy] == [scheme]


def test_a_concept_says_where_it_comes_from(graph: Asserted, concepts: list[NamedNode]) -> None:
    for concept in concepts:
        assert len(graph.english(concept, SKOS.historyNote)) == 1


def test_a_definition_is_one_plain_statement(graph: Asserted, concepts: list[NamedNode]) -> None:
    for concept in concepts:
        (definition,) = graph.english(concept, SKOS.definition)
        assert definition[0].isupper()
        assert definition.endswith(".")
        assert "refers to" not in definition
        assert 25 <= len(definition) <= 240


def test_no_two_concepts_have_the_same_definition(graph: Asserted, concepts: list[NamedNode]) -> None:
    definitions = Counter(graph.english(concept, SKOS.definition)[0] for concept in concepts)
    assert [text for text, count in definitions.items() if count > 1] == []


def test_labels_of_concepts_are_told_apart(graph: Asserted, concepts: list[NamedNode]) -> None:
    """The concepts of all schemes share one space of names, since their IRIs do."""
    preferred: dict[str, NamedNode] = {}
    for concept in concepts:
        (label,) = graph.english(concept, SKOS.prefLabel)
        assert preferred.setdefault(label.casefold(), concept) == concept
    for concept in concepts:
        for label in graph.objects_of[concept, SKOS.altLabel]:
            assert isinstance(label, Literal)
            assert preferred.get(label.value.casefold(), concept) == concept


def ancestors(graph: Asserted, concept: NamedNode) -> Iterator[NamedNode]:
    for broader in graph.objects_of[concept, SKOS.broader]:
        assert isinstance(broader, NamedNode)
        yield broader
        yield from ancestors(graph, broader)


def test_the_eighteen_kinds_of_work_are_the_top_concepts_of_functions(graph: Asserted) -> None:
    tops = graph.subjects(SKOS.topConceptOf, SCHEME.functions)
    assert len(tops) == 18
    assert CONCEPT["transaction-operations"] in tops


def test_a_concept_without_broader_concept_is_a_top_concept_and_no_other_is(
    graph: Asserted, concepts: list[NamedNode]
) -> None:
    for concept in concepts:
        is_top = bool(graph.objects_of[concept, SKOS.topConceptOf])
        assert is_top != bool(graph.objects_of[concept, SKOS.broader]), concept


def test_functions_of_one_file_are_below_its_top_concept(graph: Asserted) -> None:
    for path in sorted((ROOT / "data" / "functions").glob("*.ttl")):
        top = CONCEPT[path.stem]
        for triple in triples_of(path):
            if triple.predicate == RDF.type:
                assert isinstance(triple.subject, NamedNode)
                assert triple.subject == top or top in ancestors(graph, triple.subject)


def test_the_hierarchy_is_stated_once_and_upwards(graph: Asserted) -> None:
    for inferred in (SKOS.narrower, SKOS.hasTopConcept, SKOS.broaderTransitive, SKOS.narrowerTransitive):
        assert graph.by_predicate[inferred] == []
    for triple in graph.by_predicate[SKOS.broader]:
        others = [value for value in graph.objects_of[triple.subject, SKOS.broader] if value != triple.object]
        assert not any(triple.object in ancestors(graph, other) for other in others)


def test_no_concept_is_related_to_its_ancestors(graph: Asserted) -> None:
    """SKOS S27, with the relations that are entailed."""
    entailed = [*graph.triples, *entail(graph.triples)]
    above = {
        (triple.subject, triple.object)
        for triple in entailed
        if triple.predicate in (SKOS.broader, SKOS.broaderTransitive)
    }
    for triple in entailed:
        if triple.predicate == SKOS.related:
            assert (triple.subject, triple.object) not in above
            assert triple.subject != triple.object


def test_no_function_has_an_office_above_it(graph: Asserted, concepts: list[NamedNode]) -> None:
    for concept in concepts:
        assert not OFFICES & set(ancestors(graph, concept))


# Placements and sources


def test_a_placement_stands_in_the_file_of_its_function(graph: Asserted) -> None:
    homes = {
        triple.subject: path.stem
        for path in FILES
        for triple in triples_of(path)
        if path.parent.name in ("functions", "data")
    }
    for path in sorted((ROOT / "data" / "placements").glob("*.ttl")):
        for triple in triples_of(path):
            if triple.predicate == OFO.function:
                assert isinstance(triple.object, NamedNode)
                assert homes[triple.object] == path.stem


def test_the_label_of_a_placement_says_what_it_states(graph: Asserted) -> None:
    for triple in graph.by_predicate[OFO.function]:
        placement = triple.subject
        assert isinstance(placement, NamedNode)
        assert isinstance(triple.object, NamedNode)
        (segment,) = graph.objects_of[placement, OFO.segment]
        assert isinstance(segment, NamedNode)
        offices = graph.objects_of[placement, OFO.office]
        (label,) = graph.english(placement, RDFS.label)
        office = graph.english(offices[0], SKOS.prefLabel)[0] if offices else "office varies"
        (function,) = graph.english(triple.object, SKOS.prefLabel)
        assert label.startswith(f"{function}: {office} in {graph.english(segment, SKOS.prefLabel)[0]} (")


@pytest.mark.parametrize("predicate", [RDFS.label], ids=["label"])
@pytest.mark.parametrize("class_", [OFO.Placement, OFO.Claim, OFO.RelationClaim], ids=lambda term: term.value)
def test_statements_are_told_apart_by_their_labels(graph: Asserted, class_: NamedNode, predicate: NamedNode) -> None:
    labels = Counter(graph.english(node, predicate)[0] for node in graph.subjects(RDF.type, class_))
    assert [label for label, count in labels.items() if count > 1] == []


def test_a_source_is_named_by_its_identifier_and_told_apart_by_its_label(graph: Asserted) -> None:
    sources = [triple.subject for triple in graph.by_predicate[OFO.reliability]]
    assert len(sources) > 80
    labels = Counter(graph.english(source, RDFS.label)[0] for source in sources)
    assert [label for label, count in labels.items() if count > 1] == []
    for source in sources:
        assert isinstance(source, NamedNode)
        (identifier,) = graph.objects_of[source, DCTERMS.identifier]
        assert isinstance(identifier, Literal)
        assert source == SOURCE[identifier.value.lower()]


def test_a_source_states_the_segments_of_its_placements(graph: Asserted) -> None:
    for triple in graph.by_predicate[PROV.hadPrimarySource]:
        for segment in graph.objects_of[triple.subject, OFO.segment]:
            assert segment in graph.objects_of[triple.object, OFO.segment], triple.subject


def test_sources_that_read_control_lines_as_offices_say_so(graph: Asserted) -> None:
    by_lines = {SOURCE[key] for key in ("accenture-cr", "bcbs-gov", "iicj", "one-lod", "regulus")}
    for triple in graph.by_predicate[OFO.reading]:
        (source,) = graph.objects_of[triple.subject, PROV.hadPrimarySource]
        assert (source in by_lines) == (triple.object != OFO.officeNamed)


def test_sources_that_share_a_text_share_an_origin(graph: Asserted) -> None:
    origins = {
        key: graph.objects_of[SOURCE[key], PROV.wasDerivedFrom]
        for key in ("text1", "plumpos", "factindex", "wiki-bo-old", "fso")
    }
    assert origins["text1"] == origins["plumpos"]
    assert origins["factindex"] == origins["wiki-bo-old"] == origins["fso"]
    assert origins["text1"] != origins["fso"]


def test_sources_have_web_addresses_except_the_founding_texts(graph: Asserted) -> None:
    for triple in graph.by_predicate[OFO.reliability]:
        addresses = graph.objects_of[triple.subject, SCHEMA.url]
        assert len(addresses) == (0 if triple.object == OFO.founding else 1)


# What follows


@pytest.mark.parametrize(
    ("function", "segment", "office"),
    [
        ("accounting", None, "back-office"),
        ("bookkeeping", None, "back-office"),
        ("clearing", None, "back-office"),
        ("custody", None, "back-office"),
        ("customer-support", None, "front-office"),
        ("data-entry", None, "back-office"),
        ("financial-control", None, "middle-office"),
        ("internal-audit", None, "independent-assurance"),
        ("payroll", None, "back-office"),
        ("product-control", None, "middle-office"),
        ("reconciliation", None, "back-office"),
        ("record-keeping", None, "back-office"),
        ("risk-management", None, "middle-office"),
        ("sales", None, "front-office"),
        ("settlement", None, "back-office"),
        ("trade-confirmation", None, "back-office"),
        ("trading", None, "front-office"),
        ("regulatory-compliance", "InBankingAndCapitalMarkets", "middle-office"),
        ("risk-management", "InBankingAndCapitalMarkets", "middle-office"),
        ("regulatory-compliance", "InContactCentre", "back-office"),
        ("regulatory-compliance", "InFinancialServices", "middle-office"),
        ("regulatory-compliance", "InGeneralEnterprise", "back-office"),
        ("cash-management", "InTreasury", "front-office"),
        ("cheque-processing", "InRetailAndCommercialBanking", "back-office"),
    ],
)
def test_the_usual_office_is_the_one_that_practitioners_expect(
    graph: Asserted, derived: set[Triple], function: str, segment: str | None, office: str
) -> None:
    property_ = OFO["usualOffice" + (segment or "")]
    assert Triple(CONCEPT[function], property_, CONCEPT[office]) in derived


@pytest.fixture(scope="module")
def derived(graph: Asserted) -> set[Triple]:
    return set(derive(graph.triples))
