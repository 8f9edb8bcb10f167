"""A dataset as the checks see it: what is a concept, what is in which scheme, what leads where."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import Final

from pyoxigraph import Literal, NamedNode, Triple

from officegraph.model.dataset import Dataset, Subject, Term, unique
from officegraph.model.hierarchy import ancestors
from officegraph.model.index import TripleIndex
from officegraph.model.namespaces import RDF, RDFS, SKOS, SKOSXL
from officegraph.vocabulary.check.codes import CODES
from officegraph.vocabulary.check.finding import Finding
from officegraph.vocabulary.check.names import Names
from officegraph.vocabulary.entail import Consequence, ancestry, consequences, edges, xl_labels

MATCHES: Final = (SKOS.exactMatch, SKOS.closeMatch, SKOS.broadMatch, SKOS.narrowMatch, SKOS.relatedMatch)
"""Mapping relations."""

SEMANTIC: Final = (
    SKOS.broader,
    SKOS.narrower,
    SKOS.related,
    SKOS.broaderTransitive,
    SKOS.narrowerTransitive,
    SKOS.semanticRelation,
)
"""Semantic relations that are no mapping relations."""

LABELS: Final = (SKOS.prefLabel, SKOS.altLabel, SKOS.hiddenLabel)
"""Label properties."""

Edges = Mapping[Subject, Mapping[Subject, NamedNode]]
"""Objects by subject, with the predicate that says so."""


class View:
    """The union of all graphs of a dataset, with what SKOS makes of it.

    Attributes:
        triples: All triples of the dataset, its named graphs included.
        index: Look-ups over them.
        names: Writes terms in messages.
        base: IRI under which the resources of the dataset live; ``None`` takes all for its own.
        rules: What follows from each predicate; see :func:`officegraph.vocabulary.entail.consequences`.
    """

    def __init__(self, dataset: Dataset, *, base: str | None = None) -> None:
        """Look at ``dataset``, whose own resources are those under ``base``."""
        graphs = [triple for graph in dataset.graphs.values() for triple in graph]
        self.triples = unique([*dataset.default, *graphs]) if graphs else dataset.default
        self.index = TripleIndex(self.triples)
        self.names = Names(dataset.prefixes, dataset.language_tags)
        self.base = base
        self.rules: dict[NamedNode, list[Consequence]] = consequences(self.index)

    def finding(
        self,
        code: str,
        focus: Subject | None,
        message: str,
        *,
        path: NamedNode | None = None,
        value: Term | None = None,
    ) -> Finding:
        """Return a finding of the kind ``code`` with the severity of the table."""
        return Finding(code, CODES[code].severity, message, focus, path, value)

    def is_own(self, resource: Term) -> bool:
        """Return whether the dataset is the place that describes ``resource``: whether it is under the base."""
        if self.base is None:
            return not isinstance(resource, Literal | Triple)
        return isinstance(resource, NamedNode) and resource.value.startswith(self.base)

    def listed(self, terms: Iterable[Term], limit: int = 5) -> str:
        """Return ``terms`` as an enumeration for a message, cut after ``limit``."""
        names = [self.names(term) for term in terms]
        more = f" and {len(names) - limit} more" if len(names) > limit else ""
        return ", ".join(names[:limit]) + more

    # Classes

    def instances(self, class_: NamedNode) -> dict[Subject, None]:
        """Return the resources stated to be a ``class_``, or a sub-class of it that the data declare."""
        below = self.index.subjects_by_object(RDFS.subClassOf)
        classes = [class_, *ancestors(below, class_)]
        return {resource: None for each in classes for resource in self.index.subjects(RDF.type, each)}

    @cached_property
    def typed_concepts(self) -> dict[Subject, None]:
        """Resources that are stated to be concepts."""
        return self.instances(SKOS.Concept)

    @cached_property
    def used_as_concepts(self) -> dict[Subject, NamedNode]:
        """Resources that a relation makes concepts (S6, S19, S20), with that relation."""
        found: dict[Subject, NamedNode] = {}
        for predicate in self._below(SEMANTIC):
            for subject, value in self.index.pairs(predicate):
                for resource in (subject, value):
                    if not isinstance(resource, Literal | Triple):
                        found.setdefault(resource, predicate)
        for subject, _ in self.index.pairs(SKOS.topConceptOf):
            found.setdefault(subject, SKOS.topConceptOf)
        for _, value in self.index.pairs(SKOS.hasTopConcept):
            if not isinstance(value, Literal | Triple):
                found.setdefault(value, SKOS.hasTopConcept)
        return found

    def _below(self, targets: Iterable[NamedNode]) -> list[NamedNode]:
        wanted = set(targets)
        return [
            predicate
            for predicate in self.index.by_predicate
            if predicate in wanted or any(property_ in wanted for property_, _ in self.rules.get(predicate, ()))
        ]

    @cached_property
    def used_as_schemes(self) -> dict[Subject, NamedNode]:
        """Resources that a relation makes concept schemes (S4, S5, S8), with that relation."""
        found: dict[Subject, NamedNode] = {}
        for predicate in (SKOS.inScheme, SKOS.topConceptOf):
            for scheme in self.index.subjects_by_object(predicate):
                if not isinstance(scheme, Literal | Triple):
                    found.setdefault(scheme, predicate)
        for scheme in self.index.objects_by_subject(SKOS.hasTopConcept):
            found.setdefault(scheme, SKOS.hasTopConcept)
        return found

    @cached_property
    def concepts(self) -> dict[Subject, None]:
        """The concepts of this dataset: stated to be such, or used as such and described."""
        described = {
            resource: None
            for resource in self.used_as_concepts
            if resource in self.schemes_of or self.index.objects(resource, SKOS.prefLabel)
        }
        return {resource: None for resource in (*self.typed_concepts, *described) if self.is_own(resource)}

    @cached_property
    def schemes(self) -> dict[Subject, None]:
        """The concept schemes of this dataset."""
        return {
            scheme: None
            for scheme in (*self.instances(SKOS.ConceptScheme), *self.used_as_schemes)
            if self.is_own(scheme)
        }

    @cached_property
    def collections(self) -> dict[Subject, None]:
        """The collections of this dataset, the ordered ones included (S29)."""
        found = {**self.instances(SKOS.Collection), **self.instances(SKOS.OrderedCollection)}
        return {collection: None for collection in found if self.is_own(collection)}

    # Schemes

    @cached_property
    def top_concepts(self) -> dict[Subject, dict[Subject, NamedNode]]:
        """Schemes of which a concept is a top concept, by concept."""
        return edges(self.index, SKOS.topConceptOf, self.rules)

    @cached_property
    def schemes_of(self) -> dict[Subject, dict[Subject, NamedNode]]:
        """Schemes that a resource is in, by resource (S7 included)."""
        return edges(self.index, SKOS.inScheme, self.rules)

    # Relations

    @cached_property
    def broader(self) -> dict[Subject, dict[Subject, NamedNode]]:
        """Broader concepts by concept."""
        return edges(self.index, SKOS.broader, self.rules)

    @cached_property
    def above(self) -> dict[Subject, dict[Subject, NamedNode]]:
        """Steps whose transitive closure is ``skos:broaderTransitive``."""
        return ancestry(self.index, self.rules)

    @cached_property
    def related(self) -> dict[Subject, dict[Subject, NamedNode]]:
        """Related concepts by concept, in both directions."""
        return edges(self.index, SKOS.related, self.rules)

    @cached_property
    def matches(self) -> dict[NamedNode, dict[Subject, dict[Subject, NamedNode]]]:
        """Mapped concepts by mapping relation and concept, in both directions."""
        return {relation: edges(self.index, relation, self.rules) for relation in MATCHES}

    # Labels

    @cached_property
    def labels(self) -> dict[NamedNode, dict[Subject, list[Literal]]]:
        """Plain labels by property and resource, those of SKOS-XL labels included (S55 to S57)."""
        found: dict[NamedNode, dict[Subject, list[Literal]]] = {property_: {} for property_ in LABELS}
        for property_ in LABELS:
            for resource, label in self.index.pairs(property_):
                if isinstance(label, Literal):
                    found[property_].setdefault(resource, []).append(label)
        if SKOSXL.literalForm in self.index.by_predicate:
            for resource, property_, form, _ in xl_labels(self.index):
                labels = found[property_].setdefault(resource, [])
                if form not in labels:
                    labels.append(form)
        return found
