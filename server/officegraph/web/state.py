"""How the processes of one server find each other: by files in a folder that the supervisor makes."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Final

STATE: Final = "current.json"
"""Name of the file that says which generation is current."""

WORKERS: Final = "workers"
"""Name of the folder in which each worker process has a file named by its number, touched as long as it works."""


@dataclass(frozen=True, slots=True)
class State:
    """Which generation is current.

    Attributes:
        number: Its number.
        release: Its release.
        engine_socket: Where its query server listens, if it has one.
    """

    number: int
    release: Path
    engine_socket: Path | None

    @classmethod
    def read(cls, folder: Path) -> State:
        """Read the state of the server whose folder is ``folder``."""
        said = json.loads((folder / STATE).read_text("utf-8"))
        socket = said["engine_socket"]
        return cls(said["number"], Path(said["release"]), None if socket is None else Path(socket))

    def write(self, folder: Path) -> None:
        """Make this the state, in one step."""
        new = folder / f"{STATE}.next"
        said = {
            "number": self.number,
            "release": str(self.release),
            "engine_socket": None if self.engine_socket is None else str(self.engine_socket),
        }
        new.write_text(json.dumps(said), "utf-8")
        new.replace(folder / STATE)


def use_file(folder: Path, number: int) -> Path:
    """Return the file that is locked by all who use the generation ``number``."""
    return folder / f"in-use-{number}"
