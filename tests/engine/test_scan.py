import contextlib
import re
import subprocess
import sys
import time

import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from officegraph.engine.interface import EngineError, QueryRefusedError, QuerySyntaxError
from officegraph.engine.scan import OPERATORS, PATTERNS, position, scan
from officegraph.settings import Settings

LIMITS = Settings()
X = "PREFIX x: <http://x/> "


@pytest.mark.parametrize(
    ("query", "form"),
    [
        ("SELECT * {}", "SELECT"),
        ("ask {}", "ASK"),
        ("cOnStRuCt WHERE {}", "CONSTRUCT"),
        ("DESCRIBE <a:b>", "DESCRIBE"),
        ("# SELECT\nASK {}", "ASK"),
        ("#c\rASK {}", "ASK"),
        ("BASE <http://SELECT/> ASK {}", "ASK"),
        ("PREFIX select: <http://e/> ASK { select:x ?p ?o }", "ASK"),
        ("PREFIX : <http://e/> PREFIX a.b: <x:y> BASE <z:> ASK {}", "ASK"),
        ('VERSION "1.2" ASK {}', "ASK"),
        ("ASK { ?select ?describe 'CONSTRUCT' }", "ASK"),
        ("ASK { { SELECT * { ?s ?p ?o } } }", "ASK"),
        ("SELECT*{?s ?p ?o}", "SELECT"),
        ("\t\r\n ASK{}", "ASK"),
    ],
)
def test_the_form_is_the_first_keyword_after_the_prologue(query, form):
    assert scan(query, LIMITS).form == form


@pytest.mark.parametrize(
    "query",
    [
        "ASK { SERVICE <http://e/> {} }",
        "ASK { service <http://e/> {} }",
        "ASK { sErViCe SILENT ?x {} }",
        "ASK{SERVICE<http://e/>{}}",
        "ASK { ?s ?p 1SERVICE <http://e/> {} }",
        "ASK { ?s ?p 1.SERVICE <http://e/> {} }",
        "ASK { ?s ?p 'a'@en SERVICE <http://e/> {} }",
        "ASK { ?s ?p ?o #x\rSERVICE <http://e/> {} }",
        "ASK { ?s ?p ?o #x\nSERVICE <http://e/> {} }",
        "ASK { #x\n#y\n SERVICE#z\n<http://e/>#>\n{} }",
        "ASK { { SELECT * { OPTIONAL { SERVICE <http://e/> {} } } } }",
        "ASK { FILTER NOT EXISTS { SERVICE <http://e/> {} } }",
        "ASK { '''a''' ?p \"\"\"b\"\"\" . SERVICE <http://e/> {} }",
        'ASK { ?s ?p "\\"" . SERVICE <http://e/> {} #" \n}',
        "ASK { ?s ?p '\\\\' . SERVICE <http://e/> {} #' \n}",
        "SELECT (1 AS ?x) { SERVICE <http://e/> {} } VALUES ?x { 1 }",
        "CONSTRUCT { ?s ?p ?o } WHERE { SERVICE ?o { ?s ?p ?o } }",
        # What the engine reads as SERVICE though the tokens of the grammar are others:
        X + "PREFIX SERVICEx: <http://y/> ASK { SERVICEx:a {} }",
        X + "PREFIX SERVICESILENTx: <http://y/> ASK { serviceSILENTx:a {} }".replace("serviceS", "SERVICES"),
        X + "PREFIX trueSERVICEx: <http://y/> ASK { ?s ?p trueSERVICEx:a {} }",
        "ASK { VALUES ?u { <http://e/> } FILTER(?u<?a)SERVICE?u#>\n{} }",
    ],
)
def test_a_service_is_refused_however_it_is_written(query):
    with pytest.raises(QueryRefusedError) as caught:
        scan(query, LIMITS)
    assert caught.value.reason == "service"


