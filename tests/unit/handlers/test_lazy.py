import csv
import io
import itertools
import sqlite3
import sys
import tarfile
import weakref
import zipfile

import duckdb
import h5py
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.dataset
import pytest
import sqlalchemy
import torch
from sqlalchemy.orm import Session

from mvlake.handlers.lazy import lazy_of
from mvlake.handlers.lazy_traits import traits_of
from mvlake.records.described import LazyKind
from mvlake.testing.traps import zoo


async def ticks():
    yield 1


def kind(obj):
    found = lazy_of(obj)
    return None if found is None else found.kind.value


def traits(obj):
    return {one.name: one.value for one in traits_of(obj)}


def test_iterators_of_every_kind_are_told_and_keep_their_next_value(tmp_path):
    (tmp_path / "f").write_text("a,b\n1,2\n")
    things = [
        ((n for n in "xy"), "x"),
        (iter(["x", "y"]), "x"),
        (map(str, "xy"), "x"),
        (filter(None, "xy"), "x"),
        (zip("xy", strict=True), ("x",)),
        (enumerate("xy"), (0, "x")),
        (reversed(["y", "x"]), "x"),
        (iter({"x": 1}), "x"),
        (itertools.count(), 0),
        (itertools.islice("xy", 1), "x"),
        (itertools.chain("x"), "x"),
        (csv.reader(io.StringIO("x,y")), ["x", "y"]),
        (pd.read_csv(tmp_path / "f", chunksize=1), None),
        (pa.RecordBatchReader.from_batches(pa.schema([("a", pa.int64())]), []), None),
    ]
    for thing, first in things:
        assert kind(thing) == "iterator", thing
        traits_of(thing)
        if first is not None:
            assert next(thing) == first
    assert kind(ticks()) == "iterator"


def test_files_connections_cursors_plans_and_data_sets_are_told_by_their_classes(tmp_path):
    base = sqlite3.connect(":memory:")
    engine = sqlalchemy.create_engine("sqlite://")
    duck = duckdb.connect()
    with engine.connect() as connection, h5py.File(tmp_path / "h", "w") as file, (tmp_path / "f").open("w") as text:
        rows = connection.execute(sqlalchemy.text("select 1"))
        with zipfile.ZipFile(tmp_path / "z", "w") as packed, tarfile.open(tmp_path / "t", "w") as tar:
            files = [kind(one) for one in (file, text, io.BytesIO(), packed, tar)]
        assert files == ["file"] * 5
        assert kind(file.create_dataset("a", data=[1, 2])) == "mapped"
        assert [kind(one) for one in (base, engine, connection, Session(engine), duck)] == ["connection"] * 5
        assert [kind(one) for one in (base.cursor(), rows, rows.scalars())] == ["cursor"] * 3
    frame = pl.LazyFrame({"a": [1]})
    assert [kind(one) for one in (frame, frame.group_by("a"), duck.sql("select 1"))] == ["plan"] * 3
    tensors = torch.utils.data.TensorDataset(torch.zeros(2, 3), torch.zeros(2))
    table = pa.dataset.dataset(pa.table({"a": [1]}))
    assert [kind(one) for one in (tensors, torch.utils.data.DataLoader(tensors), table)] == ["dataset"] * 3
    assert traits(tensors)["tensor"] == "(2,) torch.float32"


class Rows(torch.utils.data.Dataset):
    def __init__(self):
        self.asked = []

    def __len__(self):
        self.asked.append("len")
        return 3

    def __getitem__(self, place):
        self.asked.append(place)
        return place


def test_a_data_set_of_the_users_own_is_asked_nothing():
    rows = Rows()
    assert kind(rows) == "dataset"
    assert traits_of(rows) == ()
    assert rows.asked == []


ELSEWHERE = [
    ("dask.array.core", "Array", "dask.base", "DaskMethodsMixin", "plan"),
    ("dask_expr._collection", "DataFrame", "dask_expr._collection", "FrameBase", "plan"),
    ("pyspark.sql.classic.dataframe", "DataFrame", "pyspark.sql.dataframe", "DataFrame", "plan"),
    ("pyspark.sql.session", "SparkSession", "", "", "connection"),
    ("tensorflow.python.data.ops.map_op", "_MapDataset", "tensorflow.python.data.ops.dataset_ops", "DatasetV2", "dataset"),
    ("datasets.arrow_dataset", "Dataset", "", "", "dataset"),
    ("zarr.core.array", "Array", "", "", "mapped"),
    ("psycopg2.extensions", "connection", "", "", "connection"),
    ("ibis.expr.types.relations", "Table", "ibis.expr.types.core", "Expr", "plan"),
]


