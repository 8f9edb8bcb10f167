"""Measure the server under hostile load: bombs, runaways beside honest clients, clients that do not read."""

from __future__ import annotations

import argparse
import contextlib
import http.client
import itertools
import json
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks import generator, processes, queries
from benchmarks.bombs import BOMBS
from benchmarks.load import Figures, Request, fetch, load
from benchmarks.measure import prepare
from benchmarks.peers import AbsentError, Material, Peer, disk_store, ours, program, running
from benchmarks.report import Goal, goal_table
from benchmarks.run import machine, tell
from pressure import is_query_server, opened, target

DEADLINE = 2.0
"""Seconds that a query may take in this measurement."""

PATIENCE = 10.0
"""Seconds beyond the deadline after which a peer that still works on a bomb is ended."""

MEMORY_PATIENCE = 3000
"""Megabytes that a peer may take for a bomb before it is ended."""

RUNAWAYS = 4
STALLED = 40
FOLLOWING = 20
"""Small queries that are sent right after each bomb."""


@dataclass
class Blast:
    """What one bomb did.

    Attributes:
        status: Status of the answer; 0 if there was none.
        said: What the answer says the matter was.
        late: Seconds from the deadline to the end of the answer.
        peak: Megabytes of the process that held most, beyond what it held before.
        cut: Whether the content is no whole document of its format.
        following: Seconds of each of the small queries right after it; infinite for one that was not answered.
    """

    status: int
    said: str
    late: float
    peak: float
    cut: bool
    following: list[float] = field(default_factory=list)


class Peaks(threading.Thread):
    """Watches how much memory the processes below ``root`` hold at most, each for itself.

    Args:
        root: The first process of the server.
        limit: Megabytes at which ``root`` is ended.
    """

    def __init__(self, root: int, limit: float = float("inf")) -> None:
        super().__init__(daemon=True)
        self.root, self.limit = root, limit
        self.peak = 0.0
        self._stop_watching = threading.Event()

    def run(self) -> None:
        while not self._stop_watching.wait(0.005):
            self.peak = max(self.peak, self.largest())

    def largest(self) -> float:
        """Return the megabytes of the largest process."""
        return max((processes.figure(one, "VmHWM:") for one in evaluating(self.root)), default=0.0)

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop_watching.set()
        self.join()


def evaluating(root: int) -> list[int]:
    """Return the processes below ``root`` that evaluate queries: of ours the query server and its children."""
    all_ = processes.tree(root)
    servers = [one for one in all_ if is_query_server(one)]
    return [child for server in servers for child in processes.tree(server)] if servers else all_


def is_whole(body: bytes) -> bool:
    """Return whether an answer is a whole document of JSON."""
    try:
        json.loads(body)
    except ValueError:
        return False
    return True


def blast(peer: Peer, text: str, small: Iterator[Request]) -> Blast:
    """Send a bomb, then small queries, and return what became of them."""
    query = f"{text}\n# {time.time_ns()}"
    root = peer.process.pid
    base = processes.figure(evaluating(root)[0], "VmRSS:")
    status, said, body = 0, "no answer", b""
    with Peaks(root) as peaks:
        begin = time.monotonic()
        connection = http.client.HTTPConnection("127.0.0.1", peer.port, timeout=DEADLINE + PATIENCE)
        try:
            connection.request("GET", target(query).replace("/sparql", peer.sparql or "/"), headers=ACCEPT)
            answer = connection.getresponse()
            status = answer.status
            while time.monotonic() - begin < DEADLINE + PATIENCE and (piece := answer.read1(2**20)):
                body = (body + piece)[-(2**16) :] if len(body) > 2**26 else body + piece
            said = "" if status == 200 else kind_of(body)
        except http.client.IncompleteRead:
            said = "breaks off"
        except (OSError, http.client.HTTPException) as error:
            said = type(error).__name__
        finally:
            connection.close()
        taken = time.monotonic() - begin
    following = []
    for request in itertools.islice(small, FOLLOWING):
        sent = time.monotonic()
        try:
            right = fetch(peer.port, request, time.time_ns(), timeout=5)[0] == 200
        except (OSError, http.client.HTTPException):
            right = False
        following.append(time.monotonic() - sent if right else float("inf"))
        if not right:
            break
    return Blast(status, said, taken - DEADLINE, max(0.0, peaks.peak - base), not is_whole(body), following)


