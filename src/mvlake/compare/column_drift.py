"""Column drift: what the profiles of both sides tell of how the values of a column moved."""

from dataclasses import replace

from mvlake.compare.common import Counted, Side, distribution_of, drift_of
from mvlake.compare.diff import ColumnDiff
from mvlake.compare.estimated import counted_of_profiles
from mvlake.records.profile import ColumnProfile


def with_drift(column: ColumnDiff, a: ColumnProfile, b: ColumnProfile, counted: Counted | None = None) -> ColumnDiff:
    """Return a column with its distributions and measures: as `counted` of the rows, else as both profiles tell."""
    found = counted or counted_of_profiles(a, b)
    sides = tuple(Side(one.rows, one.nulls, one.nans) for one in (a, b))
    counts = tuple(max(one.rows - one.nulls - one.nans - one.infinities, 0) for one in (a, b))
    told = None if found is None else distribution_of(found, a_count=counts[0], b_count=counts[1])
    return replace(column, distribution=told, drift=drift_of(sides[0], sides[1], found))
