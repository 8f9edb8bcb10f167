"""The home page, the JSON-LD context, the documentation of problems."""

from __future__ import annotations

import json
from typing import Final

from flask import Blueprint, Response
from pyoxigraph import Literal, NamedNode

from officegraph.http.accept import Offers
from officegraph.http.problem import PROBLEM_TYPES, ProblemError, make_problem
from officegraph.model.formats import HTML, JSON_LD, RDF_FORMATS
from officegraph.model.namespaces import DCTERMS, PREFIXES, SKOS
from officegraph.release.metadata.model import DatasetModel
from officegraph.vocabulary.write import context
from officegraph.web.answer import Representation, compressed, of_bytes
from officegraph.web.links import absolute, document_path
from officegraph.web.pages.home import SchemeSummary, render_home
from officegraph.web.pages.placements import STYLES as OFFICES
from officegraph.web.pages.problems import render_problem_type
from officegraph.web.pages.site import Site
from officegraph.web.publication import publication
from officegraph.web.respond import deliver, negotiated, redirect
from officegraph.web.site_model import reader_languages, site_model

blueprint = Blueprint("site", __name__)

HOME_OFFERS: Final = Offers((HTML, *RDF_FORMATS))


@blueprint.get("/")
def home() -> Response:
    """Send the home page; to programs that ask for RDF, what the root of the IRIs stands for."""
    current = publication()
    chosen = negotiated(HOME_OFFERS, "The home page")
    if chosen != HTML:
        base = current.release.base
        described = current.release.documents.get(base)
        if described is not None and described.representation(chosen) is not None:
            target = document_path(base, chosen.extension)
        else:
            target = f"/dataset.{chosen.extension}"
        return redirect(absolute(target), 303, vary=("Accept",))
    language, vary = reader_languages()

    def load(coding: str) -> bytes:
        body = home_page(language).encode()
        return compressed(body) if coding == "gzip" else body

    return deliver(
        Representation(
            content_type=HTML.content_type, digest=current.page_digest("home", language), load=load,
            variant=f"html-{language}", codings=("gzip",), vary=("Accept", *vary),
            last_modified=current.last_modified, headers={"Content-Language": language},
        )
    )  # fmt: skip


def home_page(language: str) -> str:
    """Return the home page in a language."""
    current = publication()
    manifest = current.release.manifest
    model = DatasetModel.of(manifest)
    descriptions = [
        triple.object
        for triple in model.statements
        if triple.subject == model.iri
        and triple.predicate == DCTERMS.description
        and isinstance(triple.object, Literal)
    ]
    counts = manifest.statistics.concepts
    site = site_model()
    return render_home(
        site,
        (language,),
        title=model.titles,
        description=descriptions,
        schemes=[SchemeSummary(iri, counts.get(iri, 0)) for iri in manifest.schemes],
        figures=[
            ("concepts", sum(counts.values())),
            ("triples", manifest.default_triples),
            ("documents", manifest.documents),
        ],
        definitions={iri: definitions(site, iri) for iri in (f"{site.base}concept/{slug}" for slug in OFFICES)},
    )


def definitions(site: Site, iri: str) -> list[Literal]:
    """Return the definitions of a concept, in all their languages."""
    return [
        triple.object
        for triple in site.statements(iri)
        if triple.subject == NamedNode(iri)
        and triple.predicate == SKOS.definition
        and isinstance(triple.object, Literal)
    ]


@blueprint.get("/context.jsonld")
def json_ld_context() -> Response:
    """Send the JSON-LD context that the JSON-LD of this site is compacted with."""
    manifest = publication().release.manifest
    body = json.dumps(context({**PREFIXES, **manifest.prefixes}), indent=2, ensure_ascii=False) + "\n"
    return deliver(
        of_bytes(body.encode(), JSON_LD.content_type, variant="context", last_modified=publication().last_modified)
    )


@blueprint.get("/problems/<name>")
def problem_type(name: str) -> Response:
    """Say what a kind of problem means (RFC 9457, section 3.1.1)."""
    if name not in PROBLEM_TYPES:
        raise ProblemError(make_problem("not-found", f"There is no kind of problem {name!r}."))
    page = render_problem_type(name, site_model(), canonical=absolute(f"/problems/{name}"))
    return deliver(of_bytes(page.encode(), HTML.content_type))
