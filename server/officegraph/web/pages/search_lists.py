"""Results of a search for programs: JSON, CSV, and suggestions for a text that is still being typed."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Sequence
from typing import Any, Final

from officegraph.release.search.model import Hit, Kind, SearchResult
from officegraph.web.pages.asked import Asked
from officegraph.web.pages.search import SearchResults, pages_of

COLUMNS: Final = (
    "iri", "label", "language", "kind", "match", "property", "matched", "matchedLanguage", "score", "definition",
    "schemes", "offices", "segments", "deprecated", "url",
)  # fmt: skip
"""Columns of the results as CSV; several IRIs in one cell stand apart by blanks."""


def described(hit: Hit, url: Callable[[str], str]) -> dict[str, Any]:
    """Return what programs get to know of a hit.

    Args:
        hit: The hit.
        url: Gives the address of a resource.
    """
    definition = hit.definition
    return {
        "iri": hit.iri,
        "url": url(hit.iri),
        "kind": hit.kind.value,
        "label": hit.label.text,
        "language": hit.label.language or None,
        "definition": None if definition is None else definition.text,
        "definitionLanguage": None if definition is None else definition.language or None,
        "match": hit.features.kind.name.lower(),
        "property": hit.match.property.name.lower(),
        "matched": hit.match.text,
        "matchedLanguage": hit.match.language or None,
        "spans": [list(span) for span in hit.match.spans],
        "score": hit.score,
        "types": list(hit.types),
        "schemes": list(hit.schemes),
        "offices": list(hit.offices),
        "segments": list(hit.segments),
        "deprecated": hit.deprecated,
    }


def as_json(asked: Asked, result: SearchResult, url: Callable[[str], str], absolute: Callable[[str], str]) -> bytes:
    """Return one page of results as JSON.

    Args:
        asked: The question.
        result: What was found.
        url: Gives the address of a resource.
        absolute: Gives the URL of a path on this host.
    """
    last = pages_of(result.total, asked.size)
    content = {
        "query": asked.text,
        "filters": {name: list(values) for name, values in asked.filters.items()},
        "total": result.total,
        "similar": result.similar,
        "page": asked.page,
        "pages": last,
        "size": asked.size,
        "url": absolute(asked.path(".json")),
        "previous": absolute(asked.at(asked.page - 1).path(".json")) if asked.page > 1 else None,
        "next": absolute(asked.at(asked.page + 1).path(".json")) if asked.page < last else None,
        "results": [described(hit, url) for hit in result.hits],
        "facets": {
            name: [{"value": count.value, "count": count.count} for count in counts]
            for name, counts in result.facets.items()
        },
    }
    return f"{json.dumps(content, ensure_ascii=False, indent=2)}\n".encode()


def as_csv(result: SearchResult, url: Callable[[str], str]) -> bytes:
    """Return one page of results as CSV (RFC 4180).

    Args:
        result: What was found.
        url: Gives the address of a resource.
    """
    table = io.StringIO()
    writer = csv.writer(table, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for hit in result.hits:
        row = described(hit, url)
        writer.writerow([_cell(row[column]) for column in COLUMNS])
    return table.getvalue().encode()


def _cell(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return " ".join(value)
    return "" if value is None else str(value)


def distinct(hits: Sequence[Hit], views: SearchResults, most: int) -> list[Hit]:
    """Return the first of those hits that look alike in a list of suggestions: same name, same sort of thing.

    Args:
        hits: What was found.
        views: Says what sort of thing each is.
        most: How many hits to return at most.
    """
    found: dict[tuple[str, str | None], Hit] = {}
    for hit in hits:
        alike = hit.label.text.casefold(), views.kind(hit) if hit.kind != Kind.CONCEPT else hit.iri
        found.setdefault(alike, hit)
    return list(found.values())[:most]


def suggestions(hits: Sequence[Hit], views: SearchResults, url: Callable[[str], str]) -> bytes:
    """Return suggestions as JSON: a list of what to go to, the best first.

    Args:
        hits: What was found.
        views: Makes views of offices and broader concepts.
        url: Gives the address of a resource.
    """
    rows = []
    for hit in hits:
        path = views.path(hit)
        rows.append(
            {
                "iri": hit.iri,
                "label": hit.label.text,
                "matched": hit.match.text,
                "language": hit.match.language or None,
                "property": hit.match.property.name.lower(),
                "spans": [list(span) for span in hit.match.spans],
                "kind": hit.kind.value,
                "kindLabel": views.kind(hit),
                "office": [
                    {"iri": office.link.iri, "label": office.link.text.value, "style": office.style or None}
                    for office in views.offices(hit.offices)
                ],
                "broader": [link.text.value for link in path],
                "url": url(hit.iri),
            }
        )
    return json.dumps(rows, ensure_ascii=False, separators=(",", ":")).encode()


def opensearch_suggestions(text: str, hits: Sequence[Hit], url: Callable[[str], str]) -> bytes:
    """Return suggestions as browsers ask for them (OpenSearch Suggestions 1.1).

    Args:
        text: What was typed.
        hits: What was found.
        url: Gives the address of a resource.
    """
    content = [
        text,
        [hit.label.text for hit in hits],
        [hit.match.text if hit.match.text != hit.label.text else "" for hit in hits],
        [url(hit.iri) for hit in hits],
    ]
    return json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()
