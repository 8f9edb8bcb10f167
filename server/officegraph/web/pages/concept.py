"""Blocks that any SKOS resource may have: names, notes, relations, mappings, trees."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final
from urllib.parse import urlsplit

from pyoxigraph import NamedNode

from officegraph.model.dataset import Subject
from officegraph.model.namespaces import DCTERMS, ISO_THES, ONTOLEX, OWL, RDFS, SCHEMA, SKOS
from officegraph.web.pages.blocks import (
    Mapping,
    Mappings,
    NameRow,
    Names,
    Notes,
    Related,
    RelationGroup,
    Relations,
    Tree,
    TreeItem,
)
from officegraph.web.pages.statements import LABELS
from officegraph.web.pages.subject import Describer
from officegraph.web.pages.terms import Row, Text
from officegraph.web.pages.wording import _, counted, gettext_noop, language_name

DEFINITIONS: Final = (SKOS.definition, DCTERMS.description, RDFS.comment, SCHEMA.description)
"""Properties that say what a resource is, best first."""

NOTES: Final = (
    SKOS.definition,
    DCTERMS.description,
    RDFS.comment,
    SCHEMA.description,
    SKOS.scopeNote,
    SKOS.example,
    SKOS.historyNote,
    SKOS.note,
    SKOS.changeNote,
    SKOS.editorialNote,
)

BROADER: Final = (
    SKOS.broader,
    ISO_THES.broaderGeneric,
    ISO_THES.broaderPartitive,
    ISO_THES.broaderInstantial,
)
NARROWER: Final = (
    SKOS.narrower,
    ISO_THES.narrowerGeneric,
    ISO_THES.narrowerPartitive,
    ISO_THES.narrowerInstantial,
)
MATCHES: Final = {
    SKOS.exactMatch: gettext_noop("exact"),
    SKOS.closeMatch: gettext_noop("close"),
    SKOS.broadMatch: gettext_noop("broader"),
    SKOS.narrowMatch: gettext_noop("narrower"),
    SKOS.relatedMatch: gettext_noop("related"),
    OWL.sameAs: gettext_noop("same as"),
    SCHEMA.sameAs: gettext_noop("same as"),
}

_NEVER: Final = NamedNode("urn:x-officegraph:never-stated")
"""Stands for the inverse of a relation that SKOS states from one end only."""

TREE_SIZE: Final = 60
"""Concepts of one level that a tree shows before it says how many more there are."""


def names(page: Describer) -> Names | None:
    """Return the names of the resource by language, or ``None`` where the heading has said all."""
    statements = page.statements
    preferred = statements.take_literals(page.main, *LABELS)
    alternative = statements.take_literals(page.main, SKOS.altLabel)
    hidden = statements.take_literals(page.main, SKOS.hiddenLabel)
    everything = [*preferred, *alternative, *hidden]
    if len(everything) < 2:
        return None
    tags = {(literal.language or ""): literal for literal in sorted(everything, key=page.terms.order, reverse=True)}
    rows = []
    for tag in sorted(tags, key=lambda tag: page.terms.order(tags[tag])[:2]):
        spelled = page.site.language_tags.get(tag, tag)
        rows.append(
            NameRow(
                tag=spelled,
                language=_headed(language_name(tag) or "") if tag else _("Any language"),
                preferred=page.texts(x for x in preferred if (x.language or "") == tag),
                alternative=page.texts(x for x in alternative if (x.language or "") == tag),
                hidden=page.texts(x for x in hidden if (x.language or "") == tag),
            )
        )
    count = sum(1 for tag in tags if tag)
    return Names(
        id="page-names",
        title=_("Names by language"),
        short=_("Names"),
        template="names",
        count=counted("%(number)s language", "%(number)s languages", count) if count > 1 else "",
        rows=rows,
        hidden=bool(hidden),
    )


def _headed(name: str) -> str:
    """Return the name of a language with the capital that it has on its own, if not within a sentence."""
    return name[:1].upper() + name[1:]


def definition(page: Describer, subject: Subject) -> Text | None:
    """Return the definition of ``subject`` in the reader's language."""
    for predicate in DEFINITIONS:
        text = page.terms.best(page.statements.literals(subject, predicate))
        if text is not None:
            return text
    return None


def lead(page: Describer) -> Text | None:
    """Return the definition that opens the page, and mark it as shown."""
    for predicate in DEFINITIONS:
        literals = page.statements.literals(page.main, predicate)
        text = page.terms.best(literals)
        if text is not None:
            shown = next(literal for literal in literals if page.terms.text(literal) == text)
            page.statements.mark(page.main, predicate, shown)
            return text
    return None


