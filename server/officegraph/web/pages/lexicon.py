"""The dictionary entry of a word: forms, sounds, senses and origins (OntoLex, lexicog, lemonEty)."""

from __future__ import annotations

import re
from typing import Final

from pyoxigraph import NamedNode

from officegraph.model.dataset import Subject
from officegraph.model.namespaces import LEMONETY, LEXICOG, LEXINFO, ONTOLEX, PROV, RDF, RDFS, SKOS
from officegraph.web.pages.blocks import FormView, Lexicon, OriginView, SenseView
from officegraph.web.pages.concept import definition
from officegraph.web.pages.subject import Describer
from officegraph.web.pages.terms import Link, Text
from officegraph.web.pages.wording import _, counted

SENSES: Final = (ONTOLEX.sense, NamedNode(f"{ONTOLEX.iri}lexicalizedSense"))
_NUMBER: Final = re.compile(r"(\d+)")


def lexicon(page: Describer) -> Lexicon | None:
    """Return the forms, senses and origins of a lexical entry, or ``None`` where the resource has none."""
    statements, main = page.statements, page.main
    forms = statements.nodes(main, ONTOLEX.canonicalForm, ONTOLEX.otherForm, ONTOLEX.lexicalForm)
    senses = sorted(statements.nodes(main, *SENSES), key=lambda node: natural(node.value))
    origins = statements.nodes(main, LEMONETY.etymology)
    if not (forms or senses or origins):
        return None
    statements.take(main, ONTOLEX.canonicalForm, ONTOLEX.otherForm, ONTOLEX.lexicalForm, *SENSES, LEMONETY.etymology)
    return Lexicon(
        id="page-lexicon",
        title=_("Forms, senses and origin"),
        template="lexicon",
        count=counted("%(number)s sense", "%(number)s senses", len(senses)) if senses else "",
        forms=[_form(page, node) for node in forms],
        senses=[_sense(page, node) for node in senses],
        origins=[_origin(page, node) for node in origins],
    )


def natural(text: str) -> list[tuple[int, str]]:
    """Return what sorts ``text`` with its numbers by size: ``sense-2`` before ``sense-10``."""
    return [(int(part), "") if part.isdecimal() else (0, part) for part in _NUMBER.split(text)]


def _form(page: Describer, node: Subject) -> FormView:
    statements = page.statements
    sounds = page.texts(statements.literals(node, ONTOLEX.phoneticRep, LEXINFO.pronunciation))
    features: list[Link | Text] = [page.link(n) for n in statements.nodes(node, LEXINFO.number)]
    written = page.texts(statements.literals(node, ONTOLEX.writtenRep))
    return FormView(written, features, sounds, page.node(node, frozenset({page.main})))


def _sense(page: Describer, node: Subject) -> SenseView:
    statements = page.statements
    concepts = statements.nodes(node, ONTOLEX.isLexicalizedSenseOf, ONTOLEX.reference)
    text = definition(page, node)
    matches: list[Link] = []
    for concept in concepts:
        text = text or definition(page, concept)
        matches += [
            page.link(n)
            for n in statements.nodes(concept, SKOS.exactMatch, SKOS.closeMatch, SKOS.broadMatch, SKOS.relatedMatch)
        ]
    examples = statements.literals(node, LEXICOG.usageExample, SKOS.example)
    for example in statements.nodes(node, LEXICOG.usageExample):
        examples += statements.literals(example, RDF.value)
    link = page.link(node)
    return SenseView(
        anchor=link.iri.rpartition("/")[2].rpartition("#")[2],
        link=link,
        name=link.text if link.labelled else None,
        definition=text,
        usage=[page.link(n) for n in statements.nodes(node, LEXINFO.domain, LEXINFO.geographic, LEXINFO.register)],
        examples=page.texts(examples),
        concepts=list(dict.fromkeys(matches)),
        sources=[page.link(n) for n in statements.nodes(node, PROV.hadPrimarySource)],
        node=page.node(node, frozenset({page.main})),
    )


def _origin(page: Describer, node: Subject) -> OriginView:
    statements = page.statements
    return OriginView(
        name=page.terms.best(statements.literals(node, RDFS.label)),
        words=page.texts(statements.literals(node, SKOS.note, SKOS.definition, RDFS.comment)),
        sources=[page.link(n) for n in statements.nodes(node, PROV.hadPrimarySource)],
        node=page.node(node, frozenset({page.main})),
    )
