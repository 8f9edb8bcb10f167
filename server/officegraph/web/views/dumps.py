"""``/dumps/``: the whole graph as files, with digests, ranges and an index."""

from __future__ import annotations

import json
from contextlib import suppress
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from flask import Blueprint, Response, request

from officegraph.http.accept import Offers
from officegraph.http.encoding import negotiate_encoding
from officegraph.http.problem import ProblemError, make_problem
from officegraph.model.formats import HTML, JSON
from officegraph.release.folders import current_release, releases
from officegraph.release.manifest import Manifest, ReleaseError
from officegraph.release.metadata.model import ENCODING_MEDIA_TYPES, format_of
from officegraph.release.open import DUMPS
from officegraph.web.answer import of_bytes
from officegraph.web.files import send_file
from officegraph.web.links import absolute
from officegraph.web.pages.dumps import read_listing, render_dumps
from officegraph.web.pages.wording import _
from officegraph.web.problems import files_missing
from officegraph.web.publication import publication
from officegraph.web.reader import reader
from officegraph.web.respond import deliver, negotiated, redirect
from officegraph.web.site_model import site_model

if TYPE_CHECKING:
    from officegraph.release.manifest import Dump

blueprint = Blueprint("dumps", __name__)

OFFERS: Final = Offers((JSON, HTML))


@blueprint.get("/dumps/")
def index() -> Response:
    """List the dumps, for people or as JSON."""
    return listing(negotiated(OFFERS, "The index of dumps").extension, vary=("Accept",))


@blueprint.get("/dumps.<extension>")
def index_document(extension: str) -> Response:
    """List the dumps in one format, whatever ``Accept`` says."""
    if extension not in {"json", "html"}:
        raise ProblemError(make_problem("not-found", f"The index of dumps has no format {extension!r}."))
    return listing(extension)


def listing(extension: str, vary: tuple[str, ...] = ()) -> Response:
    """Send the index of dumps as JSON or HTML."""
    current = publication()
    manifest = current.release.manifest
    rows = [describe(dump) for dump in manifest.dumps]
    if extension == "html":
        files = [
            read_listing(row, format_of(dump).name, part_of(dump))
            for row, dump in zip(rows, manifest.dumps, strict=True)
        ]
        text = render_dumps(
            site_model(),
            files,
            checksums="/dumps/SHA256SUMS",
            index="/dumps.json",
            triples=manifest.default_triples,
            canonical=absolute("/dumps/"),
        )
        content_type = HTML.content_type
        vary += reader().vary
    else:
        content = {
            "name": manifest.name,
            "title": manifest.title,
            "version": manifest.version,
            "licenses": manifest.licenses,
            "created": manifest.created,
            "checksums": absolute("/dumps/SHA256SUMS"),
            "dumps": rows,
        }
        text, content_type = json.dumps(content, indent=2, ensure_ascii=False) + "\n", JSON.content_type
    return deliver(
        of_bytes(text.encode(), content_type, variant=extension, vary=vary, last_modified=current.last_modified)
    )


def part_of(dump: Dump) -> str:
    """Return to which part of the data set a dump is limited, in words; nothing if it holds everything."""
    language = _("only in the language %(tag)s") % {"tag": dump.language} if dump.language else ""
    return ", ".join(filter(None, (dump.scheme, language)))


def describe(dump: Dump) -> dict[str, Any]:
    """Return what the index says of a dump."""
    return {
        "name": dump.name,
        "url": absolute(f"/dumps/{dump.name}"),
        "mediaType": format_of(dump).media_type,
        "contentEncoding": dump.encoding,
        "scheme": dump.scheme,
        "language": dump.language,
        "statements": dump.triples,
        "bytes": dump.size,
        "sha256": dump.sha256,
    }


@blueprint.get("/dumps/SHA256SUMS")
def checksums() -> Response:
    """Send the digests of all dumps in the form that ``sha256sum -c`` reads."""
    current = publication()
    lines = "".join(f"{dump.sha256}  {dump.name}\n" for dump in current.release.manifest.dumps)
    return deliver(of_bytes(lines.encode(), "text/plain; charset=utf-8", last_modified=current.last_modified))


@blueprint.get("/dumps/latest")
def latest() -> Response:
    """Redirect to the index, which lists the latest version."""
    return redirect(absolute("/dumps/"), 302)


@blueprint.get("/dumps/<name>")
def download(name: str) -> Response:
    """Send a dump; a name that says ``latest`` redirects to the version that is the latest."""
    manifest = publication().release.manifest
    folder = publication().release.dumps_path
    dumps = by_name(manifest)
    if name not in dumps:
        versioned = name.replace("latest", manifest.version, 1)
        if versioned != name and versioned in dumps:
            return redirect(absolute(f"/dumps/{versioned}"), 302)
        before = earlier(name)
        if before is None:
            raise ProblemError(make_problem("not-found", f"There is no dump {name!r}.", index=absolute("/dumps/")))
        folder, manifest = before
        dumps = by_name(manifest)
    dump = dumps[name]
    packed = dumps.get(f"{name}.gz") if dump.encoding is None else None
    coding = "identity"
    if packed is not None:
        coding = negotiate_encoding(request.headers.get("Accept-Encoding"), ("gzip",))
    sent = packed if packed is not None and coding == "gzip" else dump
    if not (folder / sent.name).is_file():
        raise files_missing()
    content_type = format_of(dump).content_type if dump.encoding is None else ENCODING_MEDIA_TYPES[dump.encoding]
    return send_file(
        folder / sent.name,
        content_type=content_type,
        sha256=sent.sha256,
        coding=coding,
        filename=dump.name,
        last_modified=datetime.fromisoformat(manifest.created),
        vary=("Accept-Encoding",) if packed is not None else (),
    )


def by_name(manifest: Manifest) -> dict[str, Dump]:
    """Return the dumps of a release by their names."""
    return {dump.name: dump for dump in manifest.dumps}


def earlier(name: str) -> tuple[Path, Manifest] | None:
    """Return folder and manifest of the last release before this one that has a dump ``name`` and is still there.

    A name that is once given out, with its version in it, holds as long as the release is kept for rollback.
    """
    current = publication().release.path
    if current_release(current.parent) is None:
        return None
    for release in releases(current.parent):
        if release != current:
            with suppress(ReleaseError):
                manifest = manifest_of(release)
                if name in by_name(manifest) and (release / DUMPS / name).exists():
                    return release / DUMPS, manifest
    return None


@lru_cache(maxsize=16)
def manifest_of(release: Path) -> Manifest:
    """Return the manifest of a release, which never changes."""
    return Manifest.read(release)
