"""What is wrong with a source, and where: ``path:line:column: message``."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path


class SourceError(Exception):
    """One fault of one source.

    Attributes:
        path: The source, as it was named.
        line: Line of the fault, counted from 1; ``None`` if the fault is in the file as a whole.
        column: Column of the fault in characters, counted from 1; ``None`` likewise.
        message: What is wrong, in plain words.
    """

    def __init__(self, path: Path, line: int | None, column: int | None, message: str) -> None:
        """Describe a fault at ``line`` and ``column`` of ``path``."""
        super().__init__(path, line, column, message)
        self.path = path
        self.line = line
        self.column = column
        self.message = message

    def __str__(self) -> str:
        place = [str(self.path)]
        if self.line is not None:
            place.append(str(self.line))
            if self.column is not None:
                place.append(str(self.column))
        return f"{':'.join(place)}: {self.message}"


class SourceErrors(Exception):  # noqa: N818 - the plural says that it is several
    """All faults of all sources of one reading, one a line when printed.

    Attributes:
        errors: The faults, in order of path and position.
    """

    def __init__(self, errors: Iterable[SourceError]) -> None:
        """Gather ``errors``."""
        self.errors = tuple(errors)
        super().__init__(self.errors)

    def __str__(self) -> str:
        return "\n".join(map(str, self.errors))


def position(text: str, offset: int) -> tuple[int, int]:
    r"""Return line and column, both counted from 1, of the character at ``offset`` of ``text``.

    >>> position("ab\ncd", 4)
    (2, 2)
    """
    return text.count("\n", 0, offset) + 1, offset - text.rfind("\n", 0, offset)
