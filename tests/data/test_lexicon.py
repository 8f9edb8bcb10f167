"""The dictionary holds together: what is said twice agrees, and the shapes catch what is missing."""

# ruff: noqa: RUF001 - the phonetic alphabet looks like Latin letters here and there

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pyshacl
import pytest
from pyoxigraph import QuerySolutions, Store
from rdflib import Graph, URIRef

from officegraph.model.namespaces import OFO

ROOT = Path(__file__).parents[2]
SHAPES = ROOT / "ontology" / "shapes" / "lexicon.ttl"
LIME_ENTRY = URIRef("http://www.w3.org/ns/lemon/lime#entry")
EASILY_CONFUSED_WITH = URIRef(f"{OFO.iri}easilyConfusedWith")

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


# Synsets of Open English WordNet (commit d94538ad0d), nouns all.
SYNSETS = Path(__file__).with_name("synsets.txt").read_text(encoding="utf-8").split()


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


def test_a_headword_evokes_what_its_senses_express(rows: Rows) -> None:
    evoked = rows("SELECT ?entry ?meaning { ?entry ontolex:evokes ?meaning }")
    expressed = rows(
        """SELECT DISTINCT ?entry ?meaning {
             ?component lexicog:describes ?entry . ?entry ontolex:sense/ontolex:isLexicalizedSenseOf ?meaning }"""
    )
    assert evoked == expressed != []


def test_the_dictionary_arranges_every_sense_of_a_headword_once_and_in_order(rows: Rows) -> None:
    arranged = rows(
        """SELECT ?entry ?sense (COUNT(?member) AS ?times) {
             ?component lexicog:describes ?entry ; ?member ?part .
             ?part lexicog:describes ?sense . ?entry ontolex:sense ?sense } GROUP BY ?entry ?sense"""
    )
    senses = rows(
        """SELECT DISTINCT ?entry ?sense {
             ?component lexicog:describes ?entry . ?entry lexinfo:partOfSpeech ?part ; ontolex:sense ?sense
             FILTER (!STRENDS(STR(?entry), "-attributive")) }"""
    )
    assert arranged == [(entry, sense, "1") for entry, sense in senses] != []
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


def test_a_usage_example_contains_its_headword_in_one_of_its_forms(rows: Rows) -> None:
    examples = rows(
        """SELECT ?text ?form {
             ?entry ontolex:sense/lexicog:usageExample/rdf:value ?text ;
               (ontolex:canonicalForm|ontolex:otherForm)/ontolex:writtenRep ?form }"""
    )
    forms: dict[str, list[str]] = {}
    for text, form in examples:
        forms.setdefault(text, []).append(form)
    assert len(forms) > 300
    without = {
        text: written
        for text, written in forms.items()
        if not any(re.search(rf"(?<!\w){re.escape(form)}(?!\w)", text, re.IGNORECASE) for form in written)
    }
    assert without == {}


def test_every_statement_of_the_dictionary_names_its_source_or_its_editors(rows: Rows) -> None:
    unsourced = rows(
        """SELECT ?thing {
             VALUES ?class {
               lemonety:EtyLink lemonety:Etymology ofo:PronunciationStatement ofo:SoundSpelling ofo:SourceExample
               ontolex:LexicalConcept ontolex:LexicalSense ontolex:MultiWordExpression vartrans:ConceptualRelation }
             ?thing a ?class .
             FILTER NOT EXISTS { ?thing prov:hadPrimarySource|prov:wasDerivedFrom ?source . ?source a prov:Entity }
             FILTER NOT EXISTS { ?thing prov:wasAttributedTo ?editors . ?editors a prov:Organization } }"""
    )
    assert unsourced == []


