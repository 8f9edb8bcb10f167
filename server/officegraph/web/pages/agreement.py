"""What sources say together: how many placements each has, and how far two of them agree."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Placing:
    """One placement, as far as it is compared with others.

    Attributes:
        iri: The placement.
        function: What is placed.
        office: Where; ``None`` where the source leaves that open.
        segment: For which segment; ``None`` for all.
        sources: Who says so.
    """

    iri: str
    function: str
    office: str | None
    segment: str | None
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Agreement:
    """How far a source agrees with another one.

    Attributes:
        other: The other source.
        shared: How many functions both place in some office.
        same: On how many of these they name an office in common.
    """

    other: str
    shared: int
    same: int


class Evidence:
    """All placements of a vocabulary by their sources.

    Args:
        placings: The placements.
    """

    def __init__(self, placings: Iterable[Placing]) -> None:
        self.placings: Sequence[Placing] = tuple(placings)
        self._by_source: dict[str, list[Placing]] = {}
        self._offices: dict[str, dict[str, set[str]]] = {}
        for placing in self.placings:
            for source in placing.sources:
                self._by_source.setdefault(source, []).append(placing)
                if placing.office is not None:
                    functions = self._offices.setdefault(source, {})
                    functions.setdefault(placing.function, set()).add(placing.office)

    @property
    def sources(self) -> list[str]:
        """The sources that place something, in order of their IRIs."""
        return sorted(self._by_source)

    def of(self, source: str) -> Sequence[Placing]:
        """Return the placements of ``source``."""
        return self._by_source.get(source, ())

    def offices(self, source: str) -> Counter[str]:
        """Return how many placements of ``source`` name each office."""
        return Counter(placing.office for placing in self.of(source) if placing.office is not None)

    def agreements(self, source: str) -> list[Agreement]:
        """Return how far ``source`` agrees with each other one that places a function in common, the closest first."""
        own = self._offices.get(source, {})
        found = []
        for other, theirs in self._offices.items():
            shared = own.keys() & theirs.keys()
            if other != source and shared:
                same = sum(1 for function in shared if own[function] & theirs[function])
                found.append(Agreement(other, len(shared), same))
        return sorted(found, key=lambda item: (-item.shared, -item.same, item.other))

    def standing(self, source: str) -> tuple[int, int]:
        """Return on how many functions ``source`` agrees with most of the others, and how many it shares with any.

        It agrees where an office that it names is one that more of the others name than any else.
        """
        own = self._offices.get(source, {})
        agreed = shared = 0
        for function, offices in own.items():
            votes = Counter(
                office
                for other, theirs in self._offices.items()
                if other != source
                for office in theirs.get(function, ())
            )
            if votes:
                shared += 1
                most = max(votes.values())
                agreed += any(votes[office] == most for office in offices)
        return agreed, shared
