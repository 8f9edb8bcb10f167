"""Indexes that the tests of the search share."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from officegraph.release.assemble import assemble
from officegraph.release.describing import Describer
from officegraph.release.search.resources import Searched, SearchedResources
from officegraph.release.search.service import SearchIndex
from officegraph.release.search.write import write_index
from officegraph.settings import Settings
from officegraph.vocabulary.bundled import bundled_sources


def searched(sources: list[Path]) -> tuple[list[Searched], str]:
    """Return what can be found of ``sources``, and the language that labels fall back to."""
    assembled = assemble(sources, Settings(), lambda _stage, _done, _total: None)
    manifest = assembled.manifest
    describer = Describer(assembled.described, base=manifest.base, stated=assembled.stated)
    return list(SearchedResources(describer, manifest.base, manifest.language)), manifest.language


@pytest.fixture(scope="session")
def index_of(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., SearchIndex]:
    """Return a function that indexes Turtle, or the files given."""

    def build(text: str = "", sources: list[Path] | None = None) -> SearchIndex:
        folder = tmp_path_factory.mktemp("index")
        if sources is None:
            (folder / "source.ttl").write_text(text, encoding="utf-8")
            sources = [folder / "source.ttl"]
        write_index(folder / "search.sqlite", *searched(sources))
        return SearchIndex(folder / "search.sqlite")

    return build


@pytest.fixture(scope="session")
def office_index(index_of: Callable[..., SearchIndex]) -> SearchIndex:
    """Return the index of the graph of office functions."""
    return index_of(sources=bundled_sources())
