"""Nine queries of a few words that no server can answer: each runs on, or takes memory, until something stops it."""

from __future__ import annotations

from benchmarks import generator as g

_PREFIXES = f"PREFIX skos: <{g.SKOS}>\n"
_PRODUCT = "?a ?b ?c . ?d ?e ?f . ?g ?h ?i"
_TEXT = "Forty letters, doubled till memory ends."

BOMBS: dict[str, str] = {
    "COUNT of a product": f"SELECT (COUNT(*) AS ?n) {{ {_PRODUCT} }}",
    "ORDER BY of a product": f"SELECT ?a ?d ?g {{ {_PRODUCT} }} ORDER BY ?i ?f ?c LIMIT 10",
    "DISTINCT of a product": f"SELECT DISTINCT ?a ?c ?d ?f ?g {{ {_PRODUCT} }}",
    "GROUP_CONCAT of a product": f"SELECT (GROUP_CONCAT(CONCAT(STR(?c), STR(?f))) AS ?all) {{ {_PRODUCT} }}",
    "CONCAT doubled 36 times": (
        f'SELECT (STRLEN(?x36) AS ?n) {{ BIND("{_TEXT}" AS ?x0) '
        + " ".join(f"BIND(CONCAT(?x{step}, ?x{step}) AS ?x{step + 1})" for step in range(36))
        + " }"
    ),
    "closure of a path": _PREFIXES + "SELECT (COUNT(*) AS ?n) { ?a (skos:broader|skos:narrower|skos:related)* ?b . "
    "?b (skos:broader|skos:narrower|skos:related)* ?c }",
    "regular expression on a product": (
        f'SELECT (COUNT(*) AS ?n) {{ {_PRODUCT} FILTER(REGEX(CONCAT(STR(?c), STR(?f), STR(?i)), "(a|b)+z.*q$")) }}'
    ),
    "endless rows": f"SELECT * {{ {_PRODUCT} }}",
    "nested NOT EXISTS": (
        "SELECT (COUNT(*) AS ?n) { ?a ?b ?c FILTER NOT EXISTS { ?d ?e ?f FILTER NOT EXISTS { "
        '?g ?h ?i FILTER(CONCAT(STR(?c), STR(?f), STR(?i)) = "none") } } }'
    ),
}
"""The queries, by what they are."""
