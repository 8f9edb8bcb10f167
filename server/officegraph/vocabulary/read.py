"""Read sources into one dataset: every file, every error, nothing of the network."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from itertools import chain
from pathlib import Path

from pyoxigraph import NamedNode, Triple

from officegraph.model.dataset import Dataset, unique
from officegraph.vocabulary.bases import FALLBACK_BASE, detect_base
from officegraph.vocabulary.collector import collector_paused
from officegraph.vocabulary.errors import SourceError, SourceErrors
from officegraph.vocabulary.language_tags import settle
from officegraph.vocabulary.parse import Parsed, parse_source, rename_blank_nodes
from officegraph.vocabulary.sources import Source, find_sources, graph_name

__all__ = ["SourceError", "SourceErrors", "detect_base", "find_sources", "graph_name", "read_sources"]


def read_sources(
    paths: Sequence[Path],
    *,
    base: str | None = None,
    merge: bool = False,
    note: Callable[[str], None] | None = None,
) -> Dataset:
    """Read the files and folders at ``paths`` into one dataset.

    * A source in a triple format (Turtle, N-Triples, RDF/XML, and JSON-LD that names no graphs) becomes
      a named graph, ``{base}graph/{name of the source}``, and part of the default graph.
    * A source in a quad format (TriG, N-Quads, JSON-LD that names graphs) keeps its graphs and its default
      graph, and makes the dataset one given as quads.
    * Blank nodes are labelled ``b1``, ``b2``, … in order of first mention over the sources ordered by
      name, so that nodes of two sources are never one and the same sources give the same labels anywhere.
    * Relative IRIs resolve against the base that the source declares, else against ``base``; without either
      they are an error. The path of the file plays no part, since it differs by machine.

    Args:
        paths: Files and folders; see ``find_sources``.
        base: IRI under which the resources live. If it is ``None``, it is detected for the names of graphs.
        merge: Whether the default graph gets the triples of all named graphs, also of sources given as quads.
        note: Called with each thing that is right but worth knowing.

    Returns:
        The dataset, terms as they were written, triples in the order of the sources and without repetition.

    Raises:
        SourceErrors: At least one source is missing, of no known format, or malformed. All sources
            are tried, so that it holds the errors of all.
    """
    return read_with_base(paths, base=base, merge=merge, note=note)[0]


def read_with_base(
    paths: Sequence[Path],
    *,
    base: str | None = None,
    merge: bool = False,
    note: Callable[[str], None] | None = None,
) -> tuple[Dataset, str]:
    """Do what :func:`read_sources` does, and return also the base that the names of graphs begin with.

    Raises:
        SourceErrors: As from :func:`read_sources`.
    """
    sources = find_sources([Path(path) for path in paths])
    with collector_paused():
        return _assemble(_parse_all(sources, base), base=base, merge=merge, note=note)


def _parse_all(sources: Sequence[Source], base: str | None) -> list[tuple[Source, Parsed]]:
    """Parse ``sources``, all of them before the errors of any are raised."""
    read: list[tuple[Source, Parsed]] = []
    errors: list[SourceError] = []
    count = 0
    for source in sources:
        try:
            parsed = parse_source(source, base)
        except SourceErrors as found:
            errors.extend(found.errors)
            continue
        count = rename_blank_nodes(parsed, count)
        read.append((source, parsed))
    if errors:
        raise SourceErrors(errors)
    return read


def _assemble(
    read: list[tuple[Source, Parsed]],
    *,
    base: str | None,
    merge: bool,
    note: Callable[[str], None] | None,
) -> tuple[Dataset, str]:
    dataset = Dataset()
    named: list[tuple[Source, list[Triple]]] = []
    given: list[list[Triple]] = []
    tags: Counter[str] = Counter()
    for source, parsed in read:
        tags.update(parsed.tags)
        for prefix, namespace in parsed.prefixes.items():
            dataset.prefixes.setdefault(prefix, namespace)
        parsed.triples = unique(parsed.triples)
        given.append(parsed.triples)
        if source.format.quads and (parsed.graphs or not _holds_triples_only(source)):
            dataset.quads = True
            for name, triples in parsed.graphs.items():
                dataset.graphs.setdefault(name, []).extend(triples)
        else:
            named.append((source, parsed.triples))
    dataset.graphs = {name: unique(triples) for name, triples in dataset.graphs.items()}
    dataset.default = given[0] if len(given) == 1 else unique(chain.from_iterable(given))
    place = base or detect_base(dataset.default or chain.from_iterable(dataset.graphs.values())) or FALLBACK_BASE
    for source, triples in named:
        name = NamedNode(graph_name(place or FALLBACK_BASE, source.name))
        known = dataset.graphs.get(name)
        dataset.graphs[name] = triples if known is None else unique(chain(known, triples))
    if merge and dataset.quads:
        dataset.default = unique(chain(dataset.default, *dataset.graphs.values()))
    dataset.language_tags, notes = settle(tags)
    for text in notes if note else ():
        note(text)  # type: ignore[misc]
    return dataset, place


def _holds_triples_only(source: Source) -> bool:
    """Return whether ``source`` is in a format that is used for graphs and datasets alike."""
    return source.format.extension == "jsonld"
