"""Logged: `mvlake.log(loss=…, step=…)`, the numbers that a loop states as it goes, for the tracked cell or run that it is in."""

import math
import os
import sys
from array import array
from collections.abc import Iterator
from contextvars import ContextVar, Token
from dataclasses import dataclass, field
from typing import Any

from mvlake.capture.facts.lineage import word_of
from mvlake.capture.facts.measured import Measured, number, series
from mvlake.capture.numbers import number_of
from mvlake.lake import variables
from mvlake.records.artifact import Omission
from mvlake.records.facts import MetricSource

_MOST_VALUES = 100_000  # of a metric; beyond them every second one is let go, again and again
_MOST_NAMES = 1_000


@dataclass(slots=True)
class Track:
    """The values of one metric so far: every `stride`-th of `count`, and the last one."""

    values: "array[float]" = field(default_factory=lambda: array("d"))
    steps: "array[float]" = field(default_factory=lambda: array("d"))
    count: int = 0
    stride: int = 1
    last: tuple[float, float] = (0.0, 0.0)

    def add(self, step: float, value: float) -> None:
        """Take one value."""
        if self.count % self.stride == 0:
            self.steps.append(step)
            self.values.append(value)
            if len(self.values) >= _MOST_VALUES:
                self.values, self.steps, self.stride = self.values[::2], self.steps[::2], self.stride * 2
        self.count += 1
        self.last = (step, value)

    def all(self) -> tuple[list[float], list[float]]:
        """Return steps and values, the last one always among them."""
        steps, values = self.steps.tolist(), self.values.tolist()
        if self.stride > 1 and (steps[-1], values[-1]) != self.last:
            steps.append(self.last[0])
            values.append(self.last[1])
        return [int(one) if float(one).is_integer() else one for one in steps], values


class Log:
    """What one tracked cell or run has logged, and which run is around that. Bounded: by names, and by values of each."""

    def __init__(self, around: "Log | None" = None) -> None:
        self.around = around
        self._tracks: dict[str, Track] = {}
        self._refused: dict[str, str] = {}

    def add(self, step: float | None, values: dict[str, Any]) -> None:
        """Take one value of each name."""
        for name, value in values.items():
            single = value if type(value) is float else number_of(value)
            track = self._tracks.get(name)
            if single is None or (track is None and len(self._tracks) >= _MOST_NAMES):
                if len(self._refused) < _MOST_NAMES:
                    why = f"a {type(value).__name__} is no number" if single is None else "too many names were logged"
                    self._refused[name] = why
                continue
            if track is None:
                track = self._tracks[name] = Track()
            track.add(track.count if step is None or not math.isfinite(step) else step, float(single))

    def measured(self) -> Iterator[Measured]:
        """Yield the metrics: a series where there is more than one value."""
        for name, track in list(self._tracks.items()):
            steps, values = track.all()
            if len(values) > 1:
                made = series(name, values, MetricSource.LOGGED, at=steps)
            else:
                made = number(name, values[0], MetricSource.LOGGED)
            yield made.of(word_of(name))

    def omitted(self) -> Iterator[Omission]:
        """Yield what was not kept."""
        for name, track in list(self._tracks.items()):
            if track.stride > 1:
                said = f"{track.count:,} values were logged; one in {track.stride:,} is kept, and the last"
                yield Omission(name, "series", said)
        for name, reason in list(self._refused.items()):
            yield Omission(name, "logged value", reason)


_cells: list[Log] = []  # of tracked cells under way, the innermost last
_runs: list[Log] = []
_run: ContextVar[Log | None] = ContextVar("mvlake_run", default=None)
_has_said = False


def log(*, step: float | None = None, **values: Any) -> None:
    """State results as a loop goes: `mvlake.log(loss=loss, step=epoch)`. They become series of the tracked cell or run around it.

    Values are numbers of Python, numpy or torch; without `step` they are counted from 0. Never raises: what is no number, or has no
    tracked cell or run around it, is left out, and that is said.
    """
    try:
        found = _run.get() or (_cells[-1] if _cells else _runs[-1] if _runs else None)
        if found is None:
            _say_once()
        else:
            found.add(step if step is None or type(step) in (int, float) else number_of(step), values)
    except Exception:  # noqa: BLE001, S110 - the loop goes on
        pass


def open_cell() -> Log:
    """Return the log of a tracked cell that begins."""
    opened = Log()
    _cells.append(opened)
    return opened


def close_cell(opened: Log) -> None:
    """End the log of a cell."""
    _cells[:] = [one for one in _cells if one is not opened]


def open_run() -> tuple[Log, Token[Log | None]]:
    """Return the log of a run that begins, in this thread or task; threads that it starts find the run opened last."""
    opened = Log(_run.get())
    _runs.append(opened)
    return opened, _run.set(opened)


def is_within(opened: Log) -> bool:
    """True where the code that asks belongs to a run, or to one inside of it, or where nobody knows: in a thread of no run."""
    found = _run.get()
    while found is not None and found is not opened:
        if found.around is None:
            return False
        found = found.around
    return True


def close_run(opened: Log, token: Token[Log | None]) -> None:
    """End the log of a run."""
    _runs[:] = [one for one in _runs if one is not opened]
    try:
        _run.reset(token)
    except ValueError:  # it ends in another task than it began in
        _run.set(None)


def _say_once() -> None:
    global _has_said
    if not _has_said and not os.environ.get(variables.DISABLE):
        _has_said = True
        sys.stderr.write("mvlake.log: nothing around it is tracked, so nothing is kept (%%track NAME, or mvlake.track)\n")
