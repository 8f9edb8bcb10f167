"""Temporary folders by which processes find each other, for as long as a server runs."""

from __future__ import annotations

import os
import stat
import tempfile
import time
from contextlib import suppress
from pathlib import Path


def make_folder(prefix: str, within: str | None = None) -> Path:
    """Make a folder for this user alone: in the one that systemd has made for the service, or the usual place.

    Args:
        prefix: Beginning of its name.
        within: Another place.
    """
    runtime = os.environ.get("RUNTIME_DIRECTORY", "").partition(":")[0]  # systemd.exec(5)
    return Path(tempfile.mkdtemp(prefix=prefix, dir=within or runtime or None))


def make_again(folder: Path) -> None:
    """Make a folder that has been removed, if it has.

    Raises:
        PermissionError: In its place there is something of another user.
    """
    with suppress(FileExistsError):
        folder.mkdir(0o700)
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.getuid():
        raise PermissionError(f"{folder} is another user's.")


def show_use(folder: Path) -> None:
    """Keep what is in ``folder`` from those that remove what has not been used for long (tmpfiles.d(5), "Age").

    The time of its last change stays, since that says something else.
    """
    for path in (folder, *folder.rglob("*")):
        with suppress(OSError):
            os.utime(path, ns=(time.time_ns(), path.lstat().st_mtime_ns), follow_symlinks=False)
