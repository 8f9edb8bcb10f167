"""The page about a resource: its blocks in the order in which a reader asks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Final
from urllib.parse import urlencode

from pyoxigraph import Literal, NamedNode, Triple

from officegraph.http.iris import iri_to_uri
from officegraph.model.formats import Format
from officegraph.model.namespaces import DCTERMS, OWL, PAV, RDF, SCHEMA, SKOS
from officegraph.web.pages import concept, datasets, graph, lexicon, placements, rest, structured, vocabulary_terms
from officegraph.web.pages.block_queries import with_queries
from officegraph.web.pages.blocks import Block, Verdict
from officegraph.web.pages.changes import changes
from officegraph.web.pages.citation import Citation, citation
from officegraph.web.pages.crosswalk import with_reasons
from officegraph.web.pages.environment import render
from officegraph.web.pages.evidence import grouped
from officegraph.web.pages.glosses import look_up_definitions
from officegraph.web.pages.headword import Headword, headword
from officegraph.web.pages.hierarchy import Hierarchy, hierarchy
from officegraph.web.pages.references import references
from officegraph.web.pages.site import Site, in_query, safe_path
from officegraph.web.pages.source_record import facts, look_up_placements, standing
from officegraph.web.pages.statements import LABELS
from officegraph.web.pages.subject import Describer
from officegraph.web.pages.terms import Link, Text, shorten
from officegraph.web.pages.wording import _, language
from officegraph.web.pages.words import class_name

TITLE_LENGTH: Final = 90

_DATES: Final = (
    (DCTERMS.created, PAV.createdOn, SCHEMA.dateCreated),
    (DCTERMS.modified, PAV.lastUpdateOn, SCHEMA.dateModified),
)


@dataclass(frozen=True, slots=True)
class FormatLink:
    """A format that the resource can be had in."""

    name: str
    media_type: str
    href: str
    size: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ResourcePage:
    """What the page about a resource shows.

    Attributes:
        iri: The resource.
        uri: Its IRI as a URI.
        title: Its name.
        other_names: Its name in a few other languages.
        kinds: Its classes.
        notations: Its codes.
        lead: Its definition.
        verdict: What its placements come to.
        crumbs: Ways from the top of the hierarchy.
        deprecated: Whether it should no longer be used.
        replacements: What to use instead.
        figures: Numbers, for a dataset.
        blocks: The sections.
        formats: Formats of its document.
        dates: When it was made and changed.
        query: URL of a query about it.
        description: Text for search engines.
        data: JSON-LD for search engines.
        hierarchy: The tree that it stands in.
        headword: The word that names it, where a lexicon has that.
        numbers: Number of each source that the page refers to, by its IRI.
        cited: Numbers of the sources that the resource itself names.
        citation: How to cite it.
    """

    iri: str
    uri: str
    title: Text
    other_names: Sequence[Text]
    kinds: Sequence[Link]
    notations: Sequence[Text]
    lead: Text | None
    verdict: Verdict | None
    crumbs: Sequence[Sequence[Link]]
    deprecated: bool
    replacements: Sequence[Link]
    figures: Sequence[tuple[str, str]]
    blocks: Sequence[Block]
    formats: Sequence[FormatLink]
    dates: Sequence[tuple[str, Text]]
    query: str | None
    description: str
    data: dict[str, object] | None
    hierarchy: Hierarchy | None = None
    headword: Headword | None = None
    numbers: Mapping[str, int] = field(default_factory=dict)
    cited: Sequence[int] = ()
    citation: Citation | None = None

    @property
    def head_title(self) -> str:
        """The name, short enough for a tab."""
        return shorten(self.title.value, TITLE_LENGTH)


def resource_page(
    site: Site,
    iri: str,
    triples: Iterable[Triple],
    formats: Sequence[Format],
    languages: Sequence[str],
    sizes: Mapping[str, int] = MappingProxyType({}),
) -> ResourcePage:
    """Return what the page about ``iri`` shows.

    Args:
        site: The site.
        iri: The resource, or the document if several resources share it.
        triples: What the document says.
        formats: Formats that the document can be had in, HTML left out.
        languages: Languages of the reader, best first.
        sizes: Bytes of the document in a format, by file ending, as far as they are known.
    """
    page = Describer.of(site, iri, triples, languages)
    statements, main = page.statements, page.main
    link = page.terms.link(iri)
    title = page.terms.best(statements.labels(main)) or link.text
    other_names = _other_names(page, title)
    data_definition = concept.definition(page, main)
    data = structured.structured_data(page, title, data_definition)
    kinds = [_class(page, node) for node in statements.take(main, RDF.type) if isinstance(node, NamedNode)]
    notations = page.texts(statements.take_literals(main, SKOS.notation, DCTERMS.identifier))
    deprecated = any(literal.value in ("true", "1") for literal in statements.take_literals(main, OWL.deprecated))
    replacements = [page.link(node) for node in statements.nodes(main, DCTERMS.isReplacedBy)]
    dates = _dates(page)
    crumbs = [[page.terms.link(name) for name in path] for path in concept.paths(page)]
    lead = concept.lead(page)
    tree = hierarchy(page)
    word = headword(page, title)
    look_up_placements(page)
    placed = grouped(placements.placements(page))
    numbered = references(page, placed)
    changed = changes(page)
    look_up_definitions(page)
    mapped = with_reasons(page, concept.mappings(page))
    blocks: list[Block | None] = [
        concept.notes(page),
        facts(page),
        standing(page),
        placed,
        placements.claims(page),
        lexicon.lexicon(page),
        concept.names(page),
        concept.tree(page),
        concept.relations(page),
        graph.graph_block(page),
        mapped,
    ]
    figures: list[tuple[str, str]] = []
    if datasets.is_dataset(page):
        figures = datasets.figures(page)
        blocks += datasets.partitions(page)
    blocks += vocabulary_terms.term_lists(page)
    blocks += [numbered, _provenance(rest.sources(page), numbered), changed]
    blocks += [rest.incoming(page), rest.further(page), rest.parts(page), rest.record(page)]
    return ResourcePage(
        iri=iri,
        uri=iri_to_uri(iri),
        title=title,
        other_names=other_names,
        kinds=sorted(kinds, key=lambda kind: kind.text.value.casefold()),
        notations=notations,
        lead=lead,
        verdict=placements.verdict(page, placed),
        crumbs=crumbs,
        deprecated=deprecated,
        replacements=replacements,
        figures=figures,
        blocks=with_queries(page, blocks),
        formats=[
            FormatLink(f.name, f.media_type, safe_path(site.document_path(iri, f.extension)), sizes.get(f.extension))
            for f in formats
        ],
        dates=dates,
        query=_query(site, iri),
        description=structured.description(lead, f"{title.value}: {site.name}"),
        data=data,
        hierarchy=tree,
        headword=word,
        numbers=numbered.numbers if numbered else {},
        cited=numbered.of_the_concept if numbered else (),
        citation=citation(site, iri, title.value, _date_of(dates)),
    )


def _provenance(block: Block | None, numbered: Block | None) -> Block | None:
    """Return the other properties that say where things come from, under a heading of their own beside the sources."""
    return replace(block, title=_("Provenance")) if block is not None and numbered is not None else block


def _date_of(dates: Sequence[tuple[str, Text]]) -> str:
    return max((date.value for _words, date in dates), default="")


def render_resource(
    site: Site,
    iri: str,
    triples: Iterable[Triple],
    formats: Sequence[Format],
    languages: Sequence[str],
    sizes: Mapping[str, int] = MappingProxyType({}),
) -> str:
    """Return the HTML page about ``iri``; see :func:`resource_page` for the arguments."""
    return render("resource.html", site=site, page=resource_page(site, iri, triples, formats, languages, sizes))


def render_description(
    site: Site,
    iri: str,
    triples: Iterable[Triple],
    formats: Sequence[FormatLink],
    languages: Sequence[str],
    *,
    title: str,
) -> str:
    """Return the HTML page of a description of the service or dataset ``iri`` that has documents elsewhere.

    Args:
        site: The site.
        iri: What is described.
        triples: The description.
        formats: Where the description can be had as data.
        languages: Languages of the reader, best first.
        title: Heading, where the description names itself by none.
    """
    named = NamedNode(iri)
    triples = list(triples)
    labelled = any(triple.subject == named and triple.predicate in LABELS for triple in triples)
    if not labelled:
        triples.append(Triple(named, DCTERMS.title, Literal(title, language="en")))
    page = resource_page(site, iri, triples, (), languages)
    return render("resource.html", site=site, page=_with_formats(page, formats))


def _with_formats(page: ResourcePage, formats: Sequence[FormatLink]) -> ResourcePage:
    fields = {name: getattr(page, name) for name in ResourcePage.__slots__}
    # Much of a description is made when it is asked for, so that no query would find it.
    blocks = [replace(block, query="") for block in page.blocks]
    return ResourcePage(**{**fields, "formats": formats, "blocks": blocks})


def _class(page: Describer, node: NamedNode) -> Link:
    link = page.terms.link(node.value)
    words = class_name(node.value)
    return Link(link.iri, Text(words, language(), "ltr"), link.href, link.external, labelled=True) if words else link


def _other_names(page: Describer, title: Text) -> list[Text]:
    """Return the name in up to three languages that the heading is not in."""
    names: dict[str, Text] = {}
    for text in page.texts(page.statements.literals(page.main, *LABELS)):
        if text.language and text.language != title.language and text.value.strip():
            names.setdefault(text.language, text)
    return list(names.values())[:3]


def _dates(page: Describer) -> list[tuple[str, Text]]:
    dates = []
    for words, predicates in zip((_("Created"), _("Changed")), _DATES, strict=True):
        literals = page.statements.literals(page.main, *predicates)
        dates += [(words, page.terms.text(literal)) for literal in literals[:1]]
    return dates


def _query(site: Site, iri: str) -> str | None:
    term = in_query(iri)
    if term is None:
        return None
    query = f"SELECT ?property ?value WHERE {{\n  {term} ?property ?value\n}}\nORDER BY ?property"
    return site.url("/sparql?" + urlencode({"query": query}))
