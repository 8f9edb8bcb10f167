"""Queries whose right answers are known, and the judge of an answer."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from itertools import cycle, islice

import pyoxigraph

from benchmarks import generator as g

PREFIXES = f"PREFIX skos: <{g.SKOS}>\n"
RESULTS = "application/sparql-results+json"
GRAPH = "text/turtle"

Row = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Question:
    """A query and what is right about its answer.

    Attributes:
        kind: What sort of query it is.
        text: The query.
        accept: Media type to ask for.
        holds: Tells whether an answer of that media type is right.
    """

    kind: str
    text: str
    accept: str
    holds: Callable[[bytes], bool]


def rows(body: bytes) -> set[Row]:
    """Return the solutions of an answer in JSON, each as its bindings in order of names."""
    bindings = json.loads(body)["results"]["bindings"]
    return {
        tuple(sorted((name, term["value"] + ("@" + term["xml:lang"] if "xml:lang" in term else ""))
              for name, term in row.items()))
        for row in bindings
    }  # fmt: skip


def row(**values: str) -> Row:
    """Return a solution as :func:`rows` does."""
    return tuple(sorted(values.items()))


def select(kind: str, body: str, expected: set[Row]) -> Question:
    """Return a SELECT query whose solutions are exactly ``expected``."""
    return Question(kind, PREFIXES + body, RESULTS, lambda answer: rows(answer) == expected)


def some(kind: str, body: str, right: Callable[[Row], bool], count: int) -> Question:
    """Return a SELECT query with ``count`` solutions of which each is ``right``."""
    return Question(
        kind,
        PREFIXES + body,
        RESULTS,
        lambda answer: len(found := rows(answer)) == count and all(right(one) for one in found),
    )


def graph(kind: str, body: str, expected: set[str]) -> Question:
    """Return a query for a graph that holds each of the N-Triples ``expected``."""

    def holds(answer: bytes) -> bool:
        # rdflib-endpoint sends RDF/XML whatever is asked for.
        format_ = pyoxigraph.RdfFormat.RDF_XML if answer.startswith(b"<?xml") else pyoxigraph.RdfFormat.TURTLE
        found = {str(triple) + " ." for triple in pyoxigraph.parse(answer, format=format_)}
        return expected <= found

    return Question(kind, PREFIXES + body, GRAPH, holds)


def line(concept: int, predicate: str, value: str) -> str:
    """Return a statement about a concept as N-Triples."""
    return f"<{g.concept_iri(concept)}> <{predicate}> {value} ."


def label_of(concept: int, size: int) -> Question:
    expected = {row(l=f"{g.label(concept, tag)}@{tag}") for tag in g.languages(concept)}
    return select("label", f"SELECT ?l {{ <{g.concept_iri(concept)}> skos:prefLabel ?l }}", expected)


def children_of(concept: int, size: int) -> Question:
    above = g.parent(concept) or 0
    text = (
        f"SELECT ?c ?l {{ ?c skos:broader <{g.concept_iri(above)}> ; skos:prefLabel ?l "
        'FILTER(LANG(?l) = "en") } ORDER BY ?l'
    )
    expected = {row(c=g.concept_iri(below), l=g.label(below, "en") + "@en") for below in g.children(above, size)}
    return select("children", text, expected)


def ancestors_of(concept: int, size: int) -> Question:
    expected = {row(a=g.concept_iri(above)) for above in g.ancestors(concept)}
    return select("ancestors", f"SELECT ?a {{ <{g.concept_iri(concept)}> skos:broader+ ?a }}", expected)


def five_labels(concept: int, size: int) -> Question:
    chosen = [(concept + 13 * step) % size for step in range(5)]
    optional = " ".join(
        f'OPTIONAL {{ ?c skos:prefLabel ?{tag} FILTER(LANG(?{tag}) = "{tag}") }}' for tag in g.QUALITIES
    )
    values = " ".join(f"<{g.concept_iri(one)}>" for one in chosen)
    expected = {
        row(c=g.concept_iri(one), **{tag: f"{g.label(one, tag)}@{tag}" for tag in g.languages(one)}) for one in chosen
    }
    return select("labels in four languages", f"SELECT * {{ VALUES ?c {{ {values} }} {optional} }}", expected)


def top_concepts(concept: int, size: int) -> Question:
    scheme = g.scheme(concept)
    expected = {row(c=g.concept_iri(top)) for top in range(scheme, min(g.TOPS, size), g.SCHEMES)}
    return select("top concepts", f"SELECT ?c {{ <{g.scheme_iri(scheme)}> skos:hasTopConcept ?c }}", expected)


def mappings_below(concept: int, size: int) -> Question:
    above = g.parent(concept) or 0
    expected = {
        row(c=g.concept_iri(below), m=matched)
        for below in g.children(above, size)
        if (matched := g.target(below)) is not None
    }
    text = f"SELECT ?c ?m {{ ?c skos:broader <{g.concept_iri(above)}> ; skos:exactMatch ?m }}"
    return select("mappings", text, expected)


def described(concept: int, size: int) -> Question:
    expected = {line(concept, predicate, value) for predicate, value in g.concept_statements(concept, size)}
    return graph("DESCRIBE", f"DESCRIBE <{g.concept_iri(concept)}>", expected)


def neighbourhood(concept: int, size: int) -> Question:
    subject = f"<{g.concept_iri(concept)}>"
    text = (
        f"CONSTRUCT {{ {subject} skos:semanticRelation ?n . ?n skos:prefLabel ?l }} "
        f"WHERE {{ {subject} skos:broader|skos:narrower|skos:related ?n . ?n skos:prefLabel ?l }}"
    )
    neighbours = [g.parent(concept), g.mate(concept, size), *g.children(concept, size)]
    expected = {
        line(neighbour, f"{g.SKOS}prefLabel", f'"{g.label(neighbour, tag)}"@{tag}')
        for neighbour in neighbours
        if neighbour is not None
        for tag in g.languages(neighbour)
    }
    return graph("CONSTRUCT", text, expected)


def asked(concept: int, size: int) -> Question:
    text = f'ASK {{ <{g.concept_iri(concept)}> skos:notation "N{concept:07}" }}'
    return Question("ASK", PREFIXES + text, RESULTS, is_yes)


def is_yes(answer: bytes) -> bool:
    """Return whether an answer to ASK is yes."""
    content = json.loads(answer)
    if "boolean" not in content:
        # Virtuoso 7.2 sends the answer as a solution.
        return bool(content["results"]["bindings"][0]["__ASK_RETVAL"]["value"] == "1")
    return content["boolean"] is True


SMALL = (
    label_of,
    children_of,
    ancestors_of,
    five_labels,
    top_concepts,
    mappings_below,
    described,
    neighbourhood,
    asked,
)


def value_of(solution: Row, name: str) -> str:
    return dict(solution)[name]


def heavy(size: int) -> list[Question]:
    """Return queries that look at much of the data."""
    harbours = sum(1 for concept in range(size) if "harbour" in g.label(concept, "en"))
    reviews = sum(1 for concept in range(size) if g.label(concept, "en").startswith("urban review"))
    by_scheme = [sum(1 for concept in range(size) if g.scheme(concept) == number) for number in range(g.SCHEMES)]
    by_language = [sum(tag in g.languages(concept) for concept in range(size)) for tag in g.QUALITIES]
    return [
        some(
            "CONTAINS",
            'SELECT ?c ?l { ?c skos:prefLabel ?l FILTER(LANG(?l) = "en" && CONTAINS(?l, "harbour")) } LIMIT 20',
            lambda one: "harbour" in value_of(one, "l"),
            min(20, harbours),
        ),
        some(
            "REGEX",
            'SELECT ?c { ?c skos:prefLabel ?l FILTER(LANG(?l) = "en" && REGEX(?l, "^urban review [0-9]+$")) }',
            lambda one: value_of(one, "c").startswith(g.BASE),
            reviews,
        ),
        select(
            "count by scheme",
            "SELECT ?s (COUNT(?c) AS ?n) { ?c skos:inScheme ?s } GROUP BY ?s",
            {row(s=g.scheme_iri(number), n=str(count)) for number, count in enumerate(by_scheme) if count},
        ),
        some(
            "1,000 rows",
            "SELECT ?c ?l { ?c skos:notation ?n ; skos:prefLabel ?l } LIMIT 1000",
            lambda one: value_of(one, "c").startswith(g.BASE),
            min(1000, sum(by_language)),
        ),
        select(
            "count by language",
            "SELECT ?t (COUNT(?c) AS ?n) { ?c a skos:Concept ; skos:prefLabel ?l } GROUP BY (LANG(?l) AS ?t)",
            {row(t=tag, n=str(count)) for tag, count in zip(g.QUALITIES, by_language, strict=True)},
        ),
    ]


def small(size: int, count: int) -> list[Question]:
    """Return ``count`` small queries, of each kind as many."""
    concepts = g.sample(size, count)
    return [make(concept, size) for make, concept in zip(islice(cycle(SMALL), count), concepts, strict=True)]


def mix(size: int, count: int) -> list[Question]:
    """Return ``count`` queries of which one in ten is heavy."""
    questions = small(size, count)
    for position, question in zip(range(9, count, 10), cycle(heavy(size)), strict=False):
        questions[position] = question
    return questions
