"""Sampler: looks now and then, from a thread of its own, at how much of the machine a running cell uses.

The thread is started below `threading`, so that the user's code does not meet it among its own; it takes no signal, draws nothing,
and has ended when `stop` returns. A cell that is over before its first look costs nothing but the thread.
"""

import _thread
import contextlib
import os
import signal

from mvlake.capture.usage.course import Course
from mvlake.capture.usage.peak import high_water, risen_above
from mvlake.capture.usage.spent import Spent
from mvlake.lake.processes import children, resident
from mvlake.records.usage import Sample, Usage

FIRST = 0.1  # seconds until the first sample, and between samples at first
_LOOKS = 4  # at memory, to each sample: it comes and goes more quickly than work does
_PATIENCE = 1.0


class Sampler:
    """One cell under watch, from `start` to `stop`; without `looks`, no thread is started, and only the end tells."""

    def __init__(self, *, looks: bool = True) -> None:
        self._looks = looks
        self._pid = os.getpid()
        self._course = Course(FIRST)
        self._mark = self._most = self._recent = 0
        self._spent: Spent | None = None
        self._wanted, self._ended = _thread.allocate_lock(), _thread.allocate_lock()  # held until it is to end, and until it has
        self._has_thread = False

    def start(self) -> None:
        """Begin to look."""
        self._mark, self._most = high_water(), resident()
        self._wanted.acquire()
        self._ended.acquire()
        self._spent = Spent()
        if self._looks:
            with contextlib.suppress(RuntimeError):  # no more threads
                _thread.start_new_thread(self._run, (self._spent,))
                self._has_thread = True

    def stop(self) -> tuple[int | None, Usage | None]:
        """End the thread, and return the peak of memory in bytes, None where it is not known, and what was used."""
        spent, self._spent = self._spent, None
        if spent is None:
            return None, None  # it has not begun
        self._wanted.release()
        if self._has_thread and os.getpid() == self._pid:  # a forked child has no such thread
            self._ended.acquire(timeout=_PATIENCE)
        self._notice()
        total = self._finish(spent)
        exact = risen_above(self._mark)
        return exact or max(self._most, self._recent) or None, Usage(round(total, 6), exact is not None, self._course.samples)

    def _finish(self, spent: Spent) -> float:
        if not self._course.samples:
            return spent.so_far({})
        if spent.elapsed() - self._course.ends_at >= self._course.every / _LOOKS:  # less than that tells nothing about processors
            self._take(spent)
        return spent.so_far(children())

    def _run(self, spent: Spent) -> None:
        try:
            if hasattr(signal, "pthread_sigmask"):
                signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals())
            wait = FIRST
            while not self._wanted.acquire(timeout=wait):
                self._notice()
                if spent.elapsed() - self._course.ends_at >= self._course.every:
                    self._take(spent)
                wait = self._course.every / _LOOKS
        except BaseException:  # noqa: BLE001, S110 - no memory, an interpreter that ends: then there are no more samples
            pass
        finally:
            self._ended.release()

    def _notice(self) -> None:
        self._recent = max(self._recent, resident())

    def _take(self, spent: Spent) -> None:
        found, before, at = children(), spent.last, spent.elapsed()
        cpu = (spent.so_far(found) - before) / (at - self._course.ends_at)
        below = sum(child.memory for child in found.values())
        self._course.add(Sample(round(at, 3), round(cpu, 3), self._recent, below))
        self._most, self._recent = max(self._most, self._recent), 0
