"""Steady clock: cells are told a time that begins where an experiment says, and goes on by a microsecond with each question."""

import ast
import builtins
import datetime as dt
import sys
import time
from collections.abc import Callable
from types import FrameType
from typing import Any

from IPython.core.getipython import get_ipython

_STEP = 1e-6
_DATES = frozenset(("now", "utcnow", "today"))
_ASKED = "__mvlake_asked__"
IsExempt = Callable[[FrameType | None], bool]


def hold_clock(moment: float, is_exempt: IsExempt) -> None:
    """Let `time` and `datetime` answer by a clock of ours."""
    questions = 0

    def now() -> float:
        nonlocal questions
        questions += 1
        return moment + questions * _STEP

    for name in ("time", "monotonic", "perf_counter", "process_time"):
        for unit, each in (("", 1), ("_ns", 1_000_000_000)):
            setattr(time, name + unit, _asked(getattr(time, name + unit), now, each, is_exempt))
    for name in ("localtime", "gmtime", "ctime"):
        setattr(time, name, _told(getattr(time, name), now, is_exempt))
    _hold_dates(now)


def _asked(real: Any, now: Callable[[], float], each: int, is_exempt: IsExempt) -> Callable[[], Any]:
    def clock() -> Any:
        if is_exempt(sys._getframe(1)):  # noqa: SLF001
            return real()
        return now() if each == 1 else int(now() * each)

    return clock


def _told(real: Any, now: Callable[[], float], is_exempt: IsExempt) -> Callable[..., Any]:
    def converted(secs: float | None = None) -> Any:
        if secs is None and not is_exempt(sys._getframe(1)):  # noqa: SLF001
            return real(now())
        return real() if secs is None else real(secs)

    return converted


class _Dates(ast.NodeTransformer):
    """Asks us where a cell asks for now or today.

    The classes themselves stay: compiled libraries build upon `datetime.datetime` when they are imported.
    """

    def visit_Attribute(self, node: ast.Attribute) -> ast.expr:
        """Return `_ASKED(value, "now")` for `value.now`."""
        self.generic_visit(node)
        if node.attr not in _DATES or not isinstance(node.ctx, ast.Load):
            return node
        asked = ast.Call(ast.Name(_ASKED, ast.Load()), [node.value, ast.Constant(node.attr)], [])
        return ast.fix_missing_locations(ast.copy_location(asked, node))


def _hold_dates(now: Callable[[], float]) -> None:
    def asked(owner: Any, name: str) -> Any:
        pandas: Any = sys.modules.get("pandas")
        stamp = getattr(pandas, "Timestamp", None)
        if owner is dt.date:
            return lambda: dt.date.fromtimestamp(now())
        if owner is stamp and stamp is not None:
            return lambda tz=None: stamp.fromtimestamp(now(), tz)
        if owner is not dt.datetime:
            return getattr(owner, name)
        if name == "utcnow":
            return lambda: dt.datetime.fromtimestamp(now(), dt.UTC).replace(tzinfo=None)
        return lambda tz=None: dt.datetime.fromtimestamp(now(), tz)

    setattr(builtins, _ASKED, asked)
    shell = get_ipython()
    if shell is not None:
        shell.ast_transformers.append(_Dates())
