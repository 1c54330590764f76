"""Script: tracking without a notebook. `with mvlake.track("name") as run:` commits what the run was told."""

import contextlib
import functools
import inspect
import os
import sys
import time
import warnings
from collections.abc import Awaitable, Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from types import FrameType, TracebackType
from typing import Any, ParamSpec, Self, TypeVar, cast

from mvlake.capture.logged import close_run, open_run
from mvlake.capture.modules import ModuleShelf, surroundings
from mvlake.capture.probes.environment import environment
from mvlake.capture.probes.git import GitProbe
from mvlake.capture.probes.modules import ModuleWatch
from mvlake.errors import Invalid, MvlakeError
from mvlake.lake import variables
from mvlake.lake.lake import Lake
from mvlake.lake.manner import Manner
from mvlake.lake.preserve import Preserved, preserve_series, type_name
from mvlake.records.answers import Committed
from mvlake.records.artifact import DraftArtifact, Omission, Role
from mvlake.records.described import Described
from mvlake.records.draft import Draft, DraftCell, FailedDraft
from mvlake.records.facts import Metric, MetricSource, Param, ParamSource
from mvlake.records.kinds import Kinds
from mvlake.records.moment import to_text
from mvlake.records.names import check_name
from mvlake.records.plain import to_plain
from mvlake.records.version import Names, Origin

P = ParamSpec("P")
T = TypeVar("T")
_NUMBERS = Kinds(int, float)
_PLAIN = Kinds(int, float, bool)
_MAX_SETTING = 10_000


