"""Compare this publisher with others on one machine; see README.md."""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import platform
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks import processes
from benchmarks.load import client
from benchmarks.measure import Outcome, measure, prepare, started
from benchmarks.peers import OURS, STARTERS
from benchmarks.report import report
from benchmarks.workloads import WORKLOADS


def arguments(given: list[str] | None = None) -> argparse.Namespace:
    """Return what the command line says."""
    parser = argparse.ArgumentParser(prog="run.py", description=__doc__)
    parser.add_argument("--concepts", type=int, default=10_000, help="size of the vocabulary (10,000)")
    parser.add_argument("--rounds", type=int, default=5, choices=range(1, 21), metavar="N", help="rounds, 1 to 20 (5)")
    parser.add_argument("--seconds", type=float, default=1.0, help="seconds of load in a round (1)")
    parser.add_argument("--connections", type=int, default=8, choices=range(1, 65), metavar="N", help="1 to 64 (8)")
    parser.add_argument("--starts", type=int, default=3, choices=range(1, 11), metavar="N", help="starts of ours (3)")
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1, help="processes that answer HTTP")
    parser.add_argument("--peers", nargs="*", choices=list(STARTERS), default=list(STARTERS), metavar="NAME")
    parser.add_argument("--workloads", nargs="*", default=None, metavar="NAME", help="beginnings of their names")
    parser.add_argument("--folder", type=Path, help="keep and reuse vocabulary, release and stores here")
    parser.add_argument("--json", type=Path, help="write all figures to this file")
    parser.add_argument("--quick", action="store_true", help="300 concepts, 1 round")
    chosen = parser.parse_args(given)
    if chosen.quick:
        chosen.concepts, chosen.rounds = 300, 1
    if not 8 <= chosen.concepts <= 2_000_000 or not 0.1 <= chosen.seconds <= 60:
        parser.error("from 8 to 2,000,000 concepts, from 0.1 to 60 seconds")
    return chosen


def run(chosen: argparse.Namespace) -> Outcome:
    """Prepare, start, measure and stop everything."""
    outcome = Outcome()
    with contextlib.ExitStack() as stack:
        folder = chosen.folder or Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="benchmark-")))
        tell(f"preparing {chosen.concepts:,} concepts in {folder}")
        material = prepare(folder / str(chosen.concepts), chosen.concepts, chosen.workers, outcome.facts)
        names = [OURS, *(name for name in STARTERS if name in chosen.peers and name != OURS)]
        for _ in range(chosen.starts - 1):
            # More starts of ours alone, for the median.
            with started([OURS], material, outcome, tell):
                pass
        with started(names, material, outcome, tell) as peers:
            for workload in WORKLOADS:
                if chosen.workloads and not workload.name.startswith(tuple(chosen.workloads)):
                    continue
                tell(f"measuring {workload.name}")
                outcome.series[workload.name] = measure(
                    workload, peers, material,
                    rounds=chosen.rounds, seconds=chosen.seconds, connections=chosen.connections,
                )  # fmt: skip
            for peer in peers:
                outcome.memory[peer.name] = processes.memory(peer.process.pid)
    return outcome


def tell(what: str) -> None:
    print(what, file=sys.stderr, flush=True)


def machine() -> str:
    """Return a line about the machine and the client."""
    load = ", ".join(f"{value:.1f}" for value in os.getloadavg())
    return (
        f"{platform.system()} {platform.release()}, {os.cpu_count()} CPUs, Python {platform.python_version()}; "
        f"load by {client()}; load average at the end {load}"
    )


def main() -> None:
    """Run and print; exit status 1 if any answer was wrong."""
    chosen = arguments()
    outcome = run(chosen)
    print(f"{chosen.concepts:,} concepts, c={chosen.connections}, {chosen.rounds} rounds. {machine()}\n")
    print(report(outcome))
    if chosen.json:
        chosen.json.write_text(
            json.dumps({"machine": machine(), **outcome.as_json()}, indent=2) + "\n", encoding="utf-8"
        )
    wrong = [
        f"{workload}, {peer}: {answer}"
        for workload, peers in outcome.series.items()
        for peer, series in peers.items()
        for answer in series.wrong[:3]
    ]
    print("\n".join(wrong), file=sys.stderr)
    sys.exit(1 if any(OURS in line for line in wrong) else 0)


if __name__ == "__main__":
    main()
