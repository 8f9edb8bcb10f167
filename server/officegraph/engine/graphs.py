"""Serialise the graph that CONSTRUCT or DESCRIBE gives."""

from __future__ import annotations

import re
from typing import IO, TYPE_CHECKING, Final

import pyoxigraph as ox

from officegraph.engine.interface import NotRepresentableError
from officegraph.model.formats import JSON_LD, PYOXIGRAPH_RDF, RDF_XML
from officegraph.model.namespaces import RDF

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

SORTED: Final = 20_000
"""Triples up to which a graph is sorted, so that the same answer has the same bytes."""

_NAME_START = (
    "A-Za-z_\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u1fff\u200c\u200d\u2070-\u218f"
    "\u2c00-\u2fef\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd\U00010000-\U000effff"
)
_PREFIXED: Final = frozenset({"ttl", "trig", "rdf", "jsonld"})
_TYPE: Final = f" {RDF.type} "
_STRING: Final = re.compile(r'"[^"\\]*+(?:\\.[^"\\]*+)*+"')
_IRI: Final = re.compile(r"<([^<>]+)>")
_STARTS_NAME = re.compile(f"[{_NAME_START}]")
_REVERSED_NAME = re.compile(rf"[{_NAME_START}\-.0-9\u00b7\u0300-\u036f\u203f\u2040]*")


def serialise_graph(
    results: Iterable[ox.Triple], extension: str, prefixes: Mapping[str, str], output: IO[bytes]
) -> None:
    """Write the graph of ``results``.

    Args:
        results: The triples.
        extension: File ending of the format.
        prefixes: Prefixes to choose from, prefix to namespace; those that are used are declared.
        output: File to write to.

    Raises:
        NotRepresentableError: The format cannot carry a triple.
    """
    triples = list(results)
    lines = _lines(triples) if len(triples) <= SORTED else None
    # A graph is a set (RDF 1.1 Concepts, 3), and the engine may repeat.
    if lines is None:
        triples = list(dict.fromkeys(triples))
    else:
        by_line = dict(zip(lines, triples, strict=True))
        triples = [by_line[line] for line in sorted(by_line, key=_types_first)]
    if extension == RDF_XML.extension:
        check_rdf_xml(triples)
    elif extension == JSON_LD.extension and any(isinstance(triple.object, ox.Triple) for triple in triples):
        raise NotRepresentableError("JSON-LD 1.1 has no triple terms; ask for Turtle or N-Triples.")
    used = used_prefixes(lines or _lines(triples), prefixes) if extension in _PREFIXED else None
    ox.serialize(triples, output, PYOXIGRAPH_RDF[extension], prefixes=used)


def _lines(triples: Sequence[ox.Triple]) -> list[str]:
    """Return the line of N-Triples for each triple."""
    text: bytes = ox.serialize(triples, format=ox.RdfFormat.N_TRIPLES) or b""
    lines = text.decode().split("\n")
    lines.pop()  # what follows the last line feed
    return lines


def _types_first(line: str) -> str:
    """Return what a triple is sorted by: subject, its types first, predicate, object."""
    return line.replace(_TYPE, "  ", 1)


def used_prefixes(lines: Iterable[str], prefixes: Mapping[str, str]) -> dict[str, str]:
    """Return those of ``prefixes`` that the IRIs in ``lines`` of N-Triples need."""
    iris = set(_IRI.findall(_STRING.sub("", "\n".join(lines))))
    namespaces = {iri[: max(iri.rfind("#"), iri.rfind("/")) + 1] for iri in iris}
    return {prefix: namespace for prefix, namespace in sorted(prefixes.items()) if namespace in namespaces}


def check_rdf_xml(triples: Sequence[ox.Triple]) -> None:
    """Check that every predicate can be the name of an XML element (RDF 1.1 XML Syntax, 5.1 and 7.2.14).

    Raises:
        NotRepresentableError: One cannot.
    """
    good: set[str] = set()
    for triple in triples:
        iri = triple.predicate.value
        if iri not in good:
            ending = _REVERSED_NAME.match(iri[::-1])
            if ending is None or not _STARTS_NAME.search(ending[0]):
                raise NotRepresentableError(
                    f"RDF/XML has no way to write the property <{iri}>; ask for Turtle or JSON-LD."
                )
            good.add(iri)
        if isinstance(triple.object, ox.Triple):
            raise NotRepresentableError("RDF 1.1 XML has no triple terms; ask for Turtle or N-Triples.")