class Run:
    """One tracked execution, as a context manager or, around a function, as a decorator.

    What it is told is kept as it is at that moment. A run that raises is recorded as an attempt, and the error goes on. `committed`
    is the version that came of it, None before the end and when none did.
    """

    def __init__(self, name: str, *, lake: Lake | str | Path | None, source: str, message: str) -> None:
        self._name, self._given, self._source, self._message = check_name(name), lake, source, message
        self._is_open = False
        self._reset()

    def _reset(self) -> None:
        self.committed: Committed | None = None
        self._opened: Lake | None = None
        self._artifacts: list[DraftArtifact] = []
        self._omitted: list[Omission] = []
        self._described: list[Described] = []
        self._params: dict[str, Param] = {}
        self._metrics: dict[str, Metric] = {}
        self._notes: list[str] = []

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
            try:
                self._params[name] = Param(name, to_plain(_number(value)), ParamSource.STATED)
            except (TypeError, ValueError) as error:
                raise Invalid(f"param {name}: {error}", hint="run.input keeps objects of any kind") from error

    def metric(self, /, **values: Any) -> None:
        """State results; Invalid when a value is no number."""
        for name, value in values.items():
            number = _number(value)
            if type(number) not in _NUMBERS:
                raise Invalid(f"metric {name}: a {type(value).__name__} is no number", hint="run.output keeps objects of any kind")
            self._metrics[name] = Metric(name, to_plain(number), MetricSource.STATED)

    def note(self, text: str) -> None:
        """Write a remark; it becomes part of the version's message."""
        self._notes.append(str(text))

    def __call__(self, function: Callable[P, T]) -> Callable[P, T]:
        """Track every call of a function: plain arguments as parameters, other ones as inputs, the result as metric or output.

        Each call is a run of its own: calls may nest, and go on side by side. A coroutine function is tracked until it returns.
        """

        @functools.wraps(function)
        def tracked(*args: P.args, **kwargs: P.kwargs) -> T:
            with self._call_of(function, args, kwargs) as take_result:
                result = function(*args, **kwargs)
                take_result(result)
            return result

        @functools.wraps(function)
        async def tracked_coroutine(*args: P.args, **kwargs: P.kwargs) -> Any:
            with self._call_of(function, args, kwargs) as take_result:
                result = await cast("Awaitable[Any]", function(*args, **kwargs))
                take_result(result)
            return result

        return cast("Callable[P, T]", tracked_coroutine) if inspect.iscoroutinefunction(function) else tracked

    @contextlib.contextmanager
    def _call_of(
        self, function: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> Iterator[Callable[[Any], None]]:
        with Run(self._name, lake=self._given, source=self._source, message=self._message) as run:
            run._take_arguments(function, args, kwargs)
            yield run._take_result

    def __enter__(self) -> Self:
        if self._is_open:
            raise Invalid(
                f"the run of {self._name} is under way already", hint="call mvlake.track once more for a run inside of it"
            )
        self._reset()
        self._is_open = True
        self._log, self._token = open_run()
        self._git = GitProbe(str(Path.cwd())).start()
        self._started_at, self._started = to_text(datetime.now(UTC)), time.perf_counter()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        close_run(self._log, self._token)
        try:
            if error is None:
                self.committed = self._lake().commit(self._draft())
            else:
                self._lake().record_attempt(self._failure(error))
        except Exception as problem:  # noqa: BLE001 - a full disk, say
            # The run's own work is done, and what comes after it (saving a model, say) must still happen.
            warnings.warn(f"mvlake made no version of this run: {problem}", stacklevel=2)
        finally:
            self._is_open = False

    def _lake(self) -> Lake:
        if self._opened is None:
            capture_to = os.environ.get(variables.CAPTURE_TO) or None
            given = self._given
            self._opened = given if isinstance(given, Lake) and capture_to is None else Lake.open(capture_to or _path(given))
            self._opened.protect((), [self._source])  # before anything is kept of the run
        return self._opened

    def _keep(self, role: Role, objects: dict[str, Any]) -> None:
        for name, obj in objects.items():
            try:
                kept = self._lake().preserve(role, name, obj, Manner(version=self._name))
            except Exception as problem:  # noqa: BLE001 - whatever is wrong with one object, the run goes on
                kept = Omission(
                    name, type_name(obj), problem.message if isinstance(problem, MvlakeError) else type(problem).__name__
                )
            self._add(kept)

    def _add(self, kept: Preserved) -> None:
        if isinstance(kept, Omission):
            self._omitted.append(kept)
        elif isinstance(kept, Described):
            self._described.append(kept)
        else:
            self._artifacts.append(kept)

    def _take_arguments(self, function: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
        try:
            bound = inspect.signature(function).bind(*args, **kwargs)
        except (TypeError, ValueError):
            return  # the call itself says what is wrong with it; some builtins have no signature to tell
        bound.apply_defaults()
        for name, value in bound.arguments.items():
            kind = type(_number(value))
            is_setting = kind in _PLAIN or (kind is str and len(value) <= _MAX_SETTING)
            if is_setting:
                self.param(**{name: value})
            else:
                self.input(**{name: value})

    def _take_result(self, result: Any) -> None:
        if type(_number(result)) in _NUMBERS:
            self.metric(result=result)
        elif result is not None:
            self.output(result=result)

    def _draft(self) -> Draft:
        logged = [one for one in self._log.measured() if one.name not in self._metrics]
        git = self._git.collect()
        for kept in surroundings(_modules(), self._git, ModuleShelf())[1]:
            self._add(kept)
        return Draft(
            name=self._name,
            parent=self._lake().latest(self._name),
            origin=Origin.SCRIPT,
            cells=(DraftCell(self._source, is_tracked=True),),
            names=Names(),
            params=tuple(self._params.values()),
            metrics=(*self._metrics.values(), *(one.metric for one in logged)),
            artifacts=(*self._artifacts, *(preserve_series(one.name, one.values, one.at) for one in logged if one.values)),
            omitted=(*self._omitted, *self._log.omitted()),
            described=tuple(self._described),
            environment=environment(),
            git=git,
            notebook="",
            started_at=self._started_at,
            duration=time.perf_counter() - self._started,
            message="\n".join(part for part in (self._message, *self._notes) if part),
        )

    def _failure(self, error: BaseException) -> FailedDraft:
        return FailedDraft(
            name=self._name,
            cells=(DraftCell(self._source, is_tracked=True, failed=True),),
            error_type=type(error).__name__,
            error_message=_message(error),
            started_at=self._started_at,
            duration=time.perf_counter() - self._started,
        )


def track(name: str, *, lake: Lake | str | Path | None = None, message: str = "") -> Run:
    """Return a run that becomes a version of this name: `with mvlake.track("fraud") as run:`, or `@mvlake.track("fraud")`.

    As a decorator it keeps the function's arguments (as parameters or inputs) and its result. Raises InvalidName.
    """
    return Run(name, lake=lake, source=_source_of(sys._getframe(1)), message=message)  # noqa: SLF001 - how `warnings` finds its caller


@functools.cache
def _modules() -> ModuleWatch:
    """Return what watches the modules of this process: one for all runs, as a tracked function may be called often."""
    return ModuleWatch()


def _source_of(frame: FrameType) -> str:
    """Return the text of the file, or notebook cell, in which a frame runs."""
    try:
        return "".join(inspect.findsource(frame.f_code)[0])
    except (OSError, TypeError):
        return ""


def _path(given: Lake | str | Path | None) -> str | Path | None:
    return given.path if isinstance(given, Lake) else given


def _number(value: Any) -> Any:
    """Return numpy's and torch's scalars as Python's numbers, anything else as it is."""
    kind = type(value)
    if kind.__module__ in ("numpy", "torch") and getattr(value, "ndim", None) == 0:
        with contextlib.suppress(Exception):  # a tensor without storage has no value
            return value.item()
    return value


def _message(error: BaseException) -> str:
    try:
        return str(error)[:2000]
    except Exception:  # noqa: BLE001 - the user's error goes on, not one of its `__str__`
        return ""
