"""Mixed traffic whose right answers are known: what clients of all kinds ask, and the judge of each answer."""

from __future__ import annotations

import hashlib
import http.client
import json
import random
import socket
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

import pyoxigraph

from benchmarks import generator as g
from benchmarks import queries
from benchmarks.bombs import BOMBS
from benchmarks.load import UNIQUE

DELIBERATE = {"busy", "query-timeout", "query-memory", "result-too-large"}
"""Kinds of problems with status 503 that a server under load is right to answer."""

INTERRUPTED = {"engine-unavailable"}
"""Kinds that are right when the process of a query has been ended from outside."""

RDF = {
    "ttl": pyoxigraph.RdfFormat.TURTLE,
    "nt": pyoxigraph.RdfFormat.N_TRIPLES,
    "rdf": pyoxigraph.RdfFormat.RDF_XML,
    "jsonld": pyoxigraph.RdfFormat.JSON_LD,
}


class WrongAnswerError(Exception):
    """An answer is not what it has to be; the message says what it is."""


@dataclass(frozen=True)
class Answer:
    """An answer that has arrived whole.

    Attributes:
        status: Status code.
        fields: Its fields, names in lower case.
        body: Its content.
    """

    status: int
    fields: dict[str, str]
    body: bytes

    @property
    def problem(self) -> str:
        """The kind of the problem that it tells of, empty if it tells of none."""
        try:
            return str(json.loads(self.body)["type"]).rpartition("/")[2]
        except (ValueError, KeyError, TypeError):
            return ""


Judge = Callable[[Answer], bool]


@dataclass(frozen=True)
class Question:
    """A request and what its answer has to be.

    Attributes:
        kind: What sort of request it is.
        target: Path and query.
        holds: Tells whether an answer is right.
        headers: Fields of the request.
        method: Its method.
        body: Its content.
        may_refuse: Whether 503 is right as well, since the request is costly or asks for a query.
    """

    kind: str
    target: str
    holds: Judge
    headers: dict[str, str] = field(default_factory=dict)
    method: str = "GET"
    body: bytes | None = None
    may_refuse: bool = False


@dataclass(frozen=True)
class World:
    """What the server that is asked publishes.

    Attributes:
        port: Its port.
        size: Number of concepts.
        dumps: The dumps that it must send, byte for byte.
    """

    port: int
    size: int
    dumps: Sequence[Path]


def status_is(*wanted: int) -> Judge:
    return lambda answer: answer.status in wanted


def document(world: World, chance: random.Random) -> Question:
    concept, extension = chance.randrange(world.size), chance.choice(list(RDF))
    expected = {
        f"<{g.concept_iri(concept)}> <{predicate}> {value}"
        for predicate, value in g.concept_statements(concept, world.size)
    }

    def holds(answer: Answer) -> bool:
        found = {str(quad.triple) for quad in pyoxigraph.parse(answer.body, format=RDF[extension])}
        return answer.status == 200 and "etag" in answer.fields and expected <= found

    return Question("document", f"/concept/c{concept}.{extension}", holds)


def page(world: World, chance: random.Random) -> Question:
    concept = chance.randrange(world.size)
    target, words = chance.choice([
        (f"/concept/c{concept}.html", g.label(concept, "en")),
        (f"/concept/c{concept}.html", g.label(concept, "de")),
        ("/", "Scheme 0"),
        ("/sparql", "<textarea"),
        ("/dumps/", ".ttl"),
    ])  # fmt: skip
    accept = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
    return Question("page", target, lambda a: a.status == 200 and words.encode() in a.body, accept)


def redirect(world: World, chance: random.Random) -> Question:
    concept, (accept, extension) = chance.randrange(world.size), chance.choice([
        ("text/turtle", "ttl"), ("application/rdf+xml", "rdf"), ("text/html", "html"),
        ("application/ld+json", "jsonld"),
    ])  # fmt: skip
    ending = f"/concept/c{concept}.{extension}"
    return Question(
        "303",
        f"/concept/c{concept}",
        lambda a: a.status == 303 and a.fields["location"].endswith(ending) and "accept" in a.fields["vary"].lower(),
        {"Accept": accept},
    )


