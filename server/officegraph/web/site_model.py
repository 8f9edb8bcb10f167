"""The release as pages see it, made from the publication of the current application."""

from __future__ import annotations

from dataclasses import replace
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Final

from flask import current_app
from pyoxigraph import Literal, NamedNode

from officegraph.model.namespaces import SKOS
from officegraph.web.dataset_facts import DatasetFacts
from officegraph.web.evidence_index import read_evidence
from officegraph.web.links import document_path, resource_path
from officegraph.web.pages.site import Site
from officegraph.web.publication import publication
from officegraph.web.reader import reader, reader_of_problem

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pyoxigraph import Triple

    from officegraph.web.pages.agreement import Evidence


REMEMBERED: Final = 4096
"""Resources of which is remembered what pages say where they link to them."""


def site_model() -> Site:
    """Return the site that pages of the current application belong to, as the reader of the current request has it."""
    site: Site | None = current_app.extensions.get("officegraph.site")
    if site is None:
        site = current_app.extensions["officegraph.site"] = make_site()
    found = reader_of_problem()
    return replace(site, lang=found.lang, query=found.query, content=found.content)


def make_site() -> Site:
    """Make the site of the current application; its functions work within a request."""
    current = publication()
    release = current.release
    manifest = release.manifest

    @lru_cache(maxsize=REMEMBERED)
    def path_of(iri: str) -> str | None:
        return resource_path(iri) if iri in release.documents or iri == current.dataset_iri else None

    @lru_cache(maxsize=REMEMBERED)
    def labels(iri: str) -> tuple[Literal, ...]:
        found = release.labels.get(iri).items()
        return tuple(Literal(text, language=tag) if tag else Literal(text) for tag, text in found)

    @lru_cache(maxsize=REMEMBERED)
    def parents(iri: str) -> tuple[str, ...]:
        resource = NamedNode(iri)
        return tuple(
            sorted(
                triple.object.value
                for triple in statements(iri)
                if triple.predicate == SKOS.broader
                and isinstance(triple.object, NamedNode)
                and triple.subject == resource
            )
        )

    def statements(iri: str) -> Iterable[Triple]:
        document = release.documents.get(iri)
        return document.triples() if document is not None else ()

    def uses(iri: str) -> int | None:
        statistics = manifest.statistics
        return statistics.classes.get(iri, statistics.properties.get(iri))

    @cache
    def evidence() -> Evidence:
        return read_evidence(release)

    facts = DatasetFacts.of(release.description, labels)
    return Site(
        name=manifest.name,
        base=release.base,
        path_of=path_of,
        document_path=document_path,
        version=manifest.version,
        dataset=manifest.dataset,
        title=facts.title,
        issued=facts.issued or manifest.created[:10],
        authors=facts.authors,
        license=next(iter(manifest.licenses), None),
        language=manifest.language,
        prefixes=manifest.prefixes,
        language_tags=manifest.language_tags,
        endpoint="/sparql",
        labels=labels,
        parents=parents,
        children=release.children,
        statements=statements,
        evidence=evidence,
        uses=uses,
    )


def reader_languages() -> tuple[str, tuple[str, ...]]:
    """Return the language of the content, and the request fields that decided it.

    ``?lang=`` wins over ``Accept-Language``, so that a page in one language has a URL of its own.
    """
    found = reader()
    return found.content, found.vary
