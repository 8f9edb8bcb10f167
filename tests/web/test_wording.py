from gettext import NullTranslations

import pytest

from officegraph.web.pages.catalogues import catalogue
from officegraph.web.pages.environment import environment
from officegraph.web.pages.wording import counted, gettext, language, language_name, ngettext, number, speaking


class Shouted(NullTranslations):
    def gettext(self, message: str) -> str:
        return message.upper()

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return (msgid1 if n == 1 else msgid2).upper()


def test_words_come_from_the_catalogue_of_the_reader_and_only_within_a_page() -> None:
    with speaking(Shouted()):
        assert (gettext("Copy"), ngettext("source", "sources", 2)) == ("COPY", "SOURCES")
    assert (gettext("Copy"), ngettext("source", "sources", 2)) == ("Copy", "sources")


def test_what_is_put_into_a_message_is_escaped() -> None:
    template = environment().from_string("{{ _('About %(name)s', name=name) }}{% trans %}, {{ name }}{% endtrans %}")
    assert template.render(name="<b>") == "About &lt;b&gt;, &lt;b&gt;"


@pytest.mark.parametrize(
    ("tag", "million", "polish", "sources"),
    [
        ("en", "1,000,000", "Polish", "1,234 sources"),
        ("de", "1.000.000", "Polnisch", "1.234 Quellen"),
        ("fr", "1\u202f000\u202f000", "polonais", "1\u202f234 sources"),
        ("es", "1.000.000", "polaco", "1.234 fuentes"),
    ],
)
def test_numbers_and_languages_are_those_of_the_reader(tag: str, million: str, polish: str, sources: str) -> None:
    with speaking(catalogue(tag)):
        assert language() == tag
        assert number(1_000_000) == million
        assert (language_name("pl"), language_name("pl-PL"), language_name("x-unheard-of")) == (polish, polish, None)
        assert counted("%(number)s source", "%(number)s sources", 1234) == sources


def test_the_empty_message_is_not_the_head_of_the_catalogue() -> None:
    with speaking(catalogue("de")):
        assert gettext("") == ""
