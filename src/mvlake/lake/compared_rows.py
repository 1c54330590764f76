"""Compared rows: frames of one role and name in both versions, row by row."""

from dataclasses import replace

from mvlake.compare.diff import Change, DataDiff, Diff
from mvlake.compare.row_changes import Matching, RowsDiff
from mvlake.lake.look import Look


def compare_rows(look: Look, diff: Diff) -> Diff:  # noqa: ARG001
    """Return the comparison with the rows of every frame that both versions have."""
    return replace(diff, data=tuple(_with_rows(one) for one in diff.data))


def _with_rows(one: DataDiff) -> DataDiff:
    if one.a_rows is None or one.a_rows != one.b_rows or any(column.change is not Change.UNCHANGED for column in one.columns):
        return one
    # Equal columns are equal rows, and nothing has to be read.
    return replace(one, rows=RowsDiff(Matching.POSITION, 0, 0, 0, 0, one.a_rows, (), (), 0, 0))
