"""Hint: what may keep a version from reproducing, said before it matters."""

from dataclasses import dataclass
from enum import StrEnum


class HintCode(StrEnum):
    """What kind of thing it is. Append-only."""

    UNSEEDED_RANDOMNESS = "unseeded-randomness"  # numbers were drawn from a generator that nobody seeded
    HIDDEN_STATE = "hidden-state"  # the notebook, run from top to bottom, is not what ran
    NETWORK_INPUT = "network-input"  # something was read from the network
    OUTSIDE_INPUT = "outside-input"  # something was read that the lake does not hold
    DIRTY_MODULE = "dirty-module"  # imported code that no commit holds
    TIME_DEPENDENT = "time-dependent"  # the clock's answer went into the result
    UNORDERED_THREADS = "unordered-threads"  # threads add up numbers in an order that is not fixed


@dataclass(frozen=True, slots=True)
class Hint:
    """One hint: a sentence without a full stop, the names that it is about, and the cells (places in `Version.cells`, from 1)."""

    code: HintCode
    text: str
    names: tuple[str, ...] = ()
    cells: tuple[int, ...] = ()
