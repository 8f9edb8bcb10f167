"""What is done again and again, and sometimes fails."""

import logging

import pytest

from officegraph.web.steady import Steady


def test_a_failure_is_told_once_until_it_has_passed(caplog: pytest.LogCaptureFixture) -> None:
    steady = Steady("Work")

    def fail(error: Exception) -> None:
        raise error

    with caplog.at_level(logging.ERROR, "officegraph"):
        for error in (OSError("a"), OSError("a"), ValueError("b"), ValueError("b")):
            steady.run(lambda error=error: fail(error))
        steady.run(lambda: None)
        steady.run(lambda: fail(OSError("a")))
    assert [record.getMessage() for record in caplog.records] == [
        "Work failed, and goes on: a", "Work failed, and goes on: b", "Work failed, and goes on: a",
    ]  # fmt: skip
    assert [bool(record.exc_info) for record in caplog.records] == [False, True, False]
