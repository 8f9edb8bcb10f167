"""What is written is laid out for readers, and is what each format's specification asks for."""

import csv as csv_module
import io
import json
from xml.parsers import expat

import pytest
from hypothesis import given, settings
from pyoxigraph import BaseDirection, BlankNode, Literal, NamedNode, RdfFormat, Triple, parse, serialize

from officegraph.model.namespaces import DCTERMS, OWL, RDF, SKOS, XSD
from officegraph.model.namespaces import PREFIXES as KNOWN
from officegraph.vocabulary.write import (
    NotRepresentableError,
    context,
    csv,
    json_ld,
    n_quads,
    n_triples,
    rdf_xml,
    trig,
    turtle,
)
from officegraph.vocabulary.write.json_ld_context import TERMS
from officegraph.vocabulary.write.prefixes import Names
from officegraph.vocabulary.write.terms import lexical_form, natural, triple_term
from rdf_strategies import PREFIXES, graphs, simple_graphs

TURTLE = """\
@prefix ex: <http://example.org/> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .

ex:z a skos:ConceptScheme ;
    skos:prefLabel "Scheme"@en .

ex:c9 a skos:Concept ;
    skos:prefLabel "Neun"@de,
        "Nine"@en ;
    skos:definition \"\"\"First "line",
second line\\"\"\"\"@en ;
    skos:broader ex:c10 ;
    ex:number 9 ;
    ex:price 1.50 ;
    ex:since "2024-01-01"^^xsd:date ;
    ex:true true .

ex:c10 a skos:Concept ;
    skos:changeNote [
            skos:prefLabel "inner" ;
            ex:list ( ex:c9 "b" )
        ],
        [] ;
    skos:related _:b2 ;
    ex:empty () .

_:b2 skos:related ex:c9,
        _:b2 .

[] ex:p ex:c9 .
"""


def read(text, form=RdfFormat.TURTLE):
    return [quad.triple for quad in parse(text, format=form)]


def test_turtle_is_grouped_ordered_and_nested():
    triples = read(TURTLE)
    labels = {}
    for triple in triples:
        for node in (triple.subject, triple.object):
            if isinstance(node, BlankNode):
                labels.setdefault(node, BlankNode("b2" if node.value == "b2" else f"c{len(labels)}"))
    triples = [
        Triple(labels.get(triple.subject, triple.subject), triple.predicate, labels.get(triple.object, triple.object))
        for triple in triples
    ]
    assert turtle(triples, {**KNOWN, "ex": "http://example.org/", "unused": "http://unused.example/"}, {}) == TURTLE


def test_the_resource_of_the_document_comes_first():
    about = NamedNode("http://example.org/c10")
    for text in (
        turtle(read(TURTLE), PREFIXES, {}, about=about).split("\n\n", 1)[1],
        json_ld(read(TURTLE), {}, PREFIXES, {}, about=about).split('"@graph":')[1],
        rdf_xml(read(TURTLE), PREFIXES, {}, about=about).split("rdf:about=", 1)[1],
        csv(read(TURTLE), {}, about=about).split("\r\n", 1)[1],
    ):
        assert 0 <= text.find("c10") < 60


def test_rings_and_chains_of_blank_nodes_are_written_whole():
    p = NamedNode("http://example.org/p")
    ring = [Triple(BlankNode(f"b{n}"), p, BlankNode(f"b{(n + 1) % 3}")) for n in range(3)]
    assert turtle(ring, PREFIXES, {}).endswith(
        "\n\n_:b0 ex:p [\n        ex:p [\n            ex:p _:b0\n        ]\n    ] .\n"
    )
    chain = [Triple(BlankNode(f"b{n}"), p, BlankNode(f"b{n + 1}")) for n in range(3000)]
    for text, form in (
        (turtle(chain, PREFIXES, {}), RdfFormat.TURTLE),
        (json_ld(chain, {}, PREFIXES, {}), RdfFormat.JSON_LD),
        (rdf_xml(chain, PREFIXES, {}), RdfFormat.RDF_XML),
    ):
        assert len(read(text, form)) == 3000


def test_a_list_of_any_length_is_written_as_one():
    cells = [BlankNode(f"b{n}") for n in range(3000)]
    triples = [Triple(NamedNode("http://example.org/a"), NamedNode("http://example.org/p"), cells[0])]
    for number, cell in enumerate(cells):
        triples.append(Triple(cell, RDF.first, Literal(str(number))))
        triples.append(Triple(cell, RDF.rest, cells[number + 1] if number + 1 < len(cells) else RDF.nil))
    text = turtle(triples, PREFIXES, {})
    assert "_:" not in text
    assert len(read(text)) == len(triples)
    assert len(json.loads(json_ld(triples, {}, {}, {}))["http://example.org/p"]["@list"]) == 3000


