"""Write triples and datasets: deterministic, in order, and term for term what was read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from pyoxigraph import NamedNode, Triple

from officegraph.model.dataset import Dataset
from officegraph.model.formats import CSV, JSON_LD, N_QUADS, N_TRIPLES, RDF_XML, TRIG, TURTLE, Format
from officegraph.vocabulary.write.json_ld import context, json_ld
from officegraph.vocabulary.write.n_triples import n_quads, n_triples
from officegraph.vocabulary.write.rdf_xml import rdf_xml
from officegraph.vocabulary.write.table import csv
from officegraph.vocabulary.write.terms import NotRepresentableError
from officegraph.vocabulary.write.turtle import trig, turtle

__all__ = [
    "NotRepresentableError",
    "context",
    "csv",
    "json_ld",
    "n_quads",
    "n_triples",
    "rdf_xml",
    "trig",
    "turtle",
    "write",
]


def write(
    form: Format,
    data: Dataset | Iterable[Triple],
    *,
    prefixes: Mapping[str, str] | None = None,
    language_tags: Mapping[str, str] | None = None,
    about: NamedNode | None = None,
) -> bytes:
    """Return ``data`` in the format ``form``, encoded.

    Args:
        form: One of the RDF formats, or CSV.
        data: A dataset, or the triples of a graph. Of a dataset, formats without named graphs get the default graph.
        prefixes: Prefixes that may be used; those of the dataset if they are not given.
        language_tags: Spelling of language tags, by the tag in lower case; likewise.
        about: The resource that the document describes; it comes first.

    Raises:
        NotRepresentableError: The format has no way to write one of the terms.
        ValueError: The format is none that triples are written in.
    """
    dataset = data if isinstance(data, Dataset) else Dataset(default=list(data))
    short = dataset.prefixes if prefixes is None else prefixes
    tags = dataset.language_tags if language_tags is None else language_tags
    default, graphs = dataset.default, dataset.graphs
    if form is TURTLE:
        text = turtle(default, short, tags, about=about)
    elif form is N_TRIPLES:
        text = n_triples(default, tags)
    elif form is RDF_XML:
        text = rdf_xml(default, short, tags, about=about)
    elif form is JSON_LD:
        text = json_ld(default, graphs, short, tags, about=about)
    elif form is TRIG:
        text = trig(default, graphs, short, tags, about=about)
    elif form is N_QUADS:
        text = n_quads(default, graphs, tags)
    elif form is CSV:
        text = csv(default, tags, about=about)
    else:
        raise ValueError(f"triples are not written as {form.name}")
    return text.encode()
