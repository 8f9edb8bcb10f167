"""IRIs of resources and addresses on the host that serves them (RFC 3986, RFC 3987).

The identity of a resource is its IRI, code point by code point: nothing is normalised. What
arrives is a URI, so a request may mean any of a few IRIs; they are offered as candidates and the data
decide. Escapes are taken away once at most.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Final
from urllib.parse import quote, quote_from_bytes, unquote_to_bytes

from officegraph.model.formats import Format

_URI_CHARACTERS: Final = "!#$%&'()*+,-./:;=?@_~[]"
_PATH_CHARACTERS: Final = "!$%&'()*+,-./:;=@_~"

# Characters that a URI cannot hold in a path, so that an IRI that has them can only be asked for by escapes.
_NOT_IN_PATHS: Final = frozenset(b' "<>\\^`{|}[]')
_UNRESERVED: Final = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
_TAKEN_AWAY: Final = _UNRESERVED | _NOT_IN_PATHS
_ESCAPES: Final = re.compile(r"(?:%[0-9A-Fa-f]{2})+")
_RAW_TARGETS: Final = ("REQUEST_URI", "RAW_URI")
_UNESCAPED: Final = re.compile(r"[A-Za-z0-9/._~-]*")
_DOT_SEGMENTS: Final = re.compile(r"(?:^|/)\.{1,2}(?:/|$)")


def iri_to_uri(iri: str) -> str:
    """Return the URI of ``iri``: what a URI cannot hold is percent-encoded as UTF-8 (RFC 3987, section 3.1).

    Escapes that are there already stay as they are. References may be relative.

    >>> iri_to_uri("http://example.org/büro 1?q=%20")
    'http://example.org/b%C3%BCro%201?q=%20'
    """
    return quote(iri, safe=_URI_CHARACTERS, errors="surrogatepass")


def raw_target(environ: Mapping[str, object]) -> str:
    """Return the request target as it came over the wire: path and query, in ASCII.

    Servers hand over a decoded path in ``PATH_INFO``; those that also keep the target do so in
    ``REQUEST_URI`` or ``RAW_URI``. Where neither is there, the target is rebuilt: slashes, percent signs
    and the like that were escaped in the path cannot be told from plain ones any more, so
    what a URI cannot hold is escaped again and the rest is not.

    Args:
        environ: A WSGI environment.

    Returns:
        The target in origin form, whatever form it had (RFC 9112, section 3.2), with ``SCRIPT_NAME``.
    """
    for name in _RAW_TARGETS:
        value = environ.get(name)
        if isinstance(value, str) and value:
            return _origin_form(_ascii(value))
    path = str(environ.get("SCRIPT_NAME", "")) + str(environ.get("PATH_INFO", ""))
    target = path
    if _UNESCAPED.fullmatch(path) is None:
        target = quote_from_bytes(path.encode("latin-1", "replace"), safe=_PATH_CHARACTERS.replace("%", ""))
    query = str(environ.get("QUERY_STRING", ""))
    return (target or "/") + (f"?{_ascii(query)}" if query else "")


def has_raw_target(environ: Mapping[str, object]) -> bool:
    """Return whether a WSGI environment holds the request target as it came over the wire."""
    return any(map(environ.get, _RAW_TARGETS))


def _ascii(value: str) -> str:
    """Escape the bytes behind a string of WSGI (PEP 3333: code points up to 255) that are not ASCII."""
    if value.isascii():
        return value
    return quote_from_bytes(value.encode("latin-1", "replace"), safe=_URI_CHARACTERS)


def _origin_form(target: str) -> str:
    if target.startswith("/") or target == "*":
        return target
    scheme, separator, rest = target.partition("://")
    if not separator or not scheme.isalnum():
        return f"/{target}"
    end = min((position for mark in "/?" if (position := rest.find(mark)) >= 0), default=len(rest))
    target = rest[end:]
    return target if target.startswith("/") else f"/{target}"


def split_target(target: str, script_name: str = "") -> tuple[str, str | None]:
    """Return path and query of a request target, both as received.

    Args:
        target: What :func:`raw_target` returned.
        script_name: Path that the application is mounted at, decoded, as in a WSGI environment;
            it is taken off the path.

    Returns:
        The path, with its slash in front, and the query, ``None`` if there is no question mark.
    """
    path, mark, query = target.partition("?")
    if script_name:
        mount = quote_from_bytes(script_name.encode("latin-1", "replace"), safe=_PATH_CHARACTERS)
        for prefix in (mount, script_name):
            if path == prefix or path.startswith(prefix + "/"):
                path = path[len(prefix) :]
                break
    return path or "/", query if mark else None


def split_document(path: str, formats: Mapping[str, Format]) -> list[tuple[str, Format | None]]:
    """Return what ``path`` may be the address of: a resource, or a document in some format.

    Resources may end in what looks like a file ending (``…/section-1.5``, ``…/file.ttl``), so the
    whole path comes first: if there is such a resource, it is meant.

    Args:
        path: Path of a request, with or without escapes.
        formats: Formats by file ending, as in ``{"ttl": TURTLE}``.

    >>> from officegraph.model.formats import TURTLE
    >>> [path for path, format in split_document("/concept/settlement.ttl", {"ttl": TURTLE})]
    ['/concept/settlement.ttl', '/concept/settlement']
    """
    candidates: list[tuple[str, Format | None]] = [(path, None)]
    stem, dot, extension = path.rpartition(".")
    if dot and (found := formats.get(extension)):
        candidates.append((stem, found))
    return candidates


@lru_cache(maxsize=4096)
def decodings(path: str) -> tuple[str, ...]:
    """Return the strings that a path as received may stand for in an IRI, the likeliest first.

    1. The path as it is: data may hold escapes, in whatever letters (``%C3%A9``, ``%2F``).
    2. With the escapes taken away that a URI needs and an IRI does not: those of non-ASCII
       characters, if they are UTF-8; then those of unreserved characters too (RFC 3987,
       section 3.2).
    3. With those of characters taken away too that no URI can hold, such as blanks: data in the
       wild has such IRIs.

    The escapes of delimiters stay in all of them: ``%2F`` is never a slash. Nothing is
    decoded twice: ``%2520`` is never a blank.

    >>> decodings("/caf%C3%A9%2F%20")
    ('/caf%C3%A9%2F%20', '/café%2F%20', '/café%2F ')
    """
    if "%" not in path:
        return (path,)
    found = [path]
    try:
        found += [_decoded(path, characters) for characters in (frozenset(), _UNRESERVED, _TAKEN_AWAY)]
    except UnicodeDecodeError:
        return (path,)
    return tuple(dict.fromkeys(found))


def _decoded(path: str, characters: frozenset[int]) -> str:
    """Take the escapes of non-ASCII characters and of ``characters`` away.

    Raises:
        UnicodeDecodeError: Escapes stand for bytes that are not UTF-8.
    """

    def replace(match: re.Match[str]) -> str:
        escapes = match[0]
        kept = bytearray()
        for position in range(0, len(escapes), 3):
            byte = int(escapes[position + 1 : position + 3], 16)
            if byte >= 0x80 or byte in characters:
                kept.append(byte)
            else:
                kept += escapes[position : position + 3].encode("ascii")
        return kept.decode("utf-8")

    return _ESCAPES.sub(replace, path)


def candidate_iris(path: str, base: str) -> tuple[str, ...]:
    """Return the IRIs under ``base`` that a request for ``path`` may mean, the likeliest first.

    Args:
        path: Path as received, with its slash in front; with ``?`` and the query where IRIs
            of the data have queries.
        base: IRI that the root of the host stands for, as in ``https://w3id.org/officegraph/``.

    >>> candidate_iris("/concept/caf%C3%A9", "http://example.org/")
    ('http://example.org/concept/caf%C3%A9', 'http://example.org/concept/café')
    """
    path = path.removeprefix("/")
    return tuple([base + rest for rest in decodings(path)]) if "%" in path else (base + path,)


def fully_decoded(path: str) -> str:
    """Return ``path`` without any escapes, decoded once.

    Servers that keep no raw target hand over such paths: comparing them with the same of the
    IRIs of the data finds what they may mean. Bytes that are not UTF-8 become ``U+FFFD``.
    """
    return unquote_to_bytes(path).decode("utf-8", "replace")


def path_of(iri: str, base: str, *, fallback: str = "/resource") -> str:
    """Return the address of ``iri`` on the host that serves, for links.

    Args:
        iri: IRI of a resource.
        base: IRI that the root of the host stands for.
        fallback: Path that takes any IRI as its parameter ``uri``.

    Returns:
        The path of the resource, its fragment kept; or, if the IRI is not under the base or clients would
        not ask for its path unchanged (dot segments, empty segments, queries), ``{fallback}?uri=…``.

    >>> path_of("http://example.org/büro#raum", "http://example.org/")
    '/b%C3%BCro#raum'
    >>> path_of("http://elsewhere.example/a", "http://example.org/")
    '/resource?uri=http%3A%2F%2Felsewhere.example%2Fa'
    """
    if iri.startswith(base):
        rest, mark, fragment = iri[len(base) :].partition("#")
        if not (
            "?" in rest
            or "//" in rest
            or rest.startswith("/")
            or "\\" in rest
            or _DOT_SEGMENTS.search(rest.replace("%2E", ".").replace("%2e", "."))
        ):
            path = "/" + quote(rest, safe=_PATH_CHARACTERS, errors="surrogatepass")
            return path + (f"#{quote(fragment, safe=_PATH_CHARACTERS + '?')}" if mark else "")
    return f"{fallback}?uri={quote(iri, safe='', errors='surrogatepass')}"


def document_path(iri: str, base: str, format_: Format, *, fallback: str = "/resource") -> str:
    """Return the address of the document that describes ``iri`` in a format.

    The fragment of a hash IRI goes: it is described by the document of what is before it.

    >>> from officegraph.model.formats import TURTLE
    >>> document_path("http://example.org/scheme#a", "http://example.org/", TURTLE)
    '/scheme.ttl'
    """
    path = path_of(iri, base, fallback=fallback)
    if path.startswith(f"{fallback}?"):
        return f"{path}&format={format_.extension}"
    return f"{path.partition('#')[0]}.{format_.extension}"


def by_extension(formats: Sequence[Format]) -> dict[str, Format]:
    """Return ``formats`` by file ending, as :func:`split_document` wants them."""
    return {item.extension: item for item in formats}
