"""Parameters arrive as the values that were given, and nothing but values arrives."""

import datetime as dt
import json
import math
from decimal import Decimal
from pathlib import Path
from uuid import UUID

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mvlake.errors import Invalid
from mvlake.lake.parameters import as_json, parameters_cell

PLAIN = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False)
    | st.text()
    | st.binary()
    | st.dates()
    | st.datetimes(timezones=st.none() | st.just(dt.UTC))
    | st.timedeltas()
    | st.uuids()
    | st.decimals(allow_nan=False),
    lambda inner: st.lists(inner) | st.tuples(inner, inner) | st.dictionaries(st.text() | st.integers(), inner),
    max_leaves=12,
)


def said(**parameters):
    namespace = {}
    exec(compile(parameters_cell(parameters), "cell", "exec"), namespace)
    return namespace


@given(PLAIN)
def test_a_value_arrives_as_it_was_given(value):
    found = said(given=value)["given"]
    assert found == value
    assert type(found) is type(value)


@given(PLAIN)
def test_the_metadata_is_always_json(value):
    assert json.loads(json.dumps(as_json({"given": value}), allow_nan=False)) is not None


def test_values_that_papermill_would_turn_into_text():
    given_ = {
        "pair": (1, 2), "one": (1,), "none": (), "names": {"b", "a"}, "frozen": frozenset([1]), "when": dt.date(2026, 3, 3),
        "rate": Decimal("0.1"), "count": np.int64(5), "share": np.float32(0.5), "flag": np.bool_(True), "id": UUID(int=7),
        "by_number": {1: "x"}, "place": Path("a/'b'/{c}"), "at": dt.datetime(2026, 3, 3, 1, tzinfo=dt.UTC),
    }  # fmt: skip
    found = said(**given_)
    assert {name: found[name] for name in given_} == given_
    assert math.isnan(said(x=float("nan"))["x"])
    assert said(x=-math.inf)["x"] == -math.inf


@pytest.mark.parametrize("name", ["a=1\nimport os\nb", "", "1a", "class", "a.b", "a b", "a;b", "__import__('os')", "é\u200b"])
def test_a_name_that_is_code_is_refused(name):
    with pytest.raises(Invalid, match="cannot be called"):
        parameters_cell({name: 1})


class Loud:
    def __repr__(self):
        raise AssertionError("asked for its text")


@pytest.mark.parametrize("value", [Loud(), [Loud()], {"a": Loud()}, np.arange(3), object, lambda: 1])
def test_a_value_that_no_code_says_is_refused(value):
    with pytest.raises(Invalid, match="which no code says"):
        parameters_cell({"given": value})


def test_a_list_that_holds_itself_is_refused():
    loop = []
    loop.append(loop)
    with pytest.raises(Invalid, match="nested more than"):
        parameters_cell({"given": loop})
