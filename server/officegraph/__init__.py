"""Publish an SKOS vocabulary as linked data: dereferenceable URIs, SPARQL and dumps."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from officegraph.version import __version__

if TYPE_CHECKING:
    from flask import Flask

__all__ = ["__version__", "create_app"]


def create_app(*args: Any, **settings: Any) -> Flask:
    """Make the WSGI application; see :func:`officegraph.web.app.create_app`.

    The web layer is imported here and not at import time, so that ``officegraph.model``
    and the command line start without Flask.
    """
    from officegraph.web.app import create_app as create  # noqa: PLC0415

    return create(*args, **settings)
