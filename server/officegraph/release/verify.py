"""Verify a release: is every file the one that was built?"""

from __future__ import annotations

from pathlib import Path

from officegraph.release.dumps import digest
from officegraph.release.manifest import Manifest


def verify(release: Path) -> list[str]:
    """Compare a release with its manifest.

    Args:
        release: Folder of the release.

    Returns:
        What is wrong, a sentence for each fault; empty if nothing is.

    Raises:
        ReleaseError: The folder is no release of this version.
    """
    manifest = Manifest.read(release)
    faults: list[str] = []
    if manifest.identity() != manifest.digest:
        faults.append("manifest.json was changed: it does not agree with its own digest")
    for name, expected in manifest.files.items():
        try:
            if digest(release / name) != expected:
                faults.append(f"{name} was changed: its SHA-256 is not that of the manifest")
        except OSError as error:
            faults.append(f"{name} cannot be read: {error.strerror}")
    return faults
