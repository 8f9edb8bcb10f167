"""Algorithms over hierarchies that may have several parents a node, many levels, and cycles.

A hierarchy is a mapping from each node to the nodes that it leads to (from a concept to its
broader concepts, say). Nothing here recurses, so depth is no limit, and nothing loops on a cycle.
All results follow the order of the mapping, never that of a set.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Hashable, Iterable, Iterator, Mapping
from typing import TypeVar

Node = TypeVar("Node", bound=Hashable)


class ClosureTooLargeError(ValueError):
    """The transitive closure has more pairs than the caller allows."""

    def __init__(self, limit: int) -> None:
        """Say that ``limit`` pairs were passed."""
        super().__init__(f"the transitive closure has more than {limit:,} pairs")
        self.limit = limit


def strongly_connected(edges: Mapping[Node, Iterable[Node]]) -> list[list[Node]]:
    """Return the strongly connected components, each after all those that it leads to.

    Tarjan's algorithm with a stack of its own in place of recursion.

    Args:
        edges: Nodes that each node leads to.

    Returns:
        The components in reverse topological order; a node on no cycle is a component of its own.
    """
    components: list[list[Node]] = []
    index: dict[Node, int] = {}
    low: dict[Node, int] = {}
    open_nodes: list[Node] = []
    is_open: set[Node] = set()
    for root in edges:
        if root in index:
            continue
        work: list[tuple[Node, Iterator[Node]]] = []
        node = root
        index[node] = low[node] = len(index)
        open_nodes.append(node)
        is_open.add(node)
        work.append((node, iter(edges.get(node, ()))))
        while work:
            node, following = work[-1]
            for target in following:
                if target not in index:
                    index[target] = low[target] = len(index)
                    open_nodes.append(target)
                    is_open.add(target)
                    work.append((target, iter(edges.get(target, ()))))
                    break
                if target in is_open:
                    low[node] = min(low[node], index[target])
            else:
                work.pop()
                if work:
                    parent = work[-1][0]
                    low[parent] = min(low[parent], low[node])
                if low[node] == index[node]:
                    component: list[Node] = []
                    while True:
                        member = open_nodes.pop()
                        is_open.remove(member)
                        component.append(member)
                        if member == node:
                            break
                    component.reverse()
                    components.append(component)
    return components


def transitive_closure(
    edges: Mapping[Node, Collection[Node]], *, limit: int | None = None
) -> dict[Node, Collection[Node]]:
    """Return all nodes that each node leads to in one step or more.

    The closure is not reflexive (SKOS S24 states transitivity only): a node reaches itself only
    where it lies on a cycle. Nodes of one cycle share one answer.

    Args:
        edges: Nodes that each node leads to.
        limit: How many pairs the closure may have.

    Returns:
        The reachable nodes of every node that has any, the nearer levels not necessarily first.

    Raises:
        ClosureTooLargeError: The closure has more pairs than ``limit``.
    """
    closure: dict[Node, Collection[Node]] = {}
    pairs = 0
    for component in strongly_connected(edges):
        reached: dict[Node, None] = {}
        members = set(component)
        if len(component) > 1 or component[0] in edges.get(component[0], ()):
            reached.update(dict.fromkeys(component))
        for node in component:
            for target in edges.get(node, ()):
                if target not in members and target not in reached:
                    reached[target] = None
                    reached.update(dict.fromkeys(closure.get(target, ())))
        if not reached:
            continue
        pairs += len(reached) * len(component)
        if limit is not None and pairs > limit:
            raise ClosureTooLargeError(limit)
        answer = tuple(reached)
        for node in component:
            closure[node] = answer
    return closure


def ancestors(edges: Mapping[Node, Iterable[Node]], start: Node) -> dict[Node, int]:
    """Return the nodes that ``start`` leads to, with the least number of steps, the nearest first.

    Args:
        edges: Nodes that each node leads to.
        start: Node to go out from; it is in the answer only if it lies on a cycle.
    """
    steps: dict[Node, int] = {}
    queue = deque([(start, 0)])
    while queue:
        node, distance = queue.popleft()
        for target in edges.get(node, ()):
            if target not in steps:
                steps[target] = distance + 1
                queue.append((target, distance + 1))
    return steps


def cycles(edges: Mapping[Node, Iterable[Node]]) -> list[list[Node]]:
    """Return one shortest cycle for each strongly connected component that has any.

    Args:
        edges: Nodes that each node leads to.

    Returns:
        Cycles as lists of nodes without the return to the first; a node that leads to itself is a
        cycle of one. Once they are mended, calling again tells whether others remain.
    """
    found: list[list[Node]] = []
    for component in strongly_connected(edges):
        start = component[0]
        if len(component) == 1:
            if start in edges.get(start, ()):
                found.append(component)
            continue
        members = set(component)
        came_from: dict[Node, Node] = {}
        queue = deque([start])
        while start not in came_from:
            node = queue.popleft()
            for target in edges.get(node, ()):
                if target in members and target not in came_from and target != node:
                    came_from[target] = node
                    queue.append(target)
        path = [came_from[start]]
        while path[-1] != start:
            path.append(came_from[path[-1]])
        path.reverse()
        found.append(path)
    return found


def roots(edges: Mapping[Node, Collection[Node]], nodes: Iterable[Node]) -> list[Node]:
    """Return those of ``nodes`` that lead nowhere: the tops of a hierarchy of broader concepts."""
    return [node for node in nodes if not edges.get(node)]


def redundant(edges: Mapping[Node, Collection[Node]]) -> Iterator[tuple[Node, Node, Node]]:
    """Find the steps that other steps make superfluous.

    Args:
        edges: Nodes that each node leads to.

    Yields:
        ``(node, target, between)``: the node leads to the target, and to ``between``, which leads to
        the target in turn. Steps within a cycle are left out: the cycle is the fault there.
    """
    for node, targets in edges.items():
        if len(targets) < 2:
            continue
        reached = {target: ancestors(edges, target) for target in targets if target != node}
        for target in targets:
            if target == node:
                continue
            for between, above in reached.items():
                if target in above and between not in reached[target] and node not in above:
                    yield node, target, between
                    break
