"""What is answered from look-ups alone is, byte for byte, what the application answers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from officegraph.http.links import link, link_header
from officegraph.model.formats import HTML
from officegraph.web.answer import Answer
from officegraph.web.app import PLAIN
from officegraph.web.dereference import FORMATS, OFFERS, dereference, offers_of
from officegraph.web.publication import EXTENSION, Publication
from web.test_hot import ENDINGS, NAMES, ask
from web.test_hot import request as words

ACCEPT = [
    "*/*", "", "text/turtle", "text/html", "text/html;q=0.1, application/ld+json", "image/png", "*/*;q=0", "nonsense",
    "text/turtle;q=0", "application/rdf+xml", "text/csv", "a" * 2000,
]  # fmt: skip
DATES = ["Sat, 01 Jan 2000 00:00:00 GMT", "Tue, 01 Jan 2999 00:00:00 GMT", "yesterday", ""]
TAGS = ["*", '"other"', 'W/"other"', "", "x"]
FIELDS = {
    "Accept": ACCEPT,
    "Accept-Encoding": ["gzip", "identity", "gzip;q=0, *", "br, zstd", "*;q=0", "", "x-gzip"],
    "Accept-Language": ["de", "fr, de;q=0.5"],
    "If-Modified-Since": DATES,
    "If-Unmodified-Since": DATES,
    "If-Match": TAGS,
    "If-None-Match": TAGS,
    "Range": ["bytes=0-3"],
    "If-Range": ['"other"'],
    "Host": ["localhost", "localhost:80", "other.example:8080", "", "a b", "b\u00fccher.example",
             "[::1]:8000", "a/b", "@"],
    "Origin": ["https://app.example"],
}  # fmt: skip
MORE = [
    "/", "//plain", "/plain//", "/plain%00", "/%70lain.ttl", "/plain%2Ettl", "/a%0Ab", "/%0A", "/%FF.ttl",
    "/sitemap-1.ttl", "/resource.ttl", "/dataset.ttl", "/.ttl", "/plain.TTL", "/plain.ttl?x=1",
    "/plain?lang=de&lang=en", "/plain?lang=%FF", "/hash.ttl?", "/sparql.ttl", "/%73parql", "/static", "/..%2f..%2fetc",
    "/plain.ttl/", "/\u00e9",
]  # fmt: skip
TARGETS = [*(f"/{name}{ending}" for name in NAMES for ending in ENDINGS), *MORE]


def said(answer: Answer) -> tuple[int, list[tuple[str, str]], bytes]:
    return answer.status, list(answer.headers), answer.content


def compare(app: Flask, environ: dict[str, Any]) -> Answer | None:
    """Check that what is answered from look-ups is what the views answer; return it."""
    found = dereference(environ, app.extensions[EXTENSION])
    status, headers, body = ask(app.extensions[PLAIN], environ)
    if found is not None:
        assert said(found) == (int(status[:3]), headers, body)
        assert status[:3] in {"200", "303", "304"}
    return found


def bent(environ: dict[str, Any], more: Mapping[str, str | None]) -> dict[str, Any]:
    return {
        **{name: value for name, value in environ.items() if name not in more},
        **{n: v for n, v in more.items() if v is not None},
    }


SERVERS: list[dict[str, str | None]] = [
    {},
    {"wsgi.url_scheme": "https"},
    {"SCRIPT_NAME": "/mount"},
    {"SCRIPT_NAME": "/mo\u00c3\u00bcnt/"},
    {"SERVER_PORT": "8000"},
    {"HTTP_HOST": None},
    {"HTTP_HOST": None, "SERVER_NAME": "unix:/tmp/socket", "SERVER_PORT": ""},
]


@settings(max_examples=500, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    target=st.sampled_from(TARGETS),
    method=st.sampled_from(["GET", "GET", "HEAD"]),
    names=st.lists(st.sampled_from(sorted(FIELDS)), unique=True, max_size=4),
    data=st.data(),
    raw=st.booleans(),
    server=st.sampled_from(SERVERS),
)
def test_what_look_ups_answer_is_what_the_views_answer(
    app: Flask,
    target: str,
    method: str,
    names: list[str],
    data: st.DataObject,
    server: dict[str, str | None],
    *,
    raw: bool,
) -> None:
    headers = {name: data.draw(st.sampled_from(FIELDS[name])) for name in names}
    environ = bent(
        words(target, method, raw=raw), {f"HTTP_{n.upper().replace('-', '_')}": v for n, v in headers.items()}
    )
    environ = bent(environ, server)
    found = compare(app, environ)
    if found is not None and (etag := dict(found.headers).get("ETag")):
        for condition in (etag, f"W/{etag}", f'"x", {etag}'):
            compare(app, {**environ, "HTTP_IF_NONE_MATCH": condition})
            compare(app, {**environ, "HTTP_IF_MATCH": condition})


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    path=st.text(alphabet=st.characters(codec="utf-8"), max_size=12),
    ending=st.sampled_from(ENDINGS),
    host=st.text(alphabet=st.characters(max_codepoint=255), max_size=12),
    accept=st.text(alphabet=st.characters(max_codepoint=255), max_size=20),
)
@example(path="plain", ending=".ttl", host="localhost", accept="*/*")
def test_any_words_are_answered_alike(app: Flask, path: str, ending: str, host: str, accept: str) -> None:
    for name in (path, f"plain{path}", f"plain.ttl{path}"):
        environ = words(f"/{name}{ending}".partition("?")[0])
        compare(app, {**environ, "HTTP_HOST": host, "HTTP_ACCEPT": accept})


@pytest.mark.parametrize("fixture", ["app", "quads_app"])
def test_every_stored_document_is_found_by_look_ups(request: pytest.FixtureRequest, fixture: str) -> None:
    app: Flask = request.getfixturevalue(fixture)
    current: Publication = app.extensions[EXTENSION]
    answered = 0
    for iri in current.release.documents:
        if not iri.startswith(current.release.base) or iri == current.dataset_iri:
            continue
        for ending in ("", *FORMATS):
            path = current.addresses.document_path(iri, ending) if ending else current.addresses.resource_path(iri)
            for headers in ({}, {"Accept-Encoding": "gzip"}, {"Accept": "text/html"}, {"If-None-Match": "*"}):
                environ = words(path, headers=headers)
                answered += compare(app, environ) is not None
    assert answered > 50


def test_the_field_link_is_made_of_links(app: Flask) -> None:
    current: Publication = app.extensions[EXTENSION]
    for iri in [*current.release.documents, "urn:isbn:9780262", "https://example.org/voc/{0}"]:
        document = current.release.documents.get(iri)
        offers = OFFERS if document is None else offers_of(document)
        for own in (None, HTML.extension, offers.formats[0].extension):
            for site in ("http://localhost/", "https://b\u00fccher.example/{1}/"):
                expected = [
                    link(
                        site + current.addresses.document_path(iri, item.extension)[1:],
                        "alternate",
                        type=item.media_type,
                    )
                    for item in offers.formats
                    if item.extension != own
                ]
                expected += [link(iri, "canonical"), link(iri, "cite-as"), link(f"{site}dataset", "describedby")]
                expected += [link(license_, "license") for license_ in current.release.manifest.licenses]
                expected.append(link("http://www.w3.org/2004/02/skos/core", "profile"))
                assert current.addresses.link_field(iri, offers, site, own) == link_header(expected)
