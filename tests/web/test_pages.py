"""Pages about resources: what they show, in which language, and that no data can break them."""

import json
import re
from itertools import pairwise

import html5lib
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, parse

from officegraph.model.formats import CSV, RDF_FORMATS
from officegraph.model.namespaces import DCTERMS, OFO, RDF, SKOS
from officegraph.web.pages import Site, render_description, render_resource
from officegraph.web.pages.resource import resource_page
from officegraph.web.pages.site import safe_path

BASE = "https://example.org/v/"
HTML_NAMESPACE = "{http://www.w3.org/1999/xhtml}"
PREFIXES = """
@prefix : <https://example.org/v/> .
@prefix concept: <https://example.org/v/concept/> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix ofo: <https://w3id.org/officegraph/ontology#> .
@prefix ontolex: <http://www.w3.org/ns/lemon/ontolex#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix prov: <http://www.w3.org/ns/prov#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""

CONCEPT = """
:settling a skos:Concept ; skos:inScheme :scheme ; skos:notation "S-1" ;
    skos:prefLabel "settling"@en , "Abwicklung"@de , "تسوية"@ar ; skos:altLabel "settle-up"@en ;
    skos:hiddenLabel "setling"@en ;
    skos:definition "Exchanging what was agreed."@en , "Austausch des Vereinbarten."@de ;
    skos:scopeNote "Not quarrels."@en ; skos:broader :trading ; skos:narrower :netting ; skos:related :clearing ;
    skos:exactMatch <http://other.example/settle> ; :weight "1.50"^^xsd:decimal ; :ghost <javascript:alert(1)> .
