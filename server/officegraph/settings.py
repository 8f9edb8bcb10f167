"""The one settings object: every limit and every choice that an operator can make."""

from __future__ import annotations

from dataclasses import dataclass, fields
from pathlib import Path

MEBIBYTE = 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What an operator can choose. Every field is also a keyword of ``create_app``.

    Attributes:
        base: IRI under which the resources live; ``None`` finds it in the sources.
        public_url: Root URL that clients use, where a proxy stands in front; ``None`` takes it from the request.
        language: BCP 47 tag of the language that labels fall back to.
        merge: Whether the default graph of a dataset given as quads is the merge of its graphs.
        query_timeout: Seconds that one query may take.
        query_memory: Bytes of memory that one query may take beside the store.
        query_result_size: Bytes that one answer may have.
        query_length: Characters that one query may have.
        query_depth: How deep brackets and braces of a query may nest.
        query_workers: Queries that are evaluated at the same time.
        query_queue: Queries that may wait for a worker before the next is turned away.
        engine: URL of a SPARQL 1.1 service to use in place of the embedded engine.
        engine_socket: Unix socket of a query server that is shared between processes.
        releases: Folder for releases made by ``create_app(sources=…)``; ``None`` is a temporary one.
        cache_age: Seconds for which shared caches may keep an answer without asking again.
    """

    base: str | None = None
    public_url: str | None = None
    language: str = "en"
    merge: bool = False
    query_timeout: float = 30.0
    query_memory: int = 512 * MEBIBYTE
    query_result_size: int = 64 * MEBIBYTE
    query_length: int = 100_000
    query_depth: int = 50
    query_workers: int = 4
    query_queue: int = 16
    engine: str | None = None
    engine_socket: Path | None = None
    releases: Path | None = None
    cache_age: int = 300

    def __post_init__(self) -> None:
        """Refuse values that no server could work with.

        Raises:
            ValueError: A field is out of its range; the message names it.
        """
        for name in ("query_timeout", "query_memory", "query_result_size", "query_length", "query_depth"):
            if getattr(self, name) <= 0:
                raise ValueError(f"{name} must be greater than 0, not {getattr(self, name)!r}")
        if self.query_workers < 1:
            raise ValueError(f"query_workers must be at least 1, not {self.query_workers!r}")

    @classmethod
    def names(cls) -> frozenset[str]:
        """Return the names of all settings."""
        return frozenset(field.name for field in fields(cls))
