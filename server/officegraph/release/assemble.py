"""From sources to everything that a release serves, in memory."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from pyoxigraph import NamedNode, Triple

from officegraph.model.dataset import Dataset, GraphName, merge, unique
from officegraph.model.namespaces import PREFIXES, SKOS
from officegraph.release import description, dumps, schemes, statistics
from officegraph.release.manifest import Graph, Manifest, SourceFile
from officegraph.release.metadata.model import DatasetModel
from officegraph.release.metadata.void import void
from officegraph.settings import Settings
from officegraph.version import __version__
from officegraph.vocabulary.bases import FALLBACK_BASE, declared_base, detect_base, rebase
from officegraph.vocabulary.derive import derive
from officegraph.vocabulary.entail import entail
from officegraph.vocabulary.read import find_sources, graph_name, read_sources

Progress = Callable[[str, int, int], None]
"""Called with the stage of the build, how much of it is done, and how much there is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Assembled:
    """What a release serves.

    Attributes:
        manifest: The manifest, without what only the finished files can tell.
        default: Triples of the default graph.
        graphs: Triples of the named graphs, the description of the data set included.
        described: Triples that documents are made from.
        quads: Whether the dataset was given as quads.
        schemes: Triples of the file of each concept scheme, by its IRI.
    """

    manifest: Manifest
    default: Sequence[Triple]
    graphs: Mapping[GraphName, Sequence[Triple]]
    described: Sequence[Triple]
    schemes: Mapping[str, Sequence[Triple]]


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
    progress("read", 0, 1)
    files = source_files(sources)
    dataset, base = _read(sources, settings)
    progress("read", 1, 1)
    source_names: dict[GraphName, str] = {NamedNode(graph_name(base, file.name)): file.name for file in files}
    kinds: dict[GraphName, str] = {}
    graphs: dict[GraphName, Sequence[Triple]] = {}
    for name in sorted(dataset.graphs, key=str):
        if dataset.graphs[name]:
            graphs[name] = dataset.graphs[name]
            kinds[name] = "source" if name in source_names else "given"
    default: Sequence[Triple] = dataset.default
    bulky: frozenset[Triple] = frozenset()
    if not dataset.quads:
        progress("entail", 0, 2)
        entailed = entail(dataset.default)
        progress("entail", 1, 2)
        derived = derive(dataset.default)
        progress("entail", 2, 2)
        narrower = SKOS.narrowerTransitive
        bulky = frozenset(triple for triple in entailed if triple.predicate == narrower)
        for kind, triples in (("entailed", entailed), ("derived", derived)):
            if triples:
                name = NamedNode(f"{base}graph/{kind}")
                graphs[name] = unique([*graphs.get(name, ()), *triples])
                kinds[name] = kind
        default = unique([*dataset.default, *entailed, *derived])
    whole = default if not dataset.quads else merge({NamedNode("urn:x-default:"): default, **graphs})
    progress("describe", 0, 1)
    names = schemes.schemes_of(whole)
    itself = description.describe_self(whole, base, names, dataset.language_tags)
    parts = schemes.SchemeParts(whole) if names else None
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
        quads=dataset.quads,
        union_default=False,
        sources=files,
        graphs=tuple(
            Graph(name=_text(name), triples=len(graph), kind=kinds[name], source=source_names.get(name))
            for name, graph in graphs.items()
        ),
        default_triples=len(default),
        statistics=statistics.count(whole, base, itself.uri_spaces, itself.linksets),
        dumps=(),
        prefixes=_prefixes(dataset.prefixes),
        language_tags=dict(sorted(dataset.language_tags.items())),
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
    described: Sequence[Triple] = default
    if not dataset.quads:
        own = f"{base}dataset" if itself.described else itself.iri
        manifest, about = _with_description(manifest, own)
        graphs[NamedNode(own)] = about
        described = [triple for triple in default if triple not in bulky] if bulky else list(default)
        described = unique([*described, *about])
    # The graph of the description is never part of the default graph, so only quads can have a union.
    union = dataset.quads and bool(graphs) and set(default) == {triple for graph in graphs.values() for triple in graph}
    progress("describe", 1, 1)
    return Assembled(
        manifest=replace(manifest, union_default=union),
        default=default,
        graphs=graphs,
        described=described,
        schemes={iri: parts.of(NamedNode(iri)) for iri in names} if parts is not None else {},
    )


def _read(sources: Sequence[Path], settings: Settings) -> tuple[Dataset, str]:
    dataset = read_sources(sources, base=settings.base, merge=settings.merge)
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
