"""Citations: what reference managers read is what was meant, whatever a name holds."""

import json
from dataclasses import replace

import bibtexparser
import pytest
import rispy
from hypothesis import given
from hypothesis import strategies as st

from officegraph.web.pages.citation import FORMATS, Citation, as_bibtex, as_csl, as_ris, as_text, citation, key_of, line
from officegraph.web.pages.site import Site

PLAIN = Citation(
    iri="https://example.org/v/settling",
    uri="https://example.org/v/settling",
    title="settling",
    container="Words & deeds",
    authors=["A. & B. Editor", "Office of Words, The"],
    version="1.2.0",
    issued="2026-05-01",
    license=None,
)
NAMES = st.text(min_size=1, max_size=40).map(line).filter(bool)


def bibtex_of(cited):
    library = bibtexparser.parse_string(as_bibtex(cited))
    assert not library.failed_blocks
    return library.entries[0]


def test_text_says_who_when_what_and_where():
    assert as_text(PLAIN) == (
        "A. & B. Editor; Office of Words, The (2026): “settling”. Words & deeds, version 1.2.0. "
        "https://example.org/v/settling"
    )


def test_text_leaves_out_what_is_not_known():
    bare = replace(PLAIN, authors=[], version="", issued="")
    assert as_text(bare) == "“settling”. Words & deeds. https://example.org/v/settling"


def test_bibtex_is_read_back():
    entry = bibtex_of(PLAIN)
    fields = {field.key: field.value for field in entry.fields}
    assert entry.entry_type == "misc"
    assert entry.key == "words-deeds-settling-2026"
    assert fields["year"] == "2026"
    assert fields["url"] == "https://example.org/v/settling"
    assert fields["howpublished"] == r"Words \& deeds, version 1.2.0"
    assert fields["author"] == r"{A. \& B. Editor} and {Office of Words, The}"


@given(NAMES)
def test_no_title_breaks_bibtex(title):
    fields = {field.key: field.value for field in bibtex_of(replace(PLAIN, title=title)).fields}
    assert fields["year"] == "2026"
    assert fields["url"] == "https://example.org/v/settling"


def test_what_tex_takes_for_commands_is_escaped():
    written = as_bibtex(replace(PLAIN, title=r"100% {of} \input $x_1$ ~ ^ #"))
    assert r"100\% \{of\} \textbackslash{}input \$x\_1\$ \textasciitilde{} \textasciicircum{} \#" in written


def test_ris_is_read_back():
    entry = rispy.loads(as_ris(PLAIN))[0]
    assert entry["title"] == "settling"
    assert entry["authors"] == PLAIN.authors
    assert entry["year"] == "2026"
    assert entry["date"] == "2026/05/01"
    assert entry["urls"] == ["https://example.org/v/settling"]


@given(NAMES)
def test_no_title_breaks_ris(title):
    entries = rispy.loads(as_ris(replace(PLAIN, title=title)))
    assert [entry["urls"] for entry in entries] == [["https://example.org/v/settling"]]


@given(NAMES)
def test_csl_says_the_same(title):
    (item,) = json.loads(as_csl(replace(PLAIN, title=title)))
    assert item["title"] == title
    assert item["issued"] == {"date-parts": [[2026, 5, 1]]}
    assert item["author"][1] == {"literal": "Office of Words, The"}


def test_the_dataset_is_cited_as_a_whole():
    site = Site(
        name="deeds",
        base="https://example.org/v/",
        path_of=lambda _iri: None,
        document_path=lambda iri, _ending: iri,
        dataset="https://example.org/v/dataset",
        title="Words & deeds",
    )
    assert citation(site, site.dataset, "deeds").text == "Words & deeds. https://example.org/v/dataset"
    assert [name for name, _ in citation(site, site.dataset, "deeds").links] == [f.name for f in FORMATS.values()]


@pytest.mark.parametrize("title", ["決済", "", "«»", "a" * 200])
def test_keys_are_ascii_and_not_empty(title):
    key = key_of(replace(PLAIN, title=title, container=""))
    assert key.isascii()
    assert key
    assert len(key) < 80
