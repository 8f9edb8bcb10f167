"""``/compare``: what sources say of a function, and how two offices differ."""

from __future__ import annotations

from flask import Blueprint, Response, request

from officegraph.http.links import link
from officegraph.http.problem import ProblemError, make_problem
from officegraph.http.sparql_protocol import parameter_values
from officegraph.web.concept_lists import concept_lists
from officegraph.web.links import absolute
from officegraph.web.page_views import deliver_page, known_iri, require
from officegraph.web.pages import compare
from officegraph.web.pages.browse import address
from officegraph.web.pages.subject import Describer
from officegraph.web.publication import publication
from officegraph.web.site_model import site_model

blueprint = Blueprint("compare", __name__)


def two_offices() -> tuple[str, str] | None:
    """Return the two offices that the request names; ``None`` where it names none.

    Raises:
        ProblemError: 400, where there are not two different ones; 404, where one is no office.
    """
    given = [value for value in parameter_values(request.query_string, "office") if value]
    if not given:
        return None
    if len(given) != 2 or given[0] == given[1]:
        raise ProblemError(make_problem("bad-request", "Give two different offices, each in a parameter 'office'."))
    known = {assignment.office for assignment in concept_lists().assignments}
    for iri in given:
        require(iri in known, f"Nothing is placed in {iri} here.")
    return given[0], given[1]


def describer(iri: str, language: str) -> Describer:
    """Return the resource ``iri`` with what its document says."""
    document = publication().release.documents.get(iri)
    return Describer.of(site_model(), iri, document.triples() if document is not None else (), (language,))


@blueprint.get("/compare")
def comparison() -> Response:
    """Show a comparison, or the forms to choose one."""
    site, lists = site_model(), concept_lists()
    require(lists.has_offices, "Nothing is placed in an office here, so there is nothing to compare.")
    concept, offices = known_iri("concept"), two_offices()
    if concept is not None and offices is not None:
        raise ProblemError(make_problem("bad-request", "Give either a concept or two offices."))
    path = address("/compare", concept=concept)
    if offices is not None:
        path = f"/compare?{address('', office=offices[0])[1:]}&{address('', office=offices[1])[1:]}"
    canonical = absolute(path)

    def make(language: str) -> str:
        form = compare.compare_form(site, (language,), lists.assignments, concept=concept, offices=offices or ())
        function = compare.function_comparison(describer(concept, language)) if concept is not None else None
        both = None
        if offices is not None:
            first, second = (describer(iri, language) for iri in offices)
            both = compare.office_comparison(first, second, lists.assignments)
        return compare.render_compare(site, form, function=function, offices=both, canonical=canonical)

    return deliver_page(("compare", path), make, links=[link(canonical, "canonical")])
