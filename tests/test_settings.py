"""The settings: what is made of values, and which are refused."""

from __future__ import annotations

import pytest

from officegraph.settings import Settings

BASES = [
    ("https://example.org/", "https://example.org/"),
    ("https://example.org", "https://example.org/"),
    ("https://example.org/voc", "https://example.org/voc/"),
    ("https://example.org/voc/", "https://example.org/voc/"),
    ("https://example.org/voc#", "https://example.org/"),
    ("https://example.org/a/voc#A", "https://example.org/a/"),
    ("https://example.org#", "https://example.org/"),
    ("https://example.org/käse/", "https://example.org/käse/"),
]


@pytest.mark.parametrize(("given", "base"), BASES)
def test_a_base_is_what_the_root_of_a_host_can_stand_for(given: str, base: str) -> None:
    assert Settings(base=given).base == base
    assert Settings(base=base) == Settings(base=given), "so that a release is found again"


@pytest.mark.parametrize("given", ["", "voc", "/voc/", "example.org/voc", "https:", "https://exa mple.org/", "a:<b>"])
def test_what_is_no_absolute_iri_is_no_base(given: str) -> None:
    with pytest.raises(ValueError, match="base must be an absolute IRI"):
        Settings(base=given)


@pytest.mark.parametrize(
    ("name", "value"), [("query_timeout", 0), ("query_memory", -1), ("query_depth", 0), ("query_workers", 0)]
)
def test_a_limit_that_would_let_nothing_pass_is_refused(name: str, value: int) -> None:
    with pytest.raises(ValueError, match=name):
        Settings(**{name: value})
