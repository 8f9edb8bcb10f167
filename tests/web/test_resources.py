"""Resources and their documents: dereferencing, negotiation, links, IRIs of every kind."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import quote, urljoin, urlsplit

import pyoxigraph
import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import EnvironBuilder, TestResponse

from officegraph import create_app
from officegraph.model.formats import PYOXIGRAPH_RDF
from web.conftest import make

BASE = "https://example.org/voc/"
SKOS = "http://www.w3.org/2004/02/skos/core#"
RDF = ("ttl", "nt", "rdf", "jsonld", "trig", "nq")
MEDIA_TYPES = {
    "ttl": "text/turtle",
    "nt": "application/n-triples",
    "rdf": "application/rdf+xml",
    "jsonld": "application/ld+json",
    "trig": "application/trig",
    "nq": "application/n-quads",
    "csv": "text/csv",
    "html": "text/html",
}

# What is asked for, and the IRI that is meant.
ADDRESSES = [
    ("/plain", "plain"),
    ("/%70lain", "plain"),
    ("/file.ttl", "file.ttl"),
    ("/section-1.5", "section-1.5"),
    ("/a%20b", "a%20b"),
    ("/a%2Fb", "a%2Fb"),
    ("/a%23b", "a%23b"),
    ("/a%252Fb", "a%252Fb"),
    ("/caf%C3%A9", "caf%C3%A9"),
    ("/n%C3%A4", "n\u00e4"),
    ("/na%CC%88", "na\u0308"),
    ("/hash", "hash"),
    ("/only", "only"),
    ("/item?id=1&x=2", "item?id=1&x=2"),
    ("/ark://x/y", "ark://x/y"),
    ("/sub/", "sub/"),
    ("/x+y", "x+y"),
    ("/p;q=r,s", "p;q=r,s"),
    ("/odd", "odd"),
]

NO_ADDRESSES = [
    "/Plain",
    "/plain%00",
    "/plain%2Ettlx",
    "/a b",
    "/a/b",
    "/a%252fb%25",
    "/%",
    "/%zz",
    "/%FF",
    "/%C3",
    "/n%C3%A4%CC%88",
    "//plain",
    "/plain//",
    "/./plain.exe",
    "/item?id=1",
    "/item",
    "/plain.xyz",
    "/.ttl",
    "/..%2f..%2fetc%2fpasswd",
    "/../../etc/passwd",
    "/\u00e9",
]


def get(client: FlaskClient, target: str, **headers: str) -> TestResponse:
    """Send a request for exactly ``target``, as a server that keeps the raw target hands it over."""
    return client.get("/", headers=headers, environ_overrides=raw(target))


def raw(target: str) -> dict[str, str]:
    """Return the parts of a WSGI environment that hold the request target."""
    from urllib.parse import unquote_to_bytes

    path, _, query = target.partition("?")
    return {
        "PATH_INFO": unquote_to_bytes(path).decode("latin-1"),
        "QUERY_STRING": query,
        "REQUEST_URI": target,
        "RAW_URI": target,
    }


def cooked(target: str) -> dict[str, str]:
    """Return the same as a server that keeps no raw target hands it over."""
    environ = raw(target)
    return {**environ, "REQUEST_URI": "", "RAW_URI": ""}


def follow(client: FlaskClient, location: str) -> TestResponse:
    parts = urlsplit(location)
    assert (parts.scheme, parts.netloc) == ("http", "localhost")
    assert location.isascii()
    return get(client, parts.path + (f"?{parts.query}" if parts.query else ""))


def parse(response: TestResponse) -> set[pyoxigraph.Triple]:
    """Return the triples of an answer, read as its media type says, with canonical blank nodes."""
    extension = next(e for e, media_type in MEDIA_TYPES.items() if media_type == response.mimetype)
    quads = pyoxigraph.parse(response.get_data(), format=PYOXIGRAPH_RDF[extension])
    dataset = pyoxigraph.Dataset(pyoxigraph.Quad(*quad.triple) for quad in quads)
    dataset.canonicalize(pyoxigraph.CanonicalizationAlgorithm.UNSTABLE)
    return {quad.triple for quad in dataset}


def subjects(response: TestResponse) -> set[str]:
    return {str(triple.subject).strip("<>") for triple in parse(response)}


@pytest.mark.parametrize(("target", "iri"), ADDRESSES)
@pytest.mark.parametrize("environ", [raw, cooked], ids=["raw", "decoded"])
def test_an_iri_is_found_by_its_path_and_nothing_else(app: Flask, target: str, iri: str, environ) -> None:  # type: ignore[no-untyped-def]
    client = app.test_client()
    response = client.get("/", headers={"Accept": "text/turtle"}, environ_overrides=environ(target))
    if environ is cooked and iri == "a%252Fb":
        assert response.status_code == 303, "escapes of escapes are lost with the raw target"
        return
    assert response.status_code == 303
    document = follow(client, response.headers["Location"])
    assert document.status_code == 200
    assert document.mimetype == "text/turtle"
    expected = BASE + (f"{iri}#one" if iri == "only" else iri)
    assert expected in subjects(document)
    assert f'<{BASE}{quote(iri, safe="%/:;?=&,+")}>; rel="canonical"' in document.headers["Link"]


@pytest.mark.parametrize("target", NO_ADDRESSES)
def test_what_is_no_address_of_the_data_is_not_found(client: FlaskClient, target: str) -> None:
    assert get(client, target).status_code == 404


def test_the_two_spellings_of_an_umlaut_are_two_resources(client: FlaskClient) -> None:
    composed, combined = (
        follow(client, get(client, path).headers["Location"]).get_data(as_text=True)
        for path in ("/n%C3%A4", "/na%CC%88")
    )
    assert "one code point" in composed
    assert "one code point" not in combined
    assert "combining mark" in combined


def test_a_fragment_is_described_by_the_document_before_it(client: FlaskClient) -> None:
    document = get(client, "/only.ttl")
    assert {f"{BASE}only#one", f"{BASE}only#two"} <= subjects(document)
    both = get(client, "/hash.ttl")
    assert {f"{BASE}hash", f"{BASE}hash#one"} <= subjects(both)


def test_an_iri_that_ends_like_a_file_is_a_resource_and_has_documents(client: FlaskClient) -> None:
    assert get(client, "/file.ttl").status_code == 303
    assert get(client, "/file.ttl.nt").status_code == 200
    assert get(client, "/file").status_code == 404


@pytest.mark.parametrize(
    "iri",
    [
        *(BASE + iri for _, iri in ADDRESSES),
        BASE,
        f"{BASE}only#two",
        f"{BASE}sparql",
        f"{BASE}dumps",
        f"{BASE}resource",
        "https://elsewhere.example/thing",
        "urn:isbn:9780262",
    ],
)
@pytest.mark.parametrize("accept", ["text/turtle", "text/html", "application/ld+json"])
def test_any_iri_is_reached_by_the_parameter_uri(client: FlaskClient, iri: str, accept: str) -> None:
    response = get(client, f"/resource?uri={quote(iri, safe='')}", Accept=accept)
    hops = 0
    while response.status_code == 303 and hops < 3:
        parts = urlsplit(response.headers["Location"])
        response = get(client, parts.path + (f"?{parts.query}" if parts.query else ""), Accept=accept)
        hops += 1
    assert response.status_code == 200
    assert response.mimetype == accept
    if accept != "text/html":
        assert response.mimetype == accept
        assert any(subject.partition("#")[0] == iri.partition("#")[0] for subject in subjects(response))


def test_escapes_that_a_server_may_lose_do_not_lead_to_another_resource(tmp_path: Path) -> None:
    names = ("a%2Fb", "a/b", "%41", "%C3%A9", "é", "c%2Fd")
    app = make(tmp_path, "escapes.ttl", "\n".join(f"<{BASE}{name}> a <{SKOS}Concept> ." for name in names))
    client = app.test_client()
    for name in names:
        location = f"/resource?uri={quote(BASE + name, safe='')}"
        for _ in range(3):
            response = client.get("/", headers={"Accept": "text/turtle"}, environ_overrides=cooked(location))
            if response.status_code == 200:
                break
            location = response.headers["Location"].removeprefix("http://localhost")
        assert subjects(response) == {BASE + name}


def test_a_version_leads_to_what_describes_it(tmp_path: Path) -> None:
    app = make(tmp_path, "versions.ttl", VERSIONS)
    client = app.test_client()
    for iri, target in (
        ("dataset/2.1", "/dataset"),
        ("ontology/2.0", "/ontology"),
        ("ontology/2.0?x=1", "/ontology"),
    ):
        response = get(client, f"/{iri}")
        assert (response.status_code, response.headers["Location"]) == (303, f"http://localhost{target}")
    for iri in ("dataset/2.1", "ontology/2.0"):
        response = get(client, f"/resource?uri={quote(BASE + iri, safe='')}")
        assert response.status_code == 303
        assert f"<{BASE}{iri}>" in get(client, response.headers["Location"] + ".nt").get_data(as_text=True)
    for iri in ("dataset/2.0", "ontology/1.0", "ontology/2.0/x", "dataset/2.1/x"):
        assert get(client, f"/{iri}").status_code == 404


VERSIONS = f"""
<{BASE}dataset> a <http://rdfs.org/ns/void#Dataset> ; <http://www.w3.org/ns/dcat#version> "2.1" .
<{BASE}ontology> a <http://www.w3.org/2002/07/owl#Ontology> ;
    <http://www.w3.org/2002/07/owl#versionIRI> <{BASE}ontology/2.0> .
