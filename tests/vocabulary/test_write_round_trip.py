"""Whatever is written is read back as it was, by pyoxigraph, rdflib and PyLD."""

import contextlib
import json
import random
import re
import subprocess
import sys

import pytest
import rdflib
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from pyld import jsonld
from pyoxigraph import (
    CanonicalizationAlgorithm,
    DefaultGraph,
    Literal,
    NamedNode,
    Quad,
    RdfFormat,
    Triple,
    parse,
)
from pyoxigraph import (
    Dataset as Quads,
)

from officegraph.model.dataset import Dataset
from officegraph.model.formats import (
    CSV,
    HTML,
    JSON_LD,
    N_QUADS,
    N_TRIPLES,
    PYOXIGRAPH_RDF,
    RDF_FORMATS,
    RDF_XML,
    TRIG,
    TURTLE,
)
from officegraph.vocabulary.write import NotRepresentableError, write
from rdf_strategies import PREFIXES, XSD, graphs, list_graphs, simple_graphs

SLOW = settings(deadline=None, max_examples=150, suppress_health_check=list(HealthCheck))


def _quads(triples, name=None):
    return [Quad(*triple, name or DefaultGraph()) for triple in triples]


def _canonical(quads):
    dataset = Quads(quads)
    dataset.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    return set(dataset)


def _same(written, form, quads):
    read = list(parse(written, format=PYOXIGRAPH_RDF[form.extension]))
    try:
        return _canonical(read) == _canonical(quads)
    except ValueError:  # Canonicalization has no triple terms; labels are then kept, so compare with them.
        return set(read) == set(quads)


def _plain(graph):
    """What rdflib has, as canonical triples: names of blank nodes apart, lexical forms as they are."""
    return _canonical(parse(graph.serialize(format="nt", encoding="utf-8"), format=RdfFormat.N_TRIPLES))


@SLOW
@given(st.one_of(simple_graphs, list_graphs()))
def test_every_format_gives_back_a_graph_of_rdf_1_1(triples):
    for form in RDF_FORMATS:
        with contextlib.suppress(NotRepresentableError):
            assert _same(write(form, triples, prefixes=PREFIXES), form, _quads(triples)), form.name


@SLOW
@given(graphs)
def test_formats_of_rdf_1_2_give_back_triple_terms_and_directions(triples):
    for form in (TURTLE, TRIG, N_TRIPLES, N_QUADS):
        written = write(form, triples, prefixes=PREFIXES)
        read = {quad.triple for quad in parse(written, format=PYOXIGRAPH_RDF[form.extension])}
        assert len(read) == len(set(triples))
        if "_:" not in written.decode() and "[" not in written.decode():
            assert read == set(triples)


@SLOW
@given(simple_graphs, simple_graphs, list_graphs())
def test_formats_of_quads_give_back_each_graph_with_the_blank_nodes_they_share(default, first, second):
    names = [NamedNode("http://example.org/g10"), NamedNode("http://example.org/g9")]
    dataset = Dataset(default=default, graphs=dict(zip(names, (first, second), strict=True)), prefixes=PREFIXES)
    quads = _quads(default) + _quads(first, names[0]) + _quads(second, names[1])
    for form in (TRIG, N_QUADS, JSON_LD):
        assert _same(write(form, dataset), form, quads), form.name


@SLOW
@given(st.one_of(simple_graphs, list_graphs()))
def test_the_order_of_triples_makes_no_difference(triples):
    other = [*triples, *triples]
    random.Random(1).shuffle(other)
    for form in (*RDF_FORMATS, CSV):
        with contextlib.suppress(NotRepresentableError):
            assert write(form, triples, prefixes=PREFIXES) == write(form, other, prefixes=PREFIXES)


RDFLIB = {TURTLE: "turtle", N_TRIPLES: "nt", RDF_XML: "xml", JSON_LD: "json-ld", TRIG: "trig", N_QUADS: "nquads"}


def _read_by_rdflib(written, form):
    graph = rdflib.Graph() if form not in (TRIG, N_QUADS) else rdflib.Dataset()
    graph.parse(data=written.decode(), format=RDFLIB[form])
    return graph


