"""Messages that are translated where they are shown."""

from __future__ import annotations


def gettext_noop(message: str) -> str:
    """Return ``message`` as it is; the catalogues of the interface list it.

    For what stands in constants, before it is known who reads it (GNU gettext manual, section 4.7, "Special Cases of
    Translatable Strings").
    """
    return message
