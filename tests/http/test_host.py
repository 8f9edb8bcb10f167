"""What a request may say about its host."""

import pytest

from officegraph.http.host import read_host


@pytest.mark.parametrize(
    ("value", "scheme", "host"),
    [
        ("example.org", "http", "example.org"),
        ("localhost:8000", "http", "localhost:8000"),
        ("my_app:8000", "http", "my_app:8000"),
        ("example.org:80", "http", "example.org"),
        ("example.org:80", "https", "example.org:80"),
        ("example.org:443", "https", "example.org"),
        ("example.org:", "http", "example.org"),
        ("[2001:db8::1]:8000", "http", "[2001:db8::1]:8000"),
        ("[::ffff:192.0.2.1]", "http", "[::ffff:192.0.2.1]"),
        ("", "http", None),
        (":80", "http", None),
        ("a b", "http", None),
        ("a/b", "http", None),
        ("a,b", "http", None),
        ("@", "http", None),
        ("user@example.org", "http", None),
        ("<script>", "http", None),
        ("b\u00fccher.example", "http", None),
        ("example.org:\u0661", "http", None),
        ("example.org:0", "http", None),
        ("example.org:65536", "http", None),
        ("example.org:http", "http", None),
        ("[::1", "http", None),
        ("example.org\n", "http", None),
    ],
)
def test_host_and_port_are_read(value: str, scheme: str, host: str | None) -> None:
    assert read_host(value, scheme) == host
