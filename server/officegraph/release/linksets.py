"""Linksets that the sources describe: links of one property to one other data set (VoID, section 5)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from pyoxigraph import Literal, NamedNode, Triple

from officegraph.model.dataset import Subject, Term
from officegraph.model.namespaces import RDF, VOID

LinksetKey = tuple[str, str]
"""What tells linksets of a data set apart: the IRI of the property, the ``void:uriSpace`` of the target."""


def stated_linksets(statements: Iterable[Triple], dataset: NamedNode) -> dict[LinksetKey, Subject]:
    """Find the linksets of ``dataset`` whose links can be told from their description, and so be counted.

    These have one ``void:linkPredicate``, a ``void:objectsTarget`` with one ``void:uriSpace``, and no other
    ``void:subjectsTarget`` than the data set. Where two linksets have the same property and target, it
    cannot be told which of the links are in which, and neither is returned.

    Args:
        statements: What is said of the data set, its linksets and their targets.
        dataset: The data set that the links start from.
    """
    values: dict[tuple[Term, NamedNode], set[Term]] = defaultdict(set)
    linksets: dict[Subject, None] = {}
    for subject, predicate, value in statements:
        if predicate in _USED:
            values[subject, predicate].add(value)
        elif predicate == RDF.type and value == VOID.Linkset:
            linksets[subject] = None
    found: dict[LinksetKey, list[Subject]] = defaultdict(list)
    for linkset in linksets:
        starts = values[linkset, VOID.subjectsTarget]
        predicates = values[linkset, VOID.linkPredicate]
        spaces = {space for target in values[linkset, VOID.objectsTarget] for space in values[target, VOID.uriSpace]}
        if starts <= {dataset} and len(predicates) == len(spaces) == 1:
            (predicate,), (space,) = predicates, spaces
            if isinstance(predicate, NamedNode) and isinstance(space, Literal):
                found[predicate.value, space.value].append(linkset)
    return {key: same[0] for key, same in found.items() if len(same) == 1}


_USED = frozenset((VOID.subjectsTarget, VOID.objectsTarget, VOID.linkPredicate, VOID.uriSpace))
