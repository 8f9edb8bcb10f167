"""Where the store of a release lies, and in which form; needs no engine to be told."""

from __future__ import annotations

from pathlib import Path


def find_store(path: Path) -> tuple[Path, bool]:
    """Return the data of the store at ``path`` and whether they are a database on disk.

    Raises:
        FileNotFoundError: There is no store.
    """
    if path.is_file():
        return path, False
    for candidate in (path / "data.nq", path / "store" / "data.nq"):
        if candidate.is_file():
            return candidate, False
    for candidate in (path / "rocksdb", path / "store" / "rocksdb", path):
        if (candidate / "CURRENT").is_file():
            return candidate, True
    raise FileNotFoundError(f"{path} holds no store: neither data.nq nor a RocksDB database")
