"""The sources that come with the package: the graph of office functions."""

from __future__ import annotations

from pathlib import Path

PACKAGE = Path(__file__).resolve().parents[1]


def bundled_root() -> Path:
    """Return the folder that holds ``ontology/`` and ``data/``: in the wheel, else in the checkout.

    Raises:
        FileNotFoundError: The package was installed without its sources.
    """
    for root in (PACKAGE / "sources", PACKAGE.parents[1]):
        if (root / "ontology" / "officegraph.ttl").is_file():
            return root
    raise FileNotFoundError(2, "The package holds no graph of its own; name a SOURCE", str(PACKAGE / "sources"))


def bundled_sources() -> list[Path]:
    """Return the files and folders of the graph of office functions."""
    root = bundled_root()
    return [*sorted((root / "ontology").glob("*.ttl")), root / "data"]


def bundled_shapes() -> list[Path]:
    """Return the SHACL files that the graph of office functions is held to."""
    return sorted((bundled_root() / "ontology" / "shapes").glob("*.ttl"))
