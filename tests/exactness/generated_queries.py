"""Queries of every kind over a dataset, drawn from what the dataset holds: the same for the same dataset."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import chain

import pyoxigraph as ox

RDF_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
SKOS = "http://www.w3.org/2004/02/skos/core#"
PREFIXES = (
    f"PREFIX skos: <{SKOS}>\n"
    "PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>\n"
    "PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>\n"
)
EACH = 14
"""Queries of each kind."""

LIKE = 1_500
"""Triples that a predicate has at the most, to keep answers short."""


@dataclass(frozen=True)
class Generated:
    """A query.

    Attributes:
        kind: What it is about.
        text: The query.
        ordered: Whether it orders its solutions so that no two can be exchanged.
    """

    kind: str
    text: str
    ordered: bool = False


class Vocabulary:
    """What queries can speak of, in an order that depends on nothing but the dataset.

    Args:
        quads: The dataset.
        chance: Source of choices.
    """

    def __init__(self, quads: list[ox.Quad], chance: random.Random) -> None:
        self.chance = chance
        default = [quad for quad in quads if isinstance(quad.graph_name, ox.DefaultGraph)]
        uses = Counter(quad.predicate.value for quad in default)
        of_iris = Counter(quad.predicate.value for quad in default if isinstance(quad.object, ox.NamedNode))
        few = sorted(name for name, count in uses.items() if 3 <= count <= LIKE)
        self.links = [name for name in few if of_iris[name] == uses[name]]
        self.values = [name for name in few if not of_iris[name]]
        self.classes = self._with_members(default)
        self.concepts = sorted(
            quad.subject.value
            for quad in default
            if quad.predicate.value == RDF_TYPE and quad.object == ox.NamedNode(f"{SKOS}Concept")
            if isinstance(quad.subject, ox.NamedNode)
        )
        sizes = Counter(quad.graph_name.value for quad in quads if isinstance(quad.graph_name, ox.NamedNode))
        self.graphs = sorted(name for name, size in sizes.items() if size <= LIKE)
        # The engine keeps language tags in lower case, and ``LANG`` gives them so.
        self.languages = ["de", "en", "es", "fr", "ja", "nl", "pt", "zh-hans"]

    @staticmethod
    def _with_members(default: list[ox.Quad]) -> list[str]:
        members = Counter(quad.object.value for quad in default if quad.predicate.value == RDF_TYPE)
        return sorted(name for name, count in members.items() if 3 <= count <= LIKE)

    def one(self, names: list[str]) -> str:
        return f"<{self.chance.choice(names)}>"

    def some(self, names: list[str], count: int) -> list[str]:
        return [f"<{name}>" for name in self.chance.sample(names, count)]

    def number(self, most: int) -> int:
        return self.chance.randint(1, most)


Made = Iterator[tuple[str, bool]]


def basic_patterns(v: Vocabulary) -> Made:
    yield f"SELECT * {{ ?s {v.one(v.links)} ?o }}", False
    yield f"SELECT ?p ?o {{ {v.one(v.concepts)} ?p ?o }}", False
    yield f"SELECT ?s ?p {{ ?s ?p {v.one(v.concepts)} }}", False
    yield f"SELECT DISTINCT ?p {{ ?s a {v.one(v.classes)} ; ?p ?o }}", False
    yield f"SELECT ?s ?v {{ ?s a {v.one(v.classes)} ; {v.one(v.values)} ?v }}", False
    yield f"SELECT ?a ?b {{ ?x {v.one(v.links)} ?a ; {v.one(v.links)} ?b }}", False
    yield f"SELECT ?x ?y ?l {{ ?x {v.one(v.links)} ?y . ?y skos:prefLabel ?l }} ORDER BY ?x ?y STR(?l) LANG(?l)", True


def optional(v: Vocabulary) -> Made:
    first, second = v.some(v.values, 2)
    yield f"SELECT * {{ ?s a {v.one(v.classes)} OPTIONAL {{ ?s {first} ?v }} }}", False
    yield f"SELECT * {{ ?s a {v.one(v.classes)} OPTIONAL {{ ?s {first} ?v }} OPTIONAL {{ ?s {second} ?w }} }}", False
    yield (
        (
            f"SELECT ?s ?l {{ ?s {v.one(v.links)} ?o "
            f'OPTIONAL {{ ?o skos:prefLabel ?l FILTER(LANG(?l) = "{v.chance.choice(v.languages)}") }} }}'
        ),
        False,
    )
    yield (
        (
            f"SELECT * {{ {v.one(v.concepts)} skos:broader ?b "
            f"OPTIONAL {{ ?b skos:broader ?c OPTIONAL {{ ?c skos:altLabel ?l }} }} }}"
        ),
        False,
    )
    yield f"SELECT ?s {{ ?s a {v.one(v.classes)} OPTIONAL {{ ?s {first} ?v }} FILTER(!BOUND(?v)) }}", False


def union(v: Vocabulary) -> Made:
    a, b = v.some(v.links, 2)
    yield f"SELECT * {{ {{ ?s {a} ?x }} UNION {{ ?s {b} ?y }} }}", False
    yield f"SELECT * {{ {{ ?s {a} ?x }} UNION {{ ?x {b} ?s }} UNION {{ ?s a {v.one(v.classes)} }} }}", False
    yield f"SELECT ?x {{ {{ ?x ?p {v.one(v.concepts)} }} UNION {{ {v.one(v.concepts)} ?p ?x }} }}", False
    yield f"SELECT DISTINCT ?s {{ {{ ?s {a} ?x }} UNION {{ ?s {b} ?x }} }} ORDER BY ?s", True


def minus(v: Vocabulary) -> Made:
    yield f"SELECT ?s {{ ?s a {v.one(v.classes)} MINUS {{ ?s {v.one(v.values)} ?v }} }}", False
    yield f"SELECT ?s ?o {{ ?s {v.one(v.links)} ?o MINUS {{ ?o {v.one(v.links)} ?z }} }}", False
    yield f"SELECT ?s ?o {{ ?s {v.one(v.links)} ?o MINUS {{ ?a {v.one(v.links)} ?b }} }}", False
    yield f"SELECT ?s ?o {{ ?s {v.one(v.links)} ?o MINUS {{ ?s ?p {v.one(v.concepts)} }} }}", False


def filters(v: Vocabulary) -> Made:
    language = v.chance.choice(v.languages)
    letters = v.chance.choice(["an", "ment", "se", "back", "^a", "s$", "[0-9]", "(?!x)", "ü|é"])
    pattern = letters.replace("(?!x)", "risk|cash")
    values = v.one(v.values)
    yield f'SELECT ?s ?l {{ ?s skos:prefLabel ?l FILTER(LANG(?l) = "{language}") }}', False
    yield f'SELECT ?s ?l {{ ?s skos:altLabel ?l FILTER(REGEX(STR(?l), "{pattern}", "i")) }}', False
    yield f"SELECT ?s ?v {{ ?s {values} ?v FILTER(STRLEN(STR(?v)) > {v.number(20)}) }}", False
    yield f"SELECT ?s ?v {{ ?s {values} ?v FILTER(ISLITERAL(?v) && ?v > {v.number(9)}) }}", False
    yield f"SELECT ?s ?o {{ ?s {v.one(v.links)} ?o FILTER EXISTS {{ ?o {v.one(v.values)} ?w }} }}", False
    yield f"SELECT ?s ?o {{ ?s {v.one(v.links)} ?o FILTER NOT EXISTS {{ ?z {v.one(v.links)} ?s }} }}", False
    yield f'SELECT ?s ?v {{ ?s {values} ?v FILTER(LANGMATCHES(LANG(?v), "{language}") || LANG(?v) = "") }}', False
    yield f"SELECT ?s ?o {{ ?s {v.one(v.links)} ?o FILTER(?o IN ({', '.join(v.some(v.concepts, 30))})) }}", False
    yield f"SELECT ?s ?v {{ ?s {values} ?v FILTER(DATATYPE(?v) != xsd:string) }}", False


def property_paths(v: Vocabulary) -> Made:
    a, b = v.some(v.links, 2)
    c = v.one(v.concepts)
    yield f"SELECT ?x {{ {c} skos:broader+ ?x }}", False
    yield f"SELECT ?x {{ {c} skos:broader* ?x }}", False
    yield f"SELECT ?x {{ {c} skos:narrower? ?x }}", False
    yield f"SELECT ?x ?y {{ ?x {a}/{b} ?y }}", False
    yield f"SELECT ?x ?y {{ ?x {a}|^{b} ?y }}", False
    yield f"SELECT ?x ?y {{ ?x ^{a}/{a} ?y }} ORDER BY ?x ?y LIMIT 200", True
    yield f"SELECT ?x ?y {{ {c} !(rdfs:label|^skos:broader|skos:definition) ?y }}", False
    yield f"SELECT ?x ?l {{ {c} (skos:broader|skos:related)+ ?x . ?x skos:prefLabel ?l }}", False
    yield f"SELECT ?y {{ {c} (skos:related/^skos:related)* ?y }}", False


def aggregates(v: Vocabulary) -> Made:
    a = v.one(v.links)
    yield "SELECT ?c (COUNT(?s) AS ?n) { ?s a ?c } GROUP BY ?c ORDER BY DESC(?n) ?c", True
    yield f"SELECT ?o (COUNT(*) AS ?n) (MIN(?s) AS ?m) {{ ?s {a} ?o }} GROUP BY ?o ORDER BY ?o", True
    yield f"SELECT ?o (COUNT(DISTINCT ?s) AS ?n) {{ ?s {a} ?o }} GROUP BY ?o HAVING(COUNT(?s) > {v.number(4)})", False
    yield f"SELECT (AVG(STRLEN(STR(?v))) AS ?m) (SUM(STRLEN(STR(?v))) AS ?n) {{ ?s {v.one(v.values)} ?v }}", False
    yield f"SELECT (MAX(STR(?v)) AS ?m) (COUNT(?v) AS ?n) {{ ?s {v.one(v.values)} ?v }}", False
    yield f"SELECT ?l (COUNT(*) AS ?n) {{ ?s {v.one(v.values)} ?v }} GROUP BY (LANG(?v) AS ?l)", False
    yield (
        (f'SELECT ?s (STRLEN(GROUP_CONCAT(STR(?v); SEPARATOR=" | ")) AS ?n) {{ ?s {v.one(v.values)} ?v }} GROUP BY ?s'),
        False,
    )
    yield f"SELECT (COUNT(*) AS ?n) {{ ?s {a} ?o . ?o {v.one(v.values)} ?v }}", False
    yield f"SELECT (GROUP_CONCAT(?v) AS ?n) (SUM(?v) AS ?m) {{ ?s <urn:nothing:{v.number(99)}> ?v }}", False


def inline_data(v: Vocabulary) -> Made:
    a, b, c = v.some(v.concepts, 3)
    yield f"SELECT * {{ VALUES ?s {{ {a} {b} {c} }} ?s skos:prefLabel ?l }}", False
    yield f"SELECT ?s ?p ?o {{ ?s ?p ?o }} VALUES ?s {{ {a} {b} }}", False
    yield f"SELECT * {{ VALUES (?s ?o) {{ ({a} UNDEF) (UNDEF {b}) }} ?s skos:broader ?o }}", False
    yield (
        f'SELECT * {{ VALUES (?s ?n) {{ ({a} 1.50) ({b} "x,\\"y\\"\\n"@en-GB) ({c} true) ({c} 1e0) }} ?s a ?t }}',
        False,
    )
    yield f"SELECT ?s {{ ?s {v.one(v.links)} ?o . VALUES ?o {{ {a} {b} {c} {a} }} }}", False


def binds(v: Vocabulary) -> Made:
    values = v.one(v.values)
    yield f"SELECT ?s ?x {{ ?s {values} ?v BIND(UCASE(STR(?v)) AS ?x) }}", False
    yield f"SELECT ?s ?x {{ ?s {values} ?v BIND(STRLANG(SUBSTR(STR(?v), {v.number(5)}, 7), LANG(?v)) AS ?x) }}", False
    yield f"SELECT ?s ?x {{ ?s {v.one(v.links)} ?o BIND(IRI(CONCAT(STR(?o), '#', MD5(STR(?s)))) AS ?x) }}", False
    yield f"SELECT ?x ?y {{ ?s {values} ?v BIND(STRLEN(STR(?v)) / {v.number(7)} AS ?x) BIND(?v + 1 AS ?y) }}", False
    either = "IF(BOUND(?v), DATATYPE(?v), ?s)"
    yield f"SELECT ?s ({either} AS ?x) {{ ?s a {v.one(v.classes)} OPTIONAL {{ ?s {values} ?v }} }}", False
    yield f"SELECT (COALESCE(?v / 0, xsd:integer(STR(?v)), 'neither') AS ?x) {{ ?s {values} ?v }}", False
    yield (
        f"SELECT ?s (ENCODE_FOR_URI(STR(?v)) AS ?x) (REPLACE(STR(?v), '[aeiou]', '\\t') AS ?y) {{ ?s {values} ?v }}",
        False,
    )


def sub_selects(v: Vocabulary) -> Made:
    a = v.one(v.links)
    yield (
        f"SELECT ?o ?n ?l {{ {{ SELECT ?o (COUNT(?s) AS ?n) {{ ?s {a} ?o }} GROUP BY ?o }} ?o skos:prefLabel ?l }}",
        False,
    )
    yield (
        (f"SELECT ?s ?p ?v {{ {{ SELECT DISTINCT ?s {{ ?s {a} ?o }} ORDER BY ?s LIMIT {v.number(9)} }} ?s ?p ?v }}"),
        False,
    )
    yield f"SELECT (MAX(?n) AS ?m) {{ SELECT ?o (COUNT(?s) AS ?n) {{ ?s {a} ?o }} GROUP BY ?o }}", False
    yield f"SELECT ?s {{ ?s a {v.one(v.classes)} MINUS {{ SELECT ?s {{ ?s {a} ?o }} }} }}", False


def graphs(v: Vocabulary) -> Made:
    # Different ones: the native server has the solutions twice of a graph that ``FROM NAMED`` names twice.
    g, h = v.some(v.graphs, 2)
    yield f"SELECT * {{ GRAPH {g} {{ ?s ?p ?o }} }}", False
    yield f"SELECT ?g ?p ?o {{ GRAPH ?g {{ {v.one(v.concepts)} ?p ?o }} }}", False
    yield f"SELECT ?g (COUNT(*) AS ?n) {{ GRAPH ?g {{ ?s {v.one(v.links)} ?o }} }} GROUP BY ?g ORDER BY ?g", True
    yield f"SELECT ?s ?o FROM {g} {{ ?s {v.one(v.links)} ?o }}", False
    yield f"SELECT ?g ?s FROM NAMED {g} FROM NAMED {h} {{ GRAPH ?g {{ ?s a ?c }} }}", False
    yield f"SELECT ?s ?g {{ ?s {v.one(v.links)} ?o GRAPH ?g {{ ?s a {v.one(v.classes)} }} }}", False
    yield "SELECT DISTINCT ?g { GRAPH ?g {} } ORDER BY ?g", True


def order_and_limit(v: Vocabulary) -> Made:
    n, k = v.number(25), v.number(25)
    yield f"SELECT ?s ?o {{ ?s {v.one(v.links)} ?o }} ORDER BY ?s ?o LIMIT {n} OFFSET {k}", True
    yield f"SELECT ?s ?v {{ ?s {v.one(v.values)} ?v }} ORDER BY DESC(STR(?v)) LANG(?v) ?s DATATYPE(?v) LIMIT {n}", True
    yield f"SELECT DISTINCT ?o {{ ?s {v.one(v.links)} ?o }} ORDER BY DESC(?o) OFFSET {k}", True
    yield f"SELECT ?s ?v {{ ?s a {v.one(v.classes)} OPTIONAL {{ ?s <urn:none> ?v }} }} ORDER BY ?v ?s LIMIT {n}", True
    yield f"SELECT ?s {{ ?s a {v.one(v.classes)} }} ORDER BY STRLEN(STR(?s)) ?s LIMIT 0", True
    yield f"SELECT REDUCED ?s ?o {{ ?s {v.one(v.links)} ?o }} ORDER BY ?o ?s LIMIT {n}", True


def ask(v: Vocabulary) -> Made:
    yield f"ASK {{ {v.one(v.concepts)} skos:broader+ {v.one(v.concepts)} }}", False
    yield f"ASK {{ ?s {v.one(v.links)} ?o . ?o {v.one(v.links)} ?s }}", False
    yield f"ASK {{ {v.one(v.concepts)} a skos:Concept FILTER NOT EXISTS {{ ?x <urn:none> ?y }} }}", False
    yield f"ASK {{ GRAPH {v.one(v.graphs)} {{ {v.one(v.concepts)} ?p ?o }} }}", False


def construct(v: Vocabulary) -> Made:
    a, b = v.some(v.links, 2)
    yield f"CONSTRUCT WHERE {{ ?s {a} ?o }}", False
    yield f"CONSTRUCT {{ ?o {b} ?s ; rdfs:label ?l }} WHERE {{ ?s {a} ?o OPTIONAL {{ ?o skos:prefLabel ?l }} }}", False
    yield f"CONSTRUCT {{ ?s rdfs:seeAlso [ rdfs:label ?l ] }} WHERE {{ ?s {a} ?o ; skos:altLabel ?l }}", False
    yield f"CONSTRUCT {{ ?l rdfs:label ?s . ?s rdfs:comment ?l }} WHERE {{ ?s {v.one(v.values)} ?l }}", False
    yield f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ GRAPH {v.one(v.graphs)} {{ ?s ?p ?o }} }}", False
    yield f"CONSTRUCT {{ <urn:x> <urn:n> ?n }} WHERE {{ SELECT (COUNT(*) AS ?n) {{ ?s {b} ?o }} }}", False


def describe(v: Vocabulary) -> Made:
    a, b = v.some(v.concepts, 2)
    yield f"DESCRIBE {a}", False
    yield f"DESCRIBE {a} {b} <urn:none>", False
    yield f"DESCRIBE ?x {{ {a} skos:broader|skos:related ?x }}", False
    yield f"DESCRIBE ?s {{ ?s {v.one(v.links)} {b} }}", False


KINDS: tuple[Callable[[Vocabulary], Made], ...] = (
    basic_patterns,
    optional,
    union,
    minus,
    filters,
    property_paths,
    aggregates,
    inline_data,
    binds,
    sub_selects,
    graphs,
    order_and_limit,
    ask,
    construct,
    describe,
)


def generate(quads: list[ox.Quad], seed: int = 20_240_229) -> list[Generated]:
    """Return ``EACH`` different queries of every kind over the dataset ``quads``."""
    vocabulary = Vocabulary(quads, random.Random(seed))
    queries: dict[str, Generated] = {}
    for kind in KINDS:
        made: dict[str, Generated] = {}
        for text, ordered in chain.from_iterable(kind(vocabulary) for _ in range(4 * EACH)):
            made.setdefault(text, Generated(kind.__name__, PREFIXES + text, ordered))
            if len(made) == EACH:
                break
        queries |= made
    return list(queries.values())
