import asyncio
import json
import os
import signal
import time
from dataclasses import replace

import pytest

from officegraph.engine.embedded import EmbeddedEngine
from officegraph.engine.interface import (
    Cancellation,
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
from officegraph.model.formats import CSV, RDF_XML, RESULTS_JSON

from .conftest import SETTINGS, SKOS
from .test_embedded import BOMBS, LIMIT_ERRORS, PAIRS, alive, wait_until


@pytest.fixture
def run(store):
    """Runs a scenario with an engine of its own in an event loop, and ends both."""

    def one(scenario, **settings):
        engine = EmbeddedEngine(store, {"skos": SKOS}, replace(SETTINGS, **settings))
        try:
            asyncio.run(scenario(engine.asynchronous()))
        finally:
            engine.close()

    return one


async def ask(engine, text, format_=CSV, **options):
    return (await engine.evaluate(Query(text=text, format=format_, **options))).body


def small(number):
    return f'SELECT ?c {{ ?c <{SKOS}prefLabel> "concept {number}"@en }}'


def answer(number):
    return f"c\r\nhttp://example.org/c{number}\r\n".encode()


def test_many_at_a_time_get_their_own_answers(run):
    async def scenario(engine):
        answers = await asyncio.gather(*(ask(engine, small(number)) for number in range(300)))
        assert answers == [answer(number) for number in range(300)]
        assert len(engine._idle) <= 4

    run(scenario, query_queue=400)


@pytest.mark.parametrize("text", BOMBS.values(), ids=BOMBS)
def test_a_runaway_ends_soon_after_its_deadline(run, text):
    async def scenario(engine):
        await ask(engine, small(1))  # by which the server has started
        begin = time.monotonic()
        with pytest.raises(LIMIT_ERRORS):
            await ask(engine, text)
        assert time.monotonic() - begin < SETTINGS.query_timeout + 0.5
        assert await ask(engine, small(7)) == answer(7)

    run(scenario)


def test_quick_queries_are_served_while_slow_ones_run(run):
    async def scenario(engine):
        slow = [asyncio.create_task(ask(engine, BOMBS["count of a product"])) for _ in range(4)]
        await asyncio.sleep(0.3)
        for number in range(10):
            assert await ask(engine, small(number)) == answer(number)
        assert not any(task.done() for task in slow)
        ended = await asyncio.gather(*slow, return_exceptions=True)
        assert all(isinstance(error, QueryTimeoutError) for error in ended)

    run(scenario)


@pytest.mark.parametrize(
    ("text", "format_", "error"),
    [
        ("SELECT * {", CSV, QuerySyntaxError),
        ("SELECT * { SERVICE <http://127.0.0.1/> {} }", CSV, QueryRefusedError),
        ('SELECT ("\\u0001" AS ?x) {}', None, NotRepresentableError),
        (f"SELECT * {{ {PAIRS} }} LIMIT 100000", RESULTS_JSON, ResultTooLargeError),
        (BOMBS["doubled string"], CSV, QueryMemoryError),
    ],
)
def test_what_is_wrong_is_told(run, text, format_, error):
    async def scenario(engine):
        if format_ is None:
            with pytest.raises(error):
                await ask(engine, "CONSTRUCT { <a:b> <http://example.org/1> 1 } {}", RDF_XML)
        else:
            with pytest.raises(error):
                await ask(engine, text, format_)
        assert await ask(engine, small(1)) == answer(1)

    run(scenario, query_timeout=20)


def test_a_query_longer_than_what_a_socket_holds_is_sent_whole(run):
    async def scenario(engine):
        values = " ".join(f'"{"x" * 990}{number:03}"' for number in range(900))
        body = await ask(engine, f"SELECT (COUNT(*) AS ?n) {{ VALUES ?x {{ {values} }} }}")
        assert body == b"n\r\n900\r\n"

    run(scenario, query_length=10_000_000, query_timeout=20)


def test_an_answer_of_some_megabytes_arrives_whole(run):
    async def scenario(engine):
        body = await ask(engine, "SELECT * { ?a ?b ?c . ?d a ?f } LIMIT 40000", RESULTS_JSON)
        assert len(json.loads(body)["results"]["bindings"]) == 40_000

    run(scenario, query_timeout=20, query_result_size=50_000_000)


def test_a_child_that_is_killed_while_idle_is_not_noticed(run):
    async def scenario(engine):
        await ask(engine, small(1))
        for channel in engine._idle:
            os.kill(channel.connection.pid, signal.SIGKILL)
        assert await ask(engine, small(2)) == answer(2), "whether its end has been heard of or not"
        for channel in engine._idle:
            os.kill(channel.connection.pid, signal.SIGKILL)
        await asyncio.sleep(0.2)
        assert engine._idle == []
        assert await ask(engine, small(3)) == answer(3)

    run(scenario)


def test_a_child_that_is_killed_at_work_fails_only_its_query(run):
    async def scenario(engine):
        await ask(engine, small(1))
        (channel,) = engine._idle
        victim = asyncio.create_task(ask(engine, BOMBS["count of a product"]))
        await asyncio.sleep(0.3)
        os.kill(channel.connection.pid, signal.SIGKILL)
        with pytest.raises(EngineUnavailableError):
            await victim
        assert await ask(engine, small(2)) == answer(2)

    run(scenario, query_timeout=10)


@pytest.mark.parametrize("after", [0, 0.05, 0.4])
def test_a_query_that_is_cancelled_ends_at_once_and_frees_its_place(run, after):
    async def scenario(engine):
        await ask(engine, small(1))
        (channel,) = engine._idle
        cancellation = Cancellation()
        asyncio.get_running_loop().call_later(after, cancellation.cancel)
        begin = time.monotonic()
        with pytest.raises(QueryCancelledError):
            await ask(engine, BOMBS["count of a product"], cancellation=cancellation)
        assert time.monotonic() - begin < after + 0.5
        wait_until(lambda: not alive(channel.connection.pid), 0.5)
        assert await ask(engine, small(2)) == answer(2)

    run(scenario, query_timeout=20, query_workers=1, query_queue=1)


def test_children_with_nothing_to_do_are_let_go_but_for_one(run):
    async def scenario(engine):
        await asyncio.gather(*(ask(engine, small(number)) for number in range(8)))
        children = [channel.connection.pid for channel in engine._idle]
        assert len(children) > 1
        engine._thin_out()
        engine._thin_out()
        assert len(engine._idle) == 1
        wait_until(lambda: sum(map(alive, children)) == 1, 2)
        assert await ask(engine, small(2)) == answer(2)

    run(scenario)


def test_an_engine_that_was_closed_says_so(run):
    async def scenario(engine):
        await ask(engine, small(1))
        engine.close()
        await asyncio.sleep(0.05)
        assert engine._idle == []
        with pytest.raises(EngineUnavailableError):
            await ask(engine, small(1))

    run(scenario)
