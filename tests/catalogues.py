"""Bring the catalogues of the interface up to date with its templates and modules: ``python tests/catalogues.py``.

New messages are added to each catalogue without a translation, which ``tests/web/test_catalogues.py`` then asks for;
messages that nothing says any longer are dropped. No message is guessed from a similar one.
"""

import io
import tomllib
from functools import lru_cache
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).parents[1]
LOCALES = ROOT / "server" / "officegraph" / "web" / "locales"
TEMPLATE = LOCALES / "officegraph.pot"

KEYWORDS = {**DEFAULT_KEYWORDS, "gettext_noop": None, "counted": (1, 2)}
"""The functions that are given messages, and which of their arguments are."""

PLURALS = {
    "de": "nplurals=2; plural=(n != 1);",
    "es": "nplurals=2; plural=(n != 1);",
    "fr": "nplurals=2; plural=(n > 1);",
}
"""The plural forms of each language. Those of whole millions in French and Spanish go with words, not with digits."""

HEAD = r"""msgid ""
msgstr ""
"Language: {language}\n"
"MIME-Version: 1.0\n"
"Content-Type: text/plain; charset=utf-8\n"
"Content-Transfer-Encoding: 8bit\n"
"Plural-Forms: {plural}\n"

"""


@lru_cache(maxsize=1)
def extracted() -> Catalog:
    """Return the messages of the templates and modules."""
    mappings = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["babel"]["mappings"]
    methods = [(mapping.pop("pattern"), mapping.pop("method")) for mapping in mappings]
    options = {
        pattern: {k: str(v) for k, v in rest.items()} for (pattern, _), rest in zip(methods, mappings, strict=True)
    }
    catalogue = Catalog(charset="utf-8")
    found = extract_from_dir(ROOT, methods, options, KEYWORDS, comment_tags=("Translators:",), strip_comment_tags=True)
    for file, line, message, comments, context in found:
        catalogue.add(message, None, [(file, line)], auto_comments=comments, context=context)
    return catalogue


def written(catalogue: Catalog, start: str = "") -> str:
    """Return ``catalogue`` as it is kept: without dates and line numbers, which would change without need."""
    text = io.BytesIO()
    write_po(
        text, catalogue, width=120, omit_header=True, sort_by_file=True, ignore_obsolete=True, include_lineno=False
    )
    return start + text.getvalue().decode()


def head(language: str) -> str:
    """Return the head of the catalogue of a language."""
    return HEAD.format(language=language, plural=PLURALS[language])


def read(language: str) -> Catalog:
    """Return the catalogue of a language as it is."""
    with (LOCALES / language / "LC_MESSAGES" / "officegraph.po").open("rb") as file:
        return read_po(file, locale=language, abort_invalid=True)


def update() -> None:
    """Write the template of the catalogues, and bring the catalogues up to date with it."""
    template = extracted()
    TEMPLATE.write_text(written(template), "utf-8")
    for path in sorted(LOCALES.glob("*/LC_MESSAGES/officegraph.po")):
        language = path.parts[-3]
        catalogue = read(language)
        catalogue.update(template, no_fuzzy_matching=True)
        path.write_text(written(catalogue, head(language)), "utf-8")


if __name__ == "__main__":
    update()
