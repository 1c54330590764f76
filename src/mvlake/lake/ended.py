"""Ended: a process that is told to end, by a signal that would end it at once, puts its things away first."""

import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

_SIGNALS = tuple(signal.Signals[name] for name in ("SIGTERM", "SIGHUP") if name in signal.Signals.__members__)


@contextmanager
def ending_tidily() -> Iterator[None]:
    """Let SIGTERM and SIGHUP raise SystemExit meanwhile, where nobody else hears them and this is the main thread."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    taken = [one for one in _SIGNALS if signal.getsignal(one) is signal.SIG_DFL]
    for one in taken:
        signal.signal(one, _leave)
    try:
        yield
    finally:
        for one in taken:
            if signal.getsignal(one) is _leave:
                signal.signal(one, signal.SIG_DFL)


def _leave(number: int, _: FrameType | None) -> None:
    for one in _SIGNALS:  # once is enough: the second one does not cut short what the first one began
        if signal.getsignal(one) is _leave:
            signal.signal(one, signal.SIG_IGN)
    sys.exit(128 + number)
