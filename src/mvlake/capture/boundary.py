"""Boundary: the one place where whatever goes wrong in capture ends. The user's cell has no trace of it; a log file does."""

import functools
import os
import tempfile
import time
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

from mvlake.capture import hush
from mvlake.capture.aside import Aside

P = ParamSpec("P")
T = TypeVar("T")
_MAX_LOG = 1 << 20


class Boundary:
    """What went wrong so far, and where it is written: `last` is a line on the latest failure; `interrupts` are the user's."""

    def __init__(self, path: Path | None = None) -> None:
        self.path = path or Path(tempfile.gettempdir()) / f"mvlake-{os.getuid() if hasattr(os, 'getuid') else 'user'}.log"
        self._pid = os.getpid()
        self.failures = 0
        self.interrupts = 0
        self.last = ""

    def guard(self, call: Callable[P, Any]) -> Callable[P, None]:
        """Return the call such that nothing comes out of it: no exception of any kind, no value, no warning.

        An interrupt ends it at once: what was being captured is abandoned, and the user's prompt is back.
        """

        @functools.wraps(call)
        def guarded(*args: P.args, **kwargs: P.kwargs) -> None:
            if os.getpid() != self._pid:
                return  # a forked child: its parent captures
            try:
                # Filters stay as they are: touching them would make Python forget which warnings the user has seen.
                with hush.aside(), Aside():
                    call(*args, **kwargs)
            except BaseException as error:  # noqa: BLE001 - SystemExit from a library would end the kernel
                self.interrupts += isinstance(error, KeyboardInterrupt)
                self.note(error)

        return guarded

    def guard_quietly(self, call: Callable[[], Any]) -> Callable[[], None]:
        """Return the call such that no exception comes out of it, for another thread: warnings are what all threads share."""

        def guarded() -> None:
            try:
                call()
            except BaseException as error:  # noqa: BLE001 - nobody above would hear of it
                self.note(error)

        return guarded

    def attempt(self, call: Callable[[], T], otherwise: T) -> T:
        """Return what a call gives, or `otherwise` where it fails. An interrupt goes on: it is the program's own."""
        try:
            return call()
        except Exception as error:  # noqa: BLE001 - whatever is wrong with capture, the program goes on
            self.note(error)
            return otherwise

    def note(self, error: BaseException) -> None:
        """Remember a failure and write it to the log file, if that can be written."""
        try:
            self.failures += 1
            self.last = "".join(traceback.format_exception_only(error)).strip()
            text = _scrubbed("".join(traceback.format_exception(error)))
            descriptor = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | getattr(os, "O_NOFOLLOW", 0), 0o600)
            with os.fdopen(descriptor, "a", encoding="utf-8", errors="replace") as file:
                if file.tell() < _MAX_LOG:
                    file.write(f"{time.strftime('%Y-%m-%dT%H:%M:%S')}\n{text}\n")
        except BaseException:  # noqa: BLE001, S110 - there is nobody left to tell
            pass


def _scrubbed(text: str) -> str:
    """Return what is written to the log without secrets: an error may quote what it stumbled over."""
    from mvlake.lake.guard import scrubbed  # where nothing goes wrong, nobody needs it

    return scrubbed(text, os.environ)
