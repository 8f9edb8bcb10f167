"""The application factory: what it takes, what it refuses, and that several applications stay apart."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest

import officegraph
from officegraph import create_app
from officegraph.release.build import build_release
from officegraph.release.manifest import ReleaseError
from officegraph.settings import Settings
from officegraph.vocabulary.read import SourceErrors

SKOS = "http://www.w3.org/2004/02/skos/core#"
HASH = f"""@prefix : <https://thesaurus.example/terms#> . @prefix skos: <{SKOS}> .
:scheme a skos:ConceptScheme ; skos:prefLabel "Terms"@en .
:a a skos:Concept ; skos:inScheme :scheme ; skos:prefLabel "a"@en .
:b a skos:Concept ; skos:inScheme :scheme ; skos:prefLabel "b"@en ; skos:related :a .
"""


def write(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text, "utf-8")
    return path


@pytest.mark.parametrize("kind", [str, Path, lambda path: [path], lambda path: (str(path),), lambda path: iter([path])])
def test_sources_are_one_path_or_several(tmp_path: Path, kind) -> None:  # type: ignore[no-untyped-def]
    app = create_app(kind(write(tmp_path, "hash.ttl", HASH)))
    with closing(app.extensions["officegraph"]) as publication:
        assert publication.release.base == "https://thesaurus.example/"


def test_a_folder_of_sources_is_read_whole(tmp_path: Path) -> None:
    folder = tmp_path / "sources"
    folder.mkdir()
    write(folder, "a.ttl", HASH)
    write(folder, "b.nt", f'<https://thesaurus.example/terms#a> <{SKOS}altLabel> "other"@en .\n')
    app = create_app(folder)
    with closing(app.extensions["officegraph"]):
        assert "other" in app.test_client().get("/terms.ttl").get_data(as_text=True)


def test_hash_iris_are_served_by_their_document(tmp_path: Path) -> None:
    app = create_app([write(tmp_path, "hash.ttl", HASH)])
    client = app.test_client()
    with closing(app.extensions["officegraph"]):
        thing = client.get("/terms", headers={"Accept": "text/turtle"})
        assert thing.status_code == 303
        assert thing.headers["Location"] == "http://localhost/terms.ttl"
        text = client.get("/terms.ttl").get_data(as_text=True)
        assert all(f'"{label}"@en' in text for label in ("a", "b", "Terms"))
        by_iri = client.get("/resource?uri=https%3A%2F%2Fthesaurus.example%2Fterms%23b")
        assert by_iri.status_code == 303
        assert by_iri.headers["Location"] == "http://localhost/terms#b"
        assert client.get("/terms.html").status_code == 200


def test_the_base_is_a_setting(tmp_path: Path) -> None:
    source = write(tmp_path, "hash.ttl", HASH.replace("terms#", "deep/terms/"))
    for base, path in ((None, "/a"), ("https://thesaurus.example/", "/deep/terms/a")):
        app = create_app([source], **({} if base is None else {"base": base}))
        with closing(app.extensions["officegraph"]):
            assert app.test_client().get(path).status_code == 303, base


def test_a_release_or_a_folder_of_releases_is_served(tmp_path: Path) -> None:
    source = write(tmp_path, "hash.ttl", HASH)
    release = build_release([source], tmp_path / "out", Settings())
    for path in (release, str(release), tmp_path / "out"):
        app = create_app(release=path)
        with closing(app.extensions["officegraph"]):
            assert app.test_client().get("/terms.ttl").status_code == 200


def test_releases_are_kept_and_built_again_only_when_the_sources_change(tmp_path: Path) -> None:
    source = write(tmp_path, "hash.ttl", HASH)

    def served() -> Path:
        app = create_app([source], releases=tmp_path / "out")
        with closing(app.extensions["officegraph"]) as publication:
            return publication.release.path  # type: ignore[no-any-return]

    first = served()
    assert served() == first
    write(tmp_path, "hash.ttl", HASH.replace('"b"@en', '"changed"@en'))
    assert served() != first


@pytest.mark.parametrize(
    ("settings", "error", "message"),
    [
        ({"sources": "hash.ttl", "release": "out"}, ValueError, "either"),
        ({"sources": "hash.ttl", "colour": "blue", "shape": 1}, ValueError, "colour, shape"),
        ({"sources": "hash.ttl", "query_timeout": 0}, ValueError, "query_timeout"),
        ({"sources": "hash.ttl", "query_workers": 0}, ValueError, "query_workers"),
        ({"sources": "hash.ttl", "base": "no iri"}, ValueError, "no iri"),
        ({"sources": "missing.ttl"}, (OSError, SourceErrors), "missing.ttl"),
        ({"sources": ["hash.ttl", "missing.ttl"]}, (OSError, SourceErrors), "missing.ttl"),
        ({"sources": "bad.ttl"}, SourceErrors, "bad.ttl:3:1:"),
        ({"sources": "notes.txt"}, SourceErrors, "notes.txt"),
        ({"sources": []}, (ValueError, OSError, SourceErrors), ""),
        ({"release": "missing"}, ReleaseError, "missing"),
        ({"release": "."}, ReleaseError, ""),
    ],
)
def test_what_cannot_be_served_is_refused_with_a_reason(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, settings: dict[str, object], error: type[Exception], message: str
) -> None:
    write(tmp_path, "hash.ttl", HASH)
    write(tmp_path, "bad.ttl", "@prefix : <urn:> .\n:a :b \n")
    write(tmp_path, "notes.txt", "no vocabulary")
    monkeypatch.chdir(tmp_path)
    with pytest.raises(error) as raised:
        create_app(**settings)  # type: ignore[arg-type]
    assert message in str(raised.value)


def test_all_errors_of_a_source_tell_their_place(tmp_path: Path) -> None:
    with pytest.raises(SourceErrors) as raised:
        create_app([write(tmp_path, "bad.ttl", "@prefix : <urn:> .\n:a :b :c .\n:a :b nope:c .\n")])
    error = raised.value.errors[0]
    assert (error.path.name, error.line) == ("bad.ttl", 3)
    assert error.column is not None
    assert str(error).startswith(f"{tmp_path}/bad.ttl:3:")


def test_two_applications_stay_apart(tmp_path: Path) -> None:
    one = create_app([write(tmp_path, "one.ttl", HASH)])
    two = create_app([write(tmp_path, "two.ttl", HASH.replace('"b"@en', '"other"@en'))])
    with closing(one.extensions["officegraph"]), closing(two.extensions["officegraph"]):
        bodies = {
            app.test_client().get(path).get_data() for app in (one, two) for path in ("/terms.ttl", "/dataset.nt")
        }
        assert len(bodies) == 4
        tags = {
            app.test_client().get(path).headers["ETag"]
            for app in (one, two)
            for path in ("/", "/terms.html", "/sparql")
        }
        assert len(tags) == 6


def test_the_same_vocabulary_at_two_hosts_names_each_its_own(tmp_path: Path) -> None:
    app = create_app([write(tmp_path, "hash.ttl", HASH)])
    with closing(app.extensions["officegraph"]):
        for host in ("one.example", "two.example"):
            client = app.test_client()
            for path in ("/sparql", "/dataset.ttl", "/dumps.json", "/robots.txt", "/sitemap.xml"):
                assert f"http://{host}/" in client.get(path, headers={"Host": host}).get_data(as_text=True)


def test_an_application_that_is_closed_answers_503_to_queries(tmp_path: Path) -> None:
    app = create_app([write(tmp_path, "hash.ttl", HASH)])
    app.extensions["officegraph"].engine.close()
    client = app.test_client()
    assert client.get("/sparql?query=ASK%7B%7D").status_code in {502, 503}
    assert client.get("/health/ready").status_code == 503
    assert client.get("/health/live").status_code == 200
    app.extensions["officegraph"].close()
    app.extensions["officegraph"].close()


def test_flask_is_not_loaded_before_it_is_needed() -> None:
    import subprocess
    import sys

    code = "import sys, officegraph, officegraph.cli; sys.exit('flask' in sys.modules or 'pyoxigraph' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
    assert officegraph.__all__ == ["__version__", "create_app"]
