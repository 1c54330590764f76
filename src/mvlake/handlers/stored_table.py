"""Stored table: a frame as it is kept, of which some columns and some rows are read alone, as an object or as Arrow."""

from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from typing import Any

from mvlake.errors import ArtifactNotFound
from mvlake.handlers.diffing.side import SideColumn
from mvlake.handlers.frame import FrameReader

BLOCK_ROWS = 1 << 17
"""Rows that are read together where a whole frame passes through: as many as DuckDB puts into one row group."""


class StoredTable(ABC):
    """One kept frame. Columns are named as its summary names them; what is not asked for is not read."""

    def __init__(self, frame: FrameReader) -> None:
        self._frame = frame
        self.rows = frame.total
        self.names: tuple[str, ...] = tuple(str(one["name"]) for one in frame.head["columns"])

    @abstractmethod
    def part(self, columns: Sequence[str] | None, rows: range | None) -> Any:
        """Return these columns (all) and rows (all) as an object of the library that the frame is of."""

    @abstractmethod
    def schema(self, columns: Sequence[str] | None = None) -> Any:
        """Return the Arrow schema of these columns; Invalid when Arrow has no type for what one holds."""

    @abstractmethod
    def block(self, schema: Any, columns: Sequence[str] | None, rows: range) -> Any:
        """Return these columns and rows as an Arrow table of this schema, which `schema` gave for the same columns."""

    @abstractmethod
    def compared(self) -> Sequence[SideColumn]:
        """Return all that it has for each row, to be compared with another frame's."""

    def table(self, columns: Sequence[str] | None, rows: range | None) -> Any:
        """Return these columns and rows as an Arrow table."""
        return self.block(self.schema(columns), columns, range(self.rows) if rows is None else rows)

    def blocks(self, schema: Any, columns: Sequence[str] | None = None) -> Iterator[Any]:
        """Yield all rows of these columns as Arrow tables, one after another; never more than one is held here."""
        rows = self.rows if len(schema) else 0  # a frame without columns may say any number of rows
        for start in range(0, rows, BLOCK_ROWS):
            yield self.block(schema, columns, range(start, min(start + BLOCK_ROWS, rows)))

    def _places(self, columns: Sequence[str] | None) -> list[int]:
        """Return the places of these columns; ArtifactNotFound, with those there are, for one that is none."""
        if columns is None:
            return list(range(len(self.names)))
        known = {name: place for place, name in enumerate(self.names)}
        for name in columns:
            if name not in known:
                raise ArtifactNotFound("the frame", name, existing=self.names)
        return [known[name] for name in columns]

    def _window(self, rows: range | None) -> FrameReader:
        return self._frame if rows is None else self._frame.windowed(rows)
