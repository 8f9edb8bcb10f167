"""``/search`` and ``/suggest``: what is called so, or nearly so; ``/opensearch.xml`` for browsers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final
from xml.sax.saxutils import escape, quoteattr

from flask import Blueprint, Response, request

from officegraph.http.accept import Offers
from officegraph.http.iris import by_extension
from officegraph.http.links import link
from officegraph.http.problem import ProblemError, make_problem
from officegraph.http.sparql_protocol import parameter_values
from officegraph.model.formats import CSV, HTML, JSON, Format
from officegraph.release.search.model import FacetCount, SearchResult
from officegraph.web.answer import Representation, compressed, of_bytes
from officegraph.web.links import absolute, resource_path
from officegraph.web.pages.asked import FILTERS, Asked, AskedError
from officegraph.web.pages.environment import asset
from officegraph.web.pages.search import SearchResults, pages_of, render_search
from officegraph.web.pages.search_lists import as_csv, as_json, distinct, opensearch_suggestions, suggestions
from officegraph.web.pages.terms import shorten
from officegraph.web.publication import publication
from officegraph.web.respond import deliver, negotiated, redirect
from officegraph.web.site_model import reader_languages, site_model

blueprint = Blueprint("search", __name__)

OFFERS: Final = Offers((HTML, JSON, CSV))
FORMATS: Final = by_extension(OFFERS.formats)

SUGGESTIONS: Final = Format("OpenSearch suggestions", "opensearch", "application/x-suggestions+json")
SUGGESTED: Final = Offers((JSON, SUGGESTIONS))

SUGGESTED_HITS: Final = 8
MOST_SUGGESTED: Final = 20
"""Suggestions, unless ``limit`` asks for another number, and at most."""

NO_INDEX: Final = "noindex, follow"
OPENSEARCH: Final = "application/opensearchdescription+xml"
LONGEST_SHORT_NAME: Final = 16
"""Characters of a name that OpenSearch 1.1 lets a search engine have."""


@blueprint.get("/search")
def search() -> Response:
    """Send what matches, in the form asked for by ``format`` or ``Accept``."""
    named = OFFERS.named(parameter_values(request.query_string, "format"))
    return results(named or negotiated(OFFERS, "The list of results"), vary=() if named else ("Accept",))


@blueprint.get("/search.<extension>")
def search_document(extension: str) -> Response:
    """Send what matches in one form, whatever ``Accept`` says."""
    format_ = FORMATS.get(extension)
    if format_ is None:
        raise ProblemError(
            make_problem(
                "not-found", f"No list of results has the ending {extension!r}; there are {', '.join(FORMATS)}."
            )
        )
    return results(format_)


def results(format_: Format, vary: tuple[str, ...] = ()) -> Response:
    """Send what matches in a format.

    Args:
        format_: The format.
        vary: Request fields that it was chosen by.
    """
    current = publication()
    asked = question()
    if format_ == HTML and (asked.text in current.release.documents or asked.text == current.dataset_iri):
        path = "/dataset" if asked.text == current.dataset_iri else resource_path(asked.text)
        return redirect(absolute(path), 303, vary=vary)
    language, more = reader_languages()
    found = current.release.search.search(asked.request((language,)))
    last = pages_of(found.total, asked.size)
    if asked.page > last:
        raise ProblemError(
            make_problem("not-found", f"There is no page {asked.page:,} of these results, but {last:,}.")
        )

    def url(iri: str) -> str:
        return absolute(resource_path(iri))

    def body() -> bytes:
        if format_ == JSON:
            return as_json(asked, found, url, absolute)
        if format_ == CSV:
            return as_csv(found, url)
        site = site_model()
        page = SearchResults(site, (language,), asked).page(
            found, alternatives(asked, language, found), beside(asked, found)
        )
        return render_search(page, site, canonical=absolute(asked.path())).encode()

    return deliver(
        Representation(
            content_type=format_.content_type,
            digest=current.page_digest("search", language, asked.path()),
            load=lambda coding: compressed(body()) if coding == "gzip" else body(),
            variant=f"{format_.extension}-{language}",
            codings=("gzip",),
            vary=(*vary, *more),
            links=links(format_, asked, last),
            last_modified=current.last_modified,
            headers={"Content-Language": language} | ({} if asked.is_empty else {"X-Robots-Tag": NO_INDEX}),
        )
    )


def question() -> Asked:
    """Return what the request asks.

    Raises:
        ProblemError: 400, where a parameter has a value that it cannot have.
    """
    names = ("q", *FILTERS, "page", "limit", "lang")
    parameters = {name: parameter_values(request.query_string, name) for name in names}
    try:
        return Asked.of(parameters, publication().release.base)
    except AskedError as error:
        raise ProblemError(make_problem("bad-request", str(error))) from error


def alternatives(asked: Asked, language: str, found: SearchResult) -> Mapping[str, Sequence[FacetCount]]:
    """Return the counts of each facet, those of a facet that limits the results as if it did not."""
    counts = dict(found.facets)
    for name in asked.filters:
        without = asked.without(name)
        if not without.is_empty:
            limited = replace(without.request((language,)), limit=0, definitions=False)
            counts[name] = publication().release.search.search(limited).facets.get(name, ())
    return counts


def beside(asked: Asked, found: SearchResult) -> int:
    """Return how many results there would be without limits, where there are none."""
    if found.total or not asked.filters or not asked.text:
        return 0
    wider = replace(asked.unfiltered().request(()), limit=0, facets=False, definitions=False)
    return publication().release.search.search(wider).total


def links(format_: Format, asked: Asked, last: int) -> list[str]:
    """Return the members of ``Link``: the other forms of this list, and the pages beside this one."""
    ending = "" if format_ == HTML else f".{format_.extension}"
    found = [
        link(absolute(asked.path(f".{other.extension}")), "alternate", type=other.media_type)
        for other in OFFERS.formats
        if other != format_
    ]
    if asked.page > 1:
        found.append(link(absolute(asked.at(asked.page - 1).path(ending)), "prev"))
    if asked.page < last:
        found.append(link(absolute(asked.at(asked.page + 1).path(ending)), "next"))
    return found


@blueprint.get("/suggest")
def suggest() -> Response:
    """Send what a text that is still being typed may be the beginning of."""
    named = SUGGESTED.named(parameter_values(request.query_string, "format"))
    format_ = named or negotiated(SUGGESTED, "The list of suggestions")
    asked = question()
    language, more = reader_languages()
    limited = any(parameter_values(request.query_string, "limit"))
    limit = min(asked.size, MOST_SUGGESTED) if limited else SUGGESTED_HITS
    views = SearchResults(site_model(), (language,), asked)
    found = publication().release.search.suggest(asked.text, (language,), 2 * limit)
    hits = distinct(found, views, limit)

    def url(iri: str) -> str:
        return absolute(resource_path(iri))

    body = suggestions(hits, views, url) if format_ == JSON else opensearch_suggestions(asked.text, hits, url)
    return deliver(
        of_bytes(
            body,
            format_.content_type,
            variant=f"{format_.extension}-{language}",
            vary=(*(() if named else ("Accept",)), *more),
            last_modified=publication().last_modified,
            headers={"X-Robots-Tag": NO_INDEX},
        )
    )


@blueprint.get("/opensearch.xml")
def description() -> Response:
    """Tell browsers how to search here (OpenSearch 1.1, draft 6)."""
    site = site_model()
    addresses = (
        ("text/html", "results", "/search?q={searchTerms}&page={startPage?}"),
        (JSON.media_type, "results", "/search.json?q={searchTerms}&page={startPage?}"),
        (SUGGESTIONS.media_type, "suggestions", "/suggest?q={searchTerms}&format=opensearch"),
    )
    urls = "".join(
        f'<Url type="{media_type}" rel="{rel}" template={quoteattr(absolute(path))}/>\n'
        for media_type, rel, path in addresses
    )
    content = (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<OpenSearchDescription xmlns="http://a9.com/-/spec/opensearch/1.1/">\n'
        f"<ShortName>{escape(shorten(site.name, LONGEST_SHORT_NAME))}</ShortName>\n"
        f"<Description>{escape(shorten(f'Search {site.name}', 1024))}</Description>\n"
        f'<Image width="16" height="16" type="image/svg+xml">{escape(absolute(asset("icon.svg")))}</Image>\n'
        f"{urls}<InputEncoding>UTF-8</InputEncoding>\n<OutputEncoding>UTF-8</OutputEncoding>\n"
        "</OpenSearchDescription>\n"
    )
    return deliver(of_bytes(content.encode(), OPENSEARCH, last_modified=publication().last_modified))
