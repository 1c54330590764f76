"""Backlog: the versions of one lake that this process has yet to write, one after the other, while the user goes on working.

A job is written by one thread, in the order of the cells, so that numbers follow it. That thread lives as long as there is work
and is no daemon: a process that ends waits for it. Whoever needs what is being written waits until nothing is left.
"""

import contextlib
import functools
import os
import sys
import threading
import weakref
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from mvlake.lake import held_memory
from mvlake.store import ending

_PATIENCE = 0.3  # seconds of waiting that nobody is told of
_BEAT = 0.2  # seconds between two words on a longer wait


class Cancelled(Exception):
    """A job was told to end before its version existed."""


@dataclass(frozen=True, slots=True)
class Progress:
    """What somebody waits for: the name that is being written, how many more wait, and bytes done of all.

    `what` is done with it. `is_over` at the end; `cancelled` are then the names of which no version was made, for the wait was
    interrupted.
    """

    name: str
    waiting: int
    done: int
    size: int
    is_over: bool = False
    cancelled: tuple[str, ...] = ()
    what: str = "writing"


Tell: TypeAlias = Callable[[Progress], None]


class Job:
    """One version to be written. `size` is how many bytes it holds in memory.

    `write` makes the version; `drop` says that there is none when the job is cancelled. Neither lets an error out.
    """

    def __init__(self, name: str, size: int, *, write: Callable[["Job"], None], drop: Callable[[], None]) -> None:
        self.name, self.size = name, size
        self.done = 0
        self._write, self._drop = write, drop
        self._lock = threading.Lock()
        self._is_cancelled = self._is_final = False

    def advance(self, size: int) -> None:
        """Note how far it is; Cancelled when it is to end."""
        self.done = min(self.done + size, self.size)
        if self._is_cancelled:
            raise Cancelled

    def finalize(self) -> None:
        """Say that the version is about to be committed, from where there is no way back; Cancelled when it is to end."""
        with self._lock:
            if self._is_cancelled:
                raise Cancelled
            self._is_final = True

    def cancel(self) -> bool:
        """True when there will be no version; False when it is too late to say so."""
        with self._lock:
            if self._is_cancelled or self._is_final:
                return self._is_cancelled
            self._is_cancelled = True
        self._drop()
        return True

    def run(self) -> None:
        """Write, unless it has been cancelled; then let go of everything that was held."""
        if not self._is_cancelled:
            self._write(self)
        self._write = _nothing
        self._drop = _nothing


def _nothing(*_: object) -> None:
    """Stand in for what is over."""


