from pyoxigraph import NamedNode

from officegraph.model.namespaces import DCTERMS, PREFIXES, SKOS


def test_terms_named_like_methods_of_str_are_terms():
    assert DCTERMS.title == NamedNode("http://purl.org/dc/terms/title")


def test_a_term_that_is_no_identifier_is_reached_by_subscript():
    assert SKOS["prefLabel"] is SKOS.prefLabel


def test_membership():
    assert SKOS.broader in SKOS
    assert DCTERMS.title not in SKOS


def test_prefixes_are_plain_strings():
    assert PREFIXES["skos"] == "http://www.w3.org/2004/02/skos/core#"
