"""Open a release: everything that serving it needs, nothing read before it is asked for."""

from __future__ import annotations

import json
import os
import weakref
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from officegraph.model.formats import JSON_LD, RDF_XML, Format
from officegraph.model.labels import Label, best_label
from officegraph.release.documents import CHILDREN_TABLE, DOCUMENTS_TABLE, LABELS_TABLE, Documents
from officegraph.release.folders import current_release, hold
from officegraph.release.manifest import Dump, Manifest, ReleaseError
from officegraph.release.metadata.model import DatasetModel
from officegraph.release.search.read import SearchIndexError
from officegraph.release.search.service import SearchIndex
from officegraph.release.search.write import FILE as SEARCH_INDEX
from officegraph.release.table import Table, TableError

DUMPS: Final = "dumps"


class Labels:
    """Labels of resources, by IRI. Safe for threads and forks.

    Args:
        path: The table of labels.
        default: Language to fall back to.
    """

    def __init__(self, path: Path, default: str) -> None:
        self._table = Table(path)
        self._default = default

    def get(self, iri: str) -> Mapping[str, str]:
        """Return the label by language tag; empty if the resource has none."""
        record = self._table.get(iri)
        return {} if record is None else json.loads(bytes(record))

    def best(self, iri: str, ranges: Sequence[str] = ()) -> Label | None:
        """Return the label for a reader who wants the language ``ranges``; see ``model.labels``."""
        return best_label(self.get(iri), ranges, self._default)

    def close(self) -> None:
        """Release the file."""
        self._table.close()


class Release:
    """A release that is open, and kept from being pruned. Safe for threads, and for processes forked after opening.

    Args:
        path: Folder of the release.

    Raises:
        ReleaseError: The folder is no release, is of another version, or is damaged.

    Attributes:
        path: Folder of the release.
        manifest: Its manifest.
        documents: Its documents, by IRI of a resource.
        labels: Labels of resources.
        description: The model that VoID, DCAT and service description are made from.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.manifest = Manifest.read(path)
        opened: list[Table | Documents | Labels] = []
        try:
            self._let_go = weakref.finalize(self, os.close, hold(path))
            self.documents = Documents(
                path / DOCUMENTS_TABLE,
                self.manifest.columns,
                self.manifest.prefixes,
                self.manifest.language_tags,
                _always(self.manifest),
            )
            opened.append(self.documents)
            self.labels = Labels(path / LABELS_TABLE, self.manifest.language)
            opened.append(self.labels)
            self._children = Table(path / CHILDREN_TABLE)
            opened.append(self._children)
        except (OSError, TableError) as error:
            for table in opened:
                table.close()
            raise ReleaseError(f"{path} is damaged: {error}") from error
        self.description = DatasetModel.of(self.manifest)
        self._search: SearchIndex | None = None

    @property
    def base(self) -> str:
        """IRI under which the resources are."""
        return self.manifest.base

    @property
    def prefixes(self) -> Mapping[str, str]:
        """Prefixes for serialisations."""
        return self.manifest.prefixes

    @property
    def language_tags(self) -> Mapping[str, str]:
        """Spelling of language tags, from the lower-cased tag."""
        return self.manifest.language_tags

    @property
    def dumps(self) -> Sequence[Dump]:
        """Files for download."""
        return self.manifest.dumps

    @property
    def dumps_path(self) -> Path:
        """Folder of the files for download."""
        return self.path / DUMPS

    @property
    def store_path(self) -> Path:
        """What the engine opens: a file of N-Quads or a RocksDB folder."""
        return self.path / self.manifest.store

    @property
    def search(self) -> SearchIndex:
        """The search over the release, opened when it is first asked for.

        Raises:
            ReleaseError: The index is not there, or is damaged.
        """
        if self._search is None:
            try:
                self._search = SearchIndex(self.path / SEARCH_INDEX)
            except SearchIndexError as error:
                raise ReleaseError(f"{self.path} is damaged: {error}") from error
        return self._search

    def children(self, iri: str) -> Sequence[str]:
        """Return the narrower concepts of a concept, or the top concepts of a scheme, ordered by label."""
        record = self._children.get(iri)
        return () if record is None else tuple(json.loads(bytes(record)))

    def has_children(self, iri: str) -> bool:
        """Return whether a concept has narrower ones, or a scheme top concepts."""
        return iri in self._children

    def hierarchy(self) -> Iterator[tuple[str, Sequence[str]]]:
        """Yield each concept that has narrower ones, and each scheme that has top concepts, with these."""
        for iri in self._children:
            yield iri, self.children(iri)

    def close(self) -> None:
        """Release the files; what was taken from them stays usable."""
        self.documents.close()
        self.labels.close()
        self._children.close()
        if self._search is not None:
            self._search.close()
        self._let_go()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _always(manifest: Manifest) -> list[Format]:
    """Return the formats that can express every document, since they can express all statements together."""
    # The dumps in these formats have no named graphs, and documents may.
    formats = () if manifest.quads else (RDF_XML, JSON_LD)
    return [format_ for format_ in formats if format_.extension not in manifest.unavailable]


def open_release(path: Path) -> Release:
    """Open a release.

    Args:
        path: Folder of a release, or a folder of releases, of which the current one is opened. A link is
            followed once, so that the release stays the same when another becomes current.

    Raises:
        ReleaseError: There is no release, or it is of another version or damaged.
    """
    found = current_release(path)
    return Release((found or path).resolve())
