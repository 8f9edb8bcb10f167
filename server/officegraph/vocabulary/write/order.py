"""The order in which a reader expects resources and their properties."""

from __future__ import annotations

from typing import Final

from officegraph.model.namespaces import DCAT, DCTERMS, ISO_THES, OWL, RDF, RDFS, SKOS, SKOSXL, VOID
from officegraph.vocabulary.write.terms import natural

TYPE: Final = str(RDF.type)

_FIRST: Final = (
    RDF.type,
    SKOS.prefLabel, SKOSXL.prefLabel, RDFS.label, DCTERMS.title,
    SKOS.altLabel, SKOSXL.altLabel, DCTERMS.alternative, SKOS.hiddenLabel, SKOSXL.hiddenLabel,
    SKOS.notation, DCTERMS.identifier,
    SKOS.definition, DCTERMS.description, RDFS.comment, SKOS.scopeNote, SKOS.example, SKOS.note,
    SKOS.historyNote, SKOS.editorialNote, SKOS.changeNote,
    SKOS.inScheme, SKOS.topConceptOf, SKOS.hasTopConcept,
    SKOS.broader, ISO_THES.broaderGeneric, ISO_THES.broaderPartitive, ISO_THES.broaderInstantial,
    SKOS.narrower, ISO_THES.narrowerGeneric, ISO_THES.narrowerPartitive, ISO_THES.narrowerInstantial,
    SKOS.broaderTransitive, SKOS.narrowerTransitive, SKOS.related,
    SKOS.exactMatch, SKOS.closeMatch, SKOS.broadMatch, SKOS.narrowMatch, SKOS.relatedMatch,
    SKOS.member, SKOS.memberList,
    RDFS.subClassOf, RDFS.subPropertyOf, RDFS.domain, RDFS.range, OWL.inverseOf, OWL.disjointWith,
    RDF.first, RDF.rest,
)  # fmt: skip
_RANKS: Final = {str(term): f"{rank:03}" for rank, term in enumerate(_FIRST)}

_DESCRIPTIONS: Final = {
    **dict.fromkeys(map(str, (OWL.Ontology, VOID.Dataset, DCAT.Dataset, DCAT.Catalog)), 0),
    str(SKOS.ConceptScheme): 1,
}
_OTHER: Final = 2

RANKED: Final = tuple(_DESCRIPTIONS)
"""Types whose resources come before others."""


def property_key(predicate: str) -> str:
    """Return a key that puts type, labels, notes and SKOS relations first and the rest by alphabet."""
    return _RANKS.get(predicate, predicate)


def rank(term: str) -> int:
    """Return the place of resources of the type ``term``: datasets, schemes, everything else."""
    return _DESCRIPTIONS.get(term, _OTHER)


def subject_key(subject: str, place: int, about: str | None) -> tuple[object, ...]:
    """Return a key that puts the resource of the document first, then descriptions of wholes, then the rest.

    Args:
        subject: A subject in N-Triples.
        place: The least rank of its types.
        about: The resource that the document is about.
    """
    return (subject != about, subject.startswith("_:"), place, natural(subject))