<{BASE}ontology#T> a <http://www.w3.org/2002/07/owl#Class> .
<{BASE}x> a <{SKOS}Concept> .
"""


@pytest.mark.parametrize("ending", ["ttl", "trig"])
def test_a_concept_by_the_name_of_the_data_set_is_not_mistaken_for_it(tmp_path: Path, ending: str) -> None:
    label = f'<{SKOS}prefLabel> "a set of data"@en'
    app = make(tmp_path, f"names.{ending}", f"<{BASE}dataset> a <{SKOS}Concept> ; {label} . <{BASE}x> {label} .")
    client = app.test_client()
    response = get(client, f"/resource?uri={quote(BASE, safe='')}dataset", Accept="text/turtle")
    document = follow(client, response.headers["Location"]).get_data(as_text=True)
    assert "skos:Concept" in document
    assert "void:Dataset" not in document
    described = get(client, "/dataset.nt").get_data(as_text=True)
    assert f"<{BASE}dataset-1> " in described
    assert not any(line.startswith(f"<{BASE}dataset> ") for line in described.splitlines())
    assert get(client, "/dataset-1").status_code == 303
    assert get(client, "/dataset.html").status_code == 200


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("", 400),
        ("?uri=", 400),
        ("?uri=https%3A%2F%2Fexample.org%2Fvoc%2Fplain&uri=x", 400),
        ("?uri=%FF", 400),
        ("?uri=plain", 404),
        ("?uri=https%3A%2F%2Fexample.org%2Fvoc%2Fa%20b", 404),
        ("?uri=https%3A%2F%2Fexample.org%2Fvoc%2Fa%2520b", 303),
        ("?uri=https%3A%2F%2Fexample.org%2Fvoc%2Fn%C3%A4", 303),
        ("?uri=HTTPS%3A%2F%2Fexample.org%2Fvoc%2Fplain", 404),
        ("?uri=https%3A%2F%2Fexample.org%2Fvoc%2Fplain&other=1", 303),
        ("?uri=https%3A%2F%2Fexample.org%2Fvoc%2Fx%2By", 303),
        ("?uri=%0d%0aSet-Cookie:%20x=1", 404),
    ],
)
def test_the_parameter_uri_is_one_iri_that_is_decoded_once(client: FlaskClient, query: str, status: int) -> None:
    for route in ("/resource", "/resource.ttl"):
        response = get(client, f"{route}{query}")
        assert response.status_code == (200 if status == 303 and route.endswith("ttl") else status)
        assert "Set-Cookie" not in response.headers


NEGOTIATION = [
    (None, "ttl"),
    ("", "ttl"),
    ("*/*", "ttl"),
    ("text/turtle", "ttl"),
    ("text/turtle; charset=utf-8", "ttl"),
    ("application/x-turtle", "ttl"),
    ("text/n3", "ttl"),
    ("text/html", "html"),
    ("application/xhtml+xml", "html"),
    ("text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8", "html"),
    ("application/ld+json", "jsonld"),
    ('application/ld+json;profile="http://www.w3.org/ns/json-ld#compacted"', "jsonld"),
    ("application/json", "jsonld"),
    ("application/rdf+xml", "rdf"),
    ("application/rdf+xml,text/rdf+n3;q=0.9,application/xhtml+xml;q=0.5,*/*;q=0.1", "rdf"),
    ("application/n-triples", "nt"),
    ("text/plain", "nt"),
    ("application/n-quads,application/trig;q=0.95,application/ld+json;q=0.9", "nq"),
    ("application/trig", "trig"),
    ("text/csv", "csv"),
    ("text/turtle;q=0.5, application/rdf+xml;q=0.9", "rdf"),
    ("text/turtle;q=0, */*;q=0.1", "nt"),
    ("text/*;q=0.3, application/n-triples;q=0.2", "ttl"),
    ("TEXT/TURTLE", "ttl"),
    ("image/png", None),
    ("image/*, video/mp4;q=0.5", None),
    ("*/*;q=0", None),
    ("text/turtle;q=0", None),
]


@pytest.mark.parametrize(("accept", "extension"), NEGOTIATION)
def test_the_thing_redirects_to_the_document_that_is_accepted(
    client: FlaskClient, accept: str | None, extension: str | None
) -> None:
    response = client.get("/plain", headers={} if accept is None else {"Accept": accept})
    assert response.headers["Vary"] == "Accept"
    if extension is None:
        assert response.status_code == 406
        offers = {offer["mediaType"] for offer in json.loads(response.get_data())["offers"]}
        assert offers == set(MEDIA_TYPES.values())
        assert response.headers["Link"].count('rel="alternate"') == len(MEDIA_TYPES)
        return
    assert response.status_code == 303
    assert response.headers["Location"] == f"http://localhost/plain.{extension}"
    document = client.get(f"/plain.{extension}", headers={} if accept is None else {"Accept": accept})
    assert document.status_code == 200
    assert document.mimetype == MEDIA_TYPES[extension]


@pytest.mark.parametrize("extension", MEDIA_TYPES)
@pytest.mark.parametrize("accept", ["image/png", "text/html", "application/rdf+xml", "*/*;q=0"])
def test_the_address_of_a_document_wins_over_accept(client: FlaskClient, extension: str, accept: str) -> None:
    response = client.get(f"/plain.{extension}", headers={"Accept": accept})
    assert response.status_code == 200
    assert response.mimetype == MEDIA_TYPES[extension]
    assert "Accept," not in f"{response.headers['Vary']},".replace(" ", "").split("Accept-")[0]


def test_charset_stands_only_where_the_media_type_defines_it(client: FlaskClient) -> None:
    with_charset = {e for e in MEDIA_TYPES if "charset=utf-8" in client.get(f"/plain.{e}").headers["Content-Type"]}
    assert with_charset == {"ttl", "csv", "html"}


def test_all_formats_say_the_same(client: FlaskClient) -> None:
    graphs = [parse(client.get(f"/plain.{extension}")) for extension in RDF]
    assert all(graph == graphs[0] for graph in graphs)
    assert len(graphs[0]) > 5
    assert "notation 1.50 " in client.get("/plain.ttl").get_data(as_text=True), (
        "lexical forms stay as they were written"
    )


def test_a_resource_that_rdf_xml_cannot_say_is_not_offered_in_it(client: FlaskClient) -> None:
    response = client.get("/odd", headers={"Accept": "application/rdf+xml"})
    assert response.status_code == 406
    assert "application/rdf+xml" not in response.headers["Link"]
    assert client.get("/odd.rdf").status_code == 406
    assert client.get("/odd", headers={"Accept": "application/rdf+xml, text/turtle;q=0.1"}).status_code == 303


@pytest.mark.parametrize(
    ("accept", "mimetype"),
    [
        ("text/turtle", "text/turtle"),
        ("application/rdf+xml", "application/rdf+xml"),
        ("application/ld+json", "application/problem+json"),
        ("application/n-triples", "application/n-triples"),
        ("text/html", "text/html"),
        ("application/problem+json", "application/problem+json"),
        ("text/plain", "text/plain"),
        ("*/*", "application/problem+json"),
        ("image/png", "application/problem+json"),
    ],
)
@pytest.mark.parametrize("target", ["/nothing", "/nothing.ttl", "/resource?uri=urn:x"])
def test_what_is_unknown_is_not_found_in_the_format_asked_for(
    client: FlaskClient, target: str, accept: str, mimetype: str
) -> None:
    response = client.get(target, headers={"Accept": accept})
    assert response.status_code == 404
    assert response.mimetype == mimetype
    if mimetype in {"text/turtle", "application/rdf+xml", "application/n-triples"}:
        assert parse(response) == set()


@pytest.mark.parametrize(
    ("path", "location"),
    [
        ("/plain/", "http://localhost/plain"),
        ("/sub", "http://localhost/sub/"),
        ("/plain/?lang=de&x=%20", "http://localhost/plain?lang=de&x=%20"),
        ("/n%C3%A4/", "http://localhost/n%C3%A4"),
    ],
)
def test_a_slash_too_many_or_too_few_redirects_for_good_and_keeps_the_query(
    client: FlaskClient, path: str, location: str
) -> None:
    response = get(client, path)
    assert response.status_code == 308
    assert response.headers["Location"] == location


LINK = re.compile(r"<([^>]*)>((?:\s*;\s*[\w*-]+=(?:\"[^\"]*\"|[^\s;,\"]+))*)")


def links(response: TestResponse) -> list[tuple[str, dict[str, str]]]:
    found = []
    for target, parameters in LINK.findall(response.headers.get("Link", "")):
        found.append((target, dict(re.findall(r"([\w*-]+)=\"?([^\";]*)\"?", parameters))))
    return found


@pytest.mark.parametrize(
    "path", ["/plain", "/plain.ttl", "/plain.html", "/odd.ttl", "/only.nt", "/dataset", "/dataset.ttl"]
)
def test_every_alternate_answers_with_the_type_it_promises(client: FlaskClient, path: str) -> None:
    response = client.get(path)
    alternates = [(t, p["type"]) for t, p in links(response) if p["rel"] == "alternate"]
    own = path.rpartition(".")[2] if "." in path else None
    assert len(alternates) >= 5
    for target, media_type in alternates:
        answer = follow(client, target)
        assert answer.status_code == 200, target
        assert answer.mimetype == media_type
        assert own is None or not urlsplit(target).path.endswith(f".{own}")


@pytest.mark.parametrize("path", ["/plain", "/plain.ttl", "/plain.html", "/plain.csv"])
def test_links_say_what_it_is_about_and_under_which_licence(client: FlaskClient, path: str) -> None:
    relations: dict[str, list[str]] = {}
    for target, parameters in links(client.get(path)):
        relations.setdefault(parameters["rel"], []).append(target)
    assert relations["canonical"] == [f"{BASE}plain"]
    assert relations["cite-as"] == [f"{BASE}plain"]
    assert relations["license"] == ["https://creativecommons.org/licenses/by/4.0/"]
    assert relations["describedby"] == ["http://localhost/dataset"]
    assert relations["profile"]


class Alternates(HTMLParser):
    """The ``link`` elements of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.links: list[dict[str, str]] = []
        self.anchors: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        if tag == "link":
            self.links.append(found)
        elif tag == "a" and "href" in found:
            self.anchors.append(found["href"])


