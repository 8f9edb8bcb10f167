"""RDF/XML: one element a resource, named after its type."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Final

from pyoxigraph import NamedNode, Triple

from officegraph.model.namespaces import RDF
from officegraph.vocabulary.write.graph import Graph, Properties
from officegraph.vocabulary.write.order import TYPE
from officegraph.vocabulary.write.parts import Names, Part, PartWriter
from officegraph.vocabulary.write.prefixes import names as names_of
from officegraph.vocabulary.write.prefixes import xml_name
from officegraph.vocabulary.write.terms import NotRepresentableError, lexical_form, literal, spelled_lines

# RDF 1.1 XML Syntax, section 6.1.4 (productions coreSyntaxTerms and oldTerms); rdf:li is read as rdf:_1, rdf:_2, …
_NO_PROPERTIES: Final = frozenset(
    f"<{RDF.iri}{name}>"
    for name in (
        "RDF", "ID", "about", "parseType", "resource", "nodeID", "datatype", "Description", "li", "aboutEach",
        "aboutEachPrefix", "bagID",
    )
)  # fmt: skip
_NO_NAMESPACES: Final = ("http://www.w3.org/XML/1998/namespace", "http://www.w3.org/2000/xmlns/")

# Production [2] of XML 1.0; line breaks and tabs are safe in an element, a carriage return is not.
_NOT_XML: Final = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_TO_ESCAPE: Final = re.compile('[&<>"\r]')
_NOT_PLAIN: Final = re.compile('[&<>"\r\\\\]|[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]')
"""What keeps the inside of a literal in N-Triples from being written as it is."""

_ENTITIES: Final = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "\r": "&#xD;"}


def _escaped(text: str) -> str:
    return _TO_ESCAPE.sub(lambda match: _ENTITIES[match[0]], text) if _TO_ESCAPE.search(text) else text


class RdfXmlWriter(PartWriter):
    """Writes resources in RDF/XML; what a part names are the namespaces that it uses.

    Namespaces that have no prefix get one, ``ns1`` and so on, in the order in which they are met.

    Args:
        prefixes: Prefixes that may be used.
    """

    tail = "</rdf:RDF>\n"

    def __init__(self, prefixes: Mapping[str, str]) -> None:
        self._names = names_of(
            {
                prefix: namespace
                for prefix, namespace in prefixes.items()
                if xml_name().fullmatch(prefix)
                and not prefix.lower().startswith("xml")
                and prefix != "rdf"
                and namespace not in _NO_NAMESPACES
            }
        )
        self._elements: dict[str, tuple[str | None, str]] = {}
        self._namespaces = {RDF.iri: "rdf"}
        self._used: set[str] = set()
        self._labels: dict[str, str] = {}
        self._attributes: dict[str, str] = {}
        self._declared: dict[frozenset[str], Names] = {}
        self.numbered: list[str] = []
        """Namespaces that have no prefix of their own, as they were met."""

    def part(self, graph: Graph, subject: str) -> Part:
        """Return the element of ``subject``.

        Raises:
            NotRepresentableError: RDF/XML cannot say it.
        """
        if subject.startswith("_:"):
            graph.written.add(subject)
        self._used = set()
        text = self.resource(subject, graph.properties(subject))
        used = frozenset(self._used)
        names = self._declared.get(used)
        if names is None:
            names = self._declared[used] = frozenset((self._namespaces[namespace], namespace) for namespace in used)
        return Part(text, names)

    def head(self, names: Names) -> str:
        """Return the start of the document, with the declarations of the namespaces in use."""
        declared = sorted({("rdf", RDF.iri), *names})
        attributes = "".join(f'\n  xmlns:{prefix}="{_escaped(namespace)}"' for prefix, namespace in declared)
        return f'<?xml version="1.0" encoding="UTF-8"?>\n<rdf:RDF{attributes}>\n'

    def element(self, term: str) -> str | None:
        """Return the IRI ``term`` as the name of an element; ``None`` if it has no such name."""
        known = self._elements.get(term)
        if known is not None:
            if known[0] is not None:
                self._used.add(known[1])
            return known[0]
        found = self._names.split(term)
        if found and xml_name().fullmatch(found[1]):
            prefix, local = found
            namespace = term[1 : len(term) - 1 - len(local)]
        else:
            local = _longest_name(term[1:-1])
            namespace = term[1 : len(term) - 1 - len(local)]
            prefix = self._names.namespaces.get(namespace, "")
        element = None
        if local and namespace not in _NO_NAMESPACES:
            if namespace not in self._namespaces:
                if not prefix:
                    self.numbered.append(namespace)
                self._namespaces[namespace] = prefix or self._new_prefix()
            element = f"{self._namespaces[namespace]}:{local}"
            self._used.add(namespace)
        self._elements[term] = element, namespace
        return element

    def _new_prefix(self) -> str:
        taken = {*self._names.namespaces.values(), *self._namespaces.values()}
        number = 1
        while f"ns{number}" in taken:
            number += 1
        return f"ns{number}"

    def node_id(self, node: str) -> str:
        """Return a name for the blank node ``node``: its label, unless XML does not allow it as a name."""
        label = node[2:]
        if xml_name().fullmatch(label) and not label.startswith("renamed"):
            return label
        return self._labels.setdefault(node, f"renamed{len(self._labels) + 1}")

    def resource(self, subject: str, properties: Properties) -> str:
        """Return the element of ``subject``."""
        if subject.startswith("_:"):
            identity = f'rdf:nodeID="{self.node_id(subject)}"'
        else:
            identity = f'rdf:about="{_escaped(subject[1:-1])}"'
        element = "rdf:Description"
        parts: list[str] = []
        for predicate, objects in properties:
            values = objects
            if predicate == TYPE:
                named = self._named_after(objects)
                if named is not None:
                    element, used = named
                    values = [value for value in objects if value != used]
            if predicate in _NO_PROPERTIES or (name := self.element(predicate)) is None:
                raise NotRepresentableError(f"RDF/XML has no element for the property {predicate}")
            parts.extend(self._property(name, value) for value in values)
        if not parts:
            return f"  <{element} {identity}/>\n"
        return f"  <{element} {identity}>\n{''.join(parts)}  </{element}>\n"

    def _named_after(self, types: list[str]) -> tuple[str, str] | None:
        """Return the name of the first of ``types`` that can name an element, and the type itself."""
        for term in types:
            if term.startswith("<") and not term.startswith(("<<(", f"<{RDF.iri}")):
                element = self.element(term)
                if element is not None and not element.startswith("rdf:"):
                    return element, term
        return None

    def _property(self, name: str, value: str) -> str:
        if value.startswith('"'):
            end = value.rindex('"')
            suffix, text = value[end + 1 :], value[1:end]
            attribute = self._attributes.get(suffix)
            if attribute is None:
                attribute = self._attributes[suffix] = _attribute(value)
            if _NOT_PLAIN.search(text):
                text = lexical_form(value[: end + 1])
                if _NOT_XML.search(text):
                    raise NotRepresentableError("XML 1.0 has no way to write a control character")
                text = _escaped(text)
            return f"    <{name}{attribute}>{text}</{name}>\n"
        if value.startswith("_:"):
            return f'    <{name} rdf:nodeID="{self.node_id(value)}"/>\n'
        if value.startswith("<<("):
            raise NotRepresentableError("RDF 1.1 XML has no triple terms")
        return f'    <{name} rdf:resource="{_escaped(value[1:-1])}"/>\n'


def _attribute(term: str) -> str:
    """Return the attribute for language or datatype of the literal ``term``; nothing for a simple literal."""
    _, language, direction, datatype = literal(term)
    if direction:
        raise NotRepresentableError("RDF 1.1 XML has no base direction of a text")
    if language:
        return f' xml:lang="{language}"'
    return f' rdf:datatype="{_escaped(datatype[1:-1])}"' if datatype else ""


def _longest_name(iri: str) -> str:
    """Return the longest ending of ``iri`` that is a name of XML; empty if there is none."""
    start, is_name = len(iri), xml_name().fullmatch
    for index in range(len(iri) - 1, 0, -1):
        if not is_name(f"_{iri[index]}"):
            break
        if is_name(iri[index]):
            start = index
    return iri[start:]


def rdf_xml(
    triples: Iterable[Triple],
    prefixes: Mapping[str, str],
    language_tags: Mapping[str, str],
    *,
    about: NamedNode | None = None,
) -> str:
    """Return ``triples`` in RDF 1.1 XML, in the order that Turtle has.

    Args:
        triples: What to write, in any order.
        prefixes: Prefixes that may be used; those that are not used are not declared.
        language_tags: Spelling of language tags, by the tag in lower case.
        about: The resource that the document describes; it comes first.

    Raises:
        NotRepresentableError: There is a property that is no element name, a character that XML 1.0 excludes, a
            triple term, or a text with a direction.
    """
    graph = Graph(spelled_lines(triples, language_tags), about=None if about is None else str(about))
    return RdfXmlWriter(prefixes).document(graph)
