"""The kinds of page there are, each by one example, and the languages and sizes that they are looked at in.

A kind of page that is added to the server is added to :data:`KINDS`: every check of this folder then covers it.
"""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote

CONCEPT = "https://w3id.org/officegraph/concept/settlement"

SELECT = "SELECT ?concept ?label WHERE { ?concept <http://www.w3.org/2004/02/skos/core#prefLabel> ?label } LIMIT 30"
ASK = f"ASK {{ <{CONCEPT}> ?property ?value }}"
CONSTRUCT = f"CONSTRUCT WHERE {{ <{CONCEPT}> ?property ?value }}"


def query(text: str) -> str:
    """Return the path of the page with the result of a query."""
    return f"/sparql?query={quote(text, safe='')}"


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of page.

    Attributes:
        name: What it is.
        path: Path and query of an example.
        status: Status code that it comes with.
        canonical: Whether it names the address that search engines should know it by; pages that answer a query of
            the reader, and errors, need none.
    """

    name: str
    path: str
    status: int = 200
    canonical: bool = True


KINDS = (
    Kind("home", "/", canonical=False),
    Kind("concept", "/concept/settlement"),
    Kind("office", "/concept/back-office"),
    Kind("role", "/concept/underwriter"),
    Kind("scheme", "/scheme/functions"),
    Kind("collection", "/collection/usually-middle-office"),
    Kind("segment", "/segment/wealth-management"),
    Kind("source", "/source/wikipedia-back-office"),
    Kind("placement", "/placement/pc0728"),
    Kind("usual placement", "/placement/usual/workforce-planning/public-administration"),
    Kind("claim", "/claim/text2-supports-front-office"),
    Kind("lexicon entry", "/lexicon/back-office-noun"),
    Kind("ontology", "/ontology"),
    Kind("dataset", "/dataset"),
    Kind("downloads", "/dumps/"),
    Kind("SPARQL form", "/sparql", canonical=False),
    Kind("SPARQL table", query(SELECT), canonical=False),
    Kind("SPARQL yes or no", query(ASK), canonical=False),
    Kind("SPARQL graph", query(CONSTRUCT), canonical=False),
    Kind("SPARQL error", query("SELECT * WHERE { ?s ?p }"), 400, canonical=False),
    Kind("not found", "/concept/no-such-thing", 404, canonical=False),
    Kind("not acceptable", "/resource", 400, canonical=False),
    Kind("kind of problem", "/problems/query-timeout"),
)
"""The pages that every check covers."""

COMING = (
    Kind("search", "/search?q=settlement"),
    Kind("search without a result", "/search?q=qqqqqqqqqqqq"),
    Kind("search form", "/search"),
    Kind("browse", "/browse"),
    Kind("browse alphabetical", "/browse/alphabetical?letter=A"),
    Kind("compare form", "/compare"),
    Kind("compare", f"/compare?concept={quote(CONCEPT, safe='')}"),
    Kind("graph form", "/graph"),
    Kind("graph", f"/graph?concept={quote(CONCEPT, safe='')}"),
    Kind("about", "/about"),
    Kind("sources", "/sources"),
    Kind("changes", "/changes"),
)
"""Pages that are not served yet; a row moves up to :data:`KINDS` when its page is."""

SIZES = ((1280, 900), (390, 844))
"""Width and height of a desk and of a phone, in CSS pixels."""

WIDTHS = (320, 390, 768, 1280)
"""Widths at which nothing may need sideways scrolling; 320 is that of WCAG 2.2, criterion 1.4.10."""

SCHEMES = ("light", "dark")
