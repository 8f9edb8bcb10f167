"""The usual office of each function, derived from placements by the published rule.

The rule is ``ofo:usualOfficeRule`` in the ontology; the functions below follow its steps:

1. Take the placements of the function in the segment; for the overall office those of all segments.
2. Leave out those made with a reservation (``ofo:extent`` other than ``ofo:all``) where others exist, and
   keep those of the highest reliability present: high before medium before low. Founding texts decide only
   where no other source speaks.
3. Each independent source has one vote for each office that it names. Sources that are derived from one
   another, or from the same one, or that have the same publisher, vote as one.
4. The office with the most votes is the usual office; equal votes give none.
5. A function without placements takes the usual office of the nearest broader function that has any, if
   the broader functions at that distance agree, and the result is marked as inherited. What was placed
   with reservations only (``ofo:extent`` other than ``ofo:all``) says nothing about narrower functions and
   is not inherited.
6. The result is contested when a placement of whatever weight names another office, or the votes are equal.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final
from urllib.parse import quote

from pyoxigraph import Literal, NamedNode, Triple

from officegraph.model.dataset import Subject, Term
from officegraph.model.hierarchy import ancestors
from officegraph.model.index import TripleIndex
from officegraph.model.namespaces import DCTERMS, OWL, PROV, RDF, RDFS, SKOS, XSD, Namespace
from officegraph.vocabulary.entail import edges
from officegraph.vocabulary.office_views import office_views

ONTOLOGY: Final = "ontology#"
"""How the namespace of the ontology ends; what comes before it is the base of the graph."""

LEVELS: Final = ("high", "medium", "low", "founding")
"""Reliability levels, the weightiest first."""


@dataclass(frozen=True, slots=True)
class _Placement:
    """A claim as it counts: who places what where, for which segment, with which weight."""

    node: Subject
    function: NamedNode
    office: NamedNode
    segment: NamedNode
    votes: tuple[tuple[int, Subject], ...]
    """Rank of the level and the group of sources that votes as one, for each source."""
    reserved: bool
    """Whether the source places a part of the function only."""


@dataclass(frozen=True, slots=True)
class _Usual:
    """The outcome of the rule for one function and one segment, or overall.

    What it is derived from are placements, or, where it is inherited, the functions it is inherited from.
    """

    office: NamedNode | None
    contested: bool
    derived_from: tuple[Subject, ...]
    votes: tuple[int, int] | None = None
    heritable: bool = True
    inherited: bool = False


_Outcomes = Mapping[tuple[NamedNode, NamedNode | None], _Usual]
"""Outcomes by function and segment; the segment ``None`` is the outcome over all segments."""


def ontology_of(index: TripleIndex) -> Namespace | None:
    """Return the namespace of the ontology that the placements use, whatever the base of the graph.

    Args:
        index: The triples of the graph.

    Returns:
        The namespace in which ``Placement`` is, or ``None`` if nothing is a placement.
    """
    ending = f"{ONTOLOGY}Placement"
    found = [
        class_.value
        for class_ in index.subjects_by_object(RDF.type)
        if isinstance(class_, NamedNode) and class_.value.endswith(ending)
    ]
    return Namespace(min(found).removesuffix("Placement")) if found else None


def derive(triples: Sequence[Triple]) -> list[Triple]:
    """Return the usual offices that follow from the placements, as RDF for a graph of their own.

    For each function and segment that the rule has an outcome for there is an ``ofo:UsualPlacement``,
    and one without a segment for all segments together, with the office (none where the votes are equal),
    whether it is contested, its basis, the votes at the level that decided, and what it was derived from.
    Beside it stand the direct properties: ``ofo:usualOffice`` and the ``ofo:shortcutProperty`` of the
    segment, with the properties above that. A collection for each office gathers what has it as its overall
    usual office (:mod:`officegraph.vocabulary.office_views`).

    Args:
        triples: The graph as the sources state it. The base comes from the namespace of its ontology.

    Returns:
        The triples, sorted by what they describe; none if the graph has no placements.
    """
    return derive_from(TripleIndex(triples))


def derive_from(index: TripleIndex) -> list[Triple]:
    """Return what :func:`derive` returns, for triples that are indexed already."""
    ofo = ontology_of(index)
    if ofo is None:
        return []
    placements = _placements(index, ofo)
    if not placements:
        return []
    stated: dict[tuple[NamedNode, NamedNode | None], _Usual] = {}
    for function, claims in _grouped(placements, "function"):
        for segment, ours in (*_grouped(claims, "segment"), (None, claims)):
            outcome = _decide(ours)
            if outcome is not None:
                stated[function, segment] = outcome
    return _Writer(index, ofo).write({**stated, **_inherited(index, stated)})


def _grouped(placements: Iterable[_Placement], by: str) -> list[tuple[NamedNode, list[_Placement]]]:
    """Return the placements by function or segment, sorted by IRI."""

    def key(placement: _Placement) -> str:
        iri: str = getattr(placement, by).value
        return iri

    return [(NamedNode(iri), list(group)) for iri, group in groupby(sorted(placements, key=key), key)]


def _placements(index: TripleIndex, ofo: Namespace) -> list[_Placement]:
    """Return the placements that are complete, sorted by IRI; SHACL reports the others."""
    groups = _independent(index)
    ranks = {ofo[level]: rank for rank, level in enumerate(LEVELS)}
    found = []
    for node in sorted(index.instances(ofo.Placement), key=str):
        votes = []
        for source in index.objects(node, PROV.hadPrimarySource):
            if isinstance(source, Literal | Triple):
                continue
            levels = [ranks[level] for level in _iris(index.objects(source, ofo.reliability)) if level in ranks]
            if levels:
                votes.append((min(levels), groups.get(source, source)))
        extents = index.objects(node, ofo.extent)
        reserved = bool(extents) and ofo.all not in extents
        found += [
            _Placement(node, function, office, segment, tuple(votes), reserved)
            for function in _iris(index.objects(node, ofo.function))
            for office in _iris(index.objects(node, ofo.office))
            for segment in _iris(index.objects(node, ofo.segment))
        ]
    return found


def _iris(terms: Iterable[Term]) -> list[NamedNode]:
    return [term for term in terms if isinstance(term, NamedNode)]


def _independent(index: TripleIndex) -> dict[Subject, Subject]:
    """Return for each source the one that stands for its group (step 3).

    Derivation is followed from sources towards their origins only: that a concept is derived from two sources
    does not make these two depend on each other. A publisher counts as an origin.
    """
    origins: dict[Subject, list[Subject]] = {}
    for property_ in (PROV.wasDerivedFrom, OWL.sameAs, DCTERMS.publisher):
        for derived, origin in index.pairs(property_):
            if not isinstance(origin, Literal | Triple):
                origins.setdefault(derived, []).append(origin)
    leaders: dict[Subject, Subject] = {}

    def leader(source: Subject) -> Subject:
        while (above := leaders.setdefault(source, source)) != source:
            source = above
        return source

    sources = dict.fromkeys(
        source for _, source in index.pairs(PROV.hadPrimarySource) if not isinstance(source, Literal | Triple)
    )
    for source in sources:
        for origin in ancestors(origins, source):
            first, second = sorted((leader(source), leader(origin)), key=str)
            leaders[second] = first
    return {source: leader(source) for source in sources}


def _decide(placements: Sequence[_Placement]) -> _Usual | None:
    """Apply steps 2, 3, 4 and 6 to the placements of one function, in one segment or in all.

    Returns:
        The outcome, or ``None`` if no source of the placements has a reliability.
    """
    voting = [placement for placement in placements if not placement.reserved] or placements
    level = min((rank for placement in voting for rank, _ in placement.votes), default=None)
    if level is None:
        return None
    votes: dict[NamedNode, set[Subject]] = {}
    for placement in voting:
        for rank, group in placement.votes:
            if rank == level:
                votes.setdefault(placement.office, set()).add(group)
    derived_from = tuple(placement.node for placement in placements)
    most = max(len(groups) for groups in votes.values())
    leading = [office for office, groups in votes.items() if len(groups) == most]
    if len(leading) > 1:
        return _Usual(office=None, contested=True, derived_from=derived_from, heritable=False)
    office = leading[0]
    against = {group for other, groups in votes.items() if other != office for group in groups}
    return _Usual(
        office=office,
        contested=any(placement.office != office for placement in placements),
        derived_from=derived_from,
        votes=(most, len(against)),
        heritable=any(
            not placement.reserved and placement.office == office and level in dict(placement.votes)
            for placement in placements
        ),
    )


def _inherited(index: TripleIndex, stated: _Outcomes) -> dict[tuple[NamedNode, NamedNode | None], _Usual]:
    """Apply step 5 to all functions and segments without an outcome of their own."""
    above = edges(index, SKOS.broader)
    segments = dict.fromkeys(segment for _, segment in stated)
    found = {}
    for function in above:
        if not isinstance(function, NamedNode):
            continue
        missing = [segment for segment in segments if (function, segment) not in stated]
        by_distance = [
            (steps, ancestor)
            for ancestor, steps in ancestors(above, function).items()
            if isinstance(ancestor, NamedNode) and ancestor != function
        ]
        for segment in missing:
            nearest = _nearest(stated, by_distance, segment)
            if nearest:
                found[function, segment] = _Usual(
                    office=stated[nearest[0], segment].office,
                    contested=any(stated[ancestor, segment].contested for ancestor in nearest),
                    derived_from=tuple(nearest),
                    inherited=True,
                )
    return found


def _nearest(
    stated: _Outcomes, by_distance: Sequence[tuple[int, NamedNode]], segment: NamedNode | None
) -> list[NamedNode]:
    """Return the nearest broader functions with an outcome, if they agree on an office that is inherited."""
    for _, level in groupby(by_distance, key=lambda pair: pair[0]):
        placed = sorted((node for _, node in level if (node, segment) in stated), key=str)
        if placed:
            outcomes = [stated[node, segment] for node in placed]
            agreed = len({outcome.office for outcome in outcomes}) == 1
            return placed if agreed and all(outcome.heritable for outcome in outcomes) else []
    return []


class _Writer:
    """Turns outcomes into triples."""

    def __init__(self, index: TripleIndex, ofo: Namespace) -> None:
        self.index = index
        self.ofo = ofo
        self.base = ofo.iri.removesuffix(ONTOLOGY)
        self.activity = NamedNode(f"{self.base}activity/usual-office")
        self.shortcuts = {
            segment: properties
            for segment, shortcuts in index.objects_by_subject(ofo.shortcutProperty).items()
            if (properties := self._with_superiors(_iris(shortcuts)))
        }

    def _with_superiors(self, properties: Sequence[NamedNode]) -> list[NamedNode]:
        above = self.index.objects_by_subject(RDFS.subPropertyOf)
        found = dict.fromkeys(properties)
        for property_ in properties:
            found.update(dict.fromkeys(_iris(ancestors(above, property_))))  # type: ignore[arg-type]
        return list(found)

    def write(self, outcomes: _Outcomes) -> list[Triple]:
        """Return the outcomes as triples, sorted by function and segment, the overall outcome first."""
        triples = self._activity()
        for (function, segment), outcome in sorted(
            outcomes.items(), key=lambda item: (item[0][0].value, item[0][1].value if item[0][1] else "")
        ):
            triples += self._usual_placement(function, segment, outcome)
            if outcome.office is not None:
                properties = self.shortcuts.get(segment, []) if segment else [self.ofo.usualOffice]
                triples += [Triple(function, property_, outcome.office) for property_ in properties]
        triples += office_views(self.index, list(triples), self.ofo, self.base, self.activity)
        return list(dict.fromkeys(triples))

    def _activity(self) -> list[Triple]:
        association = NamedNode(f"{self.activity.value}#association")
        return [
            Triple(self.activity, RDF.type, PROV.Activity),
            Triple(self.activity, RDFS.label, Literal("derivation of the usual offices", language="en")),
            Triple(self.activity, PROV.qualifiedAssociation, association),
            Triple(association, RDF.type, PROV.Association),
            Triple(
                association,
                RDFS.label,
                Literal("rule followed in the derivation of the usual offices", language="en"),
            ),
            Triple(association, PROV.hadPlan, self.ofo.usualOfficeRule),
        ]

    def _usual_placement(self, function: NamedNode, segment: NamedNode | None, outcome: _Usual) -> list[Triple]:
        ofo, node = self.ofo, self._node(function, segment)
        origins: Iterable[Term] = outcome.derived_from
        if outcome.inherited:
            origins = [self._node(ancestor, segment) for ancestor in _iris(outcome.derived_from)]
        triples = [Triple(node, RDF.type, ofo.UsualPlacement)]
        label = self._label(function, segment, outcome.office)
        if label:
            triples.append(Triple(node, RDFS.label, Literal(label, language="en")))
        triples.append(Triple(node, ofo.function, function))
        if outcome.office is not None:
            triples.append(Triple(node, ofo.office, outcome.office))
        if segment is not None:
            triples.append(Triple(node, ofo.segment, segment))
        triples += [
            Triple(node, ofo.basis, ofo.inherited if outcome.inherited else ofo.stated),
            Triple(node, ofo.contested, Literal("true" if outcome.contested else "false", datatype=XSD.boolean)),
        ]
        if outcome.votes is not None:
            votes_for, votes_against = outcome.votes
            triples += [
                Triple(node, ofo.votesFor, Literal(str(votes_for), datatype=XSD.integer)),
                Triple(node, ofo.votesAgainst, Literal(str(votes_against), datatype=XSD.integer)),
            ]
        triples += [Triple(node, PROV.wasDerivedFrom, origin) for origin in origins]
        triples.append(Triple(node, PROV.wasGeneratedBy, self.activity))
        return triples

    def _node(self, function: NamedNode, segment: NamedNode | None) -> NamedNode:
        path = self._slug(function) if segment is None else f"{self._slug(function)}/{self._slug(segment)}"
        return NamedNode(f"{self.base}placement/usual/{path}")

    def _slug(self, resource: NamedNode) -> str:
        """Return ``settlement`` for ``concept/settlement`` of this graph, and the whole of any other IRI."""
        name = resource.value
        if name.startswith(self.base):
            name = name.removeprefix(self.base).partition("/")[2] or name
        return quote(name, safe="")

    def _label(self, function: NamedNode, segment: NamedNode | None, office: NamedNode | None) -> str | None:
        named = self._name(function)
        where = "overall" if segment is None else f"in {self._name(segment)}"
        if named is None or (segment and self._name(segment) is None):
            return None
        if office is None:
            return f"{named}: no usual office {where}"
        return f"{named}: usually {self._name(office) or office.value} {where}"

    def _name(self, resource: NamedNode) -> str | None:
        labels = [
            label.value
            for label in self.index.objects(resource, SKOS.prefLabel)
            if isinstance(label, Literal) and label.language == "en"
        ]
        return min(labels, default=None)
