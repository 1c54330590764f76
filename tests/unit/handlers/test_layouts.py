from itertools import pairwise

import numpy as np
import pandas as pd
import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from mvlake.handlers import columns
from mvlake.handlers.arrays import array_digest
from mvlake.handlers.columns import column_digest
from mvlake.handlers.pandas import handler as pandas

quick = settings(max_examples=60, deadline=None)
floats = st.floats(width=64) | st.just(float("nan")) | st.just(-0.0)
lists = st.lists(st.none() | st.lists(st.none() | st.integers(-9, 9), max_size=3), max_size=12)
nested = pa.struct([("a", pa.list_(pa.int8()))])
cells = st.one_of(
    st.lists(st.none() | st.integers(-9, 9), max_size=12).map(lambda items: pa.array(items, pa.int64())),
    st.lists(st.none() | floats, max_size=12).map(lambda items: pa.array(items, pa.float64())),
    st.lists(st.none() | st.booleans(), max_size=40).map(lambda items: pa.array(items, pa.bool_())),
    st.lists(st.none() | st.text(max_size=4), max_size=12).map(lambda items: pa.array(items, pa.string())),
    st.lists(st.none() | st.binary(max_size=4), max_size=12).map(lambda items: pa.array(items, pa.large_binary())),
    lists.map(lambda items: pa.array(items, pa.list_(pa.int8()))),
    lists.map(lambda items: pa.array([None if item is None else {"a": item} for item in items], nested)),
)


def chunked(array, cuts):
    """The array in chunks, each a slice of something longer."""
    ends = sorted({0, len(array), *(cut % (len(array) + 1) for cut in cuts)})
    around = pa.concat_arrays([array, array])
    pieces = [around.slice(len(array) * (start % 2) + start, end - start) for start, end in pairwise(ends)]
    return pa.chunked_array(pieces, array.type)


def with_garbage(array, beneath):
    """The array with other values beneath its nulls, and with bits set beyond its validity."""
    filled = pa.array([beneath if one is None else one for one in array.to_pylist()], array.type)
    bits = np.packbits(np.array([one is not None for one in array.to_pylist()], bool), bitorder="little")
    if len(array) % 8:
        bits[-1] |= 0xFF << (len(array) % 8) & 0xFF
    return pa.Array.from_buffers(array.type, len(array), [pa.py_buffer(bits.tobytes()), *filled.buffers()[1:]])


@quick
@given(cells, st.lists(st.integers(0, 100), max_size=4), st.sampled_from([3, 8, columns.ROWS]))
def test_a_digest_does_not_see_chunks_and_offsets(array, cuts, rows):
    before = columns.ROWS
    columns.ROWS = rows  # blocks end in the midst of chunks
    try:
        assert column_digest(chunked(array, cuts)) == column_digest(array)
    finally:
        columns.ROWS = before


@quick
@given(st.lists(st.none() | st.integers(-9, 9), min_size=1, max_size=20), st.integers(-9, 9))
def test_a_digest_does_not_see_numbers_beneath_nulls(items, beneath):
    array = pa.array(items, pa.int64())
    assert column_digest(with_garbage(array, beneath)) == column_digest(array)


@quick
@given(st.lists(st.none() | st.text(max_size=3), min_size=1, max_size=20), st.text(max_size=5))
def test_a_digest_does_not_see_text_beneath_nulls(items, beneath):
    array = pa.array(items, pa.string())
    found = column_digest(array)
    assert column_digest(with_garbage(array, beneath)) == found
    assert column_digest(array.cast(pa.large_string())) == found
    assert column_digest(array.cast(pa.string_view())) == found
    assert column_digest(array.dictionary_encode()) == found


@quick
@given(cells, cells)
def test_two_columns_have_one_digest_only_when_they_are_equal(a, b):
    same = a.type == b.type and repr(a.to_pylist()) == repr(b.to_pylist())
    assert (column_digest(a) == column_digest(b)) == same


@quick
@given(st.lists(floats, min_size=12, max_size=12), st.permutations([0, 1, 2]), st.booleans(), st.booleans())
def test_an_array_has_one_digest_in_every_layout(items, order, is_swapped, is_reversed):
    array = np.array(items).reshape(2, 3, 2)
    back = np.argsort(order)
    other = np.ascontiguousarray(array.transpose(order)).transpose(back)
    if is_swapped:
        other = other.astype(">f8")
    if is_reversed:
        other = other[::-1].copy()[::-1]
    assert array_digest(other) == array_digest(array)


@quick
@given(st.lists(st.tuples(floats, st.integers(-9, 9), st.none() | st.text(max_size=3)), max_size=9), st.integers(0, 9))
def test_a_frame_has_one_digest_in_every_layout_and_after_a_round_trip(rows, cut):
    frame = pd.DataFrame(rows, columns=["f", "i", "s"]).astype({"f": "f8", "i": "i8", "s": "string[pyarrow]"})
    found = pandas.fingerprint(frame)
    apart = pd.concat([frame[:cut], frame[cut:]]).reset_index(drop=True)
    grown = pd.DataFrame(index=frame.index)
    for name in frame.columns:
        grown[name] = frame[name].iloc[::-1].copy().iloc[::-1]
    assert pandas.fingerprint(apart) == found
    assert pandas.fingerprint(grown) == found
    assert pandas.fingerprint(pandas.decode(pandas.encode(frame), protocol=1)) == found
