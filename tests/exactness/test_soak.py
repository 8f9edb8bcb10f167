"""Traffic of all kinds at once, hostile queries among it: no answer is wrong, nothing gets lost, nothing grows."""

from __future__ import annotations

import time
import urllib.request
from pathlib import Path

from benchmarks.soak import Disturbance, Tally, Traffic, published
from benchmarks.traffic import MIX

OPTIONS = ("--query-timeout", "0.7", "--query-memory", str(128 * 2**20))
CLIENTS = 5
SIZE = 300


def assert_sound(tally: Tally) -> None:
    assert tally.wrong == []
    assert tally.unexpected(CLIENTS) == []
    assert {kind for kind, outcome in tally.outcomes if outcome == "right"} >= {
        "document", "303", "304", "page", "dump", "small query", "bad request",
    }, "every kind has been asked"  # fmt: skip
    assert len(MIX) == 9
    assert sum(number for (kind, _), number in tally.outcomes.items() if kind == "bomb") > 0


def own_memory(tally: Tally, part: slice) -> float:
    return max(sample.own["http"] + sample.own["query server"] + sample.own["supervisor"]
               for sample in tally.samples[part])  # fmt: skip


def test_mixed_traffic_is_answered_right_and_leaves_nothing_behind(tmp_path: Path) -> None:
    with published(tmp_path, SIZE, *OPTIONS) as (server, _, _, world):
        tally = Traffic(world, server.process.pid, clients=CLIENTS).run(18, 0.5)
        end = time.monotonic() + 10
        while "officegraph_queries_running 0\n" not in text(f"{server.root}metrics"):
            assert time.monotonic() < end, "no query goes on when nobody asks any more"
            time.sleep(0.2)
        assert text(f"{server.root}health/ready").strip() == "ready"
        log = server.log.read_text("utf-8")
    assert_sound(tally)
    assert tally.interrupted() == 0
    assert len(tally.seen["http"]) == 2, "no worker process was lost"
    assert len(tally.seen["query server"]) == 1
    assert "Traceback" not in log
    third = len(tally.samples) // 3
    # Caches fill in the beginning; what leaks with each request would not stop there.
    assert own_memory(tally, slice(-third, None)) < 1.5 * own_memory(tally, slice(third, 2 * third))


def test_new_releases_and_dying_processes_cost_no_more_than_their_own_connections(tmp_path: Path) -> None:
    with published(tmp_path, SIZE, *OPTIONS, versions=2) as (server, releases, names, world):
        disturb = Disturbance(server, releases, names, 2.5)
        tally = Traffic(world, server.process.pid, clients=CLIENTS).run(
            14, 0.25, disturb, lambda tally: bool(tally.swaps) and len({role for _, role in tally.kills}) == 2
        )
        log = server.log.read_text("utf-8")
    assert_sound(tally)
    assert tally.swaps >= 1
    assert {role for _, role in tally.kills} == {"http", "query child"}
    assert tally.interrupted() <= sum(role == "query child" for _, role in tally.kills)
    assert "Traceback" not in log


def text(url: str) -> str:
    with urllib.request.urlopen(url, timeout=30) as answer:
        return str(answer.read().decode())
