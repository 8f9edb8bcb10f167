import asyncio

import pytest

from officegraph.engine.admission import Admission
from officegraph.engine.arrivals import PASSED_ON, Arrivals
from officegraph.engine.interface import Cancellation, EngineBusyError, QueryCancelledError


def test_as_many_enter_as_there_are_places():
    async def scenario():
        arrivals = Arrivals(Admission(2, 0))
        first, _ = await arrivals.enter(1), await arrivals.enter(1)
        with pytest.raises(EngineBusyError):
            await arrivals.enter(1)
        arrivals.leave(first)
        await arrivals.enter(0)

    asyncio.run(scenario())


def test_those_who_wait_enter_in_the_order_in_which_they_came():
    async def scenario():
        admission = Admission(1, 5)
        arrivals, entered = Arrivals(admission), []

        async def one(name):
            place = await arrivals.enter(5)
            entered.append(name)
            await asyncio.sleep(0.002)
            arrivals.leave(place)

        await asyncio.gather(*map(one, "abcde"))
        assert entered == list("abcde")
        assert (admission.running, admission.waiting) == (0, 0)

    asyncio.run(scenario())


def test_nobody_waits_longer_than_patience_lasts():
    async def scenario():
        admission = Admission(1, 1)
        arrivals = Arrivals(admission)
        await arrivals.enter(0)
        with pytest.raises(EngineBusyError):
            await asyncio.wait_for(arrivals.enter(0.05), 2)
        assert (admission.running, admission.waiting) == (1, 0)

    asyncio.run(scenario())


def test_who_has_gone_waits_no_longer_and_keeps_nobody_waiting():
    async def scenario():
        admission, cancellation = Admission(1, 2), Cancellation()
        arrivals = Arrivals(admission)
        place = await arrivals.enter(0)
        gone, next_one = (asyncio.create_task(arrivals.enter(5, each)) for each in (cancellation, None))
        await asyncio.sleep(0.01)
        cancellation.cancel()
        with pytest.raises(QueryCancelledError):
            await asyncio.wait_for(gone, 1)
        arrivals.leave(place)
        arrivals.leave(await asyncio.wait_for(next_one, 1))
        assert (admission.running, admission.waiting) == (0, 0)

    asyncio.run(scenario())


def test_a_task_that_is_cancelled_leaves_no_place_taken():
    async def scenario():
        admission = Admission(1, 2)
        arrivals = Arrivals(admission)
        place = await arrivals.enter(0)
        task = asyncio.create_task(arrivals.enter(5))
        await asyncio.sleep(0)
        arrivals.leave(place)  # it has its place now, and is cancelled before it runs again
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert (admission.running, admission.waiting) == (0, 0)

    asyncio.run(scenario())


def test_a_slow_query_makes_room_for_one_who_waits():
    async def scenario():
        arrivals = Arrivals(Admission(2, 5))
        slow, _ = await arrivals.enter(0), await arrivals.enter(0)
        waiting = asyncio.create_task(arrivals.enter(5))
        await asyncio.sleep(0.005)
        assert not waiting.done()
        slow.make_slow()
        arrivals.leave(await asyncio.wait_for(waiting, 1))
        arrivals.leave(slow)

    asyncio.run(scenario())


def test_a_process_under_load_starves_no_other(tmp_path):
    """Two processes share one place; the first always has somebody waiting for it."""

    async def scenario():
        loaded, other = (Arrivals(Admission(1, 20, tmp_path)) for _ in range(2))
        turns, ended = 0, False

        async def client():
            nonlocal turns
            while not ended:
                place = await loaded.enter(5)
                await asyncio.sleep(0)
                turns += 1
                loaded.leave(place)

        clients = [asyncio.create_task(client()) for _ in range(6)]
        await asyncio.sleep(0.02)
        for _ in range(5):
            place = await asyncio.wait_for(other.enter(5), 5)
            await asyncio.sleep(0.001)
            other.leave(place)
        ended = True
        await asyncio.gather(*clients)
        assert turns > PASSED_ON

    asyncio.run(scenario())
