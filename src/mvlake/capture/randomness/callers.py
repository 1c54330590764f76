"""Callers: whether the call that makes NumPy ask for entropy gives a seed. It is read off the text of that very call."""

import linecache
from itertools import islice
from types import CodeType, FrameType

_SEEDED = "RandomState"  # takes its seed only after it has asked
_MOST_LINES = 4
_NOTHING = ("", "None", "seed=None")


class Callers:
    """What the places in code that were met have been found to do, so that a forest of a thousand trees looks once."""

    def __init__(self) -> None:
        self._known: dict[tuple[CodeType, int], bool] = {}

    def gives_a_seed(self, frame: FrameType) -> bool:
        """True when the call under way in a frame surely is `RandomState` with a seed."""
        place = (frame.f_code, frame.f_lasti)
        if place not in self._known:
            self._known[place] = _gives_a_seed(*place)
        return self._known[place]

    def forget(self) -> None:
        """Let go of all code."""
        self._known = {}


def _gives_a_seed(code: CodeType, instruction: int) -> bool:
    callee, _, arguments = _text_of(code, instruction).partition("(")
    return callee.rstrip().rpartition(".")[2] == _SEEDED and arguments.partition(")")[0].strip() not in _NOTHING


def _text_of(code: CodeType, instruction: int) -> str:
    """Return the text of the expression that an instruction belongs to, "" where it is not known."""
    first, last, start, end = next(islice(code.co_positions(), instruction // 2, None), (None, None, None, None))
    if first is None or last is None or start is None or end is None:
        return ""
    # Without a module's globals no loader is asked: only files, and the cells that IPython has put there.
    lines = [linecache.getline(code.co_filename, number).encode() for number in range(first, min(last, first + _MOST_LINES) + 1)]
    if last - first < _MOST_LINES:
        lines[-1] = lines[-1][:end]
    lines[0] = lines[0][start:]
    return b"".join(lines).decode(errors="replace")
