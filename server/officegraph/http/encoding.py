"""Which content coding a client wants: ``Accept-Encoding`` (RFC 9110, section 12.5.3)."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Final

from officegraph.http.fields import weighted

IDENTITY: Final = "identity"
"""The absence of a content coding."""

_LONGEST_CACHED: Final = 256
_SAME: Final = {"x-gzip": "gzip", "x-compress": "compress"}


def negotiate_encoding(header: str | None, available: Sequence[str]) -> str:
    """Return the content coding to send a representation in.

    The highest weight wins; the server's order settles equal weights, and any coding comes
    before none. Without the field, or with an empty one, the representation is sent as it is.
    The same holds if the client refuses everything that there is, ``identity`` included: section
    12.4.1 of RFC 9110 lets a server disregard the field, which serves people better than a 406.

    Args:
        header: Value of ``Accept-Encoding``, or ``None`` without the field.
        available: Codings that the representation comes in, in the server's order of preference;
            ``identity`` is always one of them and need not be named.

    Returns:
        One of ``available``, or ``"identity"``.

    >>> negotiate_encoding("gzip;q=0.5, br", ["br", "gzip"])
    'br'
    """
    if not header or not available:
        return IDENTITY
    if len(header) > _LONGEST_CACHED:
        return _negotiate(header, tuple(available))
    return _cached(header, tuple(available))


def _negotiate(header: str, available: tuple[str, ...]) -> str:
    weights: dict[str, float] = {}
    for name, weight in weighted(header):
        coding = _SAME.get(name, name)
        weights[coding] = max(weight, weights.get(coding, 0.0))
    anything = weights.get("*", 0.0)
    best, best_weight = IDENTITY, 0.0
    for coding in available:
        weight = weights.get(coding, anything)
        if coding != IDENTITY and weight > best_weight:
            best, best_weight = coding, weight
    # Identity is acceptable without being named, but only its own name can make it the dearer one.
    return IDENTITY if weights.get(IDENTITY, 0.0) > best_weight else best


_cached = lru_cache(maxsize=512)(_negotiate)
