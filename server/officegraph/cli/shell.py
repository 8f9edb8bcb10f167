"""Answer a query for the shell: the same engine and the same limits as ``/sparql``."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from officegraph.engine.embedded import EmbeddedEngine
from officegraph.engine.interface import Query
from officegraph.engine.scan import scan
from officegraph.model.formats import RDF_FORMATS, RESULT_FORMATS, TSV, TURTLE

if TYPE_CHECKING:
    from officegraph.release.open import Release
    from officegraph.settings import Settings


def answer(release: Release, text: str, extension: str | None, settings: Settings) -> bytes:
    """Return the result of the query ``text`` in the format of ``extension``.

    Raises:
        ValueError: The form of the query has no result in that format.
        EngineError: The query is wrong, refused or over a limit.
    """
    graphs = scan(text, settings).form in {"CONSTRUCT", "DESCRIBE"}
    formats = {format_.extension: format_ for format_ in (RDF_FORMATS if graphs else RESULT_FORMATS)}
    chosen = formats.get(extension or (TURTLE if graphs else TSV).extension)
    if chosen is None:
        raise ValueError(f"This query has no result in the format {extension!r}; it has {' '.join(formats)}.")
    engine = EmbeddedEngine(release.store_path, release.prefixes, settings)
    try:
        return engine.evaluate(Query(text=text, default_graphs=None, named_graphs=None, format=chosen)).body
    finally:
        engine.close()


def query_text(argument: str) -> str:
    """Return the query that ``argument`` is, or that the file it names or standard input holds.

    Raises:
        OSError: The file cannot be read.
        ValueError: Its content is not UTF-8.
    """
    if argument == "-":
        return sys.stdin.buffer.read().decode("utf-8-sig")
    path = Path(argument)
    if path.suffix in {".rq", ".sparql"} or ("{" not in argument and is_file(path)):
        return path.read_text("utf-8-sig")
    return argument


def is_file(path: Path) -> bool:
    """Return whether ``path`` names a file; what is too long for a name names none."""
    try:
        return path.is_file()
    except OSError:
        return False
