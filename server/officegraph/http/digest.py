"""Integrity of representations (RFC 9530)."""

from __future__ import annotations

from base64 import b64encode


def repr_digest(sha256: bytes) -> str:
    """Return the value of ``Repr-Digest`` (RFC 9530, section 3).

    Args:
        sha256: SHA-256 digest of the representation data in its content coding, all of it
            even where only a range is sent.

    Raises:
        ValueError: ``sha256`` has not 32 bytes.

    >>> import hashlib
    >>> repr_digest(hashlib.sha256(b"").digest())
    'sha-256=:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=:'
    """
    if len(sha256) != 32:
        raise ValueError(f"a SHA-256 digest has 32 bytes, not {len(sha256)}")
    return f"sha-256=:{b64encode(sha256).decode('ascii')}:"
