"""The host that a request is for (RFC 9110, section 7.2; RFC 9112, section 3.2)."""

from __future__ import annotations

import re
from typing import Final

_HOST: Final = re.compile(
    # A registered name may have underscores: those of container networks do (RFC 3986, section 3.2.2).
    r"(?P<name>[A-Za-z0-9._-]+|\[[0-9A-Fa-f]*:[0-9A-Fa-f:.]+\])(?::(?P<port>[0-9]{0,5}))?",
    re.ASCII,
)
_DEFAULT_PORTS: Final = {"http": "80", "https": "443"}


def read_host(value: str, scheme: str) -> str | None:
    """Return host and port of a field ``Host``, for use in a URL with ``scheme``.

    Names with characters that no name of a host has are refused, although a URI could carry some of them.

    >>> read_host("my_app:8000", "http"), read_host("[::1]:443", "https"), read_host("<script>", "http")
    ('my_app:8000', '[::1]', None)

    Args:
        value: Value of the field.
        scheme: ``http`` or ``https``; its own port is left out.

    Returns:
        Host and port, or ``None`` if the value is none.
    """
    found = _HOST.fullmatch(value)
    if found is None:
        return None
    name, port = found["name"], found["port"]
    if not port or port == _DEFAULT_PORTS.get(scheme):
        return name
    return f"{name}:{port}" if 0 < int(port) < 65_536 else None
