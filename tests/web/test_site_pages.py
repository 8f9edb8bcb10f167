"""The pages of whole applications: valid, linked, light, made without the engine, with queries that are true."""

import gzip
import json
import re
from html import unescape
from urllib.parse import parse_qs, quote, unquote, urlsplit
from xml.etree import ElementTree as ET

import html5lib
import pytest
from flask import Flask

from evidence_vocabulary import BASE, vocabulary
from officegraph import create_app

HTML = "{http://www.w3.org/1999/xhtml}"
LIGHT = 60_000
SETTLING = f"{BASE}concept/settling"

PAGES = (
    "/",
    "/about",
    "/changes",
    "/sources",
    "/dataset.html",
    "/dumps/",
    "/scheme.html",
    "/concept/settling.html",
    "/concept/work.html",
    "/concept/old.html",
    "/concept/netting.html",
    "/concept/back-office.html",
    "/segment/a.html",
    "/source/s1.html",
    "/source/s14.html",
    "/placement/p1.html",
    "/lexicon/settling.html",
    "/lexicon/meaning.html",
    "/mapping/one.html",
    "/mapping/set.html",
)


class NoEngine:
    """An engine that must not be asked."""

    def __getattr__(self, name):
        raise AssertionError(f"A page called the engine: {name}")


@pytest.fixture(scope="module")
def evidence_app(tmp_path_factory) -> Flask:
    source = tmp_path_factory.mktemp("evidence") / "deeds.ttl"
    source.write_text(vocabulary(), encoding="utf-8")
    return create_app([source])


@pytest.fixture
def deeds(evidence_app):
    return evidence_app.test_client()


@pytest.fixture
def without_engine(evidence_app):
    current = evidence_app.extensions["officegraph"]
    engine, current.engine = current.engine, NoEngine()
    yield evidence_app.test_client()
    current.engine = engine


@pytest.fixture(scope="module")
def own_app(tmp_path_factory) -> Flask:
    return create_app(releases=tmp_path_factory.mktemp("own"))


def tree_of(text):
    return html5lib.HTMLParser(strict=True).parse(text)


def elements(tree, name):
    return list(tree.iter(HTML + name))


def get(client, path):
    answer = client.get(path, headers={"Accept": "text/html"})
    assert answer.status_code == 200, path
    return tree_of(answer.text)


def anchors(tree):
    return {element.get("id") for element in tree.iter() if element.get("id")}


@pytest.mark.parametrize("path", PAGES)
def test_a_page_is_valid_and_calls_no_engine(without_engine, path):
    tree = get(without_engine, path)
    assert len(elements(tree, "h1")) == 1
    ids = [element.get("id") for element in tree.iter() if element.get("id")]
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("path", PAGES)
def test_a_page_is_light_and_lets_no_script_or_style_in(deeds, path):
    answer = deeds.get(path, headers={"Accept": "text/html", "Accept-Encoding": "gzip"})
    assert len(answer.data) < LIGHT
    text = gzip.decompress(answer.data).decode() if answer.headers.get("Content-Encoding") else answer.text
    assert not re.search(r"\sstyle=|\son[a-z]+=|<style", text)


@pytest.mark.parametrize("path", ["/about", "/changes", "/sources"])
def test_a_page_of_the_site_has_head_and_validators(deeds, path):
    answer = deeds.get(path)
    tree = tree_of(answer.text)
    canonical = [link.get("href") for link in elements(tree, "link") if link.get("rel") == "canonical"]
    assert canonical == [f"http://localhost{path}"]
    assert {meta.get("property") for meta in elements(tree, "meta")} >= {"og:title", "og:description", "og:url"}
    assert deeds.get(path, headers={"If-None-Match": answer.headers["ETag"]}).status_code == 304


def resolve(client, page, href, seen):
    """Assert that ``href`` on ``page`` leads somewhere, to a place on the page that there is."""
    split = urlsplit(href)
    if split.scheme or split.netloc:
        return
    address = href.partition("#")[0] or page
    if address not in seen:
        answer = client.get(address, headers={"Accept": "text/html"}, follow_redirects=True)
        assert answer.status_code == 200, f"{page}: {href}"
        seen[address] = anchors(tree_of(answer.text)) if answer.mimetype == "text/html" else set()
    if split.fragment and address == page:
        assert unquote(split.fragment) in seen[address], f"{page}: {href}"