@pytest.mark.parametrize("path", ["/plain.html", "/only.html", "/resource.html?uri=urn:isbn:9780262", "/dataset.html"])
def test_every_link_of_a_page_leads_somewhere(client: FlaskClient, path: str) -> None:
    page = Alternates(client.get(path).get_data(as_text=True))
    alternates = [item for item in page.links if item.get("rel") == "alternate" and "type" in item]
    assert len(alternates) >= 5
    for item in alternates:
        parts = urlsplit(urljoin(f"http://localhost{path}", item["href"]))
        answer = get(client, parts.path + (f"?{parts.query}" if parts.query else ""))
        assert answer.status_code == 200, item
        assert answer.mimetype == item["type"]
    for anchor in page.anchors:
        parts = urlsplit(urljoin(f"http://localhost{path}", anchor))
        endpoint = parts.path == "/resource" and parts.query == "uri="  # void:uriLookupEndpoint, to be completed
        if parts.netloc == "localhost" and not endpoint:
            answer = get(client, parts.path + (f"?{parts.query}" if parts.query else ""), Accept="text/html")
            assert answer.status_code in {200, 303}, anchor


def test_labels_of_the_data_cannot_become_markup(client: FlaskClient) -> None:
    page = client.get("/plain.html").get_data(as_text=True)
    assert "<script>alert(1)</script>" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page or "\\u003cscript" in page


