"""The table of settings in README.md is what the settings say of themselves."""

from __future__ import annotations

import re
from pathlib import Path

from officegraph.cli.options import NOT_OFFERED, option_of
from officegraph.settings import Settings, described

README = Path(__file__).resolve().parents[1] / "README.md"


def value(default: object) -> str:
    match default:
        case None | () | False:
            return ""
        case int() if default and default % 1024**2 == 0:
            return f"{default} ({default // 1024**2} MiB)"
    return str(default)


def table() -> str:
    """Return the table; what README.md has between its marks has to be this."""
    lines = ["| setting | option of `serve` | default | what it is |", "|---|---|---|---|"]
    for name, (_, about) in described().items():
        if not name.startswith("engine_"):
            option = "" if name in NOT_OFFERED else f"`{option_of(name)}`"
            lines.append(f"| `{name}` | {option} | {value(getattr(Settings(), name))} | {about.sentence} |")
    return "\n".join(lines)


def test_the_table_of_settings_is_up_to_date() -> None:
    (written,) = re.findall(r"<!-- settings -->\n(.*?)\n<!-- /settings -->", README.read_text("utf-8"), re.DOTALL)
    assert written == table()
