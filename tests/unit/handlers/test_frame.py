import random

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

from mvlake.errors import MissingObject
from mvlake.handlers.examined import ChangedMeanwhile
from mvlake.handlers.frame import SMALL, read_frame
from mvlake.handlers.pandas import handler as pandas
from mvlake.handlers.polars import handler as polars
from mvlake.handlers.pyarrow import handler as pyarrow
from mvlake.records.node import Node, read_node
from mvlake.testing import MemoryShelf


def frame(rows=60_000, seed=1):
    dice = np.random.default_rng(seed)
    return pd.DataFrame(
        {
            "number": dice.integers(0, 1 << 40, rows),
            "share": np.where(dice.random(rows) < 0.1, np.nan, dice.random(rows)),
            "word": pd.array(np.array(["a", "bb", None], dtype=object)[dice.integers(0, 3, rows)], dtype="string[pyarrow]"),
            "kind": pd.Categorical.from_codes(dice.integers(0, 3, rows), ["x", "y", "z"]),
            "when": pd.Timestamp("2020-01-01") + pd.to_timedelta(dice.integers(0, 10**9, rows), unit="s"),
            "cell": pd.Series([{"a": 1}, None, "text"] * (rows // 3), dtype=object),
        }
    )


def shared(obj, handler=pandas, shelf=None):
    shelf = MemoryShelf() if shelf is None else shelf
    return handler.encode_parts(obj, shelf), shelf


FRAMES = {
    "pandas": (pandas, frame),
    "polars": (polars, lambda: pl.from_pandas(frame().drop(columns="cell"))),
    "pyarrow": (pyarrow, lambda: pa.Table.from_pandas(frame().drop(columns="cell"))),
}
each_library = pytest.mark.parametrize(("handler", "make"), FRAMES.values(), ids=FRAMES.keys())


@each_library
def test_a_large_frame_comes_back_from_its_parts(handler, make):
    obj = make()
    node, shelf = shared(obj, handler)
    assert isinstance(node, Node)
    assert handler.fingerprint(handler.decode_parts(node, shelf, protocol=1)) == handler.fingerprint(obj)
    assert handler.fingerprint(handler.decode(handler.encode(obj), protocol=1)) == handler.fingerprint(obj)


def test_numbers_of_every_kind_come_back_from_many_chunks():
    dice = np.random.default_rng(2)
    whole = dice.integers(0, 1 << 30, 200_000)
    kinds = [
        "int8",
        "uint16",
        "int32",
        "float32",
        "float64",
        "bool",
        "complex128",
        "m8[s]",
        "m8[ns]",
        "M8[s]",
        "M8[ms]",
        "M8[ns]",
        ">i4",
    ]
    numbers = pd.DataFrame({kind: whole.astype(kind) for kind in kinds})
    with_gaps = numbers.copy()
    for kind in ("float64", "m8[s]", "M8[ns]"):
        with_gaps.loc[::7, kind] = None
    for obj in (numbers, with_gaps):
        node, shelf = shared(obj)
        back = pandas.decode_parts(node, shelf, protocol=1)
        pd.testing.assert_frame_equal(back, obj)
        back.iloc[0, :] = back.iloc[1, :]  # its memory is its owner's


@each_library
def test_a_frame_that_is_kept_again_puts_nothing(handler, make):
    obj = make()
    node, shelf = shared(obj, handler)
    shelf.puts.clear()
    assert shared(obj, handler, shelf)[0] == node
    assert shelf.puts == []


def test_a_column_that_changes_is_all_that_is_put():
    one, shelf = frame(), MemoryShelf()
    before, _ = shared(one, shelf=shelf)
    known = set(shelf.objects)
    after, _ = shared(one.assign(share=one["share"].where(one.index != 30_000, 0.5)), shelf=shelf)
    assert sum(left != right for left, right in zip(before.nodes, after.nodes, strict=True)) == 1
    assert sum(map(len, (shelf.objects[name] for name in set(shelf.objects) - known))) < 300_000


def test_equal_columns_of_two_frames_are_one_node():
    one, other = frame(), frame()
    other["number"] += 1
    shelf = MemoryShelf()
    left, right = shared(one, shelf=shelf)[0], shared(other[::-1].iloc[::-1], shelf=shelf)[0]
    assert len(set(left.nodes) & set(right.nodes)) >= len(one.columns) - 1


def test_a_frame_below_the_limit_is_one_object_and_one_above_is_parts():
    rows = SMALL // 8
    for count, is_node in ((rows - 1, False), (rows, True), (rows + 1, True)):
        numbers = np.arange(count)
        for handler, obj in (
            (pandas, pd.DataFrame({"n": numbers})),
            (pyarrow, pa.table({"n": numbers})),
            (polars, pl.DataFrame({"n": numbers})),
        ):
            found, shelf = shared(obj, handler)
            assert isinstance(found, Node) is is_node
            assert bool(shelf.puts) is is_node


def test_memory_does_not_decide_on_the_limit():
    wide = pa.table({"text": ["x" * 100] * 4000})
    assert isinstance(shared(wide.slice(0, 100), pyarrow)[0], bytes)
    parts = pa.concat_tables([wide.slice(start, 10) for start in range(0, 4000, 10)])
    assert shared(parts, pyarrow)[0] == shared(wide, pyarrow)[0]


def test_columns_and_rows_are_read_alone():
    node, shelf = shared(frame())
    shelf.gets.clear()
    table = read_frame(node, shelf, columns=["number"], rows=range(10, 20))
    assert table.to_pydict() == {"number": frame()["number"].tolist()[10:20]}
    assert len(shelf.gets) == 2, "the column's node and one chunk"
    with pytest.raises(KeyError):
        read_frame(node, shelf, columns=["no such"])
    with pytest.raises(ValueError, match="follow one another"):
        read_frame(node, shelf, rows=range(0, 10, 2))


def test_names_that_are_the_same_are_told_apart():
    twice = pd.DataFrame(np.arange(4).reshape(2, 2), columns=["a", "a"])
    assert read_frame(pandas.encode(twice), MemoryShelf()).column_names == ["0: a", "1: a"]
    assert pandas.decode(pandas.encode(twice), protocol=1).columns.tolist() == ["a", "a"]


def test_metadata_and_nullability_come_back():
    schema = pa.schema([pa.field("a", pa.int64(), nullable=False, metadata={"k": "v"})], metadata={"unit": "m"})
    back = pyarrow.decode(pyarrow.encode(pa.table({"a": [1]}, schema=schema)), protocol=1)
    assert back.schema.equals(schema, check_metadata=True)


def every_object(node, shelf):
    """Yield the name of every object below a node."""
    for digest in node.nodes:
        yield digest
        yield from every_object(read_node(shelf.objects[digest]), shelf)
    yield from node.leaves


@each_library
def test_damaged_parts_are_exceptions_or_frames(handler, make):
    node, shelf = shared(make(), handler)
    names, dice = list(every_object(node, shelf)), random.Random(11)
    for _ in range(60):
        victim = dice.choice(names)
        whole = shelf.objects[victim]
        damaged = bytearray(whole)
        damaged[dice.randrange(len(damaged))] ^= 1 << dice.randrange(8)
        shelf.objects[victim] = dice.choice([bytes(damaged), whole[: dice.randrange(len(whole))]])
        payload = bytearray(node.payload)
        payload[dice.randrange(len(payload))] ^= 1 << dice.randrange(8)
        for hostile in (
            node,
            Node(bytes(payload), node.nodes),
            Node(node.payload, node.nodes[1:]),
            Node(node.payload, node.nodes[::-1]),
        ):
            try:
                handler.decode_parts(hostile, shelf, protocol=1)
            except Exception:
                continue
        shelf.objects[victim] = whole


def test_a_missing_object_is_named():
    node, shelf = shared(frame())
    gone = read_node(shelf.objects[node.nodes[0]]).leaves[0]
    del shelf.objects[gone]
    with pytest.raises(MissingObject, match=gone):
        pandas.decode_parts(node, shelf, protocol=1)


def test_a_label_that_utf8_cannot_say_is_kept_as_it_is():
    frame = pd.DataFrame({"a": range(60_000)})
    frame.columns = pd.Index(["\ud800"], dtype=object)
    shelf = MemoryShelf()
    assert list(pandas.decode_parts(pandas.encode_parts(frame, shelf), shelf, protocol=pandas.protocol).columns) == ["\ud800"]


def changing(handler, obj, change):
    """Encode an object that is examined, and changed when its first column is written; return whether that was noticed."""

    class Changing(MemoryShelf):
        def put(self, data, *, weight=None):
            if not self.puts:
                change()
            return super().put(data, weight=weight)

    examined, shelf = handler.examined(obj), Changing()
    try:
        made = examined.encode(shelf)
    except ChangedMeanwhile:
        return True
    return not examined.is_unchanged(made)


@pytest.mark.parametrize("columns", [1, 9])
def test_a_frame_that_changes_while_it_is_written_is_not_taken_for_what_it_was(columns):
    memory = np.arange(columns * 200_000.0).reshape(columns, -1)
    frame = pd.DataFrame(memory.T, copy=False)
    table = pa.table({f"c{place}": pa.array(row) for place, row in enumerate(memory)})
    for handler, obj in ((pandas, frame), (pyarrow, table), (polars, pl.from_arrow(table))):
        assert not changing(handler, obj, lambda: None)
        assert changing(handler, obj, lambda: memory.__setitem__((-1, 7), memory[-1, 7] - 1))


def test_examined_is_what_is_made_without_a_look_before():
    frame = pd.DataFrame({"a": np.arange(100_000.0), "b": pd.Categorical(["x", "y"] * 50_000)}, index=np.arange(100_000)[::-1])
    for handler, obj in ((pandas, frame), (pyarrow, pa.Table.from_pandas(frame)), (polars, pl.from_pandas(frame))):
        examined = handler.examined(obj)
        assert (examined.digest, examined.summary) == handler.examine(obj)
        one, other = MemoryShelf(), MemoryShelf()
        assert examined.encode(one) == handler.encode_parts(obj, other)
        assert one.objects == other.objects


def test_columns_that_lie_side_by_side_are_the_same_frame():
    memory = np.random.default_rng(4).random((100_000, 5))
    one = pd.DataFrame(memory, copy=False)
    other = pd.DataFrame(np.repeat(memory, 2, axis=0)[::2], copy=False)
    apart = pd.DataFrame({place: column.copy() for place, column in enumerate(memory.T)})
    apart.columns = one.columns
    assert pandas.fingerprint(one) == pandas.fingerprint(other) == pandas.fingerprint(apart)
