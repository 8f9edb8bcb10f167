"""What a server tells its operator, and whom it turns away."""

from __future__ import annotations

import hashlib
import json
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from live_server import LiveServer, live_server
from pressure import BOMB, concepts, processes, target

SECRET = "198.51.100.77"
QUERY = 'ASK { ?s ?p "private matter" }'


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveServer]:
    folder = tmp_path_factory.mktemp("watched")
    (folder / "voc.ttl").write_text(concepts(100), "utf-8")
    options = ("--access-log", str(folder / "access.log"), "--rate-limit", "5/minute", "--trusted-proxies", "1")
    with live_server(
        folder, str(folder / "voc.ttl"), *options, "--metrics", "on", "--query-timeout", "0.5", "--workers", "2"
    ) as running:
        yield running


def get(server: LiveServer, path: str, **headers: str) -> tuple[int, dict[str, str], bytes]:
    fields = {name.replace("_", "-"): value for name, value in headers.items()}
    request = urllib.request.Request(f"{server.root}{path[1:]}", headers=fields)
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:
            return answer.status, {name.lower(): value for name, value in answer.headers.items()}, answer.read()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, {name.lower(): value for name, value in error.headers.items()}, error.read()


def figures(server: LiveServer) -> dict[tuple[str, tuple[tuple[str, str], ...]], float]:
    parser = pytest.importorskip("prometheus_client.parser", reason="the reader of the format is an extra")
    status, fields, text = get(server, "/metrics")
    assert (status, fields["content-type"]) == (200, "text/plain; version=0.0.4; charset=utf-8")
    found = {}
    for family in parser.text_string_to_metric_families(text.decode()):
        assert family.documentation
        assert family.type in {"counter", "gauge", "histogram"}
        for sample in family.samples:
            found[sample.name, tuple(sorted(sample.labels.items()))] = sample.value
    return found


def test_requests_are_counted_by_all_processes_together(server: LiveServer) -> None:
    before = figures(server)
    for _ in range(30):
        assert get(server, "/c1.ttl")[0] == 200  # over thirty connections, to either process
        assert get(server, "/nothing")[0] == 404
    for query, status in ((QUERY, 200), (QUERY, 200), ("SELECT", 400), ("ASK { SERVICE <a:b> {} }", 400), (BOMB, 503)):
        assert get(server, target(query))[0] == status
    after = figures(server)

    def more(name: str, **labels: str) -> float:
        key = (f"officegraph_{name}", tuple(sorted(labels.items())))
        return after.get(key, 0) - before.get(key, 0)

    assert more("requests_total", route="resource", status="200") == 30
    assert more("requests_total", route="resource", status="404") == 30
    assert more("requests_total", route="sparql", status="200") == 2
    assert more("request_duration_seconds_count", route="resource") == 60
    assert more("request_duration_seconds_bucket", route="resource", le="+Inf") == 60
    assert more("request_duration_seconds_bucket", route="sparql", le="0.25") <= 4, "the bomb took longer"
    assert more("queries_total", outcome="answered") + more("queries_total", outcome="cached") == 2
    assert more("queries_total", outcome="syntax") == 1
    assert more("queries_total", outcome="refused") == 1
    assert more("queries_total", outcome="timeout") == 1
    assert more("response_bytes_total", route="resource") > 30 * 150
    assert after["officegraph_workers", ()] == 2
    for role in ("supervisor", "http", "query"):
        assert after["officegraph_memory_bytes", (("role", role),)] > 2**20
    (release,) = [labels for name, labels in after if name == "officegraph_release_info"]
    assert dict(release)["name"]
    assert dict(release)["digest"]


def test_the_access_log_has_what_happened_and_nobody_in_it(server: LiveServer) -> None:
    log = server.log.parent / "access.log"
    asked = {"User-Agent": "PrivateBrowser/1", "X-Forwarded-For": SECRET, "Referer": "https://private.example/"}
    skip = len(log.read_text("utf-8").splitlines())
    for path in (target(QUERY), target(QUERY + " "), target(QUERY), "/c2.ttl?private=1", "/private-path"):
        get(server, path, **asked)
    get(server, "/%22%0a%7b")
    end = time.monotonic() + 5
    while len(lines := log.read_text("utf-8").splitlines()[skip:]) < 6:
        assert time.monotonic() < end
        time.sleep(0.05)
    parsed = [json.loads(line) for line in lines]
    assert [(line["method"], line["route"], line["status"]) for line in parsed] == [
        *[("GET", "sparql", 200)] * 3, ("GET", "resource", 200), ("GET", "resource", 404), ("GET", "resource", 404),
    ]  # fmt: skip
    digest = hashlib.sha256(QUERY.encode()).hexdigest()[:16]
    assert [line.get("query") == digest for line in parsed] == [True, False, True, False, False, False]
    assert {line.get("outcome") for line in parsed} <= {"answered", "cached", None}
    for line in parsed:
        assert set(line) <= {"time", "method", "route", "status", "bytes", "ms", "query", "outcome"}
        assert line["time"].endswith("Z")
        assert line["ms"] >= 0
    text = "\n".join(lines)
    for word in (SECRET, "127.0.0.1", "rivate", "Browser"):
        assert word not in text


