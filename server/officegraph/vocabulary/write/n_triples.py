"""N-Triples and N-Quads: one statement a line, in an order that depends on nothing but the statements."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from pyoxigraph import Triple

from officegraph.model.dataset import GraphName
from officegraph.vocabulary.write.terms import spelled_lines


def n_triples(triples: Iterable[Triple], language_tags: Mapping[str, str]) -> str:
    """Return ``triples`` in N-Triples, ordered by code point.

    The lines are in the canonical form of RDF 1.2 N-Triples, but language tags keep their case.

    Args:
        triples: What to write, in any order.
        language_tags: Spelling of language tags, by the tag in lower case.
    """
    return _document(spelled_lines(triples, language_tags))


def n_quads(
    default: Iterable[Triple], graphs: Mapping[GraphName, Iterable[Triple]], language_tags: Mapping[str, str]
) -> str:
    """Return a dataset in N-Quads, ordered by code point.

    The lines are in the canonical form of RDF 1.2 N-Quads, but language tags keep their case. A graph
    without triples leaves no trace, as N-Quads has no way to name it.

    Args:
        default: Triples of the default graph, in any order.
        graphs: Triples of each named graph.
        language_tags: Spelling of language tags, by the tag in lower case.
    """
    quads = spelled_lines(default, language_tags)
    for name, triples in graphs.items():
        end = f" {name} ."
        quads.extend([line[:-2] + end for line in spelled_lines(triples, language_tags)])
    quads.sort()
    return _document(quads)


def _document(lines: list[str]) -> str:
    """Return ``lines``, each ended by the line break that the canonical form asks for."""
    lines.append("")
    return "\n".join(lines)
