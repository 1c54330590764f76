"""Row changes: how the rows of a frame differ from those of another one, down to the cells."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum


class Matching(StrEnum):
    """How rows of a and of b were found to be the same row."""

    KEY = "key"
    POSITION = "position"


class RowOp(StrEnum):
    """What happened to one row. One that is `moved` has the same cells, and another place among the rows of both."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"
    MOVED = "moved"


@dataclass(frozen=True, slots=True)
class CellChange:
    """A cell of a row: its text on both sides, None where the row is not there. A null is `null`."""

    column: str
    a: str | None
    b: str | None


@dataclass(frozen=True, slots=True)
class RowChange:
    """A row that is not what it was. Rows count from 0, None on the side that has it not.

    `key` are the texts of the key's columns, none where rows are matched by position. `cells` are those that changed, of an
    added or removed row all of them, the first `MOST_CELLS`.
    """

    op: RowOp
    a_row: int | None
    b_row: int | None
    key: tuple[str, ...]
    cells: tuple[CellChange, ...]
    is_moved: bool = False


@dataclass(frozen=True, slots=True)
class ChangedColumn:
    """How many cells of a column changed in the rows of both sides.

    `a_name` is what b's column was called in a, where that differs. `is_retyped`: its dtype changed, and values were compared.
    """

    name: str
    cells: int
    a_name: str = ""
    is_retyped: bool = False


@dataclass(frozen=True, slots=True)
class RowsDiff:
    """How rows differ: a has `removed + changed + unchanged` rows, b `added + changed + unchanged`.

    `changed` rows are in both, with another cell in a column that both have; `moved` counts those of both that stand in another
    order, whether changed or not. `key` are the columns by which rows are known, `is_key_given` when somebody named them.
    `columns` are those with changed cells and those that were retyped or renamed; `examples` the first rows of each kind.
    `chunks` is of how many different pieces the columns of both frames consist, `chunks_read` how many of them were looked at; both
    are 0 for an array, whose bytes are one piece. Of more than a thousand columns only those that differ are counted.
    """

    matched_by: Matching
    added: int
    removed: int
    changed: int
    moved: int
    unchanged: int
    columns: tuple[ChangedColumn, ...]
    examples: tuple[RowChange, ...]
    chunks: int
    chunks_read: int
    key: tuple[str, ...] = ()
    is_key_given: bool = False
    note: str = ""


@dataclass(frozen=True, slots=True)
class RowsAsked:
    """Which of the rows that are not what they were are asked for; `op` is "all" or a RowOp, `column` where a cell changed."""

    role: str | None = None
    key: Sequence[str] | str | None = None
    op: str = "all"
    column: str | None = None
    start: int = 0
    count: int = 100


@dataclass(frozen=True, slots=True)
class RowsPage:
    """Some of the rows that are not what they were: those from `start` on, of `total`."""

    total: int
    start: int
    rows: tuple[RowChange, ...]


MOST_CELLS = 40
"""So many cells of an example are shown."""
