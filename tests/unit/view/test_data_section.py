"""The data section of a comparison: the most shifted columns first, rows and cells counted, unchanged parts folded."""

import re

import pytest

from mvlake.compare.diff import Change, ColumnDiff, DataDiff, StatisticDiff
from mvlake.compare.distribution import Basis, Distribution, Drift, QuantilePair, Shift
from mvlake.compare.drift import JS, NEW, NULLS, PSI
from mvlake.compare.row_changes import CellChange, ChangedColumn, Matching, RowChange, RowOp, RowsDiff
from mvlake.view.html import blocks_html
from mvlake.view.outline.data_changes import data_section
from mvlake.view.text import blocks_text

HOSTILE = "<img src=x onerror=alert(1)>\x1b[31m"


def column(name, shift, value=0.3, *, note="", basis=Basis.EXACT):
    told = Distribution(("1 to 2", "2 to 3"), (0.25, 0.75), (0.5, 0.5), 40, 80, basis, 0.05, (1.0, 2.0, 3.0), (
        QuantilePair(0.5, "2.1", "1.9"),
    ))  # fmt: skip
    if note:
        told = Distribution((), (), (), 40, 80, Basis.EXACT, note=note)
    drift = (Drift(PSI, value, shift, basis, 0.1), Drift(NULLS, 0.0, Shift.NONE, Basis.EXACT, 0.0, 0.0, 0.0))
    return ColumnDiff(name, Change.CHANGED, "int64", "int64", distribution=told, drift=drift)


def frame(*columns, rows=None, name="df"):
    return DataDiff("output", name, Change.CHANGED, "frame", None, None, "3 rows", "4 rows", 3, 4, columns, rows=rows)


def said(*data):
    section = data_section(data, ("v1", "v2"))
    return blocks_text([section], width=200), blocks_html([section])


def test_the_most_shifted_columns_come_first_and_the_calm_ones_are_folded():
    text, html = said(frame(column("calm", Shift.NONE), column("moved", Shift.SLIGHT), column("far", Shift.STRONG)))
    assert text.index("far") < text.index("moved")
    assert "1 column with a strong shift" in text
    assert "1 changed column without a shift" in text
    assert re.search(r"far +strong +PSI 0.3", text)
    assert "missing" not in text  # nothing is said of a rate that is nothing
    assert html.index("far") < html.index("moved") < html.index("calm")
    assert "<details>" in html


def test_what_is_estimated_says_so_and_how_good_that_is():
    text, _ = said(frame(column("far", Shift.STRONG, basis=Basis.ESTIMATED)))
    assert "PSI ≈0.3" in text
    assert "profiles, estimated, shares within 5.0%" in text
    bound = Drift(NEW, 0.3, Shift.STRONG, Basis.ESTIMATED, 0.1, 0.0, 0.5)
    text, _ = said(frame(ColumnDiff("c", Change.CHANGED, "", "", drift=(bound,))))
    assert "new categories ≈30% (0.0% to 50%)" in text


def test_a_column_of_which_no_values_are_told_says_why():
    text, _ = said(frame(column("salary", Shift.NONE, note="not told: its name says that it holds incomes")))
    assert "not told: its name says that it holds incomes" in text


def test_rows_are_counted_by_kind_with_examples():
    rows = RowsDiff(
        Matching.KEY, 2, 1, 3, 4, 90,
        (ChangedColumn("age", 3),),
        (
            RowChange(RowOp.CHANGED, 7, 8, ("id-7",), (CellChange("age", "1", "2"), CellChange("name", "", "x"))),
            RowChange(RowOp.REMOVED, 9, None, ("id-9",), (CellChange("age", "5", None),)),
            RowChange(RowOp.ADDED, None, 3, ("id-3",), tuple(CellChange(f"c{one}", None, "v") for one in range(9))),
        ),
        10, 2, ("id",),
    )  # fmt: skip
    text, html = said(frame(column("age", Shift.STRONG), rows=rows))
    for one in ("2 rows added", "1 row removed", "3 rows changed", "4 rows moved", "90 unchanged", "rows known by id"):
        assert one in text
    assert "age 1 → 2" in text
    assert "name '' → x" in text
    assert "… and 5 more" in text
    assert "… and 7 more" in text
    assert "cells changed" in html


def test_rows_that_are_the_same_and_rows_by_position_are_said_so():
    rows = RowsDiff(Matching.POSITION, 0, 0, 0, 0, 3, (), (), 0, 0)
    text, _ = said(frame(column("age", Shift.NONE), rows=rows))
    assert "the rows are the same" in text
    assert "rows known by their position" in text


def test_one_content_under_several_names_is_told_once():
    one = frame(column("far", Shift.STRONG))
    text, _ = said(one, frame(column("far", Shift.STRONG), name="also"))
    assert text.count("PSI 0.3") == 1
    assert "also" in text


def test_a_wide_frame_is_bounded():
    many = [column(f"c{place}", Shift.STRONG) for place in range(3000)]
    text, html = said(frame(*many))
    assert "… and 2,980 more" in text
    assert len(html) < 200_000


def test_statistics_stand_beside_the_measures():
    moved = ColumnDiff(
        "age", Change.CHANGED, "int64", "float64", statistics=(StatisticDiff("mean", "3", "4"),),
        drift=(Drift(JS, 0.2, Shift.SLIGHT, Basis.SAMPLE, 0.1),),
    )  # fmt: skip
    text, _ = said(frame(moved))
    assert "mean 3 → 4" in text
    assert "int64 → float64" in text
    assert text.count("mean") == 1


@pytest.mark.parametrize("place", ["name", "label", "note", "example"])
def test_hostile_words_are_words(place):
    rows = RowsDiff(
        Matching.KEY, 0, 0, 1, 0, 0, (), (RowChange(RowOp.CHANGED, 0, 0, (HOSTILE,), (CellChange(HOSTILE, HOSTILE, None),)),), 0, 0,
        (HOSTILE,), note=HOSTILE,
    )  # fmt: skip
    told = Distribution(
        (HOSTILE,), (1.0,), (1.0,), 1, 1, Basis.EXACT, quantiles=(QuantilePair(0.5, HOSTILE, HOSTILE),), note=HOSTILE
    )
    drift = (Drift(HOSTILE, 1.0, Shift.STRONG, Basis.EXACT),)
    one = ColumnDiff(HOSTILE if place == "name" else "x", Change.CHANGED, HOSTILE, "", distribution=told, drift=drift)
    text, html = said(frame(one, rows=rows if place == "example" else None))
    assert "<img" not in html
    assert "\x1b" not in text
    assert "\x1b" not in html
