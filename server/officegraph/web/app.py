"""The application factory."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Flask

if TYPE_CHECKING:
    from collections.abc import Iterable
    from os import PathLike


def create_app(
    sources: Iterable[str | PathLike[str]] | None = None,
    *,
    release: str | PathLike[str] | None = None,
    **settings: object,
) -> Flask:
    """Make the WSGI application."""
    del sources, release, settings
    return Flask(__name__)
