"""Terms in N-Triples as the writers meet them: language tags, literals, triple terms, order."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Final, NamedTuple

from pyoxigraph import Triple

from officegraph.model.namespaces import XSD
from officegraph.vocabulary.statements import Statement, lines


class NotRepresentableError(ValueError):
    """A format has no way to write a term, so that the graph cannot be given in it."""


class Text(NamedTuple):
    """A literal, taken apart.

    Attributes:
        quoted: The lexical form in quotation marks, escaped as N-Triples has it.
        language: The language tag; empty if there is none.
        direction: ``ltr`` or ``rtl``; empty if there is none.
        datatype: The datatype in N-Triples; empty for ``xsd:string`` and with a language.
    """

    quoted: str
    language: str = ""
    direction: str = ""
    datatype: str = ""


_text: Final = (
    tuple.__new__
)  # what the constructor of a named tuple does, in half the time; many literals are taken apart
_STRING: Final = r'"(?:[^"\\]|\\.)*"'
_TOKEN: Final = re.compile(rf"<<\(|\)>>|<[^<> ]*>|_:[^ ]+|{_STRING}(?:@[A-Za-z0-9-]+|\^\^<[^<> ]*>)?", re.DOTALL)
_TAGGED: Final = re.compile(rf"({_STRING})@([a-z0-9]+(?:-[a-z0-9]+)*)", re.DOTALL)
_ESCAPE: Final = re.compile(r"\\(?:u([0-9A-F]{4})|U([0-9A-F]{8})|(.))")
_ESCAPED: Final = {"t": "\t", "b": "\b", "n": "\n", "r": "\r", "f": "\f", '"': '"', "\\": "\\"}
_DIGITS: Final = re.compile(r"([0-9]+)")

XSD_STRING: Final = str(XSD.string)


def spelled_lines(triples: Iterable[Triple], language_tags: Mapping[str, str]) -> list[str]:
    """Return ``triples`` as lines of N-Triples, ordered by code point, without repetition.

    The lines are in the canonical form of RDF 1.2 N-Triples, section 4, but for the case of language tags.

    Args:
        triples: What to write.
        language_tags: Spelling of language tags, by the tag in lower case.
    """
    spellings = {tag: spelling for tag, spelling in language_tags.items() if tag != spelling}
    if not spellings:
        return sorted(set(lines(triples)))
    return sorted({_respelled(line, spellings) for line in lines(triples)})


def _respelled(line: str, spellings: Mapping[str, str]) -> str:
    """Return ``line`` with the language tag of its literal, or the tags in its triple term, as in the sources."""
    start = line.rfind('"@') + 2
    if start < 2:
        return line
    if line.endswith(")>> ."):
        return _TAGGED.sub(lambda match: f"{match[1]}@{spellings.get(match[2], match[2])}", line)
    # Within a lexical form a quotation mark has a backslash before it, and another ends the literal.
    tag = line[start:-2].partition("--")[0]
    spelling = spellings.get(tag)
    return line if spelling is None else f"{line[:start]}{spelling}{line[start + len(tag) :]}"


def respelled(term: str, spellings: Mapping[str, str]) -> str:
    """Return ``term`` with its language tags as in the sources.

    Args:
        term: A term in N-Triples.
        spellings: Spelling of language tags, by the tag in lower case.
    """
    return _respelled(f"{term} .", spellings)[:-2]


def literal(term: str) -> Text:
    """Take the literal ``term`` apart.

    >>> literal('"2024"^^<http://www.w3.org/2001/XMLSchema#gYear>').datatype
    '<http://www.w3.org/2001/XMLSchema#gYear>'
    """
    if term.endswith('"'):
        return _text(Text, (term, "", "", ""))
    end = term.rindex('"') + 1
    if term[end] == "@":
        language, _, direction = term[end + 1 :].partition("--")
        return _text(Text, (term[:end], language, direction, ""))
    return _text(Text, (term[:end], "", "", term[end + 2 :]))


def lexical_form(quoted: str) -> str:
    """Return the lexical form that ``quoted`` stands for, without quotation marks and escapes."""
    if "\\" not in quoted:
        return quoted[1:-1]
    return _ESCAPE.sub(_character, quoted[1:-1])


def _character(match: re.Match[str]) -> str:
    code = match[1] or match[2]
    return chr(int(code, 16)) if code else _ESCAPED[match[3]]


def triple_term(term: str) -> Statement:
    """Return the terms of the triple term ``term``, whose object may be a triple term again."""
    found: list[str] = []
    depth = 0
    start = 0
    for match in _TOKEN.finditer(term, 3, len(term) - 4):
        part = match[0]
        if part == "<<(":
            if not depth:
                start = match.start()
            depth += 1
        elif part == ")>>":
            depth -= 1
            if not depth:
                found.append(term[start : match.end()])
        elif not depth:
            found.append(part)
    return Statement._make(found)


def blank_nodes_within(term: str) -> Iterator[str]:
    """Yield the blank nodes that the triple term ``term`` mentions."""
    for match in _TOKEN.finditer(term):
        if match[0].startswith("_:"):
            yield match[0]


@lru_cache(maxsize=20_000)
def natural(text: str) -> tuple[object, ...]:
    """Return a key that orders numbers within texts by their value: ``b9`` before ``b10``."""
    parts: list[object] = _DIGITS.split(text)
    for index in range(1, len(parts), 2):
        digits = str(parts[index]).lstrip("0")
        parts[index] = (len(digits), digits)
    return (tuple(parts), text)


@lru_cache(maxsize=20_000)
def object_key(term: str) -> tuple[object, ...]:
    """Return a key that orders objects: IRIs, texts by language, blank nodes, triple terms."""
    if term.startswith('"'):
        text = literal(term)
        return (1, text.language.lower(), text.datatype, natural(text.quoted), term)
    if term.startswith("_:"):
        return (2, natural(term))
    return (3, term) if term.startswith("<<(") else (0, natural(term))
