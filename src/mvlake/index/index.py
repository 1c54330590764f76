"""Index: SQL over everything a lake knows. All that it keeps can be thrown away, and is derived again from the log."""

from collections.abc import Callable, Mapping
from threading import Lock
from typing import TYPE_CHECKING, Any, TypeVar

from mvlake.index.contract import Files, Frame, Records
from mvlake.index.tables import TABLE_NAMES
from mvlake.records.answers import Table
from mvlake.records.digest import Digest

if TYPE_CHECKING:
    from mvlake.index.cover import Cover
    from mvlake.index.engine import Engine


T = TypeVar("T")


class Index:
    """The tables of one log (`index.tables`), and SQL over them. Safe to share between threads.

    `files` keeps what is derived, `records` is the truth. Any number of processes may index one lake at once.
    """

    def __init__(self, files: Files, records: Records) -> None:
        self._files, self._records = files, records
        self._lock = Lock()
        self._cover: Cover | None = None
        self._engine: Engine | None = None
        self._shown: Digest | None = None  # as of which record
        self._tables: frozenset[str] = frozenset()  # those whose rows are shown

    def query(
        self, sql: str, find: Callable[[str], Frame] | None = None, *, values: Mapping[str, str | int | None] | None = None
    ) -> Table:
        """Return the answer to one SELECT (or FROM, WITH, DESCRIBE, SHOW, SUMMARIZE, EXPLAIN) over the log as it is now.

        `find` gives the frame of a name that is no table of ours, `values` what `$name` stands for. Raises InvalidQuery with
        DuckDB's words, Damaged when the log cannot be read, and what `find` raises.
        """
        return self._asked(sql, lambda engine: engine.query(sql, find, values=values))

    def arrow(self, sql: str, find: Callable[[str], Frame] | None = None) -> Any:
        """Return the same answer as an Arrow table."""
        return self._asked(sql, lambda engine: engine.arrow(sql, find))

    def _asked(self, sql: str, ask: Callable[["Engine"], T]) -> T:
        with self._lock:
            try:
                return ask(self._opened(_named(sql)))
            except KeyboardInterrupt:
                self._engine = None  # a second interrupt may have left it at work
                raise

    def refresh(self) -> None:
        """Bring the index up to the head of the log, writing segments where the tail is long."""
        with self._lock:
            self._covered().follow()

    def rebuild(self) -> int:
        """Remove everything derived and derive it again; return the number of records that were read."""
        with self._lock:
            return self._covered().rebuild()

    def _covered(self) -> "Cover":
        # Loads pyarrow, 0.1 s: only who asks pays.
        from mvlake.index.cover import Cover

        if self._cover is None:
            self._cover = Cover(self._files, self._records)
        return self._cover

    def _opened(self, tables: frozenset[str]) -> "Engine":
        from mvlake.index.engine import Engine

        cover = self._covered()
        digest = cover.follow()
        if self._engine is not None and self._engine.is_abandoned:
            self._engine, self._tables = None, frozenset()
        if self._engine is None or self._shown != digest or not tables <= self._tables:
            engine, tables = self._engine or Engine(), tables | self._tables
            engine.show(cover.tables(tables))
            self._engine, self._shown, self._tables = engine, digest, tables
        return self._engine


def _named(sql: str) -> frozenset[str]:
    """Return the tables that a query may mean: those whose name is in it; all where DuckDB's `query` may put a name together."""
    text = sql.casefold()
    return frozenset(name for name in TABLE_NAMES if name in text or "query" in text)
