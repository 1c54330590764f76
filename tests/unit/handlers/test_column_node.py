import json

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mvlake.errors import MissingObject, NoHandler
from mvlake.handlers import cuts as cutting
from mvlake.handlers.column_node import column_content, write_column
from mvlake.handlers.column_reading import DEEPEST, read_column
from mvlake.handlers.columns import column_digest
from mvlake.records.canonical import canonical
from mvlake.records.node import Node, read_node
from mvlake.testing import MemoryShelf

some = settings(max_examples=120, deadline=None)


@pytest.fixture(scope="module", autouse=True)
def small_chunks():
    """Columns of a few rows have several chunks."""
    kept = cutting.LEAST, cutting.GREATEST
    cutting.LEAST, cutting.GREATEST = 64, 64 * 12
    yield
    cutting.LEAST, cutting.GREATEST = kept


@some
@given(data=st.data(), start=st.integers(0, 50), length=st.integers(0, 50))
def test_any_rows_of_any_column_come_back(data, start, length, arrow_arrays):
    array, shelf = data.draw(arrow_arrays), MemoryShelf()
    node = write_column(shelf, array)
    whole = read_column(shelf, node)
    assert whole.type.equals(array.type, check_metadata=True)
    assert column_digest(whole) == column_digest(array)
    part = read_column(shelf, node, start=start, stop=start + length)
    assert repr(part.to_pylist()) == repr(array.to_pylist()[start : start + length])


@some
@given(data=st.data(), ends=st.lists(st.integers(0, 100), max_size=4))
def test_equal_columns_are_equal_nodes_in_every_layout(data, ends, simple_arrays, layouts):
    array = data.draw(simple_arrays)
    shelf = MemoryShelf()
    node = write_column(shelf, array, is_shared=False)
    for other in (layouts[0](array, ends), layouts[1](array), layouts[0](layouts[1](array), ends)):
        assert write_column(shelf, other, is_shared=False) == node
        assert column_content(other) == column_content(array)


@some
@given(data=st.data(), dice=st.randoms(use_true_random=False))
def test_damaged_objects_are_a_column_or_a_value_error(data, dice, arrow_arrays):
    array, shelf = data.draw(arrow_arrays), MemoryShelf()
    node = write_column(shelf, array)
    for _ in range(10):
        victim = dice.choice(sorted(shelf.objects))
        whole = shelf.objects[victim]
        damaged = bytearray(whole)
        if damaged:
            damaged[dice.randrange(len(damaged))] ^= 1 << dice.randrange(8)
        shelf.objects[victim] = dice.choice([bytes(damaged), whole[: dice.randrange(len(whole) + 1)]])
        try:
            read_column(shelf, node).validate(full=True)
        except (ValueError, MissingObject):
            pass
        finally:
            shelf.objects[victim] = whole


def numbers(count=140_000):
    return pa.array(np.random.default_rng(1).integers(0, 1 << 40, count))


def chunks_of(shelf, node):
    return read_node(shelf.objects[node]).leaves


def test_a_row_range_reads_no_more_than_its_chunks():
    shelf = MemoryShelf()
    column = numbers(10_000)
    node = write_column(shelf, column)
    rows = json.loads(read_node(shelf.objects[node]).payload)["rows"]
    ends = np.cumsum(rows)
    for start, stop in ((0, 1), (ends[3], ends[4]), (int(ends[3]) - 1, int(ends[3]) + 1), (9_999, 10_000), (5, 5)):
        shelf.gets.clear()
        found = read_column(shelf, node, start=int(start), stop=int(stop))
        assert found.to_pylist() == column.to_pylist()[start:stop]
        needed = [
            one for one, end, count in zip(chunks_of(shelf, node), ends, rows, strict=True) if start < end and end - count < stop
        ]
        assert sorted(set(shelf.gets) - {node}) == sorted(set(needed) if stop > start else set())


def test_a_column_that_is_known_costs_nothing():
    shelf, column = MemoryShelf(), pa.array(["a", "b"] * 500).dictionary_encode()
    node = write_column(shelf, column)
    shelf.puts.clear()
    assert write_column(shelf, pa.chunked_array([column.slice(0, 7), column.slice(7)])) == node
    assert shelf.puts == []


def test_what_a_node_takes_is_remembered_with_it():
    shelf = MemoryShelf()
    node = write_column(shelf, pa.array(["a", "b", "c"] * 500).dictionary_encode())
    assert shelf.sizes == {next(iter(shelf.made)): sum(len(shelf.objects[one]) for one in shelf.puts)}
    assert list(shelf.made.values()) == [node]