def notes(page: Describer) -> Notes | None:
    """Return the notes of the resource, definitions in other languages included."""
    rest = page.statements.rest(page.main)
    rows = []
    for predicate in NOTES:
        if predicate in rest:
            page.statements.take(page.main, predicate)
            rows.append(Row(page.terms.property(predicate), page.views(rest[predicate])))
    return Notes(id="page-notes", title=_("Notes and examples"), template="notes", rows=rows) if rows else None


def _related(
    page: Describer, how: dict[Subject, list[NamedNode]], back: dict[Subject, list[NamedNode]], plain: NamedNode
) -> list[Related]:
    """Return the views of related nodes, with the properties that say more than ``plain``."""
    nodes = list(dict.fromkeys([*how, *back]))
    related = [
        Related(
            page.link(node),
            [page.terms.property(p) for p in how.get(node, ()) if p != plain],
            [page.terms.property(p) for p in back.get(node, ()) if p not in how.get(node, ())],
            definition(page, node),
        )
        for node in nodes
    ]
    return sorted(related, key=lambda item: (item.link.text.value.casefold(), item.link.iri))


def _refined(page: Describer, group: tuple[NamedNode, ...], inverse: tuple[NamedNode, ...]) -> list[Related]:
    """Return what stands in the relation of ``group``, stated from this end or from the other.

    The relations at the same place in ``group`` and ``inverse`` are each other's inverses.
    """
    statements, main = page.statements, page.main
    how: dict[Subject, list[NamedNode]] = {}
    for predicate in group:
        for node in statements.nodes(main, predicate):
            how.setdefault(node, []).append(predicate)
            statements.mark(main, predicate, node)
    for position, predicate in enumerate(inverse):
        for node in statements.subjects_of(main, predicate):
            stated = how.setdefault(node, [])
            if position < len(group) and group[position] not in stated:
                stated.append(group[position])
            statements.mark(node, predicate, main)
    return _related(page, how, {}, group[0])


def _associated(page: Describer) -> list[Related]:
    """Return what is related, by ``skos:related`` or by a property of the ontology, in either direction."""
    statements, main = page.statements, page.main
    how: dict[Subject, list[NamedNode]] = {}
    back: dict[Subject, list[NamedNode]] = {}
    for predicate, terms in statements.of(main).items():
        if predicate == SKOS.related or predicate in page.ofo:
            for node in terms:
                if isinstance(node, NamedNode) and not statements.taken(main, predicate, node):
                    how.setdefault(node, []).append(predicate)
                    statements.mark(main, predicate, node)
    for node in statements.subjects_of(main, SKOS.related):
        how.setdefault(node, [])
        statements.mark(node, SKOS.related, main)
    for predicate, nodes in statements.incoming(main).items():
        for node in nodes:
            if predicate in page.ofo and node in how:
                back.setdefault(node, []).append(predicate)
                statements.mark(node, predicate, main)
    return _related(page, how, back, SKOS.related)


def relations(page: Describer) -> Relations | None:
    """Return the relations of the resource with others of the vocabulary."""
    broader = _refined(page, BROADER, NARROWER)
    narrower = _refined(page, NARROWER, BROADER)
    related = _associated(page)
    scheme = _refined(page, (SKOS.inScheme, SKOS.topConceptOf), (_NEVER, SKOS.hasTopConcept))
    collections = _refined(page, (_NEVER,), (SKOS.member,))
    groups = [
        RelationGroup(title, items, up=up, wide=wide)
        for title, items, up, wide in (
            (counted("Broader (%(number)s)", "Broader (%(number)s)", len(broader)), broader, True, False),
            (counted("Related (%(number)s)", "Related (%(number)s)", len(related)), related, False, len(related) > 6),
            (counted("Narrower (%(number)s)", "Narrower (%(number)s)", len(narrower)), narrower, False, True),
            (counted("In scheme (%(number)s)", "In scheme (%(number)s)", len(scheme)), scheme, False, False),
            (
                counted("In collection (%(number)s)", "In collection (%(number)s)", len(collections)),
                collections,
                False,
                False,
            ),
        )
        if items
    ]
    if not groups:
        return None
    count = len({item.link.iri for items in (broader, narrower, related) for item in items})
    return Relations(
        id="page-relations",
        title=_("Relations"),
        template="relations",
        count=counted("%(number)s concept", "%(number)s concepts", count) if count else "",
        groups=groups,
    )


