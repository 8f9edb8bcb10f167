"""What readers come for: to read a concept and its evidence, to query, to download, in their language and colours."""

from __future__ import annotations

import csv
import hashlib
import io
import re
from pathlib import Path
from urllib.request import Request, urlopen

import pytest
from playwright.sync_api import Browser, Download, Page, expect

from browser.chromium import watched
from browser.keyboard import focus, tab_to, walk
from live_server import LiveServer

LABELS = """SELECT ?label WHERE {
  <https://w3id.org/officegraph/concept/settlement> <http://www.w3.org/2004/02/skos/core#prefLabel> ?label
} ORDER BY ?label"""


@pytest.fixture(params=["with scripts", "without scripts"])
def reader(request: pytest.FixtureRequest) -> Page:
    """Return an empty page, once in a browser that runs scripts and once in one that runs none."""
    return request.getfixturevalue("page" if request.param == "with scripts" else "plain_page")


def read(download: Download) -> str:
    return Path(download.path()).read_text("utf-8")


# Read


def test_from_home_to_a_concept_to_what_its_sources_say(reader: Page) -> None:
    reader.goto("/")
    reader.get_by_role("main").get_by_role("link", name="back office", exact=True).first.click()
    expect(reader.get_by_role("heading", level=1)).to_have_text("back office")
    reader.goto("/scheme/functions")
    reader.get_by_role("link", name="transaction operations", exact=True).first.click()
    reader.get_by_role("link", name="settlement", exact=True).first.click()
    expect(reader.get_by_role("heading", level=1)).to_have_text("settlement")
    expect(reader.get_by_text(re.compile(r"\d+ of \d+ sources place it in"))).to_be_visible()
    reader.get_by_role("link", name="Compare the sources").click()
    expect(reader).to_have_url(re.compile(r"#page-placements$"))
    rows = reader.locator("#page-placements table").last.locator("tbody tr")
    assert rows.count() > 10
    rows.first.get_by_role("link", name=re.compile("^record")).click()
    expect(reader.get_by_role("heading", level=1)).to_be_visible()
    assert "/placement/" in reader.url


def test_relations_lead_from_concept_to_concept_and_back(reader: Page) -> None:
    reader.goto("/concept/settlement")
    reader.locator("#page-relations").get_by_role("link", name="clearing", exact=True).first.click()
    expect(reader.get_by_role("heading", level=1)).to_have_text("clearing")
    reader.get_by_role("navigation", name="Broader concepts").get_by_role("link").first.click()
    expect(reader.get_by_role("heading", level=1)).to_have_text("transaction operations")
    reader.go_back()
    expect(reader.get_by_role("heading", level=1)).to_have_text("clearing")


@pytest.mark.parametrize("width", [1280, 390])
def test_the_contents_of_a_page_lead_to_its_parts(reader: Page, width: int) -> None:
    reader.set_viewport_size({"width": width, "height": 844})
    reader.goto("/concept/settlement")
    if width < 900:
        reader.locator("summary", has_text="On this page").click()
    reader.get_by_role("link", name="Names", exact=True).locator("visible=true").first.click()
    expect(reader).to_have_url(re.compile("#page-names$"))
    expect(reader.locator("#page-names h2")).to_be_in_viewport()


def test_the_address_of_a_concept_is_there_to_copy(browser: Browser, served: LiveServer) -> None:
    with watched(browser, served.root, permissions=["clipboard-read", "clipboard-write"]) as (context, _):
        page = context.new_page()
        page.goto("/concept/settlement")
        page.get_by_role("button", name="Copy URI").click()
        expect(page.get_by_role("status").filter(has_text="Copied")).to_be_visible()
        copied = page.evaluate("navigator.clipboard.readText()")
        assert copied == "https://w3id.org/officegraph/concept/settlement"


def test_what_needs_scripts_is_not_there_without_them(plain_page: Page) -> None:
    for path in ("/", "/concept/settlement", "/sparql"):
        plain_page.goto(path)
        for control in plain_page.locator(".js").all():
            expect(control).to_be_hidden()


def test_an_address_is_looked_up(reader: Page) -> None:
    reader.goto("/concept/no-such-thing")
    expect(reader.get_by_role("heading", level=1)).to_have_text("Not found")
    reader.get_by_label("Look up a URI").fill("https://w3id.org/officegraph/concept/settlement")
    reader.get_by_role("button", name="Go").click()
    expect(reader.get_by_role("heading", level=1)).to_have_text("settlement")


# Query


def test_a_concept_leads_to_a_query_about_it_whose_answer_can_be_kept(reader: Page) -> None:
    reader.goto("/concept/settlement")
    reader.get_by_role("link", name="Query in SPARQL").click()
    expect(reader.get_by_role("heading", level=1)).to_have_text("SPARQL")
    rows = reader.get_by_role("region", name="Result table").locator("tbody tr")
    assert rows.count() > 10
    with reader.expect_download() as kept:
        reader.get_by_role("link", name="CSV", exact=True).click()
    saved = list(csv.reader(io.StringIO(read(kept.value))))
    assert len(saved) > 10
    assert kept.value.suggested_filename.endswith(".csv")


def test_a_query_is_written_run_mended_and_shared(plain_page: Page) -> None:
    plain_page.goto("/sparql")
    plain_page.get_by_label("Query", exact=True).fill(LABELS.replace("?label\n}", "?label\n"))
    plain_page.get_by_role("button", name="Run").click()
    expect(plain_page.get_by_role("alert")).to_contain_text("at line")
    field = plain_page.get_by_label("Query", exact=True)
    assert "prefLabel" in field.input_value()
    field.fill(LABELS)
    plain_page.get_by_role("button", name="Run").click()
    cells = plain_page.get_by_role("region", name="Result table").locator("tbody td")
    assert "Abwicklung" in " ".join(cells.all_inner_texts())
    address = plain_page.url
    plain_page.goto("/")
    plain_page.goto(address)
    assert plain_page.get_by_label("Query", exact=True).input_value().strip() == LABELS.strip()


