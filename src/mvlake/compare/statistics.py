"""Statistics: what moved in the profile of one column between two versions of it."""

from mvlake.compare.diff import StatisticDiff
from mvlake.records.profile import ColumnProfile, Profile

_PLAIN = ("low", "high", "mean", "std")
_ERRORS = 3.0  # estimates that are closer, in their standard errors, do not say that anything changed


def column_of(profile: Profile | None, place: int | None, name: str) -> ColumnProfile | None:
    """Return the profile of the column at a place, if that is the column of this name."""
    if profile is None or place is None or place >= len(profile.columns) or profile.columns[place].name != name:
        return None
    return profile.columns[place]


def compare_statistics(a: ColumnProfile | None, b: ColumnProfile | None) -> tuple[StatisticDiff, ...]:
    """Return the statistics that differ, each as text on both sides, empty where one side does not tell it."""
    if a is None or b is None:
        return ()
    rows = [("null_share", _share(a.nulls, a.rows), _share(b.nulls, b.rows))]
    if not _is_within_error(a, b):
        rows.append(("distinct", _count(a), _count(b)))
    rows += [(name, getattr(a, name), getattr(b, name)) for name in _PLAIN]
    rows.append(("median", _median(a), _median(b)))
    rows.append(("most_frequent", _top(a), _top(b)))
    return tuple(StatisticDiff(name, before, after) for name, before, after in rows if before != after)


def _share(count: int, rows: int) -> str:
    return f"{count / rows:.6g}" if rows else ""


def _count(one: ColumnProfile) -> str:
    return "" if one.distinct is None else str(one.distinct)


def _median(one: ColumnProfile) -> str:
    return next((each.value for each in one.quantiles if each.at == 0.5), "")


def _top(one: ColumnProfile) -> str:
    if not one.categories or one.rows <= one.nulls:
        return ""
    first = one.categories[0]
    return f"{first.value} {first.rows / (one.rows - one.nulls):.3g}"


def _is_within_error(a: ColumnProfile, b: ColumnProfile) -> bool:
    if a.distinct is None or b.distinct is None:
        return False
    error = (a.distinct_error + b.distinct_error) * max(a.distinct, b.distinct)
    return abs(a.distinct - b.distinct) <= _ERRORS * error
