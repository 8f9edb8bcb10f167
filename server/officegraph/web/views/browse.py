"""``/browse``: the vocabulary by hierarchy, by office, by alphabet and by scheme."""

from __future__ import annotations

import json
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from flask import Blueprint, Response
from pyoxigraph import Literal, NamedNode

from officegraph.http.links import link
from officegraph.model.formats import HTML, JSON
from officegraph.web.concept_lists import concept_lists
from officegraph.web.links import absolute
from officegraph.web.page_views import deliver_page, known_iri, page_number, parameter, require, wanted_format
from officegraph.web.pages import alphabet, browse, browse_offices
from officegraph.web.pages.concept import DEFINITIONS
from officegraph.web.pages.terms import Terms, Text
from officegraph.web.publication import publication
from officegraph.web.site_model import reader_languages, site_model

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

blueprint = Blueprint("browse", __name__)

FORMATS: Final = ("html", "json")


def answer(
    path: str,
    parameters: Mapping[str, str | int | None],
    page: Callable[[str, str, str], str],
    data: Callable[[str], object],
) -> Response:
    """Send a list as a page or, with ``format=json``, as JSON.

    Args:
        path: Path of the list.
        parameters: What it is limited to; also what tells it from other lists.
        page: Makes the page in a language, given its canonical URL and the address of the JSON.
        data: Makes the JSON in a language.
    """
    given = {name: value for name, value in parameters.items() if value is not None}
    canonical = absolute(browse.address(path, **given))
    json_path = browse.address(path, **given, format="json")
    key = [path, *(f"{name}={value}" for name, value in given.items())]
    if wanted_format(*FORMATS) == "json":
        return deliver_page(
            key, lambda language: json.dumps(data(language), ensure_ascii=False, indent=1) + "\n",
            content_type=JSON.content_type, links=[link(canonical, "alternate", type=HTML.media_type)],
        )  # fmt: skip
    links = [link(canonical, "canonical"), link(absolute(json_path), "alternate", type=JSON.media_type)]
    return deliver_page(key, lambda language: page(language, canonical, site_model().url(json_path)), links=links)


def definitions(language: str) -> Callable[[str], Text | None]:
    """Return what finds the definition of a resource in a language."""
    site = site_model()
    terms = Terms(site, (language,), site.labels)

    def definition(iri: str) -> Text | None:
        named = NamedNode(iri)
        said = [t for t in site.statements(iri) if t.subject == named and isinstance(t.object, Literal)]
        for predicate in DEFINITIONS:
            text = terms.best([t.object for t in said if t.predicate == predicate and isinstance(t.object, Literal)])
            if text is not None:
                return text
        return None

    return definition


def schemes() -> dict[str, int]:
    """Return how many concepts each scheme has; schemes without any are left out."""
    manifest = publication().release.manifest
    counts = {iri: manifest.statistics.concepts.get(iri, 0) for iri in manifest.schemes}
    return {iri: count for iri, count in {**concept_lists().schemes, **counts}.items() if count}


@blueprint.get("/browse")
def tree() -> Response:
    """Show the hierarchy of a scheme, or the branch below a concept."""
    site, lists = site_model(), concept_lists()
    branch, number, opened = known_iri("branch"), page_number(), parameter("open")
    counts = schemes()
    named = parameter("scheme")
    without = len(lists.overview.roots.get(None, ()))
    scheme, tops = named, site.children(branch) if branch is not None else ()
    if branch is not None:
        scheme, tops = None, tuple(dict.fromkeys(tops))
    else:
        if scheme is None:
            scheme = browse.main_scheme(site, counts) or browse.NO_SCHEME
        require(scheme in counts or scheme == browse.NO_SCHEME, f"There is no concept scheme {scheme!r} here.")
        tops = lists.tops(None if scheme == browse.NO_SCHEME else scheme)
    require(number == 1 or (number - 1) * browse.PAGE_SIZE < len(tops), f"The list has no page {number}.")
    unfold = {"1": True, "0": False}.get(opened or "")

    def model(language: str) -> browse.TreePage:
        marks = browse_offices.usual_marks(Terms(site, (language,), site.labels), lists.assignments)
        return browse.tree_page(
            site, (language,), scheme=scheme, branch=branch, tops=tops, schemes=counts, without_scheme=without,
            circles=lists.overview.cycles if branch is None else (), several=lists.overview.several, marks=marks,
            page=number, unfold=unfold,
        )  # fmt: skip

    parameters = {
        "branch": branch, "scheme": named if branch is None else None, "page": number if number > 1 else None,
        "open": opened if unfold is not None else None,
    }  # fmt: skip
    return answer(
        "/browse",
        parameters,
        lambda language, canonical, data: browse.render_tree(
            site, model(language), offices=lists.has_offices, canonical=canonical, data=data
        ),
        lambda language: browse.tree_data(model(language)),
    )


