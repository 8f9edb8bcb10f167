"""Sources become one dataset, and faults of all of them one report."""

import gzip
import os
import socket
import sys
from pathlib import Path

import pytest
from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from officegraph.model.namespaces import SKOS
from officegraph.vocabulary.errors import SourceError, SourceErrors, position
from officegraph.vocabulary.parse import _MOST_FAULTS
from officegraph.vocabulary.read import read_sources
from officegraph.vocabulary.sources import find_sources, graph_name

A, B, C, G = (NamedNode(f"http://e/{name}") for name in "abcg")
TRIPLE = Triple(A, B, C)
RDF_XML = (
    '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:e="http://e/">\n'
    '<rdf:Description rdf:about="http://e/a"><e:b rdf:resource="http://e/c"/></rdf:Description>\n</rdf:RDF>\n'
)
FORMATS = {
    "x.ttl": "<http://e/a> <http://e/b> <http://e/c> .",
    "x.turtle": "<http://e/a> <http://e/b> <http://e/c> .",
    "x.nt": "<http://e/a> <http://e/b> <http://e/c> .",
    "x.rdf": RDF_XML,
    "x.owl": RDF_XML,
    "x.xml": RDF_XML,
    "x.jsonld": '{"@id": "http://e/a", "http://e/b": {"@id": "http://e/c"}}',
    "x.json": '{"@id": "http://e/a", "http://e/b": {"@id": "http://e/c"}}',
}


def write(folder: Path, **files: str) -> None:
    for name, text in files.items():
        path = folder / name.replace("__", "/")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def fault(path: Path, **options) -> SourceError:
    with pytest.raises(SourceErrors) as raised:
        read_sources([path], **options)
    assert len(raised.value.errors) == 1, str(raised.value)
    return raised.value.errors[0]


@pytest.mark.parametrize("name", FORMATS)
def test_a_source_in_a_format_of_triples_is_a_named_graph_and_part_of_the_default_graph(tmp_path, name):
    (tmp_path / name).write_text(FORMATS[name])
    dataset = read_sources([tmp_path / name], base="http://base/")
    assert dataset.default == [TRIPLE]
    assert dataset.graphs == {NamedNode("http://base/graph/x"): [TRIPLE]}
    assert not dataset.quads


@pytest.mark.parametrize(
    ("name", "text"),
    [
        (
            "x.trig",
            "<http://e/c> <http://e/b> <http://e/a> . GRAPH <http://e/g> { <http://e/a> <http://e/b> <http://e/c> }",
        ),
        ("x.nq", "<http://e/c> <http://e/b> <http://e/a> .\n<http://e/a> <http://e/b> <http://e/c> <http://e/g> .\n"),
        (
            "x.jsonld",
            """[{"@id":"http://e/c","http://e/b":{"@id":"http://e/a"}},
            {"@id":"http://e/g","@graph":[{"@id":"http://e/a","http://e/b":{"@id":"http://e/c"}}]}]""",
        ),
    ],
)
@pytest.mark.parametrize("merge", [False, True])
def test_a_source_in_a_format_of_quads_keeps_its_graphs(tmp_path, name, text, merge):
    (tmp_path / name).write_text(text)
    dataset = read_sources([tmp_path / name], merge=merge)
    assert dataset.quads
    assert dataset.graphs == {G: [TRIPLE]}
    assert dataset.default == [Triple(C, B, A), *([TRIPLE] if merge else [])]


def test_quads_are_quads_even_without_a_named_graph(tmp_path):
    write(tmp_path, **{"x.nq": "<http://e/a> <http://e/b> <http://e/c> ."})
    dataset = read_sources([tmp_path / "x.nq"])
    assert (dataset.quads, dataset.default, dataset.graphs) == (True, [TRIPLE], {})


def test_triples_beside_quads_have_a_graph_and_are_in_the_default_graph(tmp_path):
    write(tmp_path, **{"q.nq": "<http://e/c> <http://e/b> <http://e/a> <http://e/g> .", "t.ttl": FORMATS["x.ttl"]})
    dataset = read_sources([tmp_path / "q.nq", tmp_path / "t.ttl"], base="http://base/")
    assert dataset.quads
    assert dataset.default == [TRIPLE]
    assert dataset.graphs == {G: [Triple(C, B, A)], NamedNode("http://base/graph/t"): [TRIPLE]}


