"""CSV for spreadsheets: one statement a row."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Final

from pyoxigraph import NamedNode, Triple

from officegraph.model.namespaces import RDF
from officegraph.vocabulary.write.graph import Graph
from officegraph.vocabulary.write.parts import Names, Part, PartWriter
from officegraph.vocabulary.write.terms import XSD_STRING, lexical_form, literal, spelled_lines

COLUMNS: Final = ("subject", "predicate", "object", "datatype", "language")

_LANG_STRING: Final = RDF.langString.value
_DIR_LANG_STRING: Final = RDF.dirLangString.value
_STRING: Final = XSD_STRING[1:-1]
_NUMBER: Final = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
_QUOTED: Final = re.compile('[",\r\n]|^ | $')


def csv(triples: Iterable[Triple], language_tags: Mapping[str, str], *, about: NamedNode | None = None) -> str:
    """Return ``triples`` as a table in CSV (RFC 4180), ordered as Turtle is.

    The columns are subject, predicate, object, datatype and language. IRIs stand in full and blank nodes
    as ``_:label``; a row is about a literal if its datatype is not empty. Triple terms are in
    N-Triples. A direction follows the language as in Turtle (``ar--rtl``).

    A spreadsheet takes a cell that begins with ``=``, ``+``, ``-``, ``@``, a tab or a carriage return for a
    formula. So an apostrophe is put before such a cell unless it is a number, and before one that begins
    with an apostrophe already: to get the text back, take one apostrophe away from the beginning.

    Args:
        triples: What to write, in any order.
        language_tags: Spelling of language tags, by the tag in lower case.
        about: The resource that the document describes; it comes first.
    """
    graph = Graph(spelled_lines(triples, language_tags), about=None if about is None else str(about))
    return CsvWriter().document(graph)


class CsvWriter(PartWriter):
    """Writes resources as rows of a table."""

    def __init__(self) -> None:
        self._columns: dict[str, str] = {}

    def part(self, graph: Graph, subject: str) -> Part:
        """Return the rows of ``subject``."""
        if subject.startswith("_:"):
            graph.written.add(subject)
        columns = self._columns
        begin = _cell(_plain(subject))
        rows: list[str] = []
        for predicate, objects in graph.properties(subject):
            column = columns.get(predicate)
            if column is None:
                column = columns[predicate] = _cell(_plain(predicate))
            rows.extend([f"{begin},{column},{_object(value)}\r\n" for value in objects])
        return Part("".join(rows), frozenset())

    def head(self, names: Names) -> str:
        """Return the names of the columns."""
        del names
        return f"{','.join(COLUMNS)}\r\n"


def _plain(term: str) -> str:
    return term[1:-1] if term.startswith("<") and not term.startswith("<<(") else term


def _object(term: str) -> str:
    """Return the cells for object, datatype and language."""
    if not term.startswith('"'):
        return f"{_cell(_plain(term))},,"
    quoted, language, direction, datatype = literal(term)
    kind = datatype[1:-1] or ((_DIR_LANG_STRING if direction else _LANG_STRING) if language else _STRING)
    tag = f"{language}--{direction}" if direction else language
    return f"{_cell(lexical_form(quoted))},{_cell(kind)},{tag}"


def _cell(text: str) -> str:
    """Return ``text`` as a cell that no spreadsheet computes."""
    if text.startswith(("=", "+", "-", "@", "\t", "\r", "'")) and not _NUMBER.fullmatch(text):
        text = f"'{text}"
    if _QUOTED.search(text):
        doubled = text.replace('"', '""')
        return f'"{doubled}"'
    return text
