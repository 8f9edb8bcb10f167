"""The descriptions of the data set and of the service, in the formats that they are asked for."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Final

from pyoxigraph import Triple

from officegraph.model.namespaces import PREFIXES, SD
from officegraph.release.metadata.dcat import dcat, service_iri
from officegraph.release.metadata.model import DatasetModel
from officegraph.release.metadata.service_description import service_description as describe_service
from officegraph.release.metadata.void import void
from officegraph.vocabulary.write import write
from officegraph.web.publication import Publication, publication

if TYPE_CHECKING:
    from officegraph.model.formats import Format


VALUES_OF_LITERALS: Final = (
    'Literals are answered by value: "1.50" as 1.5, and language tags in lower case. '
    "Documents and dumps have every literal as the sources write it."
)


def limit_sentences(current: Publication) -> list[str]:
    """Return the limits of queries as sentences; that of the embedded engine's literals is one of them."""
    settings = current.settings
    return [
        *([VALUES_OF_LITERALS] if settings.engine is None else []),
        f"A query may take {settings.query_timeout:g} seconds; a client may ask for less with the parameter timeout.",
        f"A query may take {settings.query_memory:,} bytes of memory.",
        f"An answer may have {settings.query_result_size:,} bytes; none is ever cut short.",
        f"A query may have {settings.query_length:,} characters and nest {settings.query_depth} levels deep.",
        (
            f"{settings.query_workers} queries are evaluated at a time and {settings.query_queue} may wait; "
            "the next is told when to come back."
        ),
        *([f"A client may send {settings.rate_limit} queries."] if settings.rate_limit else []),
        "SERVICE may call what begins with " + " or ".join(settings.allowed_services) + "."
        if settings.allowed_services
        else "SERVICE is not offered: queries reach no other server.",
    ]


def dataset_triples() -> list[Triple]:
    """Return what is said of the data set: VoID, DCAT, and what the sources say of it themselves."""
    current = publication()
    model = DatasetModel.of(current.release.manifest)
    site = current.site_url()
    return list(dict.fromkeys([*void(model, site), *dcat(model, site)]))


def service_triples() -> list[Triple]:
    """Return the service description."""
    current = publication()
    model = DatasetModel.of(current.release.manifest)
    triples = describe_service(model, current.site_url(), limits=limit_sentences(current))
    if current.settings.allowed_services:
        triples.append(Triple(service_iri(model), SD.feature, SD.BasicFederatedQuery))
    return triples


def service_description(format_: Format) -> bytes:
    """Return the service description in a format."""
    current = publication()
    return _written("service", format_, current.release.manifest.digest, current.site_url(), str(current.settings))


def dataset_description(format_: Format) -> bytes:
    """Return the description of the data set in a format."""
    current = publication()
    return _written("dataset", format_, current.release.manifest.digest, current.site_url(), "")


@lru_cache(maxsize=64)
def _written(what: str, format_: Format, digest: str, site: str, settings: str) -> bytes:
    """Write a description; the arguments are all that it depends on."""
    del digest, site, settings
    manifest = publication().release.manifest
    triples = service_triples() if what == "service" else dataset_triples()
    return write(format_, triples, prefixes={**PREFIXES, **manifest.prefixes}, language_tags=manifest.language_tags)
