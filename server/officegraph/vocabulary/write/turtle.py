"""Turtle and TriG for people: grouped by resource, ordered, and with prefixes that are in use."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from pyoxigraph import NamedNode, Triple

from officegraph.model.dataset import GraphName
from officegraph.model.namespaces import XSD
from officegraph.vocabulary.write.graph import NIL, Graph, Properties, Resource
from officegraph.vocabulary.write.order import TYPE
from officegraph.vocabulary.write.parts import Names, Part, PartWriter
from officegraph.vocabulary.write.prefixes import names
from officegraph.vocabulary.write.terms import (
    blank_nodes_within,
    literal,
    natural,
    spelled_lines,
    triple_term,
)

_CACHED: Final = 50_000
_DEEPEST: Final = 12
"""Levels of blank nodes within blank nodes; what lies deeper is written on its own."""

# Productions [19], [20] and [133s] of Turtle: what stands without quotation marks is this very literal. Forms
# that are unusual keep them all the same, and so does every xsd:double: some readers make numbers of
# what has none, and give back 7 for 007 and 1.0 for 1.0E0.
_SHORT: Final = {
    str(XSD.integer): re.compile(r'"(?:0|-?[1-9][0-9]*)"'),
    str(XSD.decimal): re.compile(r'"-?(?:0|[1-9][0-9]*)\.[0-9]+"'),
    str(XSD.boolean): re.compile(r'"(?:true|false)"'),
}
_LINE_BREAK: Final = re.compile(r"(?<!\\)(?:\\\\)*\\n")
# A quotation mark can go without its backslash if it stands neither before another nor at the end.
_UNESCAPED: Final = re.compile(r'\\(?:(n|"(?!\\"|\Z))|.)')
_LABEL: Final = re.compile(r"_:[\w](?:[\w.-]*[\w-])?")


class TurtleWriter(PartWriter):
    """Writes resources in Turtle; what a part names are the prefixes that it uses.

    Args:
        prefixes: Prefixes that may be used.
        indent: What each line begins with.
    """

    def __init__(self, prefixes: Mapping[str, str], indent: str = "") -> None:
        self._names = names(prefixes)
        self._indent = indent
        self._iris: dict[str, tuple[str, str | None]] = {TYPE: ("a", None)}
        self._values: dict[str, tuple[str, str | None]] = {}
        self._labels: dict[str, str] = {}
        self._used: set[str | None] = set()
        self._declared: dict[frozenset[str | None], Names] = {}
        self._graph = Graph(())

    def part(self, graph: Graph, subject: str) -> Part:
        """Return the statements about ``subject``."""
        self._used = set()
        text = self._block(graph, subject)
        return Part(text, self._names_in_use())

    def head(self, names: Names) -> str:
        """Return the declarations of the prefixes in use, and the empty line after them."""
        declarations = [f"@prefix {prefix}: <{namespace}> .\n" for prefix, namespace in sorted(names)]
        return "".join([*declarations, *("\n" if declarations else "")])

    separator = "\n"

    def iri(self, term: str) -> str:
        """Return the IRI ``term`` as short as it can be written."""
        known = self._iris.get(term)
        if known is None:
            found = self._names.split(term)
            known = (term, None) if found is None else (f"{found[0]}:{found[1]}", found[0])
            if len(self._iris) >= _CACHED:
                self._iris = {TYPE: ("a", None)}
            self._iris[term] = known
        self._used.add(known[1])
        return known[0]

    def label(self, node: str) -> str:
        """Return a label for the blank node ``node``: its own, unless Turtle does not allow it."""
        if _LABEL.fullmatch(node) and not node.startswith("_:renamed"):
            return node
        return self._labels.setdefault(node, f"_:renamed{len(self._labels) + 1}")

    def _block(self, graph: Graph, subject: str) -> str:
        self._graph = graph
        if subject.startswith("_:"):
            graph.written.add(subject)
            name = "[]" if graph.is_anonymous(subject) else self.label(subject)
        else:
            name = self.name(subject)
        indent = f"{self._indent}    "
        if isinstance(graph, Resource):
            written = self._plain_properties(graph.properties(subject), indent)
        else:
            written = self._properties(subject, indent, 0)
        return f"{self._indent}{name} {written} .\n"

    def share_labels(self, other: TurtleWriter) -> None:
        """Use the labels of blank nodes that ``other`` uses, and for other nodes other ones."""
        self._labels = other._labels

    def graph(self, name: str, parts: Sequence[Part]) -> Part:
        """Return the graph ``name`` in TriG, which consists of ``parts``."""
        opening = self.opening(name)
        text = f"{opening.text}{self.separator.join(part.text for part in parts)}}}\n"
        return Part(text, opening.names.union(*(part.names for part in parts)))

    def opening(self, name: str) -> Part:
        """Return the line that opens the graph ``name`` in TriG."""
        self._used = set()
        text = f"{self.name(name)} {{\n"
        return Part(text, self._names_in_use())

    def _names_in_use(self) -> Names:
        """Return the prefixes in use with their namespaces; the same object for the same prefixes."""
        used = frozenset(self._used)
        known = self._declared.get(used)
        if known is None:
            namespaces = self._names.namespaces
            known = frozenset((prefix, namespace) for namespace, prefix in namespaces.items() if prefix in used)
            self._declared[used] = known
        return known

    def name(self, term: str) -> str:
        """Return the subject or graph name ``term``; ``a`` is a keyword for predicates only."""
        if term == TYPE:
            found = self._names.split(term)
            if found is None:
                return term
            self._used.add(found[0])
            return f"{found[0]}:{found[1]}"
        return self.label(term) if term.startswith("_:") else self.iri(term)

    def _properties(self, subject: str, indent: str, depth: int) -> str:
        parts = []
        for predicate, objects in self._graph.properties(subject):
            if len(objects) == 1:
                values = self._object(objects[0], indent, depth)
            else:
                separator = f",\n{indent}    "
                values = separator.join(self._object(value, f"{indent}    ", depth) for value in objects)
            parts.append(f"{self.iri(predicate)} {values}")
        return f" ;\n{indent}".join(parts)

    def _plain_properties(self, properties: Properties, indent: str) -> str:
        """Return what :meth:`_properties` does, where objects are IRIs and literals only."""
        used, known_values = self._used, self._values
        separator = f",\n{indent}    "
        parts = []
        for predicate, objects in properties:
            values = []
            for value in objects:
                if value[0] == '"':
                    # Most texts have neither a datatype nor a character that is escaped.
                    values.append(value if value[-1] != ">" and "\\" not in value else self._literal(value))
                    continue
                known = known_values.get(value) or self._value(value)
                values.append(known[0])
                used.add(known[1])
            parts.append(f"{self.iri(predicate)} {values[0] if len(values) == 1 else separator.join(values)}")
        return f" ;\n{indent}".join(parts)

    def _value(self, term: str) -> tuple[str, str | None]:
        """Return the IRI ``term`` as an object, and the prefix that this uses."""
        found = None if term == NIL else self._names.split(term)
        if found is not None:
            known: tuple[str, str | None] = f"{found[0]}:{found[1]}", found[0]
        else:
            known = "()" if term == NIL else term, None
        if len(self._values) >= _CACHED:
            self._values.clear()
        self._values[term] = known
        return known

    def _object(self, term: str, indent: str, depth: int) -> str:
        if term.startswith('"'):
            return self._literal(term)
        if term.startswith("_:"):
            return self._blank(term, indent, depth)
        if term.startswith("<<("):
            return self._triple(term)
        return "()" if term == NIL else self.name(term)

    def _blank(self, node: str, indent: str, depth: int) -> str:
        graph = self._graph
        if depth >= _DEEPEST or not graph.can_nest(node):
            return self.label(node)
        items = graph.items(node)
        if items is not None:
            texts = [self._object(item, indent, depth + 1) for item in items]
            if len(texts) > 8 or any("\n" in text for text in texts):
                return f"(\n{indent}    " + f"\n{indent}    ".join(texts) + f"\n{indent})"
            return f"( {' '.join(texts)} )"
        graph.written.add(node)
        inner = self._properties(node, f"{indent}    ", depth + 1)
        return f"[\n{indent}    {inner}\n{indent}]" if inner else "[]"

    def _literal(self, term: str, *, long: bool = True) -> str:
        if "\\" not in term and not term.endswith(">"):
            return term  # neither a line break nor a datatype
        quoted, language, _, datatype = literal(term)
        written = _over_lines(quoted) if long else quoted
        if datatype:
            short = _SHORT.get(datatype)
            if short and short.fullmatch(quoted):
                return quoted[1:-1]
            return f"{written}^^{self.name(datatype)}"
        return f"{written}{term[len(quoted) :]}" if language else written

    def _triple(self, term: str) -> str:
        subject, predicate, value = triple_term(term)
        if value.startswith("<<("):
            written = self._triple(value)
        else:
            written = self._literal(value, long=False) if value.startswith('"') else self.name(value)
        return f"<<( {self.name(subject)} {self.iri(predicate)} {written} )>>"


def _over_lines(quoted: str) -> str:
    """Return a quoted lexical form over several lines if it has line breaks, else as it is."""
    if "\\n" not in quoted or not _LINE_BREAK.search(quoted):
        return quoted
    body = _UNESCAPED.sub(lambda match: "\n" if match[1] == "n" else match[1] or match[0], quoted[1:-1])
    return f'"""{body}"""'


def turtle(
    triples: Iterable[Triple],
    prefixes: Mapping[str, str],
    language_tags: Mapping[str, str],
    *,
    about: NamedNode | None = None,
) -> str:
    """Return ``triples`` in RDF 1.2 Turtle.

    Resources come in this order: ``about``, datasets and ontologies, concept schemes, all other IRIs, blank
    nodes. Blank nodes that are used once stand where they are used. Every literal is written so that
    it is read back with the very same lexical form.

    Args:
        triples: What to write, in any order.
        prefixes: Prefixes that may be used; those that are not used are not declared.
        language_tags: Spelling of language tags, by the tag in lower case.
        about: The resource that the document describes.
    """
    graph = Graph(spelled_lines(triples, language_tags), about=None if about is None else str(about))
    return TurtleWriter(prefixes).document(graph)


def trig(
    default: Iterable[Triple],
    graphs: Mapping[GraphName, Iterable[Triple]],
    prefixes: Mapping[str, str],
    language_tags: Mapping[str, str],
    *,
    about: NamedNode | None = None,
) -> str:
    """Return a dataset in RDF 1.2 TriG: the default graph first, then the named graphs by name.

    Args:
        default: Triples of the default graph, in any order.
        graphs: Triples of each named graph; a graph without triples is written as one.
        prefixes: Prefixes that may be used; those that are not used are not declared.
        language_tags: Spelling of language tags, by the tag in lower case.
        about: The resource that the document describes.
    """
    writer, inner = TurtleWriter(prefixes), TurtleWriter(prefixes, "    ")
    first = None if about is None else str(about)
    lines = spelled_lines(default, language_tags)
    named = {
        str(name): spelled_lines(triples, language_tags)
        for name, triples in sorted(graphs.items(), key=lambda item: natural(str(item[0])))
    }
    shared = shared_blank_nodes(lines, named)
    inner.share_labels(writer)
    parts = writer.parts(Graph(lines, about=first, shared=shared))
    parts.extend(
        inner.graph(name, inner.parts(Graph(of_graph, about=first, shared=shared))) for name, of_graph in named.items()
    )
    return writer.joined(parts)


def shared_blank_nodes(default: Iterable[str], named: Mapping[str, Iterable[str]]) -> set[str]:
    """Return the blank nodes that name a graph or are in more than one graph: all that need a label throughout."""
    graphs: Counter[str] = Counter()
    for lines in (default, *named.values()):
        mentioned: set[str] = set()
        for line in lines:
            if line.startswith("_:"):
                mentioned.add(line[: line.index(" ")])
            if " _:" in line:
                value = line[:-2].split(" ", 2)[2]
                if value.startswith("_:"):
                    mentioned.add(value)
                elif value.startswith("<<("):
                    mentioned.update(blank_nodes_within(value))
        graphs.update(mentioned)
    names_of_graphs = {name for name in named if name.startswith("_:")}
    return names_of_graphs | {node for node, count in graphs.items() if count > 1}
