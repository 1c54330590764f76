"""Monitor: what measuring functions return, and what is fitted, while a cell runs, however their names were imported.

On Python 3.12 and later `sys.monitoring` calls us when one of a few known functions returns: nothing else gets slower by it, and no
function is replaced. Before 3.12 there is no such thing, and the text of the cell has to do.
"""

import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from types import CodeType, FrameType
from typing import Any

from mvlake.capture.facts.watched import FIT, LIBRARIES, WRAPPERS, watched_codes
from mvlake.capture.numbers import mean_of, number_of

_MONITORING: Any = getattr(sys, "monitoring", None)
_TOOLS = (3, 4)  # the others are a debugger's, a profiler's, a coverage tool's and the optimizer's
_MOST_VALUES = 100_000
_MOST_PLACES = 1_000
_DEEPEST = 200


@dataclass(slots=True)
class Observed:
    """What one function returned where one line called it; `group` is the part of the data that a loop had come to."""

    function: str
    line: int
    group: str
    values: list[float] = field(default_factory=list)
    count: int = 0


class Monitor:
    """Watches one tracked cell, or where `code` is given, one run, which goes on in that code and where `is_meant` says so.

    `fitted` is called with each object that user code has fitted; `group` gives a line's segment.
    """

    def __init__(
        self,
        namespace: dict[str, Any],
        *,
        fitted: Callable[[Any], None],
        group: Callable[[int], str] = lambda _: "",
        code: CodeType | None = None,
        is_meant: Callable[[], bool] = lambda: True,
    ) -> None:
        self._namespace, self._fitted, self._group = namespace, fitted, group
        self._code, self._is_meant = code, is_meant
        self._codes: dict[CodeType, str] = {}
        self._tool: int | None = None
        self._lock = threading.Lock()
        self._seen: dict[tuple[str, int, str], Observed] = {}

    def start(self) -> None:
        """Begin to watch, where Python can and a tool's place is free."""
        if _MONITORING is None:
            return
        for tool in _TOOLS:
            try:
                _MONITORING.use_tool_id(tool, "mvlake")
            except ValueError:  # somebody else's
                continue
            self._tool = tool
            _MONITORING.register_callback(tool, _MONITORING.events.PY_RETURN, self._returned)
            self._watch()
            return

    def stop(self) -> tuple[Observed, ...]:
        """Take everything back, and return what was seen."""
        tool, self._tool = self._tool, None
        if tool is not None:
            for code in self._codes:
                _MONITORING.set_local_events(tool, code, 0)
            _MONITORING.register_callback(tool, _MONITORING.events.PY_RETURN, None)
            _MONITORING.free_tool_id(tool)
        return tuple(self._seen.values())

    def _watch(self) -> None:
        """Watch what is imported by now."""
        for code, name in watched_codes().items():
            if code not in self._codes:
                self._codes[code] = name
                _MONITORING.set_local_events(self._tool, code, _MONITORING.events.PY_RETURN)

    def _returned(self, code: CodeType, _: int, value: Any) -> None:
        try:
            if self._tool is None:
                return
            name = self._codes.get(code)
            if name == "":  # a module was imported
                if str(getattr(value, "__name__", "")).partition(".")[0] in LIBRARIES:
                    self._watch()
                return
            frame = sys._getframe(1)  # noqa: SLF001 - the frame that returns
            if name is None or not self._is_meant() or not _is_called_by_user(frame):
                return
            if name == FIT:
                self._fitted(frame.f_locals[code.co_varnames[0]])
            else:
                self._take(name, self._line_of(frame), value)
        except Exception:  # noqa: BLE001, S110 - it would come out of the user's call
            pass

    def _take(self, name: str, line: int, value: Any) -> None:
        single = number_of(value)
        if single is None:
            single = mean_of(value) if name.startswith("cross_val") else None
        if single is None:
            return
        group = self._group(line)
        with self._lock:
            seen = self._seen.get((name, line, group))
            if seen is None:
                if len(self._seen) >= _MOST_PLACES:
                    return
                seen = self._seen[name, line, group] = Observed(name, line, group)
            seen.count += 1
            if len(seen.values) >= _MOST_VALUES:
                del seen.values[: _MOST_VALUES // 2]  # the latest tell how it ended; the count tells that there were more
            seen.values.append(float(single))

    def _line_of(self, frame: FrameType) -> int:
        """Return the line of the cell or run that is being run, 0 when another thread's function has none."""
        outer: FrameType | None = frame
        for _ in range(_DEEPEST):
            if outer is None:
                return 0
            if outer.f_code is self._code or (self._code is None and self._is_cells(outer)):
                return outer.f_lineno
            outer = outer.f_back
        return 0

    def _is_cells(self, frame: FrameType) -> bool:
        name = frame.f_code.co_name
        return name.startswith("<") and frame.f_globals is self._namespace and name != "<lambda>"


def _is_called_by_user(frame: FrameType) -> bool:
    """True unless a library's own code called it: an accuracy inside a search is the search's business."""
    outer = frame.f_back
    while outer is not None and outer.f_code.co_name in WRAPPERS and _library(outer) in LIBRARIES:
        outer = outer.f_back
    return outer is not None and _library(outer) not in LIBRARIES


def _library(frame: FrameType) -> str:
    return str(frame.f_globals.get("__name__")).partition(".")[0]