@pytest.mark.parametrize(
    ("lexical", "datatype", "written"),
    [
        ("5", "integer", "5"), ("-5", "integer", "-5"), ("0", "integer", "0"),
        ("007", "integer", None), ("+5", "integer", None),
        ("-0", "integer", None), ("1.50", "decimal", "1.50"), ("5", "decimal", None), ("5.", "decimal", None),
        (".5", "decimal", None), ("true", "boolean", "true"), ("1", "boolean", None),
        ("1.0E0", "double", None), ("5", "int", None),
    ],
)  # fmt: skip
def test_turtle_leaves_quotation_marks_out_only_where_the_literal_stays_the_same(lexical, datatype, written):
    triple = Triple(
        NamedNode("http://example.org/a"), NamedNode("http://example.org/p"), Literal(lexical, datatype=XSD[datatype])
    )
    text = turtle([triple], PREFIXES, {})
    quoted = f'"{lexical}"^^xsd:{datatype}'
    assert f"ex:p {written or quoted} .\n" in text
    assert read(text) == [triple]


@pytest.mark.parametrize(
    ("iri", "short"),
    [
        ("http://example.org/a.b-c_1", "ex:a.b-c_1"), ("http://example.org/", "ex:"), ("http://example.org/a/b", None),
        ("http://example.org/a.", None), ("http://example.org/-a", None), ("http://example.org/(a)", None),
        ("http://example.org/%20", "ex:%20"), ("http://example.org/1", "ex:1"), ("http://example.org/voc#A", "voc:A"),
        ("http://example.org/größe", "ex:größe"), ("http://empty.example/a", ":a"), ("http://nowhere.example/a", None),
    ],
)  # fmt: skip
def test_iris_are_shortened_where_that_needs_no_escape(iri, short):
    found = Names(PREFIXES).split(f"<{iri}>")
    assert (found and ":".join(found)) == short


def test_of_several_prefixes_for_one_namespace_the_shortest_is_used_and_bad_ones_never():
    names = Names(
        {
            "long": "http://a/",
            "b": "http://a/",
            "a": "http://a/",
            "1x": "http://b/",
            "x.": "http://c/",
            "_": "http://d/",
        }
    )
    assert names.namespaces == {"http://a/": "a"}


def test_trig_has_the_default_graph_first_and_then_graphs_by_name():
    triple = Triple(NamedNode("http://example.org/a"), RDF.type, NamedNode("http://example.org/B"))
    names = [NamedNode("http://example.org/g10"), NamedNode("http://example.org/g9"), BlankNode("b1")]
    assert trig([triple], {names[0]: [triple], names[1]: [], names[2]: [triple]}, PREFIXES, {}) == (
        "@prefix ex: <http://example.org/> .\n\nex:a a ex:B .\n\nex:g9 {\n}\n\nex:g10 {\n    ex:a a ex:B .\n}\n\n"
        "_:b1 {\n    ex:a a ex:B .\n}\n"
    )


@settings(deadline=None)
@given(graphs)
def test_n_triples_are_canonical_lines_in_code_point_order(triples):
    text = n_triples(triples, {})
    lines = text.split("\n")
    assert lines.pop() == ""
    assert lines == sorted(set(lines))
    assert set(lines) == set((serialize(triples, format=RdfFormat.N_TRIPLES) or b"").decode().split("\n")) - {""}


def test_n_quads_are_ordered_across_graphs():
    a, g = NamedNode("http://e/a"), NamedNode("http://e/g")
    text = n_quads(
        [Triple(a, a, Literal("b"))], {g: [Triple(a, a, Literal("a", language="en-gb"))]}, {"en-gb": "en-GB"}
    )
    assert text == '<http://e/a> <http://e/a> "a"@en-GB <http://e/g> .\n<http://e/a> <http://e/a> "b" .\n'


