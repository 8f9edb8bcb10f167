"""Which statements the file of one scheme holds."""

from pyoxigraph import NamedNode, RdfFormat, parse

from officegraph.release.schemes import SchemeParts, schemes_of
from officegraph.vocabulary.encoded import Encoder

BASE = "https://example.org/"
SOURCE = """
@prefix : <https://example.org/> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
:fruit a skos:ConceptScheme . :tools a skos:ConceptScheme .
:apple a skos:Concept ; skos:inScheme :fruit . :pear a skos:Concept ; skos:inScheme :fruit .
:spade a skos:Concept ; skos:inScheme :tools .
:garden a skos:Collection ; skos:member :apple , :spade .
:pomes a skos:Collection ; skos:member :apple , :pear .
"""


def parts() -> dict[str, set[str]]:
    encoder = Encoder({})
    name = NamedNode(BASE + "graph")
    encoder.add(name, [quad.triple for quad in parse(SOURCE, RdfFormat.TURTLE)])
    graph = encoder.finish()[name]
    found = SchemeParts(graph)
    return {
        scheme.removeprefix(BASE): {graph.terms.texts[number][1:-1].removeprefix(BASE) for number in found.of(scheme)}
        for scheme in schemes_of(graph)
    }


def test_a_file_holds_the_scheme_its_concepts_and_the_collections_of_these_alone():
    assert parts() == {"fruit": {"fruit", "apple", "pear", "pomes"}, "tools": {"tools", "spade"}}
