"""Columns that a policy hides: by library, and in every place of a frame that has a name."""

import datetime as dt

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

from mvlake.errors import NoHandler
from mvlake.handlers.lookup import handler_for
from mvlake.handlers.screen import MASK, Screen
from mvlake.records.column_rule import ColumnAction, ColumnRule
from mvlake.redaction.marker import keyed_value

KEY = bytes(32)
RULES = [ColumnRule(ColumnAction(action), pattern) for action, pattern in (("hash", "*mail*"), ("mask", "name"), ("drop", "ssn"))]
PEOPLE = {"Email": ["a@x.org", None, "a@x.org"], "name": ["Ann", "Bob", None], "ssn": [1, 2, 3], "n": [1, 2, 3]}


def hidden(obj):
    screen = Screen(RULES, lambda: KEY)
    return handler_for(obj).screened(obj, screen), {(one.rule, one.column, one.count) for one in screen.redactions("output x")}


def cells(obj):
    return [None if one is None or one is pd.NA else one for one in obj]


HASHED = [keyed_value(KEY, "a@x.org"), None, keyed_value(KEY, "a@x.org")]
FOUND = {("column-hash", "Email", 2), ("column-mask", "name", 2), ("column-drop", "ssn", 3)}


@pytest.mark.parametrize("make", [pd.DataFrame, pl.DataFrame, pa.table, pa.RecordBatch.from_pydict])
def test_each_library_hides_alike_and_leaves_the_users_frame(make):
    frame = make(PEOPLE)
    before = handler_for(frame).fingerprint(frame)
    made, found = hidden(frame)
    assert type(made) is type(frame)
    names = list(made.schema.names) if isinstance(made, pa.Table | pa.RecordBatch) else list(made.columns)
    assert names == ["Email", "name", "n"]
    column = made.column if isinstance(made, pa.Table | pa.RecordBatch) else made.__getitem__
    values = [getattr(column(one), "to_pylist", lambda one=one: cells(column(one)))() for one in ("Email", "name", "n")]
    assert values == [HASHED, [MASK, MASK, None], [1, 2, 3]]
    assert found == FOUND
    assert handler_for(frame).fingerprint(frame) == before
    assert handler_for(made).fingerprint(made) == handler_for(made).fingerprint(hidden(frame)[0])


@pytest.mark.parametrize("make", [pd.DataFrame, pl.DataFrame, pa.table])
def test_a_frame_without_such_columns_is_the_same_object(make):
    frame = make({"n": [1]})
    assert hidden(frame)[0] is frame


def test_levels_of_an_index_and_names_of_axes_count():
    frame = pd.DataFrame({"n": [1, 2]}, index=pd.MultiIndex.from_arrays([["a@x.org", "b"], [8, 9]], names=["email", "ssn"]))
    made, found = hidden(frame)
    assert list(made.index) == [keyed_value(KEY, "a@x.org"), keyed_value(KEY, "b")]
    assert made.index.names == ["email"]
    assert found == {("column-hash", "email", 2), ("column-drop", "ssn", 2)}
    assert list(frame.index.names) == ["email", "ssn"]
    wide = pd.DataFrame([[1, 2]], columns=pd.Index(["Ann", "Bob"], name="name"))
    assert list(hidden(wide)[0].columns) == [MASK, MASK]
    dropped, _ = hidden(frame.droplevel("email"))
    assert type(dropped.index) is pd.RangeIndex
    two = pd.DataFrame({("user", "email"): ["x"], ("user", "n"): [1]})
    assert hidden(two)[0].iloc[0, 0] == keyed_value(KEY, "x")
    assert list(hidden(pd.Index(["x"], name="mail"))[0]) == [keyed_value(KEY, "x")]


def test_a_series_counts_by_its_name_and_is_refused_where_it_is_dropped():
    assert list(hidden(pd.Series(["x"], name="email"))[0]) == [keyed_value(KEY, "x")]
    assert list(hidden(pl.Series("email", ["x"]))[0]) == [keyed_value(KEY, "x")]
    assert list(hidden(pd.Series([1], index=pd.Index(["x"], name="name")))[0].index) == [MASK]
    for one in (pd.Series([1], name="ssn"), pl.Series("ssn", [1]), pd.Index([1], name="SSN")):
        with pytest.raises(NoHandler, match="column policy"):
            hidden(one)


def test_fields_within_a_column_count():
    rows = [{"email": "x", "n": 1}, None]
    for frame in (pa.table({"user": rows}), pl.DataFrame({"user": rows}), pa.array(rows)):
        made, found = hidden(frame)
        assert "'x'" not in str(made)
        assert {rule for rule, _, _ in found} == {"column-hash"}
        assert MASK in str(made)
    listed = pl.DataFrame({"users": [[{"ssn": 1}]], "n": [1]})
    assert hidden(listed)[0].columns == ["n"]


def test_equal_values_stay_equal_across_types_and_libraries():
    wanted = [keyed_value(KEY, "5"), None]
    for column in (
        pd.Series([5, None]), pd.Series([5, None], dtype="Int64"), pd.Series([5, None], dtype=object), pd.Series(["5", None]),
        pd.Series([np.int8(5), None], dtype=object), pd.Series([5, None], dtype="category"), pl.Series([5, None]),
    ):  # fmt: skip
        named = column.rename("email")
        assert cells(hidden(named)[0]) == wanted, column


def test_what_cannot_be_said_is_masked_and_no_code_of_the_users_runs():
    class Trap:
        def __getattribute__(self, name):
            raise AssertionError(name)

        __str__ = __repr__ = __eq__ = __hash__ = None

    held = np.empty(6, object)
    held[:5] = None, None, None, dt.date(2026, 1, 2), "\ud800"
    held[0], held[2], held[5] = Trap(), [1], float("nan")
    odd = pd.Series(held, name="email", dtype=object)
    made = cells(hidden(odd)[0])
    assert made[:3] == [MASK, None, MASK]
    assert made[5] is None
    assert made[3:5] == [keyed_value(KEY, "2026-01-02"), keyed_value(KEY, "\ud800")]
    assert cells(hidden(pl.Series("email", [object()], dtype=pl.Object))[0]) == [MASK]
    assert cells(hidden(pd.Series([pd.Interval(0, 1)], name="email"))[0]) == [MASK]
    for empty in (pd.Series([], name="email", dtype=float), pl.Series("email", []), pd.Series([None], name="email")):
        assert not [one for one in cells(hidden(empty)[0]) if one is not None]


def test_two_columns_of_one_name_are_both_hidden():
    frame = pd.DataFrame([["x", "y"]], columns=["email", "email"])
    assert hidden(frame)[0].to_numpy().tolist() == [[keyed_value(KEY, "x"), keyed_value(KEY, "y")]]


def test_the_strictest_rule_counts_and_words_of_texts_are_known():
    screen = Screen([*RULES, ColumnRule(ColumnAction.DROP, "EMAIL"), ColumnRule(ColumnAction.MASK, "e mail")], lambda: KEY)
    assert screen.action("email") is ColumnAction.DROP
    assert screen.action("n") is None
    assert [screen.speaks_of(one) for one in ("<th>user_mail</th>", "| ssn |", "n  other 12")] == [True, True, False]
