"""What each handler's objects are judged to be when their numbers are moved by a known step."""

import datetime

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
import torch

from mvlake.compare.measuring import graded
from mvlake.handlers.lookup import handler_for
from mvlake.records.events import Verdict
from mvlake.records.tolerance import Tolerance

IDENTICAL, EQUIVALENT, NUMERIC, STATISTICAL, DRIFTED, NOT_COMPARABLE, NOT_RUN, FAILED = Verdict
BASE = np.array([1.0, -3.0, 0.5, 512.0])
STEPS = (0.0, 1e-13, 1e-12, 0.999999e-9, 1.000001e-9, 1e-6, 0.999e-4, 1.001e-4, 1e-3, 0.99e-2, 1.01e-2)
RTOL = {"float64": 1e-9, "float32": 1e-4, "float16": 1e-2, "bfloat16": 1e-2, "complex128": 1e-9, "complex64": 1e-4}

FORMS = {
    "numpy": lambda values: values,
    "scalar": lambda values: values[0],
    "list": lambda values: {"scores": [float(one) for one in values], "n": 4},
    "pandas": lambda values: pd.DataFrame({"x": values, "name": list("abcd")}),
    "series": lambda values: pd.Series(values, name="x"),
    "polars": lambda values: pl.DataFrame({"x": values, "name": list("abcd")}),
    "pyarrow": lambda values: pa.table({"x": values}),
    "torch": torch.from_numpy,
    "structure": lambda values: {"train": values, "test": pd.DataFrame({"x": values})},
}


def verdict(a, b):
    """Return what the judge says of two objects, and the numbers in it."""
    handler = handler_for(a)
    assert handler is handler_for(b)
    if handler.fingerprint(a) == handler.fingerprint(b):
        return IDENTICAL, None
    found = graded(handler.closeness(a, b), Tolerance())
    return found.verdict, found.measured


NUMBERS = {"list": ["float64"], "polars": ["float64", "float32"], "pyarrow": ["float64", "float32", "float16"]}
EVERY = ["float64", "float32", "float16", "complex128", "complex64"]


@pytest.mark.parametrize(("form", "dtype"), [(form, dtype) for form in FORMS for dtype in NUMBERS.get(form, EVERY)])
def test_a_step_is_numeric_up_to_the_tolerance_of_its_precision_and_drift_beyond(form, dtype):
    make, base = FORMS[form], BASE.astype(dtype)
    for step in STEPS:
        moved = (BASE * (1 + step)).astype(dtype)
        wide = np.abs(moved.astype(complex) - base.astype(complex)) / np.abs(base.astype(complex))
        off = float(wide[0] if form == "scalar" else wide.max())  # what the rounding to the dtype has left of the step
        found, measured = verdict(make(base), make(moved))
        assert found is (IDENTICAL if off == 0 else NUMERIC if off <= RTOL[dtype] else DRIFTED), step
        if measured:
            assert measured.max_rel == pytest.approx(off, rel=1e-6, abs=1e-12)
            assert measured.precision == {"complex128": "float64", "complex64": "float32"}.get(dtype, dtype)
            assert measured.rtol == RTOL[dtype]


@pytest.mark.parametrize("form", sorted(FORMS.keys() - {"structure"}))
def test_one_ulp_is_numeric_and_counted(form):
    make = FORMS[form]
    for dtype in ("float64", "float32") if form != "list" else ("float64",):
        base = BASE.astype(dtype)
        found, measured = verdict(make(base), make(np.nextafter(base, np.array(np.inf, dtype))))
        assert (found, measured.max_ulp) == (NUMERIC, 1)


def test_bfloat16_has_its_own_tolerance_and_its_own_ulp():
    base = torch.tensor([1.0, 256.0], dtype=torch.bfloat16)
    found, measured = verdict(base, base + torch.tensor([2.0**-7, 0], dtype=torch.bfloat16))
    assert (found, measured.precision, measured.max_ulp, measured.max_rel) == (NUMERIC, "bfloat16", 1, 2.0**-7)
    found, measured = verdict(base, base + torch.tensor([2.0**-6, 0], dtype=torch.bfloat16))
    assert (found, measured.max_ulp) == (DRIFTED, 2)
    assert verdict(base, base.float())[0] is DRIFTED


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ([1, 2, 3], [1, 2, 4]),
        ([True, False], [True, True]),
        (["a", "b"], ["a", "c"]),
        ([datetime.datetime(2026, 3, 1)], [datetime.datetime(2026, 3, 1, microsecond=1)]),
        ([10**15], [10**15 + 1]),
    ],
)
def test_what_is_no_float_is_exact(a, b):
    makers = [np.array, lambda values: pd.DataFrame({"x": values}), lambda values: pl.DataFrame({"x": values}), list]
    for make in makers:
        assert verdict(make(a), make(a))[0] is IDENTICAL
        assert verdict(make(a), make(b))[0] is DRIFTED