def test_the_default_graph_is_a_merge_without_repetition(tmp_path):
    write(tmp_path, **{"a.ttl": FORMATS["x.ttl"] * 2, "b.nt": FORMATS["x.nt"]})
    dataset = read_sources([tmp_path])
    assert dataset.default == [TRIPLE]
    assert [len(triples) for triples in dataset.graphs.values()] == [1, 1]


def test_folders_are_read_with_their_folders_in_order_and_hidden_files_are_not(tmp_path):
    root = tmp_path / "voc"
    write(
        root,
        **{
            "b.ttl": "", "a__z.nt": "", "a__Y.TTL": "", ".hidden.ttl": "broken", ".git__x.ttl": "broken",
            "notes.txt": "broken",
            "package.json": '{"name": "x"}', "page.xml": "<html/>", "ld.json": '{"@context": {}}', "rdf.xml": RDF_XML,
        },
    )  # fmt: skip
    names = [source.name for source in find_sources([root])]
    assert names == ["voc/a/Y", "voc/a/z", "voc/b", "voc/ld", "voc/rdf"]


def test_names_of_graphs_do_not_depend_on_where_the_folder_lies(tmp_path, monkeypatch):
    for place in ("one", "two/three"):
        write(tmp_path / place / "voc", **{"a.ttl": FORMATS["x.ttl"]})
    found = [read_sources([tmp_path / place / "voc"], base="http://b/").graphs for place in ("one", "two/three")]
    monkeypatch.chdir(tmp_path / "one/voc")
    found.append(read_sources([Path()], base="http://b/").graphs)
    assert found == [{NamedNode("http://b/graph/voc/a"): [TRIPLE]}] * 3


def test_sources_of_one_name_are_told_apart_by_ending_and_then_by_number(tmp_path):
    write(tmp_path, **{"p__x.ttl": "", "p__x.nt": "", "q__x.ttl": "", "q__y.ttl": ""})
    found = find_sources([tmp_path / "p/x.nt", tmp_path / "q/x.ttl", tmp_path / "p/x.ttl", tmp_path / "q/y.ttl"])
    assert [(source.name, source.path.parent.name) for source in found] == [
        ("x.nt", "p"), ("x.ttl", "p"), ("x.ttl-2", "q"), ("y", "q"),
    ]  # fmt: skip


def test_a_file_that_is_named_twice_is_read_once(tmp_path):
    write(tmp_path, **{"a.ttl": FORMATS["x.ttl"]})
    assert len(find_sources([tmp_path, tmp_path / "a.ttl", tmp_path / "../" / tmp_path.name / "a.ttl"])) == 1


@pytest.mark.parametrize(
    ("name", "iri"),
    [
        ("data/functions", "http://b/graph/data/functions"),
        ("a b#c?d%e", "http://b/graph/a%20b%23c%3Fd%25e"),
        ("größe/日本", "http://b/graph/größe/日本"),
        ("[x]<y>\u200b", "http://b/graph/%5Bx%5D%3Cy%3E%E2%80%8B"),
    ],
)
def test_names_of_graphs_are_iris(name, iri):
    assert NamedNode(graph_name("http://b/", name)).value == iri


def test_the_base_is_found_where_none_is_given(tmp_path):
    write(tmp_path, **{"v.ttl": f"<http://e/voc/1> a <{SKOS.iri}Concept> ."})
    assert list(read_sources([tmp_path / "v.ttl"]).graphs) == [NamedNode("http://e/voc/graph/v")]
    write(tmp_path, **{"v.ttl": "<urn:x:1> <urn:x:2> <urn:x:3> ."})
    assert list(read_sources([tmp_path / "v.ttl"]).graphs) == [NamedNode("http://localhost/graph/v")]


def test_relative_iris_resolve_against_their_own_base_or_the_given_one(tmp_path):
    write(tmp_path, **{"v.ttl": "<a> <b> <#c> . @base <http://own/> . <a> <b> <c> ."})
    subjects = [triple.subject.value for triple in read_sources([tmp_path / "v.ttl"], base="http://e/").default]
    assert subjects == ["http://e/a", "http://own/a"]
    error = fault(tmp_path / "v.ttl")
    assert (error.line, error.column) == (1, 1)
    assert error.message == "a relative IRI, but there is no base to resolve it against"