@pytest.mark.parametrize(
    ("module", "name", "mothers", "mother", "said"), ELSEWHERE, ids=[f"{one[0]}.{one[1]}" for one in ELSEWHERE]
)
def test_what_is_not_installed_here_is_known_by_package_and_class(module, name, mothers, mother, said):
    bases = (type(mother, (), {"__module__": mothers}),) if mother else ()
    thing = type(name, bases, {"__module__": module})()
    assert kind(thing) == said


def test_a_module_of_the_users_own_that_is_called_like_a_library_is_not_meant():
    assert kind(type("Dataset", (), {"__module__": "datasets"})()) is None
    assert kind(type("DataFrame", (), {"__module__": "__main__"})()) is None


def test_any_librarys_connections_and_cursors_are_known_by_what_the_database_api_asks_of_them():
    def silent(self):
        raise AssertionError

    names = ("execute", "executemany", "fetchone", "fetchmany", "fetchall", "__next__")
    cursor = type("Anything", (), dict.fromkeys(names, silent))()
    connection = type("Anything", (), dict.fromkeys(("cursor", "commit", "rollback", "close"), silent))()
    assert (kind(cursor), kind(connection)) == ("cursor", "connection")
    assert kind(type("Half", (), dict.fromkeys(("cursor", "close"), silent))()) is None


def test_a_mapped_array_says_where_in_its_file_it_lies_slices_too(tmp_path):
    place = tmp_path / "m"
    place.write_bytes(bytes(20_000))
    whole = np.memmap(place, dtype="<i4", offset=4_100, mode="r", shape=(100, 5))
    said = traits(whole)
    assert said == {"file": str(place), "shape": "(100, 5)", "dtype": "int32", "offset": "4100", "mode": "r"}
    assert traits(whole[3:])["offset"] == str(4_100 + 3 * 5 * 4)
    assert traits(whole[:, 1])["strides"] == "20"
    written = np.memmap(place, dtype="u1", mode="r+", offset=int(traits(whole[3:])["offset"]))
    written[0] = 7
    assert whole[3, 0] == 7


def test_traits_are_those_of_the_object_as_it_is(tmp_path):
    base = sqlite3.connect(":memory:")
    assert traits(base.execute("select 1 as a, 2 as b")) == {"columns": "a, b"}
    assert traits(base.cursor()) == {}
    made = (n for n in "ab")
    assert traits(made) == {"function": "test_traits_are_those_of_the_object_as_it_is.<locals>.<genexpr>", "state": "not begun"}
    next(made)
    assert traits(made)["state"] == "under way"
    list(made)
    assert traits(made)["state"] == "used up"
    (tmp_path / "f").write_text("x")
    with (tmp_path / "f").open() as text, (tmp_path / "f").open("rb") as data:
        assert traits(text) == {"file": str(tmp_path / "f"), "mode": "r"}
        assert traits(data) == {"file": str(tmp_path / "f"), "mode": "rb"}
    assert traits(data)["state"] == "closed"
    apart = io.TextIOWrapper(io.BytesIO())
    apart.detach()
    assert traits(apart) == {}


def test_a_file_made_of_somebodys_own_parts_is_asked_nothing():
    asked = []

    class Raw(io.RawIOBase):
        def readable(self):
            return True

        def __getattribute__(self, name):
            asked.append(name)
            return super().__getattribute__(name)

    text = io.TextIOWrapper(io.BufferedReader(Raw()))
    asked.clear()
    assert kind(text) == "file"
    assert traits(text) == {}
    assert asked == []


def test_nothing_of_a_stranger_runs_and_data_is_no_lazy_thing():
    log = []
    for name, thing in zoo(log, lambda name: pytest.fail(name)).items():
        lazy_of(thing)
        traits_of(thing)
        assert log == [], name

    class Weak:
        pass

    whole = Weak()
    ordinary = [1, "a", [], {}, np.zeros(2), pd.DataFrame(), pl.DataFrame(), torch.zeros(1), weakref.proxy(whole), sys, object()]
    assert [kind(one) for one in ordinary] == [None] * len(ordinary)
    assert {one.value for one in LazyKind} == {"plan", "iterator", "cursor", "connection", "file", "dataset", "mapped"}
