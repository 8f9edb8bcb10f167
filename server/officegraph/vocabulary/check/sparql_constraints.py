"""SPARQL-based constraints of node shapes, evaluated by the engine: thousands of times faster than pySHACL does it.

pySHACL parses and evaluates the query anew for each focus node in Python. The queries that this module
takes over (SHACL, section 5) are evaluated by pyoxigraph with ``$this`` pre-bound; whatever is out of the
ordinary is left to pySHACL: property shapes, shapes that other shapes refer to, ``$shapesGraph`` and
``$currentShape``, ``ASK``, and queries that pyoxigraph does not read.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, QuerySolutions, Store, Triple, Variable

from officegraph.model.dataset import Subject, Term
from officegraph.model.hierarchy import ancestors
from officegraph.model.index import TripleIndex
from officegraph.model.namespaces import OWL, RDF, RDFS, SH

IRI_STRING_COMMENT: Final = re.compile(
    r"""<[^<>"{}|^`\\\s]*>|\"{3}.*?\"{3}|'{3}.*?'{3}|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|\#[^\n]*""", re.DOTALL
)
"""What a keyword can stand in without being one."""

_NOT_OURS: Final = re.compile(
    r"(?<![\w?$:-])(?:MINUS|VALUES|SERVICE|FROM)(?![\w:-])|[?$](?:shapesGraph|currentShape|PATH|failure)\b",
    re.IGNORECASE,
)
_PLACEHOLDER: Final = re.compile(r"\{[?$](\w+)\}")
_DEEPEST: Final = 50
_LONGEST: Final = 20_000


@dataclass(frozen=True, slots=True)
class Result:
    """A validation result of a SPARQL-based constraint (SHACL, section 5.3.2)."""

    shape: Subject
    severity: Term | None
    focus: Term
    path: Term | None
    value: Term
    message: str


@dataclass(frozen=True, slots=True)
class _Constraint:
    """A query of a shape, ready to be evaluated."""

    shape: Subject
    query: str
    statement: Triple
    messages: tuple[str, ...]


def evaluate(data: Sequence[Triple], shapes: Sequence[Triple]) -> tuple[list[Result], list[Triple]]:
    """Evaluate the SPARQL-based constraints that are within reach.

    Args:
        data: The data graph.
        shapes: The shapes graph.

    Returns:
        The results, and the shapes without the constraints that these results settle.
    """
    shapes_index = TripleIndex(shapes)
    constraints = list(_constraints(shapes_index))
    if not constraints:
        return [], list(shapes)
    data_index = TripleIndex(data)
    store = Store()
    store.extend(Quad(*triple) for triple in data)
    results: list[Result] = []
    settled: set[Triple] = set()
    for constraint in constraints:
        focus_nodes = _focus_nodes(constraint.shape, shapes_index, data_index)
        severity = next(iter(shapes_index.objects(constraint.shape, SH.severity)), None)
        try:
            found = [result for focus in focus_nodes for result in _validate(store, constraint, severity, focus)]
        except (SyntaxError, ValueError, RuntimeError, OSError):
            continue
        results += found
        settled.add(constraint.statement)
    return results, [triple for triple in shapes if triple not in settled]


def _constraints(index: TripleIndex) -> Iterator[_Constraint]:
    for shape, node in index.pairs(SH.sparql):
        if isinstance(node, Literal | Triple) or _is_used_elsewhere(index, shape):
            continue
        queries = index.objects(node, SH.select)
        deactivated = [*index.objects(shape, SH.deactivated), *index.objects(node, SH.deactivated)]
        if len(queries) != 1 or deactivated or index.objects(node, SH.ask):
            continue
        text = queries[0].value if isinstance(queries[0], Literal) else ""
        prologue = _prologue(index, node)
        if prologue is not None and _is_ours(text):
            messages = index.objects(node, SH.message) or index.objects(shape, SH.message)
            yield _Constraint(
                shape,
                prologue + text,
                Triple(shape, SH.sparql, node),
                tuple(sorted(message.value for message in messages if isinstance(message, Literal))),
            )