def test_blank_nodes_are_labelled_in_order_and_never_shared_between_sources(tmp_path):
    write(
        tmp_path,
        **{
            "1.ttl": "[] <http://e/p> _:x . _:x <http://e/p> ( 1 ) .",
            "2.trig": "_:x <http://e/p> <<( _:x <http://e/p> _:y )>> . GRAPH _:g { _:y <http://e/p> _:b1 }",
        },
    )
    dataset = read_sources([tmp_path])
    assert read_sources([tmp_path / "2.trig", tmp_path / "1.ttl"]).default == dataset.default
    first, second = dataset.default[:2]
    assert (first.subject, first.object) == (BlankNode("b1"), BlankNode("b2"))
    assert second.subject in (BlankNode("b2"), BlankNode("b3"))
    quoted = dataset.default[-1]
    assert quoted.subject == quoted.object.subject == BlankNode("b4")
    assert quoted.object.object == BlankNode("b5")
    (name,) = (name for name in dataset.graphs if isinstance(name, BlankNode))
    assert name == BlankNode("b7")
    assert dataset.graphs[name] == [Triple(BlankNode("b5"), NamedNode("http://e/p"), BlankNode("b6"))]


def test_prefixes_are_gathered_and_the_first_source_wins(tmp_path):
    write(
        tmp_path,
        **{
            "1.ttl": "@prefix e: <http://e/> . @prefix : <http://f/> .",
            "2.ttl": "PREFIX e: <http://other/>\nPREFIX z: <http://z/>",
            "3.rdf": RDF_XML.replace("xmlns:e=", 'xmlns="http://d/" xmlns:y="http://y/" xmlns:e='),
        },
    )
    assert read_sources([tmp_path]).prefixes == {
        "e": "http://e/", "": "http://f/", "z": "http://z/", "y": "http://y/",
        "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    }  # fmt: skip


def test_compressed_sources_are_read(tmp_path):
    path = tmp_path / "x.ttl.gz"
    path.write_bytes(gzip.compress(FORMATS["x.ttl"].encode()))
    assert read_sources([path], base="http://b/").graphs == {NamedNode("http://b/graph/x"): [TRIPLE]}
    path.write_bytes(path.read_bytes()[:-9])
    assert "not sound gzip" in str(fault(path))
    path.write_bytes(b"no gzip")
    assert "not sound gzip" in str(fault(path))


@pytest.mark.parametrize("name", FORMATS)
def test_a_byte_order_mark_is_no_part_of_the_text(tmp_path, name):
    (tmp_path / name).write_bytes(b"\xef\xbb\xbf" + FORMATS[name].encode())
    assert read_sources([tmp_path / name]).default == [TRIPLE]


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ('<?xml version="1.0" encoding="ISO-8859-1"?>', "latin-1"),
        ("<?xml version='1.0' encoding='windows-1252' standalone='yes'?>", "cp1252"),
        ('<?xml version="1.0" encoding="UTF-16"?>', "utf-16"),
        ('<?xml version="1.0" encoding="utf-8"?>', "utf-8"),
    ],
)
def test_rdf_xml_is_read_in_the_encoding_that_it_declares(tmp_path, text, encoding):
    document = text + RDF_XML.replace('rdf:resource="http://e/c"/>', ">é</e:b>")
    (tmp_path / "x.rdf").write_bytes(document.encode(encoding))
    assert read_sources([tmp_path / "x.rdf"]).default == [Triple(A, B, Literal("é"))]


def test_lexical_forms_are_kept(tmp_path):
    write(
        tmp_path,
        **{"x.ttl": '@prefix x: <http://www.w3.org/2001/XMLSchema#>. <http://e/a> <http://e/b> 1.50, "01"^^x:int .'},
    )
    values = [triple.object.value for triple in read_sources([tmp_path / "x.ttl"]).default]
    assert values == ["1.50", "01"]


