"""Profiles of data, from a tracked cell to what people read."""

import pytest
from every_byte import every_byte

from mvlake import Lake
from mvlake.view.html import page
from mvlake.view.text import as_text

# Backwards, for the text of a cell is kept too.
MAKE = """
import numpy as np, pandas as pd, polars as pl
rows = np.random.default_rng(0)
df = pd.DataFrame({
    'amount': rows.gamma(2.0, 30.0, 4000), 'country': ['de'] * 3000 + ['fr'] * 998 + ['is', 'is'],
    'contact': [f"{'ydobemos'[::-1]}{one}@{'tsoh-evitcerces'[::-1]}.org" for one in range(4000)],
    'surname': ['yzzyxW'[::-1], 'grebxuuQ'[::-1]] * 2000,
    'when': pd.date_range('2024-01-01', periods=4000, freq='h'),
})
"""
USE = "%%track t {0}\nout = df.assign(amount=df.amount * {1}){2}\narray = out[['amount']].to_numpy()\nframe = pl.DataFrame({{'k': [1, 2, 3] * 500}})"


def columns_of(lake, ref, name):
    shown = lake.show(ref)
    artifact = next(one for one in shown.entry.version.artifacts if one.name == name)
    return {one.name: one for one in shown.dossier.profiles[artifact.profile].columns}


def test_profiles_from_a_cell_to_its_readers(start_kernel, tmp_path):
    kernel = start_kernel()
    kernel.run(MAKE)
    assert kernel.run(USE.format("--data profile", 1, "")).error is None
    assert kernel.run(USE.format("--data profile", 3, ".assign(new=1.5)")).error is None
    lake = Lake.open(tmp_path / "lake")

    found = columns_of(lake, "t:v1", "out")
    assert (found["amount"].rows, found["amount"].nulls, len(found["amount"].counts)) == (4000, 0, 20)
    assert [(one.value, one.rows) for one in found["country"].categories] == [("de", 3000), ("fr", 998)]
    assert (found["country"].others, found["when"].low) == (2, "2024-01-01T00:00:00.000000")
    assert found["contact"].because == "its values look like e-mail addresses"
    assert found["surname"].because == "its name says that it holds names"
    assert columns_of(lake, "t:v1", "frame")["k"].distinct == 3

    # With the profile alone, nobody in the frame is anywhere in the lake, whatever is compressed.
    written = b"".join(data for _, data in every_byte(tmp_path / "lake"))
    assert b"amount" in written
    assert b"ydobemos" in written
    for secret in (b"somebody", b"secretive-host", b"Wxyzzy", b"Quuxberg"):
        assert secret not in written

    text, html = as_text(lake.show("t:v1")), page(lake.show("t:v1"), "t")
    assert "4,000 rows, 5 columns" in text
    assert "its name says that it holds names" in html
    assert "its values look like e-mail addresses" in html
    assert "Wxyzzy" not in text + html

    (moved,) = [one for one in lake.compare("t:v1", "t:v2").data if one.name == "out"]
    statistics = {one.name: {each.name for each in one.statistics} for one in moved.columns if one.statistics}
    assert {"mean", "low", "high", "std"} <= statistics["amount"]
    assert "country" not in statistics

    asked = lake.sql(
        "select number, column_name, null_share, mean, distinct_values from columns where artifact = 'out' and column_name = 'amount'"
        " order by number"
    )
    assert [(row[0], row[2], row[4]) for row in asked.rows] == [(1, 0.0, 4000), (2, 0.0, 4000)]
    assert asked.rows[1][3] == pytest.approx(3 * asked.rows[0][3])
    assert lake.verify(data=True).is_clean


def test_an_unchanged_frame_is_not_profiled_again_and_none_keeps_none(start_kernel, tmp_path):
    kernel = start_kernel()
    kernel.run(MAKE)
    kernel.run("%%track t\nn = len(df)\nout = df.tail(9)")
    kernel.run("%%track t\nn = len(df) + 1\nout = df.tail(8)")
    kernel.run("%%track t --data none\nn = len(df) + 2\nout = df.tail(7)")
    lake = Lake.open(tmp_path / "lake")
    one, two, three = (lake.show(f"t:v{number}") for number in (1, 2, 3))
    df = [next(each for each in shown.entry.version.artifacts if each.name == "df") for shown in (one, two)]
    assert df[0].profile == df[1].profile
    assert len(one.dossier.profiles) == 2
    assert three.dossier.profiles == {}
    assert lake.verify(data=True).is_clean
