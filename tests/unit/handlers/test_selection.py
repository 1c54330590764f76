import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mvlake.handlers.selection import row_keys, selected_rows

TEXTS = st.none() | st.text(max_size=20)
COLUMNS = {
    "number": (pa.int64(), st.none() | st.integers(-(2**62), 2**62)),
    "small": (pa.int8(), st.none() | st.integers(-5, 5)),
    "real": (pa.float64(), st.none() | st.floats(allow_nan=True)),
    "half": (pa.float32(), st.none() | st.floats(width=32, allow_nan=False)),
    "text": (pa.string(), TEXTS),
    "wide": (pa.large_string(), TEXTS),
    "bytes": (pa.binary(), st.none() | st.binary(max_size=20)),
    "word": (pa.dictionary(pa.int32(), pa.string()), st.none() | st.sampled_from(["a", "b", "ab"])),
    "truth": (pa.bool_(), st.none() | st.booleans()),
    "day": (pa.date32(), st.none() | st.dates()),
    "price": (pa.decimal128(20, 2), st.none() | st.decimals(-999, 999, places=2)),
    "list": (pa.list_(pa.int8()), st.none() | st.lists(st.integers(0, 3), max_size=2)),
}


@st.composite
def frames(draw):
    names = draw(st.lists(st.sampled_from(sorted(COLUMNS)), min_size=1, max_size=4, unique=True))
    rows = draw(st.integers(1, 12))
    return {
        name: pa.chunked_array([pa.array(draw(st.lists(COLUMNS[name][1], min_size=rows, max_size=rows)), COLUMNS[name][0])])
        for name in names
    }


def taken(frame, rows):
    return {name: values.take(pa.array(rows, pa.int64())) for name, values in frame.items()}


def same(one, other):
    return all(one[name].to_pylist() == other[name].to_pylist() or "nan" in str(one[name].to_pylist()) for name in other)


@given(frames(), st.data())
def test_every_selection_of_rows_in_any_order_is_found(parent, data):
    if set(parent) == {"list"}:
        return
    length = len(next(iter(parent.values())))
    rows = data.draw(st.lists(st.integers(0, length - 1), min_size=1, max_size=20))
    child = taken(parent, rows)
    found = selected_rows(child, parent)
    assert found is not None
    keyed = [name for name in child if name != "list"]
    assert same(taken({name: parent[name] for name in keyed}, found), {name: child[name] for name in keyed})


@given(frames(), st.data())
def test_rows_that_the_index_names_are_believed_when_they_hold(parent, data):
    length = len(next(iter(parent.values())))
    rows = np.array(data.draw(st.permutations(range(length))))
    labels = rows if data.draw(st.booleans()) else rows[::-1].copy()
    found = selected_rows(taken(parent, rows), parent, labels=labels)
    parent.pop("list", None)  # nested columns have no keys: equal rows are those that are equal but for them
    if parent:
        assert same(taken(parent, found), taken(parent, rows))


def frame(**columns):
    return {name: pa.chunked_array([pa.array(values)]) for name, values in columns.items()}


PARENT = frame(a=list(range(1000)), b=[f"row {row}" for row in range(1000)])


@pytest.mark.parametrize("labels", [[-1, 2], [0, 1000], [5, 5]])
def test_labels_that_name_no_rows_or_others_are_not_believed(labels):
    child = taken(PARENT, [3, 4])
    assert list(selected_rows(child, PARENT, labels=np.array(labels))) == [3, 4]


def test_one_row_that_the_parent_has_not_makes_it_no_selection():
    child = {
        name: pa.chunked_array([*values.chunks, *values.slice(0, 1).chunks]) for name, values in taken(PARENT, range(500)).items()
    }
    assert selected_rows(child, PARENT) is not None
    child["a"] = pa.chunked_array([child["a"].slice(0, 500).combine_chunks(), pa.array([4000])])
    assert selected_rows(child, PARENT) is None


def test_columns_that_only_one_of_them_has_do_not_matter():
    child = taken(PARENT, [7, 3]) | frame(new=[1.0, 2.0])
    assert list(selected_rows(child, PARENT)) == [7, 3]
    assert list(selected_rows(frame(a=[5]), PARENT)) == [5]


@pytest.mark.parametrize(
    "child",
    [frame(z=[1]), frame(a=["1"]), frame(a=np.array([], np.int64)), {"a": pa.chunked_array([[[1]]])}],
    ids=["other name", "other type", "no rows", "nested"],
)
def test_what_cannot_be_a_selection_is_none(child):
    assert selected_rows(child, PARENT) is None


def test_an_empty_parent_has_no_rows_to_select():
    assert selected_rows(frame(a=[1]), frame(a=np.array([], np.int64))) is None


def test_keys_do_not_depend_on_layout():
    plain = pa.array(["", "a", None, "a long string of many bytes", "a long strinG of many bytes"])
    garbage = pa.StringArray.from_buffers(
        3, pa.py_buffer(np.array([0, 1, 3, 4], np.int32)), pa.py_buffer(b"axyb"), pa.py_buffer(np.array([0b101], np.uint8))
    )
    layouts = [
        pa.chunked_array([plain]), pa.chunked_array([plain.slice(0, 2), plain.slice(2)]), pa.chunked_array([plain.cast(pa.large_string())]),
        pa.chunked_array([plain.dictionary_encode()]), pa.chunked_array([plain.cast(pa.string_view())]),
    ]  # fmt: skip
    keys = [row_keys({"x": one}, ["x"], 5)[0].tolist() for one in layouts]
    assert keys.count(keys[0]) == len(keys)
    assert len(set(keys[0])) == 4  # the two long ones have equal ends, and share a key
    one, other = (
        row_keys({"x": pa.chunked_array([values])}, ["x"], 3)[0].tolist() for values in (garbage, pa.array(["a", None, "b"]))
    )
    assert one == other