def test_rival_accounts_of_an_origin_stand_side_by_side(rows: Rows) -> None:
    accounts = rows(
        """SELECT ?word (COUNT(DISTINCT ?source) AS ?sources) {
             ?entry lemonety:etymology ?account ; ontolex:canonicalForm/ontolex:writtenRep ?word .
             ?account prov:hadPrimarySource ?source } GROUP BY ?word"""
    )
    assert accounts == [("back office", "2"), ("front office", "1"), ("middle office", "3")]


# ----------------------------------------------------------------------------------------------------------------------
# Terms of the work


def test_the_dictionary_has_what_a_newcomer_looks_up(rows: Rows) -> None:
    headwords = {
        word
        for (word,) in rows(
            """SELECT ?word { lexicon:dictionary lexicog:entry/rdf:_1/lexicog:describes/ontolex:canonicalForm/
                 ontolex:writtenRep ?word }"""
        )
    }
    assert len(headwords) > 200
    assert headwords >= {"KYC", "AML", "NAV", "STP", "SSI", "CSD", "CCP", "OTC", "P&L", "AP", "AR", "HR", "IT", "BPO"}
    assert headwords >= {"SSC", "GBS", "ALM", "CRM", "ERP", "SWIFT", "FO", "MO", "BO", "clearing", "custody", "cheque"}
    assert headwords >= {"reconciliation", "settlement", "centre", "organisation", "programme", "securitisation"}
    assert headwords >= {"margin", "netting", "allocation", "confirmation", "affirmation", "matching", "ledger"}
    assert headwords >= {"controller", "comptroller", "treasury", "depositary", "depository", "compliance", "audit"}
    assert headwords >= {"underwriting", "claim", "teller", "desk", "front end", "back end", "middleware"}


def test_the_dictionary_holds_every_entry(rows: Rows) -> None:
    held = rows("SELECT ?entry { lexicon:dictionary lexicog:entry ?entry }")
    assert held == rows("SELECT ?entry { ?entry a lexicog:Entry }")


def test_every_headword_leads_to_the_thesaurus(rows: Rows) -> None:
    isolated = rows(
        """SELECT ?headword {
             lexicon:dictionary lexicog:entry/rdf:_1/lexicog:describes ?headword .
             FILTER NOT EXISTS {
               ?headword ontolex:sense/ontolex:isLexicalizedSenseOf/
                 (skos:closeMatch|skos:broadMatch|skos:narrowMatch|skos:relatedMatch) ?concept .
               ?concept skos:inScheme ?scheme FILTER (?scheme != lexicon:concepts) } }"""
    )
    assert isolated == []


def test_false_friends_have_meanings_of_their_own(rows: Rows) -> None:
    pairs = rows(
        """SELECT ?one ?other ?first ?second {
             ?one ofo:easilyConfusedWith ?other ; ontolex:isLexicalizedSenseOf ?first .
             ?other ontolex:isLexicalizedSenseOf ?second }"""
    )
    assert len(pairs) > 200
    assert all(first != second for _, _, first, second in pairs)
    assert {(one, other) for one, other, _, _ in pairs} == {(other, one) for one, other, _, _ in pairs}


@pytest.mark.parametrize(
    ("british", "american"),
    [
        ("centre", "center"),
        ("centres", "centers"),
        ("cheque", "check"),
        ("cheques", "checks"),
        ("contact centre", "contact center"),
        ("fulfilment", "fulfillment"),
        ("organisation", "organization"),
        ("programme", "program"),
        ("securitisation", "securitization"),
        ("three lines of defence", "three lines of defense"),
    ],
)
def test_regional_spellings_are_forms_of_one_word(british: str, american: str, rows: Rows) -> None:
    words = rows(
        f"""SELECT DISTINCT ?entry {{
              ?entry ontolex:canonicalForm|ontolex:otherForm ?one , ?other .
              ?one ontolex:writtenRep "{british}"@en-gb ; dcterms:spatial country:GBR .
              ?other ontolex:writtenRep "{american}"@en-us ; dcterms:spatial country:USA }}"""
    )
    assert len(words) == 1


