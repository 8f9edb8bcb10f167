"""A finding: what is wrong with which resource, and where it is stated."""

from __future__ import annotations

from dataclasses import dataclass

from pyoxigraph import NamedNode

from officegraph.model.dataset import GraphName, Subject, Term
from officegraph.vocabulary.check.codes import CODES, Code, Severity


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that the check found.

    Attributes:
        code: Name of the kind of finding, a key of ``CODES``.
        severity: How much it matters.
        message: What is wrong and where, in one sentence for people.
        focus: The resource that it is about; ``None`` if it is about the dataset or the shapes.
        path: The property that it is about, if it is about one.
        value: The value that is at fault, if one is.
        shape: The SHACL shape that does not hold.
        graph: The named graph that states it.
        file: The source that states it, as the caller names it.
    """

    code: str
    severity: Severity
    message: str
    focus: Subject | None = None
    path: NamedNode | None = None
    value: Term | None = None
    shape: Subject | None = None
    graph: GraphName | None = None
    file: str | None = None

    @property
    def kind(self) -> Code:
        """The kind of finding, with its title, remedy and the clause of the specification."""
        return CODES[self.code]
