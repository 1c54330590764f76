import numpy as np
import pandas as pd
import polars as pl
import pytest

from mvlake.capture.analysis import analyze
from mvlake.capture.descent import MOST, Descents
from mvlake.capture.files.seen import SeenPlace
from mvlake.capture.tracing import CellRan
from mvlake.records.files import Flow, FoundBy, PlaceKind


def frame(rows=10):
    return pd.DataFrame({"a": range(rows)})


def read(path, kind=PlaceKind.FILE, direction=Flow.READ):
    return SeenPlace(path, path, direction, frozenset({FoundBy.OPENED}), kind)


def edges(cells, namespace, made=(), before=(), places=None):
    ran = [CellRan(analyze(cell)) for cell in cells]
    found = Descents(ran, places or [[] for _ in cells], namespace).of(made, before)
    return {(one.child, one.parent): one for one in found}


DATA = {"df": frame(), "train": frame(8), "test": frame(2), "X": frame(8), "cols": ["a"], "lf": pl.LazyFrame(), "arr": np.zeros(10)}
CASES = {
    "a split": (["train, test = train_test_split(df)"], ["train", "test"], {("train", "df"), ("test", "df")}),
    "a chain": (["train = df.sample(8)", "X = train[cols]"], ["X"], {("X", "train"), ("train", "df")}),
    "columns by a list of names": (["cols = list(df)", "X = df[cols]"], ["X"], {("X", "df")}),
    "through what is no data": (["parts = {'a': df}", "X = concat(parts['a'])"], ["X"], {("X", "df")}),
    "through what is gone": (["raw = df.dropna()", "X = raw.head(8)"], ["X"], {("X", "df")}),
    "the last word of a name": (["X = df.a", "X = train.b"], ["X"], {("X", "train")}),
    "a change in place": (["X = df.copy()\nX['n'] = train.a"], ["X"], {("X", "df"), ("X", "train")}),
    "a name bound to what was made of itself": (["df = load(lf)", "df = df.dropna()"], ["df"], {("df", "lf")}),
    "a lazy frame": (["X = lf.collect()"], ["X"], {("X", "lf")}),
    "a query": (["X = duckdb.sql('select * from df join train using (a)').df()"], ["X"], {("X", "df"), ("X", "train")}),
    "a model is none": (["model = fit(train)", "arr = model.predict(test)"], ["arr"], {("arr", "test")}),
    "a round": (["X = df\ndf = X\nX = df"], ["X"], {("X", "df"), ("df", "X")}),
    "nothing": (["X = 1"], ["X"], set()),
}


@pytest.mark.parametrize("case", CASES)
def test_data_came_from_the_data_in_the_statements_that_made_it(case):
    cells, made, expected = CASES[case]
    assert set(edges(cells, DATA, made)) == expected


def test_what_was_read_is_told_as_it_was_before_the_cell():
    cells = ["X = df.head(8)", "X = test.head(1)"]
    assert set(edges(cells, DATA, before=["X"])) == {("X", "df")}
    assert set(edges(cells, DATA, made=["X"])) == {("X", "test")}


def test_an_edge_says_by_what_and_where_and_how_many_rows_the_parent_has():
    found = edges(["df = read()", "train = sk.train_test_split(df)[0]"], DATA, ["train"])["train", "df"]
    assert (found.function, found.cell, found.parent_rows) == ("sk.train_test_split", 2, 10)
    again = edges(["train = df.head(8)", "df = other()"], DATA, ["train"])["train", "df"]
    assert again.parent_rows is None  # it is another one now


FILES = {
    "by its name": (["df = pd.read_csv('data/a.csv')"], True),
    "by a variable": (["path = 'data/a.csv'", "df = pd.read_csv(path)"], True),
    "by a path put together": (["from pathlib import Path\nfolder = Path('data')", "df = pl.read_csv(folder / 'a.csv')"], True),
    "in a query": (["df = duckdb.sql(\"select * from 'data/a.csv'\").df()"], True),
    "by a function of the notebook that is told of it": (["df = mine('a.csv')"], True),
    "the only one that was read": (["df = pd.read_csv(places()[0])"], False),
    "by a function of the notebook": (["def mine():\n    return read('data/a.csv')\ndf = mine()"], False),
}


@pytest.mark.parametrize("case", FILES)
def test_data_came_from_the_file_that_its_statement_names(case):
    cells, is_named = FILES[case]
    places = [[] for _ in cells[:-1]] + [[read("/project/data/a.csv")]]
    (found,) = edges(cells, DATA, ["df"], places=places).values()
    assert (found.parent, found.is_named) == ("/project/data/a.csv", is_named)


def test_files_that_a_statement_does_not_name_are_not_its_own():
    both = [[read("/project/a.csv"), read("/project/b.csv")]]
    assert set(edges(["df = pd.read_csv('b.csv')\nX = pd.read_csv('a.csv')"], DATA, ["df"], places=both)) == {
        ("df", "/project/b.csv")
    }
    assert edges(["df = pd.read_csv(p())"], DATA, ["df"], places=both) == {}
    assert edges(["df = make('b.csv')"], DATA, ["df"], places=[[read("/project/b.csv", direction=Flow.WRITTEN)]]) == {}
    assert set(edges(["X = df.assign(n=len('b'))"], DATA, ["X"], places=[[read("/project/other")]])) == {("X", "df")}
    url = [[read("https://example.org/d.csv", PlaceKind.URL)]]
    assert set(edges(["df = pd.read_csv('https://example.org/d.csv')"], DATA, ["df"], places=url)) == {
        ("df", "https://example.org/d.csv")
    }


def test_however_many_there_are_some_are_told():
    names = {f"f{place}": frame(1) for place in range(600)}
    cells = [f"f{place} = g(f{place - 1}, f{place // 2})" for place in range(1, 600)]
    found = edges(cells, names, list(names))
    assert 0 < len(found) <= MOST
    assert list(found) == list(edges(cells, names, list(names)))
