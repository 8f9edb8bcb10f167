"""RDF/XML sources: what the parser leaves to others, namely encodings, well-formedness and positions."""

from __future__ import annotations

import codecs
import io
import re
from pathlib import Path
from typing import IO, Final, cast
from xml.parsers import expat

from pyoxigraph import RdfFormat, parse

from officegraph.vocabulary.errors import SourceError, SourceErrors, position

_DECLARATION: Final = re.compile(r"""(<\?xml\s[^>]*?)\s+encoding\s*=\s*(?:"([A-Za-z][\w.-]*)"|'([A-Za-z][\w.-]*)')""")
_NO_ELEMENTS: Final = expat.errors.codes[expat.errors.XML_ERROR_NO_ELEMENTS]
_PREFIX: Final = re.compile(r"[^\W\d][\w.-]*")


def decode(path: Path, content: bytes) -> str:
    """Return the text of an RDF/XML file in any encoding that its first bytes or its declaration name.

    The declaration of the encoding is taken out (XML 1.0, section 4.3.3, makes UTF-8 the default), since the
    parser reads UTF-8 only.

    Raises:
        SourceErrors: The encoding is not known, or the file is not in it.
    """
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encoding = "utf-16"
    else:
        declared = _DECLARATION.match(content[:1024].decode("latin-1").removeprefix("\xef\xbb\xbf"))
        encoding = (declared[2] or declared[3]) if declared else "utf-8"
    if encoding.lower() in ("utf-8", "utf8"):
        encoding = "utf-8-sig"
    try:
        text = content.decode(encoding)
    except LookupError as error:
        message = f"the encoding {encoding} is not known"
        raise SourceErrors([SourceError(path, 1, 1, message)]) from error
    except UnicodeError as error:
        start = error.start if isinstance(error, UnicodeDecodeError) else 0
        before = content[:start].decode(encoding, "replace")
        name = encoding.removesuffix("-sig").upper()
        fault = SourceError(path, *position(before, len(before)), f"not {name}, though declared so or by default")
        raise SourceErrors([fault]) from error
    return _DECLARATION.sub(r"\1", text, count=1)


def namespaces(path: Path, text: str) -> dict[str, str]:
    """Return the namespaces that ``text`` declares, by prefix, having checked that it is well-formed XML.

    The RDF/XML parser accepts files that end too early, and expands nested entities without bound.

    Raises:
        SourceErrors: The text is not well-formed, or its entities expand beyond measure.
    """
    found: dict[str, str] = {}

    def declare(prefix: str | None, iri: str | None) -> None:
        if iri and _PREFIX.fullmatch(prefix or "p"):
            found.setdefault(prefix or "", iri)

    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartNamespaceDeclHandler = declare
    try:
        parser.Parse(text.encode(), True)
    except expat.ExpatError as error:
        reason = "it ends too early" if error.code == _NO_ELEMENTS else expat.ErrorString(error.code)
        message = f"not well-formed XML: {reason}"
        # Expat counts columns from 0, in bytes.
        line = text.split("\n")[error.lineno - 1].encode() if error.lineno else b""
        column = len(line[: error.offset].decode("utf-8", "ignore")) + 1
        raise SourceErrors([SourceError(path, error.lineno, column, message)]) from error
    return found


class _Reader(io.RawIOBase):
    """A binary file that hands over its content up to one ``>`` at a time, and so shows where a reader is."""

    def __init__(self, content: bytes) -> None:
        super().__init__()
        self._content = content
        self.start = 0
        self.end = 0

    def read(self, size: int = -1) -> bytes:
        """Return the bytes up to the next ``>``, at most ``size`` of them."""
        end = self._content.find(b">", self.end) + 1 or len(self._content)
        if size >= 0:
            end = min(end, self.end + size)
        self.start, self.end = self.end, end
        return self._content[self.start : end]


def locate(text: str, base: str | None) -> tuple[int, int]:
    """Return line and column of the tag of ``text`` at which the parser gives up without saying where."""
    content = text.encode()
    reader = _Reader(content)
    try:
        for _ in parse(cast(IO[bytes], reader), format=RdfFormat.RDF_XML, base_iri=base or None):
            pass
    except SyntaxError:
        tag = content[reader.start : reader.end]
        before = content[: reader.start + max(tag.rfind(b"<"), 0)].decode("utf-8", "ignore")
        return position(before, len(before))
    return 1, 1
