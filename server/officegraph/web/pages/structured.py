"""What search engines and link previews read: JSON-LD and a description."""

from __future__ import annotations

from typing import Final

from officegraph.http.iris import iri_to_uri
from officegraph.model.namespaces import DCAT, OWL, RDF, RDFS, SKOS, VOID
from officegraph.web.pages.subject import Describer
from officegraph.web.pages.terms import Text, shorten

DESCRIPTION_LENGTH: Final = 300

_TERMS: Final = frozenset(
    {
        SKOS.Concept.value,
        OWL.Class.value,
        RDFS.Class.value,
        OWL.ObjectProperty.value,
        OWL.DatatypeProperty.value,
        RDF.Property.value,
    }
)
_SETS: Final = frozenset({SKOS.ConceptScheme.value, OWL.Ontology.value})
_DATASETS: Final = frozenset({DCAT.Dataset.value, VOID.Dataset.value})


def description(definition: Text | None, fallback: str) -> str:
    """Return the text for ``meta name="description"``."""
    return shorten(definition.value if definition else fallback, DESCRIPTION_LENGTH)


def structured_data(page: Describer, title: Text, definition: Text | None) -> dict[str, object] | None:
    """Return the resource in terms of schema.org, or ``None`` where it is nothing that schema.org has a type for.

    A concept is a ``DefinedTerm`` and keeps its SKOS type beside it; its scheme is a ``DefinedTermSet``.
    """
    types = page.statements.types(page.main)
    kind, second = _kind(types)
    if kind is None:
        return None
    result: dict[str, object] = {
        "@context": {"@vocab": "https://schema.org/", "skos": SKOS.iri},
        "@id": page.iri,
        "@type": [kind, second] if second else kind,
        "name": _value(title),
        "url": iri_to_uri(page.iri),
    }
    if definition is not None:
        result["description"] = _value(definition)
    others = page.statements.literals(page.main, SKOS.altLabel)
    if others:
        result["alternateName"] = [shorten(literal.value, 200) for literal in others[:20]]
    codes = page.statements.literals(page.main, SKOS.notation)
    if codes:
        result["termCode"] = shorten(codes[0].value, 200)
    schemes = page.statements.nodes(page.main, SKOS.inScheme, RDFS.isDefinedBy)
    if schemes and kind == "DefinedTerm":
        link = page.link(schemes[0])
        result["inDefinedTermSet"] = {"@type": "DefinedTermSet", "@id": link.iri, "name": link.text.short}
    if page.site.license:
        result["license"] = page.site.license
    return result


def _kind(types: set[str]) -> tuple[str | None, str | None]:
    if SKOS.Concept.value in types:
        return "DefinedTerm", "skos:Concept"
    if types & _TERMS:
        return "DefinedTerm", None
    if SKOS.ConceptScheme.value in types:
        return "DefinedTermSet", "skos:ConceptScheme"
    if types & _SETS:
        return "DefinedTermSet", None
    if types & _DATASETS:
        return "Dataset", None
    return None, None


def _value(text: Text) -> object:
    value = shorten(text.value, 2000)
    return {"@value": value, "@language": text.language} if text.language else value
