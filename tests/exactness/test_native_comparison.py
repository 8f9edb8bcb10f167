"""The answers of the endpoint, in every format, against those of the native server of the engine over the same data.

They run where the server ``oxigraph`` is installed: ``pip install oxigraph``.
"""

from __future__ import annotations

import csv
import http.client
import io
import json
import shutil
import subprocess
import sys
import time
import xml.etree.ElementTree as ET
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest
from flask.testing import FlaskClient

from exactness.generated_queries import EACH, KINDS, Generated, generate
from live_server import free_port
from officegraph import create_app
from officegraph.vocabulary.bundled import bundled_sources

OXIGRAPH = shutil.which("oxigraph") or shutil.which("oxigraph", path=str(Path(sys.executable).parent))

if OXIGRAPH is None:
    pytest.skip("The server 'oxigraph' is not installed (PyPI package oxigraph)", allow_module_level=True)

RESULTS = "{http://www.w3.org/2005/sparql-results#}"
XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
XSD_STRING = "http://www.w3.org/2001/XMLSchema#string"
GRAPH_FORMATS = {
    "application/n-triples": ox.RdfFormat.N_TRIPLES,
    "text/turtle": ox.RdfFormat.TURTLE,
    "application/rdf+xml": ox.RdfFormat.RDF_XML,
    "application/ld+json": ox.RdfFormat.JSON_LD,
    "application/trig": ox.RdfFormat.TRIG,
    "application/n-quads": ox.RdfFormat.N_QUADS,
}

Term = tuple[str, ...] | None
"""A term as kind, value, language tag in lower case (BCP 47, section 2.1.1), and datatype; ``None`` if unbound."""

Row = tuple[Term, ...]


@dataclass(frozen=True)
class Table:
    """Solutions in the order of their columns."""

    columns: tuple[str, ...]
    rows: tuple[Row, ...]


class Native:
    """A native server that runs.

    Args:
        port: Its port on loopback.
    """

    def __init__(self, port: int) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)

    def send(self, method: str, path: str, body: bytes, **headers: str) -> tuple[int, bytes]:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        self.connection.request(method, path, body, named)
        response = self.connection.getresponse()
        return response.status, response.read()

    def query(self, text: str, accept: str) -> bytes:
        status, body = self.send(
            "POST", "/query", text.encode(), Content_Type="application/sparql-query", Accept=accept
        )
        assert status == 200, (text, body)
        return body


@contextmanager
def native_server(folder: Path, data: Path) -> Iterator[Native]:
    """Run the native server over the N-Quads of ``data``."""
    assert OXIGRAPH is not None
    location = folder / "database"
    subprocess.run([OXIGRAPH, "load", "--location", location, "--file", data], check=True, capture_output=True)
    port = free_port()
    with (folder / "native.log").open("wb") as log:
        process = subprocess.Popen(
            [OXIGRAPH, "serve-read-only", "--location", location, "--bind", f"127.0.0.1:{port}"],
            stdout=log,
            stderr=subprocess.STDOUT,
        )
    try:
        native = Native(port)
        with closing(native.connection):
            wait(native, process)
            yield native
    finally:
        process.kill()
        process.wait()


def wait(native: Native, process: subprocess.Popen[bytes]) -> None:
    """Wait until ``native`` answers."""
    end = time.monotonic() + 30
    while time.monotonic() < end:
        assert process.poll() is None
        try:
            native.query("ASK {}", "application/sparql-results+json")
        except OSError:
            native.connection.close()
            time.sleep(0.05)
        else:
            return
    raise AssertionError("The native server does not answer")


@dataclass(frozen=True)
class Peers:
    """Both servers over the same data, and the queries for them."""

    ours: FlaskClient
    native: Native
    queries: tuple[Generated, ...]

    def ask_ours(self, text: str, accept: str) -> bytes:
        response = self.ours.post(
            "/sparql", data=text.encode(), content_type="application/sparql-query", headers={"Accept": accept}
        )
        assert response.status_code == 200, (text, response.get_data(as_text=True))
        assert response.mimetype == accept
        return response.get_data()


@pytest.fixture(scope="module")
def peers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Peers]:
    folder = tmp_path_factory.mktemp("native")
    app = create_app(bundled_sources(), releases=folder / "releases")
    with closing(app.extensions["officegraph"]):
        (data,) = {path.resolve() for path in folder.glob("releases/*/store/data.nq")}
        with native_server(folder, data) as native:
            yield Peers(app.test_client(), native, tuple(generate(list(ox.parse(path=str(data))))))


def json_term(value: dict[str, str] | None) -> Term:
    if value is None:
        return None
    if value["type"] != "literal":
        return blind(value["type"], value["value"])
    return literal(value["value"], value.get("xml:lang"), value.get("datatype"))


def blind(kind: str, value: str) -> Term:
    """Return an IRI, or a blank node without the name that only its document knows it by."""
    return (kind, "" if kind == "bnode" else value)


def literal(value: str, language: str | None, datatype: str | None) -> Term:
    if language is not None:
        return ("literal", value, language.lower(), "")
    return ("literal", value, "", datatype or XSD_STRING)


def from_json(body: bytes) -> Table | bool:
    document = json.loads(body)
    if "boolean" in document:
        return bool(document["boolean"])
    columns = tuple(document["head"]["vars"])
    rows = document["results"]["bindings"]
    assert all(row.keys() <= set(columns) for row in rows)
    return Table(columns, tuple(tuple(json_term(row.get(name)) for name in columns) for row in rows))


