"""Problem details."""

import json
import re

import pytest

from officegraph.http.problem import PROBLEM_TYPES, Problem, ProblemError, make_problem, problem_format


def test_a_problem_has_the_members_of_the_specification():
    problem = make_problem("query-syntax", "Expected a term.", instance="/sparql", line=3, column=7, expected=None)
    assert json.loads(problem.as_json()) == {
        "type": "/problems/query-syntax",
        "title": "The query is not valid SPARQL",
        "status": 400,
        "detail": "Expected a term.",
        "instance": "/sparql",
        "line": 3,
        "column": 7,
    }


def test_absent_members_are_left_out():
    assert json.loads(Problem(404, "Not Found").as_json()) == {
        "type": "about:blank",
        "title": "Not Found",
        "status": 404,
    }


def test_extensions_cannot_pass_for_members_of_the_specification():
    problem = Problem(404, "Not found", extensions={"status": 200, "title": "Fine"})
    assert json.loads(problem.as_json())["status"] == 404
    assert json.loads(problem.as_json())["title"] == "Not found"


def test_fields_are_no_members():
    problem = make_problem("method-not-allowed", headers=(("Allow", "GET"),))
    assert problem.headers == (("Allow", "GET"),)
    assert b"Allow" not in problem.as_json().replace(b"not allowed", b"")


def test_text_is_for_people():
    problem = make_problem("not-acceptable", "Größer.", offers=[{"mediaType": "text/turtle"}], hint="x")
    assert problem.as_text().decode() == (
        '406 No format that is accepted\n\nGrößer.\n\noffers: [{"mediaType": "text/turtle"}]\nhint: x\n'
    )
    assert make_problem("gone").as_text() == b"410 Gone\n"


def test_text_that_is_no_unicode_does_no_harm():
    problem = make_problem("not-found", "\ud800")
    assert b"?" in problem.as_text()
    json.loads(problem.as_json())


@pytest.mark.parametrize("name", PROBLEM_TYPES)
def test_every_type_is_documented_and_has_an_error_status(name):
    kind = PROBLEM_TYPES[name]
    assert re.fullmatch("[a-z]+(-[a-z]+)*", name)
    assert 400 <= kind.status < 600
    assert kind.title
    assert not kind.title.endswith(".")
    assert kind.description.endswith(".")
    problem = make_problem(name)
    assert (problem.status, problem.title, problem.type) == (kind.status, kind.title, f"/problems/{name}")


def test_titles_tell_types_apart():
    assert len({kind.title for kind in PROBLEM_TYPES.values()}) == len(PROBLEM_TYPES)


def test_there_is_no_undocumented_type():
    with pytest.raises(KeyError):
        make_problem("nonsense")


def test_an_error_carries_its_problem():
    error = ProblemError(make_problem("gone", "It left in 2025."))
    assert str(error) == "It left in 2025."
    assert error.problem.status == 410
    assert str(ProblemError(make_problem("gone"))) == "Gone"


@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        (None, "application/problem+json"),
        ("*/*", "application/problem+json"),
        ("application/problem+json", "application/problem+json"),
        ("application/json", "application/problem+json"),
        ("application/sparql-results+json", "application/problem+json"),
        ("text/turtle", "application/problem+json"),
        ("text/turtle, */*;q=0.1", "application/problem+json"),
        ("image/png", "application/problem+json"),
        ("*/*;q=0", "application/problem+json"),
        ("text/plain", "text/plain"),
        ("text/plain;q=0.9, application/json;q=0.5", "text/plain"),
        ("text/html", "text/html"),
        ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "text/html"),
    ],
)
def test_the_form_of_a_problem_follows_accept(accept, expected):
    assert problem_format(accept).media_type == expected
