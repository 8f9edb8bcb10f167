"""Citations of resources for reference managers."""

from __future__ import annotations

from typing import Final

from flask import Blueprint, Response, request
from pyoxigraph import NamedNode

from officegraph.http.disposition import attachment
from officegraph.http.problem import ProblemError, make_problem
from officegraph.http.sparql_protocol import parameter_values
from officegraph.model.namespaces import DCTERMS, PAV, SCHEMA
from officegraph.web.answer import Representation
from officegraph.web.pages.citation import FORMATS, citation, key_of
from officegraph.web.pages.subject import Describer
from officegraph.web.publication import publication
from officegraph.web.respond import deliver
from officegraph.web.site_model import reader_languages, site_model
from officegraph.web.views.resources import described, one_iri

blueprint = Blueprint("cite", __name__)

_DATES: Final = (DCTERMS.modified, PAV.lastUpdateOn, SCHEMA.dateModified, DCTERMS.created, SCHEMA.dateCreated)


@blueprint.get("/cite")
def cite() -> Response:
    """Send the citation of the resource ``uri`` in the ``format`` ``bibtex``, ``ris``, ``csl`` or ``text``."""
    iri = one_iri()
    name = next(iter(parameter_values(request.query_string, "format")), "text")
    chosen = FORMATS.get(name)
    if chosen is None:
        known = ", ".join(FORMATS)
        raise ProblemError(make_problem("bad-request", f"There is no citation in {name!r}; there are {known}."))
    found = described(iri)
    current = publication()
    language, vary = reader_languages()
    page = Describer.of(site_model(), iri, found.triples(), (language,))
    title = page.terms.best(page.statements.labels(NamedNode(iri))) or page.terms.link(iri).text
    dates = page.statements.literals(page.main, *_DATES)
    cited = citation(page.site, iri, title.value, dates[0].value if dates else "")
    body = chosen.write(cited).encode("utf-8", "replace")
    return deliver(
        Representation(
            content_type=chosen.content_type,
            digest=current.page_digest("cite", iri, name, language),
            variant=f"{name}-{language}",
            load=lambda _coding: body,
            vary=vary,
            last_modified=current.last_modified,
            headers={"Content-Disposition": attachment(f"{key_of(cited)}.{chosen.extension}")},
        )
    )
