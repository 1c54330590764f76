"""Profiles of the columns of frames, in each library and of each type."""

import datetime as dt
from decimal import Decimal

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mvlake.handlers.lookup import handler_for
from mvlake.handlers.profiling.numbers import EXACT, SAMPLE
from mvlake.handlers.profiling.profiles import FULL, profile_of
from mvlake.records.canonical import canonical, parse
from mvlake.records.fields import from_fields, to_fields
from mvlake.records.profile import MOST_COLUMNS, Category, Profile, ValueKind, check_profile


def profile(obj, known=None):
    found = profile_of(handler_for(obj).examined(obj).profiled, {} if known is None else known, lambda: None)
    assert check_profile(from_fields(Profile, parse(canonical(to_fields(found))))) == found
    return found


def column(obj, name="x"):
    return next(one for one in profile(obj).columns if one.name == name)


CELLS = {
    "whole": st.one_of(st.none(), st.integers(-(2**63), 2**63 - 1)),
    "real": st.one_of(st.none(), st.floats(width=32)),
    "text": st.one_of(st.none(), st.sampled_from(["a", "b", "long " * 9, "é", ""])),
    "truth": st.one_of(st.none(), st.booleans()),
    "moment": st.one_of(st.none(), st.datetimes(dt.datetime(1800, 1, 1), dt.datetime(2200, 1, 1))),
}
TYPES = {"whole": pa.int64(), "real": pa.float64(), "text": pa.string(), "truth": pa.bool_(), "moment": pa.timestamp("us")}


@settings(deadline=None, max_examples=120)
@given(st.data(), st.sampled_from(sorted(CELLS)))
def test_every_library_says_what_python_counts(data, kind):
    cells = data.draw(st.lists(CELLS[kind], max_size=40))
    arrow = pa.table({"x": pa.array(cells, TYPES[kind])})
    there = [one for one in cells if one is not None]
    finite = [one for one in there if kind != "real" or np.isfinite(one)]
    for frame in (arrow, pl.from_arrow(arrow), arrow.to_pandas(types_mapper=pd.ArrowDtype)):
        found = column(frame)
        assert (found.rows, found.nulls) == (len(cells), len(cells) - len(there))
        assert found.distinct == len(set(finite))
        assert found.distinct_error == 0
        if kind == "whole" and there and found.withheld:
            assert "card numbers" in found.because
            assert max(there) >= 10**12
        elif kind == "whole" and there:
            assert (found.low, found.high) == (str(min(there)), str(max(there)))
        if kind == "moment" and there:
            assert (found.low, found.high) == tuple(end(there).isoformat(timespec="microseconds") for end in (min, max))
        if kind == "text":
            counts = {one: there.count(one) for one in set(there)}
            assert {one.value: one.rows for one in found.categories} == {one: n for one, n in counts.items() if n >= 5}
            assert found.others == sum(n for n in counts.values() if n < 5)


def test_what_pandas_calls_missing_is_missing():
    frame = pd.DataFrame(
        {"x": [1.0, np.nan, np.inf], "o": ["a", None, "b"], "d": pd.to_datetime(["2020-01-01", None, "2021-01-01"])}
    )
    assert [one.nulls for one in profile(frame).columns] == [1, 1, 1]
    x = column(frame)
    assert (x.nans, x.infinities, x.low, x.high) == (0, 1, "1", "1")
    assert column(pl.DataFrame({"x": [1.0, float("nan"), None]})).nans == 1
    assert [(one.low[:10], one.kind) for one in profile(frame).columns if one.name == "d"] == [("2020-01-01", ValueKind.TIME)]


def test_each_type_of_a_column_says_something_sensible():
    day = dt.date(2024, 2, 29)
    table = pa.table(
        {
            "decimal": pa.array([Decimal("1.10"), Decimal("2.25")] * 3),
            "day": [day, dt.date(2024, 3, 2)] * 3,
            "time": [dt.time(5, 3), dt.time(6)] * 3,
            "span": [dt.timedelta(seconds=3), dt.timedelta(seconds=5)] * 3,
            "zoned": pa.array([1, 3] * 3, pa.timestamp("s", "Europe/Berlin")),
            "list": [[1], [2, 3]] * 3,
            "struct": [{"a": 1}] * 6,
            "bytes": [b"ab", b"c"] * 3,
            "nothing": [None] * 6,
            "truth": [True] * 5 + [False],
            "words": pa.array(["a", "b"] * 3).dictionary_encode(),
        }
    )
    found = {one.name: one for one in profile(table).columns}
    assert {name: one.kind.value for name, one in found.items()} == {
        "decimal": "number", "day": "time", "time": "time", "span": "span", "zoned": "time", "list": "nested", "struct": "nested",
        "bytes": "bytes", "nothing": "nothing", "truth": "truth", "words": "text",
    }  # fmt: skip
    assert (found["decimal"].low, found["decimal"].mean) == ("1.10", "1.675")
    assert (found["day"].low, found["day"].high, found["day"].mean) == ("2024-02-29", "2024-03-02", "2024-03-01")
    assert (found["time"].low, found["span"].mean, found["zoned"].high) == ("05:03:00.000000", "4", "1970-01-01T00:00:03Z")
    assert (found["list"].shortest, found["list"].longest, found["list"].length) == (1, 2, 1.5)
    assert (found["truth"].mean, found["truth"].categories, found["truth"].others) == (str(5 / 6), (Category("True", 5),), 1)
    assert (found["nothing"].nulls, found["bytes"].distinct, found["words"].distinct) == (6, 2, 2)


