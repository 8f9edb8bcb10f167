"""How terms are written in messages: short, and unmistakable."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from pyoxigraph import Literal, NamedNode

from officegraph.model.dataset import Term
from officegraph.model.namespaces import PREFIXES, XSD

_LOCAL: Final = re.compile(r"[\w](?:[\w.-]*[\w-])?")
_LONGEST: Final = 80


class Names:
    """Writes terms with the prefixes of a dataset."""

    def __init__(
        self, prefixes: Mapping[str, str] | None = None, language_tags: Mapping[str, str] | None = None
    ) -> None:
        """Use ``prefixes`` before those that are generally known, and spell tags as in ``language_tags``."""
        known = {namespace: prefix for prefix, namespace in PREFIXES.items()}
        known.update({namespace: prefix for prefix, namespace in (prefixes or {}).items()})
        self._prefixes = sorted(known.items(), key=lambda item: -len(item[0]))
        self._language_tags = language_tags or {}

    def __call__(self, term: Term) -> str:
        """Return ``term`` as ``prefix:name`` where that is possible, else as in N-Triples; long text is cut."""
        if isinstance(term, NamedNode):
            return self._iri(term.value)
        if isinstance(term, Literal):
            return self._literal(term)
        return str(term)

    def _iri(self, iri: str) -> str:
        for namespace, prefix in self._prefixes:
            if iri.startswith(namespace) and _LOCAL.fullmatch(iri, len(namespace)):
                return f"{prefix}:{iri[len(namespace) :]}"
        return f"<{iri}>"

    def _literal(self, literal: Literal) -> str:
        text = literal.value if len(literal.value) <= _LONGEST else f"{literal.value[: _LONGEST - 1]}…"
        text = "".join(c if c.isprintable() else f"\\u{ord(c):04X}" for c in text)
        if literal.language:
            return f'"{text}"@{self._language_tags.get(literal.language, literal.language)}'
        return f'"{text}"' if literal.datatype == XSD.string else f'"{text}"^^{self._iri(literal.datatype.value)}'
