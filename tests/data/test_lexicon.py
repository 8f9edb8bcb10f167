"""The dictionary holds together: what is said twice agrees, and the shapes catch what is missing."""

# ruff: noqa: RUF001 - the phonetic alphabet looks like Latin letters here and there

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pyshacl
import pytest
from pyoxigraph import QuerySolutions, Store
from rdflib import Graph

ROOT = Path(__file__).parents[2]
SHAPES = ROOT / "ontology" / "shapes" / "lexicon.ttl"

# Transcriptions by Open English WordNet (commit d94538ad0d) and the CMU Pronouncing Dictionary (1.1.3).
TRANSCRIPTIONS = {
    ("back", "en-us-x-arpabet", "B AE1 K"),
    ("front", "en-fonipa", "fɹʌnt"),
    ("front", "en-us-x-arpabet", "F R AH1 N T"),
    ("middle", "en-au-fonipa", "ˈmɪdəl"),
    ("middle", "en-gb-fonipa", "ˈmɪdəl"),
    ("middle", "en-nz-fonipa", "ˈmɘdɘl"),
    ("middle", "en-us-fonipa", "ˈmɪdəl"),
    ("middle", "en-us-x-arpabet", "M IH1 D AH0 L"),
    ("office", "en-gb-fonipa", "ˈɒfɪs"),
    ("office", "en-us-fonipa", "ˈɔfɪs"),
    ("office", "en-us-x-arpabet", "AO1 F IH0 S"),
}


Rows = Callable[[str], list[tuple[str, ...]]]


@pytest.fixture
def rows(published_store: Store, prefix_declarations: str) -> Rows:
    def select(query: str) -> list[tuple[str, ...]]:
        answer = published_store.query(prefix_declarations + query)
        assert isinstance(answer, QuerySolutions)
        return sorted(tuple("" if term is None else term.value for term in row) for row in answer)

    return select


@pytest.mark.parametrize("office", ["back-office", "front-office", "middle-office"])
def test_a_headword_is_the_label_of_its_office(office: str, rows: Rows) -> None:
    headword = rows(f"SELECT ?w {{ lexicon:{office}-noun ontolex:canonicalForm/ontolex:writtenRep ?w }}")
    label = rows(f"SELECT ?l {{ concept:{office} skos:prefLabel ?l FILTER (LANG(?l) = 'en') }}")
    assert headword == label == [(office.replace("-", " "),)]


def test_the_lexicon_lists_its_entries_and_counts_them(rows: Rows) -> None:
    described = rows("SELECT ?e { VALUES ?c { ontolex:Word ontolex:MultiWordExpression } ?e a ?c }")
    listed = rows("SELECT ?e { lexicon:lexicon lime:entry ?e }")
    assert listed == described
    assert rows("SELECT ?n { lexicon:lexicon lime:lexicalEntries ?n }") == [(str(len(listed)),)]


def test_an_entry_evokes_what_its_senses_express(rows: Rows) -> None:
    evoked = rows("SELECT ?entry ?meaning { ?entry ontolex:evokes ?meaning }")
    expressed = rows(
        """SELECT DISTINCT ?entry ?meaning {
             ?entry a ontolex:MultiWordExpression ; ontolex:sense/ontolex:isLexicalizedSenseOf ?meaning }"""
    )
    assert evoked == expressed != []


def test_the_dictionary_arranges_every_sense_of_a_noun_once_and_in_order(rows: Rows) -> None:
    arranged = rows(
        """SELECT ?noun ?sense (COUNT(?member) AS ?times) {
             ?component lexicog:describes ?noun ; ?member ?part .
             ?part lexicog:describes ?sense . ?noun ontolex:sense ?sense } GROUP BY ?noun ?sense"""
    )
    nouns = rows(
        "SELECT ?n ?s { ?n a ontolex:MultiWordExpression ; lexinfo:partOfSpeech lexinfo:noun ; ontolex:sense ?s }"
    )
    assert arranged == [(noun, sense, "1") for noun, sense in nouns]
    positions = rows(
        """SELECT ?member ?sense {
             lexicon:component-back-office-noun ?member ?part . ?part lexicog:describes ?sense }"""
    )
    assert [(m.rpartition("_")[2], s.rpartition("-")[2]) for m, s in positions] == [
        (str(n), str(n)) for n in range(1, 8)
    ]


