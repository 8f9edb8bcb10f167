"""Who assigns which function to which office for which segment: the statements as plain values."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from officegraph.model.dataset import Subject, Term
from officegraph.model.namespaces import CITO, DCTERMS, PROV, RDF, Namespace


@dataclass(frozen=True, slots=True)
class Assignment:
    """A function in an office, as a source says or as the published rule finds.

    Attributes:
        iri: The node that says so; empty for a blank node.
        function: IRI of the function.
        office: IRI of the office; ``None`` where the rule finds none, since the votes are equal.
        segment: IRI of the segment; ``None`` for all of them together.
        sources: IRIs of the sources.
        usual: Whether the rule found it.
        contested: Whether a source says otherwise.
        inherited: Whether it comes from a broader function.
        partial: Whether it is said of a part of the function only.
    """

    iri: str
    function: str
    office: str | None
    segment: str | None
    sources: tuple[str, ...] = ()
    usual: bool = False
    contested: bool = False
    inherited: bool = False
    partial: bool = False


def assignments(triples: Iterable[Triple], ofo: Namespace) -> list[Assignment]:
    """Return the assignments among ``triples``, in the order of their first mention.

    Args:
        triples: Statements, such as those of the document of a function.
        ofo: Namespace of the ontology of offices.
    """
    nodes: dict[Subject, dict[NamedNode, list[Term]]] = {}
    wanted = {
        RDF.type, ofo.function, ofo.office, ofo.segment, ofo.contested, ofo.basis, ofo.extent,
        PROV.hadPrimarySource, CITO.citesAsEvidence, DCTERMS.source,
    }  # fmt: skip
    for triple in triples:
        if triple.predicate in wanted and isinstance(triple.subject, NamedNode | BlankNode):
            nodes.setdefault(triple.subject, {}).setdefault(triple.predicate, []).append(triple.object)
    found = []
    for node, said in nodes.items():
        office = _iri(said.get(ofo.office, ()))
        usual = ofo.UsualPlacement in said.get(RDF.type, ())
        if office is None and not usual:
            continue
        extents = said.get(ofo.extent, ())
        cited = [
            term.value
            for predicate in (PROV.hadPrimarySource, CITO.citesAsEvidence, DCTERMS.source)
            for term in said.get(predicate, ())
            if isinstance(term, NamedNode)
        ]
        found += [
            Assignment(
                iri=node.value if isinstance(node, NamedNode) else "",
                function=function.value,
                office=office,
                segment=_iri(said.get(ofo.segment, ())),
                sources=tuple(dict.fromkeys(cited)),
                usual=usual,
                contested=any(isinstance(t, Literal) and t.value in ("true", "1") for t in said.get(ofo.contested, ())),
                inherited=ofo.inherited in said.get(ofo.basis, ()),
                partial=bool(extents) and ofo.all not in extents,
            )
            for function in said.get(ofo.function, ())
            if isinstance(function, NamedNode)
        ]
    return found


def _iri(terms: Sequence[Term]) -> str | None:
    return next((term.value for term in terms if isinstance(term, NamedNode)), None)
