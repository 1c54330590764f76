"""Compared columns: how the values of columns moved that both versions have, and whose content differs."""

from collections.abc import Iterator
from dataclasses import replace

from mvlake.compare.column_drift import with_drift
from mvlake.compare.diff import Change, ColumnDiff, DataDiff, Diff
from mvlake.lake.look import Look
from mvlake.records.artifact import Artifact
from mvlake.records.dossier import Dossier
from mvlake.records.profile import ColumnProfile, Profile

_MOST = 1000
"""Columns of one comparison of which distributions are told."""


def compare_columns(look: Look, diff: Diff) -> Diff:
    """Return the comparison with distributions and measures of drift of the columns that changed."""
    left = iter(range(_MOST))
    return replace(diff, data=tuple(_of_data(look, one, left) for one in diff.data))


def _of_data(look: Look, data: DataDiff, left: Iterator[int]) -> DataDiff:
    if data.change is not Change.CHANGED or not data.columns:
        return data
    profiles = [_profile(side, data) for side in (look.a, look.b)]
    if any(one is None for one in profiles):
        return data
    before, after = ({each.name: each for each in one.columns} for one in profiles if one is not None)
    return replace(data, columns=tuple(_of_column(one, before, after, left) for one in data.columns))


def _of_column(column: ColumnDiff, a: dict[str, ColumnProfile], b: dict[str, ColumnProfile], left: Iterator[int]) -> ColumnDiff:
    if column.change is not Change.CHANGED or column.name not in a or column.name not in b or next(left, None) is None:
        return column
    return with_drift(column, a[column.name], b[column.name])


def artifact_of(side: Dossier, data: DataDiff) -> Artifact | None:
    """Return the artifact of a version that an entry of the comparison is about; None where the version has none."""
    found = [one for one in side.version.artifacts if (one.role, one.name) == (data.role, data.name)]
    return found[0] if len(found) == 1 else None


def _profile(side: Dossier, data: DataDiff) -> Profile | None:
    artifact = artifact_of(side, data)
    return None if artifact is None or artifact.profile is None else side.profiles.get(artifact.profile)
