"""Build a release: read, entail, derive, compile, and switch to it in one step."""

from __future__ import annotations

import contextlib
import gc
import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Final

from pyoxigraph import NamedNode

from officegraph.model.namespaces import DCTERMS
from officegraph.release import compile_documents, documents, dumps, folders, parallel, store
from officegraph.release.assemble import Assembled, Progress, assemble, content_digest, source_files
from officegraph.release.compile_dumps import DumpCompiler
from officegraph.release.describing import Describer
from officegraph.release.manifest import MANIFEST, Manifest, ReleaseError
from officegraph.release.rendering import Renderer
from officegraph.release.search.resources import SearchedResources
from officegraph.release.search.write import FILE as SEARCH_INDEX
from officegraph.release.search.write import write_index
from officegraph.release.verify import verify
from officegraph.settings import Settings
from officegraph.version import __version__
from officegraph.vocabulary.collector import give_back_memory

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
    describer = Describer(assembled.described, base=manifest.base, stated=assembled.stated)
    names = list(assembled.graphs) if manifest.quads else []
    renderer = Renderer(
        describer, manifest.prefixes, manifest.language_tags, metadata=_document_metadata(manifest), names=names
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
    for name in (documents.FOLDER, "dumps", "store"):
        (folder / name).mkdir()
    quads = len(assembled.default) + sum(map(len, assembled.graphs.values()))
    in_memory = store.keeps_in_memory(manifest.statistics.concept_count, quads)
    compiler = DumpCompiler(content, folder / "dumps")
    first: list[Callable[[], None]] = [
        partial(_write_store, compiler, folder, in_memory=in_memory),
        lambda: write_index(
            folder / SEARCH_INDEX, SearchedResources(describer, manifest.base, manifest.language), manifest.language
        ),
        *compiler.slices(),
        *compile_documents.jobs(describer, renderer, stored, folder, manifest.base),
    ]
    then = compiler.joins()
    then += [
        lambda: compile_documents.write_names(folder, describer, manifest.language_tags, manifest.language),
        lambda: compile_documents.join(folder),
    ]
    give_back_memory()  # each process to come begins with what this one holds
    for stage, stage_jobs in (("compile", first), ("store", then)):
        progress(stage, 0, len(stage_jobs))
        parallel.run(stage_jobs, partial(_report, progress, stage, len(stage_jobs)))
    spoken = compiler.finish()
    digests = _file_digests(folder)
    in_dumps = {name.removeprefix("dumps/"): sha256 for name, sha256 in digests.items()}
    files, unavailable = dumps.describe(content, folder / "dumps", spoken, in_dumps)
    digests[f"dumps/{dumps.CHECKSUMS}"] = dumps.digest(folder / "dumps" / dumps.CHECKSUMS)
    manifest = replace(
        manifest,
        dumps=tuple(files),
        unavailable=unavailable,
        documents=len(describer.documents),
        columns=tuple(stored),
        store=store.N_QUADS_FILE if in_memory else store.ROCKSDB_FOLDER,
        files=dict(sorted(digests.items())),
    )
    return replace(manifest, digest=manifest.identity())


def _write_store(compiler: DumpCompiler, folder: Path, *, in_memory: bool) -> None:
    """Write what the engine opens. It takes longest, so that it is begun first."""
    quads = folder / store.N_QUADS_FILE
    compiler.write_quads(quads)
    if not in_memory:
        store.load_database(quads, folder / store.ROCKSDB_FOLDER)
        quads.unlink()


def _report(progress: Progress, stage: str, total: int, done: int) -> None:
    progress(stage, done, total)


def _document_metadata(manifest: Manifest) -> list[tuple[str, str]]:
    """Return what every document states of itself: predicate and object in N-Triples."""
    statements = [(DCTERMS.license, NamedNode(iri)) for iri in manifest.licenses]
    if manifest.described:
        statements.append((DCTERMS.isPartOf, NamedNode(manifest.release_iri)))
    return [(str(predicate), str(value)) for predicate, value in statements]


def _file_digests(folder: Path) -> dict[str, str]:
    """Return the SHA-256 of each file that a release consists of, by its path."""
    paths = [Path(place, name) for place, _, files in os.walk(folder) for name in files]
    return dumps.digests(
        {path.relative_to(folder).as_posix(): path for path in paths if path.suffix != dumps.UNAVAILABLE}
    )
