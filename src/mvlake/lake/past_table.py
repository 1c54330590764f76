"""Past table: every cell that ran before each version, as rows for SQL: `select source from past where ref = 'fraud:v3'`."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from mvlake.errors import MissingObject
from mvlake.handlers.table import table_of
from mvlake.index.values import moment_of
from mvlake.lake.parts import Parts
from mvlake.lake.past import read_past
from mvlake.records.past import PastCell

_KINDS = {
    "name": "string",
    "number": "int64",
    "ref": "string",
    "cell": "int64",
    "execution_count": "int64",
    "cell_id": "string",
    "started_at": "timestamp[us]",
    "duration": "double",
    "failed": "bool",
    "is_needed": "bool",
    "source": "large_string",
}
_COLUMNS = tuple(_KINDS)


@dataclass(frozen=True, slots=True)
class PastTable:
    """The cells that ran before the versions of a lake, as the index asks for a frame: each past is read when its turn comes."""

    parts: Parts
    rows: Sequence[Sequence[Any]]
    columns: tuple[str, ...] = _COLUMNS

    @classmethod
    def of(cls, parts: Parts) -> "PastTable":
        """Return the pasts of the versions that the log speaks of now."""
        return cls(parts, parts.index.query("select name, number, ref from versions order by seq").rows)

    @property
    def schema(self) -> Any:
        """The Arrow schema of the columns that are wanted."""
        return table_of(dict.fromkeys(self.columns, ()), _KINDS).schema

    def blocks(self) -> Iterator[Any]:
        """Yield the cells of one version after another; a forgotten one may have none any more."""
        for name, number, ref in self.rows:
            entry = self.parts.ledger.entry(name, number)
            try:
                past = read_past(self.parts, entry.version)
            except MissingObject:
                if entry.forgotten is None:
                    raise
                continue
            if past.cells:
                told = [(name, number, ref, *_row(place, cell, place in past.needed)) for place, cell in enumerate(past.cells, 1)]
                columns = dict(zip(_COLUMNS, zip(*told, strict=True), strict=True))
                yield table_of({key: columns[key] for key in self.columns}, _KINDS)

    def narrowed(self, columns: frozenset[str]) -> "PastTable":
        """Return the table with these columns."""
        wanted = tuple(one for one in _COLUMNS if one in columns) or _COLUMNS[:1]
        return PastTable(self.parts, self.rows, wanted)


def _row(place: int, cell: PastCell, is_needed: bool) -> tuple[object, ...]:  # noqa: FBT001 - one value of a row
    started = moment_of(cell.started_at) if cell.started_at else None
    known = (place, cell.execution_count, _whole(cell.cell_id), started, cell.duration, cell.failed, is_needed)
    return (*known, _whole(cell.source))


def _whole(text: str) -> str:
    """Return a text without halves of characters, which Arrow cannot hold."""
    return text.encode("utf-8", "replace").decode()
