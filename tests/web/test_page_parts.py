"""Parts of pages as models: hierarchy, evidence, references, headword, mappings, changes, queries, agreement."""

from pyoxigraph import NamedNode, RdfFormat, parse

from evidence_vocabulary import BASE, vocabulary
from officegraph.model.formats import RDF_FORMATS
from officegraph.web.near import words_of
from officegraph.web.pages.about import policy
from officegraph.web.pages.agreement import Agreement, Evidence, Placing
from officegraph.web.pages.block_queries import abbreviated
from officegraph.web.pages.feed import entries
from officegraph.web.pages.hierarchy import BUDGET, SIBLINGS
from officegraph.web.pages.resource import resource_page
from officegraph.web.pages.site import Site
from officegraph.web.pages.terms import Text

STATEMENTS = [quad.triple for quad in parse(vocabulary(), format=RdfFormat.TURTLE)]
SETTLING = f"{BASE}concept/settling"
CHILDREN = {
    f"{BASE}scheme": [f"{BASE}concept/work"],
    f"{BASE}concept/work": [f"{BASE}concept/selling", SETTLING],
    SETTLING: [f"{BASE}concept/netting"],
}


def about(iri):
    node = NamedNode(iri)
    return [triple for triple in STATEMENTS if node in (triple.subject, triple.object)]


def described(iri):
    """Return what a document about ``iri`` says: its statements, those that lead to it, and the placements whole."""
    own = about(iri)
    placed = [t.subject for t in own if t.predicate.value.endswith("#function")]
    return list(dict.fromkeys([*own, *(t for t in STATEMENTS if t.subject in placed)]))


def with_parts(iri):
    """Return what is said of ``iri``, and of the forms and senses of an entry."""
    own = about(iri)
    parts = [t.object.value for t in own if t.predicate.value.endswith(("#canonicalForm", "#sense"))]
    return [*own, *(triple for part in parts for triple in about(part))]


def labels(iri):
    wanted = ("prefLabel", "label")
    return [t.object for t in STATEMENTS if t.subject == NamedNode(iri) and t.predicate.value.endswith(wanted)]


def make_site(**changes):
    fields = {
        "name": "deeds",
        "base": BASE,
        "path_of": lambda iri: "/" + iri[len(BASE) :] if iri.startswith(BASE) else None,
        "document_path": lambda iri, ending: f"/{iri[len(BASE) :]}.{ending}",
        "children": lambda iri: CHILDREN.get(iri, ()),
        "parents": lambda _iri: (),
        "statements": with_parts,
        "labels": labels,
    }
    return Site(**{**fields, **changes})


def page_of(iri=SETTLING, **changes):
    return resource_page(make_site(**changes), iri, described(iri), RDF_FORMATS, ("en",), {"ttl": 1234})


def block(page, identifier):
    return next(block for block in page.blocks if block.id == identifier)


def test_the_tree_is_open_along_the_path_to_the_concept():
    tree = page_of().hierarchy
    assert tree.scheme.text.value == "deeds"
    (work,) = tree.branches
    assert (work.open, work.count) == (True, 2)
    assert [(b.link.text.value, b.current, b.open) for b in work.children] == [
        ("selling", False, False),
        ("settling", True, True),
    ]
    assert [b.link.text.value for b in work.children[1].children] == ["netting"]


def test_a_tree_with_a_cycle_ends():
    children = {**CHILDREN, SETTLING: [f"{BASE}concept/work", SETTLING]}
    assert page_of(children=lambda iri: children.get(iri, ())).hierarchy is not None


def test_a_wide_tree_stays_within_its_budget():
    many = [f"{BASE}concept/n{number}" for number in range(3000)]

    def children(iri):
        return [*CHILDREN[f"{BASE}concept/work"], *many] if iri == f"{BASE}concept/work" else CHILDREN.get(iri, many)

    def size(branches):
        return sum(1 + size(branch.children) for branch in branches)

    tree = page_of(children=children).hierarchy
    assert size(tree.branches) <= BUDGET + 3
    assert tree.branches[0].more == 3002 - SIBLINGS - 1


def test_a_concept_with_nothing_above_or_below_has_no_tree():
    assert page_of(f"{BASE}concept/front-office").hierarchy is None


def test_many_placements_are_shown_by_segment():
    placed = block(page_of(), "page-placements")
    assert placed.template == "evidence"
    assert [(g.segment.text.value, len(g.rows), g.open) for g in placed.groups] == [
        ("banks", 7, False),
        ("funds", 7, True),
    ]
    assert [[(o.style, n) for o, n in g.offices] for g in placed.groups] == [[("back", 7)], [("back", 6), ("front", 1)]]


def test_the_words_of_a_source_and_their_place_are_shown():
    rows = block(page_of(), "page-placements").rows
    said = {text.value: row.places[0].value for row in rows for text in row.quotations}
    assert said == {"Words 1.": "1", "Words 2.": "2"}


