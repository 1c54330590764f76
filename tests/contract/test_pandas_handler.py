import datetime as dt

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from mvlake.errors import CannotFingerprint
from mvlake.handlers.frame import read_frame
from mvlake.handlers.pandas import handler
from mvlake.testing import HandlerContract, MemoryShelf

OBJECTS = {
    "mixed": [1, "x", None],
    "nested": [[1, [2]], {"a": (1, 2)}, {3}],
    "missing": [pd.NA, pd.NaT, float("nan")],
    "numbers": [np.int64(1), 1, True],
    "moments": [pd.Timestamp("2020", tz="Europe/Berlin"), pd.Timestamp("2020"), pd.Timedelta(3)],
    "arrays": [np.zeros(3), np.ones((2, 2), "f4"), b"x"],
    "dates": [dt.date(2020, 1, 1)] * 3,
    "surrogates": ["\ud800", "a", None],
    "huge": [1, 2, 2**70],
    "text": ["a", None, "c"],
    "text and nan": ["a", float("nan"), "c"],
}
ARROW = [
    (pa.int64(), 1),
    (pa.float64(), float("nan")),
    (pa.string(), "a"),
    (pa.list_(pa.int64()), [1, None]),
    (pa.struct([("x", pa.int8())]), {"x": 1}),
    (pa.decimal128(5, 2), None),
    (pa.timestamp("s"), dt.datetime(2020, 1, 1)),
    (pa.date64(), dt.date(2020, 1, 1)),
    (pa.time32("s"), dt.time(1)),
    (pa.duration("ns"), dt.timedelta(1)),
    (pa.map_(pa.string(), pa.int64()), [("a", 1)]),
    (pa.timestamp("us", "Europe/Berlin"), dt.datetime(2020, 1, 1, tzinfo=dt.UTC)),
]


def objects(cells, **options):
    array = np.empty(len(cells), object)
    for position, cell in enumerate(cells):
        array[position] = cell
    return pd.Series(array, dtype=object, **options)


def moments():
    days = pd.to_datetime(["2020-01-01", None, "2021-06-01"])
    return pd.DataFrame(
        {
            "naive": days,
            "seconds": np.array(["2020", "NaT", "0001"], "M8[s]"),
            "delta": pd.to_timedelta([1, None, 3]),
            "zone": days.tz_localize("Europe/Berlin"),
            "utc": days.tz_localize("UTC"),
            "offset": days.tz_localize("+05:30"),
            "month": pd.period_range("2020", periods=3, freq="M"),
            "quarter": pd.period_range("2020", periods=3, freq="Q-NOV"),
        }
    )


def typed():
    return pd.DataFrame(
        {
            **{code: np.arange(3).astype(code) for code in (*"bhiqBHIQefd?FD", ">i4")},
            **{name: pd.array([1, None, 0], dtype=name) for name in ["Int8", "UInt16", "Int64", "Float32", "Float64", "boolean"]},
            "python": pd.array(["a", None, "ü"], dtype="string[python]"),
            "pyarrow": pd.array(["a", None, "ü"], dtype="string[pyarrow]"),
            "default": pd.Series(["a", None, "c"]),
            "range": pd.interval_range(0, 3),
            "cut": pd.cut([0.5, 1.5, 9], [0, 1, 2]),
        }
    )


def categories():
    return pd.DataFrame(
        {
            "text": pd.Categorical(["x", None, "y"], ["y", "x", "unused"]),
            "ordered": pd.Categorical([1, 2, 1], [2, 1], ordered=True),
            "float": pd.Categorical([1.5, None, 2.5]),
            "days": pd.Categorical(pd.to_datetime(["2020", "2021", "2020"])),
            "mixed": pd.Categorical.from_codes([0, 1, -1], categories=pd.Index([1, "a"], dtype=object)),
        }
    )


def arrow():
    return pd.DataFrame({str(kind): pd.array([None, None, value], dtype=pd.ArrowDtype(kind)) for kind, value in ARROW})


def long(count=300_000):
    numbers = np.arange(count)
    return pd.DataFrame({"i": numbers, "f": numbers / 3, "s": pd.array(numbers.astype(str), dtype="string[pyarrow]")})


