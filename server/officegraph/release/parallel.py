"""Run costly jobs of a build on all processors."""

from __future__ import annotations

import contextlib
import ctypes
import multiprocessing
import multiprocessing.connection
import os
import signal
import sys
import threading
from collections.abc import Callable, Sequence
from multiprocessing.context import ForkProcess
from typing import Final

_PR_SET_PDEATHSIG: Final = 1


def processors() -> int:
    """Return how many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def can_fork() -> bool:
    """Return whether jobs may run in forked processes, which is unsafe once there is another thread."""
    if sys.platform != "linux" or threading.active_count() > 1 or multiprocessing.current_process().daemon:
        return False
    # Threads that are not of Python count too: a fork would leave their locks held for ever.
    with contextlib.suppress(OSError):
        return len(os.listdir("/proc/self/task")) == 1  # noqa: PTH208  (a Path for each thread is not needed)
    return False


def _follow_parent(parent: int) -> None:
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(1)


def _work(job: Callable[[], None], parent: int) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _follow_parent(parent)
    try:
        job()
    except Exception:  # noqa: BLE001  (the parent runs the job again, and raises what it raises)
        raise SystemExit(1) from None


def run(jobs: Sequence[Callable[[], None]], progress: Callable[[int], None] | None = None) -> None:
    """Run ``jobs``, several at once where that is safe. Their results are the files they write.

    A job that fails in another process is run again in this one, so that its exception is raised here
    with its traceback; what is left of the first attempt must not hinder the second.

    Args:
        jobs: What to run. A job must not depend on another.
        progress: Called with the number of finished jobs after each.
    """
    done = 0

    def finished() -> None:
        nonlocal done
        done += 1
        if progress is not None:
            progress(done)

    width = min(processors(), len(jobs))
    if width < 2 or not can_fork():
        for job in jobs:
            job()
            finished()
        return
    context = multiprocessing.get_context("fork")
    waiting = list(reversed(list(enumerate(jobs))))
    running: list[tuple[int, ForkProcess]] = []
    failed: list[int] = []
    try:
        while waiting or running:
            while waiting and len(running) < width:
                number, job = waiting.pop()
                process = context.Process(target=_work, args=(job, os.getpid()), daemon=True)
                process.start()
                running.append((number, process))
            multiprocessing.connection.wait([process.sentinel for _, process in running])
            ended = [entry for entry in running if not entry[1].is_alive()]
            running = [entry for entry in running if entry not in ended]
            for number, process in ended:
                process.join()
                if process.exitcode == 0:
                    finished()
                else:
                    failed.append(number)
    finally:
        for _, process in running:
            process.kill()
            process.join()
    for number in failed:
        jobs[number]()
        finished()
