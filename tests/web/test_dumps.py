"""``/dumps/`` and ``/dataset``: whole files, parts of them, digests, and counts that agree."""

from __future__ import annotations

import gzip
import hashlib
import json
import re
from base64 import b64encode
from pathlib import Path

import pyoxigraph
import pytest
import zstandard
from flask import Flask
from flask.testing import FlaskClient
from pyoxigraph import DefaultGraph, Literal, NamedNode
from werkzeug.test import TestResponse

from officegraph import create_app
from officegraph.model.formats import PYOXIGRAPH_RDF

VOID = "http://rdfs.org/ns/void#"
DCAT = "http://www.w3.org/ns/dcat#"
SPDX = "http://spdx.org/rdf/terms#"


def index(client: FlaskClient) -> dict[str, dict[str, object]]:
    return {dump["name"]: dump for dump in json.loads(client.get("/dumps.json").get_data())["dumps"]}


def dump_path(client: FlaskClient, ending: str) -> str:
    return "/dumps/" + next(
        name for name, dump in index(client).items() if name.endswith(ending) and not dump["scheme"]
    )


@pytest.fixture(scope="module")
def turtle(app: Flask) -> tuple[str, bytes]:
    """Return path and content of the Turtle dump."""
    client = app.test_client()
    path = dump_path(client, ".ttl")
    return path, client.get(path).get_data()


def test_the_index_is_negotiated_between_json_and_a_page(client: FlaskClient) -> None:
    assert client.get("/dumps/").mimetype == "application/json"
    assert client.get("/dumps/", headers={"Accept": "text/html"}).mimetype == "text/html"
    assert client.get("/dumps/", headers={"Accept": "text/turtle"}).status_code == 406
    assert client.get("/dumps.html", headers={"Accept": "application/json"}).mimetype == "text/html"
    page = client.get("/dumps.html").get_data(as_text=True)
    for name in index(client):
        assert f'/dumps/{name}"' in page


def test_every_dump_is_what_the_index_the_checksums_and_the_fields_say(client: FlaskClient) -> None:
    checksums = dict(
        reversed(line.split("  ")) for line in client.get("/dumps/SHA256SUMS").get_data(as_text=True).splitlines()
    )
    dumps = index(client)
    assert set(checksums) == set(dumps)
    endings = {name.partition(".")[2].replace(f"{name.rpartition('.')[0]}.", "") for name in dumps}
    for format_ in ("ttl", "nt", "rdf", "jsonld", "trig", "nq"):
        for coding in ("", ".gz", ".zst"):
            if format_ != "rdf":
                assert any(name.endswith(f".{format_}{coding}") for name in dumps), (format_, coding, endings)
    for name, dump in dumps.items():
        response = client.get(f"/dumps/{name}", headers={"Accept-Encoding": "identity"})
        body = response.get_data()
        digest = hashlib.sha256(body)
        assert response.status_code == 200
        assert digest.hexdigest() == dump["sha256"] == checksums[name]
        assert len(body) == dump["bytes"] == int(response.headers["Content-Length"])
        assert response.headers["Repr-Digest"] == f"sha-256=:{b64encode(digest.digest()).decode()}:"
        assert response.headers["Content-Disposition"] == f'attachment; filename="{name}"'
        assert response.headers["Accept-Ranges"] == "bytes"
        assert "Content-Encoding" not in response.headers
        if name.endswith(".gz"):
            assert response.mimetype == "application/gzip"
        elif name.endswith(".zst"):
            assert response.mimetype == "application/zstd"
        else:
            assert response.mimetype == dump["mediaType"]
        assert dump["url"] == f"http://localhost/dumps/{name}"


def test_rdf_xml_is_left_out_where_it_cannot_say_the_data(client: FlaskClient, quads: FlaskClient) -> None:
    assert not any(name.endswith(".rdf") for name in index(client)), "a predicate has no local name"
    assert any(name.endswith(".rdf") for name in index(quads))


def test_compressed_dumps_hold_the_same_bytes(client: FlaskClient, turtle: tuple[str, bytes]) -> None:
    path, body = turtle
    assert gzip.decompress(client.get(f"{path}.gz").get_data()) == body
    assert zstandard.ZstdDecompressor().decompressobj().decompress(client.get(f"{path}.zst").get_data()) == body


