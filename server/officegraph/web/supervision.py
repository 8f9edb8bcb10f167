"""What the supervisor of the worker processes does beside them: releases, query servers, workers that hang."""

from __future__ import annotations

import contextlib
import fcntl
import logging
import os
import shutil
import signal
import threading
import time
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final, Self

from officegraph.engine.folders import make_again, make_folder, show_use
from officegraph.engine.interface import EngineError
from officegraph.engine.supervisor import HUNG, SHOW_USE, Supervisor
from officegraph.release.folders import current_release
from officegraph.release.manifest import Manifest, ReleaseError
from officegraph.web.state import STATE, WORKERS, State, use_file
from officegraph.web.steady import Steady

if TYPE_CHECKING:
    from collections.abc import Callable

    from officegraph.settings import Settings

PLACES: Final = "places"
"""Name of the folder by which the worker processes share the places of queries."""

JOIN: Final = 5.0
"""Seconds that supervision has to come to its end."""

_log: Final = logging.getLogger("officegraph")


class Supervision:
    """Keeps the folder by which the processes of one server find each other; a context manager.

    The first query server loads its store while worker processes start beside it, and answer all but queries. Should
    it not be able to, the server ends. A later release is served once its query server is ready.

    Args:
        release: A release, or a folder of releases whose current one is served.
        settings: The settings of the application.
        refresh: Builds a release if the sources have changed, and returns it; called when a release is asked for
            by a signal.

    Raises:
        ReleaseError: The release cannot be opened.
        EngineUnavailableError: There is no store, or no process could be started.

    Attributes:
        folder: The folder.
        on_failure: Called, by another thread, if the first query server cannot load its store.
    """

    def __init__(self, release: Path, settings: Settings, refresh: Callable[[], Path] | None = None) -> None:
        self._settings = settings
        self._refresh = refresh
        self._followed = followed(release, built=refresh is not None)
        self._ended = threading.Event()
        self._asked = False
        self._silent: set[str] = set()
        self._wakeup = threading.Event()
        self._servers: dict[int, Supervisor] = {}
        self._number = 0
        self._release = Path()
        self._state: State | None = None
        self._shown = time.monotonic()
        self._first: Supervisor | None = None
        self.on_failure: Callable[[], None] | None = None
        self.folder = make_folder("officegraph-server-")
        try:
            (self.folder / WORKERS).mkdir()
            (self.folder / PLACES).mkdir()
            self._serve(release)
        except BaseException:
            self._close_servers()
            shutil.rmtree(self.folder, ignore_errors=True)
            raise
        self._thread = threading.Thread(target=self._watch, name="supervision", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._wakeup.set()
        self._thread.join(JOIN)  # a build that goes on ends when this process has
        self._close_servers()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _close_servers(self) -> None:
        for server in self._servers.values():
            server.close()

    def wait_until_listening(self) -> None:
        """Return once clients can connect to the first query server, who then wait until its store is loaded.

        Raises:
            EngineUnavailableError: It did not start, or could not load the store; the message says why.
        """
        if self._first is not None:
            self._first.wait_until_listening()

    def raise_failure(self) -> None:
        """Raise the reason for which the first query server could not load its store, if it could not.

        Raises:
            EngineUnavailableError: That reason.
        """
        if self._first is not None and self._first.failure is not None:
            raise self._first.failure

    def _failed(self) -> None:
        if self.on_failure is not None:
            self.on_failure()

    def look_again(self) -> None:
        """Look for a new release at once, building one if the sources have changed; safe in a signal handler."""
        self._asked = True
        self._wakeup.set()

    def _serve(self, release: Path) -> None:
        """Make ``release`` the one that is served."""
        path = (current_release(release) or release).resolve()
        manifest = Manifest.read(path)
        number = self._number + 1
        socket = None
        if self._settings.engine is None:
            first = self._first is None
            server = Supervisor(
                path / manifest.store, manifest.prefixes, self._settings, self._failed if first else None
            )
            self._servers[number] = server
            socket = server.socket
            if first:
                self._first = server
        try:
            # Slow to load, and the query server need not wait for it.
            from officegraph.release.open import open_release  # noqa: PLC0415

            open_release(path).close()
            if number > 1 and number in self._servers:
                self._servers[number].wait_until_ready()
        except BaseException:
            if number in self._servers:
                self._servers.pop(number).close()
            raise
        use_file(self.folder, number).touch(mode=0o600)
        self._state = State(number, path, socket)
        self._state.write(self.folder)
        self._number, self._release = number, path

    def _watch(self) -> None:
        """Do once a second what is to be done once a second."""
        steps = [(Steady(f"Supervision ({step.__name__[1:]})"), step) for step in self._steps()]
        following = Steady("Following the releases")
        while not self._ended.is_set():
            self._wakeup.wait(1)
            self._wakeup.clear()
            if self._ended.is_set():
                return
            asked, self._asked = self._asked, False
            following.run(partial(self._follow, asked=asked))
            for steady, step in steps:
                steady.run(step)

    def _steps(self) -> tuple[Callable[[], None], ...]:
        """Return what is to be done beside following the releases."""
        return self._keep, self._retire, self._end_hung

    def _keep(self) -> None:
        """Make again what others have removed of the folder, and show them that it is in use.

        Worker processes take the state for a new one, and so open again all else that was in the folder.
        """
        folders = (self.folder / WORKERS, self.folder / PLACES)
        if self._state is not None and not ((self.folder / STATE).exists() and all(map(Path.is_dir, folders))):
            _log.error("%s has been removed, or part of it, and is made again", self.folder)
            make_again(self.folder)
            for folder in folders:
                folder.mkdir(exist_ok=True)
            self._state.write(self.folder)
        if time.monotonic() - self._shown >= SHOW_USE:
            self._shown = time.monotonic()
            show_use(self.folder)

    def _follow(self, *, asked: bool) -> None:
        """Serve the release that has become current."""
        if asked and self._refresh is not None:
            try:
                self._refresh()
            except Exception as error:  # noqa: BLE001 - sources may be wrong in any way; what is served stays
                _log.error("No new release has been made: %s", error)
        current = current_release(self._followed) if self._followed is not None else None
        if current is None or current.resolve() == self._release:
            return
        try:
            self._serve(current)
            _log.warning("Serving the release %s", current.name)
        except (ReleaseError, EngineError, OSError) as error:
            self._release = current.resolve()  # not again, until another becomes current
            _log.error("The release %s cannot be served: %s", current.name, error)

    def _retire(self) -> None:
        """End the query servers of releases that no worker process uses any more."""
        for number in [number for number in self._servers if number < self._number]:
            path = use_file(self.folder, number)
            with path.open("ab") as file:
                try:
                    fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                except BlockingIOError:
                    continue
            # Workers have had the time to see which one is current.
            if time.time() - (self.folder / STATE).stat().st_mtime > 5:
                self._servers.pop(number).close()
                path.unlink(missing_ok=True)

    def _end_hung(self) -> None:
        """End worker processes that show no life; those that look after the workers start others.

        They have to be silent at two looks: after a sleep of the whole machine all are, at the first.
        """
        silent = set()
        for sign in (self.folder / WORKERS).iterdir():
            with contextlib.suppress(OSError):
                if time.time() - sign.stat().st_mtime < HUNG:
                    continue
                if os.waitid(os.P_PID, int(sign.name), os.WEXITED | os.WNOHANG | os.WNOWAIT) is None:
                    if sign.name not in self._silent:
                        silent.add(sign.name)
                        continue
                    _log.error("The worker process %s hangs and is ended", sign.name)
                    os.kill(int(sign.name), signal.SIGKILL)
            sign.unlink(missing_ok=True)
        self._silent = silent


def followed(release: Path, *, built: bool) -> Path | None:
    """Return the folder of releases whose current one is to be served, if it is not one release for good.

    Args:
        release: What was asked for: a release, or a folder of releases.
        built: Whether it was made of sources, so that others follow in the same folder.
    """
    if current_release(release) is not None:
        return release
    return release.parent if built and current_release(release.parent) is not None else None
