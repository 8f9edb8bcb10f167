"""Releases for the commands: which sources, which folder, and progress on a terminal."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

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

    wanted = {"sources": [str(path) for path in sources], "out": str(out), "settings": settings.as_json()}
    process = subprocess.run(
        [sys.executable, "-c", "from officegraph.cli.releases import build_as_told; build_as_told()"],
        input=json.dumps(wanted), capture_output=True, text=True, check=False, start_new_session=True,
    )  # fmt: skip
    if process.returncode:
        raise ReleaseError(process.stderr.strip() or f"the build ended with status {process.returncode}")
    return Path(process.stdout.strip())


def build_as_told() -> None:
    """Build what standard input says, and say where it is: the other side of :func:`built_beside`."""
    from officegraph.cli.errors import reported_errors  # noqa: PLC0415
    from officegraph.settings import Settings  # noqa: PLC0415

    threading.Thread(target=end_with, args=(os.getppid(),), daemon=True).start()
    wanted = json.load(sys.stdin)
    try:
        with reported_errors():
            folder = built(
                [Path(path) for path in wanted["sources"]], Path(wanted["out"]), Settings.of_json(wanted["settings"])
            )
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    click.echo(folder)


def end_with(parent: int) -> None:
    """End this process when its parent is no longer ``parent``."""
    while os.getppid() == parent:
        time.sleep(1)
    os._exit(1)


def default_folder(sources: Sequence[Path], base: str | None) -> Path:
    """Return the folder in the user's cache that holds the releases of ``sources``.

    Where there is no cache that can be written, it is a temporary one, which goes when the process ends.
    """
    from platformdirs import user_cache_path  # noqa: PLC0415

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
