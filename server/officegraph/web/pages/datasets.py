"""What a dataset says of itself: figures, partitions, graphs and files (VoID, DCAT, SPARQL Service Description)."""

from __future__ import annotations

from typing import Final

from pyoxigraph import Literal, NamedNode

from officegraph.model.dataset import Subject
from officegraph.model.namespaces import DCAT, DCTERMS, SD, VOID
from officegraph.web.pages.blocks import Figures
from officegraph.web.pages.subject import Describer
from officegraph.web.pages.terms import Text, Value
from officegraph.web.pages.wording import _, gettext_noop, number

_FIGURES = (
    (VOID.triples, gettext_noop("triples")),
    (VOID.entities, gettext_noop("entities")),
    (VOID.classes, gettext_noop("classes")),
    (VOID.properties, gettext_noop("properties")),
    (VOID.distinctSubjects, gettext_noop("subjects")),
    (VOID.distinctObjects, gettext_noop("objects")),
    (VOID.documents, gettext_noop("documents")),
)


_TABLES: Final[
    tuple[tuple[str, str, NamedNode, tuple[NamedNode, ...], tuple[NamedNode, ...], tuple[str, str]], ...]
] = (
    (
        "page-files",
        gettext_noop("Files"),
        DCAT.distribution,
        (DCAT.downloadURL, DCAT.accessURL),
        (DCAT.byteSize,),
        (gettext_noop("File"), gettext_noop("Bytes")),
    ),
    (
        "page-classes",
        gettext_noop("Instances by class"),
        VOID.classPartition,
        (VOID["class"],),
        (VOID.entities, VOID.triples),
        (gettext_noop("Class"), gettext_noop("Instances")),
    ),
    (
        "page-properties",
        gettext_noop("Triples by property"),
        VOID.propertyPartition,
        (VOID.property,),
        (VOID.triples,),
        (gettext_noop("Property"), gettext_noop("Triples")),
    ),
    (
        "page-graphs",
        gettext_noop("Named graphs"),
        SD.namedGraph,
        (SD.name,),
        (),
        (gettext_noop("Graph"), gettext_noop("Triples")),
    ),
    (
        "page-subsets",
        gettext_noop("Parts"),
        VOID.subset,
        (),
        (VOID.triples,),
        (gettext_noop("Part"), gettext_noop("Triples")),
    ),
)


def figures(page: Describer) -> list[tuple[str, str]]:
    """Return the figures of the dataset: what is counted, and how many."""
    result = []
    for predicate, words in _FIGURES:
        numbers = page.statements.take_literals(page.main, predicate)
        if numbers:
            result.append((_(words), _thousands(numbers[0])))
    return result


def _thousands(literal: Literal) -> str:
    return number(int(literal.value)) if literal.value.isdecimal() and len(literal.value) < 16 else literal.value


def _number(page: Describer, node: Subject, *predicates: NamedNode) -> Value:
    literals = page.statements.literals(node, *predicates)
    return Text(_thousands(literals[0]), direction="ltr") if literals else Text("")


def _cell(page: Describer, node: Subject, *predicates: NamedNode) -> Value:
    objects = page.statements.objects(node, *predicates)
    return page.terms.value(objects[0]) if objects else Text("")


def partitions(page: Describer) -> list[Figures]:
    """Return the tables of a dataset description."""
    blocks = []
    for identifier, title, link, name, numbers, heads in _TABLES:
        nodes = page.statements.nodes(page.main, link)
        rows = []
        for node in nodes:
            first = _cell(page, node, *name) if name else page.link(node)
            count = _number(page, node, *numbers)
            if link == SD.namedGraph:
                graph = next(iter(page.statements.nodes(node, SD.graph)), node)
                count = _number(page, graph, VOID.triples)
            rows.append((first, count))
            page.statements.mark(page.main, link, node)
            if link in (VOID.classPartition, VOID.propertyPartition):
                page.statements.take(node, *name, numbers[0])
        if rows:
            if link in (VOID.classPartition, VOID.propertyPartition):
                rows.sort(key=lambda row: (-_size(row[1]), repr(row[0])))
            else:
                rows.sort(key=lambda row: repr(row[0]))
            blocks.append(
                Figures(
                    id=identifier,
                    title=_(title),
                    template="figures",
                    count=number(len(rows)),
                    heads=[_(head) for head in heads],
                    rows=rows,
                )
            )
    return blocks


def _size(value: Value) -> int:
    digits = "".join(filter(str.isdecimal, value.value)) if isinstance(value, Text) else ""
    return int(digits) if digits else 0


def is_dataset(page: Describer) -> bool:
    """Return whether the resource describes itself as a dataset or service."""
    types = page.statements.types(page.main)
    return bool(types & {DCAT.Dataset.value, VOID.Dataset.value, SD.Service.value, DCTERMS.Dataset.value})
