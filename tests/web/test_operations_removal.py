"""A running server whose files are removed: those in the temporary folder, and those of the release."""

from __future__ import annotations

import json
import os
import shutil
import signal
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from live_server import LiveServer, live_server
from pressure import concepts, processes, target


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveServer]:
    folder = tmp_path_factory.mktemp("removal")
    (folder / "voc.ttl").write_text(concepts(20), "utf-8")
    options = ("--workers", "2", "--out", str(folder / "releases"), "--query-timeout", "5")
    with pytest.MonkeyPatch.context() as patch:
        (folder / "runtime").mkdir()
        patch.setenv("RUNTIME_DIRECTORY", str(folder / "runtime"))
        with live_server(folder, str(folder / "voc.ttl"), *options) as running:
            yield running


def get(server: LiveServer, path: str) -> tuple[int, dict[str, str], bytes]:
    request = urllib.request.Request(f"{server.root}{path[1:]}", headers={"Accept": "application/json"})
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:
            return answer.status, {name.lower(): value for name, value in answer.headers.items()}, answer.read()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, {name.lower(): value for name, value in error.headers.items()}, error.read()
    except (urllib.error.URLError, ConnectionError):
        return 0, {}, b""


def eventually(condition: Callable[[], object], seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.1)


def folder_of(server: LiveServer, prefix: str) -> Path:
    (found,) = (server.log.parent / "runtime").glob(f"{prefix}-*")
    return found


def counted(server: LiveServer) -> int:
    lines = get(server, "/metrics")[2].decode().splitlines()
    return sum(int(line.split()[-1]) for line in lines if line.startswith("officegraph_requests_total"))


@pytest.mark.parametrize("part", ["current.json", "workers", "places", "."])
def test_the_folder_of_a_server_is_made_again(server: LiveServer, part: str) -> None:
    folder = folder_of(server, "officegraph-server")
    before, _ = processes(server.process.pid)
    requests = counted(server)
    removed = folder / part
    removed.unlink() if removed.is_file() else shutil.rmtree(removed)
    eventually(lambda: (folder / "current.json").exists() and (folder / "places").is_dir())
    eventually(lambda: len(list(folder.glob("workers/*"))) == 2)
    assert folder.stat().st_mode & 0o777 == 0o700
    assert get(server, "/c1.ttl")[0] == 200
    assert get(server, target(f"ASK {{ ?s ?p '{part}' }}"))[0] == 200
    assert processes(server.process.pid)[0] == before
    eventually(lambda: counted(server) >= requests)
    os.kill(before[0], signal.SIGKILL)
    eventually(lambda: len(set(processes(server.process.pid)[0]) - {before[0]}) == 2)
    eventually(lambda: get(server, "/health/ready")[0] == 200)


@pytest.mark.parametrize("prefix", ["officegraph-queries", "officegraph-query"])
def test_queries_are_answered_again_when_a_socket_has_been_removed(server: LiveServer, prefix: str) -> None:
    shutil.rmtree(folder_of(server, prefix), ignore_errors=True)  # it may be made again meanwhile
    time.sleep(2)
    eventually(lambda: get(server, "/health/ready")[0] == 200)
    for number in range(20):
        assert get(server, target(f"ASK {{ ?s ?p '{prefix}', {number} }}"))[0] == 200


def test_a_release_that_is_removed_and_comes_back(server: LiveServer) -> None:
    _, _, listing = get(server, "/dumps.json")
    dump = f"/dumps/{json.loads(listing)['dumps'][0]['name']}"
    assert get(server, dump)[0] == 200
    releases, away = server.log.parent / "releases", server.log.parent / "away"
    releases.rename(away)
    try:
        assert get(server, "/c1.ttl")[0] == 200, "what is open stays open"
        for path in (dump, "/health/ready"):
            status, fields, body = get(server, path)
            assert status == 503
            assert json.loads(body)["type"] == "/problems/files-missing"
            assert int(fields["retry-after"]) > 0
        assert get(server, "/health/live")[0] == 200
        time.sleep(6)  # a worker process that ends twice within five seconds ends the server: others have been killed
        before, _ = processes(server.process.pid)
        for worker in before:
            os.kill(worker, signal.SIGKILL)
        time.sleep(8)
        assert server.process.poll() is None, "the server waits for the files"
        assert "cannot serve the release" in server.log.read_text("utf-8")
    finally:
        away.rename(releases)
    eventually(lambda: get(server, "/health/ready")[0] == 200)
    assert get(server, dump)[0] == 200
    assert get(server, target("ASK { ?s ?p 'after' }"))[0] == 200
