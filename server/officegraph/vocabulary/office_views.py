"""A collection for each office: what the published rule makes its own, over all segments together.

An office is a claim, never a place in the hierarchy; whoever wants a plain list of what is back office gets
it as a ``skos:Collection`` that says of itself that it is a view, made anew with each release.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from pyoxigraph import Literal, NamedNode, Triple

from officegraph.model.index import TripleIndex
from officegraph.model.namespaces import PROV, RDF, SKOS, Namespace


def office_views(
    index: TripleIndex, derived: Iterable[Triple], ofo: Namespace, base: str, activity: NamedNode
) -> list[Triple]:
    """Return the collections of all offices that are the usual office of anything.

    Args:
        index: The graph as the sources state it, for the names of the offices.
        derived: The usual offices.
        ofo: Namespace of the ontology.
        base: IRI under which the resources of the graph are.
        activity: The derivation that made ``derived``.

    Returns:
        For each office ``{base}collection/usually-{office}`` with label, definition, provenance and
        members, sorted by IRI.
    """
    members: dict[NamedNode, list[NamedNode]] = {}
    for triple in derived:
        if triple.predicate != ofo.usualOffice:
            continue
        if isinstance(triple.subject, NamedNode) and isinstance(triple.object, NamedNode):
            members.setdefault(triple.object, []).append(triple.subject)
    triples: list[Triple] = []
    for office in sorted(members, key=lambda node: node.value):
        name = _english_name(index.objects(office, SKOS.prefLabel))
        if name is None:
            continue
        collection = NamedNode(f"{base}collection/usually-{office.value.rsplit('/', 1)[-1]}")
        definition = (
            f"All that the published rule places in the {name}, over all segments together: "
            "a view of the usual placements, made anew with each release."
        )
        triples += [
            Triple(collection, RDF.type, SKOS.Collection),
            Triple(collection, SKOS.prefLabel, Literal(f"usually {name}", language="en")),
            Triple(collection, SKOS.definition, Literal(definition, language="en")),
            Triple(collection, PROV.wasDerivedFrom, office),
            Triple(collection, PROV.wasGeneratedBy, activity),
        ]
        triples += [
            Triple(collection, SKOS.member, member) for member in sorted(members[office], key=lambda node: node.value)
        ]
    return triples


def _english_name(labels: Sequence[object]) -> str | None:
    names = [label.value for label in labels if isinstance(label, Literal) and label.language == "en"]
    return min(names, default=None)