class Backlog:
    """The jobs of one lake in this process. Threads may share it.

    `tell` hears of every wait that takes longer than a moment.
    """

    def __init__(self, *, ceiling: int | None = None) -> None:
        self.tell: Tell = to_terminal
        self._ceiling = ceiling
        self._reset()

    def _reset(self) -> None:
        self._jobs: deque[Job] = deque()
        self._changed = threading.Condition()
        self._worker: threading.Thread | None = None
        self._pid = os.getpid()

    @property
    def ceiling(self) -> int:
        """How many bytes all jobs together may hold."""
        return held_memory.ceiling() if self._ceiling is None else self._ceiling

    @property
    def is_empty(self) -> bool:
        """True when everything has been written. A forked child has nothing to write: what was pending is its parent's."""
        if self._pid != os.getpid():
            self._reset()  # whoever held the old lock does not exist here
        return not self._jobs

    @property
    def is_writing_here(self) -> bool:
        """True in the thread that writes."""
        return self._worker is threading.current_thread()

    @property
    def job(self) -> Job | None:
        """The job under way, for the thread that writes it."""
        return self._jobs[0] if self._jobs and self.is_writing_here else None

    def make_room(self, size: int) -> None:
        """Wait until this many bytes more may be held. An interrupt ends the wait alone: what is being written goes on.

        What is larger than the ceiling waits until nothing else is held; holding it is then the caller's decision.
        """
        if not self.is_empty:
            self._wait(lambda: not self._jobs or sum(job.size for job in self._jobs) + size <= self.ceiling)

    def submit(self, job: Job) -> None:
        """Have a job written after all those before it."""
        _drain_at_exit()
        assert self.is_empty or not self.is_writing_here  # asking also takes care of a fork
        with self._changed:
            self._jobs.append(job)
            if self._worker is None:
                self._worker = threading.Thread(target=self._work, name="mvlake-writer", daemon=False)
                self._worker.start()

    def settle(self) -> None:
        """Wait until everything has been written. An interrupt cancels what has not: then no version of it will ever exist."""
        if self.is_empty or self.is_writing_here:
            return
        self._wait(lambda: not self._jobs, cancels=True)

    def drain(self) -> None:
        """Wait until everything has been written, without a word."""
        if not self.is_empty and not self.is_writing_here:
            with self._changed:
                self._changed.wait_for(lambda: not self._jobs)

    def cancel(self) -> tuple[str, ...]:
        """Cancel what is not committed yet, and return its names. The job under way ends at its next step, leaving no version."""
        with self._changed:
            jobs = list(self._jobs)
        return tuple(job.name for job in jobs if job.cancel())

    def _wait(self, is_enough: Callable[[], bool], *, cancels: bool = False) -> None:
        is_told, all_of_it = False, 0
        cancelled: tuple[str, ...] = ()
        try:
            with self._changed:
                is_done, all_of_it = self._changed.wait_for(is_enough, _PATIENCE), self._left()
            while not is_done:
                progress = self._progress(all_of_it)
                if progress is not None:
                    is_told = True
                    self.tell(progress)
                with self._changed:
                    is_done = self._changed.wait_for(is_enough, _BEAT)
        except BaseException:
            cancelled = self.cancel() if cancels else ()
            raise
        finally:
            if is_told or cancelled:
                self.tell(Progress("", 0, all_of_it, max(all_of_it, 1), is_over=True, cancelled=cancelled))

    def _left(self) -> int:
        return sum(job.size - job.done for job in self._jobs)

    def _progress(self, size: int) -> Progress | None:
        with self._changed:
            if not self._jobs:
                return None
            return Progress(self._jobs[0].name, len(self._jobs) - 1, max(size - self._left(), 0), max(size, 1))

    def _work(self) -> None:
        while True:
            with self._changed:
                if not self._jobs:
                    self._worker = None
                    return
                job = self._jobs[0]
            try:
                job.run()
            finally:
                with self._changed:
                    self._jobs.popleft()
                    self._changed.notify_all()
                del job  # while the thread waits for the lock again, nothing is held any more


# A backlog with work is kept alive by the thread that does it.
_backlogs: weakref.WeakValueDictionary[tuple[str, str], Backlog] = weakref.WeakValueDictionary()
_guard = threading.Lock()


def backlog_of(location: str, lake_id: str) -> Backlog:
    """Return the backlog that all who have opened this lake in this process share."""
    with _guard:
        found = _backlogs.get((location, lake_id))
        if found is None:
            found = _backlogs[location, lake_id] = Backlog()
        return found


def to_terminal(progress: Progress) -> None:
    """Say on a terminal what is waited for, on a line that is taken back; nothing where stderr is a file."""
    if sys.stderr is None or not sys.stderr.isatty():
        return
    text = "" if progress.is_over else f"mvlake is writing {progress.name}: {100 * progress.done // progress.size} %"
    if progress.cancelled:
        text = f"mvlake was interrupted, and made no version of {', '.join(progress.cancelled)}\n"
    sys.stderr.write(f"\r\033[K{text}")
    sys.stderr.flush()


@functools.cache
def _drain_at_exit() -> None:
    """See to it that a process that ends has written everything, while the libraries that it takes can still start threads.

    Python waits for the thread in any case, but only after it has told executors to take no more work.
    """
    register = getattr(threading, "_register_atexit", None)
    if register is not None:
        with contextlib.suppress(RuntimeError):  # the process is ending already
            register(_drain_all)


def _drain_all() -> None:
    ending.begin()
    for backlog in list(_backlogs.values()):
        backlog.drain()