def xml_term(binding: ET.Element) -> Term:
    (element,) = binding
    kind = element.tag.removeprefix(RESULTS)
    if kind == "literal":
        return literal(element.text or "", element.get(XML_LANG), element.get("datatype"))
    return blind(kind, element.text or "")


def from_xml(body: bytes) -> Table | bool:
    root = ET.fromstring(body)
    assert root.tag == f"{RESULTS}sparql"
    boolean = root.find(f"{RESULTS}boolean")
    if boolean is not None:
        return boolean.text == "true"
    columns = tuple(each.attrib["name"] for each in root.iterfind(f"{RESULTS}head/{RESULTS}variable"))
    rows = []
    for result in root.iterfind(f"{RESULTS}results/{RESULTS}result"):
        row = {binding.attrib["name"]: xml_term(binding) for binding in result}
        rows.append(tuple(row.get(name) for name in columns))
    return Table(columns, tuple(rows))


def tsv_term(term: Any) -> Term:
    if term is None:
        return None
    if isinstance(term, ox.Literal):
        return literal(term.value, term.language, term.datatype.value)
    return blind("uri" if isinstance(term, ox.NamedNode) else "bnode", term.value)


def from_tsv(body: bytes) -> Table:
    results = ox.parse_query_results(body, ox.QueryResultsFormat.TSV)
    assert isinstance(results, ox.QuerySolutions)
    columns = tuple(variable.value for variable in results.variables)
    return Table(columns, tuple(tuple(tsv_term(row[name]) for name in columns) for row in results))


def from_csv(body: bytes) -> list[tuple[str, ...]]:
    text = body.decode()
    assert text.endswith("\r\n")
    return [tuple(row) or ("",) for row in csv.reader(io.StringIO(text, newline=""), strict=True)]


def as_csv(table: Table) -> list[tuple[str, ...]]:
    """Return what CSV keeps of a table (SPARQL 1.1 Query Results CSV and TSV Formats, section 3)."""
    return [table.columns, *(tuple("" if term is None else term[1] for term in row) for row in table.rows)]


def without_names_of_blank_nodes(rows: list[tuple[str, ...]]) -> list[tuple[str, ...]]:
    return [tuple("" if cell.startswith("_:") else cell for cell in row) for row in rows]


def check_solutions(ours: Table | bool, native: Table | bool, query: Generated) -> None:
    """Compare two answers: as sequences if the query orders them, else as multisets."""
    if isinstance(ours, bool) or isinstance(native, bool):
        assert ours is native, query.text
        return
    # The order of the columns of ``SELECT *`` is nobody's to say; here it is that of the query, there of the alphabet.
    if "SELECT *" in query.text:
        assert sorted(ours.columns) == sorted(native.columns), query.text
    else:
        assert ours.columns == native.columns, query.text
    check_rows(arranged(ours), arranged(native), query)


def arranged(table: Table) -> list[Row]:
    """Return the rows with their columns by alphabet."""
    places = sorted(range(len(table.columns)), key=table.columns.__getitem__)
    return [tuple(row[place] for place in places) for row in table.rows]


def check_rows(ours: Sequence[object], native: Sequence[object], query: Generated) -> None:
    if query.ordered:
        assert ours == native, query.text
    else:
        assert Counter(ours) == Counter(native), query.text


def graph(body: bytes, media_type: str) -> ox.Dataset:
    """Return the graph of an answer, its blank nodes renamed to what they are (RDF Dataset Canonicalization)."""
    dataset = ox.Dataset(ox.parse(body, GRAPH_FORMATS[media_type]))
    dataset.canonicalize(ox.CanonicalizationAlgorithm.UNSTABLE)
    return dataset


def check_query(peers: Peers, query: Generated) -> int:
    """Compare the answers to a query in every format; return how many solutions or triples it has."""
    if query.kind in {"construct", "describe"}:
        expected = graph(peers.native.query(query.text, "application/n-triples"), "application/n-triples")
        for media_type in GRAPH_FORMATS:
            ours = graph(peers.ask_ours(query.text, media_type), media_type)
            assert ours == expected, (media_type, query.text)
        return len(expected)
    native = from_json(peers.native.query(query.text, "application/sparql-results+json"))
    ours = from_json(peers.ask_ours(query.text, "application/sparql-results+json"))
    check_solutions(ours, native, query)
    check_solutions(from_xml(peers.ask_ours(query.text, "application/sparql-results+xml")), native, query)
    if isinstance(native, bool) or isinstance(ours, bool):
        return 1
    check_solutions(from_tsv(peers.ask_ours(query.text, "text/tab-separated-values")), native, query)
    expected_rows = as_csv(Table(ours.columns, native.rows)) if ours.columns == native.columns else as_csv(ours)
    rows = without_names_of_blank_nodes(from_csv(peers.ask_ours(query.text, "text/csv")))
    assert rows[0] == ours.columns
    check_rows(rows[1:], expected_rows[1:], query)
    return len(native.rows)


def test_there_are_two_hundred_queries_at_least_and_some_of_each_kind(peers: Peers) -> None:
    assert len(peers.queries) >= 200
    counts = Counter(query.kind for query in peers.queries)
    assert counts == dict.fromkeys((kind.__name__ for kind in KINDS), EACH)


@pytest.mark.parametrize("kind", [kind.__name__ for kind in KINDS])
def test_answers_are_those_of_the_native_server_in_every_format(peers: Peers, kind: str) -> None:
    sizes = [check_query(peers, query) for query in peers.queries if query.kind == kind]
    assert len(sizes) == EACH
    # Answers that are empty are equal for no reason; some are in order.
    assert sum(map(bool, sizes)) >= EACH // 2
