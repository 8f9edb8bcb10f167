"""Say what pages weigh and how soon they can be used, in a browser that has nothing in its cache.

.venv/bin/python tests/browser/loading.py
.venv/bin/python tests/browser/loading.py --server http://127.0.0.1:8000/ --rounds 9
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from statistics import median

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from playwright.sync_api import Browser

from browser.chromium import launched, watched
from browser.kinds import KINDS, Kind
from browser.pictures import root_of

TIMES = """
() => new Promise((resolve) => new PerformanceObserver((list) => {
  const visit = performance.getEntriesByType("navigation")[0];
  for (const paint of list.getEntriesByName("first-contentful-paint"))
    resolve([visit.responseStart, paint.startTime, visit.domContentLoadedEventEnd, visit.loadEventEnd]);
}).observe({type: "paint", buffered: true}))
"""
"""Script that says when the answer came, when something was seen, when it could be used, and when all was there."""


def load(browser: Browser, root: str, kind: Kind) -> tuple[list[float], float, int]:
    """Return the times of one visit in milliseconds, the bytes that it took, and in how many answers."""
    with watched(browser, root, viewport={"width": 1280, "height": 900}) as (context, _):
        page = context.new_page()
        protocol = context.new_cdp_session(page)
        sizes: list[float] = []
        protocol.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))
        protocol.send("Network.enable")
        page.goto(kind.path, wait_until="load")
        return page.evaluate(TIMES), sum(sizes), len(sizes)


def main() -> None:
    """Print a row for each kind of page."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5, choices=range(1, 51), metavar="N", help="visits a page (5)")
    parser.add_argument("--server", metavar="URL", help="root URL of a server that runs; one is started if left out")
    chosen = parser.parse_args()
    print("| page | kB | answers | first byte | first paint | usable | loaded |")
    print("|---|---:|---:|---:|---:|---:|---:|")
    with root_of(chosen.server) as root, launched() as browser:
        for kind in KINDS:
            visits = [load(browser, root, kind) for _ in range(chosen.rounds)]
            times = [median(visit[0][column] for visit in visits) for column in range(4)]
            words = " | ".join(f"{time:.0f} ms" for time in times)
            print(f"| {kind.name} | {visits[0][1] / 1000:.1f} | {visits[0][2]} | {words} |", flush=True)


if __name__ == "__main__":
    main()
