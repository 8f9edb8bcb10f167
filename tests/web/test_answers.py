"""The store of answers: found by what chose them, bounded in bytes."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from officegraph.web.answers import VARIANTS, Answers, Kept


def environ(path: str = "/a", **fields: str) -> dict[str, Any]:
    return {"PATH_INFO": path, "HTTP_HOST": "localhost", **{f"HTTP_{name}": text for name, text in fields.items()}}


def answer(body: bytes = b"", vary: tuple[str, ...] = (), cost: int = 100) -> Kept:
    return Kept(200, [], body, None, None, [], tuple(f"HTTP_{name}" for name in vary), cost)


def body_of(found: Kept | None) -> bytes | None:
    return None if found is None else bytes(found.body)


def test_an_answer_is_found_by_its_target() -> None:
    answers = Answers(10_000)
    answers.keep(answer(b"a"), environ())
    assert body_of(answers.find(environ())) == b"a"
    assert answers.find(environ("/b")) is None
    assert answers.find({**environ(), "HTTP_HOST": "other"}) is None
    assert answers.find({**environ(), "wsgi.url_scheme": "https"}) is None
    assert answers.find({**environ(), "QUERY_STRING": "x"}) is None
    assert answers.find({**environ(), "REQUEST_URI": "/%61"}) is None
    assert answers.find({**environ(), "SCRIPT_NAME": "/mount"}) is None


def test_variants_are_told_apart_by_the_fields_they_vary_with() -> None:
    answers = Answers(10_000)
    for language in ("de", "en"):
        answers.keep(answer(language.encode(), ("ACCEPT_LANGUAGE",)), environ(ACCEPT_LANGUAGE=language))
    assert body_of(answers.find(environ(ACCEPT_LANGUAGE="de"))) == b"de"
    assert body_of(answers.find(environ(ACCEPT_LANGUAGE="en", ACCEPT="text/html"))) == b"en"
    assert answers.find(environ()) is None


def test_a_further_field_to_vary_with_lets_go_of_what_was_kept_without_it() -> None:
    answers = Answers(10_000)
    answers.keep(answer(b"any", ("ACCEPT",)), environ(ACCEPT="text/html"))
    answers.keep(answer(b"de", ("ACCEPT_LANGUAGE",)), environ(ACCEPT="text/html", ACCEPT_LANGUAGE="de"))
    assert answers.find(environ(ACCEPT="text/html", ACCEPT_LANGUAGE="en")) is None
    assert body_of(answers.find(environ(ACCEPT="text/html", ACCEPT_LANGUAGE="de"))) == b"de"
    assert len(answers) == 1


def test_the_variants_of_one_target_are_bounded() -> None:
    answers = Answers(10**9)
    for number in range(5 * VARIANTS):
        answers.keep(answer(vary=("ACCEPT",)), environ(ACCEPT=str(number)))
        assert len(answers) <= VARIANTS


def test_the_answer_asked_for_longest_ago_goes_first() -> None:
    answers = Answers(350)
    for path in ("/a", "/b", "/c"):
        answers.keep(answer(), environ(path))
    answers.find(environ("/a"))
    answers.keep(answer(), environ("/d"))
    assert [path for path in ("/a", "/b", "/c", "/d") if answers.find(environ(path))] == ["/a", "/c", "/d"]


def test_an_answer_that_is_too_large_leaves_nothing_behind() -> None:
    answers = Answers(500)
    answers.keep(answer(cost=1000), environ())
    assert len(answers) == 0
    assert answers.size == 0


@given(
    st.lists(
        st.tuples(
            st.sampled_from("abcd"), st.sampled_from(["x", "y", "z"]), st.sampled_from(["", "ACCEPT", "HOST"]),
            st.integers(1, 400),
        ),
        max_size=60,
    )
)  # fmt: skip
def test_the_size_is_that_of_what_is_kept_and_within_the_capacity(steps: list[tuple[str, str, str, int]]) -> None:
    answers = Answers(1000)
    for path, accept, vary, cost in steps:
        answers.keep(answer(vary=(vary,) if vary else (), cost=cost), environ(f"/{path}", ACCEPT=accept))
        assert answers.size <= 1000
        expected = 0
        for target in answers._targets.values():
            expected += target.cost
            assert target.cost >= sum(one.cost for one in target.answers.values())
        assert answers.size == expected


def test_threads_may_share_it() -> None:
    answers = Answers(5_000)

    def work(seed: int) -> bool:
        for number in range(500):
            path = f"/{(seed + number) % 97}"
            answers.keep(answer(path.encode()), environ(path))
            found = answers.find(environ(path))
            if found is not None and bytes(found.body) != path.encode():
                return False
        return True

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(work, range(8)))
    assert 0 < answers.size <= 5_000
