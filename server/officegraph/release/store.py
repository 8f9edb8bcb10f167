"""What the engine opens: the dataset in the form that it loads fastest."""

from __future__ import annotations

import gc
import shutil
from itertools import islice
from pathlib import Path
from typing import Final

from pyoxigraph import RdfFormat, Store, parse

IN_MEMORY_CONCEPTS: Final = 30_000
"""Concepts up to which the engine keeps the store in memory, where small queries are twice as fast."""

IN_MEMORY_QUADS: Final = 2_000_000
"""Quads up to which it does, whatever they describe; at about 400 bytes for each."""

_LOADED_AT_ONCE: Final = 500_000
"""Quads that are loaded at a time, by the engine itself; through Python they would take several times as long."""

N_QUADS_FILE: Final = "store/data.nq"
ROCKSDB_FOLDER: Final = "store/rocksdb"


def keeps_in_memory(concepts: int, quads: int) -> bool:
    """Return whether the engine keeps the store of so many concepts and quads in memory."""
    return concepts <= IN_MEMORY_CONCEPTS and quads <= IN_MEMORY_QUADS


def load_database(quads: Path, folder: Path) -> None:
    """Make a database for the engine to open read only: loaded in bulk, and compacted.

    RocksDB starts threads, so a process that is to fork must not call this.

    Args:
        quads: File of N-Quads.
        folder: The database, which is made.
    """
    shutil.rmtree(folder, ignore_errors=True)  # what an attempt before has left
    store = Store(str(folder))
    # The bulk loader holds all that it is given, and gives other labels to the blank nodes of a file.
    with quads.open("rb") as file:
        while chunk := list(islice(file, _LOADED_AT_ONCE)):
            plain = b"".join(line for line in chunk if b"_:" not in line)
            others = b"".join(line for line in chunk if b"_:" in line)
            del chunk
            store.bulk_load(plain, format=RdfFormat.N_QUADS)
            if others:
                store.bulk_extend(parse(others, format=RdfFormat.N_QUADS))
    store.optimize()
    store.flush()
    # The database is closed, and its lock released, when the last reference goes.
    del store
    gc.collect()


def open_store(path: Path) -> Store:
    """Open the store of a release for reading; for tests and the command line, the engine does so itself."""
    if path.suffix != ".nq":
        return Store.read_only(str(path))
    store = Store()
    store.bulk_load(path=str(path))
    return store
