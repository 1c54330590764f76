"""Parallel work: results in the order of the items, made by a few threads, never many of them at once in memory."""

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

T = TypeVar("T")
R = TypeVar("R")
_MOST = 4
_AHEAD = 2


def in_order(work: Callable[[T], R], items: Iterable[T], *, workers: int) -> Iterator[R]:
    """Yield what `work` makes of each item; without workers here and now."""
    if workers < 1:
        yield from map(work, items)
        return
    waiting: deque[Future[R]] = deque()
    with ThreadPoolExecutor(workers, thread_name_prefix="mvlake-frame") as pool:
        try:
            for item in items:
                waiting.append(pool.submit(work, item))
                if len(waiting) > workers * _AHEAD:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        finally:
            for one in waiting:
                one.cancel()


def helpers() -> int:
    """Return how many threads are worth having beside this one: one for each other processor that is free to use, up to a few."""
    usable = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return max(1, min(_MOST, usable - 1))