def test_the_coding_gzip_has_its_own_tag_and_digest(client: FlaskClient, turtle: tuple[str, bytes]) -> None:
    path, body = turtle
    plain = client.get(path)
    packed = client.get(path, headers={"Accept-Encoding": "gzip"})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert packed.mimetype == plain.mimetype == "text/turtle"
    assert gzip.decompress(packed.get_data()) == body
    assert packed.headers["ETag"] != plain.headers["ETag"]
    assert packed.headers["Vary"] == plain.headers["Vary"] == "Accept-Encoding"
    sent = hashlib.sha256(packed.get_data()).digest()
    assert packed.headers["Repr-Digest"] == f"sha-256=:{b64encode(sent).decode()}:"
    again = client.get(path, headers={"If-None-Match": plain.headers["ETag"], "Accept-Encoding": "gzip"})
    assert again.status_code == 200
    file = client.get(f"{path}.gz", headers={"Accept-Encoding": "gzip"})
    assert "Content-Encoding" not in file.headers, "the file itself is the representation"
    assert "Vary" not in file.headers


@pytest.mark.parametrize("name", ["latest", "{}-latest.ttl", "{}-latest.nq.gz"])
def test_latest_redirects_to_the_version(client: FlaskClient, name: str) -> None:
    description = json.loads(client.get("/dumps.json").get_data())
    response = client.get(f"/dumps/{name.format(description['name'])}")
    assert response.status_code in {302, 307}
    target = response.headers["Location"]
    assert target.startswith("http://localhost/dumps/")
    assert description["version"] in target or name == "latest"
    assert client.get(target.removeprefix("http://localhost")).status_code == 200


@pytest.mark.parametrize(
    "name",
    ["", "nothing", "..%2Fmanifest.json", "%2e%2e/manifest.json", "../../etc/passwd", "latest.ttl", "x-latest.ttl"],
)
def test_only_dumps_can_be_downloaded(client: FlaskClient, name: str) -> None:
    assert client.get(f"/dumps/{name}").status_code == (404 if name else 200)


# Ranges; S stands for the size.

RANGES = [
    ("bytes=0-0", [(0, 0)]),
    ("bytes=0-99", [(0, 99)]),
    ("bytes=100-", [(100, "S-1")]),
    ("bytes=-1", [("S-1", "S-1")]),
    ("bytes=-100", [("S-100", "S-1")]),
    ("bytes=S-1-S-1", None),
    ("bytes=0-99999999", [(0, "S-1")]),
    ("bytes=-99999999", [(0, "S-1")]),
    ("BYTES=0-1", [(0, 1)]),
    ("bytes=0-1,5-6", [(0, 1), (5, 6)]),
    ("bytes=5-6,0-1", [(5, 6), (0, 1)]),
    ("bytes=0-4,3-9", [(0, 9)]),
    ("bytes= 0-1 , 8-9", [(0, 1), (8, 9)]),
    ("bytes=0-1,99999999-", [(0, 1)]),
    ("bytes=99999999-", 416),
    ("bytes=-0", 416),
    ("bytes=99999999-99999999,-0", 416),
    ("bytes=5-4", None),
    ("bytes=a-b", None),
    ("bytes=", None),
    ("bytes=-", None),
    ("bytes=1", None),
    ("lines=0-1", None),
    ("0-1", None),
    ("bytes=" + ",".join(f"{n}-{n}" for n in range(0, 200, 2)), None),
    ("bytes=0-1-2", None),
    ("bytes=+0-1", None),
]


def parts_of(response: TestResponse) -> list[tuple[str, bytes]]:
    mark = re.fullmatch(r"multipart/byteranges; boundary=(\w+)", response.headers["Content-Type"])
    assert mark is not None
    chunks = response.get_data().split(f"--{mark[1]}".encode())
    assert chunks[-1] == b"--\r\n"
    found = []
    for chunk in chunks[1:-1]:
        head, _, body = chunk.partition(b"\r\n\r\n")
        found.append((head.decode(), body.removesuffix(b"\r\n")))
    return found


