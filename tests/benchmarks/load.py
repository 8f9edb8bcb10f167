"""Put load on a server: by wrk where it is installed, else by a client of our own."""

from __future__ import annotations

import asyncio
import http.client
import json
import shutil
import statistics
import subprocess
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

UNIQUE = "{n}"
"""What stands in a target for text that differs with every request."""


@dataclass(frozen=True, slots=True)
class Request:
    """A GET request.

    Attributes:
        target: Path and query; may hold :data:`UNIQUE`.
        headers: Fields beside ``Host``.
    """

    target: str
    headers: dict[str, str] = field(default_factory=dict)

    def as_bytes(self, host: str) -> bytes:
        """Return the message as it goes over the wire."""
        lines = [f"GET {self.target} HTTP/1.1", f"Host: {host}"]
        lines += [f"{name}: {value}" for name, value in self.headers.items()]
        return ("\r\n".join(lines) + "\r\n\r\n").encode()


@dataclass(frozen=True, slots=True)
class Figures:
    """What one run of load gave.

    Attributes:
        requests: Requests that were answered.
        seconds: How long the run took.
        refused: Answers with status 400 or more.
        broken: Connections that failed or timed out.
        p50: Median of the times to an answer, in seconds.
        p99: The time that 99 of 100 answers kept within.
    """

    requests: int
    seconds: float
    refused: int
    broken: int
    p50: float
    p99: float

    @property
    def answers(self) -> int:
        """Requests that were answered with a status below 400."""
        return self.requests - self.refused


def client() -> str:
    """Return the name of the client that puts the load."""
    return "wrk" if wrk_path() else "built-in client"


def wrk_path() -> str | None:
    """Return the path of wrk if it is installed."""
    return shutil.which("wrk")


def fetch(port: int, request: Request, number: int = 0, timeout: float = 120) -> tuple[int, dict[str, str], bytes]:
    """Send one request and return status, fields (names in lower case) and content."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=timeout)
    try:
        connection.request("GET", request.target.replace(UNIQUE, str(number)), headers=request.headers)
        response = connection.getresponse()
        return response.status, {name.lower(): value for name, value in response.getheaders()}, response.read()
    finally:
        connection.close()


def load(port: int, requests: list[Request], *, connections: int, seconds: float, mark: str) -> Figures:
    """Send ``requests`` in a cycle over a number of connections for some seconds.

    Args:
        port: Port on the loopback interface.
        requests: What to send.
        connections: Connections that are open at the same time, each with one request under way.
        seconds: How long.
        mark: What all that takes the place of :data:`UNIQUE` begins with; no two runs have the same.
    """
    if wrk_path():
        return wrk(port, requests, connections=connections, seconds=seconds, mark=mark)
    return asyncio.run(built_in(port, requests, connections=connections, seconds=seconds, mark=mark))


def wrk(port: int, requests: list[Request], *, connections: int, seconds: float, mark: str) -> Figures:
    """Put the load by wrk, in one thread."""
    with tempfile.NamedTemporaryFile() as file:
        for request in requests:
            file.write(request.as_bytes(f"127.0.0.1:{port}") + b"\0")
        file.flush()
        script = Path(__file__).with_name("load.lua")
        # wrk takes whole seconds only.
        command = [
            "wrk", "-t1", f"-c{connections}", f"-d{max(1, round(seconds))}", "--timeout", "60", "-s", str(script),
            f"http://127.0.0.1:{port}/", "--", file.name, mark,
        ]  # fmt: skip
        done = subprocess.run(command, capture_output=True, text=True, timeout=seconds + 120, check=True)
    said = json.loads(done.stdout.splitlines()[-1])
    return Figures(
        requests=said["requests"],
        seconds=said["microseconds"] / 1e6,
        refused=said["refused"],
        broken=said["broken"],
        p50=said["p50"] / 1e6,
        p99=said["p99"] / 1e6,
    )


async def built_in(port: int, requests: list[Request], *, connections: int, seconds: float, mark: str) -> Figures:
    """Put the load from this process: some thousand requests a second at most, so quick servers look alike."""
    messages = [request.as_bytes(f"127.0.0.1:{port}") for request in requests]
    times: list[float] = []
    refused = broken = sent = 0
    begin = time.perf_counter()
    end = begin + seconds

    async def ask() -> None:
        nonlocal refused, broken, sent
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        try:
            while time.perf_counter() < end:
                message = messages[sent % len(messages)].replace(UNIQUE.encode(), f"{mark}-{sent}".encode())
                sent += 1
                start = time.perf_counter()
                writer.write(message)
                status = await asyncio.wait_for(answer(reader), 60)
                times.append(time.perf_counter() - start)
                refused += status >= 400
        except (OSError, asyncio.IncompleteReadError, TimeoutError, ValueError):
            broken += 1
        finally:
            writer.close()

    await asyncio.gather(*(ask() for _ in range(connections)))
    taken = time.perf_counter() - begin
    cuts = statistics.quantiles(times, n=100) if len(times) > 1 else [*times, 0.0] * 99
    return Figures(len(times), taken, refused, broken, cuts[49], cuts[98])


async def answer(reader: asyncio.StreamReader) -> int:
    """Read one answer to its end and return its status."""
    head = await reader.readuntil(b"\r\n\r\n")
    status = int(head[9:12])
    fields = dict(line.split(": ", 1) for line in head.decode("latin-1").lower().split("\r\n")[1:] if ": " in line)
    if "chunked" in fields.get("transfer-encoding", ""):
        while size := int((await reader.readuntil(b"\r\n")).split(b";")[0], 16):
            await reader.readexactly(size + 2)
        await reader.readuntil(b"\r\n")
    elif status not in (204, 304):
        await reader.readexactly(int(fields["content-length"]))
    return status
