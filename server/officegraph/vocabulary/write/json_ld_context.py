"""The publisher's JSON-LD context: short names for the properties that vocabularies use."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from officegraph.model.namespaces import (
    DCAT,
    DCTERMS,
    FOAF,
    OWL,
    PROV,
    RDF,
    RDFS,
    SCHEMA,
    SKOS,
    SKOSXL,
    VANN,
    VOID,
    XSD,
    Namespace,
)  # fmt: skip
from officegraph.vocabulary.write.prefixes import prefix_name

IRI: Final = "iri"
TEXT: Final = "text"
DATE: Final = "date"
PLAIN: Final = "plain"

_TERMS: Final[tuple[tuple[Namespace, str, tuple[str, ...]], ...]] = (
    (SKOS, TEXT, (
        "prefLabel", "altLabel", "hiddenLabel", "definition", "scopeNote", "example", "note",
        "historyNote", "editorialNote", "changeNote",
    )),
    (SKOS, PLAIN, ("notation",)),
    (SKOS, IRI, (
        "inScheme", "topConceptOf", "hasTopConcept", "broader", "narrower", "related", "broaderTransitive",
        "narrowerTransitive", "semanticRelation", "mappingRelation", "exactMatch", "closeMatch",
        "broadMatch", "narrowMatch", "relatedMatch", "member", "memberList",
    )),
    (SKOSXL, PLAIN, ("literalForm",)),
    (DCTERMS, TEXT, ("title", "description", "alternative")),
    (DCTERMS, DATE, ("created", "issued", "modified")),
    (DCTERMS, PLAIN, ("identifier", "language", "format", "bibliographicCitation")),
    (DCTERMS, IRI, (
        "creator", "contributor", "publisher", "license", "rights", "subject", "isPartOf", "hasPart", "isReferencedBy",
        "isReplacedBy", "replaces", "isVersionOf", "hasVersion", "conformsTo", "isRequiredBy",
    )),
    (RDFS, TEXT, ("label", "comment")),
    (RDFS, IRI, ("subClassOf", "subPropertyOf", "domain", "range", "seeAlso", "isDefinedBy")),
    (RDF, PLAIN, ("value",)),
    (OWL, IRI, ("sameAs", "inverseOf", "disjointWith", "equivalentClass", "equivalentProperty")),
    (OWL, PLAIN, ("versionInfo", "deprecated")),
    (PROV, IRI, ("wasDerivedFrom", "wasQuotedFrom", "hadPrimarySource", "wasAttributedTo", "wasGeneratedBy")),
    (FOAF, IRI, ("homepage", "page", "primaryTopic", "isPrimaryTopicOf")),
    (FOAF, PLAIN, ("name",)),
    (SCHEMA, IRI, ("url",)),
    (DCAT, IRI, ("distribution", "downloadURL", "accessURL", "landingPage", "theme")),
    (DCAT, PLAIN, ("keyword",)),
    (VOID, IRI, ("sparqlEndpoint", "dataDump", "inDataset", "vocabulary", "exampleResource")),
    (VANN, PLAIN, ("preferredNamespacePrefix", "preferredNamespaceUri")),
)  # fmt: skip


class Term(NamedTuple):
    """A short name of a property.

    Attributes:
        name: The name.
        kind: What its values are written as: ``iri`` as a string that is an IRI, ``text`` by language, ``date`` as a
            string that is an ``xsd:date``, ``plain`` as a string without a language. Values of other
            kinds are written in full.
        definition: Its definition in the context.
    """

    name: str
    kind: str
    definition: str | dict[str, str]


def _definition(iri: str, kind: str) -> str | dict[str, str]:
    if kind == IRI:
        return {"@id": iri, "@type": "@id"}
    if kind == TEXT:
        return {"@id": iri, "@container": "@language"}
    return {"@id": iri, "@type": XSD.date.value} if kind == DATE else iri


TERMS: Final = {
    str(namespace[name]): Term(name, kind, _definition(namespace[name].value, kind))
    for namespace, kind, names in _TERMS
    for name in names
}
"""Short names by property, the property in N-Triples."""


def usable_prefixes(prefixes: Mapping[str, str]) -> dict[str, str]:
    """Return those of ``prefixes`` that every JSON-LD processor takes for a prefix.

    Their namespace ends with a character that JSON-LD 1.1, section 9.15 (IRI compaction, gen-delim), asks for.
    """
    return {
        prefix: namespace
        for prefix, namespace in prefixes.items()
        if prefix_name().fullmatch(prefix) and namespace[-1:] in (":", "/", "?", "#", "[", "]", "@")
    }


def context(prefixes: Mapping[str, str]) -> dict[str, Any]:
    """Return the whole context under ``prefixes`` as the JSON document that the publisher serves.

    A short name that is a prefix as well is left to the prefix.

    >>> context({})["@context"]["broader"]
    {'@id': 'http://www.w3.org/2004/02/skos/core#broader', '@type': '@id'}
    """
    named = usable_prefixes(prefixes)
    terms = {term.name: term.definition for term in TERMS.values() if term.name not in named}
    return {"@context": {**dict(sorted(named.items())), **dict(sorted(terms.items()))}}
