"""Starting query servers: where their sockets lie."""

from pathlib import Path

import pytest

from officegraph.engine.launch import LONGEST_SOCKET, socket_folder


def test_a_long_temporary_folder_does_not_keep_a_server_from_starting(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    long = tmp_path / ("x" * 120)
    long.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(long))
    folder = socket_folder("officegraph-")
    try:
        assert len(str(folder / "socket")) <= LONGEST_SOCKET
        assert folder.stat().st_mode & 0o777 == 0o700
        assert list(long.iterdir()) == []
    finally:
        folder.rmdir()
