"""A query as a command line and as a program, to go on from the page."""

from __future__ import annotations

import json
import shlex
from collections.abc import Sequence

from officegraph.model.formats import CSV, RESULTS_JSON, TURTLE


def curl(endpoint: str, query: str, parameters: Sequence[tuple[str, str]] = (), *, graph: bool = False) -> str:
    """Return the command that sends ``query`` by curl, for any shell of POSIX.

    Args:
        endpoint: URL of the endpoint.
        query: The query.
        parameters: Further parameters of the protocol.
        graph: Whether the answer is a graph.
    """
    accept = (TURTLE if graph else CSV).media_type
    lines = [f"curl --get {shlex.quote(endpoint)}", f"--header 'Accept: {accept}'"]
    lines += [f"--data-urlencode {shlex.quote(f'{name}={value}')}" for name, value in parameters]
    lines.append(f"--data-urlencode {shlex.quote(f'query={query}')}")
    return " \\\n  ".join(lines)


def python(
    endpoint: str,
    query: str,
    parameters: Sequence[tuple[str, str]] = (),
    *,
    form: str = "SELECT",
) -> str:
    """Return the program that sends ``query`` by Python's own library and prints the answer.

    Args:
        endpoint: URL of the endpoint.
        query: The query.
        parameters: Further parameters of the protocol.
        form: The query form.
    """
    accept = (RESULTS_JSON if form in {"SELECT", "ASK"} else TURTLE).media_type
    sent = ['("query", query)', *(f"({_literal(name)}, {_literal(value)})" for name, value in parameters)]
    reading = {
        "SELECT": (
            '    for row in json.load(response)["results"]["bindings"]:\n'
            '        print({name: term["value"] for name, term in row.items()})'
        ),
        "ASK": '    print(json.load(response)["boolean"])',
    }.get(form, "    print(response.read().decode())")
    imports = ["from urllib.parse import urlencode", "from urllib.request import Request, urlopen"]
    if "json." in reading:
        imports.insert(0, "import json")
    return "\n".join(
        [
            *imports, "", f"query = {_text(query)}", f"data = urlencode([{', '.join(sent)}]).encode()",
            f"request = Request({_literal(endpoint)}, data, {{{_literal('Accept')}: {_literal(accept)}}})",
            "with urlopen(request) as response:", reading,
        ]
    )  # fmt: skip


def _literal(text: str) -> str:
    """Return ``text`` as a literal of Python; strings of JSON are that too."""
    return json.dumps(text, ensure_ascii=False)


def _text(query: str) -> str:
    """Return ``query`` as a literal of Python, over several lines where that is safe."""
    readable = all(character.isprintable() or character in "\n\t" for character in query)
    if not readable or '"""' in query or "\\" in query or query.endswith('"'):
        return repr(query)
    return f'"""{query}"""'
