"""Search the index of a release."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from officegraph.model.labels import Label, best_label
from officegraph.release.search import sets
from officegraph.release.search.explain import best_match, merged, similar_spans
from officegraph.release.search.matching import Question, Stage, stages
from officegraph.release.search.model import (
    FACETS,
    FacetCount,
    Features,
    Hit,
    Kind,
    Match,
    MatchKind,
    Property,
    SearchRequest,
    SearchResult,
)
from officegraph.release.search.names import Names
from officegraph.release.search.read import IndexFile, Record
from officegraph.release.search.reader import Reader
from officegraph.release.search.resources import Text
from officegraph.release.search.similar import similar_resources

FEW: Final = 3
"""Similar labels are looked for where fewer resources than this match by their labels, and none exactly."""

_SCORES: Final = {
    MatchKind.PREFERRED: 100,
    MatchKind.ALTERNATIVE: 94,
    MatchKind.HIDDEN: 88,
    MatchKind.SPELLING: 83,
    MatchKind.PREFIX: 76,
    MatchKind.WORDS: 74,
    MatchKind.INFIX: 58,
    MatchKind.NOTE: 50,
    MatchKind.SIMILAR: 44,
}
_FARTHEST: Final = 3
_LATER: Final = 79.0
_BETWEEN_LANGUAGES: Final = 4


class SearchIndex:
    """The search over a release. Safe for threads, and for processes forked after opening.

    Args:
        path: The file of the index.

    Raises:
        SearchIndexError: The file is no index of this version.

    Attributes:
        names: The concepts in the order of their names.
    """

    def __init__(self, path: Path) -> None:
        self._file = IndexFile(path)
        self.names = Names(self._file)

    def search(self, request: SearchRequest) -> SearchResult:
        """Return what matches ``request``; no text makes this fail.

        The best come first: by how they match (``model.MatchKind``), by language, whole words before beginnings and
        preferred labels before others, then by kind, length of their label and IRI. Beginnings of labels and words
        within them are ordered by language first.

        A text without words matches nothing; with a filter of resources, all that these let through are listed, by
        kind, length of their label and IRI.
        """
        question = Question.of(request.text, prefix=request.prefix)
        reader = Reader(self._file.languages, self._file.language, request.languages, request.in_languages)
        allowed = self._allowed(request)
        found: list[tuple[Stage, int, int]] = []
        seen = of_labels = 0
        by_language: dict[int, int] = {}
        groups = _grouped(stages(self._file, question, notes=request.notes))
        if not question.words and request.is_limited:
            groups = iter([(MatchKind.LISTED, [self._everything(reader)])])
        for group, among in self._in_turn(groups, allowed):
            for tier, numbers in enumerate(reader.tiers):
                for stage in group:
                    bits = 0
                    for language in numbers:
                        bits |= stage.found.get(language, 0)
                    if fresh := bits & among & ~seen:
                        found.append((stage, tier, fresh))
                        seen |= fresh
            for stage in group:
                for language in reader.allowed if stage.kind != MatchKind.LISTED else ():
                    if (in_language := stage.found.get(language)) is not None:
                        by_language[language] = by_language.get(language, 0) | in_language
            if group[0].kind < MatchKind.NOTE:
                of_labels = seen
        hits = list(self._hits(question, found, reader, request))
        alike: list[tuple[float, int, Record, Text]] = []
        exact = bool(found) and found[0][0].kind < MatchKind.PREFIX
        if request.similar and question.words and not exact and of_labels.bit_count() < FEW:
            alike = similar_resources(self._file, question, allowed & ~seen, reader.places)
        total = seen.bit_count() + len(alike)
        rest = request.limit - len(hits)
        if alike and rest > 0:
            start = max(0, request.offset - seen.bit_count())
            hits += [self._similar(question, item, reader, request) for item in alike[start : start + rest]]
        facets: Mapping[str, tuple[FacetCount, ...]] = {}
        if request.facets:
            for _, number, _, text in alike:
                seen |= 1 << number
                language = reader.number(text.language)
                by_language[language] = by_language.get(language, 0) | 1 << number
            facets = self._facets(seen, by_language)
        return SearchResult(total=total, hits=tuple(hits), facets=facets, similar=len(alike))

    def suggest(self, text: str, languages: Sequence[str] = (), limit: int = 10) -> tuple[Hit, ...]:
        """Return the best hits for a text that is still being typed, without counting, and not in notes.

        Args:
            text: What was typed so far.
            languages: Language ranges of the reader, the most wanted first.
            limit: How many hits to return at most.
        """
        request = SearchRequest(text=text, languages=tuple(languages), notes=False, facets=False, limit=limit)
        return self.search(request).hits

    def initials(self, languages: Sequence[str] = ()) -> tuple[str, ...]:
        """Return the characters that preferred labels of concepts begin with, folded, in order.

        Args:
            languages: Language ranges of the reader; labels in the first of them count that there are labels in.
        """
        reader = Reader(self._file.languages, self._file.language, languages, ())
        concepts = self._file.facets().get("kind", {}).get(Kind.CONCEPT, 0)
        for numbers in reader.tiers:
            if found := tuple(self._file.initials(frozenset(numbers), concepts)):
                return found
        return ()

    def close(self) -> None:
        """Let go of the file."""
        self._file.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _everything(self, reader: Reader) -> Stage:
        """Return the stage of all resources, as if they matched in the language that the reader wants most."""
        numbers = next((numbers for numbers in reader.tiers if numbers), [0])
        return Stage(MatchKind.LISTED, True, True, {numbers[0]: (1 << self._file.resources) - 1})

    def _in_turn(
        self, groups: Iterable[tuple[MatchKind, list[Stage]]], allowed: int
    ) -> Iterator[tuple[list[Stage], int]]:
        """Yield stages and the resources that they concern: lexical entries and the rest come after all others.

        What is called as asked for by any label comes before what is only mentioned by that name: the concept whose
        abbreviation is "KYC" before the entry of the dictionary.
        """
        kinds = self._file.facets().get("kind", {})
        later = allowed & (kinds.get(Kind.ENTRY, 0) | kinds.get(Kind.RESOURCE, 0))
        waiting: list[list[Stage]] = []
        for kind, group in groups:
            if kind < MatchKind.PREFIX:
                yield group, allowed & ~later
                waiting.append(group)
                continue
            while waiting:
                yield waiting.pop(0), later
            yield group, allowed
        for group in waiting:
            yield group, later

    def _allowed(self, request: SearchRequest) -> int:
        """Return the resources that the filters of ``request`` let through."""
        facets = self._file.facets()
        allowed = (1 << self._file.resources) - 1
        if not request.deprecated:
            allowed &= ~facets.get("deprecated", {}).get("true", 0)
        filters = {
            "kind": request.kinds,
            "type": request.types,
            "scheme": request.schemes,
            "office": request.offices,
            "segment": request.segments,
        }
        for name, values in filters.items():
            if values:
                either = 0
                for value in values:
                    either |= facets.get(name, {}).get(value, 0)
                allowed &= either
        return allowed

    def _facets(self, found: int, by_language: Mapping[int, int]) -> Mapping[str, tuple[FacetCount, ...]]:
        values = {name: self._file.facets().get(name, {}) for name in FACETS}
        values["language"] = {
            self._file.languages[number]: bits for number, bits in by_language.items() if self._file.languages[number]
        }
        return {
            name: tuple(
                sorted(
                    (FacetCount(value, count) for value, bits in of.items() if (count := (bits & found).bit_count())),
                    key=lambda facet: (-facet.count, facet.value),
                )
            )
            for name, of in values.items()
            if of
        }

    def _hits(
        self, question: Question, found: Sequence[tuple[Stage, int, int]], reader: Reader, request: SearchRequest
    ) -> Iterator[Hit]:
        skip, wanted = request.offset, request.limit
        for stage, tier, bits in found:
            if wanted <= 0:
                return
            count = bits.bit_count()
            if skip >= count:
                skip -= count
                continue
            for number in sets.members(bits):
                if skip:
                    skip -= 1
                    continue
                if wanted <= 0:
                    return
                wanted -= 1
                yield self._hit(question, stage, tier, number, reader, request)

    def _hit(
        self, question: Question, stage: Stage, tier: int, number: int, reader: Reader, request: SearchRequest
    ) -> Hit:
        record = self._file.record(number)
        texts: Iterable[Text] = record.labels
        if stage.kind == MatchKind.NOTE:
            texts = (*self._file.notes(number), *record.labels)
        languages = {"", *(self._file.languages[n] for n in reader.tiers[tier] if stage.found.get(n, 0) >> number & 1)}
        match = None
        if stage.kind != MatchKind.LISTED:
            match = best_match(question, stage.kind, (t for t in texts if t.language in languages), reader.place)
        features = Features(stage.kind, tier, stage.whole_words, stage.preferred, 1.0)
        return self._shown(number, record, match or _whole(record.labels[0]), features, request)

    def _similar(
        self, question: Question, item: tuple[float, int, Record, Text], reader: Reader, request: SearchRequest
    ) -> Hit:
        alike, number, record, text = item
        match = replace(_whole(text), spans=tuple(merged(similar_spans(question, text.text))))
        features = Features(MatchKind.SIMILAR, reader.place(text.language), False, False, round(alike, 4))
        return self._shown(number, record, match, features, request)

    def _shown(self, number: int, record: Record, match: Match, features: Features, request: SearchRequest) -> Hit:
        names: dict[str, str] = {}
        for text in record.labels:
            names.setdefault(text.language, text.text)
        preferred = {text.language: text.text for text in record.labels if text.property == 0}
        label = best_label(preferred or names, request.languages, self._file.language)
        return Hit(
            iri=record.iri,
            kind=record.kind,
            types=record.types,
            schemes=record.schemes,
            offices=record.offices,
            segments=record.segments,
            deprecated=record.deprecated,
            label=label or Label(match.text, match.language),
            match=match,
            score=score(features, record.kind),
            features=features,
            definition=self._definition(number, request) if request.definitions else None,
        )

    def _definition(self, number: int, request: SearchRequest) -> Label | None:
        found: dict[str, str] = {}
        for text in self._file.notes(number):
            if text.property == Property.DEFINITION:
                found.setdefault(text.language, text.text)
        return best_label(found, request.languages, self._file.language)


def score(features: Features, kind: Kind) -> float:
    """Return the score of a hit from 0 to 100; it falls in the order in which hits are shown.

    >>> score(Features(MatchKind.PREFERRED, 0, True, True, 1.0), Kind.CONCEPT)
    100.0
    """
    language = min(features.language, _FARTHEST)
    if features.kind == MatchKind.LISTED:
        return 0.0
    if features.kind == MatchKind.SIMILAR:
        return round(_SCORES[MatchKind.SIMILAR] * features.similarity, 2)
    if features.kind >= MatchKind.PREFIX:
        distance = _BETWEEN_LANGUAGES * language if _rank(features.kind) == MatchKind.PREFIX else language
        return _SCORES[features.kind] - distance - 0.5 * (not features.whole_words) - 0.25 * (not features.preferred)
    if kind in (Kind.ENTRY, Kind.RESOURCE):
        return round(_LATER - 0.2 * features.kind - 0.05 * language, 2)
    return float(_SCORES[features.kind] - language)


def _whole(text: Text) -> Match:
    return Match(text.property, text.text, text.language, ())


def _rank(kind: MatchKind) -> MatchKind:
    """Return the first kind of match that is ordered together with ``kind``, by language first."""
    return MatchKind.PREFIX if kind == MatchKind.WORDS else kind


def _grouped(found: Iterable[Stage]) -> Iterator[tuple[MatchKind, list[Stage]]]:
    group: list[Stage] = []
    for stage in found:
        if group and _rank(group[0].kind) != _rank(stage.kind):
            yield group[0].kind, group
            group = []
        group.append(stage)
    if group:
        yield group[0].kind, group
