"""The neighbourhood of a concept as a graph: as a block, as a page to explore, and as an image."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode

from pyoxigraph import NamedNode, Triple

from officegraph.model.namespaces import SKOS
from officegraph.web.image_style import IMAGE_STYLE
from officegraph.web.pages.blocks import Block
from officegraph.web.pages.browse import address
from officegraph.web.pages.concept import BROADER, MATCHES, NARROWER
from officegraph.web.pages.drawing import Drawing, Group, Neighbour, landscape, portrait
from officegraph.web.pages.environment import render
from officegraph.web.pages.site import Site, in_query
from officegraph.web.pages.subject import Describer
from officegraph.web.pages.terms import Link, Text
from officegraph.web.pages.wording import _

DRAWN: Final = 12
"""Boxes of one panel; the rest are a number."""

FURTHER: Final = 18
"""Boxes of a panel that is two steps away."""

LISTED: Final = 60
"""Neighbours of one kind that the text beside the graph lists."""

RELATED: Final = (SKOS.related,)

FOLLOWED: Final = 12
"""Neighbours of which the neighbours are looked up."""

PATH: Final = "/graph"


@dataclass(frozen=True, slots=True, kw_only=True)
class Graph(Block):
    """The neighbourhood of a concept.

    Attributes:
        name: What the concept is called.
        wide: The picture for wide containers.
        tall: The picture for narrow ones.
        image: Address of the picture as a file.
        explore: Address of the page to explore it.
    """

    name: Text
    wide: Drawing
    tall: Drawing
    image: str
    explore: str


@dataclass(frozen=True, slots=True)
class Listing:
    """A group of neighbours in words, by the neighbour that they are reached by, if they are two steps away."""

    title: str
    total: int
    href: str | None
    items: Sequence[Neighbour]


@dataclass(frozen=True, slots=True, kw_only=True)
class GraphPage:
    """What the page to explore shows.

    Attributes:
        concept: The concept in the middle, linked to its page.
        graph: The pictures; ``None`` where nothing is around it.
        listings: The same in words.
        query: Address of the same in SPARQL.
    """

    concept: Link
    graph: Graph | None
    listings: Sequence[Listing]
    query: str | None


def _links(page: Describer, iris: Iterable[str]) -> list[Link]:
    """Return links to resources, each once and not to the one in the middle, by their labels."""
    links = [page.terms.link(iri) for iri in dict.fromkeys(iris) if iri != page.iri]
    return sorted(links, key=lambda link: (link.text.value.casefold(), link.iri))


def _group(
    kind: str, title: str, how: str, links: Sequence[Link], drawn: int, href: str | None,
    target: Callable[[Link], str | None],
) -> Group:  # fmt: skip
    neighbours = [Neighbour(link, how, target(link), link.external or kind == "mapped") for link in links[:drawn]]
    return Group(kind, f"{title} ({len(links):,})", neighbours, len(links), href)


def _either_way(page: Describer, out: Sequence[NamedNode], back: Sequence[NamedNode]) -> list[Link]:
    """Return what the concept leads to by ``out``, or what leads to it by ``back``."""
    nodes = [*page.statements.nodes(page.main, *out), *page.statements.subjects_of(page.main, *back)]
    return _links(page, (node.value for node in nodes if isinstance(node, NamedNode)))


def neighbourhood(
    page: Describer, target: Callable[[Link], str | None], more: Callable[[str], str], drawn: int = DRAWN
) -> list[Group]:
    """Return the neighbours of the resource of a page, one step away.

    Nothing is marked as shown, since the graph repeats what other blocks say.

    Args:
        page: The resource.
        target: Where the box of a neighbour leads.
        more: Where the neighbours of a kind are listed that are not drawn.
        drawn: How many of each kind to draw.
    """
    statements, main = page.statements, page.main
    mapped = _links(page, (n.value for n in statements.nodes(main, *MATCHES) if isinstance(n, NamedNode)))
    # What SKOS entails of mappings (section 10.3) is told by them.
    told = {link.iri for link in mapped}
    broader = [link for link in _either_way(page, BROADER, NARROWER) if link.iri not in told]
    told.update(link.iri for link in broader)
    narrower = [link for link in _either_way(page, NARROWER, BROADER) if link.iri not in told]
    told.update(link.iri for link in narrower)
    related = [link for link in _either_way(page, RELATED, RELATED) if link.iri not in told]
    found = [
        _group("broader", _("broader"), _("broader"), broader, drawn, more("broader"), target),
        _group("narrower", _("narrower"), _("narrower"), narrower, drawn, more("narrower"), target),
        _group("related", _("related"), _("related"), related, min(drawn, DRAWN), more("related"), target),
        _group(
            "mapped", _("mapped to"), _("mapped to"), mapped, min(drawn, DRAWN), more("mapped"), lambda link: link.href
        ),
    ]
    return [group for group in found if group.total]


def _listed_on_page(kind: str) -> str:
    """Return where the page of a resource lists all neighbours of a kind."""
    return "#page-mappings" if kind == "mapped" else "#page-relations"


def _listed_beside(_kind: str) -> str:
    """Return where the page to explore lists all neighbours."""
    return "#page-lists"


def graph_block(page: Describer) -> Graph | None:
    """Return the graph of the resource of a page, or ``None`` where nothing is around it.

    Args:
        page: The resource; its statements are only read.
    """
    groups = neighbourhood(page, lambda link: link.href, _listed_on_page)
    return _graph(page, groups) if groups else None


def _graph(page: Describer, groups: Sequence[Group]) -> Graph:
    site = page.site
    name = page.terms.best(page.statements.labels(page.main)) or page.terms.link(page.iri).text
    return Graph(
        id="page-graph",
        title=_("Neighbourhood graph"),
        short=_("Graph"),
        template="graph",
        name=name,
        wide=landscape(name, groups),
        tall=portrait(name, groups),
        image=site.url(address("/graph.svg", concept=page.iri)),
        explore=site.url(address(PATH, concept=page.iri)),
    )


def graph_page(site: Site, iri: str, triples: Iterable[Triple], languages: Sequence[str]) -> GraphPage:
    """Return what the page to explore the neighbourhood of ``iri`` shows: two steps up, down and beside.

    Args:
        site: The site.
        iri: The concept.
        triples: What its document says.
        languages: Languages of the reader, best first.
    """
    page = Describer.of(site, iri, triples, languages)

    def target(link: Link) -> str | None:
        if link.external or link.href is None:
            return link.href
        return site.url(address(PATH, concept=link.iri))

    groups = neighbourhood(page, target, _listed_beside)
    listed = neighbourhood(page, target, _listed_beside, LISTED)
    broader = [n.link for g in listed if g.kind == "broader" for n in g.neighbours][:FOLLOWED]
    narrower = [n.link for g in listed if g.kind == "narrower" for n in g.neighbours][:FOLLOWED]
    near = {iri, *(link.iri for link in (*broader, *narrower))}
    listings = [Listing(g.title, g.total, None, g.neighbours) for g in listed]
    for kind, title, steps, words in (
        ("broader-2", _("two steps broader"), site.parents, _("broader than %(name)s")),
        ("narrower-2", _("two steps narrower"), site.children, _("narrower than %(name)s")),
        ("beside", _("beside it"), site.children, _("also narrower than %(name)s")),
    ):
        found: dict[str, None] = {}
        for link in narrower if kind == "narrower-2" else broader:
            links = [other for other in _links(page, steps(link.iri)) if other.iri not in near]
            found.update(dict.fromkeys(other.iri for other in links))
            if links:
                head = words % {"name": link.text.short}
                items = [Neighbour(other, title, target(other)) for other in links[:LISTED]]
                listings.append(Listing(f"{head} ({len(links):,})", len(links), target(link), items))
        if found:
            drawn = DRAWN // 2 if kind == "beside" else FURTHER
            groups.append(_group(kind, title, title, _links(page, found), drawn, "#page-lists", target))
    return GraphPage(
        concept=page.terms.link(iri),
        graph=_graph(page, groups) if groups else None,
        listings=listings,
        query=_query(site, iri),
    )


def _query(site: Site, iri: str) -> str | None:
    """Return the address of a query for the neighbours of ``iri``."""
    term = in_query(iri)
    if term is None:
        return None
    query = f"""PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
