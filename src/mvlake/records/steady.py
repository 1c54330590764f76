"""Steady: what the kernel of an experiment holds fixed that else differs from run to run."""

from dataclasses import dataclass
from enum import StrEnum

from mvlake.records.sparse import sparse


class Turns(StrEnum):
    """In which order threads get to work: both are orders that they may have come in anyway."""

    FIRST = "first come first"
    LAST = "last come first"


@dataclass(frozen=True, slots=True)
class Steady:
    """What cells are told. `clock` is the moment at which their clock begins, in seconds since 1970; it goes on with each question.

    `entropy` stands for what the operating system draws, folders list their files sorted or `backwards`, threads take `turns`, and
    there are `cpus` processors (0: those that there are).
    """

    clock: float
    entropy: int
    backwards: bool
    turns: Turns
    cpus: int = sparse(0)
