"""What stands between the network and the application: granian's RSGI in front of WSGI.

An event loop reads requests and writes answers, so clients that are slow to send or to read hold no thread. What has
been answered before is sent from the loop itself. The rest is run in threads, apart by what it costs: queries cannot
keep pages and documents waiting, nor these the health of the server. The loop hears when a client goes away, and
cancels its query. (https://github.com/emmett-framework/granian/blob/master/docs/spec/RSGI.md, version 1.5)
"""

from __future__ import annotations

import asyncio
import io
import logging
import os
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import parse_qs

from officegraph.http.host import read_host
from officegraph.http.problem import make_problem
from officegraph.web.answer import Answer, FilePart
from officegraph.web.known import Known
from officegraph.web.metrics import METRICS, route_of
from officegraph.web.problems import CANCELLATION, OUTCOME, PROBLEM, QUERY
from officegraph.web.queries import answer as answer_query
from officegraph.web.steady import Steady
from officegraph.web.watch import Watch

if TYPE_CHECKING:
    from collections.abc import Callable
    from wsgiref.types import WSGIApplication, WSGIEnvironment

    from granian._granian import RSGIHTTPProtocol as HTTPProtocol
    from granian.rsgi import Scope

    from officegraph.settings import Settings
    from officegraph.web.access_log import AccessLog
    from officegraph.web.generations import Generation, Generations
    from officegraph.web.metrics import Metrics

BODY_LIMIT: Final = 1024 * 1024
"""Bytes of content that a request may have; one more is read, by which the application sees that it is too long."""

READ_LIMIT: Final = 16 * BODY_LIMIT
"""Bytes of content that are read of a request before its connection is closed."""

FIELDS_LIMIT: Final = 64 * 1024
"""Bytes that the fields of a request may have together (RFC 6585, section 5)."""

PAGE_THREADS: Final = 4
"""Threads for all but queries: more only contend for the interpreter."""

COSTLY: Final = 0.05
"""Seconds that a query takes whose answer is kept the first time, not the second."""

ASKED: Final = 8192
"""Queries of which is remembered that they were asked."""

GONE: Final = 499
"""Status by which requests are counted whose client went away before the answer; it is never sent."""

SWITCH_INTERVAL: Final = 0.001
"""Seconds after which a thread that computes lets the event loop have its turn."""

LEFT_OUT: Final = "upgrade"
"""A field that is not passed on: no other protocol is spoken here, so the request is answered as what it also is
(RFC 9110, section 7.8)."""

CLOSE: Final = ("Connection", "close")
"""The field of an answer after which nothing more is understood on the connection."""

_log: Final = logging.getLogger("officegraph")

_KEYS_KEPT: Final = 512


