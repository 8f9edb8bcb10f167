"""The home page, the JSON-LD context, the documentation of problems."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Final

from flask import Blueprint, Response
from pyoxigraph import Literal, NamedNode

from officegraph.http.accept import Offers
from officegraph.http.problem import PROBLEM_TYPES, ProblemError, make_problem
from officegraph.model.formats import HTML, JSON_LD, RDF_FORMATS
from officegraph.model.namespaces import DCTERMS, OFO, PREFIXES, SKOS, Namespace
from officegraph.release.metadata.model import DatasetModel
from officegraph.vocabulary.write import context
from officegraph.web.answer import Representation, compressed, of_bytes
from officegraph.web.examples import examples, words_to_try
from officegraph.web.links import absolute, document_path
from officegraph.web.pages.asked import Asked
from officegraph.web.pages.home import HomeContent, OfficeSummary, SchemeSummary, figures_in_words, render_home
from officegraph.web.pages.placements import STYLES as OFFICES
from officegraph.web.pages.problems import render_problem_type
from officegraph.web.pages.site import Site
from officegraph.web.publication import publication
from officegraph.web.reader import reader
from officegraph.web.respond import deliver, negotiated, redirect
from officegraph.web.site_model import reader_languages, site_model

blueprint = Blueprint("site", __name__)

HOME_OFFERS: Final = Offers((HTML, *RDF_FORMATS))

FUNCTIONS_READ: Final = 60
FUNCTIONS_SHOWN: Final = 6
"""Functions of an office that are looked at for examples, and examples shown."""

QUESTIONS: Final = 6
"""Example queries on the home page."""


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
            last_modified=current.last_modified,
        )
    )  # fmt: skip


def home_page(language: str) -> str:
    """Return the home page in a language."""
    current = publication()
    manifest = current.release.manifest
    model = DatasetModel.of(manifest)
    site = site_model()
    content = HomeContent(
        title=model.titles,
        description=[
            triple.object
            for triple in model.statements
            if triple.subject == model.iri
            and triple.predicate == DCTERMS.description
            and isinstance(triple.object, Literal)
        ],
        schemes=[SchemeSummary(iri, manifest.statistics.concepts.get(iri, 0)) for iri in manifest.schemes],
        offices=offices(site, language),
        initials=current.release.search.initials((language,)),
        figures=figures(site),
        words=words_to_try(),
        questions=examples()[:QUESTIONS],
        url=current.site_url(),
    )
    return render_home(site, (language,), content)


def figures(site: Site) -> list[tuple[str, int]]:
    """Return what there is in the release, in words, and how many of it."""
    manifest = publication().release.manifest
    counted = manifest.statistics
    ofo = Namespace(site.prefixes.get("ofo", OFO.iri))
    return figures_in_words(
        concepts=counted.concept_count,
        names=sum(counted.languages.values()),
        languages=len(counted.languages),
        placements=counted.classes.get(ofo.Placement.value, 0),
        sources=counted.properties.get(ofo.reliability.value, 0),
        statements=manifest.default_triples,
    )


def offices(site: Site, language: str) -> dict[str, OfficeSummary]:
    """Return the offices that the release knows, each with its functions: those of the largest scheme."""
    release = publication().release
    counts = release.manifest.statistics.concepts
    largest = max(
        (iri for iri in release.manifest.schemes if site.children(iri)),
        key=lambda iri: counts.get(iri, 0),
        default=None,
    )
    found = {}
    for slug in OFFICES:
        iri = f"{site.base}concept/{slug}"
        if site.path_of(iri) is None:
            continue
        asked = Asked(filters={"office": (iri,)} | ({"scheme": (largest,)} if largest else {}), base=site.base)
        functions = release.search.search(
            replace(asked.request((language,)), limit=FUNCTIONS_READ, facets=False, definitions=False)
        )
        only = [hit.iri for hit in functions.hits if hit.offices == (iri,)]
        found[iri] = OfficeSummary(
            definitions=definitions(site, iri),
            functions=functions.total,
            examples=only[:FUNCTIONS_SHOWN],
            path=asked.path(),
        )
    return found


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
    return deliver(of_bytes(page.encode(), HTML.content_type, vary=reader().vary))