def test_an_example_is_run(reader: Page) -> None:
    reader.goto("/sparql")
    reader.get_by_role("complementary", name="Help with queries").get_by_role("link").first.click()
    expect(reader.get_by_role("heading", level=2, name="Result")).to_be_visible()
    assert reader.get_by_role("region", name="Result table").locator("tbody tr").count() > 3


# Download


def test_the_whole_graph_is_downloaded_and_its_digest_is_right(reader: Page, served: LiveServer) -> None:
    reader.goto("/")
    reader.get_by_role("navigation", name="Main").get_by_role("link", name="Downloads").click()
    row = reader.get_by_role("row").filter(has=reader.get_by_role("link", name=re.compile(r"\.nt\.gz$"))).first
    digest = row.locator("code").inner_text().strip()
    with reader.expect_download() as kept:
        row.get_by_role("link").first.click()
    assert hashlib.sha256(Path(kept.value.path()).read_bytes()).hexdigest() == digest
    assert kept.value.suggested_filename == row.get_by_role("link").first.inner_text()


@pytest.mark.parametrize(("name", "beginning"), [("Turtle", "@prefix"), ("JSON-LD", "{"), ("CSV", "subject")])
def test_a_concept_is_there_in_every_format(reader: Page, served: LiveServer, name: str, beginning: str) -> None:
    reader.goto("/concept/settlement")
    link = reader.locator("#page-reuse").get_by_role("link", name=name, exact=True)
    address = served.root.rstrip("/") + (link.get_attribute("href") or "")
    with urlopen(Request(address)) as answer:
        assert answer.headers["Content-Type"].partition(";")[0] == link.get_attribute("type")
        assert answer.read(2000).decode().lstrip("\ufeff").startswith(beginning)


# Languages and colours


@pytest.mark.parametrize(
    ("locale", "language", "name"),
    [
        ("en-GB", "en", "settlement"),
        ("de-CH", "de", "Abwicklung"),
        ("fr-FR", "fr", "règlement-livraison"),
        ("es-MX", "es", "liquidación"),
        ("eo", "en", "settlement"),
    ],
)
def test_a_concept_is_named_in_the_language_of_the_reader(
    browser: Browser, served: LiveServer, locale: str, language: str, name: str
) -> None:
    with watched(browser, served.root, locale=locale) as (context, _):
        page = context.new_page()
        page.goto("/concept/settlement")
        heading = page.get_by_role("heading", level=1)
        expect(heading).to_have_text(name)
        assert heading.get_attribute("lang") == language


@pytest.mark.parametrize("system", ["light", "dark"])
def test_the_theme_follows_the_system_until_it_is_chosen(browser: Browser, served: LiveServer, system: str) -> None:
    with watched(browser, served.root, color_scheme=system) as (context, _):
        page = context.new_page()
        page.goto("/")
        seen = [background(page)]
        switch = page.locator("[data-theme-switch]")
        for name in ("Light", "Dark"):
            switch.click()
            expect(switch).to_contain_text(name)
            seen.append(background(page))
        assert seen[1] != seen[2]
        assert seen[0] == seen[1 if system == "light" else 2]
        page.goto("/concept/settlement")
        assert background(page) == seen[2], "the choice holds for all pages"
        switch.click()
        expect(switch).to_contain_text("Auto")
        assert background(page) == seen[0]


def background(page: Page) -> str:
    return str(page.evaluate("getComputedStyle(document.body).backgroundColor"))


# By keyboard alone


@pytest.mark.parametrize("path", ["/", "/concept/settlement", "/dumps/", "/concept/no-such-thing"])
def test_tab_goes_through_a_page_and_out_of_it_again(page: Page, path: str) -> None:
    page.goto(path)
    stops = walk(page, 500)
    assert stops[0].name == "Skip to content"
    assert [stop.html for stop in stops if not stop.shown] == []
    assert [stop.html for stop in stops if not stop.inView] == []
    assert stops[-1].inFooter
    main = [stop.inMain for stop in stops]
    assert main.index(True) <= 20, "what is above the main part is short"


def test_the_skip_link_leads_past_the_navigation(page: Page) -> None:
    page.goto("/concept/settlement")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("#page-main$"))
    page.keyboard.press("Tab")
    stop = focus(page)
    assert stop is not None
    assert stop.inMain


def test_a_concept_is_read_by_keyboard(page: Page) -> None:
    page.goto("/scheme/functions")
    tab_to(page, "transaction operations", 120)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("transaction operations")
    tab_to(page, "settlement", 120)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("settlement")
    tab_to(page, "Compare the sources")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("#page-placements$"))


def test_a_file_is_downloaded_by_keyboard(page: Page) -> None:
    page.goto("/dumps/")
    name = page.get_by_role("link", name=re.compile(r"\.ttl$")).first.inner_text()
    tab_to(page, name)
    with page.expect_download() as kept:
        page.keyboard.press("Enter")
    assert kept.value.suggested_filename == name


def test_the_theme_is_switched_by_keyboard(page: Page) -> None:
    page.goto("/")
    for _ in range(20):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.hasAttribute('data-theme-switch')"):
            break
    page.keyboard.press("Space")
    assert page.evaluate("document.documentElement.dataset.theme") == "light"
