from itertools import pairwise

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mvlake.handlers.chunk import chunk_bytes, chunks_bytes
from mvlake.handlers.chunk_reading import read_chunk
from mvlake.handlers.columns import column_digest
from mvlake.handlers.dictionaries import words_of
from mvlake.handlers.few import LEAST_ROWS
from mvlake.handlers.flat_chunks import HAS_FEW, HAS_NULLS
from mvlake.handlers.planes import MOST_LEFT_OUT

ROWS = 5_000
DICE = np.random.default_rng(11)
WHICH = DICE.integers(0, 40, ROWS)
MISSING = DICE.random(ROWS) < 0.1
ODD = np.array([*range(-20, 17), -0.0, np.nan, 2.0])
LONG = [f"{'a longer word ' * (place % 3)}{place}" for place in range(40)]

FEW = {
    "numbers": pa.array(WHICH * 1000 - 7),
    "numbers far apart": pa.array(DICE.integers(-(1 << 62), 1 << 62, 40)[WHICH]),
    "the farthest numbers": pa.array(np.array([-(1 << 63), (1 << 63) - 1, 0])[WHICH % 3]),
    "great numbers": pa.array(np.array([0, (1 << 64) - 1, 1 << 63], np.uint64)[WHICH % 3]),
    "narrow numbers": pa.array((WHICH * 999).astype("i2")),
    "whole floats": pa.array(ODD[WHICH]),
    "floats": pa.array(DICE.normal(size=40)[WHICH]),
    "narrow floats": pa.array(ODD[WHICH].astype("f4")),
    "great floats": pa.array(np.array([1e300, -np.inf, np.nan, 0.5])[WHICH % 4]),
    "only NaN and zeros": pa.array(np.array([np.nan, 0.0, -0.0])[WHICH % 3]),
    "with nulls": pa.array(WHICH * 1000, mask=MISSING),
    "floats with nulls": pa.array(ODD[WHICH], mask=MISSING),
    "moments": pa.array((WHICH * 86_400_000_000_000).view("M8[ns]")),
    "words of one length": pa.array(np.array([f"{place:02}" for place in range(40)], object)[WHICH], pa.large_string()),
    "words of all lengths": pa.array(np.array(["x" * (place % 8) + str(place % 3) for place in range(40)], object)[WHICH]),
    "long words": pa.array(np.array(LONG, object)[WHICH], pa.string_view()),
    "bytes": pa.array([bytes([place % 3, 0][: place % 3]) for place in WHICH], pa.binary()),
    "words with nulls": pa.array(np.array(LONG, object)[WHICH], pa.large_string(), mask=MISSING),
    "one word": pa.array(["word"] * ROWS),
    "more than a byte tells": pa.array(DICE.normal(size=300)[DICE.integers(0, 300, ROWS)]),
    "numbers of words": pa.array(np.array(LONG, object)[WHICH]).dictionary_encode().cast(pa.dictionary(pa.int64(), pa.string())),
}
each = pytest.mark.parametrize("column", FEW.values(), ids=FEW)


def is_few(data):
    return bool(data[0] & HAS_FEW)


def again(data, column):
    return read_chunk(data, column.type, len(column), words_of(column))


@each
def test_few_values_are_written_once_and_come_back(column):
    data = chunk_bytes(column)
    assert is_few(data) or column.type == pa.dictionary(pa.int64(), pa.string())  # numbers of one byte are short enough
    assert bool(data[0] & HAS_NULLS) == bool(column.null_count)
    found = again(data, column)
    found.validate(full=True)
    assert column_digest(found) == column_digest(column)
    assert repr(found.to_pylist()) == repr(column.to_pylist())


@each
def test_a_chunk_depends_on_its_own_rows_alone(column):
    ends = [0, 1, 1500, 1500 + LEAST_ROWS, 4_990, ROWS]
    alone = [chunk_bytes(column.slice(start, end - start)) for start, end in pairwise(ends)]
    assert chunks_bytes(column, ends) == alone


@each
def test_few_values_are_the_same_bytes_in_every_layout(column, layouts):
    assert chunk_bytes(layouts[0](column, [3, 777, 4_000])) == chunk_bytes(column)


