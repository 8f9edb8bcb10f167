"""What the check looks for: one table, from which commands and pages take severity, words and remedy."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final


class Severity(StrEnum):
    """How much a finding matters.

    A *violation* contradicts a specification, or makes a hierarchy that no tool can draw. A
    *warning* is allowed, and yet readers or programs will stumble over it. An *info* says what the
    check itself did or left out.
    """

    VIOLATION = "violation"
    WARNING = "warning"
    INFO = "info"


@dataclass(frozen=True, slots=True)
class Code:
    """A kind of finding.

    Attributes:
        code: Stable name; once published it keeps its meaning.
        severity: How much findings of this kind matter; a shape may set its own.
        title: What is wrong, as a heading.
        remedy: How to mend it.
        clause: Where the rule comes from.
    """

    code: str
    severity: Severity
    title: str
    remedy: str
    clause: str


_VIOLATION, _WARNING, _INFO = Severity

_TABLE: Final = (
    # Classes
    Code(
        "scheme-is-concept",
        _VIOLATION,
        "A resource is both a concept scheme and a concept",
        "Give the scheme and the concept an IRI each.",
        "SKOS S9",
    ),
    Code(
        "collection-is-concept-or-scheme",
        _VIOLATION,
        "A collection is also a concept or a concept scheme",
        "Give the collection an IRI of its own; collections take no part in hierarchies.",
        "SKOS S37",
    ),
    Code(
        "label-is-other-resource",
        _VIOLATION,
        "A SKOS-XL label is also a concept, scheme or collection",
        "Give the label an IRI of its own.",
        "SKOS-XL S48",
    ),
    Code(
        "untyped-concept",
        _WARNING,
        "A resource is used as a concept and not said to be one",
        "State that it is a skos:Concept.",
        "SKOS S6, S19, S20",
    ),
    # Labels
    Code(
        "label-properties-overlap",
        _VIOLATION,
        "One label is given by two label properties",
        "Keep the label in one of skos:prefLabel, skos:altLabel and skos:hiddenLabel.",
        "SKOS S13",
    ),
    Code(
        "several-preferred-labels",
        _VIOLATION,
        "A resource has several preferred labels in one language",
        "Keep one; make the others alternative labels, or tag regional spellings (en-GB, en-US).",
        "SKOS S14",
    ),
    Code(
        "label-not-plain",
        _VIOLATION,
        "A label is not a plain literal",
        "Write the label as text, with a language tag.",
        "SKOS S12, SKOS-XL S51",
    ),
    Code(
        "malformed-language-tag",
        _VIOLATION,
        "A language tag is not well-formed",
        "Use a tag of BCP 47, such as en, en-GB or zh-Hant.",
        "RDF 1.1 Concepts 3.3, BCP 47 2.2.9",
    ),
    Code(
        "missing-preferred-label",
        _WARNING,
        "A concept, scheme or collection has no preferred label",
        "Give it a skos:prefLabel in each language of the vocabulary.",
        "SKOS 5.1; VocPub",
    ),
    Code(
        "missing-definition",
        _WARNING,
        "A concept has no definition",
        "Give it a skos:definition, or at least a skos:scopeNote.",
        "SKOS 7.1; VocPub; qSKOS UndocumentedConcepts",
    ),
    Code(
        "empty-label",
        _WARNING,
        "A label is empty",
        "Write the label, or take the statement out.",
        "qSKOS EmptyLabeledResources",
    ),
    Code(
        "control-character-in-label",
        _WARNING,
        "A label holds characters that cannot be seen",
        "Write the label anew; such characters often come from copying.",
        "qSKOS UnprintableCharactersInLabels",
    ),
    Code(
        "label-without-language",
        _WARNING,
        "A label does not say its language",
        "Add a language tag; put codes into skos:notation.",
        "qSKOS OmittedOrInvalidLanguageTags",
    ),
    Code(
        "duplicate-preferred-label",
        _WARNING,
        "Two concepts of one scheme share a preferred label",
        "Tell them apart by a qualifier, or merge them.",
        "SKOS 5.6.5; qSKOS OverlappingLabels",
    ),
    Code(
        "overlapping-labels",
        _WARNING,
        "A preferred label is an alternative label of another concept of the scheme",
        "Drop the alternative label, or say in a scope note which concept is meant.",
        "ISO 25964-1; qSKOS OverlappingLabels",
    ),
    Code(
        "literal-form-count",
        _VIOLATION,
        "A SKOS-XL label has not exactly one literal form",
        "Give each label one skosxl:literalForm; each spelling is a label of its own.",
        "SKOS-XL S52",
    ),
    Code(
        "xl-label-properties-overlap",
        _VIOLATION,
        "One SKOS-XL label is linked by two label properties",
        "Keep the label in one of skosxl:prefLabel, skosxl:altLabel and skosxl:hiddenLabel.",
        "SKOS-XL S58",
    ),
    Code(
        "duplicate-notation",
        _WARNING,
        "Two concepts of one scheme share a notation",
        "Give each concept a notation of its own, or a datatype for each system of notations.",
        "SKOS 6.5.1; qSKOS AmbiguousNotationReferences",
    ),
    # Relations
    Code(
        "relation-to-literal",
        _VIOLATION,
        "A relation leads to a literal where a resource is meant",
        "Put the IRI of the resource, not its name.",
        "SKOS S3, S18, S30, S38, S53",
    ),
    Code(
        "related-to-ancestor",
        _VIOLATION,
        "A concept is related to one above or below it",
        "Drop one of the two: relatedness joins concepts that are not in one line of the hierarchy.",
        "SKOS S27",
    ),
    Code(
        "hierarchy-cycle",
        _VIOLATION,
        "Broader concepts run in a circle",
        "Take out the step that leads downwards.",
        "SKOS 8.6.8; ISO 25964-1; qSKOS HierarchicalCycles",
    ),
    Code(
        "related-to-itself",
        _WARNING,
        "A concept stands in a relation to itself",
        "Take the statement out.",
        "SKOS 8.6.7; qSKOS ReflexivelyRelatedConcepts",
    ),
    Code(
        "hierarchical-redundancy",
        _WARNING,
        "A broader concept is reached through another one too",
        "Drop the direct step; the levels between lead there.",
        "qSKOS HierarchicalRedundancy",
    ),
    Code(
        "transitive-stated",
        _WARNING,
        "A transitive relation is stated, and no step of the hierarchy is",
        "State skos:broader between neighbours; the transitive relations follow from it.",
        "SKOS 8.6.1; qSKOS SolelyTransitivelyRelatedConcepts",
    ),
    Code(
        "orphan-concept",
        _WARNING,
        "A concept cannot be reached by browsing",
        "Give it a broader, narrower or related concept, or make it a top concept of its scheme.",
        "qSKOS OrphanConcepts",
    ),
    Code(
        "several-member-lists",
        _VIOLATION,
        "An ordered collection has several lists of members",
        "Join them in one skos:memberList.",
        "SKOS S35",
    ),
    # Schemes
    Code(
        "concept-without-scheme",
        _WARNING,
        "A concept is in no concept scheme",
        "State skos:inScheme, or skos:topConceptOf for a top concept.",
        "SKOS 4.1; VocPub",
    ),
    Code(
        "top-concept-with-broader",
        _WARNING,
        "A top concept has a broader concept in its scheme",
        "Drop skos:topConceptOf, or the broader concept.",
        "SKOS 4.6.3; qSKOS TopConceptsHavingBroaderConcepts",
    ),
    Code(
        "scheme-without-top-concept",
        _WARNING,
        "A concept scheme has concepts and no top concept",
        "State skos:hasTopConcept for the concepts at which browsing starts.",
        "SKOS 4.1; qSKOS OmittedTopConcepts",
    ),
    # Mappings
    Code(
        "exact-match-clash",
        _VIOLATION,
        "Two concepts match exactly and otherwise too",
        "Keep the exact match, or the other one.",
        "SKOS S45, S46",
    ),
    Code(
        "mapping-within-scheme",
        _WARNING,
        "A mapping joins two concepts of one scheme",
        "Use skos:broader, skos:narrower or skos:related within a scheme.",
        "SKOS 10.6.1; qSKOS MappingRelationsMisuse",
    ),
    Code(
        "shared-exact-match",
        _WARNING,
        "Several concepts match one concept exactly",
        "Keep the best one exact and make the others close or broad: exact matches are transitive.",
        "SKOS S45",
    ),
    Code(
        "several-exact-matches",
        _WARNING,
        "A concept matches several concepts of one vocabulary exactly",
        "Keep the best one exact and make the others close: exact matches are transitive.",
        "SKOS S45",
    ),
    # Links and literals
    Code(
        "broken-link",
        _WARNING,
        "A link leads to a resource of this dataset that nothing describes",
        "Correct the IRI, or describe the resource.",
        "qSKOS BrokenLinks, UndefinedSkosResources",
    ),
    Code(
        "no-web-identifier",
        _WARNING,
        "A concept, scheme or collection has no http or https IRI",
        "Give it an IRI that can be looked up.",
        "Linked data principles; qSKOS HttpUriSchemeViolations",
    ),
    Code(
        "ill-typed-literal",
        _WARNING,
        "A literal is not in the lexical space of its datatype",
        "Correct the literal or its datatype; as it is, it has no value.",
        "RDF 1.1 Concepts 5.1, XSD 1.1 Datatypes",
    ),
    # Shapes, and the check itself
    Code(
        "shacl",
        _VIOLATION,
        "A resource does not conform to its shape",
        "See the message; the shape is named with it.",
        "SHACL 3.6",
    ),
    Code(
        "shacl-failed",
        _VIOLATION,
        "The shapes could not be evaluated",
        "Correct the shapes.",
        "SHACL 3.4",
    ),
    Code(
        "shacl-skipped",
        _INFO,
        "The shapes were not evaluated",
        "Ask for the evaluation of shapes; it may take minutes.",
        "",
    ),
    Code(
        "hierarchy-too-large",
        _INFO,
        "The transitive relations are left out of the release",
        "Query the levels by a property path (skos:broader+).",
        "SKOS S24",
    ),
)

CODES: Final = MappingProxyType({code.code: code for code in _TABLE})
"""All kinds of finding by code, in the order in which reports give them."""
