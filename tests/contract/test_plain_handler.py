from collections import OrderedDict
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from enum import IntEnum
from fractions import Fraction
from pathlib import Path, PurePosixPath
from typing import NamedTuple
from uuid import UUID

import pytest

from mvlake.handlers.plain import handler
from mvlake.testing import HandlerContract


class Point(NamedTuple):
    x: int
    y: int


class Colour(IntEnum):
    RED = 1


class Loud(str):
    __slots__ = ()

    def __repr__(self):
        raise AssertionError("repr was called")


def endless():
    value = []
    value.append(value)
    return value


class TestPlainHandler(HandlerContract):
    handler = handler

    def examples(self):
        moment = datetime(2026, 3, 29, 2, 30, tzinfo=timezone(timedelta(hours=1)))
        return [
            *(None, True, 0, 1, -1, 2**70, 0.0, -0.0, 1.0, float("inf"), 1e300, 3 + 4j),
            *("", "x", "\ud800", "a" * 10_000, b"", b"\x00\xff", bytearray(b"ab")),
            *((), [], {}, set(), frozenset(), (1,), [1], {1}, frozenset({1}), range(0, 9, 2)),
            *({"a": 1, "b": [1, {"c": (2.5, None)}]}, {"$": 1}, {1: "int", "1": "str", (1, 2): "tuple"}),
            *(date(2026, 1, 2), datetime(2026, 1, 2), moment, timedelta(days=-1, microseconds=3)),
            *(Decimal("1.10"), Fraction(1, 3), UUID(int=7), Path("a/b"), PurePosixPath("a/b")),
        ]

    def equal(self, a, b):
        return type(a) is type(b) and a == b and repr(a) == repr(b)

    def layouts(self):
        return [(float("nan"), -float("nan")), ({3, 1, 2}, {1, 2, 3})]

    def different(self):
        return [(1, True), (1, 1.0), (0.0, -0.0), ([1], (1,)), ({"a": 1, "b": 2}, {"b": 2, "a": 1}), ("1", 1), (b"a", "a")]

    def mutations(self):
        return [
            ([1], lambda value: value.append(2)),
            ({"a": []}, lambda value: value["a"].append(1)),
            (([],), lambda value: value[0].append(1)),
            ({1}, lambda value: value.add(2)),
        ]

    def refused(self):
        return [OrderedDict(a=1), Point(1, 2), Colour.RED, Loud("x"), [Loud("x")], endless(), lambda: 0]

    def test_a_summary_shows_the_beginning_of_a_long_value(self):
        summary = handler.summarize([list(range(1000))] * 1000)
        assert summary.text.startswith("[[0, 1, 2")
        assert len(summary.text) <= 80
        assert summary.length == 1000

    def test_a_short_value_is_shown_as_python_writes_it(self):
        for value in self.examples():
            if len(repr(value)) < 80:
                assert handler.summarize(value).text == repr(value)

    def test_a_number_too_long_for_python_to_write_is_shown(self):
        assert len(handler.summarize([10**10_000]).text) == 80

    @pytest.mark.parametrize("wrapped", [lambda x: x, lambda x: [x], lambda x: {"a": (1, [x])}])
    def test_the_noise_of_a_float_is_measured_wherever_it_is(self, wrapped):
        found = handler.closeness(wrapped(1.0), wrapped(1.0 + 1e-13))
        assert found.is_comparable
        assert (found.differing, found.total) == (1, 1)
        assert 0 < found.max_abs < 2e-13

    @pytest.mark.parametrize(
        ("a", "b"), [(1, 2), (1, 1.0), ([1.0], [1.0, 1.0]), ({"a": 1.0}, {"b": 1.0}), ("a", "b"), ([1.0], (1.0,))]
    )
    def test_values_of_another_form_have_no_distance(self, a, b):
        assert handler.closeness(a, b).reason

    def test_the_refusal_says_what_is_not_plain(self):
        assert "Loud" in handler.refusal([Loud("x")])
