"""What one running application publishes: a release, the engine over it, the settings."""

from __future__ import annotations

import atexit
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, cast

from flask import current_app, request
from werkzeug.sansio.utils import get_current_url

from officegraph.http.host import read_host
from officegraph.http.iris import fully_decoded
from officegraph.version import __version__
from officegraph.web.addresses import Addresses
from officegraph.web.fields import common_fields, is_https
from officegraph.web.pages.wording import language

if TYPE_CHECKING:
    from officegraph.engine.interface import Engine
    from officegraph.release.open import Release
    from officegraph.settings import Settings

EXTENSION: Final = "officegraph"
"""Key of the publication in ``app.extensions``."""


@dataclass
class Publication:
    """A release and all that answers requests for it.

    Attributes:
        release: The opened release.
        engine: What evaluates SPARQL over the release.
        settings: The settings of the application.
        reserved: First path segments that the routes of the application take, so that no resource can have them.
    """

    release: Release
    engine: Engine
    settings: Settings
    reserved: frozenset[str] = frozenset()

    @cached_property
    def addresses(self) -> Addresses:
        """Where resources and their documents are."""
        return Addresses(self, self.reserved)

    @cached_property
    def common_fields(self) -> tuple[tuple[str, str], ...]:
        """The fields that every answer carries, whatever its route and status, unless it is a page."""
        return common_fields(page=False, https=is_https(self.settings))

    @cached_property
    def caching(self) -> str:
        """``Cache-Control`` of what depends on the release alone."""
        return f"public, max-age={self.settings.cache_age}"

    @cached_property
    def last_modified(self) -> datetime:
        """When the release was made."""
        return datetime.fromisoformat(self.release.manifest.created)

    @cached_property
    def escaped(self) -> Mapping[str, Sequence[str]]:
        """IRIs under the base that hold percent-escapes, by what follows the base, decoded."""
        found: dict[str, list[str]] = {}
        base = self.release.base
        for iri in self.release.documents:
            if "%" in iri and iri.startswith(base):
                found.setdefault(fully_decoded(iri[len(base) :]), []).append(iri)
        return found

    def is_ambiguous(self, iri: str, path: str) -> bool:
        """Return whether ``path``, the one of ``iri``, may be read as that of another resource, escaped or not."""
        if "%" not in path:
            return False
        base, documents = self.release.base, self.release.documents
        named = base + path[1:]
        if named != iri and named in documents:
            return True
        decoded = fully_decoded(iri[len(base) :])
        if "%" not in iri:
            return False
        return base + decoded in documents or any(other != iri for other in self.escaped.get(decoded, ()))

    @property
    def dataset_iri(self) -> str:
        """IRI of the data set."""
        return self.release.manifest.dataset

    @cached_property
    def presentation_digest(self) -> str:
        """SHA-256 of all that shapes a page beside the data: software, templates, page models, catalogues."""
        digest = hashlib.sha256(__version__.encode())
        for folder in ("locales", "pages", "static", "templates"):
            for path in sorted((Path(__file__).parent / folder).rglob("*")):
                if path.is_file() and path.suffix != ".pyc":
                    digest.update(path.read_bytes())
        return digest.hexdigest()

    def page_digest(self, *parts: str) -> str:
        """Return the digest of a page that depends on the release, the language of the interface and ``parts``.

        The page need not be rendered for it, so a request with a validator costs no rendering.
        """
        content = "\0".join(
            (self.release.manifest.digest, self.presentation_digest, language(), self.site_url(), *parts)
        )
        return hashlib.sha256(content.encode("utf-8", "surrogatepass")).hexdigest()

    def site_url(self) -> str:
        """Return the root URL that the client of the current request uses, with its final slash."""
        return self.root_url(request.environ)

    def root_url(self, environ: Mapping[str, Any]) -> str:
        """Return the root URL that the client of the request in ``environ`` uses, with its final slash."""
        public = self.settings.public_url
        if public:
            return f"{public.rstrip(chr(47))}/"
        return _root_url(
            environ["wsgi.url_scheme"],
            environ.get("HTTP_HOST"),
            environ.get("SERVER_NAME"),
            environ.get("SERVER_PORT"),
            environ.get("SCRIPT_NAME", ""),
        )

    def close(self) -> None:
        """Stop the engine and close the release."""
        atexit.unregister(self.close)
        self.engine.close()
        self.release.close()


@lru_cache(maxsize=256)
def _root_url(scheme: str, host: str | None, server: str | None, port: str | None, mount: str) -> str:
    """Return the root URL of an application that is mounted at ``mount`` of a server."""
    found = None if host is None else read_host(host, scheme)
    if found is None and server is not None and port is not None and port.isdecimal():  # without one: a Unix socket
        own = f"[{server}]" if ":" in server and not server.startswith("[") else server
        found = read_host(f"{own}:{port}", scheme)
    path = mount.encode("latin-1").decode("utf-8", "replace")
    return get_current_url(scheme, found or "localhost", path)


def publication() -> Publication:
    """Return the publication of the current application."""
    return cast("Publication", current_app.extensions[EXTENSION])
