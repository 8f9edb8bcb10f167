"""The processes that answer HTTP: granian, its supervisor and the application in each of them."""

from __future__ import annotations

import gc
import json
import math
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from granian.constants import HTTPModes, Interfaces
from granian.http import HTTP1Settings
from granian.log import LogLevels
from granian.server.mp import MPServer

from officegraph.settings import Settings
from officegraph.web.access_log import AccessLog
from officegraph.web.gateway import Gateway
from officegraph.web.generations import open_generations
from officegraph.web.metrics import Metrics

if TYPE_CHECKING:
    from collections.abc import Callable

CONFIGURATION: Final = "OFFICEGRAPH_CONFIGURATION"
"""Environment variable that carries folder and settings to the worker processes."""

HEAD_LIMIT: Final = 96 * 1024
"""Bytes that request line and fields may have together; more is answered 431, and 414 if it is the line."""

DRAIN: Final = 5
"""Seconds beyond the longest query that a worker process has to answer its last requests when it is told to end."""

FIGURES: Final = "figures"
"""Name of the file in which worker processes count."""


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

    def startup(self, *arguments: Any) -> None:
        """Start the worker processes: forked where the system can, so that they share what is loaded already."""
        gc.collect()
        gc.freeze()
        super().startup(*arguments)  # type: ignore[no-untyped-call]

    def stop(self) -> None:
        """End the worker processes, and then :meth:`serve`; safe from any thread, also before it has begun."""
        self.signal_handler_interrupt()  # type: ignore[no-untyped-call]


def processes(host: str, port: int, workers: int, settings: Settings, on_reload: Callable[[], None]) -> Processes:
    """Return the supervisor of the worker processes, which is yet to be run."""
    return Processes(
        "officegraph.web.workers:application",
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
    )


def application() -> Gateway:
    """Return the application of a worker process; granian calls it."""
    configuration = json.loads(os.environ[CONFIGURATION])
    folder = Path(configuration["folder"])
    settings = Settings.of_json(configuration["settings"])
    generations = open_generations(folder, settings, configuration["supervisor"])
    log = AccessLog(settings.access_log) if settings.access_log is not None else None
    return Gateway(generations, settings, Metrics(folder / FIGURES), log)
