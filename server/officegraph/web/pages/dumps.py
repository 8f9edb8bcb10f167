"""The index of downloads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from officegraph.web.pages.environment import render
from officegraph.web.pages.site import Site


@dataclass(frozen=True, slots=True, kw_only=True)
class DumpFile:
    """A file to download.

    Attributes:
        name: Its name.
        href: Its URL path.
        format: Name of its format, such as ``Turtle``.
        media_type: Its media type, without parameters.
        size: Its size in bytes.
        sha256: SHA-256 of its bytes, in hexadecimal.
        content: What it holds, in words; empty for the whole dataset.
        compression: ``gzip`` or ``Zstandard``, or empty.
    """

    name: str
    href: str
    format: str
    media_type: str
    size: int
    sha256: str
    content: str = ""
    compression: str = ""


def read_listing(row: Mapping[str, Any], format_name: str, content: str = "") -> DumpFile:
    """Return the file that one entry of the JSON index describes.

    Args:
        row: The entry.
        format_name: Name of its format.
        content: What it holds, where that is not everything.
    """
    return DumpFile(
        name=row["name"],
        href=row["url"],
        format=format_name,
        media_type=row["mediaType"],
        size=row["bytes"],
        sha256=row["sha256"],
        content=content,
        compression=_COMPRESSION.get(row.get("contentEncoding") or "", ""),
    )


_COMPRESSION: Final = {"gzip": "gzip", "zstd": "Zstandard"}


def render_dumps(
    site: Site,
    files: Sequence[DumpFile],
    *,
    checksums: str,
    index: str,
    triples: int | None = None,
    canonical: str = "",
) -> str:
    """Return the page that lists the dumps of a release.

    Args:
        site: The site.
        files: The files.
        checksums: URL path of ``SHA256SUMS``.
        index: URL path of the same list as JSON.
        triples: Triples of the default graph.
        canonical: URL of the page; empty where it is not known.
    """
    return render(
        "dumps.html",
        site=site,
        whole=[file for file in files if not file.content],
        partial=[file for file in files if file.content],
        checksums=checksums,
        index=index,
        triples=triples,
        canonical=canonical,
    )
