"""The command line: ``officegraph serve``, ``build``, ``check`` and ``query``."""

from officegraph.cli.commands import main

__all__ = ["main"]
