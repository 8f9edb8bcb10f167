"""What stands in front of the application: it answers what is asked for most without running a view.

Resources and documents that are stored are answered by the functions that their views use
(:mod:`officegraph.web.dereference`). Pages and queries are kept once they have been answered, by a shared cache in the
sense of RFC 9111 that sits inside the server. It knows nothing of their rules: the application itself says by
``Cache-Control`` which answers depend on the release alone, and by ``Vary`` which fields of the request chose among
them. A release never changes, so such an answer holds as long as the application. All else goes through untouched:
other routes and methods, errors, ranges, requests with content.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from werkzeug.http import HTTP_STATUS_CODES, remove_entity_headers

from officegraph.http.conditional import Condition, evaluate
from officegraph.http.fields import parse_http_date
from officegraph.web.answer import Answer, FilePart
from officegraph.web.answers import Answers, Kept
from officegraph.web.dereference import FORMATS, dereference
from officegraph.web.fields import PAGE_FIELDS
from officegraph.web.locate import locate
from officegraph.web.problems import OUTCOME

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

    from officegraph.web.answer import Headers
    from officegraph.web.publication import Publication

CAPACITY: Final = 32 * 1024 * 1024
"""Bytes that the answers kept by one process may take."""

LARGEST: Final = 1024 * 1024
"""Bytes above which an answer is not kept, so that none drives out all others."""

_PLAIN: Final = ("HTTP_RANGE", "HTTP_TRANSFER_ENCODING", "HTTP_AUTHORIZATION", "CONTENT_TYPE", "CONTENT_LENGTH")
"""What a request must not have to be answered here."""

_CONDITIONS: Final = ("HTTP_IF_MATCH", "HTTP_IF_NONE_MATCH", "HTTP_IF_MODIFIED_SINCE", "HTTP_IF_UNMODIFIED_SINCE")

OVERHEAD: Final = 600
"""Bytes that an answer takes besides its text, about."""

_LINES: Final = {status: f"{status} {phrase.upper()}" for status, phrase in HTTP_STATUS_CODES.items()}
_QUERIES: Final = frozenset({"/sparql", "/sparql/"})


class Hot:
    """WSGI middleware that answers what needs no view: what is stored, and what was answered before.

    Args:
        application: The application.
        publication: What it publishes.
        capacity: Bytes that the answers may take.
    """

    def __init__(self, application: WSGIApplication, publication: Publication, capacity: int = CAPACITY) -> None:
        self._application = application
        self._publication = publication
        self._answers = Answers(capacity)
        self._lasting = f"public, max-age={publication.settings.cache_age}"

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer the request in ``environ``."""
        if not is_plain(environ):
            return self._application(environ, start_response)
        answer = self.again(environ)
        if answer is not None:
            start_response(_LINES[answer.status], answer.headers.copy())
            return (answer.content,)
        if self._answers.find(environ) is not None:  # a precondition fails
            return self._application(environ, start_response)
        return self._learn(environ, start_response)

    def again(self, environ: WSGIEnvironment) -> Answer | None:
        """Return the answer to the request in ``environ`` if that takes no more than look-ups.

        It is quick enough for an event loop.
        """
        if not is_plain(environ):
            return None
        kept = self._find(environ)
        return dereference(environ, self._publication) if kept is None else answer_of(kept, environ)

    def keep(self, environ: WSGIEnvironment, answer: Answer) -> None:
        """Keep ``answer``, which was given to the request in ``environ`` without this layer, if it lasts."""
        line, body = _LINES[answer.status], answer.body
        if isinstance(body, FilePart) or not is_plain(environ) or in_part(environ):
            return
        if self._lasts(line, dict(answer.headers)):
            self._answers.keep(kept_of(line, answer.headers, bytes(body)), environ)

    def _find(self, environ: WSGIEnvironment) -> Kept | None:
        """Return the answer that is kept for a request; note for the figures if it is that of a query."""
        kept = self._answers.find(environ)
        if kept is not None and "query=" in environ["QUERY_STRING"]:
            environ[OUTCOME] = "cached"
        return kept

    def _learn(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Have the application answer, and keep the answer if it lasts."""
        whole = environ
        if environ.get("PATH_INFO") in _QUERIES:
            # The data of another service may change; and should an answer not last, no query is evaluated twice.
            wanted = self._publication.settings.engine is None and not in_part(environ)
        else:
            located = locate(environ, self._publication, FORMATS)
            wanted = located is not None and located.iri != self._publication.dataset_iri
            if in_part(environ):
                whole = {name: value for name, value in environ.items() if name not in _CONDITIONS}
                whole["REQUEST_METHOD"] = "GET"
        if not wanted:
            return self._application(environ, start_response)

        answered: list[Any] = []

        def capture(*answer: Any) -> Callable[[bytes], object]:
            answered[:] = answer
            return no_write

        chunks = self._application(whole, capture)
        close: Callable[[], object] = getattr(chunks, "close", nothing)
        status, headers, *error = answered
        if not error and self._lasts(status, dict(headers)):
            try:
                body = b"".join(chunks)
            finally:
                close()
            kept = kept_of(status, headers, body)
            self._answers.keep(kept, environ)
            answer = answer_of(kept, environ)
            if answer is None:
                return self._application(environ, start_response)
            start_response(_LINES[answer.status], answer.headers.copy())
            return (answer.content,)
        if whole is environ:
            start_response(status, headers, *error)
            return chunks
        close()
        return self._application(environ, start_response)

    def _lasts(self, status: str, headers: dict[str, str]) -> bool:
        """Return whether an answer is complete, small enough, and said to depend on the release alone."""
        return (
            status.startswith(("200 ", "303 "))
            and headers.get("Cache-Control") == self._lasting
            and headers.get("Vary") != "*"
            and int(headers.get("Content-Length", LARGEST + 1)) <= LARGEST
            and not headers.keys() & {"Set-Cookie", "Accept-Ranges"}
        )


def kept_of(status: str, headers: Headers, body: bytes) -> Kept:
    """Return an answer as it is kept."""
    fields = dict(headers)
    # The application sets the policy on content, which a 304 has none of.
    unchanged = [(name, value) for name, value in headers if name not in PAGE_FIELDS]
    remove_entity_headers(unchanged)
    modified = fields.get("Last-Modified")
    return Kept(
        status=int(status[:3]),
        headers=headers.copy(),
        body=body,
        etag=fields.get("ETag"),
        last_modified=parse_http_date(modified) if modified else None,
        unchanged=unchanged,
        vary=tuple(f"HTTP_{name.upper().replace('-', '_')}" for name in fields.get("Vary", "").split(", ") if name),
        cost=OVERHEAD + len(body) + sum(map(len, fields.values())),
    )


def answer_of(kept: Kept, environ: WSGIEnvironment) -> Answer | None:
    """Return what is sent of an answer that is kept, or ``None`` for a 412 (RFC 9110, section 13.2.2)."""
    method = environ["REQUEST_METHOD"]
    if kept.etag is not None and (condition := Condition.of(environ)) is not None:
        outcome = evaluate(method, condition, kept.etag, kept.last_modified)
        if outcome == 412:
            return None
        if outcome == 304:
            return Answer(304, kept.unchanged)
    return Answer(kept.status, kept.headers, b"" if method == "HEAD" else kept.body)


def is_plain(environ: WSGIEnvironment) -> bool:
    """Return whether a request may be answered with what was answered before."""
    return environ["REQUEST_METHOD"] in {"GET", "HEAD"} and not any(map(environ.get, _PLAIN))


def in_part(environ: WSGIEnvironment) -> bool:
    """Return whether a request may be answered without content."""
    return environ["REQUEST_METHOD"] == "HEAD" or any(map(environ.get, _CONDITIONS))


def nothing() -> None:
    """Close what needs no closing."""


def no_write(data: bytes) -> None:
    """Refuse what only applications older than WSGI do (PEP 3333, "The write() Callable")."""
    raise NotImplementedError