def crawl(client, pages, *, follow=lambda _href: True):
    seen: dict[str, set[str]] = {}
    for page in pages:
        tree = get(client, page)
        seen[page] = anchors(tree)
        for link in elements(tree, "a"):
            if follow(link.get("href")):
                resolve(client, page, link.get("href"), seen)
    return seen


def test_all_links_lead_somewhere(deeds):
    crawl(deeds, PAGES)


def test_all_links_of_odd_iris_lead_somewhere(client, app):
    site = app.extensions["officegraph"]
    pages = [site.addresses.document_path(iri, "html") for iri in site.release.documents]
    crawl(client, ["/about", "/changes", "/sources", *pages])


def test_pages_of_every_class_of_the_graph_are_valid_linked_and_light(own_app):
    release = own_app.extensions["officegraph"].release
    found: dict[str, str] = {}
    for iri in release.documents:
        if iri.startswith(release.base):
            kind = iri[len(release.base) :].partition("/")[0]
            found.setdefault(kind, iri)
    wanted = [*found.values(), *(release.base + name for name in ("concept/settlement", "concept/back-office"))]
    client = own_app.test_client()
    pages = [f"/{iri[len(release.base) :]}.html" for iri in wanted if iri != release.manifest.dataset]
    crawl(client, [*pages, "/about", "/changes", "/sources"], follow=lambda href: not href.startswith("/sparql?"))
    for page in pages:
        assert len(client.get(page, headers={"Accept-Encoding": "gzip"}).data) < LIGHT, page


def queries_of(client, path):
    """Return the query of each section of a page by the section's identifier."""
    found = {}
    for section in elements(get(client, path), "section"):
        for link in elements(section, "a"):
            if link.get("class") == "ask":
                found[section.get("id")] = parse_qs(urlsplit(link.get("href")).query)["query"][0]
    return found


def rows_of(client, query):
    answer = client.get(f"/sparql?query={quote(query)}", headers={"Accept": "application/sparql-results+json"})
    assert answer.status_code == 200, answer.text
    return [{name: cell["value"] for name, cell in row.items()} for row in answer.json["results"]["bindings"]]


def column(client, path, section, name):
    return {row[name] for row in rows_of(client, queries_of(client, path)[section]) if name in row}


@pytest.mark.parametrize("path", [path for path in PAGES if path.endswith(".html")])
def test_every_query_of_a_page_is_answered(deeds, path):
    for section, query in queries_of(deeds, path).items():
        assert rows_of(deeds, query), f"{path}: {section}"


SETTLING_PAGE = "/concept/settling.html"


@pytest.mark.parametrize(
    ("path", "section", "name", "expected"),
    [
        (SETTLING_PAGE, "page-names", "name", {"settling", "Abwicklung", "settle-up", "setling"}),
        (SETTLING_PAGE, "page-notes", "value", {"Exchanging what was agreed.", "Not quarrels.", "Split from selling."}),
        (SETTLING_PAGE, "page-placements", "placement", {f"{BASE}placement/p{n}" for n in range(1, 15)}),
        (SETTLING_PAGE, "page-references", "source", {f"{BASE}source/s{n}" for n in range(1, 15)}),
        (
            SETTLING_PAGE,
            "page-relations",
            "concept",
            {f"{BASE}{name}" for name in ("concept/work", "concept/selling", "concept/netting", "scheme")}
            | {"https://w3id.org/officegraph/collection/usually-back-office"},
        ),
        (
            SETTLING_PAGE,
            "page-mappings",
            "target",
            {f"{BASE}lexicon/meaning", "http://other.example/settle", "http://other.example/class"},
        ),
        (SETTLING_PAGE, "page-changes", "value", {"2026-04-02", "Split from selling."}),
        ("/scheme.html", "page-tree", "concept", {f"{BASE}concept/work"}),
        ("/source/s1.html", "page-placements", "placement", {f"{BASE}placement/p1", f"{BASE}placement/q1"}),
        (
            "/lexicon/settling.html",
            "page-lexicon",
            "node",
            {f"{BASE}lexicon/form", f"{BASE}lexicon/sense-1", f"{BASE}lexicon/sense-2"},
        ),
    ],
)
def test_the_query_of_a_section_gives_what_it_shows(deeds, path, section, name, expected):
    assert column(deeds, path, section, name) == expected


