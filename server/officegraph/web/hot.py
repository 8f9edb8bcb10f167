"""A cache in front of the application: what was answered once is sent again without running a view.

It is a shared cache in the sense of RFC 9111 that sits inside the server, for what is asked for most: resources,
their documents, and queries. It knows nothing of their rules: the application itself says by ``Cache-Control`` which
answers depend on the release alone, and by ``Vary`` which fields of the request chose among them. A release
never changes, so such an answer holds as long as the application. All else goes through untouched: other routes
and methods, errors, ranges, requests with content.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from werkzeug.http import remove_entity_headers

from officegraph.http.conditional import Condition, evaluate
from officegraph.http.fields import parse_http_date
from officegraph.http.iris import by_extension
from officegraph.model.formats import CSV, HTML, RDF_FORMATS
from officegraph.web.answers import Answers, Kept
from officegraph.web.headers import PAGE_FIELDS
from officegraph.web.locate import Located, locate
from officegraph.web.problems import OUTCOME

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

    from officegraph.web.answers import Headers
    from officegraph.web.publication import Publication

Again = tuple[str, list[tuple[str, str]], bytes | memoryview]
"""An answer that was given before: status line, fields, content."""

CAPACITY: Final = 32 * 1024 * 1024
"""Bytes that the answers kept by one process may take."""

LARGEST: Final = 1024 * 1024
"""Bytes above which an answer is not kept, so that none drives out all others."""

_PLAIN: Final = ("HTTP_RANGE", "HTTP_TRANSFER_ENCODING", "HTTP_AUTHORIZATION", "CONTENT_TYPE", "CONTENT_LENGTH")
"""What a request must not have to be answered here."""

_CONDITIONS: Final = ("HTTP_IF_MATCH", "HTTP_IF_NONE_MATCH", "HTTP_IF_MODIFIED_SINCE", "HTTP_IF_UNMODIFIED_SINCE")

OVERHEAD: Final = 600
"""Bytes that an answer takes besides its text, about."""

_FORMATS: Final = by_extension((*RDF_FORMATS, CSV, HTML))
_QUERIES: Final = frozenset({"/sparql", "/sparql/"})


class Hot:
    """WSGI middleware that answers again what the application has answered before.

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
        kept = self._find(environ)
        if kept is None:
            return self._learn(environ, start_response)
        return self._send(kept, environ, start_response)

    def again(self, environ: WSGIEnvironment) -> Again | None:
        """Return the answer to the request in ``environ`` if that takes no more than a look-up.

        It is quick enough for an event loop.
        """
        kept = self._find(environ) if is_plain(environ) else None
        return None if kept is None else answer_of(kept, environ)

    def _find(self, environ: WSGIEnvironment) -> Kept | None:
        """Return the answer that is kept for a request; note for the figures if it is that of a query."""
        kept = self._answers.find(environ)
        if kept is not None and "query=" in environ["QUERY_STRING"]:
            environ[OUTCOME] = "cached"
        return kept

    def _send(self, kept: Kept, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Send an answer that is kept, unless a precondition of the request fails."""
        answer = answer_of(kept, environ)
        if answer is None:
            return self._application(environ, start_response)
        status, headers, body = answer
        start_response(status, headers.copy())
        return (bytes(body),)

    def _learn(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Have the application answer, and keep the answer if it lasts."""
        located, whole = None, environ
        if environ.get("PATH_INFO") in _QUERIES:
            # The data of another service may change; and should an answer not last, no query is evaluated twice.
            wanted = self._publication.settings.engine is None and not in_part(environ)
        else:
            located = locate(environ, self._publication, _FORMATS)
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
            kept = self._kept(status, headers, body, located)
            self._answers.keep(kept, environ)
            return self._send(kept, environ, start_response)
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

    def _kept(self, status: str, headers: Headers, body: bytes, located: Located | None) -> Kept:
        """Return an answer as it is kept."""
        fields = dict(headers)
        # The application sets the policy on content, which a 304 has none of.
        unchanged = [(name, value) for name, value in headers if name not in PAGE_FIELDS]
        remove_entity_headers(unchanged)
        mapped = self._mapped(located, fields.get("Content-Encoding", "identity"), body)
        modified = fields.get("Last-Modified")
        return Kept(
            status=status,
            headers=headers.copy(),
            body=body if mapped is None else mapped,
            etag=fields.get("ETag"),
            last_modified=parse_http_date(modified) if modified else None,
            unchanged=unchanged,
            vary=tuple(f"HTTP_{name.upper().replace('-', '_')}" for name in fields.get("Vary", "").split(", ") if name),
            cost=OVERHEAD + (0 if mapped is not None else len(body)) + sum(map(len, fields.values())),
        )

    def _mapped(self, located: Located | None, coding: str, body: bytes) -> memoryview | None:
        """Return the same bytes in the mapped file of documents, where they take no memory, if they are there."""
        if located is None or located.format is None:
            return None
        document = self._publication.release.documents.get(located.iri)
        stored = document.representation(located.format, coding) if document is not None else None
        if stored is not None and isinstance(stored.body, memoryview) and stored.body == body:
            return stored.body
        return None


def answer_of(kept: Kept, environ: WSGIEnvironment) -> Again | None:
    """Return what is sent of an answer that is kept, or ``None`` for a 412 (RFC 9110, section 13.2.2)."""
    method = environ["REQUEST_METHOD"]
    if kept.etag is not None and (condition := Condition.of(environ)) is not None:
        outcome = evaluate(method, condition, kept.etag, kept.last_modified)
        if outcome == 412:
            return None
        if outcome == 304:
            return "304 NOT MODIFIED", kept.unchanged, b""
    return kept.status, kept.headers, b"" if method == "HEAD" else kept.body


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