def test_odd_numbers_are_measured_where_they_can_be():
    least = float(np.finfo(float).smallest_subnormal)
    for make in (np.array, lambda values: pd.DataFrame({"x": values}), lambda values: pl.DataFrame({"x": values}), list):
        assert verdict(make([np.nan, 1.0]), make([np.nan, 1.0]))[0] is IDENTICAL
        assert verdict(make([0.0, 1.0]), make([-0.0, 1.0]))[0] is EQUIVALENT
        found, measured = verdict(make([0.0, 1.0]), make([least, 1.0]))
        assert (found, measured.max_ulp, measured.differing, measured.total) == (NUMERIC, 1, 1, 2)
        for before, after in [(1.0, np.nan), (np.nan, 1.0), (np.inf, 1e308), (np.inf, -np.inf), (0.0, np.inf)]:
            found, measured = verdict(make([before, 1.0]), make([after, 1.0]))
            assert (found, measured.max_abs, measured.max_rel, measured.max_ulp) == (DRIFTED, None, None, None)
        found, measured = verdict(make([1.0, 2.0]), make([-1.0, 2.0]))
        assert (found, measured.max_abs, measured.max_ulp) == (DRIFTED, 2.0, 2**53)


def test_nothing_is_itself_and_another_shape_is_drift():
    for make in (np.array, pd.Series, pl.Series, list):
        empty, one = make([]), make([1.0])
        assert verdict(empty, empty)[0] is IDENTICAL
        assert verdict(one, make([1.0, 2.0])) == (DRIFTED, None)
    square = np.zeros((2, 2))
    assert verdict(square, square.reshape(4)) == (DRIFTED, None)
    assert verdict(pd.DataFrame({"x": [1.0]}), pd.DataFrame({"y": [1.0]})) == (DRIFTED, None)


def test_the_same_values_in_another_width_or_order_are_equivalent():
    whole, real = np.array([1, 2, 3]), np.array([0.5, 2.0, np.nan])
    for make in (np.array, pd.Series, lambda values: pl.DataFrame({"x": values}), lambda values: pa.table({"x": values})):
        assert verdict(make(whole), make(whole.astype("int32")))[0] is EQUIVALENT
        assert verdict(make(real.astype("f4")), make(real))[0] is EQUIVALENT
        assert verdict(make(whole), make(whole.astype("float64")))[0] is DRIFTED
        assert verdict(make(whole), make((whole + 1).astype("int32")))[0] is DRIFTED
        assert verdict(make(real + 0.1), make((real + 0.1).astype("f4")))[0] is DRIFTED
    assert verdict({"a": 1, "b": [{"c": 1.0, "d": 2}]}, {"b": [{"d": 2, "c": 1.0}], "a": 1})[0] in (IDENTICAL, EQUIVALENT)
    assert verdict(pa.chunked_array([[1, 2], [3]]), pa.chunked_array([[1, 2, 3]]))[0] is IDENTICAL
    assert verdict(pd.Series(["a"], dtype="object"), pd.Series(["a"], dtype="category"))[0] is DRIFTED


def test_a_precision_does_not_lend_its_tolerance_to_another():
    def frame(*, coarse=0.0, fine=0.0):
        return pd.DataFrame({"coarse": np.float32([1 + coarse]), "fine": [1.0 + fine]})

    assert verdict(frame(), frame(coarse=5e-5))[0] is NUMERIC
    found, measured = verdict(frame(), frame(coarse=5e-5, fine=5e-5))
    assert (found, measured.precision, measured.rtol) == (DRIFTED, "float64", 1e-9)


def test_what_is_negligible_is_asked_of_each_number():
    handler = handler_for(BASE)
    a, b = np.array([0.0, 1e6]), np.array([1e-7, 1e6 + 1e-5])
    assert graded(handler.closeness(a, b, 1e-6), Tolerance(atol=1e-6)).verdict is NUMERIC
    assert graded(handler.closeness(a, b), Tolerance()).verdict is DRIFTED
