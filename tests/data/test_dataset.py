"""The description of the data set: complete, and true of the graph and of the files beside it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Store

from officegraph.model.namespaces import (
    ADMS,
    DCAT,
    DCTERMS,
    OFFICEGRAPH_BASE,
    OWL,
    PAV,
    RDF,
    SCHEMA,
    SKOS,
    VANN,
    VOID,
)

ROOT = Path(__file__).parents[2]
DATASET = NamedNode(f"{OFFICEGRAPH_BASE}dataset")
ONTOLOGY = NamedNode(f"{OFFICEGRAPH_BASE}ontology")


def values(store: Store, subject: NamedNode, predicate: NamedNode) -> set[str]:
    return {
        quad.object.value
        for quad in store.quads_for_pattern(subject, predicate, None)
        if isinstance(quad.object, NamedNode | Literal)
    }


def subjects(store: Store, class_: NamedNode) -> set[NamedNode]:
    return {
        quad.subject for quad in store.quads_for_pattern(None, RDF.type, class_) if isinstance(quad.subject, NamedNode)
    }


@pytest.fixture(scope="module")
def version(published_store: Store) -> str:
    (found,) = values(published_store, DATASET, DCAT.version)
    assert re.fullmatch(r"\d+\.\d+\.\d+", found)
    return found


def test_one_version_is_stated_everywhere(published_store: Store, version: str) -> None:
    assert values(published_store, DATASET, PAV.version) == {version}
    assert values(published_store, ONTOLOGY, OWL.versionInfo) == {version}
    assert values(published_store, ONTOLOGY, OWL.versionIRI) == {f"{ONTOLOGY.value}/{version}"}
    for scheme in subjects(published_store, SKOS.ConceptScheme):
        assert values(published_store, scheme, SCHEMA.version) == {version}
    for resource in (DATASET, ONTOLOGY):
        (citation,) = values(published_store, resource, DCTERMS.bibliographicCitation)
        assert f"version {version}" in citation
        assert resource.value in citation
    identifier = NamedNode(f"{DATASET.value}#identifier")
    assert values(published_store, DATASET, ADMS.identifier) == {identifier.value}
    assert values(published_store, identifier, SKOS.notation) == {f"officegraph-{version}"}
    assert f"\nversion: {version}\n" in (ROOT / "CITATION.cff").read_text(encoding="utf-8")
    assert f"\n## Data {version}" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")


def test_every_scheme_is_part_of_the_dataset(published_store: Store) -> None:
    parts = {quad.object for quad in published_store.quads_for_pattern(DATASET, DCTERMS.hasPart, None)}
    others = {ONTOLOGY, NamedNode(f"{OFFICEGRAPH_BASE}lexicon/dictionary")}
    assert parts == subjects(published_store, SKOS.ConceptScheme) | others


def test_every_vocabulary_that_the_graph_uses_is_named_and_no_other(published_store: Store) -> None:
    terms = {quad.predicate.value for quad in published_store} | {
        quad.object.value
        for quad in published_store.quads_for_pattern(None, RDF.type, None)
        if isinstance(quad.object, NamedNode)
    }
    namespaces = {term[: max(term.rfind("#"), term.rfind("/")) + 1] for term in terms}
    assert values(published_store, DATASET, VOID.vocabulary) == namespaces


def test_every_language_of_a_label_is_stated(published_store: Store) -> None:
    tags = {
        quad.object.language.split("-")[0]
        for quad in published_store.quads_for_pattern(None, SKOS.prefLabel, None)
        if isinstance(quad.object, Literal) and quad.object.language
    }
    stated = {iri.rsplit("/", 1)[1] for iri in values(published_store, DATASET, DCTERMS.language)}
    assert stated == tags


@pytest.mark.parametrize(
    "subject",
    [
        "Changes",
        "Contested claims",
        "Definitions",
        "Deprecation",
        "Hierarchy",
        "Identifiers",
        "Kinds",
        "Labels",
        "Languages",
        "Mappings",
        "Placements",
        "Sources",
        "Versions",
    ],
)
def test_the_editorial_policy_speaks_of(subject: str, published_store: Store) -> None:
    notes = values(published_store, DATASET, SKOS.editorialNote)
    assert len([note for note in notes if note.startswith(f"{subject}: ")]) == 1


def test_the_provenance_of_labels_names_every_language(published_store: Store) -> None:
    (note,) = [note for note in values(published_store, DATASET, SKOS.editorialNote) if note.startswith("Labels: ")]
    for language in ("German", "French", "Spanish", "Italian", "Portuguese", "Dutch", "Polish", "Japanese", "Chinese"):
        assert language in note


@pytest.mark.parametrize("subject", [DATASET, ONTOLOGY], ids=["dataset", "ontology"])
@pytest.mark.parametrize(
    "predicate",
    [
        DCTERMS.title,
        DCTERMS.description,
        DCTERMS.license,
        DCTERMS.creator,
        DCTERMS.publisher,
        DCTERMS.created,
        DCTERMS.issued,
        DCTERMS.modified,
        DCTERMS.identifier,
        DCTERMS.bibliographicCitation,
        VANN.preferredNamespacePrefix,
        VANN.preferredNamespaceUri,
    ],
    ids=lambda term: term.value.rsplit("/", 1)[-1],
)
def test_what_indexes_of_vocabularies_ask_for_is_stated(
    subject: NamedNode, predicate: NamedNode, published_store: Store
) -> None:
    assert values(published_store, subject, predicate)


def test_terms_of_use_are_the_same_for_dataset_and_schemes(published_store: Store) -> None:
    (license_,) = values(published_store, DATASET, DCTERMS.license)
    for scheme in subjects(published_store, SKOS.ConceptScheme):
        assert values(published_store, scheme, SCHEMA.license) == {license_}
    assert "Attribution 4.0 International" in (ROOT / "LICENSE-DATA").read_text(encoding="utf-8")