@pytest.mark.parametrize(
    "query",
    [
        "ASK { ?s ?p 'SERVICE <http://e/> {}' }",
        'ASK { ?s ?p "SERVICE" }',
        "ASK { ?s ?p '''\nSERVICE <http://e/> {} ' '' \\''' ''' }",
        'ASK { ?s ?p """\nSERVICE <http://e/> {} " "" \\""" """ }',
        "ASK { ?s ?p '\\' SERVICE <http://e/> {} ' }",
        "ASK { ?s <http://e/SERVICE> ?o }",
        "ASK { # SERVICE <http://e/> {}\n }",
        "ASK {} # SERVICE <http://e/> {}",
        "ASK { ?service $SERVICE ?SERVICEs }",
        "PREFIX service: <http://e/> ASK { service:a service:b service:SERVICE }",
        "PREFIX service: <http://e/> ASK { GRAPH service:a { ?s ?p ?o } }",
        X + "ASK { x:SERVICE x:a.SERVICE x:%53ERVICE }",
        "ASK { _:SERVICE ?p _:a.SERVICE }",
        "ASK { ?s ?p 'a'@service }",
    ],
)
def test_the_word_service_elsewhere_is_no_service(query):
    assert scan(query, LIMITS).form == "ASK"


@pytest.mark.parametrize(
    "query",
    [
        "INSERT DATA { <a:b> <a:b> 1 }",
        "delete where { ?s ?p ?o }",
        "LOAD <http://e/>",
        "LOAD SILENT <http://e/> INTO GRAPH <a:b>",
        "CLEAR ALL",
        "DROP DEFAULT",
        "CREATE GRAPH <a:b>",
        "ADD <a:b> TO <a:c>",
        "MOVE <a:b> TO <a:c>",
        "COPY DEFAULT TO <a:c>",
        "WITH <a:b> DELETE { ?s ?p ?o } WHERE { ?s ?p ?o }",
        "PREFIX x: <http://x/> # ASK {}\nINSERT { ?s ?p ?o } WHERE { ?s ?p ?o }",
    ],
)
def test_an_update_is_refused(query):
    with pytest.raises(QueryRefusedError) as caught:
        scan(query, LIMITS)
    assert caught.value.reason == "update"


@pytest.mark.parametrize(
    ("query", "line", "column"),
    [
        ("", 1, 1),
        ("  \n ", 1, 1),
        ("SELEC * {}", 1, 1),
        ("SELECT *\n{ ?s ?p", 2, 1),
        ("ASK { ?s ?p 'a }", 1, 13),
        ("ASK { ?s ?p 'a\n' }", 1, 13),
        ("ASK { ?s ?p '\\q' }", 1, 13),
        ("ASK { ?s ?p '''a' }", 1, 13),
        ("ASK { ?s ?p '\\uD83D' }", 1, 13),
        ("ASK { ?s ?p '\\U00110000' }", 1, 13),
        ("ASK { x:y ?p ?o }", 1, 7),
        ("ASK {\n ?s :y ?o }", 2, 5),
        ("ASK { ?s ?p ?o ] }", 1, 16),
        ("ASK { ( } )", 1, 9),
        ("ASK {} }", 1, 8),
        ("ASK { ?s ?p \\u003C }", 1, 13),
        ("\\u0041SK {}", 1, 1),
        ("ASK { ?s\u00a0?p ?o }", 1, 9),
        ("\ufeffASK {}", 1, 1),
        ("ASK { ?s ?p ?o\x00 }", 1, 15),
        ("ASK { ?s ?p trueSERVICE<http://e/>{} }", 1, 13),
        ("ASKWHERE {}", 1, 1),
        ("ASK { ?s A ?o }", 1, 10),
        ("WHERE {}", 1, 1),
        ("<a:b> ASK {}", 1, 1),
        ("PREFIX x <http://x/> ASK {}", 1, 8),
        ("ASK { ?s ?p `x` }", 1, 13),
        ("ASK { \ud800 }", 1, 7),
        # 'a' is a string of its own for an engine that gives up on the long one: nothing may hide behind it.
        ("ASK { VALUES ?v {'''a'} SERVICE <http://e/> {} } #'\\q'''", 1, 18),
    ],
)
def test_what_is_no_query_is_told_with_its_place(query, line, column):
    with pytest.raises(QuerySyntaxError) as caught:
        scan(query, LIMITS)
    assert (caught.value.line, caught.value.column) == (line, column)


