"""Terms and triples that are hard to write: for property tests of readers and writers."""

from hypothesis import strategies as st
from pyoxigraph import BaseDirection, BlankNode, Literal, NamedNode, Triple

XSD = "http://www.w3.org/2001/XMLSchema#"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"

PREFIXES = {
    "ex": "http://example.org/",
    "voc": "http://example.org/voc#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "dcterms": "http://purl.org/dc/terms/",
    "rdf": RDF,
    "xsd": XSD,
    "urn": "http://urn.example/",
    "broken": "http://example.org/brok",
    "": "http://empty.example/",
}


def _is_iri(text: str) -> bool:
    try:
        NamedNode(text)
    except ValueError:
        return False
    return True


_LOCAL = st.one_of(
    st.sampled_from(
        [
            "",
            "a",
            "A1",
            "1",
            "a.b",
            "a.",
            ".a",
            "-a",
            "a-",
            "a:b",
            ":",
            "a/b",
            "a#b",
            "a?b=c&d='e'",
            "%20",
            "a%2Fb",
            "(a)",
            "a,b;c",
            "é",
            "日本",
            "\U0001d4b3",
            "a·",
            "·a",
            "true",
            "_",
            "__a",
            "a~b",
            "a!$*+=@",
            "ken",
            "\u200d",
            "\u2040x",
        ]
    ),
    st.text(max_size=6),
)
iris = (
    st.one_of(
        st.builds(lambda namespace, local: namespace + local, st.sampled_from(list(PREFIXES.values())), _LOCAL),
        st.builds(lambda local: "https://other.example/" + local, _LOCAL),
        st.sampled_from(
            [
                "urn:isbn:1",
                "urn:x",
                "tag:a,2020:b",
                "mailto:a@b.example",
                "broader:x",
                "skos:x",
                "http:a",
                "ex:a",
                "HTTP://A/B",
                "http://example.org",
                "http://[::1]/a",
                "http://a:80/?#",
                f"{RDF}nil",
                f"{RDF}type",
            ]
        ),
    )
    .filter(_is_iri)
    .map(NamedNode)
)
"""IRIs that can and cannot be shortened, in the characters of many scripts."""

properties = st.one_of(
    st.sampled_from(
        [
            f"{RDF}type",
            f"{RDF}value",
            f"{RDF}_1",
            "http://www.w3.org/2004/02/skos/core#prefLabel",
            "http://www.w3.org/2004/02/skos/core#broader",
            "http://www.w3.org/2004/02/skos/core#notation",
            "http://purl.org/dc/terms/modified",
            "http://www.w3.org/2000/01/rdf-schema#label",
            "http://example.org/p",
        ]
    ).map(NamedNode),
    iris,
)

blank_nodes = st.sampled_from(["b1", "b2", "b10", "a.b", "é", "1x", "renamed1"]).map(BlankNode)

_TEXT = st.one_of(
    st.text(max_size=12),
    st.text(alphabet="\"\\\n\r\t'uU0abn@<>&]=\x00\x7f\x85\u2028\ufffe😀 ", max_size=12),
    st.sampled_from(
        ['"', '""', '"""', '\n"', '"""\n"""', "\\n", "\\\\n\n", "a\\", '"@en .', "]]>", "  ", "\r\n", "=1+1"]
    ),
)
plain_literals = _TEXT.map(Literal)
tagged_literals = st.builds(
    lambda text, tag: Literal(text, language=tag),
    _TEXT,
    st.sampled_from(["en", "de-CH", "zh-Hant", "x-a", "en-GB-oed"]),
)
directed_literals = st.builds(
    lambda text, direction: Literal(text, language="ar", direction=direction),
    _TEXT,
    st.sampled_from([BaseDirection.LTR, BaseDirection.RTL]),
)
typed_literals = st.one_of(
    st.builds(lambda text, datatype: Literal(text, datatype=datatype), _TEXT, iris),
    st.builds(
        lambda text, name: Literal(text, datatype=NamedNode(XSD + name)),
        st.sampled_from(
            ["1", "01", "+1", "-0", "1.", "1.0", ".5", "1.50", "1e0", "1.0E+3", ".1e1", "1.e1", "true", "TRUE",
             "1 ", "", "NaN", "INF"]
        ),
        st.sampled_from(["integer", "decimal", "double", "float", "boolean", "int", "date", "string"]),
    ),
)  # fmt: skip
literals = st.one_of(plain_literals, tagged_literals, typed_literals)


def triples(objects: st.SearchStrategy) -> st.SearchStrategy:
    """Triples with ``objects`` at their end."""
    return st.builds(Triple, st.one_of(iris, blank_nodes), properties, objects)


simple_graphs = st.lists(triples(st.one_of(iris, blank_nodes, literals)), max_size=8)
"""Graphs of RDF 1.1."""

triple_terms = st.recursive(
    st.builds(
        Triple, st.one_of(iris, blank_nodes), properties, st.one_of(iris, blank_nodes, literals, directed_literals)
    ),
    lambda inner: st.builds(Triple, st.one_of(iris, blank_nodes), properties, inner),
    max_leaves=2,
)
graphs = st.lists(triples(st.one_of(iris, blank_nodes, literals, directed_literals, triple_terms)), max_size=8)
"""Graphs of RDF 1.2."""


@st.composite
def list_graphs(draw: st.DrawFn) -> list[Triple]:
    """Graphs with lists, some of them broken, and blank nodes within blank nodes."""
    nodes = [BlankNode(f"b{number}") for number in range(1, 6)]
    nil = NamedNode(f"{RDF}nil")
    found = []
    for node in nodes:
        if draw(st.booleans()):
            found.append(
                Triple(node, NamedNode(f"{RDF}first"), draw(st.one_of(st.sampled_from([*nodes, nil]), literals)))
            )
        if draw(st.booleans()):
            found.append(Triple(node, NamedNode(f"{RDF}rest"), draw(st.sampled_from([*nodes, nil]))))
    found.extend(
        draw(
            st.lists(
                st.builds(
                    Triple,
                    st.one_of(iris, st.sampled_from(nodes)),
                    properties,
                    st.sampled_from([*nodes, nil]),
                ),
                max_size=4,
            )
        )
    )
    return found
