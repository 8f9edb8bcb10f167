"""Compare results by their meaning: solutions as multisets, blank nodes up to renaming.

Terms are compared as the store keeps them: it writes a number or a date in its canonical form, so that
"01"^^xsd:integer of an expected result is 1 in the answer. What a test is about is not hidden by this
but for tests of term equality, which are listed as failing.
"""

import csv
import io
from collections import Counter

import pyoxigraph as ox

RS = "http://www.w3.org/2001/sw/DataAccess/tests/result-set#"

RESULT_SET = ox.NamedNode(f"{RS}ResultSet")

RESULTS = {
    ".srx": ox.QueryResultsFormat.XML,
    ".srj": ox.QueryResultsFormat.JSON,
    ".tsv": ox.QueryResultsFormat.TSV,
}


def normal(term):
    """Return ``term`` as the store gives it back."""
    if isinstance(term, ox.Triple):
        return ox.Triple(normal(term.subject), term.predicate, normal(term.object))
    if not isinstance(term, ox.Literal):
        return term
    store = ox.Store()
    store.add(ox.Quad(ox.NamedNode("x:s"), ox.NamedNode("x:p"), term))
    return next(iter(store)).object


def expected_of(case, base):
    """Return the expected result: a truth value, rows of bindings, or triples."""
    path = case.result
    if path.suffix in RESULTS:
        return from_results(ox.parse_query_results(path.read_bytes(), RESULTS[path.suffix]))
    if path.suffix == ".csv":
        return list(csv.reader(io.StringIO(path.read_bytes().decode(), newline="")))
    format_ = ox.RdfFormat.from_extension(path.suffix[1:])
    triples = [quad.triple for quad in ox.parse(path.read_bytes(), format_, base_iri=base)]
    if any(triple.object == RESULT_SET for triple in triples):
        return from_result_graph(triples)
    return triples


def from_results(results):
    """Return parsed results as a truth value or rows."""
    if isinstance(results, ox.QueryBoolean):
        return bool(results)
    names = [variable.value for variable in results.variables]
    return [{name: row[name] for name in names if row[name] is not None} for row in results]


def from_result_graph(triples):
    """Return results in the vocabulary of the first tests, with their order if they have one."""
    values = {}
    for triple in triples:
        values.setdefault((triple.subject, triple.predicate.value.removeprefix(RS)), []).append(triple.object)
    (result_set,) = [triple.subject for triple in triples if triple.object == RESULT_SET]
    if (result_set, "boolean") in values:
        return values[result_set, "boolean"][0].value == "true"
    rows = []
    for solution in values.get((result_set, "solution"), []):
        index = values.get((solution, "index"))
        row = {
            values[binding, "variable"][0].value: values[binding, "value"][0]
            for binding in values.get((solution, "binding"), [])
        }
        rows.append((int(index[0].value) if index else 0, row))
    return [row for _, row in sorted(rows, key=lambda pair: pair[0])]


def same(expected, actual, *, lax=False):
    """Return whether two results mean the same; ``lax`` is that of REDUCED, which may leave out repetitions."""
    if isinstance(expected, bool) or isinstance(actual, bool):
        return expected is actual
    wanted, got = fingerprint(expected), fingerprint(actual)
    if lax:
        return wanted.keys() == got.keys() and got <= wanted
    return wanted == got


def fingerprint(result):
    """Return what is equal for results that differ in their blank nodes' names only.

    Blank nodes are told apart by where they stand, refined till nothing changes.
    """
    if result and isinstance(result[0], ox.Triple):
        result = list(dict.fromkeys(result))
        rows = [{"s": triple.subject, "p": triple.predicate, "o": triple.object} for triple in result]
    else:
        rows = result
    rows = [{name: normal(term) for name, term in row.items()} for row in rows]
    colours = {node: "" for row in rows for term in row.values() for node in blank_nodes(term)}
    for _ in range(len(colours) + 1):
        seen = {node: [] for node in colours}
        for row in rows:
            nodes = {node for term in row.values() for node in blank_nodes(term)}
            for node in nodes:
                seen[node].append(shape(row, colours, node))
        refined = {node: str(hash((colours[node], tuple(sorted(shapes))))) for node, shapes in seen.items()}
        stable = len(set(refined.values())) == len(set(colours.values()))
        colours = refined
        if stable:
            break
    return Counter(shape(row, colours) for row in rows)


def blank_nodes(term):
    """Return the blank nodes of ``term``."""
    if isinstance(term, ox.BlankNode):
        return [term]
    if isinstance(term, ox.Triple):
        return [*blank_nodes(term.subject), *blank_nodes(term.object)]
    return []


def shape(row, colours, own=None):
    """Return ``row`` as text with blank nodes by their colour."""

    def text(term):
        if isinstance(term, ox.BlankNode):
            return "_:self" if term == own else f"_:{colours[term]}"
        if isinstance(term, ox.Triple):
            return f"<<( {text(term.subject)} {term.predicate} {text(term.object)} )>>"
        return str(term)

    return " ".join(f"{name}={text(term)}" for name, term in sorted(row.items()))
