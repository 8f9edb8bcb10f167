"""Definitions of what a resource is related to, so that a reader sees what each is before following the link."""

from __future__ import annotations

from typing import Final

from pyoxigraph import NamedNode

from officegraph.model.namespaces import SKOS
from officegraph.web.pages.concept import BROADER, DEFINITIONS, NARROWER
from officegraph.web.pages.subject import Describer

DEFINITIONS_READ: Final = 24
"""Related concepts whose definitions a page looks up, so that one page stays one bounded piece of work."""


def look_up_definitions(page: Describer) -> None:
    """Add the definitions of broader, narrower and related concepts, where the document has only their labels."""
    statements = page.statements
    properties = (*BROADER, *NARROWER, SKOS.related)
    related = [*statements.nodes(page.main, *properties), *statements.subjects_of(page.main, *properties)]
    wanted = [
        node
        for node in dict.fromkeys(related)
        if isinstance(node, NamedNode) and node != page.main and not statements.objects(node, *DEFINITIONS)
    ]
    for node in wanted[:DEFINITIONS_READ]:
        statements.add_context(
            triple
            for triple in page.site.statements(node.value)
            if triple.subject == node and triple.predicate in DEFINITIONS
        )
