import contextlib
import csv
import io
import json
import os
import signal
import socket
import struct
import subprocess
import sys
import textwrap
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pyoxigraph as ox
import pytest

from officegraph.engine import embedded, pool
from officegraph.engine.embedded import EmbeddedEngine, query_server
from officegraph.engine.interface import (
    Cancellation,
    EngineBusyError,
    EngineError,
    EngineUnavailableError,
    NotRepresentableError,
    Query,
    QueryCancelledError,
    QueryMemoryError,
    QueryRefusedError,
    QuerySyntaxError,
    QueryTimeoutError,
    ResultTooLargeError,
)
from officegraph.engine.pool import Connection
from officegraph.engine.scan import scan
from officegraph.model.formats import CSV, JSON_LD, N_TRIPLES, RDF_XML, RESULTS_JSON, RESULTS_XML, TSV, TURTLE
from officegraph.settings import Settings

from .conftest import SETTINGS, SKOS

SMALL = f'SELECT ?c {{ ?c <{SKOS}prefLabel> "concept 7"@en }}'
PAIRS = "?a ?b ?c . ?d ?e ?f"
BROADER = f"(<{SKOS}broader>|^<{SKOS}broader>)*"
LIMIT_ERRORS = (QueryTimeoutError, QueryMemoryError, ResultTooLargeError)

BOMBS = {
    "count of a product": f"SELECT (COUNT(*) AS ?n) {{ {PAIRS} . ?g ?h ?i }}",
    "sorted product": f"SELECT * {{ {PAIRS} }} ORDER BY ?c ?f",
    "distinct product": f"SELECT (COUNT(DISTINCT *) AS ?n) {{ {PAIRS} }}",
    "joined strings": f"SELECT (STRLEN(GROUP_CONCAT(CONCAT(STR(?c), STR(?f)))) AS ?n) {{ {PAIRS} }}",
    "doubled string": 'SELECT (STRLEN(?x36) AS ?n) { BIND("a" AS ?x0) '
    + "".join(f"BIND(CONCAT(?x{i}, ?x{i}) AS ?x{i + 1}) " for i in range(36))
    + "}",
    "closure of a path": f"SELECT (COUNT(*) AS ?n) {{ ?a {BROADER} ?b . ?b {BROADER} ?c }}",
    "patterns over a product": f"SELECT (COUNT(*) AS ?n) {{ {PAIRS} "
    'FILTER REGEX(CONCAT(STR(?c), STR(?f)), "(c|o)*x.*y$") }',
    "endless rows": f"SELECT * {{ {PAIRS} . ?g ?h ?i }}",
    "nested absence": f"SELECT (COUNT(*) AS ?n) {{ {PAIRS} "
    "FILTER NOT EXISTS { ?a ?p ?x . ?y ?q ?z FILTER(?z = ?f && ?y != ?x) } }",
}


def ask(engine, text, format_=RESULTS_JSON, **options):
    return engine.evaluate(Query(text=text, format=format_, **options)).body


def rows(engine, text, **options):
    return [tuple(row) for row in csv.reader(io.StringIO(ask(engine, text, CSV, **options).decode()))][1:]


def number(engine, text, **options):
    return int(rows(engine, text, **options)[0][0])


def children(server_pid):
    return [int(pid) for pid in Path(f"/proc/{server_pid}/task/{server_pid}/children").read_text().split()]


def alive(pid):
    with contextlib.suppress(ProcessLookupError, FileNotFoundError):
        os.kill(pid, 0)
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    return False


def wait_until(condition, seconds=5.0):
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_a_query_is_answered(engine):
    assert rows(engine, SMALL) == [("http://example.org/c7",)]


@pytest.mark.parametrize("format_", [RESULTS_JSON, RESULTS_XML, TSV, CSV])
def test_solutions_come_in_each_format(engine, format_):
    body = ask(engine, SMALL, format_)
    if format_ is CSV:
        assert body == b"c\r\nhttp://example.org/c7\r\n"
    else:
        results = ox.parse_query_results(body, ox.QueryResultsFormat.from_media_type(format_.media_type))
        assert [row["c"].value for row in results] == ["http://example.org/c7"]


