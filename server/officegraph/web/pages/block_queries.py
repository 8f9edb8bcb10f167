"""For each block of a page the query that gives what the block shows, so that a reader can go on from there."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Final
from urllib.parse import urlencode

from pyoxigraph import NamedNode

from officegraph.model.namespaces import CITO, DCTERMS, LEMONETY, ONTOLEX, OWL, PREFIXES, PROV, SKOS, SKOSXL
from officegraph.web.pages.blocks import Block, Incoming, Notes, Placements, Relations
from officegraph.web.pages.changes import CHANGE_NOTES
from officegraph.web.pages.concept import BROADER, MATCHES, NARROWER, NOTES
from officegraph.web.pages.lexicon import SENSES
from officegraph.web.pages.rest import SOURCES
from officegraph.web.pages.site import in_query
from officegraph.web.pages.statements import LABELS
from officegraph.web.pages.subject import Describer

_NAMES: Final = (*LABELS, SKOS.altLabel, SKOS.hiddenLabel)
_NAMED: Final = re.compile(r"<([^<>\s]*[/#])([A-Za-z][\w-]*)>", re.ASCII)
_DATES: Final = (DCTERMS.created, DCTERMS.issued, DCTERMS.modified, *CHANGE_NOTES)
_CITED: Final = (PROV.hadPrimarySource, CITO.citesAsEvidence, DCTERMS.source)


def with_queries(page: Describer, blocks: Iterable[Block | None]) -> list[Block]:
    """Return ``blocks``, without those that are ``None``, each with the query that gives it where there is one."""
    term = in_query(page.iri)
    return [
        block if term is None else replace(block, query=_query(page, block, term))
        for block in blocks
        if block is not None
    ]


def _query(page: Describer, block: Block, term: str) -> str:
    make = _MAKERS.get(block.id)
    if make is None:
        return ""
    query = abbreviated(make(page, block, term), {**PREFIXES, "ofo": page.ofo.iri})
    return page.site.url("/sparql?" + urlencode({"query": query}))


def _values(name: str, nodes: Iterable[NamedNode]) -> str:
    """Return the ``VALUES`` of a variable; an IRI that no query can hold is left out."""
    terms = " ".join(filter(None, dict.fromkeys(in_query(node.value) for node in nodes)))
    return f"VALUES ?{name} {{ {terms} }}"


def abbreviated(query: str, prefixes: Mapping[str, str]) -> str:
    r"""Return ``query`` with prefixed names where ``prefixes`` allow it, and the declarations that these need.

    >>> abbreviated("ASK { ?s <http://example.org/p> ?o }", {"ex": "http://example.org/"})
    'PREFIX ex: <http://example.org/>\nASK { ?s ex:p ?o }'
    """
    used: dict[str, str] = {}

    def name(match: re.Match[str]) -> str:
        namespace, local = match[1], match[2]
        prefix = next((prefix for prefix, iri in prefixes.items() if iri == namespace), None)
        if prefix is None:
            return match[0]
        used[prefix] = namespace
        return f"{prefix}:{local}"

    body = _NAMED.sub(name, query)
    return "".join(f"PREFIX {prefix}: <{used[prefix]}>\n" for prefix in sorted(used)) + body


def _literals_of(properties: Iterable[NamedNode]) -> Callable[[Describer, Block, str], str]:
    chosen = tuple(properties)

    def make(_page: Describer, _block: Block, term: str) -> str:
        return (
            f"SELECT ?property ?value WHERE {{\n  {_values('property', chosen)}\n"
            f"  {term} ?property ?value\n}}\nORDER BY ?property LANG(?value)"
        )

    return make


def _names(_page: Describer, _block: Block, term: str) -> str:
    return (
        f"SELECT ?property ?name WHERE {{\n  {{\n    {_values('property', _NAMES)}\n"
        f"    {term} ?property ?name FILTER(ISLITERAL(?name))\n  }}\n  UNION\n"
        f"  {{ {term} ?property ?label . ?label <{SKOSXL.iri}literalForm> ?name }}\n}}\nORDER BY LANG(?name) ?name"
    )


def _rows(page: Describer, block: Block, term: str) -> str:
    """Return the query for exactly the properties that a list of pairs shows."""
    properties = [NamedNode(row.property.iri) for row in block.rows] if isinstance(block, Notes) else []
    return _literals_of(properties)(page, block, term)


def _placements(page: Describer, block: Block, term: str) -> str:
    ofo = page.ofo
    stated = not isinstance(block, Placements) or block.rows
    derived = f"?placement a <{ofo.UsualPlacement.value}>"
    return (
        "SELECT DISTINCT ?placement ?function ?office ?segment ?source WHERE {\n"
        f"  {_values('role', (ofo.function, ofo.office, ofo.segment, *_CITED))}\n"
        f"  ?placement ?role {term} ; <{ofo.function.value}> ?function .\n"
        f"  OPTIONAL {{ ?placement <{ofo.office.value}> ?office }}\n"
        f"  OPTIONAL {{ ?placement <{ofo.segment.value}> ?segment }}\n"
        f"  OPTIONAL {{ {_values('cites', _CITED)} ?placement ?cites ?source }}\n"
        f"  FILTER {'NOT ' if stated else ''}EXISTS {{ {derived} }}\n"
        "}\nORDER BY ?segment ?office ?source"
    )


def _references(page: Describer, _block: Block, term: str) -> str:
    ofo = page.ofo
    return (
        "SELECT ?source (COUNT(DISTINCT ?placement) AS ?placements) WHERE {\n"
        f"  {_values('cites', (PROV.wasDerivedFrom, *_CITED))}\n"
        f"  {{ {term} ?cites ?source }}\n  UNION\n"
        f"  {{ {_values('role', (ofo.function, ofo.office, ofo.segment))}\n"
        f"    ?placement ?role {term} ; <{ofo.function.value}> ?function ; ?cites ?source\n"
        f"    FILTER NOT EXISTS {{ ?placement a <{ofo.UsualPlacement.value}> }} }}\n"
        "}\nGROUP BY ?source\nORDER BY DESC(?placements) ?source"
    )


def _claims(page: Describer, _block: Block, term: str) -> str:
    return (
        f"SELECT ?claim ?property ?value WHERE {{\n  ?claim <{page.ofo.about.value}> {term} ; ?property ?value\n}}\n"
        "ORDER BY ?claim ?property"
    )


def _lexicon(_page: Describer, _block: Block, term: str) -> str:
    forms = (ONTOLEX.canonicalForm, ONTOLEX.otherForm, ONTOLEX.lexicalForm, *SENSES, LEMONETY.etymology)
    return (
        f"SELECT ?part ?node ?property ?value WHERE {{\n  {_values('part', forms)}\n"
        f"  {term} ?part ?node . ?node ?property ?value\n}}\nORDER BY ?part ?node ?property"
    )


def _tree(_page: Describer, _block: Block, term: str) -> str:
    down = (SKOS.hasTopConcept, SKOS.member, ONTOLEX.lexicalizedSense)
    return (
        f"SELECT DISTINCT ?concept WHERE {{\n  {{ {_values('property', down)} {term} ?property ?concept }}\n"
        f"  UNION\n  {{ ?concept <{SKOS.topConceptOf.value}> {term} }}\n}}\nORDER BY ?concept"
    )


def _relations(_page: Describer, block: Block, term: str) -> str:
    stated = [*BROADER, *NARROWER, SKOS.related, SKOS.inScheme, SKOS.topConceptOf]
    if isinstance(block, Relations):
        stated += [NamedNode(how.iri) for group in block.groups for item in group.items for how in item.how]
    incoming = (*BROADER, *NARROWER, SKOS.related, SKOS.hasTopConcept, SKOS.member)
    return (
        "SELECT DISTINCT ?concept ?property WHERE {\n"
        f"  {{ {_values('property', stated)} {term} ?property ?concept }}\n  UNION\n"
        f"  {{ {_values('property', incoming)} ?concept ?property {term} }}\n"
        "}\nORDER BY ?property ?concept"
    )


def _mappings(_page: Describer, _block: Block, term: str) -> str:
    symmetric = (SKOS.exactMatch, SKOS.closeMatch, SKOS.relatedMatch)
    return (
        "SELECT DISTINCT ?match ?target ?mapping WHERE {\n"
        f"  {{ {_values('match', MATCHES)} {term} ?match ?target }}\n  UNION\n"
        f"  {{ {_values('match', symmetric)} ?target ?match {term} }}\n  UNION\n"
        f"  {{ ?mapping <{OWL.annotatedSource.value}> {term} ; <{OWL.annotatedProperty.value}> ?match ;\n"
        f"      <{OWL.annotatedTarget.value}> ?target . {term} ?match ?target }}\n"
        "}\nORDER BY ?match ?target"
    )


def _incoming(_page: Describer, block: Block, term: str) -> str:
    properties = [NamedNode(row.property.iri) for row in block.rows] if isinstance(block, Incoming) else []
    return (
        f"SELECT DISTINCT ?property ?resource WHERE {{\n  {_values('property', properties)}\n"
        f"  ?resource ?property {term} FILTER(ISIRI(?resource))\n}}\nORDER BY ?property ?resource"
    )


_MAKERS: Final[dict[str, Callable[[Describer, Block, str], str]]] = {
    "page-notes": _literals_of(NOTES),
    "page-placements": _placements,
    "page-references": _references,
    "page-claims": _claims,
    "page-lexicon": _lexicon,
    "page-names": _names,
    "page-tree": _tree,
    "page-relations": _relations,
    "page-mappings": _mappings,
    "page-changes": _literals_of(_DATES),
    "page-sources": _literals_of(SOURCES),
    "page-incoming": _incoming,
    "page-facts": _rows,
    "page-further": _rows,
}
