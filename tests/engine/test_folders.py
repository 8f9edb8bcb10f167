"""Folders by which processes find each other, in places that others clear."""

import os
from pathlib import Path

import pytest

from officegraph.engine.folders import make_again, make_folder, show_use


def test_a_folder_is_made_where_systemd_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RUNTIME_DIRECTORY", f"{tmp_path}:/run/other")
    folder = make_folder("x-")
    assert folder.parent == tmp_path
    assert folder.stat().st_mode & 0o777 == 0o700


def test_a_folder_is_made_again_for_its_owner_alone(tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    for _ in range(2):
        make_again(folder)
        assert folder.stat().st_mode & 0o777 == 0o700
    folder.rmdir()
    folder.symlink_to(tmp_path)
    with pytest.raises(PermissionError):
        make_again(folder)


def test_use_is_shown_and_changes_no_time_of_change(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    (tmp_path / "link").symlink_to("nowhere")
    for name in ("file", "link", "."):
        os.utime(tmp_path / name, (1, 2), follow_symlinks=False)
    show_use(tmp_path)
    for name in ("file", "link", "."):
        found = (tmp_path / name).lstat()
        assert found.st_mtime == 2
        assert found.st_atime > 1
