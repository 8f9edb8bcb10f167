import threading
import time

import pytest

from officegraph.engine.interface import EngineBusyError
from officegraph.engine.pool import Admission


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
