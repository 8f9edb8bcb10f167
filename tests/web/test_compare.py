"""Comparisons: of what sources say of a function, and of two offices; and browsing by office."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlencode

import html5lib
import pytest
from flask.testing import FlaskClient
from pyoxigraph import RdfFormat, Triple, parse

from officegraph import create_app
from officegraph.model.namespaces import OFO
from officegraph.web.pages.assignments import Assignment, assignments
from officegraph.web.pages.browse_offices import SHOWN, offices_page
from officegraph.web.pages.compare import InOffice, function_comparison, office_comparison
from officegraph.web.pages.site import Site
from officegraph.web.pages.subject import Describer

BASE = "https://example.org/v/"
PREFIXES = """
@prefix : <https://example.org/v/> .
@prefix concept: <https://example.org/v/concept/> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix ofo: <https://w3id.org/officegraph/ontology#> .
@prefix prov: <http://www.w3.org/ns/prov#> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
"""
FRONT, BACK = f"{BASE}concept/front-office", f"{BASE}concept/back-office"
PLACED = """
:p1 a ofo:Placement ; ofo:function concept:f ; ofo:office concept:back-office ; ofo:segment :banks ;
    prov:hadPrimarySource :s1 .
:p2 a ofo:Placement ; ofo:function concept:f ; ofo:office concept:front-office ; ofo:segment :banks ;
    ofo:extent ofo:some ; prov:hadPrimarySource :s2 .
:p3 a ofo:Placement ; ofo:function concept:f ; ofo:office concept:back-office ; ofo:segment :funds ;
    prov:hadPrimarySource :s1 .
:p4 a ofo:Placement ; ofo:function concept:g ; ofo:office concept:back-office ; ofo:segment :funds ;
    prov:hadPrimarySource :s1 .
:p5 a ofo:Placement ; ofo:function concept:h ; ofo:office concept:front-office ; ofo:segment :funds ;
    prov:hadPrimarySource :s2 .
ofo:some skos:prefLabel "some of it"@en .
"""
NAMES = """
concept:front-office a skos:Concept , ofo:Office ; skos:prefLabel "front office"@en ;
    skos:definition "Meets people."@en ; ofo:contrastsWith concept:back-office .
concept:back-office a skos:Concept , ofo:Office ; skos:prefLabel "back office"@en ;
    ofo:contrastsWith concept:front-office .
concept:f a skos:Concept ; skos:prefLabel "f <b>"@en ; skos:narrower concept:below .
concept:g a skos:Concept ; skos:prefLabel "g"@en . concept:h a skos:Concept ; skos:prefLabel "تسوية"@ar .
concept:below a skos:Concept ; skos:prefLabel "below"@en .
:banks a skos:Concept ; skos:prefLabel "banks"@en . :funds a skos:Concept ; skos:prefLabel "funds"@en .
:s1 rdfs:label "Manual"@en ; ofo:reliability ofo:high . :s2 rdfs:label "Blog"@en ; ofo:reliability ofo:low .
:c1 a ofo:RelationClaim , rdf:Statement ; rdfs:label "They differ."@en ; rdf:subject concept:back-office ;
    rdf:predicate ofo:contrastsWith ; rdf:object concept:front-office ; prov:hadPrimarySource :s1 .
:c2 a ofo:Claim ; rdfs:label "It earns."@en ; ofo:about concept:front-office ; ofo:aspect ofo:revenueAspect ;
    rdf:value true ; prov:hadPrimarySource :s1 .
:c3 a ofo:Claim ; rdfs:label "It earns nothing."@en ; ofo:about concept:back-office ; ofo:aspect ofo:revenueAspect ;
    rdf:value false ; prov:hadPrimarySource :s2 .
:c4 a ofo:Claim ; rdfs:label "It is far away."@en ; ofo:about concept:back-office ; ofo:aspect ofo:locationAspect ;
    rdf:value "away"@en ; prov:hadPrimarySource :s2 .
