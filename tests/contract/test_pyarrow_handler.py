import datetime as dt

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest

from mvlake.errors import CannotFingerprint
from mvlake.handlers.pyarrow import handler
from mvlake.testing import HandlerContract


class Loud(pa.ExtensionType):
    def __init__(self):
        super().__init__(pa.int64(), "mvlake.test.loud")

    def __arrow_ext_serialize__(self):
        return b""

    @classmethod
    def __arrow_ext_deserialize__(cls, storage_type, serialized):
        return cls()


def columns():
    return [
        pa.array([1, None, 3]),
        pa.array([1.0, None, float("nan")]),
        pa.array([1, None, 3], pa.float16()),
        pa.array(["a", None, "a longer text than fits a view"]),
        pa.array(["a", None, "c"], pa.large_string()),
        pa.array(["a", None, "c"], pa.string_view()),
        pa.array([b"a", None, b""]),
        pa.array([b"ab", None, b"cd"], pa.binary(2)),
        pa.array([True, None, False]),
        pa.array([[1], None, [2, 3]]),
        pa.array([[1], None, [2, 3]], pa.large_list_view(pa.int8())),
        pa.array([[1, 2], None, [3, 4]], pa.list_(pa.int8(), 2)),
        pa.array([{"a": 1, "b": "x"}, None, {"a": None, "b": "y"}]),
        pa.array([[("k", 1)], None, []], pa.map_(pa.string(), pa.int64())),
        pa.array(["x", None, "x"]).dictionary_encode(),
        pa.DictionaryArray.from_arrays([1, None, 0], ["low", "high"], ordered=True),
        pa.array([None, None, None]),
        pa.array([1, None, 2], pa.decimal128(5, 2)),
        pa.array([dt.timedelta(1), None, None]),
        pa.array([dt.time(1), None, None], pa.time64("ns")),
        pa.array([dt.date(2020, 1, 1), None, None], pa.date64()),
        pa.array([dt.datetime(2020, 1, 1), None, None], pa.timestamp("s", "Europe/Berlin")),
        pc.run_end_encode(pa.array([1, 1, None])),
    ]


def table():
    return pa.table(columns(), names=[f"{one.type}" for one in columns()])