@pytest.mark.parametrize(("text", "value"), [("ASK { ?s ?p 'd' }", False), ("ASK { ?s ?p ?o }", True)])
def test_a_truth_value_is_answered(engine, text, value):
    assert json.loads(ask(engine, text)) == {"head": {}, "boolean": value}


@pytest.mark.parametrize("format_", [TURTLE, N_TRIPLES, RDF_XML, JSON_LD])
def test_a_graph_comes_in_each_format(engine, format_):
    body = ask(engine, "DESCRIBE <http://example.org/c7>", format_)
    assert len(list(ox.parse(body, ox.RdfFormat.from_media_type(format_.media_type)))) == 5


def test_turtle_is_sorted_and_declares_the_prefixes_it_uses(engine):
    assert ask(engine, "DESCRIBE <http://example.org/c7>", TURTLE).decode() == textwrap.dedent(
        f"""\
        @prefix skos: <{SKOS}> .
        @prefix ex: <http://example.org/> .
        ex:c7 a skos:Concept ;
        \tskos:broader ex:c2 ;
        \tskos:prefLabel "concept 7"@de , "concept 7"@en , "concept 7"@fr .
        """
    )


def test_columns_of_select_star_come_in_order_of_mention(engine):
    head = json.loads(ask(engine, "SELECT * { ?s ?p ?o MINUS { ?s ?p ?hidden } } LIMIT 1"))["head"]
    assert head["vars"] == ["s", "p", "o"]


@pytest.mark.parametrize(
    ("text", "line", "column"), [("SELECT * {\n ?s ?p }", 2, 9), ("SELECT ?x ?x {", 1, 14), ("ASK { ?s <a:b> }", 1, 16)]
)
def test_a_syntax_error_says_where(engine, text, line, column):
    with pytest.raises(QuerySyntaxError) as caught:
        ask(engine, text)
    assert (caught.value.line, caught.value.column) == (line, column)


def test_the_sense_of_the_engines_message_is_kept(engine):
    with pytest.raises(QuerySyntaxError, match="Duplicated variable name in SELECT"):
        ask(engine, "SELECT (1 AS ?x) (2 AS ?x) {}")


@pytest.mark.parametrize("call", ["<http://f/>(?c)", "<http://f/>()", "x:f(?c, 1)", "xsd:unknown(?c)"])
def test_an_unknown_function_is_an_error_in_the_expression(engine, call):
    prefixes = "PREFIX x: <http://x/> PREFIX xsd: <http://www.w3.org/2001/XMLSchema#> "
    assert rows(engine, f"{prefixes} SELECT (COALESCE({call}, 'none') AS ?x) {{ BIND(1 AS ?c) }}") == [("none",)]
    assert rows(engine, f"{prefixes} SELECT * {{ BIND(1 AS ?c) FILTER({call}) }}") == []


def test_casts_still_cast(engine):
    prefix = "PREFIX xsd: <http://www.w3.org/2001/XMLSchema#> "
    assert rows(engine, prefix + "SELECT (xsd:integer('7') + 1 AS ?x) {}") == [("8",)]


def test_relative_iris_are_resolved_against_the_base_of_the_query_object(engine):
    assert rows(engine, "SELECT ?o { GRAPH <three> { <s> <p> ?o } }", base="http://example.org/") == [("d",)]
    with pytest.raises(QuerySyntaxError):
        ask(engine, "SELECT ?o { GRAPH <three> { <s> <p> ?o } }")


E = "http://example.org/"
BOTH = "SELECT ?o ?g { { ?s ?p ?o } UNION { GRAPH ?g { ?s ?p ?o } } } ORDER BY ?g ?o"