def test_sources_are_numbered_those_of_the_concept_first():
    page = page_of()
    items = block(page, "page-references").items
    assert [item.number for item in items] == list(range(1, 15))
    assert items[0].source.link.iri == f"{BASE}source/s1"
    assert items[0].uses == "this entry, 1 placement"
    assert page.cited == [1]


def test_the_headword_says_part_of_speech_sound_and_sense():
    word = page_of().headword
    assert [part.text.value for part in word.parts_of_speech] == ["noun"]
    assert [sound.value for sound in word.sounds] == ["setlin"]
    assert (word.sense, word.senses) == (2, 2)
    assert word.entry.href == "/lexicon/settling"


def test_a_word_spelled_otherwise_is_not_the_headword():
    assert page_of(f"{BASE}concept/selling").headword is None


def test_mappings_say_why_when_and_to_what():
    rows = {row.link.iri: row for row in block(page_of(), "page-mappings").rows}
    row = rows["http://other.example/settle"]
    assert (row.match, row.justification.text.value) == ("close", "manual mapping curation")
    assert (row.remark.value, row.date.value, row.source.text.value) == (
        "Nearly the same.",
        "2026-03-03",
        "Other things",
    )
    other = rows["http://other.example/class"]
    assert (other.match, other.how.iri.rpartition("#")[2]) == ("broader", "seeAlso")


def test_changes_are_dates_and_change_notes():
    rows = block(page_of(), "page-changes").rows
    assert [(row.date.value if row.date else "", row.kind) for row in rows] == [
        ("2026-04-02", "Created"),
        ("", "Change note"),
    ]


def test_related_concepts_have_their_definitions():
    groups = block(page_of(), "page-relations").groups
    found = {item.link.text.value: item.definition for group in groups for item in group.items}
    assert found["selling"].value == "Finding those who buy."


def test_formats_have_their_size_where_it_is_known():
    assert {f.media_type: f.size for f in page_of().formats if f.size is not None} == {"text/turtle": 1234}


def test_the_page_of_a_source_shows_what_it_places():
    page = page_of(f"{BASE}source/s1", evidence=lambda: evidence)
    assert [(r.function.text.value, r.office.style) for r in block(page, "page-placements").rows] == [
        ("selling", "front"),
        ("settling", "back"),
    ]
    standing = block(page, "page-standing")
    assert (standing.placements, standing.agreed, standing.shared) == (2, 1, 1)
    assert [link.text.value for link in standing.dependents] == ["Source 2"]


def placings():
    for number in range(1, 15):
        office = f"{BASE}concept/{'front' if number == 14 else 'back'}-office"
        yield Placing(f"p{number}", SETTLING, office, None, (f"{BASE}source/s{number}",))
    yield Placing("q1", f"{BASE}concept/selling", f"{BASE}concept/front-office", None, (f"{BASE}source/s1",))
    yield Placing("q2", SETTLING, None, None, (f"{BASE}source/s15",))


evidence = Evidence(placings())


def test_agreement_counts_functions_that_both_place():
    last = f"{BASE}source/s14"
    assert evidence.agreements(last)[0] == Agreement(f"{BASE}source/s1", 1, 0)
    assert evidence.standing(last) == (0, 1)
    assert evidence.standing(f"{BASE}source/s2") == (1, 1)


def test_a_source_that_leaves_the_office_open_agrees_with_none():
    assert evidence.agreements(f"{BASE}source/s15") == []
    assert evidence.standing(f"{BASE}source/s15") == (0, 0)


def test_nothing_agrees_where_there_are_no_placements():
    assert Evidence(()).sources == []
    assert Evidence(()).standing("x") == (0, 0)


def test_queries_are_written_with_prefixes():
    query = abbreviated("SELECT * { <http://a.example/x> <http://b.example/p-1> ?o }", {"b": "http://b.example/"})
    assert query == "PREFIX b: <http://b.example/>\nSELECT * { <http://a.example/x> b:p-1 ?o }"


def test_a_policy_has_the_head_that_its_text_begins_with():
    assert policy(Text("Versions: three numbers.")).text.value == "Three numbers."
    assert policy(Text("No head here. Really: none.")).head == ""


def test_entries_of_a_feed_are_the_latest_first_and_have_lasting_names():
    found = entries(make_site(), [(f"{BASE}dataset", about(f"{BASE}dataset"))], ("en",))
    assert [(e.kind, e.instant, e.version) for e in found] == [
        ("issued", "2026-05-01T00:00:00Z", "1.2.0"),
        ("created", "2026-04-01T00:00:00Z", ""),
    ]
    assert found[0].identifier == f"{BASE}dataset#issued-2026-05-01"


def test_words_are_taken_from_the_end_of_an_address():
    assert words_of("/concept/trade%20settlement_fails.ttl") == "trade settlement fails"
    assert words_of("/") == ""
