import json
import math
from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from pathlib import PurePosixPath
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mvlake.records.plain import to_plain
from mvlake.view.values import as_number, ordinary, value_pair, value_text

scalars = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(st.characters(exclude_categories=()), max_size=8)
    | st.binary(max_size=5)
    | st.dates()
)
plain = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=4) | st.tuples(inner, inner) | st.dictionaries(st.text(max_size=4), inner, max_size=4),
)
json_like = st.recursive(
    st.none() | st.integers(-5, 5) | st.text(max_size=4),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["$", "v", "a"]), inner | st.sampled_from(["tuple", "dict", "float"]), max_size=3)
    ),
)


@given(plain)
def test_every_plain_value_becomes_ordinary_json(value):
    json.dumps(ordinary(to_plain(value)), allow_nan=False).encode("utf-8")


@given(json_like)
def test_tags_that_lie_are_shown_and_break_nothing(value):
    json.dumps(ordinary(value), allow_nan=False)
    assert isinstance(value_text(value), str)


@pytest.mark.parametrize(
    "tag",
    ["tuple", "set", "dict", "float", "int", "str", "complex", "range", "datetime", "timedelta", "fraction", "uuid", "path", "new"],
)
@pytest.mark.parametrize("content", [None, 5, "x", [], {}, [1], ["a", "b"], [[1]], {"$": "tuple", "v": 3}])
def test_a_tag_with_the_wrong_content_breaks_nothing(tag, content):
    hostile = {"$": tag, "v": content}
    json.dumps(ordinary(hostile), allow_nan=False)
    assert value_text(hostile)
    as_number(hostile)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ((1, (2,)), [1, [2]]),
        (math.nan, "NaN"),
        (-math.inf, "-Infinity"),
        (2.0, 2.0),
        (2**70, 2**70),
        (b"\x00\x01", "AAE="),
        (date(2026, 3, 3), "2026-03-03"),
        (datetime(2026, 3, 3, 14), "2026-03-03T14:00:00"),
        (timedelta(days=1, hours=2), "1 day, 2:00:00"),
        (Decimal("1.10"), "1.10"),
        (Fraction(1, 3), "1/3"),
        (UUID(int=5), "00000000-0000-0000-0000-000000000005"),
        (PurePosixPath("/a/b"), "/a/b"),
        ({1: "a", "b": 2}, {"1": "a", "b": 2}),
        ({1: "a", "1": "b"}, [[1, "a"], ["1", "b"]]),
        (range(0, 10, 2), "range(0, 10, 2)"),
        ({3, 1}, [1, 3]),
    ],
)
def test_values_are_decoded_for_people(value, expected):
    assert ordinary(to_plain(value)) == expected


def test_an_integer_too_long_for_decimal_text_is_written_in_hexadecimal():
    json.dumps(ordinary(to_plain(10**6000)))
    assert value_text(to_plain([10**6000])) == "[an integer of 19,932 bits]"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("gini", "gini"),
        ("4", "'4'"),
        ("", "''"),
        ("None", "'None'"),
        (None, "None"),
        (True, "True"),
        (1.0, "1.0"),
        (0.1 + 0.2, "0.3"),
        (1000000, "1000000"),
        (("a", 1), "('a', 1)"),
        ((1,), "(1,)"),
        ({"b": 1, "a": [0.5]}, "{'b': 1, 'a': [0.5]}"),
        (list(range(20)), "[0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, … and 8 more]"),
    ],
)
def test_values_read_like_python_and_text_like_text(value, text):
    assert value_text(to_plain(value)) == text


def test_two_values_that_differ_never_look_the_same():
    assert value_pair(0.12345678, 0.12345679) == ("0.12345678", "0.12345679")
    assert value_pair(1, to_plain(1.0)) == ("1", "1.0")
