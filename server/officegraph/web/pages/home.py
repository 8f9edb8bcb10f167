"""The home page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from string import ascii_uppercase
from typing import Any, Final
from urllib.parse import quote, urlencode

from pyoxigraph import Literal

from officegraph.http.iris import iri_to_uri
from officegraph.web.pages.environment import render
from officegraph.web.pages.examples import Example
from officegraph.web.pages.placements import STYLES
from officegraph.web.pages.site import Site
from officegraph.web.pages.terms import Link, Terms, Text
from officegraph.web.pages.wording import _

CONCEPTS_SHOWN: Final = 40
SCHEMES_IN_FULL: Final = 3
"""Schemes up to which the top concepts of each are shown, and not those of the largest alone."""

LETTERS_SHOWN: Final = 60
WORDS_TO_TRY: Final = 4
FORMATS: Final = (("ttl", "text/turtle"), ("jsonld", "application/ld+json"), ("rdf", "application/rdf+xml"))


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
class OfficeSummary:
    """An office in a few words.

    Attributes:
        definitions: Its definitions, in their languages.
        functions: How many functions are usually placed in it.
        examples: IRIs of some that are placed in no other.
        path: Path to the list of all.
    """

    definitions: Sequence[Literal] = ()
    functions: int = 0
    examples: Sequence[str] = ()
    path: str = ""


@dataclass(frozen=True, slots=True)
class TopView:
    """A top concept, and how many concepts are right below it."""

    link: Link
    below: int


@dataclass(frozen=True, slots=True)
class SchemeView:
    """A concept scheme on the home page."""

    link: Link
    concepts: int
    tops: Sequence[TopView]
    more: int


@dataclass(frozen=True, slots=True)
class OfficeView:
    """An office on the home page."""

    link: Link
    style: str
    definition: Text | None
    functions: int
    examples: Sequence[Link]
    href: str


@dataclass(frozen=True, slots=True)
class LetterView:
    """A letter of the alphabet, and where the concepts are that begin with it, if there are any."""

    letter: str
    href: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class HomePage:
    """What the home page shows.

    Attributes:
        title: Title of the data set.
        lead: Its description.
        offices: The offices.
        full: Schemes with their top concepts.
        others: Further schemes.
        letters: The alphabet.
        figures: What there is, in words, and how many of it.
        words: Words to try the search with, and where.
        questions: Example queries and where.
        example: URL of a resource for the command line.
        url: URL of the page.
        structured: What search engines get to know of the site.
        formats: File endings and media types of the description of the data set.
    """

    title: Text | None
    lead: Text | None
    offices: Sequence[OfficeView]
    full: Sequence[SchemeView]
    others: Sequence[SchemeView]
    letters: Sequence[LetterView]
    figures: Sequence[tuple[str, int]]
    words: Sequence[tuple[str, str]]
    questions: Sequence[tuple[str, str]]
    example: str | None
    url: str
    structured: Mapping[str, Any]
    formats: Sequence[tuple[str, str]] = FORMATS


@dataclass(frozen=True, slots=True, kw_only=True)
class HomeContent:
    """What the home page is made of.

    Attributes:
        title: Title of the data set, in its languages.
        description: Its description, in its languages.
        schemes: Its concept schemes.
        offices: Its offices, by IRI.
        initials: Characters that names of concepts begin with.
        figures: What there is, in words, and how many of it.
        words: Words to try the search with; names of top concepts where there are none.
        questions: Example queries.
        example: IRI of a resource for the command line; an office or top concept where it is not given.
        url: URL of the page.
    """

    title: Sequence[Literal] = ()
    description: Sequence[Literal] = ()
    schemes: Sequence[SchemeSummary] = ()
    offices: Mapping[str, OfficeSummary] = field(default_factory=dict)
    initials: Sequence[str] = ()
    figures: Sequence[tuple[str, int]] = ()
    words: Sequence[str] = ()
    questions: Sequence[Example] = ()
    example: str | None = None
    url: str = "/"


def home_page(site: Site, languages: Sequence[str], content: HomeContent) -> HomePage:
    """Return what the home page shows to a reader of ``languages``."""
    terms = Terms(site, languages, site.labels)
    schemes = [_scheme(site, terms, scheme) for scheme in content.schemes]
    schemes.sort(key=lambda view: (not view.tops, -view.concepts, view.link.text.value.casefold()))
    shown = len(schemes) if len(schemes) <= SCHEMES_IN_FULL else 1
    offices = [
        OfficeView(
            link=terms.link(iri),
            style=STYLES.get(iri.rpartition("/")[2], ""),
            definition=terms.best(office.definitions),
            functions=office.functions,
            examples=[terms.link(example) for example in office.examples],
            href=site.url(office.path),
        )
        for iri, office in content.offices.items()
    ]
    tops = [top.link for view in schemes for top in view.tops]
    example = content.example or next((link.iri for link in (*(office.link for office in offices[:1]), *tops)), None)
    words = content.words or [link.text.short for link in tops if link.labelled][:WORDS_TO_TRY]
    title = terms.best(content.title)
    return HomePage(
        title=title,
        lead=terms.best(content.description),
        offices=offices,
        full=schemes[:shown],
        others=schemes[shown:],
        letters=alphabet(content.initials, site),
        figures=[(said, number) for said, number in content.figures if number],
        words=[(word, site.url(f"/search?{urlencode({'q': word}, quote_via=quote)}")) for word in words],
        questions=[
            (question.title, site.url(f"/sparql?{urlencode({'query': question.query})}"))
            for question in content.questions
        ],
        example=_address(site, example, content.url) if example else None,
        url=content.url,
        structured={
            "@context": "https://schema.org/",
            "@type": "WebSite",
            "name": title.value if title else site.name,
            "url": content.url,
            "potentialAction": {
                "@type": "SearchAction",
                "target": f"{content.url}search?q={{query}}",
                "query-input": "required name=query",
            },
        },
    )


def _address(site: Site, iri: str, root: str) -> str:
    """Return the URL of a resource on this host, else its own."""
    path = site.path_of(iri)
    return iri_to_uri(iri if path is None else f"{root.removesuffix('/')}{path}")


def _scheme(site: Site, terms: Terms, scheme: SchemeSummary) -> SchemeView:
    tops = list(dict.fromkeys(site.children(scheme.iri)))
    views = sorted(
        (TopView(terms.link(iri), len(site.children(iri))) for iri in tops[:CONCEPTS_SHOWN]),
        key=lambda top: (top.link.text.value.casefold(), top.link.iri),
    )
    return SchemeView(terms.link(scheme.iri), scheme.concepts, views, max(0, len(tops) - CONCEPTS_SHOWN))


def alphabet(initials: Sequence[str], site: Site) -> list[LetterView]:
    """Return the letters that names begin with, and those of the Latin alphabet that none does where most are of it.

    Only alphabets with capitals are shown: characters of other scripts are too many, or are ordered in other ways.
    """
    found = {initial.upper() for initial in initials if initial.isalpha() and initial.upper() != initial}
    found = {letter for letter in found if len(letter) == 1}
    if not found or len(found) > LETTERS_SHOWN:
        return []
    latin = sum(letter in ascii_uppercase for letter in found)
    letters = found | set(ascii_uppercase) if 2 * latin > len(found) else found
    return [
        LetterView(letter, site.url(f"/browse/alphabetical?letter={quote(letter)}") if letter in found else None)
        for letter in sorted(letters)
    ]


def figures_in_words(**numbers: int) -> list[tuple[str, int]]:
    """Return what ``numbers`` count, in words."""
    words = {
        "concepts": _("concepts"),
        "names": _("names"),
        "languages": _("languages"),
        "placements": _("placements"),
        "sources": _("sources"),
        "statements": _("statements"),
    }
    return [(words[name], number) for name, number in numbers.items()]


def render_home(site: Site, languages: Sequence[str], content: HomeContent) -> str:
    """Return the home page.

    Args:
        site: The site.
        languages: Languages of the reader, best first.
        content: What it is made of.
    """
    return render("home.html", site=site, page=home_page(site, languages, content))
