"""A synthetic SKOS vocabulary in which every fact is a pure function of concept and size.

So each right answer is known without asking a store. Concepts are numbers from 0; the first
:data:`TOPS` are top concepts, each other one has :data:`BRANCHING` siblings at most, and
concept ``2k`` is related to its sibling ``2k + 1``. A concept has about 14.5 triples.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

BASE = "https://vocabulary.example/"
TOPS = 8
BRANCHING = 8
SCHEMES = 4

SKOS = "http://www.w3.org/2004/02/skos/core#"
RDF_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
DCTERMS = "http://purl.org/dc/terms/"
DATE = "http://www.w3.org/2001/XMLSchema#date"

QUALITIES = {
    "en": ("early", "inner", "local", "major", "partial", "public", "regular", "remote", "seasonal", "shared", "urban"),
    "de": ("frühe", "innere", "örtliche", "große", "teilweise", "öffentliche", "übliche", "ferne", "saisonale",
           "geteilte", "städtische"),
    "fr": ("précoce", "interne", "locale", "majeure", "partielle", "publique", "régulière", "lointaine",
           "saisonnière", "partagée", "urbaine"),
    "es": ("temprana", "interna", "local", "mayor", "parcial", "pública", "regular", "remota", "estacional",
           "compartida", "urbana"),
}  # fmt: skip
THINGS = {
    "en": ("audit", "delivery", "harbour", "inventory", "ledger", "meeting", "payment", "record", "review"),
    "de": ("Prüfung", "Lieferung", "Werft", "Inventur", "Buchung", "Sitzung", "Zahlung", "Akte", "Durchsicht"),
    "fr": ("vérification", "livraison", "rade", "inventaire", "écriture", "réunion", "opération", "archive", "revue"),
    "es": ("auditoría", "entrega", "dársena", "existencia", "partida", "reunión", "operación", "acta", "revisión"),
}


def concept_iri(concept: int) -> str:
    """Return the IRI of a concept."""
    return f"{BASE}concept/c{concept}"


def scheme_iri(scheme: int) -> str:
    """Return the IRI of a scheme."""
    return f"{BASE}scheme/s{scheme}"


def parent(concept: int) -> int | None:
    """Return the broader concept, ``None`` for a top concept."""
    return None if concept < TOPS else (concept - TOPS) // BRANCHING


def ancestors(concept: int) -> list[int]:
    """Return all that is broader, from near to far."""
    found = []
    while (above := parent(concept)) is not None:
        found.append(above)
        concept = above
    return found


def children(concept: int, size: int) -> list[int]:
    """Return the narrower concepts."""
    first = BRANCHING * concept + TOPS
    return list(range(first, min(first + BRANCHING, size)))


def scheme(concept: int) -> int:
    """Return the scheme: that of the top concept above."""
    return [concept, *ancestors(concept)][-1] % SCHEMES


def mate(concept: int, size: int) -> int | None:
    """Return the related concept, a sibling."""
    other = concept ^ 1
    return other if other < size else None


def languages(concept: int) -> list[str]:
    """Return the languages of the preferred labels: English and German, often French, now and then Spanish."""
    return ["en", "de", *(["fr"] if concept % 4 else []), *(["es"] if concept % 2 else [])]


def label(concept: int, language: str) -> str:
    """Return the preferred label in a language, whether or not the data have it; no two are the same."""
    qualities, things = QUALITIES[language], THINGS[language]
    quality = qualities[concept % len(qualities)]
    thing = things[(concept // len(qualities)) % len(things)]
    return f"{thing} {quality} {concept}" if language in ("fr", "es") else f"{quality} {thing} {concept}"


def target(concept: int) -> str | None:
    """Return what the concept matches exactly in a vocabulary elsewhere, if anything."""
    return None if concept % 2 else f"https://elsewhere.example/term/{concept * 7919 % 1_000_003}"


def literals(concept: int) -> list[tuple[str, str, str]]:
    """Return property, text and language tag of each text about the concept."""
    above = parent(concept)
    kind = f"a kind of {label(above, 'en')}" if above is not None else "a thing of the most general kind"
    found = [(f"{SKOS}prefLabel", label(concept, language), language) for language in languages(concept)]
    found.append((f"{SKOS}altLabel", f"{label(concept, 'en')} as it is also called", "en"))
    if concept % 4 != 1:
        found.append((f"{SKOS}altLabel", f"{label(concept, 'de')} im Alltag", "de"))
    if concept % 4 in (1, 2):
        found.append((f"{SKOS}altLabel", f"{label(concept, 'fr')} au quotidien", "fr"))
    found.append((f"{SKOS}definition", f"{label(concept, 'en').capitalize()} is {kind}.", "en"))
    if concept % 2:
        found.append((f"{SKOS}scopeNote", "Use it where nothing narrower fits.", "en"))
    return found


def day(concept: int) -> str:
    """Return the day on which the concept was made."""
    return f"{2000 + concept % 20}-{1 + concept % 12:02}-{1 + concept % 28:02}"


def concept_statements(concept: int, size: int) -> Iterator[tuple[str, str]]:
    """Yield predicate and object, the object in N-Triples, of each statement about a concept."""
    yield RDF_TYPE, f"<{SKOS}Concept>"
    yield f"{SKOS}inScheme", f"<{scheme_iri(scheme(concept))}>"
    for predicate, text, language in literals(concept):
        yield predicate, f'"{text}"@{language}'
    yield f"{SKOS}notation", f'"N{concept:07}"'
    yield f"{DCTERMS}created", f'"{day(concept)}"^^<{DATE}>'
    above = parent(concept)
    if above is None:
        yield f"{SKOS}topConceptOf", f"<{scheme_iri(scheme(concept))}>"
    else:
        yield f"{SKOS}broader", f"<{concept_iri(above)}>"
    for below in children(concept, size):
        yield f"{SKOS}narrower", f"<{concept_iri(below)}>"
    if (other := mate(concept, size)) is not None:
        yield f"{SKOS}related", f"<{concept_iri(other)}>"
    if (matched := target(concept)) is not None:
        yield f"{SKOS}exactMatch", f"<{matched}>"


def n_triples(size: int) -> Iterator[str]:
    """Yield the vocabulary of ``size`` concepts, a line for each triple."""
    for number in range(min(SCHEMES, size)):
        subject = scheme_iri(number)
        yield f"<{subject}> <{RDF_TYPE}> <{SKOS}ConceptScheme> .\n"
        yield f'<{subject}> <{SKOS}prefLabel> "Scheme {number}"@en .\n'
        yield f'<{subject}> <{DCTERMS}title> "Scheme {number}"@en .\n'
        for top in range(number, min(TOPS, size), SCHEMES):
            yield f"<{subject}> <{SKOS}hasTopConcept> <{concept_iri(top)}> .\n"
    for concept in range(size):
        subject = concept_iri(concept)
        for predicate, value in concept_statements(concept, size):
            yield f"<{subject}> <{predicate}> {value} .\n"


def write_vocabulary(path: Path, size: int) -> int:
    """Write the vocabulary to ``path`` as N-Triples and return the number of triples."""
    count = 0
    with path.open("w", encoding="utf-8") as file:
        for line in n_triples(size):
            file.write(line)
            count += 1
    return count


def sample(size: int, count: int) -> list[int]:
    """Return ``count`` concepts, spread over the vocabulary in a fixed order without pattern."""
    return [(number * 2_654_435_761 + 40_503) % size for number in range(count)]