def _is_used_elsewhere(index: TripleIndex, shape: Subject) -> bool:
    """Return whether the shape has values other than its focus nodes, or is part of another shape."""
    return bool(index.objects(shape, SH.path)) or any(
        value == shape for predicate, pairs in index.by_predicate.items() if predicate in SH for _, value in pairs
    )


def _is_ours(text: str) -> bool:
    """Return whether a query is short and shallow, and has nothing that pre-binding does not go with."""
    bare = IRI_STRING_COMMENT.sub(" ", text)
    depth = deepest = 0
    for character in bare:
        depth += (character in "({[") - (character in ")}]")
        deepest = max(deepest, depth)
    return 0 < len(text) <= _LONGEST and deepest <= _DEEPEST and _NOT_OURS.search(bare) is None


def _prologue(index: TripleIndex, node: Subject) -> str | None:
    """Return the ``PREFIX`` lines for a constraint (SHACL, section 5.2.1); ``None`` if they contradict each other."""
    prefixes: dict[str, str] = {}
    imports: dict[Term, list[Term]] = dict(index.objects_by_subject(OWL.imports).items())
    for owner in index.objects(node, SH.prefixes):
        if isinstance(owner, Literal | Triple):
            continue
        for declaring in (owner, *ancestors(imports, owner)):
            if isinstance(declaring, Literal | Triple):
                continue
            for declaration in index.objects(declaring, SH.declare):
                if isinstance(declaration, Literal | Triple):
                    continue
                for prefix in index.objects(declaration, SH.prefix):
                    for namespace in index.objects(declaration, SH.namespace):
                        if isinstance(prefix, Literal) and isinstance(namespace, Literal):
                            known = prefixes.setdefault(prefix.value, namespace.value)
                            if known != namespace.value:
                                return None
    return "".join(f"PREFIX {prefix}: <{namespace}>\n" for prefix, namespace in prefixes.items())


def _focus_nodes(shape: Subject, shapes: TripleIndex, data: TripleIndex) -> Iterable[Term]:
    """Return the focus nodes of the targets of a shape (SHACL, section 2.1.3)."""
    found: dict[Term, None] = {}
    classes = list(shapes.objects(shape, SH.targetClass))
    if any(class_ in shapes.objects(shape, RDF.type) for class_ in (RDFS.Class, OWL.Class)):
        classes.append(shape)
    below = data.subjects_by_object(RDFS.subClassOf)
    for class_ in classes:
        for each in (class_, *ancestors(below, class_)):
            found.update(dict.fromkeys(data.subjects(RDF.type, each)))
    found.update(dict.fromkeys(shapes.objects(shape, SH.targetNode)))
    for property_ in shapes.objects(shape, SH.targetSubjectsOf):
        if isinstance(property_, NamedNode):
            found.update(dict.fromkeys(data.objects_by_subject(property_)))
    for property_ in shapes.objects(shape, SH.targetObjectsOf):
        if isinstance(property_, NamedNode):
            found.update(dict.fromkeys(data.subjects_by_object(property_)))
    return found


def _validate(store: Store, constraint: _Constraint, severity: Term | None, focus: Term) -> Iterator[Result]:
    if not isinstance(focus, NamedNode | BlankNode | Literal):
        return
    solutions = store.query(constraint.query, substitutions={Variable("this"): focus})
    if not isinstance(solutions, QuerySolutions):
        raise SyntaxError("sh:select holds another form of query")  # noqa: TRY004 - it is the text that is at fault
    names = [variable.value for variable in solutions.variables]
    for solution in solutions:
        bound = {name: solution[name] for name in names if solution[name] is not None}
        bound = {"this": focus, "value": focus, **bound}
        stated = bound.get("message")
        messages = (stated.value,) if isinstance(stated, Literal) else constraint.messages
        yield Result(
            constraint.shape,
            severity,
            focus,
            bound.get("path"),
            bound["value"],
            "; ".join(_filled(message, bound) for message in messages),
        )


def _filled(message: str, bound: dict[str, Term]) -> str:
    """Return ``message`` with ``{?variable}`` replaced by its value (SHACL, section 5.3.2)."""

    def value(match: re.Match[str]) -> str:
        term = bound.get(match[1])
        return match[0] if term is None else str(term.value if not isinstance(term, Triple) else term)

    return _PLACEHOLDER.sub(value, message)
