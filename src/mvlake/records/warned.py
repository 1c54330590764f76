"""Warned: what a cell was warned of."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Warned:
    """A warning that was shown: its class, its text, and where: `this cell`, `In [3]`, a file; `times` when it came again."""

    category: str
    message: str
    place: str
    line: int
    times: int = 1
