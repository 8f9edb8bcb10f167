"""One call for every format that a release writes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from pyoxigraph import Triple

from officegraph.model.dataset import GraphName
from officegraph.model.formats import CSV, JSON_LD, N_QUADS, N_TRIPLES, RDF_XML, TRIG, TURTLE, Format
from officegraph.vocabulary import write


def write_graphs(
    format_: Format,
    default: Sequence[Triple],
    graphs: Mapping[GraphName, Iterable[Triple]],
    prefixes: Mapping[str, str],
    language_tags: Mapping[str, str],
) -> bytes:
    """Serialise graphs, deterministically.

    Args:
        format_: The format.
        default: Triples of the default graph.
        graphs: Triples of each named graph; formats that carry one graph leave them out.
        prefixes: Prefixes for the formats that have them.
        language_tags: Spelling of language tags, from the lower-cased tag.

    Returns:
        UTF-8.

    Raises:
        NotRepresentableError: The format cannot express a triple.
        ValueError: The format is none of RDF.
    """
    if format_ is TURTLE:
        return write.turtle(default, prefixes, language_tags).encode()
    if format_ is N_TRIPLES:
        return write.n_triples(default, language_tags).encode()
    if format_ is RDF_XML:
        return write.rdf_xml(default, prefixes, language_tags).encode()
    if format_ is CSV:
        return write.csv(default, language_tags).encode()
    named = {name: list(triples) for name, triples in graphs.items()}
    if format_ is TRIG:
        return write.trig(default, named, prefixes, language_tags).encode()
    if format_ is N_QUADS:
        return write.n_quads(default, named, language_tags).encode()
    if format_ is JSON_LD:
        return write.json_ld(default, named, prefixes, language_tags).encode()
    raise ValueError(f"{format_.name} is no format of RDF")