@pytest.fixture(autouse=True)
def rdflib_keeps_lexical_forms(monkeypatch):
    monkeypatch.setattr(rdflib, "NORMALIZE_LITERALS", False)
    monkeypatch.setattr(rdflib.term, "_toPythonMapping", dict.fromkeys(rdflib.term._toPythonMapping))


NEAT = "http://example.org/"
TRICKY = [
    Triple(NamedNode(f"{NEAT}a"), NamedNode(f"{NEAT}p"), Literal(text))
    for text in (
        '"',
        '"""',
        '\n"',
        'a"""b\n',
        "\\n",
        "\\\n",
        "a\\",
        "\r\n",
        "  ",
        "\t",
        "",
        "é😀",
        "]]>&lt;",
        "'''",
        "\x7f",
    )
] + [
    Triple(NamedNode(f"{NEAT}voc#{local}"), NamedNode(f"{NEAT}p-{number}"), NamedNode(NEAT + local))
    for number, local in enumerate(
        ("a.b", "a.", "-a", "1", "1a", "a:b", "a/b", "%20x", "(a)", "é", "日本", "a,b", "", "_", "true", "a~", "a'b")
    )
]


@pytest.mark.parametrize("form", RDFLIB, ids=lambda form: form.extension)
def test_rdflib_reads_what_is_written(form):
    written = write(form, TRICKY, prefixes=PREFIXES)
    read = set(_read_by_rdflib(written, form)) if form not in (TRIG, N_QUADS) else {
        quad[:3] for quad in _read_by_rdflib(written, form).quads()
    }  # fmt: skip
    expected = set()
    for subject, predicate, value in TRICKY:
        term = rdflib.Literal(value.value) if isinstance(value, Literal) else rdflib.URIRef(value.value)
        expected.add((rdflib.URIRef(subject.value), rdflib.URIRef(predicate.value), term))
    assert read == expected


EVERY_TYPE = [
    ("integer", "007"), ("integer", "+5"), ("integer", "-0"), ("decimal", "1.50"), ("decimal", "+1."),
    ("decimal", ".5"), ("decimal", "1"), ("double", "1.0E0"), ("double", "1e+00"), ("double", "1"),
    ("double", "NaN"), ("float", "1.10"), ("boolean", "1"), ("boolean", "0"), ("boolean", "true"),
    ("boolean", "TRUE"), ("string", " x "), ("int", "01"), ("long", "01"), ("short", "01"), ("byte", "01"),
    ("unsignedInt", "01"), ("unsignedLong", "01"), ("unsignedShort", "01"), ("unsignedByte", "01"),
    ("nonNegativeInteger", "+01"), ("positiveInteger", "+01"), ("nonPositiveInteger", "-01"),
    ("negativeInteger", "-01"), ("dateTime", "2018-08-27T18:55:49.000+00:00"),
    ("dateTimeStamp", "2018-08-27T24:00:00Z"), ("date", "2020-01-01+00:00"), ("time", "12:00:00.0"),
    ("duration", "PT60S"), ("dayTimeDuration", "P0DT60S"), ("yearMonthDuration", "P12M"), ("gYear", "2020Z"),
    ("gYearMonth", "2020-01Z"), ("gMonth", "--01Z"), ("gMonthDay", "--01-01Z"), ("gDay", "---01Z"),
    ("hexBinary", "aF"), ("base64Binary", "YQ= ="), ("anyURI", " http://a "), ("language", "EN"),
    ("normalizedString", " a "), ("token", " a "), ("Name", " a "), ("NCName", " a "), ("NMTOKEN", " a "),
    ("QName", " a:b "), ("integer", "no number"), ("date", "no date"),
]  # fmt: skip


@pytest.mark.parametrize("form", RDF_FORMATS, ids=lambda form: form.extension)
def test_every_xsd_type_keeps_forms_that_are_not_canonical(form):
    triples = [
        Triple(
            NamedNode(f"{NEAT}s"),
            NamedNode(f"{NEAT}p{number}"),
            Literal(text, datatype=NamedNode(f"http://www.w3.org/2001/XMLSchema#{name}")),
        )
        for number, (name, text) in enumerate(EVERY_TYPE)
    ]
    written = write(form, triples, prefixes=PREFIXES)
    assert {quad.triple for quad in parse(written, format=PYOXIGRAPH_RDF[form.extension])} == set(triples)
    graph = _read_by_rdflib(written, form)
    found = {str(value) for *_, value in graph} if form is not TRIG and form is not N_QUADS else {
        str(quad[2]) for quad in graph.quads()
    }  # fmt: skip
    # rdflib collapses the blanks of these two types whatever it is told.
    collapsed = {text.strip() for name, text in EVERY_TYPE if name in ("token", "normalizedString")}
    assert found - collapsed == {text for _, text in EVERY_TYPE} - collapsed


