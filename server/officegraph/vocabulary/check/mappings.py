"""Mappings to other vocabularies."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from officegraph.model.dataset import Subject, Term
from officegraph.model.namespaces import SKOS
from officegraph.vocabulary.check.finding import Finding
from officegraph.vocabulary.check.view import MATCHES, View

_CLASHING = (SKOS.broadMatch, SKOS.narrowMatch, SKOS.relatedMatch)


def check_mappings(view: View) -> Iterator[Finding]:
    """Find mappings that contradict each other (S45, S46) or should be semantic relations."""
    yield from _clashes(view)
    yield from _within_schemes(view)
    yield from _several(view)


def _clashes(view: View) -> Iterator[Finding]:
    exact = view.matches[SKOS.exactMatch]
    group = _groups(exact)
    seen: set[tuple[Subject, Subject]] = set()
    for relation in _CLASHING:
        for concept, targets in view.matches[relation].items():
            if concept not in group:
                continue
            for target, predicate in targets.items():
                if target == concept or group.get(target) != group[concept] or (target, concept) in seen:
                    continue
                seen.add((concept, target))
                way = "" if target in exact[concept] else " by way of other exact matches"
                yield view.finding(
                    "exact-match-clash",
                    concept,
                    f"{view.names(concept)} and {view.names(target)} match exactly{way}, "
                    f"and by {view.names(predicate)}",
                    path=predicate,
                    value=target,
                )


def _groups(exact: Mapping[Subject, Mapping[Subject, object]]) -> dict[Term, int]:
    """Number the groups of concepts that exact matches join, in both directions and transitively (S44, S45)."""
    group: dict[Term, int] = {}
    for start in exact:
        if start in group:
            continue
        number = len(group)
        group[start] = number
        waiting = [start]
        while waiting:
            for target in exact.get(waiting.pop(), ()):
                if target not in group:
                    group[target] = number
                    waiting.append(target)
    return group


def _within_schemes(view: View) -> Iterator[Finding]:
    seen: set[tuple[Subject, Subject]] = set()
    for relation in MATCHES:
        for concept, targets in view.matches[relation].items():
            schemes = view.schemes_of.get(concept)
            if not schemes:
                continue
            for target, predicate in targets.items():
                shared = [scheme for scheme in view.schemes_of.get(target, ()) if scheme in schemes]
                if shared and target != concept and (target, concept) not in seen:
                    seen.add((concept, target))
                    yield view.finding(
                        "mapping-within-scheme",
                        concept,
                        f"{view.names(concept)} has {view.names(predicate)} {view.names(target)}, "
                        f"and both are in {view.names(shared[0])}",
                        path=predicate,
                        value=target,
                    )


def _several(view: View) -> Iterator[Finding]:
    by_target: dict[Subject, list[Subject]] = {}
    for concept, targets in view.matches[SKOS.exactMatch].items():
        if concept not in view.concepts:
            continue
        by_namespace: dict[str, list[Subject]] = {}
        for target in targets:
            if target not in view.concepts:
                by_target.setdefault(target, []).append(concept)
                by_namespace.setdefault(_namespace(target), []).append(target)
        for several in by_namespace.values():
            if len(several) > 1:
                yield view.finding(
                    "several-exact-matches",
                    concept,
                    f"{view.names(concept)} matches {len(several)} concepts of one vocabulary exactly: "
                    f"{view.listed(several)}",
                    path=SKOS.exactMatch,
                    value=several[1],
                )
    for target, concepts in by_target.items():
        if len(concepts) > 1:
            yield view.finding(
                "shared-exact-match",
                concepts[0],
                f"{view.listed(concepts)} match {view.names(target)} exactly, and so each other",
                path=SKOS.exactMatch,
                value=target,
            )


def _namespace(resource: Subject) -> str:
    """Return the IRI of ``resource`` without its last part."""
    iri = resource.value
    return iri[: max(iri.rfind("#"), iri.rfind("/")) + 1]