def unchanged(world: World, chance: random.Random) -> Question:
    """Ask whether a document has changed: of a tag that never was it has, of any it has not."""
    concept = chance.randrange(world.size)
    if chance.random() < 0.5:
        return Question("304", f"/concept/c{concept}.ttl", lambda a: a.status == 304 and a.body == b"",
                        {"If-None-Match": "*"})  # fmt: skip
    label = g.label(concept, "en").encode()
    return Question("304", f"/concept/c{concept}.nt", lambda a: a.status == 200 and label in a.body,
                    {"If-None-Match": '"never"'})  # fmt: skip


def dump(world: World, chance: random.Random) -> Question:
    path = chance.choice(world.dumps)
    size = path.stat().st_size
    target = f"/dumps/{quote(path.name)}"
    if chance.random() < 0.1:
        return Question("dump", target, lambda a: a.status == 200 and digest(a.body) == digest(path.read_bytes()))
    first = chance.randrange(size)
    last = min(size - 1, first + chance.randrange(1, 65536))
    if chance.random() < 0.2:
        return Question("dump", target, status_is(416), {"Range": f"bytes={size + first}-"})

    def holds(answer: Answer) -> bool:
        with path.open("rb") as file:
            file.seek(first)
            wanted = file.read(last - first + 1)
        return (
            answer.status == 206
            and answer.body == wanted
            and answer.fields["content-range"] == f"bytes {first}-{last}/{size}"
        )

    return Question("dump", target, holds, {"Range": f"bytes={first}-{last}"})


def digest(content: bytes) -> bytes:
    return hashlib.sha256(content).digest()


def question_of(kind: str, asked: queries.Question, chance: random.Random) -> Question:
    """Return the request that asks a query, by one of the ways of the protocol."""
    headers = {"Accept": asked.accept}
    text = asked.text if chance.random() < 0.3 else f"{asked.text}\n#{chance.getrandbits(60)}"
    holds: Judge = lambda answer: answer.status == 200 and bool(asked.holds(answer.body))  # noqa: E731
    way = chance.random()
    if way < 0.6:
        return Question(kind, f"/sparql?query={quote(text, safe='')}", holds, headers, may_refuse=True)
    if way < 0.8:
        headers["Content-Type"] = "application/x-www-form-urlencoded"
        return Question(kind, "/sparql", holds, headers, "POST", f"query={quote(text)}".encode(), may_refuse=True)
    headers["Content-Type"] = "application/sparql-query"
    method = "QUERY" if way > 0.95 else "POST"
    return Question(kind, "/sparql", holds, headers, method, text.encode(), may_refuse=True)


def small_query(world: World, chance: random.Random) -> Question:
    return question_of("small query", chance.choice(queries.SMALL)(chance.randrange(world.size), world.size), chance)


def heavy_query(world: World, chance: random.Random) -> Question:
    return question_of("heavy query", chance.choice(queries.heavy(world.size)), chance)


def bomb(world: World, chance: random.Random) -> Question:
    """Ask a query that cannot be answered: whatever says 200 is wrong."""
    text = f"{chance.choice(list(BOMBS.values()))}\n#{chance.getrandbits(60)}"
    return Question("bomb", f"/sparql?query={quote(text, safe='')}", lambda _: False, {"Accept": queries.RESULTS},
                    may_refuse=True)  # fmt: skip


def bad_request(world: World, chance: random.Random) -> Question:
    """Ask what has to be refused."""

    def query(text: str) -> str:
        return f"/sparql?query={quote(text, safe='')}"

    number = chance.getrandbits(40)
    target, headers, method, status = chance.choice([
        (query(f"SELECT ?a {{ ?a ?b {number} "), {}, "GET", 400),
        (query(f"ASK {{ ?s ?p {number} }} nonsense"), {}, "GET", 400),
        (query(f"SELECT * {{ SERVICE <http://127.0.0.1:9/{number}> {{ ?s ?p ?o }} }}"), {}, "GET", 400),
        (query(f"SELECT * {{ SERVICE SILENT <http://127.0.0.1:9/{number}> {{ ?s ?p ?o }} }}"), {}, "GET", 400),
        (query(f"INSERT DATA {{ <a:b> <a:c> {number} }}"), {}, "GET", 403),
        (query("ASK " + "{" * 5000 + "}" * 5000), {}, "GET", 400),
        (query("SELECT * {" + " UNION ".join(["{}"] * 2500) + "}"), {}, "GET", 400),
        (query("ASK {}") + "&query=ASK%7B%7D", {}, "GET", 400),
        ("/sparql?query=%FF%FE", {}, "GET", 400),
        (query("ASK {}"), {"Accept": "image/png"}, "GET", 406),
        (f"/concept/none-{number}", {}, "GET", 404),
        ("/concept/c0.ttl", {}, "PUT", 405),
        ("/dumps/none.ttl", {}, "GET", 404),
        ("/%00%01", {}, "GET", 404),
        ("/concept/c0", {"Accept": "image/png;q=1"}, "GET", 406),
    ])  # fmt: skip
    return Question("bad request", target, status_is(status), headers, method)