def test_a_deprecated_concept_leads_to_its_successor(deeds):
    text = deeds.get("/concept/old.html").text
    assert re.search(r'class="banner".*No longer in use.*href="/concept/settling"', text, re.DOTALL)


def test_citations_are_sent_in_every_format(deeds):
    types = {
        "bibtex": "application/x-bibtex",
        "ris": "application/x-research-info-systems",
        "csl": "application/vnd.citationstyles.csl+json",
        "text": "text/plain",
    }
    for name, media_type in types.items():
        answer = deeds.get(f"/cite?uri={quote(SETTLING)}&format={name}")
        assert (answer.status_code, answer.mimetype) == (200, media_type)
        assert "settling" in answer.text
        assert SETTLING in answer.text
        assert answer.headers["Content-Disposition"].startswith("attachment; filename=")
        assert answer.headers["ETag"]


@pytest.mark.parametrize(
    ("target", "status"),
    [("/cite", 400), (f"/cite?uri={quote(SETTLING)}&format=word", 400), ("/cite?uri=urn:x:nothing", 404)],
)
def test_a_citation_of_nothing_is_refused(deeds, target, status):
    assert deeds.get(target).status_code == status


def test_the_page_links_to_its_citations(deeds):
    tree = get(deeds, SETTLING_PAGE)
    names = {link.text for link in elements(tree, "a") if (link.get("href") or "").startswith("/cite?")}
    assert names == {"BibTeX", "RIS", "CSL-JSON", "Text"}


def test_the_atom_feed_is_well_formed_and_complete(deeds):
    feed = ET.fromstring(deeds.get("/changes.atom").data)
    atom = "{http://www.w3.org/2005/Atom}"
    for name in ("id", "title", "updated", "author"):
        assert feed.find(atom + name) is not None
    for entry in feed.iter(f"{atom}entry"):
        assert re.fullmatch(
            r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)", entry.find(f"{atom}updated").text
        )
        assert entry.find(f"{atom}id").text.startswith("https://")


def test_the_json_feed_says_the_same_as_the_atom_feed(deeds):
    feed = json.loads(deeds.get("/changes.json").data)
    atom = ET.fromstring(deeds.get("/changes.atom").data)
    identifiers = [
        entry.find("{http://www.w3.org/2005/Atom}id").text for entry in atom.iter("{http://www.w3.org/2005/Atom}entry")
    ]
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert [item["id"] for item in feed["items"]] == identifiers
    assert feed["authors"] == [{"name": "A. & B. Editor"}]


def test_a_vocabulary_that_says_nothing_of_changes_says_when_it_was_released(client):
    assert [item["url"] for item in client.get("/changes.json").json["items"]] == ["http://localhost/dataset"]


@pytest.mark.parametrize(
    "path", ["/concept/setling", "/concept/settling-of-quarrels.html", "/resource?uri=urn:x:settling"]
)
def test_an_address_that_leads_nowhere_offers_what_is_called_alike(deeds, path):
    answer = deeds.get(path, headers={"Accept": "text/html"})
    assert answer.status_code == 404
    assert unescape(answer.text).count('href="/concept/settling"') == 1
    tree_of(answer.text)


@pytest.mark.parametrize("path", ["/%FF%FE", "/%00", "/'; DROP TABLE--", "/" + "a-" * 900, "/%F0%9F%A6%84"])
def test_no_address_breaks_the_page_of_an_error(deeds, path):
    answer = deeds.get(path, headers={"Accept": "text/html"})
    assert answer.status_code == 404
    tree_of(answer.text)


def test_the_list_of_sources_counts_their_placements(deeds):
    rows = [element for element in elements(get(deeds, "/sources"), "tr") if elements(element, "td")]
    assert len(rows) == 14
    assert "".join(elements(rows[0], "th")[0].itertext()) == "Source 1"