@pytest.mark.parametrize(
    ("text", "options", "expected"),
    [
        ("SELECT (COUNT(*) AS ?n) FROM <{E}one> FROM <{E}two> { ?s ?p ?o }", {}, [("3",)]),
        ("PREFIX e: <{E}> SELECT (COUNT(*) AS ?n) FROM e:one FROM e:two FROM e:one { ?s ?p ?o }", {}, [("3",)]),
        ("BASE <{E}> SELECT (COUNT(*) AS ?n) FROM <one> FROM <three> { ?s ?p ?o }", {}, [("3",)]),
        ("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }", {"default_graphs": (f"{E}one", f"{E}two")}, [("3",)]),
        (BOTH, {"default_graphs": (f"{E}three",)}, [("d", "")]),
        (BOTH, {"named_graphs": (f"{E}three",)}, [("d", f"{E}three")]),
        (BOTH, {"default_graphs": (f"{E}one", f"{E}two"), "named_graphs": (f"{E}three",)},
         [("a", ""), ("b", ""), ("c", ""), ("d", f"{E}three")]),
        (BOTH.replace("{", "FROM <{E}one> {", 1), {"default_graphs": (f"{E}three",)}, [("d", "")]),
        (BOTH.replace("{", "FROM <{E}one> {", 1), {"named_graphs": (f"{E}three",)}, [("d", f"{E}three")]),
        (BOTH.replace("{", "FROM NAMED <{E}three> {", 1), {}, [("d", f"{E}three")]),
        (BOTH.replace("{", "FROM <{E}nowhere> {", 1), {}, []),
        (BOTH, {"default_graphs": ("http://127.0.0.1:9/", "file:///etc/passwd")}, []),
    ],
)  # fmt: skip
def test_the_dataset_is_what_query_and_request_say(engine, text, options, expected):
    assert rows(engine, text.replace("{E}", E), **options) == expected


def test_a_graph_that_is_no_iri_is_refused(engine):
    with pytest.raises(QueryRefusedError) as caught:
        ask(engine, "ASK {}", default_graphs=("no iri",))
    assert caught.value.reason == "graph"


@pytest.mark.parametrize(
    ("text", "format_"),
    [
        ("CONSTRUCT { <a:b> <http://example.org/1> 1 } WHERE {}", RDF_XML),
        ('CONSTRUCT { <a:b> <a:b> "\\u0001" } WHERE {}', RDF_XML),
        ("CONSTRUCT { <a:b> <a:b> <<( <a:b> <a:b> 1 )>> } WHERE {}", RDF_XML),
        ("CONSTRUCT { <a:b> <a:b> <<( <a:b> <a:b> 1 )>> } WHERE {}", JSON_LD),
        ('SELECT ("\\u0001" AS ?x) {}', RESULTS_XML),
        ('SELECT ("\\uFFFF" AS ?x) {}', RESULTS_XML),
    ],
)
def test_what_a_format_cannot_carry_is_told(engine, text, format_):
    with pytest.raises(NotRepresentableError):
        ask(engine, text, format_)


@pytest.mark.parametrize("text", ['SELECT ("a\\r\\nb" AS ?x) {}', 'CONSTRUCT { <a:b> <a:b> "a\\r\\nb" } WHERE {}'])
def test_xml_keeps_carriage_returns(engine, text):
    assert b"a&#13;\nb" in ask(engine, text, RESULTS_XML if text.startswith("SELECT") else RDF_XML)


@pytest.mark.parametrize("text", BOMBS.values(), ids=BOMBS)
def test_a_runaway_ends_soon_after_its_deadline(engine, text):
    begin = time.monotonic()
    with pytest.raises(LIMIT_ERRORS):
        ask(engine, text)
    assert time.monotonic() - begin < SETTINGS.query_timeout + 0.5
    assert rows(engine, SMALL) == [("http://example.org/c7",)]


def test_a_client_may_ask_for_less_time_and_not_for_more(engine):
    for granted, expected in ((0.2, 0.2), (60, 1)):
        begin = time.monotonic()
        with pytest.raises(QueryTimeoutError) as caught:
            ask(engine, BOMBS["count of a product"], timeout=granted)
        assert caught.value.seconds == expected
        assert time.monotonic() - begin < expected + 0.5


