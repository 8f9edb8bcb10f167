"""From sources to everything that a release serves, in memory."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from pyoxigraph import BlankNode, NamedNode, Triple

from officegraph.model.dataset import Dataset, GraphName, merge
from officegraph.model.index import TripleIndex
from officegraph.model.namespaces import PREFIXES
from officegraph.release import description, dumps, schemes, statistics
from officegraph.release.manifest import Graph, Manifest, SourceFile
from officegraph.release.metadata.model import DatasetModel
from officegraph.release.metadata.void import void
from officegraph.settings import Settings
from officegraph.version import __version__
from officegraph.vocabulary.bases import FALLBACK_BASE, declared_base, detect_base, rebase
from officegraph.vocabulary.collector import collector_paused, give_back_memory
from officegraph.vocabulary.derive import derive_from
from officegraph.vocabulary.encoded import EncodedGraph, Encoder, merged, with_graph, without
from officegraph.vocabulary.entail import entail_from
from officegraph.vocabulary.read import find_sources, graph_name, read_with_base

Progress = Callable[[str, int, int], None]
"""Called with the stage of the build, how much of it is done, and how much there is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Assembled:
    """What a release serves.

    Attributes:
        manifest: The manifest, without what only the finished files can tell.
        default: The default graph.
        graphs: The named graphs, the description of the data set included.
        described: The graphs that documents are made from: the default graph, and of a dataset that
            was given as quads the named graphs, of another what its description adds.
        stated: Graphs with nothing that is only entailed.
        schemes: Subjects of the statements in the file of each concept scheme, by its IRI.
    """

    manifest: Manifest
    default: EncodedGraph
    graphs: Mapping[GraphName, EncodedGraph]
    described: Sequence[EncodedGraph]
    stated: Sequence[EncodedGraph]
    schemes: Mapping[str, Sequence[int]]


def shaping_settings(settings: Settings) -> dict[str, Any]:
    """Return the settings that a release depends on; the others concern only how it is served."""
    return {"base": settings.base, "language": settings.language, "merge": settings.merge}


def source_files(sources: Sequence[Path]) -> tuple[SourceFile, ...]:
    """Return name and digest of every source file, ordered by name.

    Raises:
        SourceErrors: A source is missing or of no known format.
        OSError: A file cannot be read.
    """
    return tuple(SourceFile(name=source.name, sha256=dumps.digest(source.path)) for source in find_sources(sources))


def content_digest(files: Sequence[SourceFile], settings: Settings) -> str:
    """Return the SHA-256 of what a release is made from: names and bytes of sources, and settings."""
    content = {
        "sources": [[file.name, file.sha256] for file in files],
        "settings": shaping_settings(settings),
    }
    return sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


def creation_time() -> str:
    """Return the present time, or that of ``SOURCE_DATE_EPOCH``, as RFC 3339 writes it, in UTC.

    See https://reproducible-builds.org/specs/source-date-epoch/.
    """
    epoch = os.environ.get("SOURCE_DATE_EPOCH", "")
    moment = datetime.fromtimestamp(int(epoch), UTC) if epoch.isdecimal() else datetime.now(UTC)
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def assemble(sources: Sequence[Path], settings: Settings, progress: Progress) -> Assembled:
    """Read the sources, add what follows from them, count it and describe it.

    Raises:
        SourceErrors: Sources are missing or malformed.
        OSError: A file cannot be read.
    """
    files = source_files(sources)
    read = _encoded(sources, files, settings, progress)
    base, default, graphs, kinds = read.base, read.default, read.graphs, read.kinds
    source_names: dict[GraphName, str] = {NamedNode(graph_name(base, file.name)): file.name for file in files}
    whole = merged([default, *graphs.values()]) if read.quads else default
    progress("describe", 0, 1)
    names = schemes.schemes_of(whole)
    itself = description.describe_self(whole, base, names, read.language_tags)
    digest = content_digest(files, settings)
    manifest = Manifest(
        software=__version__,
        name=description.short_name(itself, files[0].name, settings.language),
        version=itself.version or f"0-{digest[:8]}",
        base=base,
        language=settings.language,
        created=creation_time(),
        content_digest=digest,
        settings=shaping_settings(settings),
        quads=read.quads,
        union_default=False,
        sources=files,
        graphs=tuple(
            Graph(name=_text(name), triples=len(graph), kind=kinds[name], source=source_names.get(name))
            for name, graph in graphs.items()
        ),
        default_triples=len(default),
        statistics=statistics.count(whole, base, itself.uri_spaces, itself.linksets),
        dumps=(),
        prefixes=_prefixes(read.prefixes),
        language_tags=dict(sorted(read.language_tags.items())),
        schemes=itself.schemes,
        documents=0,
        columns=(),
        store="",
        dataset=itself.iri,
        described=itself.described,
        description="".join(f"{triple} .\n" for triple in itself.statements),
        title=itself.title,
        licenses=itself.licenses,
        examples=itself.examples,
        files={},
    )
    union = False
    described = [default, *graphs.values()]
    if read.quads:
        union = bool(graphs) and merged(list(graphs.values())).has_same_statements(default)
    else:
        # The graph of the description is never part of the default graph, so only quads can have a union.
        own = NamedNode(f"{base}dataset" if itself.described else itself.iri)
        manifest, about = _with_description(manifest, own.value)
        (default, *renumbered), added = with_graph([default, *graphs.values()], about, read.language_tags)
        graphs = {**dict(zip(graphs, renumbered, strict=True)), own: added}
        described = [default, without(added, default)]
    parts = schemes.SchemeParts(default) if names else None
    progress("describe", 1, 1)
    return Assembled(
        manifest=replace(manifest, union_default=union),
        default=default,
        graphs=graphs,
        described=described,
        stated=[*described, *graphs.values()] if read.quads else _stated(graphs, kinds),
        schemes={iri: parts.of(iri) for iri in names} if parts is not None else {},
    )


