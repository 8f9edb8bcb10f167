"""Sources that are empty, small or strange give a release all the same; a release is safe to share."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from officegraph.model.formats import JSON_LD, RDF_XML, TURTLE, Format
from officegraph.release import compile_documents
from officegraph.release.build import build_release
from officegraph.release.open import Release, open_release
from officegraph.release.store import open_store
from officegraph.settings import Settings

from .conftest import VOCABULARY

S, P = "<http://e.example/s>", "<http://e.example/p>"
ODD = {
    "empty.ttl": "",
    "empty.nq": "",
    "blank.ttl": '[] <http://e.example/p> [ <http://e.example/q> "x" ] .',
    "urn.ttl": "<urn:x:1> a <http://www.w3.org/2004/02/skos/core#Concept> .",
    "term.ttl": f'{S} {P} <<( {S} {P} "c"@en-GB )>> .',
    "number.ttl": '<http://e.example/s> <http://e.example/1> "x" .',
    "graph.nq": f'_:g {P} _:g _:g .\n{S} {P} "x" <http://e.example/g> .',
    "query.ttl": '<http://e.example/s?a=b&c> <http://e.example/p> "x" .',
    "two words.ttl": '<http://e.example/s> <http://e.example/p> "x" .',
}


@pytest.mark.parametrize("name", ODD)
def test_odd_sources_make_a_release_whose_counts_agree(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text(ODD[name], encoding="utf-8")
    build_release([tmp_path / name], tmp_path / "out", Settings())
    with open_release(tmp_path / "out") as release:
        manifest = release.manifest
        expected = manifest.default_triples + sum(graph.triples for graph in manifest.graphs)
        assert len(open_store(release.store_path)) == expected
        assert not manifest.union_default
        for iri in release.documents:
            document = release.documents.get(iri)
            assert document is not None
            assert document.triples()
            assert document.representation(TURTLE) is not None


@pytest.mark.parametrize(("name", "missing"), [("term.ttl", {JSON_LD, RDF_XML}), ("number.ttl", {RDF_XML})])
def test_what_a_format_cannot_say_is_left_out_with_a_reason(tmp_path: Path, name: str, missing: set[Format]) -> None:
    (tmp_path / name).write_text(ODD[name], encoding="utf-8")
    build_release([tmp_path / name], tmp_path / "out", Settings())
    with open_release(tmp_path / "out") as release:
        document = release.documents.get("http://e.example/s")
        assert document is not None
        for format_ in (JSON_LD, RDF_XML):
            assert (document.representation(format_) is None) == (format_ in missing)
            assert (format_.extension in release.manifest.unavailable) == (format_ in missing)


@pytest.fixture
def on_demand(source: Callable[..., Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Release:
    monkeypatch.setattr(compile_documents, "PRECOMPUTED_DOCUMENTS", 0)
    build_release([source(VOCABULARY)], tmp_path / "out", Settings())
    return open_release(tmp_path / "out")


def test_threads_may_share_a_release(on_demand: Release) -> None:
    found: list[set[str]] = []

    def read() -> None:
        tags = set()
        for iri in on_demand.documents:
            document = on_demand.documents.get(iri)
            assert document is not None
            representation = document.representation(TURTLE)
            assert representation is not None
            tags.add(representation.etag)
        found.append(tags)

    threads = [threading.Thread(target=read) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 8
    assert all(tags == found[0] for tags in found)
    assert len(found[0]) == len(on_demand.documents)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="the platform cannot fork")
@pytest.mark.filterwarnings("ignore:.*multi-threaded.*:DeprecationWarning")
def test_forked_processes_may_share_a_release(fruit: Release) -> None:
    child = os.fork()
    if child == 0:
        document = fruit.documents.get("https://example.org/fruit/apple")
        os._exit(0 if document is not None and document.triples() and fruit.labels.get(document.iri) else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


def test_what_was_taken_from_a_release_outlives_it(source: Callable[..., Path], tmp_path: Path) -> None:
    build_release([source(VOCABULARY)], tmp_path / "out", Settings())
    with open_release(tmp_path / "out") as release:
        document = release.documents.get("https://example.org/fruit/apple")
        assert document is not None
        representation = document.representation(TURTLE)
    assert representation is not None
    assert b"Apfel" in bytes(representation.body)
