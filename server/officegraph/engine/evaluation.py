"""Evaluate one query over a store and serialise its answer: what a query child does.

Nothing here bounds time or memory; the process around it is bounded.
"""

from __future__ import annotations

import io
import re
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING, Any, Final, cast

import pyoxigraph as ox

from officegraph.engine.graphs import serialise_graph
from officegraph.engine.interface import (
    NotRepresentableError,
    QueryRefusedError,
    QuerySyntaxError,
    ResultTooLargeError,
)
from officegraph.model.formats import PYOXIGRAPH_RESULTS, RESULTS_XML
from officegraph.model.namespaces import XSD

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

CASTS: Final = frozenset(
    XSD[name].value
    for name in (
        "boolean", "double", "float", "decimal", "integer", "string", "dateTime", "date", "time", "duration",
        "yearMonthDuration", "dayTimeDuration", "gYear", "gYearMonth", "gMonth", "gMonthDay", "gDay",
    )
)  # fmt: skip
"""The functions that the engine knows by IRI (SPARQL 1.1 Query Language, 17.5, and more)."""

_NOT_XML = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]|\xef\xbf[\xbe\xbf]")
_NOWHERE: Final = ox.Store()


@dataclass(frozen=True, slots=True)
class Request:
    """A query with all that its evaluation needs; the scan has passed it.

    Attributes:
        text: The query.
        format: File ending of the format of the answer.
        limit: Bytes that the answer may have.
        base: IRI that relative IRIs are resolved against.
        default_graphs: Graphs of the default graph by the protocol, or ``None``.
        named_graphs: Named graphs by the protocol, or ``None``.
        prologue: Declarations of the query that its names below need.
        from_graphs: Graphs after ``FROM``, as written.
        from_named: Graphs after ``FROM NAMED``, as written.
        functions: Names of what may be functions, as written.
        star: Offset of the ``*`` of ``SELECT *``.
        variables: Variables in order of first mention.
    """

    text: str
    format: str
    limit: int
    base: str | None = None
    default_graphs: Sequence[str] | None = None
    named_graphs: Sequence[str] | None = None
    prologue: str = ""
    from_graphs: Sequence[str] = ()
    from_named: Sequence[str] = ()
    functions: Sequence[str] = ()
    star: int | None = None
    variables: Sequence[str] = ()


class CappedBuffer(io.RawIOBase):
    """A file to write to that takes ``limit`` bytes.

    Attributes:
        limit: Bytes that it takes.
    """

    def __init__(self, limit: int) -> None:
        super().__init__()
        self.limit = limit
        self._size = 0
        self._pieces: list[bytes] = []

    def write(self, piece: Any) -> int:
        """Take ``piece``.

        Raises:
            ResultTooLargeError: It does not fit in.
        """
        self._size += len(piece)
        if self._size > self.limit:
            self._pieces.clear()
            raise ResultTooLargeError(self.limit)
        self._pieces.append(piece)
        return len(piece)

    def getvalue(self) -> bytes:
        """Return what was written."""
        return b"".join(self._pieces)


def evaluate(store: ox.Store, request: Request, prefixes: Mapping[str, str]) -> bytes:
    """Evaluate ``request`` over ``store``.

    Args:
        store: The dataset.
        request: The query.
        prefixes: Prefixes for the formats of graphs, prefix to namespace.

    Returns:
        The serialised answer, whole.

    Raises:
        QuerySyntaxError: The engine cannot read the query.
        QueryRefusedError: A graph of the request is not named by an absolute IRI.
        NotRepresentableError: The format cannot carry the answer.
        ResultTooLargeError: The answer has more bytes than ``request.limit``.
        MemoryError: The process has no memory left.
    """
    try:
        results = query(store, request)
        if isinstance(results, ox.QueryTriples):
            buffer = CappedBuffer(request.limit)
            serialise_graph(results, request.format, prefixes, cast("IO[bytes]", buffer))
            return finish_graph(buffer.getvalue(), request.format)
        return serialise_solutions(results, request)
    except SyntaxError as error:
        raise syntax_error(str(error), request.text) from error


def query(store: ox.Store, request: Request) -> ox.QuerySolutions | ox.QueryBoolean | ox.QueryTriples:
    """Return the engine's results of ``request``."""
    options: dict[str, Any] = {"base_iri": request.base}
    functions = resolve(request.functions, request) if request.functions else []
    unknown = [function for function in functions if function.value not in CASTS]
    if unknown:
        # A call of a function that is not known is an error in the expression (SPARQL 1.1, 17.3.1 and
        # 17.6), which a function without a value is; the engine would refuse the whole query.
        options["custom_functions"] = dict.fromkeys(unknown, _no_value)
    text = request.text
    if request.star is not None and len(request.variables) > 1:
        text = order_columns(text, request, options)
    store, dataset = choose_dataset(store, request)
    return store.query(text, **options, **dataset)


def _no_value(*_arguments: object) -> None:
    """Be a function without a value."""


def order_columns(text: str, request: Request, options: dict[str, Any]) -> str:
    """Return ``text`` with the ``*`` of ``SELECT *`` replaced by its variables in order of first mention.

    The engine sorts them by name, so a table of ``?s ?p ?o`` would begin with ``o``. Which of them are
    in scope (SPARQL 1.1, 18.2.1) is the engine's own finding, from the same query over an empty store.
    """
    results = _NOWHERE.query(text, **options)
    if not isinstance(results, ox.QuerySolutions) or request.star is None:
        return text
    in_scope = {variable.value for variable in results.variables}
    columns = [name for name in request.variables if name in in_scope]
    if len(columns) < 2 or len(columns) != len(in_scope):
        return text
    return f"{text[: request.star]} {' '.join(f'?{name}' for name in columns)} {text[request.star + 1 :]}"


