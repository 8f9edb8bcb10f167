"""What the views of pages share that are no documents: their parameters, and how they are sent."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from flask import request

from officegraph.http.problem import ProblemError, make_problem
from officegraph.http.sparql_protocol import parameter_values
from officegraph.model.formats import HTML, JSON
from officegraph.web.answer import Representation, compressed
from officegraph.web.publication import publication
from officegraph.web.respond import deliver
from officegraph.web.site_model import reader_languages

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from flask import Response

LONGEST_NUMBER: Final = 6
"""Digits of the number of a page."""


def parameter(name: str) -> str | None:
    """Return the value of a parameter; ``None`` where it is missing or empty.

    Raises:
        ProblemError: 400, where it is given more than once or is not UTF-8.
    """
    values = parameter_values(request.query_string, name)
    if len(values) > 1:
        raise ProblemError(make_problem("bad-request", f"Give the parameter {name!r} once; there are {len(values)}."))
    return values[0] if values and values[0] else None


def known_iri(name: str) -> str | None:
    """Return the IRI in a parameter; ``None`` where it is missing or empty.

    Raises:
        ProblemError: 404, where nothing is known of it; 400 as :func:`parameter`.
    """
    iri = parameter(name)
    if iri is not None and iri not in publication().release.documents:
        raise ProblemError(make_problem("not-found", f"Nothing is known here about {iri}"))
    return iri


def page_number() -> int:
    """Return the number of the page that is asked for, 1 for the first.

    Raises:
        ProblemError: 400, where ``page`` is no positive whole number.
    """
    value = parameter("page")
    if value is None:
        return 1
    if not (value.isascii() and value.isdecimal() and len(value) <= LONGEST_NUMBER and int(value) > 0):
        raise ProblemError(
            make_problem("bad-request", f"The parameter 'page' is a whole number from 1, not {value!r}.")
        )
    return int(value)


def wanted_format(*formats: str) -> str:
    """Return the format that the parameter ``format`` asks for, the first of ``formats`` without it.

    Raises:
        ProblemError: 400, where it names none of them.
    """
    value = parameter("format")
    if value is None:
        return formats[0]
    if value not in formats:
        raise ProblemError(
            make_problem("bad-request", f"The parameter 'format' is one of {', '.join(formats)}, not {value!r}.")
        )
    return value


def require(present: bool, what: str) -> None:
    """Raise the problem of a part that is not there, unless it is ``present``.

    Raises:
        ProblemError: 404, with ``what`` as its explanation.
    """
    if not present:
        raise ProblemError(make_problem("not-found", what))


def deliver_page(
    key: Sequence[str],
    make: Callable[[str], str],
    *,
    content_type: str = HTML.content_type,
    vary: Sequence[str] = (),
    links: Sequence[str] = (),
) -> Response:
    """Return the answer with a page that depends on the release and its parameters alone.

    The page is made only when it is sent; what is wrong with the parameters has to be found before.

    Args:
        key: What tells the page from all others, its parameters included.
        make: Makes the text in a language.
        content_type: Value of ``Content-Type``.
        vary: Request fields, beside that of the language, on which the choice depended.
        links: Members of the field ``Link``.
    """
    current = publication()
    language, by_language = reader_languages()

    def load(coding: str) -> bytes:
        body = make(language).encode()
        return compressed(body) if coding == "gzip" else body

    ending = "json" if content_type == JSON.content_type else content_type.partition(";")[0].rpartition("/")[2]
    return deliver(
        Representation(
            content_type=content_type, digest=current.page_digest(*key, ending, language), load=load,
            variant=f"{ending}-{language}", codings=("gzip",), vary=(*vary, *by_language), links=links,
            last_modified=current.last_modified, headers={"Content-Language": language},
        )
    )  # fmt: skip
