import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mvlake.errors import CannotFingerprint, NoHandler
from mvlake.handlers.arrow_types import read_type, type_document
from mvlake.handlers.chunk import MOST_ROWS, chunk_bytes
from mvlake.handlers.chunk_reading import read_chunk
from mvlake.handlers.columns import column_digest
from mvlake.handlers.dictionaries import with_one_dictionary, words_of

many = settings(max_examples=250, deadline=None)


def again(array):
    return read_chunk(chunk_bytes(array), array.type, len(array), words_of(array))


@many
@given(data=st.data())
def test_a_chunk_becomes_the_same_values_of_the_same_type(data, arrow_arrays):
    array = data.draw(arrow_arrays)
    found = again(array)
    assert found.type.equals(array.type, check_metadata=True)
    assert len(found) == len(array)
    assert column_digest(found) == column_digest(array)
    assert repr(found.to_pylist()) == repr(array.to_pylist())


@many
@given(data=st.data(), ends=st.lists(st.integers(0, 100), max_size=4))
def test_equal_values_are_equal_bytes_in_every_layout(data, ends, arrow_arrays, layouts):
    array = data.draw(arrow_arrays)
    try:
        other = with_one_dictionary(layouts[0](array, ends))
    except pa.ArrowException:
        return  # Arrow cannot join pieces of this type
    assert chunk_bytes(other) == chunk_bytes(array)


@many
@given(data=st.data())
def test_what_is_beneath_a_null_is_no_content(data, simple_arrays, layouts):
    array = data.draw(simple_arrays)
    assert chunk_bytes(layouts[1](array)) == chunk_bytes(array)
    assert again(layouts[1](array)).to_pylist() == array.to_pylist() or array.type == pa.float64()


@many
@given(data=st.data(), dice=st.randoms(use_true_random=False))
def test_damaged_bytes_are_an_array_or_a_value_error(data, dice, arrow_arrays):
    array = data.draw(arrow_arrays)
    whole, words = chunk_bytes(array), words_of(array)
    for _ in range(8):
        damaged = bytearray(whole)
        if damaged:
            damaged[dice.randrange(len(damaged))] ^= 1 << dice.randrange(8)
        for bytes_found in (bytes(damaged), whole[: dice.randrange(len(whole) + 1)], whole + b"\x00"):
            for rows in (len(array), len(array) + 1, dice.choice([0, 7, 1 << 20, MOST_ROWS])):
                try:
                    found = read_chunk(bytes_found, array.type, rows, words)
                except ValueError:
                    continue
                found.validate(full=True)
                chunk_bytes(found)  # walks all of it


def test_the_kinds_of_strings_share_their_bytes():
    text = pa.array(["a", None, "a longer text than fits a view"])
    for kind in (pa.large_string(), pa.string_view(), pa.binary()):
        assert chunk_bytes(text.cast(kind)) == chunk_bytes(text)


def test_a_list_of_a_fixed_size_keeps_the_place_of_a_null():
    lists = pa.array([["a", None], None, ["c", "d"]], pa.list_(pa.string_view(), 2))
    assert again(lists).to_pylist() == lists.to_pylist()


def test_every_nan_is_the_same():
    strange = np.array([0x7FF8_0000_0000_0001, 0xFFF8_0000_0000_0000], "u8").view("f8")
    assert chunk_bytes(pa.array(strange)) == chunk_bytes(pa.array([float("nan")] * 2))
    assert chunk_bytes(pa.array([0.0])) != chunk_bytes(pa.array([-0.0]))


def test_what_takes_no_bytes_is_limited_in_number():
    many_nulls = pa.ListArray.from_arrays([0, MOST_ROWS + 1], pa.nulls(MOST_ROWS + 1))
    with pytest.raises(NoHandler):
        chunk_bytes(many_nulls)
    claim = b"\x00\x00" + np.array([MOST_ROWS + 1], "<u4").view(np.uint8).tobytes()
    with pytest.raises(ValueError, match="values of null"):
        read_chunk(claim, many_nulls.type, 1)
    with pytest.raises(ValueError, match="rows"):
        read_chunk(b"", pa.null(), MOST_ROWS + 1)