def test_the_parts_of_a_compound_make_up_its_headword(rows: Rows) -> None:
    parts = rows(
        """SELECT ?whole ?first ?second {
             ?entry ontolex:canonicalForm/ontolex:writtenRep ?whole ;
               rdf:_1/decomp:correspondsTo/ontolex:canonicalForm/ontolex:writtenRep ?first ;
               rdf:_2/decomp:correspondsTo/ontolex:canonicalForm/ontolex:writtenRep ?second }"""
    )
    assert len(parts) == 6
    assert all(re.fullmatch(f"{first}[ -]{second}", whole) for whole, first, second in parts)


def test_syllables_of_the_parts_add_up_to_those_of_the_whole(rows: Rows) -> None:
    sums = rows(
        """SELECT ?whole (?one + ?two AS ?sum) {
             ?entry ontolex:canonicalForm/ofo:syllableCount ?whole ;
               rdf:_1/decomp:correspondsTo/ontolex:canonicalForm/ofo:syllableCount ?one ;
               rdf:_2/decomp:correspondsTo/ontolex:canonicalForm/ofo:syllableCount ?two }"""
    )
    assert sums
    assert all(whole == total for whole, total in sums)


def test_the_transcriptions_of_a_form_are_those_of_its_statements(rows: Rows) -> None:
    """A statement that names no variety need not be repeated on the form."""
    on_the_form = rows("SELECT ?form ?value (LANG(?value) AS ?tag) { ?form ontolex:phoneticRep ?value }")
    stated = rows(
        """SELECT DISTINCT ?form ?value (LANG(?value) AS ?tag) {
             ?form ofo:pronunciation ?statement . ?statement ofo:notationSystem ofo:ipa ; rdf:value ?value }"""
    )
    assert set(on_the_form) <= set(stated)
    assert {row for row in stated if row[2] != "en-fonipa"} <= set(on_the_form)


def test_a_language_tag_names_the_notation(rows: Rows) -> None:
    endings = {"ipa": "-fonipa", "respelling": "-x-respell", "arpabet": "-x-arpabet"}
    statements = rows(
        """SELECT ?system (LANG(?value) AS ?tag) {
             ?statement a ofo:PronunciationStatement ; ofo:notationSystem ?system ; rdf:value ?value }"""
    )
    assert statements
    for system, tag in statements:
        assert tag.endswith(endings[system.rpartition("#")[2]])


def test_transcriptions_of_single_words_are_those_of_the_sources(rows: Rows) -> None:
    stated = rows(
        """SELECT ?word (LANG(?value) AS ?tag) ?value {
             ?form ontolex:writtenRep ?word ; ofo:pronunciation ?statement .
             ?statement rdf:value ?value ; prov:hadPrimarySource ?source .
             FILTER (?source IN (source:oewn-office, source:cmudict) && !CONTAINS(?word, " ")) }"""
    )
    assert set(stated) == TRANSCRIPTIONS


def test_a_transcription_put_together_is_that_of_its_parts(rows: Rows) -> None:
    composed = rows(
        """SELECT ?whole ?first ?second {
             ?statement rdf:value ?whole ; ofo:notationSystem ?system ; prov:wasDerivedFrom ?a , ?b .
             ?a rdf:value ?first ; ofo:notationSystem ?system .
             ?b rdf:value ?second ; ofo:notationSystem ?system .
             FILTER (STRENDS(STR(?whole), STR(?second)) && STRSTARTS(STR(?whole), STR(?first))) }"""
    )
    assert len(composed) == 8
    assert all(whole == f"{first} {second}" for whole, first, second in composed)


def test_each_example_of_the_founding_text_is_illustrated_by_one_of_our_own(rows: Rows) -> None:
    pairs = rows(
        """SELECT ?number ?text {
             ?example a ofo:SourceExample ; ofo:numberInSource ?number .
             OPTIONAL { ?own a lexicog:UsageExample ; prov:wasDerivedFrom ?example ; rdf:value ?text } }"""
    )
    assert [number for number, _ in pairs] == ["1", "2", "3", "4"]
    assert all(text for _, text in pairs)


def test_a_usage_example_contains_its_headword(rows: Rows) -> None:
    examples = rows(
        """SELECT ?headword ?text {
             ?entry ontolex:sense/lexicog:usageExample/rdf:value ?text ;
               ontolex:canonicalForm/ontolex:writtenRep ?headword }"""
    )
    assert len(examples) == 15
    for headword, text in examples:
        assert re.search(headword, text, re.IGNORECASE), text


