"""Text from right to left: its direction, and that it leaves what is around it where it is."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, Triple

from officegraph.model.formats import RDF_FORMATS
from officegraph.model.namespaces import RDF, SKOS
from officegraph.web.pages.direction import direction
from officegraph.web.pages.resource import render_resource
from officegraph.web.pages.site import Site

BASE = "http://example.org/"
CONCEPT = NamedNode(f"{BASE}a")
CONTROLS = "\u202a\u202b\u202d\u202e\u2066\u2067\u2068\u200f"
"""What opens an embedding, an override or an isolate and is never closed."""

HOSTILE = {
    "ar": f"{CONTROLS}تسوية (T+2)",
    "he": "סליקה 123 - ABC",
    "fa": "تسویه: 45%",
    "ur": "\u202eتصفیے",
    "ps": "تصفیه",
    "yi": "באַצאָלונג",
    "dv": "ޚިދުމަތް",
    "az-Arab": "حساب",
    "en": f"settle{CONTROLS}ment",
    "": f"שלום {CONTROLS}",
}


@pytest.mark.parametrize(
    ("expected", "tags"),
    [
        ("rtl", "ar he fa ur yi ps sd ug dv ku-Arab ckb syr arc nqo iw ji arz pes prs arb pnb azb hbo lad"),
        ("rtl", "AR ar-EG ar-u-nu-latn az-Arab az-IR uz-AF pa-PK en-Arab zh-Hebr ff-Adlm und-Hebr ur-Aran"),
        ("ltr", "en de zh-Hans ja ku ku-TR az az-AZ uz pa ff sr-Cyrl ar-Latn he-Latn ar-Latn-EG yi-Latn en-x-arab"),
        ("ltr", "de-1996 sl-rozaj-biske zh-yue es-419 en-u-ca-hebrew en-t-ar-Arab qu hi-Latn und-Latn"),
        ("auto", "und mul zxx x-private x-Arab i-enochian qqq"),
    ],
)
def test_direction_follows_script_region_and_language(expected, tags):
    assert {tag: direction(tag) for tag in tags.split()} == dict.fromkeys(tags.split(), expected)


@pytest.mark.parametrize(("stated", "expected"), [("rtl", "rtl"), ("ltr", "ltr")])
def test_a_stated_direction_wins(stated, expected):
    assert direction("ar", stated) == direction("en", stated) == direction(None, stated) == expected


@given(st.text(max_size=30))
def test_no_tag_is_without_a_direction(tag):
    assert direction(tag) in {"ltr", "rtl", "auto"}


def page(languages):
    triples = [Triple(CONCEPT, RDF.type, SKOS.Concept)]
    for predicate in (SKOS.prefLabel, SKOS.altLabel, SKOS.definition, SKOS.example):
        triples += [
            Triple(CONCEPT, predicate, Literal(text, language=tag) if tag else Literal(text))
            for tag, text in HOSTILE.items()
        ]
    other = NamedNode(f"{BASE}b")
    triples += [
        Triple(CONCEPT, SKOS.related, other),
        Triple(other, SKOS.prefLabel, Literal(HOSTILE["ar"], language="ar")),
    ]
    triples.append(Triple(CONCEPT, SKOS.exactMatch, NamedNode("http://example.net/\u05d0\u05d1/1")))
    site = Site(name=HOSTILE["ar"], base=BASE, path_of=lambda iri: f"/{iri[-1]}", document_path=lambda iri, _: iri)
    return render_resource(site, CONCEPT.value, triples, RDF_FORMATS, languages)


@pytest.mark.parametrize("language", ["ar", "he", "en", "az-Arab"])
def test_every_text_is_isolated_from_what_is_around_it(language):
    body = page((language,)).partition("<body")[2]
    for text in HOSTILE.values():
        shown = 0
        for found in re.finditer(re.escape(text), body):
            before = body[: found.start()]
            opening = re.search(r"<([a-z0-9]+)([^<>]*)>(?:“|)$", before)
            # A citation is one line of plain text, to be copied as it stands.
            hidden = re.search(
                r'<span class="visually-hidden">[^<]*$|="[^"]*$|<p class="small cited"[^<>]*>[^<]*$', before
            )
            # A text of a picture, and the title of a part of it, is a paragraph of its own (SVG 2, section 11.4).
            alone = opening and opening[1] in {"bdi", "title", "text"}
            assert hidden or (opening and (alone or " dir=" in opening[2])), before[-120:]
            shown += hidden is None
        assert shown, text


def test_addresses_are_written_from_left_to_right():
    codes = re.findall(r"<code([^>]*)>http", page(("he",)).partition("<body")[2])
    assert codes
    assert all('dir="ltr"' in attributes for attributes in codes)