FAULTS = [
    ("x.ttl", "<http://e/a> <http://e/b> é:c .", (1, 27), "the prefix 'é:' is not declared"),
    ("x.ttl", '<http://e/a>\n  <http://e/b> "x\n" .', (2, 18), "ends on its own line"),
    ("x.ttl", "<http://e/a> <http://e/b> <http://e/c>", (1, 39), "a '.' or a closing mark is missing"),
    ("x.ttl", "<http://e/a> <http://e/b c> <http://e/c> .", (1, 14), "an IRI cannot hold ' '"),
    ("x.nt", "<http://e/a> <http://e/b> <http://e/c> .\n<a> <http://e/b> <http://e/c> .", (2, 1), "relative IRI"),
    ("x.nq", "<http://e/a> <http://e/b> <http://e/c> <http://e/d> <http://e/e> .", (1, 53), "a '.' is missing"),
    ("x.trig", "<http://e/g> { <http://e/a> <http://e/b> x:c }", (1, 42), "the prefix 'x:' is not declared"),
    ("x.jsonld", '{"@id": "http://e/a",\n "http://e/b" 1}', (2, 15), None),
    ("x.jsonld", """{"@context": {},\n "@graph": [\n {"@id": "http://e/a"},
 {"@id": "http://e/a", "http://e/b": {"@value": "x", "@id": "z"}}]}""", (4, 2), "@value and @id are incompatible"),
    ("x.jsonld", '[\n{"@id": "http://e/a"},\n{"@id": "http://e/a", "@type": 5}]', (3, 1), None),
    ("x.jsonld", '{\n"@context": "http://elsewhere.example/context", "@id": "http://e/a"}', (2, 1), "never fetched"),
    ("x.rdf", RDF_XML.replace("http://e/c", "http://e/ c"), (2, 41), "an IRI cannot hold ' '"),
    ("x.rdf", RDF_XML.replace("rdf:about", "rdf:li"), (2, 1), None),
    ("x.rdf", RDF_XML.replace("</rdf:RDF>", ""), (4, 1), "not well-formed XML: it ends too early"),
    ("x.rdf", "", (1, 1), "not well-formed XML: it ends too early"),
    ("x.rdf", "<html><body/></html>", (1, None), "not RDF/XML"),
    ("x.rdf", '<?xml version="1.0" encoding="klingon"?><a/>', (1, 1), "the encoding klingon is not known"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "text", "place", "words"), FAULTS)
def test_a_fault_is_reported_with_its_place_in_plain_words(tmp_path, name, text, place, words):
    write(tmp_path, **{name: text})
    error = fault(tmp_path / name)
    assert error.line == place[0]
    if place[1] is not None:
        assert error.column == place[1]
    assert words is None or words in error.message
    assert "Parser error" not in error.message
    assert str(error) == f"{tmp_path / name}:{error.line}:{error.column}: {error.message}"


@pytest.mark.parametrize("name", ["x.ttl", "x.rdf", "x.jsonld"])
def test_bytes_that_are_no_utf_8_are_reported_with_their_place(tmp_path, name):
    (tmp_path / name).write_bytes("é\nüx".encode() + b"\xff")
    error = fault(tmp_path / name)
    assert (error.line, error.column) == (2, 3)
    assert "not UTF-8" in error.message


def test_utf_16_is_named_as_what_it_is(tmp_path):
    (tmp_path / "x.ttl").write_bytes(FORMATS["x.ttl"].encode("utf-16"))
    assert "UTF-16" in fault(tmp_path / "x.ttl").message


def test_the_faults_of_all_sources_are_reported_together(tmp_path):
    write(
        tmp_path,
        **{
            "a.ttl": "<http://e/a> <http://e/b> x:c .\n" + FORMATS["x.nt"] + "\n<http://e/a> <http://e/b> y:c .",
            "b.ttl": FORMATS["x.ttl"],
            "c.rdf": "<a>",
        },
    )
    with pytest.raises(SourceErrors) as raised:
        read_sources([tmp_path])
    assert [(error.path.name, error.line) for error in raised.value.errors] == [
        ("a.ttl", 1),
        ("a.ttl", 3),
        ("c.rdf", 1),
    ]
    assert len(str(raised.value).splitlines()) == 3


def test_a_source_full_of_faults_does_not_flood_the_report(tmp_path):
    write(tmp_path, **{"x.ttl": "<http://e/a> <http://e/b> x:c .\n" * 500})
    with pytest.raises(SourceErrors) as raised:
        read_sources([tmp_path / "x.ttl"])
    assert len(raised.value.errors) == _MOST_FAULTS


