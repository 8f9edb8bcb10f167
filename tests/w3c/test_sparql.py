"""The W3C tests of SPARQL queries, over HTTP.

They run where ``OFFICEGRAPH_RDF_TESTS`` names a checkout of https://github.com/w3c/rdf-tests.
"""

import csv
import io
import os
import tempfile
import tomllib
from functools import lru_cache
from pathlib import Path

import pyoxigraph as ox
import pytest

import officegraph
from officegraph.engine.scan import scan
from officegraph.settings import Settings
from w3c.compare import expected_of, from_results, same
from w3c.suite import EVALUATION, NEGATIVE, cases, iri_of

CHECKOUT = os.environ.get("OFFICEGRAPH_RDF_TESTS")

if not CHECKOUT:
    pytest.skip("OFFICEGRAPH_RDF_TESTS names no checkout of w3c/rdf-tests", allow_module_level=True)

ROOT = Path(CHECKOUT).resolve()
CASES = cases(ROOT)
KNOWN = {
    name: reason
    for reason, names in tomllib.loads(Path(__file__).with_name("known_failures.toml").read_text("utf-8")).items()
    for name in names["tests"]
}


class Service:
    """A SPARQL endpoint over one dataset."""

    def __init__(self, default, named):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "data.nq"
            with path.open("wb") as file:
                for source, graph in [*((source, None) for source in default), *((s, iri) for iri, s in named)]:
                    file.write(as_n_quads(source, graph))
            self.app = officegraph.create_app([path], query_timeout=20, query_workers=1)
        self.client = self.app.test_client()

    def query(self, text, accept):
        """POST ``text`` and return status and body."""
        response = self.client.post(
            "/sparql",
            data=text.encode("utf-8", errors="surrogateescape"),
            content_type="application/sparql-query",
            headers={"Accept": accept},
        )
        return response.status_code, response.get_data()

    def close(self):
        self.app.extensions["officegraph"].close()


def as_n_quads(path, graph):
    """Return the triples of a file as N-Quads in ``graph``; a file with graphs of its own keeps them."""
    format_ = ox.RdfFormat.from_extension(path.suffix[1:])
    quads = ox.parse(path.read_bytes(), format_, base_iri=iri_of(path, ROOT), rename_blank_nodes=True)
    if graph:
        quads = (ox.Quad(quad.subject, quad.predicate, quad.object, ox.NamedNode(graph)) for quad in quads)
    return ox.serialize(quads, format=ox.RdfFormat.N_QUADS)


@lru_cache(maxsize=1)
def service_of(dataset):
    """Return the service over ``dataset``; tests of one dataset follow each other."""
    if Service.__dict__.get("last"):
        Service.last.close()
    Service.last = Service(*dataset)
    return Service.last


@pytest.fixture(scope="module", autouse=True)
def _close():
    yield
    service_of.cache_clear()
    if Service.__dict__.get("last"):
        Service.last.close()


def passes(case):
    """Return whether the answer to ``case`` is right."""
    service = service_of(case.dataset)
    if case.kind in NEGATIVE:
        status, _ = service.query(case.text, "*/*")
        return status == 400
    if case.kind not in EVALUATION:
        status, _ = service.query(with_base(case), "*/*")
        return status == 200
    expected = expected_of(case, case.base)
    if case.result.suffix == ".csv":
        status, body = service.query(with_base(case), "text/csv")
        actual = list(csv.reader(io.StringIO(body.decode(), newline="")))
        return status == 200 and sorted(map(normal_row, expected)) == sorted(map(normal_row, actual))
    if is_graph(case):
        status, body = service.query(with_base(case), "text/turtle")
        actual = [quad.triple for quad in ox.parse(body, ox.RdfFormat.TURTLE)] if status == 200 else None
    else:
        formats = {
            ".tsv": ("text/tab-separated-values", ox.QueryResultsFormat.TSV),
            ".srx": ("application/sparql-results+xml", ox.QueryResultsFormat.XML),
        }
        accept, format_ = formats.get(
            case.result.suffix, ("application/sparql-results+json", ox.QueryResultsFormat.JSON)
        )
        status, body = service.query(with_base(case), accept)
        actual = from_results(ox.parse_query_results(body, format_)) if status == 200 else None
    return status == 200 and same(expected, actual, lax=case.lax)


def is_graph(case):
    """Return whether the answer is a graph."""
    return scan(with_base(case), Settings()).form in {"CONSTRUCT", "DESCRIBE"}


def with_base(case):
    """Return the query with its own IRI as base, where it would not change its form."""
    if case.text.lstrip().upper().startswith("VERSION"):
        return case.text
    return f"BASE <{case.base}>\n{case.text}"


def normal_row(row):
    """Return a row of CSV with the names of blank nodes left out."""
    return ["_:" if cell.startswith("_:") else cell for cell in row]


@pytest.mark.parametrize("case", sorted(CASES, key=lambda case: (case.dataset, case.name)), ids=lambda case: case.name)
def test_w3c(case):
    if case.name in KNOWN:
        assert not passes(case), f"{case.name} passes: take it off the list of known failures"
    else:
        assert passes(case)


def test_every_known_failure_is_a_test():
    assert not KNOWN.keys() - {case.name for case in CASES}
