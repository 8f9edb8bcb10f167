"""What the engine opens: the dataset in the form that it loads fastest."""

from __future__ import annotations

import gc
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

from pyoxigraph import DefaultGraph, Quad, Store, Triple

from officegraph.model.dataset import GraphName
from officegraph.vocabulary.write import n_quads

IN_MEMORY_CONCEPTS: Final = 30_000
"""Concepts up to which the engine keeps the store in memory, where small queries are twice as fast."""

IN_MEMORY_QUADS: Final = 2_000_000
"""Quads up to which it does, whatever they describe; at about 400 bytes for each."""

N_QUADS_FILE: Final = "store/data.nq"
ROCKSDB_FOLDER: Final = "store/rocksdb"


def write_store(
    folder: Path,
    default: Sequence[Triple],
    graphs: Mapping[GraphName, Sequence[Triple]],
    language_tags: Mapping[str, str],
    concepts: int,
) -> str:
    """Write the store of a release.

    Up to :data:`IN_MEMORY_CONCEPTS` it is one file of canonical N-Quads, which the engine loads into memory;
    above, a RocksDB database, loaded in bulk and compacted, which the engine opens read only.

    Args:
        folder: The release.
        default: Triples of the default graph.
        graphs: Triples of the named graphs.
        language_tags: Spelling of language tags.
        concepts: How many concepts there are.

    Returns:
        Path of the store, relative to the release.
    """
    quads = len(default) + sum(map(len, graphs.values()))
    if concepts <= IN_MEMORY_CONCEPTS and quads <= IN_MEMORY_QUADS:
        path = folder / N_QUADS_FILE
        path.parent.mkdir()
        path.write_bytes(n_quads(default, graphs, language_tags).encode())
        return N_QUADS_FILE
    path = folder / ROCKSDB_FOLDER
    path.parent.mkdir()
    store = Store(str(path))
    store.bulk_extend(_quads(default, graphs))
    store.optimize()
    store.flush()
    # The database is closed, and its lock released, when the last reference goes.
    del store
    gc.collect()
    return ROCKSDB_FOLDER


def _quads(default: Sequence[Triple], graphs: Mapping[GraphName, Sequence[Triple]]) -> Iterator[Quad]:
    for subject, predicate, value in default:
        yield Quad(subject, predicate, value, DefaultGraph())
    for name, triples in graphs.items():
        for subject, predicate, value in triples:
            yield Quad(subject, predicate, value, name)


def open_store(path: Path) -> Store:
    """Open the store of a release for reading; for tests and the command line, the engine does so itself."""
    if path.suffix != ".nq":
        return Store.read_only(str(path))
    store = Store()
    store.bulk_load(path=str(path))
    return store
