"""Errors as answers: one shape, RFC 9457, in the format that the client asked for."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from flask import Flask, Response, request
from werkzeug.exceptions import HTTPException, MethodNotAllowed

from officegraph.engine import interface as engine
from officegraph.http.accept import Offers
from officegraph.http.problem import (
    PROBLEM_JSON,
    PROBLEM_TEXT,
    PROBLEM_TYPES,
    Problem,
    ProblemError,
    make_problem,
)
from officegraph.http.sparql_protocol import parameter_values
from officegraph.model.formats import HTML, N_QUADS, N_TRIPLES, RDF_XML, TRIG, TURTLE
from officegraph.web.headers import add_vary
from officegraph.web.near import near_matches
from officegraph.web.pages.problems import render_problem
from officegraph.web.publication import publication
from officegraph.web.reader import reader_of_problem
from officegraph.web.site_model import site_model

PROBLEM: Final = "officegraph.problem"
"""Key in the environment of a request: the problem to answer with, found before the application was called."""

OUTCOME: Final = "officegraph.outcome"
"""Key in the environment of a query: what became of it, one of :data:`officegraph.web.metrics.OUTCOMES`."""

QUERY: Final = "officegraph.query"
"""Key in the environment of a query: its text."""

CANCELLATION: Final = "officegraph.cancellation"
"""Key in the environment of a query: its :class:`Cancellation`, where the server hears when a client goes away."""

RETRY: Final = ("Retry-After", "30")
"""The field of what may do better when the server has less to do."""

_OFFERS: Final = Offers((PROBLEM_JSON, PROBLEM_TEXT, HTML))

_RESOURCE_OFFERS: Final = Offers((PROBLEM_JSON, PROBLEM_TEXT, HTML, TURTLE, N_TRIPLES, RDF_XML, TRIG, N_QUADS))
"""On resources an error also comes as an empty graph with the problem as a comment.

