"""No word of a vocabulary, and no address, can run in a page or break its layout."""

from __future__ import annotations

from collections.abc import Iterator

import html5lib
import pytest
from playwright.sync_api import Browser

from browser.chromium import open_folds, watched
from browser.conftest import clean
from browser.hostile import KINDS, VOCABULARY
from browser.kinds import WIDTHS, Kind
from browser.visits import TOO_WIDE
from live_server import LiveServer, live_server

HANDLERS = """
() => [...document.querySelectorAll("*")].flatMap((part) => [...part.attributes])
  .filter((attribute) => attribute.name.startsWith("on")
    || /^\\s*(javascript|vbscript|data):/i.test(attribute.value)
    && ["href", "src", "action", "formaction", "xlink:href"].includes(attribute.name))
  .map((attribute) => `${attribute.name}=${attribute.value}`)
"""
"""Script that returns the attributes that would run: handlers of events, and addresses that are scripts."""

SCRIPTS = """
() => [...document.scripts].filter((script) => script.type !== "application/ld+json")
  .map((script) => script.getAttribute("src") ?? script.text)
"""


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveServer]:
    """Return a server of the hostile vocabulary."""
    folder = tmp_path_factory.mktemp("hostile")
    (folder / "hostile.ttl").write_text(VOCABULARY, encoding="utf-8")
    with live_server(folder, str(folder / "hostile.ttl")) as running:
        yield running


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_nothing_runs_and_the_layout_holds(browser: Browser, hostile: LiveServer, kind: Kind) -> None:
    with watched(browser, hostile.root) as (context, watch):
        page = context.new_page()
        answer = page.goto(kind.path, wait_until="networkidle")
        assert answer is not None
        assert answer.status == kind.status
        html5lib.HTMLParser(strict=True).parse(answer.text())
        assert page.evaluate("window.violations") == []
        assert page.evaluate(HANDLERS) == []
        assert all(source.startswith("/static/") for source in page.evaluate(SCRIPTS))
        assert page.locator("main").count() == page.locator("footer").count() == 1
        open_folds(page)
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            assert page.evaluate(TOO_WIDE) == [], width
        clean(watch)


def test_words_are_no_templates(browser: Browser, hostile: LiveServer) -> None:
    with watched(browser, hostile.root) as (context, _):
        page = context.new_page()
        page.goto("/markup")
        assert "{{ 7 * 7 }} {% raw %} ${7*7}" in page.locator("main").inner_text()


def test_arabic_runs_from_right_to_left(browser: Browser, hostile: LiveServer) -> None:
    with watched(browser, hostile.root, locale="ar") as (context, _):
        page = context.new_page()
        page.goto("/arabic")
        heading = page.locator("h1")
        assert heading.get_attribute("lang") == "ar"
        assert heading.evaluate("heading => getComputedStyle(heading).direction") == "rtl"
