"""The word under the heading: part of speech, pronunciation, and which of its senses a concept is (OntoLex-Lemon)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from pyoxigraph import NamedNode

from officegraph.model.dataset import Subject
from officegraph.model.namespaces import LEXINFO, ONTOLEX, SKOS
from officegraph.web.pages.lexicon import SENSES, natural
from officegraph.web.pages.statements import Statements
from officegraph.web.pages.subject import Describer
from officegraph.web.pages.terms import Link, Text

MOST_CONCEPTS: Final = 4
"""Lexical concepts and entries that are looked up for one page."""

_MEANT: Final = (SKOS.exactMatch, SKOS.closeMatch)
_EVOKING: Final = (ONTOLEX.evokes, ONTOLEX.denotes)


@dataclass(frozen=True, slots=True)
class Headword:
    """A word as a dictionary heads its entry.

    Attributes:
        entry: Its lexical entry; ``None`` on the page of the entry itself.
        parts_of_speech: Its parts of speech.
        sounds: How it is said.
        sense: Number of the sense that the page is about; 0 if it is about none.
        senses: How many senses it has.
    """

    entry: Link | None
    parts_of_speech: Sequence[Link]
    sounds: Sequence[Text]
    sense: int = 0
    senses: int = 0


def headword(page: Describer, title: Text) -> Headword | None:
    """Return the word that names the resource, where the lexicon of the vocabulary has it."""
    if page.statements.nodes(page.main, *SENSES) or page.statements.nodes(page.main, ONTOLEX.canonicalForm):
        return _read(page, page.statements, page.main, None, ())
    for meaning, entry in _entries(page, title)[:MOST_CONCEPTS]:
        statements = Statements(page.site.statements(entry.value))
        if statements.nodes(entry, *SENSES):
            return _read(page, statements, entry, page.link(entry), (page.main, meaning))
    return None


def _entries(page: Describer, title: Text) -> list[tuple[Subject, NamedNode]]:
    """Return the entries that are spelled like ``title``, each with the meaning by which it leads to the resource."""
    found = [(page.main, node) for node in page.statements.subjects_of(page.main, *_EVOKING)]
    meanings = [*page.statements.nodes(page.main, *_MEANT), *page.statements.subjects_of(page.main, *_MEANT)]
    local = [node for node in dict.fromkeys(meanings) if isinstance(node, NamedNode) and _is_here(page, node)]
    for meaning in local[:MOST_CONCEPTS]:
        statements = Statements(page.site.statements(meaning.value))
        found += [(meaning, node) for node in statements.subjects_of(meaning, *_EVOKING)]
    spelled = title.value.casefold()
    return [
        (meaning, node)
        for meaning, node in found
        if isinstance(node, NamedNode) and page.terms.link(node.value).text.value.casefold() == spelled
    ]


def _is_here(page: Describer, node: NamedNode) -> bool:
    return not page.site.href(node.value)[1] and node.value.startswith(page.site.base)


def _read(
    page: Describer, statements: Statements, entry: Subject, link: Link | None, meanings: Sequence[Subject]
) -> Headword | None:
    parts = [page.link(node) for node in statements.nodes(entry, LEXINFO.partOfSpeech)]
    sounds = [
        literal
        for form in statements.nodes(entry, ONTOLEX.canonicalForm)
        for literal in statements.literals(form, ONTOLEX.phoneticRep, LEXINFO.pronunciation)
    ]
    senses = sorted(statements.nodes(entry, *SENSES), key=lambda node: natural(node.value))
    number = next(
        (
            place
            for place, sense in enumerate(senses, start=1)
            if any(
                node in meanings for node in statements.nodes(sense, ONTOLEX.isLexicalizedSenseOf, ONTOLEX.reference)
            )
        ),
        0,
    )
    if not parts and not sounds and not number:
        return None
    return Headword(link, parts, page.texts(sounds), number, len(senses))