A client that dereferences an IRI as Turtle then gets Turtle on every status, and no triple is made up.
"""

_BY_STATUS: Final = {
    400: "bad-request", 404: "not-found", 405: "method-not-allowed", 408: "request-timeout", 413: "too-large",
    414: "target-too-long", 415: "unsupported-media-type", 416: "range-not-satisfiable", 429: "too-many-requests",
    500: "internal",
}  # fmt: skip


def respond_problem(problem: Problem) -> Response:
    """Return the response for ``problem``, negotiated between JSON, HTML, text and, on resources, RDF."""
    on_resource = (request.endpoint or "").startswith("resources.") and problem.status in {404, 410}
    chosen = (_RESOURCE_OFFERS if on_resource else _OFFERS).negotiate(request.headers.get("Accept")) or PROBLEM_JSON
    vary: tuple[str, ...] = ("Accept",)
    if chosen == HTML:
        body = render_problem(
            problem, site_model(), query=request.environ.get(QUERY), suggestions=_suggestions(problem)
        ).encode()
        vary += reader_of_problem().vary
    elif chosen == PROBLEM_JSON:
        body = problem.as_json()
    elif chosen == PROBLEM_TEXT:
        body = problem.as_text()
    else:
        body = as_comment(problem, xml=chosen == RDF_XML)
    response = Response(body, status=problem.status, content_type=chosen.content_type)
    for name, value in problem.headers:
        response.headers[name] = value
    if problem.status in {404, 406, 410}:
        response.headers["Cache-Control"] = "public, max-age=60"
    add_vary(response, *vary)
    return response


def _suggestions(problem: Problem) -> list[tuple[str, str]]:
    """Return what else to look at on the page of an address that leads nowhere."""
    if problem.status != 404:
        return []
    try:
        asked = next(iter(parameter_values(request.query_string, "uri")), request.path)
    except ProblemError:  # it is not UTF-8
        asked = request.path
    return near_matches(asked, publication(), site_model(), reader_of_problem().content)


def as_comment(problem: Problem, *, xml: bool) -> bytes:
    """Return an empty RDF document that says in a comment what went wrong."""
    lines = problem.as_text().decode().splitlines()
    if not xml:
        return "".join(f"# {line}".rstrip() + "\n" for line in lines).encode()
    text = "".join(character if character.isprintable() else "\ufffd" for character in " ".join(lines))
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<!-- {text.replace("--", "- -")} -->\n'
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"/>\n'
    ).encode()


@contextmanager
def engine_problems(query: str) -> Iterator[None]:
    """Turn what the engine raises about ``query`` into the problem that the client gets."""
    request.environ[QUERY] = query
    try:
        yield
    except engine.EngineError as error:
        request.environ[OUTCOME] = outcome_of(error)
        raise ProblemError(of_engine_error(error, query, publication().site_url())) from error
    request.environ[OUTCOME] = "answered"


def outcome_of(error: engine.EngineError) -> str:
    """Return what became of a query, in a word for figures and log."""
    match error:
        case engine.QuerySyntaxError():
            return "syntax"
        case engine.QueryRefusedError():
            return "refused"
        case engine.NotRepresentableError():
            return "not-acceptable"
        case engine.QueryTimeoutError():
            return "timeout"
        case engine.QueryMemoryError():
            return "memory"
        case engine.ResultTooLargeError():
            return "size"
        case engine.EngineBusyError():
            return "busy"
        case engine.QueryCancelledError():
            return "cancelled"
    return "unavailable"


def of_engine_error(error: engine.EngineError, query: str, site: str) -> Problem:
    """Return the problem that says what the engine made of ``query``, on the site with the root URL ``site``."""
    detail = str(error)
    match error:
        case engine.QuerySyntaxError():
            return make_problem(
                "query-syntax",
                detail,
                line=error.line,
                column=error.column,
                engine=error.detail,
                query=query[:10_000],
            )
        case engine.QueryRefusedError(reason="update"):
            return make_problem("update-refused", detail)
        case engine.QueryRefusedError():
            return make_problem("query-refused", detail, reason=error.reason)
        case engine.QueryTimeoutError():
            return over_limit("query-timeout", "query_timeout", error, error.seconds, site)
        case engine.QueryMemoryError():
            return over_limit("query-memory", "query_memory", error, error.limit, site)
        case engine.ResultTooLargeError():
            return over_limit("result-too-large", "query_result_size", error, error.limit, site)
        case engine.ServiceFailedError():
            return make_problem("service-failed", detail, headers=(RETRY,))
        case engine.NotRepresentableError():
            return make_problem("not-acceptable", detail)
        case engine.EngineBusyError():
            return make_problem("busy", detail, headers=(("Retry-After", str(max(1, round(error.retry_after)))),))
    return make_problem("engine-unavailable", detail, headers=(("Retry-After", "5"),))


def files_missing() -> ProblemError:
    """Return the error of what needs files of the release that are not there."""
    return ProblemError(make_problem("files-missing", headers=(RETRY,)))


def over_limit(name: str, setting: str, error: engine.EngineError, limit: float, site: str) -> Problem:
    """Return the problem of a query that was stopped by the limit ``setting``: which it is, and how to go on."""
    headers = (RETRY,) if isinstance(error, engine.QueryTimeoutError) else ()
    return make_problem(name, str(error), headers=headers, setting=setting, limit=limit, dumps=f"{site}dumps/")


def install(app: Flask) -> None:
    """Answer every error of ``app`` with a problem document."""

    @app.before_request
    def found_before() -> None:
        problem: Problem | None = request.environ.get(PROBLEM)
        if problem is not None:
            raise ProblemError(problem)

    @app.errorhandler(ProblemError)
    def of_problem(error: ProblemError) -> Response:
        return respond_problem(error.problem)

    @app.errorhandler(HTTPException)
    def of_http_exception(error: HTTPException) -> Response:
        status = error.code or 500
        headers: tuple[tuple[str, str], ...] = ()
        if isinstance(error, MethodNotAllowed) and error.valid_methods:
            headers = (("Allow", ", ".join(sorted({*error.valid_methods, "OPTIONS"}))),)
        name = _BY_STATUS.get(status)
        if name is None:
            return respond_problem(Problem(status, error.name, error.description, headers=headers))
        detail = None if status in {404, 405} else error.description
        return respond_problem(make_problem(name, detail, headers=headers))

    @app.errorhandler(Exception)
    def of_exception(error: Exception) -> Response:
        app.logger.error("Unexpected error", exc_info=error)
        return respond_problem(make_problem("internal"))


__all__ = ["PROBLEM_TYPES", "as_comment", "engine_problems", "install", "of_engine_error", "respond_problem"]
