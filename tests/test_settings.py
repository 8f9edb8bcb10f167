"""The settings: what is made of values, and which are refused."""

from __future__ import annotations

import json
import math
from pathlib import Path

import pytest

from officegraph.settings import Settings, described

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


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("base", 1),
        ("language", None),
        ("merge", "no"),
        ("query_timeout", "30"),
        ("query_timeout", math.nan),
        ("query_timeout", math.inf),
        ("query_memory", 1.5),
        ("query_workers", True),
        ("query_queue", -1),
        ("releases", "folder"),
        ("allowed_services", "https://example.org/"),
        ("allowed_services", ("https://example.org",)),
        ("allowed_services", ("ftp://example.org/",)),
        ("allowed_services", ("https:///path",)),
        ("metrics", "yes"),
        ("trusted_proxies", -1),
        ("rate_limit", 60),
        ("rate_limit", "60"),
        ("rate_limit", "0/minute"),
        ("rate_limit", "60/minute;1/day"),
        ("access_log", "-"),
    ],
)
def test_a_value_of_the_wrong_type_or_range_is_refused_by_name(name: str, value: object) -> None:
    with pytest.raises(ValueError, match=f"^{name} must be"):
        Settings(**{name: value})  # type: ignore[arg-type]


def test_every_setting_says_what_it_is_about_in_a_sentence() -> None:
    assert set(described()) == Settings.names()
    for _, about in described().values():
        assert about.sentence[0].isupper()
        assert about.sentence.endswith(".")


def test_settings_travel_as_json() -> None:
    settings = Settings(
        base="https://example.org/",
        releases=Path("releases"),
        allowed_services=("https://example.org/sparql",),
        access_log=Path("-"),
        query_timeout=3,
        metrics="off",
    )
    assert Settings.of_json(json.loads(json.dumps(settings.as_json()))) == settings
