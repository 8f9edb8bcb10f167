"""``/graph``: the neighbourhood of a concept as a page to explore, and as an image."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from flask import Blueprint, Response

from officegraph.http.links import link
from officegraph.http.problem import ProblemError, make_problem
from officegraph.web.concept_lists import concept_lists
from officegraph.web.links import absolute
from officegraph.web.page_views import deliver_page, known_iri
from officegraph.web.pages.browse import address, main_scheme
from officegraph.web.pages.graph import graph_page, image_of, render_graph
from officegraph.web.publication import publication
from officegraph.web.site_model import site_model

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pyoxigraph import Triple

blueprint = Blueprint("graph", __name__)

SVG: Final = "image/svg+xml"


def statements(iri: str) -> Sequence[Triple]:
    """Return what the document about ``iri`` says."""
    document = publication().release.documents.get(iri)
    return document.triples() if document is not None else ()


def beginning() -> str | None:
    """Return the concept to begin with: the first at the top of the scheme to begin with."""
    lists = concept_lists()
    scheme = main_scheme(site_model(), lists.schemes)
    tops = lists.tops(scheme)
    return next(iter(tops), None)


@blueprint.get("/graph")
def explore() -> Response:
    """Show what is around a concept; around one at the top of the vocabulary where none is named."""
    iri = known_iri("concept") or beginning()
    if iri is None:
        raise ProblemError(make_problem("not-found", "There are no concepts here."))
    canonical = absolute(address("/graph", concept=iri))
    image = absolute(address("/graph.svg", concept=iri))
    return deliver_page(
        ("graph", iri),
        lambda language: render_graph(
            site_model(), graph_page(site_model(), iri, statements(iri), (language,)), canonical=canonical
        ),
        links=[link(canonical, "canonical"), link(image, "alternate", type=SVG)],
    )


@blueprint.get("/graph.svg")
def image() -> Response:
    """Send what is around a concept as an image."""
    iri = known_iri("concept")
    if iri is None:
        raise ProblemError(make_problem("bad-request", "Give the IRI of a concept in the parameter 'concept'."))
    root = publication().site_url()
    return deliver_page(
        ("graph.svg", iri),
        lambda language: image_of(site_model(), iri, statements(iri), (language,), root),
        content_type=f"{SVG}; charset=utf-8",
        links=[link(absolute(address("/graph", concept=iri)), "canonical")],
    )
