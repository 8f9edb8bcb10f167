"""JSON-LD 1.1 that reads well as plain JSON: short names, texts by language, and all it needs in itself."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Final

from pyoxigraph import NamedNode, Triple

from officegraph.model.dataset import GraphName
from officegraph.model.namespaces import XSD
from officegraph.vocabulary.write.graph import Graph
from officegraph.vocabulary.write.json_ld_context import DATE, IRI, PLAIN, TERMS, TEXT, Term, context, usable_prefixes
from officegraph.vocabulary.write.order import TYPE
from officegraph.vocabulary.write.parts import Names, Part, PartWriter
from officegraph.vocabulary.write.prefixes import names as names_of
from officegraph.vocabulary.write.terms import NotRepresentableError, literal, natural, spelled_lines
from officegraph.vocabulary.write.turtle import shared_blank_nodes

__all__ = ["context", "json_ld"]

_CACHED: Final = 50_000
_DEEPEST: Final = 12
_XSD_DATE: Final = str(XSD.date)
_DEFINITIONS: Final = {
    term.name: (term.name, json.dumps(term.definition, ensure_ascii=False)) for term in TERMS.values()
}


class ClashError(Exception):
    """An IRI would be read as a short name, since its scheme is the name of a prefix or of a term.

    Attributes:
        name: That name.
    """

    def __init__(self, name: str) -> None:
        super().__init__(f"{name} is a scheme of IRIs, and a short name")
        self.name = name


class JsonLdWriter(PartWriter):
    """Writes resources as node objects of a JSON-LD document, a member a line.

    What a part names are names of the context with their definitions as JSON, and under the empty name
    the schemes of IRIs in full, which must not be defined.

    Args:
        prefixes: Prefixes that may be used.
        forbidden: Names that the context must not define.
    """

    separator = ",\n    "
    tail = "\n  ]\n}\n"

    def __init__(self, prefixes: Mapping[str, str], forbidden: Collection[str] = ()) -> None:
        self._names = names_of(usable_prefixes(prefixes))
        self._forbidden = forbidden
        self._prefixes = set(self._names.namespaces.values())
        self._keys: dict[str, tuple[str, tuple[str, str]]] = {}
        self._ids: dict[str, tuple[str, tuple[str, str] | None]] = {}
        self._used: set[tuple[str, str]] = set()
        self._declared: dict[Names, Names] = {}
        self._graph = Graph(())

    def part(self, graph: Graph, subject: str) -> Part:
        """Return the node object of ``subject``.

        Raises:
            NotRepresentableError: JSON-LD cannot say it.
        """
        self._used = set()
        text = _object(self.members(graph, subject), "    ")
        used = frozenset(self._used)
        return Part(text, self._declared.setdefault(used, used))

    def members(self, graph: Graph, subject: str) -> list[str]:
        """Return the members of the node object of ``subject``."""
        self._graph = graph
        if subject.startswith("_:"):
            graph.written.add(subject)
        labelled = not (subject.startswith("_:") and graph.is_anonymous(subject))
        members = [f'"@id": {self.name(subject)}'] if labelled else []
        members.extend(self._members(subject, 0))
        return members

    def head(self, names: Names) -> str:
        """Return the context and the beginning of the array of node objects.

        Raises:
            ClashError: An IRI that is written in full would mean something else under that context.
        """
        return f'{{\n  "@context": {context_of(names)},\n  "@graph": [\n    '

    def name(self, term: str) -> str:
        """Return the IRI or blank node ``term`` as a JSON string, in full."""
        if term.startswith("_:"):
            return f'"{term}"'
        known = self._ids.get(term)
        if known is None:
            scheme, _, rest = term[1:-1].partition(":")
            if len(self._ids) >= _CACHED:
                self._ids = {}
            known = self._ids[term] = f'"{term[1:-1]}"', None if rest.startswith("//") else ("", scheme)
        if known[1] is not None:
            self._used.add(known[1])
        return known[0]

    def short(self, term: str) -> str:
        """Return the property, class or datatype ``term`` as a JSON string, shortened by a prefix if possible."""
        known = self._keys.get(term)
        if known is None:
            found = self._names.split(term)
            if found is None or not found[1] or found[0] in self._forbidden:
                return self.name(term)
            prefix, local = found
            definition = json.dumps(_namespace(term, local), ensure_ascii=False)
            known = self._keys[term] = f'"{prefix}:{local}"', (prefix, definition)
        self._used.add(known[1])
        return known[0]

    def used(self) -> Names:
        """Return the names in use since the last part."""
        return frozenset(self._used)

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
                self._used.add(_DEFINITIONS[term.name])
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
            end = value.rfind('"') + 1 if value[0] == '"' else 0
            if value.startswith("@", end) and "--" not in value[end:]:
                by_language.setdefault(value[end + 1 :], []).append(value[:end])
            else:
                others.append(value)
        members: list[str] = []
        if by_language:
            self._used.add(_DEFINITIONS[term.name])
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
    return json_ld_of(lines, prefixes, named, about=first)


def json_ld_of(
    lines: Sequence[str],
    prefixes: Mapping[str, str],
    named: Mapping[str, Sequence[str]] | None = None,
    *,
    about: str | None = None,
) -> str:
    """Return a dataset that is in N-Triples already in JSON-LD; see :func:`json_ld`.

    Args:
        lines: The default graph: ordered lines without repetition.
        prefixes: Prefixes that may be used.
        named: The named graphs, likewise.
        about: The resource that the document describes, in N-Triples.

    Raises:
        NotRepresentableError: There is a triple term.
    """
    named = named or {}
    shared = shared_blank_nodes(lines, named) if named else set()
    forbidden: set[str] = set()
    while True:
        writer = JsonLdWriter(prefixes, forbidden)
        graph = Graph(lines, about=about, shared=shared)
        nodes = [writer.members(graph, subject) for subject in graph.roots()]
        for name, of_graph in named.items():
            graph = Graph(of_graph, about=about, shared=shared)
            inner = [writer.members(graph, subject) for subject in graph.roots()]
            nodes.append([f'"@id": {writer.name(name)}', f'"@graph": {_array(inner, "      ")}'])
        try:
            return _document(context_of(writer.used()), nodes, single=not named)
        except ClashError as clash:
            forbidden.add(clash.name)


def context_of(names: Names) -> str:
    """Return the context that defines ``names``, as JSON; those without a name are schemes of IRIs in full.

    Raises:
        ClashError: An IRI that is written in full means something else under it (JSON-LD 1.1 API, section
            5.2, IRI expansion).
    """
    defined = {name: definition for name, definition in names if name}
    clashes = [scheme for name, scheme in names if not name and scheme in defined]
    if clashes:
        raise ClashError(min(clashes))
    inner = ",\n    ".join(f"{json.dumps(name)}: {definition}" for name, definition in sorted(defined.items()))
    return f"{{\n    {inner}\n  }}" if inner else "{}"


def _document(names_in_use: str, nodes: list[list[str]], *, single: bool) -> str:
    if single and len(nodes) == 1:
        return f'{{\n  "@context": {names_in_use},\n  {_COMMA.join(nodes[0])}\n}}\n'
    return f'{{\n  "@context": {names_in_use},\n  "@graph": {_array(nodes, "    ")}\n}}\n'


_COMMA: Final = ",\n  "


def _array(nodes: list[list[str]], indent: str) -> str:
    """Return node objects as an array, one member a line."""
    if not nodes:
        return "[]"
    objects = f",\n{indent}".join(_object(members, indent) for members in nodes)
    return f"[\n{indent}{objects}\n{indent[2:]}]"


def _object(members: list[str], indent: str) -> str:
    separator = f",\n{indent}  "
    return f"{{\n{indent}  {separator.join(members)}\n{indent}}}"
