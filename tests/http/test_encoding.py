"""Negotiation of content codings."""

import pytest

from officegraph.http.encoding import negotiate_encoding


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        (None, "identity"),
        ("", "identity"),
        (" ", "identity"),
        ("gzip", "gzip"),
        ("GZip", "gzip"),
        ("x-gzip", "gzip"),
        ("gzip, deflate, br, zstd", "br"),  # Chrome
        ("gzip, deflate, br", "br"),
        ("gzip, deflate", "gzip"),  # requests
        ("deflate", "identity"),
        ("identity", "identity"),
        ("*", "br"),
        ("*;q=0", "identity"),
        ("br;q=0, *", "zstd"),
        ("br;q=0, gzip", "gzip"),
        ("gzip;q=0", "identity"),
        ("gzip;q=0.5, br;q=0.4", "gzip"),
        ("gzip;q=1.0, br;q=1.0", "br"),
        ("gzip;q=0.5", "gzip"),
        ("gzip;q=0.5, identity", "identity"),
        ("gzip;q=0.5, identity;q=0.5", "gzip"),
        ("gzip, identity;q=0", "gzip"),
        ("identity;q=0", "identity"),  # nothing is left: the field is disregarded
        ("identity;q=0, *", "br"),
        ("identity;q=0.5, *;q=0", "identity"),
        ("gzip;q=0.001", "gzip"),
        ("gzip;q=2, br;q=0.1", "br"),
        ("xz,gzip,deflate", "gzip"),  # OWL API
        ("*;q=0.5, gzip;q=0.9", "gzip"),
        (", ,gzip", "gzip"),
        ("gzip" + ", nonsense" * 100, "gzip"),
    ],
)
def test_a_field_gets_the_coding_it_asks_for(header, expected):
    assert negotiate_encoding(header, ("br", "zstd", "gzip")) == expected


def test_identity_may_be_named_among_the_codings_there_are():
    assert negotiate_encoding("gzip", ("identity", "gzip")) == "gzip"
    assert negotiate_encoding("*", ("identity",)) == "identity"
    assert negotiate_encoding("gzip", ()) == "identity"
