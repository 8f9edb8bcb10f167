"""Serve a release with granian: a supervised set of worker processes over one query server."""

from __future__ import annotations

import dataclasses
import json
import os
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, get_type_hints

from granian.constants import Interfaces
from granian.log import LogLevels
from granian.server import Server

from officegraph.engine.embedded import query_server
from officegraph.release.open import open_release
from officegraph.settings import Settings
from officegraph.web.app import create_app

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask

    from officegraph.release.open import Release

CONFIGURATION: Final = "OFFICEGRAPH_CONFIGURATION"
"""Environment variable that carries release and settings to the worker processes."""

BLOCKING_THREADS: Final = 2
"""Threads of a worker that run Python, beyond those that may wait for a query: more only contend for the lock."""


def serve(
    release: Path, settings: Settings, *, host: str, port: int, workers: int, announce: Callable[[str], None]
) -> None:
    """Serve ``release`` until the process is told to stop.

    Args:
        release: A release, or a folder of releases.
        settings: The settings of the application.
        host: Address to listen on.
        port: Port to listen on.
        workers: Processes that answer HTTP.
        announce: Called with what to tell the user once, before the server starts.

    Raises:
        OSError: The release cannot be read.
    """
    with open_release(release) as opened:
        announce(
            greeting(
                opened.manifest.title.get(opened.manifest.language, opened.manifest.name),
                opened.path,
                root_url(host, port),
                example(opened),
            )
        )
        # Workers that are started later serve the very same release, whatever has become current since.
        with query_server(opened.store_path, opened.prefixes, settings) as engine_socket:
            shared = dataclasses.replace(settings, engine_socket=engine_socket)
            os.environ[CONFIGURATION] = json.dumps(
                {"release": str(opened.path), "settings": as_json(shared), "supervisor": os.getpid()}
            )
            run(host, port, workers, settings)


def run(host: str, port: int, workers: int, settings: Settings) -> None:
    """Run the supervisor of the worker processes in this one."""
    Server(
        "officegraph.web.serving:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=BLOCKING_THREADS + settings.query_workers,
        backpressure=256,
        factory=True,
        websockets=False,
        log_level=LogLevels.error,
        respawn_failed_workers=True,
        workers_kill_timeout=30,
        process_name=None,
    ).serve()


def application() -> Flask:
    """Return the application of a worker process; granian calls it."""
    configuration = json.loads(os.environ[CONFIGURATION])
    threading.Thread(target=follow, args=(configuration["supervisor"],), name="follow", daemon=True).start()
    return create_app(release=configuration["release"], **from_json(configuration["settings"]))


def follow(supervisor: int) -> None:
    """End this process when its parent is no longer ``supervisor``, so that no way of dying leaves a worker behind."""
    while os.getppid() == supervisor:
        time.sleep(1)
    os._exit(1)


def as_json(settings: Settings) -> dict[str, Any]:
    """Return the settings as JSON can carry them."""
    return {
        name: str(value) if isinstance(value, Path) else value for name, value in dataclasses.asdict(settings).items()
    }


def from_json(values: dict[str, Any]) -> dict[str, Any]:
    """Return the keyword arguments of :class:`Settings` that :func:`as_json` wrote."""
    paths = {name for name, kind in get_type_hints(Settings).items() if kind == Path | None}
    lists = {name: tuple(value) for name, value in values.items() if isinstance(value, list)}
    return {**values, **lists, **{name: Path(values[name]) for name in paths & values.keys() if values[name]}}


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
