"""The architecture, held by a test: imports go down only."""

import ast
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parents[1] / "server" / "officegraph"

RANKS = {
    "version": 0,
    "settings": 0,
    "model": 1,
    "http": 2,
    "vocabulary": 3,
    "release": 4,
    "engine": 4,
    "web": 5,
    "cli": 6,
}
"""A module may import from its own layer and from layers of lower rank; equal ranks stay apart."""

PURE = {"model", "http"}
IMPURE_MODULES = {"flask", "socket", "subprocess", "requests", "urllib.request", "sqlite3", "shutil", "tempfile"}


def layer(module: str) -> str | None:
    parts = module.split(".")
    return parts[1] if parts[0] == "officegraph" and len(parts) > 1 else None


def imports(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative imports hide the layer"
            found.add(node.module or "")
            found.update(f"{node.module}.{alias.name}" for alias in node.names)
    return found


MODULES = sorted(path for path in PACKAGE.rglob("*.py") if path.parent != PACKAGE or path.stem in RANKS)


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_imports_go_down_only(path):
    own = path.relative_to(PACKAGE).parts[0].removesuffix(".py")
    for module in imports(path):
        target = layer(module)
        if target in RANKS and target != own:
            assert RANKS[target] < RANKS[own], f"{own} must not import {module}"


@pytest.mark.parametrize(
    "path",
    [path for path in MODULES if path.relative_to(PACKAGE).parts[0] in PURE],
    ids=lambda path: str(path.relative_to(PACKAGE)),
)
def test_pure_layers_do_no_input_or_output(path):
    assert not imports(path) & IMPURE_MODULES


def test_every_folder_of_the_package_has_a_rank():
    folders = {path.parent.name for path in PACKAGE.glob("*/__init__.py")}
    assert folders <= RANKS.keys()