@pytest.mark.parametrize(
    ("header", "query", "content", "interface"),
    [
        (None, "", "en", "en"),
        ("de", "", "de", "de"),
        ("de-CH, en;q=0.8", "", "de", "de"),
        ("fr, de;q=0.5", "", "de", "fr"),
        ("fr", "", "en", "fr"),
        ("pl, de;q=0.5", "", "de", "de"),
        ("*", "", "en", "en"),
        ("de", "?lang=en", "en", "en"),
        ("en", "?lang=de", "de", "de"),
        ("en", "?lang=es,de", "de", "es"),
        ("de", "?lang=xx", "en", "en"),
        ("de", "?lang=", "de", "de"),
    ],
)
def test_pages_come_in_the_language_of_the_reader(
    client: FlaskClient, header: str | None, query: str, content: str, interface: str
) -> None:
    response = client.get(f"/plain.html{query}", headers={} if header is None else {"Accept-Language": header})
    page = response.get_data(as_text=True)
    assert response.headers["Content-Language"] == interface
    assert f'<html lang="{interface}">' in page
    assert ("schlicht" if content == "de" else "plain") in page
    assert ("Accept-Language" in response.headers["Vary"]) == (query in {"", "?lang="})


def test_the_language_of_the_page_goes_along_with_the_redirect(client: FlaskClient) -> None:
    page = client.get("/plain?lang=de", headers={"Accept": "text/html"})
    assert page.headers["Location"] == "http://localhost/plain.html?lang=de"
    data = client.get("/plain?lang=de", headers={"Accept": "text/turtle"})
    assert data.headers["Location"] == "http://localhost/plain.ttl"
    by_iri = client.get("/resource?uri=urn:isbn:9780262&lang=%C3%A4%26", headers={"Accept": "text/html"})
    assert by_iri.headers["Location"].endswith("?uri=urn%3Aisbn%3A9780262&lang=%C3%A4%26")


