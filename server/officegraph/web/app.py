"""The application factory."""

from __future__ import annotations

import atexit
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from flask import Flask

from officegraph.engine.embedded import EmbeddedEngine
from officegraph.release.folders import temporary
from officegraph.release.open import open_release
from officegraph.settings import Settings
from officegraph.vocabulary.bundled import bundled_sources
from officegraph.web import headers, problems, reader
from officegraph.web.addresses import reserved_segments
from officegraph.web.hot import Hot
from officegraph.web.publication import EXTENSION, Publication
from officegraph.web.views import (
    about,
    browse,
    changes,
    cite,
    compare,
    dataset,
    dumps,
    editor,
    graph,
    operations,
    resources,
    search,
    site,
    sources,
    sparql,
    static,
)

if TYPE_CHECKING:
    from collections.abc import Iterable
    from os import PathLike
    from wsgiref.types import WSGIApplication

    from officegraph.engine.interface import Engine
    from officegraph.release.open import Release


VIEWS: Final = (
    site, search, browse, compare, graph, sparql, editor, dumps, dataset, cite, about, changes, sources, operations,
    static, resources,
)  # fmt: skip
"""The views; that of resources is the last, since it takes what no other takes."""

HOT: Final = "officegraph.hot"
"""Key in ``app.extensions`` of the layer that answers what takes no more than look-ups."""

LIMIT: Final = "officegraph.limit"
"""Key in ``app.extensions`` of the limit on clients, ``None`` without one."""

PLAIN: Final = "officegraph.plain"
"""Key in ``app.extensions`` of the application without the layers before it."""


def create_app(
    sources: Iterable[str | PathLike[str]] | str | PathLike[str] | None = None,
    *,
    release: str | PathLike[str] | None = None,
    **settings: Any,
) -> Flask:
    """Make the WSGI application that publishes a vocabulary.

    Args:
        sources: Files and folders to build a release from; the graph of office functions if neither
            they nor ``release`` are given.
        release: A release, or a folder of releases whose current one is served.
        **settings: Fields of :class:`officegraph.settings.Settings`.

    Returns:
        The application. Its ``extensions["officegraph"]`` is the publication; ``close()`` ends it early.

    Raises:
        SourceErrors: The sources cannot be read; each error says where.
        ValueError: A setting is unknown or out of its range, or both ``sources`` and ``release`` are given.

    Example:
        >>> app = create_app(["thesaurus.ttl"], query_timeout=5)  # doctest: +SKIP
    """
    unknown = settings.keys() - Settings.names()
    if unknown:
        raise ValueError(f"Unknown settings: {', '.join(sorted(unknown))}")
    if sources is not None and release is not None:
        raise ValueError("Give either sources or a release, not both")
    chosen = Settings(**settings)
    folder = Path(release) if release is not None else build_if_needed(sources, chosen)
    opened = open_release(folder)
    publication = Publication(opened, make_engine(opened, chosen), chosen)
    atexit.register(publication.close)

    app = Flask(__name__, static_folder=None)
    app.url_map.merge_slashes = False
    app.url_map.strict_slashes = False
    app.json.ensure_ascii = False  # type: ignore[attr-defined]
    app.extensions[EXTENSION] = publication
    reader.install(app)
    headers.install(app)
    problems.install(app)
    for views in VIEWS:
        app.register_blueprint(views.blueprint)
    publication.reserved = reserved_segments(app.url_map)
    install_layers(app, publication)
    return app


def install_layers(app: Flask, publication: Publication) -> None:
    """Put before ``app`` what answers again, and what turns clients away who ask too much."""
    plain: WSGIApplication = app.wsgi_app
    hot = Hot(plain, publication)
    app.extensions |= {HOT: hot, PLAIN: plain, LIMIT: None}
    app.wsgi_app = hot  # type: ignore[method-assign]
    if publication.settings.rate_limit is not None:
        from officegraph.web.limits import ClientLimit  # noqa: PLC0415 - its library is slow to load

        limit = ClientLimit(hot, plain, publication.settings)
        app.extensions[LIMIT] = limit
        app.wsgi_app = limit  # type: ignore[method-assign]


def build_if_needed(sources: Iterable[str | PathLike[str]] | str | PathLike[str] | None, settings: Settings) -> Path:
    """Return a release of ``sources``: the current one of ``settings.releases``, else a new one."""
    # Slow to load, and needed by no server of a release that is there.
    from officegraph.release.build import build_release, ensure_release  # noqa: PLC0415

    if sources is None:
        paths = bundled_sources()
    elif isinstance(sources, (str, Path)):
        paths = [Path(sources)]
    else:
        paths = [Path(source) for source in sources]  # type: ignore[union-attr]
    if settings.releases is not None:
        return ensure_release(paths, settings.releases, settings)
    return build_release(paths, temporary(), settings)


def make_engine(release: Release, settings: Settings) -> Engine:
    """Return the engine that the settings ask for."""
    if settings.engine is not None:
        from officegraph.engine.remote import RemoteEngine  # noqa: PLC0415 - few need it

        return RemoteEngine(settings.engine, settings)
    return EmbeddedEngine(release.store_path, release.prefixes, settings)
