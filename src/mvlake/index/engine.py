"""Engine: DuckDB in memory over Arrow tables, locked so that SQL reads these tables and nothing else in the world.

No file, network, extension, setting, secret or Python variable can be reached from a query, and nothing can be changed.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future
from contextlib import suppress
from datetime import UTC, datetime
from threading import Thread
from typing import Any, TypeAlias, TypeVar

import duckdb

from mvlake.errors import InvalidQuery
from mvlake.index import fork
from mvlake.index.contract import Frame
from mvlake.index.relations import Shown, frames_named, hide_frames, show_frames
from mvlake.index.tables import TABLE_NAMES
from mvlake.records.answers import Table

_LOCKS = (
    "SET TimeZone = 'UTC'",
    "SET temp_directory = ''",  # else a big sort would leave .tmp in the user's working directory
    "SET allow_persistent_secrets = false",
    "SET python_enable_replacements = false",
    "SET autoinstall_known_extensions = false",
    "SET autoload_known_extensions = false",
    "SET enable_external_access = false",
    "SET lock_configuration = true",  # last: nothing above can be set again
)
_READING = frozenset({"SELECT", "EXPLAIN"})  # DuckDB parses FROM, VALUES, WITH, DESCRIBE, SHOW and SUMMARIZE as SELECT
_ZONED = "TIMESTAMP WITH TIME ZONE"
_SHOWN_LINES = 4
_BLINK = 0.1  # seconds
_MOST_ROWS = 100_000  # of frames, as Python's objects; the log has no more than somebody made versions
T = TypeVar("T")
Find: TypeAlias = Callable[[str], Frame]
Values: TypeAlias = Mapping[str, str | int | None]


class Engine:
    """One locked connection. Not for several threads at once. In a forked child it `is_abandoned`, and answers nothing."""

    def __init__(self) -> None:
        self.is_abandoned = False
        self._connection = duckdb.connect(":memory:")
        fork.watch(self)
        for statement in _LOCKS:
            self._connection.execute(statement).fetchall()

    def show(self, tables: Mapping[str, Any]) -> None:
        """Let queries see these Arrow tables, in place of any of the same name."""
        for name, table in tables.items():
            self._connection.register(name, table)

    def query(self, sql: str, find: Find | None = None, *, values: Values | None = None) -> Table:
        """Return the answer to one statement that only reads. `find` gives the frames that it names, `values` what `$name` means.

        Naive timestamps of our own tables are UTC and come back as such; with frames among the tables they stay naive.

        Raises InvalidQuery for what DuckDB refuses or cannot do, and for an answer of very many rows out of frames;
        KeyboardInterrupt when the user interrupts; what `find` and the frames raise.
        """
        return self._ask(sql, find, _answer, values)

    def arrow(self, sql: str, find: Find | None = None) -> Any:
        """Return the same answer as an Arrow table, however many rows it has."""
        return self._ask(sql, find, lambda relation, _: relation.to_arrow_table())

    def _ask(self, sql: str, find: Find | None, take: Callable[[Any, int], T], values: Values | None = None) -> T:
        shown: dict[str, Shown] = {}
        try:
            return self._interruptibly(lambda: self._asked(sql, find, shown, take, values))
        except duckdb.Error as error:
            for one in shown.values():
                if one.error is not None:
                    raise one.error from None
            raise InvalidQuery(_first_lines(error), tables=TABLE_NAMES) from error

    def _interruptibly(self, ask: Callable[[], T]) -> T:
        """Return what `ask` returns. DuckDB itself overlooks one Ctrl-C in a few, and then cannot be stopped any more."""
        answer: Future[T] = Future()

        def work() -> None:
            try:
                answer.set_result(ask())
            except BaseException as error:  # noqa: BLE001 - it is raised where it is waited for
                answer.set_exception(error)

        Thread(target=work, name="mvlake-sql", daemon=True).start()
        try:
            while not answer.done():
                with suppress(TimeoutError):  # a wait without an end cannot be interrupted on every system
                    answer.exception(_BLINK)
        except BaseException:
            while not answer.done():
                self._connection.interrupt()  # again: one that comes before the query begins is lost
                with suppress(TimeoutError):
                    answer.exception(_BLINK)
            raise
        return answer.result()

    def _asked(
        self, sql: str, find: Find | None, shown: dict[str, Shown], take: Callable[[Any, int], T], values: Values | None
    ) -> T:
        self._check(sql)
        names = frames_named(self._connection, sql) if find is not None else []
        if find is not None and names:
            shown.update(show_frames(self._connection, sql, {name: find(name) for name in names}))
        try:
            return self._taken(sql, take, values, most=_MOST_ROWS if shown else 0)
        finally:
            hide_frames(self._connection, names)

    def _taken(self, sql: str, take: Callable[[Any, int], T], values: Values | None, *, most: int) -> T:
        # EXPLAIN ANALYZE runs what it explains: whatever that is, it cannot stay.
        self._connection.execute("BEGIN TRANSACTION READ ONLY").fetchall()
        try:
            return take(self._connection.sql(sql, params=values), most)
        finally:
            self._connection.execute("ROLLBACK").fetchall()

    def abandon(self) -> Any:
        """Forget the connection, and return it."""
        self.is_abandoned = True
        connection, self._connection = self._connection, None
        return connection

    def close(self) -> None:
        """Let go of the connection."""
        self._connection.close()

    def _check(self, sql: str) -> None:
        """Raise InvalidQuery unless the text is one statement of a kind that only reads."""
        try:
            sql.encode("utf-8")
        except UnicodeEncodeError as error:
            raise InvalidQuery("it holds half a character", tables=TABLE_NAMES) from error
        statements = self._connection.extract_statements(sql)
        if len(statements) != 1:
            raise InvalidQuery(f"it has {len(statements)} statements", tables=TABLE_NAMES)
        kind = statements[0].type.name
        if kind not in _READING:
            raise InvalidQuery(f"{kind} does not only read", tables=TABLE_NAMES)


def _answer(relation: Any, most: int) -> Table:
    columns = tuple(_distinct(relation.columns))
    if most:
        relation = relation.limit(most + 1)
    if any(_ZONED in str(kind) for kind in relation.types):
        # DuckDB itself would need pytz to make Python's datetimes of these.
        arrow = relation.to_arrow_table()
        rows: Sequence[Sequence[object]] = list(zip(*(column.to_pylist() for column in arrow.columns), strict=True))
    else:
        rows = relation.fetchall()
    if most and len(rows) > most:
        raise InvalidQuery(f"the answer has more than {most:,} rows: add LIMIT, or take it as a frame (--into NAME, as_=)")
    # In our own tables a moment without a zone is UTC; in a user's frame it says no more than it does.
    speak = _spoken if not most else _as_it_is
    return Table(columns, tuple(tuple(speak(value) for value in row) for row in rows))


def _distinct(names: Sequence[str]) -> Iterator[str]:
    """Yield the names, the later of equal ones with a number: `a, a_1`."""
    seen: set[str] = set()
    for name in names:
        fresh, count = name, 0
        while fresh in seen:
            count += 1
            fresh = f"{name}_{count}"
        seen.add(fresh)
        yield fresh


def _as_it_is(value: Any) -> Any:
    return value


def _spoken(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)
    if isinstance(value, list | tuple):
        return type(value)(_spoken(item) for item in value)
    if isinstance(value, dict):
        return {key: _spoken(item) for key, item in value.items()}
    return value


def _first_lines(error: Exception) -> str:
    lines = [line.rstrip()[:200] for line in str(error).splitlines() if line.strip()]
    return "\n".join(lines[:_SHOWN_LINES])