@pytest.mark.parametrize(("header", "expected"), RANGES)
def test_ranges(client: FlaskClient, turtle: tuple[str, bytes], header: str, expected: object) -> None:
    path, body = turtle
    size = len(body)
    response = client.get(path, headers={"Range": header.replace("S-1", str(size - 1)) if expected else header})
    if expected == 416:
        assert response.status_code == 416
        assert response.headers["Content-Range"] == f"bytes */{size}"
        return
    if expected is None:
        assert response.status_code == 200
        assert response.get_data() == body
        return
    assert isinstance(expected, list)
    spans = [tuple(size + int(end[1:]) if isinstance(end, str) else end for end in span) for span in expected]
    assert response.status_code == 206
    assert int(response.headers["Content-Length"]) == len(response.get_data())
    assert response.headers["ETag"] == client.get(path).headers["ETag"]
    assert response.headers["Repr-Digest"] == client.get(path).headers["Repr-Digest"], "the digest is of the whole"
    if len(spans) == 1:
        first, last = spans[0]
        assert response.headers["Content-Range"] == f"bytes {first}-{last}/{size}"
        assert response.mimetype == "text/turtle"
        assert response.get_data() == body[first : last + 1]
        return
    assert "Content-Range" not in response.headers
    for (head, content), (first, last) in zip(parts_of(response), spans, strict=True):
        assert f"Content-Range: bytes {first}-{last}/{size}" in head
        assert "Content-Type: text/turtle" in head
        assert content == body[first : last + 1]


@pytest.mark.parametrize("packed", [False, True])
def test_a_range_is_one_of_the_coding_that_is_sent(
    client: FlaskClient, turtle: tuple[str, bytes], packed: bool
) -> None:
    coding = {"Accept-Encoding": "gzip" if packed else "identity"}
    whole = client.get(turtle[0], headers=coding)
    part = client.get(turtle[0], headers={**coding, "Range": "bytes=10-19"})
    assert part.get_data() == whole.get_data()[10:20]
    assert part.headers.get("Content-Encoding") == whole.headers.get("Content-Encoding")
    assert part.headers["ETag"] == whole.headers["ETag"]


def test_if_range_holds_for_the_very_representation_only(client: FlaskClient, turtle: tuple[str, bytes]) -> None:
    path, _ = turtle
    whole = client.get(path)
    etag, date = whole.headers["ETag"], whole.headers["Last-Modified"]
    table = [
        (etag, 206),
        (date, 206),
        (f"W/{etag}", 200),
        ('"other"', 200),
        ("Sat, 01 Jan 2000 00:00:00 GMT", 200),
        ("nonsense", 200),
        (client.get(path, headers={"Accept-Encoding": "gzip"}).headers["ETag"], 200),
    ]
    for condition, status in table:
        response = client.get(path, headers={"Range": "bytes=0-1", "If-Range": condition})
        assert response.status_code == status, condition


def test_preconditions_go_before_ranges_and_head_has_none(client: FlaskClient, turtle: tuple[str, bytes]) -> None:
    path, body = turtle
    etag = client.get(path).headers["ETag"]
    assert client.get(path, headers={"Range": "bytes=0-1", "If-None-Match": etag}).status_code == 304
    assert client.get(path, headers={"Range": "bytes=0-1", "If-Match": '"other"'}).status_code == 412
    assert client.get(path, headers={"Range": "bytes=0-1", "If-Match": etag}).status_code == 206
    head = client.head(path, headers={"Range": "bytes=0-1"})
    assert head.status_code == 200
    assert int(head.headers["Content-Length"]) == len(body)
    assert head.get_data() == b""


# What is counted


def parsed(client: FlaskClient, ending: str) -> list[pyoxigraph.Quad]:
    body = client.get(dump_path(client, f".{ending}")).get_data()
    return list(pyoxigraph.parse(body, format=PYOXIGRAPH_RDF[ending]))


def counted(client: FlaskClient, pattern: str) -> int:
    answer = client.get("/sparql", query_string={"query": f"SELECT (COUNT(*) AS ?n) {{ {pattern} }}"})
    return int(json.loads(answer.get_data())["results"]["bindings"][0]["n"]["value"])


@pytest.mark.parametrize("kind", ["triples", "quads"])
def test_dumps_endpoint_description_and_index_agree(client: FlaskClient, quads: FlaskClient, kind: str) -> None:
    asked = client if kind == "triples" else quads
    default = counted(asked, "?s ?p ?o")
    named = counted(asked, "GRAPH ?g { ?s ?p ?o }")
    for ending in ("ttl", "nt", "jsonld"):
        assert len({quad.triple for quad in parsed(asked, ending)}) == default, ending
    for ending in ("trig", "nq"):
        found = set(parsed(asked, ending))
        in_default = [quad for quad in found if isinstance(quad.graph_name, DefaultGraph)]
        assert len(found) - len(in_default) == named
        assert len(in_default) in ({0} if kind == "triples" else {default})
    for name, dump in index(asked).items():
        if not dump["scheme"] and name.endswith((".ttl", ".nt", ".jsonld", ".ttl.gz")):
            assert dump["statements"] == default
    description = dataset(asked)
    iri = next(t.subject for t in description if t.predicate.value == f"{VOID}sparqlEndpoint")
    totals = {t.object.value for t in description if t.subject == iri and t.predicate.value == f"{VOID}triples"}
    if kind == "quads":
        distinct = "SELECT DISTINCT ?s ?p ?o { { ?s ?p ?o } UNION { GRAPH ?g { ?s ?p ?o } } }"
        assert totals == {str(counted(asked, f"{{ {distinct} }}"))}, "VoID counts triples, wherever they are"
    else:
        assert totals == {str(default)}