def test_json_ld_reads_as_plain_json():
    c = NamedNode("http://example.org/c")
    triples = [
        Triple(c, RDF.type, SKOS.Concept),
        Triple(c, SKOS.prefLabel, Literal("Settlement", language="en")),
        Triple(c, SKOS.altLabel, Literal("A", language="en")),
        Triple(c, SKOS.altLabel, Literal("B", language="en")),
        Triple(c, SKOS.altLabel, Literal("C", language="de-CH")),
        Triple(c, SKOS.altLabel, Literal("D")),
        Triple(c, SKOS.broader, NamedNode("http://example.org/b")),
        Triple(c, SKOS.notation, Literal("01")),
        Triple(c, DCTERMS.modified, Literal("2024-01-01", datatype=XSD.date)),
        Triple(c, DCTERMS.modified, Literal("2024", datatype=XSD.gYear)),
        Triple(c, NamedNode("http://example.org/n"), Literal("1.50", datatype=XSD.decimal)),
    ]
    skos = "http://www.w3.org/2004/02/skos/core#"
    assert json.loads(json_ld(triples, {}, {**KNOWN, "ex": "http://example.org/"}, {"de-ch": "de-CH"})) == {
        "@context": {
            "altLabel": {"@id": f"{skos}altLabel", "@container": "@language"},
            "broader": {"@id": f"{skos}broader", "@type": "@id"},
            "ex": "http://example.org/",
            "modified": {"@id": DCTERMS.modified.value, "@type": XSD.date.value},
            "notation": f"{skos}notation",
            "prefLabel": {"@id": f"{skos}prefLabel", "@container": "@language"},
            "skos": skos,
            "xsd": XSD.iri,
        },
        "@id": c.value,
        "@type": "skos:Concept",
        "prefLabel": {"en": "Settlement"},
        "altLabel": {"de-CH": "C", "en": ["A", "B"]},
        "skos:altLabel": "D",
        "notation": "01",
        "broader": "http://example.org/b",
        "modified": ["2024-01-01", {"@type": "xsd:gYear", "@value": "2024"}],
        "ex:n": {"@type": "xsd:decimal", "@value": "1.50"},
    }


def test_json_ld_of_several_resources_is_a_graph_and_of_graphs_has_their_names():
    a, b, g = (NamedNode(f"http://e/{name}") for name in "abg")
    document = json.loads(json_ld([Triple(a, a, b), Triple(b, a, a)], {g: [Triple(a, a, b)]}, {}, {}))
    assert [node["@id"] for node in document["@graph"]] == [a.value, b.value, g.value]
    assert document["@graph"][2]["@graph"] == [{"@id": a.value, a.value: {"@id": b.value}}]


def test_json_ld_gives_up_a_short_name_that_is_the_scheme_of_an_iri():
    urn = NamedNode("urn:x:1")
    triples = [Triple(urn, NamedNode("http://urn.example/p"), NamedNode("broader:x")), Triple(urn, SKOS.broader, urn)]
    text = json_ld(triples, {}, {"urn": "http://urn.example/", "skos": SKOS.iri}, {})
    assert set(read(text, RdfFormat.JSON_LD)) == set(triples)
    assert json.loads(text)["@context"] == {"skos": SKOS.iri}


def test_the_whole_context_defines_each_name_once_and_leaves_prefixes_alone():
    whole = context({**KNOWN, "member": "http://example.org/member/", "x": "http://example.org/x", "": "http://e/"})[
        "@context"
    ]
    assert whole["skos"] == SKOS.iri
    assert whole["member"] == "http://example.org/member/"
    assert not {"x", ""} & set(whole)
    names = [term.name for term in TERMS.values()]
    assert len(set(names)) == len(names)
    assert set(names) <= set(whole)
    assert not set(names) & set(KNOWN)
    assert (
        len(read(json.dumps({"@context": whole, "@id": "http://e/a", "prefLabel": {"en": "x"}}), RdfFormat.JSON_LD))
        == 1
    )


@settings(deadline=None)
@given(simple_graphs)
def test_rdf_xml_is_well_formed_or_refused(triples):
    try:
        text = rdf_xml(triples, PREFIXES, {})
    except NotRepresentableError:
        return
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.Parse(text.encode(), True)


@pytest.mark.parametrize(
    "triple",
    [
        Triple(NamedNode("http://e/a"), NamedNode("http://e/1"), NamedNode("http://e/a")),
        Triple(NamedNode("http://e/a"), NamedNode("http://e/"), NamedNode("http://e/a")),
        Triple(NamedNode("http://e/a"), RDF.li, NamedNode("http://e/a")),
        Triple(NamedNode("http://e/a"), RDF.Description, NamedNode("http://e/a")),
        Triple(NamedNode("http://e/a"), NamedNode("http://www.w3.org/2000/xmlns/a"), Literal("x")),
        Triple(NamedNode("http://e/a"), NamedNode("http://e/p"), Literal("\x00")),
        Triple(NamedNode("http://e/a"), NamedNode("http://e/p"), Literal("\x0b")),
        Triple(NamedNode("http://e/a"), NamedNode("http://e/p"), Literal("\uffff")),
        Triple(
            NamedNode("http://e/a"), NamedNode("http://e/p"), Literal("x", language="ar", direction=BaseDirection.RTL)
        ),
        Triple(NamedNode("http://e/a"), NamedNode("http://e/p"), Triple(RDF.li, RDF.li, RDF.li)),
    ],
    ids=lambda triple: str(triple.predicate),
)
def test_rdf_xml_refuses_what_it_cannot_hold(triple):
    with pytest.raises(NotRepresentableError):
        rdf_xml([triple], PREFIXES, {})


