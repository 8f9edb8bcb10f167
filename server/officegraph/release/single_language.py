"""The part of a vocabulary that is in one language, for tools that take one label and one definition a concept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from officegraph.model.dataset import Subject
from officegraph.model.languages import best_literal
from officegraph.model.namespaces import DCTERMS, RDFS, SKOS, SKOSXL
from officegraph.vocabulary.write.graph import Properties
from officegraph.vocabulary.write.terms import lexical_form, literal

ONE_EACH: Final = frozenset({SKOS.prefLabel, SKOS.definition, RDFS.label, DCTERMS.title})
"""Properties that keep exactly one value: the one in the language, else the next best.

In several languages a concept has a preferred label in each (SKOS, S14); in one language it has one.
"""

_ONE_EACH: Final = frozenset(map(str, ONE_EACH))


def in_language(triples: Sequence[Triple], language: str) -> list[Triple]:
    """Return ``triples`` without what is said in other languages than ``language``.

    A variant (``en-GB``) belongs to its language (RFC 4647, section 3.3.1), and text without a language stays.
    The properties of :data:`ONE_EACH` keep one value, in another language if there is none in this
    one, so that nothing loses its name. SKOS-XL labels go with their literal forms: the preferred label keeps
    the one that says the same (SKOS, S55), the others those of the language.

    >>> label = lambda text, tag: Triple(SKOS.Concept, SKOS.prefLabel, Literal(text, language=tag))
    >>> [t.object.value for t in in_language([label("settlement", "en"), label("Abwicklung", "de")], "en")]
    ['settlement']
    """
    chosen = _chosen(triples, language)
    dropped = _dropped_labels(triples, chosen, language)
    kept = []
    for triple in triples:
        subject, predicate, value = triple
        if subject in dropped or value in dropped:
            continue
        if isinstance(value, Literal):
            if predicate in ONE_EACH:
                if value not in chosen[subject, predicate]:
                    continue
            elif value.language is not None and predicate != SKOSXL.literalForm and not _speaks(value, language):
                continue
        kept.append(triple)
    return _without_hollow_nodes(kept, triples)


def spoken_properties(properties: Properties, language: str) -> Properties:
    """Return what :func:`in_language` keeps of one resource, which neither has nor is a SKOS-XL label.

    Args:
        properties: Properties of the resource, each with its objects, in N-Triples; no object is a blank node.
        language: The language.
    """
    kept: Properties = []
    for predicate, objects in properties:
        texts = [value for value in objects if value.startswith('"')]
        if not texts:
            kept.append((predicate, objects))
            continue
        if predicate in _ONE_EACH:
            said = {_best(texts, language)}
        else:
            said = {text for text in texts if _is_spoken(literal(text).language or language, language)}
        remaining = [value for value in objects if not value.startswith('"') or value in said]
        if remaining:
            kept.append((predicate, remaining))
    return kept


def _best(texts: Sequence[str], language: str) -> str:
    """Return that of ``texts``, literals in N-Triples, which suits ``language`` best."""
    if len(texts) == 1:
        return texts[0]
    literals: dict[Literal, str] = {}
    for text in texts:
        quoted, tag, _, _ = literal(text)
        literals[Literal(lexical_form(quoted), language=tag) if tag else Literal(lexical_form(quoted))] = text
    best = best_literal(literals, [language], None)
    return texts[0] if best is None else literals[best]


_Chosen = Mapping[tuple[Subject, NamedNode], frozenset[Literal]]


def _chosen(triples: Sequence[Triple], language: str) -> _Chosen:
    """Return the values that each subject keeps of the properties of :data:`ONE_EACH`; of text, one."""
    values: dict[tuple[Subject, NamedNode], list[Literal]] = {}
    for subject, predicate, value in triples:
        if predicate in ONE_EACH and isinstance(value, Literal):
            values.setdefault((subject, predicate), []).append(value)
    chosen = {}
    for key, literals in values.items():
        best = best_literal(literals, [language], None)
        chosen[key] = frozenset() if best is None else frozenset({best})
    return chosen


def _dropped_labels(
    triples: Sequence[Triple], chosen: _Chosen, language: str
) -> frozenset[NamedNode | BlankNode | Triple]:
    """Return the SKOS-XL labels that are in other languages, or are not the preferred label that is kept."""
    forms = {s: o for s, p, o in triples if p == SKOSXL.literalForm and isinstance(o, Literal)}
    dropped: set[NamedNode | BlankNode | Triple] = set()
    for label, form in forms.items():
        if not _speaks(form, language):
            dropped.add(label)
    for subject, predicate, label in triples:
        if predicate == SKOSXL.prefLabel and isinstance(label, NamedNode | BlankNode) and label in forms:
            preferred = chosen.get((subject, SKOS.prefLabel))
            if preferred is not None and forms[label] in preferred:
                dropped.discard(label)
            elif preferred is not None:
                dropped.add(label)
    return frozenset(dropped)


def _without_hollow_nodes(kept: list[Triple], triples: Sequence[Triple]) -> list[Triple]:
    """Return ``kept`` without links to blank nodes of which nothing is left, such as a note in another language."""
    before = {triple.subject for triple in triples if isinstance(triple.subject, BlankNode)}
    while hollow := before - {triple.subject for triple in kept}:
        before -= hollow
        kept = [triple for triple in kept if triple.object not in hollow]
    return kept


def _speaks(text: Literal, language: str) -> bool:
    """Tell whether ``text`` is in ``language``, in a variant of it, or in no language."""
    return _is_spoken(text.language or language, language)


def _is_spoken(tag: str, language: str) -> bool:
    """Tell whether ``tag`` is that of ``language`` or of a variant of it."""
    tag, language = tag.lower(), language.lower()
    return tag == language or tag.startswith(f"{language}-")
