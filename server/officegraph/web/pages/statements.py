"""The statements of a document, and which of them a page has shown."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from officegraph.model.dataset import Subject, Term
from officegraph.model.namespaces import DCTERMS, FOAF, ONTOLEX, RDF, RDFS, SCHEMA, SKOS, SKOSXL

LABELS: Final = (SKOS.prefLabel, RDFS.label, DCTERMS.title, SCHEMA.name, FOAF.name, SKOSXL.literalForm)
"""Properties that name a resource, best first."""

LABEL_PARTS: Final = frozenset((*LABELS, SKOSXL.prefLabel))


class Statements:
    """The triples of one document by subject and by object.

    A block of a page *takes* the statements that it shows; :meth:`rest` is what nobody took, so that a page can
    end with it and hide nothing.
    """

    def __init__(self, triples: Iterable[Triple]) -> None:
        """Index ``triples``; repetitions are dropped."""
        self._by_subject: dict[Subject, dict[NamedNode, list[Term]]] = {}
        self._by_object: dict[Subject, dict[NamedNode, list[Subject]]] = {}
        self._taken: set[tuple[Subject, NamedNode, Term]] = set()
        self.add(triples)

    def add(self, triples: Iterable[Triple]) -> None:
        """Add ``triples`` about resources that are not described yet."""
        for triple in dict.fromkeys(triples):
            subject, predicate, object_ = triple.subject, triple.predicate, triple.object
            if isinstance(subject, Triple):
                continue  # RDF 1.2 has triple terms as objects only
            self._by_subject.setdefault(subject, {}).setdefault(predicate, []).append(object_)
            if isinstance(object_, NamedNode | BlankNode):
                self._by_object.setdefault(object_, {}).setdefault(predicate, []).append(subject)

    def add_context(self, triples: Iterable[Triple]) -> None:
        """Add ``triples`` that are not of this document, so that a block can use them; they count as shown."""
        for triple in triples:
            subject = triple.subject
            if isinstance(subject, Triple):
                continue
            if triple.object not in self.of(subject).get(triple.predicate, ()):
                self.add((triple,))
            self._taken.add((subject, triple.predicate, triple.object))

    def __contains__(self, subject: Subject) -> bool:
        return subject in self._by_subject

    def subjects(self) -> Iterator[Subject]:
        """Yield every subject, in order of first mention."""
        yield from self._by_subject

    def of(self, subject: Subject) -> dict[NamedNode, list[Term]]:
        """Return the statements about ``subject``, objects by property."""
        return self._by_subject.get(subject, {})

    def objects(self, subject: Subject, *predicates: NamedNode) -> list[Term]:
        """Return the objects of ``subject`` for each of ``predicates`` in turn, each once."""
        own = self.of(subject)
        return list(dict.fromkeys(term for predicate in predicates for term in own.get(predicate, ())))

    def literals(self, subject: Subject, *predicates: NamedNode) -> list[Literal]:
        """Return those of :meth:`objects` that are literals."""
        return [term for term in self.objects(subject, *predicates) if isinstance(term, Literal)]

    def nodes(self, subject: Subject, *predicates: NamedNode) -> list[Subject]:
        """Return those of :meth:`objects` that are IRIs or blank nodes."""
        return [term for term in self.objects(subject, *predicates) if isinstance(term, NamedNode | BlankNode)]

    def subjects_of(self, object_: Subject, *predicates: NamedNode) -> list[Subject]:
        """Return the subjects that have ``object_`` for one of ``predicates``, each once."""
        incoming = self._by_object.get(object_, {})
        return list(dict.fromkeys(term for predicate in predicates for term in incoming.get(predicate, ())))

    def incoming(self, object_: Subject) -> dict[NamedNode, list[Subject]]:
        """Return the statements that end in ``object_``, subjects by property."""
        return self._by_object.get(object_, {})

    def types(self, subject: Subject) -> set[str]:
        """Return the IRIs of the classes of ``subject``."""
        return {term.value for term in self.objects(subject, RDF.type) if isinstance(term, NamedNode)}

    def take(self, subject: Subject, *predicates: NamedNode) -> list[Term]:
        """Return :meth:`objects` and mark the statements as shown."""
        own = self.of(subject)
        for predicate in predicates:
            for term in own.get(predicate, ()):
                self._taken.add((subject, predicate, term))
        return self.objects(subject, *predicates)

    def take_literals(self, subject: Subject, *predicates: NamedNode) -> list[Literal]:
        """Return :meth:`literals` and mark those statements as shown."""
        own = self.of(subject)
        for predicate in predicates:
            for term in own.get(predicate, ()):
                if isinstance(term, Literal):
                    self._taken.add((subject, predicate, term))
        return self.literals(subject, *predicates)

    def mark(self, subject: Subject, predicate: NamedNode, term: Term) -> None:
        """Mark one statement as shown."""
        self._taken.add((subject, predicate, term))

    def take_all(self, subject: Subject) -> None:
        """Mark every statement about ``subject`` as shown."""
        for predicate, terms in self.of(subject).items():
            for term in terms:
                self._taken.add((subject, predicate, term))

    def taken(self, subject: Subject, predicate: NamedNode, term: Term) -> bool:
        """Return whether a statement was shown."""
        return (subject, predicate, term) in self._taken

    def rest(self, subject: Subject) -> dict[NamedNode, list[Term]]:
        """Return the statements about ``subject`` that were not shown, objects by property."""
        result = {}
        for predicate, terms in self.of(subject).items():
            left = [term for term in terms if (subject, predicate, term) not in self._taken]
            if left:
                result[predicate] = left
        return result

    def described(self, subject: Subject) -> bool:
        """Return whether the document says more of ``subject`` than what it is called."""
        return any(predicate not in LABEL_PARTS for predicate in self.of(subject))

    def labels(self, subject: Subject) -> list[Literal]:
        """Return the labels of ``subject`` in this document, those of the best property first."""
        literals = self.literals(subject, *LABELS)
        for node in self.nodes(subject, SKOSXL.prefLabel):
            literals += self.literals(node, SKOSXL.literalForm)
        if not literals:
            for form in self.nodes(subject, ONTOLEX.canonicalForm):
                literals += self.literals(form, ONTOLEX.writtenRep)
        if not literals:
            literals = self.literals(subject, ONTOLEX.writtenRep, RDF.value)
        return literals
