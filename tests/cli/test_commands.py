"""The commands: what they print, how they end, and that bad input gives a message and no traceback."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from officegraph.cli import main

SKOS = "http://www.w3.org/2004/02/skos/core#"
GOOD = """@prefix : <https://example.org/v/> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
:s a skos:ConceptScheme ; skos:prefLabel "Scheme"@en ; skos:hasTopConcept :a .
:a a skos:Concept ; skos:inScheme :s ; skos:topConceptOf :s ; skos:prefLabel "a"@en ; skos:definition "The first."@en .
"""
BAD = GOOD + ':b a skos:Concept ;\n  skos:prefLabel "b\n'
WRONG = GOOD + ':a skos:prefLabel "another"@en .\n'


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the current folder of the commands, with sources in it."""
    for name, text in (("good.ttl", GOOD), ("bad.ttl", BAD), ("wrong.ttl", WRONG), ("q.rq", "ASK { ?s ?p ?o }")):
        (tmp_path / name).write_text(text, "utf-8")
    (tmp_path / "empty").mkdir()
    (tmp_path / "latin.ttl").write_bytes(GOOD.encode() + ':a skos:altLabel "\u00e4" .'.encode("latin-1"))
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return tmp_path


def run(*arguments: str, given: str | None = None) -> Result:
    result = CliRunner().invoke(main, arguments, input=given)
    assert "Traceback" not in result.output
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


@pytest.mark.parametrize("command", [[], ["serve"], ["build"], ["check"], ["query"]])
def test_help_says_what_a_command_does_and_names_its_options(command: list[str]) -> None:
    for option in ("--help", "-h"):
        result = run(*command, option)
        assert result.exit_code == 0
        assert "Usage:" in result.output
        if command:
            assert "--base" in result.output
            options = [line for line in result.output.splitlines() if line.startswith("  --")]
            assert all(len(line.split(maxsplit=2)) > 2 or line.strip().count(" ") == 1 for line in options)


@pytest.mark.parametrize("command", ["serve", "query"])
def test_examples_in_help_stand_on_lines_of_their_own(command: str) -> None:
    output = run(command, "--help").output
    assert "\\b" not in output
    assert all(line.startswith(f"officegraph {command}") for line in examples(output))
    assert len(examples(output)) >= 2


def examples(output: str) -> list[str]:
    return [line.strip() for line in output.splitlines() if "officegraph " in line and "Usage" not in line]


def test_where_nothing_can_be_cached_no_folder_is_left(folder: Path) -> None:
    (folder / "file").touch()
    (folder / "temporary").mkdir()
    done = subprocess.run(
        [sys.executable, "-c", "from officegraph.cli import main; main()", "query", "ASK {}", "--source", "good.ttl"],
        env={**os.environ, "XDG_CACHE_HOME": str(folder / "file"), "TMPDIR": str(folder / "temporary")},
        cwd=folder, capture_output=True, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stdout.strip(), done.stderr) == (0, b"true", b"")
    assert list((folder / "temporary").iterdir()) == []


def test_the_version_is_that_of_the_package() -> None:
    from officegraph import __version__

    assert run("--version").output == f"officegraph, version {__version__}\n"


def test_build_prints_the_release_and_keeps_it_current(folder: Path) -> None:
    result = run("build", "good.ttl", "--out", "out")
    assert result.exit_code == 0
    release = Path(result.output.strip())
    assert json.loads((release / "manifest.json").read_text("utf-8"))["base"] == "https://example.org/v/"
    assert (folder / "out" / "current").resolve() == release.resolve()


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("bad.ttl", "bad.ttl:6:"),
        ("missing.ttl", "missing.ttl: there is no such file"),
        ("empty", "empty"),
        ("latin.ttl", "latin.ttl:"),
    ],
)
@pytest.mark.parametrize("command", [["build", "--out", "out"], ["check"], ["query", "ASK {}", "--source"]])
def test_a_source_that_cannot_be_read_is_named_with_its_place(
    folder: Path, command: list[str], source: str, message: str
) -> None:
    result = run(*command, source)
    assert result.exit_code == 1
    assert message in result.output


def test_a_failed_build_leaves_the_release_as_it_was(folder: Path) -> None:
    release = Path(run("build", "good.ttl", "--out", "out").output.strip()).resolve()
    assert run("build", "bad.ttl", "--out", "out").exit_code == 1
    assert (folder / "out" / "current").resolve() == release
    assert [path.name for path in (folder / "out").iterdir() if path.name.startswith(".building")] == []


def test_check_ends_with_1_on_violations_only(folder: Path) -> None:
    good = run("check", "good.ttl")
    assert good.exit_code == 0, good.output
    wrong = run("check", "wrong.ttl")
    assert wrong.exit_code == 1
    assert "wrong.ttl" in wrong.output
    assert ":a has 2 preferred labels" in wrong.output


