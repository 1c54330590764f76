"""A column or some rows of a kept frame, as an object of any library of frames."""

import datetime as dt

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

from mvlake.errors import ArtifactNotFound, DamagedObject, Invalid, UntrustedArtifact
from mvlake.handlers.bundle import bundle_bytes
from mvlake.records.node import Node

N = 40_000


def long(rows=N):
    """A frame that is kept in pieces."""
    dice = np.random.default_rng(1)
    return pd.DataFrame(
        {
            "id": np.arange(rows),
            "x": np.where(dice.random(rows) < 0.1, np.nan, dice.normal(size=rows)),
            "word": dice.choice(["ab", "cd", "é"], rows).astype(object),
            "kind": pd.Categorical(dice.choice(["p", "q", "r"], rows)),
            "at": pd.date_range("2026-01-01", periods=rows, freq="min", tz="Europe/Berlin"),
            "gone": pd.array(dice.integers(0, 9, rows), dtype="Int16"),
        }
    )


@pytest.fixture
def made(lake, commit):
    commit(lake, outputs={"df": long(), "note": "text"}, params={"depth": 3})
    return lake


def test_one_column_comes_back_with_its_index(made):
    found = made.load("fraud:v1", "df", columns=["x"])
    pd.testing.assert_frame_equal(found, long()[["x"]])
    pd.testing.assert_frame_equal(made.load("fraud:v1", "df", columns="kind, id"), long()[["kind", "id"]])


@pytest.mark.parametrize(
    ("rows", "expected"),
    [(range(5), slice(0, 5)), (slice(-3, None), slice(-3, None)), ("100:200", slice(100, 200)), (range(N - 2, N + 50), slice(N - 2, N)),
     (slice(20_000, 20_001), slice(20_000, 20_001)), (range(9, 3), slice(0, 0)), (":0", slice(0, 0))],
)  # fmt: skip
def test_rows_alone_are_those_of_the_whole(made, rows, expected):
    pd.testing.assert_frame_equal(made.load("fraud", "df", rows=rows), long()[expected], check_freq=False)


@pytest.mark.parametrize(
    "rows", [range(0, 10, 2), slice(0, 10, -1), range(-5, 3), slice("a", "b"), "1", "a:b", "", slice(0.5, 2), 5, (0, 3), [1, 2]]
)
def test_what_are_no_rows_is_said(made, rows):
    with pytest.raises(Invalid) as raised:
        made.load("fraud", "df", rows=rows)
    assert "rows" in raised.value.message or "range" in raised.value.message
    assert raised.value.hint


@pytest.mark.parametrize("columns", [5, [1], [None], {"x": 1}])
def test_what_are_no_names_of_columns_is_said_and_never_taken_for_damage(made, columns):
    with pytest.raises(Invalid) as raised:
        made.load("fraud", "df", columns=columns)
    assert "columns" in raised.value.message
    assert "help load" in raised.value.hint or "show" in raised.value.hint


def test_a_column_that_is_not_there_lists_those_that_are(made):
    with pytest.raises(ArtifactNotFound) as raised:
        made.load("fraud:v1", "df", columns=["x", "y"])
    assert raised.value.existing == ("id", "x", "word", "kind", "at", "gone")
    assert "df of fraud:v1" in raised.value.message


@pytest.mark.parametrize("name", ["note", "depth"])
@pytest.mark.parametrize("wish", [{"columns": ["x"]}, {"rows": range(3)}, {"as_": "arrow"}])
def test_what_is_no_frame_has_no_columns(made, name, wish):
    with pytest.raises(Invalid) as raised:
        made.load("fraud", name, **wish)
    assert "frame" in raised.value.message


@pytest.mark.parametrize("word", ["pyarrow", "numpy", "", "ARROW"])
def test_another_library_is_refused_with_those_there_are(made, word):
    with pytest.raises(Invalid) as raised:
        made.load("fraud", "df", as_=word)
    assert "arrow, pandas, polars" in raised.value.hint


