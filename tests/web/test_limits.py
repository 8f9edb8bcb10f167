"""Who asks, and how much one may ask."""

from __future__ import annotations

import time
from multiprocessing import get_context
from pathlib import Path

import pytest
from limits import parse
from limits.strategies import FixedWindowRateLimiter
from rdflib import RDF, RDFS, Graph, Namespace

from officegraph import create_app
from officegraph.web.clients import client_address, is_loopback, network_of
from officegraph.web.limits import SharedStorage, shared_key
from pressure import concepts

SD = Namespace("http://www.w3.org/ns/sparql-service-description#")
JSON = {"Accept": "application/sparql-results+json"}


@pytest.mark.parametrize(
    ("forwarded", "proxies", "address"),
    [
        (None, 0, "192.0.2.1"),
        ("203.0.113.1", 0, "192.0.2.1"),
        ("203.0.113.1", 1, "203.0.113.1"),
        ("spoofed, 203.0.113.1", 1, "203.0.113.1"),
        ("spoofed, 203.0.113.1, 198.51.100.1", 2, "203.0.113.1"),
        ("203.0.113.1", 2, "203.0.113.1"),
        (None, 1, "192.0.2.1"),
        (" , ", 1, "192.0.2.1"),
    ],
)
def test_a_client_is_who_the_trusted_proxies_say(forwarded: str | None, proxies: int, address: str) -> None:
    environ = {"REMOTE_ADDR": "192.0.2.1"}
    if forwarded is not None:
        environ["HTTP_X_FORWARDED_FOR"] = forwarded
    assert client_address(environ, proxies) == address


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("[2001:db8:1:2::9]", "2001:db8:1:2::/64"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("unknown", "unknown"),
    ],
)
def test_one_client_has_one_network(address: str, network: str) -> None:
    assert network_of(address) == network


@pytest.mark.parametrize(("address", "local"), [("127.0.0.1", True), ("127.9.9.9", True), ("::1", True), ("", False)])
def test_this_machine_is_known(address: str, local: bool) -> None:
    assert is_loopback(address) is local


def test_counts_end_with_their_window(tmp_path: Path) -> None:
    limiter = FixedWindowRateLimiter(SharedStorage(tmp_path / "counts"))
    limit = parse("2/second")
    assert [limiter.hit(limit, "a") for _ in range(3)] == [True, True, False]
    assert limiter.hit(limit, "b")
    stats = limiter.get_window_stats(limit, "a")
    assert stats.remaining == 0
    assert 0 < stats.reset_time - time.time() <= 1
    time.sleep(1.05)
    assert limiter.hit(limit, "a")
    limiter.storage.reset()
    assert limiter.storage.get(limit.key_for("a")) == 0


def hit(path: Path) -> int:
    limiter = FixedWindowRateLimiter(SharedStorage(path))
    return sum(limiter.hit(parse("100/hour"), "client") for _ in range(80))


def test_processes_count_together_and_lose_nothing(tmp_path: Path) -> None:
    with get_context("spawn").Pool(3) as pool:
        assert sum(pool.map(hit, [tmp_path / "counts"] * 3)) == 100


def test_a_flood_of_clients_takes_no_more_room(tmp_path: Path) -> None:
    storage = SharedStorage(tmp_path / "counts")
    size = (tmp_path / "counts").stat().st_size
    for number in range(2000):
        assert storage.incr(f"client {number}", 60) == 1
    assert (tmp_path / "counts").stat().st_size == size < 4 * 2**20
    storage.clear("client 7")
    assert storage.get("client 7") == 0
    assert storage.get("client 8") == 1


def test_addresses_are_kept_as_digests_alone(tmp_path: Path) -> None:
    assert shared_key(tmp_path) == shared_key(tmp_path)
    assert shared_key(None) != shared_key(None)
    storage = SharedStorage(tmp_path / "counts")
    storage.incr("203.0.113.9", 60)
    assert b"203.0.113.9" not in (tmp_path / "counts").read_bytes()
    assert (tmp_path / "counts").stat().st_mode & 0o077 == 0


def test_limits_are_stated_as_they_are_set(tmp_path: Path) -> None:
    (tmp_path / "voc.ttl").write_text(concepts(2), "utf-8")
    app = create_app(
        [tmp_path / "voc.ttl"], query_timeout=7, query_memory=100 * 2**20, query_result_size=5_000, query_length=1_234,
        query_depth=9, query_workers=3, query_queue=2, rate_limit="9/minute", allowed_services=("https://far.example/",),
    )  # fmt: skip
    try:
        client = app.test_client()
        graph = Graph().parse(data=client.get("/sparql", headers={"Accept": "text/turtle"}).text, format="turtle")
        (service,) = graph.subjects(RDF.type, SD.Service)
        said = " ".join(graph.objects(service, RDFS.comment))
        for words in ("7 seconds", "timeout", "104,857,600 bytes", "5,000 bytes", "1,234 characters", "9 levels",
                      "3 queries", "2 may wait", "9/minute", "https://far.example/"):  # fmt: skip
            assert words in said
        assert SD.BasicFederatedQuery in set(graph.objects(service, SD.feature))
        page = client.get("/sparql", headers={"Accept": "text/html"}).text
        assert "7 seconds (less by the parameter timeout)" in page
        too_long = client.get("/sparql", query_string={"query": "ASK {} #" + "x" * 1_300}, headers=JSON)
        assert too_long.status_code == 400
        assert "1,234" in too_long.json["detail"]
        deep = client.get("/sparql", query_string={"query": "ASK " + "{" * 10 + "}" * 10}, headers=JSON)
        assert "9 deep" in deep.json["detail"]
        large = client.get("/sparql", query_string={"query": "SELECT * { ?s ?p ?o . ?a ?b ?c }"}, headers=JSON)
        assert (large.status_code, large.json["setting"], large.json["limit"]) == (503, "query_result_size", 5_000)
        assert large.json["dumps"] == "http://localhost/dumps/"
        assert "Retry-After" not in large.headers, "the same query would be as large again"
    finally:
        app.extensions["officegraph"].close()


def test_no_federation_is_promised_where_there_is_none(tmp_path: Path) -> None:
    (tmp_path / "voc.ttl").write_text(concepts(2), "utf-8")
    app = create_app([tmp_path / "voc.ttl"])
    try:
        described = app.test_client().get("/sparql", headers={"Accept": "text/turtle"}).text
        assert "Federated" not in described
        assert "SERVICE is not offered" in described
    finally:
        app.extensions["officegraph"].close()
