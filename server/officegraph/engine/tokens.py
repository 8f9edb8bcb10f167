"""The terminals of SPARQL (SPARQL 1.1 Query Language, section 19.8; SPARQL 1.2 for triple terms).

The engine's parser works on characters and not on tokens, so that a hostile text can be made to look
different to it and to a tokenizer. What is accepted here is therefore strict where that matters: the
extent of strings, IRIs and comments is that of the grammar to the letter, and words have to be known.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Final

_BASE = (
    "A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u1fff\u200c-\u200d\u2070-\u218f"
    "\u2c00-\u2fef\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd\U00010000-\U000effff"
)
_NAME = _BASE + "_0-9"
_CHARS = _NAME + "\u00b7\u0300-\u036f\u203f-\u2040-"

_SCALAR = r"(?:[0-9A-Ca-cE-Fe-f][0-9A-Fa-f]{3}|[Dd][0-7][0-9A-Fa-f]{2})"
_UCHAR = rf"\\u{_SCALAR}|\\U(?:0000{_SCALAR}|000[1-9A-Fa-f][0-9A-Fa-f]{{4}}|0010[0-9A-Fa-f]{{4}})"
_ECHAR = rf"\\[tbnrf\\\"']|{_UCHAR}"
_PLX = r"%[0-9A-Fa-f]{2}|\\[_~.\-!$&'()*+,;=/?#@%]"
_IRIREF = rf"<(?>(?:[^\x00-\x20<>\"{{}}|^`\\]|{_UCHAR})*)>"

PREFIX_LENGTH: Final = 63
"""Characters that a prefix may have beyond its first, so that looking for its colon takes bounded time."""

SPACE: Final = re.compile(r"(?:[ \t\r\n]+|\#[^\r\n]*)*+")
"""White space and comments, or nothing."""

_TOKEN: Final = rf"""
    (?:[ \t\r\n]+|\#[^\r\n]*)*+
    (?:
     (?P<keyword>[A-Za-z]++(?=[ \t\r\n{{(*]))
    |(?P<variable>[?$][{_NAME}](?>[{_NAME}\u00b7\u0300-\u036f\u203f-\u2040]*))
    |(?P<iri>{_IRIREF})
    |(?P<blank>_:[{_NAME}](?>(?:\.*[{_CHARS}])*))
    |(?P<name>(?:[{_BASE}](?>(?:\.{{0,9}}[{_CHARS}]){{0,{PREFIX_LENGTH}}}))?:(?>(?:(?:[{_NAME}:]|{_PLX})(?:\.*(?:[{_CHARS}:]|{_PLX}))*)?))
    |(?P<word>[A-Za-z][A-Za-z0-9_]*)
    |(?P<string>
        '''(?>(?:'{{0,2}}(?:[^'\\]|{_ECHAR}))*)'''
       |\"\"\"(?>(?:\"{{0,2}}(?:[^\"\\]|{_ECHAR}))*)\"\"\"
       |'(?!'')(?>(?:[^'\\\r\n]|{_ECHAR})*)'
       |\"(?!\"\")(?>(?:[^\"\\\r\n]|{_ECHAR})*)\"
     )
    |(?P<number>(?>[0-9]+\.?|\.(?=[0-9]))(?>[0-9]*)(?:[eE][+-]?[0-9]+)?)
    |(?P<language>@[A-Za-z]+(?>(?:-[A-Za-z0-9]+)*)(?:--[A-Za-z]+)?)
    |(?P<punctuation>
        <(?={_IRIREF})|<<\(|\)>>|<<|>>|\{{\||\|\}}|\^\^|\|\||&&|!=|<=|>=|[{{}}()\[\].;,*/|^?+\-=<>!~]
     )
    )
    """

CLOSERS: Final = {"(": ")", "[": "]", "{": "}", "{|": "|}", "<<": ">>", "<<(": ")>>"}
"""The closing bracket of each opening one."""

UPDATES: Final = frozenset(["ADD", "CLEAR", "COPY", "CREATE", "DELETE", "DROP", "INSERT", "LOAD", "MOVE", "WITH"])
"""Words that an operation of SPARQL 1.1 Update begins with."""

VOLATILE: Final = frozenset(["NOW", "RAND", "STRUUID", "UUID"])
"""Functions whose value is another one each time (SPARQL 1.1 Query Language, 17.4)."""

_KEYWORDS = """
    A TRUE FALSE
    BASE PREFIX VERSION SELECT CONSTRUCT DESCRIBE ASK DISTINCT REDUCED AS FROM NAMED WHERE GROUP BY HAVING
    ORDER ASC DESC LIMIT OFFSET VALUES UNDEF OPTIONAL GRAPH SERVICE SILENT BIND MINUS UNION FILTER LATERAL
    EXISTS NOT IN SEPARATOR DATA USING INTO TO DEFAULT ALL
"""
_FUNCTIONS = """
    COUNT SUM MIN MAX AVG SAMPLE GROUP_CONCAT
    STR LANG LANGMATCHES LANGDIR DATATYPE BOUND IRI URI BNODE ABS CEIL FLOOR ROUND CONCAT STRLEN UCASE LCASE
    ENCODE_FOR_URI CONTAINS STRSTARTS STRENDS STRBEFORE STRAFTER YEAR MONTH DAY HOURS MINUTES SECONDS TIMEZONE
    TZ ADJUST MD5 SHA1 SHA256 SHA384 SHA512 COALESCE IF STRLANG STRLANGDIR STRDT SAMETERM SAMEVALUE ISIRI
    ISURI ISBLANK ISLITERAL ISNUMERIC HASLANG HASLANGDIR REGEX SUBSTR REPLACE ISTRIPLE TRIPLE SUBJECT
    PREDICATE OBJECT
"""
WORDS: Final = UPDATES | VOLATILE | frozenset(_KEYWORDS.split()) | frozenset(_FUNCTIONS.split())
"""Every keyword and function name of SPARQL 1.1 and 1.2, in capitals."""


@cache
def token_pattern() -> re.Pattern[str]:
    """Return the pattern of one token after any white space and comments; the group that matched names its kind.

    A ``keyword`` is a ``word`` that can be nothing else by what follows, as most are; that is seen quicker than ruling
    out that it is a name. The pattern is compiled when the first query comes: that takes as long as loading the rest of
    the engine.
    """
    return re.compile(_TOKEN, re.VERBOSE)
