"""Who reads the answer to the current request: the languages of the interface and of the content.

Both are chosen from the same wish, the parameter ``lang`` or else ``Accept-Language``, but each among what there is of
its own (RFC 4647, section 3.4): a reader of Polish gets Polish labels in an interface that has no Polish. The parameter
wins, so that a page in one language has a URL of its own; links on such a page keep it, and no other state does.
"""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

from flask import g, request

from officegraph.http.language import negotiate_language
from officegraph.http.problem import ProblemError
from officegraph.http.sparql_protocol import parameter_values
from officegraph.web.pages.catalogues import LANGUAGES, catalogue
from officegraph.web.pages.wording import SOURCE_LANGUAGE, speaking
from officegraph.web.publication import publication

if TYPE_CHECKING:
    from collections.abc import Sequence

    from flask import Flask

PARAMETER: Final = "lang"
"""Parameter of the query of a URL that asks for a language, with a value as ``Accept-Language`` has it."""

_IN_QUERY: Final = "%/?:@!$&'()*+,;=~"
"""What may stand in the query of a URL as it is, beside letters and digits (RFC 3986, section 3.4)."""


@dataclass(frozen=True, slots=True)
class Reader:
    """The reader of a page.

    Attributes:
        interface: Language of the interface.
        content: Language of the content.
        lang: Value of the parameter ``lang``; empty where the request has none.
        query: What else the query of the request holds.
        vary: Request fields that decided the languages.
    """

    interface: str
    content: str
    lang: str
    query: str
    vary: tuple[str, ...]


def reader() -> Reader:
    """Return the reader of the answer to the current request.

    Raises:
        ProblemError: 400, where the parameter ``lang`` is not UTF-8.
    """
    found: Reader | None = g.get("officegraph_reader")
    if found is None:
        raw: bytes = request.query_string
        lang = next(iter(parameter_values(raw, PARAMETER)), "") if b"lang" in raw else ""
        found = g.officegraph_reader = _reader(lang)
    return found


def reader_of_problem() -> Reader:
    """Return the reader, also where what they ask for cannot be read."""
    try:
        return reader()
    except ProblemError:
        return _reader("")


def _reader(lang: str) -> Reader:
    manifest = publication().release.manifest
    wish = lang or request.headers.get("Accept-Language")
    content = [manifest.language_tags.get(tag, tag) for tag in manifest.statistics.languages]
    return Reader(
        interface=interface_language(wish, manifest.language),
        content=negotiate_language(wish, content, manifest.language),
        lang=lang,
        query=_without_language(request.query_string),
        vary=() if lang else ("Accept-Language",),
    )


def interface_language(wish: str | None, published: str, available: Sequence[str] = tuple(LANGUAGES)) -> str:
    """Return the language of the interface.

    Args:
        wish: What the reader asks for, as in ``Accept-Language``, or ``None``.
        published: Language of the vocabulary, which a reader without a wish gets if the interface speaks it.
        available: The languages that it speaks.

    >>> interface_language("pl, de;q=0.5", "en"), interface_language(None, "fr-CA"), interface_language("pl", "pl")
    ('de', 'fr', 'en')
    """
    return negotiate_language(wish, available, negotiate_language(published, available, SOURCE_LANGUAGE))


def _without_language(query: bytes) -> str:
    """Return the query of a URL without the parameter ``lang``, so that it can stand in a URL again."""
    parts = [part for part in query.split(b"&") if part and not part.startswith(b"lang=") and part != b"lang"]
    return quote(b"&".join(parts), safe=_IN_QUERY)


def install(app: Flask) -> None:
    """Have the interface of ``app`` speak the language of the reader of each answer."""

    @app.before_request
    def begin() -> None:
        g.officegraph_speech = stack = ExitStack()
        stack.enter_context(speaking(catalogue(reader_of_problem().interface)))

    @app.teardown_request
    def end(_error: BaseException | None) -> None:
        stack: ExitStack | None = g.pop("officegraph_speech", None)
        if stack is not None:
            stack.close()
