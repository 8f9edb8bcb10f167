"""The folder of releases: one builder at a time, one atomic switch, some releases kept for rollback.

Layout::

    {out}/.lock                     held while a release is being built
    {out}/.building-…/              a release that is not complete; removed by the next build
    {out}/{version}-{digest}/       a release; never changed once it is there
    {out}/current                   symbolic link to the release that is served
"""

from __future__ import annotations

import atexit
import contextlib
import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from officegraph.release.manifest import MANIFEST, ReleaseError

CURRENT: Final = "current"
_LOCK: Final = ".lock"
_BUILDING: Final = ".building-"


class BuildLockedError(ReleaseError):
    """Another build is at work in the same folder."""


@contextlib.contextmanager
def locked(out: Path, *, wait: bool = False) -> Iterator[None]:
    """Hold the lock of the folder ``out``, which is made if it is not there.

    The lock is one of the operating system: it ends with the process, however that ends.

    Args:
        out: The folder of releases.
        wait: Whether to wait for another build to end.

    Raises:
        BuildLockedError: Another process holds the lock, and ``wait`` is false.
        OSError: The folder cannot be made or written.
    """
    out.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(out / _LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        except BlockingIOError as error:
            raise BuildLockedError(f"another build is at work in {out}") from error
        yield
    finally:
        os.close(descriptor)


def temporary() -> Path:
    """Make a folder of releases that goes when this process ends, and not when a fork of it does."""
    folder = Path(tempfile.mkdtemp(prefix="officegraph-"))
    owner = os.getpid()

    def remove() -> None:
        if os.getpid() == owner:
            shutil.rmtree(folder, ignore_errors=True)

    atexit.register(remove)
    return folder


@contextlib.contextmanager
def building(out: Path) -> Iterator[Path]:
    """Give an empty folder beside the releases for one to be built in; what is left of it is removed.

    Call it with the lock held: it removes what builds that were killed have left.
    """
    for stale in out.glob(f"{_BUILDING}*"):
        if stale.is_symlink():
            stale.unlink()
        else:
            shutil.rmtree(stale, ignore_errors=True)
    folder = Path(tempfile.mkdtemp(prefix=_BUILDING, dir=out))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def sync(folder: Path) -> None:
    """Bring every file and folder below ``folder`` to the disk."""
    for place, _, files in os.walk(folder):
        for name in (*files, "."):
            descriptor = os.open(Path(place, name), os.O_RDONLY)
            try:
                os.fsync(descriptor)
            finally:
                os.close(descriptor)


def discard(out: Path, name: str) -> None:
    """Take the release ``name`` away. Renamed first, so that nobody can open what is being removed."""
    doomed = out / f"{_BUILDING}{name}"
    (out / name).rename(doomed)
    shutil.rmtree(doomed, ignore_errors=True)


def publish(built: Path, out: Path, name: str) -> Path:
    """Give a complete release its name and make it the current one, in one step that cannot half happen.

    Args:
        built: The folder that it was built in, on the same file system as ``out``.
        out: The folder of releases.
        name: Its name. A release of this name that is there already has the same content and is kept.

    Returns:
        The release.
    """
    release = out / name
    if not release.exists():
        built.chmod(0o755)
        built.rename(release)
    activate(out, name)
    return release


def activate(out: Path, name: str) -> None:
    """Make the release ``name`` the current one; also the way back to an older one."""
    link = out / f"{_BUILDING}{os.getpid()}.link"
    link.unlink(missing_ok=True)
    link.symlink_to(name)
    link.replace(out / CURRENT)
    os.utime(out / name)
    _sync_folder(out)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def current_release(out: Path) -> Path | None:
    """Return the folder of the current release, its name resolved, or ``None`` if there is none."""
    link = out / CURRENT
    try:
        release = out / os.readlink(link)  # noqa: PTH115  (Path.readlink says the same with another type)
    except OSError:
        return None
    return release if (release / MANIFEST).is_file() else None


def releases(out: Path) -> list[Path]:
    """Return the releases in ``out``, that which was current last first."""
    found = [path.parent for path in out.glob(f"*/{MANIFEST}") if not path.parent.is_symlink()]
    found = [path for path in found if not path.name.startswith(".")]
    return sorted(found, key=lambda path: (path.stat().st_mtime_ns, path.name), reverse=True)


def hold(release: Path) -> int:
    """Keep ``release`` from being pruned for as long as the descriptor that is returned is open.

    The lock is one of the operating system, shared with other holders and inherited by forks.

    Raises:
        OSError: The release has no manifest.
    """
    descriptor = os.open(release / MANIFEST, os.O_RDONLY | os.O_CLOEXEC)
    with contextlib.suppress(OSError):  # a file system without locks
        fcntl.flock(descriptor, fcntl.LOCK_SH)
    return descriptor


def is_held(release: Path) -> bool:
    """Return whether some process has ``release`` open."""
    descriptor = os.open(release / MANIFEST, os.O_RDONLY | os.O_CLOEXEC)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except OSError:
        return False
    finally:
        os.close(descriptor)
    return False


def prune(out: Path, keep: int) -> None:
    """Remove all but the ``keep`` releases that were current last; never the current one, nor one that is open."""
    current = current_release(out)
    for release in releases(out)[max(keep, 1) :]:
        if release != current:
            with contextlib.suppress(OSError):
                if not is_held(release):
                    discard(out, release.name)
