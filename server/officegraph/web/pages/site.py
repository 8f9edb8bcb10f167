"""What all pages of one release share: its name, its languages, and where things are."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import quote

from pyoxigraph import Literal, Triple

from officegraph.http.iris import iri_to_uri
from officegraph.model.namespaces import PREFIXES
from officegraph.web.pages.agreement import Evidence
from officegraph.web.pages.catalogues import LANGUAGES
from officegraph.web.pages.wording import language

WEB_SCHEMES: Final = ("http:", "https:", "mailto:", "ftp:", "doi:")
"""Schemes that a browser may be sent to; an IRI of any other (``javascript:``, ``data:``) is shown as text."""

_LOCAL_NAME: Final = re.compile(r"[^\s/#?<>\"{}|\\^`]*\Z")
_IRIREF_FORBIDDEN: Final = re.compile(r"[\x00-\x20<>\"{}|^`\\]")


def _nothing(_iri: str) -> Sequence[str]:
    return ()


def _no_statements(_iri: str) -> Sequence[Triple]:
    return ()


def _not_counted(_iri: str) -> int | None:
    return None


def _no_evidence() -> Evidence:
    return Evidence(())


def _no_labels(_iri: str) -> Sequence[Literal]:
    return ()


@dataclass(frozen=True, slots=True)
class LanguageChoice:
    """A page in a language of the interface.

    Attributes:
        tag: The language.
        name: Its name for itself.
        href: Reference to the page in that language, relative to the page itself.
        current: Whether the page is in that language now.
    """

    tag: str
    name: str
    href: str
    current: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """The release as pages see it.

    Attributes:
        name: Short name, as it stands in the head of each page.
        base: IRI under which the resources live.
        path_of: URL path of the resource an IRI names, or ``None`` where this host has nothing about it.
        document_path: URL path of the document of a resource in the format with a file ending.
        version: Version of the dataset; empty where it states none.
        dataset: IRI of the dataset.
        title: Title of the dataset, for citations; its short name where it has none.
        issued: Day on which this version was issued, or the release was made (ISO 8601).
        authors: Names of those who made the dataset.
        license: IRI of its licence.
        language: Language that labels fall back to.
        prefixes: Prefixes of the release, prefix to namespace.
        language_tags: Spelling of language tags, from lower case.
        root: URL path under which the application is mounted, without a slash at its end.
        endpoint: Absolute URL of the SPARQL endpoint, as programs should call it.
        labels: Labels of an IRI that a document does not label itself.
        parents: IRIs of the broader concepts of a concept.
        children: IRIs of the narrower concepts of a concept, or of the top concepts of a scheme.
        statements: Statements about an IRI that a page shows in passing, such as the source of a placement.
        lang: Language that the address of the page asks for, which the links on it keep; empty if it asks for none.
        query: The rest of the query of that address.
        content: Language of the content for the reader; empty where a page has no content.
        evidence: All placements, by source.
        uses: How many instances a class or statements a property has; ``None`` for anything else.
    """

    name: str
    base: str
    path_of: Callable[[str], str | None]
    document_path: Callable[[str, str], str]
    version: str = ""
    dataset: str = ""
    title: str = ""
    issued: str = ""
    authors: Sequence[str] = ()
    license: str | None = None
    language: str = "en"
    prefixes: Mapping[str, str] = field(default_factory=dict)
    language_tags: Mapping[str, str] = field(default_factory=dict)
    root: str = ""
    endpoint: str = "/sparql"
    labels: Callable[[str], Iterable[Literal]] = _no_labels
    parents: Callable[[str], Sequence[str]] = _nothing
    children: Callable[[str], Sequence[str]] = _nothing
    statements: Callable[[str], Iterable[Triple]] = _no_statements
    lang: str = ""
    query: str = ""
    content: str = ""
    evidence: Callable[[], Evidence] = _no_evidence
    uses: Callable[[str], int | None] = _not_counted

    @classmethod
    def bare(cls, name: str = "officegraph") -> Site:
        """Return a site that publishes nothing, for the page of an error that has nothing to do with a release."""
        return cls(name=name, base="about:blank", path_of=lambda _iri: None, document_path=lambda iri, _ending: iri)

    def url(self, path: str) -> str:
        """Return the URL path of ``path``, which starts with a slash, on this host."""
        return self.root + self.in_language(path)

    def in_language(self, path: str) -> str:
        """Return the address ``path`` with the language that the address of the page asks for."""
        if not self.lang or path.startswith("/static/"):
            return path
        before, mark, fragment = path.partition("#")
        return f"{before}{'&' if '?' in before else '?'}lang={quote(self.lang, safe='')}{mark}{fragment}"

    @property
    def choices(self) -> list[LanguageChoice]:
        """The addresses of the page in each language of the interface."""
        start = f"?{self.query}&lang=" if self.query else "?lang="
        return [LanguageChoice(tag, name, start + tag, tag == language()) for tag, name in LANGUAGES.items()]

    def href(self, iri: str) -> tuple[str | None, bool]:
        """Return where a link to ``iri`` leads, or ``None``, and whether that is another site."""
        path = self.path_of(iri)
        if path is not None:
            return safe_path(self.in_language(path)), False
        if iri.lower().startswith(WEB_SCHEMES):
            return iri_to_uri(iri), True
        return None, False

    def shorten(self, iri: str) -> str:
        """Return ``iri`` with a prefix where one fits, else without its scheme if it is a web address."""
        best = ""
        result = iri
        for prefixes in (self.prefixes, PREFIXES):
            for prefix, namespace in prefixes.items():
                if len(namespace) > len(best) and iri.startswith(namespace):
                    local = iri[len(namespace) :]
                    if _LOCAL_NAME.match(local):
                        best, result = namespace, f"{prefix}:{local}"
        return result


def safe_path(path: str) -> str:
    """Return ``path`` so that it cannot be read as the address of another host.

    ``//example.net/`` is a network-path reference (RFC 3986, section 4.2); ``/.//example.net/`` is the same path
    on this host, since a dot segment is removed on resolution (section 5.2.4).
    """
    return f"/.{path}" if path.startswith(("//", "/\\")) else path


def in_query(iri: str) -> str | None:
    """Return ``iri`` as an ``IRIREF`` of SPARQL 1.1 (rule 139), or ``None`` where a character has no place in one."""
    return None if _IRIREF_FORBIDDEN.search(iri) else f"<{iri}>"