ACCEPT = {"Accept": queries.RESULTS}


def kind_of(body: bytes) -> str:
    """Return the kind of a problem document, or the beginning of another text."""
    try:
        return str(json.loads(body)["type"]).rpartition("/")[2]
    except (ValueError, KeyError, TypeError):
        return body[:40].decode(errors="replace")


def small_requests(peer: Peer, size: int) -> Iterator[Request]:
    """Yield requests of small queries without an end."""
    for question in itertools.cycle(queries.small(size, 450)):
        request = peer.query(question.text, question.accept, unique=True)
        assert request is not None
        yield request


def bombs_on(peer: Peer, size: int, rounds: int) -> dict[str, list[Blast]]:
    """Send each bomb ``rounds`` times."""
    small = small_requests(peer, size)
    for request in itertools.islice(small, 20):
        fetch(peer.port, request, time.time_ns())
    found: dict[str, list[Blast]] = {}
    for _ in range(rounds):
        for name, text in BOMBS.items():
            found.setdefault(name, []).append(blast(peer, text, small))
            tell(f"  {name}: {found[name][-1].status} {found[name][-1].late * 1000:+.0f} ms")
    return found


def bombs_on_oxigraph(material: Material) -> dict[str, list[Blast]]:
    """Send each bomb once to oxigraph, each to a server of its own that is ended with it."""
    with disk_store(material):
        pass  # makes the store
    found = {}
    for name, text in BOMBS.items():
        port = processes.free_port()
        command = [
            program("oxigraph"), "serve-read-only", "--location", str(material.folder / "oxigraph"),
            "--bind", f"127.0.0.1:{port}", "--timeout-s", str(round(DEADLINE)),
        ]  # fmt: skip
        with running("oxigraph with a timeout", command, port, material.folder, sparql="/query") as peer:
            with guarded(peer.process):
                found[name] = [blast(peer, text, small_requests(peer, material.size))]
            tell(f"  {name}: {found[name][0].status} {found[name][0].late * 1000:+.0f} ms")
            peer.process.kill()
    return found


@contextlib.contextmanager
def guarded(process: subprocess.Popen[bytes]) -> Iterator[None]:
    """End ``process`` when it takes too much memory."""
    ended = threading.Event()

    def watch() -> None:
        while not ended.wait(0.05):
            if processes.figure(process.pid, "VmHWM:") > MEMORY_PATIENCE:
                process.kill()
                return

    thread = threading.Thread(target=watch)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()


