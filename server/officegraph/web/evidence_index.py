"""All placements of the release in memory: read from its documents once, when a page first asks."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from pyoxigraph import NamedNode

from officegraph.model.namespaces import CITO, DCTERMS, OFO, PROV, Namespace
from officegraph.web.pages.agreement import Evidence, Placing
from officegraph.web.pages.statements import Statements

if TYPE_CHECKING:
    from officegraph.release.open import Release

_CITED: Final = (PROV.hadPrimarySource, CITO.citesAsEvidence, DCTERMS.source)
_CLASSES: Final = ("Placement", "UndecidedPlacement")


def read_evidence(release: Release) -> Evidence:
    """Return the placements of ``release``; none are looked for where it counts none."""
    ofo = Namespace(release.prefixes.get("ofo", OFO.iri))
    counts = release.manifest.statistics.classes
    if not any(counts.get(ofo[name].value) for name in _CLASSES):
        return Evidence(())
    return Evidence(_placings(release, ofo))


def _placings(release: Release, ofo: Namespace) -> Iterator[Placing]:
    start = f"{release.base}placement/"
    classes = {ofo[name].value for name in _CLASSES}
    for iri in release.documents:
        if not iri.startswith(start) or iri.startswith(f"{start}usual/"):
            continue
        document = release.documents.get(iri)
        if document is None:
            continue
        said, node = Statements(document.triples()), NamedNode(iri)
        functions = _iris(said, node, ofo.function)
        if functions and said.types(node) & classes:
            yield Placing(
                iri,
                functions[0],
                next(iter(_iris(said, node, ofo.office)), None),
                next(iter(_iris(said, node, ofo.segment)), None),
                tuple(_iris(said, node, *_CITED)),
            )


def _iris(said: Statements, node: NamedNode, *predicates: NamedNode) -> list[str]:
    return [term.value for term in said.nodes(node, *predicates) if isinstance(term, NamedNode)]