def test_json_ld_refuses_triple_terms():
    with pytest.raises(NotRepresentableError):
        json_ld([Triple(RDF.li, RDF.li, Triple(RDF.li, RDF.li, RDF.li))], {}, {}, {})


def test_rdf_xml_names_elements_after_types_and_invents_prefixes_only_where_it_must():
    a, b = NamedNode("http://e/a"), BlankNode("1")
    triples = [
        Triple(a, RDF.type, SKOS.Concept),
        Triple(a, NamedNode("http://ns1.example/p&q=x"), b),
        Triple(b, RDF.type, OWL.Class),
    ]
    text = rdf_xml(triples, {"skos": SKOS.iri, "ns1": "http://taken.example/", "xmlish": OWL.iri}, {})
    assert '<skos:Concept rdf:about="http://e/a">' in text
    assert 'xmlns:ns2="http://ns1.example/p&amp;q="' in text
    assert '<ns2:x rdf:nodeID="renamed1"/>' in text
    assert '<ns3:Class rdf:nodeID="renamed1"/>' in text
    assert len(read(text, RdfFormat.RDF_XML)) == 3


def rows(triples, **tags):
    return list(csv_module.DictReader(io.StringIO(csv(triples, tags), newline="")))


def test_csv_has_one_row_a_statement_with_all_there_is_to_know():
    a = NamedNode("http://e/a")
    triples = [
        Triple(a, a, a),
        Triple(a, a, Literal("x", language="en")),
        Triple(a, a, Literal("x", language="ar", direction=BaseDirection.RTL)),
        Triple(a, a, Literal("1", datatype=XSD.integer)),
        Triple(a, a, Literal('a "b",\r\nc')),
        Triple(BlankNode("b1"), a, Triple(a, a, a)),
    ]
    text = csv(triples, {})
    assert text.startswith("subject,predicate,object,datatype,language\r\n")
    assert [tuple(row.values())[2:] for row in rows(triples)] == [
        ("http://e/a", "", ""),
        ('a "b",\r\nc', XSD.string.value, ""),
        ("1", XSD.integer.value, ""),
        ("x", f"{RDF.iri}dirLangString", "ar--rtl"),
        ("x", f"{RDF.iri}langString", "en"),
        ("<<( <http://e/a> <http://e/a> <http://e/a> )>>", "", ""),
    ]
    assert rows(triples)[-1]["subject"] == "_:b1"


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ("=1+1", "'=1+1"), ("+x", "'+x"), ("-x", "'-x"), ("@x", "'@x"), ("\tx", "'\tx"), ("\rx", "'\rx"),
        ("'x", "''x"),
        ("-5", "-5"), ("+5.0e1", "+5.0e1"), ("-.5", "-.5"), ("-", "'-"), ("-5-5", "'-5-5"),
        ("x=", "x="), (" =x", " =x"),
    ],
)  # fmt: skip
def test_csv_disarms_cells_that_a_spreadsheet_would_compute(text, cell):
    (row,) = rows([Triple(NamedNode("http://e/a"), NamedNode("http://e/p"), Literal(text))])
    assert row["object"] == cell
    assert cell.removeprefix("'") == text


def test_csv_gives_back_every_text():
    texts = ["", " ", '"', '""', ",", "\n", "\r", "a\r\nb", "é😀", "\x00", "''"]
    p = NamedNode("http://e/p")
    triples = [Triple(NamedNode(f"http://e/{number:03}"), p, Literal(text)) for number, text in enumerate(texts)]
    found = [row[2] for row in csv_module.reader(io.StringIO(csv(triples, {}), newline=""))][1:]
    assert [text.removeprefix("'") if text.startswith("'") else text for text in found] == texts


def test_terms_of_a_triple_term_are_told_apart_whatever_they_hold():
    inner = Triple(NamedNode("http://e/a"), NamedNode("http://e/b"), Literal('<<( " \\ )>> _:x', language="en"))
    outer = Triple(BlankNode("x"), NamedNode("http://e/b"), inner)
    text = n_triples([Triple(RDF.li, RDF.li, outer)], {})[:-3].split(" ", 2)[2]
    subject, predicate, value = triple_term(text)
    assert (subject, predicate) == ("_:x", "<http://e/b>")
    assert lexical_form(triple_term(value).object.removesuffix("@en")) == inner.object.value


def test_numbers_within_texts_order_by_value():
    texts = ["b1", "b2", "b10", "b010", "b", "a10", f"b{'9' * 5000}"]
    assert sorted(texts, key=natural) == ["a10", "b", "b1", "b2", "b010", "b10", f"b{'9' * 5000}"]
