"""Aside: what users set for their own code does not reach ours while it runs between their cells, and stands as it was when it has.

A tracer or profiler is the user's code: it must not be called for lines that are not theirs. A low recursion limit is meant for
their functions, and ours are as deep as the libraries that they call.
"""

import sys
from types import TracebackType

_ROOM = 1000


class Aside:
    """One stretch of our own code."""

    __slots__ = ("_limit", "_profiler", "_tracer")

    def __enter__(self) -> None:
        self._tracer, self._profiler, self._limit = sys.gettrace(), sys.getprofile(), sys.getrecursionlimit()
        if self._tracer is not None:
            sys.settrace(None)
        if self._profiler is not None:
            sys.setprofile(None)
        if self._limit < _ROOM:
            sys.setrecursionlimit(_ROOM)

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if self._limit < _ROOM:
            sys.setrecursionlimit(self._limit)
        if self._profiler is not None:
            sys.setprofile(self._profiler)
        if self._tracer is not None:
            sys.settrace(self._tracer)
