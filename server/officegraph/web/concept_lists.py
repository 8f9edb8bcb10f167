"""Lists of the concepts of a release that take all of them to make: made when first asked for, and kept.

Of alphabets, numbers of the index of the search are kept, so that a hundred thousand concepts take less than a megabyte
in each language; names and IRIs are read when a page shows them. Of the hierarchy, the IRIs are kept of what is
remarkable: of roots that no scheme names, of concepts with several broader ones, and of circles.
"""

from __future__ import annotations

import threading
from array import array
from collections import OrderedDict
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final, cast

from flask import current_app

from officegraph.model.hierarchy import cycles, strongly_connected
from officegraph.model.namespaces import OFO, Namespace
from officegraph.release.search import sets
from officegraph.web.pages.assignments import Assignment, assignments
from officegraph.web.publication import publication

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from officegraph.release.open import Release
    from officegraph.release.search.names import Alphabet

LANGUAGES_KEPT: Final = 24
"""Alphabets that are kept, the last used ones."""

CYCLES_KEPT: Final = 20
"""Cycles that are told; to mend them is the work of ``officegraph check``, which tells all."""

MOST_PLACED: Final = 20_000
"""Functions whose assignments are read at most."""

EXTENSION: Final = "officegraph.concepts"


@dataclass(frozen=True, slots=True)
class Overview:
    """The hierarchy as a whole.

    Attributes:
        roots: Concepts without a broader one, and one of each cycle that nothing is broader than, by scheme;
            those without a scheme under ``None``. Top concepts that a scheme states itself are left out.
        several: Concepts that have more than one broader concept.
        cycles: Concepts that are broader than themselves by a way over others, as one cycle each.
    """

    roots: Mapping[str | None, Sequence[str]]
    several: frozenset[str]
    cycles: Sequence[Sequence[str]]


