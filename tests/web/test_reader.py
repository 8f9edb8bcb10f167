"""The languages of a page: that of the interface and that of the content, the choice, and what keeps it."""

from __future__ import annotations

import re
from urllib.parse import urljoin

import html5lib
import pytest
from flask.testing import FlaskClient

from officegraph.web.pages.wording import gettext, language
from officegraph.web.reader import interface_language

PAGES = ["/", "/plain.html", "/hash.html", "/sparql", "/sparql?query=ASK%7B%7D", "/dumps/", "/dataset.html",
         "/problems/busy", "/nothing", "/sparql?query=nonsense", "/resource.html?uri=urn:isbn:9780262"]  # fmt: skip
HTML = {"Accept": "text/html"}


def elements(page: str, tag: str) -> list[dict[str, str]]:
    tree = html5lib.parse(page, namespaceHTMLElements=False)
    return [dict(element.attrib) for element in tree.iter(tag)]


def choices(page: str) -> dict[str, str]:
    return {link["hreflang"]: link["href"] for link in elements(page, "a") if "hreflang" in link}


@pytest.mark.parametrize(
    ("wish", "published", "expected"),
    [
        (None, "en", "en"),
        ("", "de", "de"),
        (None, "de-CH", "de"),
        (None, "pl", "en"),
        ("pl", "de", "de"),
        ("pl, fr;q=0.1", "de", "fr"),
        ("es-419, en", "en", "es"),
        ("en;q=0, de;q=0, *", "en", "fr"),
        ("\x00;;,", "en", "en"),
    ],
)
def test_the_interface_speaks_what_it_can_of_what_is_asked_for(wish: str | None, published: str, expected: str) -> None:
    assert interface_language(wish, published) == expected


@pytest.mark.parametrize("path", PAGES)
def test_each_page_leads_to_itself_in_each_language(client: FlaskClient, path: str) -> None:
    english = client.get(path, headers=HTML).get_data(as_text=True)
    found = choices(english)
    assert list(found) == ["en", "de", "fr", "es"]
    for tag, href in found.items():
        answer = client.get(urljoin(path, href), headers={**HTML, "Accept-Language": "en"})
        page = answer.get_data(as_text=True)
        assert answer.headers["Content-Language"] == tag
        assert f'<html lang="{tag}">' in page
        assert {link.get("hreflang") for link in elements(page, "a") if link.get("aria-current") == "true"} - {
            None
        } == {tag}
        assert choices(page) == found
        assert tag == "en" or page != english


def test_what_else_the_address_asks_for_goes_along_and_stays_text(client: FlaskClient) -> None:
    page = client.get("/plain.html?a=%22%3E%3Cb%3E&lang=fr&%C3%A4=<x>'&lang=de", headers=HTML).get_data(as_text=True)
    assert choices(page)["es"] == "?a=%22%3E%3Cb%3E&%C3%A4=%3Cx%3E'&lang=es"
    assert "<b>" not in page.partition("<main")[0]


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("lang", ["", "de", "pl,fr"])
def test_links_keep_the_language_that_the_address_asks_for_and_no_other(
    client: FlaskClient, path: str, lang: str
) -> None:
    address = f"{path}{'&' if '?' in path else '?'}lang={lang}" if lang else path
    page = client.get(address, headers={**HTML, "Accept-Language": "fr"}).get_data(as_text=True)
    kept = f"lang={lang.replace(',', '%2C')}"
    for link in elements(page, "a"):
        internal = re.match(r"/(?!\.well-known|dumps/|dumps\.json)", link["href"])
        data = re.search(r"\.(ttl|nt|rdf|jsonld|trig|nq|csv|json)(\?uri=|$)", link["href"])
        if internal and not data:
            assert (kept in link["href"]) == bool(lang), link
        if not lang and "hreflang" not in link:
            assert "lang=" not in link["href"]
    fields = [field for field in elements(page, "input") if field.get("name") == "lang"]
    assert [field["value"] for field in fields] == [lang] * len(fields)
    assert len(fields) == (len(elements(page, "form")) if lang else 0)
    for asset in [*elements(page, "script"), *elements(page, "link")]:
        assert not re.match("/static/.*lang=", asset.get("src", asset.get("href", "")))


@pytest.mark.parametrize(
    ("path", "location"),
    [
        ("/dataset?lang=de", "/dataset.html?lang=de"),
        ("/plain?lang=de", "/plain.html?lang=de"),
        ("/resource?uri=https://example.org/voc/plain&lang=de", "/plain?lang=de"),
    ],
)
def test_redirects_keep_it_too(client: FlaskClient, path: str, location: str) -> None:
    assert client.get(path, headers=HTML).headers["Location"] == f"http://localhost{location}"


def test_pages_in_two_interfaces_are_two_representations(client: FlaskClient) -> None:
    answers = {tag: client.get("/plain.html", headers={"Accept-Language": tag}) for tag in ("en", "fr", "es", "de")}
    assert len({answer.headers["ETag"] for answer in answers.values()}) == 4
    etag = answers["fr"].headers["ETag"]
    unchanged = client.get("/plain.html", headers={"Accept-Language": "fr", "If-None-Match": etag})
    assert (unchanged.status_code, unchanged.headers["Vary"]) == (304, answers["fr"].headers["Vary"])
    assert client.get("/plain.html", headers={"Accept-Language": "es", "If-None-Match": etag}).status_code == 200


def test_content_that_is_not_in_the_language_asked_for_is_marked(client: FlaskClient) -> None:
    german = client.get("/plain.html?lang=de").get_data(as_text=True)
    assert '<h1 lang="de" dir="ltr">schlicht</h1>' in german
    mark = '<span aria-hidden="true">en</span><span class="visually-hidden">(auf Englisch)</span>'
    assert f'<span class="tag" title="Nicht in der gewünschten Sprache">{mark}</span>' in german
    assert "Sprache der Daten" not in german
    french = client.get("/plain.html?lang=fr").get_data(as_text=True)
    assert '<h1 lang="en" dir="ltr">plain</h1>' in french
    assert "Langue des données\u00a0: anglais." in french


def test_words_of_the_interface_carry_its_language_and_not_that_of_the_content(client: FlaskClient) -> None:
    page = client.get("/plain.html?lang=fr").get_data(as_text=True)
    assert '<span class="chip" lang="fr" dir="ltr">Concept</span>' in page or 'lang="fr" dir="ltr">Concept</a>' in page
    assert 'lang="en" dir="ltr">Terme générique' not in page


def test_problems_are_told_in_the_language_of_the_reader_to_people_alone(client: FlaskClient) -> None:
    headers = {"Accept-Language": "es"}
    page = client.get("/nothing", headers={**headers, **HTML}).get_data(as_text=True)
    assert "<h1>No encontrado</h1>" in page
    assert re.search(r'<p class="lead" lang="en" dir="auto">Nothing is known', page)
    assert client.get("/nothing", headers=headers).get_json()["title"] == "Not found"
    assert client.get("/plain.html?lang=%FF", headers={**headers, **HTML}).status_code == 400


def test_the_language_of_one_reader_does_not_outlast_the_answer(client: FlaskClient) -> None:
    client.get("/plain.html?lang=de")
    assert (language(), gettext("Downloads"), gettext("Sources")) == ("en", "Downloads", "Sources")