def test_the_child_of_a_stopped_query_is_gone(engine):
    with pytest.raises(QueryTimeoutError):
        ask(engine, BOMBS["count of a product"])
    server = engine._server._server.process.pid
    running = {connection.pid for connection in engine._idle}
    wait_until(lambda: {pid for pid in children(server) if alive(pid)} <= running, 0.5)


def test_memory_is_bounded(store):
    engine = EmbeddedEngine(store, {}, replace(SETTINGS, query_timeout=20))
    try:
        with pytest.raises(QueryMemoryError) as caught:
            ask(engine, BOMBS["doubled string"])
        assert caught.value.limit == SETTINGS.query_memory
    finally:
        engine.close()


@pytest.mark.parametrize(
    ("text", "format_"),
    [("SELECT * { ?s ?p ?o }", RESULTS_JSON), ("CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }", TURTLE)],
)
def test_an_answer_that_is_too_large_is_refused_whole(store, text, format_):
    engine = EmbeddedEngine(store, {}, replace(SETTINGS, query_result_size=1_000, query_timeout=10))
    try:
        with pytest.raises(ResultTooLargeError) as caught:
            ask(engine, text, format_)
        assert caught.value.limit == 1_000
    finally:
        engine.close()


def test_an_answer_of_some_megabytes_arrives_whole(store):
    engine = EmbeddedEngine(store, {}, replace(SETTINGS, query_timeout=20, query_result_size=50_000_000))
    try:
        body = ask(engine, "SELECT * { ?a ?b ?c . ?d a ?f } LIMIT 40000")
        assert len(body) > 5_000_000
        assert len(json.loads(body)["results"]["bindings"]) == 40_000
    finally:
        engine.close()


def test_a_child_that_is_killed_while_idle_is_not_noticed(engine):
    ask(engine, SMALL)
    for connection in list(engine._idle):
        os.kill(connection.pid, signal.SIGKILL)
        wait_until(lambda pid=connection.pid: not alive(pid))
    assert rows(engine, SMALL) == [("http://example.org/c7",)]


def test_a_child_that_is_killed_at_work_fails_only_its_query(engine):
    with ThreadPoolExecutor() as threads:
        victim = threads.submit(ask, engine, BOMBS["count of a product"])
        server = engine._server.socket() and engine._server._server.process.pid
        time.sleep(0.3)
        idle = {connection.pid for connection in engine._idle}
        for pid in set(children(server)) - idle:
            os.kill(pid, signal.SIGKILL)
        with pytest.raises(EngineUnavailableError):
            victim.result()
    assert rows(engine, SMALL) == [("http://example.org/c7",)]


def test_a_server_that_is_killed_is_replaced(engine):
    ask(engine, SMALL)
    before = engine._server._server
    os.kill(before.process.pid, signal.SIGKILL)
    assert rows(engine, SMALL) == [("http://example.org/c7",)]
    wait_until(engine.ready)
    assert rows(engine, "SELECT ?c { ?c a ?x } LIMIT 1")
    assert engine._server._server.process.pid != before.process.pid or before.alive()


def test_a_crash_of_the_engine_is_a_refusal(engine, monkeypatch):
    """The scan would refuse this query; without it the engine's stack overflows."""
    text = "ASK { FILTER(" + "(" * 20_000 + "1" + ")" * 20_000 + ") }"
    passed = scan("ASK {}", SETTINGS)
    monkeypatch.setattr(pool, "scan", lambda *_: replace(passed, text=text))
    with pytest.raises(QueryRefusedError) as caught:
        ask(engine, text)
    assert caught.value.reason == "complexity"


