"""The examples in the docstrings are true."""

import doctest
import importlib
import pkgutil

import pytest

import officegraph.http

MODULES = [module.name for module in pkgutil.iter_modules(officegraph.http.__path__, "officegraph.http.")]


@pytest.mark.parametrize("name", MODULES)
def test_examples_are_true(name):
    assert doctest.testmod(importlib.import_module(name)).failed == 0
