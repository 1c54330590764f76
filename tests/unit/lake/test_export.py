"""Export: what others read is what was kept, under a name that was free."""

import json
import os
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from mvlake.errors import DamagedObject, Invalid, MissingObject

ROWS = 150_000  # more than one block


class Local:
    """A class of the notebook: only a pickle can keep it."""


def wide(rows=ROWS):
    return pd.DataFrame(
        {
            "id": np.arange(rows),
            "x": np.where(np.arange(rows) % 7 == 0, np.nan, np.arange(rows) * 0.25),
            "word": [None if n % 5 == 0 else f"w{n % 100}" for n in range(rows)],
            "late": pd.Series([None] * (rows - 1) + ["last"], dtype=object),  # nothing but nulls in the first blocks
            "list": pd.Series([[n, n + 1] for n in range(rows)], dtype=object),
            "kind": pd.Categorical(["p", "q"] * (rows // 2)),
            "at": pd.date_range("2026-01-01", periods=rows, freq="s", tz="UTC"),
        }
    )


def test_every_reader_finds_the_rows_of_a_pandas_frame(lake, commit, tmp_path):
    frame = wide()
    commit(lake, outputs={"df": frame})
    done = lake.export("fraud:v1", "df", to=tmp_path / "df.parquet")
    assert "df.parquet" in done.sentence
    file = str(tmp_path / "df.parquet")
    found = pd.read_parquet(file)
    found["list"] = [list(cell) for cell in found["list"]]
    expected = frame.astype({"late": found["late"].dtype})  # pandas 3 itself reads objects that are all text as text
    pd.testing.assert_frame_equal(found, expected, check_freq=False)
    assert pq.ParquetFile(file).num_row_groups > 1
    table = pl.read_parquet(file)
    assert table["word"].to_list() == [None if n % 5 == 0 else f"w{n % 100}" for n in range(ROWS)]
    assert table["x"].null_count() == int(frame["x"].isna().sum())
    assert duckdb.sql(f"select count(*), sum(id), max(late), count(x) from '{file}'").fetchall() == [
        (ROWS, ROWS * (ROWS - 1) // 2, "last", int(frame["x"].notna().sum()))
    ]


@pytest.mark.parametrize(
    "index",
    [
        pd.RangeIndex(10, 310, name="r"), pd.RangeIndex(0, 600, 2), pd.Index([f"k{n}" for n in range(300)], name="key"),
        pd.MultiIndex.from_product([range(30), list("abcdefghij")], names=["p", None]), pd.date_range("2026-01-01", periods=300),
        pd.CategoricalIndex(list("abc") * 100, name="c"), pd.period_range("2026-01", periods=300, freq="M"),
    ],
    ids=lambda index: type(index).__name__,
)  # fmt: skip
def test_pandas_reads_its_index_back(lake, commit, tmp_path, index):
    frame = pd.DataFrame({"a": range(300), 7: 0.5}, index=index)
    commit(lake, outputs={"df": frame, "numbered": frame.rename(columns={"a": 1})})
    lake.export("fraud", "df", to=str(tmp_path / "df.parquet"))
    found = pd.read_parquet(tmp_path / "df.parquet")
    pd.testing.assert_frame_equal(found, frame.rename(columns=str), check_freq=False)
    lake.export("fraud", "numbered", to=tmp_path / "numbered")
    assert pd.read_parquet(tmp_path / "numbered").columns.tolist() == [1, 7]


def test_series_and_index_become_tables(lake, commit, tmp_path):
    commit(lake, outputs={"s": pd.Series([1, 2], name="v", index=["a", "b"]), "i": pd.Index([3, 4], name="k")})
    for name in "si":
        lake.export("fraud", name, to=tmp_path / name)
    assert pd.read_parquet(tmp_path / "s")["v"].to_dict() == {"a": 1, "b": 2}
    assert pq.read_table(tmp_path / "i").to_pydict() == {"k": [3, 4]}


def test_frames_of_polars_and_arrow_are_read_back_equal(lake, commit, tmp_path):
    frame = pl.DataFrame({"a": range(ROWS), "s": ["x", None, "zé"] * (ROWS // 3)}).with_columns(c=pl.col("s").cast(pl.Categorical))
    table = pa.table({"n": pa.array([1, None], pa.int16()), "b": [b"\0", None], "l": [[1.5], []]})
    commit(lake, outputs={"p": frame, "t": table})
    lake.export("fraud", "p", to=tmp_path / "p.parquet")
    assert pl.read_parquet(tmp_path / "p.parquet").equals(frame)
    lake.export("fraud", "t", to=tmp_path / "t.parquet")
    assert pq.read_table(tmp_path / "t.parquet").equals(table)


@pytest.mark.parametrize(
    "column",
    [
        pa.array([(1, 2, 3)], pa.month_day_nano_interval()),
        pa.RunEndEncodedArray.from_arrays(pa.array([1], pa.int32()), pa.array(["x"])),
    ],
    ids=lambda column: str(column.type),
)
def test_what_parquet_cannot_hold_is_refused_in_words(lake, commit, tmp_path, column):
    commit(lake, outputs={"t": pa.table({"ok": [1], "odd": column})})
    with pytest.raises(Invalid) as raised:
        lake.export("fraud", "t", to=tmp_path / "t.parquet")
    assert "Parquet" in raised.value.message
    assert list(tmp_path.iterdir()) == []


def test_cells_of_several_types_are_refused_with_their_column(lake, commit, tmp_path):
    commit(lake, outputs={"df": pd.DataFrame({"odd": pd.Series([1, "two"], dtype=object)})})
    with pytest.raises(Invalid) as raised:
        lake.export("fraud", "df", to=tmp_path / "df.parquet")
    assert "odd" in raised.value.message
    assert list(tmp_path.iterdir()) == []


def test_other_artifacts_keep_their_form_and_no_pickle_is_opened(lake, commit, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    commit(lake, outputs={"a": np.arange(3), "x": {"k": [1, 2]}, "thing": Local()})
    for name in ("a", "x", "thing"):
        lake.export("fraud", name)
    assert np.load("fraud-v1-a.npy").tolist() == [0, 1, 2]
    assert json.loads(Path("fraud-v1-x.json").read_text())
    assert b"Local" in next(tmp_path.glob("fraud-v1-thing*")).read_bytes()


@pytest.mark.parametrize(
    "make", [lambda path: path.write_text("mine"), lambda path: path.mkdir(), lambda path: path.symlink_to("nowhere")]
)
def test_nothing_that_is_there_is_replaced(lake, commit, tmp_path, make):
    commit(lake, outputs={"x": 1})
    file = tmp_path / "taken"
    make(file)
    with pytest.raises(Invalid) as raised:
        lake.export("fraud", to=file)
    assert "already" in raised.value.message
    assert os.listdir(tmp_path) == ["taken"]


def test_a_name_that_is_taken_meanwhile_is_not_replaced(lake, commit, tmp_path):
    commit(lake, outputs={"df": wide(1000)})
    file = tmp_path / "df.parquet"
    with pytest.raises(Invalid):
        lake.export("fraud", to=file, tell=lambda what, done, total: file.write_text("mine"))
    assert file.read_text() == "mine"
    assert os.listdir(tmp_path) == ["df.parquet"]


def test_an_interrupt_leaves_nothing(lake, commit, tmp_path):
    commit(lake, outputs={"df": wide(1000)})

    def interrupt(what, done, total):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        lake.export("fraud", to=tmp_path / "df.parquet", tell=interrupt)
    assert os.listdir(tmp_path) == []


def test_a_folder_that_is_not_there_is_said(lake, commit, tmp_path):
    commit(lake, outputs={"x": 1})
    with pytest.raises(Invalid) as raised:
        lake.export("fraud", to=tmp_path / "no" / "file")
    assert "cannot be written" in raised.value.message


def test_progress_is_told_to_the_end(lake, commit, tmp_path):
    commit(lake, outputs={"df": wide()})
    told = []
    lake.export("fraud", to=tmp_path / "df.parquet", tell=lambda *what: told.append(what))
    assert [one[2] for one in told] == [ROWS] * len(told)
    assert [one[1] for one in told] == sorted(one[1] for one in told)
    assert told[-1] == ("rows of df written", ROWS, ROWS)


def test_damage_leaves_no_file(disk, commit, tmp_path):
    commit(disk, outputs={"df": wide()})
    store = disk._parts.store
    for key in [key for key in store.keys("objects/") if key.endswith(".pack")]:
        data = bytearray(store.get(key))
        data[len(data) // 3] ^= 1
        store.put_hint(key, bytes(data))
    (tmp_path / "out").mkdir()
    with pytest.raises((DamagedObject, MissingObject)):
        disk.export("fraud", "df", to=tmp_path / "out" / "df.parquet")
    assert os.listdir(tmp_path / "out") == []


def test_a_folder_gets_frames_as_parquet(lake, commit, tmp_path):
    frame = wide()
    odd = pd.DataFrame({"odd": pd.Series([1, "two"], dtype=object)})
    commit(lake, inputs={"df": frame}, outputs={"small": frame[:5], "odd": odd, "a": np.arange(3)})
    restored = lake.checkout("fraud", to=tmp_path / "out")
    assert set(os.listdir(tmp_path / "out")) == {
        "df-input.parquet",
        "small-output.parquet",
        "a-output.npy",
        "notebook.ipynb",
        "requirements.txt",
    }
    assert pd.read_parquet(tmp_path / "out" / "df-input.parquet")["id"].tolist() == frame["id"].tolist()
    assert [row.name for row in restored.names if row.problem] == ["odd-output.parquet"]
    with pytest.raises(Invalid):
        lake.checkout("fraud", ["odd"], to=tmp_path / "other")
    assert os.listdir(tmp_path) == ["out"]


def test_the_bytes_of_what_is_kept_in_pieces_are_refused_with_the_way_to_a_file(lake, commit):
    commit(lake, outputs={"df": wide(), "small": pd.DataFrame({"a": [1]})})
    with pytest.raises(Invalid) as raised:
        lake.load_bytes("fraud", "df")
    assert "export fraud:v1 df" in raised.value.hint
    assert lake.load_bytes("fraud", "small")


def test_a_value_that_the_record_tells_is_no_file_and_says_how_it_is_had(lake, commit, tmp_path):
    commit(lake, params={"depth": 3})
    for ask in (lambda: lake.load_bytes("fraud", "depth"), lambda: lake.export("fraud", "depth", to=tmp_path / "depth")):
        with pytest.raises(Invalid, match="no file") as raised:
            ask()
        assert "load fraud:v1 depth" in raised.value.hint


def test_frames_without_rows_or_columns_are_exported(lake, commit, tmp_path):
    frames = {
        "rows": wide(2)[:0],
        "columns": pd.DataFrame(index=range(10**12)),
        "both": pl.DataFrame(),
        "table": pa.table({"a": []}),
    }
    commit(lake, outputs=frames)
    for name, frame in frames.items():
        lake.export("fraud", name, to=tmp_path / name)
        found = pq.read_table(tmp_path / name)
        assert (found.num_rows, found.num_columns) == (0, frame.shape[1])
    assert pd.read_parquet(tmp_path / "rows").columns.tolist() == list(wide(2).columns)
    assert lake.sql('select count(*) from "fraud/rows"').rows == ((0,),)
