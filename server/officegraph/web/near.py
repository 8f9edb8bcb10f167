"""What somebody may have looked for who followed an address that leads nowhere."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final
from urllib.parse import unquote

from officegraph.release.manifest import ReleaseError
from officegraph.release.search.model import SearchRequest

if TYPE_CHECKING:
    from officegraph.release.search.model import Hit
    from officegraph.web.pages.site import Site
    from officegraph.web.publication import Publication

MOST: Final = 6
"""Resources that are offered."""

FEW: Final = 3
"""Words that are looked for one by one, and resources that are enough to stop at."""

SHORTEST: Final = 4
"""Characters of a word that is looked for by itself."""

_BETWEEN: Final = re.compile(r"[-_+./:#?=&%\s]+")
_ENDING: Final = re.compile(r"\.(?:html?|ttl|nt|nq|rdf|xml|jsonld|json|trig|csv|php|aspx?)\Z", re.IGNORECASE)
_LONGEST: Final = 120


def words_of(path: str) -> str:
    """Return the words of the last part of ``path``.

    >>> words_of("/concept/trade_settlment.html")
    'trade settlment'
    """
    last = unquote(path, errors="replace").rstrip("/").rpartition("/")[2]
    return _BETWEEN.sub(" ", _ENDING.sub("", last)).strip()[:_LONGEST]


def near_matches(path: str, current: Publication, site: Site, language: str) -> list[tuple[str, str]]:
    """Return names and URLs of resources that are called like what ``path`` ends in, the likeliest first."""
    words = words_of(path)
    tried = [words, *sorted((word for word in words.split()[:FEW] if len(word) >= SHORTEST), key=len, reverse=True)]
    found: dict[str, Hit] = {}
    try:
        for text in dict.fromkeys(filter(None, tried)):
            request = SearchRequest(text=text, languages=(language,), notes=False, facets=False, limit=MOST)
            found |= {hit.iri: hit for hit in current.release.search.search(request).hits if hit.iri not in found}
            if len(found) >= FEW:
                break
    except ReleaseError:
        return []
    offers = ((hit.label.text, site.href(hit.iri)[0]) for hit in list(found.values())[:MOST])
    return [(text, href) for text, href in offers if href is not None]