def test_links_lead_to_synsets_that_were_looked_up(rows: Rows) -> None:
    """At most one exact match leaves a meaning, and at most one reaches a synset (SKOS S45)."""
    links = rows(
        """SELECT ?meaning ?property ?synset {
             ?meaning a ontolex:LexicalConcept ; ?property ?synset .
             FILTER (STRSTARTS(STR(?synset), "https://en-word.net/")) }"""
    )
    exact = [(meaning, synset) for meaning, property_, synset in links if property_.endswith("exactMatch")]
    assert len({meaning for meaning, _ in exact}) == len({synset for _, synset in exact}) == len(exact) > 30
    looked_up = {f"https://en-word.net/id/oewn-{synset}-n" for synset in SYNSETS}
    assert {synset for _, _, synset in links} == looked_up
    labelled = rows("SELECT ?s { ?s rdfs:label ?label FILTER (STRSTARTS(STR(?s), 'https://en-word.net/id/')) }")
    assert {synset for (synset,) in labelled} == looked_up


# ----------------------------------------------------------------------------------------------------------------------
# Labels with facts of their own (SKOS-XL)


def test_a_plain_label_of_the_same_kind_stands_beside_each_xl_label(rows: Rows) -> None:
    """SKOS S55 to S57: what a tool without SKOS-XL would miss is stated."""
    for kind in ("prefLabel", "altLabel", "hiddenLabel"):
        lonely = rows(
            f"""SELECT ?concept ?form {{
                  ?concept skosxl:{kind}/skosxl:literalForm ?form
                  FILTER NOT EXISTS {{ ?concept skos:{kind} ?form }} }}"""
        )
        assert lonely == []


def test_every_label_of_one_region_says_which(rows: Rows) -> None:
    silent = rows(
        """SELECT ?concept ?label {
             ?concept skos:prefLabel|skos:altLabel ?label ; skos:inScheme ?scheme
             FILTER (LANG(?label) IN ("en-gb", "en-us") && STRSTARTS(STR(?concept), STR(concept:)))
             FILTER NOT EXISTS {
               VALUES (?tag ?country) { ("en-gb" country:GBR) ("en-us" country:USA) }
               ?concept (skosxl:prefLabel|skosxl:altLabel) ?own .
               ?own skosxl:literalForm ?label ; dcterms:spatial ?country
               FILTER (LANG(?label) = ?tag) } }"""
    )
    assert silent == []


@pytest.mark.parametrize(
    ("concept", "relation", "label", "other"),
    [
        ("cheque-processing", "spellingVariantOf", "check processing", "cheque processing"),
        ("contact-centre", "spellingVariantOf", "contact center", "contact centre"),
        ("know-your-customer", "shortFormOf", "KYC", "know your customer"),
        ("net-asset-value-calculation", "shortFormOf", "NAV calculation", "net asset value calculation"),
        ("standing-settlement-instruction", "shortFormOf", "SSI", "standing settlement instruction"),
    ],
)
def test_a_label_is_tied_to_its_full_form_or_other_spelling(
    concept: str, relation: str, label: str, other: str, rows: Rows
) -> None:
    tied = rows(
        f"""SELECT ?label ?other {{
              concept:{concept} skosxl:altLabel ?one . ?one ofo:{relation} ?two ; skosxl:literalForm ?label .
              concept:{concept} skosxl:prefLabel|skosxl:altLabel ?two . ?two skosxl:literalForm ?other }}"""
    )
    assert (label, other) in tied


def test_a_label_and_its_entry_in_the_dictionary_have_the_same_wording(rows: Rows) -> None:
    pairs = rows(
        """SELECT ?label ?word {
             ?one a skosxl:Label ; skosxl:literalForm ?label ; rdfs:seeAlso ?entry .
             ?entry ontolex:canonicalForm/ontolex:writtenRep ?word }"""
    )
    assert len(pairs) > 30
    assert all(label == word for label, word in pairs)


