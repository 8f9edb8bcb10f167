"""A server as users start it: the installed command, in a process of its own."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

COMMAND = Path(sys.executable).with_name("officegraph")


@dataclass
class LiveServer:
    """A server that runs.

    Attributes:
        root: Its root URL.
        port: Its port.
        process: Its process.
        log: The file that it prints into.
    """

    root: str
    port: int
    process: subprocess.Popen[bytes]
    log: Path


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return int(taken.getsockname()[1])


@contextmanager
def live_server(folder: Path, *arguments: str, patience: float = 120) -> Iterator[LiveServer]:
    """Run ``officegraph serve`` with ``arguments`` on a free port, its cache and log in ``folder``."""
    port = free_port()
    log = folder / "serve.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [str(COMMAND), "serve", *arguments, "--port", str(port)],
            stdout=output,
            stderr=subprocess.STDOUT,
            env={**os.environ, "XDG_CACHE_HOME": str(folder / "cache"), "PYTHONUNBUFFERED": "1"},
        )
    server = LiveServer(f"http://127.0.0.1:{port}/", port, process, log)
    try:
        wait(server, patience)
        yield server
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGINT)
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def wait(server: LiveServer, patience: float) -> None:
    """Wait until the server is ready."""
    end = time.monotonic() + patience
    while time.monotonic() < end:
        assert server.process.poll() is None, server.log.read_text("utf-8")
        try:
            with urllib.request.urlopen(f"{server.root}health/ready", timeout=5) as answer:
                if answer.status == 200:
                    return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.1)
    raise AssertionError(server.log.read_text("utf-8"))