QUERIES = [
    (
        f"SELECT ?l {{ ?s <{SKOS}prefLabel> ?l }} ORDER BY ?l",
        None,
        b'?l\n"Scheme"@en\n"a"@en\n',
    ),
    ("SELECT ?l { ?s <http://www.w3.org/2004/02/skos/core#definition> ?l }", "csv", b"l\r\nThe first.\r\n"),
    ("ASK { ?s ?p ?o }", "json", b'{"head":{},"boolean":true}'),
    ("ASK { ?s ?p ?o }", None, b"true"),
    ("q.rq", "csv", b"true"),
    (f"CONSTRUCT WHERE {{ ?s a <{SKOS}Concept> }}", None, b"skos:Concept"),
    (
        f"CONSTRUCT WHERE {{ ?s a <{SKOS}Concept> }}",
        "nt",
        b"<https://example.org/v/a> <http",
    ),
]


@pytest.mark.parametrize(("query", "ending", "expected"), QUERIES)
def test_query_writes_the_answer_in_the_format_asked_for(
    folder: Path, query: str, ending: str | None, expected: bytes
) -> None:
    result = run("query", query, "--source", "good.ttl", *(["--format", ending] if ending else []))
    assert result.exit_code == 0, result.output
    assert expected in result.stdout_bytes


def test_query_reads_standard_input_and_a_release(folder: Path) -> None:
    release = run("build", "good.ttl", "--out", "out").output.strip()
    for where in (release, "out"):
        result = run("query", "-", "--release", where, given="ASK { ?s ?p ?o }")
        assert result.exit_code == 0
        assert result.stdout_bytes.strip() == b"true"


@pytest.mark.parametrize(
    ("arguments", "status", "message"),
    [
        (["query", "SELECT {", "--source", "good.ttl"], 1, "line 1"),
        (["query", "missing.rq", "--source", "good.ttl"], 1, "missing.rq: No such file"),
        (["query", "CLEAR ALL", "--source", "good.ttl"], 1, "Error:"),
        (["query", "ASK { SERVICE <http://127.0.0.1:9/> {} }", "--source", "good.ttl"], 1, "SERVICE"),
        (["query", "x" * 5000, "--source", "good.ttl"], 1, "Error:"),
        (["query", "ASK {}", "--source", "good.ttl", "--format", "ttl"], 1, "json xml csv tsv"),
        (["query", "DESCRIBE <x:y>", "--source", "good.ttl", "--format", "csv"], 1, "ttl nt rdf"),
        (["query", "ASK {}", "--source", "good.ttl", "--release", "empty"], 2, "not both"),
        (["query", "ASK {}", "--release", "empty"], 1, "empty"),
        (["query", "ASK {}", "--release", "missing"], 2, "missing"),
        (["query", "ASK {}", "--timeout", "0"], 2, "timeout"),
        (["query"], 2, "QUERY|FILE"),
        (["serve", "good.ttl", "--release", "empty"], 2, "not both"),
        (["serve", "good.ttl", "--port", "0"], 2, "port"),
        (["serve", "good.ttl", "--port", "70000"], 2, "port"),
        (["serve", "good.ttl", "--host", "256.0.0.1"], 1, "Cannot listen on 256.0.0.1:8000"),
        (["serve", "--release", "empty"], 1, "empty"),
        (["build", "good.ttl"], 2, "--out"),
        (["build", "good.ttl", "--out", "good.ttl"], 2, "good.ttl"),
        (["build", "good.ttl", "--out", "/proc/nothing"], 1, "/proc/nothing"),
        (["build", "good.ttl", "--out", "out", "--base", "no iri"], 1, "no iri"),
        (["nothing"], 2, "nothing"),
        (["check", "--shapes", "missing.ttl"], 2, "missing.ttl"),
        (["check", "good.ttl", "--shapes", "bad.ttl"], 1, "bad.ttl:6:"),
    ],
)
def test_a_wrong_command_says_what_is_wrong(folder: Path, arguments: list[str], status: int, message: str) -> None:
    if "--host" in arguments:
        port = free_port()
        arguments = [*arguments, "--port", str(port)]
        message = message.replace("8000", str(port))
    result = run(*arguments)
    assert (result.exit_code, message in result.output) == (status, True), result.output


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return int(taken.getsockname()[1])


def test_serve_says_that_a_port_is_taken_before_it_builds(folder: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        result = run("serve", "good.ttl", "--port", str(port))
    assert result.exit_code == 1
    assert f"Cannot listen on 127.0.0.1:{port}" in result.output
    assert not (folder / "cache").exists()


def test_a_reader_that_goes_away_is_no_traceback(folder: Path) -> None:
    environment = {**os.environ, "PYTHONUNBUFFERED": "1"}
    command = [sys.executable, "-c", "from officegraph.cli import main; main()"]
    query = "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
    process = subprocess.Popen(
        [*command, "query", query, "--source", "good.ttl"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment,
    )
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.read(10)
    process.stdout.close()
    errors = process.stderr.read()
    process.stderr.close()
    process.wait(30)
    assert b"Traceback" not in errors
