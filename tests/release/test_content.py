"""What went in comes out: dumps, documents, store, counts."""

from __future__ import annotations

import gzip
import json
from collections import Counter
from pathlib import Path

import pyoxigraph
import pytest
import rdflib
import zstandard
from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad, RdfFormat, Triple

from officegraph.model.formats import (
    JSON_LD,
    N_QUADS,
    N_TRIPLES,
    PYOXIGRAPH_RDF,
    RDF_FORMATS,
    RDF_XML,
    TRIG,
    TURTLE,
    Format,
)
from officegraph.model.namespaces import DCTERMS, FOAF, RDF, SKOS
from officegraph.release.documents import DOCUMENT_FORMATS
from officegraph.release.dumps import digest
from officegraph.release.open import Release
from officegraph.release.store import open_store

FRUIT = "https://example.org/fruit/"


def dump_quads(release: Release, format_: Format) -> list[Quad]:
    name = f"{release.manifest.name}-{release.manifest.version}.{format_.extension}"
    path = release.dumps_path / name
    return list(pyoxigraph.parse(path=str(path), format=PYOXIGRAPH_RDF[format_.extension]))


def source_triples(release: Release) -> list[Triple]:
    root = release.path.parents[1]
    (path,) = [file for file in root.iterdir() if file.suffix == ".ttl"]
    return [quad.triple for quad in pyoxigraph.parse(path=str(path))]


def ground(triples: list[Triple]) -> Counter[str]:
    """Return the triples as text, which keeps lexical forms, with blank nodes made alike."""
    node = pyoxigraph.BlankNode
    return Counter(" ".join("_:" if isinstance(term, node) else str(term) for term in (s, p, o)) for s, p, o in triples)


@pytest.mark.parametrize("format_", RDF_FORMATS, ids=lambda f: f.extension)
@pytest.mark.parametrize("name", ["fruit", "nasty"])
def test_every_triple_of_the_source_is_in_every_dump_term_for_term(
    name: str, format_: Format, request: pytest.FixtureRequest
) -> None:
    release = request.getfixturevalue(name)
    found = ground([quad.triple for quad in dump_quads(release, format_)])
    assert not ground(source_triples(release)) - found


@pytest.mark.parametrize("format_", [f for f in RDF_FORMATS if f is not JSON_LD], ids=lambda f: f.extension)
def test_language_tags_are_spelled_as_in_the_source(nasty: Release, format_: Format) -> None:
    (dump,) = [d for d in nasty.dumps if d.extension == format_.extension and not d.encoding and not d.scheme]
    text = (nasty.dumps_path / dump.name).read_text(encoding="utf-8")
    assert "en-GB" in text
    assert "de-CH-1996" in text
    assert "en-gb" not in text


@pytest.mark.parametrize("format_", DOCUMENT_FORMATS[:-1], ids=lambda f: f.extension)
def test_a_document_has_every_statement_of_its_resource_term_for_term(nasty: Release, format_: Format) -> None:
    iri = "https://example.org/nasty/c"
    document = nasty.documents.get(iri)
    assert document is not None
    representation = document.representation(format_)
    assert representation is not None
    found = [quad.triple for quad in pyoxigraph.parse(bytes(representation.body), PYOXIGRAPH_RDF[format_.extension])]
    wanted = [triple for triple in source_triples(nasty) if triple.subject == NamedNode(iri)]
    assert len(wanted) == 28
    assert not ground(wanted) - ground(found)


def test_iris_are_looked_up_by_code_points_as_they_were_written(nasty: Release) -> None:
    assert "https://example.org/nasty/%20/%2F/é/e\u0301?q=1&r=(2)" not in nasty.documents
    assert "https://example.org/nasty/%20/%2F/é/é?q=1&r=(2)" in nasty.documents
    assert "https://example.org/nasty/%20/%2f/é/é?q=1&r=(2)" not in nasty.documents


