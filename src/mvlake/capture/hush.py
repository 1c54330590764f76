"""Hush: warnings of our own are not shown in the user's cells, those of hooks and of our threads alike.

All threads show warnings through one function of Python's, which nobody replaces or looks at: while something of ours runs, it is
tapped, and passes over what comes from a thread that is ours. `warnings.showwarning` is the user's to replace, and stays untouched.
"""

import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from mvlake.capture.tap import Tap

SHOW = "_showwarnmsg"
"""Where CPython's own code for warnings, in C and in Python, sends every one that passes the filters."""
_OURS = "mvlake"  # what the names of our threads begin with


class Hush:
    """Taps the function as long as something of ours runs. Blocks may overlap, and end in any order."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._count = 0
        self._tap: Tap | None = None
        self._aside: dict[int, int] = {}  # threads of the user's that run our code now, and how deeply

    def is_hushed(self) -> bool:
        """True while what this thread warns of is our own. Looking at the table of threads makes none for a stranger's."""
        ident = threading.get_ident()
        thread = threading._active.get(ident)  # type: ignore[attr-defined]  # noqa: SLF001
        return ident in self._aside or (thread is not None and thread._name.startswith(_OURS))  # noqa: SLF001

    @contextmanager
    def here(self) -> Iterator[None]:
        """Pass over what our threads warn of, as long as the block runs."""
        with self._lock:
            self._count += 1
            if self._tap is None:
                with suppress(Exception):  # a Python that shows warnings in another way
                    self._tap = Tap(warnings, SHOW, unless=self.is_hushed)
        try:
            yield
        finally:
            with self._lock:
                self._count -= 1
                if not self._count and self._tap is not None:
                    self._tap.stop()
                    self._tap = None

    @contextmanager
    def aside(self) -> Iterator[None]:
        """Pass over what this thread warns of too: it is the user's, and runs a hook of ours."""
        ident = threading.get_ident()
        with self.here():
            self._aside[ident] = self._aside.get(ident, 0) + 1
            try:
                yield
            finally:
                self._aside[ident] -= 1
                if not self._aside[ident]:
                    del self._aside[ident]


_HUSH = Hush()
here, aside, is_hushed = _HUSH.here, _HUSH.aside, _HUSH.is_hushed
