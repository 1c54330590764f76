import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mvlake.handlers.columns import column_digest
from mvlake.handlers.patches import MOST, changed_rows, patched

BASE = {
    "integers": pa.chunked_array([np.arange(1000)]),
    "reals": pa.chunked_array([pa.array(np.linspace(0, 1, 1000), mask=np.arange(1000) % 10 == 0)]),
    "small reals": pa.chunked_array([np.linspace(0, 1, 1000, dtype=np.float32)]),
    "texts": pa.chunked_array([pa.array([f"row {row}" if row % 7 else None for row in range(1000)])]),
    "truths": pa.chunked_array([pa.array([row % 3 == 0 for row in range(1000)])]),
    "moments": pa.chunked_array([pa.array(np.arange(1000), pa.timestamp("us"))]),
}
OTHER = {"integers": -1, "reals": -1.0, "small reals": -1.0, "texts": "new", "truths": None, "moments": None}


def with_cells(base, rows, cell):
    values = base.to_pylist()
    for row in rows:
        values[row] = cell
    return pa.chunked_array([pa.array(values, base.type)])


@pytest.mark.parametrize("kind", BASE)
@given(rows=st.sets(st.integers(0, 999), max_size=int(MOST * 1000)))
def test_changed_cells_are_found_and_put_back(kind, rows):
    base = BASE[kind]
    values = with_cells(base, rows, OTHER[kind])
    found = changed_rows(values, base)
    assert set(found) <= rows
    again = patched(base, found, values.take(pa.array(found)))
    assert column_digest(again) == column_digest(values)
    assert list(found) == sorted(found)


def test_the_same_column_has_no_changed_rows():
    for base in BASE.values():
        assert len(changed_rows(base, base)) == 0


def test_more_cells_than_pay_are_none():
    base = BASE["integers"]
    assert changed_rows(with_cells(base, range(51), -1), base) is None
    assert changed_rows(with_cells(base, range(50), -1), base) is not None


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_signs_of_zero_are_changes_and_kinds_of_nan_are_none(dtype):
    bits = np.array([0x7FF8000000000001], np.uint64).view(np.float64)
    base = np.zeros(1000, dtype)
    base[10] = np.nan
    values = base.copy()
    values[10] = bits[0]
    values[20] = -0.0
    assert list(changed_rows(pa.chunked_array([values]), pa.chunked_array([base]))) == [20]


def test_a_null_that_becomes_zero_is_a_change():
    base = pa.chunked_array([pa.array([None, *range(1, 1000)], pa.int64())])
    assert list(changed_rows(pa.chunked_array([np.arange(1000)]), base)) == [0]


@pytest.mark.parametrize(
    ("values", "base"),
    [
        (pa.chunked_array([[1, 2]]), pa.chunked_array([[1]])),
        (pa.chunked_array([[1]]), pa.chunked_array([[1.0]])),
        (pa.chunked_array([[[1]]]), pa.chunked_array([[[1]]])),
        (pa.chunked_array([], pa.int64()), pa.chunked_array([], pa.int64())),
        (pa.chunked_array([pa.nulls(5)]), pa.chunked_array([pa.nulls(5)])),
    ],
    ids=["lengths", "types", "nested", "empty", "nulls"],
)
def test_what_cannot_be_compared_is_none(values, base):
    assert changed_rows(values, base) is None


def test_chunks_do_not_matter():
    base = BASE["texts"]
    split = pa.chunked_array([base.slice(0, 300).combine_chunks(), base.slice(300).combine_chunks()])
    values = with_cells(base, [5, 400], "x")
    assert list(changed_rows(values, split)) == [5, 400]
    assert column_digest(patched(split, np.array([5, 400]), pa.chunked_array([["x", "x"]]))) == column_digest(values)
