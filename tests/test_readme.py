"""What README.md tells users to run is run, against the server that it tells them to start."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
import subprocess
import sys
import warnings
from collections.abc import Iterator
from pathlib import Path

import pytest
import rdflib
from rdflib import URIRef
from rdflib.namespace import SKOS

from live_server import LiveServer, live_server

ROOT = Path(__file__).resolve().parents[1]
README = (ROOT / "README.md").read_text("utf-8")
ADDRESS = "http://127.0.0.1:8000/"
BACK_OFFICE = URIRef("https://w3id.org/officegraph/concept/back-office")


def blocks(mark: str) -> list[str]:
    """Return the commands that follow a mark, each block a script."""
    return re.findall(rf"<!-- {mark} -->\s*```\w+\n(.*?)```", README, re.DOTALL)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveServer]:
    with live_server(tmp_path_factory.mktemp("readme")) as running:
        yield running


@pytest.fixture(scope="module")
def outputs(server: LiveServer, tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """Return what the commands print, run in their order in one folder."""
    folder = tmp_path_factory.mktemp("downloads")
    printed = []
    for script in blocks("use"):
        assert ADDRESS in script
        done = subprocess.run(
            ["sh", "-euc", script.replace(ADDRESS, server.root)], cwd=folder, capture_output=True, check=False
        )
        assert done.returncode == 0, done.stderr
        printed.append(done.stdout.decode())
    downloads = list(folder.iterdir())
    assert downloads, "a command downloads a dump"
    for path in downloads:
        printed.append(f"{hashlib.sha256(path.read_bytes()).hexdigest()} {path.name}")
        printed.append(path.read_text("utf-8"))
    return printed


def test_one_command_sets_up_and_serves() -> None:
    (command,) = blocks("serve-command")
    assert re.fullmatch(
        r"python3 -m venv \.venv && \.venv/bin/pip install (--quiet )?-e \. && \.venv/bin/officegraph serve\n", command
    )
    (command,) = blocks("test-command")
    assert command.endswith("-m pytest\n")


def test_every_command_is_run() -> None:
    fences = re.findall(r"```(\w+)\n", README)
    marked = sum(len(blocks(mark)) for mark in ("serve-command", "test-command", "use", "use-python"))
    assert marked == len(fences)


def test_the_query_by_curl_gives_rows(outputs: list[str]) -> None:
    rows = list(csv.DictReader(io.StringIO(outputs[0])))
    assert set(rows[0]) == {"name", "office", "source"}
    assert {row["name"] for row in rows} == {"regulatory compliance"}
    assert {row["office"] for row in rows} <= {"front office", "middle office", "back office", "independent assurance"}
    assert len({row["source"] for row in rows}) >= 2


def test_the_concept_by_curl_is_turtle_about_it(outputs: list[str]) -> None:
    graph = rdflib.Graph().parse(data=outputs[1], format="turtle")
    assert (BACK_OFFICE, None, rdflib.Literal("back office", "en")) in graph


def test_the_document_by_curl_is_json_ld(outputs: list[str]) -> None:
    content = json.loads(outputs[2])
    assert "@context" in content
    graph = rdflib.Graph().parse(data=outputs[2], format="json-ld")
    assert graph.value(URIRef("https://w3id.org/officegraph/concept/settlement"), SKOS.definition) is not None


def test_the_dump_has_the_digest_that_is_published(outputs: list[str]) -> None:
    listing, end = json.JSONDecoder().raw_decode(outputs[3])
    checksums = outputs[3][end:].strip()
    dumps = {dump["name"]: dump for dump in listing["dumps"]}
    published = {name: digest for digest, name in (line.split() for line in checksums.splitlines())}
    digest, saved = outputs[4].split()
    assert digest in published.values()
    version = next(name for name, value in published.items() if value == digest)
    assert saved in {version, re.sub(r"-[^-]+\.ttl", "-latest.ttl", version), "officegraph-latest.ttl"}
    graph = rdflib.Graph().parse(data=outputs[5], format="turtle")
    assert len(graph) == dumps[version]["statements"]


@pytest.mark.parametrize("number", range(len(blocks("use-python"))))
def test_the_python_of_the_readme_prints_a_number(server: LiveServer, number: int) -> None:
    code = blocks("use-python")[number]
    assert ADDRESS in code
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", code.replace(ADDRESS, server.root)],
        capture_output=True,
        check=False,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    assert int(done.stdout.split()[0]) > 10


# The clients of the field


@pytest.mark.parametrize("format_", [None, "turtle", "xml", "json-ld", "nt"])
def test_rdflib_dereferences_by_the_format_that_is_served(server: LiveServer, format_: str | None) -> None:
    graph = rdflib.Graph().parse(
        f"{server.root}concept/back-office", **({} if format_ is None else {"format": format_})
    )
    assert (BACK_OFFICE, SKOS.prefLabel, rdflib.Literal("back office", "en")) in graph


def test_rdflib_queries_by_sparql_store(server: LiveServer) -> None:
    from rdflib.plugins.stores.sparqlstore import SPARQLStore

    for method in ("GET", "POST", "POST_FORM"):
        graph = rdflib.Graph(SPARQLStore(f"{server.root}sparql", method=method), bind_namespaces="none")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            assert len(graph) > 1000
            assert rdflib.Literal("back office", "en") in set(graph.objects(BACK_OFFICE, SKOS.prefLabel))
            assert graph.query(f"ASK {{ <{BACK_OFFICE}> ?p ?o }}").askAnswer


@pytest.mark.parametrize("kind", ["JSON", "XML", "CSV", "TSV", "TURTLE", "N3", "RDFXML", "JSONLD"])
@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("request_method", ["urlencoded", "postdirectly"])
def test_sparqlwrapper_gets_every_format(server: LiveServer, kind: str, method: str, request_method: str) -> None:
    import SPARQLWrapper

    if method == "GET" and request_method == "postdirectly":
        method = "POST"
    endpoint = SPARQLWrapper.SPARQLWrapper(f"{server.root}sparql")
    endpoint.setMethod(method)
    endpoint.setRequestMethod(request_method)
    endpoint.setReturnFormat(getattr(SPARQLWrapper, kind))
    graph = kind in {"TURTLE", "N3", "RDFXML", "JSONLD"}
    endpoint.setQuery(f"DESCRIBE <{BACK_OFFICE}>" if graph else f"SELECT ?p {{ <{BACK_OFFICE}> ?p ?o }}")
    result = endpoint.query()
    assert result.response.status == 200
    body = result.response.read()
    assert b"prefLabel" in body
    expected = {
        "JSON": "results+json",
        "XML": "results+xml",
        "CSV": "csv",
        "TSV": "tab-separated-values",
        "RDFXML": "rdf+xml",
        "JSONLD": "ld+json",
    }
    assert expected.get(kind, "turtle") in result.info()["content-type"]


def test_sparqlwrapper_understands_our_errors(server: LiveServer) -> None:
    from SPARQLWrapper import SPARQLWrapper
    from SPARQLWrapper.SPARQLExceptions import QueryBadFormed

    endpoint = SPARQLWrapper(f"{server.root}sparql")
    endpoint.setQuery("SELECT nonsense")
    with pytest.raises(QueryBadFormed):
        endpoint.query()


def test_the_server_says_where_it_is_and_what_to_try(server: LiveServer) -> None:
    printed = server.log.read_text("utf-8")
    assert f"is served at {server.root}" in printed
    commands = [line.strip() for line in printed.splitlines() if line.strip().startswith("curl ")]
    assert len(commands) == 3
    for command in commands:
        done = subprocess.run(["sh", "-c", f"{command} -s -f"], capture_output=True, check=False)
        assert done.returncode == 0, command
        assert done.stdout
    assert "Traceback" not in printed
