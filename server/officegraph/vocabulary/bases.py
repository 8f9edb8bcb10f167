"""Find the base that the resources of a dataset live under, and move them to another."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Final

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from officegraph.model.dataset import Dataset, GraphName
from officegraph.model.namespaces import OWL, RDF, SKOS, VANN, VOID, XSD
from officegraph.vocabulary.statements import lines, split

FALLBACK_BASE: Final = "http://localhost/"
"""Base of the names of graphs where the dataset has no resources with an HTTP IRI."""

_HTTP: Final = ("<http://", "<https://")
_TYPE: Final = str(RDF.type)
_CONCEPT: Final = str(SKOS.Concept)
_WHOLES: Final = frozenset(map(str, (SKOS.ConceptScheme, SKOS.Collection, SKOS.OrderedCollection, OWL.Ontology)))
_IN_SCHEME: Final = frozenset(map(str, (SKOS.inScheme, SKOS.topConceptOf)))
_SPACE: Final = str(VOID.uriSpace)
_NAMESPACE: Final = str(VANN.preferredNamespaceUri)
_TELLING: Final = frozenset({RDF.type, SKOS.inScheme, SKOS.topConceptOf, VOID.uriSpace, VANN.preferredNamespaceUri})


def declared_base(triples: Iterable[Triple]) -> str | None:
    """Return the base that the dataset itself states by ``void:uriSpace`` (VoID, section 2.2), if any.

    Where several are stated, as of the targets of linksets, it is the one that most subjects begin with.
    """
    subjects: dict[str, None] = {}
    stated: dict[str, None] = {}
    for subject, predicate, value in map(split, lines(triples)):
        if predicate == _SPACE:
            _add_stated(stated, value)
        if subject.startswith(_HTTP):
            subjects[subject[1:-1]] = None
    return _most_used(stated, subjects)


def detect_base(triples: Iterable[Triple]) -> str | None:
    """Return the IRI that the resources of a vocabulary live under; its path is the root of the server.

    In order of preference: what the dataset states by ``void:uriSpace``; the longest IRI ending in
    ``/`` that the concepts of the main namespace, the other concepts of their schemes on
    the same host, and those schemes have in common. The main namespace is the one that
    ``vann:preferredNamespaceUri`` names if it has concepts, else the one with most concepts; in a dataset
    without concepts, the one with most subjects.

    Args:
        triples: The dataset, in any order.

    Returns:
        The base, ending in ``/``; ``None`` if no subject has an ``http`` or ``https`` IRI.

    >>> a = NamedNode("http://example.org/voc#A")
    >>> detect_base([Triple(a, RDF.type, SKOS.Concept)])
    'http://example.org/'
    """
    held = triples if isinstance(triples, Sequence) else list(triples)
    concepts: dict[str, None] = {}
    wholes: dict[str, None] = {}
    schemes: dict[str, list[str]] = {}
    space: dict[str, None] = {}
    namespaces: dict[str, None] = {}
    for subject, predicate, value in map(split, lines([t for t in held if t.predicate in _TELLING])):
        if subject.startswith(_HTTP):
            iri = subject[1:-1]
            if predicate == _TYPE:
                if value == _CONCEPT:
                    concepts[iri] = None
                elif value in _WHOLES:
                    wholes[iri] = None
            elif predicate in _IN_SCHEME:
                schemes.setdefault(iri, []).append(value[1:-1])
        if predicate == _SPACE:
            _add_stated(space, value)
        elif predicate == _NAMESPACE:
            _add_stated(namespaces, value)
    subjects = _http_subjects(held) if space or not (concepts or schemes) else ()
    stated = _most_used(space, subjects)
    if stated:
        return stated
    members = list(concepts or schemes or subjects)
    if not members:
        return None
    counts = Counter(map(_namespace, members))
    preferred = [namespace for namespace in namespaces if namespace in counts]
    main = max(preferred or counts, key=lambda namespace: (counts[namespace], namespace))
    return _common(main, members, schemes, wholes)


def _http_subjects(triples: Iterable[Triple]) -> dict[str, None]:
    """Return the IRIs of ``http`` and ``https`` that are subjects, in order."""
    found = (triple.subject for triple in triples)
    iris = dict.fromkeys(subject.value for subject in found if isinstance(subject, NamedNode))
    return {iri: None for iri in iris if f"<{iri}".startswith(_HTTP)}


def _common(main: str, members: Iterable[str], schemes: dict[str, list[str]], wholes: Iterable[str]) -> str:
    """Return the common beginning of the vocabulary that the members in the namespace ``main`` belong to."""
    host = _host(main)
    used = {scheme for iri in members if _namespace(iri) == main for scheme in schemes.get(iri, ())}
    spaces = {main}
    for iri in members:
        space = _namespace(iri)
        if space not in spaces and space.startswith(host):
            of = schemes.get(iri)
            if of is None or not used or not used.isdisjoint(of):
                spaces.add(space)
    # A scheme may lie beside its concepts: http://example.org/voc with http://example.org/voc/1.
    spaces.update(iri for iri in wholes if iri.startswith(host) and (iri in used or not used))
    first, last = min(spaces), max(spaces)
    differ = next((index for index, c in enumerate(first) if last[index : index + 1] != c), len(first))
    return _folder(first[:differ])


def _host(iri: str) -> str:
    """Return scheme and authority of ``iri`` with the slash that follows."""
    return "/".join(iri.split("/", 3)[:3]) + "/"


def _namespace(iri: str) -> str:
    """Return ``iri`` up to its fragment, else up to its last slash."""
    head, hash_sign, _ = iri.partition("#")
    return head + hash_sign if hash_sign else _folder(iri)


def _folder(iri: str) -> str:
    """Return ``iri`` up to the last slash of its path, whose query and fragment do not count."""
    path = iri.partition("#")[0].partition("?")[0]
    cut = path.rfind("/") + 1
    return path[:cut] if cut > len("https://") else f"{path}/"


def _add_stated(iris: dict[str, None], value: str) -> None:
    """Add the IRI that ``value`` is or, as a literal of any type, states."""
    iri = value[1 : value.rfind(">" if value.startswith("<") else '"')]
    if iri.startswith(("http://", "https://")):
        iris[iri] = None


def _most_used(stated: Iterable[str], subjects: Iterable[str]) -> str | None:
    """Return the folder of the one of ``stated`` that most of ``subjects`` begin with, if any does."""
    counts = {iri: sum(subject.startswith(iri) for subject in subjects) for iri in stated}
    if not any(counts.values()):
        return None
    return _folder(max(counts, key=lambda iri: (counts[iri], iri)))


def rebase(dataset: Dataset, old: str, new: str) -> Dataset:
    """Return ``dataset`` with every IRI that begins with ``old`` minted under ``new`` instead.

    Also moved are prefixes, names of graphs, and the literals that state where resources live: the values of
    ``void:uriSpace`` and ``vann:preferredNamespaceUri``, and those of type ``xsd:anyURI``.

    Args:
        dataset: What to move; it is left as it is.
        old: Base that the IRIs begin with.
        new: Base that they begin with afterwards.
    """
    if old == new:
        return dataset
    nodes: dict[str, NamedNode] = {}

    def node(term: NamedNode) -> NamedNode:
        iri = term.value
        if not iri.startswith(old):
            return term
        moved = nodes.get(iri)
        if moved is None:
            moved = nodes[iri] = NamedNode(new + iri[len(old) :])
        return moved

    def moved_triple(triple: Triple) -> Triple:
        subject, predicate, value = triple
        if isinstance(value, NamedNode):
            value = node(value)
        elif isinstance(value, Triple):
            value = moved_triple(value)
        elif isinstance(value, Literal) and value.value.startswith(old):
            states = predicate in (VOID.uriSpace, VANN.preferredNamespaceUri) and value.datatype == XSD.string
            if states or value.datatype == XSD.anyURI:
                value = Literal(new + value.value[len(old) :], datatype=value.datatype)
        return Triple(subject if isinstance(subject, BlankNode) else node(subject), node(predicate), value)

    moved: dict[Triple, Triple] = {}

    def moved_triples(triples: Iterable[Triple]) -> list[Triple]:
        # A triple of the default graph is one of a named graph too: moved once, kept once.
        result = []
        for triple in triples:
            known = moved.get(triple)
            if known is None:
                known = moved[triple] = moved_triple(triple)
            result.append(known)
        return result

    graphs: dict[GraphName, list[Triple]] = {
        name if isinstance(name, BlankNode) else node(name): moved_triples(triples)
        for name, triples in dataset.graphs.items()
    }
    return Dataset(
        default=moved_triples(dataset.default),
        graphs=graphs,
        prefixes={
            prefix: new + namespace[len(old) :] if namespace.startswith(old) else namespace
            for prefix, namespace in dataset.prefixes.items()
        },
        language_tags=dict(dataset.language_tags),
        quads=dataset.quads,
    )
