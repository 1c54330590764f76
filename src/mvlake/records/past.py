"""Past: the cells that ran in a kernel before the one that made a version, all of them, in the order in which they ran."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PastCell:
    """One cell that ran. `duration` is in seconds; of cells that ran before mvlake was loaded, it and `started_at` are unknown."""

    source: str
    execution_count: int | None = None
    cell_id: str = ""
    failed: bool = False
    started_at: str = ""
    duration: float | None = None


@dataclass(frozen=True, slots=True, eq=False)
class PastBlock:
    """Cells that ran one after another. It is itself and no copy: who has written a block once need not look into it again."""

    cells: tuple[PastCell, ...]
