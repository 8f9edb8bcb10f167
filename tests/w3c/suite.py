"""Read the manifests of the W3C SPARQL tests."""

import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import pyoxigraph as ox

MF = "http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#"
QT = "http://www.w3.org/2001/sw/DataAccess/tests/test-query#"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
RDFS = "http://www.w3.org/2000/01/rdf-schema#"

ROOT = "https://w3c.github.io/rdf-tests/"
"""Where the checkout lies, for the IRIs in it."""

EVALUATION = {f"{MF}QueryEvaluationTest", f"{MF}CSVResultFormatTest"}
POSITIVE = {f"{MF}PositiveSyntaxTest", f"{MF}PositiveSyntaxTest11"}
NEGATIVE = {f"{MF}NegativeSyntaxTest", f"{MF}NegativeSyntaxTest11"}

EXCLUDED = {
    "entailment": "needs entailment regimes, which the service description does not claim",
    "service": "federation is refused by design",
    "syntax-fed": "federation is refused by design",
    "protocol": "has tests of its own",
    "service-description": "has tests of its own",
    "graph-store-protocol": "updates are not offered",
    "http-rdf-update": "updates are not offered",
    "delete-insert": "its syntax tests are updates",
}


@dataclass(frozen=True)
class Case:
    """One test: its query, its data and its result, as paths and IRIs."""

    name: str
    kind: str
    query: Path
    data: tuple[Path, ...] = ()
    graphs: tuple[tuple[str, Path], ...] = ()
    result: Path | None = None
    lax: bool = False

    @cached_property
    def text(self):
        return self.query.read_bytes().decode("utf-8", errors="surrogateescape")

    @cached_property
    def dataset(self):
        """The data and the graphs that the query names itself, as (default paths, named pairs)."""
        graphs = dict(self.graphs)
        folder = self.query.parent
        for name in re.findall(r"FROM\s+(?:NAMED\s+)?<([^>]+)>", self.text, re.IGNORECASE):
            path = folder / name.rsplit("/", 1)[-1]
            if path.is_file():
                graphs.setdefault(iri_of(path, self.root), path)
        return self.data, tuple(sorted(graphs.items()))

    @cached_property
    def root(self):
        return next(parent for parent in self.query.parents if (parent / "sparql").is_dir())

    @property
    def base(self):
        return iri_of(self.query, self.root)


def iri_of(path, root):
    """Return the IRI of a file of the checkout."""
    return ROOT + path.relative_to(root).as_posix()


class Manifest:
    """The triples of one manifest, by subject and predicate."""

    def __init__(self, path, root):
        self.path, self.root = path, root
        self.values = {}
        for quad in ox.parse(path.read_bytes(), ox.RdfFormat.TURTLE, base_iri=iri_of(path, root)):
            self.values.setdefault((quad.subject, quad.predicate.value), []).append(quad.object)

    def all(self, subject, predicate):
        return self.values.get((subject, predicate), [])

    def one(self, subject, predicate):
        return next(iter(self.all(subject, predicate)), None)

    def file(self, node):
        return self.root / node.value.removeprefix(ROOT)

    def entries(self):
        """The entries, in order."""
        (cell,) = [values[0] for (_, predicate), values in self.values.items() if predicate == f"{MF}entries"]
        while cell.value != f"{RDF}nil":
            yield self.one(cell, f"{RDF}first")
            cell = self.one(cell, f"{RDF}rest")

    def cases(self):
        """The tests of queries."""
        for entry in self.entries():
            kinds = [value.value for value in self.all(entry, f"{RDF}type")]
            action, result = self.one(entry, f"{MF}action"), self.one(entry, f"{MF}result")
            folder = self.path.parent.relative_to(self.root / "sparql").as_posix()
            name = f"{folder}#{entry.value.rsplit('#', 1)[-1]}"
            for kind in kinds:
                if kind in POSITIVE | NEGATIVE:
                    yield Case(name, kind, self.file(action))
                elif kind in EVALUATION:
                    query = self.one(action, f"{QT}query")
                    graphs = []
                    for graph in self.all(action, f"{QT}graphData"):
                        if isinstance(graph, ox.BlankNode):
                            label, source = self.one(graph, f"{RDFS}label"), self.one(graph, f"{QT}graph")
                            graphs.append((label.value if label else source.value, self.file(source)))
                        else:
                            graphs.append((graph.value, self.file(graph)))
                    data = tuple(self.file(node) for node in self.all(action, f"{QT}data"))
                    lax = self.one(entry, f"{MF}resultCardinality") is not None
                    yield Case(name, kind, self.file(query), data, tuple(graphs), self.file(result), lax)


def cases(root):
    """Return the tests of the checkout at ``root``."""
    found = []
    for path in sorted((root / "sparql").glob("sparql1*/*/manifest.ttl")):
        if path.parent.name not in EXCLUDED:
            found += Manifest(path, root).cases()
    return found