class TestPyarrowHandler(HandlerContract):
    handler = handler

    def examples(self):
        whole = table()
        batch = pa.RecordBatch.from_pydict({"a": [1, 2], "b": ["x", None]})
        chunked = pa.chunked_array([[1], [2]])
        return [whole, *columns(), batch, chunked, whole.slice(0, 0), pa.table({}), batch.slice(2), pa.chunked_array([], pa.int8())]

    def equal(self, a, b):
        if "run_end_encoded" in str(a.schema if hasattr(a, "schema") else a.type):
            return type(a) is type(b)  # pyarrow does not compare them
        same_nan = str(a) == str(b)
        return type(a) is type(b) and (a.equals(b) or same_nan)

    def layouts(self):
        pairs = []
        for one in columns():
            apart = pa.chunked_array([one.slice(0, 1), one.slice(1, 0), one.slice(1)])
            pairs += [(apart, pa.chunked_array([one]))]
            if not pa.types.is_run_end_encoded(one.type):
                pairs += [(one, pa.concat_arrays([one, one]).slice(3))]
        garbage = pa.Array.from_buffers(pa.int64(), 3, [pa.py_buffer(b"\xfd"), pa.array([1, 99, 3]).buffers()[1]])
        offsets, data = pa.array(["a", "beneath", "c"]).buffers()[1:]
        beneath = pa.Array.from_buffers(pa.string(), 3, [pa.py_buffer(b"\xfd"), offsets, data])
        nested = pa.ListArray.from_arrays([0, 1, 3, 4], [1, 2, 3, 4], mask=pa.array([False, True, False]))
        renumbered = pa.DictionaryArray.from_arrays(pa.array([2, 0, 2], pa.int32()), ["b", "unused", "a"])
        return [
            *pairs,
            (pa.array([1, None, 3]), garbage),
            (pa.array(["a", None, "c"]), beneath),
            (pa.array([[1], None, [4]]), nested),
            (pa.array(["a", "b", "a"]).dictionary_encode(), renumbered),
            (pa.array([float("nan")]), pa.array(np.array([0xFFF8_0000_0000_0001], "u8").view("f8"))),
            (pa.table({"a": [1]}), pa.table({"a": [1]}).replace_schema_metadata({"k": "v"})),
            (pa.array([1, 2]), pa.Array.from_buffers(pa.int64(), 2, [pa.py_buffer(b"\xff"), pa.array([1, 2]).buffers()[1]])),
        ]

    def different(self):
        text = pa.array(["a", "b"])
        required = pa.schema([pa.field("a", pa.int64(), nullable=False)])
        return [
            (text, text.cast(pa.large_string())),
            (text, text.dictionary_encode()),
            (text, pa.chunked_array([text])),
            (pa.array([1]), pa.array([1], pa.int32())),
            (pa.array([0.0]), pa.array([-0.0])),
            (pa.array(["ab", "c"]), pa.array(["a", "bc"])),
            (pa.array([[1], [2, 3]]), pa.array([[1, 2], [3]])),
            (pa.array([None, float("nan")]), pa.array([float("nan"), None])),
            (pa.array([[], None], pa.list_(pa.int8())), pa.array([None, []], pa.list_(pa.int8()))),
            (pa.table({"a": [1]}), pa.table({"b": [1]})),
            (pa.table({"a": [1]}), pa.table({"a": [1]}, schema=required)),
            (pa.array([{"a": 1}]), pa.array([{"b": 1}])),
            (
                pa.DictionaryArray.from_arrays([0], ["a", "b"], ordered=True),
                pa.DictionaryArray.from_arrays([1], ["b", "a"], ordered=True),
            ),
        ]

    def refused(self):
        return [pa.scalar(1), pa.schema([]), pa.int64(), pa.py_buffer(b"x")]

    def test_metadata_is_kept_and_is_no_content(self):
        some = pa.table({"a": [1]}).replace_schema_metadata({"unit": "m"})
        assert handler.decode(handler.encode(some), protocol=1).schema.metadata == {b"unit": b"m"}

    def test_an_extension_type_of_somebody_is_refused(self):
        array = pa.ExtensionArray.from_storage(Loud(), pa.array([1, 2]))
        for obj in (array, pa.table({"a": array}), pa.StructArray.from_arrays([array], ["a"])):
            for verb in (handler.fingerprint, handler.encode, handler.examine):
                with pytest.raises(CannotFingerprint):
                    verb(obj)

    def test_a_union_is_refused(self):
        union = pa.UnionArray.from_sparse(pa.array([0, 1], pa.int8()), [pa.array([1, 2]), pa.array(["a", "b"])])
        with pytest.raises(CannotFingerprint):
            handler.fingerprint(union)

    def test_the_same_memory_is_known_at_a_glance(self):
        some = pa.table({"a": [1, 2], "d": pa.array(["x", "y"]).dictionary_encode()})
        assert handler.is_same(handler.hold(some), some)
        assert handler.is_same(some, some.slice(0))
        assert not handler.is_same(some, some.slice(1))
        assert not handler.is_same(some, pa.table({"a": [1, 2], "d": pa.array(["x", "y"]).dictionary_encode()}))

    def test_another_dictionary_beneath_the_same_codes_is_another_memory(self):
        codes = pa.array([0, 1], pa.int32())
        one, other = (pa.DictionaryArray.from_arrays(codes, words) for words in (["a", "b"], ["b", "a"]))
        assert not handler.is_same(one, other)

    def test_closeness_is_over_floats(self):
        a, b = pa.table({"x": [1.0, 2.0, None]}), pa.table({"x": [1.0, 2.5, None]})
        found = handler.closeness(a, b)
        assert (found.differing, found.total, found.max_abs) == (1, 3, 0.5)
        assert handler.closeness(a, pa.table({"x": [1, 2, None]})).reason
