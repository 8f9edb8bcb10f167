"""The examples in the documentation of readers and writers are true."""

import doctest
import importlib

import pytest

MODULES = [
    "model.languages",
    *(f"vocabulary.{name}" for name in ("bases", "errors", "language_tags", "sources", "statements", "wording")),
    *(f"vocabulary.write.{name}" for name in ("json_ld_context", "terms")),
]


@pytest.mark.parametrize("name", MODULES)
def test_examples_in_documentation_are_true(name):
    results = doctest.testmod(importlib.import_module(f"officegraph.{name}"))
    assert results.failed == 0
    assert results.attempted > 0
