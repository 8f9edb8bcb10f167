"""The answer to a query as the page shows it: a table, a yes or no, a graph, a chart."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

from officegraph.model.namespaces import XSD
from officegraph.web.pages.direction import direction
from officegraph.web.pages.highlight import Token, highlight
from officegraph.web.pages.site import Site
from officegraph.web.pages.terms import OBVIOUS_DATATYPES, Link, Quoted, Terms, Text, Value, shorten

ROWS_SHOWN: Final = 500
"""Rows of a result that the page shows; all of them are in the files it links to."""

CHARACTERS_SHOWN: Final = 400_000
"""Characters of all values of a table that the page shows; the rows after that are left out."""

VALUE_SHOWN: Final = 4_000
"""Characters of one value that the page shows."""

TEXT_SHOWN: Final = 60_000
"""Characters of a graph, or of a raw answer, that the page shows."""

BARS_SHOWN: Final = 40
"""Rows that a chart shows."""

INDENTED: Final = 250_000
"""Bytes of a raw answer that is indented for reading; a longer one is shown as it is."""

NUMERIC: Final = frozenset(
    XSD[name].value
    for name in (
        "integer", "decimal", "double", "float", "int", "long", "short", "byte", "nonNegativeInteger",
        "positiveInteger", "nonPositiveInteger", "negativeInteger", "unsignedInt", "unsignedLong", "unsignedShort",
        "unsignedByte",
    )
)  # fmt: skip

_NAMING_COLUMNS: Final = 2
_UNBOUND: Final = "\u2013"


@dataclass(frozen=True, slots=True)
class Bar:
    """A row of a chart.

    Attributes:
        label: What the number is of.
        value: The number, as it was given.
        width: Its share of the largest, in per cent.
    """

    label: Value
    value: str
    width: float


@dataclass(frozen=True, slots=True)
class Chart:
    """Bars for the numbers of one variable.

    Attributes:
        label: Name of the variable that names the rows.
        number: Name of the variable with the numbers.
        bars: The rows, in the order of the answer.
        total: How many rows there are.
    """

    label: str
    number: str
    bars: Sequence[Bar]
    total: int

    @property
    def cut(self) -> bool:
        """Whether it shows only the beginning."""
        return len(self.bars) < self.total


@dataclass(frozen=True, slots=True)
class Results:
    """The answer to a query, as the page shows it.

    Attributes:
        variables: Names of the variables.
        rows: Their values, row by row, ``None`` where unbound.
        total: How many rows there are.
        boolean: The answer to ``ASK``.
        text: A graph, as Turtle.
        tokens: The same, for colours.
        cut: Whether the page shows only the beginning.
        labels: Labels of what the rows link to, by IRI.
        numeric: Positions of the variables whose values are all numbers.
        chart: The answer as a chart, where it fits.
        raw: The answer as it was given, where that is wanted.
        raw_cut: Whether that is only the beginning of it.
    """

    variables: Sequence[str] = ()
    rows: Sequence[Sequence[Value | None]] = ()
    total: int = 0
    boolean: bool | None = None
    text: str | None = None
    tokens: Sequence[Token] = ()
    cut: bool = False
    labels: Mapping[str, Text] = field(default_factory=dict)
    numeric: frozenset[int] = frozenset()
    chart: Chart | None = None
    raw: str | None = None
    raw_cut: bool = False


def read_results(site: Site, body: bytes, languages: Sequence[str] = ()) -> Results:
    """Return the results that ``body`` holds, in SPARQL 1.1 Query Results JSON Format.

    Triple terms and base directions of SPARQL 1.2 are understood.

    Args:
        site: The site.
        body: The answer.
        languages: Languages of the reader, best first, for the labels of resources.

    Raises:
        ValueError: ``body`` is no such document.
    """
    document = json.loads(body)
    if "boolean" in document:
        return Results(boolean=bool(document["boolean"]))
    variables = list(document["head"].get("vars", ()))
    bindings = document["results"]["bindings"]
    rows: list[list[Value | None]] = []
    characters = 0
    for binding in bindings[:ROWS_SHOWN]:
        rows.append([_value(site, binding[name]) if name in binding else None for name in variables])
        characters += sum(map(_length, rows[-1]))
        if characters > CHARACTERS_SHOWN:
            break
    numeric = frozenset(
        position for position, name in enumerate(variables) if bindings and all(_is_number(b, name) for b in bindings)
    )
    labels = _labels(site, rows, languages)
    return Results(
        variables,
        rows,
        len(bindings),
        cut=len(rows) < len(bindings),
        labels=labels,
        numeric=numeric,
        chart=_chart(variables, rows, bindings, numeric, labels),
    )


def graph_results(turtle: str, site: Site | None = None) -> Results:
    """Return the results that a graph, written as ``turtle``, is."""
    shown = turtle[:TEXT_SHOWN]
    return Results(text=shown, tokens=highlight(shown, site or Site.bare()), cut=len(turtle) > TEXT_SHOWN)


def with_raw(results: Results, body: bytes) -> Results:
    """Return ``results`` with the answer ``body`` that they come from, as text for reading."""
    text = body.decode("utf-8")
    if len(body) <= INDENTED:
        text = json.dumps(json.loads(text), indent=2, ensure_ascii=False)
    return replace(results, raw=text[:TEXT_SHOWN], raw_cut=len(text) > TEXT_SHOWN)


def _value(site: Site, term: Mapping[str, Any]) -> Value:
    kind, value = term["type"], term["value"]
    if kind == "uri":
        return _link(site, value)
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
        value=value if len(value) <= VALUE_SHOWN else f"{value[: VALUE_SHOWN - 1]}…",
        language=site.language_tags.get(tag, tag) if tag else None,
        direction=direction(tag, term.get("its:dir")),
        datatype=None if tag or datatype in OBVIOUS_DATATYPES else site.shorten(datatype),
    )


def _link(site: Site, iri: str) -> Link:
    href, external = site.href(iri)
    return Link(iri, Text(site.shorten(iri), direction="ltr"), href, external, labelled=False)


def _length(value: Value | None) -> int:
    match value:
        case Text():
            return len(value.value)
        case Link():
            return len(value.iri)
        case Quoted():
            return _length(value.subject) + _length(value.property) + _length(value.object)
    return 0


def _is_number(binding: Mapping[str, Any], name: str) -> bool:
    return name in binding and binding[name].get("datatype") in NUMERIC


def _labels(site: Site, rows: Sequence[Sequence[Value | None]], languages: Sequence[str]) -> dict[str, Text]:
    """Return the labels of what the rows link to, each looked up once; the name of a resource is none."""
    terms = Terms(site, languages, site.labels)
    found: dict[str, Text] = {}
    seen: set[str] = set()
    for row in rows:
        for value in row:
            if isinstance(value, Link) and value.iri not in seen:
                seen.add(value.iri)
                label = terms.best(site.labels(value.iri))
                if label is not None:
                    found[value.iri] = label
    return found


def _chart(
    variables: Sequence[str],
    rows: Sequence[Sequence[Value | None]],
    bindings: Sequence[Mapping[str, Any]],
    numeric: frozenset[int],
    labels: Mapping[str, Text],
) -> Chart | None:
    """Return a chart of the first numbers that stand beside a name, in two rows or more, none of them below zero."""
    if not numeric or not 1 <= len(variables) - len(numeric) <= _NAMING_COLUMNS or len(rows) < 2:
        return None
    at = min(numeric)
    numbers = [_number(binding[variables[at]]["value"]) for binding in bindings[: len(rows)]]
    if any(number is None or number < 0 for number in numbers):
        return None
    naming = [position for position in range(len(variables)) if position not in numeric]
    # A label rather than the resource that it is of.
    place = next((p for p in naming if isinstance(rows[0][p], Text)), naming[0])
    largest = max((number for number in numbers if number is not None), default=0.0)
    bars = [
        Bar(
            _named(row[place], labels),
            str(bindings[index][variables[at]]["value"])[:40],
            round(100 * (numbers[index] or 0) / largest, 2) if largest else 0.0,
        )
        for index, row in enumerate(rows[:BARS_SHOWN])
    ]
    return Chart(variables[place], variables[at], bars, len(bindings))


def _named(value: Value | None, labels: Mapping[str, Text]) -> Value:
    """Return what names a bar: the label of a resource where it has one."""
    if value is None:
        return Text(_UNBOUND)
    if isinstance(value, Link) and value.iri in labels:
        return Link(value.iri, labels[value.iri], value.href, value.external, labelled=True)
    if isinstance(value, Text):
        return Text(shorten(value.value, 120) or _UNBOUND, value.language, value.direction)
    return value


def _number(text: str) -> float | None:
    try:
        number = float(text)
    except ValueError:
        return None
    return number if math.isfinite(number) else None