MIX: dict[Callable[[World, random.Random], Question], int] = {
    document: 30, redirect: 10, unchanged: 10, page: 8, dump: 8, small_query: 24, heavy_query: 4, bomb: 2,
    bad_request: 8,
}  # fmt: skip
"""How often each kind is asked, as parts of the whole."""


def choose(world: World, chance: random.Random) -> Question:
    """Return the next request of a client."""
    (make,) = chance.choices(list(MIX), list(MIX.values()))
    return make(world, chance)


def send(connection: http.client.HTTPConnection, question: Question) -> Answer:
    """Send a request and return its answer."""
    target = question.target.replace(UNIQUE, str(time.time_ns()))
    connection.request(question.method, target, body=question.body, headers=question.headers)
    response = connection.getresponse()
    return Answer(response.status, {name.lower(): value for name, value in response.getheaders()}, response.read())


def judge(question: Question, answer: Answer) -> str:
    """Return what an answer is: ``right``, or the kind of the problem that the server is right to have.

    Raises:
        WrongAnswerError: It is neither.
    """
    if answer.status == 503 and question.may_refuse and answer.problem in DELIBERATE | INTERRUPTED:
        if answer.problem in {"busy", "query-timeout"} and "retry-after" not in answer.fields:
            raise WrongAnswerError(f"{question.kind}: {answer.problem} without Retry-After")
        return answer.problem
    try:
        right = question.holds(answer)
    except (ValueError, KeyError, SyntaxError) as error:
        raise WrongAnswerError(f"{question.kind} {question.target[:200]}: {answer.status} {error!r}") from error
    if not right:
        raise WrongAnswerError(f"{question.kind} {question.target[:200]}: {answer.status} {answer.body[:200]!r}")
    return "right"


def hang_up(world: World, chance: random.Random) -> None:
    """Ask something costly and go away, at any time."""
    question = chance.choice([bomb, heavy_query, dump, document])(world, chance)
    with socket.create_connection(("127.0.0.1", world.port), timeout=30) as connection:
        message = f"{question.method} {question.target} HTTP/1.1\r\nHost: x\r\n".encode()
        whole = message + (b"Content-Length: 1000\r\n\r\n" if question.body else b"\r\n")
        connection.sendall(whole[: chance.randrange(1, len(whole) + 1)] if chance.random() < 0.3 else whole)
        time.sleep(chance.random() * 0.5)


def read_slowly(world: World, chance: random.Random, seconds: float) -> None:
    """Ask for a dump and read it drop by drop, then leave.

    Raises:
        WrongAnswerError: What has been read is not the beginning of the dump.
    """
    path = max(world.dumps, key=lambda dump: dump.stat().st_size)
    with socket.socket() as connection:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        connection.settimeout(30)
        connection.connect(("127.0.0.1", world.port))
        connection.sendall(f"GET /dumps/{quote(path.name)} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        got, end = b"", time.monotonic() + seconds
        while time.monotonic() < end and len(got) < 200_000:
            piece = connection.recv(1024)
            if not piece:
                break
            got += piece
            time.sleep(chance.random() * 0.1)
    head, _, body = got.partition(b"\r\n\r\n")
    with path.open("rb") as file:
        if not head.startswith(b"HTTP/1.1 200") or body != file.read(len(body)):
            raise WrongAnswerError(f"slow reader of {path.name}: {got[:200]!r}")
