"""The page that says what went wrong, and what to do."""

from __future__ import annotations

from collections.abc import Sequence

from officegraph.http.problem import PROBLEM_TYPES, Problem
from officegraph.model.formats import RDF_FORMATS, RESULT_FORMATS
from officegraph.web.pages.environment import render
from officegraph.web.pages.site import Site
from officegraph.web.pages.sparql import QueryForm, query_error
from officegraph.web.pages.terms import shorten
from officegraph.web.pages.wording import _

_SHOWN = frozenset({"line", "column", "query", "offers", "engine"})


def render_problem(
    problem: Problem, site: Site | None = None, *, suggestions: Sequence[tuple[str, str]] = (), query: str | None = None
) -> str:
    """Return the page for ``problem``.

    The members ``line``, ``column`` and ``query`` of a problem with a query are shown as the lines around the
    place; ``offers`` (406) as a list.

    Args:
        problem: What went wrong.
        site: The site; one that publishes nothing where there is no release.
        suggestions: Where else to look: words and URL.
        query: The query that it is about, where the problem does not hold it itself.
    """
    members = problem.extensions
    asked = members.get("query", query)
    line, column = members.get("line"), members.get("column")
    error = None
    if isinstance(asked, str):
        error = query_error(
            _(problem.title),
            problem.detail or "",
            asked,
            line if isinstance(line, int) else None,
            column if isinstance(column, int) else None,
            engine if isinstance(engine := members.get("engine"), str) else None,
        )
    offers = members.get("offers")
    advice = next((_(kind.description) for kind in PROBLEM_TYPES.values() if kind.title == problem.title), "")
    return render(
        "problem.html",
        site=site or Site.bare(),
        problem=problem,
        detail=shorten(problem.detail or "", 2000) if error is None else (problem.detail or "")[:2000],
        advice=advice,
        offers=[shorten(str(offer), 200) for offer in offers] if isinstance(offers, list | tuple) else [],
        members=[(n, shorten(str(v), 500)) for n, v in members.items() if n not in _SHOWN],
        suggestions=suggestions,
        error=error,
        query=asked if isinstance(asked, str) else None,
        form=QueryForm(),
        current=None,
        result_formats=RESULT_FORMATS,
        rdf_formats=RDF_FORMATS,
    )


def render_problem_type(name: str, site: Site | None = None, *, canonical: str = "") -> str:
    """Return the page that documents a kind of problem, ``/problems/{name}`` (RFC 9457, section 4.1).

    Args:
        name: Name of the kind.
        site: The site; one that publishes nothing where there is no release.
        canonical: URL of the page; empty where it is not known.

    Raises:
        KeyError: There is no such kind.
    """
    return render(
        "problem-type.html", site=site or Site.bare(), name=name, kind=PROBLEM_TYPES[name], canonical=canonical
    )
