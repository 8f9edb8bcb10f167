"""A server over a vocabulary whose facts are known, for the clients of the field."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from benchmarks import generator
from live_server import LiveServer, live_server

SIZE = 40
"""Concepts of the vocabulary."""


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveServer]:
    folder = tmp_path_factory.mktemp("clients")
    generator.write_vocabulary(folder / "vocabulary.nt", SIZE)
    with live_server(folder, str(folder / "vocabulary.nt")) as running:
        yield running