"""


def triples(text: str) -> list[Triple]:
    return [quad.triple for quad in parse(PREFIXES + text, format=RdfFormat.TURTLE)]


ALL = triples(PLACED + NAMES)


def make_site() -> Site:
    return Site(
        name="x",
        base=BASE,
        path_of=lambda iri: "/" + iri.removeprefix(BASE) if iri.startswith(BASE) else None,
        document_path=lambda _iri, ending: f"/x.{ending}",
        statements=lambda iri: [t for t in ALL if str(t.subject) == f"<{iri}>"],
    )


def describer(iri: str) -> Describer:
    return Describer.of(make_site(), iri, ALL, ("en",))


def test_assignments_are_read_from_statements() -> None:
    found = assignments(triples(PLACED), OFO)
    assert found[1] == Assignment(f"{BASE}p2", f"{BASE}concept/f", FRONT, f"{BASE}banks", (f"{BASE}s2",), partial=True)
    usual = ":u a ofo:UsualPlacement ; ofo:function :f ; ofo:contested true ; ofo:basis ofo:inherited ."
    assert assignments(triples(usual), OFO) == [
        Assignment(f"{BASE}u", f"{BASE}f", None, None, usual=True, contested=True, inherited=True)
    ]
    assert assignments(triples(":x ofo:function :f ."), OFO) == []


def test_a_function_is_compared_by_segment_and_office() -> None:
    found = function_comparison(describer(f"{BASE}concept/f"))
    assert [office.style for office in found.offices] == ["front", "back"]
    assert [row.segment.text.value for row in found.segments if row.segment] == ["banks", "funds"]
    cells = [[[voice.source.text.value for voice in cell] for cell in row.cells] for row in found.segments]
    assert cells == [[["Blog"], ["Manual"]], [[], ["Manual"]]]
    assert [row.disagree for row in found.segments] == [True, False]
    assert found.disagreements == 1
    assert [str(remark.text.value) for remark in found.segments[0].cells[0][0].partial] == ["some of it"]  # type: ignore[union-attr]


def test_a_function_is_compared_by_source_and_segment() -> None:
    found = function_comparison(describer(f"{BASE}concept/f"))
    rows = {row.source.text.value: [[n.office.style for n in cell] for cell in row.cells] for row in found.sources}
    assert rows == {"Blog": [["front"], []], "Manual": [["back"], ["back"]]}


def test_a_function_that_nobody_places_is_not_compared() -> None:
    found = function_comparison(describer(f"{BASE}concept/below"))
    assert (list(found.segments), list(found.sources), found.disagreements) == ([], [], 0)


def labels(places: Sequence[InOffice]) -> list[tuple[str, list[str], bool]]:
    return [(p.segment.text.value if p.segment else "", [s.text.value for s in p.sources], p.both) for p in places]


def test_two_offices_are_compared_by_what_is_in_them() -> None:
    found = office_comparison(describer(FRONT), describer(BACK), assignments(ALL, OFO))
    assert [item.function.iri for item in found.only_first] == [f"{BASE}concept/h"]
    assert [item.function.iri for item in found.only_second] == [f"{BASE}concept/g"]
    (both,) = found.both
    assert both.function.iri == f"{BASE}concept/f"
    assert labels(both.first) == [("banks", ["Blog"], True)]
    assert labels(both.second) == [("banks", ["Manual"], True), ("funds", ["Manual"], False)]


def test_what_is_stated_between_offices_is_told_once_with_its_claims() -> None:
    found = office_comparison(describer(FRONT), describer(BACK), ())
    (relation,) = found.relations
    assert relation.mutual
    assert [claim.text.value for claim in relation.claims] == ["They differ."]
    assert [source.text.value for source in relation.sources] == ["Manual"]


def test_offices_are_compared_in_the_same_respect_first() -> None:
    found = office_comparison(describer(FRONT), describer(BACK), ())
    assert [(row.aspect.iri if row.aspect else "", len(row.first), len(row.second)) for row in found.aspects] == [
        (OFO.revenueAspect.value, 1, 1),
        (OFO.locationAspect.value, 0, 1),
    ]


def test_an_office_with_many_functions_is_shown_a_page_at_a_time() -> None:
    many = [
        Assignment("", f"{BASE}n{number:05}", BACK, None, usual=True, contested=number == 0) for number in range(5000)
    ]
    undecided = Assignment("", f"{BASE}u", None, None, usual=True)
    page = offices_page(make_site(), ("en",), [undecided, *many], lambda _: None)
    back, none = page.sections
    assert (back.total, len(back.functions), back.more) == (5000, SHOWN, 5000 - SHOWN)
    assert (none.office, none.total) == (None, 1)
    assert back.functions[0].contested
    alone = offices_page(make_site(), ("en",), many, lambda _: None, office=BACK, page=20)
    assert alone.pager is not None
    assert (alone.pager.pages, len(alone.sections[0].functions)) == (20, 250)


def test_segments_of_one_office_are_those_in_which_it_has_something() -> None:
    usual = [
        Assignment("", f"{BASE}f", BACK, None, usual=True),
        Assignment("", f"{BASE}f", BACK, f"{BASE}banks", usual=True),
        Assignment("", f"{BASE}f", FRONT, f"{BASE}funds", usual=True),
    ]
    page = offices_page(make_site(), ("en",), usual, lambda _: None, office=BACK)
    assert [choice.link.iri if choice.link else None for choice in page.segments] == [None, f"{BASE}banks"]


@pytest.fixture(scope="module")
def placed(tmp_path_factory: pytest.TempPathFactory) -> FlaskClient:
    source = tmp_path_factory.mktemp("placed") / "placed.ttl"
    source.write_text(PREFIXES + PLACED + NAMES, encoding="utf-8")
    return create_app([source]).test_client()


def html_of(client: FlaskClient, path: str) -> str:
    response = client.get(path)
    assert response.status_code == 200, response.get_data(as_text=True)
    html = response.get_data(as_text=True)
    html5lib.HTMLParser(strict=True).parse(html)
    return html


def offices(*iris: str) -> str:
    return "/compare?" + urlencode([("office", iri) for iri in iris])


PAGES = [
    "/compare",
    "/compare?" + urlencode({"concept": f"{BASE}concept/f"}),
    "/compare?" + urlencode({"concept": f"{BASE}concept/below"}),
    offices(FRONT, BACK),
    "/browse/offices",
    "/browse/offices?" + urlencode({"segment": f"{BASE}banks"}),
    "/browse/offices?" + urlencode({"office": BACK}),
    "/browse",
]


@pytest.mark.parametrize("path", PAGES)
def test_pages_are_valid_and_can_be_kept(placed: FlaskClient, path: str) -> None:
    html = html_of(placed, path)
    assert "style=" not in html
    assert "<b>" not in html.partition("<main")[2]
    first = placed.get(path)
    assert first.headers["Vary"] == "Accept-Language, Accept-Encoding"
    assert placed.get(path, headers={"If-None-Match": first.headers["ETag"]}).status_code == 304
    head = placed.head(path)
    assert (head.status_code, head.get_data()) == (200, b"")
    assert dict(head.headers) == dict(first.headers)


def test_all_links_lead_somewhere(placed: FlaskClient) -> None:
    from tests.web.test_browse import crawl

    assert crawl(placed, PAGES) > 40


def test_the_forms_work_without_script(placed: FlaskClient) -> None:
    root = html5lib.parse(html_of(placed, "/compare"), namespaceHTMLElements=False)
    for form in root.iter("form"):
        if not form.get("class", "").endswith("compare-form"):
            continue
        chosen = [
            (select.get("name"), (select.findall("option[@selected]") or select.findall("option"))[0].get("value"))
            for select in form.iter("select")
        ]
        assert chosen
        assert placed.get(f"{form.get('action')}?{urlencode(chosen)}").status_code == 200


def test_offices_are_browsed_by_the_rule(placed: FlaskClient) -> None:
    data = placed.get("/browse/offices?format=json").get_json()
    found = {
        o["office"]["label"] if o["office"] else None: {f["label"] for f in o["functions"]} for o in data["offices"]
    }
    assert found == {"front office": {"تسوية"}, "back office": {"f <b>", "g", "below"}}
    below = [f for o in data["offices"] for f in o["functions"] if f["label"] == "below"]
    assert below[0]["inherited"]
    html = html_of(placed, "/browse")
    assert "Usual office:" in html
    assert "By office" in html


WRONG = {
    offices(BACK): 400,
    offices(BACK, BACK): 400,
    offices(BACK, FRONT, f"{BASE}banks"): 400,
    offices(BACK, f"{BASE}banks"): 404,
    offices(BACK, "x"): 404,
    "/compare?concept=x": 404,
    "/compare?concept=%FF": 400,
    f"{offices(BACK, FRONT)}&concept={BASE}concept/f": 400,
    "/browse/offices?segment=x": 404,
    f"/browse/offices?segment={BASE}concept/f": 404,
    f"/browse/offices?office={BASE}banks": 404,
    "/browse/offices?page=2": 404,
    f"/browse/offices?office={BACK}&page=2": 404,
}


@pytest.mark.parametrize("path", WRONG)
def test_wrong_parameters_are_problems(placed: FlaskClient, path: str) -> None:
    response = placed.get(path)
    assert response.status_code == WRONG[path]
    assert response.mimetype == "application/problem+json"


def test_pages_ask_the_engine_nothing(placed: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    from officegraph.engine.embedded import EmbeddedEngine

    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("a page asks the engine")

    for name in [name for name in vars(EmbeddedEngine) if not name.startswith("_") and name != "close"]:
        if callable(getattr(EmbeddedEngine, name)):
            monkeypatch.setattr(EmbeddedEngine, name, refuse)
    for path in PAGES:
        assert placed.get(path, headers={"Accept-Language": "fr"}).status_code == 200
