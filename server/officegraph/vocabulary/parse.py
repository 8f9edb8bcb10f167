"""Parse one source, and say in plain words and with a position what is wrong with it."""

from __future__ import annotations

import codecs
import gzip
import zlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import chain
from operator import attrgetter
from typing import Final, TypeVar

from pyoxigraph import BlankNode, DefaultGraph, Quad, QuadParser, Triple, parse

from officegraph.model.dataset import GraphName
from officegraph.model.formats import JSON_LD, N_QUADS, N_TRIPLES, PYOXIGRAPH_RDF, RDF_XML
from officegraph.vocabulary import json_ld_source, rdf_xml_source
from officegraph.vocabulary.errors import SourceError, SourceErrors, position
from officegraph.vocabulary.language_tags import spellings
from officegraph.vocabulary.sources import Source
from officegraph.vocabulary.statements import lines
from officegraph.vocabulary.wording import in_plain_words

_MOST_FAULTS: Final = 20
"""Faults that are reported of one source; what follows is mostly their consequence."""

_Item = TypeVar("_Item")


@dataclass(slots=True)
class Parsed:
    """What one source says.

    Attributes:
        mentions_blank_nodes: Whether it may do so.
        tags: How often each spelling of a language tag occurs.
        triples: Triples of the default graph, as they were mentioned.
        graphs: Triples of each named graph, likewise.
        prefixes: Prefixes that the source declares, prefix to namespace.
    """

    mentions_blank_nodes: bool = True
    tags: Counter[str] = field(default_factory=Counter)
    triples: list[Triple] = field(default_factory=list)
    graphs: dict[GraphName, list[Triple]] = field(default_factory=dict)
    prefixes: dict[str, str] = field(default_factory=dict)


def parse_source(source: Source, base: str | None) -> Parsed:
    """Parse ``source``; nothing but the file itself is ever opened.

    Args:
        source: What to parse.
        base: IRI that relative IRIs resolve against, unless the source declares one of its own
            (RFC 3986, section 5.1.4). Never the path of the file, which differs by machine.

    Raises:
        SourceErrors: The source cannot be read or is malformed.
    """
    content = _content(source)
    namespaces: dict[str, str] = {}
    if source.format is RDF_XML:
        text = rdf_xml_source.decode(source.path, content)
        namespaces = rdf_xml_source.namespaces(source.path, text)
    else:
        text = _decode(source, content)
    if source.format is JSON_LD:
        text = json_ld_source.with_own_context(text, base)
    parsed = Parsed(mentions_blank_nodes=source.format not in (N_TRIPLES, N_QUADS) or "_:" in text)
    if source.format is not JSON_LD:
        parsed.tags = spellings(text, source.format, ())
    # A large source is not held more than once while it is parsed.
    if source.format in (RDF_XML, JSON_LD) or content.startswith(codecs.BOM_UTF8):
        content = text.encode()
    del text
    parser = parse(content, format=PYOXIGRAPH_RDF[source.format.extension], base_iri=base or None)
    faults: list[SyntaxError] = []
    if source.format.quads:
        for quad in _quads(parser, faults):
            name = quad.graph_name
            graph = parsed.triples if isinstance(name, DefaultGraph) else parsed.graphs.setdefault(name, [])
            graph.append(quad.triple)
    else:
        parsed.triples = list(_triples(parser, faults))
    if faults:
        raise SourceErrors(_located(source, content.decode(), base, faults))
    if source.format is JSON_LD:
        parsed.tags = spellings(content.decode(), JSON_LD, chain(parsed.triples, *parsed.graphs.values()))
    parsed.prefixes = namespaces or parser.prefixes
    return parsed


def _content(source: Source) -> bytes:
    """Return the bytes of ``source``, decompressed."""
    try:
        content = source.path.read_bytes()
        return gzip.decompress(content) if source.compressed else content
    except (gzip.BadGzipFile, EOFError, zlib.error) as error:
        raise SourceErrors([SourceError(source.path, None, None, f"not sound gzip: {error}")]) from error
    except OSError as error:
        message = f"cannot be read: {error.strerror or error}"
        raise SourceErrors([SourceError(source.path, None, None, message)]) from error


def _decode(source: Source, content: bytes) -> str:
    """Return ``content`` as text; Turtle, N-Triples, TriG, N-Quads and JSON-LD are always UTF-8."""
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = content[: error.start].decode("utf-8-sig", "replace")
        line, column = position(before, len(before))
        message = f"not UTF-8: byte 0x{content[error.start]:02X} cannot stand here"
        if content.startswith((b"\xff\xfe", b"\xfe\xff")):
            message = "not UTF-8, but by its first bytes UTF-16"
        raise SourceErrors([SourceError(source.path, line, column, message)]) from error


def _triples(parser: QuadParser, faults: list[SyntaxError]) -> Iterator[Triple]:
    return _resumed(map(attrgetter("triple"), parser), faults)


def _quads(parser: QuadParser, faults: list[SyntaxError]) -> Iterator[Quad]:
    return _resumed(iter(parser), faults)


def _resumed(items: Iterator[_Item], faults: list[SyntaxError]) -> Iterator[_Item]:
    """Yield ``items``, going on after each fault as far as the parser can; it is added to ``faults``."""
    while len(faults) < _MOST_FAULTS:
        try:
            yield from items
        except SyntaxError as fault:
            faults.append(fault)
        else:
            return


def _located(source: Source, text: str, base: str | None, faults: list[SyntaxError]) -> Iterator[SourceError]:
    """Yield ``faults`` with position and plain words, one of each line."""
    lines: set[int] = set()
    for fault in faults:
        line, column = fault.lineno, fault.offset
        if line is None or column is None:
            if source.format is RDF_XML:
                line, column = rdf_xml_source.locate(text, base)
            elif source.format is JSON_LD:
                line, column = json_ld_source.locate(text, base, str(fault.msg))
            else:
                line, column = 1, 1
        if line not in lines:
            lines.add(line)
            yield SourceError(source.path, line, column, in_plain_words(str(fault.msg)))
            if source.format in (RDF_XML, JSON_LD):
                return


def rename_blank_nodes(parsed: Parsed, count: int) -> int:
    """Give the blank nodes of ``parsed`` the labels ``b{count + 1}`` and on, in order of first mention.

    The parser labels nodes without a label at random, and labels of two sources may be equal
    though the nodes are not (RDF 1.1 Semantics, section 4.1, on merging).

    Returns:
        The number of the last label given.
    """
    if not parsed.mentions_blank_nodes:
        return count
    labels: dict[BlankNode, BlankNode] = {}

    def renamed(node: BlankNode) -> BlankNode:
        label = labels.get(node)
        if label is None:
            label = labels[node] = BlankNode(f"b{count + len(labels) + 1}")
        return label

    def triple(old: Triple) -> Triple:
        subject, predicate, value = old
        if isinstance(subject, BlankNode):
            subject = renamed(subject)
        if isinstance(value, BlankNode):
            value = renamed(value)
        elif isinstance(value, Triple):
            value = triple(value)
        return Triple(subject, predicate, value)

    for triples in (parsed.triples, *parsed.graphs.values()):
        for index, text in enumerate(lines(triples)):
            # The text has the mark of a blank node wherever the triple has one, and hardly elsewhere.
            if text.startswith("_:") or " _:" in text:
                triples[index] = triple(triples[index])
    if any(isinstance(name, BlankNode) for name in parsed.graphs):
        parsed.graphs = {
            renamed(name) if isinstance(name, BlankNode) else name: triples for name, triples in parsed.graphs.items()
        }
    return count + len(labels)