def test_every_statement_of_the_dictionary_names_its_source(rows: Rows) -> None:
    unsourced = rows(
        """SELECT ?thing {
             VALUES ?class {
               lemonety:EtyLink lemonety:Etymology ofo:PronunciationStatement ofo:SoundSpelling ofo:SourceExample
               ontolex:LexicalConcept ontolex:LexicalSense ontolex:MultiWordExpression vartrans:ConceptualRelation }
             ?thing a ?class .
             FILTER NOT EXISTS { ?thing prov:hadPrimarySource|prov:wasDerivedFrom ?source . ?source a prov:Entity } }"""
    )
    assert unsourced == []


# ----------------------------------------------------------------------------------------------------------------------
# Shapes


@pytest.fixture(scope="session")
def dictionary() -> Graph:
    graph = Graph()
    for path in sorted((ROOT / "data" / "lexicon").glob("*.ttl")):
        graph.parse(path)
    return graph.parse(ROOT / "ontology" / "codes.ttl")


@pytest.fixture(scope="session")
def shapes() -> Graph:
    return Graph().parse(SHAPES)


def report(data: Graph, shapes: Graph) -> str:
    _, _, text = pyshacl.validate(data, shacl_graph=shapes, inference="none", do_owl_imports=False)
    return str(text)


def test_the_dictionary_conforms_to_its_shapes(dictionary: Graph, shapes: Graph) -> None:
    assert "Conforms: True" in report(dictionary, shapes)


FAULTS = {
    "a second canonical form": (
        "lexicon:office ontolex:canonicalForm lexicon:form-back",
        "exactly one canonical form",
    ),
    "a second part of speech": ("lexicon:back lexinfo:partOfSpeech lexinfo:noun", "exactly one part of speech"),
    "a sense with two meanings": (
        "lexicon:back-office-sense-1 ontolex:isLexicalizedSenseOf lexicon:concept-back-office-2",
        "exactly one lexical concept",
    ),
    "a sense without a source": ("lexicon:s a ontolex:LexicalSense", "names the source that attests it"),
    "a sense in two entries": ("lexicon:office ontolex:sense lexicon:back-office-sense-1", "one lexical entry only"),
    "a region as a string": ('lexicon:back-office-sense-1 lexinfo:geographic "US"', "named by an IRI"),
    "a meaning in the thesaurus": (
        "lexicon:concept-back-office-1 skos:inScheme scheme:functions",
        "never to the thesaurus",
    ),
    "a pronunciation without notation": (
        'lexicon:p a ofo:PronunciationStatement ; rdf:value "x"@en-fonipa ; prov:hadPrimarySource source:oewn-office',
        "which notation it is written in",
    ),
    "a pronunciation without a source": (
        'lexicon:p a ofo:PronunciationStatement ; rdf:value "x"@en-fonipa ; ofo:notationSystem ofo:ipa',
        "A pronunciation statement names its source",
    ),
    "an origin without a source": ("lexicon:o a lemonety:Etymology", "An account of origin names its source"),
    "a link type that is no string": (
        "lexicon:link-broadening lemonety:etyLinkType lexicon:link-floor-plan-back",
        "one plain string",
    ),
    "a sound without a sample word": ('lexicon:x a ofo:SoundSpelling ; ofo:grapheme "ff"', "gives a sample word"),
    "a copied example": ('lexicon:text1-example-1 rdf:value "text"@en', "is not published"),
    "an example of nothing": (
        'lexicon:e a lexicog:UsageExample ; rdf:value "text"@en',
        "A usage example illustrates a sense",
    ),
    "an entry outside the lexicon": (
        "lexicon:w a ontolex:Word ; lexinfo:partOfSpeech lexinfo:noun ; ontolex:canonicalForm lexicon:form-back",
        "listed by exactly one lexicon",
    ),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_the_shapes_catch(fault: str, dictionary: Graph, shapes: Graph, prefix_declarations: str) -> None:
    statement, message = FAULTS[fault]
    faulty = Graph() + dictionary
    faulty.update(f"{prefix_declarations} INSERT DATA {{ {statement} }}")
    assert message in report(faulty, shapes)
