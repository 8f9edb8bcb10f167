import subprocess
import sys
import threading
import time

import pytest

from officegraph.engine.admission import Admission
from officegraph.engine.interface import Cancellation, EngineBusyError, QueryCancelledError


def test_as_many_enter_as_there_are_places():
    admission = Admission(2, 0)
    with admission.enter(1), admission.enter(1), pytest.raises(EngineBusyError):
        admission.enter(1)
    with admission.enter(0):
        pass


def test_one_who_waits_enters_when_another_leaves():
    admission = Admission(1, 1)
    place = admission.enter(0)
    entered = threading.Event()
    waiting = threading.Thread(target=lambda: admission.enter(5) and entered.set())
    waiting.start()
    assert not entered.wait(0.05)
    place.__exit__(None, None, None)
    assert entered.wait(2)
    waiting.join()


def test_nobody_waits_longer_than_patience_lasts():
    admission = Admission(1, 1)
    with admission.enter(0):
        begin = time.monotonic()
        with pytest.raises(EngineBusyError):
            admission.enter(0.05)
        assert 0.04 < time.monotonic() - begin < 1


def test_a_slow_query_makes_room_for_another():
    admission = Admission(2, 0)
    with admission.enter(0) as slow, admission.enter(0) as second:
        slow.make_slow()
        with admission.enter(0):
            second.make_slow()  # no room for a second slow one: it keeps its place
            with pytest.raises(EngineBusyError):
                admission.enter(0)
    with admission.enter(0), admission.enter(0):
        pass


def test_who_has_gone_waits_no_longer():
    admission, cancellation = Admission(1, 1), Cancellation()
    with admission.enter(0):
        threading.Timer(0.1, cancellation.cancel).start()
        begin = time.monotonic()
        with pytest.raises(QueryCancelledError):
            admission.enter(10, cancellation)
        assert time.monotonic() - begin < 2
        assert (admission.running, admission.waiting) == (1, 0)


def test_processes_share_places(tmp_path):
    one, other = Admission(2, 0, tmp_path), Admission(2, 0, tmp_path)
    with one.enter(0), other.enter(0):
        for full in (one, other):
            with pytest.raises(EngineBusyError):
                full.enter(0)
    with other.enter(0), other.enter(0), pytest.raises(EngineBusyError):
        one.enter(0)


def test_processes_share_the_queue_and_places_of_slow_queries(tmp_path):
    one, other = Admission(2, 1, tmp_path), Admission(2, 1, tmp_path)
    with one.enter(0) as slow, one.enter(0):
        waiting = threading.Thread(target=lambda: other.enter(5).__exit__())
        waiting.start()
        time.sleep(0.1)
        with pytest.raises(EngineBusyError, match="busy"):
            one.enter(5)
        slow.make_slow()
        waiting.join(1)
        assert not waiting.is_alive()
        with other.enter(0) as second:
            second.make_slow()  # the one place for slow ones is taken
            with pytest.raises(EngineBusyError):
                one.enter(0.05)


HOLD = """
import sys, time
from pathlib import Path
from officegraph.engine.admission import Admission
place = Admission(1, 0, Path(sys.argv[1])).enter(0)
print("taken", flush=True)
time.sleep(60)
"""


def test_the_place_of_a_process_that_dies_is_free_at_once(tmp_path):
    holder = subprocess.Popen([sys.executable, "-c", HOLD, str(tmp_path)], stdout=subprocess.PIPE)
    assert holder.stdout.readline() == b"taken\n"
    admission = Admission(1, 1, tmp_path)
    with pytest.raises(EngineBusyError):
        admission.enter(0.05)
    holder.kill()
    with admission.enter(2):
        pass
    holder.wait()
    holder.stdout.close()
