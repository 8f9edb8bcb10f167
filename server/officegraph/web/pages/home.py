"""The home page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from pyoxigraph import Literal

from officegraph.http.iris import iri_to_uri
from officegraph.web.pages.environment import render
from officegraph.web.pages.placements import STYLES
from officegraph.web.pages.site import Site
from officegraph.web.pages.terms import Link, Terms, Text

CONCEPTS_SHOWN: Final = 40


@dataclass(frozen=True, slots=True)
class SchemeSummary:
    """A concept scheme in a few words.

    Attributes:
        iri: The scheme.
        concepts: How many concepts it has.
    """

    iri: str
    concepts: int


@dataclass(frozen=True, slots=True)
class SchemeView:
    """A concept scheme on the home page."""

    link: Link
    concepts: int
    tops: Sequence[Link]
    more: int


@dataclass(frozen=True, slots=True)
class OfficeView:
    """An office on the home page."""

    link: Link
    style: str
    definition: Text | None


def render_home(
    site: Site,
    languages: Sequence[str],
    *,
    title: Sequence[Literal] = (),
    description: Sequence[Literal] = (),
    schemes: Sequence[SchemeSummary] = (),
    figures: Sequence[tuple[str, int]] = (),
    definitions: dict[str, Sequence[Literal]] | None = None,
    example: str | None = None,
) -> str:
    """Return the home page.

    Args:
        site: The site.
        languages: Languages of the reader, best first.
        title: Title of the dataset, in its languages.
        description: Description of the dataset, in its languages.
        schemes: Its concept schemes.
        figures: What there is, in words, and how many of it.
        definitions: Definitions of the offices, by IRI.
        example: IRI of a resource for the command line shown; the first top concept where it is not given.
    """
    terms = Terms(site, languages, site.labels)
    views = []
    for scheme in schemes:
        tops = list(dict.fromkeys(site.children(scheme.iri)))
        links = sorted(
            (terms.link(iri) for iri in tops[:CONCEPTS_SHOWN]),
            key=lambda link: (link.text.value.casefold(), link.iri),
        )
        views.append(SchemeView(terms.link(scheme.iri), scheme.concepts, links, max(0, len(tops) - CONCEPTS_SHOWN)))
    views.sort(key=lambda view: (-view.concepts, view.link.text.value.casefold()))
    offices = [
        OfficeView(terms.link(iri), style, terms.best((definitions or {}).get(iri, ())))
        for slug, style in STYLES.items()
        if site.path_of(iri := f"{site.base}concept/{slug}") is not None
    ]
    if example is None:
        example = offices[-1].link.iri if offices else next((v.tops[0].iri for v in views if v.tops), None)
    lead = terms.best(description)
    return render(
        "home.html",
        site=site,
        title=terms.best(title),
        lead=lead,
        schemes=views,
        offices=offices,
        figures=figures,
        example=iri_to_uri(example) if example else None,
        example_path=site.path_of(example) if example else None,
    )