def resolve(names: Sequence[str], request: Request) -> list[ox.NamedNode]:
    """Return the IRIs that ``names`` stand for in the query: IRI references and prefixed names.

    The prologue of a query is Turtle too, so the engine's Turtle parser resolves them.
    """
    lines = [request.prologue, *(f"<urn:name> <urn:name> {name} ." for name in names)]
    try:
        quads = list(ox.parse("\n".join(lines), format=ox.RdfFormat.TURTLE, base_iri=request.base))
    except (SyntaxError, ValueError) as error:
        raise QuerySyntaxError(
            f"The query is not valid SPARQL: one of {', '.join(names)} is no absolute IRI.", detail=str(error)
        ) from error
    return [quad.object for quad in quads if isinstance(quad.object, ox.NamedNode)]


def choose_dataset(store: ox.Store, request: Request) -> tuple[ox.Store, dict[str, Any]]:
    """Return the store to evaluate over, and the arguments that name its graphs.

    The request's dataset replaces that of the query (SPARQL 1.1 Protocol, 2.1.4). A dataset that names no
    default graph has an empty one (SPARQL 1.1 Query Language, 13.2). Several default graphs are an
    RDF merge, which has a triple once however many of them have it: the engine would count it twice.
    """
    if request.default_graphs is not None or request.named_graphs is not None:
        default = [graph_name(iri) for iri in dict.fromkeys(request.default_graphs or ())]
        named = [graph_name(iri) for iri in dict.fromkeys(request.named_graphs or ())]
    elif request.from_graphs or request.from_named:
        default = list(dict.fromkeys(resolve(request.from_graphs, request)))
        named = list(dict.fromkeys(resolve(request.from_named, request)))
    else:
        return store, {}
    if len(default) > 1 and overlap(store, default):
        store = merge(store, default, named)
        return store, {"default_graph": [ox.DefaultGraph()], "named_graphs": named}
    return store, {"default_graph": default, "named_graphs": named}


def graph_name(iri: str) -> ox.NamedNode:
    """Return the graph name ``iri``.

    Raises:
        QueryRefusedError: It is no absolute IRI.
    """
    try:
        return ox.NamedNode(iri)
    except ValueError as error:
        raise QueryRefusedError("graph", f"The graph {iri!r} is not named by an absolute IRI.") from error


def overlap(store: ox.Store, graphs: Sequence[ox.NamedNode]) -> bool:
    """Return whether two of ``graphs`` have a triple in common."""
    pair = "ASK { GRAPH ?a { ?s ?p ?o } GRAPH ?b { ?s ?p ?o } FILTER(?a != ?b) }"
    return bool(store.query(pair, named_graphs=list(graphs)))


def merge(store: ox.Store, default: Sequence[ox.NamedNode], named: Sequence[ox.NamedNode]) -> ox.Store:
    """Return a store in memory whose default graph is the merge of ``default``, with the graphs ``named``."""
    merged = ox.Store()
    for graph in default:
        quads = store.quads_for_pattern(None, None, None, graph)
        merged.extend(ox.Quad(quad.subject, quad.predicate, quad.object) for quad in quads)
    for graph in named:
        merged.add_graph(graph)
        merged.extend(store.quads_for_pattern(None, None, None, graph))
    return merged


def serialise_solutions(results: ox.QuerySolutions | ox.QueryBoolean, request: Request) -> bytes:
    """Return solutions or a truth value in the format of ``request``.

    Raises:
        NotRepresentableError: XML cannot carry a character of them (XML 1.0, 2.2).
    """
    buffer = CappedBuffer(request.limit)
    results.serialize(cast("IO[bytes]", buffer), format=PYOXIGRAPH_RESULTS[request.format])
    body = buffer.getvalue()
    return finish_xml(body) if request.format == RESULTS_XML.extension else body


def finish_graph(body: bytes, extension: str) -> bytes:
    """Return ``body`` made right where it is XML."""
    return finish_xml(body) if extension == "rdf" else body


def finish_xml(body: bytes) -> bytes:
    r"""Return ``body`` with ``\r`` as a reference, which parsers would fold into ``\n`` (XML 1.0, 2.11).

    Raises:
        NotRepresentableError: It has a character that XML cannot carry (XML 1.0, 2.2).
    """
    if _NOT_XML.search(body):
        raise NotRepresentableError(
            "The answer has a control character, which XML cannot carry; ask for JSON or Turtle."
        )
    return body.replace(b"\r", b"&#13;") if b"\r" in body else body


_POSITION = re.compile(r"error at (\d+):(\d+): ?(?:expected )?(.*)", re.DOTALL)
_SENTENCE = re.compile(r"\w+(?: \w+){2,}")


def syntax_error(message: str, text: str) -> QuerySyntaxError:
    """Return the engine's syntax error ``message`` about the query ``text`` as our own."""
    found = _POSITION.match(message)
    if found is None:
        return QuerySyntaxError("The query is not valid SPARQL.", detail=message)
    line, column = int(found[1]), int(found[2])
    sense = [piece for piece in re.split(r", |one of ", found[3]) if _SENTENCE.match(piece)]
    lines = text.split("\n")
    rest = lines[line - 1][column - 1 :] if line <= len(lines) else ""
    near = re.match(r"\s*([\w?$:]+|\S)", rest)
    if sense:
        said = f"The query is not valid SPARQL: {sense[0]}."
    elif near:
        said = f"The query is not valid SPARQL: {near[1]!r} is unexpected."
    else:
        said = "The query is not valid SPARQL."
    return QuerySyntaxError(said, line, column, detail=message)
