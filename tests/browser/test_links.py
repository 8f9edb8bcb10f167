"""Every link on every kind of page leads somewhere, and every fragment to a part that is there."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from html.parser import HTMLParser
from urllib.parse import unquote, urldefrag, urljoin

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from browser.kinds import KINDS, Kind

HOST = "http://localhost"
LOOK_UP = "/resource?uri="
"""The look-up endpoint as VoID names it (section 3.3): an IRI is to be added to it."""

SEVERAL = 150
"""How many resources are looked at beside the kinds of page, spread evenly over all of the release."""


class Reading(HTMLParser):
    """What a page links to, and the names of its parts.

    Attributes:
        targets: What its links lead to, as they are written.
        canonical: The address that it is known by.
        parts: The names that fragments can lead to (HTML, section 7.4.6.4).
    """

    FOLLOWED = ("href", "src")

    def __init__(self, text: str) -> None:
        super().__init__()
        self.targets: list[str] = []
        self.canonical: list[str] = []
        self.parts: set[str] = set()
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        self.parts.update(name for name in (found.get("id"), found.get("name") if tag == "a" else None) if name)
        if tag == "link" and found.get("rel") == "canonical":
            self.canonical.append(found["href"] or "")
        else:
            self.targets += [target for name in self.FOLLOWED if (target := found.get(name)) is not None]


class Host:
    """An application, read as a reader follows its links.

    Args:
        app: The application.
    """

    def __init__(self, app: Flask) -> None:
        self._client = app.test_client()
        self._base: str = app.extensions["officegraph"].release.base
        self.status = lru_cache(maxsize=None)(self._status)
        self.parts = lru_cache(maxsize=None)(lambda path: self._reading(path).parts)

    def _open(self, path: str, method: str) -> TestResponse:
        """Return the answer to a browser, redirects followed."""
        accepted = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
        response = self._client.open(path, method=method, headers=accepted)
        for _ in range(3):
            if response.status_code not in {301, 302, 303, 307, 308}:
                break
            response.close()
            response = self._client.open(response.headers["Location"], method=method, headers=accepted)
        return response

    def _status(self, path: str) -> int:
        with self._open(path, "HEAD") as response:
            return response.status_code

    def _reading(self, path: str) -> Reading:
        with self._open(path, "GET") as response:
            markup = response.mimetype in {"text/html", "image/svg+xml"}
            return Reading(response.get_data(as_text=True) if markup else "")

    def links(self, path: str) -> Iterator[tuple[str, str]]:
        """Yield path and fragment of each link on a page that stays on this host."""
        reading = self._reading(path)
        for target in dict.fromkeys(reading.targets):
            address, fragment = urldefrag(urljoin(HOST + path, target.strip()))
            if address.startswith(f"{HOST}/"):
                yield address[len(HOST) :], unquote(fragment)
        for address in reading.canonical:
            for root in (self._base, f"{HOST}/"):
                if address.startswith(root):
                    yield f"/{address[len(root) :]}", ""

    def broken(self, path: str) -> list[str]:
        """Return the links on a page that lead nowhere."""
        found = []
        for target, fragment in self.links(path):
            # A page may be an error itself; its links to its own parts are no worse for that.
            status = 200 if target == path else self.status(target)
            if status >= 400 and target != LOOK_UP:
                found.append(f"{status} {target}")
            elif fragment and fragment not in self.parts(target):
                found.append(f"no part {fragment!r} in {target}")
        return found


@pytest.fixture(scope="module")
def host(app: Flask) -> Host:
    return Host(app)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_all_links_of_a_kind_of_page_lead_somewhere(host: Host, kind: Kind) -> None:
    assert host.broken(kind.path) == []


def test_all_links_of_resources_lead_somewhere(host: Host, app: Flask) -> None:
    current = app.extensions["officegraph"]
    with app.test_request_context():
        from officegraph.web.links import document_path

        resources = sorted(iri for iri in current.release.documents if iri.startswith(current.release.base))
        paths = [document_path(iri, "html") for iri in resources[:: max(1, len(resources) // SEVERAL)]]
    assert len(paths) >= SEVERAL
    assert {path: found for path in paths if (found := host.broken(path))} == {}