def test_objects_of_several_types_are_counted_by_type():
    cells = [1, "two", 3.5, None, (4,), "five"]
    found = column(pd.DataFrame({"x": pd.Series(cells, dtype=object)}))
    assert found.kind is ValueKind.MIXED
    assert {one.value: one.rows for one in found.categories} == {"int": 1, "str": 2, "float": 1, "None": 1, "tuple": 1}
    assert found.nulls == 1


def test_categories_of_pandas_are_those_of_its_words():
    frame = pd.DataFrame({"x": pd.Categorical(["a"] * 6 + ["b"] * 3 + [None]), "n": pd.Categorical([1, 2] * 5)})
    found = column(frame)
    assert (found.categories, found.others, found.nulls, found.distinct) == ((Category("a", 6),), 3, 1, 2)
    assert (column(frame, "n").low, column(frame, "n").high) == ("1", "2")


@pytest.mark.parametrize("make", [lambda cells: pa.table({"x": pa.array(cells)}), lambda cells: pd.DataFrame({"x": cells})])
def test_many_texts_are_within_the_bounds_that_are_stated(make):
    random = np.random.default_rng(3)
    rows = EXACT + 5000
    cells = [f"w{one}" for one in random.geometric(0.3, rows)]
    cells[:3000] = [f"{'a rare and rather long one ' * 3}{one}" for one in range(3000)]
    found = column(make(cells))
    counts = pd.Series(cells).value_counts()
    assert (found.rows, found.seen) == (rows, SAMPLE)
    assert (found.distinct, found.distinct_error) == (len(counts), 0.0)
    assert found.longest == max(map(len, cells))
    for one in found.categories[:5]:
        assert one.rows / rows == pytest.approx(counts[one.value] / rows, abs=0.008)
    assert found.low == ""


def test_texts_that_share_their_ends_are_told_apart_among_many():
    cells = pa.array([f"{'x' * 20}{one:06}{'y' * 20}" for one in range(3000)]).take(pa.array(np.arange(EXACT + 1) % 3000))
    assert column(pa.table({"x": cells})).distinct == 3000


def test_a_huge_text_is_clipped_and_none_is_an_empty_frame():
    found = column(pa.table({"x": ["h" * 3_000_000] * 5}))
    assert (len(found.categories[0].value), found.longest) == (81, 3_000_000)
    assert column(pa.table({"x": pa.array([], pa.string())})).kind is ValueKind.NOTHING
    assert profile(pd.DataFrame()).columns == ()


def test_a_wide_frame_is_looked_at_briefly_and_a_very_wide_one_in_part():
    brief = profile(pa.table({f"c{one}": [1.0, 2.0] for one in range(FULL + 1)}))
    assert (brief.columns[-1].low, brief.columns[-1].counts, brief.more) == ("1", (), 0)
    wide = profile(pa.table({f"c{one}": pa.array([1, 2], pa.int8()) for one in range(MOST_COLUMNS + 7)}))
    assert (len(wide.columns), wide.more) == (MOST_COLUMNS, 7)


def test_a_column_that_is_known_is_not_looked_at_again():
    known = {}
    frame = pd.DataFrame({"x": range(50), "y": np.arange(50) / 3})
    profile(frame, known)
    before = dict(known)
    again = profile(frame.rename(columns={"x": "z"}).assign(w=1.5), known)
    assert [one.name for one in again.columns] == ["z", "y", "w"]
    assert [key for key in known if key not in before] == [key for key in known][2:]
    assert all(known[key] is one for key, one in before.items())


def test_arrays_have_all_cells_and_narrow_tables_their_columns():
    array = np.arange(12.0).reshape(4, 3)
    found = profile(array)
    assert (found.rows, found.whole.rows, found.whole.low, found.whole.high) == (4, 12, "0", "11")
    assert [(one.name, one.low, one.mean) for one in found.columns] == [("0", "0", "4.5"), ("1", "1", "5.5"), ("2", "2", "6.5")]
    assert profile(np.zeros((2, 65))).columns == ()
    assert profile(np.array(True)).whole.kind is ValueKind.TRUTH
    assert profile(np.array(["a"])).whole.kind is ValueKind.OTHER
    assert profile(np.empty((0, 3))).whole.kind is ValueKind.NOTHING


def test_what_arrow_cannot_look_at_keeps_its_place():
    found = column(pa.table({"x": pa.array([b"ab", b"cd"], pa.binary(2))}))
    assert (found.kind, found.rows) == (ValueKind.OTHER, 2)