@pytest.mark.parametrize("silent", ["", "SILENT"])
def test_a_child_reaches_no_network_even_if_the_scan_were_fooled(engine, monkeypatch, silent):
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(0.3)
        url = f"http://127.0.0.1:{listener.getsockname()[1]}/"
        passed = scan("SELECT (1 AS ?x) {}", SETTINGS)
        text = f"SELECT * {{ SERVICE {silent} <{url}> {{ ?s ?p ?o }} }}"
        monkeypatch.setattr(pool, "scan", lambda *_: replace(passed, text=text))
        if silent:
            assert json.loads(ask(engine, text))["results"]["bindings"] == [{}]
        else:
            with pytest.raises(QueryRefusedError):
                ask(engine, text)
        with pytest.raises(TimeoutError):
            listener.accept()


@pytest.mark.parametrize(
    "text",
    [
        "SELECT * {{ SERVICE <{url}> {{ ?s ?p ?o }} }}",
        "SELECT * {{ SERVICE SILENT <{url}> {{ ?s ?p ?o }} }}",
        "LOAD <{url}>",
        "SELECT * FROM <{url}> {{ ?s ?p ?o }}",
        "SELECT * FROM NAMED <{url}> {{ GRAPH ?g {{ ?s ?p ?o }} }}",
        "SELECT * {{ GRAPH <{url}> {{ ?s ?p ?o }} }}",
        "DESCRIBE <{url}>",
        "SELECT (<{url}>(1) AS ?x) {{}}",
    ],
)
def test_no_query_causes_traffic(engine, text):
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(0.1)
        with contextlib.suppress(EngineError):
            form = TURTLE if text.startswith("DESCRIBE") else RESULTS_JSON
            ask(engine, text.format(url=f"http://127.0.0.1:{listener.getsockname()[1]}/"), form)
        with pytest.raises(TimeoutError):
            listener.accept()


def test_many_threads_get_their_own_answers(engine):
    def one(number_):
        return rows(engine, f'SELECT ?c {{ ?c <{SKOS}prefLabel> "concept {number_}"@en }}')

    with ThreadPoolExecutor(8) as threads:
        assert list(threads.map(one, range(400))) == [[(f"http://example.org/c{n}",)] for n in range(400)]


def test_quick_queries_are_served_while_slow_ones_run(engine):
    with ThreadPoolExecutor() as threads:
        slow = [threads.submit(ask, engine, BOMBS["count of a product"]) for _ in range(4)]
        time.sleep(0.3)
        begin = time.monotonic()
        for _ in range(10):
            ask(engine, SMALL)
        took = time.monotonic() - begin
        assert all(isinstance(future.exception(), QueryTimeoutError) for future in slow)
    assert took < 0.5


def test_when_the_queue_is_full_the_next_is_told_to_come_back(store):
    engine = EmbeddedEngine(store, {}, replace(SETTINGS, query_workers=1, query_queue=1))
    try:
        engine.ready()
        with ThreadPoolExecutor() as threads:
            running = [threads.submit(ask, engine, BOMBS["count of a product"]) for _ in range(2)]
            time.sleep(0.2)
            begin = time.monotonic()
            with pytest.raises(EngineBusyError) as caught:
                ask(engine, SMALL)
            assert caught.value.retry_after > 0
            assert time.monotonic() - begin < 0.2
            assert {type(future.exception()) for future in running} <= {QueryTimeoutError, EngineBusyError}
    finally:
        engine.close()


def test_a_client_that_goes_away_ends_its_query(store):
    with query_server(store, {}, SETTINGS) as path:
        connection = Connection(path)
        request = {"text": BOMBS["count of a product"], "format": "json", "limit": 1000}
        asking = threading.Thread(target=lambda: contextlib.suppress(OSError) and _ask(connection, request))
        asking.start()
        time.sleep(0.3)
        assert alive(connection.pid)
        connection.socket.shutdown(socket.SHUT_RDWR)
        wait_until(lambda: not alive(connection.pid), 0.5)
        asking.join()
        connection.close()