@pytest.mark.parametrize("name", ["fruit", "nasty", "quads"])
def test_counts_agree_in_manifest_dumps_store_and_description(name: str, request: pytest.FixtureRequest) -> None:
    release: Release = request.getfixturevalue(name)
    manifest = release.manifest
    store = open_store(release.store_path)
    graphs = {str(row["g"]): int(row["n"].value) for row in store.query(  # type: ignore[index,union-attr]
        "SELECT ?g (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g"
    )}  # fmt: skip
    in_default = len(list(store.quads_for_pattern(None, None, None, DefaultGraph())))

    assert in_default == manifest.default_triples
    assert graphs == {f"<{graph.name}>": graph.triples for graph in manifest.graphs}
    named = sum(graphs.values())
    for dump in manifest.dumps:
        if dump.encoding or dump.scheme:
            continue
        quads = len(dump_quads(release, next(f for f in RDF_FORMATS if f.extension == dump.extension)))
        assert quads == dump.triples
        if dump.extension in ("trig", "nq"):
            assert dump.triples == named + (in_default if manifest.quads else 0)
        else:
            assert dump.triples == in_default


PARSERS = {"ttl": "turtle", "nt": "nt", "rdf": "xml", "jsonld": "json-ld"}


@pytest.mark.parametrize(("extension", "parser"), PARSERS.items())
def test_rdflib_reads_as_many_triples_as_the_manifest_says(fruit: Release, extension: str, parser: str) -> None:
    graph = rdflib.Graph()
    graph.parse(fruit.dumps_path / f"fruit-2.1.{extension}", format=parser)
    assert len(graph) == fruit.manifest.default_triples


def test_compressed_dumps_hold_the_plain_ones(fruit: Release) -> None:
    for dump in fruit.dumps:
        data = (fruit.dumps_path / dump.name).read_bytes()
        assert len(data) == dump.size
        if dump.encoding is not None:
            plain = (fruit.dumps_path / dump.name).with_suffix("").read_bytes()
            expanded = (
                gzip.decompress(data) if dump.encoding == "gzip" else zstandard.ZstdDecompressor().decompress(data)
            )
            assert expanded == plain


def test_the_checksum_file_covers_every_dump(fruit: Release) -> None:
    lines = (fruit.dumps_path / "SHA256SUMS").read_text(encoding="utf-8").splitlines()
    stated = {line[66:]: line[:64] for line in lines}
    assert stated == {dump.name: dump.sha256 for dump in fruit.dumps}
    assert all(digest(fruit.dumps_path / name) == value for name, value in stated.items())
    assert {path.name for path in fruit.dumps_path.iterdir()} == {*stated, "SHA256SUMS"}


def test_the_file_of_a_scheme_holds_it_and_its_concepts_only(fruit: Release) -> None:
    parsed = [q.triple for q in pyoxigraph.parse(path=str(fruit.dumps_path / "fruit-2.1-kinds.ttl"))]
    typed = {t.subject.value for t in parsed if t.predicate == RDF.type and isinstance(t.subject, NamedNode)}
    assert typed == {FRUIT + n for n in ("kinds", "fruit", "apple", "apple-label", "braeburn", "red")}
    assert any(isinstance(t.object, Literal) and t.object.value == "a note" for t in parsed)


def test_a_resource_is_described_with_components_blank_nodes_incoming_links_and_labels(
    fruit: Release,
) -> None:
    document = fruit.documents.get(FRUIT + "apple")
    assert document is not None
    triples = document.triples()
    found = {str(triple) for triple in triples}
    apple, fruit_, red = (NamedNode(FRUIT + name) for name in ("apple", "fruit", "red"))
    expected = [
        Triple(NamedNode(FRUIT + "apple-label"), NamedNode("http://www.w3.org/2008/05/skos-xl#literalForm"),
               Literal("pomaceous fruit", language="en")),
        Triple(apple, SKOS.narrower, NamedNode(FRUIT + "braeburn")),
        Triple(apple, SKOS.broaderTransitive, fruit_),
        Triple(fruit_, SKOS.prefLabel, Literal("Obst", language="de")),
        Triple(red, SKOS.member, apple),
        Triple(red, SKOS.prefLabel, Literal("red fruit", language="en")),
    ]  # fmt: skip
    assert not [t for t in expected if str(t) not in found]
    assert any(isinstance(t.object, Literal) and t.object.value == "a note" for t in triples)
    assert not [t for t in triples if t.predicate == SKOS.narrowerTransitive]
    # What only mirrors a statement of the resource is not repeated from the other end.
    assert Triple(fruit_, SKOS.narrower, apple) not in triples


