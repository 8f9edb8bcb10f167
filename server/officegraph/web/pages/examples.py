"""Queries to start from: read from files, or made for the vocabulary that is served."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from officegraph.model.namespaces import DCTERMS, RDFS, SKOS, Namespace
from officegraph.web.pages.site import in_query
from officegraph.web.pages.wording import gettext as _

_HEADER: Final = re.compile(r"#\s*(title|description|topic)\s*:\s*(.*)", re.IGNORECASE)
_LANGUAGE: Final = re.compile(r"[A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8})*")

MAPPINGS: Final = (SKOS.exactMatch, SKOS.closeMatch, SKOS.broadMatch, SKOS.narrowMatch, SKOS.relatedMatch)

MOST_SCHEMES: Final = 3
"""Schemes that examples of their own are made for."""


@dataclass(frozen=True, slots=True)
class Example:
    """A query to start from.

    Attributes:
        title: What it answers.
        description: More about it.
        query: Its text.
        name: Name of the file that it comes from, without ending.
        topic: What it is about; examples of one topic stand together.
    """

    title: str
    description: str
    query: str
    name: str = ""
    topic: str = ""


@dataclass(frozen=True, slots=True)
class Topic:
    """Examples about one thing.

    Attributes:
        name: What they are about; empty where it is not said.
        examples: The examples.
    """

    name: str
    examples: Sequence[Example]


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """What is in a vocabulary, as far as it decides which queries make sense.

    Attributes:
        schemes: Concept schemes, by IRI, with their labels, the largest first.
        languages: Languages of labels, the most used first.
        properties: IRIs of the properties that it uses.
    """

    schemes: Mapping[str, str] = field(default_factory=dict)
    languages: Sequence[str] = ()
    properties: frozenset[str] = frozenset()


def read_examples(folder: Path) -> list[Example]:
    """Return the example queries of ``folder``, in the order of the names of their files.

    A file starts with comment lines ``# title: …``, ``# description: …`` and ``# topic: …``; these are not shown again.
    """
    examples = []
    for path in sorted(folder.glob("*.rq")):
        header = {"title": path.stem.replace("-", " "), "description": "", "topic": ""}
        lines = path.read_text(encoding="utf-8").splitlines()
        while lines and (not lines[0].strip() or lines[0].startswith("#")):
            match = _HEADER.match(lines.pop(0))
            if match:
                header[match[1].lower()] = match[2].strip()
        text = "\n".join(lines).strip()
        examples.append(Example(header["title"], header["description"], text, path.stem, header["topic"]))
    return examples


def by_topic(examples: Iterable[Example]) -> list[Topic]:
    """Return ``examples`` by topic, in the order in which the topics come first."""
    topics: dict[str, list[Example]] = {}
    for example in examples:
        topics.setdefault(example.topic, []).append(example)
    return [Topic(name, members) for name, members in topics.items()]


GENERAL_EXAMPLES: Final = (
    Example(
        "Concepts and their names",
        "Preferred label, language",
        "PREFIX skos: <http://www.w3.org/2004/02/skos/core#>\n\nSELECT ?concept ?label WHERE {\n"
        "  ?concept a skos:Concept ;\n           skos:prefLabel ?label .\n}\nORDER BY ?label\nLIMIT 100",
    ),
    Example(
        "How many things of each class",
        "Counting, grouping",
        "SELECT ?class (COUNT(DISTINCT ?thing) AS ?things) WHERE {\n  ?thing a ?class .\n}\n"
        "GROUP BY ?class\nORDER BY DESC(?things)",
    ),
    Example(
        "The hierarchy from the top",
        "Top concepts and what is directly below",
        "PREFIX skos: <http://www.w3.org/2004/02/skos/core#>\n\nSELECT ?top ?narrower WHERE {\n"
        "  ?top skos:topConceptOf ?scheme .\n  OPTIONAL { ?narrower skos:broader ?top }\n}\n"
        "ORDER BY ?top ?narrower\nLIMIT 100",
    ),
    Example(
        "Named graphs and their size",
        "GRAPH",
        "SELECT ?graph (COUNT(*) AS ?triples) WHERE {\n  GRAPH ?graph { ?s ?p ?o }\n}\n"
        "GROUP BY ?graph\nORDER BY ?graph",
    ),
)
"""Examples that make sense for any vocabulary."""


def vocabulary_examples(profile: Profile) -> list[Example]:
    """Return queries that make sense for the vocabulary that ``profile`` tells of."""
    return [
        *_of_schemes(profile),
        *_of_names(profile),
        *_of_mappings(profile),
        *_of_dataset(),
    ]


def _query(text: str, *namespaces: tuple[str, Namespace]) -> str:
    declarations = "".join(f"PREFIX {prefix}: <{namespace.iri}>\n" for prefix, namespace in namespaces)
    return f"{declarations}\n{text}" if declarations else text


_S: Final = ("skos", SKOS)


def _of_schemes(profile: Profile) -> Iterable[Example]:
    topic = _("Concepts and their hierarchy")
    schemes = [(reference, label) for iri, label in profile.schemes.items() if (reference := in_query(iri))]
    for scheme, label in schemes[:MOST_SCHEMES]:
        yield Example(
            _("Concepts of “%(scheme)s”") % {"scheme": label},
            _("Each with its preferred labels."),
            _query(
                f"SELECT ?concept ?label WHERE {{\n  ?concept skos:inScheme {scheme} ;\n    skos:prefLabel ?label .\n"
                "}\nORDER BY ?label\nLIMIT 200",
                _S,
            ),
            topic=topic,
        )
        if SKOS.broader.value in profile.properties and SKOS.topConceptOf.value in profile.properties:
            yield Example(
                _("How much is below each top concept of “%(scheme)s”?") % {"scheme": label},
                _("Counts what is below at any depth; shown as a chart too."),
                _query(
                    "SELECT ?top (COUNT(DISTINCT ?concept) AS ?concepts) WHERE {\n"
                    f"  ?top skos:topConceptOf {scheme} .\n  ?concept skos:broader+ ?top .\n"
                    "}\nGROUP BY ?top\nORDER BY DESC(?concepts)",
                    _S,
                ),
                topic=topic,
            )
    if not schemes:
        yield Example(
            _("Concepts and their names"),
            _("Each with its preferred labels."),
            _query(
                "SELECT ?concept ?label WHERE {\n  ?concept a skos:Concept ;\n    skos:prefLabel ?label .\n"
                "}\nORDER BY ?label\nLIMIT 200",
                _S,
            ),
            topic=topic,
        )
    if SKOS.definition.value in profile.properties:
        yield Example(
            _("What do concepts mean?"),
            _("Concepts with their definitions."),
            _query(
                "SELECT ?concept ?definition WHERE {\n  ?concept skos:definition ?definition .\n"
                "}\nORDER BY ?concept\nLIMIT 100",
                _S,
            ),
            topic=topic,
        )
    if SKOS.related.value in profile.properties:
        yield Example(
            _("Which concepts are related?"),
            _("Pairs, each once."),
            _query(
                "SELECT ?one ?other WHERE {\n  ?one skos:related ?other .\n  FILTER (STR(?one) < STR(?other))\n"
                "}\nORDER BY ?one\nLIMIT 100",
                _S,
            ),
            topic=topic,
        )


def _of_names(profile: Profile) -> Iterable[Example]:
    topic = _("Names and languages")
    yield Example(
        _("Find by a word in a label"),
        _("Looks at preferred, alternative and hidden labels; put your word in."),
        _query(
            "SELECT ?concept ?label WHERE {\n  VALUES ?property { skos:prefLabel skos:altLabel skos:hiddenLabel }\n"
            '  ?concept ?property ?label .\n  FILTER (CONTAINS(LCASE(?label), "a"))\n}\nORDER BY ?label\nLIMIT 100',
            _S,
        ),
        topic=topic,
    )
    languages = [tag for tag in profile.languages if _LANGUAGE.fullmatch(tag)]
    if len(languages) > 1:
        yield Example(
            _("How many names are there in each language?"),
            _("Counts preferred labels; shown as a chart too."),
            _query(
                "SELECT ?language (COUNT(*) AS ?names) WHERE {\n  ?concept skos:prefLabel ?label .\n"
                "  BIND (LANG(?label) AS ?language)\n}\nGROUP BY ?language\nORDER BY DESC(?names)",
                _S,
            ),
            topic=topic,
        )
        yield Example(
            _("Which concepts have no name in “%(language)s”?") % {"language": languages[-1]},
            _("What is left to translate."),
            _query(
                "SELECT ?concept ?label WHERE {\n  ?concept a skos:Concept ;\n    skos:prefLabel ?label .\n"
                f'  FILTER (LANG(?label) = "{languages[0]}")\n  FILTER NOT EXISTS {{\n'
                f'    ?concept skos:prefLabel ?other .\n    FILTER (LANG(?other) = "{languages[-1]}")\n  }}\n'
                "}\nORDER BY ?label\nLIMIT 100",
                _S,
            ),
            topic=topic,
        )


def _of_mappings(profile: Profile) -> Iterable[Example]:
    used = [node.value[len(SKOS.iri) :] for node in MAPPINGS if node.value in profile.properties]
    if used:
        values = " ".join(f"skos:{name}" for name in used)
        yield Example(
            _("Mappings to other vocabularies"),
            _("Concept, kind of match, target."),
            _query(
                f"SELECT ?concept ?match ?target WHERE {{\n  VALUES ?match {{ {values} }}\n"
                "  ?concept ?match ?target .\n}\nORDER BY ?concept\nLIMIT 200",
                _S,
            ),
            topic=_("Mappings"),
        )


def _of_dataset() -> Iterable[Example]:
    topic = _("The dataset")
    yield Example(
        _("How many things of each class?"), _("Counting, grouping; shown as a chart too."),
        GENERAL_EXAMPLES[1].query, topic=topic,
    )  # fmt: skip
    yield Example(
        _("Which properties are used, and how often?"),
        _("Every property with the number of its triples."),
        "SELECT ?property (COUNT(*) AS ?triples) WHERE {\n  ?s ?property ?o .\n}\n"
        "GROUP BY ?property\nORDER BY DESC(?triples)",
        topic=topic,
    )
    yield Example(
        _("Named graphs and their size"), _("The parts that the dataset is made of."),
        GENERAL_EXAMPLES[3].query, topic=topic,
    )  # fmt: skip
    yield Example(
        _("Build a graph of names"),
        _("CONSTRUCT: the answer is Turtle, or any other format of RDF."),
        _query(
            "CONSTRUCT { ?concept rdfs:label ?label ; dcterms:isPartOf ?scheme }\nWHERE {\n"
            "  ?concept skos:prefLabel ?label ;\n    skos:inScheme ?scheme .\n}\nLIMIT 50",
            ("dcterms", DCTERMS), ("rdfs", RDFS), _S,
        ),
        topic=topic,
    )  # fmt: skip
