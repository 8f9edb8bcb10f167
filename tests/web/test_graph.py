"""The neighbourhood graph: its layout, its block, its page and its image."""

from __future__ import annotations

import hashlib
import re
from base64 import b64encode
from itertools import combinations
from xml.etree import ElementTree as ET

import html5lib
import pytest
from flask.testing import FlaskClient
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import Literal, RdfFormat, Triple, parse

from officegraph.web.pages.drawing import Box, Drawing, Group, Neighbour, fitted, landscape, portrait, text_width
from officegraph.web.pages.environment import render
from officegraph.web.pages.graph import DRAWN, graph_block, graph_page, image_of, neighbourhood, render_graph
from officegraph.web.pages.site import Site
from officegraph.web.pages.subject import Describer
from officegraph.web.pages.terms import Link, Text

BASE = "https://example.org/v/"
HTML = "{http://www.w3.org/1999/xhtml}"
SVG = "{http://www.w3.org/2000/svg}"
PREFIXES = """
@prefix : <https://example.org/v/> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
"""
CONCEPT = """
:settling a skos:Concept ; skos:prefLabel "settling"@en ; skos:broader :trading ; skos:narrower :netting ;
    skos:related :clearing , <http://other.example/settle> ; skos:relatedMatch <http://other.example/settle> .
:late skos:broader :settling . :trading skos:prefLabel "trading"@en . :clearing skos:prefLabel "تسوية"@ar .
"""


def triples(text: str) -> list[Triple]:
    return [quad.triple for quad in parse(PREFIXES + text, format=RdfFormat.TURTLE)]


def make_site(**changes: object) -> Site:
    fields = {
        "name": "x",
        "base": BASE,
        "path_of": lambda iri: "/" + iri.removeprefix(BASE) if iri.startswith(BASE) else None,
        "document_path": lambda _iri, ending: f"/x.{ending}",
    }
    return Site(**{**fields, **changes})  # type: ignore[arg-type]


def describer(text: str = CONCEPT, **changes: object) -> Describer:
    return Describer.of(make_site(**changes), f"{BASE}settling", triples(text), ("en",))


def groups_of(text: str = CONCEPT) -> dict[str, list[str]]:
    found = neighbourhood(describer(text), lambda link: link.href, lambda _: "#all")
    return {group.kind: [n.link.iri.removeprefix(BASE) for n in group.neighbours] for group in found}


def test_neighbours_are_told_apart_by_what_skos_says() -> None:
    assert groups_of() == {
        "broader": ["trading"],
        "narrower": ["late", "netting"],
        "related": ["clearing"],
        "mapped": ["http://other.example/settle"],
    }


def test_what_the_graph_shows_is_left_for_other_blocks() -> None:
    page = describer()
    before = {subject: page.statements.rest(subject) for subject in page.statements.subjects()}
    assert graph_block(page) is not None
    assert before == {subject: page.statements.rest(subject) for subject in page.statements.subjects()}


def test_a_concept_alone_has_no_graph() -> None:
    assert graph_block(describer(':settling a skos:Concept ; skos:prefLabel "x"@en ; skos:broader :settling .')) is None


def test_more_than_a_dozen_end_in_a_number_that_leads_to_all() -> None:
    many = "".join(f":n{number} skos:broader :settling . " for number in range(5000))
    block = graph_block(describer(":settling a skos:Concept . " + many))
    assert block is not None
    for drawing in (block.wide, block.tall):
        *boxes, last = drawing.panels[0].boxes
        assert len(boxes) == DRAWN
        assert (last.label.value, last.href) == (f"and {5000 - DRAWN:,} more", "#page-relations")
        assert drawing.panels[0].title == "narrower (5,000)"


WORDS = st.text(max_size=60) | st.sampled_from(["تسوية المعاملات", "バックオフィス" * 9, "W" * 70, "i", "é" * 40])
GROUPS = st.lists(
    st.tuples(
        st.sampled_from(["broader", "narrower", "related", "mapped", "beside", "broader-2", "narrower-2"]),
        st.lists(WORDS, min_size=1, max_size=DRAWN),
        st.integers(0, 10_000),
    ),
    max_size=7,
    unique_by=lambda group: group[0],
)


def overlap(a: Box, b: Box) -> bool:
    return a.x < b.x + b.width and b.x < a.x + a.width and a.y < b.y + 32 and b.y < a.y + 32


def check(drawing: Drawing) -> None:
    boxes = [box for panel in drawing.panels for box in panel.boxes]
    for one, other in combinations(boxes, 2):
        assert not overlap(one, other)
    for panel in drawing.panels:
        assert panel.x >= 0
        assert panel.y >= 0
        assert panel.x + panel.width <= drawing.width
        assert panel.y + panel.height <= drawing.height
        for box in panel.boxes:
            assert panel.x <= box.x
            assert box.x + box.width <= panel.x + panel.width + 0.2
            assert box.y + 32 <= panel.y + panel.height
            assert text_width(box.label.value) <= box.width
    focus = Box(drawing.focus.x, drawing.focus.y, drawing.focus.width, drawing.focus.label, None, None)
    assert not any(overlap(focus, box) for box in boxes)


