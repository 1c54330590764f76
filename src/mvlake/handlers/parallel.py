"""Parallel work: results in the order of the items, made by a few threads, never many of them at once in memory."""

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Generic, TypeVar

T = TypeVar("T")
R = TypeVar("R")
_MOST = 4
_AHEAD = 3  # items for each thread that none has begun
_KEPT = 16  # items for each thread, with those done whose turn has not come


def in_order(work: Callable[[T], R], items: Iterable[T], *, workers: int) -> Iterator[R]:
    """Yield what `work` makes of each item; without workers here and now.

    Whoever asks works too: when there is more to do than the threads get done, it does what none of them has begun.
    """
    if workers < 1:
        yield from map(work, items)
        return
    waiting: deque[_Task[T, R]] = deque()
    with ThreadPoolExecutor(workers, thread_name_prefix="mvlake-frame") as pool:
        try:
            for item in items:
                waiting.append(_Task(pool.submit(work, item), item))
                if sum(one.is_open() for one in waiting) > workers * _AHEAD:
                    _help(waiting, work)
                while waiting and (waiting[0].future.done() or len(waiting) > workers * _KEPT):
                    yield waiting.popleft().future.result()
            while waiting:
                while not waiting[0].future.done() and _help(waiting, work):
                    pass
                yield waiting.popleft().future.result()
        finally:
            for one in waiting:
                one.future.cancel()


def helpers() -> int:
    """Return how many threads are worth having beside this one: one for each other processor that is free to use, up to a few."""
    return max(1, min(_MOST, processors() - 1))


def processors() -> int:
    """Return how many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


class _Task(Generic[T, R]):
    """An item, and what is or will be made of it."""

    __slots__ = ("future", "item")

    def __init__(self, future: Future[R], item: T) -> None:
        self.future, self.item = future, item

    def is_open(self) -> bool:
        """True when no thread has begun it."""
        return not (self.future.running() or self.future.done())


def _help(waiting: Iterable[_Task[T, R]], work: Callable[[T], R]) -> bool:
    """True when there was an item that no thread had begun, which is done now."""
    for one in waiting:
        if one.is_open() and one.future.cancel():
            one.future = Future()
            one.future.set_result(work(one.item))
            return True
    return False
