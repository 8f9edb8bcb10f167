"""Options that are made of settings."""

from __future__ import annotations

import click
import pytest
from click.testing import CliRunner

from officegraph.cli import main
from officegraph.cli.options import NOT_OFFERED, option_of
from officegraph.settings import Settings, described


@pytest.mark.parametrize("name", sorted(set(described()) - NOT_OFFERED))
def test_every_setting_is_an_option_of_serve_with_its_default(name: str) -> None:
    command = main.commands["serve"]
    option = next(param for param in command.params if isinstance(param, click.Option) and param.name == name)
    assert option.opts == [option_of(name)]
    assert option.help == described()[name][1].sentence
    given = command.make_context("serve", []).params[name]
    assert given == getattr(Settings(), name)


def test_the_values_of_options_are_those_of_settings() -> None:
    given = ["--allow-service", "https://a.example/", "--allow-service", "https://b.example/x", "--metrics", "on"]
    given += ["--access-log", "-", "--query-timeout", "3", "--query-queue", "0", "--merge", "--rate-limit", "5/minute"]
    params = main.commands["serve"].make_context("serve", given).params
    settings = Settings(**{name: params[name] for name in set(described()) - NOT_OFFERED})
    assert settings.allowed_services == ("https://a.example/", "https://b.example/x")
    assert (settings.query_timeout, settings.query_queue, settings.merge) == (3, 0, True)
    assert str(settings.access_log) == "-"


@pytest.mark.parametrize(
    "arguments",
    [
        ["--query-timeout", "0"],
        ["--query-memory", "1"],
        ["--metrics", "maybe"],
        ["--rate-limit", "often"],
        ["--allow-service", "https://a.example"],
        ["--trusted-proxies", "-1"],
    ],
)
def test_a_wrong_value_is_told_without_a_traceback(arguments: list[str]) -> None:
    result = CliRunner().invoke(main, ["serve", *arguments])
    assert result.exit_code in {1, 2}
    assert isinstance(result.exception, SystemExit)
    assert arguments[0].strip("-").replace("allow-service", "allowed_services").replace("-", "_") in (
        result.output.replace("-", "_")
    )
