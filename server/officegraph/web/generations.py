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
import signal
import time
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from officegraph.engine.embedded import EmbeddedEngine
from officegraph.release.manifest import ReleaseError
from officegraph.web.app import HOT, LIMIT, PLAIN, create_app
from officegraph.web.known import KnownAnswers
from officegraph.web.publication import EXTENSION
from officegraph.web.state import STATE, WORKERS, State, use_file
from officegraph.web.steady import Steady

if TYPE_CHECKING:
    from pathlib import Path
    from wsgiref.types import WSGIApplication

    from officegraph.engine.admission import Admission
    from officegraph.settings import Settings
    from officegraph.web.hot import Hot
    from officegraph.web.limits import ClientLimit
    from officegraph.web.publication import Publication

RETRY: Final = 1.0
"""Seconds after which a worker process looks again for what it cannot do without."""

_log: Final = logging.getLogger("officegraph")


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
        publication: What it publishes.
        plain: The application without what stands before it to answer again, or to turn away.
        hot: The application with what answers by look-ups and keeps answers before it.
        limit: The limit on clients, if there is one.
        engine: What evaluates queries in the event loop; ``None`` where a thread has to wait for another service.
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
            app = create_app(release=state.release, **{name: getattr(own, name) for name in own.names()})
        except BaseException:
            os.close(self._use)
            raise
        self.publication: Publication = app.extensions[EXTENSION]
        self.plain: WSGIApplication = app.extensions[PLAIN]
        self.hot: Hot = app.extensions[HOT]
        self.limit: ClientLimit | None = app.extensions[LIMIT]
        engine = self.publication.engine
        self.engine = engine.asynchronous() if isinstance(engine, EmbeddedEngine) else None
        self.known = KnownAnswers()

    @property
    def admission(self) -> Admission:
        """The places of its queries."""
        return self.publication.engine.admission

    def close(self) -> None:
        """Close the release and let go of the engine."""
        self.publication.close()
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
        self._steady = Steady("Following the supervisor")
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
        self._steady.run(self._look)
        loop.call_later(1, self.follow, loop)

    def _look(self) -> None:
        """Show that this process works, and see whether another generation is current.

        Raises:
            OSError: The folder of the server has been removed, which its supervisor makes again.
        """
        self._heartbeat.touch()
        stamp = self._stamp()
        if stamp != self._seen:
            self._seen = stamp
            self._start(self._advance())

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


def open_generations(folder: Path, settings: Settings, supervisor: int) -> Generations:
    """Return the generations of this worker process, once the files are there that it takes.

    What takes the place of another process may find that the release has been removed, or the folder of the server.
    They may come back; to end with that error would end the server, and with it the processes that still answer.

    Args:
        folder: The folder of the server.
        settings: The settings of the application.
        supervisor: Number of the process that this one belongs to.

    Raises:
        OSError: They are not there, and the supervisor has ended.
        ReleaseError: The same.
    """
    told = False
    while True:
        try:
            return Generations(folder, settings, supervisor)
        except (OSError, ReleaseError) as error:
            if os.getppid() != supervisor:
                raise
            if not told:
                told = True
                signal.signal(signal.SIGTERM, signal.SIG_DFL)  # the server's own handling begins later
                _log.error("A worker process waits, since it cannot serve the release: %s", error)
        time.sleep(RETRY)