# ----------------------------------------------------------------------------------------------------------------------
# Shapes


def parse_dictionary(*names: str) -> Graph:
    graph = Graph()
    for name in names:
        for path in sorted((ROOT / "data" / "lexicon").glob(f"{name}.ttl")):
            graph.parse(path)
    return graph.parse(ROOT / "ontology" / "codes.ttl")


@pytest.fixture(scope="session")
def dictionary() -> Graph:
    return parse_dictionary("*")


@pytest.fixture(scope="session")
def excerpt() -> Graph:
    """Return the part of the dictionary that the faults are planted in: the whole takes long to validate."""
    graph = parse_dictionary("back-office", "dictionary", "words", "terms-custody")
    for predicate in (LIME_ENTRY, EASILY_CONFUSED_WITH):
        for triple in list(graph.triples((None, predicate, None))):
            if (triple[2], None, None) not in graph:
                graph.remove(triple)
    return graph


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
    "a false friend that is no sense": (
        "lexicon:proxy-sense-vote ofo:easilyConfusedWith lexicon:proxy",
        "Only a sense",
    ),
    "a false friend on one side only": (
        "lexicon:proxy-sense-vote ofo:easilyConfusedWith lexicon:nominee-sense-holder",
        "both say so",
    ),
    "false friends without a note": (
        """lexicon:nav-sense ofo:easilyConfusedWith lexicon:csd-sense .
           lexicon:csd-sense ofo:easilyConfusedWith lexicon:nav-sense""",
        "how to tell senses apart",
    ),
    "a short form of two things": ("lexicon:nav lexinfo:initialismFor lexicon:proxy", "for exactly one lexical entry"),
    "a short form of something else": ("lexicon:mandate lexinfo:initialismFor lexicon:proxy", "shares no meaning"),
    "an American spelling without its country": (
        'lexicon:form-nav ontolex:writtenRep "nav"@en-us',
        "the country of the form disagree",
    ),
    "a meaning that nobody vouches for": ("lexicon:m a ontolex:LexicalConcept", "or the editors who worded it"),
    "a meaning defined elsewhere": (
        "lexicon:concept-nominee-holder rdfs:isDefinedBy scheme:functions",
        "is defined by",
    ),
    "a label without a form": (
        "concept:custody skosxl:altLabel lexicon:l . lexicon:l a skosxl:Label",
        "one literal form",
    ),
    "a label of which nothing is known": (
        'concept:custody skosxl:altLabel lexicon:l . lexicon:l a skosxl:Label ; skosxl:literalForm "custody"@en',
        "is better a plain one",
    ),
    "a short form of the label of another concept": (
        """concept:custody skosxl:altLabel lexicon:l . concept:netting skosxl:prefLabel lexicon:m .
           lexicon:l a skosxl:Label ; skosxl:literalForm "C"@en ; ofo:shortFormOf lexicon:m .
           lexicon:m a skosxl:Label ; skosxl:literalForm "netting"@en""",
        "a label of another concept",
    ),
    "an entry outside the lexicon": (
        "lexicon:w a ontolex:Word ; lexinfo:partOfSpeech lexinfo:noun ; ontolex:canonicalForm lexicon:form-back",
        "listed by exactly one lexicon",
    ),
}


def test_the_faults_are_not_there_before_they_are_planted(excerpt: Graph, shapes: Graph) -> None:
    text = report(excerpt, shapes)
    assert [fault for fault, (_, message) in FAULTS.items() if message in text] == []


@pytest.mark.parametrize("fault", FAULTS)
def test_the_shapes_catch(fault: str, excerpt: Graph, shapes: Graph, prefix_declarations: str) -> None:
    statement, message = FAULTS[fault]
    faulty = Graph() + excerpt
    faulty.update(f"{prefix_declarations} INSERT DATA {{ {statement} }}")
    assert message in report(faulty, shapes)
