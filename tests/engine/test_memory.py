"""When a query child makes way for another: what memory counts as its own."""

import os
import time

import pytest

from officegraph.engine import memory
from officegraph.engine.embedded import EmbeddedEngine
from officegraph.engine.interface import Query
from officegraph.engine.memory import MEBIBYTE, OwnMemory
from officegraph.model.formats import CSV
from officegraph.settings import Settings

pytestmark = pytest.mark.skipif(memory.own() is None, reason="the system does not tell what memory is shared")


def in_a_fork(work):
    """Return whether ``work`` is true in a forked process, by whose memory other tests are not disturbed."""
    pid = os.fork()
    if pid == 0:
        status = 1
        try:
            status = 0 if work() else 1
        finally:
            os._exit(status)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0


def test_what_a_process_writes_is_its_own_and_what_it_reads_is_not():
    shared = bytearray(os.urandom(1024)) * (32 * 1024)

    def work():
        own = OwnMemory()
        sum(shared[::4096])
        if own.look(8 * MEBIBYTE):
            return False
        for position in range(0, len(shared), 1024):
            shared[position] = 1
        return own.look(8 * MEBIBYTE) and own.look(8 * MEBIBYTE) and not own.look(64 * MEBIBYTE)

    assert in_a_fork(work)


def test_what_is_given_back_does_not_count():
    def work():
        own = OwnMemory()
        for _ in range(20):
            bytearray(os.urandom(4 * MEBIBYTE))
        return not own.look(32 * MEBIBYTE)

    assert in_a_fork(work)


def test_where_the_system_does_not_tell_there_is_always_little(monkeypatch, tmp_path):
    monkeypatch.setattr(memory, "_STATUS", tmp_path / "none")
    assert not OwnMemory().look(-1)


@pytest.fixture
def engine(store, monkeypatch):
    """An engine in whose children one megabyte is much, and a moment without work is long."""
    values = {"MOST": MEBIBYTE, "LITTLE": 0, "IDLE": 0.3}
    program = "; ".join(f"officegraph.engine.memory.{name} = {value}" for name, value in values.items())
    folder = store.parent / "site"
    folder.mkdir(exist_ok=True)
    (folder / "sitecustomize.py").write_text(f"import officegraph.engine.memory; {program}\n", "utf-8")
    monkeypatch.setenv("PYTHONPATH", str(folder))
    engine = EmbeddedEngine(store, {}, Settings(query_timeout=10))
    yield engine
    engine.close()


def ask(engine, text):
    return engine.evaluate(Query(text=text, format=CSV)).body


def pids(engine):
    return {connection.pid for connection in engine._idle}


def test_a_child_that_has_taken_much_is_replaced_after_its_answer(engine):
    begun = set()
    for number in range(5):
        assert ask(engine, f"SELECT (COUNT(*) AS ?n) {{ ?s ?p ?o FILTER(STRLEN(STR(?o)) > {number % 2}) }}")
        begun |= pids(engine)
    assert len(begun) > 1


def test_a_query_is_answered_after_its_child_has_ended_for_want_of_work(engine):
    count = "SELECT (COUNT(*) AS ?n) { ?s a ?o }"
    first = ask(engine, count)
    (child,) = pids(engine)
    end = time.monotonic() + 20
    while is_there(child):
        assert time.monotonic() < end
        time.sleep(0.05)
    assert ask(engine, count) == first
    assert pids(engine) != {child}


def is_there(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True
