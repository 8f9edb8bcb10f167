"""Errors as problem details: one shape everywhere (RFC 9457)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final

from officegraph.http.accept import Offers
from officegraph.model.formats import HTML, Format
from officegraph.model.messages import gettext_noop

PROBLEM_JSON: Final = Format(
    "Problem details", "json", "application/problem+json", ("application/json", "application/ld+json")
)
"""The registered form of problem details (RFC 9457, section 3)."""

PROBLEM_TEXT: Final = Format("Plain text", "txt", "text/plain", charset=True)
"""The same for people at a terminal."""

_OFFERS: Final = Offers((PROBLEM_JSON, PROBLEM_TEXT, HTML))


@dataclass(frozen=True, slots=True)
class ProblemType:
    """A kind of problem (RFC 9457, section 4).

    Attributes:
        status: Status code that it comes with.
        title: What it is, the same in every occurrence.
        description: What a client can do about it; the documentation of the type.
    """

    status: int
    title: str
    description: str


PROBLEM_TYPES: Final[Mapping[str, ProblemType]] = MappingProxyType(
    {
        "bad-request": ProblemType(
            400,
            gettext_noop("The request is malformed"),
            gettext_noop("A parameter or a field of the request cannot be understood."),
        ),
        "query-missing": ProblemType(
            400,
            gettext_noop("There is no query"),
            gettext_noop(
                "Send exactly one 'query': in the URL with GET, in the form with POST, "
                "or as a body of type application/sparql-query."
            ),
        ),
        "query-repeated": ProblemType(
            400,
            gettext_noop("There is more than one query"),
            gettext_noop("The SPARQL 1.1 Protocol (section 2.1) has exactly one query in a request."),
        ),
        "query-syntax": ProblemType(
            400,
            gettext_noop("The query is not valid SPARQL"),
            gettext_noop("The members 'line' and 'column' say where the parser stopped."),
        ),
        "query-encoding": ProblemType(
            400,
            gettext_noop("The query is not UTF-8"),
            gettext_noop(
                "Send queries in UTF-8, percent-encoded in URLs and forms (SPARQL 1.1 Protocol, section 2.1)."
            ),
        ),
        "query-refused": ProblemType(
            400,
            gettext_noop("The query asks for what is not offered here"),
            gettext_noop(
                "Federated queries (SERVICE), queries that are too long and queries "
                "that nest too deeply are refused before evaluation."
            ),
        ),
        "graph-not-absolute": ProblemType(
            400,
            gettext_noop("A graph is not named by an absolute IRI"),
            gettext_noop("The values of 'default-graph-uri' and 'named-graph-uri' are absolute IRIs."),
        ),
        "update-refused": ProblemType(
            403,
            gettext_noop("Updates are not offered"),
            gettext_noop("The data are published for reading; SPARQL Update is not offered."),
        ),
        "not-found": ProblemType(404, gettext_noop("Not found"), gettext_noop("Nothing here has this address.")),
        "method-not-allowed": ProblemType(
            405,
            gettext_noop("The method is not allowed"),
            gettext_noop("The field 'Allow' lists the methods that are."),
        ),
        "not-acceptable": ProblemType(
            406,
            gettext_noop("No format that is accepted"),
            gettext_noop("The member 'offers' lists the media types there are; ask for one of them in 'Accept'."),
        ),
        "request-timeout": ProblemType(
            408,
            gettext_noop("The request took too long to arrive"),
            gettext_noop("Send it again, faster; it has not been acted on."),
        ),
        "gone": ProblemType(410, gettext_noop("Gone"), gettext_noop("The resource has been withdrawn for good.")),
        "precondition-failed": ProblemType(
            412,
            gettext_noop("A precondition failed"),
            gettext_noop("The representation is not the one that the request was made for."),
        ),
        "too-large": ProblemType(
            413,
            gettext_noop("The request is too large"),
            gettext_noop("The member 'limit' says how many bytes a body may have."),
        ),
        "target-too-long": ProblemType(
            414, gettext_noop("The address is too long"), gettext_noop("Send a long query in the body of a POST.")
        ),
        "unsupported-media-type": ProblemType(
            415,
            gettext_noop("The type of the body is not supported"),
            gettext_noop("The fields 'Accept-Post' and 'Accept-Query' list the types that are."),
        ),
        "range-not-satisfiable": ProblemType(
            416,
            gettext_noop("The range is behind the end"),
            gettext_noop("The field 'Content-Range' says how many bytes the representation has."),
        ),
        "too-many-requests": ProblemType(
            429, gettext_noop("Too many requests"), gettext_noop("The field 'Retry-After' says when to try again.")
        ),
        "fields-too-large": ProblemType(
            431,
            gettext_noop("The fields of the request are too large"),
            gettext_noop(
                "The member 'limit' says how many bytes they may have together; "
                "send a long query in the body of a POST."
            ),
        ),
        "internal": ProblemType(
            500,
            gettext_noop("Something went wrong here"),
            gettext_noop("The fault is the server's; it has been written to its log."),
        ),
        "engine-unavailable": ProblemType(
            503,
            gettext_noop("The query engine does not answer"),
            gettext_noop("It is being started or cannot be reached; the field 'Retry-After' says when to try again."),
        ),
        "files-missing": ProblemType(
            503,
            "The files of the release are not there",
            "They have been moved or removed; the field 'Retry-After' says when to try again.",
        ),
        "service-failed": ProblemType(
            503,
            gettext_noop("A service that the query calls has failed"),
            gettext_noop("The query is sound; SERVICE SILENT goes on without the solutions of a service that fails."),
        ),
        "busy": ProblemType(
            503,
            gettext_noop("Too many queries at the moment"),
            gettext_noop("The field 'Retry-After' says when to try again."),
        ),
        "query-timeout": ProblemType(
            503,
            gettext_noop("The query took too long"),
            gettext_noop("Ask for less: add a LIMIT, name more of the pattern, or take a dump and query it yourself."),
        ),
        "query-memory": ProblemType(
            503,
            gettext_noop("The query took too much memory"),
            gettext_noop("Sort and group less, or take a dump and query it yourself."),
        ),
        "result-too-large": ProblemType(
            503,
            gettext_noop("The answer is too large"),
            gettext_noop("Add LIMIT and OFFSET, or take a dump. No answer is ever cut short silently."),
        ),
    }
)
"""Every kind of problem by the last part of its ``type``, ``/problems/{name}``."""


@dataclass(frozen=True, slots=True)
class Problem:
    """What went wrong with one request (RFC 9457, section 3.1).

    Attributes:
        status: Status code of the answer.
        title: What kind of problem it is.
        detail: What it is about this time, and what would help.
        type: URI reference of the kind; ``about:blank`` if the status code says it all.
        instance: URI reference of this occurrence.
        extensions: Further members, as in ``{"line": 3}`` (RFC 9457, section 3.2).
        headers: Fields that the answer has to carry, such as ``Allow``.
    """

    status: int
    title: str
    detail: str | None = None
    type: str = "about:blank"
    instance: str | None = None
    extensions: Mapping[str, object] = field(default_factory=dict)
    headers: tuple[tuple[str, str], ...] = ()

    def members(self) -> dict[str, object]:
        """Return the members of the problem details object; absent ones are left out."""
        members: dict[str, object] = {"type": self.type, "title": self.title, "status": self.status}
        if self.detail is not None:
            members["detail"] = self.detail
        if self.instance is not None:
            members["instance"] = self.instance
        for name, value in self.extensions.items():
            members.setdefault(name, value)
        return members

    def as_json(self) -> bytes:
        """Return it as ``application/problem+json``."""
        return json.dumps(self.members(), ensure_ascii=False, indent=2).encode("utf-8", "replace") + b"\n"

    def as_text(self) -> bytes:
        """Return it as ``text/plain`` in UTF-8."""
        lines = [f"{self.status} {self.title}"]
        if self.detail:
            lines += ["", self.detail]
        if self.extensions:
            lines.append("")
            lines += [f"{name}: {_as_line(value)}" for name, value in self.extensions.items()]
        return ("\n".join(lines) + "\n").encode("utf-8", "replace")


def _as_line(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)


class ProblemError(Exception):
    """That a request cannot be served, and why.

    Attributes:
        problem: What to answer.
    """

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.detail or problem.title)
        self.problem = problem


def make_problem(
    name: str,
    detail: str | None = None,
    *,
    instance: str | None = None,
    headers: tuple[tuple[str, str], ...] = (),
    **extensions: object,
) -> Problem:
    """Return a problem of one of the :data:`PROBLEM_TYPES`.

    Args:
        name: Key in :data:`PROBLEM_TYPES`.
        detail: What is wrong this time.
        instance: URI reference of this occurrence.
        headers: Fields that the answer has to carry.
        extensions: Further members; those that are ``None`` are left out.

    Raises:
        KeyError: There is no such kind of problem.
    """
    kind = PROBLEM_TYPES[name]
    return Problem(
        status=kind.status,
        title=kind.title,
        detail=detail,
        type=f"/problems/{name}",
        instance=instance,
        extensions={key: value for key, value in extensions.items() if value is not None},
        headers=headers,
    )


def problem_format(accept: str | None) -> Format:
    """Return the form to send a problem in: JSON unless ``Accept`` asks for text or HTML.

    An error is worth sending even if none of the forms is acceptable, as RFC 9110, section
    12.4.1, permits.

    Args:
        accept: Value of ``Accept``, or ``None`` without the field.

    Returns:
        ``PROBLEM_JSON``, ``PROBLEM_TEXT`` or ``HTML``; the last one is the caller's to render.
    """
    return _OFFERS.negotiate(accept) or PROBLEM_JSON
