"""Building is deterministic, atomic and exclusive; a failed build leaves what was there."""

from __future__ import annotations

import errno
import hashlib
import json
import os
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from officegraph.release import build, compile_documents, compile_dumps, dumps, folders, store
from officegraph.release.build import build_release, ensure_release, is_current
from officegraph.release.folders import BuildLockedError, activate, current_release, releases
from officegraph.release.manifest import Manifest, ReleaseError
from officegraph.release.open import open_release
from officegraph.release.table import TableWriter
from officegraph.release.verify import verify
from officegraph.settings import Settings
from officegraph.vocabulary.read import SourceErrors

from .conftest import NASTY, QUADS, VOCABULARY

Write = Callable[..., Path]


def contents(folder: Path) -> dict[str, str]:
    """Return the digest of every file below ``folder``."""
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not path.is_symlink()
    }


@pytest.mark.parametrize(("text", "name"), [(VOCABULARY, "v.ttl"), (NASTY, "n.ttl"), (QUADS, "q.trig")])
def test_the_same_sources_give_the_same_bytes_whatever_hash_seed_place_and_processors(
    source: Write, tmp_path: Path, text: str, name: str
) -> None:
    path = source(text, name)
    script = textwrap.dedent("""
        import os, sys
        from pathlib import Path
        from officegraph.release.build import build_release
        from officegraph.settings import Settings
        if sys.argv[3] == "one":
            from officegraph.release import parallel
            parallel.processors = lambda: 1
        build_release([Path(sys.argv[1])], Path(sys.argv[2]), Settings())
    """)
    found = []
    for seed, place, processors in (("1", tmp_path, "all"), ("2", Path("/"), "one")):
        out = tmp_path / f"out{seed}"
        environment = {**os.environ, "PYTHONHASHSEED": seed, "SOURCE_DATE_EPOCH": "1700000000"}
        command = [sys.executable, "-c", script, str(path), str(out), processors]
        subprocess.run(command, check=True, cwd=place, env=environment)
        found.append({"name": (out / "current").readlink().name, **contents(out)})
    assert found[0] == found[1]
    manifest = Manifest.read(tmp_path / "out1" / "current")
    assert manifest.created == "2023-11-14T22:13:20Z"


def test_building_again_keeps_the_release_and_its_time(source: Write, tmp_path: Path) -> None:
    path, out = source(VOCABULARY), tmp_path / "out"
    first = build_release([path], out, Settings())
    before = (first / "manifest.json").stat().st_mtime_ns
    again = build_release([path], out, Settings())
    assert again == first
    assert (first / "manifest.json").stat().st_mtime_ns == before
    assert releases(out) == [first]


def test_a_release_is_named_by_version_and_digest(source: Write, tmp_path: Path) -> None:
    release = build_release([source(VOCABULARY)], tmp_path / "out", Settings())
    manifest = Manifest.read(release)
    assert release.name == f"2.1-{manifest.digest[:12]}"
    assert current_release(tmp_path / "out") == release
    assert release.stat().st_mode & 0o777 == 0o755


def test_sources_that_state_no_version_get_one_from_their_content(source: Write, tmp_path: Path) -> None:
    release = build_release([source(NASTY)], tmp_path / "out", Settings())
    manifest = Manifest.read(release)
    assert manifest.version == f"0-{manifest.content_digest[:8]}"
    assert (release / "dumps" / f"scheme-{manifest.version}.ttl").is_file()


def test_a_bad_source_leaves_the_current_release_untouched(source: Write, tmp_path: Path) -> None:
    out = tmp_path / "out"
    good = build_release([source(VOCABULARY)], out, Settings())
    before = contents(out)
    with pytest.raises(SourceErrors, match=r"bad\.ttl:1"):
        build_release([source("<a> <b> .", "bad.ttl")], out, Settings())
    assert contents(out) == before
    assert current_release(out) == good


