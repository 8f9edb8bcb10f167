"""Measure the peers in turn, round after round, and take medians: neighbours disturb all of them alike."""

from __future__ import annotations

import contextlib
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from benchmarks import generator, processes
from benchmarks.load import Figures, Request, load
from benchmarks.peers import MEDIA_TYPES, STARTERS, AbsentError, Material, Peer
from benchmarks.workloads import Workload, wrong_answers
from officegraph.model.formats import RDF_FORMATS
from officegraph.release.open import open_release

HTML = b"<!doctype html><title>A page</title><p>The page of nginx has no more than the label: "


@dataclass
class Series:
    """The rounds of one workload on one peer.

    Attributes:
        rounds: What each round gave.
        cpu: Seconds of CPU of the server in each round.
        wrong: What was wrong about the answers, before anything was measured.
    """

    rounds: list[Figures] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)

    @property
    def rps(self) -> float:
        """Answers a second that were no refusals, the median of the rounds."""
        return statistics.median(one.answers / one.seconds for one in self.rounds)

    @property
    def spread(self) -> tuple[float, float]:
        """Answers a second in the slowest and in the quickest round."""
        found = [one.answers / one.seconds for one in self.rounds]
        return min(found), max(found)

    @property
    def micros(self) -> float:
        """Microseconds of CPU for an answer, the median of the rounds."""
        return statistics.median(
            cpu / max(1, one.answers) * 1e6 for cpu, one in zip(self.cpu, self.rounds, strict=True)
        )

    @property
    def p99(self) -> float:
        """Milliseconds that 99 of 100 answers kept within, the median of the rounds."""
        return statistics.median(one.p99 for one in self.rounds) * 1000

    @property
    def failed(self) -> int:
        """Answers that were refused or broke off under load."""
        return sum(one.refused + one.broken for one in self.rounds)

    @property
    def fails(self) -> bool:
        """Whether more than one request in a hundred failed, so that times say nothing."""
        return self.failed > sum(one.requests + one.broken for one in self.rounds) / 100

    def as_json(self) -> dict[str, Any]:
        """Return the figures."""
        if not self.rounds:
            return {"wrong": self.wrong}
        return {
            "rps": self.rps,
            "cpu_microseconds": self.micros,
            "p99_milliseconds": self.p99,
            "failed": self.failed,
            "rounds": [{**asdict(one), "cpu": cpu} for one, cpu in zip(self.rounds, self.cpu, strict=True)],
        }


@dataclass
class Outcome:
    """All that a run gave.

    Attributes:
        facts: What was measured once: build time, sizes.
        series: The figures by workload and peer.
        absent: Peers that did not take part, and why.
        starts: Seconds from start to first answer, by peer.
        memory: Megabytes after the measurement, by peer.
    """

    facts: dict[str, float] = field(default_factory=dict)
    series: dict[str, dict[str, Series]] = field(default_factory=dict)
    absent: dict[str, str] = field(default_factory=dict)
    starts: dict[str, list[float]] = field(default_factory=dict)
    memory: dict[str, float] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """Return everything."""
        return {
            "facts": self.facts,
            "absent": self.absent,
            "starts": self.starts,
            "memory": self.memory,
            "workloads": {
                name: {peer: series.as_json() for peer, series in peers.items()} for name, peers in self.series.items()
            },
        }