:trading skos:prefLabel "trading"@en . :netting skos:prefLabel "netting"@en .
:clearing skos:prefLabel "Verrechnung"@de . :scheme skos:prefLabel "work"@en .
"""


def triples(text):
    return [quad.triple for quad in parse(PREFIXES + text, format=RdfFormat.TURTLE)]


def path_of(iri):
    return "/" + iri[len(BASE) :] if iri.startswith(BASE) else None


def make_site(**changes):
    fields = {
        "name": "Words & deeds",
        "base": BASE,
        "path_of": path_of,
        "document_path": lambda iri, ending: f"{path_of(iri) or '/x'}.{ending}",
        "prefixes": {"v": BASE},
        "version": "1.0",
    }
    return Site(**{**fields, **changes})


def html_of(text, iri=f"{BASE}settling", languages=("en",), **changes):
    return render_resource(make_site(**changes), iri, triples(text), (*RDF_FORMATS, CSV), languages)


def tree_of(html):
    return html5lib.HTMLParser(strict=True).parse(html)


def elements(html, name):
    return list(tree_of(html).iter(HTML_NAMESPACE + name))


def text_of(element):
    return " ".join("".join(element.itertext()).split())


def model(text, iri=f"{BASE}settling", languages=("en",), **changes):
    return resource_page(make_site(**changes), iri, triples(text), RDF_FORMATS, languages)


def test_a_concept_page_is_valid_and_has_one_heading():
    html = html_of(CONCEPT)
    assert [text_of(heading) for heading in elements(html, "h1")] == ["settling"]


def test_headings_do_not_skip_a_level():
    levels = [int(level) for level in re.findall(r"<h([1-6])", html_of(CONCEPT).split("<main")[1])]
    assert all(later - earlier <= 1 for earlier, later in pairwise(levels))


def test_every_value_of_the_document_is_on_the_page():
    html = html_of(CONCEPT)
    text = text_of(tree_of(html))
    for triple in triples(CONCEPT):
        if isinstance(triple.object, Literal):
            assert triple.object.value in text, triple
    assert "1.50" in text


def test_the_head_has_canonical_and_an_alternate_for_each_format():
    links = elements(html_of(CONCEPT), "link")
    assert [link.get("href") for link in links if link.get("rel") == "canonical"] == [f"{BASE}settling"]
    alternates = {link.get("type"): link.get("href") for link in links if link.get("rel") == "alternate"}
    assert alternates == {f.media_type: f"/settling.{f.extension}" for f in (*RDF_FORMATS, CSV)}


def test_the_json_ld_block_is_a_defined_term():
    script = next(e for e in elements(html_of(CONCEPT), "script") if e.get("type") == "application/ld+json")
    data = json.loads(script.text)
    assert data["@type"] == ["DefinedTerm", "skos:Concept"]
    assert data["@id"] == f"{BASE}settling"
    assert data["name"] == {"@value": "settling", "@language": "en"}
    assert data["termCode"] == "S-1"


@pytest.mark.parametrize(
    ("languages", "name", "definition"),
    [
        (("en",), "settling", "Exchanging what was agreed."),
        (("de-CH", "de"), "Abwicklung", "Austausch des Vereinbarten."),
        (("ar", "en"), "تسوية", "Exchanging what was agreed."),
        (("fr",), "settling", "Exchanging what was agreed."),
    ],
)
def test_name_and_definition_are_in_the_language_of_the_reader(languages, name, definition):
    page = model(CONCEPT, languages=languages)
    assert page.title.value == name
    assert page.lead.value == definition


def test_a_label_in_another_language_is_marked():
    page = model(CONCEPT)
    related = next(block for block in page.blocks if block.id == "page-relations")
    link = next(i.link for g in related.groups if g.title.startswith("Related") for i in g.items)
    assert (link.text.value, link.text.foreign) == ("Verrechnung", True)
    mark = '<span aria-hidden="true">de</span><span class="visually-hidden">(in German)</span>'
    assert f'<span class="tag" title="In another language than asked for">{mark}</span>' in html_of(CONCEPT)


def test_every_literal_has_language_and_direction():
    html = html_of(CONCEPT)
    assert '<span lang="ar" dir="rtl">تسوية</span>' in html
    assert 'lang="de" dir="ltr">Verrechnung' in html


@pytest.mark.parametrize(
    ("literal", "expected"),
    [
        ('"שלום"@he', 'lang="he" dir="rtl"'),
        ('"azeri"@az-Arab', 'lang="az-arab" dir="rtl"'),
        ('"latn"@ar-Latn', 'lang="ar-latn" dir="ltr"'),
        ('"bak"@en-x-arab', 'lang="en-x-arab" dir="ltr"'),
        ('"no language"', 'dir="auto"'),
        ('"stated"@en--rtl', 'lang="en" dir="rtl"'),
    ],
)
def test_direction_follows_statement_script_and_language(literal, expected):
    html = html_of(f":settling skos:prefLabel {literal} .", languages=("en", "he", "az", "ar"))
    assert f"<h1 {expected}>" in html


def test_the_spelling_of_language_tags_is_kept():
    html = html_of(':settling skos:prefLabel "x"@en-gb .', language_tags={"en-gb": "en-GB"})
    assert 'lang="en-GB"' in html


def test_own_iris_are_local_links_and_others_say_that_they_are_external():
    links = {a.get("href"): a.get("rel") for a in elements(html_of(CONCEPT), "a")}
    assert links["/trading"] is None
    assert "external" in links["http://other.example/settle"]


def test_relations_are_grouped():
    related = next(block for block in model(CONCEPT).blocks if block.id == "page-relations")
    assert {g.title: [i.link.text.value for i in g.items] for g in related.groups} == {
        "Broader (1)": ["trading"],
        "Related (1)": ["Verrechnung"],
        "Narrower (1)": ["netting"],
        "In scheme (1)": ["work"],
    }


def test_relations_stated_from_the_other_end_only_are_shown_once():
    page = model(":settling a skos:Concept . :netting skos:broader :settling . :settling skos:narrower :netting .")
    groups = next(block for block in page.blocks if block.id == "page-relations").groups
    assert [(g.title, len(g.items)) for g in groups] == [("Narrower (1)", 1)]
    assert "page-incoming" not in {block.id for block in page.blocks}


def test_blocks_appear_only_when_there_is_data():
    page = model(':settling a skos:Concept ; skos:prefLabel "x"@en .')
    assert [block.id for block in page.blocks] == []


def test_a_resource_without_label_or_type_has_a_page():
    html = html_of(":settling :knows :other .")
    assert [text_of(h) for h in elements(html, "h1")] == ["v:settling"]
    assert "/other" in html


def test_a_deprecated_concept_names_its_replacement():
    html = html_of(
        ":settling a skos:Concept ; owl:deprecated true ; dcterms:isReplacedBy :new ."
        ' :new skos:prefLabel "new one"@en .'
    )
    assert "No longer in use." in html
    assert "new one" in html


def test_crumbs_show_every_way_from_the_top_and_survive_cycles():
    above = {f"{BASE}b": [f"{BASE}top"], f"{BASE}c": [f"{BASE}top"], f"{BASE}top": [f"{BASE}b"]}
    text = ":settling skos:broader :b , :c ."
    page = model(text, parents=lambda iri: above.get(iri, ()))
    assert [[link.iri.removeprefix(BASE) for link in path] for path in page.crumbs] == [["top", "b"], ["b", "top", "c"]]


PLACEMENTS = """
:settling a skos:Concept ; skos:prefLabel "settling"@en .
:p1 a ofo:Placement ; ofo:function :settling ; ofo:office concept:back-office ; ofo:segment :banks ;
    prov:hadPrimarySource :s1 .