@pytest.mark.parametrize(
    ("accept", "location"),
    [
        ("text/turtle", "http://localhost/resource.ttl?uri=https%3A%2F%2Fexample.org%2Fvoc%2F"),
        ("application/ld+json", "http://localhost/resource.jsonld?uri=https%3A%2F%2Fexample.org%2Fvoc%2F"),
    ],
)
def test_the_root_stands_for_the_scheme_whose_iri_is_the_base(client: FlaskClient, accept: str, location: str) -> None:
    response = client.get("/", headers={"Accept": accept})
    assert response.status_code == 303
    assert response.headers["Location"] == location
    assert BASE in subjects(follow(client, location))
    assert client.get("/").mimetype == "text/html"


def test_an_absolute_target_means_the_same_as_its_path(client: FlaskClient) -> None:
    environ = {**raw("/plain"), "REQUEST_URI": "http://other.example/plain", "RAW_URI": "http://other.example/plain"}
    assert client.get("/", environ_overrides=environ).status_code == 303


def test_the_app_works_under_a_path_of_another(app: Flask) -> None:
    builder = EnvironBuilder(path="/plain", headers={"Accept": "text/turtle"})
    environ = builder.get_environ()
    environ["SCRIPT_NAME"] = "/vocabulary"
    environ["REQUEST_URI"] = "/vocabulary/plain"
    seen: list[tuple[str, list[tuple[str, str]]]] = []
    list(app.wsgi_app(environ, lambda status, headers, _=None: seen.append((status, headers))))  # type: ignore[arg-type, func-returns-value]
    status, fields = seen[0]
    assert status.startswith("303")
    assert dict(fields)["Location"] == "http://localhost/vocabulary/plain.ttl"


def test_the_public_url_stands_in_every_address(tmp_path_factory: pytest.TempPathFactory) -> None:
    source = tmp_path_factory.mktemp("public") / "v.ttl"
    source.write_text(f"<https://example.org/v#a> a <{SKOS}Concept> ; <{SKOS}prefLabel> 'a'@en .", "utf-8")
    client = create_app([source], public_url="https://vocabulary.example/here").test_client()
    response = client.get("/v", headers={"Host": "evil.example"})
    assert response.headers["Location"] == "https://vocabulary.example/here/v.ttl"
    assert "evil.example" not in str(response.headers)
    assert "evil.example" not in client.get("/dataset.ttl", headers={"Host": "evil.example"}).get_data(as_text=True)


@pytest.mark.parametrize("host", ["", "a b", "evil.example/x", "<script>", "x" * 3000, "[::1", "host:port", "é"])
def test_a_bad_host_is_no_error_of_the_server(client: FlaskClient, host: str) -> None:
    for path in ("/plain", "/dataset.ttl", "/", "/sparql", "/nothing"):
        response = client.get(path, headers={"Accept": "text/turtle"}, environ_overrides={"HTTP_HOST": host})
        assert response.status_code < 500, (host, path)
