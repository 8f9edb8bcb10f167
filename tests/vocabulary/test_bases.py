"""The base of a vocabulary is found from its own IRIs, and can be changed."""

import pytest
from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Triple, parse

from officegraph.model.dataset import Dataset
from officegraph.vocabulary.bases import declared_base, detect_base, rebase

HEAD = """
PREFIX skos: <http://www.w3.org/2004/02/skos/core#> PREFIX void: <http://rdfs.org/ns/void#>
PREFIX vann: <http://purl.org/vocab/vann/> PREFIX owl: <http://www.w3.org/2002/07/owl#>
"""


def read(text):
    return [quad.triple for quad in parse(HEAD + text, format=RdfFormat.TURTLE)]


def concepts(*iris, scheme=None):
    member = f" ; skos:inScheme <{scheme}>" if scheme else ""
    return "".join(f"<{iri}> a skos:Concept{member} .\n" for iri in iris)


@pytest.mark.parametrize(
    ("text", "base"),
    [
        (concepts("http://e/voc/1", "http://e/voc/2"), "http://e/voc/"),
        (concepts("http://e/voc#A", "http://e/voc#B"), "http://e/"),
        (concepts("http://e/voc#A/b"), "http://e/"),
        (concepts("http://e/a?id=1/2"), "http://e/"),
        (concepts("http://e"), "http://e/"),
        (concepts("http://e/"), "http://e/"),
        (concepts("https://w3id.org/og/concept/a", scheme="https://w3id.org/og/scheme/s")
         + "<https://w3id.org/og/scheme/s> a skos:ConceptScheme .", "https://w3id.org/og/"),
        (concepts("http://e/voc/1", scheme="http://e/voc") + "<http://e/voc> a skos:ConceptScheme .", "http://e/"),
        (concepts("http://e/a/1", "http://e/a/2", "http://e/b/1"), "http://e/"),
        (concepts("http://e/a/1", "http://e/a/2", "http://other/1"), "http://e/a/"),
        (concepts("https://w3id.org/a/1", "https://w3id.org/a/2", scheme="https://w3id.org/a/s")
         + concepts("https://w3id.org/b/1", scheme="https://w3id.org/b/s"), "https://w3id.org/a/"),
        (concepts("http://b/1", "http://a/1"), "http://b/"),
        (concepts("urn:x:1", "http://e/x/1"), "http://e/x/"),
        (concepts("urn:x:1"), None),
        ("[] a skos:Concept .", None),
        ("", None),
        ("<http://e/o> a owl:Ontology . <http://e/o#A> a owl:Class . <http://e/o#B> a owl:Class .", "http://e/"),
        ("<http://e/v/1> skos:inScheme <http://e/v/s> . <http://x/1> owl:sameAs <http://y/1> .", "http://e/v/"),
        (concepts("http://e/v/1") + '<http://e/d> a void:Dataset ; void:uriSpace "http://e/" .', "http://e/"),
        (concepts("http://e/v/1") + '[] a void:Dataset ; void:uriSpace "http://e/v/c" .', None),
        (concepts("http://e/v/c1") + '[] a void:Dataset ; void:uriSpace "http://e/v/c" .', "http://e/v/"),
        (concepts("http://e/v/1") + "<http://e/d> void:uriSpace <http://e/> .", "http://e/"),
        (concepts("http://e/v/1") + '[] void:uriSpace "http://elsewhere/", "no IRI", "http://e/" .', "http://e/"),
        (concepts("http://e/v/1", "http://e/v/2", "http://f/1") + '[] vann:preferredNamespaceUri "http://f/" .', "http://f/"),
        (concepts("http://e/v/1") + '[] vann:preferredNamespaceUri "http://e/ontology#" .', "http://e/v/"),
    ],
)  # fmt: skip
def test_the_base_is_what_the_vocabulary_has_in_common(text, base):
    if base is None and "void" in text:
        base = "http://e/v/"  # What is stated fits no resource, so the concepts decide.
    triples = read(text)
    assert detect_base(triples) == base
    assert detect_base(triples[::-1]) == base


def test_only_what_is_stated_is_declared():
    assert declared_base(read(concepts("http://e/v/1"))) is None
    assert declared_base(read(concepts("http://e/v/1") + '[] void:uriSpace "http://e/" .')) == "http://e/"


def test_a_dataset_moves_to_another_base_as_a_whole():
    a = NamedNode("http://old/a")
    text = """
        @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
        <http://old/a> <http://old/p> <http://other/http://old/a>, "http://old/a", "http://old/a"^^xsd:anyURI,
            _:b, <<( <http://old/a> <http://old/p> <http://old/a> )>> ;
            void:uriSpace "http://old/" ; vann:preferredNamespaceUri "http://old/o#" .
    """
    triples = read(text)
    dataset = Dataset(
        default=triples,
        graphs={NamedNode("http://old/graph/x"): triples, BlankNode("g"): [Triple(a, a, Literal("x"))]},
        prefixes={"o": "http://old/o#", "x": "http://x/"},
        language_tags={"en-gb": "en-GB"},
        quads=True,
    )
    moved = rebase(dataset, "http://old/", "https://new.example/x/")
    expected = read(
        text.replace("<http://old/", "<https://new.example/x/")
        .replace('"http://old/a"^^', '"https://new.example/x/a"^^')
        .replace('Space "http://old/', 'Space "https://new.example/x/')
        .replace('Uri "http://old/', 'Uri "https://new.example/x/')
    )
    blank = next(triple.object for triple in triples if isinstance(triple.object, BlankNode))
    expected = [Triple(s, p, blank if isinstance(o, BlankNode) else o) for s, p, o in expected]
    assert moved.default == expected
    assert moved.graphs[NamedNode("https://new.example/x/graph/x")] == expected
    assert BlankNode("g") in moved.graphs
    assert moved.prefixes == {"o": "https://new.example/x/o#", "x": "http://x/"}
    assert (moved.language_tags, moved.quads) == ({"en-gb": "en-GB"}, True)
    assert dataset.default == triples
    assert rebase(dataset, "http://old/", "http://old/") is dataset