def test_values_are_in_order_whatever_the_order_of_the_rows():
    words = [b"\x01", b"\x01\x00", b"b", b"", b"\xff", b"a" * 6 + b"\xff", b"aaaaaa"]
    column = pa.array([words[place % 7] for place in range(2 * LEAST_ROWS)], pa.binary())
    backwards = pa.array(column.to_pylist()[::-1], pa.binary())
    count, ordered = 7, sorted(words)
    for data in (chunk_bytes(column), chunk_bytes(backwards)):
        assert int.from_bytes(data[1:5], "little") == count
        assert b"".join(ordered) in data[:100]


def test_many_values_are_written_as_they_are():
    for column in (pa.array(DICE.normal(size=ROWS)), pa.array([str(place) for place in range(ROWS)]), pa.array(WHICH)):
        assert not is_few(chunk_bytes(column))


def test_few_rows_are_written_as_they_are():
    column = FEW["floats"]
    assert not is_few(chunk_bytes(column.slice(0, LEAST_ROWS - 1)))
    assert is_few(chunk_bytes(column.slice(0, LEAST_ROWS)))


def test_only_the_outermost_array_is_written_by_numbers():
    lists = pa.FixedSizeListArray.from_arrays(FEW["floats"], 2)
    data = chunk_bytes(lists)
    assert not is_few(data)
    hostile = data[:1] + bytes([HAS_FEW]) + data[2:]
    with pytest.raises(ValueError, match="begins with"):
        read_chunk(hostile, lists.type, len(lists))


@settings(max_examples=150, deadline=None)
@given(name=st.sampled_from(sorted(FEW)), dice=st.randoms(use_true_random=False))
def test_damaged_bytes_are_an_array_or_a_value_error(name, dice):
    column = FEW[name].slice(0, LEAST_ROWS)
    whole, words = chunk_bytes(column), words_of(column)
    damaged = bytearray(whole)
    damaged[dice.randrange(len(damaged)) if dice.random() < 0.5 else dice.randrange(60)] ^= 1 << dice.randrange(8)
    for data in (bytes(damaged), whole[: dice.randrange(len(whole))], whole + b"\0"):
        try:
            found = read_chunk(data, column.type, len(column), words)
        except ValueError:
            continue
        found.validate(full=True)
        chunk_bytes(found)


def hostile(count, values, numbers):
    return bytes([HAS_FEW]) + count.to_bytes(4, "little") + values + numbers


def test_numbers_without_a_value_are_refused():
    ones = b"\0" + (7).to_bytes(8, "little")
    assert read_chunk(hostile(1, ones, b"\0\0"), pa.int64(), 2).to_pylist() == [7, 7]
    for count, values, numbers in ((1, ones, b"\0\1"), (0, b"", b"\0\0"), (1 << 17, b"\0" * 9, b"\0" * 8), (1, ones, b"\0")):
        with pytest.raises(ValueError, match=r"(?s)."):
            read_chunk(hostile(count, values, numbers), pa.int64(), 2)
    for kind in (pa.bool_(), pa.int8(), pa.decimal128(9, 2), pa.list_(pa.int64()), pa.struct([("a", pa.int64())])):
        with pytest.raises(ValueError, match="numbers of"):
            read_chunk(hostile(1, ones, b"\0\0"), kind, 2)


def test_a_few_bytes_do_not_ask_for_all_memory():
    size = 1 << 20
    word = b"\0" + size.to_bytes(4, "little") + b"x" * size
    few = b"\0" + word[1:5] + word[5:]
    rows = MOST_LEFT_OUT // size + 1
    with pytest.raises(ValueError, match="left out"):
        read_chunk(hostile(1, few, b"\0" * rows), pa.large_string(), rows)
    kind = pa.binary(size)
    with pytest.raises(ValueError, match="left out"):
        read_chunk(b"\0" + b"\0" * (size // 8) + b"x" * size, kind, rows + 1)
    with pytest.raises(ValueError, match="more planes"):
        read_chunk(b"\0\xff" + b"x" * 8, pa.int32(), 2)


def test_what_would_leave_out_too_much_is_written_as_it_is():
    kind = pa.binary(1 << 20)
    column = pa.array([b"x" * (1 << 20)] * (MOST_LEFT_OUT // (1 << 20) + 2), kind)
    data = chunk_bytes(column)
    assert len(data) > MOST_LEFT_OUT
    assert read_chunk(data, kind, len(column)).equals(column)
