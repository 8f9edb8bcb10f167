"""IRIs and addresses."""

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from officegraph.http.iris import (
    by_extension,
    candidate_iris,
    decodings,
    document_path,
    fully_decoded,
    iri_to_uri,
    path_of,
    raw_target,
    split_document,
    split_target,
)
from officegraph.model.formats import HTML, RDF_FORMATS, TURTLE

BASE = "http://example.org/thesaurus/"
COMPOSED, DECOMPOSED = "caf\u00e9", "cafe\u0301"
FORMATS = by_extension((HTML, *RDF_FORMATS))


@pytest.mark.parametrize(
    ("iri", "uri"),
    [
        ("http://e.example/a", "http://e.example/a"),
        ("http://e.example/a?b=c&d#e", "http://e.example/a?b=c&d#e"),
        ("http://e.example/büro", "http://e.example/b%C3%BCro"),
        ("http://e.example/%C3%BC%20", "http://e.example/%C3%BC%20"),
        ('http://e.example/a b<>"{}|\\^`', "http://e.example/a%20b%3C%3E%22%7B%7D%7C%5C%5E%60"),
        ("http://[::1]/~a", "http://[::1]/~a"),
        ("http://e.example/\U0001f3e2", "http://e.example/%F0%9F%8F%A2"),
        ("/relativ/ü", "/relativ/%C3%BC"),
    ],
)
def test_an_iri_has_one_uri(iri, uri):
    assert iri_to_uri(iri) == uri
    assert iri_to_uri(uri) == uri


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/a", ("/a",)),
        ("/a+b", ("/a+b",)),
        ("/a%2Fb", ("/a%2Fb",)),
        ("/a%2fb", ("/a%2fb",)),
        ("/a%23b", ("/a%23b",)),
        ("/a%3Fb", ("/a%3Fb",)),
        ("/a%2Bb", ("/a%2Bb",)),
        ("/ark%3A/1", ("/ark%3A/1",)),
        ("/a%2520b", ("/a%2520b",)),
        ("/100%", ("/100%",)),
        ("/a%zzb", ("/a%zzb",)),
        ("/%41%7E", ("/%41%7E", "/A~")),
        ("/a%20b", ("/a%20b", "/a b")),
        ("/a%5B1%5D", ("/a%5B1%5D", "/a[1]")),
        ("/caf%C3%A9", ("/caf%C3%A9", f"/{COMPOSED}")),
        ("/caf%c3%a9", ("/caf%c3%a9", f"/{COMPOSED}")),
        ("/cafe%CC%81", ("/cafe%CC%81", f"/{DECOMPOSED}")),
        ("/caf%C3%A9%20%2F", ("/caf%C3%A9%20%2F", f"/{COMPOSED}%20%2F", f"/{COMPOSED} %2F")),
        ("/%C3%A9%41", ("/%C3%A9%41", "/\u00e9%41", "/\u00e9A")),
        ("/%FF", ("/%FF",)),
        ("/a%20%FF", ("/a%20%FF",)),
        ("/%C3%2F%A9", ("/%C3%2F%A9",)),
        ("/%ED%A0%80", ("/%ED%A0%80",)),  # a lone surrogate is no UTF-8
        ("/%C0%AF", ("/%C0%AF",)),  # nor is an overlong slash
        ("/a//b", ("/a//b",)),
    ],
)
def test_escapes_are_taken_away_once_and_delimiters_stay_escaped(path, expected):
    assert decodings(path) == expected


def test_both_forms_of_an_accented_letter_stay_apart():
    composed, decomposed = candidate_iris("/caf%C3%A9", BASE), candidate_iris("/cafe%CC%81", BASE)
    assert not set(composed) & set(decomposed)
    assert BASE + COMPOSED in composed
    assert BASE + DECOMPOSED in decomposed


def test_the_root_is_the_base():
    assert candidate_iris("/", BASE) == (BASE,)
    assert candidate_iris("", BASE) == (BASE,)
    assert candidate_iris("//a", BASE) == (f"{BASE}/a",)
    assert candidate_iris("/a?id=1", BASE) == (f"{BASE}a?id=1",)


@pytest.mark.parametrize(
    ("environ", "expected"),
    [
        ({"REQUEST_URI": "/a%2Fb?q=%20", "PATH_INFO": "/a/b"}, "/a%2Fb?q=%20"),
        ({"RAW_URI": "/a%2Fb", "PATH_INFO": "/a/b"}, "/a%2Fb"),
        ({"REQUEST_URI": "http://host.example/a%20b?q"}, "/a%20b?q"),
        ({"REQUEST_URI": "http://host.example"}, "/"),
        ({"REQUEST_URI": "http://host.example?q=/"}, "/?q=/"),
        ({"REQUEST_URI": "/a?u=http://e.example//b"}, "/a?u=http://e.example//b"),
        ({"REQUEST_URI": "//a//b"}, "//a//b"),
        ({"REQUEST_URI": "*"}, "*"),
        ({"REQUEST_URI": "/caf\xc3\xa9"}, "/caf%C3%A9"),  # raw bytes, as PEP 3333 hands them over
        ({"PATH_INFO": "/caf\xc3\xa9", "QUERY_STRING": "q=%20+"}, "/caf%C3%A9?q=%20+"),
        ({"PATH_INFO": "/a b#c?d%e[f]"}, "/a%20b%23c%3Fd%25e%5Bf%5D"),
        ({"PATH_INFO": "/a:b@c+d&e=f;g,h~i"}, "/a:b@c+d&e=f;g,h~i"),
        ({"PATH_INFO": "/x//y", "SCRIPT_NAME": "/mount"}, "/mount/x//y"),
        ({"PATH_INFO": "/\xff"}, "/%FF"),
        ({"PATH_INFO": "/a", "QUERY_STRING": "q=\xc3\xa9"}, "/a?q=%C3%A9"),
        ({"PATH_INFO": ""}, "/"),
        ({}, "/"),
    ],
)
def test_the_target_is_the_one_on_the_wire_as_far_as_it_is_known(environ, expected):
    assert raw_target(environ) == expected


