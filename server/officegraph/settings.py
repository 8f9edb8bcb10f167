"""The one settings object: every limit and every choice that an operator can make."""

from __future__ import annotations

import math
import re
import types
import typing
from dataclasses import dataclass, field, fields
from functools import cache
from pathlib import Path
from typing import Any, Final, Literal, get_args, get_origin, get_type_hints
from urllib.parse import urlsplit

MEBIBYTE: Final = 1024 * 1024

INTERNAL: Final = frozenset({"engine_socket", "engine_places"})
"""Settings by which the processes of one server find each other; no operator sets them."""

_ABSOLUTE_IRI: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*:[^\x00-\x20<>\"{}|\\^`]+")


def _setting(default: Any, about: str, *, least: float | None = None) -> Any:
    """Return a field with what it is about, as a sentence for help texts, and the least value that works."""
    return field(default=default, metadata={"about": about, "least": least})


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What an operator can choose. Every field is also a keyword of ``create_app``.

    What each is about is said once, in its metadata, from which the help texts of the command line and the table of
    the documentation are made.
    """

    base: str | None = _setting(None, "IRI under which the resources live; found in the sources if left out.")
    public_url: str | None = _setting(None, "Root URL that clients use, where a proxy stands in front.")
    language: str = _setting("en", "BCP 47 tag of the language that labels fall back to.")
    merge: bool = _setting(False, "Let the default graph of quads be the merge of their graphs.")
    query_timeout: float = _setting(30.0, "Seconds that one query may take; a client may ask for less.", least=0.001)
    query_memory: int = _setting(
        512 * MEBIBYTE, "Bytes of memory that one query may take beside the store.", least=16 * MEBIBYTE
    )
    query_result_size: int = _setting(64 * MEBIBYTE, "Bytes that one answer may have; none is ever cut.", least=1)
    query_length: int = _setting(100_000, "Characters that one query may have.", least=1)
    query_depth: int = _setting(50, "How deep brackets and braces of a query may nest.", least=1)
    query_workers: int = _setting(
        4, "Queries that are evaluated at the same time by all processes; half as many slow ones may go on beside.",
        least=1,
    )  # fmt: skip
    query_queue: int = _setting(16, "Queries that may wait for their turn before the next is turned away.", least=0)
    engine: str | None = _setting(None, "SPARQL 1.1 service to ask in place of the embedded engine.")
    engine_socket: Path | None = _setting(None, "Unix socket of a query server that is shared between processes.")
    engine_places: Path | None = _setting(None, "Folder by which processes share the places of queries.")
    allowed_services: tuple[str, ...] = _setting(
        (), "URL with which the IRI of a SERVICE may begin; queries reach no other server."
    )
    releases: Path | None = _setting(None, "Folder for releases that are made of sources; a temporary one if left out.")
    cache_age: int = _setting(300, "Seconds for which shared caches may keep an answer without asking again.", least=0)
    rate_limit: str | None = _setting(
        None, "Queries that one client may send, such as 60/minute; clients on loopback are exempt."
    )
    trusted_proxies: int = _setting(
        0, "Proxies in front whose X-Forwarded-For is believed, for the limit on clients.", least=0
    )
    metrics: Literal["off", "loopback", "on"] = _setting(
        "loopback", "Who may read /metrics: nobody, clients on this machine, or everybody."
    )
    access_log: Path | None = _setting(None, "File for one line of JSON a request; - is standard error.")
    request_timeout: float = _setting(30.0, "Seconds that a client may take to send its request.", least=0.001)
    connections: int = _setting(1024, "Connections that one process keeps open at a time.", least=1)

    def __post_init__(self) -> None:
        """Refuse values that no server could work with.

        Raises:
            ValueError: A field is of the wrong type or out of its range; the message names it.
        """
        kinds = _kinds()
        for each in fields(self):
            value = getattr(self, each.name)
            if not _fits(value, kinds[each.name]):
                raise ValueError(f"{each.name} must be {_worded(kinds[each.name])}, not {value!r}")
            least = each.metadata["least"]
            if least is not None and not least <= value < math.inf:
                raise ValueError(f"{each.name} must be at least {least:,}, not {value!r}")
        if self.base is not None:
            object.__setattr__(self, "base", as_base(self.base))
        if self.base is not None:
            object.__setattr__(self, "base", _as_base(self.base))
        for service in self.allowed_services:
            _check_service(service)

    @classmethod
    def names(cls) -> frozenset[str]:
        """Return the names of all settings."""
        return frozenset(each.name for each in fields(cls))

    @classmethod
    def about(cls, name: str) -> str:
        """Return what the setting ``name`` is about, in a sentence.

        Raises:
            KeyError: There is no such setting.
        """
        return {each.name: str(each.metadata["about"]) for each in fields(cls)}[name]


def as_base(iri: str) -> str:
    """Return the base that ``iri`` means: the part of it that the root of a host can stand for.

    >>> as_base("https://example.org/voc"), as_base("https://example.org/voc#")
    ('https://example.org/voc/', 'https://example.org/')

    Raises:
        ValueError: It is no absolute IRI (RFC 3987, section 2.2).
    """
    if not re.fullmatch(r"[A-Za-z][A-Za-z0-9+.-]*:[^\s<>\"{}|\\^`]+", iri):
        raise ValueError(f"base must be an absolute IRI such as https://example.org/, not {iri!r}")
    path, hash_sign, _ = iri.partition("#")
    if hash_sign and path.count("/") > 2:
        path = path[: path.rfind("/") + 1]
    return path if path.endswith("/") else f"{path}/"


def _as_base(iri: str) -> str:
    """Return the base that ``iri`` means: what the root of a host can stand for.

    Namespaces are given as well, and those that end in ``#`` have their terms in a document beside others.

    Raises:
        ValueError: It is no absolute IRI.
    """
    start, mark, _ = iri.partition("#")
    if not _ABSOLUTE_IRI.fullmatch(start):
        raise ValueError(f"base must be an absolute IRI like https://example.org/voc/, not {iri!r}")
    if mark and "/" in start.partition("://")[2]:
        start = start[: start.rindex("/")]
    return start if start.endswith("/") else f"{start}/"


def _check_service(url: str) -> None:
    """Refuse an allowed service that does not say which host.

    Raises:
        ValueError: It is not an HTTP URL with host and path, so that others could begin with it as well.
    """
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname or not parts.path.startswith("/"):
        raise ValueError(f"allowed_services must be URLs like https://example.org/sparql, with a path; {url!r} is not")


@cache
def _kinds() -> dict[str, Any]:
    return get_type_hints(Settings)


def _fits(value: object, kind: Any) -> bool:
    """Return whether ``value`` is of the type ``kind``."""
    origin = get_origin(kind)
    if origin in {types.UnionType, typing.Union}:
        return any(_fits(value, one) for one in get_args(kind))
    if origin is Literal:
        return value in get_args(kind)
    if origin is tuple:
        return isinstance(value, tuple) and all(_fits(one, get_args(kind)[0]) for one in value)
    if kind is float:
        return isinstance(value, (int, float)) and not isinstance(value, bool)
    if kind is int:
        return isinstance(value, int) and not isinstance(value, bool)
    return isinstance(value, kind)


def _worded(kind: Any) -> str:
    """Return the type ``kind`` in words."""
    origin = get_origin(kind)
    if origin in {types.UnionType, typing.Union}:
        return " or ".join(_worded(one) for one in get_args(kind))
    if origin is Literal:
        return "one of " + ", ".join(map(repr, get_args(kind)))
    if origin is tuple:
        return "a tuple of strings"
    words = {int: "a whole number", float: "a number", str: "a string", bool: "true or false", Path: "a path"}
    return words.get(kind, "None")
