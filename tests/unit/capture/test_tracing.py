import pytest

from mvlake.capture.analysis import analyze
from mvlake.capture.tracing import CellRan, query_of, statements_of, traced
from mvlake.records.artifact import Role
from mvlake.records.described import Described, LazyKind


def cells(*sources, bound=None):
    return [CellRan(analyze(source), bound) for source in sources]


def made(name, *sources):
    place, steps = statements_of(name, cells(*sources))
    return place, "\n".join(step.source for step in steps)


CASES = {
    "a scan": ("lf", ["import polars as pl", "lf = pl.scan_csv('a.csv')"], (2, "lf = pl.scan_csv('a.csv')")),
    "the last of several": ("lf", ["lf = scan('a')", "lf = lf.filter(x)"], (2, "lf = lf.filter(x)")),
    "one of two on a line": ("b", ["a = 1; b = (n for n in a)"], (1, "b = (n for n in a)")),
    "several lines": ("q", ["q = (\n    scan('a')\n    .select('b')\n)\nz = 1"], (1, "q = (\n    scan('a')\n    .select('b')\n)")),
    "behind letters of several bytes": ("g", ["é = 'ü'; g = iter('ß')"], (1, "g = iter('ß')")),
    "another name for it": ("b", ["a = scan('x')", "b = a", "a = 2"], (1, "a = scan('x')")),
    "a tuple": ("r", ["l, r = scan('a'), scan('b')"], (1, "l, r = scan('a'), scan('b')")),
    "a head of with": ("f", ["with open('x') as f, lock:\n    f.read()"], (1, "with open('x') as f")),
    "a loop": ("batch", ["for batch in loader(d):\n    step(batch)"], (1, "for batch in loader(d)")),
    "below an if": ("it", ["if 1:\n    it = iter([])"], (1, "it = iter([])")),
    "what changes it is no making": ("m", ["m = np.memmap('f')", "m[0] = 1"], (1, "m = np.memmap('f')")),
    "a magic's body": ("it", ["get_ipython().run_cell_magic('time', '', 'it = iter([1])\\n')"], (1, "it = iter([1])")),
    "a cursor and its last query": (
        "cur",
        ["cur = con.cursor()", "cur.execute('select 1')\ncur.execute('select 2')\ncur.fetchone()"],
        (1, "cur = con.cursor()\ncur.execute('select 2')"),
    ),
    "nobody": ("x", ["y = 1"], (0, "")),
    "itself": ("a", ["a = b\nb = a"], (0, "")),
}


@pytest.mark.parametrize("case", CASES)
def test_the_statement_that_made_a_thing_is_found(case):
    name, sources, expected = CASES[case]
    assert made(name, *sources) == expected


def test_a_statement_that_did_not_run_to_its_end_did_not_make_it():
    found = [CellRan(analyze("it = iter([1])"), frozenset({"it"})), CellRan(analyze("it = iter([2])"), frozenset())]
    assert statements_of("it", found)[0] == 1


QUERIES = {
    "a text": (["r = con.sql('select 1')"], "select 1"),
    "a name": (["q = '''select *\nfrom t'''", "r = con.execute(q)"], "select *\nfrom t"),
    "the last word of a name": (["q = 'a'", "q = 'b'", "r = duckdb.sql(q)"], "b"),
    "within another call": (["r = con.execute(text('select 3'))"], "select 3"),
    "put together": (["r = con.sql(f'select {n}')"], ""),
    "none": (["r = con.table('t')"], ""),
    "in a head": (["with con.execute('select 4') as r:\n    pass"], "select 4"),
}


@pytest.mark.parametrize("case", QUERIES)
def test_the_query_in_a_statement_is_told_where_it_is_a_literal(case):
    sources, expected = QUERIES[case]
    ran = cells(*sources)
    (step,) = [one for one in ran[-1].facts.steps if "r" in one.targets]
    assert query_of(step, ran) == expected


def test_an_input_is_what_it_was_before_the_cell_and_an_output_what_the_cell_made():
    ran = cells("lf = scan('a')", "lf = lf.sql('select 1')")
    before, after = traced([Described(role, "lf", "LazyFrame", LazyKind.PLAN) for role in (Role.INPUT, Role.OUTPUT)], ran)
    assert (before.source, before.cell, before.sql) == ("lf = scan('a')", 1, "")
    assert (after.source, after.cell, after.sql) == ("lf = lf.sql('select 1')", 2, "select 1")
    (unknown,) = traced([Described(Role.OUTPUT, "other", "LazyFrame", LazyKind.PLAN)], ran)
    assert (unknown.source, unknown.cell) == ("", None)