@pytest.mark.parametrize("after", [0, 0.05, 0.4])
def test_a_query_that_is_cancelled_ends_at_once_and_frees_its_place(store, after):
    engine = EmbeddedEngine(store, {}, replace(SETTINGS, query_timeout=20, query_workers=1, query_queue=0))
    try:
        ask(engine, SMALL)
        server = engine._server._server.process.pid
        cancellation = Cancellation()
        threading.Timer(after, cancellation.cancel).start()
        begin = time.monotonic()
        with pytest.raises(QueryCancelledError):
            ask(engine, BOMBS["count of a product"], cancellation=cancellation)
        assert time.monotonic() - begin < after + 0.5
        assert rows(engine, SMALL) == [("http://example.org/c7",)]
        running = {connection.pid for connection in engine._idle}
        wait_until(lambda: {pid for pid in children(server) if alive(pid)} <= running, 0.5)
        cancellation.cancel()  # too late for it, and of no effect
        assert rows(engine, SMALL) == [("http://example.org/c7",)]
    finally:
        engine.close()


def test_an_engine_is_ready_though_all_its_places_are_taken(store):
    engine = EmbeddedEngine(store, {}, replace(SETTINGS, query_workers=1, query_queue=0))
    try:
        with engine.admission.enter(0):
            assert engine.ready()
    finally:
        engine.close()


def test_an_engine_that_does_not_answer_is_not_ready(store):
    engine = EmbeddedEngine(store, {}, SETTINGS)
    try:
        assert engine.ready()
        server = engine._server._server.process.pid
        for pid in (server, *children(server)):
            os.kill(pid, signal.SIGSTOP)
        assert engine.ready(), "for it has just answered"
        time.sleep(embedded.RECENT)
        begin = time.monotonic()
        assert not engine.ready()
        assert time.monotonic() - begin < 2 * embedded.PROBE_TIMEOUT + 0.5
        os.kill(server, signal.SIGCONT)
        assert engine.ready()
    finally:
        engine.close()


def test_the_memory_of_a_query_that_was_stopped_returns_to_the_system(store):
    engine = EmbeddedEngine(store, {}, replace(SETTINGS, query_timeout=0.7, query_memory=256 * 2**20))
    try:
        ask(engine, SMALL)
        server = engine._server._server.process.pid
        calm = resident(server)
        peak, stop = [0], threading.Event()

        def watch():
            while not stop.wait(0.02):
                peak[0] = max(peak[0], resident(server))

        watching = threading.Thread(target=watch)
        watching.start()
        with pytest.raises(LIMIT_ERRORS):
            ask(engine, BOMBS["sorted product"])
        stop.set()
        watching.join()
        wait_until(lambda: resident(server) < calm + 20 * 2**20, 1)
        assert calm + 50 * 2**20 < peak[0] < calm + 1.2 * 256 * 2**20
    finally:
        engine.close()


def resident(pid):
    """Return the bytes of memory of a process and its children that they share with none."""
    total = 0
    for each in (pid, *children(pid)):
        with contextlib.suppress(OSError):
            for line in Path(f"/proc/{each}/smaps_rollup").read_text().splitlines():
                if line.startswith(("Private_Clean", "Private_Dirty")):
                    total += int(line.split()[1]) * 1024
    return total


def _ask(connection, request):
    with contextlib.suppress(Exception):
        connection.ask(request, 30, 1000, lambda: None)


def test_processes_can_share_a_server(store):
    with query_server(store, {}, SETTINGS) as path:
        engines = [EmbeddedEngine(store, {}, replace(SETTINGS, engine_socket=path)) for _ in range(2)]
        for engine in engines:
            assert rows(engine, SMALL) == [("http://example.org/c7",)]
            engine.close()
        connection = Connection(path)
        assert connection.usable()
        connection.close()
    assert not path.exists()


def test_a_shared_server_that_is_killed_is_replaced(store):
    with query_server(store, {}, SETTINGS) as path:
        engine = EmbeddedEngine(store, {}, replace(SETTINGS, engine_socket=path))
        for _ in range(2):
            before = path.resolve()
            assert rows(engine, SMALL) == [("http://example.org/c7",)]
            os.kill(server_of(path), signal.SIGKILL)
            wait_until(lambda before=before: path.resolve() != before, 5)
            assert rows(engine, SMALL) == [("http://example.org/c7",)]
        engine.close()
    assert not path.exists()


