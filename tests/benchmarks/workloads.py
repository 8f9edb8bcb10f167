"""What the servers are asked, and whether their answers are right."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from benchmarks import generator, queries
from benchmarks.load import Request, fetch
from benchmarks.peers import BARE, DISK, MEDIA_TYPES, MEMORY, NGINX, OURS, Material, Peer

Check = Callable[[int, dict[str, str], bytes], bool]


@dataclass(frozen=True, slots=True)
class Workload:
    """A series of requests, and for each what is right about its answer.

    Attributes:
        name: What it is called in the tables.
        make: Returns the requests to a peer and the judges of the answers; nothing if the peer has no such thing.
        connections: Connections to send them over; ``None`` for what the command line says.
        warm: Whether every process is to have answered each request before it is measured.
    """

    name: str
    make: Callable[[Peer, Material], Sequence[tuple[Request, Check]]]
    connections: int | None = None
    warm: bool = False


POPULAR = 500
"""Concepts whose documents are asked for again and again."""

DOCUMENTS = 10_000
"""Concepts whose documents are asked for one after the other, so that in a second hardly any comes up again."""

QUERIES = 450

CHECKED = 500
"""Requests of a workload whose answers are checked before it is measured, spread over all of them."""


def mentions(concept: int) -> Check:
    """Return the judge of a document: it has the concept's label."""
    wanted = generator.label(concept, "en").encode()
    return lambda status, _, body: status == 200 and wanted in body


def anything(status: int, fields: dict[str, str], body: bytes) -> bool:
    return status == 200


def documents(extension: str, most: int, name: str) -> Workload:
    """Return the workload of documents in a format, about as many concepts as there are up to ``most``."""

    def make(peer: Peer, material: Material) -> Sequence[tuple[Request, Check]]:
        if peer.name == BARE:
            return [(Request("/"), anything)]
        found = []
        for concept in generator.sample(material.size, min(most, material.size)):
            request = peer.document(concept, extension)
            if request is None:
                return []
            found.append((request, mentions(concept)))
        return found

    return Workload(name, make, warm=most == POPULAR)


def unchanged(peer: Peer, material: Material) -> Sequence[tuple[Request, Check]]:
    """Return requests that have the right validator, to be answered 304."""
    if not peer.documents:
        return []
    found = []
    for concept in generator.sample(material.size, min(POPULAR, material.size)):
        request = peer.document(concept, "ttl")
        assert request is not None
        etag = fetch(peer.port, request)[1]["etag"]
        conditional = Request(request.target, {**request.headers, "If-None-Match": etag})
        found.append((conditional, lambda status, _, body: status == 304 and body == b""))
    return found


def redirects(peer: Peer, material: Material) -> Sequence[tuple[Request, Check]]:
    """Return requests for resources, to be answered 303."""
    found = []
    for concept in generator.sample(material.size, min(POPULAR, material.size)):
        request = peer.redirect(concept)
        if request is None:
            return []
        location = f"/concept/c{concept}.ttl"
        found.append(
            (
                request,
                lambda status, fields, _, location=location: status == 303 and fields["location"].endswith(location),
            )
        )
    return found


def sparql(
    name: str,
    questions: Callable[[int, int], list[queries.Question]],
    *,
    unique: bool,
    connections: int | None = None,
    only: Sequence[str] = (),
) -> Workload:
    """Return a workload of queries; ``unique`` has no cache answer them."""

    def make(peer: Peer, material: Material) -> Sequence[tuple[Request, Check]]:
        if only and peer.name not in only:
            return []
        found = []
        for question in questions(material.size, min(QUERIES, 2 * material.size)):
            request = peer.query(question.text, question.accept, unique=unique)
            if request is None:
                return []
            found.append((request, lambda status, _, body, holds=question.holds: status == 200 and bool(holds(body))))
        return found

    return Workload(name, make, connections, warm=not unique)


def dump(peer: Peer, material: Material) -> Sequence[tuple[Request, Check]]:
    """Return the request for the dump in N-Triples."""
    if peer.name not in {OURS, NGINX}:
        return []
    wanted = sha256(material.dump)
    right: Check = lambda status, _, body: status == 200 and hashlib.sha256(body).hexdigest() == wanted  # noqa: E731
    return [(Request(f"/dumps/{material.dump.name}"), right)]


def sha256(path: Path) -> str:
    """Return the SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


SWIFT = (OURS, MEMORY, DISK)
"""Who is asked heavy queries; rdflib takes seconds for each."""

HEAVY = "sparql mix"
DUMP = "dump"

WORKLOADS = [
    *(documents(extension, POPULAR, f"document {extension}") for extension in MEDIA_TYPES),
    documents("ttl", DOCUMENTS, "documents ttl, all"),
    Workload("304", unchanged, warm=True),
    Workload("303", redirects, warm=True),
    sparql("sparql small", queries.small, unique=True),
    sparql("sparql small, c=1", queries.small, unique=True, connections=1),
    sparql("sparql repeated", queries.small, unique=False),
    sparql(HEAVY, queries.mix, unique=True, only=SWIFT),
    sparql(f"{HEAVY}, c=32", queries.mix, unique=True, connections=32, only=SWIFT),
    Workload(DUMP, dump, 1),
]

assert all(one.name != other.name for one, other in pairwise(WORKLOADS))


def wrong_answers(peer: Peer, asked: Sequence[tuple[Request, Check]]) -> list[str]:
    """Ask for some of everything once, for a minute at most, and return what is wrong about the answers."""
    wrong = []
    end = time.monotonic() + 60
    for number, (request, check) in enumerate(asked[:: max(1, len(asked) // CHECKED)]):
        if time.monotonic() > end:
            break
        status, fields, body = fetch(peer.port, request, number)
        try:
            right = check(status, fields, body)
        except (ValueError, KeyError, SyntaxError) as error:
            right, body = False, f"{error!r}: ".encode() + body
        if not right:
            wrong.append(f"{request.target[:120]}: {status} {body[:200]!r}")
    return wrong
