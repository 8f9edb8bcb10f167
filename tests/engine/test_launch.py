"""Starting query servers: where their sockets lie, and what holds while they load their store."""

import os
import shutil
import signal
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from officegraph.engine import supervisor
from officegraph.engine.embedded import EmbeddedEngine
from officegraph.engine.interface import EngineUnavailableError, Query
from officegraph.engine.launch import CLOSE_TIMEOUT, LONGEST_SOCKET, socket_folder
from officegraph.engine.supervisor import Supervisor
from officegraph.model.formats import CSV

from .conftest import SETTINGS

QUERY = Query(text="SELECT (COUNT(*) AS ?n) { ?s ?p ?o }", format=CSV)


def test_a_long_temporary_folder_does_not_keep_a_server_from_starting(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    long = tmp_path / ("x" * 120)
    long.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(long))
    folder = socket_folder("officegraph-")
    try:
        assert len(str(folder / "socket")) <= LONGEST_SOCKET
        assert folder.stat().st_mode & 0o777 == 0o700
        assert list(long.iterdir()) == []
    finally:
        folder.rmdir()


@pytest.fixture
def gate(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A file without which no query server loads its store."""
    gate = tmp_path / "gate"
    (tmp_path / "sitecustomize.py").write_text(
        f"""
import os, time
import pyoxigraph

class Store:
    def __init__(self, make=pyoxigraph.Store):
        self._store = make()

    def load(self, **options):
        while not os.path.exists({str(gate)!r}):
            time.sleep(0.01)
        self._store.load(**options)

    def __getattr__(self, name):
        return getattr(self._store, name)

pyoxigraph.Store = Store
""",
        "utf-8",
    )
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    return gate


def test_queries_wait_for_the_store_within_their_time(store: Path, gate: Path) -> None:
    server = Supervisor(store, {}, SETTINGS)
    engine = EmbeddedEngine(store, {}, replace(SETTINGS, query_timeout=30, engine_socket=server.socket))
    try:
        server.wait_until_listening()
        begin = time.monotonic()
        assert not engine.ready()
        assert time.monotonic() - begin < 0.5, "who asks whether it is ready need not wait"
        with pytest.raises(EngineUnavailableError):
            engine.evaluate(replace(QUERY, timeout=0.2))
        with ThreadPoolExecutor() as threads:
            waiting = [threads.submit(engine.evaluate, QUERY) for _ in range(SETTINGS.query_workers + 2)]
            time.sleep(0.2)
            assert not any(future.done() for future in waiting)
            gate.touch()
            assert {future.result().body for future in waiting} == {engine.evaluate(QUERY).body}
        server.wait_until_ready()
        assert engine.ready()
    finally:
        engine.close()
        server.close()


def test_a_server_that_loads_its_store_anew_is_not_ready(store: Path, gate: Path) -> None:
    gate.touch()
    server = Supervisor(store, {}, SETTINGS)
    engine = EmbeddedEngine(store, {}, replace(SETTINGS, query_timeout=30, engine_socket=server.socket))
    try:
        server.wait_until_ready()
        answer = engine.evaluate(QUERY).body
        gate.unlink()
        os.kill(server._server.process.pid, signal.SIGKILL)
        end = time.monotonic() + 20
        while engine.ready():
            assert time.monotonic() < end
            time.sleep(0.05)
        gate.touch()
        while not engine.ready():
            assert time.monotonic() < end
            time.sleep(0.05)
        assert engine.evaluate(QUERY).body == answer
    finally:
        engine.close()
        server.close()


@pytest.fixture
def supervised(store: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Supervisor, EmbeddedEngine]]:
    """A supervisor that looks often, and an engine that uses its server."""
    monkeypatch.setattr(supervisor, "LOOK", 0.05)
    server = Supervisor(store, {}, SETTINGS)
    engine = EmbeddedEngine(store, {}, replace(SETTINGS, query_timeout=5, engine_socket=server.socket))
    server.wait_until_ready()
    yield server, engine
    engine.close()
    server.close()


def answered_by_another(server: Supervisor, engine: EmbeddedEngine, before: int) -> None:
    """Wait until another process than ``before`` answers."""
    end = time.monotonic() + 30
    while server._server.process.pid == before or not engine.ready():
        assert time.monotonic() < end
        time.sleep(0.05)
    assert engine.evaluate(QUERY).body


def test_a_server_that_hangs_is_replaced(
    supervised: tuple[Supervisor, EmbeddedEngine], monkeypatch: pytest.MonkeyPatch
) -> None:
    server, engine = supervised
    before = server._server.process.pid
    time.sleep(0.5)
    assert server._server.process.pid == before, "it gives signs of life"
    monkeypatch.setattr(supervisor, "HUNG", 1.0)
    os.kill(before, signal.SIGSTOP)
    answered_by_another(server, engine, before)


def test_a_server_whose_socket_has_been_removed_is_replaced(supervised: tuple[Supervisor, EmbeddedEngine]) -> None:
    server, engine = supervised
    before = server._server.process.pid
    shutil.rmtree(server._server.socket.parent)
    answered_by_another(server, engine, before)


def test_the_folder_in_which_a_server_is_found_is_made_again(supervised: tuple[Supervisor, EmbeddedEngine]) -> None:
    server, engine = supervised
    before = server._server.process.pid
    shutil.rmtree(server.socket.parent)
    end = time.monotonic() + 30
    while not engine.ready():
        assert time.monotonic() < end
        time.sleep(0.05)
    assert server.socket.parent.stat().st_mode & 0o777 == 0o700
    assert engine.evaluate(QUERY).body
    assert server._server.process.pid == before


def test_a_server_that_is_closed_while_it_loads_ends_at_once(store: Path, gate: Path) -> None:
    told: list[bool] = []
    server = Supervisor(store, {}, SETTINGS, lambda: told.append(True))
    server.wait_until_listening()
    process = server._server.process
    begin = time.monotonic()
    server.close()
    assert time.monotonic() - begin < 3
    assert process.returncode is not None
    assert not server.socket.parent.exists()
    assert told == [], "that is no failure"


def test_a_store_that_cannot_be_loaded_is_told(tmp_path: Path) -> None:
    told: list[bool] = []
    (tmp_path / "data.nq").write_text("<a> <b> .\n")
    server = Supervisor(tmp_path, {}, SETTINGS, lambda: told.append(True))
    try:
        with pytest.raises(EngineUnavailableError, match="did not start"):
            server.wait_until_ready()
        end = time.monotonic() + 5
        while not told:
            assert time.monotonic() < end
            time.sleep(0.01)
        with pytest.raises(EngineUnavailableError, match=r"data\.nq"):
            server.wait_until_listening()
    finally:
        server.close()


def test_a_store_that_is_not_there_is_told_before_anything_is_started(tmp_path: Path) -> None:
    with pytest.raises(EngineUnavailableError, match="holds no store"):
        Supervisor(tmp_path, {}, SETTINGS)


def test_a_forked_copy_of_its_owner_does_not_keep_a_server_running(store: Path) -> None:
    server = Supervisor(store, {}, SETTINGS)
    server.wait_until_ready()
    copy = os.fork()
    if copy == 0:
        time.sleep(60)
        os._exit(0)
    try:
        begin = time.monotonic()
        server.close()
        assert time.monotonic() - begin < CLOSE_TIMEOUT
    finally:
        os.kill(copy, signal.SIGKILL)
        os.waitpid(copy, 0)
