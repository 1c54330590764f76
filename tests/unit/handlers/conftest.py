"""Arrow columns of every type and in every layout, for hypothesis."""

import datetime as dt
import math
from decimal import Decimal
from itertools import pairwise

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest
from hypothesis import strategies as st

SMALL = st.integers(-100, 100)
TEXT = st.text(max_size=12).filter(lambda text: "\x00" not in text)
MOMENTS = st.datetimes(dt.datetime(1990, 1, 1), dt.datetime(2050, 1, 1)).map(lambda moment: moment.replace(microsecond=0))
FLOATS = st.floats(width=16) | st.sampled_from([float("nan"), -0.0, 0.0])
LEAVES = [
    *((kind, SMALL) for kind in (pa.int8(), pa.int16(), pa.int32(), pa.int64())),
    *((kind, st.integers(0, 200)) for kind in (pa.uint8(), pa.uint16(), pa.uint32(), pa.uint64())),
    *((kind, FLOATS) for kind in (pa.float16(), pa.float32(), pa.float64())),
    (pa.bool_(), st.booleans()),
    (pa.null(), st.none()),
    *((kind, TEXT) for kind in (pa.string(), pa.large_string(), pa.string_view())),
    *((kind, st.binary(max_size=14)) for kind in (pa.binary(), pa.large_binary(), pa.binary_view())),
    (pa.binary(3), st.binary(min_size=3, max_size=3)),
    (pa.binary(0), st.just(b"")),
    (pa.date32(), st.dates(dt.date(1990, 1, 1), dt.date(2050, 1, 1))),
    (pa.date64(), st.dates(dt.date(1990, 1, 1), dt.date(2050, 1, 1))),
    (pa.time32("s"), st.integers(0, 86_399).map(lambda second: dt.time(second // 3600, second // 60 % 60, second % 60))),
    (pa.time64("ns"), st.integers(0, 86_399).map(lambda second: dt.time(second // 3600, second // 60 % 60, second % 60))),
    (pa.timestamp("s"), MOMENTS),
    (pa.timestamp("us", "Europe/Berlin"), MOMENTS),
    (pa.duration("ms"), st.integers(-9, 9).map(lambda days: dt.timedelta(days))),
    (pa.decimal128(9, 2), st.integers(-999, 999).map(lambda cents: Decimal(cents).scaleb(-2))),
    (pa.decimal256(50, 2), st.integers(-999, 999).map(lambda cents: Decimal(cents).scaleb(-2))),
    (pa.month_day_nano_interval(), st.tuples(SMALL, SMALL, SMALL).map(pa.MonthDayNano)),
]


def _deeper(inner):
    """Return strategies of nested types, each with a strategy of its cells."""
    lists = [pa.list_, pa.large_list, pa.list_view, pa.large_list_view]
    return st.one_of(
        st.tuples(st.sampled_from(lists), inner).map(lambda one: (one[0](one[1][0]), st.lists(_cell(one[1]), max_size=4))),
        st.tuples(inner, st.integers(0, 3)).map(
            lambda one: (pa.list_(one[0][0], one[1]), st.lists(_cell(one[0]), min_size=one[1], max_size=one[1]))
        ),
        st.lists(inner, max_size=3).map(
            lambda ones: (
                pa.struct([(f"f{place}", one[0]) for place, one in enumerate(ones)]),
                st.fixed_dictionaries({f"f{place}": _cell(one) for place, one in enumerate(ones)}),
            )
        ),
        inner.map(lambda one: (pa.map_(pa.string(), one[0]), st.lists(st.tuples(TEXT, _cell(one)), max_size=3))),
    )


def _cell(one):
    return st.none() | one[1]


PLAIN = st.recursive(st.sampled_from(LEAVES), _deeper, max_leaves=4)


def arrays(one, least=0):
    """Return a strategy of arrays of this type; pyarrow makes views of lists and the like by a cast."""
    return st.lists(_cell(one), min_size=least, max_size=40).map(lambda cells: pa.array(cells, one[0]))


def _encoded(array):
    return array.dictionary_encode()


def _runs(array):
    return pc.run_end_encode(array, run_end_type=pa.int16())


ENCODED = st.one_of(
    arrays((pa.string(), TEXT)).map(_encoded),
    arrays((pa.int64(), SMALL)).map(_encoded),
    arrays((pa.int32(), st.integers(0, 2))).map(_runs),
    arrays((pa.string(), st.sampled_from("ab"))).map(_runs),
    arrays((pa.binary(16), st.binary(min_size=16, max_size=16))).map(lambda one: pa.ExtensionArray.from_storage(pa.uuid(), one)),
    arrays((pa.int8(), st.integers(0, 1))).map(lambda one: pa.ExtensionArray.from_storage(pa.bool8(), one)),
    st.lists(st.sampled_from("abc"), max_size=9).map(
        lambda cells: pa.StructArray.from_arrays([pa.array(cells, pa.string()).dictionary_encode()], ["words"])
    ),
)


def laid_out(array, ends):
    """Return the array in chunks, each a slice of something longer."""
    ends = sorted({0, len(array), *(end % (len(array) + 1) for end in ends)})
    around = pa.concat_arrays([array, array])
    pieces = [around.slice(len(array) * (start % 2) + start, end - start) for start, end in pairwise(ends)]
    return pa.chunked_array(pieces, array.type)


def with_garbage(array):
    """Return an array of numbers or text with something beneath its nulls, and bits beyond its validity."""
    filler = {"string": "beneath", "double": math.pi}.get(str(array.type), 77)
    cells = array.to_pylist()
    filled = pa.array([filler if one is None else one for one in cells], array.type)
    bits = np.packbits(np.array([one is not None for one in cells], bool), bitorder="little")
    if len(array) % 8:
        bits[-1] |= 0xFF << (len(array) % 8) & 0xFF
    return pa.Array.from_buffers(array.type, len(array), [pa.py_buffer(bits.tobytes()), *filled.buffers()[1:]])


@pytest.fixture(scope="session")
def arrow_arrays():
    """A strategy of arrays of every type."""
    return PLAIN.flatmap(arrays) | ENCODED


@pytest.fixture(scope="session")
def simple_arrays():
    """A strategy of arrays with nulls whose memory is easily made anew."""
    kinds = [(pa.int64(), SMALL), (pa.float64(), FLOATS), (pa.string(), TEXT), (pa.int16(), SMALL)]
    return st.sampled_from(kinds).flatmap(lambda one: arrays(one, least=1))


@pytest.fixture(scope="session")
def layouts():
    """What gives an array other memory: `laid_out(array, ends)` and `with_garbage(array)`."""
    return laid_out, with_garbage
