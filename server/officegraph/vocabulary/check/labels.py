"""Labels, definitions and notations: SKOS S12 to S14, SKOS-XL, and what readers need."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from itertools import combinations

from pyoxigraph import Literal, NamedNode, Triple

from officegraph.model.dataset import Subject
from officegraph.model.namespaces import RDF, SKOS, SKOSXL, XSD
from officegraph.vocabulary.check.finding import Finding
from officegraph.vocabulary.check.view import LABELS, View
from officegraph.vocabulary.entail import XL_LABELS

_DEFINING = (SKOS.definition, SKOS.scopeNote)
_PLAIN = frozenset({XSD.string, RDF.langString, RDF.dirLangString})


def check_labels(view: View) -> Iterator[Finding]:
    """Find labels that clash, are missing, or cannot be read."""
    yield from _properties_that_overlap(view)
    yield from _several_preferred(view)
    yield from _text(view)
    yield from _missing(view)
    yield from _shared(view)
    yield from _notations(view)
    yield from _xl(view)


def _properties_that_overlap(view: View) -> Iterator[Finding]:
    explained = {
        (resource, form)
        for resource, label, *_ in _linked_twice(view)
        for form in view.index.objects(label, SKOSXL.literalForm)
    }
    for first, second in combinations(LABELS, 2):
        others = view.labels[second]
        for resource, labels in view.labels[first].items():
            for label in set(labels).intersection(others.get(resource, ())):
                if (resource, label) not in explained:
                    yield view.finding(
                        "label-properties-overlap",
                        resource,
                        f"{view.names(resource)} has {view.names(label)} as {view.names(first)} "
                        f"and as {view.names(second)}",
                        path=second,
                        value=label,
                    )


def _several_preferred(view: View) -> Iterator[Finding]:
    for resource, labels in view.labels[SKOS.prefLabel].items():
        if len(labels) < 2:
            continue
        by_language: dict[str | None, list[Literal]] = {}
        for label in labels:
            by_language.setdefault(label.language, []).append(label)
        for language, several in by_language.items():
            if len(several) > 1:
                tag = f"in {language}" if language else "without a language"
                yield view.finding(
                    "several-preferred-labels",
                    resource,
                    f"{view.names(resource)} has {len(several)} preferred labels {tag}: {view.listed(several)}",
                    path=SKOS.prefLabel,
                    value=several[1],
                )


def _text(view: View) -> Iterator[Finding]:
    for property_ in (*LABELS, SKOSXL.literalForm):
        for resource, label in view.index.pairs(property_):
            problem = None
            if not isinstance(label, Literal):
                problem = "label-not-plain", "which is no text"
            elif not label.language and label.datatype not in _PLAIN:
                problem = "label-not-plain", "which has a datatype"
            elif not label.value.strip():
                problem = "empty-label", "which is empty"
            elif not (label.value.isprintable() and label.value.isascii()) and any(map(_is_control, label.value)):
                problem = "control-character-in-label", "which holds a control character or a broken one"
            elif not label.language and property_ != SKOSXL.literalForm:
                problem = "label-without-language", "which has no language tag"
            if problem:
                code, what = problem
                yield view.finding(
                    code,
                    resource,
                    f"{view.names(resource)} has {view.names(property_)} {view.names(label)}, {what}",
                    path=property_,
                    value=label,
                )


def _is_control(character: str) -> bool:
    """Return whether a character is a control, or the one that stands for broken text."""
    return unicodedata.category(character) == "Cc" or character == "\ufffd"


def _missing(view: View) -> Iterator[Finding]:
    preferred = view.labels[SKOS.prefLabel]
    for resources, name in (
        (view.concepts, "concept"),
        (view.schemes, "concept scheme"),
        (view.collections, "collection"),
    ):
        for resource in resources:
            if resource not in preferred and not view.index.objects(resource, SKOS.prefLabel):
                yield view.finding(
                    "missing-preferred-label",
                    resource,
                    f"The {name} {view.names(resource)} has no preferred label",
                    path=SKOS.prefLabel,
                )
    for concept in view.concepts:
        if not any(view.index.objects(concept, property_) for property_ in _DEFINING):
            yield view.finding(
                "missing-definition",
                concept,
                f"{view.names(concept)} has no definition and no scope note",
                path=SKOS.definition,
            )


def _shared(view: View) -> Iterator[Finding]:
    preferred: dict[tuple[Subject | None, Literal], list[Subject]] = {}
    for concept in view.concepts:
        for label in view.labels[SKOS.prefLabel].get(concept, ()):
            for scheme in view.schemes_of.get(concept, (None,)):
                preferred.setdefault((scheme, label), []).append(concept)
    for (scheme, label), concepts in preferred.items():
        for other in concepts[1:]:
            where = f" in {view.names(scheme)}" if scheme is not None else ""
            yield view.finding(
                "duplicate-preferred-label",
                other,
                f"{view.names(other)} has the preferred label {view.names(label)} of {view.names(concepts[0])}{where}",
                path=SKOS.prefLabel,
                value=label,
            )
    for concept in view.concepts:
        for label in view.labels[SKOS.altLabel].get(concept, ()):
            others = {
                other: scheme
                for scheme in view.schemes_of.get(concept, (None,))
                for other in preferred.get((scheme, label), ())
                if other != concept
            }
            for other in others:
                yield view.finding(
                    "overlapping-labels",
                    concept,
                    f"{view.names(concept)} has the alternative label {view.names(label)}, "
                    f"which is the preferred label of {view.names(other)}",
                    path=SKOS.altLabel,
                    value=label,
                )


def _notations(view: View) -> Iterator[Finding]:
    first: dict[tuple[Subject | None, Literal], Subject] = {}
    notations = view.index.objects_by_subject(SKOS.notation)
    for concept in view.concepts:
        for notation in notations.get(concept, ()):
            if not isinstance(notation, Literal):
                continue
            for scheme in view.schemes_of.get(concept, (None,)):
                other = first.setdefault((scheme, notation), concept)
                if other != concept:
                    yield view.finding(
                        "duplicate-notation",
                        concept,
                        f"{view.names(concept)} has the notation {view.names(notation)} of {view.names(other)}",
                        path=SKOS.notation,
                        value=notation,
                    )


def _xl(view: View) -> Iterator[Finding]:
    labels = {
        **view.instances(SKOSXL.Label),
        **dict.fromkeys(label for links in _xl_links(view).values() for _, label in links),
        **dict.fromkeys(view.index.objects_by_subject(SKOSXL.literalForm)),
    }
    for label in labels:
        forms = view.index.objects(label, SKOSXL.literalForm)
        if len(forms) == 1 or (not forms and not view.is_own(label)):
            continue
        what = f"{len(forms)} literal forms: {view.listed(forms)}" if forms else "no literal form"
        yield view.finding(
            "literal-form-count",
            label,
            f"The label {view.names(label)} has {what}",
            path=SKOSXL.literalForm,
            value=forms[1] if forms else None,
        )
    for resource, label, first, second in _linked_twice(view):
        yield view.finding(
            "xl-label-properties-overlap",
            resource,
            f"{view.names(resource)} has the label {view.names(label)} by {view.names(first)} "
            f"and by {view.names(second)}",
            path=second,
            value=label,
        )


def _xl_links(view: View) -> dict[NamedNode, dict[tuple[Subject, Subject], None]]:
    """Return resource and label of each SKOS-XL link, by property."""
    return {
        property_: {
            (resource, label): None
            for resource, label in view.index.pairs(property_)
            if not isinstance(label, Literal | Triple)
        }
        for property_ in XL_LABELS
    }


def _linked_twice(view: View) -> Iterator[tuple[Subject, Subject, NamedNode, NamedNode]]:
    """Yield resource and SKOS-XL label that two properties join, with these."""
    links = _xl_links(view)
    for first, second in combinations(links, 2):
        for resource, label in links[first]:
            if (resource, label) in links[second]:
                yield resource, label, first, second
