"""From one release to the next, and to the end, with no request that fails."""

from __future__ import annotations

import os
import shutil
import signal
import time
import urllib.request
from pathlib import Path

import pytest

from live_server import LiveServer, live_server
from officegraph.release.build import build_release
from officegraph.release.folders import activate, current_release
from officegraph.settings import Settings
from officegraph.web import supervision
from officegraph.web.state import WORKERS
from officegraph.web.supervision import Supervision, followed
from pressure import Asked, ask, concepts, opened, pressing, processes, target

TARGETS = ["/c1.ttl", "/c2.html", "/c3", "/", "/dumps/", target("SELECT * { ?s ?p ?o } LIMIT 3"), "/sparql"]


def etag(server: LiveServer, path: str) -> str:
    with urllib.request.urlopen(f"{server.root}{path[1:]}", timeout=30) as answer:
        return str(answer.headers["ETag"])


def text(server: LiveServer, path: str) -> str:
    with urllib.request.urlopen(f"{server.root}{path[1:]}", timeout=30) as answer:
        return str(answer.read().decode())


def wait_for(server: LiveServer, path: str, words: str, seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while words not in text(server, path):
        assert time.monotonic() < end, server.log.read_text("utf-8")
        time.sleep(0.1)


def unique(count: int) -> list[str]:
    """Return queries that no cache knows."""
    return [target(f"ASK {{ ?s ?p {number} }}") for number in range(count)]


def assert_none_failed(asked: Asked) -> None:
    assert asked.failures == []
    assert set(asked.statuses) <= {200, 303}
    assert len(asked.statuses) > 20


def test_a_signal_brings_in_what_has_changed_and_no_request_fails(tmp_path: Path) -> None:
    source = tmp_path / "voc.ttl"
    source.write_text(concepts(50), "utf-8")
    with live_server(tmp_path, str(source), "--workers", "2") as server:
        _, (old_queries,) = processes(server.process.pid)
        workers, _ = processes(server.process.pid)
        before = etag(server, "/c1.ttl")
        with pressing(server.port, [*TARGETS, *unique(2000)], 4) as asked:
            source.write_text(concepts(50).replace('"concept 1"', '"renamed"'), "utf-8")
            server.process.send_signal(signal.SIGHUP)
            wait_for(server, "/c1.ttl", "renamed")
            wait_for(server, target("SELECT ?l { <https://example.org/voc/c1> ?p ?l }"), "renamed")
            time.sleep(1.5)  # both processes
        assert_none_failed(asked)
        assert etag(server, "/c1.ttl") != before
        for _ in range(20):
            assert "renamed" in text(server, "/c1.ttl")
        assert set(processes(server.process.pid)[0]) == set(workers), "no process was restarted"
        end = time.monotonic() + 20
        while old_queries in processes(server.process.pid)[1]:
            assert time.monotonic() < end, "the query server of the old release ends when nobody uses it"
            time.sleep(0.2)
        assert len(processes(server.process.pid)[1]) == 1

        source.write_text("this is no Turtle", "utf-8")
        server.process.send_signal(signal.SIGHUP)
        end = time.monotonic() + 30
        while "No new release" not in server.log.read_text("utf-8"):
            assert time.monotonic() < end
            time.sleep(0.1)
        assert "voc.ttl" in server.log.read_text("utf-8")
        assert "renamed" in text(server, "/c1.ttl"), "what is wrong is not served"


def test_a_release_that_becomes_current_is_served_and_so_is_the_one_before(tmp_path: Path) -> None:
    releases, source = tmp_path / "releases", tmp_path / "voc.ttl"
    names = []
    for label in ("first", "second"):
        source.write_text(concepts(5).replace('"concept 1"', f'"{label}"'), "utf-8")
        names.append(build_release([source], releases, Settings()).name)
    with live_server(tmp_path, "--release", str(releases)) as server:
        assert "second" in text(server, "/c1.ttl")
        with pressing(server.port, [*TARGETS, *unique(2000)], 2) as asked:
            for name, label in ((names[0], "first"), (names[1], "second"), (names[0], "first")):
                activate(releases, name)
                wait_for(server, "/c1.ttl", label, 15)
        assert_none_failed(asked)
        (old, other) = (
            next(f"/dumps/{path.name}" for path in (releases / name / "dumps").iterdir() if path.suffix == ".nt")
            for name in names
        )
        assert old != other
        for path, label in ((old, "first"), (other, "second")):
            assert label in text(server, path), "what has a version in its name stays"
        broken = releases / "broken"
        shutil.copytree(releases / names[1], broken)
        (broken / "manifest.json").write_text("{}", "utf-8")
        activate(releases, "broken")
        time.sleep(2.5)
        assert "first" in text(server, "/c1.ttl"), "a release that cannot be opened changes nothing"
        assert "cannot be served" in server.log.read_text("utf-8")
        activate(releases, names[1])
        wait_for(server, "/c1.ttl", "second", 15)


def test_a_server_that_is_told_to_end_answers_what_it_has_taken(tmp_path: Path) -> None:
    (tmp_path / "voc.ttl").write_text(concepts(300), "utf-8")
    slow = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f FILTER(STRLEN(STR(?c)) > STRLEN(STR(?f))) }"
    with live_server(tmp_path, str(tmp_path / "voc.ttl"), "--workers", "2") as server:
        asked = Asked()
        request = f"GET {target(slow)} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode()
        with opened(server.port, 3, request) as connections:
            time.sleep(0.2)
            with pressing(server.port, TARGETS, 2) as asked:
                time.sleep(0.3)
                server.process.send_signal(signal.SIGTERM)
                for connection in connections:
                    answer = b""
                    while piece := connection.recv(65536):
                        answer += piece
                    assert answer.startswith(b"HTTP/1.1 200"), answer[:200]
                    assert answer.endswith((b"}\n", b"}"))
                server.process.wait(30)
        assert set(asked.statuses) <= {200, 303}
        assert server.process.returncode == 0
        after = Asked()
        ask(server.port, ["/c1.ttl"], 1, after)
        assert "Refused" in after.failures[0]
        assert "Traceback" not in server.log.read_text("utf-8")


