"""How long a server takes to start, and what memory its processes take, by what they do; see README.md."""

from __future__ import annotations

import argparse
import contextlib
import http.client
import os
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from pathlib import Path
from urllib.parse import quote

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks import processes
from benchmarks.load import UNIQUE, Request, fetch, load
from officegraph.release.open import open_release

ANSWERS = ("document", "query", "ready")
"""What is waited for: a document, the answer to a query, and the word of the server that it is ready."""

RESOURCES = 2_000
"""Resources that the queries of the load are about."""

PATIENCE = 120.0
"""Seconds that a server may take to start."""


def arguments() -> argparse.Namespace:
    """Return what the command line says."""
    parser = argparse.ArgumentParser(prog="start.py", description=__doc__)
    parser.add_argument("release", type=Path, help="a release, or a folder of releases")
    parser.add_argument("--workers", type=int, default=2, help="processes that answer HTTP (2)")
    parser.add_argument("--starts", type=int, default=5, choices=range(1, 21), metavar="N", help="starts, 1 to 20 (5)")
    parser.add_argument("--seconds", type=int, default=10, choices=range(61), metavar="N", help="of load, 0 to 60 (10)")
    return parser.parse_args()


@contextlib.contextmanager
def server(release: Path, workers: int) -> Iterator[tuple[subprocess.Popen[bytes], int]]:
    """Run the server, and give its process and port at once."""
    port = processes.free_port()
    command = [
        sys.executable, "-c", "from officegraph.cli import main; main()", "serve", "--release", str(release),
        "--port", str(port), "--workers", str(workers),
    ]  # fmt: skip
    with tempfile.TemporaryFile() as log:
        process = subprocess.Popen(command, stdout=log, stderr=log)
        try:
            yield process, port
        finally:
            processes.stop(process)


def first_answer(port: int, target: str, begin: float) -> float:
    """Return the seconds from ``begin`` until ``target`` is answered as it should be.

    Raises:
        TimeoutError: It never is.
    """
    while time.monotonic() - begin < PATIENCE:
        with contextlib.suppress(OSError, http.client.HTTPException):
            if fetch(port, Request(target))[0] == 200:
                return time.monotonic() - begin
        time.sleep(0.005)
    raise TimeoutError(target)


def query(text: str) -> str:
    """Return the target of a query that no cache knows."""
    return f"/sparql?query={quote(text, safe='')}%23{UNIQUE}"


def role(process: int, root: int) -> str:
    """Return what a process of the server is there for."""
    if process == root:
        return "supervisor"
    with contextlib.suppress(OSError):
        if b"fork_server" in Path(f"/proc/{process}/cmdline").read_bytes():
            parent = processes.stat(process)
            return "query server" if parent and int(parent[1]) == root else "query child"
    return "HTTP"


def memory(root: int) -> Mapping[str, list[float]]:
    """Return the megabytes of each process, its proportional set size, by role."""
    found: dict[str, list[float]] = {}
    for process in processes.tree(root):
        with contextlib.suppress(OSError):
            lines = Path(f"/proc/{process}/smaps_rollup").read_text("ascii").splitlines()
            size = sum(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1024
            found.setdefault(role(process, root), []).append(size)
    return found


def told(found: Mapping[str, list[float]]) -> str:
    """Return a line about memory."""
    parts = [f"{name} {' + '.join(f'{size:.0f}' for size in sizes)}" for name, sizes in found.items()]
    return f"{sum(map(sum, found.values())):.0f} MB: {', '.join(parts)}"


def main() -> None:
    """Start the server some times, then put load on it, and print what that took."""
    chosen = arguments()
    with open_release(chosen.release) as opened:
        local = (iri for iri in opened.documents if iri.startswith(opened.base) and "%" not in iri and "#" not in iri)
        iris = list(islice(local, RESOURCES))
        targets = [f"/{iris[0][len(opened.base) :]}.ttl", query(f"ASK {{ <{iris[0]}> ?p ?o }}"), "/health/ready"]
    queries = [Request(query(f"SELECT ?p ?o {{ <{iri}> ?p ?o }}")) for iri in iris]
    queries += [Request(query(f"SELECT ?s ?p {{ ?s ?p <{iri}> }} LIMIT 20")) for iri in iris]
    times: dict[str, list[float]] = {name: [] for name in ANSWERS}
    for number in range(chosen.starts):
        begin = time.monotonic()
        with server(chosen.release, chosen.workers) as (process, port), ThreadPoolExecutor() as threads:
            waiting = [threads.submit(first_answer, port, target, begin) for target in targets]
            for name, answered in zip(ANSWERS, waiting, strict=True):
                times[name].append(answered.result())
            if number < chosen.starts - 1:
                continue
            for name, seconds in times.items():
                print(f"start to {name}: {statistics.median(seconds):.2f} s ({min(seconds):.2f} to {max(seconds):.2f})")
            processes.wait_till_idle(process.pid)
            print(f"after the start    {told(memory(process.pid))}")
            if chosen.seconds:
                figures = load(port, queries, connections=8, seconds=chosen.seconds, mark=f"{time.time_ns()}-")
                rate = figures.answers / figures.seconds
                print(f"{rate:.0f} queries/s, p99 {figures.p99 * 1000:.0f} ms, {figures.refused} refused")
                print(f"after the load     {told(memory(process.pid))}")
                time.sleep(20)
                print(f"20 s later         {told(memory(process.pid))}")
            print(f"query: {respawn(process.pid, port, queries)}")


def respawn(root: int, port: int, queries: list[Request]) -> str:
    """Return what a query takes whose child is there, and one whose child was killed and has to be forked."""
    found: dict[str, list[float]] = {"with a child": [], "after a kill": []}
    for number in range(40):
        name = "after a kill" if number % 2 else "with a child"
        if number % 2:
            for process in processes.tree(root):
                if role(process, root) == "query child":
                    with contextlib.suppress(ProcessLookupError):
                        os.kill(process, signal.SIGKILL)
            time.sleep(0.05)
        begin = time.monotonic()
        fetch(port, queries[number % len(queries)], time.time_ns())
        found[name].append((time.monotonic() - begin) * 1000)
    return ", ".join(f"{statistics.median(taken):.1f} ms {name}" for name, taken in found.items())


if __name__ == "__main__":
    main()
