"""Whether a text is a query that would be answered, and where it is not: for marks in the editor."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from officegraph.engine.interface import EngineError, Query, QueryRefusedError, QuerySyntaxError
from officegraph.engine.scan import scan
from officegraph.model.formats import RESULTS_JSON, TURTLE

if TYPE_CHECKING:
    from officegraph.engine.interface import Engine
    from officegraph.settings import Settings

SECONDS: Final = 1.0
"""Time that the engine has to read a query."""


@dataclass(frozen=True, slots=True)
class Complaint:
    """What is wrong with a query.

    Attributes:
        message: What it is, in a sentence.
        line: Line, counted from one, where known.
        column: Column in characters, counted from one, where known.
        engine: The engine's own words, if it gave any.
    """

    message: str
    line: int | None = None
    column: int | None = None
    engine: str | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """The outcome of a check.

    Attributes:
        valid: Whether the text is a query; ``None`` where there was no time or place to find out.
        complaints: What is wrong.
    """

    valid: bool | None
    complaints: tuple[Complaint, ...] = ()

    def as_json(self) -> dict[str, object]:
        """Return the finding for the editor."""
        errors = [
            {"line": c.line, "column": c.column, "message": c.message, "engine": c.engine} for c in self.complaints
        ]
        return {"valid": self.valid, "errors": errors}


def check_query(text: str, engine: Engine, settings: Settings, base: str) -> Finding:
    """Check ``text`` as a query by the scan and by the engine, which evaluates it over nothing.

    The engine is bounded as for any query, and has no data to work on, so reading is all that takes time. A remote
    one is not asked: it would be sent each text that someone has not yet finished.

    Args:
        text: The text.
        engine: The engine.
        settings: The settings.
        base: IRI that relative IRIs are resolved against.
    """
    try:
        scanned = scan(text, settings)
        if settings.engine is None:
            solutions = scanned.form in {"SELECT", "ASK"}
            engine.evaluate(
                Query(
                    text=text,
                    default_graphs=(),
                    named_graphs=(),
                    format=RESULTS_JSON if solutions else TURTLE,
                    timeout=SECONDS,
                    base=base,
                    scanned=scanned,
                )
            )
    except QuerySyntaxError as error:
        return Finding(False, (Complaint(error.message, error.line, error.column, error.detail),))
    except QueryRefusedError as error:
        return Finding(False, (Complaint(str(error)),))
    except EngineError:
        return Finding(None)
    return Finding(True)
