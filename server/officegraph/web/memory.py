"""Memory of the processes of a server, by what they do; of Linux, and nothing elsewhere."""

from __future__ import annotations

import contextlib
import resource
from pathlib import Path
from typing import Final

_PROCESSES: Final = Path("/proc")
_QUERY_SERVER: Final = b"officegraph.engine.fork_server"


def memory_by_role(supervisor: int) -> dict[str, int]:
    """Return the bytes of memory that processes share with no other, by role.

    Args:
        supervisor: Number of the process that the others come from.

    Returns:
        The sums of ``supervisor``, ``http`` and ``query``; nothing where the system does not tell.
    """
    if not (_PROCESSES / "self" / "statm").exists():
        return {}
    found = {"supervisor": private(supervisor), "http": 0, "query": 0}
    for child in children(supervisor):
        is_query_server = False
        with contextlib.suppress(OSError):
            is_query_server = _QUERY_SERVER in (_PROCESSES / str(child) / "cmdline").read_bytes()
        if is_query_server:
            found["query"] += private(child) + sum(map(private, children(child)))
        else:
            found["http"] += private(child)
    return found


def children(pid: int) -> list[int]:
    """Return the children of a process."""
    found: list[int] = []
    with contextlib.suppress(OSError):
        for task in (_PROCESSES / str(pid) / "task").iterdir():
            found += map(int, (task / "children").read_text("ascii").split())
    return found


def private(pid: int) -> int:
    """Return the bytes of memory of a process that no file backs: those that it does not share, about."""
    with contextlib.suppress(OSError, ValueError, IndexError):
        _, resident, shared, *_ = map(int, (_PROCESSES / str(pid) / "statm").read_text("ascii").split())
        return max(0, resident - shared) * resource.getpagesize()
    return 0
