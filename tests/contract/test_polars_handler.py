import datetime as dt

import numpy as np
import polars as pl
import pytest

from mvlake.errors import CannotFingerprint
from mvlake.handlers.polars import handler
from mvlake.testing import HandlerContract


def frame():
    return pl.DataFrame(
        {
            "i": [1, None, 3],
            "f": pl.Series([1.0, None, float("nan")], dtype=pl.Float32),
            "s": ["a", None, "a longer text than fits a view"],
            "c": pl.Series(["x", "y", "x"], dtype=pl.Categorical),
            "e": pl.Series(["x", None, "y"], dtype=pl.Enum(["y", "x", "unused"])),
            "l": [[1], None, [2, 3]],
            "lc": pl.Series([["x"], None, ["y"]], dtype=pl.List(pl.Categorical)),
            "a": pl.Series([[1, 2], None, [3, 4]], dtype=pl.Array(pl.Int64, 2)),
            "st": [{"a": 1, "b": "x"}, None, {"a": 2, "b": None}],
            "d": [dt.date(2020, 1, 1), None, dt.date(1, 1, 1)],
            "t": [dt.time(1, 2, 3, 4), None, dt.time()],
            "z": pl.Series([dt.datetime(2020, 1, 1), None, None]).dt.replace_time_zone("Europe/Berlin"),
            "du": [dt.timedelta(1), None, dt.timedelta(microseconds=-1)],
            "b": [b"a", None, b""],
            "n": [None] * 3,
            "dec": pl.Series(["1.5", None, "2"]).cast(pl.Decimal(10, 2)),
            "bo": [True, None, False],
        }
    )


def long(count=300_000):
    return pl.DataFrame({"i": range(count), "s": [str(one) for one in range(count)], "f": [one / 3 for one in range(count)]})


class TestPolarsHandler(HandlerContract):
    handler = handler

    def examples(self):
        some = frame()
        columns = [some.select(name) for name in some.columns]
        series = [pl.Series([1, 2]), pl.Series("x", [1, 2]), pl.Series("y", [1, 2]), pl.Series("x", [], dtype=pl.String)]
        return [some, *columns, *series, pl.DataFrame(), pl.DataFrame({"a": []}), some.clear()]

    def equal(self, a, b):
        if type(a) is pl.Series:
            return a.dtype == b.dtype and a.name == b.name and a.equals(b, check_dtypes=True)
        return a.schema == b.schema and a.equals(b)

    def layouts(self):
        some, many = frame(), long()
        return [
            (some, pl.concat([some[:1], some[1:]], rechunk=False)),
            (some, pl.concat([some, some])[3:]),
            (many, pl.concat([many[:131_071], many[131_071:131_073], many[131_073:]], rechunk=False)),
            (pl.Series(["b", "a"], dtype=pl.Categorical), pl.Series(["a", "b", "a"], dtype=pl.Categorical)[1:]),
            (pl.Series([float("nan")]), pl.Series(np.array([0x7FF8_0000_0000_0001], "u8").view("f8"))),
            (pl.Series(["a", None]), pl.Series(["a", "beneath"]).set(pl.Series([False, True]), None)),
        ]

    def different(self):
        number = pl.Series("x", [1, 2])
        return [
            (number, number.cast(pl.Int32)),
            (number, number.rename("y")),
            (number, pl.Series("x", [1, None])),
            (number, number.to_frame()),
            (pl.Series([0.0]), pl.Series([-0.0])),
            (pl.Series([None, float("nan")]), pl.Series([float("nan"), None])),
            (pl.Series(["a"]), pl.Series(["a"], dtype=pl.Categorical)),
            (pl.Series(["a"], dtype=pl.Enum(["a"])), pl.Series(["a"], dtype=pl.Enum(["a", "b"]))),
            (pl.Series(["ab", "c"]), pl.Series(["a", "bc"])),
            (pl.Series([[1], [2, 3]]), pl.Series([[1, 2], [3]])),
            (pl.Series([""]), pl.Series([None], dtype=pl.String)),
        ]

    def mutations(self):
        def assign(value):
            value[0, "i"] = 7

        def set_item(value):
            value[0] = 7

        return [
            (frame(), assign),
            (frame(), lambda value: value.drop_in_place("i")),
            (frame(), lambda value: value.extend(frame())),
            (pl.Series([1, 2]), set_item),
        ]

    def refused(self):
        return [frame().lazy(), pl.col("a"), pl.Int64]

    def test_a_lazy_frame_is_never_collected(self):
        def explode(_):
            raise AssertionError("it was collected")

        lazy = pl.LazyFrame({"a": [1]}).map_batches(explode)
        assert handler.refusal(lazy) == "lazy: described, never collected"

    def test_objects_and_numbers_that_arrow_does_not_know_are_refused(self):
        for series in (pl.Series([object()], dtype=pl.Object), pl.Series([1], dtype=pl.Int128)):
            for verb in (handler.fingerprint, handler.encode, handler.summarize):
                with pytest.raises(CannotFingerprint):
                    verb(series)

    def test_an_unchanged_frame_is_known_at_a_glance(self):
        some = long().with_columns(c=pl.col("s").cast(pl.Categorical), e=pl.Series(["a"] * 300_000, dtype=pl.Enum(["a"])))
        held = handler.hold(some)
        assert handler.is_same(held, some)
        assert not handler.is_same(held, long())
        assert not handler.is_same(held, some.rename({"i": "j"}))
        assert not handler.is_same(held, some[1:])
        assert not handler.is_same(held, some.with_columns(pl.col("c").reverse()))

    def test_closeness_is_over_columns_of_floats(self):
        a = pl.DataFrame({"x": [1.0, 2.0, None], "y": ["a", "b", "c"]})
        found = handler.closeness(a, a.with_columns(x=pl.Series([1.0, 2.5, None])))
        assert (found.differing, found.max_abs, found.max_rel) == (1, 0.5, 0.25)
        assert "y" in handler.closeness(a, a.with_columns(y=pl.lit("z"))).reason
        assert handler.closeness(a, a.rename({"x": "z"})).reason
        assert handler.closeness(a, a.with_columns(x=pl.Series([1.0, None, 2.0]))).reason
