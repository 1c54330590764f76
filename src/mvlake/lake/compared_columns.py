"""Compared columns: how the values of columns moved that both versions have, and whose content differs.

What both profiles tell exactly is not read again. Else the rows are counted, as long as there are not too many of them: of more
than `EXACT` rows as many as a profile draws, and of no more than `_CELLS` cells altogether; the rest is estimated from profiles.
Asked to be `exact`, it reads them all.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from mvlake.compare.column_drift import with_drift
from mvlake.compare.counted import Counted
from mvlake.compare.diff import Change, ColumnDiff, DataDiff, Diff
from mvlake.compare.estimated import counted_of_profiles
from mvlake.errors import Invalid, MvlakeError
from mvlake.handlers.lookup import handler_named
from mvlake.lake.load import guarded, open_table
from mvlake.lake.look import Look
from mvlake.records.artifact import Artifact
from mvlake.records.dossier import Dossier
from mvlake.records.profile import ColumnProfile

if TYPE_CHECKING:
    from mvlake.handlers.stored_table import StoredTable

_MOST = 1000
"""Columns of one comparison of which distributions are told."""

_CELLS = 1 << 24


def compare_columns(look: Look, diff: Diff) -> Diff:
    """Return the comparison with distributions and measures of drift of the columns that changed."""
    work = _Work(look)
    data = tuple(work.of_data(one) for one in diff.data)
    return replace(diff, data=data, problems=tuple(dict.fromkeys((*diff.problems, *work.problems))))


@dataclass(slots=True)
class _Work:
    """What is left to do within bounds, and what went wrong so far."""

    look: Look
    columns: int = _MOST
    cells: int = _CELLS
    problems: list[str] = field(default_factory=list)

    def of_data(self, data: DataDiff) -> DataDiff:
        """Return frames whose columns say how they moved; all else as it is."""
        if data.change is not Change.CHANGED or not data.columns:
            return data
        before, after = (_Frame.of(side, data) for side in (self.look.a, self.look.b))
        if before is None or after is None:
            return data
        return replace(data, columns=tuple(self._of_column(one, before, after) for one in data.columns))

    def _of_column(self, column: ColumnDiff, a: "_Frame", b: "_Frame") -> ColumnDiff:
        ours, theirs = a.profiles.get(column.name), b.profiles.get(column.name)
        if column.change is not Change.CHANGED or ours is None or theirs is None or self.columns <= 0:
            return column
        self.columns -= 1
        told = counted_of_profiles(ours, theirs)
        return with_drift(column, ours, theirs, self._counted(a, b, (ours, theirs), told) or told)

    def _counted(
        self, a: "_Frame", b: "_Frame", profiles: tuple[ColumnProfile, ColumnProfile], told: Counted | None
    ) -> Counted | None:
        """Return what the rows tell, None where that is no more, too much work, or not possible."""
        from mvlake.handlers.distributions.columns import count_columns, is_countable  # the first use of pyarrow here

        rows = [one.rows for one in profiles]
        if a.is_brief or b.is_brief or (sum(rows) > self.cells and not self.look.exact) or not is_countable(*profiles, told):
            return None
        self.cells -= sum(rows)
        values, drawn = list[Any](), list[bool]()
        for one, profile in zip((a, b), profiles, strict=True):
            try:
                read, drew = one.read(self.look, profile)
            except Invalid:  # only its profile was kept, or Arrow has no type for it
                return None
            except MvlakeError as error:
                self.problems.append(error.message)
                return None
            values.append(read)
            drawn.append(drew)
        return count_columns(values[0], values[1], profiles, is_sample=(drawn[0], drawn[1]))


@dataclass(slots=True)
class _Frame:
    """A frame of one side, opened when the first column of it is read. A name that several columns have is no column's here."""

    side: Dossier
    artifact: Artifact
    profiles: dict[str, ColumnProfile]
    is_brief: bool
    _table: "StoredTable | None" = None

    @classmethod
    def of(cls, side: Dossier, data: DataDiff) -> "_Frame | None":
        artifact = artifact_of(side, data)
        profile = None if artifact is None or artifact.profile is None else side.profiles.get(artifact.profile)
        if artifact is None or profile is None:
            return None
        # Frames that wide are profiled briefly: whether values of a column may be told was not looked at.
        return cls(side, artifact, dict(_once(profile.columns)), is_brief=len(profile.columns) + profile.more > _MOST)

    def read(self, look: Look, profile: ColumnProfile) -> tuple[Any, bool]:
        """Return a column's values, of many rows those of a sample, and whether they are one."""
        from mvlake.handlers.distributions.columns import EXACT, drawn_rows

        def read() -> tuple[Any, bool]:
            table = self._table = self._table or open_table(look.parts, self.artifact)
            schema = table.schema([profile.name])
            blocks = (block.column(0) for block in table.blocks(schema, [profile.name]))
            if table.rows > EXACT and not look.exact:
                return drawn_rows(blocks, table.rows), True
            return table.block(schema, [profile.name], range(table.rows)).column(0), False

        if not handler_named(self.artifact.handler).is_inert:
            raise Invalid("content that is not read here", hint="")
        return guarded(look.parts, self.side.version, self.artifact, read, trust=False)


def _once(columns: Sequence[ColumnProfile]) -> Iterator[tuple[str, ColumnProfile]]:
    found: dict[str, int] = {}
    for one in columns:
        found[one.name] = found.get(one.name, 0) + 1
    return ((one.name, one) for one in columns if found[one.name] == 1)


def artifact_of(side: Dossier, data: DataDiff) -> Artifact | None:
    """Return the artifact of a version that an entry of the comparison is about; None where the version has none, or several."""
    found = [one for one in side.version.artifacts if (one.role, one.name) == (data.role, data.name)]
    return found[0] if len(found) == 1 else None
