"""Script: tracking without a notebook. `with mvlake.track("name") as run:` commits what the run did, and what it was told."""

import contextlib
import functools
import inspect
import os
import warnings
from collections.abc import Awaitable, Callable, Iterator
from contextvars import Token
from pathlib import Path
from types import FrameType, TracebackType
from typing import Any, ParamSpec, Self, TypeVar, cast

from mvlake.capture.aside import Aside
from mvlake.capture.catch import Catch
from mvlake.capture.logged import Log, close_run, open_run
from mvlake.capture.others import run_beside
from mvlake.capture.runs.gathering import failure_of, gather_run
from mvlake.capture.runs.lookout import lookout
from mvlake.capture.runs.place import Place
from mvlake.capture.runs.told import NUMBERS, Told, as_number
from mvlake.capture.runs.under_way import RunEnded, UnderWay
from mvlake.capture.runs.variables import caller
from mvlake.capture.secret_variables import secret_variables
from mvlake.errors import Invalid, MvlakeError
from mvlake.lake import variables
from mvlake.lake.directive import Directive
from mvlake.lake.keeping import Keeping, keeping
from mvlake.lake.lake import Lake
from mvlake.lake.manner import Manner
from mvlake.lake.preserve import type_name
from mvlake.records.answers import Committed
from mvlake.records.artifact import Omission, Role
from mvlake.records.column_rule import read_column_rules
from mvlake.records.kinds import Kinds
from mvlake.records.names import check_name
from mvlake.records.policy import Keep

P = ParamSpec("P")
T = TypeVar("T")
_PLAIN = Kinds(int, float, bool)
_MAX_SETTING = 10_000


