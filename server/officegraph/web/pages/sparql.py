"""The SPARQL page: form, examples, results."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlencode

from officegraph.model.formats import RDF_FORMATS, RESULT_FORMATS, Format
from officegraph.model.namespaces import PREFIXES, XSD
from officegraph.web.pages.direction import direction
from officegraph.web.pages.environment import render
from officegraph.web.pages.site import Site
from officegraph.web.pages.terms import OBVIOUS_DATATYPES, Link, Quoted, Text, Value
from officegraph.web.pages.wording import gettext_noop

ROWS_SHOWN: Final = 1000
"""Rows of a result that the page shows; all of them are in the files it links to."""

TEXT_SHOWN: Final = 200_000
"""Characters of a graph that the page shows."""

_HEADER: Final = re.compile(r"#\s*(title|description)\s*:\s*(.*)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Example:
    """A query to start from."""

    title: str
    description: str
    query: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class QueryForm:
    """What stands in the form.

    Attributes:
        query: Text of the query.
        default_graphs: Graph IRIs given for the default graph.
        named_graphs: Graph IRIs given as named graphs.
    """

    query: str = ""
    default_graphs: Sequence[str] = ()
    named_graphs: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Results:
    """The answer to a query, as the page shows it.

    Attributes:
        variables: Names of the variables.
        rows: Their values, row by row, ``None`` where unbound.
        total: How many rows there are.
        boolean: The answer to ``ASK``.
        text: A graph, as Turtle.
        cut: Whether the page shows only the beginning.
    """

    variables: Sequence[str] = ()
    rows: Sequence[Sequence[Value | None]] = ()
    total: int = 0
    boolean: bool | None = None
    text: str | None = None
    cut: bool = False


@dataclass(frozen=True, slots=True)
class QueryError:
    """What is wrong with a query, and where.

    Attributes:
        title: What kind of error.
        detail: What it is in this query.
        line: Line, counted from one, where known.
        column: Column, counted from one, where known.
        lines: The lines around the place: number and text.
    """

    title: str
    detail: str
    line: int | None = None
    column: int | None = None
    lines: Sequence[tuple[int, str]] = field(default_factory=tuple)


def read_examples(folder: Path) -> list[Example]:
    """Return the example queries of ``folder``, in the order of the names of their files.

    A file starts with comment lines ``# title: …`` and ``# description: …``; these are not shown again.
    """
    examples = []
    for path in sorted(folder.glob("*.rq")):
        header = {"title": path.stem.replace("-", " "), "description": ""}
        lines = path.read_text(encoding="utf-8").splitlines()
        while lines and (not lines[0].strip() or lines[0].startswith("#")):
            match = _HEADER.match(lines.pop(0))
            if match:
                header[match[1].lower()] = match[2].strip()
        examples.append(Example(header["title"], header["description"], "\n".join(lines).strip(), path.stem))
    return examples


GENERAL_EXAMPLES: Final = (
    Example(
        gettext_noop("Concepts and their names"),
        gettext_noop("Preferred label, language"),
        "PREFIX skos: <http://www.w3.org/2004/02/skos/core#>\n\nSELECT ?concept ?label WHERE {\n"
        "  ?concept a skos:Concept ;\n           skos:prefLabel ?label .\n}\nORDER BY ?label\nLIMIT 100",
    ),
    Example(
        gettext_noop("How many things of each class"),
        gettext_noop("Counting, grouping"),
        "SELECT ?class (COUNT(DISTINCT ?thing) AS ?things) WHERE {\n  ?thing a ?class .\n}\n"
        "GROUP BY ?class\nORDER BY DESC(?things)",
    ),
    Example(
        gettext_noop("The hierarchy from the top"),
        gettext_noop("Top concepts and what is directly below"),
        "PREFIX skos: <http://www.w3.org/2004/02/skos/core#>\n\nSELECT ?top ?narrower WHERE {\n"
        "  ?top skos:topConceptOf ?scheme .\n  OPTIONAL { ?narrower skos:broader ?top }\n}\n"
        "ORDER BY ?top ?narrower\nLIMIT 100",
    ),
    Example(
        gettext_noop("Named graphs and their size"),
        "GRAPH",
        "SELECT ?graph (COUNT(*) AS ?triples) WHERE {\n  GRAPH ?graph { ?s ?p ?o }\n}\n"
        "GROUP BY ?graph\nORDER BY ?graph",
    ),
)
"""Examples that make sense for any vocabulary."""


def read_results(site: Site, body: bytes) -> Results:
    """Return the results that ``body`` holds, in SPARQL 1.1 Query Results JSON Format.

    Triple terms and base directions of SPARQL 1.2 are understood. The page shows at most ``ROWS_SHOWN`` rows.

    Raises:
        ValueError: ``body`` is no such document.
    """
    document = json.loads(body)
    if "boolean" in document:
        return Results(boolean=bool(document["boolean"]))
    variables = list(document["head"].get("vars", ()))
    bindings = document["results"]["bindings"]
    rows = [[_value(site, row[name]) if name in row else None for name in variables] for row in bindings[:ROWS_SHOWN]]
    return Results(variables, rows, len(bindings), cut=len(bindings) > ROWS_SHOWN)


def _value(site: Site, term: Mapping[str, Any]) -> Value:
    kind, value = term["type"], term["value"]
    if kind == "uri":
        href, external = site.href(value)
        return Link(value, Text(site.shorten(value), direction="ltr"), href, external, labelled=False)
    if kind == "bnode":
        return Text(f"_:{value}", direction="ltr")
    if kind == "triple":
        return Quoted(
            _value(site, value["subject"]),
            _link(site, value["predicate"]["value"]),
            _value(site, value["object"]),
        )
    tag = term.get("xml:lang")
    datatype = term.get("datatype", XSD.string.value)
    return Text(
        value=value,
        language=site.language_tags.get(tag, tag) if tag else None,
        direction=direction(tag, term.get("its:dir")),
        foreign=bool(tag),
        datatype=None if tag or datatype in OBVIOUS_DATATYPES else site.shorten(datatype),
    )


def _link(site: Site, iri: str) -> Link:
    href, external = site.href(iri)
    return Link(iri, Text(site.shorten(iri), direction="ltr"), href, external, labelled=False)


def graph_results(turtle: str) -> Results:
    """Return the results that a graph, written as ``turtle``, is."""
    return Results(text=turtle[:TEXT_SHOWN], cut=len(turtle) > TEXT_SHOWN)


def query_error(title: str, detail: str, query: str, line: int | None = None, column: int | None = None) -> QueryError:
    """Return an error with the lines of ``query`` around the place."""
    lines: list[tuple[int, str]] = []
    if line is not None:
        everything = query.splitlines()
        first = max(1, line - 3)
        lines = [(n, everything[n - 1][:400]) for n in range(first, min(len(everything), line + 2) + 1)]
    return QueryError(title, detail, line, column, lines)


def render_form(
    site: Site,
    form: QueryForm | None = None,
    *,
    examples: Sequence[Example] = GENERAL_EXAMPLES,
    results: Results | None = None,
    error: QueryError | None = None,
    seconds: float | None = None,
    limits: Sequence[str] = (),
) -> str:
    """Return the SPARQL page.

    Args:
        site: The site.
        form: What stands in the form; the first example where nothing does.
        examples: Queries to start from.
        results: Answer to the query in the form.
        error: What is wrong with it.
        seconds: How long the query took.
        limits: What the service bounds, in words.
    """
    form = form or QueryForm()
    graph = results is not None and results.text is not None
    return render(
        "sparql.html",
        site=site,
        form=form,
        query=form.query or (examples[0].query if examples else ""),
        examples=[(example, site.url("/sparql?" + urlencode({"query": example.query}))) for example in examples],
        results=results,
        error=error,
        seconds=seconds,
        limits=limits,
        downloads=[(f, _address(site, form, f)) for f in (RDF_FORMATS if graph else RESULT_FORMATS)],
        prefixes=sorted({**PREFIXES, **site.prefixes}.items()),
        result_formats=RESULT_FORMATS,
        rdf_formats=RDF_FORMATS,
    )


def render_result(
    site: Site,
    form: QueryForm,
    kind: str,
    body: bytes,
    *,
    examples: Sequence[Example] = GENERAL_EXAMPLES,
    seconds: float | None = None,
    limits: Sequence[str] = (),
) -> str:
    """Return the SPARQL page with the answer to the query in the form.

    Args:
        site: The site.
        form: What stands in the form.
        kind: ``SELECT``, ``ASK``, ``CONSTRUCT`` or ``DESCRIBE``.
        body: The answer: SPARQL results JSON, or Turtle for a graph.
        examples: Queries to start from.
        seconds: How long the query took.
        limits: What the service bounds, in words.

    Raises:
        ValueError: ``body`` is not in the format that goes with ``kind``.
    """
    results = read_results(site, body) if kind in {"SELECT", "ASK"} else graph_results(body.decode("utf-8"))
    return render_form(site, form, examples=examples, results=results, seconds=seconds, limits=limits)


def _address(site: Site, form: QueryForm, wanted: Format | None) -> str:
    """Return the URL of the answer in a format, or of the page itself."""
    pairs = [("query", form.query)]
    pairs += [("default-graph-uri", iri) for iri in form.default_graphs]
    pairs += [("named-graph-uri", iri) for iri in form.named_graphs]
    if wanted is not None:
        pairs.append(("format", wanted.extension))
    return site.url("/sparql?" + urlencode(pairs))
