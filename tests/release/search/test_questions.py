"""What people type finds the concept that they mean: held over the graph of office functions by a table."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from officegraph.model.namespaces import OFFICEGRAPH_BASE
from officegraph.release.search.model import SearchRequest
from officegraph.release.search.service import SearchIndex

QUESTIONS = tomllib.loads(Path(__file__).with_name("questions.toml").read_text("utf-8"))["question"]


@pytest.mark.parametrize("question", QUESTIONS, ids=[question["text"] for question in QUESTIONS])
def test_the_concept_that_is_meant_comes_first(office_index: SearchIndex, question: dict[str, Any]) -> None:
    request = SearchRequest(text=question["text"], languages=tuple(question.get("languages", ())))
    among = question.get("among", 1)
    found = [hit.iri for hit in office_index.search(request).hits[:among]]
    assert f"{OFFICEGRAPH_BASE}concept/{question['concept']}" in found


def test_suggestions_agree_with_the_search(office_index: SearchIndex) -> None:
    for question in QUESTIONS:
        request = SearchRequest(text=question["text"], notes=False, limit=5)
        assert office_index.suggest(question["text"], limit=5) == office_index.search(request).hits
