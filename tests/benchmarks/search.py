"""Measure the search over a synthetic vocabulary, against SPARQL over the same data in the same run; see README.md."""

from __future__ import annotations

import argparse
import os
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.generator import QUALITIES, THINGS, label, languages, write_vocabulary
from officegraph.engine.embedded import EmbeddedEngine
from officegraph.engine.interface import Query
from officegraph.model.formats import TSV
from officegraph.release.assemble import assemble
from officegraph.release.describing import Describer
from officegraph.release.search.model import SearchRequest
from officegraph.release.search.resources import SearchedResources
from officegraph.release.search.service import SearchIndex
from officegraph.release.search.write import FILE, write_index
from officegraph.settings import Settings

SIZES = (10_000, 100_000)
ROUNDS = 300
_QUERY = """PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
SELECT ?concept ?label WHERE {{ ?concept skos:prefLabel|skos:altLabel ?label {filters} }}
ORDER BY STRLEN(?label) ?concept LIMIT 20"""


def questions(size: int) -> dict[str, list[str]]:
    """Return what is asked, by kind: words of all languages, and labels, chosen by a seed."""
    choose = random.Random(size)
    found: dict[str, list[str]] = {kind: [] for kind in ("prefix", "word", "two words", "label", "infix", "misspelled")}
    for _ in range(ROUNDS):
        concept = choose.randrange(size)
        language = choose.choice(languages(concept))
        quality, thing = choose.choice(QUALITIES[language]), choose.choice(THINGS[language])
        whole = label(concept, language)
        found["prefix"].append(whole[: choose.randint(1, len(whole))])
        found["word"].append(choose.choice((quality, thing)))
        found["two words"].append(f"{quality} {thing}")
        found["label"].append(whole)
        found["infix"].append(thing[1:-1])
        at = len(thing) // 2
        found["misspelled"].append(thing[:at] + thing[at + 1] + thing[at] + thing[at + 2 :])
    return found


def filters(kind: str, text: str) -> Iterator[tuple[str, str]]:
    """Yield what comes nearest to a question in SPARQL: function and filters."""
    if kind in {"prefix", "label"}:
        yield "REGEX", f'FILTER(REGEX(STR(?label), "^{text}", "i"))'
        yield "STRSTARTS", f'FILTER(STRSTARTS(LCASE(STR(?label)), LCASE("{text}")))'
    else:
        words = text.split()
        yield "REGEX", " ".join(f'FILTER(REGEX(STR(?label), "{word}", "i"))' for word in words)
        yield "CONTAINS", " ".join(f'FILTER(CONTAINS(LCASE(STR(?label)), LCASE("{word}")))' for word in words)


def seconds(call: Callable[[], object]) -> float:
    """Return how long ``call`` takes."""
    begun = time.perf_counter()
    call()
    return time.perf_counter() - begun


def measure(folder: Path, size: int) -> None:
    """Print what the index of a vocabulary of ``size`` concepts takes, and a line for each kind of question."""
    source = folder / "data.nq"  # N-Triples are N-Quads, so that the engine opens what the index is made of
    write_vocabulary(source, size)
    vocabulary = folder / "vocabulary.nt"
    os.link(source, vocabulary)
    assembled = assemble([vocabulary], Settings(), lambda _stage, _done, _total: None)
    manifest = assembled.manifest
    describer = Describer(assembled.described, base=manifest.base, stated=assembled.stated)
    cpu = time.process_time()
    write_index(folder / FILE, SearchedResources(describer, manifest.base, manifest.language), manifest.language)
    cpu = time.process_time() - cpu
    del assembled, describer
    print(f"{size:,} concepts: index of {(folder / FILE).stat().st_size / 1e6:.1f} MB in {cpu:.1f} s of CPU\n")
    print("| question | search p50 ms | p99 | suggest p50 ms | p99 | REGEX ms | to search | CONTAINS ms | to search |")
    print("|---|---:|---:|---:|---:|---:|---:|---:|---:|")
    index = SearchIndex(folder / FILE)
    settings = replace(Settings(), query_timeout=120, query_memory=8 * 2**30)
    engine = EmbeddedEngine(folder, {}, settings)
    try:
        for kind, texts in questions(size).items():
            report(kind, texts, index, engine)
    finally:
        engine.close()


def report(kind: str, texts: list[str], index: SearchIndex, engine: EmbeddedEngine) -> None:
    """Print the line of one kind of question."""
    for text in texts[:20]:
        index.search(SearchRequest(text=text))
    searched = [seconds(lambda text=text: index.search(SearchRequest(text=text))) for text in texts]  # type: ignore[misc]
    suggested = [seconds(lambda text=text: index.suggest(text)) for text in texts]  # type: ignore[misc]
    middle = statistics.median(searched)
    by_function: dict[str, list[float]] = {}
    for text in texts[:3]:
        for function, wanted in filters(kind, text):
            query = Query(text=_QUERY.format(filters=wanted), format=TSV)
            by_function.setdefault(function, []).append(seconds(lambda query=query: engine.evaluate(query)))  # type: ignore[misc]
    cells = [kind]
    for times in (searched, suggested):
        cells += [f"{1000 * statistics.median(times):.2f}", f"{1000 * statistics.quantiles(times, n=100)[98]:.2f}"]
    for times in by_function.values():
        cells += [f"{1000 * statistics.median(times):,.0f}", f"{statistics.median(times) / middle:,.0f}"]
    print(f"| {' | '.join(cells)} |", flush=True)


def main() -> None:
    """Print a table for each size."""
    parser = argparse.ArgumentParser(prog="search.py", description=__doc__)
    parser.add_argument("--concepts", type=int, nargs="*", default=SIZES, metavar="N", help="sizes (10000 100000)")
    for size in parser.parse_args().concepts:
        with tempfile.TemporaryDirectory(prefix="benchmark-") as name:
            measure(Path(name), size)
        print()


if __name__ == "__main__":
    main()
