"""Clients that are programs of their own: Jena's ``rsparql`` and Comunica. They run where these are installed.

Jena is Debian's package libapache-jena-java; Comunica is the npm package @comunica/query-sparql, whose folder
``node_modules/.bin`` is in ``PATH`` or in ``BENCHMARK_PATH``.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import zipfile
from pathlib import Path

import pyoxigraph
import pytest

from benchmarks import generator as g
from clients.conftest import SIZE
from live_server import LiveServer

JARS = Path("/usr/share/java")
NEEDED = [
    "jena-arq", "jena-base", "jena-cmds", "jena-core", "jena-iri",
    "jena-rdfconnection", "jena-shacl", "jena-shex", "jena-tdb", "jena-tdb2",
    "jena-dboe-base", "jena-dboe-index", "jena-dboe-storage", "jena-dboe-trans-data", "jena-dboe-transaction",
    "commons-cli", "commons-codec", "commons-compress", "commons-csv", "commons-io",
    "commons-lang3", "dexx.collection", "gson", "guava", "httpclient",
    "httpcore", "jcl-over-slf4j", "protobuf", "slf4j-api", "slf4j-nop",
    "thrift", "titanium-json-ld",
]  # fmt: skip
"""What ``rsparql`` needs; Debian ships no command that would put it on the class path."""

MESSAGES = "impl/xpath/regex/message.properties"
"""Debian's build of Jena looks for this file in another folder than the one it is in, and ends without it."""

COMUNICA = shutil.which("comunica-sparql", path=os.pathsep.join([os.environ.get("BENCHMARK_PATH", ""), os.defpath]))
COMUNICA = COMUNICA or shutil.which("comunica-sparql")

LABELS = f"SELECT ?l {{ <{g.concept_iri(5)}> <{g.SKOS}prefLabel> ?l }}"
EXPECTED = {(g.label(5, tag), tag) for tag in g.languages(5)}
COUNT = f"SELECT (COUNT(*) AS ?n) {{ ?c a <{g.SKOS}Concept> }}"


@pytest.fixture(scope="module")
def class_path(tmp_path_factory: pytest.TempPathFactory) -> str:
    java = shutil.which("java")
    if java is None or not (JARS / "jena-cmds.jar").exists():
        pytest.skip("Jena is not installed (Debian package libapache-jena-java)")
    folder = tmp_path_factory.mktemp("jena")
    with zipfile.ZipFile(JARS / "jena-core.jar") as archive:
        if f"org/apache/jena/ext/xerces/{MESSAGES}" in archive.namelist():
            target = folder / "xerces" / MESSAGES
            target.parent.mkdir(parents=True)
            target.write_bytes(archive.read(f"org/apache/jena/ext/xerces/{MESSAGES}"))
    return os.pathsep.join([str(folder), *(str(JARS / f"{name}.jar") for name in NEEDED)])


def rsparql(class_path: str, server: LiveServer, query: str, *options: str) -> str:
    command = ["java", "-cp", class_path, "arq.rsparql", f"--service={server.root}sparql", *options, query]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
    assert "Exception" not in done.stderr, done.stderr
    return done.stdout


def test_jena_reads_solutions(class_path: str, served: LiveServer) -> None:
    rows = json.loads(rsparql(class_path, served, LABELS, "--results=json"))["results"]["bindings"]
    assert {(row["l"]["value"], row["l"]["xml:lang"]) for row in rows} == EXPECTED
    assert f"\n{SIZE}\n" in rsparql(class_path, served, COUNT, "--results=csv").replace("\r", "")


def test_jena_reads_graphs_and_answers_of_yes_or_no(class_path: str, served: LiveServer) -> None:
    text = rsparql(class_path, served, f"DESCRIBE <{g.concept_iri(5)}>", "--results=nt")
    found = {str(quad.triple) for quad in pyoxigraph.parse(text, format=pyoxigraph.RdfFormat.TURTLE)}
    assert {f"<{g.concept_iri(5)}> <{p}> {o}" for p, o in g.concept_statements(5, SIZE)} <= found
    assert "Yes" in rsparql(class_path, served, f"ASK {{ <{g.concept_iri(5)}> ?p ?o }}")


def comunica(source: str, query: str) -> object:
    if COMUNICA is None:
        pytest.skip("Comunica is not installed (npm package @comunica/query-sparql)")
    done = subprocess.run([COMUNICA, source, query], capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.mark.parametrize("source", ["sparql@{root}sparql", "{root}sparql", "{root}concept/c5", "{root}concept/c5.ttl"])
def test_comunica_asks_the_endpoint_and_follows_links(served: LiveServer, source: str) -> None:
    rows = comunica(source.format(root=served.root), LABELS)
    assert isinstance(rows, list)
    assert {tuple(row["l"].rsplit("@", 1)) for row in rows} == {(f'"{label}"', tag) for label, tag in EXPECTED}


def test_comunica_finds_out_by_itself_that_it_asks_an_endpoint(served: LiveServer) -> None:
    (row,) = comunica(f"{served.root}sparql", COUNT)  # type: ignore[misc]
    assert str(SIZE) in row["n"]