@blueprint.get("/browse/offices")
def offices() -> Response:
    """Show what is usually in which office."""
    site, lists = site_model(), concept_lists()
    require(lists.has_offices, "Nothing is placed in an office here.")
    segment, office, number = known_iri("segment"), known_iri("office"), page_number()

    def model(language: str) -> browse_offices.OfficesPage:
        return browse_offices.offices_page(
            site, (language,), lists.assignments, definitions(language), segment=segment, office=office, page=number
        )

    found = model(reader_languages()[0])
    require(bool(found.sections) and any(choice.current for choice in found.segments), "Nothing is placed so.")
    require(number <= (found.pager.pages if found.pager else 1), f"The list has no page {number}.")
    return answer(
        "/browse/offices",
        {"segment": segment, "office": office, "page": number if number > 1 else None},
        lambda _language, canonical, data: browse_offices.render_offices(site, found, canonical=canonical, data=data),
        lambda _language: browse_offices.offices_data(found),
    )


@blueprint.get("/browse/alphabetical")
def alphabetical() -> Response:
    """Show the concepts by name."""
    site, lists = site_model(), concept_lists()
    scheme, asked, number = parameter("scheme"), parameter("letter"), page_number()
    counts = schemes()
    require(scheme is None or scheme in counts, f"There is no concept scheme {scheme!r} here.")
    names = lists.alphabet(reader_languages()[0], scheme)
    bounds = [*names.starts.values(), len(names.numbers)]
    sizes = {name: end - start for name, (start, end) in zip(names.starts, pairwise(bounds), strict=True)}
    letter = asked or next(iter(sizes), None)
    if letter is not None and letter not in sizes and letter.upper() in sizes:
        letter = letter.upper()
    require(letter is None or letter in sizes, f"No name begins with {letter!r}.")
    section = names.section(letter) if letter else ()
    start = (number - 1) * alphabet.PAGE_SIZE
    require(number == 1 or start < len(section), f"The list has no page {number}.")

    def model(language: str) -> alphabet.AlphabetPage:
        records = [publication().release.search.names.record(n) for n in section[start : start + alphabet.PAGE_SIZE]]
        return alphabet.alphabet_page(
            site, (language,), counts=sizes, letter=letter, schemes=counts, scheme=scheme, page=number,
            entries=[(record.iri, record.deprecated) for record in records],
        )  # fmt: skip

    def data(language: str) -> object:
        page = model(language)
        return {
            "letter": letter,
            "letters": sizes,
            "total": page.total,
            "page": page.pager.number,
            "pages": page.pager.pages,
            "concepts": [{**browse.link_data(entry.link), "deprecated": entry.deprecated} for entry in page.entries],
        }

    return answer(
        alphabet.PATH,
        {"scheme": scheme, "letter": letter if asked else None, "page": number if number > 1 else None},
        lambda language, canonical, data_path: alphabet.render_alphabet(
            site, model(language), offices=lists.has_offices, canonical=canonical, data=data_path
        ),
        data,
    )


@blueprint.get("/browse/schemes")
def scheme_list() -> Response:
    """List the concept schemes."""
    site, lists, number = site_model(), concept_lists(), page_number()
    counts = schemes()
    require(number == 1 or (number - 1) * browse.PAGE_SIZE < len(counts), f"The list has no page {number}.")

    def page(language: str, canonical: str, data_path: str) -> str:
        found, place = browse.schemes_page(site, (language,), counts, definitions(language), number)
        return browse.render_schemes(site, found, place, offices=lists.has_offices, canonical=canonical, data=data_path)

    def data(language: str) -> object:
        found, place = browse.schemes_page(site, (language,), counts, definitions(language), number)
        return {
            "total": place.total,
            "page": place.number,
            "pages": place.pages,
            "schemes": [{**browse.link_data(c.link), "concepts": c.concepts} for c in found if c.link],
        }

    return answer("/browse/schemes", {"page": number if number > 1 else None}, page, data)