@given(WORDS, GROUPS)
@settings(deadline=None)
def test_nothing_overlaps_or_sticks_out_whatever_it_is_called(name: str, given_groups: list) -> None:  # type: ignore[type-arg]
    groups = [
        Group(
            kind,
            f"{kind} ({len(labels) + more})",
            [Neighbour(Link(f"x:{n}", Text(label), "/x", False, True), kind, "/x") for n, label in enumerate(labels)],
            len(labels) + more,
        )
        for kind, labels, more in given_groups
    ]
    for draw in (landscape, portrait):
        drawing = draw(Text(name), groups)
        check(drawing)
        assert drawing == draw(Text(name), groups)


@given(WORDS, st.integers(30, 400))
def test_text_is_cut_to_fit(text: str, width: int) -> None:
    assert text_width(fitted(Text(text), width).value) <= max(width, text_width("…"))


def test_every_box_is_a_link_with_a_title_and_text_has_its_language() -> None:
    html = render("blocks/graph.html", site=make_site(), block=graph_block(describer()))
    root = html5lib.HTMLParser(strict=True).parseFragment(html)
    links = list(root.iter(f"{SVG}a"))
    assert len(links) == 2 * 5
    assert all(a.get("href") and a.find(f"{SVG}title") is not None for a in links)
    assert 'lang="ar" direction="rtl">تسوية' in html
    external = next(a for a in links if a.get("href") == "http://other.example/settle")
    assert "noopener" in external.get("rel", "")
    assert all(svg.get("role") == "group" and svg.get("aria-label") for svg in root.iter(f"{SVG}svg"))


def test_the_page_goes_two_steps_and_says_the_same_in_words() -> None:
    children = {f"{BASE}trading": [f"{BASE}settling", f"{BASE}pricing"], f"{BASE}netting": [f"{BASE}closing"]}
    parents = {f"{BASE}trading": [f"{BASE}work"]}
    site = make_site(children=lambda iri: children.get(iri, ()), parents=lambda iri: parents.get(iri, ()))
    page = graph_page(site, f"{BASE}settling", triples(CONCEPT), ("en",))
    assert page.graph is not None
    drawn = {box.neighbour.link.iri for panel in page.graph.wide.panels for box in panel.boxes if box.neighbour}
    listed = {item.link.iri for listing in page.listings for item in listing.items}
    assert drawn == listed
    assert {f"{BASE}work", f"{BASE}pricing", f"{BASE}closing"} < listed
    html = render_graph(site, page, canonical="https://example.org/graph")
    html5lib.HTMLParser(strict=True).parse(html)
    assert "/graph?concept=https%3A%2F%2Fexample.org%2Fv%2Fclearing" in html


def test_a_circle_does_not_lead_round() -> None:
    text = ":settling skos:broader :trading ; skos:narrower :trading ."
    site = make_site(children=lambda _: [f"{BASE}settling", f"{BASE}trading"], parents=lambda _: [f"{BASE}settling"])
    page = graph_page(site, f"{BASE}settling", triples(text), ("en",))
    assert [[item.link.iri for item in listing.items] for listing in page.listings] == [[f"{BASE}trading"]]


@pytest.mark.parametrize("text", ["<script>alert(1)</script>", '" onload="x', "]]>", "&amp;", "a\u0000b", "\ufffe", ""])
def test_hostile_names_stay_text_in_pages_and_images(text: str) -> None:
    statements = [*triples(CONCEPT)]
    site = make_site(labels=lambda _: [Literal(text, language="en")])
    page = graph_page(site, f"{BASE}settling", statements, ("en",))
    root = html5lib.HTMLParser(strict=True).parse(render_graph(site, page, canonical="https://example.org/"))
    image = ET.fromstring(image_of(site, f"{BASE}settling", statements, ("en",), "https://example.org/"))
    for element in (*root.iter(), *image.iter()):
        assert not [name for name in element.attrib if name.startswith("on")]
    assert not list(image.iter(f"{SVG}script"))


def test_the_image_stands_for_itself_and_its_style_is_let_in(client: FlaskClient) -> None:
    response = client.get("/graph.svg?concept=https%3A%2F%2Fexample.org%2Fvoc%2Fplain")
    assert response.content_type == "image/svg+xml; charset=utf-8"
    text = response.get_data(as_text=True)
    image = ET.fromstring(text)
    style = image.findtext(f"{SVG}style") or ""
    digest = b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert f"style-src 'self' 'sha256-{digest}';" in response.headers["Content-Security-Policy"]
    assert "style=" not in text
    assert not re.search(r'(?:src|href)="(?!https?://)', text)
    links = [a.get("href") for a in image.iter(f"{SVG}a")]
    assert links
    for target in links:
        assert client.get((target or "").removeprefix("http://localhost")).status_code == 303
