"""What a vocabulary says of its own scope, method and terms of use, and how programs get at it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from pyoxigraph import Literal, NamedNode

from officegraph.model.dataset import Subject
from officegraph.model.namespaces import DCAT, DCTERMS, OFO, RDFS, SCHEMA, SKOS, VOID, Namespace
from officegraph.web.pages.citation import Citation, citation
from officegraph.web.pages.concept import definition
from officegraph.web.pages.environment import render
from officegraph.web.pages.placements import RELIABILITY
from officegraph.web.pages.site import Site
from officegraph.web.pages.subject import Describer
from officegraph.web.pages.terms import Link, Text

Statements = Mapping[NamedNode, Sequence[Literal | NamedNode]]

_DESCRIPTIONS: Final = (DCTERMS.description, SCHEMA.description, RDFS.comment, SKOS.definition, DCTERMS.abstract)
_SCOPE: Final = (SKOS.scopeNote, SKOS.note)
_POLICY: Final = (SKOS.editorialNote, DCTERMS.provenance, DCTERMS.accrualPolicy, SKOS.historyNote)
_PEOPLE: Final = (DCTERMS.creator, DCTERMS.contributor, DCTERMS.publisher, SCHEMA.creator, SCHEMA.publisher)
_LONGEST_HEAD: Final = 40


@dataclass(frozen=True, slots=True)
class Policy:
    """One rule of the editors: what it is about, where its text begins with that, and the text."""

    head: str
    text: Text


@dataclass(frozen=True, slots=True)
class Level:
    """A level of reliability, and what it is given to."""

    link: Link
    definition: Text | None


@dataclass(frozen=True, slots=True)
class EvidenceRule:
    """How placements are weighed.

    Attributes:
        link: The rule as a resource.
        steps: What it does, step by step.
        remark: What it does not say.
        contested: What is meant by contested.
        levels: Levels of reliability.
        placements: How many placements there are.
        sources: How many sources place something.
    """

    link: Link
    steps: Sequence[Text]
    remark: Text | None
    contested: Text | None
    levels: Sequence[Level]
    placements: int
    sources: int


@dataclass(frozen=True, slots=True)
class AboutPage:
    """What the page about the vocabulary shows.

    Attributes:
        title: Its name.
        description: What it is.
        scope: What is in it and what is not.
        policies: The rules of its editors.
        people: Who made it.
        rights: Terms of use in words.
        figures: What it holds: words and numbers.
        schemes: Its concept schemes, and how many concepts each has.
        languages: Languages of its names.
        evidence: How placements are weighed, where there are any.
        citation: How to cite it.
        example: A resource to try the addresses with, or ``None``.
        contact: Where to write to, or ``None``.
    """

    title: Text
    description: Text | None
    scope: Sequence[Text]
    policies: Sequence[Policy]
    people: Sequence[Link | Text]
    rights: Sequence[Text]
    figures: Sequence[tuple[str, int]]
    schemes: Sequence[tuple[Link, int]]
    languages: Sequence[str]
    evidence: EvidenceRule | None
    citation: Citation
    example: Link | None
    contact: Link | None


def about_page(
    site: Site,
    dataset: str,
    statements: Statements,
    languages: Sequence[str],
    *,
    figures: Sequence[tuple[str, int]] = (),
    schemes: Sequence[tuple[str, int]] = (),
    content_languages: Sequence[str] = (),
    example: str | None = None,
) -> AboutPage:
    """Return what the page about the vocabulary shows.

    Args:
        site: The site.
        dataset: IRI of the data set.
        statements: What the sources say of the data set, by property.
        languages: Languages of the reader, best first.
        figures: What the vocabulary holds.
        schemes: Its concept schemes, with the number of concepts.
        content_languages: Languages that it names things in.
        example: A resource to try the addresses with.
    """
    page = Describer.of(site, dataset, (), languages)
    if not any(p in statements for p in _DESCRIPTIONS) and schemes:
        statements = {**_said_of(site, schemes[0][0]), **statements}

    def texts(*properties: NamedNode) -> list[Text]:
        return page.texts(term for p in properties for term in statements.get(p, ()) if isinstance(term, Literal))

    titles = texts(DCTERMS.title)
    title = titles[0] if titles else Text(site.title or site.name)
    descriptions = [
        term
        for p in _DESCRIPTIONS
        for term in statements.get(p, ())
        if isinstance(term, Literal) and term.value.strip()
    ]
    people: dict[str, Link | Text] = {}
    for predicate in _PEOPLE:
        for term in statements.get(predicate, ()):
            people.setdefault(
                term.value, page.terms.link(term.value) if isinstance(term, NamedNode) else page.terms.text(term)
            )
    contacts = [term for term in statements.get(DCAT.contactPoint, ()) if isinstance(term, NamedNode)]
    named = example or next(
        (term.value for term in statements.get(VOID.exampleResource, ()) if isinstance(term, NamedNode)), None
    )
    return AboutPage(
        title=title,
        description=page.terms.best(descriptions),
        scope=[policy(text).text for text in texts(*_SCOPE)],
        policies=[policy(text) for text in texts(*_POLICY)],
        people=list(people.values()),
        rights=texts(DCTERMS.rights),
        figures=figures,
        schemes=[(page.terms.link(iri), count) for iri, count in schemes],
        languages=content_languages,
        evidence=evidence_rule(site, languages),
        citation=citation(site, dataset, title.value),
        example=page.terms.link(named) if named else None,
        contact=page.terms.link(contacts[0].value) if contacts else None,
    )


def _said_of(site: Site, iri: str) -> dict[NamedNode, list[Literal | NamedNode]]:
    """Return what is said of a scheme, for a vocabulary that describes itself as one."""
    said: dict[NamedNode, list[Literal | NamedNode]] = {}
    node = NamedNode(iri)
    for triple in site.statements(iri):
        if triple.subject == node and isinstance(triple.object, Literal | NamedNode):
            said.setdefault(triple.predicate, []).append(triple.object)
    return said


def policy(text: Text) -> Policy:
    """Return a rule with its head, where the text begins with a short one and a colon.

    >>> policy(Text("Versions: three numbers.")).head
    'Versions'
    """
    head, colon, rest = text.value.partition(": ")
    if not colon or len(head) > _LONGEST_HEAD or "." in head:
        return Policy("", text)
    return Policy(head, Text(rest[:1].upper() + rest[1:], text.language, text.direction, text.foreign))


def evidence_rule(site: Site, languages: Sequence[str]) -> EvidenceRule | None:
    """Return how placements are weighed, in the words of the ontology, or ``None`` where there are no placements."""
    evidence = site.evidence()
    if not evidence.placings:
        return None
    ofo = Namespace(site.prefixes.get("ofo", OFO.iri))
    ontology = ofo.iri.rstrip("#/")
    page = Describer.of(site, ontology, site.statements(ontology), languages)
    said = page.statements
    text = page.terms.best(said.literals(ofo.usualOfficeRule, DCTERMS.description))
    steps = [line.strip() for line in text.value.splitlines() if line.strip()] if text else []
    levels = [node for node in said.subjects() if ofo.ReliabilityLevel.value in said.types(node)]
    return EvidenceRule(
        link=page.link(ofo.usualOfficeRule),
        steps=[Text(_without_number(step), text.language, text.direction, text.foreign) for step in steps if text],
        remark=page.terms.best(said.literals(ofo.usualOfficeRule, SKOS.editorialNote)),
        contested=definition(page, ofo.contested),
        levels=[Level(page.link(node), definition(page, node)) for node in sorted(levels, key=_rank)],
        placements=len(evidence.placings),
        sources=len(evidence.sources),
    )


def _rank(node: Subject) -> int:
    return RELIABILITY.get(node.value.rpartition("#")[2], len(RELIABILITY))


def _without_number(step: str) -> str:
    number, dot, rest = step.partition(". ")
    return rest if dot and number.isdecimal() else step


def render_about(site: Site, page: AboutPage, canonical: str) -> str:
    """Return the page about the vocabulary."""
    return render("about.html", site=site, page=page, canonical=canonical)
