"""Steadying: in the kernel of an experiment, clock, entropy, folders, threads and processors answer as they are told to.

Such a kernel runs a version's cells once more to find out what they depend on, and ends. What Python asks is answered here; what
libraries ask the operating system in C is not. mvlake's own questions, and those of the kernel's machinery, are answered as ever.
"""

import os
import sys
from types import FrameType
from typing import Any, Self

from mvlake.capture.steady_clock import hold_clock
from mvlake.capture.steady_entropy import hold_entropy
from mvlake.capture.steady_threads import hold_threads
from mvlake.records.steady import Steady


def hold_steady(told: Steady) -> None:
    """Let this process answer its cells as it is told to."""
    hold_clock(told.clock, is_exempt)
    hold_entropy(told.entropy, is_exempt)
    _hold_folders(is_reversed=told.backwards)
    hold_threads(told.turns, is_exempt)
    if told.cpus:
        _hold_processors(told.cpus)


_EXEMPT = frozenset(
    (
        *("mvlake", "IPython", "ipykernel", "zmq", "tornado", "asyncio", "jupyter_client", "traitlets", "threading", "logging"),
        *("selectors", "concurrent", "comm", "debugpy", "multiprocessing", "stack_data", "executing", "subprocess", "anyio"),
    )
)
_PASSING = frozenset(("uuid", "random", "secrets", "tempfile", "datetime", "time", "contextlib"))


def is_exempt(frame: FrameType | None) -> bool:
    """True when a question comes from the kernel's machinery, through whatever passes it on."""
    while frame is not None:
        module = str(frame.f_globals.get("__name__", "")).partition(".")[0]
        if module not in _PASSING:
            return module in _EXEMPT
        frame = frame.f_back
    return True


class _Entries:
    """What `os.scandir` gives, in another order."""

    def __init__(self, entries: list[os.DirEntry[str]]) -> None:
        self._entries = iter(entries)

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> os.DirEntry[str]:
        return next(self._entries)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """Do nothing: all has been read."""

    def close(self) -> None:
        """Do nothing: all has been read."""


def _hold_folders(*, is_reversed: bool) -> None:
    listdir, scandir = os.listdir, os.scandir

    def listed(path: Any = None) -> Any:
        return sorted(listdir(path), reverse=is_reversed)

    def scanned(path: Any = None) -> Any:
        with scandir(path) as entries:
            return _Entries(sorted(entries, key=lambda entry: entry.name, reverse=is_reversed))

    os.listdir, os.scandir = listed, scanned


def _hold_processors(cpus: int) -> None:
    os.cpu_count = lambda: cpus
    if sys.version_info >= (3, 13):
        os.process_cpu_count = lambda: cpus
    if hasattr(os, "sched_getaffinity"):
        os.sched_getaffinity = lambda pid, /: set(range(cpus))  # noqa: ARG005
