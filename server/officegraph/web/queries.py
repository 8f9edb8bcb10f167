"""Answer queries without a framework: what the view and the event loop both do, and the loop's own way to do it.

SPARQL 1.1 Protocol, section 2.1, https://www.w3.org/TR/sparql11-protocol/.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Final

from officegraph.engine.interface import EngineError, Query
from officegraph.engine.scan import scan
from officegraph.http.accept import Offers
from officegraph.http.problem import ProblemError
from officegraph.http.sparql_protocol import ProtocolQuery, parse_request
from officegraph.model.formats import HTML, RDF_FORMATS, RESULT_FORMATS, RESULTS_JSON, TURTLE, Format
from officegraph.web.answer import Answer, Representation, not_acceptable, of_bytes, represent
from officegraph.web.problems import CANCELLATION, OUTCOME, PROBLEM, QUERY, of_engine_error, outcome_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from wsgiref.types import WSGIEnvironment

    from officegraph.engine.asynchronous import AsynchronousEngine
    from officegraph.engine.interface import Form
    from officegraph.web.publication import Publication

BODY_LIMIT: Final = 1024 * 1024
"""Bytes that the content of a request may have; more is answered 413 (RFC 9110, section 15.5.14)."""

LONG_REQUEST: Final = 16 * 1024
"""Bytes of a request whose query is not read in an event loop."""

LONG_ANSWER: Final = 128 * 1024
"""Bytes of an answer whose fields and coding are not made in an event loop."""

PATHS: Final = frozenset({"/sparql", "/sparql/"})
"""Where the endpoint is."""

METHODS: Final = frozenset({"GET", "HEAD", "POST", "QUERY"})

SOLUTION_OFFERS: Final = Offers((*RESULT_FORMATS, HTML))
GRAPH_OFFERS: Final = Offers((*RDF_FORMATS, HTML))


@dataclass(frozen=True, slots=True)
class Question:
    """A query as it was asked in a request.

    Attributes:
        query: The query, for the engine.
        form: Its form.
        chosen: The format of the answer; the engine answers in another one where that is HTML.
        vary: Request fields that decided the format.
        volatile: Whether the answer is another one each time.
    """

    query: Query
    form: Form
    chosen: Format
    vary: tuple[str, ...]
    volatile: bool


def question(protocol: ProtocolQuery, environ: Mapping[str, object], current: Publication) -> Question:
    """Return what is to be evaluated for a request, and how it is to be answered.

    Args:
        protocol: What the request asks.
        environ: Its WSGI environment.
        current: The publication.

    Raises:
        EngineError: The query is refused before the engine sees it.
        ProblemError: 406, where the request accepts no format that the query form has.
    """
    scanned = scan(protocol.text, current.settings)
    solutions = scanned.form in {"SELECT", "ASK"}
    offers = SOLUTION_OFFERS if solutions else GRAPH_OFFERS
    named = offers.named(protocol.formats)
    accepted = environ.get("HTTP_ACCEPT")
    chosen = named or offers.negotiate(None if accepted is None else str(accepted))
    if chosen is None:
        raise not_acceptable(offers, f"The answer to {scanned.form}")
    evaluated = chosen if chosen != HTML else RESULTS_JSON if solutions else TURTLE
    query = Query(
        text=protocol.text,
        default_graphs=protocol.default_graphs,
        named_graphs=protocol.named_graphs,
        format=evaluated,
        timeout=protocol.timeout,
        base=current.root_url(environ) + "sparql",
        cancellation=environ.get(CANCELLATION),  # type: ignore[arg-type]
        scanned=scanned,
    )
    return Question(query, scanned.form, chosen, () if named else ("Accept",), scanned.volatile)


def representation(asked: Question, body: bytes, method: str) -> Representation:
    """Return the representation of the answer ``body`` to a query that was asked by ``method``."""
    caching = "no-cache" if asked.volatile else None
    if method not in {"GET", "HEAD"}:
        caching = "no-store"
    chosen = asked.chosen
    return of_bytes(body, chosen.content_type, variant=chosen.extension, vary=asked.vary, cache_control=caching)


async def answer(environ: WSGIEnvironment, current: Publication, engine: AsynchronousEngine) -> Answer | None:
    """Return the whole answer to a request of the endpoint, if it needs no page and nothing is wrong with it.

    What is wrong is left in ``environ``, for the application to tell. Nothing here keeps the event loop long: what is
    long is left to the application as well, or to a thread.

    Args:
        environ: The WSGI environment of the request, whose content has been received.
        current: The publication.
        engine: The engine of the event loop.
    """
    if environ["PATH_INFO"] not in PATHS:
        return None
    method, url = environ["REQUEST_METHOD"], environ["QUERY_STRING"].encode("latin-1")
    content = environ["wsgi.input"].getvalue()
    length = environ.get("CONTENT_LENGTH") or "0"  # of content that has not been received, if it is too long
    if method not in METHODS or not length.isdecimal() or len(url) + max(len(content), int(length)) > LONG_REQUEST:
        return None
    try:
        protocol = parse_request(
            method, url, environ.get("CONTENT_TYPE"), content, environ.get("HTTP_CONTENT_ENCODING")
        )
    except ProblemError as error:
        environ[PROBLEM] = error.problem
        return None
    if protocol is None:
        return None
    try:
        environ[QUERY] = protocol.text
        asked = question(protocol, environ, current)
        if asked.chosen == HTML:
            return None
        body = (await engine.evaluate(asked.query)).body
        environ[OUTCOME] = "answered"
        make = partial(made, asked, body, environ, current)
        return make() if len(body) <= LONG_ANSWER else await asyncio.to_thread(make)
    except EngineError as error:
        environ[OUTCOME] = outcome_of(error)
        environ[PROBLEM] = of_engine_error(error, protocol.text, current.root_url(environ))
    except ProblemError as error:
        environ[PROBLEM] = error.problem
    return None


def made(asked: Question, body: bytes, environ: Mapping[str, object], current: Publication) -> Answer:
    """Return the whole answer to a query whose result is ``body``.

    Raises:
        ProblemError: 412, where a precondition of the request fails.
    """
    method = str(environ["REQUEST_METHOD"])
    answered = represent(representation(asked, body, method), environ, current.caching)
    if method == "HEAD":
        answered.body = b""
    answered.headers += current.common_fields
    return answered