def test_lengths_that_claim_more_than_there_is_are_refused():
    claim = b"\x00\x00" + np.array([0xFFFFFFFF], "<u4").view(np.uint8).tobytes()
    for kind in (pa.string(), pa.large_string(), pa.string_view(), pa.list_(pa.int64()), pa.large_list(pa.bool_())):
        with pytest.raises(ValueError, match="wanted"):
            read_chunk(claim, kind, 1)


def test_a_number_outside_its_dictionary_is_refused():
    array = pa.array(["a", "b"]).dictionary_encode()
    with pytest.raises(ValueError, match="not a chunk"):
        read_chunk(chunk_bytes(array), array.type, 2, [pa.array(["a"])])


def test_text_that_is_no_utf8_is_refused():
    for kind in (pa.string(), pa.large_string(), pa.string_view()):
        with pytest.raises(ValueError, match="not a chunk"):
            read_chunk(chunk_bytes(pa.array([b"\xff"])), kind, 1)


def test_a_union_has_no_chunk():
    union = pa.UnionArray.from_sparse(pa.array([0, 1], pa.int8()), [pa.array([1, 2]), pa.array(["a", "b"])])
    for write in (chunk_bytes, lambda one: type_document(one.type)):
        with pytest.raises((CannotFingerprint, NoHandler)):
            write(union)


TYPES = [
    pa.uuid(),
    pa.bool8(),
    pa.json_(pa.large_string()),
    pa.opaque(pa.int8(), "thing", "vendor"),
    pa.fixed_shape_tensor(pa.int8(), [2, 3], dim_names=["a", "b"], permutation=[1, 0]),
    pa.map_(pa.string(), pa.field("x", pa.int8(), nullable=False), keys_sorted=True),
    pa.run_end_encoded(pa.int16(), pa.string()),
    pa.list_(pa.field("x", pa.int8(), nullable=False, metadata={"a": "b"})),
    pa.large_list_view(pa.list_view(pa.string_view())),
    pa.dictionary(pa.int8(), pa.string(), ordered=True),
    pa.struct([("a", pa.timestamp("s")), ("a", pa.timestamp("s", "UTC"))]),
    pa.decimal256(50, -3),
    pa.month_day_nano_interval(),
]


@pytest.mark.parametrize("kind", TYPES, ids=str)
def test_a_type_comes_back_from_its_document(kind):
    assert read_type(type_document(kind)).equals(kind, check_metadata=True)


HOSTILE = [
    "no type",
    None,
    [],
    {},
    {"list": "int8"},
    {"bytes": -1},
    {"bytes": 1 << 40},
    {"bytes": "x"},
    {"decimal128": [99, 2]},
    {"decimal128": 5},
    {"dictionary": "string", "index": "string", "ordered": False},
    {"fixed_list": {"name": "item", "type": "int8", "nullable": True}, "size": 1 << 60},
    {"timestamp": "s", "zone": 7},
    {"timestamp": "fortnight", "zone": "UTC"},
    {"extension": "somebody.else"},
    {"extension": "arrow.fixed_shape_tensor", "value": "int8", "shape": [-1], "names": None, "order": None},
    {"runs": "int8", "ends": "string"},
    {"map": []},
]


@pytest.mark.parametrize("document", HOSTILE, ids=str)
def test_a_document_of_no_type_is_refused(document):
    with pytest.raises(ValueError, match=r"(?s)."):
        read_type(document)


def test_a_type_nested_without_end_is_refused():
    document = "int8"
    for _ in range(100):
        document = {"list": {"name": "item", "type": document, "nullable": True}}
    with pytest.raises(ValueError, match="nested deeper"):
        read_type(document)
