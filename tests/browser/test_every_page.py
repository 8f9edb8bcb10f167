"""What holds for every kind of page, in the browser that people read it with."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable
from functools import cache
from itertools import pairwise
from urllib.parse import urlsplit

import html5lib
import pytest
from flask import Flask
from playwright.sync_api import Browser

from browser.chromium import watched
from browser.kinds import KINDS, SCHEMES, SIZES, WIDTHS, Kind
from browser.visits import Visit, visit
from live_server import LiveServer

CONCEPT_WEIGHT = 60_000
"""Bytes that a concept page may take in all, its styles and scripts included."""

TAG = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*|x(-[A-Za-z0-9]{1,8})+|i(-[A-Za-z0-9]{1,8})+")
"""A language tag (RFC 5646), loosely; ``lang=""`` says that the language is not known."""

every_kind = pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)

Visitor = Callable[[Kind], Visit]


@pytest.fixture(scope="module")
def seen(browser: Browser, served: LiveServer) -> Visitor:
    """Return a function that visits each page once, for all checks."""
    return cache(lambda kind: visit(browser, served.root, kind))


@every_kind
def test_it_is_served(seen: Visitor, kind: Kind) -> None:
    assert seen(kind).status == kind.status


@every_kind
def test_it_has_no_barrier(seen: Visitor, kind: Kind) -> None:
    faults = seen(kind).faults
    assert faults == {(scheme, width): [] for width, _ in SIZES for scheme in SCHEMES}


@every_kind
def test_it_keeps_to_the_policy_and_to_this_server(seen: Visitor, kind: Kind) -> None:
    found = seen(kind)
    assert found.facts["violations"] == []
    assert found.watch.left == []
    assert found.watch.said == []
    assert found.watch.raised == []


@every_kind
def test_nothing_needs_sideways_scrolling(seen: Visitor, kind: Kind) -> None:
    assert seen(kind).wide == {width: [] for width in WIDTHS}


@every_kind
def test_nothing_moves_while_it_loads(seen: Visitor, kind: Kind) -> None:
    # Parts that arrive late on a busy machine shift others by less than anyone sees; 0.1 is what is called good.
    assert seen(kind).facts["shift"] < 0.005


@every_kind
def test_its_markup_has_no_error(seen: Visitor, kind: Kind) -> None:
    html5lib.HTMLParser(strict=True).parse(seen(kind).html)


@every_kind
def test_it_has_one_main_heading_and_skips_no_level(seen: Visitor, kind: Kind) -> None:
    levels = [level for level, _ in seen(kind).facts["headings"]]
    assert levels.count(1) == 1
    assert levels[0] == 1
    assert all(later - earlier <= 1 for earlier, later in pairwise(levels)), seen(kind).facts["headings"]


@every_kind
def test_it_says_which_language_each_part_is_in(seen: Visitor, kind: Kind) -> None:
    facts = seen(kind).facts
    assert TAG.fullmatch(facts["language"])
    assert [tag for tag in facts["languages"] if tag and not TAG.fullmatch(tag)] == []


@every_kind
def test_it_names_the_address_it_is_known_by(seen: Visitor, app: Flask, kind: Kind) -> None:
    canonical = seen(kind).facts["canonical"]
    assert len(canonical) <= 1
    if kind.canonical:
        (address,) = canonical
        parts = urlsplit(address)
        assert parts.scheme in {"http", "https"}
        assert not parts.fragment


def test_title_and_description_tell_each_page_from_the_others(seen: Visitor) -> None:
    # A concept and a word of the same name share the title: the description tells them apart.
    pages = defaultdict(set)
    for kind in KINDS:
        facts = seen(kind).facts
        assert facts["title"]
        assert facts["description"]
        pages[facts["title"], facts["description"]].add(kind.path.partition("?")[0])
    assert {words: paths for words, paths in pages.items() if len(paths) > 1} == {}


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind.path.startswith("/concept/")], ids=lambda k: k.name)
def test_a_concept_page_is_light(seen: Visitor, kind: Kind) -> None:
    assert 0 < seen(kind).transferred < CONCEPT_WEIGHT


def test_what_breaks_the_policy_is_noticed(browser: Browser, served: LiveServer) -> None:
    with watched(browser, served.root) as (context, watch):
        page = context.new_page()
        page.goto("/")
        page.evaluate(
            """() => {
              const style = document.createElement("style");
              style.textContent = "body { color: red }";
              const script = document.createElement("script");
              script.textContent = "window.ran = true";
              const picture = new Image();
              picture.src = "https://elsewhere.example/x.png";
              document.body.append(style, script, picture);
            }"""
        )
        found = page.evaluate(
            """() => new Promise((resolve) => {
              const look = () => window.violations.length < 3 ? setTimeout(look, 20) : resolve(window.violations);
              look();
            })"""
        )
        assert {violation.partition(":")[0] for violation in found} == {"style-src-elem", "script-src-elem", "img-src"}
        assert page.evaluate("window.ran") is None
        assert watch.said


def test_a_request_to_another_server_is_noticed(browser: Browser, served: LiveServer) -> None:
    with watched(browser, served.root) as (context, watch):
        page = context.new_page()
        page.set_content('<!doctype html><img src="https://elsewhere.example/x.png" alt="">')
        assert watch.left == ["https://elsewhere.example/x.png"]
