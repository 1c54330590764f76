"""Lazy things are described, and neither computed, fetched, read nor used up: counted in a real kernel."""

import json
import re

from mvlake.lake.lake import Lake
from mvlake.view.document import as_document
from mvlake.view.html import as_html
from mvlake.view.text import as_text

PREPARED = r"""
import os, sqlite3, sys, tempfile
import duckdb, numpy as np, polars as pl, sqlalchemy, torch
from polars.io.plugins import register_io_source
folder = tempfile.mkdtemp(); path = os.path.join(folder, 'rows.csv'); open(path, 'w').write('a,b\n1,2\n3,4\n')
np.arange(6, dtype='<i4').tofile(os.path.join(folder, 'm.bin'))
ran, opened = [], []
def source(with_columns, predicate, n_rows, batch_size):
    ran.append('source'); yield pl.DataFrame({'a': [1]})
def schema():
    ran.append('schema'); return pl.Schema({'a': pl.Int64})
def add(n: int) -> int:
    ran.append('add'); return n + 1
con = duckdb.connect(); con.create_function('add_one', add, side_effects=True)
base = sqlite3.connect(':memory:'); base.create_function('add_one', 1, add); base.executescript('create table t (n); insert into t values (1), (2)')
class Rows(torch.utils.data.Dataset):
    def __len__(self): ran.append('len'); return 3
    def __getitem__(self, place): ran.append('getitem'); return place
    def __reduce_ex__(self, protocol): ran.append('reduce'); raise TypeError
    def __getstate__(self): ran.append('getstate'); return {}
sys.addaudithook(lambda event, given: opened.append(given[0]) if event == 'open' and str(given[0]).startswith(folder) else None)
query = 'select add_one(n) as m from t'
"""
MADE = r"""
lf = register_io_source(source, schema=schema)
scan = pl.scan_csv(path)
rel = con.sql('select add_one(range) as n from range(3)')
cur = base.execute(query)
engine = sqlalchemy.create_engine('sqlite://')
it = iter([1, 2, 3])
gen = (n for n in [1, 2, 3])
zipped = zip([1, 2], [3, 4])
handle = open(path)
m = np.memmap(os.path.join(folder, 'm.bin'), dtype='<i4', mode='r', offset=4)
rows = Rows()
loader = torch.utils.data.DataLoader(rows, batch_size=2)
"""
NAMES = ["lf", "scan", "rel", "cur", "engine", "it", "gen", "zipped", "handle", "m", "rows", "loader"]
KINDS = {
    "lf": "plan", "scan": "plan", "rel": "plan", "cur": "cursor", "engine": "connection", "it": "iterator", "gen": "iterator",
    "zipped": "iterator", "handle": "file", "m": "mapped", "rows": "dataset", "loader": "dataset",
}  # fmt: skip


