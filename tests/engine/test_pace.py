"""Which queries are slow: by what they work, not by how long a busy machine lets them wait."""

import asyncio
import os
import signal
import subprocess
import sys
import threading
import time
from dataclasses import replace

import pytest

from officegraph.engine import pace
from officegraph.engine.embedded import EmbeddedEngine
from officegraph.engine.interface import Query
from officegraph.engine.pace import LONGEST, SLOW, Pace, processor_time
from officegraph.model.formats import CSV

from .conftest import SETTINGS

only_linux = pytest.mark.skipif(sys.platform != "linux", reason="other systems do not tell")


class Clock:
    """Time and work as a test has them pass."""

    def __init__(self, monkeypatch, worked=0.0):
        self.now, self.worked = 0.0, worked
        monkeypatch.setattr(pace.time, "monotonic", lambda: self.now)
        monkeypatch.setattr(pace, "processor_time", lambda _: self.worked)

    def pass_(self, seconds, worked):
        self.now += seconds
        if self.worked is not None:
            self.worked += worked


def test_who_works_is_slow_after_its_time(monkeypatch):
    clock = Clock(monkeypatch, worked=7.0)
    judged = Pace(1)
    assert judged.left() == pytest.approx(SLOW)
    clock.pass_(SLOW - 0.01, worked=SLOW - 0.01)
    assert judged.left() == pytest.approx(0.01)
    clock.pass_(0.02, worked=0.02)
    assert judged.left() == 0


def test_who_waits_for_the_processor_is_judged_again_later(monkeypatch):
    clock = Clock(monkeypatch)
    judged = Pace(1)
    clock.pass_(SLOW, worked=0.01)
    assert judged.left() == pytest.approx(SLOW - 0.01)
    clock.pass_(SLOW, worked=0.03)
    assert judged.left() == pytest.approx(SLOW - 0.04)
    clock.pass_(SLOW, worked=0.02)
    assert judged.left() == 0, "by now it has worked enough"


def test_who_waits_for_something_else_is_slow_in_the_end(monkeypatch):
    clock = Clock(monkeypatch)
    judged = Pace(1)
    looks = 0
    while left := judged.left():
        clock.pass_(left + 1e-6, worked=0)
        looks += 1
    assert clock.now == pytest.approx(LONGEST, abs=1e-3)
    assert looks <= LONGEST / SLOW + 1


def test_where_the_system_does_not_tell_time_decides(monkeypatch):
    clock = Clock(monkeypatch, worked=None)
    judged = Pace(1)
    assert judged.left() == pytest.approx(SLOW)
    clock.pass_(SLOW, worked=0)
    assert judged.left() == 0


@only_linux
def test_the_time_of_another_process_is_told():
    busy = subprocess.Popen([sys.executable, "-c", "while True: pass"])
    idle = subprocess.Popen(["sleep", "60"])
    try:
        before, end = processor_time(idle.pid), time.monotonic() + 20
        while processor_time(busy.pid) < 0.2:
            assert time.monotonic() < end
            time.sleep(0.01)
        assert processor_time(idle.pid) - before < 0.1
    finally:
        for process in (busy, idle):
            process.kill()
            process.wait()
    assert processor_time(busy.pid) is None


def stopped_for(pid, seconds):
    """Take the processor from ``pid`` for a while."""
    os.kill(pid, signal.SIGSTOP)
    threading.Timer(seconds, os.kill, (pid, signal.SIGCONT)).start()


@pytest.fixture
def patient(store, monkeypatch):
    monkeypatch.setattr(pace, "LONGEST", 60)
    engine = EmbeddedEngine(store, {}, replace(SETTINGS, query_timeout=60))
    yield engine
    engine.close()


@only_linux
def test_a_child_that_waited_goes_on(patient):
    query = Query(text="ASK {}", format=CSV)
    patient.evaluate(query)
    (child,) = patient._idle
    stopped_for(child.pid, 4 * SLOW)
    patient.evaluate(query)
    assert patient._idle == [child]
    assert os.getpriority(os.PRIO_PROCESS, child.pid) == os.getpriority(os.PRIO_PROCESS, 0)


@only_linux
def test_a_child_that_waited_goes_on_in_an_event_loop_too(patient):
    query = Query(text="ASK {}", format=CSV)

    async def scenario():
        engine = patient.asynchronous()
        await engine.evaluate(query)
        (channel,) = engine._idle
        stopped_for(channel.connection.pid, 4 * SLOW)
        await engine.evaluate(query)
        assert engine._idle == [channel]
        assert not channel.connection.slow

    asyncio.run(scenario())
