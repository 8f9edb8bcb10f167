"""Requests of the SPARQL 1.1 Protocol, its query operation (section 2.1)."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from pyoxigraph import NamedNode

from officegraph.http.fields import percent_decoded, split_quoted, unquote
from officegraph.http.problem import ProblemError, make_problem

FORM: Final = "application/x-www-form-urlencoded"
"""Media type of a query in a form (section 2.1.2)."""

SPARQL_QUERY: Final = "application/sparql-query"
"""Media type of a query that is the body (section 2.1.3)."""

SPARQL_UPDATE: Final = "application/sparql-update"
"""Media type of an update, which is refused."""

ACCEPT_POST: Final = f"{SPARQL_QUERY}, {FORM}"
"""Value of ``Accept-Post`` (Linked Data Platform 1.0, section 7.1)."""

ACCEPT_QUERY: Final = ACCEPT_POST
"""Value of ``Accept-Query``, which the method ``QUERY`` is announced with."""

METHODS: Final = ("GET", "HEAD", "POST", "QUERY", "OPTIONS")
"""Methods of the endpoint, for ``Allow``."""

_PARAMETERS: Final = frozenset(
    {"query", "update", "default-graph-uri", "named-graph-uri", "using-graph-uri", "using-named-graph-uri"}
)
_FORMAT_PARAMETERS: Final = ("format", "output", "results")
_KNOWN: Final = _PARAMETERS | {"timeout", *_FORMAT_PARAMETERS}
_ABSOLUTE: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*:")
_SECONDS: Final = re.compile(r"[0-9]{1,9}(?:\.[0-9]{0,9})?|\.[0-9]{1,9}", re.ASCII)


@dataclass(frozen=True, slots=True)
class ProtocolQuery:
    """What a request asks the endpoint.

    Attributes:
        text: The query.
        default_graphs: Graphs whose merge is the default graph, or ``None`` if the request
            names no dataset. A request that names any graph names the whole dataset, so what
            it leaves out is empty, and it overrides the query's own (section 2.1.4).
        named_graphs: The named graphs, or ``None``, likewise.
        formats: Values of ``format``, ``output`` and ``results``, which clients send beside ``Accept``;
            for ``Offers.named``.
        timeout: Seconds that the client wants to wait, or ``None``.
    """

    text: str
    default_graphs: tuple[str, ...] | None = None
    named_graphs: tuple[str, ...] | None = None
    formats: tuple[str, ...] = ()
    timeout: float | None = None


def parse_request(
    method: str,
    raw_query: bytes,
    content_type: str | None = None,
    body: bytes = b"",
    content_encoding: str | None = None,
) -> ProtocolQuery | None:
    """Return the query of a request.

    Args:
        method: ``GET``, ``HEAD``, ``POST`` or ``QUERY``.
        raw_query: Query of the request target, as received.
        content_type: Value of ``Content-Type``, or ``None`` without the field.
        body: Content of the request, as received; its size is the caller's to limit.
        content_encoding: Value of ``Content-Encoding``, or ``None`` without the field.

    Returns:
        The query, or ``None`` if the request has no parameter of the protocol, which asks for
        the service description (SPARQL 1.1 Service Description, section 2).

    Raises:
        ProblemError: The request is not one query of the protocol: 400; an update: 403; a body of another
            type or in a coding: 415; another method: 405.
    """
    url = _parameters(raw_query)
    if method in {"GET", "HEAD"}:
        _refuse_update(url, operation=False)
        if "query" not in url and not _PARAMETERS & url.keys():
            return None
        return _query(_one_query(url.get("query", ())), url)
    if method not in {"POST", "QUERY"}:
        raise ProblemError(
            make_problem(
                "method-not-allowed",
                f"The endpoint has no method {method}.",
                headers=(("Allow", ", ".join(METHODS)),),
            )
        )
    _refuse_coding(content_encoding)
    media_type, charset = _content_type(content_type)
    if media_type == SPARQL_UPDATE:
        raise ProblemError(make_problem("update-refused"))
    if media_type not in {FORM, SPARQL_QUERY}:
        raise ProblemError(
            make_problem(
                "unsupported-media-type",
                f"The body has {f'the type {media_type}' if media_type else 'no type'}; "
                f"a query is sent as {SPARQL_QUERY} or {FORM}.",
                headers=(("Accept-Post", ACCEPT_POST), ("Accept-Query", ACCEPT_QUERY)),
            )
        )
    if charset not in {"utf-8", "utf8", "us-ascii"}:
        raise ProblemError(
            make_problem("query-encoding", f"The body is said to be in {charset}; SPARQL is sent in UTF-8.")
        )
    if media_type == SPARQL_QUERY:
        _refuse_update(url, operation=True)
        if "query" in url:
            raise ProblemError(make_problem("query-repeated", "The query is the body; the URL has another in 'query'."))
        return _query(_one_query((_text(body, "The body"),)), url)
    form = _parameters(body)
    parameters = {name: url.get(name, ()) + form.get(name, ()) for name in url.keys() | form.keys()}
    _refuse_update(parameters, operation=True)
    text = _one_query(parameters.get("query", ()))
    if "query" not in form:
        raise ProblemError(make_problem("query-missing", "A form that is sent with POST holds 'query' in its body."))
    return _query(text, parameters)


def _refuse_coding(value: str | None) -> None:
    """Refuse content in a coding, and say that none is known (RFC 9110, section 15.5.16)."""
    if any(coding.lower() != "identity" for coding in split_quoted(value or "", ",")):
        raise ProblemError(
            make_problem(
                "unsupported-media-type",
                f"The body is in the coding {value}; a query is sent without one.",
                headers=(("Accept-Encoding", "identity"),),
            )
        )


def parameter_values(raw_query: bytes, name: str) -> tuple[str, ...]:
    """Return all values of one parameter in the query of a request target.

    Args:
        raw_query: The query, as received.
        name: Name of the parameter, decoded.

    Raises:
        ProblemError: A value is not UTF-8: 400.
    """
    return tuple(_text(value, f"The parameter '{name}'") for key, value in _pairs(raw_query) if key == name)


def format_values(raw_query: bytes) -> tuple[str, ...]:
    """Return the values of ``format``, ``output`` and ``results``, for the service description."""
    return _formats(_parameters(raw_query))


def _pairs(data: bytes) -> Iterator[tuple[str, bytes]]:
    """Yield names and values of a form; values decoded, once, to bytes (URL Standard, section 5.1)."""
    for part in data.split(b"&"):
        name, _, value = part.partition(b"=")
        if name:
            yield (
                percent_decoded(name.replace(b"+", b" ")).decode("utf-8", "replace"),
                percent_decoded(value.replace(b"+", b" ")),
            )


def _parameters(data: bytes) -> dict[str, tuple[str, ...]]:
    """Return the parameters that have a meaning here; others are ignored, whatever they hold."""
    found: dict[str, tuple[str, ...]] = {}
    for name, value in _pairs(data):
        if name in _KNOWN:
            found[name] = (*found.get(name, ()), _text(value, f"The parameter '{name}'"))
    return found


def _text(data: bytes, what: str) -> str:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise ProblemError(
            make_problem("query-encoding", f"{what} is not UTF-8: byte {error.start + 1} is out of place.")
        ) from error


def _content_type(header: str | None) -> tuple[str, str]:
    """Return media type and charset of a ``Content-Type``, in lower case (RFC 9110, section 8.3)."""
    name, _, rest = (header or "").partition(";")
    charset = "utf-8"
    for parameter in split_quoted(rest, ";"):
        key, _, value = parameter.partition("=")
        if key.strip().lower() == "charset":
            charset = unquote(value.strip()).lower()
    return name.strip().lower(), charset


def _refuse_update(parameters: dict[str, tuple[str, ...]], *, operation: bool) -> None:
    """Refuse a request that has ``update``, which is an operation only in a POST of its own (section 2.2)."""
    if "update" not in parameters:
        return
    if operation and "query" not in parameters:
        raise ProblemError(make_problem("update-refused"))
    raise ProblemError(
        make_problem("bad-request", "The parameter 'update' has no meaning here: updates are not offered.")
    )


def _one_query(texts: Iterable[str]) -> str:
    found = tuple(texts)
    if len(found) > 1:
        raise ProblemError(make_problem("query-repeated", f"The request has {len(found)} queries."))
    if not found:
        raise ProblemError(make_problem("query-missing", "The request has no parameter 'query'."))
    text = found[0].removeprefix("\ufeff")
    if not text.strip():
        raise ProblemError(make_problem("query-missing", "The query is empty."))
    return text


def _query(text: str, parameters: dict[str, tuple[str, ...]]) -> ProtocolQuery:
    default, named = parameters.get("default-graph-uri"), parameters.get("named-graph-uri")
    names_dataset = default is not None or named is not None
    return ProtocolQuery(
        text=text,
        default_graphs=_graphs("default-graph-uri", default or ()) if names_dataset else None,
        named_graphs=_graphs("named-graph-uri", named or ()) if names_dataset else None,
        formats=_formats(parameters),
        timeout=_timeout(parameters.get("timeout", ())),
    )


def _graphs(parameter: str, values: tuple[str, ...]) -> tuple[str, ...]:
    for value in values:
        try:
            _require_absolute(value)
        except ValueError as error:
            raise ProblemError(
                make_problem("graph-not-absolute", f"The value {value!r} of '{parameter}' is no absolute IRI: {error}.")
            ) from error
    return tuple(dict.fromkeys(values))


def _require_absolute(iri: str) -> None:
    """Raise ``ValueError`` unless the engine will take ``iri`` as one with a scheme."""
    if _ABSOLUTE.match(iri) is None:
        raise ValueError("it has no scheme")
    NamedNode(iri)


def _formats(parameters: dict[str, tuple[str, ...]]) -> tuple[str, ...]:
    return tuple(value for name in _FORMAT_PARAMETERS for value in parameters.get(name, ()) if value)


def _timeout(values: tuple[str, ...]) -> float | None:
    if not values:
        return None
    seconds = float(values[0]) if _SECONDS.fullmatch(values[0]) else math.nan
    if not seconds > 0:
        raise ProblemError(make_problem("bad-request", f"The timeout {values[0]!r} is no number of seconds above 0."))
    return seconds
