"""Warned: the warnings that a cell shows, listened to where Python shows them. Filters and registries stay as they are."""

import contextlib
import warnings
from collections.abc import Callable
from typing import Any

from mvlake.capture import hush
from mvlake.capture.tap import Tap
from mvlake.lake.preserve import type_name
from mvlake.records.warned import Warned

MOST = 100
_LONGEST = 1000
_impl = getattr(warnings, "_showwarnmsg_impl", None)
_args = BaseException.args.__get__  # type: ignore[attr-defined] # past what a user's warning may say of itself


class WarningCopy:
    """A copy of every warning that is shown between `start` and `stop`, where `is_meant` says that it is."""

    def __init__(self, shell: Any, is_meant: Callable[[], bool] = lambda: True) -> None:
        self._shell, self._is_meant = shell, is_meant
        self._found: dict[Warned, int] = {}
        self._cells: dict[str, int] = {}  # by the names under which they were compiled: those of before
        self._tap: Tap | None = None

    def start(self) -> None:
        """Begin to listen."""
        self._cells = dict(_cells_of(self._shell))
        with contextlib.suppress(Exception):  # a Python that shows warnings in another way: nothing is heard there
            self._tap = Tap(warnings, hush.SHOW, self._keep)

    def stop(self) -> tuple[Warned, ...]:
        """Put everything back, and return the warnings, each once."""
        if self._tap is not None:
            self._tap.stop()
            self._tap = None
        return tuple(Warned(one.category, one.message, one.place, one.line, times) for one, times in self._found.items())

    def _keep(self, message: Any, *_: object, **__: object) -> None:
        is_swallowed = warnings.__dict__.get("_showwarnmsg_impl") is not _impl  # `catch_warnings(record=True)`
        if type(message) is not warnings.WarningMessage or is_swallowed or hush.is_hushed():
            return
        if not self._is_meant():
            return
        line = message.lineno if type(message.lineno) is int else 0
        warned = Warned(type_name(message.message), _text(message.message), self._place(message.filename), line)
        if warned in self._found or len(self._found) < MOST:
            self._found[warned] = self._found.get(warned, 0) + 1

    def _place(self, filename: Any) -> str:
        """Return the cell, or the file from its library on: where that lies is no part of what was warned of."""
        if type(filename) is not str:
            return ""
        count = _cells_of(self._shell).get(filename)
        if count is not None:
            return f"In [{count}]" if self._cells.get(filename) == count else "this cell"
        return filename.replace("\\", "/").rpartition("/site-packages/")[2]


def _cells_of(shell: Any) -> dict[str, int]:
    """Return which cell each file name that IPython made up stands for."""
    found = getattr(getattr(shell, "compile", None), "_filename_map", None)
    return found if type(found) is dict else {}


def _text(warning: Any) -> str:
    """Return what a warning says, if it says it without running the user's code."""
    said = _args(warning) if issubclass(type(warning), Warning) else ()
    return said[0][:_LONGEST] if said and type(said[0]) is str else ""