class Gateway:
    """The application that granian calls: RSGI outside, WSGI inside.

    Args:
        generations: The application, in the form that serves the current release.
        settings: The settings.
        metrics: Where requests are counted.
        log: Where they are logged, if they are.
    """

    def __init__(
        self, generations: Generations, settings: Settings, metrics: Metrics, log: AccessLog | None = None
    ) -> None:
        self._generations = generations
        self._metrics = metrics
        self._log = log
        self._following_log, self._showing = Steady("Following the access log"), Steady("Showing figures")
        self._request_timeout = settings.request_timeout
        self._keys: dict[str, str] = {}
        self._environ = {
            "GATEWAY_INTERFACE": "CGI/1.1", "SCRIPT_NAME": "", "SERVER_SOFTWARE": "officegraph",
            "wsgi.version": (1, 0), "wsgi.errors": sys.stderr, "wsgi.multithread": True, "wsgi.multiprocess": True,
            "wsgi.run_once": False, "wsgi.input_terminated": True, METRICS: metrics,
        }  # fmt: skip
        admission = generations.current.admission
        self._most_queries = admission.capacity + admission.queue + 2
        self._queries = 0
        self._asked: set[int] = set()
        self._query_threads = ThreadPoolExecutor(self._most_queries, "query")
        self._page_threads = ThreadPoolExecutor(PAGE_THREADS, "page")
        self._operations_thread = ThreadPoolExecutor(1, "operations")

    def __rsgi_init__(self, loop: asyncio.AbstractEventLoop) -> None:
        """Begin to work in ``loop``."""
        sys.setswitchinterval(SWITCH_INTERVAL)
        self._generations.follow(loop)
        self._tick(loop)

    def _tick(self, loop: asyncio.AbstractEventLoop) -> None:
        """Do once a second what is to be done once a second."""
        if self._log is not None:
            self._following_log.run(self._log.follow)
        self._showing.run(self._show)
        loop.call_later(1, self._tick, loop)

    def _show(self) -> None:
        """Show the figures of this moment."""
        self._metrics.follow()
        admission = self._generations.current.admission
        self._metrics.show(running=admission.running, waiting=admission.waiting)

    def __rsgi_del__(self, _loop: asyncio.AbstractEventLoop) -> None:
        """End what runs, once the last request has been answered."""
        self._generations.close()

    async def __rsgi__(self, scope: Scope, protocol: HTTPProtocol) -> None:
        """Answer one request."""
        begun = time.perf_counter()
        generation = self._generations.current
        words = (
            scope.method, scope.path, scope.query_string, scope.scheme, scope.authority, scope.server,
            tuple(scope.headers.items()),
        )  # fmt: skip
        known = generation.known.get(words)
        if known is None:
            await self._answer(scope, protocol, words, begun)
            return
        body = bytes(known.body)
        try:
            protocol.response_bytes(known.status, known.headers, body)
        except RuntimeError:  # granian's own: the client has gone
            return
        self._metrics.count(known.route, known.status, time.perf_counter() - begun, len(body), known.outcome)
        if self._log is not None:
            self._write(self._environ_of(scope), known.route, Answer(known.status, [], body), known.outcome, begun)

    async def _answer(self, scope: Scope, protocol: HTTPProtocol, words: tuple[object, ...], begun: float) -> None:
        """Answer a request that is not known in these words."""
        environ = self._environ_of(scope)
        generation = self._generations.enter()
        route = route_of(environ["PATH_INFO"])
        limit = generation.limit if route == "sparql" else None
        try:
            fields = [] if limit is None else limit.judge(environ)
            answer = None if PROBLEM in environ else self._again(generation, environ, route, words)
            if answer is None and ("CONTENT_LENGTH" in environ or "HTTP_TRANSFER_ENCODING" in environ):
                await self._receive(environ, protocol)
            if answer is None and route == "sparql" and PROBLEM not in environ:
                answer = await self._query(generation, environ, protocol)
            if answer is None:
                answer = await self._evaluate(generation, environ, route, protocol)
            if fields:
                answer = replace(answer, headers=[*answer.headers, *fields])
        except Exception:  # noqa: BLE001 - the next request is to be answered, whatever became of this one
            _log.exception("The application failed")
            answer = Answer(500, [("Content-Type", "text/plain; charset=utf-8")], b"Something went wrong here.\n")
        finally:
            self._generations.leave(generation)
        try:
            send(protocol, answer)
        except RuntimeError:
            answer.status = GONE
        outcome = environ.get(OUTCOME) if route == "sparql" else None
        self._metrics.count(route, answer.status, time.perf_counter() - begun, len(answer.body), outcome)
        if self._log is not None:
            self._write(environ, route, answer, outcome, begun)

    def _write(self, environ: WSGIEnvironment, route: str, answer: Answer, outcome: str | None, begun: float) -> None:
        """Log a request."""
        if self._log is not None:
            self._log.write(
                method=environ["REQUEST_METHOD"], route=route, status=answer.status, size=len(answer.body),
                seconds=time.perf_counter() - begun, outcome=outcome, query=query_of(environ) if outcome else None,
            )  # fmt: skip

    def _environ_of(self, scope: Scope) -> WSGIEnvironment:
        """Return the environment of WSGI for a request (PEP 3333).

        Of an absolute-form target the host counts and not the field (RFC 9112, section 3.2.2), but a request that has
        no such field, or several, is refused (section 3.2). Names with an
        underscore are left out, since in this environment they cannot be told from those with a hyphen.
        """
        path = scope.path
        server, _, port = scope.server.rpartition(":")
        environ: WSGIEnvironment = {
            **self._environ,
            "REQUEST_METHOD": scope.method,
            "PATH_INFO": path if path.isascii() else path.encode().decode("latin-1"),
            "QUERY_STRING": scope.query_string,
            "SERVER_PROTOCOL": "HTTP/1.1" if scope.http_version == "1.1" else "HTTP/1.0",
            "SERVER_NAME": server,
            "SERVER_PORT": port,
            "REMOTE_ADDR": scope.client.rpartition(":")[0].strip("[]"),
            "wsgi.url_scheme": scope.scheme,
            "wsgi.input": io.BytesIO(),
        }
        keys = self._keys
        size = hosts = 0
        for name, value in scope.headers.items():
            size += len(name) + len(value)
            if name == "host":
                hosts += 1
            key = keys.get(name) or self._key(name)
            if not key:
                continue
            environ[key] = f"{environ[key]},{value}" if key in environ else value
        if scope.authority and hosts:
            environ["HTTP_HOST"] = scope.authority
        if hosts != 1 and (hosts or scope.http_version == "1.1"):
            environ[PROBLEM] = make_problem("bad-request", "A request has the field Host, once.")
        elif hosts and read_host(environ["HTTP_HOST"], scope.scheme) is None:
            environ[PROBLEM] = make_problem("bad-request", "The field Host names no host.")
        if environ.get("HTTP_TRANSFER_ENCODING", "chunked").strip().lower() != "chunked":
            environ[PROBLEM] = make_problem("bad-request", "The only transfer coding that is understood is chunked.")
        if size > FIELDS_LIMIT:
            environ[PROBLEM] = make_problem("fields-too-large", limit=FIELDS_LIMIT)
        return environ

    def _key(self, name: str) -> str:
        """Return the name of a field in the environment, or nothing if it is left out."""
        key = "" if "_" in name or name == LEFT_OUT else name.upper().replace("-", "_")
        if key and key not in {"CONTENT_TYPE", "CONTENT_LENGTH"}:
            key = f"HTTP_{key}"
        if len(self._keys) < _KEYS_KEPT:
            self._keys[name] = key
        return key

    def _again(
        self, generation: Generation, environ: WSGIEnvironment, route: str, words: tuple[object, ...]
    ) -> Answer | None:
        """Return what has been answered before, if it has."""
        found = generation.hot.again(environ)
        if found is None:
            return None
        outcome = environ.get(OUTCOME) if route == "sparql" else None
        limited = route == "sparql" and generation.limit is not None
        if not limited and "HTTP_HOST" in environ and not isinstance(found.body, FilePart):
            generation.known.remember(words, Known(found.status, found.headers, found.body, route, outcome))
        return found

    async def _query(self, generation: Generation, environ: WSGIEnvironment, protocol: HTTPProtocol) -> Answer | None:
        """Have a query answered without a thread, if that can be."""
        if generation.engine is None:
            return None
        watch = Watch(asyncio.get_running_loop(), protocol)
        environ[CANCELLATION] = watch.cancellation
        begun = time.perf_counter()
        try:
            answer = await answer_query(environ, generation.publication, generation.engine)
        finally:
            watch.end()
        if watch.cancellation.cancelled:
            return Answer(GONE, [])
        if answer is not None and self._is_worth_keeping(environ, time.perf_counter() - begun):
            generation.hot.keep(environ, answer)
        return answer

    def _is_worth_keeping(self, environ: WSGIEnvironment, seconds: float) -> bool:
        """Return whether the answer to a query is to be kept: most quick ones are never asked again."""
        if seconds >= COSTLY:
            return True
        asked = hash(environ["QUERY_STRING"])
        if asked in self._asked:
            return True
        if len(self._asked) >= ASKED:
            self._asked.clear()
        self._asked.add(asked)
        return False

    async def _evaluate(
        self, generation: Generation, environ: WSGIEnvironment, route: str, protocol: HTTPProtocol
    ) -> Answer:
        """Have the application answer, in a thread of the kind that the request needs."""
        loop = asyncio.get_running_loop()
        # What is wrong already is told by the application itself, whatever the answer would have been.
        call = partial(run, generation.plain if PROBLEM in environ else generation.hot, environ)
        if route == "operations":
            return await loop.run_in_executor(self._operations_thread, call)
        if route != "sparql" or PROBLEM in environ:
            return await loop.run_in_executor(self._page_threads, call)
        if self._queries >= self._most_queries:
            environ[PROBLEM] = make_problem("busy", "All query workers are busy.", headers=(("Retry-After", "5"),))
            environ[OUTCOME] = "busy"
            return await loop.run_in_executor(self._page_threads, partial(run, generation.plain, environ))
        self._queries += 1
        watch = Watch(loop, protocol)
        environ[CANCELLATION] = watch.cancellation
        try:
            answer = await loop.run_in_executor(self._query_threads, call)
        finally:
            self._queries -= 1
            watch.end()
        if watch.cancellation.cancelled:
            answer.status = GONE
        return answer

    async def _receive(self, environ: WSGIEnvironment, protocol: HTTPProtocol) -> None:
        """Read the content of a request in the time that it has, and keep a little more of it than it may have.

        What is too long is read to its end, within reason, since a client hears no answer while it sends. What does
        not arrive whole is refused (RFC 9112, section 8). Of content in chunks the server tells so by an empty piece
        more than the one at its end, and cannot tell it from trailers, which no query needs.
        """
        length = environ.get("CONTENT_LENGTH", "")
        if length.isdigit() and int(length) > READ_LIMIT:
            return
        content, size, empty = bytearray(), 0, 0
        try:
            async with asyncio.timeout(self._request_timeout):
                async for piece in protocol:
                    content += piece[: BODY_LIMIT + 1 - len(content)]
                    size += len(piece)
                    empty += not piece
                    if size > READ_LIMIT:
                        break
        except TimeoutError:
            environ[PROBLEM] = make_problem("request-timeout", headers=(CLOSE,))
        else:
            if empty > 1 or (length.isdigit() and size < int(length)):
                environ.setdefault(
                    PROBLEM, make_problem("bad-request", "The content has not arrived whole.", headers=(CLOSE,))
                )
        environ["wsgi.input"] = io.BytesIO(content)


