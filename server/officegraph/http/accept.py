"""Which format a client wants: proactive negotiation by ``Accept`` (RFC 9110, section 12.5.1)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from officegraph.http.fields import TOKEN, parse_weight, split_quoted, unquote
from officegraph.model.formats import Format

_CACHE_SIZE: Final = 512
_LONGEST_CACHED: Final = 1024

# How a media range names a media type, from the closest to the loosest. RFC 9110 has the
# closest range decide the weight; the same order settles equal weights between formats.
_WITH_PARAMETERS: Final = 5
_EXACT: Final = 4
_OTHER_PARAMETERS: Final = 3
_SUBTYPE_WILDCARD: Final = 2
_WILDCARD: Final = 1

_NAMED: Final = 4
_NAMED_BY_ALIAS: Final = 3
_NAMED_AS_TEXT: Final = 2.5

_BROWSER_TYPES: Final = frozenset({"text/html", "application/xhtml+xml"})
_GENERIC_XML: Final = frozenset({"application/xml", "text/xml"})


@dataclass(frozen=True, slots=True)
class MediaRange:
    """One member of ``Accept``.

    Attributes:
        type: ``text`` of ``text/turtle``, or ``*``; lower case.
        subtype: ``turtle`` of ``text/turtle``, or ``*``; lower case.
        parameters: Parameters other than the weight, with lower-case names.
        weight: From 0, not wanted, to 1.
    """

    type: str
    subtype: str
    parameters: frozenset[tuple[str, str]]
    weight: float

    @property
    def media_type(self) -> str:
        """The media type or range without parameters, as in ``text/turtle`` or ``text/*``."""
        return f"{self.type}/{self.subtype}"


def parse_accept(header: str) -> tuple[MediaRange, ...]:
    """Return the media ranges of an ``Accept`` field, in their order.

    A member that is no media range is left out, and so is one whose weight is malformed. If
    nothing is left of a field that names media types, only the malformed weights are left
    out: whoever asks for ``text/turtle;q=2`` and nothing else is best served with Turtle.

    Args:
        header: Value of the field; several fields joined by commas.
    """
    good: list[MediaRange] = []
    unweighted: list[MediaRange] = []
    for member in split_quoted(header, ","):
        name, _, rest = member.partition(";")
        name = name.rstrip(" \t")
        # Java's URLConnection sends "*; q=.2" for "*/*".
        main, slash, sub = ("*", "/", "*") if name == "*" else name.lower().partition("/")
        if not slash or TOKEN.fullmatch(main) is None or TOKEN.fullmatch(sub) is None:
            continue
        if main == "*" and sub != "*":
            continue
        weight: float | None = 1.0
        parameters: set[tuple[str, str]] = set()
        for part in split_quoted(rest, ";"):
            key, _, value = part.partition("=")
            key = key.strip(" \t").lower()
            if key == "q":
                weight = parse_weight(value.strip(" \t"))
                break  # what follows was an extension of Accept, which RFC 9110 took away
            parameters.add((key, unquote(value.strip(" \t")).lower()))
        if weight is None:
            unweighted.append(MediaRange(main, sub, frozenset(parameters), 1.0))
        else:
            good.append(MediaRange(main, sub, frozenset(parameters), weight))
    return tuple(good or unweighted)


