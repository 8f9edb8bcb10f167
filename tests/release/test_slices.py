"""Dumps that are written in slices, and documents that are made of parts, are those that are written in one go."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyoxigraph import BlankNode, NamedNode, RdfFormat, Triple, parse

from officegraph.model.dataset import Dataset, GraphName, Subject, Term, unique
from officegraph.model.formats import CSV, JSON_LD, N_QUADS, N_TRIPLES, RDF_FORMATS, RDF_XML, TRIG, TURTLE
from officegraph.model.namespaces import DCTERMS, RDF, SKOS, SKOSXL
from officegraph.release import compile_dumps, slices
from officegraph.release.compile_dumps import DumpCompiler
from officegraph.release.describing import Describer
from officegraph.release.documents import Description, render
from officegraph.release.dumps import Content, language_slugs, scheme_slugs
from officegraph.release.rendering import Renderer
from officegraph.release.single_language import in_language, spoken_properties
from officegraph.vocabulary.encoded import EncodedGraph, Encoder, merged
from officegraph.vocabulary.write import NotRepresentableError, turtle, write
from officegraph.vocabulary.write.graph import Graph, arranged
from officegraph.vocabulary.write.terms import spelled_lines
from rdf_strategies import PREFIXES, graphs, list_graphs, simple_graphs

TAGS = {"de-ch": "de-CH"}
ONE, TWO = NamedNode("http://example.org/one"), NamedNode("http://example.org/a-graph")
SLOW = settings(deadline=None, max_examples=60, suppress_health_check=list(HealthCheck))

any_graph = st.one_of(simple_graphs, graphs, list_graphs())


def labelled(triples: Sequence[Triple], labels: dict[BlankNode, BlankNode]) -> list[Triple]:
    """Return ``triples`` with blank nodes labelled as reading sources labels them."""

    def term(old: Term) -> Term:
        if isinstance(old, BlankNode):
            return labels.setdefault(old, BlankNode(f"b{len(labels) + 1}"))
        return Triple(subject(old.subject), old.predicate, term(old.object)) if isinstance(old, Triple) else old

    def subject(old: Subject) -> Subject:
        return labels.setdefault(old, BlankNode(f"b{len(labels) + 1}")) if isinstance(old, BlankNode) else old

    return [Triple(subject(s), p, term(o)) for s, p, o in triples]


def encoded(default: Sequence[Triple] | None, named: dict[GraphName, list[Triple]]) -> Content:
    """Return the content of dumps; without a default graph that is the merge."""
    encoder, own = Encoder(TAGS), BlankNode("own")
    encoder.add(own, default or [])
    for name, triples in named.items():
        encoder.add(name, triples)
    found: dict[GraphName, EncodedGraph] = encoder.finish()
    given_default = found.pop(own)
    return Content(
        name="x",
        version="1",
        language="en",
        default=merged(list(found.values())) if default is None else given_default,
        graphs=found,
        quads=default is not None,
        prefixes=PREFIXES,
        language_tags=TAGS,
        schemes={},
    )


@contextlib.contextmanager
def dumped(content: Content) -> Iterator[Path]:
    """Write the dumps of ``content`` in as many slices as can be."""
    with TemporaryDirectory() as name, pytest.MonkeyPatch.context() as patch:
        patch.setattr(slices, "SLICE", 1)
        patch.setattr(compile_dumps, "SLICE", 1)
        folder = Path(name)
        compiler = DumpCompiler(content, folder)
        for job in (*compiler.slices(), *compiler.joins()):
            job()
        spoken = compiler.finish()
        assert set(spoken) <= set(content.schemes)
        yield folder


@SLOW
@given(any_graph, any_graph, st.booleans())
def test_slices_join_to_what_is_written_in_one_go(first: list[Triple], second: list[Triple], quads: bool) -> None:
    labels: dict[BlankNode, BlankNode] = {}
    named: dict[GraphName, list[Triple]] = {ONE: labelled(first, labels), TWO: labelled(second, labels)}
    default = unique([*named[ONE], *named[TWO]])
    with dumped(encoded(named[ONE] if quads else None, named)) as folder:
        for form in RDF_FORMATS:
            data = Dataset(default=named[ONE] if quads else default)
            if form in (N_QUADS, TRIG):
                data = Dataset(default=named[ONE] if quads else [], graphs=named)
            path = folder / f"x-1.{form.extension}"
            found = path if path.exists() else path.with_name(f"{path.name}.unavailable")
            try:
                expected = write(form, data, prefixes=PREFIXES, language_tags=TAGS).decode()
            except NotRepresentableError as error:
                expected = str(error)
            assert found.read_bytes().decode() == expected


@SLOW
@given(any_graph, st.lists(st.sets(st.integers(min_value=0, max_value=12)), min_size=1, max_size=3))
def test_files_of_schemes_are_those_written_in_one_go(triples: list[Triple], chosen: list[set[int]]) -> None:
    content = encoded(None, {ONE: labelled(triples, {})})
    graph, texts = content.default, content.default.terms.texts
    subjects = list(graph.spans)
    named = [f"http://example.org/unused/{number}" for number in range(len(chosen))]
    if subjects and texts[subjects[-1]].startswith("<"):
        named[0] = texts[subjects[-1]][1:-1]  # a scheme that says something itself comes first in its file
        chosen[0].add(len(subjects) - 1)
    schemes = {
        iri: [subject for place, subject in enumerate(subjects) if place in places]
        for iri, places in zip(named, chosen, strict=True)
    }
    content = replace(content, schemes=schemes)
    slugs = scheme_slugs(list(schemes))
    with dumped(content) as folder:
        for iri, members in schemes.items():
            said = [triple for subject in members for triple in graph.about(subject)]
            about, path = NamedNode(iri), folder / f"x-1-{slugs[iri]}.ttl"
            assert path.read_bytes().decode() == turtle(said, PREFIXES, TAGS, about=about)
            kept = in_language(said, content.language)
            spoken = folder / f"x-1-{language_slugs(slugs, content.language)[iri]}.ttl"
            assert spoken.exists() == (len(kept) != len(said))
            if spoken.exists():
                assert spoken.read_bytes().decode() == turtle(kept, PREFIXES, TAGS, about=about)


@SLOW
@given(any_graph)
def test_documents_made_of_parts_are_those_written_in_one_go(triples: list[Triple]) -> None:
    content = encoded(labelled(triples, {}), {})
    describer = Describer([content.default], base="http://example.org/", stated=[content.default])
    metadata = [(str(DCTERMS.license), "<http://example.org/licence>")]
    renderer = Renderer(describer, PREFIXES, TAGS, metadata=metadata)
    again = Renderer(describer, PREFIXES, TAGS, metadata=metadata)
    for iri in describer.documents:
        document = renderer.prepare(iri)
        written = document.write(N_TRIPLES)
        assert written is not None
        description = Description(default=[q.triple for q in parse(written, format=RdfFormat.N_TRIPLES)])
        for form in (TURTLE, N_TRIPLES, RDF_XML, JSON_LD, CSV):
            expected = render(iri, description, form, PREFIXES, TAGS)
            assert document.write(form) == expected
            assert again.prepare(iri).write(form) == expected


@SLOW
@given(simple_graphs, st.sampled_from(["en", "de", "de-CH", "zh"]))
def test_one_language_of_a_resource_is_what_it_is_of_its_triples(triples: list[Triple], language: str) -> None:
    subject = NamedNode("http://example.org/s")
    plain = unique(
        [
            Triple(subject, predicate, value)
            for _, predicate, value in triples
            if not isinstance(value, BlankNode) and predicate not in SKOSXL
        ]
    )
    objects: dict[str, list[str]] = {}
    for line in spelled_lines(plain, TAGS):
        _, predicate, value = line[:-2].split(" ", 2)
        objects.setdefault(predicate, []).append(value)
    found = spoken_properties(arranged(objects), language)
    expected = Graph(spelled_lines(in_language(plain, language), TAGS)).properties(str(subject))
    assert found == expected


def test_narrower_transitive_is_shown_where_it_is_stated_only() -> None:
    a, b, c = (NamedNode(f"http://example.org/{name}") for name in "abc")
    stated = Triple(a, SKOS.narrowerTransitive, b)
    entailed = Triple(a, SKOS.narrowerTransitive, c)
    content = encoded(None, {ONE: [Triple(a, RDF.type, SKOS.Concept), stated], TWO: [entailed]})
    describer = Describer([content.default], base="http://example.org/", stated=[content.graphs[ONE]])
    shown = [content.default.line(position) for position in describer.describe(a.value)]
    assert f"{stated} ." in shown
    assert f"{entailed} ." not in shown
