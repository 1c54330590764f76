import functools
import math
import os
import subprocess
import sys
from collections import OrderedDict

import numpy as np
import pandas as pd
import pytest
import scipy.sparse
from hypothesis import given
from hypothesis import strategies as st

from mvlake.errors import CannotFingerprint
from mvlake.handlers import structure
from mvlake.handlers.importable import importable_name
from mvlake.handlers.structure import fingerprint
from mvlake.handlers.structure_distance import distance
from mvlake.testing.traps import Trap

LEAVES = st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.binary()
PLAIN = st.recursive(LEAVES, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner) | st.tuples(inner), max_leaves=12)


def local_function():
    return 1


def rebuilt(value):
    if type(value) in (list, tuple):
        return type(value)(rebuilt(item) for item in value)
    if type(value) is dict:
        return {key: rebuilt(item) for key, item in value.items()}
    return value


@given(PLAIN)
def test_equal_content_has_one_fingerprint_whatever_is_shared(value):
    assert fingerprint([value, value]) == fingerprint([value, rebuilt(value)])


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (1, 1.0),
        (1, True),
        ([1], (1,)),
        ([[1], 2], [[1, 2]]),
        (["ab"], ["a", "b"]),
        (0.0, -0.0),
        ({1: 2}, {2: 1}),
        (b"a", "a"),
        ({1}, frozenset({1})),
        (np.float64(1), 1.0),
        (np.zeros(2), np.zeros(2, dtype="f4")),
        (np.zeros((2, 3)), np.zeros((3, 2))),
        (len, sum),
        ({}, OrderedDict()),
        (np.random.RandomState(0), np.random.RandomState(1)),
        (np.dtype("i4"), np.dtype("i8")),
        (functools.partial(len), functools.partial(sum)),
    ],
)
def test_what_differs_differs(one, other):
    assert fingerprint(one) != fingerprint(other)


def padded(fill):
    array = (
        np.full(3, fill, dtype="u1")
        .repeat(32)[:96]
        .view(np.dtype({"names": ["a", "b"], "formats": ["u1", "f8"], "offsets": [0, 8], "itemsize": 32}))
    )
    array["a"], array["b"] = 1, 2.0
    return array


@pytest.mark.parametrize(
    ("one", "other"),
    [(padded(0), padded(255)),
     (np.ma.array([1.0, 2.0], mask=[False, True]), np.ma.array([1.0, 99.0], mask=[False, True])),
     (scipy.sparse.csr_matrix(np.eye(3)), scipy.sparse.csr_matrix((np.ones(3), ([2, 0, 1], [2, 0, 1])))),
     (math.nan, float("-nan")),
     (np.asfortranarray(np.arange(6.0).reshape(2, 3)), np.arange(6.0).reshape(2, 3)),
     (np.random.default_rng(3), np.random.default_rng(3)),
     (pd.DataFrame({"a": [1]}), pd.DataFrame({"a": [1]}))],
)  # fmt: skip
def test_layout_padding_and_masked_values_are_no_content(one, other):
    assert fingerprint([one]) == fingerprint([other])


def test_a_fingerprint_does_not_depend_on_the_hash_seed():
    program = (
        "from mvlake.handlers.structure import fingerprint; print(fingerprint([{'a', 'b', 'c', 1, None}, frozenset({'x', 'y'})]))"
    )
    found = {
        subprocess.run(
            [sys.executable, "-c", program], capture_output=True, text=True, check=True, env=os.environ | {"PYTHONHASHSEED": seed}
        ).stdout
        for seed in ("1", "2")
    }
    assert len(found) == 1


def test_where_the_stop_words_of_a_vectorizer_lie_is_no_content():
    from sklearn.feature_extraction.text import CountVectorizer

    one, other = (CountVectorizer(stop_words=["a", place]).fit(["cheese and bread"]) for place in ("b", "b"))
    other._stop_words_id = one._stop_words_id + 64
    assert structure.fingerprint(one) == structure.fingerprint(other)
    assert not distance(one, other).reason


def test_a_refusal_names_the_place():
    for value, place in (
        ({"steps": [1, lambda: 2]}, "['steps'][1]"),
        ([functools.partial(local_function)], "[0].func"),
        ([[object()]], "[0][0]"),
    ):
        with pytest.raises(CannotFingerprint) as refused:
            fingerprint(value)
        assert place in str(refused.value)


def test_cycles_depth_and_size_are_refused(monkeypatch):
    ring = []
    ring.append([ring])
    with pytest.raises(CannotFingerprint, match="a part of itself"):
        fingerprint(ring)
    deep = []
    for _ in range(100_000):
        deep = [deep]
    with pytest.raises(CannotFingerprint, match="nested too deeply"):
        fingerprint(deep)
    monkeypatch.setattr(structure, "_MAX_LEAVES", 10_000)
    laughs = [1] * 10
    for _ in range(8):
        laughs = [laughs] * 10
    with pytest.raises(CannotFingerprint, match="parts"):
        fingerprint(laughs)


def test_nothing_of_a_stranger_is_run():
    trap = Trap()
    Trap.sprung(trap)
    with pytest.raises(CannotFingerprint):
        fingerprint([trap])
    sprung = Trap.sprung(trap)
    assert sprung == []


def test_only_code_of_installed_libraries_has_a_name():
    assert importable_name(np.log1p) == "numpy.log1p"
    assert importable_name(pd.DataFrame) == "pandas.DataFrame" or importable_name(pd.DataFrame).startswith("pandas.core")
    for local in (local_function, lambda: 1, functools.partial(len), Trap):
        assert importable_name(local) is None or local is Trap


def test_distance_counts_the_floats_that_differ():
    found = distance(
        {"a": [1.0, math.nan], "b": np.ones(3, dtype="f4"), "c": "same"},
        {"a": [1.5, math.nan], "b": np.ones(3, dtype="f4"), "c": "same"},
    )
    assert (found.reason, found.differing, found.total, found.max_abs) == ("", 1, 5, 0.5)


@pytest.mark.parametrize(
    ("one", "other"), [([1.0], [1]), ([1.0], [1.0, 2.0]), (["a"], ["b"]), (np.ones(2), np.ones(3)), ([1], [2])]
)
def test_other_forms_and_other_values_than_floats_have_no_distance(one, other):
    assert not distance(one, other).is_comparable
