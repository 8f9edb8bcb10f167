"""Relations between concepts: the hierarchy, relatedness, collections and schemes."""

from __future__ import annotations

from collections.abc import Iterator

from pyoxigraph import Literal, Triple

from officegraph.model.dataset import Subject, Term
from officegraph.model.hierarchy import ClosureTooLargeError, ancestors, cycles, redundant, transitive_closure
from officegraph.model.namespaces import RDF, SKOS, SKOSXL
from officegraph.vocabulary.check.finding import Finding
from officegraph.vocabulary.check.view import MATCHES, SEMANTIC, View
from officegraph.vocabulary.entail import TRANSITIVE_LIMIT, XL_LABELS

_OBJECT_PROPERTIES = frozenset(
    {
        *SEMANTIC,
        *MATCHES,
        *XL_LABELS,
        SKOS.inScheme,
        SKOS.topConceptOf,
        SKOS.hasTopConcept,
        SKOS.member,
        SKOS.memberList,
        SKOS.mappingRelation,
        SKOSXL.labelRelation,
    }
)
_TRANSITIVE = (SKOS.broaderTransitive, SKOS.narrowerTransitive)


def check_relations(view: View) -> Iterator[Finding]:
    """Find relations that break the hierarchy, contradict each other, or leave a concept out."""
    yield from _literals(view)
    yield from _hierarchy(view)
    yield from _related_to_ancestor(view)
    yield from _itself(view)
    yield from _transitive(view)
    yield from _orphans(view)
    yield from _schemes(view)
    for collection, lists in view.index.objects_by_subject(SKOS.memberList).items():
        if len(lists) > 1:
            yield view.finding(
                "several-member-lists",
                collection,
                f"{view.names(collection)} has {len(lists)} lists of members",
                path=SKOS.memberList,
                value=lists[1],
            )


def _literals(view: View) -> Iterator[Finding]:
    for predicate in view.index.by_predicate:
        if predicate in _OBJECT_PROPERTIES or view.rules.get(predicate):
            for subject, value in view.index.pairs(predicate):
                if isinstance(value, Literal | Triple):
                    yield view.finding(
                        "relation-to-literal",
                        subject,
                        f"{view.names(subject)} has {view.names(predicate)} {view.names(value)}, which is no resource",
                        path=predicate,
                        value=value,
                    )


def _hierarchy(view: View) -> Iterator[Finding]:
    for path in cycles(view.broader):
        if len(path) > 1:
            start = min(range(len(path)), key=lambda place: str(path[place]))
            circle = path[start:] + path[:start]
            names = [view.names(concept) for concept in circle]
            if len(names) > 8:
                names[6:-1] = ["…"]
            yield view.finding(
                "hierarchy-cycle",
                circle[0],
                f"The broader concepts of {names[0]} lead back to it: {' → '.join([*names, names[0]])}",
                path=view.broader[circle[0]][circle[1]],
                value=circle[1],
            )
    for concept, target, between in redundant(view.broader):
        yield view.finding(
            "hierarchical-redundancy",
            concept,
            f"{view.names(concept)} has the broader concept {view.names(target)} directly "
            f"and by way of {view.names(between)}",
            path=view.broader[concept][target],
            value=target,
        )
    try:
        transitive_closure(view.above, limit=TRANSITIVE_LIMIT)
    except ClosureTooLargeError as error:
        yield view.finding("hierarchy-too-large", None, f"The hierarchy is deep: {error}")


def _related_to_ancestor(view: View) -> Iterator[Finding]:
    seen: set[tuple[Subject, Subject]] = set()
    for concept, related in view.related.items():
        if concept not in view.above:
            continue
        higher = ancestors(view.above, concept)
        for other, predicate in related.items():
            if other in higher and other != concept and (other, concept) not in seen:
                seen.add((concept, other))
                yield view.finding(
                    "related-to-ancestor",
                    concept,
                    f"{view.names(concept)} is related to {view.names(other)} ({view.names(predicate)}), "
                    f"which is above it in the hierarchy, {_steps(higher[other])} up",
                    path=predicate,
                    value=other,
                )


def _steps(count: int) -> str:
    return "one step" if count == 1 else f"{count} steps"


def _itself(view: View) -> Iterator[Finding]:
    for predicate in view.index.by_predicate:
        following = {property_ for property_, _ in view.rules.get(predicate, ())} | {predicate}
        if following.isdisjoint((*SEMANTIC, *MATCHES)):
            continue
        for subject, value in view.index.pairs(predicate):
            if subject == value:
                yield view.finding(
                    "related-to-itself",
                    subject,
                    f"{view.names(subject)} has {view.names(predicate)} to itself",
                    path=predicate,
                    value=value,
                )


def _transitive(view: View) -> Iterator[Finding]:
    for predicate in _TRANSITIVE:
        up = predicate == SKOS.broaderTransitive
        for subject, value in view.index.pairs(predicate):
            if isinstance(value, Literal | Triple):
                continue
            lower, upper = (subject, value) if up else (value, subject)
            if upper not in ancestors(view.broader, lower):
                yield view.finding(
                    "transitive-stated",
                    subject,
                    f"{view.names(subject)} has {view.names(predicate)} {view.names(value)}, "
                    "and no chain of broader concepts joins them",
                    path=predicate,
                    value=value,
                )


def _orphans(view: View) -> Iterator[Finding]:
    members = view.index.subjects_by_object(SKOS.member)
    below = set().union(*view.above.values()) if view.above else set()
    for concept in view.concepts:
        if not (
            concept in view.above
            or concept in below
            or concept in view.related
            or concept in view.top_concepts
            or concept in members
            or _has_relation(view, concept)
        ):
            yield view.finding(
                "orphan-concept",
                concept,
                f"{view.names(concept)} has no broader, narrower or related concept, "
                "is no top concept and in no collection",
            )


def _has_relation(view: View, concept: Subject) -> bool:
    """Return whether the concept is in a list of members, or in a semantic relation without a name."""
    return bool(
        view.index.subjects(RDF.first, concept)
        or view.index.objects(concept, SKOS.semanticRelation)
        or view.index.subjects(SKOS.semanticRelation, concept)
    )


def _schemes(view: View) -> Iterator[Finding]:
    for concept in view.concepts:
        if concept not in view.schemes_of:
            yield view.finding(
                "concept-without-scheme",
                concept,
                f"{view.names(concept)} is in no concept scheme",
                path=SKOS.inScheme,
            )
    for concept, schemes in view.top_concepts.items():
        for broader, predicate in view.broader.get(concept, {}).items():
            shared = [scheme for scheme in schemes if scheme in view.schemes_of.get(broader, ())]
            if shared and broader != concept:
                yield view.finding(
                    "top-concept-with-broader",
                    concept,
                    f"{view.names(concept)} is a top concept of {view.names(shared[0])} "
                    f"and has the broader concept {view.names(broader)} there",
                    path=predicate,
                    value=broader,
                )
    with_top: set[Term] = {scheme for schemes in view.top_concepts.values() for scheme in schemes}
    with_concepts = {scheme: None for schemes in view.schemes_of.values() for scheme in schemes}
    for scheme in view.schemes:
        if scheme in with_concepts and scheme not in with_top:
            yield view.finding(
                "scheme-without-top-concept",
                scheme,
                f"{view.names(scheme)} has concepts and no top concept",
                path=SKOS.hasTopConcept,
            )