def dataset(client: FlaskClient) -> set[pyoxigraph.Triple]:
    body = client.get("/dataset.nt").get_data()
    return {quad.triple for quad in pyoxigraph.parse(body, format=pyoxigraph.RdfFormat.N_TRIPLES)}


def test_the_description_knows_size_and_checksum_of_every_dump(client: FlaskClient) -> None:
    triples = dataset(client)
    dumps = {dump["url"]: dump for dump in index(client).values()}

    def values(subject: object, predicate: str) -> set[str]:
        return {t.object.value for t in triples if t.subject == subject and t.predicate.value == predicate}

    urls = {t.object.value: t.subject for t in triples if t.predicate.value == f"{DCAT}downloadURL"}
    assert set(urls) == set(dumps)
    checksums = {
        t.subject: next(
            o.object for o in triples if o.subject == t.object and o.predicate.value == f"{SPDX}checksumValue"
        )
        for t in triples
        if t.predicate.value == f"{SPDX}checksum"
    }
    for url, distribution in urls.items():
        assert values(distribution, f"{DCAT}byteSize") == {str(dumps[url]["bytes"])}
        checksum = checksums[distribution]
        assert isinstance(checksum, Literal)
        assert checksum.value == dumps[url]["sha256"]
        for media_type in values(distribution, f"{DCAT}mediaType"):
            assert media_type == f"https://www.iana.org/assignments/media-types/{dumps[url]['mediaType']}"


@pytest.mark.parametrize("predicate", [f"{VOID}dataDump", f"{VOID}sparqlEndpoint", f"{VOID}exampleResource"])
def test_what_the_description_points_to_is_there(client: FlaskClient, predicate: str) -> None:
    found = [t.object for t in dataset(client) if t.predicate.value == predicate]
    assert found
    for target in found:
        assert isinstance(target, NamedNode)
        path = target.value.removeprefix("http://localhost").removeprefix("https://example.org/voc")
        assert client.get(path).status_code in {200, 303}, target


def test_well_known_void_leads_to_the_description(client: FlaskClient) -> None:
    response = client.get("/.well-known/void", headers={"Accept": "text/turtle"}, follow_redirects=True)
    assert response.status_code == 200
    assert response.mimetype == "text/turtle"
    assert "void:Dataset" in response.get_data(as_text=True)


def test_names_that_are_not_ascii_are_escaped_where_they_have_to_be(tmp_path: Path) -> None:
    source = tmp_path / "v.ttl"
    source.write_text(
        "@prefix skos: <http://www.w3.org/2004/02/skos/core#> . <https://example.org/v/> a skos:ConceptScheme ;"
        ' skos:prefLabel "Büro (Entwurf)"@de . <https://example.org/v/a> a skos:Concept ;'
        ' skos:prefLabel "a"@de ; skos:inScheme <https://example.org/v/> .',
        "utf-8",
    )
    client = create_app([source], language="de").test_client()
    path = dump_path(client, ".ttl")
    assert "büro-entwurf" in path
    response = client.get(path)
    assert response.status_code == 200
    assert "filename*=UTF-8''b%C3%BCro-entwurf" in response.headers["Content-Disposition"]
    latest = client.get("/dumps/büro-entwurf-latest.ttl")
    assert latest.status_code == 302
    assert latest.headers["Location"].isascii()
    assert client.get("/dataset.ttl").status_code == 200


def test_the_sitemap_lists_pages_that_are_there(client: FlaskClient) -> None:
    urls = re.findall(r"<loc>([^<]*)</loc>", client.get("/sitemap.xml").get_data(as_text=True))
    assert len(urls) > 15
    for url in urls:
        path = url.replace("&amp;", "&").removeprefix("http://localhost")
        response = (
            client.get("/", environ_overrides={"REQUEST_URI": path, "PATH_INFO": path, "QUERY_STRING": ""})
            if "?" not in path
            else client.get(path)
        )
        assert response.status_code == 200, url
        assert response.mimetype == "text/html"
