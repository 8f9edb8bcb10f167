"""Serve a release with granian: a supervised set of worker processes over one query server."""

from __future__ import annotations

import dataclasses
import json
import logging
import math
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from granian.constants import HTTPModes, Interfaces
from granian.http import HTTP1Settings
from granian.log import LogLevels
from granian.server.mp import MPServer

from officegraph.release.open import open_release
from officegraph.settings import Settings
from officegraph.web.access_log import AccessLog
from officegraph.web.gateway import Gateway
from officegraph.web.generations import Generations
from officegraph.web.metrics import Metrics
from officegraph.web.supervision import PLACES, Supervision

if TYPE_CHECKING:
    from collections.abc import Callable

    from officegraph.release.open import Release

CONFIGURATION: Final = "OFFICEGRAPH_CONFIGURATION"
"""Environment variable that carries release and settings to the worker processes."""

HEAD_LIMIT: Final = 96 * 1024
"""Bytes that request line and fields may have together; more is answered 431, and 414 if it is the line."""

DRAIN: Final = 5
"""Seconds beyond the longest query that a worker process has to answer its last requests when it is told to end."""

FIGURES: Final = "figures"
"""Name of the file in which worker processes count."""


def serve(
    release: Path,
    settings: Settings,
    *,
    host: str,
    port: int,
    workers: int,
    announce: Callable[[str], None],
    refresh: Callable[[], Path] | None = None,
) -> None:
    """Serve ``release`` until the process is told to stop.

    A folder of releases is followed: when another becomes current, it is served, and no request fails. SIGHUP asks for
    one at once. SIGTERM and SIGINT end the server when the requests that it has taken are answered.

    Args:
        release: A release, or a folder of releases.
        settings: The settings of the application.
        host: Address to listen on.
        port: Port to listen on.
        workers: Processes that answer HTTP.
        announce: Called with what to tell the user once, before the server starts.
        refresh: Builds a release if the sources have changed, and returns it; called on SIGHUP.

    Raises:
        OSError: The release cannot be read.
    """
    log_to_standard_error()
    with Supervision(release, settings, refresh) as supervision:
        with open_release(release) as opened:
            announce(
                greeting(
                    opened.manifest.title.get(opened.manifest.language, opened.manifest.name),
                    opened.path,
                    root_url(host, port),
                    example(opened),
                )
            )
        shared = dataclasses.replace(settings, engine_places=supervision.folder / PLACES)
        os.environ[CONFIGURATION] = json.dumps(
            {"folder": str(supervision.folder), "settings": shared.as_json(), "supervisor": os.getpid()}
        )
        run(host, port, workers, settings, supervision.look_again)


class Processes(MPServer):
    """The supervisor of the worker processes, which a new release does not restart.

    Args:
        on_reload: Called on SIGHUP.
    """

    def __init__(self, *arguments: Any, on_reload: Callable[[], None], **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._on_reload = on_reload

    def signal_handler_reload(self, *_arguments: Any, **_options: Any) -> None:
        """Take SIGHUP."""
        self._on_reload()


def run(host: str, port: int, workers: int, settings: Settings, on_reload: Callable[[], None]) -> None:
    """Run the supervisor of the worker processes in this one."""
    Processes(
        "officegraph.web.serving:application",
        address=host,
        port=port,
        interface=Interfaces.RSGI,
        # Of a connection that may become one of HTTP/2, granian waits for the first byte without an end.
        http=HTTPModes.http1,
        workers=workers,
        backpressure=settings.connections,
        http1_settings=HTTP1Settings(
            header_read_timeout=max(1, round(settings.request_timeout * 1000)), max_buffer_size=HEAD_LIMIT
        ),
        factory=True,
        websockets=False,
        log_level=LogLevels.error,
        respawn_failed_workers=True,
        workers_kill_timeout=math.ceil(settings.query_timeout) + DRAIN,
        process_name=None,
        on_reload=on_reload,
    ).serve()


def application() -> Gateway:
    """Return the application of a worker process; granian calls it."""
    configuration = json.loads(os.environ[CONFIGURATION])
    folder = Path(configuration["folder"])
    settings = Settings.of_json(configuration["settings"])
    generations = Generations(folder, settings, configuration["supervisor"])
    log = AccessLog(settings.access_log) if settings.access_log is not None else None
    return Gateway(generations, settings, Metrics(folder / FIGURES), log)


def log_to_standard_error() -> None:
    """Write what operators should know to standard error, from this process and those that it starts."""
    log = logging.getLogger("officegraph")
    if not log.handlers:
        handler = logging.StreamHandler()
        handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s"))
        log.addHandler(handler)
        log.propagate = False
    log.setLevel(logging.WARNING)


def example(release: Release) -> str | None:
    """Return the path of a resource to try, without its first slash."""
    base = release.base
    candidates = (f"{base}concept/back-office", *release.manifest.examples)
    return next((iri[len(base) :] for iri in candidates if iri.startswith(base) and iri in release.documents), None)


def root_url(host: str, port: int) -> str:
    """Return the root URL to try for a server that listens on ``host``, which may be all addresses or IPv6."""
    name = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 - compared, not bound
    return f"http://[{name}]:{port}/" if ":" in name else f"http://{name}:{port}/"


def greeting(title: str, release: Path, root: str, path: str | None) -> str:
    """Return what ``serve`` prints: the address and what to try."""
    lines = [f"{title} is served at {root}", f"  release  {release}", "", "Try:"]
    if path:
        lines.append(f"  curl -L -H 'Accept: text/turtle' {root}{path}")
    lines += [
        f"  curl {root}sparql --data-urlencode 'query=SELECT (COUNT(*) AS ?n) WHERE {{ ?s ?p ?o }}'",
        f"  curl {root}dumps/",
        "",
        "Stop with Ctrl+C.",
    ]
    return "\n".join(lines)
