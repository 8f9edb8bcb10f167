"""What of a graph can be found: the resources that have a name, with their texts and what they are filtered by."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypeVar

from pyoxigraph import NamedNode

from officegraph.model.labels import DC, LABEL_PROPERTIES, SCHEMA_HTTP
from officegraph.model.namespaces import DCTERMS, LEXINFO, OFO, ONTOLEX, OWL, RDF, RDFS, SCHEMA, SKOS, SKOSXL, XSD
from officegraph.release.describing import CLAIM_PROPERTIES, COMPONENT_PROPERTIES, Describer
from officegraph.release.search.model import Kind, Property
from officegraph.vocabulary.encoded import BLANK, IRI, LITERAL
from officegraph.vocabulary.write.terms import lexical_form, literal

_Value = TypeVar("_Value")

_LABELS: Final = {
    SKOS.prefLabel: Property.PREFERRED,
    SKOS.altLabel: Property.ALTERNATIVE,
    SKOS.hiddenLabel: Property.HIDDEN,
    SKOS.notation: Property.NOTATION,
    DCTERMS.identifier: Property.NOTATION,
    SKOS.definition: Property.DEFINITION,
    RDFS.comment: Property.DEFINITION,
    DCTERMS.description: Property.DEFINITION,
    DC.description: Property.DEFINITION,
    SCHEMA.description: Property.DEFINITION,
    SCHEMA_HTTP.description: Property.DEFINITION,
    SKOS.scopeNote: Property.NOTE,
    SKOS.example: Property.NOTE,
    SKOS.note: Property.NOTE,
}
_EXTENDED_LABELS: Final = {
    SKOSXL.prefLabel: Property.PREFERRED,
    SKOSXL.altLabel: Property.ALTERNATIVE,
    SKOSXL.hiddenLabel: Property.HIDDEN,
}
_KINDS: Final = {
    SKOS.Concept: Kind.CONCEPT,
    SKOS.Collection: Kind.COLLECTION,
    SKOS.OrderedCollection: Kind.COLLECTION,
    SKOS.ConceptScheme: Kind.SCHEME,
    RDFS.Class: Kind.TERM,
    OWL.Class: Kind.TERM,
    RDFS.Datatype: Kind.TERM,
    RDF.Property: Kind.TERM,
    OWL.ObjectProperty: Kind.TERM,
    OWL.DatatypeProperty: Kind.TERM,
    OWL.AnnotationProperty: Kind.TERM,
    OWL.NamedIndividual: Kind.TERM,
    ONTOLEX.LexicalEntry: Kind.ENTRY,
    ONTOLEX.Word: Kind.ENTRY,
    ONTOLEX.MultiWordExpression: Kind.ENTRY,
    ONTOLEX.Affix: Kind.ENTRY,
}
_ORDER: Final = {kind: place for place, kind in enumerate(Kind)}
_TRUE: Final = f'"true"^^{XSD.boolean}'


@dataclass(frozen=True, slots=True)
class Text:
    """A text about a resource.

    Attributes:
        property: What it is to the resource.
        text: The text.
        language: Its language tag, as the sources spell it; empty for a plain string.
    """

    property: Property
    text: str
    language: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Searched:
    """A resource that can be found.

    Attributes:
        iri: Its IRI.
        kind: What sort of thing it is.
        types: IRIs of its classes.
        schemes: IRIs of its concept schemes.
        offices: IRIs of the offices that it is usually placed in; where the graph has no usual placements, of all
            that any source places it in.
        segments: IRIs of the segments of these placements.
        deprecated: Whether it is deprecated.
        labels: Its labels and notations, each once, ordered by property, language and text.
        notes: Its definitions and notes, ordered likewise.
    """

    iri: str
    kind: Kind
    types: tuple[str, ...]
    schemes: tuple[str, ...]
    offices: tuple[str, ...]
    segments: tuple[str, ...]
    deprecated: bool
    labels: tuple[Text, ...]
    notes: tuple[Text, ...]


class SearchedResources:
    """Finds what can be found of a dataset.

    Left out is what has no label, what is only a part of another resource (SKOS-XL labels, the forms and senses of
    a lexical entry), and nodes that make a claim about a resource, such as placements: they are found by it.

    Args:
        describer: The dataset.
        base: IRI of the dataset; terms under its ``ontology#`` mean what those of ``ofo:`` mean.
        language: Language whose labels order the resources.
    """

    def __init__(self, describer: Describer, base: str, language: str) -> None:
        self._describer = describer
        self._terms = terms = describer.terms
        self._language = language.lower()
        own = f"{base}ontology#"

        def numbers(*names: NamedNode) -> set[int]:
            return terms.find_all([*names, *(NamedNode(own + n.value[len(OFO.iri) :]) for n in names if n in OFO)])

        def table(names: Mapping[NamedNode, _Value]) -> dict[int, _Value]:
            return {number: value for name, value in names.items() if (number := terms.find(name)) is not None}

        names = {name: Property.PREFERRED for name in LABEL_PROPERTIES if name not in _LABELS and name != RDF.value}
        self._plain = table(_LABELS)
        self._names = table(names)
        self._extended = table(_EXTENDED_LABELS)
        self._kinds = table(_KINDS)
        self._type = numbers(RDF.type)
        self._literal_form = numbers(SKOSXL.literalForm)
        self._value = numbers(RDF.value)
        self._short = numbers(OFO.shortFormOf, LEXINFO.abbreviationFor, LEXINFO.acronymFor, LEXINFO.initialismFor)
        self._in_scheme = numbers(SKOS.inScheme, SKOS.topConceptOf)
        self._has_top = numbers(SKOS.hasTopConcept)
        self._deprecated = numbers(OWL.deprecated)
        self._true = terms.find(_TRUE)
        members = (bisect_left(terms.texts, f"<{RDF.iri}_{end}") for end in ("", "~"))
        self._components = numbers(*COMPONENT_PROPERTIES).union(range(*members))
        self._claims = numbers(*CLAIM_PROPERTIES)
        self._function, self._office, self._segment = (
            numbers(name) for name in (OFO.function, OFO.office, OFO.segment)
        )
        self._usual = numbers(OFO.UsualPlacement)
        self._top_of: dict[int, list[int]] = {}
        self._placed: dict[int, tuple[set[int], set[int]]] = {}
        self._hidden: set[int] = set()
        self._look_around()

    def __iter__(self) -> Iterator[Searched]:
        """Yield the resources by kind, length of their label, and IRI."""
        for _, _, subject in sorted(self._order()):
            found = self._resource(subject)
            if found is not None:
                yield found

    def _look_around(self) -> None:
        """Find what is left out, the placements, and what schemes say of their concepts."""
        describer, kinds = self._describer, self._terms.kinds
        placements: set[int] = set()
        for s, p, o in zip(describer.subjects, describer.predicates, describer.objects, strict=True):
            if p in self._components:
                self._hidden.add(o)
            elif p in self._claims:
                self._hidden.add(s)
                if p in self._function and kinds[o] == IRI:
                    placements.add(s)
            elif p in self._has_top:
                self._top_of.setdefault(o, []).append(s)
        facts = [(node, self._facts(node)) for node in sorted(placements)]
        usual = [(node, fact) for node, fact in facts if self._is_usual(node)]
        for _, (functions, offices, segments) in usual or facts:
            for function in functions:
                of_function = self._placed.setdefault(function, (set(), set()))
                of_function[0].update(offices)
                of_function[1].update(segments)

    def _facts(self, placement: int) -> tuple[set[int], set[int], set[int]]:
        found: tuple[set[int], set[int], set[int]] = (set(), set(), set())
        for p, o in self._describer.statements(placement):
            for place, properties in enumerate((self._function, self._office, self._segment)):
                if p in properties and self._terms.kinds[o] == IRI:
                    found[place].add(o)
        return found

    def _is_usual(self, node: int) -> bool:
        return any(p in self._type and o in self._usual for p, o in self._describer.statements(node))

    def _order(self) -> Iterator[tuple[int, int, int]]:
        """Yield the place of the kind, the length of the label, and the number, which is in the order of IRIs."""
        naming = {number for number, property_ in (*self._plain.items(), *self._names.items()) if property_ < 1}
        texts, kinds = self._terms.texts, self._terms.kinds
        for subjects in self._describer.documents.values():
            for subject in subjects:
                if subject in self._hidden:
                    continue
                kind = len(_ORDER)
                length = (2, 0)
                for p, o in self._describer.statements(subject):
                    if p in naming and kinds[o] == LITERAL:
                        text = literal(texts[o])
                        length = min(length, (text.language.lower() != self._language, len(text.quoted)), (2, 0))
                    elif p in self._type and o in self._kinds:
                        kind = min(kind, _ORDER[self._kinds[o]])
                yield kind, length[1] if length[0] < 2 else 1 << 30, subject

    def _resource(self, subject: int) -> Searched | None:
        texts, kinds = self._terms.texts, self._terms.kinds
        found: dict[tuple[str, str], Property] = {}
        names: list[tuple[str, str]] = []
        types: set[int] = set()
        schemes: set[int] = set(self._top_of.get(subject, ()))
        deprecated = False
        for p, o in self._describer.statements(subject):
            if (property_ := self._plain.get(p)) is not None:
                if kinds[o] == LITERAL:
                    _add(found, texts[o], property_)
                elif kinds[o] == BLANK and not property_.is_label:  # a note that is a node, as in the SKOS Primer, 4.2
                    for inner, value in self._describer.statements(o):
                        if inner in self._value and kinds[value] == LITERAL:
                            _add(found, texts[value], property_)
            elif p in self._names:
                if kinds[o] == LITERAL:
                    names.append(_split(texts[o]))
            elif (property_ := self._extended.get(p)) is not None:
                self._add_extended(found, o, property_)
            elif p in self._type:
                types.add(o)
            elif p in self._in_scheme:
                schemes.add(o)
            elif p in self._deprecated:
                deprecated = deprecated or o == self._true
        named = {language for (_, language), property_ in found.items() if property_ == Property.PREFERRED}
        for text, language in names:
            if text.strip():
                found.setdefault((text, language), Property.ALTERNATIVE if language in named else Property.PREFERRED)
        ordered = [Text(p, text, tag) for p, tag, text in sorted((p, tag, text) for (text, tag), p in found.items())]
        labels = tuple(text for text in ordered if text.property.is_label)
        if not labels:
            return None
        offices, segments = self._placed.get(subject, ((), ()))
        return Searched(
            iri=texts[subject][1:-1],
            kind=min(
                (self._kinds[t] for t in types if t in self._kinds), key=_ORDER.__getitem__, default=Kind.RESOURCE
            ),
            types=self._iris(types),
            schemes=self._iris(schemes),
            offices=self._iris(offices),
            segments=self._iris(segments),
            deprecated=deprecated,
            labels=labels,
            notes=tuple(text for text in ordered if not text.property.is_label),
        )

    def _add_extended(self, found: dict[tuple[str, str], Property], label: int, property_: Property) -> None:
        """Add the literal form of a SKOS-XL label; a short form of another label is an abbreviation."""
        statements = list(self._describer.statements(label))
        short = property_ != Property.PREFERRED and any(p in self._short for p, _ in statements)
        for p, o in statements:
            if p in self._literal_form and self._terms.kinds[o] == LITERAL:
                if short:
                    found.pop(_split(self._terms.texts[o]), None)
                _add(found, self._terms.texts[o], Property.ABBREVIATION if short else property_, final=short)

    def _iris(self, numbers: Sequence[int] | set[int]) -> tuple[str, ...]:
        texts, kinds = self._terms.texts, self._terms.kinds
        return tuple(texts[number][1:-1] for number in sorted(numbers) if kinds[number] == IRI)


def _split(term: str) -> tuple[str, str]:
    text = literal(term)
    return lexical_form(text.quoted), text.language


def _add(found: dict[tuple[str, str], Property], term: str, property_: Property, *, final: bool = False) -> None:
    text = _split(term)
    if text[0].strip():
        known = found.get(text)
        if known is None or final or (property_ < known and known != Property.ABBREVIATION):
            found[text] = property_
