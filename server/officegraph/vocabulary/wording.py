"""Say what a parser says in words that do not presume a knowledge of grammars."""

from __future__ import annotations

import re
from typing import Final

_NO_BASE: Final = "a relative IRI, but there is no base to resolve it against"
_DOT: Final = "a '.' is missing after the statement"
_IRI: Final = r"(?:error while parsing IRI '.*?': )?"

_WORDS: Final = {
    r"The prefix (.*): has not been declared": r"the prefix '\1:' is not declared",
    rf"{_IRI}No scheme found in an absolute IRI": _NO_BASE,
    rf"{_IRI}Invalid IRI code point '(.*)'": r"an IRI cannot hold '\1'",
    rf"{_IRI}Invalid IRI percent encoding '(.*)'": r"'\1' in an IRI is no percent-encoding",
    r"Line jumps are not allowed in string literals, use \\n": (
        'a text between single quotation marks ends on its own line: close it, write \\\\n, or use """'
    ),
    r"Triples should be followed by a dot": _DOT,
    r"Quads must be followed by a dot": _DOT,
    r"Unexpected end(?: of file)?": "the file ends in the middle of a statement: a '.' or a closing mark is missing",
    r"blank node property lists should end with a '\]'": "a ']' is missing, or a ';' before what follows",
    r"A language code should always start with a letter": "a language tag begins with a letter",
    r"A subtag may be eight characters in length at maximum": (
        "each part of a language tag has at most eight characters"
    ),
    r"The PREFIX keyword should be followed by a prefix like 'ex:'": "@prefix needs a name that ends with ':'",
    r"No LoadDocumentCallback has been set to load remote contexts": (
        "@context names a document elsewhere, which is never fetched: write the context into the file"
    ),
    r"XML namespaces are required in RDF/XML": "not RDF/XML: an element has no namespace",
    r"Unexpected text event: '(.*)'": r"the text '\1' stands where an element is expected",
    r"(.*) is not a valid RDF object": r"'\1' stands where a value is expected",
    r"(.*) is not a valid predicate": r"'\1' stands where a property is expected",
    r"(.*) is not a valid (?:subject or graph name|RDF subject)": r"'\1' stands where a statement is expected to begin",
}
_RULES: Final = tuple((re.compile(pattern, re.DOTALL), words) for pattern, words in _WORDS.items())
_PLACE: Final = re.compile(r"Parser error (?:at|between) line \d+ [a-z0-9 ]*: ")


def in_plain_words(message: str) -> str:
    """Return what the parser says in plain words, without the position that it begins with.

    >>> in_plain_words("Parser error at line 3 between columns 6 and 9: The prefix d: has not been declared")
    "the prefix 'd:' is not declared"
    """
    match = _PLACE.match(message)
    said = message[match.end() :] if match else message
    said = re.sub(r" \(line \d+\)$", "", said.strip())
    for pattern, words in _RULES:
        match = pattern.fullmatch(said)
        if match:
            said = match.expand(words)
            break
    visible = "".join(c if c.isprintable() else f"U+{ord(c):04X}" for c in said)
    return visible or "malformed"