def test_what_decides_on_a_node_decides_on_what_is_recalled():
    text = pa.array(["a", "b", "a"])
    renumbered = pa.DictionaryArray.from_arrays([1, 0, 1], ["b", "a"])
    columns = [text, text.cast(pa.large_string()), text.dictionary_encode(), renumbered, pa.array([1, 2, 1], pa.int8())]
    columns += [pa.array([1, 2, 1], pa.int16()), pa.DictionaryArray.from_arrays([0, 1, 0], ["a", "b"], ordered=True)]
    shelf = MemoryShelf()
    assert len({write_column(shelf, one) for one in columns}) == len({column_content(one) for one in columns}) == len(columns)


def test_chunks_with_dictionaries_of_their_own_have_one():
    column = pa.chunked_array([pa.array(["a", "b"]).dictionary_encode(), pa.array(["c", "a"]).dictionary_encode()])
    shelf = MemoryShelf()
    found = read_column(shelf, write_column(shelf, column))
    assert found.to_pylist() == ["a", "b", "c", "a"]
    assert found.type == column.type


def test_words_that_no_row_uses_are_kept():
    column = pa.DictionaryArray.from_arrays([0, 2], ["low", "middle", "high"], ordered=True)
    shelf = MemoryShelf()
    assert read_column(shelf, write_column(shelf, column)).chunk(0).dictionary.to_pylist() == ["low", "middle", "high"]


def test_many_threads_write_what_one_writes():
    column = numbers()
    one, other = MemoryShelf(), MemoryShelf()
    assert write_column(one, column, is_shared=True) == write_column(other, column, is_shared=False)
    assert one.objects == other.objects
    assert read_column(one, write_column(one, column)).combine_chunks().equals(column)


def test_an_error_of_the_shelf_is_raised_and_ends_the_writing():
    class Full(MemoryShelf):
        def put(self, data, *, weight=None):
            if len(self.puts) == 3:
                raise OSError("no space left")
            return super().put(data, weight=weight)

    shelf = Full()
    with pytest.raises(OSError, match="no space"):
        write_column(shelf, numbers())
    assert shelf.made == {}


def test_a_union_is_refused():
    union = pa.UnionArray.from_sparse(pa.array([0, 1], pa.int8()), [pa.array([1, 2]), pa.array(["a", "b"])])
    with pytest.raises(NoHandler):
        write_column(MemoryShelf(), union)


def changed(**changes):
    """Return a shelf and a node of a column of ten numbers whose payload says something else."""
    shelf = MemoryShelf()
    leaves = chunks_of(shelf, write_column(shelf, pa.array(range(5), pa.int8())))
    rows = [5] * len(leaves)
    document = {"kind": "chunks", "type": "int8", "length": sum(rows), "rows": rows} | changes
    return shelf, shelf.put(Node(canonical(document), leaves=leaves).to_bytes())


LIES = [
    {"kind": "tricks"},
    {"kind": None},
    {"type": "int16"},
    {"type": {"dictionary": "string", "index": "int8", "ordered": False}},
    {"type": None},
    {"length": 6},
    {"length": -1},
    {"length": True},
    {"length": 1e9},
    {"rows": [6]},
    {"rows": [1 << 30]},
    {"rows": [-5]},
    {"rows": [5, 0]},
    {"rows": 5},
    {"rows": ["5"]},
]


@pytest.mark.parametrize("lie", LIES, ids=str)
def test_a_node_that_lies_is_a_value_error(lie):
    shelf, node = changed(**lie)
    with pytest.raises(ValueError, match=r"(?s)."):
        read_column(shelf, node)


def test_the_honest_node_beside_the_lies_is_read():
    shelf, node = changed()
    assert read_column(shelf, node).to_pylist() == list(range(5))


def test_what_is_no_node_is_a_value_error():
    shelf = MemoryShelf()
    for data in (b"", b"no node", Node(b"[]").to_bytes(), Node(b"{").to_bytes(), Node(b"1").to_bytes()):
        with pytest.raises(ValueError, match=r"(?s)."):
            read_column(shelf, shelf.put(data))


def test_words_within_words_come_to_an_end():
    shelf = MemoryShelf()
    kind = "string"
    node = write_column(shelf, pa.array(["a"]))
    for _ in range(DEEPEST + 2):
        kind = {"dictionary": kind, "index": "int8", "ordered": False}
        chunk = shelf.put(b"\x00\x00")
        document = {"kind": "chunks", "type": kind, "length": 1, "rows": [1]}
        node = shelf.put(Node(canonical(document), nodes=(node,), leaves=(chunk,)).to_bytes())
    with pytest.raises(ValueError, match="made of others"):
        read_column(shelf, node)
