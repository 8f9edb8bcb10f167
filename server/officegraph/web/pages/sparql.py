"""The SPARQL page: form, examples, results."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import urlencode

from officegraph.model.formats import RDF_FORMATS, RESULT_FORMATS, Format
from officegraph.model.namespaces import PREFIXES
from officegraph.web.pages import programs
from officegraph.web.pages.environment import render
from officegraph.web.pages.examples import GENERAL_EXAMPLES, Example, by_topic
from officegraph.web.pages.results import Results, graph_results, read_results, with_raw
from officegraph.web.pages.site import Site

VIEWS: Final = ("table", "chart", "raw")
"""How solutions may be shown, as values of the parameter ``view``."""

LONGEST_ADDRESS: Final = 8_000
"""Characters of a URL that the page offers; some servers and programs take no longer ones."""

LONG_ADDRESS: Final = 2_000
"""Characters of a URL from which on the page says that it is long."""

PREFIXES_SHOWN: Final = 12

_CONTEXT: Final = (3, 2)
_LINE_SHOWN: Final = 400
_ENGINE_SHOWN: Final = 2_000
_DECLARED: Final = re.compile(r"^PREFIX\s+([\w.-]+):", re.MULTILINE)
_PLACE: Final = re.compile(r"\s*([\w:?$@-]+|\S)")


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

    @property
    def graphs(self) -> list[tuple[str, str]]:
        """The parameters of the protocol that name graphs."""
        return [("default-graph-uri", iri) for iri in self.default_graphs] + [
            ("named-graph-uri", iri) for iri in self.named_graphs
        ]

    def parameters(self, *more: tuple[str, str]) -> str:
        """Return the query of a URL that asks this, and ``more``."""
        return urlencode([("query", self.query), *self.graphs, *more])


@dataclass(frozen=True, slots=True)
class QueryError:
    """What is wrong with a query, and where.

    Attributes:
        title: What kind of error.
        detail: What it is in this query.
        line: Line, counted from one, where known.
        column: Column, counted from one, where known.
        lines: The lines around the place: number and text.
        mark: Where in its line the place begins and ends, as positions of characters.
        engine: The engine's own words, if it gave any.
    """

    title: str
    detail: str
    line: int | None = None
    column: int | None = None
    lines: Sequence[tuple[int, str]] = field(default_factory=tuple)
    mark: tuple[int, int] | None = None
    engine: str | None = None


def query_error(
    title: str,
    detail: str,
    query: str,
    line: int | None = None,
    column: int | None = None,
    engine: str | None = None,
) -> QueryError:
    """Return an error with the lines of ``query`` around the place.

    The engine stops before blanks; what is marked is the word after them, or the blank where none follows.
    """
    lines: list[tuple[int, str]] = []
    mark = None
    if line is not None:
        everything = query.splitlines()
        before, after = _CONTEXT
        first = max(1, line - before)
        lines = [(n, everything[n - 1][:_LINE_SHOWN]) for n in range(first, min(len(everything), line + after) + 1)]
        if column is not None:
            text = dict(lines).get(line, "")
            found = _PLACE.match(text, max(0, column - 1))
            mark = found.span(1) if found else (max(0, column - 1), max(0, column))
    return QueryError(title, detail, line, column, lines, mark, None if engine is None else engine[:_ENGINE_SHOWN])


def render_form(
    site: Site,
    form: QueryForm | None = None,
    *,
    examples: Sequence[Example] = GENERAL_EXAMPLES,
    results: Results | None = None,
    error: QueryError | None = None,
    seconds: float | None = None,
    limits: Sequence[str] = (),
    kind: str = "SELECT",
    view: str = "table",
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
        kind: The query form.
        view: How solutions are shown, one of :data:`VIEWS`.
    """
    form = form or QueryForm()
    graph = kind in {"CONSTRUCT", "DESCRIBE"}
    query = form.query or (examples[0].query if examples else "")
    endpoint = site.endpoint
    share = f"{endpoint}?{form.parameters()}" if form.query else None
    return render(
        "sparql.html",
        site=site,
        form=form,
        query=query,
        topics=by_topic(examples),
        address=lambda example: site.url("/sparql?" + urlencode({"query": example.query})),
        current=next((example for example in examples if example.query == query), None),
        results=results,
        error=error,
        seconds=seconds,
        limits=limits,
        graph=graph,
        view=view,
        views=_views(site, form, results) if results is not None else [],
        share=share if share is not None and len(share) <= LONGEST_ADDRESS else None,
        share_is_long=share is not None and len(share) > LONG_ADDRESS,
        curl=programs.curl(endpoint, form.query, form.graphs, graph=graph),
        python=programs.python(endpoint, form.query, form.graphs, form=kind),
        downloads=[(f, _address(site, form, f)) for f in (RDF_FORMATS if graph else RESULT_FORMATS)],
        prefixes=sorted({**PREFIXES, **site.prefixes}.items()),
        common_prefixes=common_prefixes(site, examples),
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
    view: str = "table",
    languages: Sequence[str] = (),
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
        view: How solutions are shown, one of :data:`VIEWS`.
        languages: Languages of the reader, best first.

    Raises:
        ValueError: ``body`` is not in the format that goes with ``kind``.
    """
    if kind in {"CONSTRUCT", "DESCRIBE"}:
        results = graph_results(body.decode("utf-8"), site)
    else:
        results = read_results(site, body, languages)
    if view not in VIEWS or results.total == 0 or (view == "chart" and results.chart is None):
        view = "table"
    if view == "raw":
        results = with_raw(results, body)
    return render_form(
        site, form, examples=examples, results=results, seconds=seconds, limits=limits, kind=kind, view=view
    )


def common_prefixes(site: Site, examples: Sequence[Example]) -> list[tuple[str, str]]:
    """Return the prefixes that the examples declare, the most frequent first, then others of the vocabulary's own."""
    known = {**PREFIXES, **site.prefixes}
    declared = Counter(name for example in examples for name in _DECLARED.findall(example.query))
    own = [prefix for prefix, namespace in site.prefixes.items() if prefix and namespace.startswith(site.base)]
    names = dict.fromkeys(["skos", *(name for name, _count in declared.most_common()), *own])
    return [(name, known[name]) for name in names if name in known][:PREFIXES_SHOWN]


def _views(site: Site, form: QueryForm, results: Results) -> list[tuple[str, str]]:
    """Return the ways in which solutions can be shown, with their URLs, where there is a choice."""
    if not results.rows:
        return []
    addresses = []
    for view in VIEWS:
        if view == "chart" and results.chart is None:
            continue
        more = () if view == "table" else (("view", view),)
        addresses.append((view, site.url(f"/sparql?{form.parameters(*more)}")))
    return addresses if all(len(address) <= LONGEST_ADDRESS for _, address in addresses) else []


def _address(site: Site, form: QueryForm, wanted: Format) -> str:
    """Return the URL of the answer in a format."""
    return site.url(f"/sparql?{form.parameters(('format', wanted.extension))}")
