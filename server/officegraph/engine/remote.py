"""A remote engine: another SPARQL 1.1 service that holds the same data."""

from __future__ import annotations

import http.client
import time
import urllib.error
import urllib.parse
import urllib.request
from typing import TYPE_CHECKING, Any, Final

from officegraph.engine.admission import RETRY_AFTER, Admission
from officegraph.engine.interface import (
    Answer,
    EngineBusyError,
    EngineUnavailableError,
    NotRepresentableError,
    Query,
    QueryRefusedError,
    QuerySyntaxError,
    QueryTimeoutError,
    ResultTooLargeError,
)
from officegraph.engine.scan import scan
from officegraph.version import __version__

if TYPE_CHECKING:
    from officegraph.settings import Settings

_CHUNK: Final = 1 << 16
_DETAIL: Final = 500
_READY_TIMEOUT: Final = 1.0


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    """Follows no redirect: queries go to the one URL that the operator named."""

    def redirect_request(self, *_arguments: Any, **_keywords: Any) -> None:
        return None


class RemoteEngine:
    """Sends queries to the SPARQL 1.1 service at ``url``; safe to use from many threads.

    Queries are scanned as for the embedded engine, so ``SERVICE`` and updates do not get through. The
    service has to bound time and memory itself; here the wait and the size of the answer are bounded.

    Args:
        url: The query endpoint, ``http`` or ``https``.
        settings: The limits.

    Raises:
        ValueError: The URL is no HTTP URL.
    """

    def __init__(self, url: str, settings: Settings) -> None:
        if urllib.parse.urlsplit(url).scheme not in {"http", "https"}:
            raise ValueError(f"The URL of an engine begins with http: or https:, not {url!r}")
        self._url = url
        self._settings = settings
        self.admission = Admission(settings.query_workers, settings.query_queue, settings.engine_places)
        self._opener = urllib.request.build_opener(_NoRedirects)

    def evaluate(self, query: Query) -> Answer:
        """Have the service evaluate ``query``.

        Raises:
            QuerySyntaxError: The text is no query, here or to the service.
            QueryRefusedError: It is an update, calls a service or is too complex.
            NotRepresentableError: The service does not have the format.
            QueryTimeoutError: There was no answer in time.
            ResultTooLargeError: The answer is too large.
            EngineBusyError: Too many queries wait for the service, or it says so itself.
            QueryCancelledError: The client has gone while the query waited.
            EngineUnavailableError: The service cannot be reached or does not answer as it should.
        """
        text = scan(query.text, self._settings).text
        if query.base is not None:
            text = f"BASE <{query.base}> {text}"
        timeout = min(self._settings.query_timeout, query.timeout or self._settings.query_timeout)
        with self.admission.enter(timeout, query.cancellation):
            return Answer(self._post(text, query, timeout), query.format)

    def _post(self, text: str, query: Query, timeout: float) -> bytes:
        """Send ``text`` by a POST of a form (SPARQL 1.1 Protocol, 2.1.2) and return the body."""
        form = [("query", text)]
        form += [("default-graph-uri", iri) for iri in query.default_graphs or ()]
        form += [("named-graph-uri", iri) for iri in query.named_graphs or ()]
        request = urllib.request.Request(  # noqa: S310 - the scheme has been checked
            self._url,
            urllib.parse.urlencode(form).encode(),
            {
                "Accept": query.format.media_type,
                "Content-Type": "application/x-www-form-urlencoded",
                "User-Agent": f"officegraph/{__version__}",
            },
        )
        deadline = time.monotonic() + timeout
        try:
            with self._opener.open(request, timeout=timeout) as response:
                media_type = response.headers.get_content_type()
                if media_type not in {query.format.media_type, *query.format.aliases}:
                    raise EngineUnavailableError(
                        f"The SPARQL service answers {media_type}, asked for {query.format.media_type}."
                    )
                return self._read(response, deadline, timeout)
        except urllib.error.HTTPError as error:
            with error:
                raise self._error_of(error, query, timeout) from error
        except TimeoutError as error:
            raise QueryTimeoutError(timeout) from error
        except (urllib.error.URLError, http.client.HTTPException, OSError) as error:
            if isinstance(getattr(error, "reason", None), TimeoutError):
                raise QueryTimeoutError(timeout) from error
            raise EngineUnavailableError(f"The SPARQL service cannot be reached: {error}.") from error

    def _read(self, response: Any, deadline: float, timeout: float) -> bytes:
        """Return the whole body of ``response``, of bounded size and in bounded time."""
        limit = self._settings.query_result_size
        body = bytearray()
        while piece := response.read1(_CHUNK):
            body += piece
            if len(body) > limit:
                raise ResultTooLargeError(limit)
            if time.monotonic() > deadline:
                raise QueryTimeoutError(timeout)
        if response.length:
            raise EngineUnavailableError("The SPARQL service broke off its answer.")
        return bytes(body)

    def _error_of(self, error: urllib.error.HTTPError, query: Query, timeout: float) -> Exception:
        """Return what the status of ``error`` means."""
        try:
            detail = error.read(_DETAIL).decode(errors="replace")
        except (OSError, http.client.HTTPException):
            detail = ""
        match error.code:
            case 400:
                return QuerySyntaxError("The SPARQL service finds the query malformed.", detail=detail)
            case 403 | 413 | 414:
                return QueryRefusedError("engine", "The SPARQL service refuses the query.")
            case 406:
                return NotRepresentableError(f"The SPARQL service has no {query.format.name}.")
            case 408 | 504:
                return QueryTimeoutError(timeout)
            case 429 | 503:
                after = error.headers.get("Retry-After", "")
                return EngineBusyError(float(after) if after.isdigit() else RETRY_AFTER)
        return EngineUnavailableError(f"The SPARQL service answers with status {error.code}.")

    def ready(self) -> bool:
        """Return whether the service answers ``ASK {}``."""
        request = urllib.request.Request(  # noqa: S310 - the scheme has been checked
            f"{self._url}{'&' if '?' in self._url else '?'}query=ASK%20%7B%7D",
            headers={"Accept": "application/sparql-results+json"},
        )
        try:
            with self._opener.open(request, timeout=_READY_TIMEOUT) as response:
                return bool(response.status == 200)
        except (OSError, http.client.HTTPException):
            return False

    def close(self) -> None:
        """Do nothing: nothing is held open."""
