"""JSON-LD sources: the publisher's own context without a network, and positions of faults."""

from __future__ import annotations

import json
import re
from typing import Any, Final

from pyoxigraph import RdfFormat, parse

from officegraph.model.namespaces import OFFICEGRAPH_BASE, PREFIXES
from officegraph.vocabulary.errors import position
from officegraph.vocabulary.write.json_ld_context import context

CONTEXT: Final = "context.jsonld"
"""Where the publisher serves its context, relative to the base."""


def with_own_context(text: str, base: str | None) -> str:
    """Return ``text`` with the publisher's own context in place of its URL; other URLs stay as they are.

    The context is put on one line, so that lines keep their numbers.
    """
    for url in dict.fromkeys(f"{place}{CONTEXT}" for place in (base or OFFICEGRAPH_BASE, OFFICEGRAPH_BASE)):
        if url in text:
            inline = json.dumps(context(PREFIXES)["@context"])
            named = re.compile(rf'("@context"\s*:\s*(?:\[\s*(?:"[^"]*"\s*,\s*)*)?)"{re.escape(url)}"')
            text = named.sub(lambda match, inline=inline: match[1] + inline, text)  # type: ignore[misc]
    return text


def locate(text: str, base: str | None, message: str) -> tuple[int, int]:
    """Return line and column of the node of ``text`` that the parser, which gives no position, refuses.

    Each node at the top of the document, or in its ``@graph``, is tried on its own.
    """
    if "remote context" in message:
        match = re.search(r'"@(?:context|import)"\s*:[\s\[]*"', text)
        return position(text, match.start()) if match else (1, 1)
    try:
        document = json.loads(text)
    except ValueError:
        return 1, 1
    head: dict[str, Any] = {}
    nodes, start = document, 0
    if isinstance(document, dict):
        head = {key: value for key, value in document.items() if key == "@context"}
        nodes = document.get("@graph")
        match = re.search(r'"@graph"\s*:\s*', text)
        start = match.end() if match else 0
    if not isinstance(nodes, list) or not _sound(head, base) or text[start : start + 1] != "[":
        return position(text, _after_blank(text, 0))
    decoder = json.JSONDecoder()
    offset = start + 1
    for node in nodes:
        offset = _after_blank(text, offset)
        if not _sound({**head, "@graph": [node]}, base):
            return position(text, offset)
        _, offset = decoder.raw_decode(text, offset)
        offset = _after_blank(text, offset) + 1
    return 1, 1


def _after_blank(text: str, offset: int) -> int:
    """Return the offset of the first character of ``text`` from ``offset`` on that is no white space."""
    while text[offset : offset + 1].isspace():
        offset += 1
    return offset


def _sound(document: dict[str, Any], base: str | None) -> bool:
    """Return whether the parser accepts ``document``."""
    try:
        for _ in parse(json.dumps(document), format=RdfFormat.JSON_LD, base_iri=base or None):
            pass
    except SyntaxError:
        return False
    return True
