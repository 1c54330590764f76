"""SQL: one SELECT over what the log says, and over the frames of versions: `FROM "fraud:v3/df"`."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from mvlake.errors import Invalid, InvalidQuery, InvalidRef
from mvlake.handlers.lookup import handler_named
from mvlake.index.contract import Frame
from mvlake.index.tables import COLUMNS, PAST, SERIES, TABLE_NAMES
from mvlake.lake.column_table import ColumnTable
from mvlake.lake.history import find
from mvlake.lake.load import choose, guarded, library_of, open_table
from mvlake.lake.parts import Parts
from mvlake.lake.past_table import PastTable
from mvlake.lake.series_table import SeriesTable
from mvlake.records.answers import Table
from mvlake.records.artifact import Artifact
from mvlake.records.version import Version

if TYPE_CHECKING:
    from mvlake.handlers.stored_table import StoredTable


_READ: dict[str, Callable[[Parts], Frame]] = {SERIES: SeriesTable.of, PAST: PastTable.of, COLUMNS: ColumnTable.of}


def sql(parts: Parts, query: str, *, as_: str | None) -> Table | Any:
    """Return the rows of a query; with `as_`, all of them as a frame of that library.

    Raises InvalidQuery with DuckDB's words; for a frame that is named, what `load` raises.
    """
    library = library_of(as_)
    parts.log.refresh()
    text = query.casefold()
    # Before the query runs: what they are made of is asked of the index too.
    read: dict[str, Frame] = {name: of(parts) for name, of in _READ.items() if name in text}

    def find(name: str) -> Frame:
        return read[name.casefold()] if name.casefold() in read else frame_named(parts, name)

    with parts.objects.kept_open():
        if library is None:
            return parts.index.query(query, find)
        return handler_named(library).from_table(parts.index.arrow(query, find))


def frame_named(parts: Parts, name: str) -> "KeptFrame":
    """Return the frame that a name in a query means: a ref, a slash, and the name of the artifact."""
    ref, slash, artifact = name.partition("/")
    try:
        version = find(parts, ref).version
    except InvalidRef as error:
        wanted = f'"{name[:80]}" is no table, nor a frame of a version, such as "fraud:v3/df"'
        raise InvalidQuery(wanted, tables=TABLE_NAMES) from error
    if not slash:
        raise Invalid(
            f'"{name[:80]}" names a version, not a frame of it', hint=f'FROM "{version.ref}/NAME"; `show {version.ref}` lists names'
        )
    return KeptFrame.of(parts, version, choose(version, artifact))


@dataclass(frozen=True, slots=True)
class KeptFrame:
    """A frame of a version, with all of its columns or some, as the index asks for one."""

    parts: Parts
    version: Version
    artifact: Artifact
    table: "StoredTable"
    columns: tuple[str, ...]
    schema: Any

    @classmethod
    def of(cls, parts: Parts, version: Version, artifact: Artifact, columns: Sequence[str] | None = None) -> "KeptFrame":
        """Return the frame of an artifact; Invalid when it keeps none."""

        def opened() -> "KeptFrame":
            table = open_table(parts, artifact)
            names = table.names if columns is None else tuple(columns)
            return cls(parts, version, artifact, table, names, table.schema(names))

        return guarded(parts, version, artifact, opened, trust=False)

    def blocks(self) -> Iterator[Any]:
        """Yield all rows as Arrow tables."""
        blocks = self.table.blocks(self.schema, self.columns)
        while (block := guarded(self.parts, self.version, self.artifact, lambda: next(blocks, None), trust=False)) is not None:
            yield block

    def narrowed(self, columns: frozenset[str]) -> "KeptFrame":
        """Return the frame with these columns; an index comes with any."""
        names = zip(self.columns, self.schema.names[: len(self.columns)], strict=True)
        wanted = [name for name, shown in names if shown in columns] or list(self.columns[:1])
        return self if len(wanted) == len(self.columns) else KeptFrame.of(self.parts, self.version, self.artifact, wanted)
