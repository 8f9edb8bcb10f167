from gettext import NullTranslations

from officegraph.web.pages.environment import environment
from officegraph.web.pages.wording import gettext, ngettext, speaking


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
