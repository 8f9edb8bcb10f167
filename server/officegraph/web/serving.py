"""Serve a release: worker processes that answer HTTP, and beside them the query server of the release."""

from __future__ import annotations

import dataclasses
import json
import logging
import os
from typing import TYPE_CHECKING

from officegraph.web.supervision import PLACES, Supervision

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from officegraph.release.open import Release
    from officegraph.settings import Settings


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
        ReleaseError: The same, or it is no release.
        EngineUnavailableError: The query server cannot be started, or cannot load the store.
    """
    log_to_standard_error()
    with Supervision(release, settings, refresh) as supervision:
        # Slow to load; the query server is at work meanwhile.
        from officegraph.release.open import open_release  # noqa: PLC0415
        from officegraph.web.workers import CONFIGURATION, processes  # noqa: PLC0415

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
        server = processes(host, port, workers, settings, supervision.look_again)
        supervision.on_failure = server.stop
        supervision.wait_until_listening()
        server.serve()
        supervision.raise_failure()


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