class Run:
    """One tracked execution, as a context manager or, around a function, as a decorator.

    What it is told is kept as it is at that moment. A run that raises is recorded as an attempt, and the error goes on; to call
    `sys.exit()` without a code of failure is a good end. `committed` is the version that came of it, None where none did.
    """

    def __init__(self, directive: Directive, *, lake: Lake | str | Path | None, place: Place) -> None:
        self._directive, self._given, self._place = directive, lake, place
        self._is_open = False
        self._reset()

    def _reset(self) -> None:
        self.committed: Committed | None = None
        self._opened: Lake | None = None
        self._under_way: UnderWay | None = None
        self._problem: Exception | None = None
        self._pid = os.getpid()
        self._told = Told()
        self._catch = Catch(asked=self._directive.data, manner=self._manner())

    def input(self, /, **objects: Any) -> None:
        """Keep what the run reads: frames, arrays, models, values."""
        self._keep(Role.INPUT, objects)

    def output(self, /, **objects: Any) -> None:
        """Keep what the run makes."""
        self._keep(Role.OUTPUT, objects)

    def model(self, /, **objects: Any) -> None:
        """Keep the model that the run fits."""
        self._keep(Role.MODEL, objects)

    def param(self, /, **values: Any) -> None:
        """State settings; Invalid when a value is not plain data (numbers, text, dates, lists and dictionaries of these)."""
        for name, value in values.items():
            self._told.param(name, value)

    def metric(self, /, **values: Any) -> None:
        """State results; Invalid when a value is no number."""
        for name, value in values.items():
            self._told.metric(name, value)

    def note(self, text: str) -> None:
        """Write a remark; it becomes part of the version's message."""
        self._told.notes.append(str(text))

    def __call__(self, function: Callable[P, T]) -> Callable[P, T]:
        """Track every call of a function: plain arguments as parameters, other ones as inputs, the result as metric or output.

        Each call is a run of its own: calls may nest, and go on side by side. A coroutine function is tracked until it returns.
        """
        place = self._place.of_function(function)

        @functools.wraps(function)
        def tracked(*args: P.args, **kwargs: P.kwargs) -> T:
            with self._call_of(function, place, args, kwargs) as take_result:
                result = function(*args, **kwargs)
                take_result(result)
            return result

        @functools.wraps(function)
        async def tracked_coroutine(*args: P.args, **kwargs: P.kwargs) -> Any:
            with self._call_of(function, place, args, kwargs) as take_result:
                result = await cast("Awaitable[Any]", function(*args, **kwargs))
                take_result(result)
            return result

        return cast("Callable[P, T]", tracked_coroutine) if inspect.iscoroutinefunction(function) else tracked

    @contextlib.contextmanager
    def _call_of(
        self, function: Callable[..., Any], place: Place, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> Iterator[Callable[[Any], None]]:
        with Run(self._directive, lake=self._given, place=place) as run:
            run._take_arguments(function, args, kwargs)
            yield run._take_result

    def __enter__(self) -> Self:
        if self._is_open:
            raise Invalid(
                f"the run of {self._directive.name} is under way already",
                hint="call mvlake.track once more for a run inside of it",
            )
        self._reset()
        if os.environ.get(variables.DISABLE):
            return self
        self._is_open = True
        log, token = open_run()
        try:
            with Aside():
                self._begin(None if self._place.function else caller(1), log, token)
        except Exception as problem:  # noqa: BLE001 - whatever is wrong with capture, the program goes on
            close_run(log, token)
            self._problem = problem
        except BaseException:  # an interrupt: the block is not entered, and nobody would end the run
            close_run(log, token)
            self._is_open = False
            raise
        return self

    def _begin(self, frame: FrameType | None, log: Log, token: Token[Log | None]) -> None:
        watching = lookout()
        self._catch = Catch(
            asked=self._directive.data,
            manner=self._manner(),
            patience=watching.patience,
            is_alone=not run_beside(),
        )
        self._under_way = UnderWay(self._directive, self._place if frame is None else self._place.at(frame), log, token)
        self._under_way.start(frame)

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        under_way, self._under_way = self._under_way, None
        self._is_open = False
        try:
            if self._problem is not None:
                raise self._problem
            if under_way is None:
                return
            with Aside():
                ended = under_way.stop(None if self._place.function else caller(1))
                if os.getpid() == self._pid:  # a forked child that leaves the block, too, is not the run
                    self._commit(ended, error)
        except Exception as problem:  # noqa: BLE001 - a full disk, say
            # The run's own work is done, and what comes after it (saving a model, say) must still happen.
            warnings.warn(f"mvlake made no version of this run: {problem}", stacklevel=2)

    def _commit(self, ended: RunEnded, error: BaseException | None) -> None:
        lake = self._lake()
        lake.protect(secret_variables(ended.namespace))
        if error is not None and not _is_good_end(error):
            lake.record_attempt(failure_of(ended, error))
            return
        name = self._directive.name
        meanings = lake.meanings(name)
        self._catch.keeping = self._keeping(lake)
        gathered = gather_run(ended, self._catch, meanings, self._told)
        self.committed = lake.commit(gathered.finish(lake, lake.latest(name)))

    def _lake(self) -> Lake:
        if self._opened is None:
            capture_to = os.environ.get(variables.CAPTURE_TO) or None
            given = self._given
            self._opened = given if isinstance(given, Lake) and capture_to is None else Lake.open(capture_to or _path(given))
            self._opened.protect((), [self._place.source])  # before anything is kept of the run
        return self._opened

    def _keeping(self, lake: Lake) -> Keeping:
        return keeping(lake.policy().data, asked=self._directive.data, environ=os.environ)

    def _manner(self) -> Manner:
        return Manner(version=self._directive.name, columns=self._directive.columns)

    def _keep(self, role: Role, objects: dict[str, Any]) -> None:
        if os.environ.get(variables.DISABLE):
            return
        for name, obj in objects.items():
            try:
                with Aside():
                    lake = self._lake()
                    self._catch.keeping = self._keeping(lake)
                    self._catch.take_now(lake, role, name, obj)
            except Exception as problem:  # noqa: BLE001 - whatever is wrong with one object, the run goes on
                why = problem.message if isinstance(problem, MvlakeError) else type(problem).__name__
                self._catch.add(Omission(name, type_name(obj), why))

    def _take_arguments(self, function: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
        try:
            bound = inspect.signature(function).bind(*args, **kwargs)
        except (TypeError, ValueError):
            return  # the call itself says what is wrong with it; some builtins have no signature to tell
        bound.apply_defaults()
        for name, value in bound.arguments.items():
            kind = type(as_number(value))
            is_setting = kind in _PLAIN or (kind is str and len(value) <= _MAX_SETTING)
            if is_setting:
                self.param(**{name: value})
            else:
                self.input(**{name: value})

    def _take_result(self, result: Any) -> None:
        if type(as_number(result)) in NUMBERS:
            self.metric(result=result)
        elif result is not None:
            self.output(result=result)


def track(
    name: str,
    *,
    lake: Lake | str | Path | None = None,
    message: str = "",
    data: Keep | str | None = None,
    columns: str = "",
) -> Run:
    """Return a run that becomes a version of this name: `with mvlake.track("fraud") as run:`, or `@mvlake.track("fraud")`.

    As a decorator it keeps the function's arguments (as parameters or inputs) and its result. `data` says how much of data is kept,
    as `--data` does in a notebook: `full`, `profile`, `none`; `columns` which ones are hidden, as `--columns` does: `drop:ssn`.
    Raises InvalidName, and Invalid for other words.
    """
    try:
        asked = None if data is None else Keep(data)
    except ValueError:
        raise Invalid(f"data={str(data)[:40]!r}", hint=f"data is one of {', '.join(Keep)}") from None
    directive = Directive(check_name(name), message, asked, read_column_rules(columns, said_by="columns"))
    return Run(directive, lake=lake, place=Place.of(caller(1)))


def _is_good_end(error: BaseException) -> bool:
    """True for `sys.exit()` and `sys.exit(0)`: the program is done, and says so."""
    return type(error) is SystemExit and (error.code is None or (type(error.code) is int and error.code == 0))


def _path(given: Lake | str | Path | None) -> str | Path | None:
    return given.path if isinstance(given, Lake) else given
