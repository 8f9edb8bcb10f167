"""What a server's processes cost: CPU time and memory of the whole tree, read from ``/proc``."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import time
from pathlib import Path

TICK = 1 / os.sysconf("SC_CLK_TCK")


def stat(process: int) -> list[str] | None:
    """Return the fields of ``/proc/PID/stat`` after the name, ``None`` if the process has ended."""
    try:
        return Path(f"/proc/{process}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    except OSError:
        return None


def tree(root: int) -> list[int]:
    """Return ``root`` and all processes that descend from it."""
    below: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and (fields := stat(int(entry.name))):
            below.setdefault(int(fields[1]), []).append(int(entry.name))
    found, position = [root], 0
    while position < len(found):
        found += below.get(found[position], [])
        position += 1
    return found


def cpu(root: int) -> float:
    """Return the seconds of CPU, user and system, that the tree under ``root`` has used, ended children included."""
    ticks = 0
    for process in tree(root):
        if fields := stat(process):
            ticks += sum(int(value) for value in fields[11:15])
    return ticks * TICK


def memory(root: int) -> float:
    """Return the megabytes of memory of the tree under ``root``: its proportional set size."""
    total = 0
    for process in tree(root):
        try:
            lines = Path(f"/proc/{process}/smaps_rollup").read_text(encoding="utf-8").splitlines()
        except OSError:
            continue
        total += sum(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
    return total / 1024


def figure(process: int, name: str) -> float:
    """Return the megabytes that the system tells of a process: now (``VmRSS:``), at most (``VmHWM:``) and so on."""
    try:
        lines = Path(f"/proc/{process}/status").read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return 0.0
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith(name)), 0.0)


def wait_till_idle(root: int, patience: float = 15.0) -> None:
    """Wait until the tree uses next to no CPU: queries of clients that hung up may still run."""
    end = time.monotonic() + patience
    while time.monotonic() < end:
        before = cpu(root)
        time.sleep(0.1)
        if cpu(root) - before <= TICK:
            return


def free_port() -> int:
    """Return a port of the loopback interface that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def stop(process: subprocess.Popen[bytes], patience: float = 10.0) -> None:
    """End a server and all that it started."""
    ours = tree(process.pid)
    process.terminate()
    try:
        process.wait(patience)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    for other in ours[1:]:
        if (fields := stat(other)) and fields[1] == "1":
            # An orphan of the server: its parent has ended and init is its parent now.
            try:
                os.kill(other, signal.SIGTERM)
            except ProcessLookupError:
                continue