@pytest.mark.parametrize(
    ("query", "reason"),
    [
        ("ASK {}" + " " * 100_000, "length"),
        ("ASK " + "{" * 51 + "}" * 51, "depth"),
        ("ASK { FILTER(" + "(" * 60 + "1" + ")" * 60 + ") }", "depth"),
        ("ASK { " + "[ ?p " * 5_000 + "]" * 5_000 + "}", "depth"),
        ("ASK { ?s ?p ?o " + "{| ?p ?o " * 51 + "|}" * 51 + "}", "depth"),
        ("ASK { " + "<<( ?s ?p " * 51 + "?o" + ")>>" * 51 + " ?p ?o }", "depth"),
        ("ASK { FILTER(?a<((((((((((((((((((((((((((((#>\n) FILTER(?a<((((((((((((((((((((((((((((#>\n) }", "depth"),
        ("ASK { ?s ?p " + (("( 1 " * 45 + ")" * 45) + ",") * 10 + " 1 }", "complexity"),
        ("ASK { FILTER(" + "!" * 10_000 + "?a) }", "complexity"),
        ("ASK { ?s " + "^" * 10_000 + "<a:b> ?o }", "complexity"),
        ("ASK { {}" + " UNION {}" * 10_000 + " }", "complexity"),
        ("ASK { FILTER(?a" + " || ?a" * 10_000 + ") }", "complexity"),
        ("ASK { FILTER(?a" + " + 1" * 10_000 + ") }", "complexity"),
        ("ASK { " + "MINUS {} " * 5_000 + "}", "complexity"),
        ("ASK { " + "FILTER(1) " * 5_000 + "}", "complexity"),
        ("SELECT " + "(1 AS ?a) " * 5_000 + "{}", "complexity"),
        ("DESCRIBE " + "<a:b> " * 5_000, "complexity"),
        ("ASK { " + "?s ?p ?o . " * 300 + "}", "complexity"),
        ("ASK { ?s ?p 1" + ", 1" * 300 + " }", "complexity"),
        ("ASK { ?s <a:b>" + "/<a:b>" * 300 + " ?o }", "complexity"),
        ("ASK { " + "GRAPH ?g { ?s ?p ?o } " * 300 + "}", "complexity"),
        ("ASK { " + "{ ?s ?p ?o . ?o ?q ?r } " * 150 + "}", "complexity"),
    ],
)
def test_what_the_engine_cannot_bear_is_refused(query, reason):
    with pytest.raises(QueryRefusedError) as caught:
        scan(query, Settings(query_length=150_000) if reason != "length" else LIMITS)
    assert caught.value.reason == reason


@pytest.mark.parametrize(
    "query",
    [
        "ASK { VALUES ?x { " + "<http://e/resource/a> " * 4_000 + "} }",
        "ASK { FILTER(?x IN (1" + ", 1" * 10_000 + ")) }",
        "CONSTRUCT { " + "?s ?p ?o . " * 1_000 + "} WHERE { ?s ?p ?o }",
        "ASK { " + "OPTIONAL { ?s ?p ?o . ?o ?q ?r } " * 500 + "}",
        "ASK { {}" + " UNION { ?s ?p ?o . ?o ?q ?r }" * 1_000 + " }",
    ],
)
def test_long_queries_that_the_engine_bears_pass(query):
    assert scan(query, LIMITS)