class Offers:
    """The formats that one resource comes in, in the server's order of preference.

    Made once for each kind of resource; :meth:`negotiate` remembers its answers.

    >>> from officegraph.model.formats import HTML, RDF_FORMATS
    >>> Offers((HTML, *RDF_FORMATS)).negotiate("text/turtle;q=0.9, application/rdf+xml;q=0.5").name
    'Turtle'
    """

    __slots__ = ("_by_name", "_cached", "_parameters", "formats")

    def __init__(self, formats: Iterable[Format]) -> None:
        """Offer ``formats``, the preferred one first."""
        self.formats: Final = tuple(formats)
        self._parameters: Final = {
            offer.media_type: frozenset({("charset", "utf-8")}) if offer.charset else frozenset()
            for offer in self.formats
        }
        self._by_name: Final = _names(self.formats)
        self._cached: Final = lru_cache(maxsize=_CACHE_SIZE)(self._negotiate)

    def negotiate(self, header: str | None) -> Format | None:
        """Return the format that serves ``header`` best.

        Each format has the weight of the closest media range that matches its media type or
        one of its aliases (RFC 9110, section 12.5.1). The highest weight wins. Among equal
        weights a format that the client names comes before one that it names by an alias,
        that before one it only admits by a wildcard, and then the server's order decides.

        * Parameters of a media range need not be those of the format:
          ``application/ld+json;profile="…"`` means JSON-LD. A range without parameters or
          with the format's own is closer than such a one.
        * Aliases name a format and are not reached by wildcards. Browsers ask for
          ``application/xml`` beside HTML and mean XHTML, so it is no alias then.
        * No field, or an empty one, accepts everything.

        Args:
            header: Value of ``Accept``, or ``None`` without the field.

        Returns:
            One of the formats, or ``None`` if the client accepts none of them (status 406).
        """
        if header is None:
            return self.formats[0] if self.formats else None
        # Very long fields are legal but not worth memory.
        return self._cached(header) if len(header) <= _LONGEST_CACHED else self._negotiate(header)

    def named(self, values: Iterable[str]) -> Format | None:
        """Return the first of the formats that a parameter such as ``format=ttl`` asks for.

        Args:
            values: Values of the parameter: a file ending, a name or a media type, or several
                of them between commas, in any case. ``json`` and ``xml`` mean whichever
                offered format is written in them.

        Returns:
            One of the formats, or ``None`` if no value names one.
        """
        for value in values:
            for member in value.split(","):
                # In a query string "+" that was not escaped has become a blank.
                name = member.partition(";")[0].strip(" \t").lower().replace(" ", "+")
                if found := self._by_name.get(name):
                    return found
        return None

    def listing(self) -> list[dict[str, str]]:
        """Return what there is, for the body of a 406: name, media type and file ending of each."""
        return [
            {"name": offer.name, "mediaType": offer.media_type, "extension": offer.extension} for offer in self.formats
        ]

    def _negotiate(self, header: str) -> Format | None:
        if not header.strip(" \t"):
            return self.formats[0] if self.formats else None
        ranges = parse_accept(header)
        named = {item.media_type for item in ranges if item.weight > 0}
        ignored = _GENERIC_XML if named & _BROWSER_TYPES else frozenset()
        best: Format | None = None
        best_key = (0.0, 0.0)
        for offer in self.formats:
            key = self._key(offer, ranges, ignored)
            if key[0] > 0 and key > best_key:
                best, best_key = offer, key
        return best

    def _key(self, offer: Format, ranges: Sequence[MediaRange], ignored: frozenset[str]) -> tuple[float, float]:
        """Return weight and closeness of the best match between ``offer`` and ``ranges``."""
        weight, closeness = _closest(offer.media_type, self._parameters[offer.media_type], ranges)
        if closeness >= _OTHER_PARAMETERS:
            if weight == 0:
                return (0.0, 0.0)  # refused by its own name, whatever its aliases
            key = (weight, float(_NAMED))
        else:
            key = (weight, float(closeness))
        for alias in offer.aliases:
            if alias in ignored:
                continue
            weight, closeness = _closest(alias, frozenset(), ranges)
            if closeness >= _OTHER_PARAMETERS:
                key = max(key, (weight, _NAMED_AS_TEXT if alias == "text/plain" else float(_NAMED_BY_ALIAS)))
        return key


def _closest(
    media_type: str, parameters: frozenset[tuple[str, str]], ranges: Sequence[MediaRange]
) -> tuple[float, int]:
    """Return weight and closeness of the media range that matches ``media_type`` most closely."""
    main = media_type.partition("/")[0]
    weight, closeness = 0.0, 0
    for item in ranges:
        if item.media_type == media_type:
            if not item.parameters:
                level = _EXACT
            elif item.parameters <= parameters:
                level = _WITH_PARAMETERS
            elif item.weight > 0:
                level = _OTHER_PARAMETERS
            else:
                continue  # refuses another variant of the media type than ours
        elif item.subtype != "*":
            continue
        elif item.type == main:
            level = _SUBTYPE_WILDCARD
        elif item.type == "*":
            level = _WILDCARD
        else:
            continue
        if level > closeness or (level == closeness and item.weight > weight):
            weight, closeness = item.weight, level
    return weight, closeness


_OTHER_NAMES: Final[Mapping[str, tuple[str, ...]]] = {
    "turtle": ("ttl",),
    "n3": ("ttl",),
    "ntriples": ("nt",),
    "n-triples": ("nt",),
    "rdfxml": ("rdf",),
    "rdf/xml": ("rdf",),
    "rdf+xml": ("rdf",),
    "rdf-xml": ("rdf",),
    "xml": ("xml", "rdf"),
    "json": ("json", "jsonld"),
    "json-ld": ("jsonld",),
    "ld+json": ("jsonld",),
    "sparql-results+json": ("json",),
    "sparql-results+xml": ("xml",),
    "srj": ("json",),
    "srx": ("xml",),
    "nquads": ("nq",),
    "n-quads": ("nq",),
    "xhtml": ("html",),
}


def _names(formats: Sequence[Format]) -> dict[str, Format]:
    """Return the formats by everything that a parameter may call them; earlier names win."""
    by_extension = {offer.extension: offer for offer in formats}
    names: dict[str, Format] = {}
    for offer in formats:
        names.setdefault(offer.extension, offer)
        names.setdefault(offer.media_type, offer)
    for name, extensions in _OTHER_NAMES.items():
        for extension in extensions:
            if extension in by_extension:
                names.setdefault(name, by_extension[extension])
    for offer in formats:
        for alias in offer.aliases:
            names.setdefault(alias, offer)
        if offer.iri is not None:
            names.setdefault(offer.iri.lower(), offer)
    return names


@lru_cache(maxsize=64)
def _offers(formats: tuple[Format, ...]) -> Offers:
    return Offers(formats)


def negotiate_format(header: str | None, formats: Sequence[Format]) -> Format | None:
    """Return the one of ``formats`` that serves ``header`` best; see :meth:`Offers.negotiate`.

    A view that is asked often keeps its :class:`Offers` instead.
    """
    return _offers(tuple(formats)).negotiate(header)
