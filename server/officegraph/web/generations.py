"""The application as it serves one release after another, with no request in between that fails.

A generation is a whole application over one release. The supervisor writes down which one is current
(:mod:`officegraph.web.supervision`); each worker process looks once a second, makes the next generation beside the
present one, sends new requests there, and closes the old one with its last request.
"""

from __future__ import annotations

import asyncio
import fcntl
import logging
import os
import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from officegraph.web.app import AGAIN, PLAIN, create_app
from officegraph.web.publication import EXTENSION
from officegraph.web.state import STATE, WORKERS, State, use_file

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from wsgiref.types import WSGIApplication, WSGIEnvironment

    from flask import Flask

    from officegraph.engine.admission import Admission
    from officegraph.settings import Settings
    from officegraph.web.hot import Again
    from officegraph.web.publication import Publication

_log: Final = logging.getLogger("officegraph")


@dataclass(frozen=True, slots=True)
class Known:
    """An answer to a request in certain words.

    Attributes:
        status: Status code.
        headers: Its fields.
        body: Its content.
        route: The kind of route that gave it.
        outcome: What became of it, if it is a query.
    """

    status: int
    headers: list[tuple[str, str]]
    body: bytes | memoryview
    route: str
    outcome: str | None


class Generation:
    """An application over one release, and how many requests it is answering.

    Args:
        state: Which one.
        folder: The folder of the server.
        settings: The settings of the application.

    Raises:
        ReleaseError: The release cannot be opened.

    Attributes:
        state: Which one.
        application: The application.
        plain: The application without what stands before it to answer again, or to turn away.
        again: Answers a request if that takes no more than a look-up.
        known: Answers by all that is in a request, for requests that come again in the very same words.
        active: Requests that it is answering.
        retired: Whether it gets no more requests.
    """

    def __init__(self, state: State, folder: Path, settings: Settings) -> None:
        self.state = state
        self.active = 0
        self.retired = False
        # Locked as long as it is in use: the supervisor ends the query server when nobody uses it.
        self._use = os.open(use_file(folder, state.number), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(self._use, fcntl.LOCK_SH)
            own = replace(settings, engine_socket=state.engine_socket)
            self.application: Flask = create_app(
                release=state.release, **{name: getattr(own, name) for name in own.names()}
            )
        except BaseException:
            os.close(self._use)
            raise
        self.plain: WSGIApplication = self.application.extensions[PLAIN]
        self.again: Callable[[WSGIEnvironment], Again | None] = self.application.extensions[AGAIN]
        self.known: dict[tuple[object, ...], Known] = {}

    @property
    def admission(self) -> Admission:
        """The places of its queries."""
        publication: Publication = self.application.extensions[EXTENSION]
        return publication.engine.admission

    def close(self) -> None:
        """Close the release and let go of the engine."""
        publication: Publication = self.application.extensions[EXTENSION]
        publication.close()
        os.close(self._use)


class Generations:
    """The generations of one worker process: the current one, and those that still answer their last requests.

    Used by the thread of the event loop alone.

    Args:
        folder: The folder of the server.
        settings: The settings of the application.
        supervisor: Number of the process that this one belongs to.

    Attributes:
        current: The generation that new requests go to.
    """

    def __init__(self, folder: Path, settings: Settings, supervisor: int) -> None:
        self._folder = folder
        self._settings = settings
        self._supervisor = supervisor
        self._heartbeat = folder / WORKERS / str(os.getpid())
        self._seen = self._stamp()
        self._tasks: set[asyncio.Task[None]] = set()
        self.current = self._open()

    def _stamp(self) -> tuple[int, int]:
        """Return what changes whenever the state does."""
        found = (self._folder / STATE).stat()
        return found.st_mtime_ns, found.st_ino

    def _open(self) -> Generation:
        """Open the current generation, also if it changes at that very moment."""
        while True:
            state = State.read(self._folder)
            generation = Generation(state, self._folder, self._settings)
            if State.read(self._folder) == state:
                return generation
            generation.close()

    def enter(self) -> Generation:
        """Return the generation that is to answer a request."""
        self.current.active += 1
        return self.current

    def leave(self, generation: Generation) -> None:
        """Tell that a request has been answered."""
        generation.active -= 1
        if generation.retired and not generation.active:
            self._start(asyncio.to_thread(generation.close))

    def _start(self, work: Any) -> None:
        """Run ``work`` beside."""
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def follow(self, loop: asyncio.AbstractEventLoop) -> None:
        """Look once a second, in ``loop``, which generation is current; and show that this process works."""
        if os.getppid() != self._supervisor:
            _log.error("The supervisor has ended, and so does this process")
            os._exit(1)
        self._heartbeat.touch()
        stamp = self._stamp()
        if stamp != self._seen:
            self._seen = stamp
            self._start(self._advance())
        loop.call_later(1, self.follow, loop)

    async def _advance(self) -> None:
        """Make the next generation, and send new requests there."""
        begun = time.monotonic()
        try:
            new = await asyncio.to_thread(self._open)
        except Exception:  # noqa: BLE001 - what is served stays, whatever is wrong with the other
            _log.exception("The new release cannot be served; the old one still is")
            return
        old, self.current = self.current, new
        old.retired = True
        _log.info("Serves %s after %.1f s", new.state.release.name, time.monotonic() - begun)
        if not old.active:
            await asyncio.to_thread(old.close)

    def close(self) -> None:
        """Close the current generation, when the process ends."""
        self.current.close()
        self._heartbeat.unlink(missing_ok=True)
