"""Who asks: the addresses of clients, and what proxies say of them."""

from __future__ import annotations

import ipaddress
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from wsgiref.types import WSGIEnvironment

_FORWARDED: Final = ("HTTP_FORWARDED", "HTTP_X_FORWARDED_FOR", "HTTP_X_FORWARDED_HOST", "HTTP_X_REAL_IP", "HTTP_VIA")


def client_address(environ: WSGIEnvironment, proxies: int) -> str:
    """Return the address of the client, which each of the trusted ``proxies`` has passed on.

    Each proxy appends the address that it was asked from, so the last but ``proxies - 1`` was written by the first
    of them that is trusted; what stands before it is the client's own word.
    """
    peer = str(environ.get("REMOTE_ADDR", ""))
    if not proxies:
        return peer
    passed = [each.strip() for each in str(environ.get("HTTP_X_FORWARDED_FOR", "")).split(",") if each.strip()]
    return [*passed, peer][-proxies - 1] if len(passed) >= proxies else [*passed, peer][0]


def is_loopback(address: str) -> bool:
    """Return whether ``address`` is one of this machine; what is no address is not."""
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False


def network_of(address: str) -> str:
    """Return what stands for the client at ``address``: of IPv6 the /64 that one client has to itself (RFC 6177)."""
    try:
        parsed = ipaddress.ip_address(address.strip("[]"))
    except ValueError:
        return address
    if isinstance(parsed, ipaddress.IPv6Address):
        if parsed.ipv4_mapped is not None:
            return str(parsed.ipv4_mapped)
        return str(ipaddress.ip_network((parsed, 64), strict=False))
    return str(parsed)


def is_forwarded(environ: WSGIEnvironment) -> bool:
    """Return whether the request says that a proxy has passed it on (RFC 7239, section 4; RFC 9110, section 7.6.3)."""
    return any(name in environ for name in _FORWARDED)
