"""Index: SQL over everything a lake knows. All that it keeps can be thrown away, and is derived again from the log."""

from threading import Lock
from typing import TYPE_CHECKING

from mvlake.index.contract import Files, Records
from mvlake.records.answers import Table
from mvlake.records.digest import Digest

if TYPE_CHECKING:
    from mvlake.index.cover import Cover
    from mvlake.index.engine import Engine


class Index:
    """The tables of one log (`index.tables`), and SQL over them. Safe to share between threads.

    `files` keeps what is derived, `records` is the truth. Any number of processes may index one lake at once.
    """

    def __init__(self, files: Files, records: Records) -> None:
        self._files, self._records = files, records
        self._lock = Lock()
        self._cover: Cover | None = None
        self._engine: Engine | None = None
        self._shown: Digest | None = None

    def query(self, sql: str) -> Table:
        """Return the answer to one SELECT (or FROM, WITH, DESCRIBE, SHOW, SUMMARIZE, EXPLAIN) over the log as it is now.

        Raises InvalidQuery with DuckDB's words, Damaged when the log cannot be read.
        """
        with self._lock:
            try:
                return self._opened().query(sql)
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

    def _opened(self) -> "Engine":
        from mvlake.index.engine import Engine

        cover = self._covered()
        digest = cover.follow()
        if self._engine is None or self._shown != digest:
            engine = self._engine or Engine()
            engine.show(cover.tables())
            self._engine, self._shown = engine, digest
        return self._engine
