"""Ending: how long a process that ends still waits for a place that does not answer.

While there are answers, everything is written to the end. What was sent when it is given up may or may not have been written, as
after any reply that is lost: objects come before the record that names them, so a version is there whole or not at all.
"""

import contextlib
import functools
import threading
import time

GRACE = 60.0
"""Seconds after the last answer."""

_began: list[float] = []
_heard: list[float] = [0.0]


def begin() -> None:
    """Say that the process is ending."""
    if not _began:
        _began.append(time.monotonic())


def hear() -> None:
    """Say that there was an answer."""
    _heard[0] = time.monotonic()


def is_over() -> bool:
    """True when the process is ending and there has been no answer for too long."""
    return bool(_began) and time.monotonic() - max(_began[0], _heard[0]) > GRACE


@functools.cache
def notice() -> None:
    """See to it that the end of this process is noticed before Python waits for threads."""
    register = getattr(threading, "_register_atexit", None)
    if register is not None:
        with contextlib.suppress(RuntimeError):  # it is ending already
            register(begin)
