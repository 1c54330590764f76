"""Clock: the time as it is, whatever the user's tests have made of `time` and `datetime`.

Libraries that stop time replace its functions wherever modules hold them. They are held here by a class, where nobody looks.
"""

import time
from datetime import UTC, datetime
from typing import Any


class _Held:
    """The functions, as they were when this was imported: with the extension, before any cell that could stop time."""

    now: Any = staticmethod(datetime.now)
    wall: Any = staticmethod(time.time)
    steady: Any = staticmethod(time.perf_counter)
    utc = UTC


def now() -> datetime:
    """Return the moment, in UTC."""
    moment: datetime = _Held.now(_Held.utc)
    return moment


def wall() -> float:
    """Return the seconds since 1970, as files have them."""
    return float(_Held.wall())


def steady() -> float:
    """Return seconds of a clock that nobody sets, for durations."""
    return float(_Held.steady())