def test_a_log_that_has_been_moved_away_is_begun_anew(server: LiveServer) -> None:
    log = server.log.parent / "access.log"
    log.rename(log.with_suffix(".old"))
    end = time.monotonic() + 10
    while not log.exists() or not log.read_text("utf-8"):
        assert time.monotonic() < end
        get(server, "/c1.ttl")
        time.sleep(0.2)


def test_a_client_that_asks_too_much_is_turned_away_by_itself_alone(server: LiveServer) -> None:
    one, other = {"X-Forwarded-For": "203.0.113.9"}, {"X-Forwarded-For": "203.0.113.9, 203.0.113.10"}
    remaining = []
    for number in range(5):
        status, fields, _ = get(server, target(f"ASK {{ ?s ?p {number} }}"), **one)
        assert status == 200
        assert fields["ratelimit-policy"] == '"sparql";q=5;w=60'
        remaining.append(fields["ratelimit"].split(";")[:2])
    assert remaining == [['"sparql"', f"r={left}"] for left in (4, 3, 2, 1, 0)], "counted by both processes"
    status, fields, body = get(server, target("ASK {}"), Accept="application/problem+json", **one)
    assert status == 429
    assert 1 <= int(fields["retry-after"]) <= 60
    assert fields["ratelimit"] == f'"sparql";r=0;t={fields["retry-after"]}'
    assert "RateLimit" in fields["access-control-expose-headers"]
    problem = json.loads(body)
    assert (problem["type"], problem["violated-policies"]) == ("/problems/too-many-requests", ["sparql"])
    assert get(server, target("ASK {}"), **other)[0] == 200
    assert get(server, "/c1.ttl", **one)[0] == 200, "documents are not limited"
    assert "ratelimit" not in get(server, "/c1.ttl", **one)[1]
    for _ in range(10):
        assert get(server, target("ASK {}"))[0] == 200, "nor are clients on this machine"
    assert get(server, target("ASK {}"), **one)[0] == 429


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveServer]:
    folder = tmp_path_factory.mktemp("plain")
    (folder / "voc.ttl").write_text(concepts(5), "utf-8")
    with live_server(folder, str(folder / "voc.ttl")) as running:
        yield running


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 200),
        ({"X-Forwarded-For": "203.0.113.9"}, 404),
        ({"Forwarded": "for=203.0.113.9"}, 404),
        ({"Via": "1.1 proxy"}, 404),
        ({"X-Real-IP": "203.0.113.9"}, 404),
    ],
)
def test_figures_are_for_this_machine_unless_the_operator_says_otherwise(
    plain: LiveServer, headers: dict[str, str], status: int
) -> None:
    assert get(plain, "/metrics", **headers)[0] == status


def test_a_plain_server_limits_nobody_and_logs_no_request(plain: LiveServer) -> None:
    for _ in range(20):
        status, fields, _ = get(plain, target("ASK {}"), X_Forwarded_For="203.0.113.9")
        assert status == 200
        assert "ratelimit" not in fields
    assert "GET" not in plain.log.read_text("utf-8")
    assert len(processes(plain.process.pid)[0]) == 1


@pytest.mark.parametrize(
    ("method", "path"), [("GET", "/"), ("GET", "/c1.html"), ("GET", "/sparql"), ("GET", "/nothing"), ("HEAD", "/")]
)
def test_pages_are_bounded_in_the_browser(plain: LiveServer, method: str, path: str) -> None:
    request = urllib.request.Request(f"{plain.root}{path[1:]}", method=method, headers={"Accept": "text/html"})
    try:
        with urllib.request.urlopen(request, timeout=20) as answer:
            fields = answer.headers
    except urllib.error.HTTPError as error:
        with error:
            fields = error.headers
    assert "default-src 'none'" in fields["Content-Security-Policy"]
    assert "unsafe" not in fields["Content-Security-Policy"]
    assert fields["X-Content-Type-Options"] == "nosniff"
    assert fields["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "geolocation=()" in fields["Permissions-Policy"]
    assert fields["Referrer-Policy"]
    assert fields["Strict-Transport-Security"] is None, "which plain HTTP must not promise"


def test_a_site_of_https_asks_to_be_visited_so_for_good(tmp_path: Path) -> None:
    from officegraph import create_app

    (tmp_path / "voc.ttl").write_text(concepts(2), "utf-8")
    app = create_app([tmp_path / "voc.ttl"], public_url="https://voc.example/")
    try:
        for path in ("/", "/c1.ttl", "/nothing", "/c1"):
            assert app.test_client().get(path).headers["Strict-Transport-Security"] == "max-age=31536000"
        assert app.test_client().get("/metrics").status_code == 404
    finally:
        app.extensions["officegraph"].close()