@SLOW
@given(st.one_of(simple_graphs, list_graphs()))
def test_pyld_expands_to_the_same_graph(triples):
    def refuse(url, options):
        raise AssertionError(url)

    # PyLD takes IRIs with a no-break space or the like for malformed, and makes numbers of the texts of doubles.
    iris = re.findall("<[^<>]*>", write(N_TRIPLES, triples).decode())
    assume(not any(re.search(r"\s", iri) for iri in iris))
    assume(f"<{XSD}double>" not in iris)
    written = json.loads(write(JSON_LD, triples, prefixes=PREFIXES))
    quads = jsonld.to_rdf(written, {"format": "application/n-quads", "documentLoader": refuse})
    assert _canonical(parse(quads, format=RdfFormat.N_QUADS)) == _canonical(_quads(triples))


@pytest.mark.parametrize("form", [*RDF_FORMATS, CSV], ids=lambda form: form.extension)
def test_language_tags_are_written_as_in_the_sources(form):
    subject, label = NamedNode(f"{NEAT}s"), NamedNode("http://www.w3.org/2004/02/skos/core#prefLabel")
    triples = [
        Triple(subject, label, Literal('say "x"@en-gb .', language="en-GB")),
        Triple(subject, NamedNode(f"{NEAT}p"), Literal("x", language="zh-Hant")),
    ]
    written = write(form, triples, prefixes=PREFIXES, language_tags={"en-gb": "en-GB", "zh-hant": "zh-Hant"}).decode()
    assert "en-GB" in written
    assert "zh-Hant" in written
    assert written.count("en-gb") == 1


def test_language_tags_within_triple_terms_are_written_as_in_the_sources():
    inner = Triple(NamedNode("http://a"), NamedNode("http://b"), Literal('"x"@en-gb', language="en-gb"))
    triples = [Triple(NamedNode("http://a"), NamedNode("http://b"), inner)]
    for form in (TURTLE, N_TRIPLES):
        assert '"\\"x\\"@en-gb"@en-GB )>>' in write(form, triples, language_tags={"en-gb": "en-GB"}).decode()


SCRIPT = """
import sys
from pyoxigraph import *
from officegraph.model.dataset import Dataset
from officegraph.model.formats import *
from officegraph.vocabulary.write import write
triples = [quad.triple for quad in parse(sys.argv[1], format=RdfFormat.N_TRIPLES)]
dataset = Dataset(default=triples, graphs={NamedNode(f"http://g/{n}"): triples[n:] for n in range(3)},
                  prefixes={"x": "http://a/", "y": "http://a/", "w": "http://b/"}, language_tags={"en-gb": "en-GB"})
for form in (*RDF_FORMATS, CSV):
    sys.stdout.buffer.write(write(form, dataset))
"""


def test_the_hash_seed_makes_no_difference():
    text = "".join(
        f'<http://a/{n}> <http://b/p{n % 3}> "{n}"@en-gb .\n_:x{n} <http://b/q> _:x{n * 7 % 5} .\n' for n in range(20)
    )
    outputs = {
        subprocess.run(
            [sys.executable, "-c", SCRIPT, text], env={"PYTHONHASHSEED": seed}, capture_output=True, check=True
        ).stdout
        for seed in ("0", "1", "4711")
    }
    assert len(outputs) == 1
    assert outputs.pop()


def test_triples_have_no_page_format():
    with pytest.raises(ValueError, match="HTML"):
        write(HTML, [])


def test_nothing_is_written_as_a_document_that_reads_as_nothing():
    for form in RDF_FORMATS:
        assert list(parse(write(form, []), format=PYOXIGRAPH_RDF[form.extension])) == []
