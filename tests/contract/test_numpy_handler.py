import io

import numpy as np
import pytest

from mvlake.errors import CannotFingerprint, NoHandler
from mvlake.handlers.numpy import handler
from mvlake.testing import HandlerContract

PADDED = np.dtype([("a", "i1"), ("b", "f8")], align=True)
PACKED = np.dtype([("a", "i1"), ("b", "f8")])


def numbers(dtype="f8", shape=(4, 6)):
    return np.arange(np.prod(shape)).reshape(shape).astype(dtype)


def padded(filling):
    array = np.frombuffer(bytes([filling]) * 3 * PADDED.itemsize, PADDED).copy()
    array["a"], array["b"] = [1, 2, 3], [0.5, 1.5, np.nan]
    return array


def long_doubles(filling):
    array = np.frombuffer(bytes([filling]) * 32, "g").copy()
    array[:] = [np.longdouble(1), np.longdouble(2)]
    return array


def nan_of(bits):
    return np.array([bits], "u8").view("f8")


class TestNumpyHandler(HandlerContract):
    handler = handler

    def examples(self):
        plain = [numbers(code) for code in (*"?bBhHiIqQefdgFDG", "S5", "U5")]
        moments = [np.array(["2020-01-01", "NaT"], f"M8[{unit}]") for unit in ("D", "s", "ns")] + [np.array([1, "NaT"], "m8[s]")]
        cells = np.empty(3, object)
        cells[:] = [None, [1, {"a": 2.5}], "x"]
        return [
            *plain,
            *moments,
            *(np.array(3.5), np.zeros((0, 3)), np.zeros((3, 0)), np.array([np.nan, np.inf, -np.inf, -0.0])),
            *(
                numbers(">i4", (2, 2)),
                np.array([(1, "a")], [("x", ">i2"), ("y", "U3")]),
                padded(0),
                np.zeros(2, [("s", "f4", (2, 2))]),
            ),
            *(np.array([b"ab\0c"], "V4"), cells, np.array(["a", "longer"], "T"), np.zeros(2, "S0"), np.zeros(0, "i8")),
            *(np.float64(1.5), np.int8(1), np.bool_(True), np.str_("x"), np.datetime64("2020"), np.complex64(1j), np.bytes_(b"x")),
        ]

    def equal(self, a, b):
        return type(a) is type(b) and a.dtype == b.dtype and a.shape == b.shape and str(a) == str(b)

    def layouts(self):
        array = numbers()
        wide = np.zeros((300, 1000)) + np.arange(1000)
        return [
            (array, np.asfortranarray(array)),
            (array, np.repeat(array, 2, axis=1)[:, ::2]),
            (array, array[::-1].copy()[::-1]),
            (array, np.ascontiguousarray(array.T).T),
            (array, array.astype(">f8")),
            (wide, np.asfortranarray(wide)),
            (wide, np.broadcast_to(np.arange(1000.0), (300, 1000))),
            (np.ones((2, 300_000)), np.asfortranarray(np.ones((2, 300_000)))),
            (padded(0), padded(255)),
            (padded(0), padded(0).astype(PACKED)),
            (long_doubles(0), long_doubles(255)),
            (nan_of(0x7FF8_0000_0000_0000), nan_of(0xFFF0_0000_0000_0001)),
            (np.array([True, True]), np.array([1, 2], "u1").view("?")),
        ]

    def different(self):
        array = numbers()
        return [
            (array, array.astype("f4")),
            (array, array.reshape(6, 4)),
            (array, array.T),
            (array, array.ravel()),
            (np.array([0.0]), np.array([-0.0])),
            (np.array(1.5), np.float64(1.5)),
            (np.array([1], "i8"), np.array([1], "u8")),
            (np.array([1], "M8[s]"), np.array([1], "M8[ms]")),
            (np.zeros((0, 3)), np.zeros((3, 0))),
            (np.zeros(2, [("a", "i4")]), np.zeros(2, [("b", "i4")])),
            (np.array(["ab", "c"], "U2"), np.array(["a", "bc"], "U2")),
            (np.array([1, 2], object), np.array([1.0, 2], object)),
            (np.array(["a"], "U1"), np.array(["a"], "T")),
        ]

    def mutations(self):
        def assign(value):
            value[0] = 7

        def grow(value):
            value[0].append(1)

        cells = np.empty(1, object)
        cells[0] = []
        base = numbers()
        window = base.view()
        window.flags.writeable = False
        return [(numbers(), assign), (cells, grow), (window, lambda _: assign(base))]

    def refused(self):
        return [np.ma.masked_array([1, 2], [True, False]), np.zeros(2, [("a", "i4")]).view(np.recarray), np.dtype("f8"), np.add]

    def test_a_memory_map_is_refused(self, tmp_path):
        mapped = np.memmap(tmp_path / "data", "f8", "w+", shape=(3,))
        assert not handler.matches(mapped)
        assert "memmap" in handler.refusal(mapped)

    def test_cells_that_are_no_data_are_refused(self):
        for cell in (object(), lambda: 0, numbers()):
            array = np.empty(1, object)
            array[0] = cell
            with pytest.raises(CannotFingerprint):
                handler.fingerprint(array)
            with pytest.raises(NoHandler):
                handler.encode(array)

    def test_a_pickle_inside_an_npy_is_not_opened(self):
        sink = io.BytesIO()
        np.save(sink, np.array([{"a": 1}], object), allow_pickle=True)
        with pytest.raises(ValueError, match="allow_pickle"):
            handler.decode(sink.getvalue(), protocol=1)

    def test_padding_of_memory_is_not_written(self):
        assert b"\xff\xff\xff" not in handler.encode(padded(255))

    def test_the_range_is_over_finite_numbers(self):
        summary = handler.summarize(np.array([1.0, np.nan, np.inf, 3.0]))
        assert (summary.low, summary.high, summary.mean) == (1.0, 3.0, 2.0)
        assert handler.summarize(np.array([np.nan])).mean is None

    def test_closeness_counts_what_differs(self):
        a = np.array([1.0, 2.0, np.nan, np.inf], "f4")
        found = handler.closeness(a, np.array([1.0, 2.5, np.nan, np.inf], "f4"))
        assert (found.differing, found.total, found.max_abs, found.max_rel) == (1, 4, 0.5, 0.25)
        assert found.gaps[0].precision == "float32"
        assert handler.closeness(a, np.array([1.0, 2.0, 3.0, np.inf], "f4")).max_abs == np.inf
        assert handler.closeness(a, a.astype("f8")).note == "float32 became float64"
        assert handler.closeness(a, a.astype("f8") + 1e-9).reason == "float32 became float64"
        assert handler.closeness(np.array([1]), np.array([2])).reason