def test_lazy_things_are_described_with_their_statements_and_nothing_of_them_runs(kernel):
    for cell in (PREPARED, MADE):
        assert kernel.run(cell).status == "ok"
    first = {name: kernel.value(f"next({name})") for name in ("it", "gen", "zipped")}
    kernel.run("ran.clear(); opened.clear()")
    # Named once more, each under its name: read, bound, and held before and after.
    kernel.run("%%track lazy\nkept = sorted(id(one) for one in [" + ", ".join(NAMES) + "])")
    # The two files are read once, to be kept as what they are, and not through what is described.
    assert kernel.value("(ran, sorted(map(os.path.basename, opened)))") == "([], ['m.bin', 'rows.csv'])"
    kernel.run("opened.clear()")
    again = "\n".join(f"{name}_again = {name}" for name in NAMES)
    assert kernel.run(f"%%track lazy\n{again}\nok = [1]").status == "ok"
    assert kernel.value("(ran, len(opened) == len(set(opened)) <= 2)") == "([], True)"
    lake = Lake.open(kernel.folder / "lake", create=False)
    version = lake.show("lazy:v2").entry.version
    described = {(one.role.value, one.name): one for one in version.described}
    assert {name: described["input", name].kind.value for name in NAMES} == KINDS
    assert {name: described["output", f"{name}_again"].kind.value for name in NAMES} == KINDS
    assert [one for one in version.omitted if one.name.removesuffix("_again") in NAMES] == []
    made = {line.partition(" = ")[0]: line for line in MADE.strip().split("\n")}
    assert {name: described["input", name].source for name in NAMES} == made
    assert described["output", "rel_again"].source == made["rel"]
    cell = described["input", "lf"].cell
    assert lake.show("lazy:v2").dossier.sources[cell - 1] == MADE
    assert described["input", "rel"].sql == "select add_one(range) as n from range(3)"
    assert described["input", "cur"].sql == "select add_one(n) as m from t"
    traits = {name: {one.name: one.value for one in described["input", name].traits} for name in NAMES}
    assert traits["cur"] == {"columns": "m"}
    assert traits["m"] | {"file": ""} == {"file": "", "shape": "(5,)", "dtype": "int32", "offset": "4", "mode": "r"}
    assert traits["gen"]["state"] == "under way"
    # A mapped array is its file, which the version names, and holds.
    assert any(one.path == traits["m"]["file"] and one.digest is not None for one in version.files)
    # Each goes on where it was.
    assert first == {"it": "1", "gen": "1", "zipped": "(1, 3)"}
    assert [kernel.value(f"next({name})") for name in ("it", "gen", "zipped")] == ["2", "2", "(2, 4)"]
    assert kernel.value("(cur.fetchone(), handle.readline())") == "((2,), 'a,b\\n')"
    assert kernel.value("rel.fetchall()") == "[(1,), (2,), (3,)]"
    assert kernel.value("(lf.collect().height, 'source' in ran)") == "(1, True)", kernel.run("lf.collect()").error


def test_lazy_things_are_shown_asked_for_and_compared(kernel):
    kernel.run("import polars as pl\nold, new = pl.LazyFrame({'a': [1]}), '<script>alert(1)</script>'")
    kernel.run("%%track plans\nlf = old.filter(pl.col('a') > 1)\nrows = [1]")
    kernel.run("%%track plans\nlf = old.filter(pl.col('a') > 2).with_columns(pl.lit('<script>alert(1)</script>'))\nrows = [1]")
    lake = Lake.open(kernel.folder / "lake", create=False)
    shown = lake.show("plans:v1")
    assert re.search(r"lf +output +plan polars\S+LazyFrame +lf = old.filter\(pl.col\('a'\) > 1\)", as_text(shown))
    assert "lf = old.filter" in as_html(shown)
    assert "<script>alert" not in as_html(lake.show("plans:v2"))
    assert json.loads(json.dumps(as_document(shown)))["described"][-1]["kind"] == "plan"
    (changed,) = [one for one in lake.compare("plans:v1", "plans:v2").described if one.name == "output lf"]
    assert (changed.change.value, changed.a) == ("changed", "lf = old.filter(pl.col('a') > 1)")
    rows = lake.sql("select ref, statement from described where kind = 'plan' and role = 'output' order by ref").rows
    assert [(ref, "> 1" in statement) for ref, statement in rows] == [("plans:v1", True), ("plans:v2", False)]
    # An iterator that the cell uses up is told as it was before, and does not make the cell a failure.
    kernel.run("it = iter([1, 2])")
    kernel.run("%%track used\ntotal = sum(it)")
    (before,) = lake.show("used:v1").entry.version.described
    assert (before.role.value, before.name, before.source) == ("input", "it", "it = iter([1, 2])")
    # A snapshot describes too, and a script.
    kernel.run("%mv snapshot all")
    assert {one.name for one in lake.show("all:v1").entry.version.described} >= {"lf", "it", "old"}
    kernel.run("import mvlake\nwith mvlake.track('script') as run:\n    run.input(plan=lf)")
    assert [one.name for one in lake.show("script:v1").entry.version.described] == ["plan"]