def test_a_pickle_is_not_opened_for_its_columns(lake, commit):
    class Local:
        pass

    commit(lake, outputs={"thing": Local()})
    with pytest.raises(UntrustedArtifact):
        lake.load("fraud", "thing", columns=["x"])


def test_a_pandas_frame_comes_as_each_library(made):
    whole = long()
    table = made.load("fraud", "df", as_="arrow", rows=range(100))
    assert isinstance(table, pa.Table)
    expected = pa.Table.from_pandas(whole[:100])
    for name in whole.columns:
        assert table[name].to_pylist() == expected[name].to_pylist(), name
    frame = made.load("fraud", "df", as_="polars", columns=["id", "x", "word"])
    assert isinstance(frame, pl.DataFrame)
    assert frame["x"].null_count() == int(whole["x"].isna().sum())
    assert frame["word"].to_list() == whole["word"].tolist()
    pd.testing.assert_frame_equal(made.load("fraud", "df", as_="pandas"), whole, check_freq=False)


def test_a_polars_frame_comes_as_each_library(lake, commit):
    frame = pl.DataFrame(
        {"a": range(N), "s": ["x", None, "z", "w"] * (N // 4), "day": [dt.date(2026, 1, 1)] * N},
        schema_overrides={"s": pl.Enum(["w", "x", "z"])},
    )
    commit(lake, outputs={"df": frame, "s": frame["s"]})
    assert lake.load("fraud", "df", columns=["s"], rows=range(7, 9)).equals(frame[7:9].select("s"))
    assert lake.load("fraud", "df", rows=range(0)).schema == frame.schema
    assert lake.load("fraud", "s", rows=slice(-2, None)).equals(frame["s"][-2:])
    table = lake.load("fraud", "df", as_="arrow", rows=range(4))
    assert table.to_pydict() == frame[:4].to_dict(as_series=False)
    pandas = lake.load("fraud", "df", as_="pandas", columns="a")
    assert pandas["a"].tolist() == list(range(N))


def test_an_arrow_table_comes_as_each_library(lake, commit):
    schema = pa.schema([pa.field("n", pa.int32(), nullable=False), ("l", pa.list_(pa.string()))], metadata={"k": "v"})
    table = pa.table({"n": pa.array(range(N), pa.int32()), "l": [["a"], None, []] * (N // 3) + [["b"]] * (N % 3)}, schema=schema)
    commit(lake, outputs={"t": table, "column": table["n"], "batch": table.to_batches()[0]})
    assert lake.load("fraud", "t", rows=range(3)).equals(table[:3], check_metadata=True)
    assert lake.load("fraud", "t", columns=["l"], as_="arrow").equals(table.select(["l"]))
    assert lake.load("fraud", "column", rows=range(2, 4)).to_pylist() == [2, 3]
    assert lake.load("fraud", "column", as_="pandas", rows=range(2))["values"].tolist() == [0, 1]
    assert lake.load("fraud", "batch", rows=range(2)).num_rows == 2
    assert lake.load("fraud", "t", as_="pandas", columns=["n"])["n"].sum() == sum(range(N))
    assert lake.load("fraud", "t", as_="polars", rows=range(1)).rows() == [(0, ["a"])]


@pytest.mark.parametrize(
    "index",
    [
        pd.RangeIndex(10, 10 + 3 * 300, 3, name="r"),
        pd.Index([f"k{n}" for n in range(300)], name="key"),
        pd.MultiIndex.from_product([range(30), list("abcdefghij")], names=["p", None]),
        pd.date_range("2026-01-01", periods=300, freq="D"),
        pd.CategoricalIndex(list("abc") * 100),
        pd.period_range("2026-01", periods=300, freq="M"),
        pd.Index([1, "two", None] * 100, dtype=object),
    ],
    ids=lambda index: type(index).__name__,
)
def test_rows_bring_their_index(lake, commit, index):
    frame = pd.DataFrame({"a": range(300), 7: "x"}, index=index)
    commit(lake, outputs={"df": frame, "s": frame["a"], "i": index})
    pd.testing.assert_frame_equal(lake.load("fraud", "df", rows=range(50, 60)), frame[50:60])
    pd.testing.assert_frame_equal(lake.load("fraud", "df", columns=["7"], rows=":1"), frame[[7]][:1])
    pd.testing.assert_series_equal(lake.load("fraud", "s", rows=range(290, 400)), frame["a"][290:])
    pd.testing.assert_index_equal(lake.load("fraud", "i", rows=range(3)), index[:3])


def test_a_series_and_an_index_come_as_tables(lake, commit):
    commit(lake, outputs={"s": pd.Series([1.5, np.nan], name="v"), "i": pd.Index(["p", "q"], name="key"), "n": pd.Series([1, 2])})
    assert lake.load("fraud", "s", as_="arrow").to_pydict() == {"v": [1.5, None]}
    assert lake.load("fraud", "i", as_="arrow").to_pydict() == {"key": ["p", "q"]}
    assert lake.load("fraud", "n", as_="polars").to_dict(as_series=False) == {"values": [1, 2]}


@pytest.mark.parametrize("cells", [[1, "two"], [{1}, 2], [object, 1]])
def test_cells_for_which_arrow_has_no_type_are_refused_with_the_column(lake, commit, cells):
    commit(
        lake,
        outputs={
            "df": pd.DataFrame({"ok": [1, 2], "odd": pd.Series(cells[:1] * 2 if cells[0] is object else cells, dtype=object)})
        },
    )
    if not lake.show("fraud").entry.version.artifact("df") or lake.show("fraud").entry.version.artifacts[0].handler != "pandas":
        return
    with pytest.raises(Invalid) as raised:
        lake.load("fraud", "df", as_="arrow")
    assert "odd" in raised.value.message
    assert lake.load("fraud", "df", as_="arrow", columns=["ok"]).num_rows == 2


def test_two_columns_of_one_name_are_had_by_their_places(lake, commit):
    frame = pd.DataFrame([[1, 2]], columns=["a", "a"])
    commit(lake, outputs={"df": frame})
    assert lake.load("fraud", "df", columns=["1: a"]).to_numpy().tolist() == [[2]]
    with pytest.raises(Invalid) as raised:
        lake.load("fraud", "df", as_="arrow")
    assert "a" in raised.value.message


@pytest.mark.parametrize("handler", ["pandas", "polars", "pyarrow"])
@pytest.mark.parametrize(
    "head",
    [
        None, b"[]", b'{"rows": -1, "columns": []}', b'{"rows": 5, "columns": [{}]}', b'{"rows": 5, "columns": [{"name": "x", "column": 0}]}',
        b'{"rows": 5, "columns": [{"name": 7, "column": "x", "metadata": null}]}', b'{"rows": 99999999999999999999, "columns": [null]}',
    ],
)  # fmt: skip
def test_a_frame_that_its_library_did_not_write_is_damage_however_it_is_read(lake, forger, handler, head, tmp_path):
    data = b"garbage" if head is None else bundle_bytes(lambda shelf: Node(head))
    hand = forger(lake._parts.store)
    artifact, objects = hand.artifact(data, handler=handler)
    hand.version(artifact, objects=objects)
    for read in (
        lambda: lake.load("fraud", "x", columns=["x"]),
        lambda: lake.load("fraud", "x", rows=range(3), as_="arrow"),
        lambda: lake.sql('from "fraud:v1/x"'),
        lambda: lake.export("fraud", "x", to=tmp_path / "x.parquet"),
    ):
        with pytest.raises((DamagedObject, ArtifactNotFound)):
            read()
    assert list(tmp_path.iterdir()) == []
