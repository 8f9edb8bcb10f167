"""Mappings lead only to what the targets hold, say why, and keep the integrity conditions of SKOS."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from itertools import combinations
from pathlib import Path
from typing import NamedTuple

import pytest
from pyoxigraph import Literal, NamedNode, RdfFormat, Store, Triple, parse

from officegraph.model.namespaces import (
    DCTERMS,
    OFFICEGRAPH_BASE,
    OFO,
    OWL,
    RDF,
    RDFS,
    SEMAPV,
    SKOS,
    SSSOM,
    VOID,
)

ROOT = Path(__file__).parents[2]
MAPPINGS = ROOT / "data" / "mappings"
TARGETS = Path(__file__).parent / "mapping_targets"
"""Identifiers that the targets have, one list a target: a line of provenance, the namespace, local names."""

MATCHES = (SKOS.exactMatch, SKOS.closeMatch, SKOS.broadMatch, SKOS.narrowMatch, SKOS.relatedMatch)
TO_CLASSES = (OFO.correspondsToClass, RDFS.seeAlso)
LINKS = (*MATCHES, *TO_CLASSES, OFO.alignedCode)

JUSTIFICATIONS = {
    SEMAPV[name]
    for name in (
        "BackgroundKnowledgeBasedMatching",
        "LexicalMatching",
        "ManualMappingCuration",
        "MappingReview",
        "StructuralMatching",
    )
}

WITHOUT_LABELS = ("dbpedia", "dbpedia-ontology", "isic-rev4", "schema-org", "stw", "unesco")
"""Targets whose licence asks for share-alike, or states no right to repeat their labels."""

NAMES = sorted(path.stem for path in MAPPINGS.glob("*.ttl"))

every_target = pytest.mark.parametrize("name", NAMES)


class Mapping(NamedTuple):
    """A mapping node."""

    node: NamedNode
    source: NamedNode
    property: NamedNode
    target: NamedNode


@cache
def triples(name: str) -> tuple[Triple, ...]:
    """Return the triples of the mapping file ``name``."""
    return tuple(quad.triple for quad in parse(path=str(MAPPINGS / f"{name}.ttl"), format=RdfFormat.TURTLE))


@cache
def mappings(name: str) -> tuple[Mapping, ...]:
    """Return the mapping nodes of the file ``name``."""
    parts: dict[NamedNode, dict[NamedNode, NamedNode]] = defaultdict(dict)
    for triple in triples(name):
        if triple.predicate in (OWL.annotatedSource, OWL.annotatedProperty, OWL.annotatedTarget):
            assert isinstance(triple.subject, NamedNode)
            assert isinstance(triple.object, NamedNode)
            assert triple.predicate not in parts[triple.subject], f"{triple.subject} has two values"
            parts[triple.subject][triple.predicate] = triple.object
    return tuple(
        Mapping(node, found[OWL.annotatedSource], found[OWL.annotatedProperty], found[OWL.annotatedTarget])
        for node, found in parts.items()
    )


def objects(name: str, subject: NamedNode, predicate: NamedNode) -> list[NamedNode | Literal]:
    """Return the objects of ``subject`` and ``predicate`` in the file ``name``."""
    return [
        triple.object
        for triple in triples(name)
        if triple.subject == subject
        and triple.predicate == predicate
        and isinstance(triple.object, NamedNode | Literal)
    ]


def listed(name: str) -> set[str]:
    """Return the identifiers of the target ``name``."""
    _, space, *local_names = (TARGETS / f"{name}.txt").read_text("utf-8").splitlines()
    return {space.removeprefix("# ") + local_name for local_name in local_names}


def degree(name: str, mapping: Mapping) -> NamedNode:
    """Return the SKOS mapping property that ``mapping`` states or names."""
    if mapping.property in MATCHES:
        return mapping.property
    (named,) = objects(name, mapping.node, OFO.degreeOfMatch)
    assert isinstance(named, NamedNode)
    return named


def test_every_list_of_identifiers_has_a_mapping_and_every_mapping_a_list() -> None:
    assert NAMES
    assert sorted(path.stem for path in TARGETS.glob("*.txt")) == NAMES


@every_target
def test_mappings_lead_only_to_identifiers_that_the_target_has(name: str) -> None:
    assert {mapping.target.value for mapping in mappings(name)} <= listed(name)


@every_target
def test_each_link_has_one_mapping_node_and_each_mapping_node_its_link(name: str) -> None:
    linked = [triple for triple in triples(name) if triple.predicate in LINKS]
    noted = [Triple(mapping.source, mapping.property, mapping.target) for mapping in mappings(name)]
    assert len(set(noted)) == len(noted)
    assert set(noted) == set(linked)


@every_target
def test_a_concept_and_a_target_are_connected_in_one_way_only(name: str) -> None:
    pairs = [(mapping.source, mapping.target) for mapping in mappings(name)]
    assert len(set(pairs)) == len(pairs)


@every_target
def test_no_target_has_two_concepts_for_its_equal_and_no_concept_two_equals(name: str) -> None:
    exact = [mapping for mapping in mappings(name) if degree(name, mapping) == SKOS.exactMatch]
    assert len({mapping.source for mapping in exact}) == len(exact)
    assert len({mapping.target for mapping in exact}) == len(exact)


@every_target
def test_each_mapping_is_in_the_set_and_says_how_it_was_justified(name: str) -> None:
    mapping_set = NamedNode(f"{OFFICEGRAPH_BASE}mapping/{name}")
    nodes = [mapping.node for mapping in mappings(name)]
    assert sorted(map(str, objects(name, mapping_set, SSSOM.mappings))) == sorted(map(str, nodes))
    for node in nodes:
        assert objects(name, node, RDF.type) == [OWL.Axiom]
        (justification,) = objects(name, node, SSSOM.mapping_justification)
        assert justification in JUSTIFICATIONS


@every_target
def test_a_match_that_is_more_than_a_shared_name_gives_its_reason(name: str) -> None:
    for mapping in mappings(name):
        (justification,) = objects(name, mapping.node, SSSOM.mapping_justification)
        if justification == SEMAPV.LexicalMatching and degree(name, mapping) == SKOS.exactMatch:
            continue
        if degree(name, mapping) == SKOS.closeMatch and name in ("dbpedia", "kbpedia", "wikidata"):
            continue
        assert objects(name, mapping.node, RDFS.comment), mapping.node


@every_target
def test_classes_and_codes_are_not_made_concepts_by_the_way_they_are_linked(name: str) -> None:
    properties = {mapping.property for mapping in mappings(name)}
    if name in ("fibo", "dbpedia-ontology", "schema-org"):
        assert properties <= set(TO_CLASSES)
    elif OFO.alignedCode in properties:
        assert properties == {OFO.alignedCode}
    else:
        assert properties <= set(MATCHES)


@every_target
def test_each_property_has_a_linkset_of_its_own_that_leads_to_the_described_target(name: str) -> None:
    mapping_set = NamedNode(f"{OFFICEGRAPH_BASE}mapping/{name}")
    dataset = NamedNode(f"{OFFICEGRAPH_BASE}dataset")
    target = NamedNode(f"{OFFICEGRAPH_BASE}target/{name}")
    linksets = objects(name, mapping_set, VOID.subset)
    predicates = []
    for linkset in linksets:
        assert isinstance(linkset, NamedNode)
        assert objects(name, linkset, VOID.subjectsTarget) == [dataset]
        assert objects(name, linkset, VOID.objectsTarget) == [target]
        predicates += objects(name, linkset, VOID.linkPredicate)
    assert len(predicates) == len(linksets)
    assert set(predicates) == {mapping.property for mapping in mappings(name)}
    assert objects(name, dataset, VOID.subset) == [mapping_set]
    (space,) = objects(name, target, VOID.uriSpace)
    assert all(mapping.target.value.startswith(space.value) for mapping in mappings(name))
    assert objects(name, target, DCTERMS.title)
    assert objects(name, target, DCTERMS.license) + objects(name, target, DCTERMS.rights)


@every_target
def test_labels_of_a_target_are_kept_where_its_licence_allows_that(name: str) -> None:
    targets = {mapping.target for mapping in mappings(name)}
    labelled = {triple.subject for triple in triples(name) if triple.predicate == RDFS.label} & targets
    if name in WITHOUT_LABELS and name != "isic-rev4":
        assert not labelled
    else:
        assert labelled == targets


@every_target
def test_a_code_is_described_by_its_notation_and_its_classification(name: str) -> None:
    target = NamedNode(f"{OFFICEGRAPH_BASE}target/{name}")
    for mapping in mappings(name):
        if mapping.property == OFO.alignedCode:
            (notation,) = objects(name, mapping.target, SKOS.notation)
            assert objects(name, mapping.target, RDF.type) == [OFO.ExternalCode]
            assert objects(name, mapping.target, DCTERMS.isPartOf) == [target]
            assert mapping.target.value == f"{OFFICEGRAPH_BASE}code/{name}/{notation.value}"
    if name == "isic-rev4":
        labels = [objects(name, mapping.target, RDFS.label)[0].value for mapping in mappings(name)]
        assert all(label.startswith("ISIC Rev.4 ") for label in labels)


@every_target
def test_a_file_says_of_others_only_how_they_are_linked_and_what_they_are_called(name: str) -> None:
    spaces = tuple(f"{OFFICEGRAPH_BASE}{kind}/" for kind in (f"code/{name}", "linkset", "mapping", "target"))
    others = {mapping.target for mapping in mappings(name)}
    for triple in triples(name):
        assert isinstance(triple.subject, NamedNode)
        if triple.subject.value.startswith(spaces):
            continue
        assert (
            triple.predicate in LINKS
            or (triple.predicate == VOID.subset and triple.subject.value == f"{OFFICEGRAPH_BASE}dataset")
            or (triple.predicate == RDFS.label and triple.subject in others)
        ), triple


def test_a_linkset_has_the_links_of_its_file_and_no_others(published_store: Store) -> None:
    """The links of a linkset are found by property and target, wherever they stand; so the publisher counts them."""
    for name in NAMES:
        (space,) = objects(name, NamedNode(f"{OFFICEGRAPH_BASE}target/{name}"), VOID.uriSpace)
        for property_ in {mapping.property for mapping in mappings(name)}:
            links = {
                (quad.subject, quad.object)
                for quad in published_store.quads_for_pattern(None, property_, None)
                if isinstance(quad.object, NamedNode)
                and quad.object.value.startswith(space.value)
                and isinstance(quad.subject, NamedNode)
                and quad.subject.value.startswith(OFFICEGRAPH_BASE)
            }
            assert links == {(m.source, m.target) for m in mappings(name) if m.property == property_}


def test_mappings_start_from_concepts_of_the_thesaurus() -> None:
    concepts = {
        quad.subject
        for path in (ROOT / "data").rglob("*.ttl")
        if path.parent != MAPPINGS
        for quad in parse(path=str(path), format=RdfFormat.TURTLE)
        if quad.predicate == SKOS.inScheme
    }
    assert {mapping.source for name in NAMES for mapping in mappings(name)} <= concepts


def equals() -> Iterator[frozenset[NamedNode]]:
    """Yield the sets of resources that exact matches, taken as transitive (SKOS S45), make equal."""
    group: dict[NamedNode, set[NamedNode]] = {}
    for name in NAMES:
        for mapping in mappings(name):
            if mapping.property == SKOS.exactMatch:
                one = group.setdefault(mapping.source, {mapping.source})
                one |= group.get(mapping.target, {mapping.target})
                for member in one:
                    group[member] = one
    yield from {frozenset(members) for members in group.values()}


def test_exact_matches_taken_together_make_no_two_concepts_equal() -> None:
    for members in equals():
        own = [member.value for member in members if member.value.startswith(OFFICEGRAPH_BASE)]
        assert len(own) == 1, own


def test_what_is_equal_is_neither_broader_nor_narrower_nor_related() -> None:
    """SKOS S46: exactMatch is disjoint with broadMatch and relatedMatch."""
    other = {
        frozenset((mapping.source, mapping.target))
        for name in NAMES
        for mapping in mappings(name)
        if mapping.property in (SKOS.broadMatch, SKOS.narrowMatch, SKOS.relatedMatch)
    }
    for members in equals():
        assert not {frozenset(pair) for pair in combinations(members, 2)} & other
