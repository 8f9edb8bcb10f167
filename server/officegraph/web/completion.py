"""What the editor of queries offers while one types: the terms that the release uses, by name and by label."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

from officegraph.model.labels import Label, best_label
from officegraph.release.search.model import Kind, SearchRequest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from officegraph.release.open import Release
    from officegraph.release.search.model import Hit

TermKind = Literal["class", "property", "concept"]

KINDS: Final[tuple[TermKind, ...]] = ("class", "property", "concept")

MOST: Final = 30
"""Terms that are offered at a time."""

LONGEST: Final = 200
"""Characters of what was typed that are looked at."""

_SAFE_LOCAL: Final = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_.-]*[A-Za-z0-9_-])?")
"""Local names that need no escape in a prefixed name (SPARQL 1.1, rule 169 ``PN_LOCAL``), a part of all there are."""

_SAFE_PREFIX: Final = re.compile(r"[A-Za-z](?:[A-Za-z0-9_.-]*[A-Za-z0-9_-])?|")
_SEPARATOR: Final = re.compile(r"[\s_:.-]+")
_CAPITAL: Final = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")

_SEARCHED: Final = (Kind.CONCEPT, Kind.COLLECTION, Kind.SCHEME, Kind.RESOURCE)


@dataclass(frozen=True, slots=True)
class PrefixedName:
    """An IRI as a query may write it.

    Attributes:
        prefix: The prefix, without its colon.
        namespace: What it stands for.
        local: What follows.
    """

    prefix: str
    namespace: str
    local: str

    def __str__(self) -> str:
        return f"{self.prefix}:{self.local}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """A term to offer.

    Attributes:
        iri: Its IRI.
        kind: What sort of term it is.
        name: Its prefixed name, or ``None`` where no prefix fits.
        label: Its label for the reader, or ``None``.
        match: The label that matches what was typed, where that is another one.
        count: How often the release uses it: instances of a class, triples of a property.
    """

    iri: str
    kind: TermKind
    name: PrefixedName | None = None
    label: Label | None = None
    match: Label | None = None
    count: int | None = None

    def as_json(self) -> dict[str, object]:
        """Return the term for the editor."""
        return {
            "iri": self.iri,
            "kind": self.kind,
            "name": None if self.name is None else str(self.name),
            "prefix": None if self.name is None else self.name.prefix,
            "namespace": None if self.name is None else self.name.namespace,
            "label": None if self.label is None else self.label.text,
            "language": (self.label.language or None) if self.label else None,
            "match": None if self.match is None else self.match.text,
            "count": self.count,
        }


def prefixed_name(iri: str, prefixes: Mapping[str, str]) -> PrefixedName | None:
    """Return ``iri`` by the prefix with the longest namespace that fits, if the name needs no escape.

    >>> str(prefixed_name("http://e/a/b", {"e": "http://e/", "a": "http://e/a/"}))
    'a:b'
    """
    best: PrefixedName | None = None
    for prefix, namespace in prefixes.items():
        if (best is None or len(namespace) > len(best.namespace)) and iri.startswith(namespace):
            local = iri[len(namespace) :]
            if _SAFE_LOCAL.fullmatch(local) and _SAFE_PREFIX.fullmatch(prefix):
                best = PrefixedName(prefix, namespace, local)
    return best


def find_used(
    counts: Mapping[str, int],
    kind: TermKind,
    text: str,
    prefixes: Mapping[str, str],
    labels: Callable[[str], Mapping[str, str]],
    languages: Sequence[str] = (),
    default: str = "en",
) -> list[Term]:
    """Return the classes or properties that begin with what was typed, or have it in them.

    Local names that begin with it come first, then labels that do, then what has a word that begins with it; among
    equals the most used. With a colon in ``text``, it is the beginning of a prefixed name.

    Args:
        counts: How often each term is used, by its IRI.
        kind: What sort of terms they are.
        text: What was typed.
        prefixes: Prefix to namespace.
        labels: Gives the labels of an IRI by language tag.
        languages: Language ranges of the reader, the most wanted first.
        default: Language that labels fall back to.
    """
    typed = text.strip()[:LONGEST].casefold()
    found: list[tuple[int, int, str, Term]] = []
    for iri, count in counts.items():
        name = prefixed_name(iri, prefixes)
        named = labels(iri)
        rank, match = _rank(typed, iri, name, named)
        if rank is None:
            continue
        label = best_label(named, languages, default)
        shown = match if match is not None and label is not None and match.text != label.text else None
        found.append((rank, -count, iri, Term(iri=iri, kind=kind, name=name, label=label, match=shown, count=count)))
    found.sort(key=lambda item: item[:3])
    return [term for *_, term in found[:MOST]]


def _rank(
    typed: str, iri: str, name: PrefixedName | None, labels: Mapping[str, str]
) -> tuple[int | None, Label | None]:
    """Return how well a term fits, the lower the better, ``None`` if not at all, and the label by which it does."""
    if not typed:
        return 0, None
    if ":" in typed:
        fits = (name is not None and str(name).casefold().startswith(typed)) or iri.casefold().startswith(typed)
        return (0 if fits else None), None
    local = name.local if name is not None else re.split(r"[/#:]", iri)[-1]
    if local.casefold().startswith(typed):
        return 0, None
    for language, label in labels.items():
        if label.casefold().startswith(typed):
            return 1, Label(label, language)
    if any(word.casefold().startswith(typed) for word in _CAPITAL.sub(" ", local).split()):
        return 2, None
    for language, label in labels.items():
        if any(word.startswith(typed) for word in _SEPARATOR.split(label.casefold())):
            return 2, Label(label, language)
    if name is not None and name.prefix.casefold().startswith(typed):
        return 3, None
    return None, None


def of_hits(hits: Iterable[Hit], text: str, prefixes: Mapping[str, str]) -> list[Term]:
    """Return the terms for what a search has found, one for each resource.

    With a colon in ``text``, what stands before it has to be the prefix.
    """
    prefix = text.partition(":")[0] if ":" in text else None
    terms = []
    for hit in hits:
        name = prefixed_name(hit.iri, prefixes)
        if prefix is not None and (name is None or name.prefix.casefold() != prefix.casefold()):
            continue
        match = Label(hit.match.text, hit.match.language) if hit.match.text != hit.label.text else None
        terms.append(Term(iri=hit.iri, kind="concept", name=name, label=hit.label, match=match))
    return terms


def find_terms(
    release: Release, prefixes: Mapping[str, str], text: str, kind: TermKind | None, languages: Sequence[str]
) -> list[Term]:
    """Return the terms of ``release`` that fit what was typed, the best first.

    Args:
        release: The release.
        prefixes: Prefix to namespace.
        text: What was typed: the beginning of a prefixed name, or words of a label in any language.
        kind: What sort of terms is wanted; ``None`` for every sort.
        languages: Language ranges of the reader, the most wanted first.
    """
    statistics, default = release.manifest.statistics, release.manifest.language
    found: list[Term] = []
    for used, counts in (("class", statistics.classes), ("property", statistics.properties)):
        if kind in {None, used}:
            found += find_used(counts, used, text, prefixes, release.labels.get, languages, default)  # type: ignore[arg-type]
    if kind is None:
        found = found[: MOST // 2]
    local = text[:LONGEST].rpartition(":")[2]
    words = " ".join(_SEPARATOR.split(local)).strip()
    if kind in {None, "concept"} and any(map(str.isalnum, words)):
        request = SearchRequest(
            text=words, languages=tuple(languages), notes=False, similar=False, facets=False, kinds=_SEARCHED,
            limit=MOST,
        )  # fmt: skip
        found += of_hits(release.search.search(request).hits, text, prefixes)
    return found[:MOST]
