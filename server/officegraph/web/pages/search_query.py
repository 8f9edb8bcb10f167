"""The query that looks for the words of a search in labels, for those who want to go on in SPARQL."""

from __future__ import annotations

import re
from typing import Final

from officegraph.model.namespaces import OFO
from officegraph.release.search.model import MOST_WORDS
from officegraph.web.pages.asked import Asked
from officegraph.web.pages.site import Site, in_query

_ESCAPES: Final = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t", "\b": "\\b", "\f": "\\f"}
_RANGE: Final = re.compile(r"[A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8})*")
MOST_ROWS: Final = 100


def string(text: str) -> str:
    r"""Return ``text`` as a string of SPARQL 1.1 (rules 157 and 160).

    >>> print(string('a "b"'))
    "a \"b\""
    """
    return '"' + "".join(_ESCAPES.get(character, character) for character in text) + '"'


def as_sparql(asked: Asked, language: str, site: Site) -> str:
    """Return a query for the resources that have every word of a question within one of their names.

    Args:
        asked: The question. Its schemes, offices and languages limit the query too.
        language: Language of the labels that are shown.
        site: The site, whose prefixes say where the ontology of offices is.
    """
    tests = [f"CONTAINS(LCASE(STR(?matched)), {string(word)})" for word in asked.text.lower().split()[:MOST_WORDS]]
    languages = [tag for tag in asked.filters.get("language", ()) if _RANGE.fullmatch(tag)]
    if languages:
        tests.append("(" + " || ".join(f'LANGMATCHES(LANG(?matched), "{tag}")' for tag in languages) + ")")
    lines = ["  ?resource skos:prefLabel|skos:altLabel|skos:hiddenLabel|skos:notation ?matched ."]
    usual = in_query(f"{site.prefixes.get('ofo', OFO.iri)}usualOfficeInSomeSegment")
    for name, predicate in (("scheme", "skos:inScheme"), ("office", usual)):
        values = " ".join(filter(None, map(in_query, asked.filters.get(name, ()))))
        if values:
            lines.append(f"  VALUES ?{name} {{ {values} }}\n  ?resource {predicate} ?{name} .")
    if tests:
        lines.append("  FILTER (\n    " + " &&\n    ".join(tests) + "\n  )")
    if _RANGE.fullmatch(language):
        lines.append(
            f'  OPTIONAL {{ ?resource skos:prefLabel ?label . FILTER (LANGMATCHES(LANG(?label), "{language}")) }}'
        )
    else:
        lines.append("  OPTIONAL { ?resource skos:prefLabel ?label }")
    return "\n".join(
        (
            "PREFIX skos: <http://www.w3.org/2004/02/skos/core#>",
            "",
            "SELECT DISTINCT ?resource ?label ?matched",
            "WHERE {",
            *lines,
            "}",
            "ORDER BY STRLEN(STR(?matched)) ?matched ?resource",
            f"LIMIT {MOST_ROWS}",
            "",
        )
    )