:p2 a ofo:Placement ; ofo:function :settling ; ofo:office concept:back-office ; ofo:segment :funds ;
    prov:hadPrimarySource :s2 .
:p3 a ofo:Placement ; ofo:function :settling ; ofo:office concept:middle-office ; ofo:segment :funds ;
    ofo:extent ofo:some ; prov:hadPrimarySource :s3 .
:u1 a ofo:UsualPlacement ; ofo:function :settling ; ofo:office concept:back-office ; ofo:segment :banks ;
    ofo:contested true ; ofo:votesFor 2 ; ofo:votesAgainst 1 .
concept:back-office skos:prefLabel "back office"@en . concept:middle-office skos:prefLabel "middle office"@en .
:s1 skos:prefLabel "Manual"@en . :s2 skos:prefLabel "Glossary"@en . :s3 skos:prefLabel "Blog"@en .
:banks skos:prefLabel "banks"@en . :funds skos:prefLabel "funds"@en . ofo:some skos:prefLabel "some of it"@en .
"""


def test_the_verdict_counts_sources_by_office():
    verdict = model(PLACEMENTS).verdict
    assert (verdict.agreed, verdict.most, verdict.total) == (True, 2, 3)
    assert [(share.office.style, share.count) for share in verdict.shares] == [("middle", 1), ("back", 2)]
    assert sum(share.width for share in verdict.shares) == pytest.approx(100, abs=0.05)
    assert "2 of 3 sources place it in:" in text_of(tree_of(html_of(PLACEMENTS)))


def test_sources_that_disagree_are_not_averaged():
    text = PLACEMENTS.replace(
        ":p2 a ofo:Placement ; ofo:function :settling ; ofo:office concept:back-office", ":p2 a ofo:X"
    )
    verdict = model(text).verdict
    assert (verdict.agreed, verdict.total) == (False, 2)
    assert "Sources disagree" in html_of(text)


def test_placements_are_rows_with_source_segment_and_reservation():
    block = next(block for block in model(PLACEMENTS).blocks if block.id == "page-placements")
    rows = [(r.segment.text.value, r.office.link.text.value, r.sources[0].link.text.value) for r in block.rows]
    assert rows == [
        ("banks", "back office", "Manual"),
        ("funds", "middle office", "Blog"),
        ("funds", "back office", "Glossary"),
    ]
    assert [remark.text.value for remark in block.rows[1].remarks] == ["some of it"]
    assert [(u.contested, u.votes) for u in block.usual] == [(True, "2 : 1")]
    assert block.columns == {"segment", "source", "remarks"}


def test_placements_of_a_source_name_the_function():
    block = next(b for b in model(PLACEMENTS, iri=f"{BASE}s3").blocks if b.id == "page-placements")
    assert [row.function.text.value for row in block.rows] == ["settling"]
    assert "source" not in block.columns


def test_the_reliability_of_a_source_is_looked_up():
    def statements(iri):
        return [Triple(NamedNode(iri), OFO.reliability, OFO.high)] if iri.endswith("s1") else []

    block = next(b for b in model(PLACEMENTS, statements=statements).blocks if b.id == "page-placements")
    assert [r.sources[0].reliability.iri for r in block.rows if r.sources[0].reliability] == [OFO.high.value]


def test_blank_nodes_and_components_are_shown_in_place():
    html = html_of(':settling :part [ :size "7" ; :inner [ :depth "9" ] ] . ')
    assert html.count('class="node"') == 2
    assert ">9<" in html


def test_blank_nodes_in_a_circle_end():
    assert "page-further" in html_of(":settling :part _:a . _:a :next _:b . _:b :next _:a .")


def test_triple_terms_are_shown():
    assert "⟪" in html_of(":settling :says <<( :a :b :c )>> .")


def test_terms_of_a_hash_document_have_anchors():
    text = (
        ':onto a owl:Ontology ; dcterms:title "Onto"@en . <https://example.org/v/onto#Thing> a owl:Class ;'
        ' rdfs:label "thing"@en ; rdfs:comment "What is."@en .'
    )
    html = html_of(text, iri=f"{BASE}onto")
    assert [e.get("id") for e in elements(html, "div") if e.get("class") == "term"] == ["Thing"]
    assert "What is." in html


def test_a_lexical_entry_shows_its_senses_in_order():
    senses = "".join(
        f':settling ontolex:sense :sense-{n} . :sense-{n} skos:definition "meaning {n}"@en . ' for n in (10, 2, 1)
    )
    text = f'{senses} :settling ontolex:canonicalForm :form . :form ontolex:writtenRep "settling"@en .'
    block = next(block for block in model(text).blocks if block.id == "page-lexicon")
    assert [sense.definition.value for sense in block.senses] == ["meaning 1", "meaning 2", "meaning 10"]
    tree_of(html_of(text))


def test_a_dataset_shows_its_figures():
    iri = f"{BASE}dataset"
    dataset = NamedNode(iri)
    void = "http://rdfs.org/ns/void#"
    statements = [
        Triple(dataset, RDF.type, NamedNode(f"{void}Dataset")),
        Triple(dataset, NamedNode(f"{void}triples"), Literal(12345)),
    ]
    html = render_description(make_site(), iri, statements, (), ("en",), title="About the data")
    assert "12,345" in html
    assert [text_of(h) for h in elements(html, "h1")] == ["About the data"]


HOSTILE = [
    "<script>alert(1)</script>",
    "</script><script>alert(1)</script>",
    "<!--<script>",
    '" onmouseover="alert(1)',
    "' onfocus='alert(1)' autofocus='",
    "{{ 7 * 7 }}{% raw %}",
    "&lt;b&gt;&amp;",
    "\u202etxet desrever\u2066",
    "javascript:alert(1)",
    "]]>-->",
    "a\u0000b\u0008c\ufffe\U0001ffffd",
    "\u2028\u2029",
    "\U0001d4b3" * 10_000,
    "x" * 10_000,
    "",
    "   ",
]


def hostile_triples(text):
    main = NamedNode(f"{BASE}settling")
    properties = (SKOS.prefLabel, SKOS.altLabel, SKOS.definition, SKOS.notation, SKOS.scopeNote, DCTERMS.creator)
    language = {SKOS.prefLabel: "en", SKOS.definition: "en"}
    yield Triple(main, RDF.type, SKOS.Concept)
    for predicate in properties:
        tag = language.get(predicate)
        yield Triple(main, predicate, Literal(text, language=tag) if tag else Literal(text))
    for predicate in (SKOS.broader, SKOS.inScheme, SKOS.exactMatch):
        yield Triple(main, predicate, NamedNode(f"{BASE}other"))
    yield Triple(NamedNode(f"{BASE}other"), SKOS.prefLabel, Literal(text, language="en"))


def assert_harmless(html):
    tree = tree_of(html)
    names = {element.tag.split("}")[-1] for element in tree.iter() if isinstance(element.tag, str)}
    assert names <= {
        "html", "head", "meta", "title", "link", "script", "body", "a", "header", "div", "svg", "rect", "span", "nav",
        "ul", "li", "ol", "button", "use", "main", "p", "h1", "h2", "h3", "code", "section", "dl", "dt", "dd", "table",
        "caption", "thead", "tbody", "tr", "th", "td", "pre", "cite", "aside", "footer", "details", "summary", "strong",
        "br", "b", "q", "bdi", "form", "label", "input", "kbd", "template",
        "figure", "figcaption", "g", "path", "text",
    }  # fmt: skip
    for element in tree.iter():
        if not isinstance(element.tag, str):
            continue
        for name, value in element.attrib.items():
            assert not str(name).startswith("on")
            assert name != "style"
            if name in {"href", "src", "action"}:
                assert re.match(r"/(?!/)|\?lang=|https?://|mailto:|#", value), value
        if element.tag.endswith("}script"):
            assert element.get("src") or element.get("type") == "application/ld+json"
            if element.get("type"):
                json.loads(element.text)


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: repr(text[:20]))
def test_hostile_labels_stay_text(text):
    statements = list(hostile_triples(text))
    assert_harmless(render_resource(make_site(name=text or "x"), f"{BASE}settling", statements, RDF_FORMATS, ("en",)))


@given(st.text(max_size=40))
@settings(max_examples=25, deadline=None)
def test_any_label_stays_text(text):
    statements = list(hostile_triples(text))
    assert_harmless(render_resource(make_site(), f"{BASE}settling", statements, RDF_FORMATS, ("en",)))


@pytest.mark.parametrize(
    "iri",
    ["javascript:alert(1)", "data:text/html,<p>", "JaVaScRiPt:alert(1)", "vbscript:x", "file:///etc/passwd", "urn:x:y"],
)
def test_only_web_addresses_become_links(iri):
    if "<" in iri:
        iri = iri.replace("<", "%3C").replace(">", "%3E")
    statements = [Triple(NamedNode(f"{BASE}settling"), SKOS.exactMatch, NamedNode(iri))]
    html = render_resource(make_site(), f"{BASE}settling", statements, (), ("en",))
    assert_harmless(html)
    assert iri in html


@pytest.mark.parametrize(
    ("path", "expected"), [("/a", "/a"), ("//evil.example/x", "/.//evil.example/x"), ("/a//b", "/a//b")]
)
def test_a_path_never_names_another_host(path, expected):
    assert safe_path(path) == expected


def test_pages_have_no_inline_style_or_script_and_load_nothing_from_elsewhere():
    html = html_of(CONCEPT)
    assert "style=" not in html
    assert "<style" not in html
    for element in (*elements(html, "script"), *elements(html, "link"), *elements(html, "use")):
        target = element.get("src") or element.get("href") or ""
        if element.get("rel") not in {"canonical", "license"}:
            assert not target.startswith("http")


def test_identifiers_are_unique_and_fragments_lead_somewhere():
    html = html_of(PLACEMENTS + CONCEPT)
    found = re.findall(r'\sid="([^"]+)"', html)
    assert len(found) == len(set(found))
    targets = set(re.findall(r'href="#([^"]+)"', html))
    assert targets <= set(found)


def test_a_long_list_is_folded_and_bounded():
    many = " ".join(f":n{n} :uses :settling ." for n in range(300))
    block = next(block for block in model(many).blocks if block.id == "page-incoming")
    assert (len(block.rows[0].values), block.rows[0].total) == (60, 300)
    assert "240 more" in text_of(tree_of(html_of(many)))


def test_what_sources_claim_is_told_in_their_record_and_linked_to_the_source():
    text = """
