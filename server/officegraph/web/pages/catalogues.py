"""The catalogues of the interface: which languages it speaks, and their words.

The catalogues are read as their translators write them, once in each process and only when a reader asks for them:
nothing is compiled when the package is built, and an edited catalogue is in force at the next start.
"""

from __future__ import annotations

from functools import lru_cache
from gettext import GNUTranslations, NullTranslations
from importlib.resources import files
from io import BytesIO
from types import MappingProxyType
from typing import Final

from officegraph.web.pages.wording import SOURCE_LANGUAGE

DOMAIN: Final = "officegraph"
"""Name of the catalogues, as gettext has it."""

LANGUAGES: Final = MappingProxyType({SOURCE_LANGUAGE: "English", "de": "Deutsch", "fr": "Français", "es": "Español"})
"""The languages of the interface, each with its own name for itself."""


@lru_cache(maxsize=len(LANGUAGES))
def catalogue(language: str) -> NullTranslations:
    """Return the words of the interface in ``language``, one of :data:`LANGUAGES`.

    Raises:
        FileNotFoundError: There is no such catalogue.
    """
    if language == SOURCE_LANGUAGE:
        return NullTranslations()
    from babel.messages.mofile import write_mo  # noqa: PLC0415 - needed by no server whose readers all read English
    from babel.messages.pofile import read_po  # noqa: PLC0415

    path = files("officegraph.web").joinpath("locales", language, "LC_MESSAGES", f"{DOMAIN}.po")
    compiled = BytesIO()
    with path.open("rb") as file:
        write_mo(compiled, read_po(file, locale=language, domain=DOMAIN, abort_invalid=True))
    compiled.seek(0)
    return GNUTranslations(compiled)
