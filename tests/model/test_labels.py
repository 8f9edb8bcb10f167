"""Which name a resource goes by, in which language."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode

from officegraph.model.labels import LABEL_PROPERTIES, best_label, label_rank, labels_by_language
from officegraph.model.namespaces import DCTERMS, RDFS, SKOS

Statement = tuple[NamedNode, Literal]


def test_the_preferred_label_ranks_before_all_others() -> None:
    assert label_rank(SKOS.prefLabel) == 0
    assert label_rank(SKOS.altLabel) is None
    ranks = [label_rank(property_) for property_ in LABEL_PROPERTIES]
    assert ranks == list(range(len(LABEL_PROPERTIES)))


@pytest.mark.parametrize(
    ("statements", "expected"),
    [
        ([], {}),
        ([(SKOS.altLabel, Literal("a"))], {}),
        ([(RDFS.label, Literal("a")), (SKOS.prefLabel, Literal("b"))], {"": "b"}),
        (
            [(RDFS.label, Literal("a", language="de")), (SKOS.prefLabel, Literal("b", language="en"))],
            {"de": "a", "en": "b"},
        ),
        ([(SKOS.prefLabel, Literal("z")), (SKOS.prefLabel, Literal("a"))], {"": "a"}),
        ([(SKOS.prefLabel, Literal("  ")), (DCTERMS.title, Literal("t"))], {"": "t"}),
        ([(SKOS.prefLabel, NamedNode("http://example.org/"))], {}),
        ([(SKOS.prefLabel, Literal("colour", language="en-GB"))], {"en-GB": "colour"}),
    ],
)
def test_each_language_has_the_label_of_the_best_property(
    statements: list[Statement], expected: dict[str, str]
) -> None:
    assert labels_by_language(statements, {"en-gb": "en-GB"}) == expected


TAGS = st.sampled_from([None, "en", "de", "en-gb"])
STATEMENTS = st.lists(
    st.tuples(
        st.sampled_from([SKOS.prefLabel, RDFS.label, SKOS.altLabel]),
        st.builds(lambda text, tag: Literal(text, language=tag) if tag else Literal(text), st.text(max_size=3), TAGS),
    )
)


@given(STATEMENTS, st.randoms())
def test_the_order_of_statements_does_not_matter(statements: list[Statement], random: object) -> None:
    shuffled = list(statements)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert labels_by_language(statements) == labels_by_language(shuffled)


@pytest.mark.parametrize(
    ("labels", "ranges", "expected"),
    [
        ({}, ["en"], None),
        ({"en": "a", "de": "b"}, ["de"], ("b", "de")),
        ({"en": "a", "de": "b"}, ["de-CH", "en"], ("b", "de")),
        ({"en": "a", "de": "b"}, ["fr"], ("a", "en")),
        ({"en": "a", "de": "b"}, [], ("a", "en")),
        ({"fr": "a", "de": "b"}, [], ("b", "de")),
        ({"fr": "a", "": "b"}, ["it"], ("b", "")),
        ({"en-GB": "a", "de": "b"}, ["it"], ("a", "en-GB")),
        ({"en-GB": "a", "de-AT": "b"}, ["de"], ("b", "de-AT")),
    ],
)
def test_a_reader_gets_a_wanted_language_then_the_default_then_any(
    labels: dict[str, str], ranges: list[str], expected: tuple[str, str] | None
) -> None:
    assert best_label(labels, ranges, "en") == expected
