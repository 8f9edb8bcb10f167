"""The catalogues say all that the interface says. ``python tests/catalogues.py`` brings them up to date."""

import ast
import re

import pytest

from catalogues import LOCALES, ROOT, TEMPLATE, extracted, read, written
from officegraph.web.pages.catalogues import LANGUAGES, catalogue
from officegraph.web.pages.wording import SOURCE_LANGUAGE

TRANSLATED = sorted(LANGUAGES.keys() - {SOURCE_LANGUAGE})
PLACEHOLDER = re.compile(r"%(?:\(\w+\))?.?")
MARKUP = re.compile(r"<[^>]*>")


def forms(value):
    return (value,) if isinstance(value, str) else tuple(value)


def messages(language):
    return [message for message in read(language) if message.id]


def test_there_is_a_catalogue_for_each_language_and_no_other():
    assert sorted(path.parts[-3] for path in LOCALES.glob("*/LC_MESSAGES/*.po")) == TRANSLATED


def test_the_template_is_that_of_the_sources():
    assert TEMPLATE.read_text("utf-8") == written(extracted())


@pytest.mark.parametrize("language", TRANSLATED)
def test_every_message_is_translated_and_none_is_left_over(language):
    assert {message.id for message in messages(language)} == {message.id for message in extracted() if message.id}
    for message in messages(language):
        assert not message.fuzzy, message.id
        assert all(form.strip() for form in forms(message.string)), message.id


@pytest.mark.parametrize("language", TRANSLATED)
def test_translations_have_the_placeholders_and_the_markup_of_the_message(language):
    for message in messages(language):
        for form in forms(message.string):
            for pattern in (PLACEHOLDER, MARKUP):
                assert sorted(pattern.findall(form)) == sorted(pattern.findall(forms(message.id)[0])), message.id
            assert form.startswith((" ", ",")) == forms(message.id)[0].startswith((" ", ",")), message.id
            assert form.endswith((".", ":")) == forms(message.id)[0].endswith((".", ":")), message.id


def test_french_has_no_break_before_its_high_marks():
    for message in messages("fr"):
        for form in forms(message.string):
            assert not re.search(r"[ \w][:;?!»](?:\s|$)|«[ \w]", form), form


@pytest.mark.parametrize("language", sorted(LANGUAGES))
def test_a_catalogue_knows_its_language(language):
    assert catalogue(language).info().get("language", SOURCE_LANGUAGE) == language


@pytest.mark.parametrize(
    ("language", "number", "words"),
    [
        ("de", 0, "%(number)s Quellen"),
        ("de", 1, "%(number)s Quelle"),
        ("fr", 0, "%(number)s alignement"),
        ("fr", 2, "%(number)s alignements"),
        ("es", 1, "%(number)s fuente"),
        ("es", 1_000_000, "%(number)s fuentes"),
    ],
)
def test_plurals_follow_the_language(language, number, words):
    message = "mapping" if language == "fr" else "source"
    assert catalogue(language).ngettext(f"%(number)s {message}", f"%(number)s {message}s", number) == words


def said_when_loaded(node):
    """Yield the calls that would choose words before there is a reader."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            continue
        if isinstance(child, ast.Call) and getattr(child.func, "id", "") in {"_", "gettext", "ngettext", "counted"}:
            yield child.lineno
        yield from said_when_loaded(child)


def test_no_words_are_chosen_while_a_module_is_loaded():
    """What stands in constants is marked with ``gettext_noop`` there and translated where it is shown."""
    found = {
        f"{path.relative_to(ROOT)}:{line}"
        for path in (ROOT / "server").rglob("*.py")
        for line in said_when_loaded(ast.parse(path.read_text("utf-8")))
    }
    assert not found