@pytest.mark.parametrize(
    ("target", "script_name", "expected"),
    [
        ("/a?b?c", "", ("/a", "b?c")),
        ("/a?", "", ("/a", "")),
        ("/a", "", ("/a", None)),
        ("/mount/a", "/mount", ("/a", None)),
        ("/mount", "/mount", ("/", None)),
        ("/mounted/a", "/mount", ("/mounted/a", None)),
        ("/m%20t/a", "/m t", ("/a", None)),
    ],
)
def test_a_target_is_split_and_the_mount_taken_off(target, script_name, expected):
    assert split_target(target, script_name) == expected


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/concept/a", [("/concept/a", None)]),
        ("/concept/a.ttl", [("/concept/a.ttl", None), ("/concept/a", "ttl")]),
        ("/concept/a.ttl.html", [("/concept/a.ttl.html", None), ("/concept/a.ttl", "html")]),
        ("/section-1.5", [("/section-1.5", None)]),
        ("/section-1.5.nt", [("/section-1.5.nt", None), ("/section-1.5", "nt")]),
        ("/a.TTL", [("/a.TTL", None)]),
        ("/a.", [("/a.", None)]),
        ("/a.ttl/b", [("/a.ttl/b", None)]),
        ("/.ttl", [("/.ttl", None), ("/", "ttl")]),
    ],
)
def test_a_resource_comes_before_a_document(path, expected):
    found = [(stem, item and item.extension) for stem, item in split_document(path, FORMATS)]
    assert found == expected


@pytest.mark.parametrize(
    ("iri", "expected"),
    [
        (f"{BASE}a", "/a"),
        (BASE, "/"),
        (f"{BASE}a%20b", "/a%20b"),
        (f"{BASE}a b", "/a%20b"),
        (f"{BASE}{COMPOSED}", "/caf%C3%A9"),
        (f"{BASE}ark:/1/a+b", "/ark:/1/a+b"),
        (f"{BASE}a[1]", "/a%5B1%5D"),
        (f"{BASE}scheme#ü", "/scheme#%C3%BC"),
        (f"{BASE}a.b", "/a.b"),
        (f"{BASE}...", "/..."),
        ("http://elsewhere.example/a&b#c", "/resource?uri=http%3A%2F%2Felsewhere.example%2Fa%26b%23c"),
        ("urn:isbn:1", "/resource?uri=urn%3Aisbn%3A1"),
    ],
)
def test_an_iri_has_an_address(iri, expected):
    assert path_of(iri, BASE) == expected


@pytest.mark.parametrize("rest", ["a?b", "a//b", "/a", "//e.example/a", "./a", "a/../b", "a/..", "a/%2e%2E/b", "a\\b"])
def test_an_iri_that_clients_would_change_is_asked_for_by_parameter(rest):
    assert path_of(BASE + rest, BASE).startswith("/resource?uri=http%3A%2F%2Fexample.org")


def test_a_document_is_beside_its_resource():
    assert document_path(f"{BASE}a", BASE, TURTLE) == "/a.ttl"
    assert document_path(f"{BASE}a#b", BASE, TURTLE) == "/a.ttl"
    assert document_path("urn:a", BASE, TURTLE) == "/resource?uri=urn%3Aa&format=ttl"


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="#%"), max_size=12))
@example("a b")
@example(COMPOSED)
@example(DECOMPOSED)
def test_whoever_follows_an_address_finds_the_iri(rest):
    path = path_of(BASE + rest, BASE)
    assert path.isascii()
    assume(not path.startswith("/resource?"))
    assert BASE + rest in candidate_iris(path, BASE)


@pytest.mark.parametrize(
    "rest",
    ["a%20b", "%C3%A9", "a%2Fb", "a%23b", "%41", "ark%3A/1", "a%20é", "é%2F", "é%41", "%2520", "é%2520"],
)
def test_an_iri_with_escapes_is_found_again(rest):
    assert BASE + rest in candidate_iris(path_of(BASE + rest, BASE), BASE)


def test_a_decoded_path_is_comparable():
    assert fully_decoded("/a%20b%2Fc%25") == "/a b/c%"
    assert fully_decoded("/caf%C3%A9") == f"/{COMPOSED}"
    assert fully_decoded("/%FF") == "/\ufffd"
