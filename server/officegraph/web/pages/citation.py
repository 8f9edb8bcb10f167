"""How to cite a resource: as text, and in the formats of reference managers."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final
from urllib.parse import quote

from officegraph.http.iris import iri_to_uri
from officegraph.web.pages.site import Site

_SPACE: Final = re.compile(r"[\s\x00-\x1f\x7f-\x9f]+")
_DAY: Final = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?")
_KEY: Final = re.compile("[^a-z0-9]+")

_LATEX: Final = {
    "\\": r"\textbackslash{}",
    "{": r"\{",
    "}": r"\}",
    "$": r"\$",
    "&": r"\&",
    "%": r"\%",
    "#": r"\#",
    "_": r"\_",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
}
"""Characters that TeX reads as commands, and what stands for them."""


@dataclass(frozen=True, slots=True)
class Citation:
    """What a citation of a resource says.

    Attributes:
        iri: The resource.
        uri: Its IRI as a URI: where it is.
        title: Its name.
        container: The dataset that it is part of; empty for the dataset itself.
        authors: Who made that.
        version: Version of the dataset; may be empty.
        issued: When that was issued, ISO 8601; may be empty.
        license: URL of its licence, if it has one.
        links: Addresses of the citation in each format, by name.
    """

    iri: str
    uri: str
    title: str
    container: str
    authors: Sequence[str]
    version: str
    issued: str
    license: str | None
    links: Sequence[tuple[str, str]] = ()

    @property
    def date(self) -> list[int]:
        """Year, month and day of issue, as far as they are known."""
        match = _DAY.match(self.issued)
        return [int(part) for part in match.groups() if part] if match else []

    @property
    def year(self) -> str:
        """The year of issue, or empty."""
        return str(self.date[0]) if self.date else ""

    @property
    def text(self) -> str:
        """The citation as plain text."""
        return as_text(self)


def citation(site: Site, iri: str, title: str, issued: str = "") -> Citation:
    """Return how to cite ``iri``, which is called ``title``.

    The date is that of the release that is cited, since that is what the version names; that of the resource
    only where the release has none.
    """
    whole = line(site.title or site.name)
    named = line(title)
    itself = iri == site.dataset
    where = f"/cite?uri={quote(iri, safe='', errors='surrogatepass')}&format="
    return Citation(
        iri=iri,
        uri=iri_to_uri(iri),
        title=whole if itself else named,
        container="" if itself else whole,
        authors=[line(author) for author in site.authors],
        version=site.version,
        issued=site.issued or issued,
        license=site.license,
        links=[(kind.name, site.url(where + key)) for key, kind in FORMATS.items()],
    )


def line(text: str) -> str:
    """Return ``text`` in one line, without control characters and lone surrogates."""
    return _SPACE.sub(" ", text.encode("utf-8", "replace").decode()).strip()


def as_text(cited: Citation) -> str:
    """Return the citation as a sentence.

    >>> as_text(Citation("urn:x:a", "urn:x:a", "clearing", "Offices", ["A. Editor"], "1.0", "2026-05-01", None))
    'A. Editor (2026): “clearing”. Offices, version 1.0. urn:x:a'
    """
    authors = "; ".join(cited.authors)
    year = f"({cited.year})" if cited.year else ""
    head = " ".join(part for part in (authors, year) if part)
    version = f", version {cited.version}" if cited.version else ""
    what = f"“{cited.title}”. {cited.container}" if cited.container else cited.title
    return f"{head}{': ' if head else ''}{what}{version}. {cited.uri}"


def key_of(cited: Citation) -> str:
    """Return the key of the citation: ASCII, without what separates fields in BibTeX."""
    plain = unicodedata.normalize("NFKD", f"{cited.container} {cited.title}").encode("ascii", "ignore").decode()
    words = _KEY.sub("-", plain.lower()).strip("-")[:60].strip("-")
    return "-".join(part for part in (words or "entry", cited.year) if part)


def as_bibtex(cited: Citation) -> str:
    """Return the citation as a BibTeX entry, in the types that BibTeX and BibLaTeX both know."""
    version = f"version {cited.version}" if cited.version else ""
    fields = [
        # Braces keep a name with a comma or an "and" in it whole.
        ("author", " and ".join(f"{{{latex(author)}}}" for author in cited.authors)),
        ("title", latex(cited.title)),
        (
            "howpublished",
            latex(", ".join(filter(None, (cited.container, version)))),
        ),
        ("year", cited.year),
        ("url", _url(cited.uri)),
    ]
    body = ",\n".join(f"  {name} = {{{value}}}" for name, value in fields if value)
    return f"@misc{{{key_of(cited)},\n{body}\n}}\n"


def latex(text: str) -> str:
    """Return ``text`` so that TeX prints it as it is."""
    return "".join(_LATEX.get(character, character) for character in text)


def _url(uri: str) -> str:
    """Return ``uri`` for the field ``url``, which takes characters as they are but has to balance its braces."""
    return uri.replace("{", "%7B").replace("}", "%7D").replace("\\", "%5C")


def as_ris(cited: Citation) -> str:
    """Return the citation in RIS: a tag, two spaces, a hyphen and a value on each line."""
    date = cited.date
    rows = [
        ("TY", "DICT" if cited.container else "DATA"),
        *(("AU", author) for author in cited.authors),
        ("TI", cited.title),
        ("T2", cited.container),
        ("ET", cited.version),
        ("PY", cited.year),
        ("DA", "/".join(f"{part:02}" for part in date) if date else ""),
        ("UR", cited.uri),
        ("ER", ""),
    ]
    return "".join(f"{tag}  - {value}\r\n" for tag, value in rows if value or tag == "ER")


def as_csl(cited: Citation) -> str:
    """Return the citation as CSL-JSON (https://docs.citationstyles.org/), a list of one item."""
    item: dict[str, object] = {
        "id": cited.uri,
        "type": "entry-dictionary" if cited.container else "dataset",
        "title": cited.title,
        "URL": cited.uri,
    }
    if cited.container:
        item["container-title"] = cited.container
    if cited.authors:
        item["author"] = [{"literal": author} for author in cited.authors]
    if cited.version:
        item["version"] = cited.version
    if cited.date:
        item["issued"] = {"date-parts": [cited.date]}
    return json.dumps([item], ensure_ascii=False, indent=2) + "\n"


@dataclass(frozen=True, slots=True)
class CitationFormat:
    """A format that citations come in.

    Attributes:
        name: Its name.
        content_type: Its media type.
        extension: Ending of a file in it.
        write: What writes a citation.
    """

    name: str
    content_type: str
    extension: str
    write: Callable[[Citation], str]


FORMATS: Final = MappingProxyType(
    {
        "bibtex": CitationFormat("BibTeX", "application/x-bibtex; charset=utf-8", "bib", as_bibtex),
        "ris": CitationFormat("RIS", "application/x-research-info-systems; charset=utf-8", "ris", as_ris),
        "csl": CitationFormat("CSL-JSON", "application/vnd.citationstyles.csl+json", "json", as_csl),
        "text": CitationFormat("Text", "text/plain; charset=utf-8", "txt", lambda cited: as_text(cited) + "\n"),
    }
)
"""The formats of citations, by the value of the parameter ``format``."""
