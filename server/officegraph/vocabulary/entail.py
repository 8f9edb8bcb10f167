"""What SKOS entails, made into triples for consumers that do not reason.

What is made, with the statement of the SKOS Reference (W3C Recommendation, 2009-08-18):

* inverses: ``broader``/``narrower`` (S25), ``topConceptOf``/``hasTopConcept`` (S8),
  ``broadMatch``/``narrowMatch`` (S43), ``broaderTransitive``/``narrowerTransitive`` (S26);
* both directions of ``related`` (S23), ``exactMatch``, ``closeMatch``, ``relatedMatch`` (S44) and
  ``skosxl:labelRelation`` (S62), also where the subject of the new triple is a foreign resource;
* ``inScheme`` from ``topConceptOf`` (S7);
* ``broaderTransitive`` and ``narrowerTransitive`` from ``broader`` and ``narrower`` (S22, S24): all
  levels, and not reflexive;
* ``member`` from ``memberList`` (S36), ``skos:Collection`` from ``skos:OrderedCollection`` (S29);
* plain labels from SKOS-XL labels (S55 to S57);
* the SKOS relation above a property that the data, or ISO 25964 as SKOS (``iso-thes``), declare to be
  its ``rdfs:subPropertyOf``, with the ``owl:inverseOf`` and ``owl:SymmetricProperty`` of such properties.

What is left out on purpose, although SKOS entails it:

* ``semanticRelation`` and ``mappingRelation`` (S21, S39, S40), which tell nobody anything;
* ``broader`` from ``broadMatch``, ``narrower`` from ``narrowMatch``, ``related`` from ``relatedMatch`` (S41):
  they would pull the concepts of other vocabularies into the hierarchy of this one;
* ``closeMatch`` from ``exactMatch`` (S42) and the transitive closure of ``exactMatch`` (S45);
* ``related`` between a concept and its ancestor, which contradicts S27: the check reports it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Final

from pyoxigraph import Literal, NamedNode, Triple

from officegraph.model.dataset import Subject, Term
from officegraph.model.hierarchy import ClosureTooLargeError, ancestors, transitive_closure
from officegraph.model.index import TripleIndex
from officegraph.model.namespaces import ISO_THES, OWL, RDF, RDFS, SKOS, SKOSXL
from officegraph.vocabulary.collector import collector_paused

TRANSITIVE_LIMIT: Final = 20_000_000
"""Pairs of a concept and an ancestor above which the transitive relations are not made."""

SUB_PROPERTIES: Final[Mapping[NamedNode, NamedNode]] = {
    SKOS.topConceptOf: SKOS.inScheme,
    ISO_THES.broaderGeneric: SKOS.broader,
    ISO_THES.broaderInstantial: SKOS.broader,
    ISO_THES.broaderPartitive: SKOS.broader,
    ISO_THES.narrowerGeneric: SKOS.narrower,
    ISO_THES.narrowerInstantial: SKOS.narrower,
    ISO_THES.narrowerPartitive: SKOS.narrower,
}
"""Sub-properties that need no declaration in the data, and what they are sub-properties of."""

_INVERSE_PAIRS: Final = (
    (SKOS.broader, SKOS.narrower),
    (SKOS.broaderTransitive, SKOS.narrowerTransitive),
    (SKOS.topConceptOf, SKOS.hasTopConcept),
    (SKOS.broadMatch, SKOS.narrowMatch),
    (ISO_THES.broaderGeneric, ISO_THES.narrowerGeneric),
    (ISO_THES.broaderInstantial, ISO_THES.narrowerInstantial),
    (ISO_THES.broaderPartitive, ISO_THES.narrowerPartitive),
)
INVERSES: Final[Mapping[NamedNode, NamedNode]] = {
    **dict(_INVERSE_PAIRS),
    **{second: first for first, second in _INVERSE_PAIRS},
}
"""Properties and their inverses."""

SYMMETRIC: Final = frozenset({SKOS.related, SKOS.exactMatch, SKOS.closeMatch, SKOS.relatedMatch, SKOSXL.labelRelation})
"""Properties that hold in both directions."""

_STANDARD: Final = frozenset({*INVERSES, *SYMMETRIC, *SUB_PROPERTIES, SKOS.inScheme})

XL_LABELS: Final[Mapping[NamedNode, NamedNode]] = {
    SKOSXL.prefLabel: SKOS.prefLabel,
    SKOSXL.altLabel: SKOS.altLabel,
    SKOSXL.hiddenLabel: SKOS.hiddenLabel,
}
"""SKOS-XL label properties and the plain properties that they stand for (S55 to S57)."""

Consequence = tuple[NamedNode, bool]
"""A property that follows, and whether subject and object change places."""


def consequences(index: TripleIndex) -> dict[NamedNode, list[Consequence]]:
    """Return what follows from one triple alone, by its predicate.

    Args:
        index: The triples, with the ``rdfs:subPropertyOf``, ``owl:inverseOf`` and
            ``owl:SymmetricProperty`` that they declare. Declarations about SKOS itself are ignored:
            they are built in, but for those that the module leaves out.

    Returns:
        For each predicate in use that is, or is declared to be below, a SKOS relation: the properties
        that follow, without the predicate in its own direction.
    """
    above: dict[NamedNode, list[NamedNode]] = {property_: [superior] for property_, superior in SUB_PROPERTIES.items()}
    for property_, superior in index.pairs(RDFS.subPropertyOf):
        if (
            isinstance(property_, NamedNode)
            and isinstance(superior, NamedNode)
            and property_ not in SKOS
            and property_ not in SKOSXL
        ):
            above.setdefault(property_, []).append(superior)
    inverses: dict[NamedNode, list[NamedNode]] = {first: [second] for first, second in INVERSES.items()}
    for first, second in index.pairs(OWL.inverseOf):
        if isinstance(first, NamedNode) and isinstance(second, NamedNode):
            inverses.setdefault(first, []).append(second)
            inverses.setdefault(second, []).append(first)
    symmetric = {*SYMMETRIC, *index.instances(OWL.SymmetricProperty)}

    result: dict[NamedNode, list[Consequence]] = {}
    for predicate in index.by_predicate:
        found: dict[Consequence, None] = {(predicate, False): None}
        for property_, swapped in (queue := list(found)):
            following: list[Consequence] = [(superior, swapped) for superior in above.get(property_, ())]
            following += [(inverse, not swapped) for inverse in inverses.get(property_, ())]
            if property_ in symmetric:
                following.append((property_, not swapped))
            for consequence in following:
                if consequence not in found:
                    found[consequence] = None
                    queue.append(consequence)
        del found[predicate, False]
        if predicate in _STANDARD or any(property_ in _STANDARD for property_, _ in found):
            result[predicate] = list(found)
    return result


def edges(
    index: TripleIndex, target: NamedNode, rules: Mapping[NamedNode, Sequence[Consequence]] | None = None
) -> dict[Subject, dict[Subject, NamedNode]]:
    """Return all pairs that stand in the relation ``target``, stated or entailed by one triple.

    Args:
        index: The triples.
        target: Relation such as ``skos:broader``.
        rules: What :func:`consequences` returns for the index, if it is at hand.

    Returns:
        For each subject its objects, with the predicate of the first triple that says so.
    """
    result: dict[Subject, dict[Subject, NamedNode]] = {}
    for predicate, following in (consequences(index) if rules is None else rules).items():
        directions = [swapped for property_, swapped in following if property_ == target]
        if predicate == target:
            directions.insert(0, False)
        for swapped in directions:
            for subject, value in index.pairs(predicate):
                if isinstance(value, Literal | Triple):
                    continue
                first, second = (value, subject) if swapped else (subject, value)
                result.setdefault(first, {}).setdefault(second, predicate)
    return result


def ancestry(
    index: TripleIndex, rules: Mapping[NamedNode, Sequence[Consequence]] | None = None
) -> dict[Subject, dict[Subject, NamedNode]]:
    """Return the steps whose transitive closure is ``skos:broaderTransitive`` (S22, S24).

    Args:
        index: The triples.
        rules: What :func:`consequences` returns for the index, if it is at hand.

    Returns:
        For each concept those above it by ``broader`` or by a stated ``broaderTransitive``, with the
        predicate of the first triple that says so.
    """
    rules = consequences(index) if rules is None else rules
    above = edges(index, SKOS.broader, rules)
    for node, targets in edges(index, SKOS.broaderTransitive, rules).items():
        for target, predicate in targets.items():
            above.setdefault(node, {}).setdefault(target, predicate)
    return above


def xl_labels(index: TripleIndex) -> Iterable[tuple[Subject, NamedNode, Literal, Subject]]:
    """Yield the plain labels that SKOS-XL labels stand for.

    Args:
        index: The triples.

    Yields:
        Resource, plain label property, literal form, and the resource of the label.
    """
    forms = index.objects_by_subject(SKOSXL.literalForm)
    for property_, plain in XL_LABELS.items():
        for resource, label in index.pairs(property_):
            if isinstance(label, Literal | Triple):
                continue
            for form in forms.get(label, ()):
                if isinstance(form, Literal):
                    yield resource, plain, form, label


class _Additions:
    """Tells what is new; it is taken away in the order in which it was found."""

    def __init__(self, index: TripleIndex) -> None:
        self._index = index
        self._known: dict[NamedNode, set[tuple[Term, Term]]] = {}
        self._new: list[Triple] = []

    def take(self) -> list[Triple]:
        """Return the triples that were added since the last call."""
        found, self._new = self._new, []
        return found

    def knows(self, predicate: NamedNode) -> bool:
        """Return whether there is a triple with ``predicate``, given or added."""
        return bool(self._known.get(predicate) or self._index.pairs(predicate))

    def add(self, subject: Term, predicate: NamedNode, value: Term) -> None:
        """Take the triple in unless it is known, or is none because its subject is a literal."""
        if isinstance(subject, Literal | Triple):
            return
        known = self._known.get(predicate)
        if known is None:
            known = self._known[predicate] = set(self._index.pairs(predicate))
        pair = (subject, value)
        if pair not in known:
            known.add(pair)
            self._new.append(Triple(subject, predicate, value))


def entail(triples: Sequence[Triple], *, transitive_limit: int = TRANSITIVE_LIMIT) -> list[Triple]:
    """Return what the triples entail by SKOS and do not say themselves.

    The module says which entailments are made. Time is linear in the number of triples given and made;
    cycles of broader concepts do no harm (all concepts of a cycle are ancestors of each other).

    Args:
        triples: A graph; blank nodes of different sources are apart already.
        transitive_limit: Pairs of a concept and an ancestor above which the transitive relations are
            left out: their number may grow with the square of the depth.

    Returns:
        The new triples, without repetition, in an order that depends on that of ``triples`` alone.
    """
    with collector_paused():
        return list(entail_from(TripleIndex(triples), transitive_limit=transitive_limit))


def entail_from(index: TripleIndex, *, transitive_limit: int = TRANSITIVE_LIMIT) -> Iterator[Triple]:
    """Yield what :func:`entail` returns, for triples that are indexed already; there may be many more of them."""
    rules = consequences(index)
    additions = _Additions(index)
    add = additions.add

    above = ancestry(index, rules)
    closure: Mapping[Subject, Collection[Subject]] | None
    try:
        closure = transitive_closure(above, limit=transitive_limit)
    except ClosureTooLargeError:
        closure = None

    def is_ancestor(concept: Term, other: Term) -> bool:
        if isinstance(concept, Literal | Triple) or isinstance(other, Literal | Triple):
            return False
        return other in (ancestors(above, concept) if closure is None else closure.get(concept, ()))

    for predicate, following in rules.items():
        for property_, swapped in following:
            guarded = property_ == SKOS.related
            for subject, value in index.pairs(predicate):
                if guarded and (is_ancestor(subject, value) or is_ancestor(value, subject)):
                    continue
                if swapped:
                    add(value, property_, subject)
                else:
                    add(subject, property_, value)
            yield from additions.take()

    for collection, head in index.pairs(SKOS.memberList):
        for member in index.rdf_list(head):
            add(collection, SKOS.member, member)
    for collection in index.instances(SKOS.OrderedCollection):
        add(collection, RDF.type, SKOS.Collection)
    for resource, plain, form, _ in xl_labels(index):
        add(resource, plain, form)
    yield from additions.take()

    pairs = closure or {}
    above_all, below_all = SKOS.broaderTransitive, SKOS.narrowerTransitive
    if not additions.knows(above_all) and not additions.knows(below_all):
        # The closure does not repeat a pair, and there are many.
        for concept, reached in pairs.items():
            for ancestor in reached:
                yield Triple(concept, above_all, ancestor)
                yield Triple(ancestor, below_all, concept)
        return
    for concept, reached in pairs.items():
        for ancestor in reached:
            add(concept, above_all, ancestor)
            add(ancestor, below_all, concept)
        yield from additions.take()
