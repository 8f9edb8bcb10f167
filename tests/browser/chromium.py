"""Debian's Chromium, driven by Playwright, and what a page does in it that no page may do."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Dialog, Page, Route, sync_playwright

ARGUMENTS = [
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-gpu",
    "--disable-quic",
    "--disable-sync",
    "--no-first-run",
    "--no-sandbox",
]

LISTEN = """
window.violations = [];
document.addEventListener("securitypolicyviolation",
  (event) => window.violations.push(`${event.effectiveDirective}: ${event.blockedURI}`));
window.shift = 0;
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.shift += entry.value;
}).observe({type: "layout-shift", buffered: true});
"""
"""Script that runs before those of the page: collects what the policy forbids, and by how much the layout shifts."""

STAYS = ("data:", "blob:", "about:")


def find() -> str | None:
    """Return the path of Chromium; ``None`` where there is none."""
    return shutil.which("chromium")


@contextmanager
def launched() -> Iterator[Browser]:
    """Run Chromium.

    Playwright finds only browsers that it has downloaded itself unless it is given a path.
    """
    path = find()
    assert path is not None, "There is no Chromium"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        try:
            yield browser
        finally:
            browser.close()


@dataclass
class Watch:
    """What happens in the pages of a context.

    Attributes:
        root: Root URL of the server.
        left: URLs of requests to other servers; none of them is sent.
        said: Errors and warnings on the console.
        raised: Exceptions of scripts.
        opened: Texts of dialogs that scripts opened.
    """

    root: str
    left: list[str] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    raised: list[str] = field(default_factory=list)
    opened: list[str] = field(default_factory=list)

    def over(self, context: BrowserContext) -> None:
        """Watch all pages of ``context``."""
        context.add_init_script(LISTEN)
        context.route(lambda url: not url.startswith((self.root, *STAYS)), self._stop)
        context.on("console", self._listen)
        context.on("weberror", lambda error: self.raised.append(str(error.error)))
        context.on("dialog", self._dismiss)

    def _stop(self, route: Route) -> None:
        self.left.append(route.request.url)
        route.abort()

    def _listen(self, message: ConsoleMessage) -> None:
        # That a page was sent with an error status is no error of the page.
        if message.type in {"error", "warning"} and "the server responded with a status of" not in message.text:
            self.said.append(message.text)

    def _dismiss(self, dialog: Dialog) -> None:
        self.opened.append(dialog.message)
        dialog.dismiss()


@contextmanager
def watched(browser: Browser, root: str, **options: Any) -> Iterator[tuple[BrowserContext, Watch]]:
    """Give a context of its own, without cache and storage of others, that is watched.

    Args:
        browser: The browser.
        root: Root URL of the server.
        **options: Options of ``Browser.new_context``.
    """
    context = browser.new_context(base_url=root, **options)
    watch = Watch(root)
    watch.over(context)
    try:
        yield context, watch
    finally:
        context.close()


def open_folds(page: Page) -> None:
    """Open all that is folded, so that it is looked at too."""
    page.evaluate("for (const fold of document.querySelectorAll('details')) fold.open = true")
