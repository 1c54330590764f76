"""Aside: what users set for their own code does not reach ours while it runs between their cells, and stands as it was when it has.

A tracer or profiler is the user's code: it must not be called for lines that are not theirs. A low recursion limit is meant for
their functions, and ours are as deep as the libraries that they call. What ours opens meanwhile is nothing that they read.
"""

import sys
import threading
from types import TracebackType

_ROOM = 1000
_THREADS: set[int] = set()  # those that run our code right now


def is_aside() -> bool:
    """True in a thread that runs our own code."""
    return threading.get_ident() in _THREADS


class Aside:
    """One stretch of our own code."""

    __slots__ = ("_is_outer", "_limit", "_profiler", "_tracer")

    def __enter__(self) -> None:
        self._is_outer = not is_aside()
        _THREADS.add(threading.get_ident())
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
        if self._is_outer:
            _THREADS.discard(threading.get_ident())
