"""Keep the server under mixed traffic for minutes: is an answer wrong, does memory grow, does anything get lost?"""

from __future__ import annotations

import argparse
import contextlib
import http.client
import os
import random
import signal
import statistics
import sys
import tempfile
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks import generator, processes
from benchmarks.report import Goal, goal_table
from benchmarks.run import machine, tell
from benchmarks.traffic import (
    INTERRUPTED,
    World,
    WrongAnswerError,
    choose,
    hang_up,
    judge,
    read_slowly,
    send,
)
from live_server import LiveServer, live_server
from officegraph.release.build import build_release
from officegraph.release.folders import activate
from officegraph.release.open import open_release
from officegraph.settings import Settings
from pressure import children, is_query_server

CHEAP = ("document", "303", "304", "page", "small query")
"""Kinds of requests that are to be answered quickly whatever else goes on."""

RESET = 3.0
"""Seconds around the death of a worker process in which its connections may break."""


@dataclass
class Sample:
    """The memory of the server at one time.

    Attributes:
        at: Seconds since the beginning.
        pss: Megabytes of all processes, shared pages divided among them.
        rss: Megabytes of the processes that live as long as the server does, by role.
        own: Megabytes of these that no file backs. The rest are pages of the mapped documents, which the system takes
            back when it needs them.
    """

    at: float
    pss: float
    rss: dict[str, float]
    own: dict[str, float]


@dataclass
class Tally:
    """What became of the traffic; added to by many threads, one at a time.

    Attributes:
        outcomes: How often, by kind of request and outcome.
        seconds: What the answers took that are right, by kind, and when they came.
        wrong: Answers that are wrong.
        failures: Requests without an answer: when, and why.
        samples: The memory, over time.
        seen: Processes that there have been, by role.
        swaps: How often another release became current.
        kills: When a process was ended from outside, and of which role.
    """

    outcomes: Counter[tuple[str, str]] = field(default_factory=Counter)
    seconds: dict[str, list[tuple[float, float]]] = field(default_factory=lambda: defaultdict(list))
    wrong: list[str] = field(default_factory=list)
    failures: list[tuple[float, str]] = field(default_factory=list)
    samples: list[Sample] = field(default_factory=list)
    seen: dict[str, set[int]] = field(default_factory=lambda: defaultdict(set))
    swaps: int = 0
    kills: list[tuple[float, str]] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def unexpected(self, clients: int) -> list[str]:
        """Return failures that no death of a worker explains: each explains one for a client, when it happens."""
        deaths = [at for at, role in self.kills if role == "http"]
        left = dict.fromkeys(deaths, clients)
        found = []
        for at, why in self.failures:
            cause = next((death for death in deaths if abs(at - death) < RESET and left[death]), None)
            if cause is None:
                found.append(why)
            else:
                left[cause] -= 1
        return found

    def interrupted(self) -> int:
        """Return how many queries were told that their process had ended."""
        return sum(number for (_, outcome), number in self.outcomes.items() if outcome in INTERRUPTED)

    def quantile(self, part: float, kinds: tuple[str, ...] = CHEAP) -> float:
        """Return the seconds within which a part of the answers of some kinds came."""
        ordered = sorted(taken for kind in kinds for _, taken in self.seconds[kind])
        return ordered[min(len(ordered) - 1, int(part * len(ordered)))] if ordered else 0.0

    def answers(self) -> int:
        """Return how many requests have been answered."""
        return sum(self.outcomes.values())


@dataclass(frozen=True)
class Trend:
    """A line through the memory over the second half of the time.

    Attributes:
        start: Megabytes at its beginning.
        growth: Megabytes that it rises by to the end.
        noise: The deviation of the samples from it.
    """

    start: float
    growth: float
    noise: float

    @property
    def flat(self) -> bool:
        """Whether it rises no more than the samples scatter, or than a thirtieth."""
        return self.growth <= max(2 * self.noise, self.start / 30)