def prepare(folder: Path, size: int, workers: int, facts: dict[str, float]) -> Material:
    """Make the vocabulary, our release of it and the static files; what is in ``folder`` already is kept.

    Raises:
        subprocess.CalledProcessError: The build failed.
    """
    folder.mkdir(parents=True, exist_ok=True)
    source = folder / "vocabulary.nt"
    if not source.exists():
        facts["triples"] = generator.write_vocabulary(source, size)
    out = folder / "release"
    if not out.exists():
        begin = time.monotonic()
        command = [sys.executable, "-c", "from officegraph.cli import main; main()", "build", str(source)]
        subprocess.run([*command, "--out", str(out)], check=True, stdout=subprocess.DEVNULL)
        used = resource.getrusage(resource.RUSAGE_CHILDREN)
        facts["build seconds"] = time.monotonic() - begin
        facts["build CPU seconds"] = used.ru_utime + used.ru_stime
        facts["build peak MB, largest process"] = used.ru_maxrss / 1024
    with open_release(out) as release:
        facts["triples of the default graph"] = release.manifest.default_triples
        facts["release MB"] = sum(file.stat().st_size for file in release.path.rglob("*") if file.is_file()) / 1e6
        files = folder / "files"
        if not files.exists():
            (files / "concept").mkdir(parents=True)
            for concept in generator.sample(size, min(size, 10_000)):
                write_files(files / "concept" / f"c{concept}", release.documents.get(generator.concept_iri(concept)))
            write_files(files / "concept" / "c0", release.documents.get(generator.concept_iri(0)))
        dump = next(one for one in release.dumps if (one.extension, one.encoding, one.scheme) == ("nt", None, None))
        return Material(folder, release.path, release.dumps_path / dump.name, files, size, workers)


def write_files(stem: Path, document: Any) -> None:
    """Write the representations of a document as files, the same bytes that we serve."""
    for format_ in RDF_FORMATS:
        if format_.extension in MEDIA_TYPES:
            stem.with_suffix(f".{format_.extension}").write_bytes(document.representation(format_).body)
    # A page about as long as ours: its content does not matter to a server of files.
    body = bytes(document.representation(RDF_FORMATS[0]).body)
    stem.with_suffix(".html").write_bytes(HTML + body + b" " * max(0, 12_000 - len(body)))


@contextlib.contextmanager
def started(
    names: Sequence[str], material: Material, outcome: Outcome, tell: Callable[[str], None]
) -> Iterator[list[Peer]]:
    """Run the peers ``names`` side by side; those that are absent are noted."""
    with contextlib.ExitStack() as stack:
        peers = []
        for name in names:
            tell(f"starting {name}")
            try:
                peer = stack.enter_context(STARTERS[name](material))
            except (AbsentError, RuntimeError, subprocess.SubprocessError) as error:
                outcome.absent[name] = str(error)
                continue
            outcome.starts.setdefault(name, []).append(peer.started)
            peers.append(peer)
        yield peers


def measure(
    workload: Workload, peers: Sequence[Peer], material: Material, *, rounds: int, seconds: float, connections: int
) -> dict[str, Series]:
    """Check the answers of every peer, then measure those that are right, in turn."""
    found: dict[str, Series] = {}
    asked = {}
    for peer in peers:
        requests = workload.make(peer, material)
        if not requests:
            continue
        series = found[peer.name] = Series()
        series.wrong = wrong_answers(peer, requests)
        if not series.wrong:
            asked[peer.name] = [request for request, _ in requests]
    for peer in peers:
        if workload.warm and peer.name in asked:
            warm_up(peer, asked[peer.name], connections)
    for number in range(rounds):
        for peer in peers:
            if peer.name not in asked:
                continue
            root = peer.process.pid
            processes.wait_till_idle(root)
            before = processes.cpu(root)
            figures = load(
                peer.port,
                asked[peer.name],
                connections=workload.connections or connections,
                seconds=seconds,
                mark=f"{time.time_ns()}-{number}",
            )
            found[peer.name].cpu.append(processes.cpu(root) - before)
            found[peer.name].rounds.append(figures)
    return found


def warm_up(peer: Peer, requests: Sequence[Request], connections: int) -> None:
    """Send each request some times, for ten seconds at most: which process gets one is left to chance."""
    sent = 0
    for number in range(10):
        sent += load(
            peer.port, list(requests), connections=connections, seconds=1, mark=f"{time.time_ns()}-{number}"
        ).requests
        if sent > 8 * len(requests):
            return
