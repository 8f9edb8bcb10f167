"""``/sparql``: the query operation of the SPARQL 1.1 Protocol.

https://www.w3.org/TR/sparql11-protocol/
"""

from __future__ import annotations

from dataclasses import replace

from flask import Blueprint, Response, request

from officegraph.http.problem import ProblemError, make_problem
from officegraph.http.sparql_protocol import ProtocolQuery, format_values, parameter_values, parse_request
from officegraph.model.formats import HTML
from officegraph.web.answer import of_bytes
from officegraph.web.descriptions import service_description
from officegraph.web.examples import examples
from officegraph.web.links import absolute
from officegraph.web.pages.site import Site
from officegraph.web.pages.sparql import QueryForm, render_form, render_result
from officegraph.web.pages.wording import _, number
from officegraph.web.problems import engine_problems
from officegraph.web.publication import publication
from officegraph.web.queries import BODY_LIMIT, GRAPH_OFFERS, question, representation
from officegraph.web.reader import reader
from officegraph.web.respond import deliver, negotiated
from officegraph.web.site_model import reader_languages, site_model

blueprint = Blueprint("sparql", __name__)


@blueprint.route("/sparql", methods=["GET", "POST", "QUERY"])
@blueprint.route("/sparql/", methods=["GET", "POST", "QUERY"])
def sparql() -> Response:
    """Answer a query, or describe the service where there is none."""
    protocol = parse_request(
        request.method,
        request.query_string,
        request.headers.get("Content-Type"),
        request_content(),
        request.headers.get("Content-Encoding"),
    )
    return describe() if protocol is None else answer(protocol)


def request_content() -> bytes:
    """Return the content of the request.

    Raises:
        ProblemError: 413, where it is longer than the limit.
    """
    content = b""
    if (request.content_length or 0) <= BODY_LIMIT:
        content = request.stream.read(BODY_LIMIT + 1)
        if len(content) <= BODY_LIMIT:
            return content
    raise ProblemError(make_problem("too-large", f"A query may have {BODY_LIMIT:,} bytes.", limit=BODY_LIMIT))


def describe() -> Response:
    """Send the service description, or the query form to people (SPARQL 1.1 Service Description, section 2)."""
    current = publication()
    named = GRAPH_OFFERS.named(format_values(request.query_string))
    chosen = named or negotiated(GRAPH_OFFERS, "The service description")
    vary: tuple[str, ...] = () if named else ("Accept",)
    if chosen == HTML:
        vary += reader().vary
        body = render_form(site(), examples=examples(), limits=limits()).encode()
    else:
        body = service_description(chosen)
    return deliver(
        of_bytes(
            body, chosen.content_type, variant=chosen.extension, vary=vary,
            last_modified=current.last_modified,
        )
    )  # fmt: skip


def site() -> Site:
    """Return the site, with the endpoint as programs should call it."""
    return replace(site_model(), endpoint=absolute("/sparql"))


def limits() -> list[str]:
    """Return what bounds a query, in words."""
    settings = publication().settings
    return [
        _("%(seconds)s seconds (less by the parameter timeout)") % {"seconds": f"{settings.query_timeout:g}"},
        _("%(size)s MiB of memory") % {"size": number(settings.query_memory // 1024**2)},
        _("%(size)s MiB of answer") % {"size": number(settings.query_result_size // 1024**2)},
    ]


def answer(protocol: ProtocolQuery) -> Response:
    """Evaluate a query and send its answer."""
    current = publication()
    with engine_problems(protocol.text):
        asked = question(protocol, request.environ, current)
        body = current.engine.evaluate(asked.query).body
    if asked.chosen != HTML:
        return deliver(representation(asked, body, request.method))
    language, vary = reader_languages()
    # No duration on the page: it would differ each time, and with it the page and its entity tag.
    page = render_result(
        site(),
        QueryForm(protocol.text, protocol.default_graphs or (), protocol.named_graphs or ()),
        asked.form,
        body,
        examples=examples(),
        limits=limits(),
        view=next(iter(parameter_values(request.query_string, "view")), "table"),
        languages=(language,),
    )
    shown = representation(asked, page.encode(), request.method)
    shown.vary = (*shown.vary, *vary)
    return deliver(shown)