def test_a_document_states_topic_licence_and_release(fruit: Release) -> None:
    document = fruit.documents.get(FRUIT + "juice")
    assert document is not None
    about = {
        triple.predicate: triple.object
        for triple in document.triples()
        if triple.subject == pyoxigraph.BlankNode("document")
    }
    assert about == {
        RDF.type: FOAF.Document,
        FOAF.primaryTopic: NamedNode(FRUIT + "juice"),
        DCTERMS.license: NamedNode("https://creativecommons.org/licenses/by/4.0/"),
        DCTERMS.isPartOf: NamedNode(FRUIT + "dataset/2.1"),
    }


def test_every_subject_with_an_iri_has_a_document(fruit: Release) -> None:
    subjects = {
        quad.subject.value
        for quad in dump_quads(fruit, N_QUADS)
        if isinstance(quad.subject, NamedNode)
    }  # fmt: skip
    assert subjects
    assert all(subject in fruit.documents for subject in subjects)
    assert list(fruit.documents) == sorted({subject.partition("#")[0] for subject in subjects})
    assert fruit.documents.get(FRUIT + "pear") is None


def test_all_formats_of_a_document_say_the_same(fruit: Release) -> None:
    for iri in fruit.documents:
        document = fruit.documents.get(iri)
        assert document is not None
        wanted = ground(document.triples())
        for format_ in (TURTLE, N_TRIPLES, RDF_XML, JSON_LD, TRIG, N_QUADS):
            representation = document.representation(format_)
            assert representation is not None
            parsed = pyoxigraph.parse(bytes(representation.body), PYOXIGRAPH_RDF[format_.extension])
            assert ground([quad.triple for quad in parsed]) == wanted, (iri, format_.name)


def test_compressed_representations_are_smaller_and_expand_to_the_plain_ones(fruit: Release) -> None:
    document = fruit.documents.get(FRUIT + "apple")
    assert document is not None
    for format_ in DOCUMENT_FORMATS:
        plain = document.representation(format_)
        packed = document.representation(format_, "gzip")
        assert plain is not None
        assert packed is not None
        assert gzip.decompress(packed.body) == bytes(plain.body)
        assert packed.length < plain.length
    assert document.representation(TURTLE, "br") is None


def test_no_two_representations_of_a_release_share_an_entity_tag(fruit: Release) -> None:
    tags: list[str] = []
    for iri in fruit.documents:
        document = fruit.documents.get(iri)
        assert document is not None
        for format_ in DOCUMENT_FORMATS:
            for encoding in ("identity", "gzip"):
                representation = document.representation(format_, encoding)
                if representation is not None:
                    tags.append(f"{iri} {representation.etag}")
                    assert representation.etag.isascii()
    assert len(tags) == len(set(tags))
    assert len({tag.split(" ")[1] for tag in tags}) == len(tags)


def test_a_format_that_cannot_express_the_data_is_absent_with_a_reason(control: Release) -> None:
    bell, quiet = (control.documents.get(f"https://example.org/c/{name}") for name in "xy")
    assert bell is not None
    assert quiet is not None
    assert bell.representation(RDF_XML) is None
    assert bell.representation(RDF_XML, "gzip") is None
    assert bell.representation(TURTLE) is not None
    assert quiet.representation(RDF_XML) is not None
    assert "rdf" not in {dump.extension for dump in control.dumps}
    assert control.manifest.unavailable["rdf"]
    assert not list(control.dumps_path.glob("*.rdf*"))


