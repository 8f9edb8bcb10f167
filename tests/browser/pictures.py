"""Take the pictures of README.md, or of every kind of page, to be looked at.

.venv/bin/python tests/browser/pictures.py                 # the two of README.md, into tests/browser/pictures/
.venv/bin/python tests/browser/pictures.py --all FOLDER    # every kind of page, every size and colour scheme
.venv/bin/python tests/browser/pictures.py --all FOLDER --server http://127.0.0.1:8000/ --kinds home concept
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from playwright.sync_api import Browser

from browser.chromium import launched, watched
from browser.kinds import COMING, KINDS, SCHEMES, SIZES, query
from live_server import live_server

HERE = Path(__file__).resolve().parent / "pictures"

QUERY = """PREFIX ofo: <https://w3id.org/officegraph/ontology#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>

SELECT ?function ?office (COUNT(?placement) AS ?placements) WHERE {
  ?placement ofo:function ?function ;
             ofo:office ?office .
}
GROUP BY ?function ?office
ORDER BY DESC(?placements)
LIMIT 8"""

README = {"concept": "/concept/settlement", "sparql": query(QUERY)}
"""The pictures of README.md and what they show: the beginning of each page, at desk size."""

LARGEST = 200_000
"""Bytes that one of them may have."""


@contextmanager
def root_of(given: str | None) -> Iterator[str]:
    """Give the root URL of the server that was named, or of one that runs as long."""
    if given is not None:
        yield given
        return
    with tempfile.TemporaryDirectory(prefix="pictures-") as folder, live_server(Path(folder)) as server:
        yield server.root


def take_readme(browser: Browser, root: str, folder: Path) -> None:
    """Take the pictures of README.md.

    Raises:
        SystemExit: One is larger than a README should carry.
    """
    for name, path in README.items():
        with watched(browser, root, viewport={"width": 1280, "height": 900}, color_scheme="light") as (context, _):
            page = context.new_page()
            page.goto(path, wait_until="networkidle")
            target = folder / f"{name}.png"
            page.screenshot(path=target)
            size = target.stat().st_size
            print(f"{target}: {size:,} bytes")
            if size > LARGEST:
                raise SystemExit(f"{target} is larger than {LARGEST:,} bytes")


def take_all(browser: Browser, root: str, folder: Path, kinds: list[str]) -> None:
    """Take every kind of page as a whole, in every size and colour scheme; what is not served yet is left out."""
    for kind in (*KINDS, *COMING):
        if kinds and kind.name not in kinds:
            continue
        with watched(browser, root) as (context, _):
            page = context.new_page()
            answer = page.goto(kind.path, wait_until="networkidle")
            if answer is None or answer.status != kind.status:
                print(f"{kind.name}: not served")
                continue
            for width, height in SIZES:
                page.set_viewport_size({"width": width, "height": height})
                for scheme in SCHEMES:
                    page.emulate_media(color_scheme=scheme)
                    target = folder / f"{kind.name.replace(' ', '-').lower()}-{width}-{scheme}.png"
                    page.screenshot(path=target, full_page=True)
        print(kind.name)


def main() -> None:
    """Take the pictures that the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--all", type=Path, metavar="FOLDER", help="take every kind of page, into this folder")
    parser.add_argument("--kinds", nargs="*", default=[], metavar="NAME", help="only these, with --all")
    parser.add_argument("--server", metavar="URL", help="root URL of a server that runs; one is started if left out")
    chosen = parser.parse_args()
    folder = chosen.all or HERE
    folder.mkdir(parents=True, exist_ok=True)
    with root_of(chosen.server) as root, launched() as browser:
        if chosen.all:
            take_all(browser, root, folder, chosen.kinds)
        else:
            take_readme(browser, root, folder)


if __name__ == "__main__":
    main()
