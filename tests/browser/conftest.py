"""The release, the server and the browser that the tests of this folder share.

The browser runs for one module at a time: the event loop of Playwright holds the thread of the tests as long as it
runs, and other tests need a loop of their own. ``pytest-playwright`` keeps it for the whole session.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page

from browser import chromium
from browser.chromium import Watch, watched
from live_server import LiveServer, live_server
from officegraph import create_app
from officegraph.release.build import build_release
from officegraph.settings import Settings
from officegraph.vocabulary.bundled import bundled_sources


@pytest.fixture(scope="session")
def release(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a release of the graph of office functions."""
    return build_release(bundled_sources(), tmp_path_factory.mktemp("release") / "graph", Settings())


@pytest.fixture(scope="session")
def served(release: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveServer]:
    """Return a server of that release."""
    with live_server(tmp_path_factory.mktemp("served"), "--release", str(release)) as running:
        yield running


@pytest.fixture(scope="session")
def app(release: Path) -> Iterator[Flask]:
    """Return the application over that release, without a server."""
    application = create_app(release=release)
    yield application
    application.extensions["officegraph"].close()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Return Chromium; without one these tests are left out, but not where everything has to be tested."""
    if chromium.find() is None:
        reason = "There is no Chromium: `apt install chromium` brings it"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    with chromium.launched() as running:
        yield running


@pytest.fixture
def page(browser: Browser, served: LiveServer) -> Iterator[Page]:
    """Return an empty page at desk size; nothing that it did may be what no page may do."""
    # Without motion, so that the place of the focus is seen at once.
    with watched(browser, served.root, viewport={"width": 1280, "height": 900}, reduced_motion="reduce") as (
        context,
        watch,
    ):
        yield context.new_page()
        clean(watch)


@pytest.fixture
def plain_page(browser: Browser, served: LiveServer) -> Iterator[Page]:
    """Return an empty page in a browser that runs no scripts."""
    with watched(browser, served.root, viewport={"width": 1280, "height": 900}, java_script_enabled=False) as (
        context,
        watch,
    ):
        yield context.new_page()
        clean(watch)


def clean(watch: Watch) -> None:
    """Check that pages did nothing that no page may do."""
    assert not watch.left, "requests to other servers"
    assert not watch.said, "errors on the console"
    assert not watch.raised, "exceptions in scripts"
    assert not watch.opened, "dialogs"
