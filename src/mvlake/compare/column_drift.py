"""Column drift: how the values of a column moved, as it stands in a comparison."""

from dataclasses import replace

from mvlake.compare.counted import Counted, Side, distribution_of, drift_of
from mvlake.compare.diff import ColumnDiff
from mvlake.records.profile import ColumnProfile


def with_drift(column: ColumnDiff, a: ColumnProfile, b: ColumnProfile, counted: Counted | None) -> ColumnDiff:
    """Return a column with its distributions and measures, of values that were `counted` and of what the profiles count exactly."""
    sides = tuple(Side(one.rows, one.nulls, one.nans) for one in (a, b))
    counts = tuple(max(one.rows - one.nulls - one.nans - one.infinities, 0) for one in (a, b))
    told = None if counted is None else distribution_of(counted, a_count=counts[0], b_count=counts[1])
    return replace(column, distribution=told, drift=drift_of(sides[0], sides[1], counted))