def starter(answer: Answer) -> Callable[..., Callable[[bytes], object]]:
    """Return the ``start_response`` that fills ``answer``."""

    def start_response(status: str, headers: list[tuple[str, str]], *_: Any) -> Callable[[bytes], object]:
        answer.status = int(status[:3])
        answer.headers = headers
        return no_write

    return start_response


def no_write(_data: bytes) -> None:
    """Refuse what only applications older than WSGI do (PEP 3333, "The write() Callable")."""
    raise NotImplementedError


def run(application: WSGIApplication, environ: WSGIEnvironment) -> Answer:
    """Have ``application`` answer, whole."""
    answer = Answer(0, [])
    body = application(environ, starter(answer))
    try:
        answer.body = body if isinstance(body, FilePart) else b"".join(body)
    finally:
        close = getattr(body, "close", None)
        if close is not None:
            close()
    return answer


def send(protocol: HTTPProtocol, answer: Answer) -> None:
    """Hand an answer to the server, which sends it as fast as the client reads."""
    body = answer.body
    if isinstance(body, FilePart):
        protocol.response_file_range(
            answer.status, answer.headers, os.fspath(body.path), body.first, body.first + body.length
        )
    else:
        protocol.response_bytes(answer.status, answer.headers, bytes(body))


def query_of(environ: WSGIEnvironment) -> str | None:
    """Return the query of a request, for its digest."""
    found = environ.get(QUERY)
    return str(found) if found is not None else next(iter(parse_qs(environ["QUERY_STRING"]).get("query", ())), None)
