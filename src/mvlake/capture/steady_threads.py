"""Steady threads: they get to work one after another, the first that came first, or the last.

Nothing is made to wait for good: a thread that is not done soon goes on beside the others.
"""

import concurrent.futures
import multiprocessing.pool
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import count
from types import FrameType
from typing import Any

from mvlake.records.steady import Turns

_SOON = 0.25  # seconds
_APART = 0.04
_AT_ONCE = 5

_sleep = time.sleep
IsExempt = Callable[[FrameType | None], bool]


def hold_threads(turns: Turns, is_exempt: IsExempt) -> None:
    """Let threads of cells, of executors and of pools take turns."""
    order = count()
    _hold_started(turns, order, is_exempt)
    _hold_executors(turns, order)
    concurrent.futures.as_completed = _completing(turns)
    pool: Any = multiprocessing.pool.Pool

    def imap_unordered(self: Any, func: Any, iterable: Any, chunksize: int = 1) -> Iterator[Any]:
        found = self.imap(func, iterable, chunksize)
        return found if turns is Turns.FIRST else iter(list(found)[::-1])

    pool.imap_unordered = imap_unordered


def _late(place: int) -> float:
    """Return for how long a piece of work waits so that those that came after it go first."""
    return _APART * (_AT_ONCE - 1 - place % _AT_ONCE)


def _hold_started(turns: Turns, order: "count[int]", is_exempt: IsExempt) -> None:
    start = threading.Thread.start

    def started(self: threading.Thread) -> None:
        if is_exempt(sys._getframe(1)):  # noqa: SLF001
            start(self)
        elif turns is Turns.FIRST:
            start(self)
            self.join(_SOON)
        else:
            run, late = self.run, _late(next(order))

            def later() -> None:
                _sleep(late)
                run()

            self.run = later  # type: ignore[method-assign]
            start(self)

    threading.Thread.start = started  # type: ignore[method-assign]


def _hold_executors(turns: Turns, order: "count[int]") -> None:
    submit = ThreadPoolExecutor.submit

    def submitted(self: ThreadPoolExecutor, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        place = next(order)
        if turns is Turns.FIRST:
            future = submit(self, fn, *args, **kwargs)
            concurrent.futures.wait([future], _SOON)
        else:

            def later() -> Any:
                _sleep(_late(place))
                return fn(*args, **kwargs)

            future = submit(self, later)
        future.mvlake_place = place  # type: ignore[attr-defined]
        return future

    ThreadPoolExecutor.submit = submitted  # type: ignore[method-assign, assignment]


def _completing(turns: Turns) -> Callable[..., Iterator[Future[Any]]]:
    def as_completed(fs: Iterable[Future[Any]], timeout: float | None = None) -> Iterator[Future[Any]]:
        futures = sorted(set(fs), key=lambda one: getattr(one, "mvlake_place", 0), reverse=turns is Turns.LAST)
        done, _ = concurrent.futures.wait(futures, timeout)
        if len(done) < len(futures):
            raise TimeoutError(f"{len(futures) - len(done)} (of {len(futures)}) futures unfinished")
        yield from futures

    return as_completed