@contextlib.contextmanager
def runaways(peer: Peer, count: int) -> Iterator[list[int]]:
    """Have ``count`` clients send one bomb after the other; yields the statuses that they get."""
    statuses: list[int] = []
    stop = threading.Event()

    def run(start: int) -> None:
        for text in itertools.islice(itertools.cycle(BOMBS.values()), start, None):
            if stop.is_set():
                return
            with contextlib.suppress(OSError, http.client.HTTPException):
                request = Request(target(f"{text}\n# {time.time_ns()}"), ACCEPT)
                statuses.append(fetch(peer.port, request, timeout=DEADLINE + PATIENCE)[0])

    threads = [threading.Thread(target=run, args=(2 * number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    try:
        yield statuses
    finally:
        stop.set()
        for thread in threads:
            thread.join()


@dataclass
class Honest:
    """What honest clients met with, calm and under pressure, a round after the other.

    Attributes:
        calm: Rounds without pressure.
        pressed: Rounds under it.
    """

    calm: list[Figures] = field(default_factory=list)
    pressed: list[Figures] = field(default_factory=list)

    def ratio(self, name: str) -> float:
        """Return the median of a time under pressure as a multiple of the calm one."""
        return self.median(self.pressed, name) / self.median(self.calm, name)

    @staticmethod
    def median(rounds: Sequence[Figures], name: str) -> float:
        return statistics.median(getattr(one, name) for one in rounds)

    @property
    def failed(self) -> int:
        """Requests that were refused or broke off under pressure."""
        return sum(one.refused + one.broken for one in self.pressed)


def honest_requests(peer: Peer, size: int) -> dict[str, list[Request]]:
    """Return what honest clients ask."""
    documents = [Request(f"/concept/c{concept}.ttl") for concept in generator.sample(size, min(size, 500))]
    return {"small queries": list(itertools.islice(small_requests(peer, size), 450)), "documents": documents}


def beside_runaways(peer: Peer, size: int, rounds: int, seconds: float) -> dict[str, Honest]:
    """Measure honest clients, calm and beside runaways, in turn."""
    asked = honest_requests(peer, size)
    found = {name: Honest() for name in asked}
    for name, requests in asked.items():
        load(peer.port, requests, connections=4, seconds=2, mark=f"warm-{time.time_ns()}")
        for number in range(rounds):
            processes.wait_till_idle(peer.process.pid)
            mark = f"{time.time_ns()}-{number}"
            found[name].calm.append(load(peer.port, requests, connections=4, seconds=seconds, mark=mark))
            with runaways(peer, RUNAWAYS):
                time.sleep(0.5)
                mark = f"{time.time_ns()}-{number}"
                found[name].pressed.append(load(peer.port, requests, connections=4, seconds=seconds, mark=mark))
    return found


def beside_stalled_readers(peer: Peer, material: Material, rounds: int, seconds: float) -> Honest:
    """Measure documents, calm and beside readers of a dump that do not read, in turn."""
    found = Honest()
    documents = honest_requests(peer, material.size)["documents"]
    request = f"GET /dumps/{material.dump.name} HTTP/1.1\r\nHost: x\r\n\r\n".encode()
    load(peer.port, documents, connections=4, seconds=2, mark="warm")
    for _ in range(rounds):
        processes.wait_till_idle(peer.process.pid)
        found.calm.append(load(peer.port, documents, connections=4, seconds=seconds, mark=""))
        with opened(peer.port, STALLED, request):
            time.sleep(0.5)
            found.pressed.append(load(peer.port, documents, connections=4, seconds=seconds, mark=""))
    return found


def bomb_table(found: dict[str, list[Blast]], budget: float | None) -> Iterator[str]:
    """Yield the lines of the table of bombs."""
    yield "| bomb | answer | ms after the deadline | peak MB above before | next 20 small queries, ms in all |"
    yield "|---|---|---:|---:|---:|"
    for name, blasts in found.items():
        answers = ", ".join(sorted({worded(one) for one in blasts}))
        late = ", ".join(f"{one.late * 1000:,.0f}" for one in blasts)
        peak = max(one.peak for one in blasts)
        share = f" ({peak / budget:.2f} of the budget)" if budget else ""
        following = ", ".join(f"{sum(one.following) * 1000:,.0f}" for one in blasts)
        yield f"| {name} | {answers} | {late} | {peak:,.0f}{share} | {following} |"


def worded(one: Blast) -> str:
    """Return what the answer to a bomb was, in words."""
    if one.late >= PATIENCE - 0.5 or one.status == 0:
        return f"none within {DEADLINE + one.late:.0f} s ({one.said or 'runs on'})"
    return f"{one.status} {one.said}{', cut' if one.status == 200 and one.cut else ''}"


def honest_table(found: dict[str, Honest], pressure: str) -> Iterator[str]:
    """Yield the lines of the table of honest clients."""
    yield f"| honest clients (c=4) | p50 ms, calm and with {pressure} | | p99 ms | | failed |"
    yield "|---|---:|---:|---:|---:|---:|"
    for name, one in found.items():
        cells = [
            f"{one.median(one.calm, part) * 1000:.2f} and {one.median(one.pressed, part) * 1000:.2f} "
            f"| {one.ratio(part):.2f}"
            for part in ("p50", "p99")
        ]
        answered = sum(each.answers for each in one.pressed)
        yield f"| {name} | {' | '.join(cells)} | {one.failed} of {answered + one.failed:,} |"


def goals(
    bombs: dict[str, list[Blast]], budget: float, beside: dict[str, Honest], stalled: Honest | None
) -> Iterator[Goal]:
    """Yield the goals P9 to P12."""
    blasts = [one for each in bombs.values() for one in each]
    if blasts:
        refused = sum(one.status == 503 for one in blasts)
        yield Goal("P9", f"bombs answered 503, of {len(blasts)}", refused, "all", refused == len(blasts))
        timed = [one.late * 1000 for one in blasts if one.late > 0]
        latest = max(timed, default=0.0)
        yield Goal("P9", "ms after the deadline, the latest", latest, "<= 150", latest <= 150)
        p95 = sorted(timed)[int(0.95 * len(timed))] if timed else 0.0
        yield Goal("P9", "ms after the deadline, p95", p95, "<= 60", p95 <= 60)
        peak = max(one.peak for one in blasts) / budget
        yield Goal("P10", "peak memory above before, to the budget", peak, "<= 1.05", peak <= 1.05)
        answered = sum(len(one.following) == FOLLOWING and max(one.following) < 1 for one in blasts)
        yield Goal(
            "P9", "bombs after which 20 small queries were answered at once", answered, "all", answered == len(blasts)
        )
    for name, most in (("small queries", 2.5), ("documents", 1.3)):
        if name in beside:
            value = beside[name].ratio("p99")
            yield Goal("P11", f"{name} beside runaways, p99 to calm", value, f"<= {most}", value <= most)
            failed = beside[name].failed
            yield Goal("P11", f"{name} beside runaways, failed", failed, "0", failed == 0)
    if stalled is not None:
        value = stalled.ratio("p50")
        yield Goal("P12", "documents beside stalled readers, p50 to calm", value, "<= 1.5", value <= 1.5)
        yield Goal("P12", "documents beside stalled readers, failed", stalled.failed, "0", stalled.failed == 0)


def arguments() -> argparse.Namespace:
    """Return what the command line says."""
    parser = argparse.ArgumentParser(prog="hostile.py", description=__doc__)
    parser.add_argument("--concepts", type=int, default=10_000, help="size of the vocabulary (10,000)")
    parser.add_argument("--rounds", type=int, default=3, choices=range(1, 11), metavar="N", help="1 to 10 (3)")
    parser.add_argument("--seconds", type=float, default=5, help="seconds of load in a round, 1 to 60 (5)")
    parser.add_argument("--workers", type=int, default=2, help="processes that answer HTTP (2)")
    parser.add_argument("--folder", type=Path, help="keep and reuse vocabulary, release and stores here")
    parser.add_argument("--no-peer", action="store_true", help="leave oxigraph out")
    parser.add_argument("--parts", nargs="*", choices=["bombs", "runaways", "readers"],
                        default=["bombs", "runaways", "readers"])  # fmt: skip
    chosen = parser.parse_args()
    if not 8 <= chosen.concepts <= 1_000_000 or not 1 <= chosen.seconds <= 60:
        parser.error("from 8 to 1,000,000 concepts, from 1 to 60 seconds")
    return chosen


def main() -> None:
    """Measure and print."""
    chosen = arguments()
    with contextlib.ExitStack() as stack:
        folder = chosen.folder or Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="benchmark-")))
        tell(f"preparing {chosen.concepts:,} concepts in {folder}")
        material = prepare(folder / str(chosen.concepts), chosen.concepts, chosen.workers, {})
        budget = 512.0
        bombs: dict[str, list[Blast]] = {}
        beside: dict[str, Honest] = {}
        stalled = None
        with ours(material, "--query-timeout", str(DEADLINE), "--query-memory", str(int(budget * 2**20))) as peer:
            if "bombs" in chosen.parts:
                tell("bombs")
                bombs = bombs_on(peer, material.size, chosen.rounds)
            if "runaways" in chosen.parts:
                tell("runaways")
                beside = beside_runaways(peer, material.size, chosen.rounds, chosen.seconds)
            if "readers" in chosen.parts:
                tell("readers")
                stalled = beside_stalled_readers(peer, material, chosen.rounds, chosen.seconds)
        print(f"{chosen.concepts:,} concepts, deadline {DEADLINE:.0f} s, budget {budget:.0f} MB. {machine()}\n")
        if bombs:
            print("\n".join(bomb_table(bombs, budget)), "\n")
        if bombs and not chosen.no_peer:
            tell("bombs on oxigraph")
            try:
                print("oxigraph serve-read-only --timeout-s, each bomb once:\n")
                print("\n".join(bomb_table(bombs_on_oxigraph(material), None)), "\n")
            except AbsentError as error:
                print(f"{error}\n")
        if beside:
            print("\n".join(honest_table(beside, f"{RUNAWAYS} runaways")), "\n")
        if stalled is not None:
            print("\n".join(honest_table({"documents": stalled}, f"{STALLED} stalled readers of a dump")), "\n")
        found = list(goals(bombs, budget, beside, stalled))
        print("\n".join(goal_table(found)))


if __name__ == "__main__":
    main()
