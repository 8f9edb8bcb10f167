"""Figures that several processes count into."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from officegraph.web.memory import memory_by_role, private
from officegraph.web.metrics import ROUTES, STATUSES, Metrics, route_of


@pytest.mark.parametrize(
    ("path", "route"),
    [
        ("/", "page"), ("/concept/settlement", "resource"), ("/concept/settlement.ttl", "resource"),
        ("/sparql", "sparql"), ("/sparql/", "sparql"), ("/sparqling", "resource"), ("/dumps/", "dump"),
        ("/dumps.json", "dump"), ("/dumps/a.ttl", "dump"), ("/dataset.nt", "dataset"), ("/static/style.css", "static"),
        ("/health/live", "operations"), ("/metrics", "operations"), ("/robots.txt", "operations"),
        ("/sitemap.xml", "operations"), ("/problems/busy", "page"), ("*", "page"), ("", "page"), ("/search", "page"),
        ("/search.json", "page"), ("/suggest", "page"), ("/searching", "resource"),
    ],
)  # fmt: skip
def test_every_path_is_of_a_kind_of_route(path: str, route: str) -> None:
    assert route_of(path) == route
    assert route in ROUTES


def test_counts_outlive_the_process_that_made_them(tmp_path: Path) -> None:
    for _ in range(2):
        pid = os.fork()
        if pid == 0:
            metrics = Metrics(tmp_path / "figures")
            metrics.count("resource", 200, 0.003, 100)
            metrics.show(running=5, waiting=1)
            os._exit(0)
        assert os.waitpid(pid, 0)[1] == 0
    metrics = Metrics(tmp_path / "figures")
    metrics.count("resource", 200, 2, 50)
    metrics.count("sparql", 418, 0.1, 0, "refused")
    text = metrics.exposition({"http": 7}, {"name": 'a "quoted"\nname'})
    assert 'officegraph_requests_total{route="resource",status="200"} 3\n' in text
    assert 'officegraph_requests_total{route="sparql",status="other"} 1\n' in text
    assert 'officegraph_request_duration_seconds_bucket{route="resource",le="0.005"} 2\n' in text
    assert 'officegraph_request_duration_seconds_count{route="resource"} 3\n' in text
    assert 'officegraph_request_duration_seconds_sum{route="resource"} 2.006\n' in text
    assert 'officegraph_response_bytes_total{route="resource"} 250\n' in text
    assert 'officegraph_queries_total{outcome="refused"} 1\n' in text
    assert "officegraph_workers 1\n" in text
    assert "officegraph_queries_running 0\n" in text, "who has died evaluates nothing"
    assert 'officegraph_release_info{name="a \\"quoted\\"\\nname"} 1\n' in text
    assert 418 not in STATUSES
    metrics.close()


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="the system does not tell")
def test_memory_is_told_by_what_processes_do() -> None:
    assert private(os.getpid()) > 2**20
    assert private(2**22 + 1) == 0
    assert memory_by_role(os.getpid())["supervisor"] > 2**20


def test_figures_whose_file_has_been_removed_go_on_in_another(tmp_path: Path) -> None:
    path = tmp_path / "figures"
    metrics = Metrics(path)
    metrics.count("resource", 200, 0.003, 100)
    metrics.follow()
    path.unlink()
    metrics.follow()
    metrics.count("resource", 200, 0.003, 100)
    assert path.exists()
    assert 'officegraph_requests_total{route="resource",status="200"} 2\n' in metrics.exposition({}, {})
    path.unlink()
    path.mkdir()
    with pytest.raises(OSError, match="figures"):
        metrics.follow()
    metrics.count("resource", 200, 0.003, 100)
    assert 'officegraph_requests_total{route="resource",status="200"} 3\n' in metrics.exposition({}, {}), "still there"
    metrics.close()