AT_THE_LIMITS = {
    "unions": "ASK { {}" + " UNION {}" * (OPERATORS - 1) + " }",
    "alternatives": "ASK { FILTER(1" + "||1" * (OPERATORS - 2) + ") }",
    "sums": "ASK { FILTER(1" + "+1" * (OPERATORS - 2) + ") }",
    "negations": "ASK { FILTER(" + "!" * (OPERATORS - 2) + "1) }",
    "minus": "ASK { " + "MINUS {} " * (OPERATORS - 1) + "}",
    "bindings": "ASK { " + "".join(f"BIND(1 AS ?x{i}) " for i in range(OPERATORS // 2)) + "}",
    "columns": "SELECT " + "".join(f"(1 AS ?x{i}) " for i in range(OPERATORS)) + "{}",
    "sums of groups": "SELECT " + "".join(f"(SUM(?a) AS ?x{i}) " for i in range(OPERATORS)) + "{}",
    "resources": "DESCRIBE " + "<a:b> " * OPERATORS,
    "filters": "ASK { " + "FILTER(1) " * OPERATORS + "}",
    "not exists": "ASK { " + "FILTER NOT EXISTS {} " * (OPERATORS // 2) + "}",
    "groups": "ASK " + "{" * 50 + "}" * 50,
    "parentheses": "ASK { FILTER" + "(" * 49 + "1" + ")" * 49 + "}",
    "collections": "ASK { ?s ?p " + "( 1 " * 49 + ")" * 49 + "}",
    "annotations": "ASK { ?s ?p ?o " + "{| ?p ?o " * 49 + "|}" * 49 + "}",
    "patterns": "ASK { " + "".join(f"?s{i} ?p{i} ?o{i} . " for i in range(PATTERNS)) + "}",
    "path": "ASK { ?s <a:b>" + "/<a:b>" * PATTERNS + " ?o }",
    "deep alternatives": "ASK { FILTER(" + "(1||" * 48 + "1" + ")" * 48 + "||1" * 1_900 + ") }",
}


@pytest.mark.parametrize("query", AT_THE_LIMITS.values(), ids=AT_THE_LIMITS)
def test_the_engine_bears_what_the_scan_lets_pass(query):
    scanned = scan(query, LIMITS)
    code = "import sys, pyoxigraph; pyoxigraph.Store().query(sys.stdin.read())"
    subprocess.run([sys.executable, "-c", code], input=scanned.text, text=True, timeout=20, check=True)


def test_booleans_are_written_as_the_engine_reads_them():
    assert scan("ASK { FILTER(TRUE || False || true || ?TRUE) }", LIMITS).text == (
        "ASK { FILTER(true || false || true || ?TRUE) }"
    )


def test_graphs_functions_and_prologue_are_found():
    found = scan(
        "BASE <http://b/> PREFIX x: <http://x/> SELECT * FROM <g> FROM NAMED x:n FROM x:d "
        "{ ?s ?p (1 2) FILTER(x:f(?s) && <g>(?p)) }",
        LIMITS,
    )
    assert found.prologue == "BASE <http://b/>\nPREFIX x: <http://x/>"
    assert found.from_graphs == ("<g>", "x:d")
    assert found.from_named == ("x:n",)
    assert found.functions == ("x:f", "<g>")


def test_variables_of_select_star_come_in_order_of_mention():
    found = scan("SELECT DISTINCT * { ?s ?p ?o . $s ?q ?a }", LIMITS)
    assert found.variables == ("s", "p", "o", "q", "a")
    assert "SELECT DISTINCT * "[found.star] == "*"


@pytest.mark.parametrize("query", ["SELECT (COUNT(*) AS ?n) { ?s ?p ?o }", "ASK { { SELECT * { ?s ?p ?o } } }"])
def test_other_stars_are_no_select_star(query):
    assert scan(query, LIMITS).star is None


@pytest.mark.parametrize(
    ("query", "volatile"),
    [
        ("SELECT (NOW() AS ?x) {}", True),
        ("SELECT (rand() AS ?x) {}", True),
        ("SELECT (StrUUID() AS ?x) {}", True),
        ("SELECT ?now { ?now ?p 'RAND()' }", False),
    ],
)
def test_functions_of_the_moment_make_an_answer_volatile(query, volatile):
    assert scan(query, LIMITS).volatile is volatile


@pytest.mark.parametrize(
    "query", ["ASK { ?a<<http://e/> ?b }", "ASK { FILTER(?a<?b) }", "ASK { <<<a:b> <a:b> 1>> ?p 1 }"]
)
def test_less_than_and_quoted_triples_are_told_apart(query):
    assert scan(query.replace("?a<<http://e/> ?b", "FILTER(?a<<http://e/>)"), LIMITS)


def test_position_counts_from_one():
    assert [position("ab\ncd", offset) for offset in (0, 2, 3, 4)] == [(1, 1), (1, 3), (2, 1), (2, 2)]


WORDS = """
    SELECT ASK * { } ( ) [ ] <<( )>> << >> {| |} ?s $o <http://e/> <a x:a :b _:b 'a' ''' " ' \\ \\u0041 # 1 1.5 .5
    1e5 @en ^^ ^ ! || && | / , ; . + - < > = != a true TRUE SERVICE FILTER UNION PREFIX BASE é 😀
"""
FRAGMENTS = st.sampled_from([*WORDS.split(), '"""', "\n", "\r", "\x00", "\ud800"])


@given(st.lists(FRAGMENTS | st.text(max_size=3), max_size=60), st.sampled_from(["", " "]))
@settings(max_examples=500, deadline=None)
def test_no_text_makes_the_scan_fail_otherwise_than_it_says(pieces, glue):
    text = "PREFIX x: <http://x/> PREFIX : <http://y/> " + glue.join(pieces)
    with contextlib.suppress(QuerySyntaxError, QueryRefusedError):
        scan(text, LIMITS)


@pytest.mark.parametrize(
    "piece",
    [
        "a ",
        "?a ",
        "'''x'",
        "'",
        '"""',
        "<a ",
        "<",
        "a:b.",
        "x:a.b",
        "a.",
        "((",
        "[ ",
        "<a:(> ",
        "1.",
        "@a-",
        "#x\n",
        "'\\",
        "''' \\q",
    ],
)
def test_time_grows_in_line_with_the_length(piece):
    limits = Settings(query_length=10_000_000)

    def seconds(count):
        text, best = f"{X}CONSTRUCT {{ " + piece * count, 9.0
        for _ in range(3):
            begin = time.process_time()
            with pytest.raises(EngineError):
                scan(text, limits)
            best = min(best, time.process_time() - begin)
        return best

    assert seconds(40_000) < 16 * seconds(5_000) + 0.05


@pytest.mark.parametrize("seed", range(3))
def test_the_engine_never_calls_out_for_what_the_scan_lets_pass(seed):
    """The engine refuses port 9 with a message of its own, so a call shows without any network."""
    import random

    rng = random.Random(seed)
    url = "<http://127.0.0.1:9/>"
    bases = [
        "SELECT * { SERVICEx:a {} }",
        f"SELECT * {{ VALUES ?u {{ {url} }} FILTER(?u<?a) SERVICE ?u {{}} }}",
        "SELECT * { VALUES ?v { '''a' } SERVICE x:a {} } #'\\q'''",
        'SELECT * { # "\nSERVICE x:a {} }',
        "SELECT * { ?s ?p 'SERVICE x:a {}' }",
        "SELECT * { ?s ?p true SERVICEx:a {} }",
    ]
    inserts = [
        "'",
        "''",
        "'''",
        '"',
        '"""',
        "#",
        "\n",
        "\r",
        "<",
        ">",
        "#>",
        " ",
        "{",
        "}",
        "\\",
        "\\q",
        "SERVICE",
        "x:",
        ":",
        "?u",
        ".",
    ]
    store = ox.Store()
    prologue = "PREFIX x: <http://127.0.0.1:9/> PREFIX SERVICEx: <http://y/> PREFIX : <http://127.0.0.1:9/> "
    for _ in range(4_000):
        text = rng.choice(bases)
        for _ in range(rng.randint(0, 4)):
            place = rng.randint(0, len(text))
            text = text[:place] + rng.choice(inserts) + text[place + rng.choice([0, 0, 1]) :]
        try:
            scanned = scan(prologue + text, LIMITS)
        except EngineError:
            continue
        try:
            list(store.query(scanned.text))
        except OSError as error:
            if re.search("port 9", str(error)):
                pytest.fail(text)
        except (SyntaxError, RuntimeError, ValueError, TypeError):
            pass
