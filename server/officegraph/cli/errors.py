"""Errors that a user can mend, as messages and exit status: never a traceback."""

from __future__ import annotations

import socket
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def reported_errors() -> Iterator[None]:
    """Turn the errors that a user can mend into a message and exit status 1."""
    from officegraph.engine.interface import EngineError  # noqa: PLC0415
    from officegraph.release.manifest import ReleaseError  # noqa: PLC0415
    from officegraph.vocabulary.errors import SourceErrors  # noqa: PLC0415

    try:
        yield
    except SourceErrors as errors:
        for error in errors.errors:
            click.echo(str(error), err=True)
        raise SystemExit(1) from None
    except (EngineError, ReleaseError, ValueError) as error:
        raise click.ClickException(str(error)) from None
    except OSError as error:
        where = f"{error.filename}: " if error.filename else ""
        raise click.ClickException(f"{where}{error.strerror or error}") from None
    except KeyboardInterrupt:
        raise SystemExit(130) from None


def refuse_taken_port(host: str, port: int) -> None:
    """Make sure that ``port`` of ``host`` can be listened on, before anything costly is done.

    Raises:
        click.ClickException: It cannot.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise click.ClickException(
                f"Cannot listen on {host}:{port}: {error.strerror}. Choose another with --host and --port."
            ) from None
