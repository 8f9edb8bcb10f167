"""Negotiation of formats, mostly by a table of fields that real clients send."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from officegraph.http.accept import Offers, negotiate_format, parse_accept
from officegraph.model.formats import CSV, HTML, N_TRIPLES, RDF_FORMATS, RESULT_FORMATS, TURTLE

RESOURCE = Offers((HTML, *RDF_FORMATS, CSV))
GRAPH = Offers(RDF_FORMATS)
SOLUTIONS = Offers(RESULT_FORMATS)

CHROME = (
    "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,image/apng,*/*;q=0.8,"
    "application/signed-exchange;v=b3;q=0.7"
)
FIREFOX = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
OLD_FIREFOX = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8"
RDFLIB_ANY = (
    "application/rdf+xml, text/n3, text/turtle, application/n-triples, application/ld+json, "
    "application/n-quads, application/trix, application/trig"
)
RDFLIB_OLD = "application/rdf+xml,text/rdf+n3;q=0.9,application/xhtml+xml;q=0.5, */*;q=0.1"
JENA_GRAPH = "text/turtle,application/n-triples;q=0.9,application/ld+json;q=0.8,application/rdf+xml;q=0.7,*/*;q=0.3"
JENA_DATASET = "application/trig,application/n-quads;q=0.9,application/ld+json;q=0.8,*/*;q=0.3"
JENA_ANY = (
    "text/turtle,application/n-triples;q=0.9,application/rdf+xml;q=0.7,application/trig,"
    "application/n-quads;q=0.9,application/ld+json;q=0.8,*/*;q=0.5"
)
JENA_OLD = "application/rdf+xml, application/xml; q=0.8, text/xml; q=0.7, application/rss+xml; q=0.3, */*; q=0.2"
COMUNICA = (
    "application/n-quads,application/trig;q=0.95,application/ld+json;q=0.9,application/n-triples;q=0.8,"
    "text/turtle;q=0.6,application/rdf+xml;q=0.5,text/n3;q=0.35,application/xml;q=0.3,image/svg+xml;q=0.3,"
    "text/xml;q=0.3,text/html;q=0.2,application/xhtml+xml;q=0.18,application/json;q=0.135,text/shaclc;q=0.1,"
    "text/shaclc-ext;q=0.05"
)
COMUNICA_BROWSER = (
    "application/n-quads,application/trig;q=0.95,application/ld+json;q=0.9,application/n-triples;q=0.8,*/*;q=0.1"
)
OWL_API = "application/rdf+xml, application/xml; q=0.5, text/xml; q=0.3, */*; q=0.2"
OWL_API_NEW = (
    "application/rdf+xml, application/xml; q=0.7, text/xml; q=0.6,text/turtle; q=0.5, application/ld+json; "
    "q=0.4, application/trig; q=0.3, application/n-triples; q=0.2, application/n-quads; q=0.19, "
    "text/n3; q=0.18, text/plain; q=0.1, */*; q=0.09"
)
JAVA_URL_CONNECTION = "text/html, image/gif, image/jpeg, *; q=.2, */*; q=.2"
SPARQLWRAPPER_JSON = "application/sparql-results+json,application/json,text/javascript,application/javascript"
PROFILE = 'application/ld+json;profile="http://www.w3.org/ns/json-ld#flattened, x"'

HEADERS = [
    # everything
    (RESOURCE, None, "html"),
    (RESOURCE, "", "html"),
    (RESOURCE, " ", "html"),
    (RESOURCE, "*/*", "html"),
    (GRAPH, "*/*", "ttl"),
    (SOLUTIONS, "*/*", "json"),
    (GRAPH, None, "ttl"),
    # browsers
    (RESOURCE, CHROME, "html"),
    (RESOURCE, FIREFOX, "html"),
    (RESOURCE, OLD_FIREFOX, "html"),
    (GRAPH, CHROME, "ttl"),
    (SOLUTIONS, FIREFOX, "json"),
    (RESOURCE, "application/json, text/javascript, */*; q=0.01", "jsonld"),  # jQuery
    (SOLUTIONS, "application/json, text/javascript, */*; q=0.01", "json"),
    (RESOURCE, "application/json, text/plain, */*", "jsonld"),  # axios
    (SOLUTIONS, "application/json, text/plain, */*", "json"),
    # rdflib
    (RESOURCE, RDFLIB_ANY, "ttl"),
    (RESOURCE, RDFLIB_OLD, "rdf"),
    (RESOURCE, "text/turtle, application/x-turtle, */*;q=0.1", "ttl"),
    (RESOURCE, "application/rdf+xml, */*;q=0.1", "rdf"),
    (RESOURCE, "application/ld+json, application/json;q=0.9, */*;q=0.1", "jsonld"),
    (RESOURCE, "text/plain, */*;q=0.1", "nt"),
    (RESOURCE, "text/n3, */*;q=0.1", "ttl"),
    (RESOURCE, "application/trig, */*;q=0.1", "trig"),
    (SOLUTIONS, "application/rdf+xml, application/sparql-results+xml", "xml"),  # SPARQLStore
    (GRAPH, "application/rdf+xml, application/sparql-results+xml", "rdf"),
    (SOLUTIONS, "application/sparql-results+json", "json"),
    (SOLUTIONS, "text/tab-separated-values", "tsv"),
    # SPARQLWrapper
    (SOLUTIONS, SPARQLWRAPPER_JSON, "json"),
    (SOLUTIONS, "application/sparql-results+xml", "xml"),
    (SOLUTIONS, "application/sparql-results+xml,application/rdf+xml,*/*", "xml"),
    (GRAPH, "application/turtle,text/turtle", "ttl"),
    (GRAPH, "text/rdf+n3,application/n-triples,application/n3,text/n3", "nt"),
    (GRAPH, "application/ld+json,application/x-json+ld", "jsonld"),
    # Jena
    (RESOURCE, JENA_GRAPH, "ttl"),
    (RESOURCE, JENA_DATASET, "trig"),
    (RESOURCE, JENA_ANY, "ttl"),
    (RESOURCE, JENA_OLD, "rdf"),
    # Comunica, Yasgui, OWL API (Protégé), Java (OpenRefine and others), raptor
    (RESOURCE, COMUNICA, "nq"),
    (SOLUTIONS, COMUNICA, "json"),
    (RESOURCE, COMUNICA_BROWSER, "nq"),
    (GRAPH, "application/n-triples,*/*;q=0.9", "nt"),
    (GRAPH, "text/turtle,*/*;q=0.9", "ttl"),
    (SOLUTIONS, "application/sparql-results+json,*/*;q=0.9", "json"),
    (RESOURCE, OWL_API, "rdf"),
    (RESOURCE, OWL_API_NEW, "rdf"),
    (RESOURCE, JAVA_URL_CONNECTION, "html"),
    (GRAPH, JAVA_URL_CONNECTION, "ttl"),
    (RESOURCE, "application/json;q=1.0, application/sparql-results+json;q=1.0, */*;q=0.5", "jsonld"),
    (SOLUTIONS, "application/json;q=1.0, application/sparql-results+json;q=1.0, */*;q=0.5", "json"),
    # weights
    (RESOURCE, "text/turtle;q=0.5, application/rdf+xml;q=0.6", "rdf"),
    (RESOURCE, "text/html;q=0.1, application/n-triples;q=0.2", "nt"),
    (RESOURCE, "text/turtle;q=0.001, image/png", "ttl"),
    (RESOURCE, "text/turtle ; q=0.4 , application/rdf+xml ; q=0.5", "rdf"),
    (RESOURCE, "text/turtle;Q=0.4, application/rdf+xml;Q=0.5", "rdf"),
    (RESOURCE, "text/turtle;q=0.6666, application/rdf+xml;q=.5", "ttl"),
    (RESOURCE, "text/turtle;q=1.000", "ttl"),
    # the server's order, and what the client names before what it admits
    (RESOURCE, "text/turtle, text/html", "html"),
    (RESOURCE, "application/rdf+xml, text/turtle", "ttl"),
    (RESOURCE, "text/turtle, */*", "ttl"),
    (RESOURCE, "*/*, application/n-quads", "nq"),
    (RESOURCE, "application/*", "nt"),
    (RESOURCE, "text/*", "html"),
    (GRAPH, "text/*", "ttl"),
    (RESOURCE, "application/*, */*", "nt"),
    (RESOURCE, "application/*;q=0.5, text/turtle;q=0.4", "nt"),
    # closeness decides the weight
    (RESOURCE, "text/*;q=0.9, text/html;q=0.1, text/turtle;q=0.2, application/trig;q=0.3", "csv"),
    (RESOURCE, "*/*;q=0.9, text/html;q=0.1", "ttl"),
    (GRAPH, "*/*, text/turtle;q=0.1, application/n-triples;q=0.2", "rdf"),
    (RESOURCE, "text/turtle;version=1.2;q=0.1, text/turtle, text/html;q=0.5", "ttl"),
    (RESOURCE, "text/turtle;charset=utf-8;q=0.1, text/turtle, text/html;q=0.5", "html"),
    # weight 0
    (RESOURCE, "text/html;q=0, */*", "ttl"),
    (RESOURCE, "*/*;q=0.1, text/html;q=0.0, text/turtle;q=0.000", "nt"),
    (RESOURCE, "text/turtle;q=0", None),
    (GRAPH, "*/*;q=0", None),
    (RESOURCE, "text/*;q=0, */*", "nt"),
    (RESOURCE, "*/*;q=0, text/turtle", "ttl"),
    (RESOURCE, "application/n-triples;q=0, text/plain", None),
    (RESOURCE, 'application/ld+json;profile="x";q=0, */*;q=0.5, text/html;q=0', "ttl"),
    (Offers((TURTLE,)), "text/turtle;q=0, */*;q=1", None),
    # parameters
    (RESOURCE, "text/turtle;charset=utf-8", "ttl"),
    (RESOURCE, "text/turtle; charset=UTF-8; q=0.8, text/html;q=0.7", "ttl"),
    (RESOURCE, "text/turtle;version=1.2", "ttl"),
    (RESOURCE, PROFILE, "jsonld"),
    (RESOURCE, PROFILE + ";q=0.5, text/turtle;q=0.4", "jsonld"),
    (RESOURCE, r'application/ld+json;profile="a\",text/html", */*;q=0.1', "jsonld"),
    (SOLUTIONS, "application/sparql-results+json; charset=utf-8", "json"),
    (RESOURCE, "text/turtle;q=0.5;level=1, text/html;q=0.4", "ttl"),
    # case and white space
    (RESOURCE, "TEXT/Turtle", "ttl"),
    (RESOURCE, "\ttext/turtle\t,\t", "ttl"),
    (RESOURCE, ",,text/turtle,,", "ttl"),
    # aliases
    (RESOURCE, "application/json", "jsonld"),
    (RESOURCE, "application/xml", "rdf"),
    (RESOURCE, "text/xml", "rdf"),
    (RESOURCE, "text/plain", "nt"),
    (RESOURCE, "application/x-turtle", "ttl"),
    (RESOURCE, "application/xhtml+xml", "html"),
    (SOLUTIONS, "application/xml", "xml"),
    (SOLUTIONS, "text/json", "json"),
    (RESOURCE, "application/json, text/turtle", "ttl"),
    (RESOURCE, "application/json, text/turtle;q=0.9", "jsonld"),
    # malformed members
    (RESOURCE, "text/turtle;q=2, application/rdf+xml", "rdf"),
    (RESOURCE, "text/turtle;q=abc, application/rdf+xml;q=0.1", "rdf"),
    (RESOURCE, "text/turtle;q=-1, application/trig;q=0.1", "trig"),
    (RESOURCE, "text/turtle;q=, application/trig", "trig"),
    (RESOURCE, "text/turtle;q=2", "ttl"),
    (RESOURCE, "text/turtle;q=abc", "ttl"),
    (RESOURCE, "text/turtle;q=nan, image/png", None),
    (RESOURCE, "turtle, application/rdf+xml", "rdf"),
    (RESOURCE, "*/turtle, application/rdf+xml;q=0.1", "rdf"),
    (RESOURCE, "text/, /turtle, te xt/turtle, application/rdf+xml", "rdf"),
    (RESOURCE, 'application/ld+json;profile="unclosed', "jsonld"),
    # nothing fits
    (RESOURCE, "image/png", None),
    (GRAPH, "text/html", None),
    (SOLUTIONS, "text/turtle", None),
    (RESOURCE, "text/turtles", None),
    (RESOURCE, "nonsense", None),
    (RESOURCE, ";;;", None),
]


@pytest.mark.parametrize(("offers", "header", "expected"), HEADERS)
def test_a_field_gets_the_format_it_asks_for(offers, header, expected):
    found = offers.negotiate(header)
    assert (found and found.extension) == expected


def test_the_function_answers_as_the_offers_do():
    assert negotiate_format("text/turtle", RDF_FORMATS) is TURTLE
    assert negotiate_format("text/turtle", [HTML]) is None
    assert negotiate_format(None, []) is None
    assert negotiate_format("", []) is None


def test_an_answer_does_not_depend_on_what_was_asked_before():
    padding = ", image/x" * 200
    for header in ("text/turtle", "text/turtle" + padding):
        assert RESOURCE.negotiate(header) is RESOURCE.negotiate(header) is TURTLE


@pytest.mark.parametrize(
    ("offers", "values", "expected"),
    [
        (GRAPH, ["ttl"], "ttl"),
        (GRAPH, ["turtle"], "ttl"),
        (GRAPH, ["TURTLE"], "ttl"),
        (GRAPH, ["text/turtle"], "ttl"),
        (GRAPH, ["json"], "jsonld"),
        (GRAPH, ["xml"], "rdf"),
        (GRAPH, ["rdf+xml", "application/rdf+xml"], "rdf"),
        (GRAPH, ["rdf xml"], "rdf"),
        (GRAPH, ["json-ld", "application/ld+json,application/x-json+ld"], "jsonld"),
        (GRAPH, ["application/ld json"], "jsonld"),
        (GRAPH, ["n3"], "ttl"),
        (SOLUTIONS, ["json"], "json"),
        (SOLUTIONS, ["xml"], "xml"),
        (SOLUTIONS, ["tsv", "text/tab-separated-values"], "tsv"),
        (SOLUTIONS, ["csv"], "csv"),
        (SOLUTIONS, ["application/sparql-results+json; charset=utf-8"], "json"),
        (SOLUTIONS, ["turtle"], None),
        (SOLUTIONS, ["turtle", "xml"], "xml"),
        (SOLUTIONS, [""], None),
        (SOLUTIONS, [], None),
        (RESOURCE, ["http://www.w3.org/ns/formats/N-Triples"], "nt"),
    ],
)
def test_a_parameter_names_a_format(offers, values, expected):
    found = offers.named(values)
    assert (found and found.extension) == expected


def test_what_there_is_can_be_listed():
    assert Offers((TURTLE, N_TRIPLES)).listing() == [
        {"name": "Turtle", "mediaType": "text/turtle", "extension": "ttl"},
        {"name": "N-Triples", "mediaType": "application/n-triples", "extension": "nt"},
    ]


def test_a_media_range_is_read_in_full():
    (item,) = parse_accept('Application/LD+JSON ; Profile="a\\"b" ; q=0.25 ; ext=1')
    assert item.media_type == "application/ld+json"
    assert item.parameters == {("profile", 'a"b')}
    assert item.weight == 0.25


@given(st.text(st.sampled_from('textaplicon/urdf+mlj*;q=0.19," \\-,;'), max_size=60))
def test_no_field_is_too_odd(header):
    found = RESOURCE.negotiate(header)
    assert found is None or found in RESOURCE.formats


WEIGHTS = st.integers(1, 1000)


@given(st.lists(st.tuples(st.sampled_from(RDF_FORMATS), WEIGHTS), min_size=1, unique_by=lambda pair: pair[0]))
def test_the_highest_weight_wins_in_any_order(pairs):
    header = ", ".join(f"{offer.media_type};q={weight / 1000:.3f}" for offer, weight in pairs)
    found = GRAPH.negotiate(header)
    weights = {offer.extension: weight for offer, weight in pairs}
    assert found is not None
    assert weights[found.extension] == max(weights.values())
    assert GRAPH.negotiate(", ".join(reversed(header.split(", ")))) is found
