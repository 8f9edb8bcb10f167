"""Releases for the commands: which sources, which folder, and progress on a terminal."""

from __future__ import annotations

import hashlib
import sys
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING

import click
from platformdirs import user_cache_path

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from officegraph.settings import Settings


def resolved(sources: Sequence[Path]) -> list[Path]:
    """Return the sources to work on: those given, else those that come with the package.

    Raises:
        FileNotFoundError: None are given, and the package was installed without its own.
    """
    from officegraph.vocabulary.bundled import bundled_sources  # noqa: PLC0415

    return list(sources) or bundled_sources()


def built(sources: Sequence[Path], out: Path | None, settings: Settings, *, always: bool = False) -> Path:
    """Return the folder of a release of ``sources``, building it unless there is a current one.

    Args:
        sources: Files and folders; none for those that come with the package.
        out: Folder of releases; one in the user's cache if ``None``.
        settings: What shapes the release.
        always: Whether to build even if nothing has changed.

    Raises:
        SourceErrors: The sources cannot be read.
        OSError: A source is not there, or the folder cannot be written.
        ReleaseError: Another build is at work in the folder.
    """
    from officegraph.release.build import build_release, ensure_release  # noqa: PLC0415

    paths = resolved(sources)
    folder = out if out is not None else default_folder(paths, settings.base)
    with progress() as report:
        return (build_release if always else ensure_release)(paths, folder, settings, report)


def built_beside(sources: Sequence[Path], out: Path, settings: Settings) -> Path:
    """Return what :func:`built` does, from a process of its own: a server that builds goes on serving.

    Raises:
        ReleaseError: The sources cannot be read, or another build is at work; the message says it.
    """
    from officegraph.release.manifest import ReleaseError  # noqa: PLC0415

    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as beside:
        found = beside.submit(built_or_message, tuple(sources), out, settings).result()
    if isinstance(found, str):
        raise ReleaseError(found)
    return found


def built_or_message(sources: Sequence[Path], out: Path, settings: Settings) -> Path | str:
    """Return what :func:`built` does, or why there is nothing: errors do not travel between processes whole."""
    try:
        return built(sources, out, settings)
    except Exception as error:  # noqa: BLE001 - whatever it is, the one who asked is to hear of it
        return str(error) or type(error).__name__


def default_folder(sources: Sequence[Path], base: str | None) -> Path:
    """Return the folder in the user's cache that holds the releases of ``sources``.

    Where there is no cache that can be written, it is a temporary one, which goes when the process ends.
    """
    from officegraph.release.folders import temporary  # noqa: PLC0415

    key = hashlib.sha256("\0".join([*(str(path.resolve()) for path in sources), base or ""]).encode())
    folder = user_cache_path("officegraph") / key.hexdigest()[:16]
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        return temporary()
    return folder


@contextmanager
def progress() -> Iterator[Callable[[str, int, int], None] | None]:
    """Give the function that shows the progress of a build; ``None`` unless on a terminal."""
    if not sys.stderr.isatty():
        yield None
        return
    width = 0

    def report(stage: str, done: int, total: int) -> None:
        nonlocal width
        line = f"{stage} {done:,}/{total:,}" if total > 1 else stage
        click.echo(f"\r{line:<{width}}", nl=False, err=True)
        width = max(width, len(line))

    try:
        yield report
    finally:
        click.echo(f"\r{'':<{width}}\r", nl=False, err=True)
