"""SHACL by pySHACL: shapes over the data and what it entails, without inference and without the network."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

import pyshacl
from pyoxigraph import BlankNode, Literal, NamedNode, Triple
from rdflib import BNode, Graph, URIRef
from rdflib import Literal as RdflibLiteral
from rdflib.namespace import SH as RDFLIB_SH
from rdflib.term import Node

from officegraph.model.dataset import Dataset, GraphName, Subject, Term, merge, unique
from officegraph.model.index import TripleIndex
from officegraph.model.namespaces import RDF, SH, SKOS
from officegraph.vocabulary.check.codes import CODES, Severity
from officegraph.vocabulary.check.finding import Finding
from officegraph.vocabulary.check.names import Names
from officegraph.vocabulary.check.sparql_constraints import IRI_STRING_COMMENT, evaluate

SIZE_LIMIT: Final = 100_000
"""Triples above which shapes are evaluated on request only: pySHACL takes about a minute for as many."""

_SEVERITIES: Final[Mapping[Term | None, Severity]] = {
    SH.Violation: Severity.VIOLATION,
    SH.Warning: Severity.WARNING,
    SH.Info: Severity.INFO,
}
_TYPE: Final = RDF.type
_SHAPE_CLASSES: Final = frozenset({SH.NodeShape, SH.PropertyShape})
_THESAURUS_CLASSES: Final = frozenset({SKOS.Concept, SKOS.ConceptScheme})
_TARGETS: Final = frozenset({SH.targetClass, SH.targetNode, SH.targetSubjectsOf, SH.targetObjectsOf})
_SPARQL: Final = frozenset({SH.select, SH.ask, SH.construct, SH.update})
_REACHES_OUT: Final = re.compile(r"(?<![\w?$:-])(?:SERVICE|FROM|LOAD)(?![\w:-])", re.IGNORECASE)


def shape_graphs(dataset: Dataset) -> dict[GraphName, list[Triple]]:
    """Return the named graphs of ``dataset`` that hold SHACL shapes."""
    return {name: graph for name, graph in dataset.graphs.items() if any(map(_tells_shape, graph))}


def has_shapes(index: TripleIndex) -> bool:
    """Return whether any of the triples makes its subject a shape (SHACL, section 2)."""
    return any(index.pairs(target) for target in _TARGETS) or any(index.instances(class_) for class_ in _SHAPE_CLASSES)


def data_triples(dataset: Dataset, shapes: Mapping[GraphName, Sequence[Triple]]) -> list[Triple]:
    """Return what there is to validate.

    Args:
        dataset: The dataset.
        shapes: Its graphs that hold shapes.

    Returns:
        All triples but those that are in graphs with shapes and without concepts only.
    """
    only_shapes = {name for name, graph in shapes.items() if not any(map(_tells_concept, graph))}
    graphs = {name: graph for name, graph in dataset.graphs.items() if name not in only_shapes}
    if not only_shapes:
        return unique([*dataset.default, *merge(graphs)])
    left_out = {triple for name in only_shapes for triple in shapes[name]}
    data = merge(graphs)
    stated = set(data)
    return unique([*(triple for triple in dataset.default if triple not in left_out or triple in stated), *data])


def _tells_shape(triple: Triple) -> bool:
    """Return whether the triple makes its subject a shape (SHACL, section 2)."""
    predicate = triple.predicate
    return predicate in _TARGETS or (predicate == _TYPE and triple.object in _SHAPE_CLASSES)


def _tells_concept(triple: Triple) -> bool:
    return triple.predicate == _TYPE and triple.object in _THESAURUS_CLASSES


def check_shapes(data: Sequence[Triple], shapes: Sequence[Triple], names: Names) -> Iterator[Finding]:
    """Validate ``data`` against ``shapes``.

    ``owl:imports`` is not followed, rules and JavaScript are not run, and a SPARQL constraint that would reach
    for other data (``SERVICE``, ``FROM``) is refused before anything is evaluated.

    Args:
        data: The graph, with what it entails: shapes see no other inference than sub-classes.
        shapes: The shapes graph.
        names: Writes terms in messages.

    Yields:
        One finding for each validation result, with the severity of its shape; or one that says
        why the shapes cannot be evaluated.
    """
    reaching = [triple for triple in shapes if triple.predicate in _SPARQL and _reaches_out(triple.object)]
    if reaching:
        shape = reaching[0].subject
        yield _failed(f"The query of {names(shape)} would fetch data from elsewhere (SERVICE or FROM)")
        return
    if not shapes:
        return
    results, shapes = evaluate(data, shapes)
    for result in results:
        yield _finding(
            names,
            severity=_SEVERITIES.get(result.severity, Severity.VIOLATION),
            focus=result.focus,
            path=result.path,
            value=result.value,
            shape=result.shape,
            message=_one_line(result.message),
        )
    logger = logging.getLogger("pyshacl-validate")
    before = logger.level, logger.handlers[:], logger.propagate
    try:
        _, report, text = pyshacl.validate(
            to_rdflib(data),
            shacl_graph=to_rdflib(shapes),
            inference="none",
            advanced=False,
            js=False,
            do_owl_imports=False,
            meta_shacl=False,
            inplace=True,
        )
    except Exception as error:  # noqa: BLE001 - pySHACL lets all kinds of errors through for shapes it cannot read
        yield _failed(f"The shapes cannot be evaluated: {_one_line(str(error)) or type(error).__name__}")
        return
    finally:
        logger.setLevel(before[0])
        logger.handlers[:] = before[1]
        logger.propagate = before[2]
    if not isinstance(report, Graph):
        yield _failed(f"The shapes cannot be evaluated: {_one_line(str(text))}")
        return
    yield from _results(report, names)


def _results(report: Graph, names: Names) -> Iterator[Finding]:
    for result in report.objects(None, RDFLIB_SH.result):

        def value(property_: URIRef, result: Node = result) -> Subject | Literal | None:
            return _from_rdflib(report.value(result, property_))

        messages = sorted(map(_one_line, map(str, report.objects(result, RDFLIB_SH.resultMessage))))
        yield _finding(
            names,
            severity=_SEVERITIES.get(value(RDFLIB_SH.resultSeverity), Severity.VIOLATION),
            focus=value(RDFLIB_SH.focusNode),
            path=value(RDFLIB_SH.resultPath),
            value=value(RDFLIB_SH.value),
            shape=value(RDFLIB_SH.sourceShape),
            message="; ".join(messages),
        )


def _finding(
    names: Names,
    *,
    severity: Severity,
    focus: Term | None,
    path: Term | None,
    value: Term | None,
    shape: Term | None,
    message: str,
) -> Finding:
    about = names(focus) if focus is not None else "The data"
    if isinstance(path, NamedNode):
        about += f", {names(path)}"
    if value is not None and value != focus:
        about += f" {names(value)}"
    return Finding(
        "shacl",
        severity,
        f"{about}: {message or CODES['shacl'].title}",
        focus=focus if isinstance(focus, NamedNode | BlankNode) else None,
        path=path if isinstance(path, NamedNode) else None,
        value=value,
        shape=shape if isinstance(shape, NamedNode | BlankNode) else None,
    )


def _failed(message: str) -> Finding:
    return Finding("shacl-failed", CODES["shacl-failed"].severity, message)


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _reaches_out(query: Term) -> bool:
    """Return whether the text of a query names other data, outside of IRIs, strings and comments."""
    if not isinstance(query, Literal):
        return False
    return _REACHES_OUT.search(IRI_STRING_COMMENT.sub(" ", query.value)) is not None


def to_rdflib(triples: Iterable[Triple]) -> Graph:
    """Return ``triples`` as an rdflib graph, literals as they were written.

    Triple terms (RDF 1.2) are left out, since rdflib and SHACL do not know them.
    """
    graph = Graph(bind_namespaces="none")
    known: dict[Term, Node] = {}

    def node(term: Term) -> Node:
        found = known.get(term)
        if found is None:
            found = known[term] = _to_rdflib(term)
        return found

    for subject, predicate, value in triples:
        if not isinstance(value, Triple) and not isinstance(subject, Triple):
            graph.add((node(subject), node(predicate), node(value)))
    return graph


def _to_rdflib(term: Term) -> Node:
    if isinstance(term, NamedNode):
        return URIRef(term.value)
    if isinstance(term, BlankNode):
        return BNode(term.value)
    assert isinstance(term, Literal)  # noqa: S101 - triple terms were left out
    if term.language:
        return RdflibLiteral(term.value, lang=term.language)
    return RdflibLiteral(term.value, datatype=URIRef(term.datatype.value), normalize=False)


def _from_rdflib(node: Node | None) -> Subject | Literal | None:
    if isinstance(node, URIRef):
        return NamedNode(str(node))
    if isinstance(node, BNode):
        return BlankNode(str(node))
    if isinstance(node, RdflibLiteral):
        if node.language:
            return Literal(str(node), language=node.language)
        return Literal(str(node), datatype=NamedNode(str(node.datatype))) if node.datatype else Literal(str(node))
    return None
