"""Links, names of downloads, digests."""

import hashlib

import pytest
from werkzeug.http import parse_options_header

from officegraph.http.digest import repr_digest
from officegraph.http.disposition import attachment
from officegraph.http.links import link, link_header


@pytest.mark.parametrize(
    ("target", "rel", "parameters", "expected"),
    [
        ("/a", "canonical", {}, '</a>; rel="canonical"'),
        (
            "/a.ttl",
            "alternate",
            {"type": "text/turtle"},
            '</a.ttl>; rel="alternate"; type="text/turtle"',
        ),
        ("/a", "alternate", {"hreflang": "de"}, '</a>; rel="alternate"; hreflang="de"'),
        ("/a", "license describedby", {}, '</a>; rel="license describedby"'),
        ("/a", "http://e.example/ü", {}, '</a>; rel="http://e.example/%C3%BC"'),
        ("http://e.example/büro", "up", {}, '<http://e.example/b%C3%BCro>; rel="up"'),
        ("/a>;rel=x", "up", {}, '</a%3E;rel=x>; rel="up"'),
        ("/a%20b c", "up", {}, '</a%20b%20c>; rel="up"'),
        ("/a", "up", {"title": 'the "back" \\ office'}, '</a>; rel="up"; title="the \\"back\\" \\\\ office"'),
        ("/a", "up", {"title": "€ rates"}, "</a>; rel=\"up\"; title*=UTF-8''%E2%82%AC%20rates"),
        ("/a", "up", {"anchor": "#ü"}, '</a>; rel="up"; anchor="#%C3%BC"'),
    ],
)
def test_a_link_is_written_as_the_specification_says(target, rel, parameters, expected):
    assert link(target, rel, **parameters) == expected


@pytest.mark.parametrize("parameters", [{"title": "a\r\nSet-Cookie: b"}, {"title": "a\x00"}, {"a b": "c"}, {"": "c"}])
def test_a_link_cannot_smuggle_fields(parameters):
    with pytest.raises(ValueError, match="cannot be a parameter"):
        link("/a", "up", **parameters)


def test_line_breaks_in_targets_are_escaped():
    assert link("/a\r\nb", "up") == '</a%0D%0Ab>; rel="up"'


def test_links_share_one_field():
    assert link_header([link("/a", "up"), link("/b", "next")]) == '</a>; rel="up", </b>; rel="next"'
    assert link_header([]) == ""


@pytest.mark.parametrize(
    "name", ["officegraph-1.0.ttl.gz", "büro.ttl", "日本.nt", 'a"b.ttl', "100%.ttl", "a;b, c'd.ttl"]
)
def test_a_client_saves_the_download_under_its_name(name):
    kind, options = parse_options_header(attachment(name))
    assert kind == "attachment"
    assert options["filename"] == name
    assert attachment(name).isascii()


def test_a_name_cannot_leave_its_folder_or_its_field():
    assert attachment("../a\\b\r\nc") == 'attachment; filename=".._a_b__c"'


def test_a_digest_is_a_byte_sequence():
    # RFC 9530, appendix B.1
    content = b'{"hello": "world"}\n'
    assert repr_digest(hashlib.sha256(content).digest()) == "sha-256=:RK/0qy18MlBSVnWgjwz6lZEWjP/lF5HF9bvEF8FabDg=:"
    with pytest.raises(ValueError, match="32 bytes"):
        repr_digest(b"abc")
