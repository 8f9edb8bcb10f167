"""Tables of what was measured, and how far the goals are reached."""

from __future__ import annotations

import statistics
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from benchmarks.measure import Outcome, Series
from benchmarks.peers import BARE, COMUNICA, DISK, MEDIA_TYPES, MEMORY, NGINX, OURS, RDFLIB, VIRTUOSO
from benchmarks.workloads import DUMP, HEAVY


class Goal(NamedTuple):
    """A goal and how far it is reached."""

    number: str
    what: str
    value: float
    wanted: str
    reached: bool


def goal_table(found: Iterable[Goal]) -> Iterator[str]:
    """Yield the lines of the table of goals."""
    yield "| goal | what | measured | goal | |"
    yield "|---|---|---:|---:|---|"
    for number, what, value, wanted, reached in found:
        yield f"| {number} | {what} | {value:.2f} | {wanted} | {'reached' if reached else '**not reached**'} |"


def workload_table(outcome: Outcome) -> Iterator[str]:
    """Yield the lines of the table of all workloads."""
    yield "| workload | server | answers/s (slowest to quickest) | CPU us | p99 ms | ours to it: answers/s | CPU |"
    yield "|---|---|---:|---:|---:|---:|---:|"
    for name, peers in outcome.series.items():
        own = peers.get(OURS)
        for peer, series in peers.items():
            if series.wrong:
                yield f"| {name} | {peer} | wrong answers: {len(series.wrong)} | | | | |"
                continue
            ratios = " | |"
            if peer != OURS and own is not None and own.rounds:
                ratios = f" {own.rps / max(series.rps, 1e-9):.2f} | {own.micros / series.micros:.2f} |"
            low, high = series.spread
            failed = f", {series.failed} failed" if series.failed else ""
            yield (
                f"| {name} | {peer} | {series.rps:,.0f} ({low:,.0f} to {high:,.0f}){failed} "
                f"| {series.micros:,.0f} | {series.p99:.1f} |{ratios}"
            )


def goals(outcome: Outcome) -> Iterator[Goal]:
    """Yield number, what, ratio, goal and whether it is reached, of each goal that the figures tell of."""

    def get(workload: str, peer: str) -> Series | None:
        series = outcome.series.get(workload, {}).get(peer)
        return series if series is not None and series.rounds else None

    def ratio(number: str, what: str, ours: str, theirs: str, peer: str, least: float) -> Iterator[Goal]:
        a, b = get(ours, OURS), get(theirs, peer)
        if a is not None and b is not None:
            value = a.rps / b.rps
            yield Goal(number, what, value, f">= {least:g}", value >= least)

    for extension in MEDIA_TYPES:
        workload = f"document {extension}"
        yield from ratio("P1", f"{workload} to nginx", workload, workload, NGINX, 0.55)
        a, b = get(workload, OURS), get(workload, NGINX)
        if a is not None and b is not None:
            value = a.micros / b.micros
            yield Goal("P1", f"{workload} to nginx, CPU", value, "<= 3", value <= 3)
    turtle = "document ttl"
    yield from ratio("P2", "document to oxigraph's DESCRIBE, memory", turtle, turtle, MEMORY, 1.8)
    yield from ratio("P2", "document to oxigraph's DESCRIBE, RocksDB", turtle, turtle, DISK, 4)
    yield from ratio("P3", "document to rdflib-endpoint's DESCRIBE", turtle, turtle, RDFLIB, 100)
    yield from ratio("P4", "304 to nginx", "304", "304", NGINX, 0.5)
    small = "sparql small"
    yield from ratio("P5", "small queries to oxigraph, RocksDB", small, small, DISK, 1.0)
    yield from ratio("P5", "small queries to oxigraph, memory", small, small, MEMORY, 0.42)
    yield from ratio("P6", "mixed queries to oxigraph, RocksDB", HEAVY, HEAVY, DISK, 2)
    a, b = get(f"{HEAVY}, c=32", OURS), get(f"{HEAVY}, c=32", DISK)
    if a is not None and b is not None:
        value = a.p99 / b.p99
        what = f"their p99 at c=32 to oxigraph, RocksDB{', but many refused' if a.fails else ''}"
        yield Goal("P6", what, value, "<= 0.25", value <= 0.25 and not a.fails)
    for peer, least in ((RDFLIB, 50), (COMUNICA, 100), (VIRTUOSO, 3)):
        yield from ratio("P7", f"small queries to {peer}", small, small, peer, least)
    yield from ratio("P8", "repeated queries to oxigraph, RocksDB", "sparql repeated", "sparql repeated", DISK, 7)
    yield from ratio("P8", "repeated queries to oxigraph, memory", "sparql repeated", "sparql repeated", MEMORY, 2.5)
    if starts := outcome.starts.get(OURS):
        seconds = statistics.median(starts)
        yield Goal("P13", "seconds from start to the first answer", seconds, "<= 0.7", seconds <= 0.7)
    if OURS in outcome.memory:
        size = outcome.memory[OURS]
        yield Goal("P14", "MB after the measurement (at 10,000 concepts)", size, "<= 300", size <= 300)
    yield from ratio("P18", "dump to nginx", DUMP, DUMP, NGINX, 0.5)
    a, b = get(turtle, OURS), get(turtle, BARE)
    if a is not None and b is not None:
        value = a.micros / b.micros
        yield Goal("floor", "document to a bare function, CPU", value, "<= 1.6", value <= 1.6)


def report(outcome: Outcome) -> str:
    """Return everything as Markdown."""
    lines = [f"* {name}: {value:,.1f}" for name, value in outcome.facts.items()]
    lines += [f"* {peer} did not take part: {reason}" for peer, reason in outcome.absent.items()]
    lines += ["", "| server | start to first answer, s | memory, MB |", "|---|---:|---:|"]
    lines += [
        f"| {peer} | {statistics.median(values):.2f} | {outcome.memory.get(peer, 0):.0f} |"
        for peer, values in outcome.starts.items()
    ]
    lines += ["", *workload_table(outcome), "", *goal_table(goals(outcome))]
    return "\n".join(lines) + "\n"