def test_a_process_that_hangs_is_ended(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    release = build_release([write(tmp_path)], tmp_path / "releases", Settings())
    ended: list[tuple[int, int]] = []
    with Supervision(release, Settings(engine="http://127.0.0.1:9/")) as watching:
        monkeypatch.setattr(os, "kill", lambda pid, number: ended.append((pid, number)))
        monkeypatch.setattr(os, "waitid", lambda *_: None)
        sign = watching.folder / WORKERS / "12345678"
        sign.touch()
        watching._end_hung()
        assert ended == []
        os.utime(sign, (0, 0))
        watching._end_hung()
        watching._end_hung()
        assert ended[0] == (12345678, signal.SIGKILL)
        assert not sign.exists()


def test_sleep_of_the_machine_is_no_hanging(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    release = build_release([write(tmp_path)], tmp_path / "releases", Settings())
    watching = Supervision(release, Settings(engine="http://127.0.0.1:9/"))
    try:
        monkeypatch.setattr(os, "kill", lambda *_: pytest.fail("ended"))
        monkeypatch.setattr(os, "waitid", lambda *_: None)
        sign = watching.folder / WORKERS / "12345678"
        for _ in range(3):
            sign.touch()
            os.utime(sign, (0, 0))
            watching._end_hung()
            sign.touch()
            watching._end_hung()
    finally:
        shutil.rmtree(watching.folder)


def write(folder: Path) -> Path:
    source = folder / "voc.ttl"
    source.write_text(concepts(3), "utf-8")
    return source


def test_what_is_followed_is_a_folder_and_not_one_release(tmp_path: Path) -> None:
    releases = tmp_path / "releases"
    release = build_release([write(tmp_path)], releases, Settings())
    assert current_release(releases) == release
    assert followed(releases, built=False) == releases
    assert followed(release, built=True) == releases
    assert followed(release, built=False) is None
    assert supervision.HUNG > 5
