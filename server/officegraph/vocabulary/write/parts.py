"""Documents made of parts, one a resource, so that a part can be written once and used in many documents."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable
from typing import NamedTuple

from officegraph.vocabulary.write.graph import Graph

Names = frozenset[tuple[str, str]]
"""Short names that a text uses, each with what it stands for."""


class Part(NamedTuple):
    """What a document says of one resource.

    Attributes:
        text: The statements, written.
        names: The short names that the text uses, which the head of the document has to define.
    """

    text: str
    names: Names


class PartWriter(ABC):
    """Writes resources in one format.

    The part of a resource whose statements mention no blank node is the same in every document.

    Attributes:
        separator: What stands between two parts.
        tail: What stands after the last.
    """

    separator: str = ""
    tail: str = ""

    @abstractmethod
    def part(self, graph: Graph, subject: str) -> Part:
        """Return what ``graph`` says of ``subject``, with the blank nodes that can stand within it.

        Raises:
            NotRepresentableError: The format has no way to write one of the terms.
        """

    @abstractmethod
    def head(self, names: Names) -> str:
        """Return the beginning of a document whose parts use ``names``."""

    def parts(self, graph: Graph) -> list[Part]:
        """Return all that ``graph`` says, in order."""
        return [self.part(graph, subject) for subject in graph.roots()]

    def joined(self, parts: Iterable[Part]) -> str:
        """Return the document that consists of ``parts``."""
        found = list(parts)
        head = self.head(frozenset[tuple[str, str]]().union(*(part.names for part in found)))
        return f"{head}{self.separator.join(part.text for part in found)}{self.tail}"

    def document(self, graph: Graph) -> str:
        """Return ``graph`` as a document."""
        return self.joined(self.parts(graph))