def trend(samples: list[Sample], value: Callable[[Sample], float]) -> Trend:
    """Return the line through the second half of the samples."""
    later = samples[len(samples) // 2 :]
    times, values = [one.at for one in later], [value(one) for one in later]
    if len(later) < 3:
        return Trend(values[0] if values else 0.0, 0.0, 0.0)
    line = statistics.linear_regression(times, values)
    noise = statistics.pstdev(v - line.intercept - line.slope * t for t, v in zip(times, values, strict=True))
    return Trend(line.intercept + line.slope * times[0], line.slope * (times[-1] - times[0]), noise)


class Traffic:
    """Clients that keep a server busy for some time.

    Args:
        world: What the server publishes.
        root: The first process of the server.
        clients: Clients that wait for their answers.
        seed: Makes what is asked the same again.
    """

    def __init__(self, world: World, root: int, *, clients: int, seed: int = 1) -> None:
        self.world, self.root, self.clients = world, root, clients
        self.tally = Tally()
        self._stop = threading.Event()
        self._begin = time.monotonic()
        works = [*[self._ask] * clients, self._leave, self._leave, *[self._read_slowly] * 2]
        self._threads = [
            threading.Thread(target=work, args=(random.Random(f"{seed} {number}"),), daemon=True)
            for number, work in enumerate(works)
        ]

    def run(
        self,
        seconds: float,
        every: float,
        meanwhile: Callable[[float, Tally], None] | None = None,
        enough: Callable[[Tally], bool] = lambda _: True,
    ) -> Tally:
        """Keep the traffic up, look at the memory now and then, and call ``meanwhile`` each time.

        Goes on up to five times as long till there has been ``enough``, on machines that are busy.
        """
        for thread in self._threads:
            thread.start()
        try:
            while (now := time.monotonic() - self._begin) < seconds or (now < 5 * seconds and not enough(self.tally)):
                self.tally.samples.append(self._sample(now))
                if meanwhile is not None:
                    meanwhile(now, self.tally)
                time.sleep(every)
        finally:
            self._stop.set()
            for thread in self._threads:
                thread.join(90)
        return self.tally

    def _sample(self, now: float) -> Sample:
        sample = Sample(now, processes.memory(self.root), defaultdict(float), defaultdict(float))

        def add(role: str, process: int) -> None:
            sample.rss[role] += processes.figure(process, "VmRSS:")
            sample.own[role] += processes.figure(process, "RssAnon:")
            self.tally.seen[role].add(process)

        add("supervisor", self.root)
        for process in children(self.root):
            add("query server" if is_query_server(process) else "http", process)
            if is_query_server(process):
                self.tally.seen["query child"].update(children(process))
        return sample

    def _ask(self, chance: random.Random) -> None:
        """Send one request after the other over connections that last a while."""
        connection = http.client.HTTPConnection("127.0.0.1", self.world.port, timeout=60)
        while not self._stop.is_set():
            if chance.random() < 0.02:
                connection.close()
            question = choose(self.world, chance)
            begin = time.monotonic()
            try:
                answer = send(connection, question)
            except (OSError, http.client.HTTPException) as error:
                connection.close()
                self._note_failure(f"{question.kind} {question.target[:200]}: {error!r}")
                continue
            taken = time.monotonic() - begin
            try:
                outcome = judge(question, answer)
            except WrongAnswerError as error:
                self._note_wrong(str(error))
                continue
            with self.tally.lock:
                self.tally.outcomes[question.kind, outcome] += 1
                if outcome == "right":
                    self.tally.seconds[question.kind].append((begin - self._begin, taken))
        connection.close()

    def _leave(self, chance: random.Random) -> None:
        """Ask and go away, again and again."""
        while not self._stop.wait(chance.random()):
            with contextlib.suppress(OSError):
                hang_up(self.world, chance)
            with self.tally.lock:
                self.tally.outcomes["client that hangs up", "gone"] += 1

    def _read_slowly(self, chance: random.Random) -> None:
        """Read dumps slowly."""
        while not self._stop.wait(0.1):
            try:
                read_slowly(self.world, chance, 5)
            except OSError as error:
                self._note_failure(f"slow reader: {error!r}")
            except WrongAnswerError as error:
                self._note_wrong(str(error))
            else:
                with self.tally.lock:
                    self.tally.outcomes["slow reader", "right"] += 1

    def _note_failure(self, why: str) -> None:
        with self.tally.lock:
            self.tally.failures.append((time.monotonic() - self._begin, why))

    def _note_wrong(self, what: str) -> None:
        with self.tally.lock:
            self.tally.wrong.append(what)


class Disturbance:
    """Makes another release current, and ends a worker process or a query child, now and then.

    Args:
        server: The server.
        releases: Its folder of releases.
        names: The releases that become current in turn.
        every: Seconds between two disturbances.
    """

    def __init__(self, server: LiveServer, releases: Path, names: list[str], every: float) -> None:
        self._server, self._releases, self._names, self._every = server, releases, names, every
        self._next = every
        self._number = 0
        self._chance = random.Random(7)

    def __call__(self, now: float, tally: Tally) -> None:
        """Disturb, if it is time."""
        if now < self._next:
            return
        self._next = now + self._every
        self._number += 1
        if self._number % 3 == 0:
            workers = [one for one in children(self._server.process.pid) if not is_query_server(one)]
            self._kill(workers, "http", now, tally)
        elif self._number % 3 == 1:
            activate(self._releases, self._names[tally.swaps % len(self._names)])
            tally.swaps += 1
        else:
            servers = [one for one in children(self._server.process.pid) if is_query_server(one)]
            self._kill([child for one in servers for child in children(one)], "query child", now, tally)

    def _kill(self, candidates: list[int], role: str, now: float, tally: Tally) -> None:
        if candidates:
            with tally.lock:
                tally.kills.append((now, role))
            with contextlib.suppress(ProcessLookupError):
                os.kill(self._chance.choice(candidates), signal.SIGKILL)


@contextlib.contextmanager
def published(
    folder: Path, size: int, *options: str, versions: int = 1
) -> Iterator[tuple[LiveServer, Path, list[str], World]]:
    """Serve a vocabulary from a folder of releases, of which there are ``versions`` that say the same of concepts."""
    releases, names, source = folder / "releases", [], folder / "vocabulary.nt"
    for version in range(versions):
        generator.write_vocabulary(source, size)
        with source.open("a", encoding="utf-8") as file:
            file.write(f'<{generator.scheme_iri(0)}> <{generator.DCTERMS}description> "version {version}"@en .\n')
        names.append(build_release([source], releases, Settings()).name)
    dumps: list[Path] = []
    for name in names:
        with open_release(releases / name) as release:
            dumps += [release.dumps_path / one.name for one in release.dumps if one.encoding is None]
    with live_server(folder, "--release", str(releases), "--workers", "2", *options) as server:
        yield server, releases, names, World(server.port, size, dumps)


def outcome_table(tally: Tally) -> Iterator[str]:
    """Yield the lines of the table of outcomes."""
    yield "| requests | answered right | refused or stopped, as they must be | p50 ms | p99 ms |"
    yield "|---|---:|---|---:|---:|"
    for kind in dict.fromkeys(kind for kind, _ in tally.outcomes):
        others = ", ".join(
            f"{outcome} {number:,}"
            for (one, outcome), number in sorted(tally.outcomes.items())
            if one == kind and outcome != "right"
        )
        times = [f"{tally.quantile(part, (kind,)) * 1000:.1f}" if tally.seconds[kind] else "" for part in (0.5, 0.99)]
        yield f"| {kind} | {tally.outcomes[kind, 'right']:,} | {others} | {' | '.join(times)} |"


def memory_table(tally: Tally) -> Iterator[str]:
    """Yield the lines of the table of memory over the second half."""
    yield "| memory, MB | at half time | growth to the end | scatter | |"
    yield "|---|---:|---:|---:|---|"
    values: dict[str, Callable[[Sample], float]] = {}
    for role in ("http", "query server", "supervisor"):
        values[f"{role}, RSS"] = lambda one, role=role: one.rss[role]  # type: ignore[misc]
        values[f"{role}, of it backed by no file"] = lambda one, role=role: one.own[role]  # type: ignore[misc]
    values["all processes, PSS"] = lambda one: one.pss
    for name, value in values.items():
        line = trend(tally.samples, value)
        flat = "flat" if line.flat else "**grows**"
        yield f"| {name} | {line.start:.0f} | {line.growth:+.1f} | {line.noise:.1f} | {flat} |"


def goals(tally: Tally, clients: int) -> Iterator[Goal]:
    """Yield what a long run has to show."""
    yield Goal("12", "wrong answers", len(tally.wrong), "0", not tally.wrong)
    unexpected = tally.unexpected(clients)
    yield Goal("12", "requests without an answer", len(unexpected), "0", not unexpected)
    for what, value in (
        ("RSS", lambda one: sum(one.rss.values())),
        ("memory that no file backs", lambda one: sum(one.own.values())),
    ):
        grown = trend(tally.samples, value)
        yield Goal("12", f"growth over the second half, MB: {what}", grown.growth, "flat", grown.flat)
    middle = tally.samples[-1].at / 2 if tally.samples else 0.0
    halves: tuple[list[float], list[float]] = ([], [])
    for kind in CHEAP:
        for at, taken in tally.seconds[kind]:
            halves[at >= middle].append(taken)
    if min(map(len, halves)) > 100:
        ratio = statistics.quantiles(halves[1], n=100)[98] / statistics.quantiles(halves[0], n=100)[98]
        yield Goal("12", "p99 of cheap requests, second half to first", ratio, "<= 1.5", ratio <= 1.5)


def report(tally: Tally, clients: int) -> str:
    """Return everything as Markdown."""
    lines = [*outcome_table(tally), "", *memory_table(tally), ""]
    lines += ["* Processes that there have been: " + ", ".join(f"{len(p)} {role}" for role, p in tally.seen.items())]
    if tally.swaps or tally.kills:
        killed = Counter(role for _, role in tally.kills)
        lines += [
            f"* Another release became current {tally.swaps} times; ended with SIGKILL: "
            + ", ".join(f"{number} {role}" for role, number in killed.items()),
            (
                f"* Requests on connections of workers that were ended: {len(tally.failures)}; "
                f"queries told that their process had ended: {tally.interrupted()}"
            ),
        ]
    cheap = [tally.quantile(part) * 1000 for part in (0.5, 0.99, 0.999)]
    lines += ["* Cheap requests: p50 {:.1f}, p99 {:.1f}, p99.9 {:.1f} ms".format(*cheap), ""]
    lines += goal_table(goals(tally, clients))
    lines += ["", *(f"wrong: {one}" for one in tally.wrong[:20])]
    lines += [f"failed: {one}" for one in tally.unexpected(clients)[:20]]
    return "\n".join(lines) + "\n"


def arguments() -> argparse.Namespace:
    """Return what the command line says."""
    parser = argparse.ArgumentParser(prog="soak.py", description=__doc__)
    parser.add_argument("--minutes", type=float, default=30, help="how long, 0.2 to 120 (30)")
    parser.add_argument("--concepts", type=int, default=10_000, help="size of the vocabulary (10,000)")
    parser.add_argument("--clients", type=int, default=8, choices=range(1, 33), metavar="N", help="1 to 32 (8)")
    parser.add_argument("--every", type=float, default=5, help="seconds between two looks at the memory (5)")
    parser.add_argument("--seed", type=int, default=1, help="what is asked depends on it")
    parser.add_argument("--swap", action="store_true", help="bring in new releases and kill processes meanwhile")
    parser.add_argument("--swap-every", type=float, default=10, help="seconds between two of these (10)")
    chosen = parser.parse_args()
    if not 0.2 <= chosen.minutes <= 120 or not 8 <= chosen.concepts <= 100_000:
        parser.error("from 0.2 to 120 minutes, from 8 to 100,000 concepts")
    return chosen


def main() -> None:
    """Run and print; exit status 1 if anything was wrong."""
    chosen = arguments()
    options = ("--query-timeout", "2", "--query-memory", str(256 * 2**20), "--request-timeout", "10")
    with tempfile.TemporaryDirectory(prefix="soak-") as name:
        folder = Path(name)
        tell(f"preparing {chosen.concepts:,} concepts")
        versions = 2 if chosen.swap else 1
        with published(folder, chosen.concepts, *options, versions=versions) as (server, releases, names, world):
            tell(f"{chosen.minutes:g} minutes of traffic")
            traffic = Traffic(world, server.process.pid, clients=chosen.clients, seed=chosen.seed)
            disturb = Disturbance(server, releases, names, chosen.swap_every) if chosen.swap else None
            tally = traffic.run(60 * chosen.minutes, chosen.every, disturb)
            log = server.log.read_text("utf-8", errors="replace")
    print(f"{chosen.minutes:g} minutes, {tally.answers():,} requests, {chosen.concepts:,} concepts. {machine()}\n")
    print(report(tally, chosen.clients))
    if "Traceback" in log:
        print(log[-5000:], file=sys.stderr)
    sys.exit(1 if tally.wrong or tally.unexpected(chosen.clients) or "Traceback" in log else 0)


if __name__ == "__main__":
    main()
