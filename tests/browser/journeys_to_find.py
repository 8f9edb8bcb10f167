"""How readers find: by search and its suggestions, by browsing, by comparing, along the graph.

These journeys go over pages that are not served yet. Once they are, this file is named ``test_journeys_to_find.py``,
and the rows of ``COMING`` in ``kinds.py`` and ``hostile.py`` move up to ``KINDS``.
"""

from __future__ import annotations

import json
import re
from urllib.parse import quote
from urllib.request import urlopen

import pytest
from playwright.sync_api import Page, expect

from browser.keyboard import focus, walk
from live_server import LiveServer

SETTLEMENT = "https://w3id.org/officegraph/concept/settlement"


@pytest.fixture(params=["with scripts", "without scripts"])
def reader(request: pytest.FixtureRequest) -> Page:
    """Return an empty page, once in a browser that runs scripts and once in one that runs none."""
    return request.getfixturevalue("page" if request.param == "with scripts" else "plain_page")


# Search


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("settlement", "settlement"),
        ("Abwicklung", "settlement"),
        ("setlement", "settlement"),
        ("reglement-livraison", "settlement"),
        ("reconcil", "reconciliation"),
    ],
)
def test_search_finds_by_name_language_beginning_and_misspelling(plain_page: Page, words: str, found: str) -> None:
    plain_page.goto("/")
    field = plain_page.locator("input[name=q]").first
    field.fill(words)
    field.press("Enter")
    expect(plain_page).to_have_url(re.compile(r"/search\?(.*&)?q="))
    assert plain_page.locator("input[name=q]").first.input_value() == words
    links = plain_page.get_by_role("main").get_by_role("link", name=re.compile(found, re.IGNORECASE))
    links.first.click()
    expect(plain_page.get_by_role("heading", level=1)).to_contain_text(found)


def test_search_without_a_result_says_so_and_helps(reader: Page) -> None:
    reader.goto("/search?q=qqqqqqqqqqqq")
    expect(reader.get_by_role("main")).to_contain_text("qqqqqqqqqqqq")
    assert reader.get_by_role("main").get_by_role("link").count() > 0


def test_a_search_is_narrowed_by_its_facets(reader: Page) -> None:
    reader.goto("/search?q=office")
    facets = reader.get_by_role("main").locator("a[href*='/search?'], a[href^='?']")
    assert facets.count() > 0
    before = reader.url
    facets.first.click()
    assert reader.url != before
    expect(reader).to_have_url(re.compile("q=office"))


def test_suggestions_are_chosen_by_keyboard(page: Page) -> None:
    page.goto("/")
    field = page.get_by_role("combobox").first
    field.focus()
    page.keyboard.type("settl", delay=40)
    options = page.get_by_role("option")
    expect(options.first).to_be_visible()
    expect(field).to_have_attribute("aria-expanded", "true")
    page.keyboard.press("ArrowDown")
    active = field.get_attribute("aria-activedescendant")
    assert active
    expect(page.locator(f"[id='{active}']")).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Escape")
    expect(field).to_have_attribute("aria-expanded", "false")
    expect(field).to_be_focused()
    page.keyboard.type("e", delay=40)
    expect(options.first).to_be_visible()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text(re.compile("settle", re.IGNORECASE))


def test_tab_leaves_the_suggestions(page: Page) -> None:
    page.goto("/")
    field = page.get_by_role("combobox").first
    field.focus()
    page.keyboard.type("settl", delay=40)
    expect(page.get_by_role("option").first).to_be_visible()
    page.keyboard.press("Tab")
    expect(field).not_to_be_focused()
    expect(field).to_have_attribute("aria-expanded", "false")


def test_without_scripts_the_search_field_is_a_plain_field(plain_page: Page) -> None:
    plain_page.goto("/")
    assert plain_page.get_by_role("combobox").count() == 0
    assert plain_page.locator("form[action$='/search'] input[name=q]").count() >= 1


def test_suggestions_are_json_for_programs_too(served: LiveServer) -> None:
    with urlopen(f"{served.root}suggest?q=settl") as answer:
        assert "json" in answer.headers["Content-Type"]
        assert "settlement" in json.dumps(json.load(answer))


# Browse


def test_the_hierarchy_is_browsed_down_to_a_concept(reader: Page) -> None:
    reader.goto("/browse")
    main = reader.get_by_role("main")
    expect(reader.get_by_role("heading", level=1)).to_be_visible()
    link = main.get_by_role("link", name="transaction operations", exact=True).first
    if not link.is_visible():
        main.locator("summary").first.click()
    link.click()
    expect(reader.get_by_role("heading", level=1)).to_have_text("transaction operations")


@pytest.mark.parametrize("letter", ["A", "S"])
def test_concepts_are_listed_by_their_first_letter(reader: Page, letter: str) -> None:
    reader.goto(f"/browse/alphabetical?letter={letter}")
    names = reader.get_by_role("main").locator("a[href*='/concept/']").all_inner_texts()
    assert names
    assert all(name.strip().upper().startswith(letter) for name in names if name.strip()[:1].isascii())


# Compare and graph


def test_what_sources_say_of_a_function_is_compared(reader: Page) -> None:
    reader.goto(f"/compare?concept={quote(SETTLEMENT, safe='')}")
    expect(reader.get_by_role("heading", level=1)).to_contain_text(re.compile("settlement|compare", re.IGNORECASE))
    main = reader.get_by_role("main")
    assert main.locator("table tbody tr").count() > 1
    expect(main).to_contain_text("back office")
    expect(main).to_contain_text("middle office")


def test_the_graph_leads_to_the_neighbours_and_is_told_in_words(reader: Page) -> None:
    reader.goto(f"/graph?concept={quote(SETTLEMENT, safe='')}")
    main = reader.get_by_role("main")
    assert main.locator("svg a").count() > 3
    listed = main.locator("a:not(svg a)").filter(has_text="clearing")
    assert listed.count() >= 1, "the graph has a text equivalent"


@pytest.mark.parametrize(
    "path", ["/search?q=settlement", "/browse", "/browse/alphabetical?letter=A", f"/graph?concept={SETTLEMENT}"]
)
def test_tab_goes_through_a_page_and_out_of_it_again(page: Page, path: str) -> None:
    page.goto(path)
    page.evaluate("document.activeElement.blur()")
    stops = walk(page, 900)
    assert [stop.html for stop in stops if not stop.shown] == []
    assert [stop.html for stop in stops if not stop.inView] == []
    assert stops[-1].inFooter


def test_a_key_leads_to_the_search_field(page: Page) -> None:
    page.goto("/concept/settlement")
    page.keyboard.press("/")
    stop = focus(page)
    assert stop is not None
    assert 'name="q"' in stop.html
