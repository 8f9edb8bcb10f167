"""A scheme in one language: one name for each thing, and nothing said in other languages."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, parse

from officegraph.model.namespaces import SKOS
from officegraph.release.build import build_release
from officegraph.release.dumps import digest, language_slugs
from officegraph.release.open import open_release
from officegraph.release.single_language import in_language
from officegraph.settings import Settings

PREFIXES = """
@prefix : <https://example.org/> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix skosxl: <http://www.w3.org/2008/05/skos-xl#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""


def read(turtle: str) -> list[Triple]:
    return [quad.triple for quad in parse((PREFIXES + turtle).encode(), format=RdfFormat.TURTLE)]


@pytest.mark.parametrize(
    ("given_", "kept"),
    [
        pytest.param(
            ':a skos:prefLabel "apple"@en , "Apfel"@de .',
            ':a skos:prefLabel "apple"@en .',
            id="the name in the language",
        ),
        pytest.param(
            ':a skos:prefLabel "colour"@en-GB , "color"@en-US .', ':a skos:prefLabel "colour"@en-GB .', id="one variant"
        ),
        pytest.param(
            ':a skos:prefLabel "pomme"@fr , "Apfel"@de .', ':a skos:prefLabel "Apfel"@de .', id="a name in any case"
        ),
        pytest.param(':a skos:prefLabel "x" , "Apfel"@de .', ':a skos:prefLabel "x" .', id="a name in no language"),
        pytest.param(
            ':a skos:altLabel "pippin"@en , "Renette"@de , "center"@en-US .',
            ':a skos:altLabel "pippin"@en , "center"@en-US .',
            id="other names in the language and its variants",
        ),
        pytest.param(
            ':a skos:note "Rund."@de ; :n 3 , "x" , :b .', ":a :n 3 , 'x' , :b .", id="notes of no other language"
        ),
        pytest.param(
            ':a skos:definition "Round."@en , "Rund."@de ; skos:definition "Another."@en .',
            ':a skos:definition "Another."@en .',
            id="one definition",
        ),
        pytest.param(
            ':a skos:note [ rdf:value "Rund."@de ] , [ rdf:value "Round."@en ] .',
            ':a skos:note [ rdf:value "Round."@en ] .',
            id="no blank node that says nothing any more",
        ),
        pytest.param(
            """:a skos:prefLabel "apple"@en , "Apfel"@de ; skosxl:prefLabel :en , :de ; skosxl:altLabel :alt .
            :en skosxl:literalForm "apple"@en . :de skosxl:literalForm "Apfel"@de ; :by :me .
            :alt skosxl:literalForm "pippin"@en-GB ; skosxl:labelRelation :de .""",
            """:a skos:prefLabel "apple"@en ; skosxl:prefLabel :en ; skosxl:altLabel :alt .
            :en skosxl:literalForm "apple"@en . :alt skosxl:literalForm "pippin"@en-GB .""",
            id="labels that are resources",
        ),
        pytest.param(
            ':a skos:prefLabel "Apfel"@de ; skosxl:prefLabel :de . :de skosxl:literalForm "Apfel"@de .',
            ':a skos:prefLabel "Apfel"@de ; skosxl:prefLabel :de . :de skosxl:literalForm "Apfel"@de .',
            id="the label that is a resource of the name that is kept",
        ),
    ],
)
def test_one_language_keeps(given_: str, kept: str) -> None:
    def shown(triples: list[Triple]) -> list[str]:
        return sorted(" ".join("[]" if str(term).startswith("_:") else str(term) for term in t) for t in triples)

    assert shown(in_language(read(given_), "en")) == shown(read(kept))


TRIPLES = st.lists(
    st.builds(
        Triple,
        st.sampled_from([NamedNode(f"https://example.org/{name}") for name in "ab"]),
        st.sampled_from([SKOS.prefLabel, SKOS.definition, SKOS.altLabel, SKOS.note]),
        st.builds(
            lambda text, tag: Literal(text, language=tag),
            st.sampled_from("xyz"),
            st.sampled_from(["en", "en-gb", "de", "ja"]),
        ),
    )
)


@given(TRIPLES)
def test_nothing_loses_its_name_or_definition_and_nothing_has_two(triples: list[Triple]) -> None:
    kept = in_language(triples, "en")
    for predicate in (SKOS.prefLabel, SKOS.definition):
        named = {triple.subject for triple in triples if triple.predicate == predicate}
        told = [triple for triple in dict.fromkeys(map(str, kept)) if f" {predicate} " in triple]
        assert len(told) == len(named)


@given(TRIPLES)
def test_what_is_in_one_language_stays_as_it_is(triples: list[Triple]) -> None:
    once = in_language(triples, "en")
    assert in_language(once, "en") == once


def test_files_in_one_language_have_names_of_their_own() -> None:
    slugs = {"urn:a": "fruit", "urn:b": "fruit-en", "urn:c": "fruit-en-2"}
    spoken = language_slugs(slugs, "en")
    assert len({*slugs.values(), *spoken.values()}) == 6
    assert spoken["urn:c"] == "fruit-en-2-en"


def test_a_release_has_a_file_in_its_language_for_each_scheme_that_speaks_several(tmp_path: Path) -> None:
    source = tmp_path / "fruit.ttl"
    source.write_text(
        PREFIXES
        + """
        :kinds a skos:ConceptScheme ; skos:prefLabel "kinds"@en .
        :uses a skos:ConceptScheme ; skos:prefLabel "uses"@en .
        :apple a skos:Concept ; skos:inScheme :kinds ; skos:prefLabel "apple"@en , "Apfel"@de .
        :juice a skos:Concept ; skos:inScheme :uses ; skos:prefLabel "juice"@en .
        """,
        encoding="utf-8",
    )
    release = open_release(build_release([source], tmp_path / "out", Settings()))
    spoken = [dump for dump in release.dumps if dump.language]
    (dump,) = spoken
    assert (dump.scheme, dump.language, dump.encoding) == ("https://example.org/kinds", "en", None)
    assert dump.name.endswith("-kinds-en.ttl")
    path = release.dumps_path / dump.name
    assert digest(path) == dump.sha256
    triples = [quad.triple for quad in parse(path=str(path), format=RdfFormat.TURTLE)]
    assert len(triples) == dump.triples
    assert [
        t.object.value
        for t in triples
        if t.subject.value == "https://example.org/apple" and t.predicate == SKOS.prefLabel
    ] == ["apple"]
