"""Names for downloads (RFC 6266)."""

from __future__ import annotations

import re
import unicodedata

from officegraph.http.fields import quote
from officegraph.http.links import encoded_parameter


def attachment(filename: str) -> str:
    r"""Return the value of ``Content-Disposition`` that saves a download as ``filename``.

    A name that is not ASCII goes with a plain one for clients that do not know RFC 8187
    (RFC 6266, section 4.3 and appendix D). Control characters and path separators are replaced.

    >>> attachment("officegraph-1.0.ttl.gz")
    'attachment; filename="officegraph-1.0.ttl.gz"'
    >>> attachment("büro.ttl")
    'attachment; filename="buro.ttl"; filename*=UTF-8\'\'b%C3%BCro.ttl'
    """
    name = re.sub(r"[\x00-\x1f\x7f/\\]", "_", filename)
    if name.isascii() and "%" not in name:
        return f"attachment; filename={quote(name)}"
    decomposed = unicodedata.normalize("NFKD", name)
    plain = "".join(
        character if character.isascii() else "_" for character in decomposed if not unicodedata.combining(character)
    ).replace("%", "_")
    return f"attachment; filename={quote(plain)}; filename*={encoded_parameter(name)}"