def _stated(graphs: Mapping[GraphName, EncodedGraph], kinds: Mapping[GraphName, str]) -> list[EncodedGraph]:
    return [graph for name, graph in graphs.items() if kinds.get(name) != "entailed"]


@dataclass(slots=True, kw_only=True)
class _Read:
    """Sources with what follows from them, encoded.

    Attributes:
        base: IRI under which the resources are.
        quads: Whether the dataset was given as quads.
        prefixes: Prefixes that the sources declare.
        language_tags: Spelling of language tags.
        default: The default graph.
        graphs: The named graphs.
        kinds: What each of them is.
    """

    base: str
    quads: bool
    prefixes: Mapping[str, str]
    language_tags: Mapping[str, str]
    default: EncodedGraph
    graphs: dict[GraphName, EncodedGraph]
    kinds: dict[GraphName, str]


_Rule = Callable[[TripleIndex], Iterable[Triple]]


def _drained(triples: list[Triple]) -> Iterator[Triple]:
    """Yield ``triples``, which end up empty: they are let go one by one while something is made of them."""
    triples.reverse()
    while triples:
        yield triples.pop()


def _encoded(sources: Sequence[Path], files: Sequence[SourceFile], settings: Settings, progress: Progress) -> _Read:
    progress("read", 0, 1)
    dataset, base = _read(sources, settings)
    progress("read", 1, 1)
    encoder = Encoder(dataset.language_tags)
    given: GraphName = BlankNode()
    source_names = {NamedNode(graph_name(base, file.name)) for file in files}
    kinds: dict[GraphName, str] = {}
    for name in sorted(dataset.graphs, key=str):
        if dataset.graphs[name]:
            encoder.add(name, dataset.graphs[name])
            kinds[name] = "source" if name in source_names else "given"
    if dataset.quads:
        encoder.add(given, dataset.default)
    else:
        dataset.graphs = {}
        progress("entail", 0, 2)
        with collector_paused():
            index = TripleIndex(_drained(dataset.default))
            rules: tuple[tuple[str, _Rule], ...] = (("entailed", entail_from), ("derived", derive_from))
            for done, (kind, rule) in enumerate(rules, start=1):
                name = NamedNode(f"{base}graph/{kind}")
                if encoder.add(name, rule(index)):
                    kinds[name] = kind
                progress("entail", done, 2)
        del index
    graphs = {name: graph for name, graph in encoder.finish().items() if len(graph) or name == given}
    give_back_memory()
    default = graphs.pop(given) if dataset.quads else merged(list(graphs.values()))
    return _Read(
        base=base,
        quads=dataset.quads,
        prefixes=dataset.prefixes,
        language_tags=dataset.language_tags,
        default=default,
        graphs=graphs,
        kinds=kinds,
    )


def _read(sources: Sequence[Path], settings: Settings) -> tuple[Dataset, str]:
    dataset, detected = read_with_base(sources, base=settings.base, merge=settings.merge)
    if not dataset.quads and settings.base is None:
        return dataset, detected
    whole = (
        dataset.default
        if not dataset.quads
        else merge({NamedNode("urn:x-default:"): dataset.default, **dataset.graphs})
    )
    if settings.base is None:
        return dataset, detect_base(whole) or FALLBACK_BASE
    stated = declared_base(whole)
    if stated is not None and stated != settings.base:
        dataset = rebase(dataset, stated, settings.base)
    return dataset, settings.base


def _with_description(manifest: Manifest, name: str) -> tuple[Manifest, Sequence[Triple]]:
    """Add the graph ``name`` of the description, which states how large it is itself."""

    def stating(triples: int) -> Manifest:
        own = Graph(name=name, triples=triples, kind="description")
        return replace(manifest, graphs=(*manifest.graphs, own))

    # The number of triples does not depend on the number that one of them states.
    manifest_so_far = stating(len(void(DatasetModel.of(stating(0)))))
    return manifest_so_far, void(DatasetModel.of(manifest_so_far))


def _prefixes(declared: Mapping[str, str]) -> dict[str, str]:
    """Return the prefixes of the sources, and well-known ones for namespaces that they have none for."""
    prefixes = dict(declared)
    namespaces = set(prefixes.values())
    for prefix, namespace in PREFIXES.items():
        if prefix not in prefixes and namespace not in namespaces:
            prefixes[prefix] = namespace
    return dict(sorted(prefixes.items()))


def _text(name: GraphName) -> str:
    return name.value if isinstance(name, NamedNode) else str(name)
