"""Links within the dataset, identifiers, and literals."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from typing import Final

from pyoxigraph import Literal, NamedNode

from officegraph.model.dataset import Subject, Term
from officegraph.model.datatypes import is_well_typed
from officegraph.model.namespaces import (
    DCAT,
    DCTERMS,
    FOAF,
    OWL,
    PAV,
    RDF,
    RDFS,
    SCHEMA,
    SH,
    VANN,
    VOID,
    XSD,
)
from officegraph.vocabulary.check.finding import Finding
from officegraph.vocabulary.check.view import View

_TO_DOCUMENTS: Final = frozenset(
    {
        DCAT.accessURL,
        DCAT.downloadURL,
        DCAT.endpointDescription,
        DCAT.endpointURL,
        DCAT.hasCurrentVersion,
        DCAT.hasVersion,
        DCAT.landingPage,
        DCAT.previousVersion,
        DCTERMS.hasFormat,
        DCTERMS.hasVersion,
        FOAF.homepage,
        FOAF.page,
        OWL.backwardCompatibleWith,
        OWL.imports,
        OWL.incompatibleWith,
        OWL.priorVersion,
        OWL.versionIRI,
        PAV.previousVersion,
        RDFS.seeAlso,
        SCHEMA.contentUrl,
        SCHEMA.url,
        SH.namespace,
        VANN.example,
        VANN.preferredNamespaceUri,
        VOID.dataDump,
        VOID.openSearchDescription,
        VOID.sparqlEndpoint,
        VOID.uriLookupEndpoint,
        VOID.vocabulary,
    }
)
"""Properties that lead to files, services, namespaces and versions, which need no description."""

# RFC 5646, section 2.1: langtag, privateuse, grandfathered (whose regular ones a langtag covers).
_LANGUAGE_TAG: Final = re.compile(
    r"""(?:(?:[a-z]{2,3}(?:-[a-z]{3}){0,3}|[a-z]{4}|[a-z]{5,8})
    (?:-[a-z]{4})?
    (?:-(?:[a-z]{2}|[0-9]{3}))?
    (?:-(?:[a-z0-9]{5,8}|[0-9][a-z0-9]{3}))*
    (?:-[0-9a-wy-z](?:-[a-z0-9]{2,8})+)*
    (?:-x(?:-[a-z0-9]{1,8})+)?
    |x(?:-[a-z0-9]{1,8})+
    |en-gb-oed|i-(?:ami|bnn|default|enochian|hak|klingon|lux|mingo|navajo|pwn|tao|tay|tsu)|sgn-(?:be-fr|be-nl|ch-de)
    |art-lojban|cel-gaulish|no-bok|no-nyn|zh-guoyu|zh-hakka|zh-min|zh-min-nan|zh-xiang)""",
    re.VERBOSE | re.IGNORECASE,
)
_UNTESTED: Final = frozenset({XSD.string, RDF.langString, RDF.dirLangString})


def is_language_tag(tag: str) -> bool:
    """Return whether ``tag`` is well-formed by RFC 5646, section 2.2.9.

    No extension (singleton) and no variant may come twice; that subtags are registered is not asked.

    >>> is_language_tag("sl-rozaj-biske-1994"), is_language_tag("en_GB"), is_language_tag("de-419-DE")
    (True, False, False)
    """
    if _LANGUAGE_TAG.fullmatch(tag) is None:
        return False
    subtags = tag.lower().split("-")
    if "x" in subtags:
        subtags = subtags[: subtags.index("x")]
    extensions = [at for at, subtag in enumerate(subtags) if len(subtag) == 1]
    singletons = [subtags[at] for at in extensions]
    before = subtags[1 : extensions[0]] if extensions else subtags[1:]
    variants = [subtag for subtag in before if len(subtag) > 4 or (subtag[0].isdigit() and len(subtag) == 4)]
    return len(set(singletons)) == len(singletons) and len(set(variants)) == len(variants)


def check_links(view: View, known: Collection[Term]) -> Iterator[Finding]:
    """Find links into the dataset that lead to nothing, and resources without a web address.

    Args:
        view: The dataset.
        known: Further resources that are described: what is derived from the dataset, and its graphs.
    """
    for resources, name in (
        (view.concepts, "concept"),
        (view.schemes, "concept scheme"),
        (view.collections, "collection"),
    ):
        for resource in resources:
            if not isinstance(resource, NamedNode) or not resource.value.startswith(("http://", "https://")):
                yield view.finding(
                    "no-web-identifier",
                    resource,
                    f"The {name} {view.names(resource)} has no http or https IRI",
                )
    if view.base is None:
        return
    described = {triple.subject for triple in view.triples}
    broken: dict[NamedNode, list[tuple[Subject, NamedNode]]] = {}
    for predicate, pairs in view.index.by_predicate.items():
        if predicate not in described and view.is_own(predicate):
            broken.setdefault(predicate, []).extend((subject, predicate) for subject, _ in pairs)
        if predicate in _TO_DOCUMENTS:
            continue
        for subject, value in pairs:
            target = value.datatype if isinstance(value, Literal) else value
            if isinstance(target, NamedNode) and target not in described and view.is_own(target):
                broken.setdefault(target, []).append((subject, predicate))
    for target, links in broken.items():
        if target in known:
            continue
        subject, predicate = links[0]
        more = f" (and {len(links) - 1} more links)" if len(links) > 1 else ""
        yield view.finding(
            "broken-link",
            subject,
            f"{view.names(subject)} has {view.names(predicate)} {view.names(target)}, which nothing describes{more}",
            path=predicate,
            value=target,
        )


def check_literals(view: View) -> Iterator[Finding]:
    """Find literals whose language tag or lexical form is not well-formed."""
    malformed: dict[str, bool] = {}
    for predicate, pairs in view.index.by_predicate.items():
        for subject, value in pairs:
            if not isinstance(value, Literal):
                continue
            tag = value.language
            if tag:
                wrong = malformed.get(tag)
                if wrong is None:
                    wrong = malformed[tag] = not is_language_tag(tag)
                if wrong:
                    yield view.finding(
                        "malformed-language-tag",
                        subject,
                        f"{view.names(subject)} has {view.names(predicate)} {view.names(value)}",
                        path=predicate,
                        value=value,
                    )
                continue
            datatype = value.datatype
            if datatype not in _UNTESTED and is_well_typed(value.value, datatype.value) is False:
                yield view.finding(
                    "ill-typed-literal",
                    subject,
                    f"{view.names(subject)} has {view.names(predicate)} {view.names(value)}, "
                    f"which is no {view.names(datatype)}",
                    path=predicate,
                    value=value,
                )