def test_a_dataset_given_as_quads_is_served_as_it_was_given(quads: Release) -> None:
    given = set(pyoxigraph.parse(path=str(quads.path.parents[1] / "quads.trig")))
    assert set(dump_quads(quads, N_QUADS)) == given
    assert set(dump_quads(quads, TRIG)) == given
    assert set(open_store(quads.store_path)) == given
    document = quads.documents.get("https://example.org/q/x")
    assert document is not None
    by_graph = document.description().graphs
    altlabel = Triple(NamedNode("https://example.org/q/x"), SKOS.altLabel, Literal("in g1", language="en"))
    assert altlabel in by_graph[NamedNode("https://example.org/q/g1")]
    assert altlabel in by_graph[NamedNode("https://example.org/q/g2")]
    assert document.triples().count(altlabel) == 1


def test_labels_children_and_top_concepts_can_be_looked_up(fruit: Release) -> None:
    assert fruit.labels.get(FRUIT + "apple") == {"de": "Apfel", "en-GB": "apple"}
    best = fruit.labels.best(FRUIT + "apple", ["de-AT"])
    assert best is not None
    assert best == ("Apfel", "de")
    assert fruit.labels.get(FRUIT + "pear") == {}
    assert fruit.children(FRUIT + "fruit") == (FRUIT + "apple",)
    assert fruit.children(FRUIT + "kinds") == (FRUIT + "fruit",)
    assert fruit.children(FRUIT + "uses") == (FRUIT + "juice",)
    assert not fruit.has_children(FRUIT + "braeburn")


def test_the_manifest_names_sources_and_graphs(fruit: Release) -> None:
    manifest = json.loads((fruit.path / "manifest.json").read_bytes())
    source = fruit.path.parents[1] / "fruit.ttl"
    assert manifest["sources"] == [{"name": "fruit", "sha256": digest(source)}]
    assert [graph["kind"] for graph in manifest["graphs"]] == ["source", "entailed", "description"]
    assert manifest["statistics"]["concepts"] == {FRUIT + "kinds": 3, FRUIT + "uses": 1}
    assert manifest["statistics"]["linksets"] == {
        SKOS.closeMatch.value: {"http://www.wikidata.org/entity/": 1},
        SKOS.exactMatch.value: {"https://example.net/apples#": 1},
    }


def test_hash_iris_share_the_document_of_their_namespace(tmp_path: Path) -> None:
    from officegraph.release.build import build_release
    from officegraph.release.open import open_release
    from officegraph.settings import Settings

    (tmp_path / "voc.nt").write_text(
        "".join(
            f'<https://example.org/voc#{name}> <{SKOS.prefLabel.value}> "{name}"@en .\n'
            f"<https://example.org/voc#{name}> <{RDF.type.value}> <{SKOS.Concept.value}> .\n"
            for name in "AB"
        )
    )
    build_release([tmp_path / "voc.nt"], tmp_path / "out", Settings())
    with open_release(tmp_path / "out") as release:
        assert release.base == "https://example.org/"
        first, second = (release.documents.get(f"https://example.org/voc#{name}") for name in "AB")
        assert first is not None
        assert second is not None
        assert first.iri == second.iri == "https://example.org/voc"
        subjects = {t.subject for t in first.triples()}
        assert {NamedNode(f"https://example.org/voc#{name}") for name in "AB"} <= subjects


def test_the_store_parses_as_canonical_n_quads(nasty: Release) -> None:
    text = nasty.store_path.read_text(encoding="utf-8")
    lines = text.splitlines(keepends=True)
    assert lines == sorted(lines)
    assert '"1.50"^^<http://www.w3.org/2001/XMLSchema#decimal>' in text
    assert len(list(pyoxigraph.parse(text, RdfFormat.N_QUADS))) == len(lines)
