"""Hints: what may keep a version from reproducing, found when its cell has ended and said in one line.

To add one: write a function that takes a `Situation` and returns a `Hint` or None, in a file of its own, and put it into
`_FINDERS` below, the gravest first, for the card has room for the first alone. A new `HintCode` (`records/hint.py`, append-only)
also needs its word under "Enumerations" in the format's specification. A finder looks at texts, facts and records and runs none
of the user's code; it costs a microsecond where it has nothing to say. A false alarm is worse than silence: say what is surely so.
"""

from collections.abc import Callable

from mvlake.capture.clock_use import time_dependent
from mvlake.capture.dirty_module import dirty_module
from mvlake.capture.hidden_state import hidden_state
from mvlake.capture.situation import Situation
from mvlake.capture.unordered import unordered_threads
from mvlake.capture.unseeded import unseeded_randomness
from mvlake.records.hint import Hint

_FINDERS: tuple[Callable[[Situation], Hint | None], ...] = (
    hidden_state,
    dirty_module,
    unseeded_randomness,
    time_dependent,
    unordered_threads,
)


def hints_of(situation: Situation) -> tuple[Hint, ...]:
    """Return what there is to hint at."""
    return tuple(hint for find in _FINDERS if (hint := find(situation)) is not None)
