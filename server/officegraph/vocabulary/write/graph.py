"""A graph arranged for writing: statements by resource, blank nodes by how they are used."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from officegraph.model.namespaces import RDF
from officegraph.vocabulary.write.order import TYPE, property_key, rank, subject_key
from officegraph.vocabulary.write.terms import blank_nodes_within, natural, object_key

FIRST: Final = str(RDF.first)
REST: Final = str(RDF.rest)
NIL: Final = str(RDF.nil)

Properties = list[tuple[str, list[str]]]
"""Properties of a resource in order, each with its objects in order; all terms in N-Triples."""

_TYPE_BEGIN: Final = f"{TYPE} "


class Graph:
    """The statements of a graph, by subject.

    Blank nodes that are used once can be written where they are used. ``roots`` yields the subjects that
    have to be written on their own, given which others have been written on the way.
    """

    def __init__(self, lines: Sequence[str], *, about: str | None = None, shared: Iterable[str] = ()) -> None:
        """Arrange ``lines``.

        Args:
            lines: Ordered lines of N-Triples without repetition.
            about: The resource to begin with, in N-Triples.
            shared: Blank nodes that are mentioned outside of the graph too.
        """
        self._about = about
        self._statements: dict[str, list[str]] = {}
        self._uses: Counter[str] = Counter()
        self._ranks: dict[str, int] = {}
        self.written: set[str] = set()
        """Blank nodes that have been written."""
        statements = self._statements
        for line in lines:
            end = line.index(" ")
            subject = line[:end]
            rest = line[end + 1 : -2]
            if subject in statements:
                statements[subject].append(rest)
            else:
                statements[subject] = [rest]
            if rest.startswith(_TYPE_BEGIN):
                place = rank(rest[len(_TYPE_BEGIN) :])
                self._ranks[subject] = min(place, self._ranks.get(subject, place))
            if " _:" in rest:
                self._uses.update(_blank_uses(rest))
        for node in shared:
            self._uses[node] += 2

    def __bool__(self) -> bool:
        return bool(self._statements)

    def roots(self) -> Iterator[str]:
        """Yield the subjects to write on their own; ``written`` is to hold what was written in between."""
        statements, uses = self._statements, self._uses
        subjects = (node for node in statements if not (node.startswith("_:") and uses[node] == 1))
        yield from sorted(subjects, key=self.key)
        # What is left are rings of blank nodes, and those that lay too deep to be written in place.
        for node in sorted((node for node in statements if node.startswith("_:")), key=natural):
            if uses[node] == 1 and node not in self.written:
                yield node

    def key(self, subject: str) -> tuple[object, ...]:
        """Return the key that orders ``subject`` among the subjects of a document."""
        return subject_key(subject, self._ranks.get(subject, 2), self._about)

    def properties(self, subject: str) -> Properties:
        """Return the properties of ``subject`` in the order that a reader expects."""
        objects: dict[str, list[str]] = {}
        for rest in self._statements.get(subject, ()):
            predicate, _, value = rest.partition(" ")
            if predicate in objects:
                objects[predicate].append(value)
            else:
                objects[predicate] = [value]
        return arranged(objects)

    def is_anonymous(self, node: str) -> bool:
        """Return whether the blank node ``node`` needs no label: nothing refers to it."""
        return not self._uses[node]

    def can_nest(self, node: str) -> bool:
        """Return whether the blank node ``node`` can be written at the one place that refers to it."""
        return self._uses[node] == 1 and node not in self.written

    def items(self, node: str) -> list[str] | None:
        """Return the items of the well-formed list that begins with the blank node ``node``, if it is one.

        Its cells count as written then. A cell is well-formed if it has one ``rdf:first``, one ``rdf:rest``
        and nothing else, and if only the cell before refers to it.
        """
        cells: dict[str, None] = {}
        items: list[str] = []
        while node != NIL:
            rests = self._statements.get(node)
            if node in cells or not node.startswith("_:") or not self.can_nest(node):
                return None
            if rests is None or len(rests) != 2:
                return None
            first, rest = rests
            if not (first.startswith(f"{FIRST} ") and rest.startswith(f"{REST} ")):
                return None
            cells[node] = None
            items.append(first[len(FIRST) + 1 :])
            node = rest[len(REST) + 1 :]
        self.written.update(cells)
        return items


_NOTHING: Final[set[str]] = set()


class Resource(Graph):
    """One resource whose statements mention no blank node, so that it is written alike wherever it stands.

    Args:
        subject: The resource.
        properties: Its properties, in order.
        place: The least rank of its types; see ``order.rank``.
    """

    def __init__(self, subject: str, properties: Properties, place: int) -> None:
        self.written = _NOTHING
        self.subject = subject
        self.place = place
        self._properties = properties

    def properties(self, subject: str) -> Properties:
        """Return the properties of the resource."""
        del subject
        return self._properties

    def roots(self) -> Iterator[str]:
        """Yield the resource."""
        yield self.subject


def arranged(objects: Mapping[str, list[str]]) -> Properties:
    """Return properties and their objects in the order that a reader expects; the lists of objects are sorted."""
    for values in objects.values():
        if len(values) > 1:
            sort_objects(values)
    if len(objects) == 1:
        return list(objects.items())
    return [(predicate, objects[predicate]) for predicate in sorted(objects, key=property_key)]


def sort_objects(values: list[str]) -> None:
    """Sort ``values`` by ``object_key``."""
    tags: dict[str, str] = {}
    for value in values:
        if not value.startswith('"') or value.endswith((">", '"')):
            break
        tags[value[value.rindex("@") + 1 :].partition("--")[0].lower()] = value
    if len(tags) == len(values):
        # Texts, each in another language: the language decides, and no text needs to be looked at.
        values[:] = [tags[tag] for tag in sorted(tags)]
    else:
        values.sort(key=object_key)


def _blank_uses(rest: str) -> Iterator[str]:
    """Yield the blank nodes that are objects of ``rest``; those within a triple term twice, as they need a label."""
    value = rest[rest.index(" ") + 1 :]
    if value.startswith("_:"):
        yield value
    elif value.startswith("<<("):
        for node in blank_nodes_within(value):
            yield node
            yield node
