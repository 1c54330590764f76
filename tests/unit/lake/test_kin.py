import numpy as np
import pandas as pd
import polars as pl
import pytest

from mvlake.lake.kin import portion_of
from mvlake.lake.lake import Lake
from mvlake.records.artifact import Role
from mvlake.records.lineage import Portion


def frame(rows=500):
    rng = np.random.default_rng(3)
    return pd.DataFrame({"a": rng.normal(size=rows), "b": rng.integers(0, 9, rows), "c": [f"t{n % 7}" for n in range(rows)]})


@pytest.fixture
def portion():
    lake = Lake.in_memory()

    def asked(child, parent):
        kept = [lake.preserve(Role.INPUT, name, one) for name, one in (("p", parent), ("c", child))]
        return portion_of(lake._now, kept[1], kept[0])

    return asked


def test_rows_that_were_taken_are_found_in_small_frames_whatever_their_index_says(portion):
    df = frame()
    df.loc[3, "a"] = np.nan
    assert portion(df.sample(100, random_state=1), df) is Portion.ROWS
    assert portion(df.sample(100, random_state=1).reset_index(drop=True), df) is Portion.ROWS
    assert portion(df[df.b > 4][["c", "a"]], df) is Portion.ROWS
    assert portion(df[df.a.isna()], df) is Portion.ROWS
    table = pl.DataFrame({"a": [1, 2, 3], "c": ["x", None, "z"]})
    assert portion(table[[2, 1]], table) is Portion.ROWS


def test_rows_of_large_frames_are_known_by_how_they_are_kept(portion):
    df = frame(60_000)
    assert portion(df.sample(20_000, random_state=1), df) is Portion.ROWS


def test_the_same_columns_fewer_and_more(portion):
    df = frame()
    assert portion(df.copy(), df) is Portion.ALL
    assert portion(df[["c", "a"]], df) is Portion.COLUMNS
    assert portion(df.assign(n=1), df) is Portion.WIDER


def test_what_only_looks_alike_proves_nothing(portion):
    df = frame()
    other = df.head(100).copy()
    other.loc[5, "a"] = 7.0
    assert portion(other, df) is Portion.UNKNOWN
    assert portion(df.head(50).assign(n=1), df) is Portion.UNKNOWN
    assert portion(df.assign(a=0.0, b=0, c=""), df) is Portion.UNKNOWN
    assert portion(np.zeros(3), np.zeros(5)) is Portion.UNKNOWN
    assert portion(pd.DataFrame(), df) is Portion.UNKNOWN
    assert portion(np.zeros(3), np.zeros(3)) is Portion.ALL