def mappings(page: Describer) -> Mappings | None:
    """Return the mappings of the resource, closest first."""
    rows = []
    for predicate, match in MATCHES.items():
        nodes = [node for node in page.statements.take(page.main, predicate) if isinstance(node, NamedNode)]
        incoming = [n for n in page.statements.subjects_of(page.main, predicate) if isinstance(n, NamedNode)]
        if predicate in (SKOS.exactMatch, SKOS.closeMatch, SKOS.relatedMatch):
            for node in incoming:
                page.statements.mark(node, predicate, page.main)
            nodes = list(dict.fromkeys([*nodes, *incoming]))
        links = sorted((page.link(node) for node in nodes), key=lambda link: (link.text.value.casefold(), link.iri))
        rows += [Mapping(_(match), predicate == SKOS.exactMatch, link, _where(page, link.iri)) for link in links]
    if not rows:
        return None
    return Mappings(
        id="page-mappings",
        title=_("Mappings to other vocabularies"),
        short=_("Mappings"),
        template="mappings",
        count=counted("%(number)s mapping", "%(number)s mappings", len(rows)),
        rows=rows,
    )


def _where(page: Describer, iri: str) -> str:
    """Return where a mapped concept is from: a host, or this vocabulary itself."""
    return _("this vocabulary") if iri.startswith(page.site.base) else urlsplit(iri).netloc


def tree(page: Describer) -> Tree | None:
    """Return the top concepts of a scheme or the members of a collection, each with what is directly below it."""
    statements, main = page.statements, page.main
    tops = [
        *statements.take(main, SKOS.hasTopConcept, SKOS.member, ONTOLEX.lexicalizedSense),
        *statements.subjects_of(main, SKOS.topConceptOf),
    ]
    for node in statements.subjects_of(main, SKOS.topConceptOf):
        statements.mark(node, SKOS.topConceptOf, main)
    if not tops and _is_scheme(page):
        tops = [NamedNode(iri) for iri in page.site.children(page.iri)]
    unique = [node for node in dict.fromkeys(tops) if isinstance(node, NamedNode)]
    if not unique:
        return None
    members = bool(statements.of(main).get(SKOS.member))
    items = sorted(
        (_item(page, node) for node in unique),
        key=lambda item: (item.link.text.value.casefold(), item.link.iri),
    )
    return Tree(
        id="page-tree",
        title=_("Members") if members else _("Concepts from the top"),
        short=_("Members") if members else _("Concepts"),
        template="tree",
        count=counted("%(number)s member", "%(number)s members", len(items))
        if members
        else counted("%(number)s top concept", "%(number)s top concepts", len(items)),
        items=items,
    )


def _is_scheme(page: Describer) -> bool:
    return bool(page.statements.types(page.main) & {SKOS.ConceptScheme.value, ONTOLEX.ConceptSet.value})


def _item(page: Describer, node: NamedNode) -> TreeItem:
    below = list(dict.fromkeys(page.site.children(node.value)))
    links = sorted(
        (page.terms.link(iri) for iri in below[:TREE_SIZE]),
        key=lambda link: (link.text.value.casefold(), link.iri),
    )
    return TreeItem(page.link(node), [TreeItem(link) for link in links], max(0, len(below) - TREE_SIZE))


def paths(page: Describer, *, most: int = 6, deepest: int = 12) -> list[list[str]]:
    """Return the ways from the top of the hierarchy to the resource, without the resource itself.

    The walk goes up by ``Site.parents``; it is bounded in breadth and depth, and a cycle ends it.
    """
    direct = [node.value for node in page.statements.nodes(page.main, SKOS.broader) if isinstance(node, NamedNode)]
    unfinished: list[list[str]] = [[iri] for iri in sorted(dict.fromkeys(direct)) if iri != page.iri]
    finished: list[list[str]] = []
    while unfinished and len(finished) < most:
        path = unfinished.pop(0)
        above = _above(page, path[0], (page.iri, *path)) if len(path) < deepest else []
        if above:
            unfinished += [[iri, *path] for iri in above][: most - len(finished)]
        else:
            finished.append(path)
    return finished


def _above(page: Describer, iri: str, seen: Iterable[str]) -> list[str]:
    known = set(seen)
    return [parent for parent in sorted(dict.fromkeys(page.site.parents(iri))) if parent not in known]
