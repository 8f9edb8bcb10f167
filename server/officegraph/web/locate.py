"""Find what a request is about: the resource or document that its target names."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from officegraph.http.iris import (
    candidate_iris,
    fully_decoded,
    has_raw_target,
    raw_target,
    split_document,
    split_target,
)
from officegraph.model.namespaces import OWL

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from officegraph.model.formats import Format
    from officegraph.web.publication import Publication


@dataclass(frozen=True, slots=True)
class Located:
    """What a request is about.

    Attributes:
        iri: The resource.
        format: The format of the document that is asked for; ``None`` for the resource itself.
        moved: The path, from the root of the host, that is right where the one asked for has a slash
            too many or too few.
    """

    iri: str
    format: Format | None = None
    moved: str | None = None


def locate(environ: Mapping[str, object], current: Publication, formats: Mapping[str, Format]) -> Located | None:
    """Return what the request in ``environ`` is about, or ``None`` if the release knows nothing of it.

    IRIs are compared code point by code point. Of several readings of a path the first that the
    release knows is meant: the IRI with its query, the path as it is, the path as a document, and the
    path with its final slash taken away or added.

    Args:
        environ: The WSGI environment.
        current: The publication.
        formats: Formats of documents by file ending.
    """
    path, query = split_target(raw_target(environ), str(environ.get("SCRIPT_NAME", "")))
    decoded = not has_raw_target(environ)
    if query and (iri := known(f"{path}?{query}", current, decoded=decoded)):
        return Located(iri)
    for candidate, format_ in split_document(path, formats):
        if iri := known(candidate, current, decoded=decoded):
            return Located(iri, format_)
    other = path[:-1] if path.endswith("/") else f"{path}/"
    if len(other) > 1 and (iri := known(other, current, decoded=decoded)):
        return Located(iri, moved=other)
    return None


def owner(environ: Mapping[str, object], current: Publication) -> str | None:
    """Return the resource whose document describes the one that the request in ``environ`` is about.

    A version has no document of its own: the release that is served is described with its data set, and the version
    that an ontology states (``owl:versionIRI``) with the ontology.
    """
    path, _ = split_target(raw_target(environ), str(environ.get("SCRIPT_NAME", "")))
    return next(filter(None, (owner_of(iri, current) for iri in candidate_iris(path, current.release.base))), None)


def owner_of(iri: str, current: Publication) -> str | None:
    """Return the resource whose document describes the version ``iri``, or the data set itself."""
    if iri in {current.dataset_iri, current.release.manifest.release_iri}:
        return current.dataset_iri
    whole = iri.rpartition("/")[0]
    document = current.release.documents.get(whole)
    stated = document.triples() if document is not None else ()
    # Compared as text: what is asked for need not be an IRI at all.
    said = (f"<{whole}>", f"<{iri}>")
    return whole if any(p == OWL.versionIRI and (str(s), str(o)) == said for s, p, o in stated) else None


def known(path: str, current: Publication, *, decoded: bool) -> str | None:
    """Return the IRI that ``path`` stands for, if the release has a document about it."""
    return next(iris_of(path, current, decoded=decoded), None)


def iris_of(path: str, current: Publication, *, decoded: bool) -> Iterator[str]:
    """Yield the IRIs of documents that ``path`` may stand for, the likeliest first.

    Args:
        path: A path, with the query where it counts.
        current: The publication.
        decoded: Whether the server has taken the escapes away, so that the path may have lost some.
    """
    if path == "/":
        return
    for iri in candidate_iris(path, current.release.base):
        if iri in current.release.documents:
            yield iri
    if decoded and current.escaped:
        # This leaves no other way to IRIs that hold escapes themselves.
        yield from current.escaped.get(fully_decoded(path)[1:], ())