def server_of(path):
    """Return the process that listens on ``path``, which the kernel tells its clients."""
    with socket.socket(socket.AF_UNIX) as client:
        client.connect(str(path))
        credentials = client.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, struct.calcsize("3i"))
        return struct.unpack("3i", credentials)[0]


def test_an_engine_without_a_server_is_not_ready(tmp_path):
    engine = EmbeddedEngine(tmp_path, {}, replace(SETTINGS, engine_socket=tmp_path / "none"))
    assert not engine.ready()
    with pytest.raises(EngineUnavailableError):
        ask(engine, SMALL)
    engine.close()


@pytest.mark.parametrize("data", [None, "<a> <b> .\n"])
def test_a_store_that_cannot_be_read_is_told(tmp_path, data):
    if data is not None:
        (tmp_path / "data.nq").write_text(data)
    engine = EmbeddedEngine(tmp_path, {}, SETTINGS)
    with pytest.raises(EngineUnavailableError, match="did not start"):
        ask(engine, SMALL)
    engine.close()


def test_a_store_on_disk_is_opened_by_each_child(tmp_path):
    folder = tmp_path / "rocksdb"
    on_disk = ox.Store(str(folder))
    on_disk.add(ox.Quad(ox.NamedNode("a:s"), ox.NamedNode("a:p"), ox.Literal("o")))
    on_disk.flush()
    del on_disk
    engine = EmbeddedEngine(tmp_path, {}, Settings(query_timeout=5))
    try:
        assert rows(engine, "SELECT * { ?s ?p ?o }") == [("a:s", "a:p", "o")]
        with pytest.raises(EngineError):
            ask(engine, BOMBS["doubled string"])
        assert rows(engine, "SELECT * { ?s ?p ?o }") == [("a:s", "a:p", "o")]
    finally:
        engine.close()


def test_closing_leaves_nothing_behind(store):
    engine = EmbeddedEngine(store, {}, SETTINGS)
    ask(engine, SMALL)
    process, path = engine._server._server.process, engine._server._server.socket
    forked = children(process.pid)
    assert forked
    engine.close()
    assert process.returncode is not None
    assert not path.parent.exists()
    wait_until(lambda: not any(map(alive, forked)))
    with pytest.raises(EngineUnavailableError):
        ask(engine, SMALL)


@pytest.mark.parametrize("ending", ["os.kill(os.getpid(), signal.SIGKILL)", "sys.exit()"])
def test_a_server_does_not_outlive_its_owner(store, ending):
    program = f"""
        import os, signal, sys
        from officegraph.engine.embedded import EmbeddedEngine
        from officegraph.settings import Settings
        engine = EmbeddedEngine({str(store)!r}, {{}}, Settings())
        assert engine.ready()
        print(engine._server._server.process.pid, engine._server.socket(), flush=True)
        {ending}
    """
    process = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(program)], stdout=subprocess.PIPE, text=True, check=False
    )
    pid, path = process.stdout.split()
    wait_until(lambda: not alive(int(pid)))
    wait_until(lambda: not Path(path).parent.exists())


def test_an_engine_works_on_both_sides_of_a_fork(store):
    program = f"""
        import os
        from officegraph.engine.embedded import EmbeddedEngine
        from officegraph.engine.interface import Query
        from officegraph.model.formats import CSV
        from officegraph.settings import Settings
        engine = EmbeddedEngine({str(store)!r}, {{}}, Settings())
        query = Query(text={SMALL!r}, format=CSV)
        engine.evaluate(query)
        pid = os.fork()
        for _ in range(20):
            assert b"c7" in engine.evaluate(query).body
        if pid:
            assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0
            assert b"c7" in engine.evaluate(query).body
    """
    subprocess.run([sys.executable, "-c", textwrap.dedent(program)], check=True, timeout=30)


def test_no_process_is_left_for_each_query(engine):
    for _ in range(30):
        ask(engine, SMALL)
    assert len(children(engine._server._server.process.pid)) <= engine.admission.capacity
