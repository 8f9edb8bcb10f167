"""JSON-LD 1.1 that reads well as plain JSON: short names, texts by language, and all it needs in itself."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Final

from pyoxigraph import NamedNode, Triple

from officegraph.model.dataset import GraphName
from officegraph.model.namespaces import RDF, XSD
from officegraph.vocabulary.write.graph import Graph
from officegraph.vocabulary.write.json_ld_context import DATE, IRI, PLAIN, TERMS, TEXT, Term, context, usable_prefixes
from officegraph.vocabulary.write.order import TYPE
from officegraph.vocabulary.write.prefixes import Names, names
from officegraph.vocabulary.write.terms import NotRepresentableError, literal, natural, spelled_lines
from officegraph.vocabulary.write.turtle import shared_blank_nodes

__all__ = ["context", "json_ld"]

_DEEPEST: Final = 12
_XSD_DATE: Final = str(XSD.date)
_RDF_JSON: Final = str(RDF.JSON)


class _ClashError(Exception):
    """An IRI would be read as a short name, since its scheme is the name of a prefix or of a term."""


class _Writer:
    """Writes graphs; keeps which names of the context they use."""

    def __init__(self, short: Names, forbidden: set[str]) -> None:
        self._names = short
        self._forbidden = forbidden
        self._prefixes = set(short.namespaces.values())
        self._keys: dict[str, str] = {}
        self._ids: dict[str, str] = {}
        self._defined: dict[str, str | dict[str, str]] = {}
        self._graph = Graph(())

    def context(self) -> str:
        """Return the context that defines the names in use, as JSON."""
        entries = (
            f"{json.dumps(name)}: {json.dumps(definition, ensure_ascii=False)}"
            for name, definition in sorted(self._defined.items())
        )
        inner = ",\n    ".join(entries)
        return f"{{\n    {inner}\n  }}" if inner else "{}"

    def check(self) -> None:
        """Refuse a context in which one of the IRIs that are written in full means something else.

        Raises:
            _ClashError: Holds the name in the way (JSON-LD 1.1 API, section 5.2, IRI expansion).
        """
        for text in self._ids:
            scheme, _, rest = text[1:].partition(":")
            if scheme in self._defined and not rest.startswith("//"):
                raise _ClashError(scheme)

    def name(self, term: str) -> str:
        """Return the IRI or blank node ``term`` as a JSON string, in full."""
        if term.startswith("_:"):
            return f'"{term}"'
        text = self._ids.get(term)
        if text is None:
            text = self._ids[term] = f'"{term[1:-1]}"'
        return text

    def short(self, term: str) -> str:
        """Return the property, class or datatype ``term`` as a JSON string, shortened by a prefix if possible."""
        text = self._keys.get(term)
        if text is None:
            found = self._names.split(term)
            if found is None or not found[1] or found[0] in self._forbidden:
                text = self.name(term)
            else:
                prefix, local = found
                self._defined[prefix] = _namespace(term, local)
                text = f'"{prefix}:{local}"'
            self._keys[term] = text
        return text

    def nodes(self, graph: Graph) -> list[list[str]]:
        """Return ``graph`` as node objects, each a list of its members."""
        self._graph = graph
        found = []
        for subject in graph.roots():
            if subject.startswith("_:"):
                graph.written.add(subject)
            labelled = not (subject.startswith("_:") and graph.is_anonymous(subject))
            members = [f'"@id": {self.name(subject)}'] if labelled else []
            members.extend(self._members(subject, 0))
            found.append(members)
        return found

    def _members(self, subject: str, depth: int) -> list[str]:
        members: list[str] = []
        for predicate, objects in self._graph.properties(subject):
            if predicate == TYPE:
                types = [term for term in objects if term.startswith("<")]
                others = [term for term in objects if not term.startswith("<")]
                if types:
                    members.append(f'"@type": {_one_or_more([self.short(term) for term in types])}')
                if others:
                    members.append(self._member(predicate, others, depth))
                continue
            term = TERMS.get(predicate)
            if term is None or term.name in self._prefixes or term.name in self._forbidden:
                members.append(self._member(predicate, objects, depth))
            elif term.kind == TEXT:
                members.extend(self._texts(term, predicate, objects, depth))
            else:
                self._defined[term.name] = term.definition
                values = [self._value(value, term.kind, depth) for value in objects]
                members.append(f'"{term.name}": {_one_or_more(values)}')
        return members

    def _member(self, predicate: str, objects: list[str], depth: int) -> str:
        values = [self._value(value, PLAIN, depth) for value in objects]
        return f"{self.short(predicate)}: {_one_or_more(values)}"

    def _texts(self, term: Term, predicate: str, objects: list[str], depth: int) -> list[str]:
        """Return texts by language as one member, and values of other kinds as a second one."""
        by_language: dict[str, list[str]] = {}
        others: list[str] = []
        for value in objects:
            text = literal(value) if value.startswith('"') else None
            if text and text.language and not text.direction:
                by_language.setdefault(text.language, []).append(text.quoted)
            else:
                others.append(value)
        members: list[str] = []
        if by_language:
            self._defined[term.name] = term.definition
            entries = ", ".join(f'"{language}": {_one_or_more(by_language[language])}' for language in by_language)
            members.append(f'"{term.name}": {{{entries}}}')
        if others:
            members.append(self._member(predicate, others, depth))
        return members

    def _value(self, term: str, kind: str, depth: int) -> str:
        if term.startswith('"'):
            return self._literal(term, kind)
        if term.startswith("<<("):
            raise NotRepresentableError("JSON-LD 1.1 has no triple terms")
        if term.startswith("_:") and depth < _DEEPEST and self._graph.can_nest(term):
            items = self._graph.items(term)
            if items is not None:
                return f'{{"@list": [{", ".join(self._value(item, kind, depth + 1) for item in items)}]}}'
            self._graph.written.add(term)
            return f"{{{', '.join(self._members(term, depth + 1))}}}"
        if kind == IRI:
            return self.name(term)
        return f'{{"@id": {self.name(term)}}}'

    def _literal(self, term: str, kind: str) -> str:
        quoted, language, direction, datatype = literal(term)
        if datatype:
            if kind == DATE and datatype == _XSD_DATE:
                return quoted
            return f'{{"@type": {self.short(datatype)}, "@value": {quoted}}}'
        if language:
            directed = f', "@direction": "{direction}"' if direction else ""
            return f'{{"@language": "{language}"{directed}, "@value": {quoted}}}'
        return quoted if kind == PLAIN else f'{{"@value": {quoted}}}'


def _namespace(term: str, local: str) -> str:
    return term[1 : len(term) - 1 - len(local)]


def _one_or_more(values: list[str]) -> str:
    return values[0] if len(values) == 1 else f"[{', '.join(values)}]"


def json_ld(
    default: Iterable[Triple],
    graphs: Mapping[GraphName, Iterable[Triple]],
    prefixes: Mapping[str, str],
    language_tags: Mapping[str, str],
    *,
    about: NamedNode | None = None,
) -> str:
    """Return a dataset in JSON-LD 1.1, one node object a resource, with the names in use defined inline.

    Literals are always strings, so that their lexical forms survive; lists are lists; blank nodes that are used once
    stand where they are used. The document refers to no other.

    Args:
        default: Triples of the default graph, in any order.
        graphs: Triples of each named graph.
        prefixes: Prefixes that may be used; those that are not used are not defined.
        language_tags: Spelling of language tags, by the tag in lower case.
        about: The resource that the document describes; it comes first.

    Raises:
        NotRepresentableError: There is a triple term.
    """
    first = None if about is None else str(about)
    lines = spelled_lines(default, language_tags)
    named = {
        str(name): spelled_lines(triples, language_tags)
        for name, triples in sorted(graphs.items(), key=lambda item: natural(str(item[0])))
    }
    shared = shared_blank_nodes(lines, named) if named else set()
    usable = names(usable_prefixes(prefixes))
    forbidden: set[str] = set()
    while True:
        writer = _Writer(usable, forbidden)
        nodes = writer.nodes(Graph(lines, about=first, shared=shared))
        for name, of_graph in named.items():
            inner = writer.nodes(Graph(of_graph, about=first, shared=shared))
            nodes.append([f'"@id": {writer.name(name)}', f'"@graph": {_array(inner, "      ")}'])
        try:
            writer.check()
        except _ClashError as clash:
            forbidden.add(str(clash))
        else:
            return _document(writer.context(), nodes, single=not named)


def _document(names_in_use: str, nodes: list[list[str]], *, single: bool) -> str:
    if single and len(nodes) == 1:
        return f'{{\n  "@context": {names_in_use},\n  {_COMMA.join(nodes[0])}\n}}\n'
    return f'{{\n  "@context": {names_in_use},\n  "@graph": {_array(nodes, "    ")}\n}}\n'


_COMMA: Final = ",\n  "


def _array(nodes: list[list[str]], indent: str) -> str:
    """Return node objects as an array, one member a line."""
    if not nodes:
        return "[]"
    separator = f",\n{indent}  "
    objects = f",\n{indent}".join(f"{{\n{indent}  {separator.join(members)}\n{indent}}}" for members in nodes)
    return f"[\n{indent}{objects}\n{indent[2:]}]"
