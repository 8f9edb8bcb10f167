"""Links in HTTP fields (RFC 8288)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final
from urllib.parse import quote as percent_encode

from officegraph.http.fields import TOKEN, quote
from officegraph.http.iris import iri_to_uri

_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f]")
_ATTRIBUTE_CHARACTERS: Final = "!#$&+-.^_`|~"


def encoded_parameter(value: str) -> str:
    """Return ``value`` as an extended value in UTF-8 (RFC 8187, section 3.2).

    >>> encoded_parameter("Büro")
    "UTF-8''B%C3%BCro"
    """
    return "UTF-8''" + percent_encode(value, safe=_ATTRIBUTE_CHARACTERS)


def link(target: str, rel: str, **parameters: str) -> str:
    """Return one link, as a member of the field ``Link`` (RFC 8288, section 3).

    Args:
        target: IRI or relative reference; sent as a URI (RFC 3987, section 3.1).
        rel: Relation type or types: registered names, or IRIs, between blanks.
        parameters: Target attributes: ``type``, ``hreflang``, ``title``, ``anchor``, ``profile``, ….
            A title that is not ASCII is sent as ``title*`` (RFC 8187).

    Raises:
        ValueError: A value has control characters, which no field may have.

    >>> link("/concept/settlement.ttl", "alternate", type="text/turtle")
    '</concept/settlement.ttl>; rel="alternate"; type="text/turtle"'
    """
    parts = [f"<{iri_to_uri(target)}>", f"rel={quote(' '.join(map(iri_to_uri, rel.split())))}"]
    for name, value in parameters.items():
        if TOKEN.fullmatch(name) is None or _CONTROL.search(value):
            raise ValueError(f"{name!r} cannot be a parameter of a link with the value {value!r}")
        if name == "anchor":
            parts.append(f"{name}={quote(iri_to_uri(value))}")
        elif value.isascii():
            parts.append(f"{name}={quote(value)}")
        else:
            parts.append(f"{name}*={encoded_parameter(value)}")
    return "; ".join(parts)


def link_header(links: Iterable[str]) -> str:
    """Return the value of one field ``Link`` that holds ``links``, each made by :func:`link`."""
    return ", ".join(links)
