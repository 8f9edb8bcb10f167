"""What is done again and again goes on, whatever becomes of it once."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable

_log: Final = logging.getLogger("officegraph")


class Steady:
    """Does the same work again and again, and tells of a failure once, until it is another one or has passed.

    Args:
        what: What is done, for the log.
    """

    def __init__(self, what: str) -> None:
        self._what = what
        self._told = ""

    def run(self, work: Callable[[], object]) -> None:
        """Do ``work``, which may fail."""
        try:
            work()
        except Exception as error:  # noqa: BLE001 - the next time is to come, whatever happened this time
            if repr(error) != self._told:
                self._told = repr(error)
                expected = isinstance(error, OSError)
                _log.error("%s failed, and goes on: %s", self._what, error, exc_info=None if expected else error)
        else:
            self._told = ""
