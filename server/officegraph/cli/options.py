"""Options of the command line that are settings: made of what the settings say of themselves."""

from __future__ import annotations

import types
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal, get_args, get_origin

import click

from officegraph.settings import INTERNAL, Settings, described

if TYPE_CHECKING:
    from collections.abc import Callable

NAMES: Final = {"allowed_services": "--allow-service"}
"""Options that are not named as their settings are."""

METAVARS: Final = {
    "base": "IRI", "public_url": "URL", "engine": "URL", "allowed_services": "PREFIX", "rate_limit": "AMOUNT/TIME",
    "access_log": "FILE",
}  # fmt: skip
"""What stands for the values of an option in its help, where the type does not say it."""

NOT_OFFERED: Final = INTERNAL | {"language", "releases"}
"""Settings that are for programs; releases are named by ``--release`` and ``--out``."""


def option_of(setting: str) -> str:
    """Return the option that stands for ``setting``."""
    return NAMES.get(setting, f"--{setting.replace('_', '-')}")


def setting(name: str) -> Callable[[Any], Any]:
    """Return the decorator that gives a command the option for the setting ``name``."""
    kind, about = described()[name]
    default = getattr(Settings(), name)
    options: dict[str, Any] = {"help": about.sentence, "metavar": METAVARS.get(name)}
    if kind is bool:
        options["is_flag"] = True
    elif get_origin(kind) is Literal:
        options |= {"type": click.Choice(get_args(kind)), "default": default, "show_default": True}
    elif get_origin(kind) is tuple:
        options["multiple"] = True
    elif kind in {int, float}:
        range_of: Any = click.IntRange if kind is int else click.FloatRange
        options |= {"type": range_of(min=about.least), "default": default, "show_default": True}
    elif isinstance(kind, types.UnionType) and Path in get_args(kind):
        options["type"] = click.Path(path_type=Path, dir_okay=False, allow_dash=True)
    return click.option(option_of(name), name, **options)


def all_settings(command: Any) -> Any:
    """Give ``command`` the options for all settings that operators choose."""
    for name in reversed([name for name in described() if name not in NOT_OFFERED]):
        command = setting(name)(command)
    return command
