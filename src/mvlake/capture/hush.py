"""Hush: warnings of our own threads are not shown in the user's cells. All threads share one `warnings.showwarning`."""

import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

_OURS = "mvlake"  # what the names of our threads begin with


def is_ours(thread: threading.Thread) -> bool:
    """True for a thread that we started."""
    return thread.name.startswith(_OURS)


class Hush:
    """Stands in for `warnings.showwarning` while something is written, and shows what other threads warn of as it would."""

    def __init__(self) -> None:
        self._found: Any = None
        self._lock = threading.Lock()
        self._count = 0

    def show(self, *args: Any, **kwargs: Any) -> None:
        """Show a warning, unless one of our threads gives it."""
        if self._found is not None and not is_ours(threading.current_thread()):
            self._found(*args, **kwargs)

    @contextmanager
    def here(self) -> Iterator[None]:
        """Stand in as long as the block runs; blocks may overlap."""
        with self._lock:
            self._count += 1
            # What a guard puts there for a moment is not what is to be shown with: the guard brings back what it found.
            if warnings.showwarning is not _SHOW and warnings.showwarning is not unseen:
                self._found, warnings.showwarning = warnings.showwarning, _SHOW
        try:
            yield
        finally:
            with self._lock:
                self._count -= 1
                warnings.showwarning = self.after(warnings.showwarning)

    def after(self, shown: Any) -> Any:
        """Return what is to be restored where `shown` was found: what we stood in for, when nothing is written any more."""
        return self._found if shown is _SHOW and not self._count and self._found is not None else shown


def unseen(*_: object, **__: object) -> None:
    """Show no warning: it would land in the cell's output."""


_HUSH = Hush()
_SHOW: Any = _HUSH.show  # one object: a bound method is another one at each look
here = _HUSH.here
after = _HUSH.after