class TestPandasHandler(HandlerContract):
    handler = handler

    def examples(self):
        labels = pd.Index([1, "1", (1, 2), None], dtype=object, tupleize_cols=False)
        rows = pd.MultiIndex.from_tuples([("x", 1), ("y", 2)], names=["k", None])
        when = pd.date_range("2020", periods=2, freq="QS-OCT", name="when")
        two = {"a": [1, 2]}
        return [
            *(moments(), typed(), categories(), arrow()),
            *(objects(cells, name=name) for name, cells in OBJECTS.items()),
            *(pd.DataFrame(), pd.DataFrame(index=range(5)), pd.DataFrame(index=["a", "b"]), typed()[:0]),
            *(pd.DataFrame([[1, "a", 2.0]], columns=["a", "a", "b"]), pd.DataFrame([[1, 2, 3, 4]], columns=labels)),
            *(pd.DataFrame([[1, 2]], columns=when), pd.DataFrame({("a", 1): [1, 2], ("b", 2): [3, 4]}, index=rows)),
            *(
                pd.DataFrame(two, index=index)
                for index in (when, pd.CategoricalIndex(["b", "a"]), pd.interval_range(0, 2), [1.5, np.nan])
            ),
            *(pd.Series([1, 2], name="x"), pd.Series(["a", "b"], index=["q", "r"], name=("a", 1)), objects([])),
            *(pd.Index(["a", "b"], name="z"), pd.RangeIndex(0, 10, 3), pd.MultiIndex.from_product([["a"], pd.Categorical([1, 2])])),
        ]

    def equal(self, a, b):
        if isinstance(a, pd.DataFrame):
            pd.testing.assert_frame_equal(a, b, check_exact=True, check_freq=True)
            return list(a.dtypes) == list(b.dtypes)
        if isinstance(a, pd.Series):
            if a.dtype == object:
                return list(map(type, a)) == list(map(type, b)) and repr(a.tolist()) == repr(b.tolist()) and a.index.equals(b.index)
            pd.testing.assert_series_equal(a, b, check_exact=True)
        else:
            pd.testing.assert_index_equal(a, b, exact=True)
        return True

    def layouts(self):
        some, many = typed().drop(columns=">i4"), long()  # concat makes numbers native
        square = np.arange(12.0).reshape(3, 4)
        cut = pd.concat([many[:131_071], many[131_071:]])
        garbage = pd.arrays.IntegerArray(np.array([1, 99]), np.array([False, True]))
        grown = pd.DataFrame({"a": [1.0]})
        grown["b"] = [2.0]
        levels = pd.MultiIndex.from_product([["a", "b", "c"], [1, 2]])
        noted = some.copy()
        noted.attrs["unit"] = "m"
        chunks = pd.arrays.ArrowExtensionArray(pa.chunked_array([["a"], ["b"]]))
        return [
            (some, noted),
            (many, cut),
            (some, pd.concat([some, some])[3:].reset_index(drop=True)),
            (pd.DataFrame(square), pd.DataFrame(np.asfortranarray(square))),
            (pd.DataFrame(square), pd.DataFrame(np.repeat(square, 2, axis=1)[:, ::2])),
            (pd.DataFrame({"a": [1.0], "b": [2.0]}), grown),
            (pd.Series(pd.array([1, None], dtype="Int64")), pd.Series(garbage)),
            (pd.Series(["a", "b"], dtype=pd.ArrowDtype(pa.string())), pd.Series(chunks)),
            (pd.Series([np.nan]), pd.Series(np.array([0xFFF0_0000_0000_0001], "u8").view("f8"))),
            (levels[:2], levels[:2].remove_unused_levels()),
            (pd.Series(["a", "b"], dtype=object), pd.Series(np.array(["b", "a"], object)[::-1], dtype=object)),
            (pd.Series([1, 2], index=[0, 1][::1]), pd.Series([1, 2], index=pd.Index([0, 1]))),
        ]

    def different(self):
        one = pd.Series([1, 2])
        category = pd.Series(pd.Categorical(["a", "b"]))
        frame = pd.DataFrame({"a": [1], "b": [2]})
        when = pd.date_range("2020", periods=2)
        return [
            *((one, one.astype(kind)) for kind in ("int32", "float64", "Int64", "int64[pyarrow]", object)),
            (pd.Series([1.0, None]), pd.Series([1.0, None], dtype="Float64")),
            (one, one.rename("x")),
            (one, one.to_frame()),
            (one, one.set_axis([1, 0])),
            (one, one.rename_axis("k")),
            (one, one.set_axis(pd.Index([0, 1]))),
            (category, category.astype(object)),
            (category, category.cat.as_ordered()),
            (category, category.cat.reorder_categories(["b", "a"])),
            (category, category.cat.add_categories(["c"])),
            (frame, frame[["b", "a"]]),
            (frame, frame.rename(columns={"a": 1})),
            (frame, frame.rename_axis(columns="k")),
            (frame, frame.set_axis(["a", "a"], axis=1)),
            (pd.Series(when), pd.Series(when.tz_localize("UTC"))),
            (pd.Series(when.tz_localize("UTC")), pd.Series(when.tz_localize("UTC").tz_convert("Europe/Berlin"))),
            (pd.Series(when.as_unit("ns")), pd.Series(when.as_unit("us"))),
            (pd.Series(0, when), pd.Series(0, pd.DatetimeIndex(when, freq=None))),
            (pd.Series([0.0]), pd.Series([-0.0])),
            *((objects([None, "a"]), objects([missing, "a"])) for missing in (np.nan, pd.NA, pd.NaT, "", "None")),
            (objects([1]), objects([np.int64(1)])),
            (objects([[1]]), objects([(1,)])),
            (objects([[1]]), objects([np.array([1])])),
            (pd.DataFrame({"a": [1]}), pd.DataFrame({("a",): [1]})),
            (pd.Index([("a", 1)], tupleize_cols=False), pd.MultiIndex.from_tuples([("a", 1)])),
            (pd.DataFrame(index=range(2)), pd.DataFrame(index=range(3))),
        ]

    def mutations(self):
        def assign(value):
            value.iloc[0, 0] = 7

        def add(value):
            value["new"] = 1

        def put(value):
            value.loc[0] = 7

        return [
            (long(10), assign),
            (long(10), add),
            (long(10), lambda value: value.pop("i")),
            (long(10), lambda value: setattr(value.index, "name", "rows")),
            (long(10), lambda value: setattr(value.columns, "name", "k")),
            (pd.Series([1, 2]), put),
            (objects([[1], [2]]), lambda value: value[0].append(3)),
            (pd.DataFrame({"a": objects([{"k": [1]}]), "b": [1]}), lambda value: value["a"][0]["k"].append(2)),
        ]

    def refused(self):
        class Mine(pd.DataFrame):
            pass

        return [Mine({"a": [1]}), pd.Timestamp("2020"), pd.array([1]), pd.DataFrame({"a": [1]}).groupby("a")]

    def test_what_is_no_data_is_refused_with_a_reason(self):
        offset = pd.DateOffset(months=1, days=1)
        hostile = [
            pd.DataFrame({"a": pd.arrays.SparseArray([0, 1])}),
            pd.DataFrame({"a": [object()]}),
            pd.DataFrame({"a": np.zeros(2, "g")}),
            pd.Series([lambda: 0]),
            pd.DataFrame([[1]], columns=pd.Index([object()], dtype=object)),
            pd.Series([1, 2], index=pd.date_range("2020", periods=2, freq=offset)),
            pd.MultiIndex.from_arrays([[1, None], ["a", None]]),
        ]
        for obj in hostile:
            for verb in (handler.fingerprint, handler.encode, handler.examine):
                with pytest.raises(CannotFingerprint):
                    verb(obj)

    def test_an_unchanged_frame_is_known_at_a_glance(self):
        for frame in (long(), moments(), categories(), arrow(), long(0)):
            assert handler.is_same(handler.hold(frame), frame)
            assert not handler.is_same(handler.hold(frame), frame.rename(columns={frame.columns[0]: "other"}))
        assert not handler.is_same(long(), long())

    def test_objects_are_never_taken_for_unchanged_at_a_glance(self):
        frame = pd.DataFrame({"a": objects(["x"])})
        assert not handler.is_same(handler.hold(frame), frame)

    def test_a_held_frame_shares_the_memory_of_its_numbers(self):
        frame = long()
        assert np.shares_memory(handler.hold(frame)["f"].to_numpy(), frame["f"].to_numpy())

    def test_a_decoded_frame_can_be_written(self):
        frame = handler.decode(handler.encode(typed()), protocol=1)
        for name in frame.columns:
            frame.loc[0, name] = frame.loc[2, name]
        frame["d"].to_numpy(copy=True)[0] = 1

    def test_columns_and_rows_are_read_alone(self):
        frame = pd.DataFrame({"n": [1, 2, 3], "c": pd.Categorical(["x", "y", "x"]), "s": ["a", "b", None]})
        table = read_frame(handler.encode(frame), MemoryShelf(), columns=["s", "n"], rows=range(1, 3))
        assert table.to_pydict() == {"s": ["b", None], "n": [2, 3]}

    def test_five_thousand_columns_are_taken(self):
        wide = pd.DataFrame(np.zeros((2, 5000)))
        assert handler.fingerprint(handler.decode(handler.encode(wide), protocol=1)) == handler.fingerprint(wide)

    def test_a_summary_lists_columns_and_index(self):
        frame = pd.DataFrame({"a": [1.0, np.nan], "s": ["x", None]}, index=pd.Index(["p", "q"], name="k"))
        summary = handler.summarize(frame)
        assert (summary.type, summary.rows) == ("pandas.DataFrame", 2)
        assert [(one.name, one.nulls) for one in summary.columns] == [("a", 1), ("s", 1)]
        assert [one.name for one in summary.index] == ["k"]
        assert summary.columns[0].digest == handler.summarize(frame[["a"]]).columns[0].digest

    def test_closeness_is_over_columns_of_floats(self):
        a = pd.DataFrame({"x": [1.0, 2.0, np.nan], "y": ["a", "b", "c"], "z": pd.array([1.0, 2.0, None], dtype="Float32")})
        found = handler.closeness(a, a.assign(x=[1.0, 2.5, np.nan]))
        assert (found.differing, found.total, found.max_abs, found.max_rel) == (1, 6, 0.5, 0.25)
        assert handler.closeness(a, a.assign(z=pd.array([1.0, 3.0, None], dtype="Float32"))).gaps[0].precision == "float32"
        assert "y" in handler.closeness(a, a.assign(y="q")).reason
        assert handler.closeness(a, a[::-1]).reason
        assert handler.closeness(a, a.astype({"x": "float32"})).note == "column x of float64 became one of float32"
        assert handler.closeness(a.assign(x=0.1), a.assign(x=0.1).astype({"x": "float32"})).reason
