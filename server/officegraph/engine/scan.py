"""Look at a query before the engine parses it: its form, what it reaches for, what would break the engine.

The parser of the engine recurses: 5,000 nested brackets or 10,000 alternatives overflow its stack and end
the process, some nestings take it polynomial time, and its planner is cubic in the patterns of a group.
The scan takes one pass over the tokens, so its time grows in line with the length of the query.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Final, cast, get_args

from officegraph.engine.interface import Form, QueryRefusedError, QuerySyntaxError
from officegraph.engine.tokens import CLOSERS, SPACE, UPDATES, VOLATILE, WORDS, token_pattern

if TYPE_CHECKING:
    from officegraph.settings import Settings

OPERATORS: Final = 2_000
"""Operators and clauses in a query; the engine's stack overflows at 5,000 and more."""

PATTERNS: Final = 200
"""Triple patterns that are joined in one group; the planner takes seconds for 300."""

WORK: Final = 3_000_000
"""Sum over all brackets of the cube of their depth; the parser takes about a second for this much."""

_CACHED_LENGTH = 4_096

_FORMS = frozenset(get_args(Form))
_OPERATOR_WORDS = frozenset(
    ["AS", "BIND", "EXISTS", "FILTER", "GRAPH", "LATERAL", "MINUS", "OPTIONAL", "UNION", "VALUES"]
)
_OPERATOR_MARKS = frozenset(["||", "&&", "+", "-", "*", "/", "!", "^", "|", "?", "^^", "=", "!=", "<", ">", "<=", ">="])
_APART = frozenset(["UNION", "OPTIONAL", "MINUS", "EXISTS", "LATERAL"])
_MAY_PRECEDE_GROUP = frozenset(["GRAPH", "FROM", "NAMED", "DESCRIBE"])
_HIDDEN_SERVICE = re.compile(r"\).*service.*#", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Scan:
    """What a scan finds out about a query.

    Attributes:
        form: The query form.
        text: The query as the engine should see it: ``TRUE`` and ``FALSE`` in lower case, which the
            grammar allows in any case (SPARQL 1.1, 19.8, note 1) and the engine does not.
        prologue: Its ``BASE`` and ``PREFIX`` declarations, in a syntax that is also Turtle.
        from_graphs: Graphs after ``FROM``, as written: an IRI in angle brackets or a prefixed name.
        from_named: Graphs after ``FROM NAMED``, likewise.
        functions: What stands before an opening parenthesis as the name of a function may, likewise.
        services: The services that are called, all of them allowed, as IRI references.
        star: Offset of the ``*`` in ``SELECT *``, if that is the form.
        variables: Names of the variables in order of first mention, if there is a ``star``.
        volatile: Whether the answer is another one each time.
    """

    form: Form
    text: str
    prologue: str
    from_graphs: tuple[str, ...]
    from_named: tuple[str, ...]
    functions: tuple[str, ...]
    services: tuple[str, ...]
    star: int | None
    variables: tuple[str, ...]
    volatile: bool


def scan(text: str, settings: Settings) -> Scan:
    """Scan the query ``text``.

    Args:
        text: The query.
        settings: Its ``query_length`` and ``query_depth`` are the limits, its ``allowed_services`` may be called.

    Returns:
        What was found.

    Raises:
        QuerySyntaxError: The text is not a query: an unknown word or character, an unclosed string or
            bracket, an undeclared prefix, no query form. What passes may still be no query.
        QueryRefusedError: It is an update, calls a service, or is longer, deeper or more complex than
            the engine can bear.
    """
    if len(text) > settings.query_length:
        raise QueryRefusedError(
            "length", f"The query has {len(text):,} characters; {settings.query_length:,} are allowed."
        )
    if len(text) <= _CACHED_LENGTH:
        return _scan_cached(text, settings.query_depth, settings.allowed_services)
    return _Scanner(text, settings.query_depth, settings.allowed_services).scan()


@lru_cache(maxsize=512)
def _scan_cached(text: str, depth: int, allowed: tuple[str, ...]) -> Scan:
    return _Scanner(text, depth, allowed).scan()


def position(text: str, offset: int) -> tuple[int, int]:
    """Return line and column of ``offset``, both counted from 1; a line feed ends a line."""
    return text.count("\n", 0, offset) + 1, offset - text.rfind("\n", 0, offset)


class _Scanner:
    """One pass over the tokens of one query."""

    def __init__(self, text: str, depth: int, allowed: tuple[str, ...]) -> None:
        self.text = text
        self.limit = depth
        self.allowed = allowed
        self.form: str | None = None
        self.declarations: list[str] = []
        self.prefixes: set[str] = set()
        self.from_graphs: list[str] = []
        self.from_named: list[str] = []
        self.functions: dict[str, None] = {}
        self.services: list[str] = []
        self.star: int | None = None
        self.variables: dict[str, None] = {}
        self.volatile = False
        self.edits: list[tuple[int, str]] = []
        self.open: list[tuple[str, int]] = []
        self.groups: list[_Group] = []
        self.operators = 0
        self.work = 0
        self.unbalanced = 0
        self.mentions_service = "service" in text.lower()

    def scan(self) -> Scan:
        """Read all tokens."""
        self.check_encoding()
        text, match = self.text, token_pattern().match
        offset, kind, token, before = 0, "", "", ""
        previous = before_previous = ""
        while (found := match(text, offset)) is not None:
            kind = found.lastgroup or ""
            token = found[kind]
            offset = found.end()
            start = offset - len(token)
            if kind in {"keyword", "word"}:
                written, kind, token = token, "word", token.upper()
                self.word(token, written, start, previous)
            elif self.form is None:
                self.declare(kind, token, start, previous, before_previous)
            elif kind == "variable":
                if self.star is not None:
                    self.variables[token[1:]] = None
                if previous in {"SERVICE", "SILENT"}:
                    self.services.append(token)
            elif kind in {"iri", "name"}:
                self.iri(kind, token, start, previous)
            elif kind == "punctuation":
                self.mark(token, start, previous, before, before_previous)
            before_previous, previous, before = previous, token, kind
        offset = SPACE.match(text, offset).end()  # type: ignore[union-attr]  # it matches nothing too
        if offset < len(text):
            raise self.unexpected(offset)
        return self.finish()

    def check_encoding(self) -> None:
        """Refuse lone surrogates, which are no characters."""
        try:
            self.text.encode()
        except UnicodeEncodeError as error:
            raise self.wrong("The query has a surrogate, which is no character", error.start) from None

    def word(self, word: str, written: str, start: int, previous: str) -> None:
        """Take a keyword or the name of a function."""
        if word not in WORDS or (word == "A" and written != "a"):
            raise self.wrong(f"{written!r} is no word of SPARQL", start)
        if word in _FORMS and self.form is None:
            self.form = word
        elif self.form is None:
            if word in UPDATES:
                raise QueryRefusedError("update", "SPARQL Update is not offered: the data are read only.")
            if word not in {"BASE", "PREFIX", "VERSION"} or previous in {"BASE", "PREFIX", "VERSION"}:
                raise self.wrong(f"{written!r} cannot stand before the query form", start)
        elif word == "SERVICE":
            self.services.append("")  # refused, if no IRI takes its place
        elif word in VOLATILE:
            self.volatile = True
        elif word in {"TRUE", "FALSE"} and written != word.lower():
            self.edits.append((start, word.lower()))
        if word in _OPERATOR_WORDS:
            self.count_operator()

    def declare(self, kind: str, token: str, start: int, previous: str, before_previous: str) -> None:
        """Take a part of the prologue (SPARQL 1.1, 4.1.1 and 4.1.2)."""
        if kind == "iri" and previous == "BASE":
            self.declarations.append(f"BASE {token}")
        elif kind == "name" and previous == "PREFIX" and token.find(":") == len(token) - 1:
            self.prefixes.add(token)
        elif kind == "iri" and before_previous == "PREFIX":
            self.declarations.append(f"PREFIX {previous} {token}")
        elif not (kind == "string" and previous == "VERSION"):
            raise self.unexpected(start)

    def iri(self, kind: str, token: str, start: int, previous: str) -> None:
        """Take an IRI reference or a prefixed name."""
        if kind == "name":
            prefix = token[: token.index(":") + 1]
            if prefix not in self.prefixes:
                raise self.wrong(f"The prefix {prefix!r} is not declared", start)
        elif "(" in token or ")" in token or "[" in token or "]" in token:
            self.check_hidden(token)
        elif self.mentions_service and _HIDDEN_SERVICE.search(token):
            raise self.service()
        if self.open:
            if previous in {"SERVICE", "SILENT"} and self.services:
                self.services[-1] = token
        elif previous == "FROM":
            self.from_graphs.append(token)
        elif previous == "NAMED":
            self.from_named.append(token)
        elif self.form == "DESCRIBE":
            self.count_operator()

    def check_hidden(self, token: str) -> None:
        """Bound what a text hides that the engine reads as comparisons and not as an IRI.

        ``?a<?b)SERVICE?c#>`` is a variable and an IRI reference by the rule of the longest token
        (SPARQL 1.1, 19.8, note 7), and code to the engine.
        """
        if self.mentions_service and _HIDDEN_SERVICE.search(token):
            raise self.service()
        self.unbalanced += abs(token.count("(") - token.count(")")) + abs(token.count("[") - token.count("]"))
        if self.unbalanced > self.limit:
            raise self.too_deep()

    def mark(self, sign: str, start: int, previous: str, before: str, before_previous: str) -> None:
        """Take a mark of punctuation."""
        if sign in CLOSERS:
            if sign == "(" and before in {"iri", "name"}:
                self.functions[previous] = None
            elif sign == "{" and before == "name" and self.mentions_service:
                self.check_glued(previous, before_previous)
            self.enter(sign, start, previous)
        elif self.open and sign == CLOSERS[self.open[-1][0]]:
            if self.open.pop()[0] == "{":
                self.leave_group()
        elif sign in {".", ";", ","}:
            if self.groups and self.open[-1][0] in {"{", "[", "{|"}:
                self.groups[-1].patterns += 1
                self.check_patterns()
        elif sign in {")", "]", "}", "|}", ")>>", ">>"}:
            raise self.unexpected(start)
        else:
            if sign == "*" and not self.open and previous in {"SELECT", "DISTINCT", "REDUCED"}:
                self.star = start
            if sign in _OPERATOR_MARKS:
                self.count_operator()
            if sign == "/" and self.groups:
                self.groups[-1].patterns += 1
                self.check_patterns()

    def check_glued(self, name: str, previous: str) -> None:
        """Refuse ``SERVICEx:a {``, which the engine reads as ``SERVICE x:a {``."""
        if "service" in name[: name.index(":")].lower() and previous not in _MAY_PRECEDE_GROUP:
            raise self.service()

    def enter(self, sign: str, start: int, previous: str) -> None:
        """Take an opening bracket."""
        self.open.append((sign, start))
        depth = len(self.open)
        if depth > self.limit:
            raise self.too_deep()
        if sign == "{":
            template = previous == "CONSTRUCT"
            joined = not template and previous not in _APART
            self.groups.append(_Group(joined=joined, counted=not template))
        else:
            self.work += depth * depth * depth
            if self.work > WORK:
                raise QueryRefusedError("complexity", "The query nests too many brackets too deeply.")

    def leave_group(self) -> None:
        """Take the end of a group, whose patterns are joined with those around it."""
        group = self.groups.pop()
        if self.groups and group.joined:
            self.groups[-1].patterns += group.patterns + 1
            self.check_patterns()

    def check_patterns(self) -> None:
        """Refuse more patterns in one join than the planner can order."""
        group = self.groups[-1]
        if group.patterns > PATTERNS and group.counted:
            raise QueryRefusedError("complexity", f"The query joins more than {PATTERNS} patterns in one group.")

    def count_operator(self) -> None:
        """Refuse more operators than the engine's stack holds."""
        self.operators += 1
        if self.operators > OPERATORS:
            raise QueryRefusedError("complexity", f"The query has more than {OPERATORS:,} operators.")

    def finish(self) -> Scan:
        """Return what was found, once all tokens have been read."""
        if self.open:
            token, start = self.open[-1]
            raise self.wrong(f"{token!r} is not closed", start)
        if self.form is None:
            raise self.wrong("There is no query form: SELECT, CONSTRUCT, DESCRIBE or ASK", len(self.text.rstrip()))
        if not all(map(self.may_call, self.services)):
            raise self.service()
        text = self.text
        for offset, word in self.edits:
            text = text[:offset] + word + text[offset + len(word) :]
        return Scan(
            form=cast("Form", self.form),
            text=text,
            prologue="\n".join(self.declarations),
            from_graphs=tuple(self.from_graphs),
            from_named=tuple(self.from_named),
            functions=tuple(self.functions),
            services=tuple(dict.fromkeys(self.services)),
            star=self.star,
            variables=tuple(self.variables) if self.star is not None else (),
            volatile=self.volatile or bool(self.services),
        )

    def may_call(self, service: str) -> bool:
        """Return whether ``service``, which stands after ``SERVICE``, is a constant that may be called.

        It has to be written in full, as it is called: with no prefix, no escape, no dot segment that
        a client of HTTP takes away (WHATWG URL Standard, 4.5), so that what is compared is what is meant.
        """
        path = service.rstrip(">").partition("?")[0].replace("%2E", ".").replace("%2e", ".")
        return (
            service.startswith("<")
            and service[1:].startswith(self.allowed)
            and "\\" not in service
            and not {".", ".."} & set(path.split("/"))
        )

    def wrong(self, message: str, offset: int) -> QuerySyntaxError:
        """Return the error ``message`` at ``offset``."""
        return QuerySyntaxError(f"{message}.", *position(self.text, offset))

    def unexpected(self, offset: int) -> QuerySyntaxError:
        """Return the error of a text that cannot stand at ``offset``."""
        rest = self.text[offset : offset + 3]
        if rest[:1] in {"'", '"'}:
            return self.wrong("This string is not closed, or has a line break or a wrong escape", offset)
        if rest[:1] == "\\":
            return self.wrong("Escapes may stand in strings and IRIs only", offset)
        return self.wrong(f"Unexpected {self.text[offset]!r}", offset)

    def too_deep(self) -> QueryRefusedError:
        """Return the refusal of a query that nests too deeply."""
        return QueryRefusedError("depth", f"The query nests brackets more than {self.limit} deep.")

    def service(self) -> QueryRefusedError:
        """Return the refusal of a federated query."""
        if not self.allowed:
            return QueryRefusedError("service", "SERVICE is not offered: queries reach no other server.")
        return QueryRefusedError(
            "service",
            f"SERVICE is offered only for IRIs, written in full, that begin with {' or '.join(self.allowed)}.",
        )


@dataclass(slots=True)
class _Group:
    """A group graph pattern or template that is open.

    Attributes:
        joined: Whether its patterns are joined with those of the group around it.
        counted: Whether its patterns are planned; those of a template are not.
        patterns: How many separators of patterns and joined groups it has.
    """

    joined: bool
    counted: bool
    patterns: int = 0
