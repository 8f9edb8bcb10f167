"""Build a release: read, entail, derive, compile, and switch to it in one step."""

from __future__ import annotations

import contextlib
import gc
import os
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

from pyoxigraph import NamedNode

from officegraph.model.dataset import Term
from officegraph.model.namespaces import DCTERMS
from officegraph.release import compile_documents, dumps, folders, parallel, store
from officegraph.release.assemble import Assembled, Progress, assemble, content_digest, source_files
from officegraph.release.describing import Describer
from officegraph.release.manifest import MANIFEST, Manifest, ReleaseError
from officegraph.release.verify import verify
from officegraph.settings import Settings
from officegraph.version import __version__

KEPT: Final = 3
"""How many releases are kept, the current one included."""


def _silent(_stage: str, _done: int, _total: int) -> None:
    """Report nothing."""


def build_release(
    sources: Sequence[Path],
    out: Path,
    settings: Settings,
    progress: Progress | None = None,
    *,
    keep: int = KEPT,
    wait: bool = False,
) -> Path:
    """Build a release of ``sources`` in the folder of releases ``out`` and make it the current one.

    Everything is written into a folder beside the releases, brought to the disk, and only then
    given its name and linked as ``current``: whatever fails or kills the build, the release that was current
    before stays so, untouched. The same sources, settings and software give the same
    release, with the same name.

    Args:
        sources: Files and folders.
        out: Folder of releases, made if it is not there; see ``release.folders``.
        settings: ``base``, ``language`` and ``merge`` shape the release.
        progress: Called with stage, how much of it is done, and how much there is.
        keep: How many releases to keep, the new one included.
        wait: Whether to wait for another build in ``out`` to end, rather than to refuse.

    Returns:
        The folder of the release.

    Raises:
        SourceErrors: Sources are missing or malformed.
        BuildLockedError: Another build is at work in ``out``.
        OSError: Something cannot be read or written.
    """
    with folders.locked(out, wait=wait):
        return _build(sources, out, settings, progress or _silent, keep)


def ensure_release(sources: Sequence[Path], out: Path, settings: Settings, progress: Progress | None = None) -> Path:
    """Return the current release in ``out``, built anew only if it is not one of ``sources`` as they are now.

    Several processes may call this at once: one builds, the others wait and take what it built.

    Raises:
        SourceErrors: Sources are missing or malformed.
        OSError: Something cannot be read or written.
    """
    with folders.locked(out, wait=True):
        current = folders.current_release(out)
        if current is not None and is_current(current, sources, settings):
            return current
        return _build(sources, out, settings, progress or _silent, KEPT)


def is_current(release: Path, sources: Sequence[Path], settings: Settings) -> bool:
    """Return whether ``release`` is what building ``sources`` now would give.

    Compared are the digests of the source files, the settings that shape a release, and the version of the
    software; never times of files.

    Raises:
        SourceErrors: A source is missing or of no known format.
        OSError: A source cannot be read.
    """
    try:
        manifest = Manifest.read(release)
    except ReleaseError:
        return False
    return manifest.software == __version__ and manifest.content_digest == content_digest(
        source_files(sources), settings
    )


@contextlib.contextmanager
def _collector_paused() -> Iterator[None]:
    """Keep the garbage collector from looking again and again at millions of triples that all stay."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


@_collector_paused()
def _build(sources: Sequence[Path], out: Path, settings: Settings, progress: Progress, keep: int) -> Path:
    assembled = assemble(sources, settings, progress)
    with folders.building(out) as folder:
        manifest = _compile(assembled, folder, progress)
        progress("finish", 0, 1)
        (folder / MANIFEST).write_bytes(manifest.as_json())
        folders.sync(folder)
        if _is_damaged(out / manifest.folder):
            folders.discard(out, manifest.folder)
        release = folders.publish(folder, out, manifest.folder)
    folders.prune(out, keep)
    progress("finish", 1, 1)
    return release


def _is_damaged(release: Path) -> bool:
    """Return whether a release is there, but not as it was built."""
    try:
        return release.exists() and bool(verify(release))
    except ReleaseError:
        return True


def _compile(assembled: Assembled, folder: Path, progress: Progress) -> Manifest:
    """Write everything but the manifest into ``folder``, and return the manifest, complete."""
    manifest = assembled.manifest
    describer = Describer(
        assembled.described,
        assembled.graphs if manifest.quads else None,
        base=manifest.base,
        metadata=_document_metadata(manifest),
    )
    stored = compile_documents.stored_columns(describer.documents, manifest.base)
    content = dumps.Content(
        name=manifest.name,
        version=manifest.version,
        language=manifest.language,
        default=assembled.default,
        graphs=assembled.graphs,
        quads=manifest.quads,
        prefixes=manifest.prefixes,
        language_tags=manifest.language_tags,
        schemes=assembled.schemes,
    )
    (folder / compile_documents.FOLDER).mkdir()
    (folder / "dumps").mkdir()
    # The dumps come first: they take longest, and what is short fills the gaps at the end.
    jobs = [
        *dumps.jobs(content, folder / "dumps"),
        *compile_documents.jobs(describer, stored, manifest.prefixes, manifest.language_tags, folder, manifest.base),
    ]
    progress("compile", 0, len(jobs))
    parallel.run(jobs, lambda done: progress("compile", done, len(jobs)))
    documents = compile_documents.join(folder)
    labels = compile_documents.write_labels(folder, describer, manifest.language_tags)
    compile_documents.write_children(folder, assembled.described, labels, manifest.language)
    del describer, labels
    files, unavailable = dumps.describe(content, folder / "dumps")
    progress("store", 0, 1)
    # The store comes last: RocksDB starts threads, after which nothing may fork.
    place = store.write_store(
        folder,
        assembled.default,
        assembled.graphs,
        manifest.language_tags,
        manifest.statistics.concept_count,
    )
    progress("store", 1, 1)
    manifest = replace(
        manifest,
        dumps=tuple(files),
        unavailable=unavailable,
        documents=documents,
        columns=tuple(stored),
        store=place,
        files=_file_digests(folder),
    )
    return replace(manifest, digest=manifest.identity())


def _document_metadata(manifest: Manifest) -> list[tuple[NamedNode, Term]]:
    """Return what every document states of itself."""
    statements: list[tuple[NamedNode, Term]] = [(DCTERMS.license, NamedNode(iri)) for iri in manifest.licenses]
    if manifest.described:
        statements.append((DCTERMS.isPartOf, NamedNode(manifest.release_iri)))
    return statements


def _file_digests(folder: Path) -> dict[str, str]:
    found: dict[str, str] = {}
    for place, _, files in os.walk(folder):
        for name in files:
            path = Path(place, name)
            found[path.relative_to(folder).as_posix()] = dumps.digest(path)
    return dict(sorted(found.items()))
