"""``/sparql/…``: what the editor of the SPARQL page asks while one types."""

from __future__ import annotations

import json
from typing import Final

from flask import Blueprint, Response, request

from officegraph.http.problem import ProblemError, make_problem
from officegraph.http.sparql_protocol import parameter_values
from officegraph.model.formats import JSON
from officegraph.model.namespaces import PREFIXES
from officegraph.web.answer import of_bytes
from officegraph.web.completion import KINDS, find_terms
from officegraph.web.publication import publication
from officegraph.web.query_check import check_query
from officegraph.web.respond import deliver
from officegraph.web.site_model import reader_languages
from officegraph.web.views.sparql import request_content

blueprint = Blueprint("editor", __name__)

ANY: Final = "any"
"""The value of ``kind`` that stands for every sort of term."""


@blueprint.get("/sparql/prefixes")
def prefixes() -> Response:
    """Send the prefixes that queries may use, prefix to namespace."""
    return as_json({"prefixes": known_prefixes()}, last_modified=publication().last_modified)


@blueprint.get("/sparql/terms")
def terms() -> Response:
    """Send the terms that fit what was typed.

    Raises:
        ProblemError: 400, where ``kind`` is no sort of term.
    """
    kind = next(iter(parameter_values(request.query_string, "kind")), ANY)
    if kind not in {*KINDS, ANY}:
        raise ProblemError(make_problem("bad-request", f"There is no kind {kind!r}: {', '.join((*KINDS, ANY))}."))
    text = next(iter(parameter_values(request.query_string, "q")), "")
    language, vary = reader_languages()
    found = find_terms(
        publication().release, known_prefixes(), text, next((k for k in KINDS if k == kind), None), (language,)
    )
    return as_json({"terms": [term.as_json() for term in found]}, vary=vary, last_modified=publication().last_modified)


@blueprint.post("/sparql/check")
def check() -> Response:
    """Say whether the content of the request is a query, and where it is not.

    Raises:
        ProblemError: 400, where it is not UTF-8; 413, where it is longer than the limit.
    """
    current = publication()
    try:
        text = request_content().decode("utf-8")
    except UnicodeDecodeError as error:
        raise ProblemError(
            make_problem("query-encoding", f"The content is not UTF-8: byte {error.start + 1} is out of place.")
        ) from error
    finding = check_query(text, current.engine, current.settings, current.site_url() + "sparql")
    return as_json(finding.as_json(), cache_control="no-store")


def known_prefixes() -> dict[str, str]:
    """Return the prefixes of the release, and those of well-known vocabularies."""
    return dict(sorted({**PREFIXES, **publication().release.prefixes}.items()))


def as_json(content: object, **more: object) -> Response:
    """Return ``content`` as JSON."""
    body = json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()
    return deliver(of_bytes(body, JSON.content_type, **more))
