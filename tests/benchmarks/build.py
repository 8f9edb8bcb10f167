"""Measure what building a release of a synthetic vocabulary takes; see README.md."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import NamedTuple

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks import processes
from benchmarks.generator import write_vocabulary

SIZES = (300, 10_000, 100_000)
_PAUSE = 0.1
_COMMAND = "from officegraph.cli import main; main()"


class Figures(NamedTuple):
    """What one build took.

    Attributes:
        wall: Seconds.
        cpu: Seconds of CPU, user and system, of all processes.
        memory: Most megabytes that all processes held together, shared pages counted once.
        size: Megabytes of the release.
    """

    wall: float
    cpu: float
    memory: float
    size: float


def build(source: Path, out: Path) -> Figures:
    """Build a release of ``source`` in the new folder ``out``."""
    command = [sys.executable, "-c", _COMMAND, "build", str(source), "--out", str(out)]
    begun, before = time.monotonic(), os.times()
    peak = 0.0
    ended = threading.Event()
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as process:

        def watch() -> None:
            nonlocal peak
            while not ended.wait(_PAUSE):
                peak = max(peak, processes.memory(process.pid))

        watcher = threading.Thread(target=watch)
        watcher.start()
        status = process.wait()
        ended.set()
        watcher.join()
    wall, after = time.monotonic() - begun, os.times()
    if status:
        raise SystemExit(f"the build ended with status {status}")
    cpu = after.children_user + after.children_system - before.children_user - before.children_system
    release = (out / "current").resolve()
    size = sum(path.stat().st_size for path in release.rglob("*") if path.is_file())
    return Figures(wall, cpu, peak, size / 1e6)


def main() -> None:
    """Print a table."""
    parser = argparse.ArgumentParser(prog="build.py", description=__doc__)
    parser.add_argument("--concepts", type=int, nargs="*", default=SIZES, metavar="N", help="sizes (300 10000 100000)")
    parser.add_argument("--folder", type=Path, help="where to build, on a disk with room; a temporary folder otherwise")
    chosen = parser.parse_args()
    print("| concepts | wall s | CPU s | peak memory MB | release MB |")
    print("|---:|---:|---:|---:|---:|")
    for size in chosen.concepts:
        with tempfile.TemporaryDirectory(prefix="benchmark-", dir=chosen.folder) as name:
            source = Path(name, f"c{size}.nt")
            write_vocabulary(source, size)
            wall, cpu, memory, megabytes = build(source, Path(name, "releases"))
        print(f"| {size:,} | {wall:.1f} | {cpu:.1f} | {memory:,.0f} | {megabytes:,.0f} |", flush=True)


if __name__ == "__main__":
    main()
