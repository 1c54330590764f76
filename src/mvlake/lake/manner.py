"""Manner: how an object, or the content of a file, is preserved."""

from dataclasses import dataclass

from mvlake.lake.backlog import Job
from mvlake.records.column_rule import ColumnRule


@dataclass(frozen=True, slots=True)
class Manner:
    """How something is preserved.

    With `job`, an object is a stand-in that a handler holds, written while the user goes on; Cancelled when that job is to end.
    `without` says why the content of data is left out. What `may_change` meanwhile is looked at twice. `version` is the name of the
    draft's version, whose column rules count; without it all do. `columns` are more rules, which the cell asked for.
    """

    job: Job | None = None
    without: str = ""
    may_change: bool = False
    version: str = ""
    columns: tuple[ColumnRule, ...] = ()


AT_ONCE = Manner()
