"""The commands: ``serve``, ``build``, ``check`` and ``query``."""

from __future__ import annotations

import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from officegraph.cli.errors import refuse_taken_port, reported_errors
from officegraph.cli.options import all_settings, setting
from officegraph.cli.releases import built, built_beside, resolved
from officegraph.settings import Settings
from officegraph.version import __version__

if TYPE_CHECKING:
    from collections.abc import Sequence

    from officegraph.vocabulary.check import Finding

DEFAULTS = Settings()

SOURCES = click.argument("sources", nargs=-1, metavar="[SOURCE]...", type=click.Path(path_type=Path))
BASE = setting("base")
MERGE = setting("merge")


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="officegraph")
def main() -> None:
    """Publish an SKOS vocabulary as linked data.

    SOURCE is a file or folder with Turtle, TriG, N-Triples, N-Quads, RDF/XML or JSON-LD. Without one,
    the graph of front-, middle- and back-office functions is taken.
    """


@main.command()
@SOURCES
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535), help="Port to listen on.")
@click.option("--workers", default=1, show_default=True, type=click.IntRange(1), help="Processes that answer HTTP.")
@click.option("--release", type=click.Path(path_type=Path, exists=True), help="Serve this release; build none.")
@click.option(
    "--out",
    "out",
    type=click.Path(path_type=Path),
    help="Folder of releases; a folder in the user's cache if left out.",
)
@all_settings
def serve(
    sources: tuple[Path, ...],
    host: str,
    port: int,
    workers: int,
    release: Path | None,
    out: Path | None,
    **options: Any,
) -> None:
    """Build a release if the sources have changed, then serve it.

    \b
      officegraph serve                     the graph of office functions, at http://127.0.0.1:8000/
      officegraph serve thesaurus.ttl       any other SKOS vocabulary
      officegraph serve --release DIR       a release made by `officegraph build`

    A folder of releases is followed: another that becomes current is served without a pause. SIGHUP builds one,
    if the sources have changed. SIGTERM ends the server once all requests are answered.
    """  # noqa: D301  (the escape is a backspace, the mark of click for text that is not to be wrapped)
    if release is not None and sources:
        raise click.UsageError("Give either SOURCE or --release, not both.")
    refuse_taken_port(host, port)
    with reported_errors():
        settings = Settings(**options)
        folder = release if release is not None else built(sources, out, settings)
        from officegraph.web.serving import serve as serve_release  # noqa: PLC0415

        serve_release(
            folder, settings, host=host, port=port, workers=workers, announce=click.echo,
            refresh=None if release is not None else partial(built_beside, sources, folder.parent, settings),
        )  # fmt: skip


@main.command()
@SOURCES
@BASE
@MERGE
@click.option(
    "--out",
    required=True,
    type=click.Path(path_type=Path, file_okay=False),
    help="Folder that the release goes into.",
)
def build(sources: tuple[Path, ...], out: Path, **options: Any) -> None:
    """Compile the sources into a release: store, documents, dumps, description.

    The new release stands beside the old one until it is complete; a failed build changes nothing.
    """
    with reported_errors():
        click.echo(built(sources, out, Settings(**options), always=True))


@main.command()
@SOURCES
@BASE
@click.option(
    "--shapes",
    multiple=True,
    type=click.Path(path_type=Path, exists=True),
    help="SHACL shapes to check beside our own.",
)
@click.option("--strict", is_flag=True, help="Let warnings fail the check too.")
def check(sources: tuple[Path, ...], base: str | None, shapes: tuple[Path, ...], *, strict: bool) -> None:
    """Check the sources: syntax, SHACL shapes, SKOS integrity. Exit status 1 on a violation."""
    from officegraph.vocabulary.check import check_sources, report_text  # noqa: PLC0415

    with reported_errors():
        findings: Sequence[Finding] = check_sources(resolved(sources), base=base, shapes=list(shapes))
    click.echo(report_text(findings))
    failing = {"violation", "warning"} if strict else {"violation"}
    if any(finding.severity in failing for finding in findings):
        sys.exit(1)


@main.command()
@click.argument("query", metavar="QUERY|FILE")
@click.option(
    "--source", "sources", multiple=True, type=click.Path(path_type=Path), help="Source to query; repeatable."
)
@click.option("--release", type=click.Path(path_type=Path, exists=True), help="Release to query.")
@BASE
@MERGE
@click.option(
    "--format", "extension", metavar="ENDING", help="json xml csv tsv, or ttl nt rdf jsonld trig nq for graphs."
)
@click.option(
    "--timeout", default=DEFAULTS.query_timeout, show_default=True, type=click.FloatRange(0, min_open=True),
    help="Seconds that the query may take.",
)  # fmt: skip
def query(
    query: str,
    sources: tuple[Path, ...],
    release: Path | None,
    extension: str | None,
    timeout: float,
    **options: Any,
) -> None:
    """Run a SPARQL query on a release. QUERY is the text, a file, or - for standard input.

    \b
      officegraph query 'SELECT ?f WHERE { ?f skos:broader ?b } LIMIT 5'   (with its PREFIX lines)
      officegraph query data/queries/20-contested.rq --format csv
    """  # noqa: D301
    from officegraph.cli.shell import answer, query_text  # noqa: PLC0415
    from officegraph.release.open import open_release  # noqa: PLC0415

    if release is not None and sources:
        raise click.UsageError("Give either --source or --release, not both.")
    settings = Settings(query_timeout=timeout, **options)
    with reported_errors():
        text = query_text(query)
        folder = release if release is not None else built(sources, None, settings)
        with open_release(folder) as opened:
            body = answer(opened, text, extension, settings)
    sys.stdout.buffer.write(body)
    sys.stdout.flush()