:claim a ofo:Claim ; rdfs:label "It earns nothing itself."@en ; ofo:about :settling ; ofo:aspect :revenue ;
    <http://www.w3.org/1999/02/22-rdf-syntax-ns#value> false ; prov:hadPrimarySource :s1 .
:revenue skos:prefLabel "revenue"@en . :s1 skos:prefLabel "Manual"@en .
"""
    block = next(block for block in model(text).blocks if block.id == "page-claims")
    assert [(row.aspects[0].text.value, row.answers[0].value) for row in block.rows] == [("revenue", "false")]
    html = html_of(text)
    tree_of(html)
    assert all(words in html for words in ("It earns nothing itself.", "Manual", "revenue"))


def test_partitions_of_a_dataset_are_one_table_and_not_repeated():
    text = """
@prefix void: <http://rdfs.org/ns/void#> .
:dataset a void:Dataset ; void:classPartition [ void:class skos:Concept ; void:entities 3 ] ,
    [ void:class skos:Collection ; void:entities 12 ] .
"""
    page = model(text, iri=f"{BASE}dataset")
    block = next(block for block in page.blocks if block.id == "page-classes")
    assert [(row[0].iri, row[1].value) for row in block.rows] == [
        (SKOS.Collection.value, "12"),
        (SKOS.Concept.value, "3"),
    ]
    assert [block.id for block in page.blocks] == ["page-classes"]
