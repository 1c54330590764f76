"""Series table: the steps and values of all series of a lake, as rows for SQL: `select step, value from series where …`."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from mvlake.handlers.lookup import handler_named
from mvlake.handlers.table import table_of
from mvlake.lake.parts import Parts
from mvlake.lake.series import series_values
from mvlake.records.artifact import Role
from mvlake.records.digest import Digest

_KINDS = {"name": "string", "number": "int64", "ref": "string", "metric": "string", "step": "double", "value": "double"}
_COLUMNS = tuple(_KINDS)
_ASK = f"select name, number, ref, artifact, object, protocol from artifacts where role = '{Role.SERIES}' and handler = 'plain'"  # noqa: S608 - two constants


@dataclass(frozen=True, slots=True)
class SeriesTable:
    """The series of a lake, as the index asks for a frame: each is read when its rows are asked for."""

    parts: Parts
    rows: Sequence[Sequence[Any]]
    columns: tuple[str, ...] = _COLUMNS

    @classmethod
    def of(cls, parts: Parts) -> "SeriesTable":
        """Return the series that the log speaks of now."""
        return cls(parts, parts.index.query(_ASK).rows)

    @property
    def schema(self) -> Any:
        """The Arrow schema of the columns that are wanted."""
        return table_of(dict.fromkeys(self.columns, ()), _KINDS).schema

    def blocks(self) -> Iterator[Any]:
        """Yield the rows of one series after another."""
        for name, number, ref, metric, digest, protocol in self.rows:
            read = handler_named("plain").decode(self.parts.objects.read(Digest(digest)), protocol=protocol)
            steps, values = series_values(read)
            same = {"name": name, "number": number, "ref": ref, "metric": metric}
            columns = {key: [one] * len(steps) for key, one in same.items()} | {"step": steps, "value": values}
            yield table_of({key: columns[key] for key in self.columns}, _KINDS)

    def narrowed(self, columns: frozenset[str]) -> "SeriesTable":
        """Return the table with these columns."""
        wanted = tuple(one for one in _COLUMNS if one in columns) or _COLUMNS[:1]
        return SeriesTable(self.parts, self.rows, wanted)
