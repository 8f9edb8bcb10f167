import pytest

from officegraph.engine.embedded import EmbeddedEngine
from officegraph.settings import MEBIBYTE, Settings

SKOS = "http://www.w3.org/2004/02/skos/core#"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"

SETTINGS = Settings(
    query_timeout=1, query_result_size=2 * MEBIBYTE, query_memory=192 * MEBIBYTE, query_workers=4, query_queue=16
)


@pytest.fixture(scope="session")
def store(tmp_path_factory):
    """A store of 2,000 concepts in a forest, with labels in three languages, and two overlapping graphs."""
    lines = []
    for number in range(2_000):
        concept = f"<http://example.org/c{number}>"
        lines.append(f"{concept} <{RDF}type> <{SKOS}Concept> .")
        lines += [f'{concept} <{SKOS}prefLabel> "concept {number}"@{language} .' for language in ("de", "en", "fr")]
        lines.append(f"{concept} <{SKOS}broader> <http://example.org/c{number // 3}> .")
    for graph, values in (("one", "ab"), ("two", "bc"), ("three", "d")):
        lines += [
            f'<http://example.org/s> <http://example.org/p> "{value}" <http://example.org/{graph}> .'
            for value in values
        ]
    folder = tmp_path_factory.mktemp("store")
    (folder / "data.nq").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def engine(store):
    """An engine with small limits over ``store``."""
    engine = EmbeddedEngine(store, {"skos": SKOS, "ex": "http://example.org/"}, SETTINGS)
    yield engine
    engine.close()