def test_sources_that_cannot_be_found_are_reported_together(tmp_path):
    write(tmp_path, **{"x.docx": "", "empty__y.txt": ""})
    with pytest.raises(SourceErrors) as raised:
        read_sources([tmp_path / "x.docx", tmp_path / "none.ttl", tmp_path / "empty"])
    messages = [str(error) for error in raised.value.errors]
    assert "known endings are .ttl, " in messages[0]
    assert "there is no such file or folder" in messages[1]
    assert "the folder has no sources" in messages[2]


@pytest.mark.skipif(sys.platform != "linux", reason="other file systems have no such names")
def test_a_name_that_no_graph_can_bear_is_refused_in_words(tmp_path):
    Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xff.ttl")).write_text(FORMATS["x.ttl"], "utf-8")
    with pytest.raises(SourceErrors, match="the name of the file is not UTF-8"):
        read_sources([tmp_path], base=None, merge=False)


def test_no_sources_at_all_is_an_error():
    with pytest.raises(SourceErrors, match="no sources are given"):
        read_sources([])


def test_an_entity_bomb_is_refused(tmp_path):
    entities = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10 if n else "x" * 10}">' for n in range(9))
    text = f"<!DOCTYPE r [{entities}]>" + RDF_XML.replace('rdf:resource="http://e/c"/>', ">&a8;</e:b>")
    write(tmp_path, **{"x.rdf": text})
    assert "not well-formed XML: limit on input amplification" in fault(tmp_path / "x.rdf").message


def test_nothing_is_fetched(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as listener:
        address = f"http://127.0.0.1:{listener.getsockname()[1]}/x"
        write(
            tmp_path,
            **{
                "a.jsonld": f'{{"@context": "{address}", "@id": "http://e/a"}}',
                "b.jsonld": f'{{"@context": {{"@import": "{address}"}}, "@id": "http://e/a"}}',
                "c.rdf": f'<!DOCTYPE r SYSTEM "{address}" [<!ENTITY x SYSTEM "{address}">]>' + RDF_XML,
            },
        )
        with pytest.raises(SourceErrors):
            read_sources([tmp_path])
        listener.settimeout(0.2)
        with pytest.raises(TimeoutError):
            listener.accept()


def test_the_context_of_the_publisher_needs_no_network(tmp_path):
    for url, base in (
        ("https://w3id.org/officegraph/context.jsonld", None), ("http://b/context.jsonld", "http://b/")
    ):  # fmt: skip
        for named in (f'"{url}"', f'["{url}", {{"e": "http://e/"}}]'):
            write(tmp_path, **{"x.jsonld": f'{{"@context": {named}, "@id": "http://e/a", "broader": "http://e/c"}}'})
            assert read_sources([tmp_path / "x.jsonld"], base=base).default == [Triple(A, SKOS.broader, C)]


def test_language_tags_keep_the_spelling_of_the_sources(tmp_path):
    write(
        tmp_path,
        **{
            "a.ttl": '<http://e/a> <http://e/b> "x"@en-GB, \'y\' @de, """z "x"@EN """@en .',
            "b.rdf": RDF_XML.replace('rdf:resource="http://e/c"/>', ' xml:lang="zh-Hant">x</e:b>'),
            "c.jsonld": '{"@context": {"p": {"@id": "http://e/b", "@container": "@language"}}, "@id": "http://e/a",'
            '"p": {"fr-CA": "x"}, "http://e/c": {"@language": "sr-Latn", "@value": "x"}}',
        },
    )
    notes = []
    dataset = read_sources([tmp_path], note=notes.append)
    assert dataset.language_tags == {"en-gb": "en-GB", "zh-hant": "zh-Hant", "fr-ca": "fr-CA", "sr-latn": "sr-Latn"}
    assert notes == []


def test_a_tag_that_is_spelled_in_two_ways_is_noted(tmp_path):
    write(
        tmp_path,
        **{"a.nt": '<http://e/a> <http://e/b> "x"@en-gb .\n', "b.nt": '<http://e/a> <http://e/b> "y"@en-GB .\n' * 2},
    )
    notes = []
    assert read_sources([tmp_path], note=notes.append).language_tags == {"en-gb": "en-GB"}
    assert notes == ["the language tag en-gb is written en-GB (2 times), en-gb (1 times); it is published as en-GB"]


def test_positions_count_from_one():
    assert [position("ab\ncd", offset) for offset in (0, 2, 3, 5)] == [(1, 1), (1, 3), (2, 1), (2, 3)]