SELECT ?relation ?neighbour ?label WHERE {{
  VALUES ?relation {{ skos:broader skos:narrower skos:related skos:exactMatch skos:closeMatch skos:broadMatch
    skos:narrowMatch skos:relatedMatch }}
  {term} ?relation ?neighbour
  OPTIONAL {{ ?neighbour skos:prefLabel ?label }}
}}
ORDER BY ?relation ?label"""
    return site.url("/sparql?" + urlencode({"query": query}))


def render_graph(site: Site, page: GraphPage, *, canonical: str) -> str:
    """Return the page to explore a neighbourhood."""
    return render("graph.html", site=site, page=page, canonical=canonical)


def image_of(site: Site, iri: str, triples: Iterable[Triple], languages: Sequence[str], root: str) -> str:
    """Return the neighbourhood of ``iri`` as an SVG document of its own.

    Colours are attributes, so that it looks right wherever it is put; a style sheet within gives it the colours of
    the dark where the reader prefers these.

    Args:
        site: The site.
        iri: The concept.
        triples: What its document says.
        languages: Languages of the reader, best first.
        root: URL of the site, which links are made absolute with.
    """
    page = Describer.of(site, iri, triples, languages)
    groups = neighbourhood(page, lambda link: link.href, lambda _: address(PATH, concept=iri))
    name = page.terms.best(page.statements.labels(page.main)) or page.terms.link(iri).text
    return render("graph.svg", site=site, name=name, drawing=landscape(name, groups), root=root, style=IMAGE_STYLE)
