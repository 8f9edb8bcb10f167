"""Run all checks over a dataset, or over sources."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from pyoxigraph import BlankNode, NamedNode, Triple

from officegraph.model.dataset import Dataset, GraphName, merge, unique
from officegraph.model.namespaces import OFFICEGRAPH_BASE
from officegraph.vocabulary.bases import detect_base
from officegraph.vocabulary.bundled import bundled_shapes
from officegraph.vocabulary.check.classes import check_classes
from officegraph.vocabulary.check.codes import CODES, Severity
from officegraph.vocabulary.check.finding import Finding
from officegraph.vocabulary.check.labels import check_labels
from officegraph.vocabulary.check.links import check_links, check_literals
from officegraph.vocabulary.check.mappings import check_mappings
from officegraph.vocabulary.check.relations import check_relations
from officegraph.vocabulary.check.shacl import SIZE_LIMIT, check_shapes, data_triples, has_shapes, shape_graphs
from officegraph.vocabulary.check.view import View
from officegraph.vocabulary.collector import collector_paused
from officegraph.vocabulary.derive import derive_from
from officegraph.vocabulary.entail import entail
from officegraph.vocabulary.read import find_sources, graph_name, read_sources

_CHECKS = (check_classes, check_labels, check_relations, check_mappings, check_literals)


def check(
    dataset: Dataset,
    shapes: Sequence[Triple] = (),
    *,
    base: str | None = None,
    added: Sequence[Triple] | None = None,
    files: Mapping[GraphName, str] | None = None,
    shacl: bool | None = None,
) -> list[Finding]:
    """Check a dataset: SKOS integrity, quality, and SHACL.

    The shapes are those given and those in named graphs of the dataset itself. Without any, SHACL has
    nothing to say.

    Args:
        dataset: What the sources state.
        shapes: Further SHACL shapes.
        base: IRI under which the resources of the dataset live; it is detected if it is ``None``. Quality is
            checked for these resources only; integrity conditions hold for all.
        added: What a release adds to the sources, entailed and derived; computed if it is ``None``.
        files: How the sources are called, by the graph they are read into.
        shacl: Whether to evaluate shapes; ``None`` does so up to ``SIZE_LIMIT`` triples.

    Returns:
        The findings, the gravest kinds first, in an order that depends on their content alone.
    """
    with collector_paused():
        return _checked(dataset, shapes, base, added, files or {}, shacl)


def _checked(
    dataset: Dataset,
    shapes: Sequence[Triple],
    base: str | None,
    added: Sequence[Triple] | None,
    files: Mapping[GraphName, str],
    shacl: bool | None,
) -> list[Finding]:
    own_base = _own_base(dataset, base)
    view = View(dataset, base=own_base)
    findings = [finding for run in _CHECKS for finding in run(view)]

    with_shapes = shape_graphs(dataset) if has_shapes(view.index) else {}
    all_shapes = unique([*shapes, *merge(with_shapes)])
    evaluating = bool(all_shapes) and (shacl if shacl is not None else len(view.triples) <= SIZE_LIMIT)
    if all_shapes and not evaluating:
        findings.append(_skipped(len(view.triples)))
    if added is None:
        derived = derive_from(view.index)
        added = [*derived, *(entail([*view.triples, *derived]) if evaluating else ())]
    known = {*dataset.graphs, *(triple.subject for triple in added)}
    findings += check_links(view, known)
    if evaluating:
        findings += check_shapes(unique([*data_triples(dataset, with_shapes), *added]), all_shapes, view.names)
    return sorted(_located(findings, dataset, files, with_shapes), key=_order)


def check_sources(
    paths: Sequence[Path],
    *,
    base: str | None = None,
    shapes: Sequence[Path] = (),
    shacl: bool | None = None,
    note: Callable[[str], None] | None = None,
) -> list[Finding]:
    """Read the sources at ``paths`` and check them.

    The shapes that come with the package apply to sources that speak of the graph of office functions.

    Args:
        paths: Files and folders.
        base: IRI under which the resources live; detected if it is ``None``.
        shapes: Files and folders with SHACL shapes.
        shacl: Whether to evaluate shapes; ``None`` does so for sources that are not large.
        note: Called with each thing that is right but worth knowing about the sources.

    Returns:
        The findings; see :func:`check`.

    Raises:
        SourceErrors: A source or a file of shapes cannot be read.
    """
    dataset = read_sources(paths, base=base, note=note)
    shape_files = list(shapes)
    if any(_speaks_of_offices(triple) for triple in dataset.default):
        shape_files += bundled_shapes()
    shape_triples = apart(read_sources(shape_files, base=base).default) if shape_files else []
    files: dict[GraphName, str] = {
        graph: str(source.path)
        for source in find_sources(paths)
        for graph in dataset.graphs
        if isinstance(graph, NamedNode) and graph.value.endswith(graph_name("/", source.name))
    }
    return check(dataset, shape_triples, base=base, files=files, shacl=shacl)


def apart(triples: Iterable[Triple]) -> list[Triple]:
    """Return ``triples`` with other labels for their blank nodes than one reading of sources gives.

    Sources and shapes are read apart, so that both have a ``b1``; together they would be one node.
    """
    result = []
    for triple in triples:
        subject, value = triple.subject, triple.object
        new_subject = BlankNode(f"shape-{subject.value}") if isinstance(subject, BlankNode) else subject
        new_value = BlankNode(f"shape-{value.value}") if isinstance(value, BlankNode) else value
        result.append(Triple(new_subject, triple.predicate, new_value))
    return result


def _speaks_of_offices(triple: Triple) -> bool:
    return isinstance(triple.subject, NamedNode) and triple.subject.value.startswith(OFFICEGRAPH_BASE)


def _own_base(dataset: Dataset, base: str | None) -> str | None:
    """Return ``base`` if the dataset has resources there, else the base that it is found to have."""
    triples = dataset.default or [triple for graph in dataset.graphs.values() for triple in graph]
    if base is not None and any(
        isinstance(triple.subject, NamedNode) and triple.subject.value.startswith(base) for triple in triples
    ):
        return base
    return detect_base(triples)


def _skipped(count: int) -> Finding:
    return Finding(
        "shacl-skipped",
        CODES["shacl-skipped"].severity,
        f"The dataset has {count:,} triples; above {SIZE_LIMIT:,} shapes are evaluated on request only",
    )


def _located(
    findings: Iterable[Finding], dataset: Dataset, files: Mapping[GraphName, str], left_out: Container[GraphName]
) -> Iterator[Finding]:
    """Say for each finding in which graph, and so in which source, it is stated.

    That is the graph with a triple of the focus and the property at fault, if there is one, else with that
    property, else with the focus. Graphs of shapes do not count.
    """
    findings = list(findings)
    wanted = {finding.focus for finding in findings} - {None}
    best: dict[object, GraphName] = {}
    for name, triples in dataset.graphs.items():
        if name in left_out or not wanted:
            continue
        for triple in triples:
            subject = triple.subject
            if subject in wanted:
                best.setdefault(subject, name)
                best.setdefault((subject, triple.predicate), name)
                best.setdefault((subject, triple.predicate, triple.object), name)
    for finding in findings:
        graph = (
            best.get((finding.focus, finding.path, finding.value))
            or best.get((finding.focus, finding.path))
            or best.get(finding.focus)
        )
        yield finding if graph is None else replace(finding, graph=graph, file=files.get(graph))


_RANKS = {severity: rank for rank, severity in enumerate(Severity)}
_PLACES = {code: place for place, code in enumerate(CODES)}


def _order(finding: Finding) -> tuple[object, ...]:
    return _RANKS[finding.severity], _PLACES[finding.code], finding.file or "", finding.message