class ConceptLists:
    """The lists of one release. Safe for threads.

    Args:
        release: The release.
    """

    def __init__(self, release: Release) -> None:
        self._release = release
        self._lock = threading.Lock()
        self._alphabets: OrderedDict[tuple[str, str | None], Alphabet] = OrderedDict()

    @property
    def schemes(self) -> Mapping[str, int]:
        """How many concepts with a name each scheme has."""
        names = self._release.search.names
        concepts = names.concepts
        return {iri: (bits & concepts).bit_count() for iri, bits in names.schemes.items()}

    def alphabet(self, language: str, scheme: str | None = None) -> Alphabet:
        """Return the concepts by name in ``language``, falling back as pages do (``pages.terms.Terms.order``).

        Args:
            language: BCP 47 tag.
            scheme: Scheme to limit the list to.
        """
        with self._lock:
            key = (language, scheme)
            found = self._alphabets.get(key)
            if found is None:
                names = self._release.search.names
                within = names.concepts
                if scheme is not None:
                    within &= names.schemes.get(scheme, 0)
                found = self._alphabets[key] = names.alphabet(self._ranks(language), within)
                while len(self._alphabets) > LANGUAGES_KEPT:
                    self._alphabets.popitem(last=False)
            self._alphabets.move_to_end(key)
            return found

    def _ranks(self, language: str) -> Mapping[str, int]:
        """Return the rank of each language tag for a reader of ``language``."""
        wanted = [language.lower(), self._release.manifest.language.lower()]
        tags = self._release.manifest.statistics.languages
        spelled = [self._release.language_tags.get(tag, tag) for tag in tags]
        ordered = sorted(
            spelled,
            key=lambda tag: (
                next((n for n, w in enumerate(wanted) if f"{tag.lower()}-".startswith(f"{w}-")), 3),
                tag.lower(),
            ),
        )
        matching = sum(1 for tag in ordered if any(f"{tag.lower()}-".startswith(f"{w}-") for w in wanted))
        return {tag: rank for rank, tag in enumerate([*ordered[:matching], "", *ordered[matching:]])}

    def iris(self, numbers: Sequence[int]) -> list[str]:
        """Return the IRIs of resources by their numbers."""
        names = self._release.search.names
        return [names.record(number).iri for number in numbers]

    @cached_property
    def overview(self) -> Overview:
        """The hierarchy as a whole."""
        release = self._release
        schemes = set(release.manifest.schemes) | set(self._release.search.names.schemes)
        names = release.search.names
        numbers: dict[str, int] = {}
        indexed = {iri: number for number, iri in names.iris(names.concepts)}
        edges: dict[int, Sequence[int]] = {numbers.setdefault(iri, len(numbers)): () for iri in indexed}
        parents = array("I", bytes(4 * len(edges)))

        def number(iri: str) -> int:
            found = numbers.setdefault(iri, len(numbers))
            if found == len(parents):
                parents.append(0)
                edges[found] = ()
            return found

        stated: set[int] = set()
        for iri, below in release.hierarchy():
            if iri in schemes:
                stated.update(number(child) for child in below)
                continue
            above = number(iri)
            edges[above] = targets = array("I", (number(child) for child in below))
            for target in targets:
                parents[target] += 1
        iris = list(numbers)
        roots = [node for node in start_of(edges) if node not in stated]
        return Overview(
            roots=self._by_scheme([iris[node] for node in roots], indexed),
            several=frozenset(iris[node] for node, count in enumerate(parents) if count > 1),
            cycles=[[iris[node] for node in cycle] for cycle in cycles(edges)[:CYCLES_KEPT]],
        )

    def _by_scheme(self, roots: Sequence[str], indexed: Mapping[str, int]) -> Mapping[str | None, Sequence[str]]:
        """Return ``roots`` by scheme, in the order of their names in the language of the release."""
        if not roots:
            return {}
        alphabet = self.alphabet(self._release.manifest.language)
        place = {number: position for position, number in enumerate(alphabet.numbers)}
        last = len(place)
        ordered = sorted(roots, key=lambda iri: (place.get(indexed.get(iri, -1), last), iri))
        named = {indexed[iri]: rank for rank, iri in enumerate(ordered) if iri in indexed}
        bits = sets.from_members(list(named))
        found: dict[str | None, Sequence[str]] = {}
        rest = set(ordered)
        for scheme, members in self._release.search.names.schemes.items():
            own = [ordered[rank] for rank in sorted(named[number] for number in sets.members(members & bits))]
            if own:
                found[scheme] = own
                rest.difference_update(own)
        if rest:
            found[None] = [iri for iri in ordered if iri in rest]
        return found

    def tops(self, scheme: str | None) -> Sequence[str]:
        """Return what the tree of a scheme begins with: its top concepts, then the roots that it does not name so."""
        stated = self._release.children(scheme) if scheme is not None else ()
        return tuple(dict.fromkeys((*stated, *self.overview.roots.get(scheme, ()))))

    @cached_property
    def assignments(self) -> Sequence[Assignment]:
        """Which function is in which office, according to all sources and the rule."""
        release = self._release
        names = release.search.names
        ofo = Namespace(release.prefixes.get("ofo", OFO.iri))
        found: dict[Assignment, None] = {}
        for number in list(sets.members(names.placed))[:MOST_PLACED]:
            document = release.documents.get(names.record(number).iri)
            if document is not None:
                found.update(dict.fromkeys(assignments(document.triples(), ofo)))
        return tuple(found)

    @property
    def has_offices(self) -> bool:
        """Whether anything is placed in an office."""
        return bool(self._release.search.names.placed)


def start_of(edges: Mapping[int, Sequence[int]]) -> list[int]:
    """Return the nodes that a walk has to begin with to reach all.

    Those are the nodes that nothing leads to, and one of each cycle that nothing outside leads to.

    >>> start_of({0: [1], 1: [2], 2: [1], 3: [4], 4: [3], 5: []})
    [0, 3, 5]
    """
    component: dict[int, int] = {}
    members = strongly_connected(edges)
    for number, nodes in enumerate(members):
        for node in nodes:
            component[node] = number
    entered = {
        component[target]
        for node, targets in edges.items()
        for target in targets
        if component[target] != component[node]
    }
    return sorted(min(nodes) for number, nodes in enumerate(members) if number not in entered)


def concept_lists() -> ConceptLists:
    """Return the lists of the release of the current application."""
    found = current_app.extensions.get(EXTENSION)
    if found is None:
        found = current_app.extensions[EXTENSION] = ConceptLists(publication().release)
    return cast("ConceptLists", found)
