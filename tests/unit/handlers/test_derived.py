import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mvlake.handlers.column_node import write_column
from mvlake.handlers.column_reading import DEEPEST, read_column
from mvlake.handlers.derived import write_numbers, write_patch, write_take
from mvlake.handlers.row_numbers import ROWS
from mvlake.records.canonical import canonical, parse
from mvlake.records.node import Node, read_node
from mvlake.testing.shelf import MemoryShelf

LENGTH = 200_000
VALUES = np.arange(LENGTH) * 7 % 1009
INT64 = pa.int64()
PLACES = np.array([5, 70_000, 150_000])


@pytest.fixture(scope="module")
def shelf():
    return MemoryShelf()


@pytest.fixture(scope="module")
def base(shelf):
    return write_column(shelf, pa.array(VALUES))


def numbers(shelf, rows):
    return write_numbers(shelf, np.array(rows, np.int64))[0]


@pytest.fixture(scope="module")
def take(shelf, base):
    return write_take(shelf, pa.int64(), LENGTH, base, numbers(shelf, np.arange(LENGTH)[::-1]))[0]


@pytest.fixture(scope="module")
def patch(shelf, base):
    return write_patch(shelf, pa.int64(), LENGTH, base, numbers(shelf, PLACES), write_column(shelf, pa.array([-1, -2, -3])))[0]


RANGES = st.tuples(st.integers(-5, LENGTH + 5), st.none() | st.integers(-5, LENGTH + 5))


@given(RANGES)
def test_some_rows_of_a_derived_column_are_those_rows(shelf, take, patch, limits):
    start, stop = max(0, limits[0]), LENGTH if limits[1] is None else max(0, limits[1])
    changed = VALUES.copy()
    changed[PLACES] = [-1, -2, -3]
    wanted = {take: VALUES[::-1], patch: changed, numbers(shelf, VALUES): VALUES}
    for digest, values in wanted.items():
        assert read_column(shelf, digest, start=limits[0], stop=limits[1]).to_pylist() == values[start:stop].tolist()


def test_a_row_of_a_take_is_read_without_the_rest_of_its_base(shelf, take):
    shelf.gets.clear()
    read_column(shelf, take, start=1000, stop=1010)
    assert len(set(shelf.gets)) == 5  # three nodes, a chunk of numbers, a chunk of values


def test_no_rows_of_a_column_are_no_rows(shelf, base):
    assert len(read_column(shelf, write_take(shelf, pa.int64(), 0, base, numbers(shelf, []))[0])) == 0


def test_steps_without_end_are_refused(shelf, base):
    same = numbers(shelf, range(10))
    column = write_take(shelf, pa.int64(), 10, base, same)[0]
    for _ in range(DEEPEST + 1):
        column = write_take(shelf, pa.int64(), 10, column, same)[0]
    with pytest.raises(ValueError, match="more than"):
        read_column(shelf, column)


def take_of(rows, *, kind=INT64, length=None):
    return lambda shelf, base: write_take(shelf, kind, len(rows) if length is None else length, base, numbers(shelf, rows))[0]


def patch_of(rows, cells, *, kind=INT64, length=LENGTH):
    return lambda shelf, base: write_patch(shelf, kind, length, base, numbers(shelf, rows), write_column(shelf, cells))[0]


def with_payload(make, **changes):
    def made(shelf, base):
        node = read_node(shelf.objects[make(shelf, base)])
        return shelf.put(Node(canonical(parse(node.payload) | changes), node.nodes, node.leaves).to_bytes())

    return made


def with_nodes(make, count):
    def made(shelf, base):
        node = read_node(shelf.objects[make(shelf, base)])
        return shelf.put(Node(node.payload, (node.nodes * 3)[:count], node.leaves).to_bytes())

    return made


ONE = pa.array([1])
HOSTILE = {
    "a row before the first": take_of([-1]),
    "a row beyond the last": take_of([LENGTH]),
    "a row far beyond": take_of([0, 2**62]),
    "fewer rows than it says": take_of([1, 2], length=3),
    "rows of another type": take_of([1], kind=pa.string()),
    "a take of one column": with_nodes(take_of([1]), 1),
    "a take of three columns": with_nodes(take_of([1]), 3),
    "a take of nothing": with_nodes(take_of([1]), 0),
    "a patch before the first row": patch_of([-1], ONE),
    "a patch beyond the last row": patch_of([LENGTH], ONE),
    "a patch in no order": patch_of([2, 1], pa.array([1, 2])),
    "a patch of one row twice": patch_of([2, 2], pa.array([1, 2])),
    "a patch of more cells than rows": patch_of([2], pa.array([1, 2])),
    "a patch of fewer cells than rows": patch_of([2, 3], ONE),
    "a patch of cells of another type": patch_of([2], pa.array(["a"])),
    "a patch of a shorter column": patch_of([2], ONE, length=LENGTH + 1),
    "a patch of two columns": with_nodes(patch_of([2], ONE), 2),
    "an unknown kind": with_payload(take_of([1]), kind="guess"),
    "a negative length": with_payload(take_of([1]), length=-1),
    "an endless length": with_payload(take_of([1]), length=2**52),
    "numbers of another type": with_payload(lambda shelf, _: numbers(shelf, [1]), type="int32"),
    "numbers without counts": with_payload(lambda shelf, _: numbers(shelf, [1]), rows=None),
    "numbers with a count too many": with_payload(lambda shelf, _: numbers(shelf, [1]), rows=[1, 1]),
    "numbers with a count that is a text": with_payload(lambda shelf, _: numbers(shelf, [1]), rows=["1"]),
    "numbers with a count that is true": with_payload(lambda shelf, _: numbers(shelf, [1]), rows=[True]),
    "numbers of another length": with_payload(lambda shelf, _: numbers(shelf, [1]), length=2),
    "numbers in uneven chunks": with_payload(lambda shelf, _: numbers(shelf, range(ROWS + 5)), rows=[5, ROWS]),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_derived_column_that_cannot_be_is_refused(shelf, base, name):
    digest = HOSTILE[name](shelf, base)
    with pytest.raises(ValueError):
        read_column(shelf, digest)


def test_a_take_whose_rows_are_a_column_of_texts_is_refused(shelf, base):
    texts = write_column(shelf, pa.array(["1"]))
    with pytest.raises(ValueError, match="row numbers"):
        read_column(shelf, write_take(shelf, pa.int64(), 1, base, texts)[0])
