"""The one settings object: every limit and every choice that an operator can make."""

from __future__ import annotations

import math
import re
import types
import typing
from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Final, Literal, get_args, get_origin, get_type_hints
from urllib.parse import urlsplit

MEBIBYTE: Final = 1024 * 1024

INTERNAL: Final = frozenset({"engine_socket", "engine_places"})
"""Settings by which the processes of one server find each other; no operator sets them."""


_RATE: Final = re.compile(r"[1-9]\d*\s*(/|\s+per\s+)\s*([1-9]\d*\s*)?(second|minute|hour|day)s?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class About:
    """What a setting is about; annotates its type.

    Attributes:
        sentence: What it is about, for help texts and documentation.
        least: The least value that works.
    """

    sentence: str
    least: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What an operator can choose. Every field is also a keyword of ``create_app``.

    What each is about is said once, in the annotation of its type, from which the help texts of the command line and
    the table of the documentation are made.
    """

    base: Annotated[str | None, About("IRI under which the resources live; found in the sources if left out.")] = None
    public_url: Annotated[str | None, About("Root URL that clients use, where a proxy stands in front.")] = None
    language: Annotated[str, About("BCP 47 tag of the language that labels fall back to.")] = "en"
    merge: Annotated[bool, About("Let the default graph of quads be the merge of their graphs.")] = False
    releases: Annotated[
        Path | None, About("Folder for releases that are made of sources; a temporary one if left out.")
    ] = None
    cache_age: Annotated[
        int, About("Seconds for which shared caches may keep an answer without asking again.", least=0)
    ] = 300
    query_timeout: Annotated[
        float, About("Seconds that one query may take; a client may ask for less.", least=0.001)
    ] = 30.0
    query_memory: Annotated[
        int, About("Bytes of memory that one query may take beside the store.", least=16 * MEBIBYTE)
    ] = 512 * MEBIBYTE
    query_result_size: Annotated[int, About("Bytes that one answer may have; none is ever cut.", least=1)] = (
        64 * MEBIBYTE
    )
    query_length: Annotated[int, About("Characters that one query may have.", least=1)] = 100_000
    query_depth: Annotated[int, About("How deep brackets and braces of a query may nest.", least=1)] = 50
    query_workers: Annotated[
        int, About("Queries that all processes evaluate at a time; half as many slow ones may go on beside.", least=1)
    ] = 4
    query_queue: Annotated[
        int, About("Queries that may wait for their turn before the next is turned away.", least=0)
    ] = 64
    allowed_services: Annotated[
        tuple[str, ...], About("URL that the IRI of a SERVICE may begin with; queries reach no other server.")
    ] = ()
    engine: Annotated[str | None, About("SPARQL 1.1 service to ask in place of the embedded engine.")] = None
    engine_socket: Annotated[Path | None, About("Socket of a query server that processes share.")] = None
    engine_places: Annotated[Path | None, About("Folder by which processes share the places of queries.")] = None
    rate_limit: Annotated[
        str | None, About("Queries that one client may send, such as 60/minute; clients on loopback are exempt.")
    ] = None
    trusted_proxies: Annotated[
        int, About("Proxies in front whose X-Forwarded-For is believed, to tell clients apart.", least=0)
    ] = 0
    request_timeout: Annotated[float, About("Seconds that a client may take to send its request.", least=0.1)] = 30.0
    connections: Annotated[int, About("Connections that one process keeps open at a time.", least=1)] = 1024
    metrics: Annotated[
        Literal["off", "loopback", "on"],
        About("Who may read /metrics: nobody (off), clients on this machine (loopback), or everybody (on)."),
    ] = "loopback"
    access_log: Annotated[Path | None, About("File for one line of JSON a request; - is standard error.")] = None

    def __post_init__(self) -> None:
        """Refuse values that no server could work with.

        Raises:
            ValueError: A field is of the wrong type or out of its range; the message names it.
        """
        for name, (kind, about) in described().items():
            value = getattr(self, name)
            if not _fits(value, kind):
                raise ValueError(f"{name} must be {_worded(kind)}, not {value!r}")
            if about.least is not None and not about.least <= value < math.inf:
                raise ValueError(f"{name} must be at least {about.least:,}, not {value!r}")
        if self.base is not None:
            object.__setattr__(self, "base", as_base(self.base))
        for service in self.allowed_services:
            _check_service(service)
        if self.rate_limit is not None and not _RATE.fullmatch(self.rate_limit):
            raise ValueError(f"rate_limit must be an amount and a time such as 60/minute, not {self.rate_limit!r}")

    def as_json(self) -> dict[str, Any]:
        """Return the settings as JSON can carry them, from process to process."""
        values = {each.name: getattr(self, each.name) for each in fields(self)}
        return {name: str(value) if isinstance(value, Path) else value for name, value in values.items()}

    @classmethod
    def of_json(cls, values: dict[str, Any]) -> Settings:
        """Return the settings that :meth:`as_json` wrote."""
        read: dict[str, Any] = {}
        for name, value in values.items():
            is_path = isinstance(value, str) and Path in get_args(described()[name][0])
            read[name] = Path(value) if is_path else tuple(value) if isinstance(value, list) else value
        return cls(**read)

    @classmethod
    def names(cls) -> frozenset[str]:
        """Return the names of all settings."""
        return frozenset(each.name for each in fields(cls))


@cache
def described() -> dict[str, tuple[Any, About]]:
    """Return the type of each setting and what it is about, in the order of the settings."""
    hints = get_type_hints(Settings, include_extras=True)
    return {each.name: get_args(hints[each.name]) for each in fields(Settings)}


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


def _check_service(url: str) -> None:
    """Refuse an allowed service that does not say which host.

    Raises:
        ValueError: It is not an HTTP URL with host and path, so that others could begin with it as well.
    """
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname or not parts.path.startswith("/"):
        raise ValueError(f"allowed_services must be URLs like https://example.org/sparql, with a path; {url!r} is not")


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