@pytest.mark.parametrize("place", ["dump", "document", "table", "store", "sync", "publish"])
def test_a_full_disk_leaves_the_current_release_untouched(
    source: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    out = tmp_path / "out"
    good = build_release([source(VOCABULARY)], out, Settings())
    before = contents(out)

    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    target = {
        "dump": (dumps, "compress"),
        "document": (compile_documents, "encode_record"),
        "table": (TableWriter, "_finish"),
        "store": (compile_dumps.DumpCompiler, "write_quads"),
        "sync": (folders, "sync"),
        "publish": (Path, "rename"),
    }[place]
    monkeypatch.setattr(*target, full)
    with pytest.raises(OSError, match=os.strerror(errno.ENOSPC)):
        build_release([source(VOCABULARY.replace("Braeburn", "Gala"))], out, Settings())
    monkeypatch.undo()
    assert contents(out) == before
    assert current_release(out) == good
    assert [path.name for path in out.iterdir() if path.name.startswith(".building")] == []


@pytest.mark.parametrize("stage", ["compile", "store", "finish"])
def test_a_build_that_is_killed_leaves_the_current_release_and_the_next_cleans_up(
    source: Write, tmp_path: Path, stage: str
) -> None:
    out = tmp_path / "out"
    good = build_release([source(VOCABULARY)], out, Settings())
    before = contents(good)
    changed = source(VOCABULARY.replace("Braeburn", "Gala"))
    script = textwrap.dedent("""
        import sys, time
        from pathlib import Path
        from officegraph.release.build import build_release
        from officegraph.settings import Settings
        def progress(stage, done, total):
            if stage == sys.argv[3] and done == 0:
                print("here", flush=True)
                time.sleep(60)
        build_release([Path(sys.argv[1])], Path(sys.argv[2]), Settings(), progress)
    """)
    command = [sys.executable, "-c", script, str(changed), str(out), stage]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "here\n"
        with pytest.raises(BuildLockedError, match="another build"):
            build_release([changed], out, Settings())
        process.send_signal(signal.SIGKILL)
    assert current_release(out) == good
    assert contents(good) == before
    assert list(out.glob(".building*"))
    new = build_release([changed], out, Settings())
    assert new != good
    assert not list(out.glob(".building*"))
    assert not verify(new)


def test_processes_of_a_killed_build_end_with_it(tmp_path: Path) -> None:
    script = textwrap.dedent("""
        import os, sys, time
        from officegraph.release import parallel
        parallel.processors = lambda: 2
        def job():
            os.write(1, b"%d\\n" % os.getpid())
            time.sleep(60)
        parallel.run([job, job])
    """)
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        workers = [int(process.stdout.readline()) for _ in range(2)]
        process.kill()
    assert process.pid not in workers
    deadline = time.monotonic() + 10
    while any(_alive(worker) for worker in workers) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not any(_alive(worker) for worker in workers)


def _alive(process: int) -> bool:
    try:
        return Path(f"/proc/{process}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def test_the_newest_releases_are_kept_and_one_can_go_back(source: Write, tmp_path: Path) -> None:
    out = tmp_path / "out"
    built = [
        build_release([source(VOCABULARY.replace("Braeburn", name))], out, Settings(), keep=2)
        for name in ("Gala", "Fuji", "Elstar")
    ]
    assert set(releases(out)) == set(built[1:])
    with open_release(out) as opened:
        assert opened.path == built[2].resolve()
        activate(out, built[1].name)
        assert current_release(out) == built[1]
        assert opened.path == built[2].resolve()
        assert opened.documents.get("https://example.org/fruit/apple") is not None
    assert not verify(built[1])


def test_a_release_that_is_open_is_not_removed(source: Write, tmp_path: Path) -> None:
    out = tmp_path / "out"
    first = build_release([source(VOCABULARY)], out, Settings(), keep=1)
    with open_release(first) as opened:
        for name in ("Gala", "Fuji"):
            build_release([source(VOCABULARY.replace("Braeburn", name))], out, Settings(), keep=1)
        assert len(releases(out)) == 2
        assert not verify(opened.path)
    build_release([source(VOCABULARY.replace("Braeburn", "Elstar"))], out, Settings(), keep=1)
    assert not first.exists()
    assert len(releases(out)) == 1


def test_a_release_is_current_until_sources_settings_or_software_change(
    source: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, out = source(VOCABULARY), tmp_path / "out"
    release = build_release([path], out, Settings())
    assert is_current(release, [path], Settings())
    os.utime(path, (1, 1))
    assert is_current(release, [path], Settings(query_timeout=1))
    assert not is_current(release, [path], Settings(language="de"))
    assert not is_current(tmp_path, [path], Settings())
    path.write_text(VOCABULARY + "\n")
    assert not is_current(release, [path], Settings())
    path.write_text(VOCABULARY)
    assert is_current(release, [path], Settings())
    monkeypatch.setattr(build, "__version__", "999")
    assert not is_current(release, [path], Settings())


def test_a_release_is_made_once_and_then_taken(source: Write, tmp_path: Path) -> None:
    path, out = source(VOCABULARY), tmp_path / "out"
    stages: list[str] = []
    first = ensure_release([path], out, Settings(), lambda stage, *_: stages.append(stage))
    assert list(dict.fromkeys(stages)) == ["read", "entail", "describe", "compile", "store", "finish"]
    stages.clear()
    assert ensure_release([path], out, Settings(), lambda stage, *_: stages.append(stage)) == first
    assert not stages


def test_another_base_mints_the_resources_there(source: Write, tmp_path: Path) -> None:
    base = "http://localhost:8000/"
    build_release([source(VOCABULARY)], tmp_path / "out", Settings(base=base))
    with open_release(tmp_path / "out") as release:
        assert release.base == base
        assert f"{base}apple" in release.documents
        assert "https://example.org/fruit/apple" not in release.documents
        assert release.manifest.dataset == f"{base}dataset"
        assert [graph.name for graph in release.manifest.graphs] == [
            f"{base}graph/source",
            f"{base}graph/entailed",
            f"{base}dataset",
        ]


@pytest.mark.parametrize("name", ["documents/documents.table", "dumps/SHA256SUMS", "store/data.nq"])
def test_verifying_finds_a_file_that_was_changed_or_removed(source: Write, tmp_path: Path, name: str) -> None:
    release = build_release([source(VOCABULARY)], tmp_path / "out", Settings())
    assert verify(release) == []
    original = (release / name).read_bytes()
    (release / name).write_bytes(original[:-1] + b"?")
    assert verify(release) == [f"{name} was changed: its SHA-256 is not that of the manifest"]
    (release / name).unlink()
    assert verify(release) == [f"{name} cannot be read: No such file or directory"]


def test_verifying_finds_a_manifest_that_was_changed(source: Write, tmp_path: Path) -> None:
    release = build_release([source(VOCABULARY)], tmp_path / "out", Settings())
    manifest = json.loads((release / "manifest.json").read_bytes())
    manifest["default_triples"] += 1
    (release / "manifest.json").write_text(json.dumps(manifest))
    assert verify(release) == ["manifest.json was changed: it does not agree with its own digest"]


def test_a_damaged_release_of_the_same_name_is_built_anew(source: Write, tmp_path: Path) -> None:
    path, out = source(VOCABULARY), tmp_path / "out"
    release = build_release([path], out, Settings())
    (release / "store" / "data.nq").write_bytes(b"")
    assert build_release([path], out, Settings()) == release
    assert verify(release) == []


@pytest.mark.parametrize(
    ("manifest", "message"),
    [
        (None, "is no release"),
        (b"{", "cannot be read"),
        (b"[]", "cannot be read"),
        (b'{"format": 99}', "has format 99"),
        (b'{"format": 2}', "not complete"),
    ],
)
def test_a_folder_that_is_no_release_is_refused_in_words(tmp_path: Path, manifest: bytes | None, message: str) -> None:
    if manifest is not None:
        (tmp_path / "manifest.json").write_bytes(manifest)
    with pytest.raises(ReleaseError, match=message):
        open_release(tmp_path)


def test_a_release_without_its_tables_is_refused_in_words(source: Write, tmp_path: Path) -> None:
    release = build_release([source(VOCABULARY)], tmp_path / "out", Settings())
    (release / "documents" / "labels.table").unlink()
    with pytest.raises(ReleaseError, match="is damaged"):
        open_release(release)


def test_a_job_that_fails_in_another_process_raises_its_own_error_here(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    from officegraph.release import parallel

    def broken() -> None:
        raise ValueError("what went wrong")

    monkeypatch.setattr(parallel, "processors", lambda: 2)
    with pytest.raises(ValueError, match="what went wrong"):
        parallel.run([broken, lambda: None])
    assert capfd.readouterr().err == "", "the other process prints no traceback of its own"


def test_a_large_vocabulary_is_stored_once_and_rendered_on_demand(
    source: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from officegraph.release.documents import DOCUMENT_FORMATS

    path = source(VOCABULARY)
    build_release([path], tmp_path / "small", Settings())
    monkeypatch.setattr(compile_documents, "PRECOMPUTED_DOCUMENTS", 1)
    monkeypatch.setattr(store, "IN_MEMORY_CONCEPTS", 1)
    build_release([path], tmp_path / "large", Settings())
    with open_release(tmp_path / "small") as small, open_release(tmp_path / "large") as large:
        assert large.manifest.columns == ("nq.zst",)
        assert large.manifest.store == "store/rocksdb"
        assert set(store.open_store(large.store_path).named_graphs()) == set(
            store.open_store(small.store_path).named_graphs()
        )
        assert len(store.open_store(large.store_path)) == len(store.open_store(small.store_path))
        assert list(large.documents) == list(small.documents)
        for iri in small.documents:
            one, other = small.documents.get(iri), large.documents.get(iri)
            assert one is not None
            assert other is not None
            for format_ in DOCUMENT_FORMATS:
                for encoding in ("identity", "gzip"):
                    stored = one.representation(format_, encoding)
                    made = other.representation(format_, encoding)
                    assert (stored is None) == (made is None), (iri, format_.name, encoding)
                    if stored is not None and made is not None:
                        assert bytes(made.body) == bytes(stored.body)
        assert not verify(large.path)


def test_what_is_rendered_on_demand_has_a_validator_without_being_rendered(
    source: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from officegraph.release import documents

    monkeypatch.setattr(compile_documents, "PRECOMPUTED_DOCUMENTS", 1)
    text = '<https://example.org/fruit/apple> skos:note "new" .'
    for name, content in (("one", VOCABULARY), ("same", VOCABULARY), ("changed", VOCABULARY + text)):
        build_release([source(content)], tmp_path / name, Settings())

    def refuse(*_: object) -> bytes:
        raise AssertionError("it was rendered")

    monkeypatch.setattr(documents, "render", refuse)
    tags: dict[str, dict[str, str]] = {}
    for name in ("one", "same", "changed"):
        with open_release(tmp_path / name) as release:
            found = tags.setdefault(name, {})
            for iri in release.documents:
                document = release.documents.get(iri)
                assert document is not None
                for format_ in documents.DOCUMENT_FORMATS:
                    for encoding in ("identity", "gzip"):
                        made = document.representation(format_, encoding)
                        assert made is not None
                        found[f"{iri} {format_.extension} {encoding}"] = made.etag
    assert tags["one"] == tags["same"]
    assert len(set(tags["one"].values())) == len(tags["one"])
    changed = {key for key, tag in tags["one"].items() if tags["changed"].get(key) != tag}
    assert any(key.startswith("https://example.org/fruit/apple ") for key in changed)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="the platform has no forks")
def test_a_temporary_folder_goes_with_its_process_and_not_with_forks_of_it() -> None:
    script = """if True:
        import multiprocessing, os, sys, time
        from officegraph.release.folders import temporary
        folder = temporary()
        forked = multiprocessing.get_context("fork").Process(target=int)
        forked.start(); forked.join()
        pid = os.fork()
        if pid == 0: sys.exit()  # with all that is registered for the end of a process
        os.waitpid(pid, 0)
        print(folder, folder.is_dir())
    """
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    folder, there = done.stdout.split()
    assert there == "True"
    assert not Path(folder).exists()
