"""One visit to a page in the browser, and all that the checks need to know of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from browser.chromium import Watch, open_folds, watched
from browser.kinds import SCHEMES, SIZES, WIDTHS, Kind

LEVELS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa"]
"""Levels A and AA of WCAG 2.2, as axe-core names them."""

TOO_WIDE = """
() => {
  const wide = document.documentElement.scrollWidth - window.innerWidth;
  if (wide <= 0) return [];
  const parts = [...document.querySelectorAll("body *")].filter(
    (part) => part.getBoundingClientRect().right > window.innerWidth + 1);
  return [`${wide} px too wide: ` + parts.slice(0, 5).map((part) => part.outerHTML.slice(0, 80)).join(" | ")];
}
"""

THIN_OUT = """
for (const list of document.querySelectorAll("ul, ol, dl, tbody, select")) {
  for (const part of [...list.children].slice(12)) part.remove();
}
"""
"""Script that leaves the beginning of each list: what axe-core needs for a page grows with the square of its length."""

FACTS = """
() => ({
  headings: [...document.querySelectorAll("h1, h2, h3, h4, h5, h6")].map(
    (heading) => [Number(heading.localName[1]), heading.innerText]),
  title: document.title,
  description: document.querySelector("meta[name=description]")?.content ?? null,
  canonical: [...document.querySelectorAll("link[rel=canonical]")].map((link) => link.getAttribute("href")),
  language: document.documentElement.lang,
  languages: [...new Set([...document.querySelectorAll("[lang]")].map((part) => part.lang))],
  violations: window.violations,
  shift: window.shift,
})
"""


@dataclass(frozen=True)
class Visit:
    """What was seen of a page.

    Attributes:
        status: Its status code.
        html: Its text, as it was sent.
        facts: What :data:`FACTS` reads from it.
        watch: What it did that no page may do.
        transferred: Bytes that it took to show it with nothing in the cache, fields of answers included.
        requests: The number of requests that it took.
        wide: For each of :data:`browser.kinds.WIDTHS`, what is wider than the window.
        faults: What axe-core found, by colour scheme and width.
    """

    status: int
    html: str
    facts: dict[str, Any]
    watch: Watch
    transferred: int
    requests: int
    wide: dict[int, list[str]]
    faults: dict[tuple[str, int], list[str]]


def visit(browser: Browser, root: str, kind: Kind) -> Visit:
    """Open a page as a reader who comes for the first time, and look at it in every size and colour scheme."""
    with watched(browser, root, viewport={"width": 1280, "height": 900}) as (context, watch):
        page = context.new_page()
        protocol = context.new_cdp_session(page)
        sizes: list[float] = []
        protocol.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))
        protocol.send("Network.enable")
        answer = page.goto(kind.path, wait_until="networkidle")
        assert answer is not None
        html = answer.text()
        transferred = round(sum(sizes))
        facts = page.evaluate(FACTS)
        open_folds(page)
        wide = {}
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            wide[width] = page.evaluate(TOO_WIDE)
        page.evaluate(THIN_OUT)
        faults = {}
        axe = Axe()
        for width, height in SIZES:
            page.set_viewport_size({"width": width, "height": height})
            for scheme in SCHEMES:
                page.emulate_media(color_scheme=scheme)
                faults[scheme, width] = examined(axe, page)
        return Visit(answer.status, html, facts, watch, transferred, len(sizes), wide, faults)


def examined(axe: Axe, page: Page) -> list[str]:
    """Return what axe-core finds on a page: the rule, and where."""
    options = {"runOnly": {"type": "tag", "values": LEVELS}, "resultTypes": ["violations"]}
    found = axe.run(page, options=options).response["violations"]
    return [
        f"{violation['id']}: {violation['help']}: {[node['html'][:200] for node in violation['nodes'][:3]]}"
        for violation in found
    ]
