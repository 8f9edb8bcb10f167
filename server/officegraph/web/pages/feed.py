"""What is known of changes to a vocabulary, as a page, as an Atom feed (RFC 4287) and as a JSON Feed 1.1."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final
from xml.etree.ElementTree import Element, SubElement, register_namespace, tostring

from pyoxigraph import Triple

from officegraph.http.iris import iri_to_uri
from officegraph.model.namespaces import ADMS, DCAT, DCTERMS, OWL, PAV, SCHEMA, SKOS
from officegraph.web.pages.citation import line
from officegraph.web.pages.environment import render, without_controls
from officegraph.web.pages.site import Site
from officegraph.web.pages.subject import Describer
from officegraph.web.pages.terms import Link, Text
from officegraph.web.pages.wording import _

ATOM: Final = "http://www.w3.org/2005/Atom"

_DATES: Final = {
    "changed": (DCTERMS.modified, PAV.lastUpdateOn, SCHEMA.dateModified),
    "issued": (DCTERMS.issued, SCHEMA.datePublished),
    "created": (DCTERMS.created, PAV.createdOn, SCHEMA.dateCreated),
}
_ORDER: Final = ("changed", "created", "issued")
_NOTES: Final = (ADMS.versionNotes, SKOS.changeNote)
_VERSIONS: Final = (DCAT.version, PAV.version, OWL.versionInfo, SCHEMA.version)
_DAY: Final = re.compile(r"\d{4}(-\d\d(-\d\d)?)?")
_INSTANT: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)\Z")


@dataclass(frozen=True, slots=True)
class Entry:
    """A change.

    Attributes:
        link: What changed.
        date: When (ISO 8601): a day, or an instant with its zone.
        kind: ``changed``, ``issued`` or ``created``.
        version: Its version since then; may be empty.
        notes: What is said of the change.
    """

    link: Link
    date: str
    kind: str
    version: str = ""
    notes: Sequence[Text] = ()

    @property
    def words(self) -> str:
        """What happened, in a word."""
        return {"changed": _("Changed"), "issued": _("Issued"), "created": _("Created")}[self.kind]

    @property
    def title(self) -> str:
        """What happened to what, in a line."""
        return f"{line(self.link.text.value)}: {self.words}{f' ({self.version})' if self.version else ''}"

    @property
    def instant(self) -> str:
        """The date as RFC 3339 has it."""
        if _INSTANT.match(self.date):
            return self.date
        day = _DAY.match(self.date)
        text = day[0] if day else "1970-01-01"
        return f"{text}{'-01' * ((10 - len(text)) // 3)}T00:00:00Z"

    @property
    def identifier(self) -> str:
        """IRI of the entry, the same as long as the date is."""
        return f"{iri_to_uri(self.link.iri).partition('#')[0]}#{self.kind}-{self.date[:10]}"


def entries(site: Site, described: Iterable[tuple[str, Iterable[Triple]]], languages: Sequence[str]) -> list[Entry]:
    """Return what is known of changes, the latest first.

    Args:
        site: The site.
        described: The data set, its schemes and so on, with what is said of each.
        languages: Languages of the reader, best first.
    """
    found: dict[str, Entry] = {}
    for iri, triples in described:
        page = Describer.of(site, iri, triples, languages)
        version = next((text.value for text in page.texts(page.statements.literals(page.main, *_VERSIONS))), "")
        notes = page.texts(page.statements.literals(page.main, *_NOTES))
        dates = {
            (literal.value, kind)
            for kind, properties in _DATES.items()
            for literal in page.statements.literals(page.main, *properties)
            if _DAY.match(literal.value)
        }
        told: set[str] = set()
        for date, kind in sorted(dates, key=lambda item: (item[0][:10], _ORDER.index(item[1])), reverse=True):
            if kind == "changed" and date[:10] in told:
                continue  # what was issued that day says it better
            latest = not told
            told.add(date[:10])
            entry = Entry(page.link(page.main), date, kind, version if latest else "", notes if latest else ())
            found.setdefault(entry.identifier, entry)
    return sorted(found.values(), key=lambda entry: entry.date, reverse=True)


def release_entry(site: Site, iri: str, created: str) -> Entry:
    """Return the entry that says when the release that is served was made."""
    return Entry(
        Link(iri, Text(site.title or site.name), site.url("/dataset"), False, True), created, "issued", site.version
    )


def render_changes(site: Site, found: Sequence[Entry], canonical: str) -> str:
    """Return the page of changes."""
    return render("changes.html", site=site, entries=found, canonical=canonical)


def as_atom(site: Site, found: Sequence[Entry], root: str, updated: str) -> bytes:
    """Return the feed in Atom.

    Args:
        site: The site.
        found: The changes, the latest first.
        root: Root URL of this host, with its final slash.
        updated: When the release was made, for a feed without entries.
    """
    register_namespace("", ATOM)
    feed = Element(f"{{{ATOM}}}feed")

    def add(parent: Element, name: str, text: str | None = None, **attributes: str) -> Element:
        child = SubElement(parent, f"{{{ATOM}}}{name}", attributes)
        child.text = None if text is None else without_controls(line(text))
        return child

    add(feed, "id", f"{iri_to_uri(root)}changes")
    add(feed, "title", f"{site.title or site.name}: {_('Changes')}")
    add(feed, "updated", found[0].instant if found else updated)
    add(feed, "link", rel="self", type="application/atom+xml", href=iri_to_uri(f"{root}changes.atom"))
    add(feed, "link", rel="alternate", type="text/html", href=iri_to_uri(f"{root}changes"))
    author = add(feed, "author")
    add(author, "name", "; ".join(site.authors) or site.name)
    for entry in found:
        item = add(feed, "entry")
        add(item, "id", entry.identifier)
        add(item, "title", entry.title)
        add(item, "updated", entry.instant)
        add(item, "link", rel="alternate", href=_address(entry, root))
        add(item, "summary", "; ".join(note.value for note in entry.notes) or entry.title, type="text")
    return bytes(tostring(feed, encoding="utf-8", xml_declaration=True))


def as_json_feed(site: Site, found: Sequence[Entry], root: str) -> bytes:
    """Return the feed as JSON Feed 1.1 (https://www.jsonfeed.org/version/1.1/)."""
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": f"{line(site.title or site.name)}: {_('Changes')}",
        "home_page_url": iri_to_uri(f"{root}changes"),
        "feed_url": iri_to_uri(f"{root}changes.json"),
        "authors": [{"name": line(author)} for author in site.authors] or [{"name": line(site.name)}],
        "items": [
            {
                "id": entry.identifier,
                "url": _address(entry, root),
                "title": entry.title,
                "content_text": line("; ".join(note.value for note in entry.notes) or entry.title),
                "date_published": entry.instant,
            }
            for entry in found
        ],
    }
    return (json.dumps(feed, ensure_ascii=False, indent=2) + "\n").encode("utf-8", "replace")


def _address(entry: Entry, root: str) -> str:
    """Return the URL of what changed: on this host where it has a page here."""
    href = entry.link.href
    if href is None or entry.link.external:
        return iri_to_uri(entry.link.iri)
    return iri_to_uri(f"{root[:-1]}{href}")
